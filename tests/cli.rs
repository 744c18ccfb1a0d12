//! The command from outside: whole outputs and the exit status.

#[path = "common/command.rs"]
mod command;

use std::fs;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use command::{command, run, tree};

#[test]
fn a_clean_tree() {
    let root = tree(&[
        ("pkg/__init__.py", b""),
        ("pkg/stub.pyi", b"def f() -> int: ...\n"),
        ("src/main.rs", b"fn main() {}\n"),
        ("node_modules/x/setup.py", b"\xff"),
        ("notes.txt", b"\xff"),
    ]);
    insta::assert_snapshot!(run(root.path(), &[]));
    insta::assert_snapshot!(run(
        root.path(),
        &["--output-format", "json", "--isolated", "src"]
    ));
}

/// What a run selects, ignores and forgives.
#[test]
fn selection_and_status() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo");
    insta::assert_snapshot!(run(
        &demo,
        &["--output-format", "concise", "--select", "pid-probe"]
    ));
    insta::assert_snapshot!(run(
        &demo,
        &[
            "--output-format",
            "concise",
            "--ignore",
            "processes",
            "--exit-zero"
        ]
    ));
}

/// What does not parse is told wherever it stands, and fixes beside it are made.
#[test]
fn a_syntax_error_in_a_function() {
    let broken = "import os\n\n\ndef f():\n    x = = 3\n\n\ndef probe(pid):\n    os.kill(pid, 0)\n";
    let root = tree(&[
        ("a.py", broken.as_bytes()),
        ("requirements.txt", b"footgun-runtime\n"),
        ("unchecked.py", b"def f():\n    x = = 3\n"),
    ]);
    let concise = ["--output-format", "concise"];
    insta::assert_snapshot!(run(root.path(), &concise));
    insta::assert_snapshot!(run(root.path(), &[&concise[..], &["--fix"]].concat()));
    let fixed = fs::read_to_string(root.path().join("a.py")).unwrap();
    assert_eq!(
        fixed,
        broken
            .replace(
                "import os\n",
                "import os\n\nfrom footgun_runtime import probe_pid\n"
            )
            .replace("os.kill(pid, 0)", "probe_pid(pid)")
    );
}

/// Markers that name no rule are looked at only on request, and then against every rule.
#[test]
fn unused_markers_on_request() {
    let root = tree(&[(
        "a.py",
        b"import os\n\n\ndef probe(pid):\n    os.kill(pid, 0)  # windows-footgun: ok - used\n    \
          os.kill(pid, 9)  # windows-footgun: ok - unused\n",
    )]);
    let concise = ["--output-format", "concise"];
    insta::assert_snapshot!(run(root.path(), &concise));
    insta::assert_snapshot!(run(
        root.path(),
        &[&concise[..], &["--select", "unused-ignore"]].concat()
    ));
}

/// The runtime is written and brought up to date where it is ours, and nothing else is overwritten.
#[test]
fn the_runtime_in_a_project() {
    let copy = &*footgun_check::vendor::COPY;
    let old =
        "# footgun_runtime 0.0.9. MIT.\nimport os\n\n\ndef probe(pid):\n    os.kill(pid, 0)\n";
    let newer = "# footgun_runtime 9.0.0. MIT.\n";
    let windows = copy.replace('\n', "\r\n");
    let root = tree(&[
        ("pkg/__init__.py", b""),
        ("old.py", old.as_bytes()),
        ("newer.py", newer.as_bytes()),
        ("windows.py", windows.as_bytes()),
        ("other.py", b"import footgun_runtime\n"),
    ]);
    let vendored = |path| run(root.path(), &["--vendor-runtime", "python", path]);
    let runs = [
        run(root.path(), &[]),
        vendored("pkg"),
        vendored("pkg"),
        vendored("old.py"),
        vendored("new.py"),
        vendored("newer.py"),
        vendored("windows.py"),
        vendored("other.py"),
        vendored("none/new.py"),
        run(root.path(), &["--vendor-runtime", "rust", "new.rs"]),
        run(root.path(), &[]),
    ];
    insta::assert_snapshot!(runs.join("\n"));
    let text = |path| fs::read_to_string(root.path().join(path)).unwrap();
    for path in ["pkg/footgun_runtime.py", "old.py", "new.py"] {
        assert!(text(path) == *copy, "{path}");
    }
    assert_eq!(text("newer.py"), newer);
    assert!(text("windows.py") == windows);
    assert_eq!(text("other.py"), "import footgun_runtime\n");
}

