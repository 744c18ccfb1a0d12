//! `path:row:column: severity: message [rule]`, one line each, as compilers write and editors read.
//! As in ruff's, `[*]` stands before the message of what `--fix` repairs.

use std::io::{self, Write};

use footgun_rules::Applicability;

use super::record::Record;
use crate::printable::in_line;

pub(super) fn write(
    records: &[Record],
    least: Applicability,
    out: &mut dyn Write,
) -> io::Result<()> {
    for record in records {
        let at = record.extent.location;
        writeln!(
            out,
            "{}:{}:{}: {}: {}{} [{}]",
            in_line(&record.extent.filename),
            at.row,
            at.column,
            record.severity.word(),
            record.mark(least),
            in_line(&record.message),
            in_line(&record.rule),
        )?;
    }
    Ok(())
}
