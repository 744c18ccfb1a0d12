//! The names that git tracks: which are reported, and that nothing is run for them that a repository
//! configures.
#![cfg(unix)]

#[path = "common/command.rs"]
mod command;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use command::{run, tree};
use tempfile::TempDir;

fn git(root: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    let output = Command::new("git")
        .args(identity)
        .args(args)
        .current_dir(root)
        .env("GIT_CONFIG_GLOBAL", root.join("no such file"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn repository(files: &[(&str, &str)]) -> TempDir {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (*path, text.as_bytes()))
        .collect();
    let root = tree(&files);
    git(root.path(), &["init", "-q", "-b", "main"]);
    root
}

/// What is found, as `path rule`.
fn found(root: &Path, args: &[&str]) -> Vec<String> {
    let output = run(root, &[&["--output-format", "concise"], args].concat());
    let (_, findings) = output.split_once("--- stdout\n").unwrap();
    let (findings, _) = findings.split_once("--- stderr\n").unwrap();
    let told = |line: &str| {
        let path = line.split(":1:1:").next().unwrap();
        let rule = line.rsplit('[').next().unwrap().trim_end_matches(']');
        format!("{path} {rule}")
    };
    findings.lines().map(told).collect()
}

#[test]
fn names_are_judged_where_a_folder_is_checked() {
    let root = repository(&[
        ("run.sh", "#!/bin/sh\n"),
        ("tools/told.sh", "#!/bin/sh\n"),
        ("tools/deploy", "#!/bin/sh\n"),
        ("tools/notes", "no script\n"),
        ("docs/a|b.md", "x\n"),
        ("docs/plain.md", "x\n"),
        ("src/aux.py", "import os\n"),
        ("vendored/con.py", "import os\n"),
        (".gitattributes", "tools/told.sh text eol=lf\n"),
        (
            "footgun-check.toml",
            "extend-exclude = [\"vendored\"]\n\n[per-file-ignores]\n\"docs/b*\" = [\"git-symlink\"]\n",
        ),
    ]);
    let at = |path: &str| root.path().join(path);
    for path in ["tools/deploy", "tools/notes"] {
        fs::set_permissions(at(path), fs::Permissions::from_mode(0o755)).unwrap();
    }
    symlink("plain.md", at("docs/a.md")).unwrap();
    symlink("plain.md", at("docs/b.md")).unwrap();
    git(root.path(), &["add", "-A"]);
    let expected = [
        "docs/a.md git-symlink",
        "docs/a|b.md checkout-name",
        "run.sh script-eol",
        "src/aux.py checkout-name",
        "tools/deploy script-eol",
    ];
    assert_eq!(found(root.path(), &[]), expected);
    assert_eq!(found(root.path(), &["src", "tools"]), expected[3..]);
    assert_eq!(
        found(root.path(), &["--select", "git-symlink"]),
        expected[..1]
    );
    assert_eq!(found(root.path(), &["src/aux.py"]), [""; 0]);
    assert_eq!(found(root.path(), &["--select", "pid-probe"]), [""; 0]);
}

#[test]
fn without_a_repository_the_names_of_sources_are_judged() {
    let root = tree(&[("src/aux/a.py", b"import os\n"), ("run.sh", b"#!/bin/sh\n")]);
    assert_eq!(found(root.path(), &[]), ["src/aux/a.py checkout-name"]);
}

/// A repository may name a program for git to run when it reads the index.
#[test]
fn nothing_is_run_that_a_repository_configures() {
    let root = repository(&[("run.sh", "#!/bin/sh\n"), ("a.py", "import os\n")]);
    git(root.path(), &["add", "-A"]);
    let monitor = root.path().join(".git/monitor");
    fs::write(&monitor, "#!/bin/sh\ntouch \"$PWD/ran\"\n").unwrap();
    fs::set_permissions(&monitor, fs::Permissions::from_mode(0o755)).unwrap();
    let path = monitor.to_str().unwrap();
    git(root.path(), &["config", "core.fsmonitor", path]);
    assert_eq!(found(root.path(), &[]), ["run.sh script-eol"]);
    assert!(!root.path().join("ran").exists());
}