#[test]
fn encodings_and_line_endings() {
    let root = tree(&[
        ("bom.py", b"\xef\xbb\xbfimport os\n"),
        ("cookie.py", b"# coding: latin-1\nname = '\xe9'\n"),
        ("cr.py", b"import os\rimport sys\r"),
        ("crlf.rs", b"fn main() {\r\n}\r\n"),
        ("empty.py", b""),
        ("latin.py", b"import os\nname = '\xe9'\n"),
        ("latin.rs", b"// \xe9\n"),
        ("unknown.py", b"# coding: klingon\nname = '\xe9'\n"),
        ("wide.py", b"\xff\xfei\0m\0"),
    ]);
    insta::assert_snapshot!(run(root.path(), &["."]));
    assert_eq!(
        run(root.path(), &["--jobs", "1"])
            .split_once('\n')
            .unwrap()
            .1,
        run(root.path(), &["--jobs", "7"])
            .split_once('\n')
            .unwrap()
            .1,
    );
}

#[test]
fn a_missing_path_is_an_error_and_the_rest_is_checked() {
    let root = tree(&[("a.py", b""), ("b.py", b"")]);
    insta::assert_snapshot!(run(root.path(), &["a.py", "nowhere", "./a.py", "b.py"]));
    assert!(run(root.path(), &["--exit-zero", "nowhere"]).contains("status: 2"));
}

#[test]
fn files_by_name() {
    let root = tree(&[
        ("notes.txt", b"text\n"),
        ("script", b"#!/usr/bin/env python3\n"),
        ("stub.pyi", b""),
        ("node_modules/a.py", b""),
        ("--jobs", b"#!/usr/bin/python\n"),
    ]);
    let args = [
        "--",
        "notes.txt",
        "script",
        "stub.pyi",
        "node_modules/a.py",
        "--jobs",
    ];
    insta::assert_snapshot!(run(root.path(), &args));
}

