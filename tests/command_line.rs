//! What users of other tools try on the command line: commands, keys, reasons, an audit, a verdict.

#[path = "common/command.rs"]
mod command;

use std::fs;
use std::path::Path;

use command::{command, run, tree};

const PROBE: &[u8] = b"import os\n\n\ndef alive(pid):\n    os.kill(pid, 0)\n";
const DETACHED: &[u8] = b"import subprocess\n\n\ndef start(command):\n    \
                          subprocess.Popen(command, creationflags=0x8)\n";

/// Where and how bad, of each finding.
fn found(root: &Path, args: &[&str]) -> Vec<String> {
    let format = ["--output-format", "concise"];
    let output = command(root, &[&format[..], args].concat())
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let place = |line: &str| line.splitn(5, ':').take(4).collect::<Vec<_>>().join(":");
    lines.lines().map(place).collect()
}

#[test]
fn keys_count_before_the_file_and_a_file_before_those_found() {
    let root = tree(&[
        ("footgun-check.toml", b"ignore = ['pid-probe']\n"),
        (
            "ci.toml",
            b"extend-exclude = ['gen']\n[severity]\npid-probe = 'note'\n",
        ),
        ("a.py", PROBE),
        ("gen/b.py", PROBE),
    ]);
    let root = root.path();
    assert_eq!(found(root, &[]), [""; 0]);
    assert_eq!(
        found(root, &["--config", "ignore = []"]),
        ["a.py:5:18: error", "gen/b.py:5:18: error"]
    );
    assert_eq!(found(root, &["--config", "ci.toml"]), ["a.py:5:18: note"]);
    let both = [
        "--config",
        "ci.toml",
        "--config",
        "severity.processes = 'error'",
    ];
    assert_eq!(found(root, &both), ["a.py:5:18: note"]);
    let both = [
        "--config",
        "ci.toml",
        "--config",
        "severity.pid-probe = 'warning'",
    ];
    assert_eq!(found(root, &both), ["a.py:5:18: warning"]);
    let output = command(root, &["--output-format", "concise"])
        .env("FOOTGUN_CHECK_CONFIG", "ignore = ['ALL']")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!("keys_misspelt", run(root, &["--config", "selct = []"]));
    insta::assert_snapshot!("config_missing", run(root, &["--config", "nope.toml"]));
}

#[test]
fn a_file_extends_others() {
    let root = tree(&[
        (
            "base.toml",
            b"extend-shims = ['a.cmd']\nignore = ['mp-fork']\n[fix]\nstyle = 'inline'\n",
        ),
        (
            "pyproject.toml",
            b"[tool.footgun-check]\nextend = 'base.toml'\nextend-shims = ['b.cmd']\nignore = []\n",
        ),
        ("sub/footgun-check.toml", b"extend = '../pyproject.toml'\n"),
        (
            "round/footgun-check.toml",
            b"extend = 'footgun-check.toml'\n",
        ),
        ("lost/footgun-check.toml", b"\nextend = 'nope.toml'\n"),
        ("wrong/base.toml", b"selct = []\n"),
        ("wrong/footgun-check.toml", b"extend = 'base.toml'\n"),
        ("empty/pyproject.toml", b"[project]\n"),
        ("empty/footgun-check.toml", b"extend = 'pyproject.toml'\n"),
    ]);
    let shown = |folder: &str| run(&root.path().join(folder), &["--show-settings"]);
    insta::assert_snapshot!("extended", shown("sub"));
    insta::assert_snapshot!("extended_in_a_circle", shown("round"));
    insta::assert_snapshot!("extended_and_missing", shown("lost"));
    insta::assert_snapshot!("extended_and_wrong", shown("wrong"));
    insta::assert_snapshot!("extended_without_a_table", shown("empty"));
}

#[test]
fn severities_are_configured_and_the_least_runs() {
    let root = tree(&[
        (
            "footgun-check.toml",
            b"[severity]\nprocesses = 'note'\nno-breakaway = 'error'\n",
        ),
        ("a.py", DETACHED),
        ("b.py", PROBE),
    ]);
    let root = root.path();
    let both = ["a.py:5:31: error", "b.py:5:18: note"];
    assert_eq!(found(root, &[]), both);
    assert_eq!(found(root, &["--min-severity", "note"]), both);
    assert_eq!(found(root, &["--min-severity", "warning"]), both[..1]);
    assert_eq!(
        found(root, &["--config", "min-severity = 'error'"]),
        both[..1]
    );
    let output = command(root, &[])
        .env("FOOTGUN_CHECK_MIN_SEVERITY", "error")
        .env("FOOTGUN_CHECK_OUTPUT_FORMAT", "concise")
        .output()
        .unwrap();
    assert!(output.stdout.starts_with(b"a.py:5:31: error: "));
    assert!(!String::from_utf8(output.stdout).unwrap().contains("b.py"));
}

