//! The source with labels: what is wrong, why, and what to do, drawn by codespan-reporting.

use std::io::{self, Write};
use std::ops::Range;

use codespan_reporting::diagnostic::{self, Diagnostic, Label, LabelStyle};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::termcolor::{ColorSpec, WriteColor};
use codespan_reporting::term::{Config, Styles, StylesWriter, emit_to_write_style};
use footgun_analysis::source::{FileId, Place, Span};
use footgun_rules::{Applicability, Severity};

use super::changes::changes;
use super::places::Places;
use super::record::{Extent, Fix, Reason, Record};
use crate::printable::in_line;
use crate::root::Root;
use crate::terminal::links;
use crate::texts::Texts;

pub(super) fn write(
    records: &[Record],
    texts: &Texts,
    root: &Root,
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    let places = Places::of(texts);
    let (config, styles) = (Config::default(), Styles::default());
    let linked = Linked {
        out,
        before: &config.chars.snippet_start,
        is_path: false,
    };
    let mut out = StylesWriter::new(linked, &styles);
    for record in records {
        let diagnostic = match places.has(record, root) {
            true => shown(record, &places),
            false => named(record),
        };
        emit_to_write_style(&mut out, &config, texts, &diagnostic).map_err(
            |error| match error {
                Error::Io(error) => error,
                other => io::Error::other(other),
            },
        )?;
    }
    Ok(())
}

/// A writer that links the path of each snippet with its file. The renderer, which knows no links,
/// writes a path by itself, after a space after the corner of the snippet's border.
struct Linked<'a> {
    out: &'a mut dyn WriteColor,
    /// The corner.
    before: &'a str,
    /// Whether a path is next.
    is_path: bool,
}

impl Write for Linked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_path && bytes != b" " {
            self.is_path = false;
            let name = std::str::from_utf8(bytes).unwrap_or_default();
            let path = name.rsplit_once(CELL).map_or(name, |(path, _)| path);
            links::write(path, self.out)?;
            self.out.write_all(&bytes[path.len()..])?;
            return Ok(bytes.len());
        }
        self.is_path |= bytes == self.before.as_bytes();
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl WriteColor for Linked<'_> {
    fn supports_color(&self) -> bool {
        self.out.supports_color()
    }

    fn set_color(&mut self, spec: &ColorSpec) -> io::Result<()> {
        self.out.set_color(spec)
    }

    fn reset(&mut self) -> io::Result<()> {
        self.out.reset()
    }
}

/// A finding in the source that it was made in.
fn shown(record: &Record, places: &Places) -> Diagnostic<Part> {
    let label = |style, extent: &Extent| {
        let place = places.place(extent)?;
        let part = (place.file, extent.cell);
        Some(Label::new(style, part, place.span.range()))
    };
    let reasons = record.evidence.iter().filter_map(|reason| {
        let label = label(LabelStyle::Secondary, &reason.extent)?;
        Some(label.with_message(&reason.message))
    });
    let is_gone = |reason: &&Reason| places.place(&reason.extent).is_none();
    let edits = |fix| places.edits(record, fix).unwrap_or_default();
    let fix = record.fix.as_ref();
    diagnostic(record)
        .with_labels_iter(label(LabelStyle::Primary, &record.extent))
        .with_labels_iter(reasons)
        .with_notes_iter(record.evidence.iter().filter(is_gone).map(line))
        .with_note(format!("help: {}", record.help))
        .with_notes_iter(fix.map(|fix| note(fix, &changes(places.texts, &edits(fix)))))
}

/// A finding whose source is not there any more, or is another by now.
fn named(record: &Record) -> Diagnostic<Part> {
    diagnostic(record)
        .with_note(format!("at {}", at(&record.extent)))
        .with_notes_iter(record.evidence.iter().map(line))
        .with_note(format!("help: {}", record.help))
        .with_notes_iter(record.fix.as_ref().map(|fix| note(fix, &[])))
}

fn line(Reason { message, extent }: &Reason) -> String {
    format!("{}: {message}", at(extent))
}

fn at(extent: &Extent) -> String {
    format!("{}:{}", in_line(&extent.filename), extent.spot())
}

fn diagnostic(record: &Record) -> Diagnostic<Part> {
    let severity = match record.severity {
        Severity::Note => diagnostic::Severity::Note,
        Severity::Warning => diagnostic::Severity::Warning,
        Severity::Error => diagnostic::Severity::Error,
    };
    Diagnostic::new(severity)
        .with_code(in_line(&record.rule))
        .with_message(in_line(&record.message))
}

/// What a fix does, with the lines that it changes.
fn note(fix: &Fix, changes: &[String]) -> String {
    let sort = match fix.applicability {
        Applicability::Safe => "fix",
        Applicability::Unsafe => "unsafe fix",
        Applicability::Display => "suggestion",
    };
    let mut note = format!("{sort}: {}", fix.message);
    if let Some(obstacle) = &fix.obstacle {
        note.push_str(&format!(" (not done for you: {obstacle})"));
    }
    for line in changes {
        note.push('\n');
        note.push_str(line);
    }
    note
}

/// What stands between the path of a notebook and the number of a cell.
const CELL: &str = ":cell ";

/// What is shown under one name: a file, or a cell of a notebook.
type Part = (FileId, Option<usize>);

/// Rows and columns are those of the other formats.
impl<'a> Files<'a> for Texts<'_> {
    type FileId = Part;
    type Name = String;
    type Source = &'a str;

    fn name(&self, (file, cell): Part) -> Result<String, Error> {
        let cell = cell.map(|cell| format!("{CELL}{cell}"));
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
