//! Makes one report of several, which may be those of shards.

use std::fs;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::json;
use super::record::Record;
use crate::shown::shown;
use crate::trouble::reason;

/// Why reports cannot be merged.
#[derive(Debug, Error)]
pub enum MergeError {
    /// A file cannot be read.
    #[error("{}: {}", shown(.path), reason(.error))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        error: io::Error,
    },
    /// A file is no report.
    #[error("{}: not a report in JSON by footgun-check: {error}", shown(.path))]
    NoReport {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// The findings of JSON reports, in the order of one run, each once.
///
/// # Errors
///
/// A file that cannot be read or is no such report, with what is wrong.
pub fn merge(files: &[PathBuf]) -> Result<Vec<Record>, MergeError> {
    let mut records = Vec::new();
    for path in files {
        let bytes = fs::read(path).map_err(|error| MergeError::Unreadable {
            path: path.clone(),
            error,
        })?;
        let read = json::read(&bytes).map_err(|error| MergeError::NoReport {
            path: path.clone(),
            error,
        })?;
        records.extend(read);
    }
    records.sort_by(Record::order);
    records.dedup_by(|next, first| next.is_same(first));
    Ok(records)
}
