//! The source with labels: what is wrong, why, and what to do, drawn by codespan-reporting.

use std::io;
use std::ops::Range;

use codespan_reporting::diagnostic::{self, Diagnostic, Label};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::termcolor::WriteColor;
use codespan_reporting::term::{Config, Styles, StylesWriter, emit_to_write_style};
use footgun_analysis::source::{FileId, Place, Span};
use footgun_rules::{Applicability, Severity};

use super::Entry;
use super::changes::changes;
use crate::fix::repair::Repair;
use crate::printable::in_line;
use crate::texts::Texts;

pub(super) fn write(texts: &Texts, entries: &[Entry], out: &mut dyn WriteColor) -> io::Result<()> {
    let (config, styles) = (Config::default(), Styles::default());
    let mut out = StylesWriter::new(out, &styles);
    for entry in entries {
        let diagnostic = diagnostic(texts, entry);
        emit_to_write_style(&mut out, &config, texts, &diagnostic).map_err(
            |error| match error {
                Error::Io(error) => error,
                other => io::Error::other(other),
            },
        )?;
    }
    Ok(())
}

fn diagnostic(texts: &Texts, Entry { finding, repair }: &Entry) -> Diagnostic<Part> {
    let severity = match finding.severity {
        Severity::Note => diagnostic::Severity::Note,
        Severity::Warning => diagnostic::Severity::Warning,
        Severity::Error => diagnostic::Severity::Error,
    };
    let evidence = finding.evidence.iter().map(|evidence| {
        Label::secondary(part(texts, evidence.place), evidence.place.span.range())
            .with_message(&evidence.message)
    });
    Diagnostic::new(severity)
        .with_code(finding.rule)
        .with_message(in_line(&finding.message))
        .with_label(Label::primary(
            part(texts, finding.place),
            finding.place.span.range(),
        ))
        .with_labels_iter(evidence)
        .with_note(format!("help: {}", finding.help))
        .with_notes_iter(repair.as_ref().map(|repair| note(texts, repair)))
}

/// What a repair does, with the lines that it changes.
fn note(texts: &Texts, repair: &Repair) -> String {
    let sort = match repair.applicability {
        Applicability::Safe => "fix",
        Applicability::Unsafe => "unsafe fix",
        Applicability::Display => "suggestion",
    };
    let mut note = format!("{sort}: {}", repair.message);
    if let Some(obstacle) = repair.obstacle {
        note.push_str(&format!(" (not done for you: {obstacle})"));
    }
    for line in changes(texts, &repair.edits) {
        note.push('\n');
        note.push_str(&line);
    }
    note
}

/// What is shown under one name: a file, or a cell of a notebook.
type Part = (FileId, Option<usize>);

fn part(texts: &Texts, place: Place) -> Part {
    (place.file, texts.start(place).cell)
}

/// Rows and columns are those of the other formats.
impl<'a> Files<'a> for Texts<'_> {
    type FileId = Part;
    type Name = String;
    type Source = &'a str;

    fn name(&self, (file, cell): Part) -> Result<String, Error> {
        let cell = cell.map(|cell| format!(":cell {cell}"));
        let name = Texts::name(self, file) + &cell.unwrap_or_default();
        Ok(in_line(&name).into_owned())
    }

    fn source(&'a self, (file, _): Part) -> Result<&'a str, Error> {
        Ok(self.text(file))
    }

    fn line_index(&self, (file, _): Part, offset: usize) -> Result<usize, Error> {
        Ok(self.lines(file).row(offset as u32) - 1)
    }

    fn line_number(&self, (file, _): Part, line: usize) -> Result<usize, Error> {
        let start = self.lines(file).range(self.text(file), line + 1).start;
        let span = Span::new(start, start);
        Ok(self.start(Place { file, span }).row)
    }

    fn column_number(&self, (file, _): Part, _: usize, offset: usize) -> Result<usize, Error> {
        let span = Span::new(offset, offset);
        Ok(self.start(Place { file, span }).column)
    }

    fn line_range(&self, (file, _): Part, line: usize) -> Result<Range<usize>, Error> {
        let lines = self.lines(file);
        if line >= lines.count() {
            return Err(Error::LineTooLarge {
                given: line,
                max: lines.count() - 1,
            });
        }
        Ok(lines.range(self.text(file), line + 1))
    }
}