#[test]
fn gitignore() {
    let root = tree(&[(".gitignore", b"gen/\n"), ("gen/a.py", b""), ("b.py", b"")]);
    let summary = |args: &[&str]| run(root.path(), args).lines().last().unwrap().to_owned();
    let scanned = |count| format!("{count} scanned, 0 skipped, 0 unparsable; no findings");
    assert_eq!(summary(&[]), scanned("1 file"));
    assert_eq!(summary(&["--no-respect-gitignore"]), scanned("2 files"));
    assert_eq!(summary(&["gen"]), scanned("1 file"));
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let root = tree(&[("a.py", b""), ("secret.py", b""), ("shut/b.py", b"")]);
    let chmod = |path, mode| {
        fs::set_permissions(root.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    chmod("secret.py", 0o000);
    chmod("shut", 0o000);
    // The superuser may read everything.
    let denied = fs::read(root.path().join("secret.py")).is_err();
    let output = run(root.path(), &["."]);
    chmod("shut", 0o700);
    if denied {
        assert_eq!(
            output,
            "$ footgun-check .\nstatus: 2\n--- stdout\n--- stderr\n\
             error: secret.py: permission denied; not checked\n\
             error: shut: permission denied; not checked\n\
             1 file scanned, 2 skipped, 0 unparsable; no findings\n"
        );
    }
}

#[test]
fn the_rules_and_their_pages() {
    let root = tree(&[]);
    insta::assert_snapshot!(run(root.path(), &["--rules"]));
    insta::assert_snapshot!(
        "the_page_of_a_rule",
        run(root.path(), &["--explain", "unused-ignore"])
    );
}

/// What `--why` says of the row of the project `fixtures/why` in which some words first stand.
fn why(path: &str, words: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/why");
    let text = fs::read_to_string(root.join(path)).unwrap();
    let row = text.lines().position(|line| line.contains(words)).unwrap() + 1;
    run(&root, &["--why", &format!("{path}:{row}")])
}

#[test]
fn why_a_call_is_a_finding() {
    insta::assert_snapshot!(why("daemon/alive.py", "os.kill(pid, 0)  # anywhere"));
    insta::assert_snapshot!(why("daemon/start.py", "**detach_kwargs()"));
    insta::assert_snapshot!(why("daemon/start.py", "os.kill(int"));
    insta::assert_snapshot!(why("tray/src/main.rs", "command.spawn()"));
}

#[test]
fn why_a_call_is_none() {
    insta::assert_snapshot!(why("daemon/alive.py", "os.kill(pid, 0)  # guarded"));
    insta::assert_snapshot!(why("daemon/alive.py", "os.kill(pid, 0)  # POSIX callers"));
    insta::assert_snapshot!(why("daemon/alive.py", "os.kill(pid, 0) if"));
    insta::assert_snapshot!(why("daemon/start.py", "creationflags=flags"));
    insta::assert_snapshot!(why("daemon/start.py", "windows-footgun"));
}

#[test]
fn why_of_lines_without_calls() {
    insta::assert_snapshot!(why("daemon/flags.py", "DETACHED |"));
    insta::assert_snapshot!(why("daemon/flags.py", "start_new_session"));
    insta::assert_snapshot!(why("tray/src/main.rs", "process_group"));
    insta::assert_snapshot!(why("daemon/flags.py", "How a child"));
    let root = tree(&[
        (
            "a.py",
            b"class A:\n    @staticmethod\n    def f():\n        return 1\n        f()\n\n",
        ),
        ("b.py", b"def f(:\n    g()\n"),
    ]);
    let why = |line| run(root.path(), &["--why", line]);
    insta::assert_snapshot!(["a.py:3", "a.py:5", "a.py:6", "b.py:2"].map(why).concat());
}

/// A name that is read and called there raises once.
#[test]
fn why_of_a_call_of_a_name_that_windows_lacks() {
    let root = tree(&[(
        "a.py",
        b"import os\nif os.getuid():\n    pass\nelse:\n    os.getuid\n",
    )]);
    let why = |line| run(root.path(), &["--why", line]);
    insta::assert_snapshot!(
        "why_of_a_call_of_a_name_that_windows_lacks",
        ["a.py:2", "a.py:4"].map(why).concat()
    );
}

#[test]
fn why_of_a_position_as_reports_print_it() {
    let text = b"import os\n\nos.kill(1, 0); os.kill(2, 9)\n";
    let root = tree(&[
        ("pkg/gateway/run.py", text),
        ("pkg/__init__.py", b""),
        ("pkg/gateway/__init__.py", b""),
    ]);
    let why = |line| run(root.path(), &["--why", line]);
    insta::assert_snapshot!(
        [
            // Both calls, then each; the end of the path is enough.
            "pkg/gateway/run.py:3",
            "gateway/run.py:3:1",
            "run.py:3:25:",
            // No call stands there: the line is explained.
            "run.py:3:14",
            "run.py:4",
            "run.py:3:40",
            "__init__.py:1",
            "gateway/rum.py:1",
        ]
        .map(why)
        .join("\n")
    );
}

#[test]
fn why_of_what_cannot_be_told() {
    let root = tree(&[
        ("a.py", b"import os\n"),
        ("b.rs", b"fn main( {}\n"),
        ("d.py", b"def f(:\n    g()\n"),
    ]);
    insta::assert_snapshot!(run(root.path(), &["--why", "c.py:1"]));
    insta::assert_snapshot!(run(root.path(), &["--why", "a.py:2"]));
    insta::assert_snapshot!(run(root.path(), &["--why", "b.rs:1"]));
    insta::assert_snapshot!(run(root.path(), &["--why", "d.py:1"]));
    insta::assert_snapshot!(run(root.path(), &["--why", "a.py:1", "nowhere"]));
}

#[test]
fn help_and_version() {
    let root = tree(&[]);
    insta::assert_snapshot!(run(root.path(), &["--help"]));
    let version = concat!("footgun-check ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(
        run(root.path(), &["--version"]),
        format!("$ footgun-check --version\nstatus: 0\n--- stdout\n{version}--- stderr\n")
    );
}

#[test]
fn wrong_usage() {
    let root = tree(&[]);
    insta::assert_snapshot!(run(root.path(), &["--nonsense"]));
    insta::assert_snapshot!(run(root.path(), &["--select", "unused-ignor"]));
    insta::assert_snapshot!(run(root.path(), &["--output-format", "xml"]));
    insta::assert_snapshot!(run(root.path(), &["--jobs", "0"]));
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let root = tree(&[]);
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let output = command(root.path(), &["--explain", "unused-ignore"])
        .stdout(writer)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let root = tree(&[]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = command(root.path(), &["--output-format", "json"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error: standard output: "), "{stderr}");
}

/// A program in Python and one in Rust, with a finding each.
const PROBE: &[u8] = b"import os\n\n\ndef probe(pid):\n    os.kill(pid, 0)\n";
const START: &[u8] = b"use std::process::Command;\r\n\r\nfn main() {\r\n    \
    Command::new(\"npm\")\r\n        .arg(\"ci\")\r\n        .status()\r\n        .unwrap();\r\n}\r\n";

#[test]
fn ignore_comments_are_written_once() {
    let root = tree(&[
        ("probe.py", PROBE),
        ("src/main.rs", START),
        (
            "latin.py",
            b"# coding: latin-1\nimport os\nos.kill(1, 0)  # \xe9",
        ),
    ]);
    insta::assert_snapshot!(run(root.path(), &["--add-ignores"]));
    let read = |path| fs::read(root.path().join(path)).unwrap();
    let texts = ["probe.py", "src/main.rs", "latin.py"].map(read);
    insta::assert_snapshot!(
        texts
            .each_ref()
            .map(|text| text.escape_ascii().to_string())
            .join("\n")
    );
    insta::assert_snapshot!(run(root.path(), &["--add-ignores"]));
    assert_eq!(["probe.py", "src/main.rs", "latin.py"].map(read), texts);
}

/// A program with one of each mistake that can be repaired.
const AGENT: &[u8] = include_bytes!("../fixtures/fix/agent.py");

#[test]
fn fixes_are_shown_then_made_and_nothing_is_left() {
    let dependency: &[u8] = b"footgun-runtime\n";
    let root = tree(&[("agent.py", AGENT), ("requirements.txt", dependency)]);
    insta::assert_snapshot!(run(root.path(), &["--diff", "--unsafe-fixes"]));
    assert_eq!(fs::read(root.path().join("agent.py")).unwrap(), AGENT);
    insta::assert_snapshot!(run(
        root.path(),
        &["--fix", "--unsafe-fixes", "--exit-non-zero-on-fix"]
    ));
    let fixed = fs::read(root.path().join("agent.py")).unwrap();
    insta::assert_snapshot!(run(root.path(), &["--fix", "--unsafe-fixes"]));
    assert_eq!(fs::read(root.path().join("agent.py")).unwrap(), fixed);
}

#[test]
fn fixes_call_what_the_configuration_names() {
    let config: &[u8] = b"[fix]\nruntime = 'app._winproc'\nprobe-pid = 'app.status:ask'\n";
    let root = tree(&[("agent.py", AGENT), ("footgun-check.toml", config)]);
    let shown = run(root.path(), &["--diff"]);
    assert!(shown.contains("+from app._winproc import"), "{shown}");
    assert!(shown.contains("+        ask(pid)"), "{shown}");
    let wrong: &[u8] = b"[fix]\nruntme = 'app'\n";
    let root = tree(&[("agent.py", AGENT), ("footgun-check.toml", wrong)]);
    insta::assert_snapshot!(run(root.path(), &["--diff"]));
}

#[test]
fn without_a_runtime_the_configuration_names_other_ways() {
    let text: &[u8] = b"import os\nimport subprocess\n\n\ndef alive(pid):\n    try:\n        \
        os.kill(pid, 0)\n    except ProcessLookupError:\n        return False\n    return True\n\n\n\
        def install(*rest):\n    subprocess.run([\"npm\", *rest])\n    \
        return alive(1) and os.kill(2, 0)\n";
    let config: &[u8] = b"[fix]\npid-exists = 'gateway.status:_pid_exists'\nstyle = 'inline'\n";
    let root = tree(&[("a.py", text), ("footgun-check.toml", config)]);
    insta::assert_snapshot!(run(root.path(), &["--diff"]));
    insta::assert_snapshot!(run(root.path(), &["--diff", "--unsafe-fixes"]));
    run(root.path(), &["--fix", "--unsafe-fixes"]);
    let fixed = fs::read(root.path().join("a.py")).unwrap();
    insta::assert_snapshot!(run(root.path(), &["--fix", "--unsafe-fixes"]));
    assert_eq!(fs::read(root.path().join("a.py")).unwrap(), fixed);
    let wrong: &[u8] = b"[fix]\nstyle = 'runtime'\npid-exists = '_pid_exists'\n";
    let root = tree(&[("a.py", text), ("footgun-check.toml", wrong)]);
    insta::assert_snapshot!(run(root.path(), &["--diff"]));
}

#[test]
fn the_copy_of_the_runtime_is_written_once() {
    let config: &[u8] = b"[fix]\nvendor = 'src/app/_winproc.py'\n";
    let files: [(&str, &[u8]); 5] = [
        ("src/app/__init__.py", b""),
        ("src/app/a.py", PROBE),
        ("src/app/deep/b.py", PROBE),
        ("src/app/clean.py", b"x = 1\n"),
        ("footgun-check.toml", config),
    ];
    let root = tree(&files);
    let copy = root.path().join("src/app/_winproc.py");
    let runtime = &*footgun_check::vendor::COPY;
    let shown = run(root.path(), &["--diff"]);
    let added = format!("@@ -0,0 +1,{} @@\n", runtime.lines().count());
    assert!(shown.contains(&format!("--- /dev/null\n+++ src/app/_winproc.py\n{added}")));
    assert!(shown.contains("+from app._winproc import probe_pid\n"));
    assert!(!copy.exists());
    run(root.path(), &["--add-ignores", "--select", "bare-shim"]);
    assert!(!copy.exists(), "nothing imports it");
    insta::assert_snapshot!(run(root.path(), &["--fix"]));
    assert_eq!(fs::read_to_string(&copy).unwrap(), *runtime);
    let own = runtime.replacen("\n", "\n# Ours.\n", 1);
    fs::write(&copy, &own).unwrap();
    fs::write(root.path().join("src/app/a.py"), PROBE).unwrap();
    run(root.path(), &["--fix"]);
    assert_eq!(fs::read_to_string(&copy).unwrap(), own);
    assert_ne!(fs::read(root.path().join("src/app/a.py")).unwrap(), PROBE);
}

#[test]
fn a_copy_that_cannot_be_written_is_not_imported() {
    let tree_with = |config: &str, more: &[(&str, &[u8])]| {
        let config = format!("[fix]\n{config}\n");
        let mut files: Vec<(&str, &[u8])> =
            vec![("a.py", PROBE), ("footgun-check.toml", config.as_bytes())];
        files.extend(more);
        tree(&files)
    };
    let missing = tree_with("vendor = 'no/where/_winproc.py'", &[]);
    insta::assert_snapshot!(run(
        missing.path(),
        &["--fix", "--output-format", "concise"]
    ));
    assert_eq!(fs::read(missing.path().join("a.py")).unwrap(), PROBE);
    let both = tree_with("vendor = 'w.py'\nruntime = 'w'", &[]);
    insta::assert_snapshot!(run(both.path(), &["--fix"]));
    let folder = tree_with("vendor = 'w'", &[]);
    insta::assert_snapshot!(run(folder.path(), &["--fix"]));
}

#[test]
fn nothing_to_fix_is_written_and_shown() {
    let config: &[u8] = b"[fix]\nvendor = false\n";
    let root = tree(&[("probe.py", PROBE), ("footgun-check.toml", config)]);
    insta::assert_snapshot!(run(root.path(), &["--fix", "--output-format", "concise"]));
    insta::assert_snapshot!(run(root.path(), &["--diff"]));
    assert_eq!(fs::read(root.path().join("probe.py")).unwrap(), PROBE);
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_left_and_reported() {
    use std::os::unix::fs::PermissionsExt;
    let root = tree(&[("a.py", PROBE), ("b.py", PROBE)]);
    let path = root.path().join("a.py");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    insta::assert_snapshot!(run(
        root.path(),
        &["--add-ignores", "--output-format", "concise"]
    ));
    assert_eq!(fs::read(path).unwrap(), PROBE);
    assert_ne!(fs::read(root.path().join("b.py")).unwrap(), PROBE);
}

/// A limit on the size of files stands for a disk that is full: the write fails half-way.
#[cfg(target_os = "linux")]
#[test]
fn where_the_disk_is_full_the_old_file_stands() {
    let large = [PROBE, &b"# ...............................\n".repeat(4000)].concat();
    let root = tree(&[("large.py", &large)]);
    let output = std::process::Command::new("sh")
        .arg("-c")
        .arg(
            "trap '' XFSZ; ulimit -f 64; \
             exec \"$0\" --add-ignores --output-format concise --color never",
        )
        .arg(env!("CARGO_BIN_EXE_footgun-check"))
        .current_dir(root.path())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        stderr,
        "error: large.py: File too large (os error 27); left as it was\n\
         1 file scanned, 0 skipped, 0 unparsable; 1 finding: 1 pid-probe\n\
         [*] 1 fixable with `--fix`\n"
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read(root.path().join("large.py")).unwrap(), large);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
}

/// The process is killed while it writes many files: right after it has begun, until enough of the kills
/// lie between the first file and the last.
#[test]
fn a_killed_fix_leaves_old_and_new_files() {
    const FILES: usize = 240;
    const ENOUGH: usize = 2;
    const MOST: u64 = 24;
    let dependency: (&str, &[u8]) = ("requirements.txt", b"footgun-runtime\n");
    let new = {
        let root = tree(&[("a.py", PROBE), dependency]);
        run(root.path(), &["--fix"]);
        fs::read(root.path().join("a.py")).unwrap()
    };
    assert_ne!(new, PROBE);
    let names: Vec<String> = (0..FILES).map(|index| format!("f{index}.py")).collect();
    let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), PROBE)).collect();
    files.push(dependency);
    let mut among = 0;
    for attempt in 1..=MOST {
        let root = tree(&files);
        let changed = || fs::metadata(root.path()).unwrap().modified().unwrap();
        let given = changed();
        let mut child = command(root.path(), &["--fix"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // A new text is written beside the old one first, which changes the folder. Looking at the
        // files themselves would keep Windows from replacing them.
        while changed() == given && child.try_wait().unwrap().is_none() {}
        // Of a few moments that differ, some lie between the first file and the last.
        std::thread::sleep(Duration::from_millis(1 << (attempt % 8)));
        let _ = child.kill();
        child.wait().unwrap();
        let texts = names
            .iter()
            .map(|name| fs::read(root.path().join(name)).unwrap());
        let done = texts
            .filter(|text| {
                assert!(text == PROBE || *text == new, "{}", text.escape_ascii());
                *text == new
            })
            .count();
        among += usize::from(0 < done && done < FILES);
        if among == ENOUGH {
            return;
        }
    }
    assert!(among > 0, "no run was killed among its writes");
}
