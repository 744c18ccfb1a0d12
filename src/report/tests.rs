//! Whole reports on findings made by hand.

use codespan_reporting::term::termcolor::{Ansi, NoColor};
use footgun_analysis::facts::Evidence;
use footgun_analysis::project::Project;
use footgun_rules::Finding;

use super::{Format, report};
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

fn written(format: Format) -> String {
    let (project, findings) = sample();
    let mut out = NoColor::new(Vec::new());
    report(format, &Texts::new(&project), &findings, &mut out).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

#[test]
fn full() {
    insta::assert_snapshot!(written(Format::Full));
}

#[test]
fn full_in_colour() {
    let (project, findings) = sample();
    let mut out = Ansi::new(Vec::new());
    report(
        Format::Full,
        &Texts::new(&project),
        &findings[..1],
        &mut out,
    )
    .unwrap();
    let text = String::from_utf8(out.into_inner()).unwrap();
    insta::assert_snapshot!(text.replace('\x1b', "ESC"));
}

#[test]
fn concise() {
    insta::assert_snapshot!(written(Format::Concise));
}

#[test]
fn json() {
    insta::assert_snapshot!(written(Format::Json));
}

#[test]
fn escape_sequences_of_a_file_are_not_passed_on() {
    let project = project(&[("a\x1b[2J.py", "kill('\x1b[2J')\n")]);
    let texts = Texts::new(&project);
    let found = [finding(place(&project, "a\x1b[2J.py", "kill('\x1b[2J')"))];
    for format in [Format::Full, Format::Concise, Format::Json] {
        let mut out = NoColor::new(Vec::new());
        report(format, &texts, &found, &mut out).unwrap();
        assert!(!out.into_inner().contains(&b'\x1b'), "{format:?}");
    }
}

#[test]
fn nothing_found() {
    let project = project(&[]);
    let empty = |format| {
        let mut out = NoColor::new(Vec::new());
        report(format, &Texts::new(&project), &[], &mut out).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    };
    assert_eq!(empty(Format::Full), "");
    assert_eq!(empty(Format::Concise), "");
    assert_eq!(empty(Format::Json), "[]\n");
}
