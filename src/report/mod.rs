//! What is written about findings, one file per format.

mod concise;
mod full;
mod json;

use std::io;

use codespan_reporting::term::termcolor::WriteColor;
use footgun_rules::Finding;

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

/// Writes a report on `findings`.
pub fn report(
    format: Format,
    texts: &Texts,
    findings: &[Finding],
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    match format {
        Format::Full => full::write(texts, findings, &mut Printable(out)),
        Format::Concise => concise::write(texts, findings, &mut Printable(out)),
        // JSON has escapes of its own.
        Format::Json => json::write(texts, findings, out),
    }?;
    out.flush()
}

#[cfg(test)]
mod tests;
