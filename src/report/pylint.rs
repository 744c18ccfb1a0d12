//! `path:row: [rule] message`, one line each: the form of Pylint's that other tools read.

use std::io::{self, Write};

use super::record::Record;
use crate::printable::in_line;

pub(super) fn write(records: &[Record], out: &mut dyn Write) -> io::Result<()> {
    for record in records {
        writeln!(
            out,
            "{}:{}: [{}] {}",
            in_line(&record.extent.filename),
            record.extent.in_file().0.row,
            in_line(&record.rule),
            in_line(&record.extent.message_in_file(&record.message)),
        )?;
    }
    Ok(())
}
