//! What it means that a process cannot be opened.

use std::io;

use crate::{nobody, ERROR_ACCESS_DENIED};

const ERROR_INVALID_PARAMETER: i32 = 87;

/// The error to give for a number whose process could not be opened for this one.
///
/// Access is denied to a process of somebody else, and as well to one that has ended, as long as somebody
/// holds it. Only the former is in the list of processes.
pub(crate) fn meaning(error: io::Error, is_listed: impl FnOnce() -> io::Result<bool>) -> io::Error {
    match error.raw_os_error() {
        Some(ERROR_INVALID_PARAMETER) => nobody(),
        Some(ERROR_ACCESS_DENIED) => match is_listed() {
            Ok(true) => error,
            Ok(false) => nobody(),
            Err(unknown) => unknown,
        },
        _ => error,
    }
}

#[cfg(test)]
mod tests;
