//! `--fix` in projects that have nothing prepared for it: what the fixes call is written too, or nothing
//! is.

#[path = "common/command.rs"]
mod command;
#[cfg(unix)]
#[path = "common/git.rs"]
mod git;

use std::fs;
use std::path::Path;

use command::{run, tree};
use footgun_check::vendor::COPY;
#[cfg(unix)]
use git::repository;

const PROBE: &[u8] = b"import os\n\n\ndef alive(pid):\n    os.kill(pid, 0)\n";
const SHIM: &[u8] =
    b"fn main() {\n    std::process::Command::new(\"npm\").arg(\"ci\").status().unwrap();\n}\n";
const DAEMON: &[u8] = b"use std::process::Stdio;\n\nfn main() {\n    \
    let mut command = tokio::process::Command::new(\"daemon\");\n    \
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());\n    \
    #[cfg(windows)]\n    command.creation_flags(0x0000_0208);\n    command.spawn().unwrap();\n}\n";
const PACKAGE: &[u8] = b"[package]\nname = \"tray\"  # ours\n\n[dependencies]\n\
    anyhow = \"1\"\n# The last.\nserde = { version = \"1\" }\n\n[features]\n";

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

/// The output, in which the copy of the runtime is not told line by line.
fn shortened(output: &str) -> String {
    let added: String = COPY.lines().map(|line| format!("+{line}\n")).collect();
    output.replace(&added, "+(the whole of it)\n")
}

#[test]
fn a_python_project_gets_a_copy_of_the_runtime() {
    let relative = [b"from . import clean\n", PROBE].concat();
    let root = tree(&[
        ("src/app/__init__.py", b""),
        ("src/app/a.py", PROBE),
        ("src/app/clean.py", b"x = 1\n"),
        ("src/app/deep/__init__.py", b""),
        ("src/app/deep/b.py", &relative),
        ("tools/script.py", PROBE),
    ]);
    let shown = run(root.path(), &["--diff"]);
    insta::assert_snapshot!("python_diff", shortened(&shown));
    assert!(!root.path().join("src/app/_footgun_runtime.py").exists());
    insta::assert_snapshot!("python_fix", run(root.path(), &["--fix"]));
    for copy in ["src/app/_footgun_runtime.py", "tools/_footgun_runtime.py"] {
        assert!(text(root.path(), copy) == *COPY, "{copy}");
    }
    insta::assert_snapshot!("python_again", run(root.path(), &["--fix"]));
    // A copy is ours: nothing is found in it, whatever it says.
    let old = "# footgun_runtime 0.0.1. MIT.\nimport os\nos.kill(1, 0)\n";
    fs::write(root.path().join("tools/_footgun_runtime.py"), old).unwrap();
    insta::assert_snapshot!("python_copy", run(root.path(), &[]));
}

/// Why no copy is written, in words that tell what helps.
#[test]
fn a_file_that_could_not_import_a_copy() {
    let reason = |files: &[(&str, &[u8])]| {
        let root = tree(files);
        let output = run(root.path(), &["--fix"]);
        let because = output.lines().find(|line| line.contains("because "));
        because
            .unwrap_or_else(|| panic!("{output}"))
            .trim()
            .to_owned()
    };
    assert_eq!(
        reason(&[
            ("app/probe.py", PROBE),
            ("main.py", b"from app.probe import alive\n"),
        ]),
        "1 because its folder is imported as a package and has no `__init__.py`, so it is not known by \
         which name it could import a copy of footgun-runtime; `fix.runtime` says it"
    );
    assert_eq!(
        reason(&[
            ("footgun-check.toml", b"fix.vendor = false\n"),
            ("probe.py", PROBE),
        ]),
        "1 because the project does not depend on footgun-runtime, and `fix.vendor = false` forbids a \
         copy of it: `footgun-check --vendor-runtime python PATH` or `cargo add footgun-runtime` helps"
    );
    assert_eq!(
        reason(&[
            (
                "setup.py",
                b"from setuptools import setup\nsetup(py_modules=['probe'])\n"
            ),
            ("probe.py", PROBE),
        ]),
        "1 because its file is installed without what lies beside it, where a copy of footgun-runtime \
         would be; a dependency on footgun-runtime helps"
    );
}

