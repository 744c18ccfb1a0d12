//! How many findings there are of each rule, most first: the table of ruff's `--statistics`.

use std::collections::HashMap;
use std::io::{self, Write};

use footgun_rules::Applicability;
use serde::Serialize;

use super::Format;
use super::record::Record;
use crate::printable::in_line;

/// The findings of a rule. The JSON is in the shape of ruff's.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Row<'r> {
    code: &'r str,
    name: &'r str,
    count: usize,
    /// Whether `--fix` repairs all of them.
    fixable: bool,
    fixable_count: usize,
}

/// Writes the table in the way of `format`; `least` is the least applicable fix that `--fix` would
/// make.
///
/// # Errors
///
/// The output cannot be written.
pub fn write(
    format: Format,
    records: &[Record],
    least: Applicability,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = rows(records, least);
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &rows)?;
            writeln!(out)?;
        }
        Format::JsonLines => {
            for row in &rows {
                serde_json::to_writer(&mut *out, row)?;
                writeln!(out)?;
            }
        }
        _ => table(&rows, out)?,
    }
    out.flush()
}

fn rows(records: &[Record], least: Applicability) -> Vec<Row<'_>> {
    let mut rows: HashMap<&str, Row> = HashMap::new();
    for record in records {
        let row = rows.entry(&record.rule).or_insert(Row {
            code: &record.rule,
            name: &record.title,
            count: 0,
            fixable: false,
            fixable_count: 0,
        });
        row.count += 1;
        row.fixable_count += usize::from(record.is_fixable(least));
        row.fixable = row.fixable_count == row.count;
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by(|a, b| b.count.cmp(&a.count).then(a.code.cmp(b.code)));
    rows
}

/// The count, the rule and what it finds; `[*]` says that all are fixable, `[-]` that some are.
fn table(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let counts = rows.iter().map(|row| row.count.to_string().len()).max();
    let rules = rows.iter().map(|row| row.code.chars().count()).max();
    let (counts, rules) = (counts.unwrap_or(0), rules.unwrap_or(0));
    for row in rows {
        let mark = match row.fixable_count {
            0 => "[ ]",
            _ if row.fixable => "[*]",
            _ => "[-]",
        };
        let (rule, name) = (in_line(row.code), in_line(row.name));
        writeln!(out, "{:>counts$}\t{rule:rules$}\t{mark} {name}", row.count)?;
    }
    Ok(())
}
