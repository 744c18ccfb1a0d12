//! The findings of each file under its name, in columns, as ruff groups them.

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
    for group in super::by_file(records) {
        links::write(&group[0].extent.filename, out)?;
        writeln!(out, ":")?;
        let width = |word: &dyn Fn(&Record) -> String| {
            let widths = group.iter().map(|record| word(record).len());
            widths.max().unwrap_or(0)
        };
        let line = |record: &Record| record.extent.spot().line();
        let column = |record: &Record| record.extent.location.column.to_string();
        let (lines, columns) = (width(&line), width(&column));
        for record in group {
            writeln!(
                out,
                "  {:>lines$}:{:<columns$} {} {}{}",
                line(record),
                column(record),
                in_line(&record.rule),
                record.mark(least),
                in_line(&record.message),
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