/// A copy that git ignores would be missing from the next clone. Under Wine there is no git.
#[cfg(unix)]
#[test]
fn a_copy_that_git_ignores_is_told() {
    let root = repository(&[
        (".gitignore", "_*.py\n"),
        ("probe.py", str::from_utf8(PROBE).unwrap()),
    ]);
    let warning = "warning: git ignores _footgun_runtime.py: commit it with `git add --force \
                   _footgun_runtime.py`, or name another file in `fix.vendor`\n";
    assert!(run(root.path(), &["--diff"]).contains(warning));
    assert!(run(root.path(), &["--fix"]).contains(warning));
    fs::write(root.path().join(".gitignore"), "").unwrap();
    fs::write(root.path().join("probe.py"), PROBE).unwrap();
    fs::remove_file(root.path().join("_footgun_runtime.py")).unwrap();
    assert!(!run(root.path(), &["--fix"]).contains("git ignores"));
}

#[test]
fn a_rust_package_gets_a_dependency() {
    let root = tree(&[
        (
            "Cargo.toml",
            b"[workspace]\nmembers = [\"tray\", \"agent\"]\n",
        ),
        ("tray/Cargo.toml", PACKAGE),
        ("tray/src/main.rs", SHIM),
        ("agent/Cargo.toml", b"[package]\r\nname = \"agent\"\r\n"),
        ("agent/src/main.rs", DAEMON),
    ]);
    insta::assert_snapshot!("rust_diff", run(root.path(), &["--diff", "--unsafe-fixes"]));
    assert_eq!(text(root.path(), "tray/Cargo.toml").as_bytes(), PACKAGE);
    insta::assert_snapshot!("rust_fix", run(root.path(), &["--fix", "--unsafe-fixes"]));
    assert_eq!(
        text(root.path(), "tray/Cargo.toml"),
        "[package]\nname = \"tray\"  # ours\n\n[dependencies]\nanyhow = \"1\"\n\
         footgun-runtime = \"0.1\"\n# The last.\nserde = { version = \"1\" }\n\n[features]\n"
    );
    assert_eq!(
        text(root.path(), "agent/Cargo.toml"),
        "[package]\r\nname = \"agent\"\r\n\r\n[dependencies]\r\n\
         footgun-runtime = { version = \"0.1\", features = [\"tokio\"] }\r\n"
    );
    assert_eq!(
        text(root.path(), "Cargo.toml"),
        "[workspace]\nmembers = [\"tray\", \"agent\"]\n"
    );
}

#[test]
fn who_wants_nothing_written_is_told_what_else_helps() {
    let root = tree(&[
        ("footgun-check.toml", b"[fix]\nvendor = false\n"),
        ("app/__init__.py", b""),
        ("app/a.py", PROBE),
        ("Cargo.toml", PACKAGE),
        ("src/main.rs", SHIM),
    ]);
    for format in ["full", "concise", "grouped"] {
        let output = run(root.path(), &["--fix", "--output-format", format]);
        insta::assert_snapshot!(format!("nothing_{format}"), output);
    }
    assert_eq!(text(root.path(), "app/a.py").as_bytes(), PROBE);
    assert_eq!(text(root.path(), "Cargo.toml").as_bytes(), PACKAGE);
    assert!(!root.path().join("app/_footgun_runtime.py").exists());
}

#[cfg(unix)]
#[test]
fn all_of_a_fix_is_written_or_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let files: [(&str, &[u8]); 4] = [
        ("app/__init__.py", b""),
        ("app/a.py", PROBE),
        ("Cargo.toml", PACKAGE),
        ("src/main.rs", SHIM),
    ];
    let fixed_with = |read_only: &[&str]| {
        let root = tree(&files);
        for path in read_only {
            let mode = fs::Permissions::from_mode(0o444);
            fs::set_permissions(root.path().join(path), mode).unwrap();
        }
        let output = run(root.path(), &["--fix", "--output-format", "concise"]);
        let is_there = root.path().join("app/_footgun_runtime.py").exists();
        let has_dependency = text(root.path(), "Cargo.toml").as_bytes() != PACKAGE;
        let is_fixed = text(root.path(), "src/main.rs").as_bytes() != SHIM;
        (output, [is_there, has_dependency, is_fixed])
    };
    // A file that cannot be changed needs nothing.
    let (output, done) = fixed_with(&["app/a.py", "src/main.rs"]);
    insta::assert_snapshot!("read_only_sources", output);
    assert_eq!(done, [false, false, false]);
    // What it needs cannot be changed.
    let (output, done) = fixed_with(&["Cargo.toml"]);
    insta::assert_snapshot!("read_only_manifest", output);
    assert_eq!(done, [true, false, false]);
}
