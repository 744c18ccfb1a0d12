//! A finding as reports tell it: what every format is written from, and what is read back from JSON. Field names and their order are those of the JSON.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::path::Path;

use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::Place;
use footgun_rules::{Applicability, Severity, rule};
use serde::{Deserialize, Serialize};

use super::Entry;
use super::fingerprint::fingerprint;
use crate::fix::repair::{Repair, is_made};
use crate::root::Root;
use crate::texts::{Spot, Texts};

/// A finding and what repairs it, without the project it was found in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The id of the rule.
    #[serde(rename = "code")]
    pub rule: String,
    /// What the rule finds, in a few words.
    #[serde(rename = "name")]
    pub title: String,
    /// What happens on Windows, in one sentence.
    pub message: String,
    /// How bad it is.
    #[serde(with = "SeverityWord")]
    pub severity: Severity,
    /// What it points at.
    #[serde(flatten)]
    pub extent: Extent,
    /// What repairs it, if anything does.
    pub fix: Option<Fix>,
    /// The page of the rule. Tools that read ruff's JSON expect the key; there is no site yet.
    pub url: Option<String>,
    /// Why.
    pub evidence: Vec<Reason>,
    /// What to do, in one sentence.
    pub help: String,
    /// The same for the same finding after lines around it have moved, and for no other.
    pub fingerprint: String,
}

/// What repairs a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Who may make the edits.
    #[serde(with = "ApplicabilityWord")]
    pub applicability: Applicability,
    /// What is done, in a few words.
    pub message: String,
    /// Why there are no edits, in a clause, if it is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub obstacle: Option<String>,
    /// The edits, made together or not at all; none where it is only a suggestion.
    pub edits: Vec<Replacement>,
}

/// A text in the place of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The file, where it is not the one of the finding.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub filename: Option<String>,
    /// As that of an [`Extent`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cell: Option<usize>,
    /// The new text.
    pub content: String,
    /// Where the old text begins.
    pub location: Location,
    /// The position after its last character.
    pub end_location: Location,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What it tells.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub extent: Extent,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// The path as it was given or found below what was given, with `/`.
    pub filename: String,
    /// In a notebook, the number of the cell, from 1; rows are counted in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cell: Option<usize>,
    /// Where the part begins.
    pub location: Location,
    /// The position after its last character.
    pub end_location: Location,
}

/// A row and a column, both from 1; columns count Unicode characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Location {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
}

/// [`Severity::word`] as serde sees it.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Severity", rename_all = "lowercase")]
enum SeverityWord {
    Note,
    Warning,
    Error,
}

/// [`Applicability::word`] as serde sees it.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Applicability", rename_all = "lowercase")]
enum ApplicabilityWord {
    Display,
    Unsafe,
    Safe,
}

impl Record {
    /// The record of a finding in `texts`.
    pub fn of(texts: &Texts, Entry { finding, repair }: &Entry, root: &Root) -> Record {
        let reasons = finding.evidence.iter().map(|evidence| Reason {
            message: evidence.message.clone(),
            extent: extent(texts, evidence.place),
        });
        Record {
            rule: finding.rule.to_owned(),
            title: rule(finding.rule)
                .map_or(finding.rule, |rule| rule.title)
                .to_owned(),
            message: finding.message.clone(),
            severity: finding.severity,
            extent: extent(texts, finding.place),
            fix: repair
                .as_ref()
                .map(|repair| fix(texts, repair, finding.place)),
            url: None,
            evidence: reasons.collect(),
            help: finding.help.clone(),
            fingerprint: fingerprint(texts, finding.rule, finding.place, root),
        }
    }

    /// Whether `--fix` repairs it, where it makes everything from `least` on.
    pub fn is_fixable(&self, least: Applicability) -> bool {
        let fix = self.fix.as_ref();
        fix.is_some_and(|fix| is_made(fix.applicability, least))
    }

    /// The mark of ruff's before the message of what is fixable, else nothing.
    pub(super) fn mark(&self, least: Applicability) -> &'static str {
        match self.is_fixable(least) {
            true => "[*] ",
            false => "",
        }
    }

    /// Whether two records are of one finding.
    pub(super) fn is_same(&self, other: &Record) -> bool {
        self.rule == other.rule && self.extent == other.extent
    }

    /// The order of findings: by path, folder by folder, then position, then rule.
    pub(crate) fn order(&self, other: &Record) -> Ordering {
        let key =
            |Record { extent, .. }: &Record| (extent.cell, extent.location, extent.end_location);
        Path::new(&self.extent.filename)
            .cmp(Path::new(&other.extent.filename))
            .then_with(|| key(self).cmp(&key(other)))
            .then_with(|| self.rule.cmp(&other.rule))
    }
}

impl Extent {
    /// Where it begins, in the words of [`Spot`].
    pub(super) fn spot(&self) -> Spot {
        Spot {
            cell: self.cell,
            row: self.location.row,
            column: self.location.column,
        }
    }

    /// Where it begins and ends for tools that know nothing of cells: they show the file as it is, so
    /// a notebook's rows would be those of other lines.
    pub(super) fn in_file(&self) -> (Location, Location) {
        const SOMEWHERE: Location = Location { row: 1, column: 1 };
        match self.cell {
            Some(_) => (SOMEWHERE, SOMEWHERE),
            None => (self.location, self.end_location),
        }
    }

    /// A message about it, which says where it is in case [`Extent::in_file`] does not tell.
    pub(super) fn message_in_file<'m>(&self, message: &'m str) -> Cow<'m, str> {
        match self.cell {
            Some(_) => Cow::Owned(format!("{}: {message}", self.spot().line())),
            None => Cow::Borrowed(message),
        }
    }
}

impl Replacement {
    /// The file it is in, being part of a fix of `record`.
    pub fn filename<'r>(&'r self, record: &'r Record) -> &'r str {
        self.filename.as_deref().unwrap_or(&record.extent.filename)
    }
}

fn fix(texts: &Texts, repair: &Repair, finding: Place) -> Fix {
    let replacement = |edit: &Edit| Replacement {
        filename: (edit.place.file != finding.file).then(|| texts.name(edit.place.file)),
        cell: texts.start(edit.place).cell,
        content: edit.content.clone(),
        location: texts.start(edit.place).into(),
        end_location: texts.end(edit.place).into(),
    };
    Fix {
        applicability: repair.applicability,
        message: repair.message.clone(),
        obstacle: repair.obstacle.map(str::to_owned),
        edits: repair.edits.iter().map(replacement).collect(),
    }
}

fn extent(texts: &Texts, place: Place) -> Extent {
    let start = texts.start(place);
    Extent {
        filename: texts.name(place.file),
        cell: start.cell,
        location: start.into(),
        end_location: texts.end(place).into(),
    }
}

impl From<Spot> for Location {
    fn from(Spot { row, column, .. }: Spot) -> Location {
        Location { row, column }
    }
}
