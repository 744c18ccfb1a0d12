//! `path:row:column: severity: message [rule]`, one line each, as compilers write and editors read;
//! `path:cell 3:row:column` in notebooks.
//! As in ruff's, `[*]` stands before the message of what `--fix` repairs.

use std::io;

use codespan_reporting::term::termcolor::WriteColor;
use footgun_rules::Applicability;

use super::record::Record;
use crate::printable::in_line;
use crate::terminal::links;

pub(super) fn write(
    records: &[Record],
    least: Applicability,
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    for record in records {
        links::write(&record.extent.filename, out)?;
        writeln!(
            out,
            ":{}: {}: {}{} [{}]",
            record.extent.spot(),
            record.severity.word(),
            record.mark(least),
            in_line(&record.message),
            in_line(&record.rule),
        )?;
    }
    Ok(())
}
