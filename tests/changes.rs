//! Which files are checked: by name, by list, by what git knows of changes; each as part of the project
//! around it.

#[path = "common/command.rs"]
mod command;
#[path = "common/git.rs"]
mod git;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use command::{command, run, tree};
use git::{git, repository};
use tempfile::TempDir;

const PROBE: &str = "import os\n\n\ndef alive(pid):\n    os.kill(pid, 0)\n";

fn concise(root: &Path, args: &[&str]) -> String {
    run(root, &[&["--output-format", "concise"], args].concat())
}

/// The rows found, as `path:row`.
fn found(root: &Path, args: &[&str]) -> Vec<String> {
    let output = concise(root, args);
    let (_, findings) = output.split_once("--- stdout\n").unwrap();
    let (findings, _) = findings.split_once("--- stderr\n").unwrap();
    let row = |line: &str| {
        let parts: Vec<&str> = line.splitn(3, ':').collect();
        format!("{}:{}", parts[0], parts[1])
    };
    findings.lines().map(row).collect()
}

/// Whether there is a git: Wine has none.
fn has_git() -> bool {
    cfg!(unix) || Command::new("git").arg("--version").output().is_ok()
}

/// A repository with these files in its first commit.
fn committed(files: &[(&str, &str)]) -> TempDir {
    let root = repository(files);
    git(root.path(), &["add", "-A"]);
    git(root.path(), &["commit", "-q", "-m", "first"]);
    root
}

