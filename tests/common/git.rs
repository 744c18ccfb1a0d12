//! Git, in a repository made for a test.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::command::tree;

/// Runs git in `root`, without the settings of whoever runs the tests.
pub fn git(root: &Path, args: &[&str]) {
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

/// A new repository with these files, none of them tracked.
pub fn repository(files: &[(&str, &str)]) -> TempDir {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (*path, text.as_bytes()))
        .collect();
    let root = tree(&files);
    git(root.path(), &["init", "-q", "-b", "main"]);
    root
}
