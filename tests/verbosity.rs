//! How much is said: `--quiet`, `--verbose`, and paths in messages.

#[path = "common/command.rs"]
mod command;

use command::{run, tree};

const PROBE: &[u8] = b"import os\n\n\ndef probe(pid):\n    os.kill(pid, 0)\n";

/// A run without the times that it tells, in the order of what took them.
fn untimed(run: &str) -> String {
    let (timed, rest): (Vec<&str>, Vec<&str>) = run.lines().partition(|line| {
        let time = line
            .strip_suffix(" ms")
            .and_then(|line| line.split_once(" took "));
        time.is_some_and(|(_, time)| time.parse::<f64>().is_ok())
    });
    let mut timed: Vec<&str> = timed
        .iter()
        .map(|line| line.split_once(" took ").map_or(*line, |(what, _)| what))
        .collect();
    timed.sort_unstable();
    [rest, vec!["--- timed"], timed].concat().join("\n")
}

#[test]
fn a_verbose_run_tells_what_is_left_out_and_what_configures_the_rest() {
    let root = tree(&[
        (".gitignore", b"gen/\nnode_modules/\n"),
        ("gen/a.py", PROBE),
        ("node_modules/c/c.py", PROBE),
        ("pkg/footgun-check.toml", b"exclude = ['old.py']\n"),
        ("pkg/old.py", PROBE),
        ("pkg/new.py", b"x = 1\n"),
        ("pkg/new.pyi", b""),
        (
            "r.ipynb",
            br#"{"metadata": {"language_info": {"name": "R"}}, "cells": []}"#,
        ),
        ("venv/lib/b.py", PROBE),
        ("venv/pyvenv.cfg", b""),
        ("probe.py", PROBE),
        ("temporary.py", PROBE),
    ]);
    let concise = [
        "-v",
        "--output-format",
        "concise",
        "--extend-exclude",
        "temporary.py",
    ];
    insta::assert_snapshot!(untimed(&run(root.path(), &concise)));
    std::fs::write(root.path().join("pyproject.toml"), "[project]\n").unwrap();
    let one = [&concise[..], &["pkg/new.py"]].concat();
    insta::assert_snapshot!(untimed(&run(root.path(), &one)));
}

#[test]
fn a_verbose_repair_tells_the_time_of_its_rounds() {
    let root = tree(&[
        ("probe.py", PROBE),
        ("requirements.txt", b"footgun-runtime\n"),
    ]);
    insta::assert_snapshot!(untimed(&run(root.path(), &["-v", "--fix"])));
}

#[test]
fn a_quiet_run_tells_findings_and_errors() {
    let root = tree(&[
        ("probe.py", PROBE),
        ("latin.rs", b"// \xe9\n"),
        ("broken.py", b"def f(:\n    os.kill(1, 0)\n"),
        (
            "posix/pyproject.toml",
            b"[tool.footgun-check]\nsupports-windows = false\n",
        ),
        ("posix/daemon.py", PROBE),
    ]);
    let args = ["--output-format", "concise", ".", "nowhere.py"];
    insta::assert_snapshot!(run(root.path(), &args));
    insta::assert_snapshot!(run(root.path(), &[&["--quiet"], &args[..]].concat()));
    insta::assert_snapshot!(run(root.path(), &["-q", "latin.rs"]));
}

/// What a file is called must not look like a message of ours, nor reach the terminal as a command.
#[cfg(unix)]
#[test]
fn names_stay_in_their_line() {
    const ODD: &str = "broken\nerror: other.py\x1b[2J.py";
    const LATIN: &str = "latin\r\n.rs";
    let root = tree(&[
        (ODD, b"def f(:\n    os.kill(1, 0)\n"),
        (LATIN, b"// \xe9\n"),
        ("no\tsource", b""),
        ("set\nup/footgun-check.toml", b"nonsense = 1\n"),
        ("set\nup/a.py", b""),
        ("set\nup/.venv/b.py", b""),
    ]);
    let named = ["-v", ODD, LATIN, "no\tsource", "no\nwhere.py"];
    let said = |args: &[&str]| {
        let run = run(root.path(), args);
        let (_, said) = run.split_once("--- stderr\n").unwrap();
        said.to_owned()
    };
    insta::assert_snapshot!(untimed(&said(&named)));
    let errors = [
        &["set\nup"][..],
        &["--files-from", "no\nlist"],
        &["--output-file", "latin\r\n.rs/report", ODD],
        &["--baseline", "no\nbaseline", ODD],
        &["--baseline", LATIN, ODD],
        &["--why", "no\nwhere.py:1", LATIN],
    ];
    insta::assert_snapshot!(errors.map(said).concat());
}
