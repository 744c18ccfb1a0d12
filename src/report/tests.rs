//! Whole reports on findings made by hand.

use clap::ValueEnum;
use codespan_reporting::term::termcolor::{Ansi, NoColor};
use footgun_analysis::facts::Evidence;
use footgun_analysis::project::Project;
use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{Place, Span};
use footgun_rules::{Applicability, Finding, RULES, Severity};

use super::json;
use super::{Entry, Format, records, report, statistics};
use crate::fix::repair::Repair;
use crate::root::Root;
use crate::testing::{finding, place, project};
use crate::texts::Texts;

/// Evidence in another file, CRLF and lone CR, a tab, characters of more than one byte, an empty
/// place, a place of several lines.
fn sample() -> (Project, Vec<Finding>) {
    let project = project(&[
        ("./pkg/flags.py", "# flags\r\nDETACHED = 0x8  # été\r\n"),
        (
            "./pkg/run.py",
            "import os\r\ndef probe(pid):\r\n\tprint('naïve 🗻'); os.kill(pid, 0)\r\n",
        ),
        (
            "src/main.rs",
            "fn main() {\r    kill(\r        0,\r    )\r}",
        ),
    ]);
    let evidence = |file, words, message: &str| Evidence {
        message: message.to_owned(),
        place: place(&project, file, words),
    };
    let mut end = place(&project, "src/main.rs", "}");
    end.span.start = end.span.end;
    let findings = vec![
        Finding {
            evidence: vec![
                evidence("pkg/run.py", "0)", "the signal"),
                evidence("pkg/flags.py", "0x8", "DETACHED_PROCESS comes from here"),
            ],
            ..finding(place(&project, "pkg/run.py", "os.kill(pid, 0)"))
        },
        Finding {
            rule: "unused-ignore",
            severity: Severity::Warning,
            ..finding(place(&project, "src/main.rs", "kill(\r        0,\r    )"))
        },
        Finding {
            rule: "sample-note",
            severity: Severity::Note,
            ..finding(end)
        },
    ];
    (project, findings)
}

/// The findings with a fix of two edits, an unsafe one, and a suggestion.
fn entries<'f>(project: &Project, findings: &'f [Finding]) -> Vec<Entry<'f>> {
    let top = Place {
        span: Span::new(0, 0),
        ..findings[0].place
    };
    let edit = |place, content: &str| Edit {
        place,
        content: content.to_owned(),
    };
    let repairs = [
        Repair {
            applicability: Applicability::Safe,
            message: "call `probe_pid`".to_owned(),
            edits: vec![
                edit(top, "from processes import probe_pid\r\n"),
                edit(findings[0].place, "probe_pid(pid)"),
            ],
            obstacle: None,
        },
        Repair {
            applicability: Applicability::Unsafe,
            message: "give another signal".to_owned(),
            edits: vec![edit(place(project, "src/main.rs", "0"), "15")],
            obstacle: None,
        },
        Repair {
            applicability: Applicability::Display,
            message: "start over".to_owned(),
            edits: Vec::new(),
            obstacle: Some("it stands in a macro"),
        },
    ];
    let repairs = repairs.into_iter().map(Some).chain(std::iter::repeat(None));
    let entry = |(finding, repair)| Entry { finding, repair };
    findings.iter().zip(repairs).map(entry).collect()
}

/// The folder `sub` of a repository.
fn root() -> Root {
    let repository = tempfile::tempdir().unwrap();
    std::fs::create_dir(repository.path().join(".git")).unwrap();
    Root::around(repository.path().join("sub"))
}

/// The report on the sample.
fn written(format: Format) -> String {
    let (project, findings) = sample();
    let entries = entries(&project, &findings);
    reported(format, &project, &entries, Applicability::Safe)
}

fn reported(format: Format, project: &Project, entries: &[Entry], least: Applicability) -> String {
    let texts = Texts::new(project);
    let mut out = NoColor::new(Vec::new());
    let root = root();
    let records = records(&texts, entries, &root);
    report(format, &records, &texts, least, &root, &mut out).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

/// A snapshot for each format.
macro_rules! snapshots {
    ($($name:ident: $format:ident,)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(written(Format::$format));
        }
    )*};
}

