//! What a project says it requires: its files are read as the page of the rule shows, and comments,
//! configuration and changes have their say.
#![cfg(unix)]

#[path = "common/command.rs"]
mod command;
#[path = "common/git.rs"]
mod git;

use std::fs;
use std::path::Path;

use command::{run, tree};
use git::{git, repository};

const PAGE: &str = include_str!("../rules/posix_only_dependency.md");
const RULE: &str = "posix-only-dependency";

/// What is found, as `path:row`.
fn found(root: &Path, args: &[&str]) -> Vec<String> {
    let output = run(root, &[&["--output-format", "concise"], args].concat());
    let (_, findings) = output.split_once("--- stdout\n").unwrap();
    let (findings, _) = findings.split_once("--- stderr\n").unwrap();
    let told = |line: &str| {
        let mut parts = line.split(':');
        let (path, row) = (parts.next().unwrap(), parts.next().unwrap());
        assert!(line.ends_with(&format!("[{RULE}]")), "{line}");
        format!("{path}:{row}")
    };
    findings.lines().map(told).collect()
}

/// The examples of the page: the name of a file, its text, and whether it is a wrong one.
fn examples() -> Vec<(&'static str, String, bool)> {
    let mut examples = Vec::new();
    let mut lines = PAGE.lines();
    while let Some(line) = lines.next() {
        let Some((info, name)) = line.split_once(" file=") else {
            continue;
        };
        let body = lines.by_ref().take_while(|line| *line != "```");
        let text: String = body.flat_map(|line| [line, "\n"]).collect();
        examples.push((name, text, info.ends_with("wrong")));
    }
    examples
}

#[test]
fn the_page_is_right() {
    let examples = examples();
    assert!(examples.len() > 6);
    for (name, text, is_wrong) in examples {
        let expected: Vec<String> = text
            .lines()
            .enumerate()
            .filter_map(|(index, line)| match line {
                _ if line.ends_with(&format!("# expect: {RULE}")) => Some(index + 1),
                _ if line.ends_with(&format!("# expect below: {RULE}")) => Some(index + 2),
                _ => None,
            })
            .map(|row| format!("{name}:{row}"))
            .collect();
        assert_eq!(!expected.is_empty(), is_wrong, "{text}");
        let root = repository(&[(name, text.as_str()), ("a.py", "import os\n")]);
        git(root.path(), &["add", "-A"]);
        assert_eq!(found(root.path(), &[]), expected, "{text}");
    }
}

#[test]
fn what_silences_it() {
    let ignored = "uvloop  # footgun: ignore[posix-only-dependency] a server\n\
                   # footgun: ignore[posix-only-dependency] a server\nevdev\ntriton\n";
    let posix_only = "[project]\ndependencies = [\"uvloop\"]\n\
                      classifiers = [\"Operating System :: POSIX\"]\n";
    let root = repository(&[
        ("requirements.txt", ignored),
        ("docs/requirements.txt", "uvloop\nuwsgi\n"),
        ("left/requirements.txt", "uvloop\n"),
        ("daemon/pyproject.toml", posix_only),
        (
            "footgun-check.toml",
            "extend-exclude = [\"left\"]\n\n[per-file-ignores]\n\"docs/*\" = [\"posix-only-dependency\"]\n",
        ),
        ("a.py", "import os\n"),
    ]);
    git(root.path(), &["add", "-A"]);
    assert_eq!(found(root.path(), &[]), ["requirements.txt:4"]);
    assert_eq!(
        found(root.path(), &["--ignore-ignores"]),
        [
            "requirements.txt:1",
            "requirements.txt:3",
            "requirements.txt:4"
        ]
    );
    assert_eq!(found(root.path(), &["daemon", "left"]), [""; 0]);
    assert_eq!(found(root.path(), &["--ignore", "names"]), [""; 0]);
    assert_eq!(found(root.path(), &["a.py"]), [""; 0]);
}

#[test]
fn of_changes_those_of_changed_files_are_judged() {
    let root = repository(&[("requirements.txt", "uvloop\n"), ("a.py", "import os\n")]);
    git(root.path(), &["add", "-A"]);
    git(root.path(), &["commit", "-q", "-m", "all"]);
    assert_eq!(found(root.path(), &["--staged"]), [""; 0]);
    fs::write(
        root.path().join("requirements.txt"),
        "click\nuvloop\nuwsgi\n",
    )
    .unwrap();
    git(root.path(), &["add", "-A"]);
    assert_eq!(
        found(root.path(), &["--staged"]),
        ["requirements.txt:2", "requirements.txt:3"]
    );
}

#[test]
fn time_zones_are_missed_where_the_project_says_what_it_requires() {
    let code: (&str, &[u8]) = (
        "app/zones.py",
        b"from zoneinfo import ZoneInfo\n\nHERE = ZoneInfo('Europe/Berlin')\n",
    );
    let is_found = |file: &str, text: &str| {
        let root = tree(&[code, (file, text.as_bytes())]);
        run(root.path(), &[]).contains("zoneinfo-tzdata")
    };
    assert!(is_found("requirements.txt", "requests\n"));
    assert!(is_found(
        "pyproject.toml",
        "[project]\nname = 'x'\ndependencies = []\n"
    ));
    assert!(!is_found("requirements.txt", "requests\ntzdata\n"));
    assert!(!is_found("uv.lock", "[[package]]\nname = \"tzdata\"\n"));
    assert!(!is_found("README.md", "nothing is said"));
}
