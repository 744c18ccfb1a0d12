//! `path:row:column: severity: message [rule]`, one line each, as compilers write and editors read;
//! `path:cell 3:row:column` in notebooks.
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
        writeln!(
            out,
            "{}:{}: {}: {}{} [{}]",
            in_line(&record.extent.filename),
            record.extent.spot(),
            record.severity.word(),
            record.mark(least),
            in_line(&record.message),
            in_line(&record.rule),
        )?;
    }
    Ok(())
}
