//! Rounds of fixes made by hand, judged by the real rules.

use super::*;
use crate::premises::Premises;
use crate::terminal::progress::Progress;
use crate::testing::project;
use footgun_analysis::source::Span;
use footgun_rules::RULES;

const PROBE: &str =
    "import os\ndef one(pid):\n    os.kill(pid, 0)\ndef two(pid):\n    os.kill(pid, 0)\n";

fn edit(place: Place, content: &str) -> Edit {
    Edit {
        place,
        content: content.to_owned(),
    }
}

fn safe(mut edits: Vec<Edit>) -> Repair {
    edits.sort();
    Repair {
        applicability: Applicability::Safe,
        message: String::new(),
        edits,
        obstacle: None,
    }
}

/// A repair that writes something else in the place of the statement, after an import.
fn replace(finding: &Finding, content: &str) -> Repair {
    let top = Place {
        span: Span::new(0, 0),
        ..finding.statement
    };
    safe(vec![
        edit(finding.statement, content),
        edit(top, "import x\n"),
    ])
}

/// The texts of the files `a.py`, `b.py` … after fixing; the rows and rules that were given up; what
/// is left.
fn fixed(
    texts: &[&str],
    repair: impl Fn(&Snapshot, &Finding) -> Option<Repair> + Sync,
) -> (Vec<String>, Vec<(usize, &'static str)>, usize) {
    let names = ["a.py", "b.py", "c.py"];
    let files: Vec<(&str, &str)> = names.into_iter().zip(texts.iter().copied()).collect();
    let premises = Premises::plain(RULES);
    let start = Snapshot::new(project(&files).files, &premises, &Progress::default());
    let repairs = |snapshot: &Snapshot| {
        let findings = snapshot.checked.findings.iter();
        findings.map(|finding| repair(snapshot, finding)).collect()
    };
    let outcome = fix(&start, &repairs, Applicability::Safe);
    let end = outcome.snapshot.as_ref().unwrap_or(&start);
    let row = |place: Place| {
        let text = &end.project.file(place.file).text;
        text[..place.span.range().start].matches('\n').count() + 1
    };
    (
        end.files().map(|(_, source)| source.text.clone()).collect(),
        outcome
            .given_up
            .iter()
            .map(|&(rule, place)| (row(place), rule))
            .collect(),
        end.checked.findings.len(),
    )
}

#[test]
fn a_shared_import_is_added_once() {
    assert_eq!(
        fixed(&[PROBE], |_, finding| Some(replace(finding, "x.probe(pid)"))),
        (
            vec!["import x\nimport os\ndef one(pid):\n    x.probe(pid)\ndef two(pid):\n    x.probe(pid)\n".to_owned()],
            vec![],
            0
        )
    );
}

#[test]
fn fixes_that_meet_are_made_one_after_the_other() {
    let repair = |snapshot: &Snapshot, finding: &Finding| {
        let text = &snapshot.project.file(finding.place.file).text;
        let count = text.matches("import x").count();
        let mut repair = replace(finding, "x.probe(pid)");
        repair.edits[0].content = format!("import x{count}{}\n", finding.place.span.start);
        Some(repair)
    };
    let (texts, given_up, left) = fixed(&[PROBE], repair);
    assert_eq!(texts[0].matches("import x").count(), 2);
    assert_eq!((given_up, left), (vec![], 0));
}

#[test]
fn a_fix_that_does_not_hold_is_given_up_and_the_others_are_made() {
    // The finding is still there, there are two of them, the text does not parse any more: the
    // file, its function alone.
    for wrong in [
        "os.kill(pid, 0)  # fixed",
        "os.kill(pid, 0); os.kill(pid, 0)",
        "x.probe(pid",
        "x = = pid",
    ] {
        let repair = |snapshot: &Snapshot, finding: &Finding| {
            let before = finding.statement.span.range().start;
            let text = &snapshot.project.file(finding.place.file).text[..before];
            let is_two = text.contains("two");
            Some(replace(
                finding,
                if is_two { wrong } else { "x.probe(pid)" },
            ))
        };
        assert_eq!(
            fixed(&[PROBE, PROBE], repair),
            (
                vec![
                    PROBE
                        .replacen("import os", "import x\nimport os", 1)
                        .replacen("os.kill(pid, 0)", "x.probe(pid)", 1);
                    2
                ],
                vec![(6, "pid-probe"), (6, "pid-probe")],
                2
            ),
            "{wrong}"
        );
    }
}

#[test]
fn what_was_broken_before_may_stay_so_and_nothing_else() {
    let broken = "    y = = 1\n";
    let text = format!("{PROBE}{broken}def three(pid):\n    os.kill(pid, 0)\n");
    let repair = |snapshot: &Snapshot, finding: &Finding| {
        let before = finding.statement.span.range().start;
        let text = &snapshot.project.file(finding.place.file).text[..before];
        let wrong = match text.matches("def").count() {
            1 => "x.probe(pid)",
            // Beside what is broken.
            2 => "x = = pid",
            _ => "x.probe(pid) x",
        };
        Some(replace(finding, wrong))
    };
    let fixed_text = text
        .replacen("import os", "import x\nimport os", 1)
        .replacen("os.kill(pid, 0)", "x.probe(pid)", 1);
    assert_eq!(
        fixed(&[&text], repair),
        (
            vec![fixed_text],
            vec![(6, "pid-probe"), (9, "pid-probe")],
            2
        )
    );
}

#[test]
fn what_a_fix_brings_to_another_file_is_its_fault() {
    let helper = "def probe(pid):\n    pass\n";
    let caller = "import os\nfrom b import probe\ndef one(pid):\n    os.kill(pid, 0)\n";
    let repair = |snapshot: &Snapshot, finding: &Finding| {
        let other = snapshot.project.at("b.py")?;
        let text = &snapshot.project.file(other).text;
        let end = Span::new(text.len(), text.len());
        let place = Place {
            file: other,
            span: end,
        };
        Some(safe(vec![
            edit(finding.statement, "probe(pid)"),
            edit(place, "import os\ndef other(pid):\n    os.kill(pid, 0)\n"),
        ]))
    };
    assert_eq!(
        fixed(&[caller, helper], repair),
        (
            vec![caller.to_owned(), helper.to_owned()],
            vec![(4, "pid-probe")],
            1
        )
    );
}

#[test]
fn a_comment_that_is_not_needed_any_more_is_no_fault() {
    let text = "import os\ndef one(pid):\n    # footgun: ignore[bare-shim]\n    os.kill(pid, 0)\n";
    let repair = |_: &Snapshot, finding: &Finding| {
        (finding.rule == "pid-probe").then(|| replace(finding, "x.probe(pid)"))
    };
    let (texts, given_up, left) = fixed(&[text], repair);
    assert!(texts[0].contains("x.probe(pid)"));
    assert_eq!((given_up, left), (vec![], 1));
}

#[test]
fn suggestions_and_unwanted_fixes_are_not_made() {
    for applicability in [Applicability::Display, Applicability::Unsafe] {
        let repair = |_: &Snapshot, finding: &Finding| {
            Some(Repair {
                applicability,
                ..replace(finding, "x.probe(pid)")
            })
        };
        assert_eq!(fixed(&[PROBE], repair), (vec![PROBE.to_owned()], vec![], 2));
    }
}
