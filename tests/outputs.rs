//! Reports from outside: every format, the file they are written to, counts, shards and merges.

#[path = "common/command.rs"]
mod command;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use clap::ValueEnum;
use command::{command, run, tree};
use footgun_check::report::Format;
use tempfile::TempDir;

/// The names of all formats.
fn formats() -> impl Iterator<Item = String> {
    let names = Format::value_variants()
        .iter()
        .filter_map(Format::to_possible_value);
    names.map(|name| name.get_name().to_owned())
}

/// A copy of the demonstration project, as a repository of its own.
fn demo() -> TempDir {
    repository("fixtures/demo")
}

/// A copy of a folder, as a repository of its own.
fn repository(folder: &str) -> TempDir {
    let root = tree(&[(".git/HEAD", b"")]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    copy(&folder, root.path());
    root
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// Standard output and the status of a run.
fn output(root: &Path, args: &[&str]) -> (String, i32) {
    let Output { status, stdout, .. } = command(root, args).output().unwrap();
    let status = status.code().expect("an exit code");
    (String::from_utf8(stdout).unwrap(), status)
}

/// Findings in both languages, evidence in other files.
#[test]
fn the_demo_in_every_format() {
    let demo = demo();
    for format in formats() {
        insta::assert_snapshot!(
            format!("demo-{format}"),
            run(demo.path(), &["--output-format", &format])
        );
    }
    let once = output(demo.path(), &["--jobs", "1", "--output-format", "json"]);
    let many = output(demo.path(), &["--jobs", "4", "--output-format", "json"]);
    assert_eq!(once, many);
}

/// What each rule says, in full: messages, evidence, help.
#[test]
fn the_tour_of_the_rules() {
    let tour = repository("fixtures/tour");
    insta::assert_snapshot!("tour", run(tour.path(), &["--select", "ALL"]));
}

/// With the pages of the rules, and findings of every rule.
#[test]
fn reports_on_the_fixtures_follow_the_published_schemas() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let value = |format| -> serde_json::Value {
        let args = ["--isolated", "--output-format", format, "."];
        serde_json::from_str(&output(&fixtures, &args).0).unwrap()
    };
    let validator = |schema| {
        let schema = serde_json::from_str(schema).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    };
    let sarif = validator(include_str!("schemas/sarif-2.1.0.json"));
    let log = value("sarif");
    assert!(log["runs"][0]["results"].as_array().unwrap().len() > 100);
    let errors = sarif.iter_errors(&log).map(|error| error.to_string());
    assert_eq!(errors.collect::<Vec<_>>(), [""; 0]);
    // The schema is that of an element.
    let gitlab = validator(include_str!("schemas/gitlab-codeclimate.json"));
    let report = value("gitlab");
    let issues = report.as_array().unwrap();
    assert!(issues.iter().all(|issue| gitlab.is_valid(issue)));
    let fingerprints: BTreeSet<&str> = issues
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(fingerprints.len(), issues.len());
}

/// Forges show files by their paths in the repository.
#[test]
fn paths_are_told_from_the_repository_where_forges_read_them() {
    let demo = demo();
    let agent = demo.path().join("agent");
    for (format, path) in [
        ("github", "file=agent/lock.py,"),
        ("gitlab", "\"path\": \"agent/lock.py\""),
        ("sarif", "\"uri\": \"agent/lock.py\""),
        ("concise", "lock.py:9:22: "),
    ] {
        let (report, _) = output(&agent, &["--output-format", format]);
        assert!(report.contains(path), "{report}");
    }
    let fingerprints = |folder: &Path| -> Vec<String> {
        let args = ["--output-format", "json", "--select", "pid-probe"];
        let lines = output(folder, &args).0;
        let lines = lines.lines().filter(|line| line.contains("fingerprint"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(fingerprints(&agent), fingerprints(demo.path()));
    assert_eq!(fingerprints(&agent).len(), 1);
}

#[test]
fn a_report_goes_to_a_file_and_the_rest_stays() {
    let demo = demo();
    let args = ["--output-format", "json", "-o", "reports/new/a.json"];
    insta::assert_snapshot!(run(demo.path(), &args));
    let (report, _) = output(demo.path(), &["--output-format", "json"]);
    let path = demo.path().join("reports/new/a.json");
    assert_eq!(fs::read_to_string(&path).unwrap(), report);
    // There is no colour in it, whatever the format.
    run(demo.path(), &["--output-file", "reports/new/a.json"]);
    let (full, _) = output(demo.path(), &[]);
    assert_eq!(fs::read_to_string(&path).unwrap(), full);
    // Nothing is written where there is no report.
    fs::write(
        demo.path().join("footgun-check.toml"),
        "[fix]\nruntme = 1\n",
    )
    .unwrap();
    assert_eq!(output(demo.path(), &["-o", "reports/new/a.json"]).1, 2);
    assert_eq!(fs::read_to_string(&path).unwrap(), full);
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let root = tree(&[("a.py", b""), ("folder/b.py", b"")]);
    let run = run(root.path(), &["-o", "a.py/report"]);
    assert!(
        run.contains("status: 2\n") && run.contains("\nerror: a.py/report: "),
        "{run}"
    );
    assert_eq!(output(root.path(), &["-o", "folder"]).1, 2);
}

#[test]
fn statistics() {
    let demo = demo();
    insta::assert_snapshot!(run(demo.path(), &["--statistics"]));
    insta::assert_snapshot!(run(
        demo.path(),
        &["--statistics", "--output-format", "json"]
    ));
}

/// Writes the report of each of three shards, in JSON of either form.
fn shards(root: &Path) -> [String; 3] {
    ["1", "2", "3"].map(|number| {
        let file = format!("{number}.json");
        let format = if number == "2" { "json-lines" } else { "json" };
        let shard = format!("{number}/3");
        let args = [
            "--shard",
            &shard,
            "--output-format",
            format,
            "-o",
            &file,
            "agent",
            "tray",
        ];
        assert!(output(root, &args).1 < 2);
        file
    })
}

#[test]
fn merged_shards_are_the_whole_report_in_every_format() {
    let demo = demo();
    let [one, two, three] = shards(demo.path());
    for format in formats() {
        let whole = output(demo.path(), &["--output-format", &format, "agent", "tray"]);
        // Whatever the order, and where a report is given again.
        let merge = [
            "--output-format",
            &format,
            "--merge",
            &three,
            &one,
            &two,
            &one,
        ];
        assert_eq!(output(demo.path(), &merge), whole, "{format}");
        assert_eq!(whole.1, 1);
    }
    insta::assert_snapshot!(run(demo.path(), &["--merge", &one, &two, &three]));
    insta::assert_snapshot!(run(
        demo.path(),
        &["--statistics", "--merge", &one, &two, &three]
    ));
    assert_eq!(
        output(demo.path(), &["--exit-zero", "--merge", &one, &two, &three]).1,
        0
    );
}

/// A merge shows the source as far as it is that of the reports.
#[test]
fn merged_reports_of_source_that_is_another() {
    let demo = demo();
    let [one, two, three] = shards(demo.path());
    let web = demo.path().join("agent/web.py");
    let text = fs::read_to_string(&web).unwrap();
    fs::write(&web, text.replace("=True", "=1")).unwrap();
    fs::remove_file(demo.path().join("agent/lock.py")).unwrap();
    let merge = ["--output-format", "full", "--merge", &one, &two, &three];
    insta::assert_snapshot!(run(demo.path(), &merge));
}

/// What is written line by line needs no merge.
#[test]
fn lines_of_shards_are_those_of_the_whole_report() {
    let demo = demo();
    for format in ["concise", "json-lines", "github", "pylint"] {
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let whole = output(demo.path(), &["--output-format", format]).0;
        let of =
            |shard: &str| output(demo.path(), &["--output-format", format, "--shard", shard]).0;
        let parts = ["1/3", "2/3", "3/3"].map(of).concat();
        assert_eq!(sorted(&parts), sorted(&whole), "{format}");
    }
}

/// Only the findings of a shard are repaired.
#[test]
fn fixes_of_shards() {
    let probe: &[u8] = b"import os\n\n\ndef probe(pid):\n    os.kill(pid, 0)\n";
    let files = ["a.py", "b.py", "c.py", "d.py", "e.py"];
    let mut all: Vec<(&str, &[u8])> = files.map(|file| (file, probe)).to_vec();
    all.push(("requirements.txt", b"footgun-runtime\n"));
    let root = tree(&all);
    let fixed = || {
        let read = |file: &&&str| fs::read(root.path().join(file)).unwrap() != probe;
        files.iter().filter(read).count()
    };
    let (_, status) = output(root.path(), &["--fix", "--shard", "1/2"]);
    assert_eq!(status, 0);
    assert!((1..files.len()).contains(&fixed()));
    output(root.path(), &["--fix", "--shard", "2/2"]);
    assert_eq!(fixed(), files.len());
}

#[test]
fn merges_that_cannot_be_made() {
    let root = tree(&[
        ("a.json", b"[{}]\n"),
        ("empty.json", b""),
        ("b.json", b"[]\n"),
    ]);
    let runs = [
        run(root.path(), &["--merge", "a.json"]),
        run(root.path(), &["--merge", "none.json"]),
        run(root.path(), &["--merge", "b.json", "empty.json"]),
    ];
    insta::assert_snapshot!(runs.join("\n"));
}
