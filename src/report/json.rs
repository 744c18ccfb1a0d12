//! A JSON array in the shape of ruff's, with our evidence.

use std::io;

use codespan_reporting::term::termcolor::WriteColor;
use footgun_analysis::source::{Place, Position};
use footgun_rules::{Finding, rule};
use serde::Serialize;

use crate::texts::Texts;

/// A finding. Ruff's `fix` and `url` are there for the tools that expect them; there are no fixes
/// and no site yet.
#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    name: &'a str,
    message: &'a str,
    severity: &'a str,
    #[serde(flatten)]
    extent: Extent,
    fix: Option<()>,
    url: Option<&'a str>,
    evidence: Vec<Reason<'a>>,
}

#[derive(Serialize)]
struct Reason<'a> {
    message: &'a str,
    #[serde(flatten)]
    extent: Extent,
}

#[derive(Serialize)]
struct Extent {
    filename: String,
    location: Location,
    end_location: Location,
}

#[derive(Serialize)]
struct Location {
    row: usize,
    column: usize,
}

pub(super) fn write(
    texts: &Texts,
    findings: &[Finding],
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    let entries: Vec<Entry> = findings
        .iter()
        .map(|finding| entry(texts, finding))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    writeln!(out)
}

fn entry<'a>(texts: &Texts, finding: &'a Finding) -> Entry<'a> {
    let reasons = finding.evidence.iter().map(|evidence| Reason {
        message: &evidence.message,
        extent: extent(texts, evidence.place),
    });
    Entry {
        code: finding.rule,
        name: rule(finding.rule).map_or(finding.rule, |rule| rule.title),
        message: &finding.message,
        severity: finding.severity.word(),
        extent: extent(texts, finding.place),
        fix: None,
        url: None,
        evidence: reasons.collect(),
    }
}

fn extent(texts: &Texts, place: Place) -> Extent {
    let location = |Position { row, column }| Location { row, column };
    Extent {
        filename: texts.name(place.file),
        location: location(texts.start(place)),
        end_location: location(texts.end(place)),
    }
}
