//! Ignore comments for what is found, as edits: a project can begin to use the command with what it
//! has.

use std::collections::{BTreeMap, BTreeSet};

use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{FileId, Language, Place, Span};

use footgun_rules::{Applicability, Finding};

use super::repair::Repair;
use super::snapshot::Snapshot;
use crate::texts::Texts;

/// What somebody is to replace.
pub const NO_REASON: &str = "TODO: why this is fine on Windows";

/// Comments that silence the findings of a snapshot for a reason. Findings in one place share one.
pub fn comments(snapshot: &Snapshot, reason: &str) -> Vec<Option<Repair>> {
    let texts = Texts::new(&snapshot.project);
    let findings = &snapshot.checked.findings;
    let spots: Vec<Option<Spot>> = findings
        .iter()
        .map(|finding| Spot::of(&texts, finding))
        .collect();
    let mut rules: BTreeMap<&Spot, BTreeSet<&str>> = BTreeMap::new();
    for (spot, finding) in spots.iter().zip(findings) {
        if let Some(spot) = spot {
            rules.entry(spot).or_default().insert(finding.rule);
        }
    }
    let repair = |spot: &Spot| Repair {
        applicability: Applicability::Safe,
        message: "accept the finding".to_owned(),
        edits: vec![spot.edit(&texts, rules[spot].iter().copied(), reason)],
        obstacle: None,
    };
    spots.iter().map(|spot| spot.as_ref().map(repair)).collect()
}

/// Where a comment can stand.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    file: FileId,
    form: Form,
    /// For a comment of its own line the row before which it stands, else the row that it ends.
    row: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// On a line of its own, about the statement below.
    Above,
    /// At the end of a line of the statement.
    Trailing,
    /// On a line of its own, about the file.
    File,
}

impl Spot {
    /// The first place at which a comment about `finding` is one: some rows begin or end in a string
    /// or go on in the next. A program inside a string has its comment on its file.
    fn of(texts: &Texts, finding: &Finding) -> Option<Spot> {
        let places = [finding.statement, finding.place];
        let spot = |place: Place, form, row| Spot {
            file: place.file,
            form,
            row,
        };
        let above = places.map(|place| spot(place, Form::Above, texts.rows(place).0));
        let trailing = places.map(|place| spot(place, Form::Trailing, texts.rows(place).1));
        let top = spot(
            finding.place,
            Form::File,
            first_row(texts, finding.place.file),
        );
        above
            .into_iter()
            .chain(trailing)
            .chain([top])
            .find(|spot| spot.is_comment(texts, finding.rule))
    }

    fn edit<'r>(
        &self,
        texts: &Texts,
        rules: impl IntoIterator<Item = &'r str>,
        reason: &str,
    ) -> Edit {
        let text = texts.text(self.file);
        let range = texts.lines(self.file).range(text, self.row);
        let line = &text[range.clone()];
        let rules: Vec<&str> = rules.into_iter().collect();
        let marker = marker(texts, self.file);
        let verb = match self.form {
            Form::Above | Form::Trailing => "ignore",
            Form::File => "ignore-file",
        };
        let comment = format!("{marker} footgun: {verb}[{}] {reason}", rules.join(", "));
        let (at, content) = match self.form {
            Form::Above | Form::File => {
                let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
                let ending = ending(texts, self.file, self.row);
                (range.start, format!("{indent}{comment}{ending}"))
            }
            Form::Trailing => (range.start + line.trim_end().len(), format!("  {comment}")),
        };
        Edit {
            place: Place {
                file: self.file,
                span: Span::new(at, at),
            },
            content,
        }
    }

    /// Whether what would be written here is a comment, and not a part of a string or of a line that
    /// goes on.
    fn is_comment(&self, texts: &Texts, rule: &str) -> bool {
        let text = texts.text(self.file);
        let edit = self.edit(texts, [rule], NO_REASON);
        let at = edit.place.span.range().start;
        if text[..at].trim_end_matches(['\r', '\n']).ends_with('\\') {
            return false;
        }
        let new = super::apply::apply(text, [&edit]);
        let start = at + (edit.content.len() - edit.content.trim_start().len());
        let end = at + edit.content.trim_end().len();
        let language = texts.project().file(self.file).language;
        footgun_analysis::comments(&new, language)
            .iter()
            .any(|comment| comment.span.contains(Span::new(start, end)))
    }
}

/// The marker of a comment.
fn marker(texts: &Texts, file: FileId) -> &'static str {
    match texts.project().file(file).language {
        Language::Python => "#",
        Language::Rust => "//",
    }
}

/// The first row that is neither for the operating system nor about the encoding.
fn first_row(texts: &Texts, file: FileId) -> usize {
    let (text, lines) = (texts.text(file), texts.lines(file));
    (1..lines.count())
        .find(|&row| !text[lines.range(text, row)].starts_with('#'))
        .unwrap_or(lines.count())
}

/// How a row ends; one that does not ends as the row before.
fn ending(texts: &Texts, file: FileId, row: usize) -> &'static str {
    let (text, lines) = (texts.text(file), texts.lines(file));
    let ends = |row| {
        let line = &text[lines.range(text, row)];
        ["\r\n", "\n", "\r"]
            .into_iter()
            .find(|ending| line.ends_with(ending))
    };
    (1..=row).rev().find_map(ends).unwrap_or("\n")
}

#[cfg(test)]
#[path = "ignore_tests.rs"]
mod tests;
