//! The findings of each file under its name, in columns, as ruff groups them.

use std::io::{self, Write};

use footgun_rules::Applicability;

use super::record::Record;
use crate::printable::in_line;

pub(super) fn write(
    records: &[Record],
    least: Applicability,
    out: &mut dyn Write,
) -> io::Result<()> {
    for group in super::by_file(records) {
        writeln!(out, "{}:", in_line(&group[0].extent.filename))?;
        let width = |number: fn(&Record) -> usize| {
            let widths = group.iter().map(|record| number(record).to_string().len());
            widths.max().unwrap_or(0)
        };
        let (rows, columns) = (
            width(|record| record.extent.location.row),
            width(|record| record.extent.location.column),
        );
        for record in group {
            let at = record.extent.location;
            writeln!(
                out,
                "  {:>rows$}:{:<columns$} {} {}{}",
                at.row,
                at.column,
                in_line(&record.rule),
                record.mark(least),
                in_line(&record.message),
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
