//! Makes one report of several, which may be those of shards.

use std::fs;
use std::path::PathBuf;

use super::json;
use super::record::Record;
use crate::shown::shown;
use crate::trouble::reason;

/// The findings of JSON reports, in the order of one run, each once.
///
/// # Errors
///
/// A file that cannot be read or is no such report, with what is wrong.
pub fn merge(files: &[PathBuf]) -> Result<Vec<Record>, String> {
    let mut records = Vec::new();
    for path in files {
        let error = |why: String| format!("{}: {why}", shown(path));
        let bytes = fs::read(path).map_err(|wrong| error(reason(&wrong)))?;
        let read = json::read(&bytes)
            .map_err(|wrong| error(format!("not a report in JSON by footgun-check: {wrong}")))?;
        records.extend(read);
    }
    records.sort_by(Record::order);
    records.dedup_by(|next, first| next.is_same(first));
    Ok(records)
}
