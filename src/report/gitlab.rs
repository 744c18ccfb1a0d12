//! A report for GitLab's Code Quality.

use std::borrow::Cow;
use std::io::{self, Write};

use footgun_rules::Severity;
use serde::Serialize;

use super::record::{Location, Record};
use crate::root::Root;

#[derive(Serialize)]
struct Issue<'r> {
    check_name: &'r str,
    description: Cow<'r, str>,
    fingerprint: &'r str,
    severity: &'static str,
    location: Place,
}

/// GitLab reads the line from either; others that read this format know one of them.
#[derive(Serialize)]
struct Place {
    path: String,
    lines: Range<usize>,
    positions: Range<Position>,
}

#[derive(Serialize)]
struct Range<T> {
    begin: T,
    end: T,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

pub(super) fn write(records: &[Record], root: &Root, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<Issue> = records.iter().map(|record| issue(record, root)).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue<'r>(record: &'r Record, root: &Root) -> Issue<'r> {
    let (start, end) = record.extent.in_file();
    let position = |Location { row, column }| Position { line: row, column };
    Issue {
        check_name: &record.rule,
        description: record.extent.message_in_file(&record.message),
        fingerprint: &record.fingerprint,
        severity: match record.severity {
            Severity::Note => "info",
            Severity::Warning => "minor",
            Severity::Error => "major",
        },
        location: Place {
            path: root.stable(record.extent.filename.as_ref()),
            lines: Range {
                begin: start.row,
                end: end.row,
            },
            positions: Range {
                begin: position(start),
                end: position(end),
            },
        },
    }
}