snapshots! {
    full: Full,
    concise: Concise,
    grouped: Grouped,
    json: Json,
    json_lines: JsonLines,
    github: Github,
    gitlab: Gitlab,
    junit: Junit,
    pylint: Pylint,
}

/// A SARIF log without the pages of the rules.
fn without_rules(log: &str) -> String {
    let mut log: serde_json::Value = serde_json::from_str(log).unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].take();
    let ids = rules.as_array().unwrap().iter().map(|rule| &rule["id"]);
    assert!(ids.eq(RULES.iter().map(|rule| rule.id)));
    serde_json::to_string_pretty(&log).unwrap()
}

#[test]
fn sarif() {
    insta::assert_snapshot!(without_rules(&written(Format::Sarif)));
}

/// A finding in a file with a name as bad as file systems allow.
fn hostile() -> (Project, Vec<Finding>) {
    let name = "-x/%25 a:b,\n::error::\x1b[2J\u{202e}<&\"é\u{ffff}.py";
    let project = project(&[(name, "kill('\x1b[2J')\n")]);
    let found = Finding {
        message: "`\n::error::\x1b[2J` is <not> \"100%\" safe & sound".to_owned(),
        ..finding(place(&project, name, "kill('\x1b[2J')"))
    };
    (project, vec![found])
}

