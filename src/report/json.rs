//! A JSON array in the shape of ruff's, with our evidence.

use std::io;

use codespan_reporting::term::termcolor::WriteColor;
use footgun_analysis::source::{Place, Position};
use footgun_rules::rule;
use serde::Serialize;

use super::Entry;
use crate::fix::repair::Repair;
use crate::texts::Texts;

/// A finding. Ruff's `url` is there for the tools that expect it; there is no site yet.
#[derive(Serialize)]
struct Object<'a> {
    code: &'a str,
    name: &'a str,
    message: &'a str,
    severity: &'a str,
    #[serde(flatten)]
    extent: Extent,
    fix: Option<Fix<'a>>,
    url: Option<&'a str>,
    evidence: Vec<Reason<'a>>,
}

#[derive(Serialize)]
struct Fix<'a> {
    applicability: &'a str,
    message: &'a str,
    edits: Vec<Replacement<'a>>,
}

/// An edit; it is in the file of the finding.
#[derive(Serialize)]
struct Replacement<'a> {
    content: &'a str,
    location: Location,
    end_location: Location,
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

pub(super) fn write(texts: &Texts, entries: &[Entry], out: &mut dyn WriteColor) -> io::Result<()> {
    let objects: Vec<Object> = entries.iter().map(|entry| object(texts, entry)).collect();
    serde_json::to_writer_pretty(&mut *out, &objects)?;
    writeln!(out)
}

fn object<'a>(texts: &Texts, Entry { finding, repair }: &'a Entry) -> Object<'a> {
    let reasons = finding.evidence.iter().map(|evidence| Reason {
        message: &evidence.message,
        extent: extent(texts, evidence.place),
    });
    Object {
        code: finding.rule,
        name: rule(finding.rule).map_or(finding.rule, |rule| rule.title),
        message: &finding.message,
        severity: finding.severity.word(),
        extent: extent(texts, finding.place),
        fix: repair.as_ref().map(|repair| fix(texts, repair)),
        url: None,
        evidence: reasons.collect(),
    }
}

fn fix<'a>(texts: &Texts, repair: &'a Repair) -> Fix<'a> {
    let edits = repair.edits.iter().map(|edit| Replacement {
        content: &edit.content,
        location: texts.start(edit.place).into(),
        end_location: texts.end(edit.place).into(),
    });
    Fix {
        applicability: repair.applicability.word(),
        message: &repair.message,
        edits: edits.collect(),
    }
}

fn extent(texts: &Texts, place: Place) -> Extent {
    Extent {
        filename: texts.name(place.file),
        location: texts.start(place).into(),
        end_location: texts.end(place).into(),
    }
}

impl From<Position> for Location {
    fn from(Position { row, column }: Position) -> Location {
        Location { row, column }
    }
}
