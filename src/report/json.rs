//! JSON in the shape of ruff's, with the evidence, the help and a fingerprint of each finding: an
//! array, or an object on each line. Reports of both forms can be read again.

use std::io::{self, Write};

use super::record::Record;

pub(super) fn write(records: &[Record], out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, records)?;
    writeln!(out)
}

pub(super) fn write_lines(records: &[Record], out: &mut dyn Write) -> io::Result<()> {
    for record in records {
        serde_json::to_writer(&mut *out, record)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Reads a report, or several one after the other.
pub(super) fn read(bytes: &[u8]) -> serde_json::Result<Vec<Record>> {
    match bytes.trim_ascii_start().first() {
        Some(b'[') => {
            let arrays = serde_json::Deserializer::from_slice(bytes).into_iter::<Vec<Record>>();
            Ok(arrays.collect::<Result<Vec<_>, _>>()?.concat())
        }
        _ => serde_json::Deserializer::from_slice(bytes)
            .into_iter()
            .collect(),
    }
}
