//! The names that git tracks: which are reported, and that nothing is run for them that a repository
//! configures.
#![cfg(unix)]

#[path = "common/command.rs"]
mod command;
#[path = "common/git.rs"]
mod git;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use command::{run, tree};
use git::{git, repository};

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
fn of_changes_the_names_are_judged_that_have_changed() {
    let root = repository(&[
        ("aux.py", "import os\n"),
        ("known.json", "{}\n"),
        ("kept.sh", "#!/bin/sh\n"),
        ("src/a.py", "import os\n"),
    ]);
    let at = |path: &str| root.path().join(path);
    git(root.path(), &["add", "-A"]);
    git(root.path(), &["commit", "-q", "-m", "all"]);
    assert_eq!(found(root.path(), &["--staged"]), [""; 0]);
    fs::write(at("src/con.py"), "import os\n").unwrap();
    fs::write(at("src/prn.py"), "import os\n").unwrap();
    fs::write(at("new.sh"), "#!/bin/sh\n").unwrap();
    symlink("a.py", at("src/link.py")).unwrap();
    git(root.path(), &["add", "src/con.py", "src/link.py", "new.sh"]);
    let expected = [
        "new.sh script-eol",
        "src/con.py checkout-name",
        "src/link.py git-symlink",
    ];
    assert_eq!(found(root.path(), &["--staged"]), expected);
    assert_eq!(
        found(root.path(), &["--staged", "--changed-lines"]),
        expected
    );
    assert_eq!(found(root.path(), &["--staged", "src"]), expected[1..]);
    assert_eq!(found(root.path(), &["--changed-since", "HEAD"]), expected);
    // Somebody may have a baseline of names that have not changed.
    git(root.path(), &["commit", "-q", "-m", "more"]);
    run(
        root.path(),
        &["--write-baseline", "--baseline", "known.json"],
    );
    let again = run(root.path(), &["--staged", "--baseline", "known.json"]);
    assert!(!again.contains("is gone"), "{again}");
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
    assert_eq!(found(root.path(), &["--diff", "HEAD"]), [""; 0]);
    assert!(!root.path().join("ran").exists());
}

/// The paths are asked from the outside in, and only those of what a rule has found.
#[test]
fn a_configuration_that_is_left_out_is_not_asked() {
    let root = repository(&[
        ("src/aux.py", "import os\n"),
        ("vendored/con.py", "import os\n"),
        ("vendored/footgun-check.toml", "nonsense = 1\n"),
        ("footgun-check.toml", "extend-exclude = [\"vendored\"]\n"),
    ]);
    git(root.path(), &["add", "-A"]);
    assert_eq!(found(root.path(), &[]), ["src/aux.py checkout-name"]);
}

#[test]
fn a_folder_has_the_rules_of_its_own_configuration() {
    let root = repository(&[
        ("aux.py", "import os\n"),
        ("sub/con.py", "import os\n"),
        ("unix/nul.py", "import os\n"),
        (
            "unix/pyproject.toml",
            "[project]\nname = \"unix\"\nclassifiers = [\"Operating System :: POSIX\"]\n",
        ),
        ("sub/footgun-check.toml", "select = [\"checkout-name\"]\n"),
        ("footgun-check.toml", "select = [\"pid-probe\"]\n"),
    ]);
    git(root.path(), &["add", "-A"]);
    let sub = ["sub/con.py checkout-name"];
    assert_eq!(found(root.path(), &[]), sub);
    let all = ["aux.py checkout-name", sub[0]];
    assert_eq!(found(root.path(), &["--select", "checkout-name"]), all);
}

#[test]
fn a_name_has_a_severity_and_counts() {
    let root = repository(&[
        ("aux.py", "import os\n"),
        ("a.py", "import os\n"),
        (
            "footgun-check.toml",
            "[severity]\ncheckout-name = \"note\"\n",
        ),
    ]);
    git(root.path(), &["add", "-A"]);
    insta::assert_snapshot!("severity", run(root.path(), &["--statistics"]));
    insta::assert_snapshot!("verdict", run(root.path(), &["--verdict"]));
    let above = ["--min-severity", "warning"];
    insta::assert_snapshot!("min_severity", run(root.path(), &above));
}

#[test]
fn a_baseline_keeps_names() {
    let root = repository(&[
        ("aux.py", "import os\n"),
        ("src/con.py", "import os\n"),
        ("footgun-check.toml", "baseline = \"known.json\"\n"),
        // A folder with no source has a baseline of its own.
        ("docs/nul.md", "x\n"),
        ("docs/footgun-check.toml", "baseline = \"own.json\"\n"),
    ]);
    git(root.path(), &["add", "-A"]);
    insta::assert_snapshot!("baseline_written", run(root.path(), &["--write-baseline"]));
    insta::assert_snapshot!("baseline_read", run(root.path(), &[]));
    git(root.path(), &["mv", "aux.py", "fine.py"]);
    let stale = "a `checkout-name` in aux.py is gone";
    assert!(run(root.path(), &[]).contains(stale));
    // Where only files are checked, no names are judged.
    insta::assert_snapshot!("baseline_in_part", run(root.path(), &["src/con.py"]));
}

/// A folder without sources may have a configuration that only the names in it ask for.
#[test]
fn a_wrong_configuration_is_told_before_anything_is_repaired() {
    let probe = "import os\nos.kill(1, 0)\n";
    let root = repository(&[
        ("a.py", probe),
        ("docs/nul.md", "x\n"),
        ("docs/footgun-check.toml", "nonsense = 1\n"),
    ]);
    git(root.path(), &["add", "-A"]);
    assert!(run(root.path(), &["--fix"]).contains("status: 2\n"));
    assert_eq!(fs::read_to_string(root.path().join("a.py")).unwrap(), probe);
}
