//! What is written about findings, one file per format.

mod changes;
mod concise;
mod full;
mod json;

use std::io;

use codespan_reporting::term::termcolor::WriteColor;
use footgun_rules::{Applicability, Finding};

use crate::fix::repair::Repair;
use crate::printable::Printable;
use crate::texts::Texts;

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// The source, with what is wrong and why pointed out in it.
    Full,
    /// One line for each finding, in the form that editors read.
    Concise,
    /// An array of objects, in the shape of ruff's.
    Json,
}

/// A finding and what repairs it.
#[derive(Debug)]
pub struct Entry<'f> {
    /// The finding.
    pub finding: &'f Finding,
    /// What repairs it, if anything does.
    pub repair: Option<Repair>,
}

/// Writes a report on findings; `least` is the least applicable fix that `--fix` would make.
pub fn report(
    format: Format,
    texts: &Texts,
    entries: &[Entry],
    least: Applicability,
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    match format {
        Format::Full => full::write(texts, entries, &mut Printable(out)),
        Format::Concise => concise::write(texts, entries, least, &mut Printable(out)),
        // JSON has escapes of its own.
        Format::Json => json::write(texts, entries, out),
    }?;
    out.flush()
}

#[cfg(test)]
mod tests;
