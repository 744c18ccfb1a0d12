//! What is written about findings, one file per format.

mod changes;
mod concise;
pub mod fingerprint;
mod full;
mod github;
mod gitlab;
mod grouped;
mod json;
mod junit;
pub mod merge;
pub mod places;
mod pylint;
pub mod record;
mod sarif;
pub mod statistics;

use std::io;

use codespan_reporting::term::termcolor::WriteColor;
use footgun_rules::{Applicability, Finding};

use crate::fix::repair::Repair;
use crate::printable::Printable;
use crate::root::Root;
use crate::texts::Texts;
use record::Record;

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// The source, with what is wrong and why pointed out in it.
    Full,
    /// One line for each finding, in the form that editors read.
    Concise,
    /// The findings of each file under its name.
    Grouped,
    /// An array of objects, in the shape of ruff's.
    Json,
    /// The same objects, one on each line.
    JsonLines,
    /// Annotations of GitHub Actions; it shows ten of each severity.
    Github,
    /// A report for GitLab's Code Quality.
    Gitlab,
    /// JUnit's XML, in which each finding is a test that fails.
    Junit,
    /// One line for each finding, in the form of Pylint's.
    Pylint,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// A finding and what repairs it.
#[derive(Debug)]
pub struct Entry<'f> {
    /// The finding.
    pub finding: &'f Finding,
    /// What repairs it, if anything does.
    pub repair: Option<Repair>,
}

/// The findings as reports tell them.
pub fn records(texts: &Texts, entries: &[Entry], root: &Root) -> Vec<Record> {
    let entries = entries.iter();
    entries
        .map(|entry| Record::of(texts, entry, root))
        .collect()
}

/// Writes a report; `least` is the least applicable fix that `--fix` would make, and `texts` are what
/// the full format shows of the source, as far as the findings were made in it.
///
/// # Errors
///
/// The output cannot be written.
pub fn report(
    format: Format,
    records: &[Record],
    texts: &Texts,
    least: Applicability,
    root: &Root,
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    // JSON has escapes of its own.
    match format {
        Format::Full => full::write(records, texts, root, &mut Printable(out)),
        Format::Concise => concise::write(records, least, out),
        Format::Grouped => grouped::write(records, least, out),
        Format::Json => json::write(records, out),
        Format::JsonLines => json::write_lines(records, out),
        Format::Github => github::write(records, root, &mut Printable(out)),
        Format::Gitlab => gitlab::write(records, root, out),
        Format::Junit => junit::write(records, out),
        Format::Pylint => pylint::write(records, out),
        Format::Sarif => sarif::write(records, root, out),
    }?;
    out.flush()
}

/// The records of each file, which stand together.
fn by_file(records: &[Record]) -> impl Iterator<Item = &[Record]> {
    records.chunk_by(|one, next| one.extent.filename == next.extent.filename)
}

#[cfg(test)]
mod tests;