#[test]
fn an_audit_hears_no_comments() {
    let root = tree(&[(
        "a.py",
        b"import os\n\nos.kill(1, 0)  # footgun: ignore[pid-probe] Linux only\n\
          x = 1  # footgun: ignore[pid-probe] nothing here\n",
    )]);
    assert_eq!(found(root.path(), &[]), ["a.py:4:26: warning"]);
    assert_eq!(
        found(root.path(), &["--ignore-ignores"]),
        ["a.py:3:12: error"]
    );
}

#[test]
fn ignore_comments_are_given_a_reason() {
    let root = tree(&[("a.py", PROBE)]);
    run(root.path(), &["--add-ignores=runs in a container"]);
    assert_eq!(
        fs::read_to_string(root.path().join("a.py")).unwrap(),
        "import os\n\n\ndef alive(pid):\n    \
         # footgun: ignore[pid-probe] runs in a container\n    os.kill(pid, 0)\n"
    );
    let root = tree(&[("a.py", PROBE)]);
    let output = command(root.path(), &["--add-ignores=one\ntwo"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("a reason is one line"), "{said}");
    assert_eq!(fs::read(root.path().join("a.py")).unwrap(), PROBE);
    let output = command(root.path(), &["--add-ignores", "a.py"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = fs::read_to_string(root.path().join("a.py")).unwrap();
    assert!(text.contains("ignore[pid-probe] TODO: "), "{text}");
}

#[test]
fn a_verdict_is_one_line() {
    let root = tree(&[
        ("both/a.py", PROBE),
        ("both/b.py", DETACHED),
        ("sometimes/b.py", DETACHED),
        (
            "clean/a.py",
            b"x = 1  # footgun: ignore[pid-probe] nothing here\n",
        ),
        ("broken/a.py", b"import os\nos.kill(1, 0\n"),
        ("known/a.py", PROBE),
        ("known/footgun-check.toml", b"baseline = 'known.json'\n"),
    ]);
    run(&root.path().join("known"), &["--write-baseline"]);
    let verdict = |folder: &str| run(&root.path().join(folder), &["--verdict"]);
    for (folder, status, said) in [
        ("both", 1, "no, 1 reason"),
        ("sometimes", 1, "not always, 1 reason"),
        ("known", 1, "no, 1 reason"),
    ] {
        assert_eq!(
            verdict(folder),
            format!(
                "$ footgun-check --verdict\nstatus: {status}\n--- stdout\nruns on Windows: {said}\n\
                 --- stderr\n"
            )
        );
    }
    // A comment too many is no reason.
    assert!(verdict("clean").contains("status: 0\n--- stdout\nruns on Windows: nothing found"));
    assert!(verdict("broken").contains("; 1 file not understood\n"));
}

#[test]
fn a_command_of_other_tools_is_understood() {
    let root = tree(&[("a.py", PROBE)]);
    let stdout = |args: &[&str]| command(root.path(), args).output().unwrap().stdout;
    assert_eq!(stdout(&["check"]), stdout(&[]));
    assert_eq!(
        stdout(&["explain", "pid-probe"]),
        stdout(&["--explain", "pid-probe"])
    );
    assert_eq!(stdout(&["help"]), stdout(&["--help"]));
    insta::assert_snapshot!("an_option_without_dashes", run(root.path(), &["fix"]));
}

/// What the environment says is no part of a command line that asks for something else.
#[test]
fn the_environment_does_not_stand_in_the_way() {
    let root = tree(&[]);
    for args in [
        ["--man"].as_slice(),
        &["--completions", "bash"],
        &["--rules"],
        &["--verdict"],
    ] {
        let output = command(root.path(), args)
            .env("FOOTGUN_CHECK_JOBS", "1")
            .env("FOOTGUN_CHECK_OUTPUT_FORMAT", "json")
            .env("FOOTGUN_CHECK_TARGET_PYTHON", "3.9")
            .env("FOOTGUN_CHECK_MIN_SEVERITY", "error")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}