fn write(root: &TempDir, path: &str, text: &str) {
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A guard in another file counts also where only one file is given, from whatever folder.
#[test]
fn a_file_is_checked_in_the_project_around_it() {
    let guard = "import sys\n\nIS_WINDOWS = sys.platform == 'win32'\n";
    let user = "import os\n\nfrom app.host import IS_WINDOWS\n\nif not IS_WINDOWS:\n    os.kill(pid, \
                0)\nos.kill(pid, 0)\n";
    let root = tree(&[
        ("pyproject.toml", b""),
        ("src/app/__init__.py", b""),
        ("src/app/host.py", guard.as_bytes()),
        ("src/app/use.py", user.as_bytes()),
        ("src/app/other.py", PROBE.as_bytes()),
        ("src/app/broken.py", b"\xff"),
    ]);
    assert_eq!(
        found(root.path(), &["src/app/use.py"]),
        ["src/app/use.py:7"]
    );
    let inside = root.path().join("src/app");
    assert_eq!(found(&inside, &["use.py"]), ["use.py:7"]);
    insta::assert_snapshot!(concise(root.path(), &["src/app/use.py", "src/app/host.py"]));
}

/// What a file does in another may be reported with it, and is repaired only where the other is given
/// too.
#[test]
fn a_file_that_is_not_given_is_not_changed() {
    let wrapper = "import subprocess\n\n\ndef start(command):\n    subprocess.run(command)\n";
    // So many calls that evaluation of the wrapper does not look at them.
    let calls = "start([\"npm\"])\n".repeat(30);
    let user = format!("import subprocess\n\nfrom wrapper import start\n\n{calls}");
    let root = tree(&[
        (
            "pyproject.toml",
            b"[project]\ndependencies = ['footgun-runtime']\n",
        ),
        ("use.py", user.as_bytes()),
        ("wrapper.py", wrapper.as_bytes()),
    ]);
    let output = run(root.path(), &["--fix", "--add-ignores", "use.py"]);
    let why = "suggestion: Let `win_argv` find the program (not done for you: it would change a file \
               that is not checked)";
    assert_eq!(output.matches(why).count(), 30, "{output}");
    for (path, text) in [("use.py", user.as_str()), ("wrapper.py", wrapper)] {
        assert_eq!(fs::read_to_string(root.path().join(path)).unwrap(), text);
    }
    // Where both are given, the wrapper is repaired once for all.
    let both = run(root.path(), &["--fix", "use.py", "wrapper.py"]);
    assert!(
        both.ends_with("30 findings, 30 fixed, 0 remaining\n"),
        "{both}"
    );
}

#[test]
fn files_are_named_in_a_list() {
    let root = tree(&[
        ("a.py", PROBE.as_bytes()),
        ("b.py", PROBE.as_bytes()),
        ("c c.py", PROBE.as_bytes()),
        ("list", b"a.py\r\nc c.py\n"),
        ("zero", b"b.py\0c c.py\0"),
    ]);
    let path = root.path();
    assert_eq!(
        found(path, &["--files-from", "list"]),
        ["a.py:5", "c c.py:5"]
    );
    assert_eq!(
        found(path, &["--files-from", "zero"]),
        ["b.py:5", "c c.py:5"]
    );
    insta::assert_snapshot!(run(path, &["--files-from", "nowhere"]));
}

#[test]
fn standard_input_has_a_path() {
    let root = tree(&[
        ("pyproject.toml", b""),
        ("host.py", b"IS_POSIX = False\n"),
        ("use.py", PROBE.as_bytes()),
    ]);
    let given = |args: &[&str], text: &str| {
        let mut child = command(root.path(), args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8(text).unwrap()
    };
    let concise = ["--output-format", "concise", "-"];
    insta::assert_snapshot!(given(&concise, PROBE));
    let guarded = "import os\nimport host\n\nif host.IS_POSIX:\n    os.kill(pid, 0)\n";
    let named = [&concise[..], &["--stdin-filename", "use.py"]].concat();
    insta::assert_snapshot!(given(&named, guarded));
    let list = ["--output-format", "concise", "--files-from", "-"];
    insta::assert_snapshot!(given(&list, "use.py\n"));
}

#[test]
fn what_is_staged_is_checked_as_it_is_staged() {
    if !has_git() {
        return;
    }
    let root = committed(&[("old.py", PROBE), ("a.py", ""), ("gone.py", PROBE)]);
    let path = root.path();
    write(&root, "a.py", PROBE);
    write(&root, "new/-b c.py", PROBE);
    git(path, &["add", "-A"]);
    git(path, &["rm", "-q", "gone.py"]);
    write(&root, "unstaged.py", PROBE);
    assert_eq!(found(path, &["--staged"]), ["a.py:5", "new/-b c.py:5"]);
    assert_eq!(found(path, &["--staged", "new"]), ["new/-b c.py:5"]);
    assert_eq!(found(&path.join("new"), &["--staged"]), ["-b c.py:5"]);
    // What is repaired on disk is still staged as it was.
    write(&root, "a.py", "");
    assert_eq!(found(path, &["--staged", "a.py"]), ["a.py:5"]);
    fs::remove_file(path.join("new/-b c.py")).unwrap();
    assert_eq!(found(path, &["--staged"]), ["a.py:5", "new/-b c.py:5"]);
    git(path, &["add", "a.py"]);
    assert_eq!(found(path, &["--staged", "a.py"]), [""; 0]);
}

/// A fix is not written over what is not staged.
#[test]
fn a_fix_does_not_mix_what_is_staged_with_what_is_not() {
    if !has_git() {
        return;
    }
    let root = committed(&[(
        "footgun_runtime.py",
        include_str!("../python/footgun_runtime/__init__.py"),
    )]);
    write(&root, "a.py", PROBE);
    git(root.path(), &["add", "-A"]);
    write(&root, "a.py", &format!("{PROBE}\n\n# more\n"));
    insta::assert_snapshot!(concise(root.path(), &["--staged", "--fix"]));
    assert_eq!(
        fs::read_to_string(root.path().join("a.py")).unwrap(),
        format!("{PROBE}\n\n# more\n")
    );
}

#[test]
fn what_has_changed_since_a_branch_began() {
    if !has_git() {
        return;
    }
    let two = format!("{PROBE}\n\ndef again(pid):\n    os.kill(pid, 0)\n");
    let root = committed(&[("a.py", PROBE), ("b.py", PROBE), ("c.rs", "fn main() {}\n")]);
    let path = root.path();
    git(path, &["checkout", "-q", "-b", "work"]);
    write(&root, "a.py", &two.replace('\n', "\r\n"));
    git(path, &["commit", "-qam", "more"]);
    git(path, &["checkout", "-q", "main"]);
    write(&root, "b.py", &two);
    git(path, &["commit", "-qam", "elsewhere"]);
    git(path, &["checkout", "-q", "work"]);
    write(&root, "untracked.py", PROBE);
    let since = ["--changed-since", "main"];
    assert_eq!(found(path, &since), ["a.py:5", "a.py:9", "untracked.py:5"]);
    assert_eq!(
        found(path, &[&since[..], &["--changed-lines"]].concat()),
        ["a.py:9", "untracked.py:5"]
    );
    insta::assert_snapshot!(concise(path, &["--changed-since=--output=x"]));
    insta::assert_snapshot!(concise(path, &["--changed-since", "nowhere"]));
}

#[test]
fn without_a_repository_nothing_is_known_of_changes() {
    if !has_git() {
        return;
    }
    let root = tree(&[("a.py", PROBE.as_bytes())]);
    let output = concise(root.path(), &["--staged"]);
    assert!(
        output.contains("status: 2\n") && output.contains("not a git repository"),
        "{output}"
    );
    insta::assert_snapshot!(concise(root.path(), &["--changed-lines"]));
}

#[test]
fn changed_lines_of_a_notebook_are_those_of_its_code() {
    if !has_git() {
        return;
    }
    let notebook = |output: &str, last: &str| {
        let cells = serde_json::json!([
            {"cell_type": "code", "source": ["import os\n", "os.kill(1, 0)"], "outputs": [output]},
            {"cell_type": "code", "source": ["pass\n", last], "outputs": []},
        ]);
        let notebook = serde_json::json!({"cells": cells, "nbformat": 4});
        serde_json::to_string_pretty(&notebook).unwrap()
    };
    let root = committed(&[("a.ipynb", &notebook("a", ""))]);
    let changed = |text: String| {
        fs::write(root.path().join("a.ipynb"), text).unwrap();
        let output = concise(root.path(), &["--changed-since", "HEAD", "--changed-lines"]);
        let found = output.lines().filter(|line| line.starts_with("a.ipynb"));
        found
            .map(|line| line.split(": ").next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(changed(notebook("b\nc", "")), [""; 0]);
    assert_eq!(
        changed(notebook("b", "os.kill(2, 0)")),
        ["a.ipynb:cell 2:2:12"]
    );
}
