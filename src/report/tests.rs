//! Whole reports on findings made by hand.

use codespan_reporting::term::termcolor::{Ansi, NoColor};
use footgun_analysis::facts::Evidence;
use footgun_analysis::project::Project;
use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{Place, Span};
use footgun_rules::{Applicability, Finding};

use super::{Entry, Format, report};
use crate::fix::repair::Repair;
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
            severity: footgun_rules::Severity::Warning,
            ..finding(place(&project, "src/main.rs", "kill(\r        0,\r    )"))
        },
        Finding {
            rule: "sample-note",
            severity: footgun_rules::Severity::Note,
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
    let entry = |(finding, repair)| Entry {
        finding,
        repair: Some(repair),
    };
    findings.iter().zip(repairs).map(entry).collect()
}

fn written(format: Format) -> String {
    let (project, findings) = sample();
    let entries = entries(&project, &findings);
    let mut out = NoColor::new(Vec::new());
    let least = Applicability::Safe;
    report(format, &Texts::new(&project), &entries, least, &mut out).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

#[test]
fn full() {
    insta::assert_snapshot!(written(Format::Full));
}

#[test]
fn full_in_colour() {
    let (project, findings) = sample();
    let entries = &entries(&project, &findings)[..1];
    let texts = Texts::new(&project);
    let mut out = Ansi::new(Vec::new());
    report(Format::Full, &texts, entries, Applicability::Safe, &mut out).unwrap();
    let text = String::from_utf8(out.into_inner()).unwrap();
    insta::assert_snapshot!(text.replace('\x1b', "ESC"));
}

#[test]
fn concise() {
    insta::assert_snapshot!(written(Format::Concise));
}

#[test]
fn unsafe_fixes_are_marked_where_they_are_wanted() {
    let (project, findings) = sample();
    let entries = entries(&project, &findings);
    let marked = |least| {
        let mut out = NoColor::new(Vec::new());
        report(
            Format::Concise,
            &Texts::new(&project),
            &entries,
            least,
            &mut out,
        )
        .unwrap();
        let lines = String::from_utf8(out.into_inner()).unwrap();
        lines
            .lines()
            .map(|line| line.contains("[*]"))
            .collect::<Vec<_>>()
    };
    assert_eq!(marked(Applicability::Safe), [true, false, false]);
    assert_eq!(marked(Applicability::Unsafe), [true, true, false]);
}

#[test]
fn json() {
    insta::assert_snapshot!(written(Format::Json));
}

#[test]
fn escape_sequences_of_a_file_are_not_passed_on() {
    let project = project(&[("a\x1b[2J.py", "kill('\x1b[2J')\n")]);
    let texts = Texts::new(&project);
    let found = finding(place(&project, "a\x1b[2J.py", "kill('\x1b[2J')"));
    let repair = Repair {
        applicability: Applicability::Safe,
        message: "quote it".to_owned(),
        edits: vec![Edit {
            place: found.place,
            content: "'\x1b[2J'".to_owned(),
        }],
        obstacle: None,
    };
    let found = [Entry {
        finding: &found,
        repair: Some(repair),
    }];
    for format in [Format::Full, Format::Concise, Format::Json] {
        let mut out = NoColor::new(Vec::new());
        report(format, &texts, &found, Applicability::Safe, &mut out).unwrap();
        assert!(!out.into_inner().contains(&b'\x1b'), "{format:?}");
    }
}

#[test]
fn nothing_found() {
    let project = project(&[]);
    let empty = |format| {
        let mut out = NoColor::new(Vec::new());
        report(
            format,
            &Texts::new(&project),
            &[],
            Applicability::Safe,
            &mut out,
        )
        .unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    };
    assert_eq!(empty(Format::Full), "");
    assert_eq!(empty(Format::Concise), "");
    assert_eq!(empty(Format::Json), "[]\n");
}
