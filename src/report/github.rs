//! Workflow commands, which GitHub Actions shows as annotations of a pull request.
//!
//! A step may make ten annotations of each sort; the rest would be lost without a word.

use std::io::{self, Write};

use footgun_rules::Severity;

use super::record::Record;
use crate::root::Root;

/// How many errors, warnings and notices are written. The tenth notice says how many more there are.
const LIMITS: [(Severity, usize); 3] = [
    (Severity::Error, 10),
    (Severity::Warning, 10),
    (Severity::Note, 9),
];

pub(super) fn write(records: &[Record], root: &Root, out: &mut dyn Write) -> io::Result<()> {
    let mut rest = Vec::new();
    for (severity, limit) in LIMITS {
        let mut some = records.iter().filter(|record| record.severity == severity);
        for record in some.by_ref().take(limit) {
            annotation(record, root, out)?;
        }
        let count = some.count();
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            rest.push(format!("{count} more {}{plural}", severity.word()));
        }
    }
    if !rest.is_empty() {
        let rest = rest.join(", ");
        writeln!(
            out,
            "::notice title=footgun-check::{rest}: GitHub shows ten of each sort; the other output \
             formats show all"
        )?;
    }
    Ok(())
}

fn annotation(record: &Record, root: &Root, out: &mut dyn Write) -> io::Result<()> {
    let command = match record.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (start, end) = record.extent.in_file();
    let file = property(&root.stable(record.extent.filename.as_ref()));
    write!(
        out,
        "::{command} file={file},line={},endLine={}",
        start.row, end.row
    )?;
    // GitHub takes columns only of annotations in one line.
    if start.row == end.row {
        write!(out, ",col={},endColumn={}", start.column, end.column)?;
    }
    let title = property(&format!("footgun-check ({})", record.rule));
    let message = data(&format!(
        "{}\nhelp: {}",
        record.extent.message_in_file(&record.message),
        record.help
    ));
    writeln!(out, ",title={title}::{message}")
}

/// The text of a message, which ends with its line.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which ends with a comma or a colon too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
