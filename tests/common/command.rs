//! The command, run in a folder made for a test.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with these files.
pub fn tree(files: &[(&str, &[u8])]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    root
}

/// What of the environment has a say in how the command looks.
pub const LOOKS: [&str; 15] = [
    "CI",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "DOMTERM",
    "FORCE_COLOR",
    "FORCE_HYPERLINK",
    "KONSOLE_VERSION",
    "NO_COLOR",
    "PRE_COMMIT",
    "TERM",
    "TERM_PROGRAM",
    "TF_BUILD",
    "VTE_VERSION",
    "WT_SESSION",
];

/// What of the environment the command takes for options.
const OPTIONS: [&str; 5] = [
    "FOOTGUN_CHECK_CONFIG",
    "FOOTGUN_CHECK_JOBS",
    "FOOTGUN_CHECK_MIN_SEVERITY",
    "FOOTGUN_CHECK_OUTPUT_FORMAT",
    "FOOTGUN_CHECK_TARGET_PYTHON",
];

/// The command in `root`, without input.
pub fn command(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footgun-check"));
    command
        .args(args)
        .current_dir(root)
        .env("COLUMNS", "100")
        .stdin(Stdio::null());
    for variable in LOOKS.into_iter().chain(OPTIONS) {
        command.env_remove(variable);
    }
    command
}

/// Status, standard output and standard error of a run in `root`.
pub fn run(root: &Path, args: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command(root, args).output().unwrap();
    format!(
        "$ footgun-check {}\nstatus: {}\n--- stdout\n{}--- stderr\n{}",
        args.join(" "),
        status.code().expect("an exit code"),
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    )
}