#[test]
fn hostile_names_and_texts() {
    let (project, findings) = hostile();
    let repair = Repair {
        applicability: Applicability::Safe,
        message: "quote it".to_owned(),
        edits: vec![Edit {
            place: findings[0].place,
            content: "'\x1b[2J'".to_owned(),
        }],
        obstacle: None,
    };
    let entries = [Entry {
        finding: &findings[0],
        repair: Some(repair),
    }];
    let mut all = String::new();
    for &format in Format::value_variants() {
        let text = reported(format, &project, &entries, Applicability::Safe);
        assert!(!text.contains('\x1b'), "{format:?}");
        let text = match format {
            Format::Sarif => without_rules(&text),
            _ => text,
        };
        all.push_str(&format!("{format:?}\n{text}\n"));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn json_is_read_as_it_was_written() {
    let (project, findings) = sample();
    let entries = entries(&project, &findings);
    let (texts, root) = (Texts::new(&project), root());
    let records = records(&texts, &entries, &root);
    for format in [Format::Json, Format::JsonLines] {
        let mut out = NoColor::new(Vec::new());
        let least = Applicability::Safe;
        report(format, &records, &texts, least, &root, &mut out).unwrap();
        let once = out.into_inner();
        assert_eq!(json::read(&once).unwrap(), records);
        let text = std::str::from_utf8(&once).unwrap();
        let wide = format!("\u{feff}{text}");
        let wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(json::read(&wide).unwrap(), records);
        let twice = [once.as_slice(), &once].concat();
        assert_eq!(json::read(&twice).unwrap().len(), 2 * records.len());
    }
    assert!(json::read(b"[{}]").is_err() && json::read(b"{}").is_err());
}

/// What is wrong with a report according to a JSON schema.
fn violations(schema: &str, instance: &serde_json::Value) -> Vec<String> {
    let schema = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors = validator.iter_errors(instance);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn reports_follow_the_published_schemas() {
    const SARIF: &str = include_str!("../../tests/schemas/sarif-2.1.0.json");
    const GITLAB: &str = include_str!("../../tests/schemas/gitlab-codeclimate.json");
    let (project, findings) = sample();
    let sample = (&project, entries(&project, &findings));
    let (project, findings) = hostile();
    let finding = &findings[0];
    let hostile = (
        &project,
        vec![Entry {
            finding,
            repair: None,
        }],
    );
    let nothing = (&project, Vec::new());
    for (project, entries) in [sample, hostile, nothing] {
        let value = |format| -> serde_json::Value {
            let text = reported(format, project, &entries, Applicability::Safe);
            serde_json::from_str(&text).unwrap()
        };
        assert_eq!(violations(SARIF, &value(Format::Sarif)), [""; 0]);
        // The schema is that of an element.
        for issue in value(Format::Gitlab).as_array().unwrap() {
            assert_eq!(violations(GITLAB, issue), [""; 0]);
        }
    }
    // They can tell what is wrong.
    let wrong = serde_json::json!({ "version": "2.1.0", "runs": [{}], "description": 1 });
    assert_eq!(violations(SARIF, &wrong).len(), 2);
    assert_eq!(violations(GITLAB, &wrong).len(), 4);
}

#[test]
fn github_is_told_how_many_more_there_are() {
    let project = project(&[("a.py", "kill()\n")]);
    let found = finding(place(&project, "a.py", "kill()"));
    let of = |severity, count| {
        let finding = Finding {
            severity,
            ..found.clone()
        };
        std::iter::repeat_n(finding, count)
    };
    let commands = |findings: Vec<Finding>| -> Vec<String> {
        let entry = |finding| Entry {
            finding,
            repair: None,
        };
        let entries: Vec<Entry> = findings.iter().map(entry).collect();
        let text = reported(Format::Github, &project, &entries, Applicability::Safe);
        text.lines().map(str::to_owned).collect()
    };
    let count = |lines: &[String], command: &str| {
        lines
            .iter()
            .filter(|line| line.starts_with(command))
            .count()
    };
    let full = of(Severity::Error, 10).chain(of(Severity::Note, 9));
    assert_eq!(commands(full.collect()).len(), 19);
    let more = of(Severity::Note, 10).chain(of(Severity::Warning, 12));
    let lines = commands(more.chain(of(Severity::Error, 1)).collect());
    assert_eq!(count(&lines, "::error "), 1);
    assert_eq!(count(&lines, "::warning "), 10);
    assert_eq!(count(&lines, "::notice "), 10);
    assert!(
        lines[20].starts_with("::notice title=footgun-check::2 more warnings, 1 more note: "),
        "{}",
        lines[20]
    );
}

#[test]
fn rules_are_counted_most_first() {
    let (project, mut findings) = sample();
    findings.push(findings[1].clone());
    findings.push(findings[0].clone());
    findings.push(findings[0].clone());
    let entries = entries(&project, &findings);
    let records = records(&Texts::new(&project), &entries, &root());
    let counted = |format| {
        let mut out = NoColor::new(Vec::new());
        statistics::write(format, &records, Applicability::Unsafe, &mut out).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    };
    insta::assert_snapshot!(counted(Format::Sarif));
    insta::assert_snapshot!(counted(Format::Json));
    insta::assert_snapshot!(counted(Format::JsonLines));
}

#[test]
fn full_in_colour() {
    let (project, findings) = sample();
    let entries = &entries(&project, &findings)[..1];
    let mut out = Ansi::new(Vec::new());
    let (texts, root) = (Texts::new(&project), root());
    let records = records(&texts, entries, &root);
    let least = Applicability::Safe;
    report(Format::Full, &records, &texts, least, &root, &mut out).unwrap();
    let text = String::from_utf8(out.into_inner()).unwrap();
    insta::assert_snapshot!(text.replace('\x1b', "ESC"));
}

#[test]
fn unsafe_fixes_are_marked_where_they_are_wanted() {
    let (project, findings) = sample();
    let entries = entries(&project, &findings);
    let marked = |least| {
        let lines = reported(Format::Concise, &project, &entries, least);
        let lines = lines.lines();
        lines.map(|line| line.contains("[*]")).collect::<Vec<_>>()
    };
    assert_eq!(marked(Applicability::Safe), [true, false, false]);
    assert_eq!(marked(Applicability::Unsafe), [true, true, false]);
}

#[test]
fn nothing_found() {
    let project = project(&[]);
    let empty = |format| reported(format, &project, &[], Applicability::Safe);
    for &format in Format::value_variants() {
        let expected = match format {
            Format::Json | Format::Gitlab => "[]\n",
            Format::Junit => {
                insta::assert_snapshot!("junit-of-nothing", empty(format));
                continue;
            }
            Format::Sarif => {
                insta::assert_snapshot!("sarif-of-nothing", without_rules(&empty(format)));
                continue;
            }
            _ => "",
        };
        assert_eq!(empty(format), expected, "{format:?}");
    }
}
