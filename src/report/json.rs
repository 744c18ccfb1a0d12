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

/// Reads a report, or several one after the other. A byte order mark tells the encoding: shells write
/// what they redirect in that of their own.
pub(super) fn read(bytes: &[u8]) -> serde_json::Result<Vec<Record>> {
    let (text, _, _) = encoding_rs::UTF_8.decode(bytes);
    let values = serde_json::Deserializer::from_str(&text);
    match text.trim_start().starts_with('[') {
        true => {
            let arrays = values.into_iter::<Vec<Record>>();
            Ok(arrays.collect::<Result<Vec<_>, _>>()?.concat())
        }
        false => values.into_iter().collect(),
    }
}
