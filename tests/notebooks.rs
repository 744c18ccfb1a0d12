//! Notebooks: their code is checked, positions are told by cell, and repairs change nothing else.

#[path = "common/command.rs"]
mod command;

use std::fs;

use command::{run, tree};
use serde_json::Value;
use tempfile::TempDir;

const NOTEBOOK: &str = include_str!("../fixtures/notebook/worker.ipynb");

fn project() -> TempDir {
    let manifest = b"[project]\nname = \"notes\"\ndependencies = [\"footgun-runtime\"]\n";
    tree(&[
        ("notes/worker.ipynb", NOTEBOOK.as_bytes()),
        ("pyproject.toml", manifest),
    ])
}

#[test]
fn every_format_tells_the_cell() {
    let root = project();
    for format in [
        "full", "concise", "grouped", "json", "github", "gitlab", "junit", "pylint",
    ] {
        let output = run(root.path(), &["--output-format", format]);
        insta::assert_snapshot!(format!("notebook_{format}"), output);
    }
}

/// Viewers of SARIF open the file as it is, in which cells have no rows.
#[test]
fn sarif_points_at_the_file_and_proposes_no_edit() {
    let root = project();
    run(
        root.path(),
        &["--output-format", "sarif", "--output-file", "log.sarif"],
    );
    let log = fs::read(root.path().join("log.sarif")).unwrap();
    let log: Value = serde_json::from_slice(&log).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    for result in results {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region["startLine"], 1);
        assert!(
            result["message"]["text"]
                .as_str()
                .unwrap()
                .starts_with("cell ")
        );
        assert!(
            result
                .get("fixes")
                .is_none_or(|fixes| fixes == &Value::Array(Vec::new()))
        );
    }
}

#[test]
fn a_line_is_told_by_its_cell() {
    let root = project();
    for line in ["cell 5:2", "cell 4:1", "cell 5:3", "2"] {
        let line = format!("notes/worker.ipynb:{line}");
        insta::assert_snapshot!(run(root.path(), &["--why", &line]));
    }
}

#[test]
fn repairs_change_the_lines_they_are_about() {
    let root = project();
    insta::assert_snapshot!(run(root.path(), &["--diff", "--unsafe-fixes"]));
    let output = run(
        root.path(),
        &["--fix", "--unsafe-fixes", "--output-format", "concise"],
    );
    insta::assert_snapshot!(output);
    let read = || fs::read_to_string(root.path().join("notes/worker.ipynb")).unwrap();
    let fixed = read();
    let parts = |text: &str| -> Value {
        let mut notebook: Value = serde_json::from_str(text).unwrap();
        for cell in notebook["cells"].as_array_mut().unwrap() {
            cell["source"].take();
        }
        notebook
    };
    assert_eq!(parts(&fixed), parts(NOTEBOOK));
    let again = run(
        root.path(),
        &["--fix", "--unsafe-fixes", "--output-format", "concise"],
    );
    assert!(again.contains("no findings"), "{again}");
    assert_eq!(read(), fixed);
}

#[test]
fn accepted_findings_stay_accepted() {
    let root = project();
    insta::assert_snapshot!(run(root.path(), &["--add-ignores"]));
    let output = run(root.path(), &["--output-format", "concise"]);
    assert!(
        output.contains("1 file scanned, 0 skipped, 0 unparsable; no findings"),
        "{output}"
    );
}

#[test]
fn what_is_no_notebook_of_python() {
    let root = tree(&[
        ("broken.ipynb", b"{\"cells\": [}"),
        (
            "stats.ipynb",
            br#"{"cells": [], "metadata": {"kernelspec": {"language": "R"}}, "nbformat": 4}"#,
        ),
    ]);
    insta::assert_snapshot!(run(root.path(), &[]));
}
