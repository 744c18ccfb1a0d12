//! What it means that a process cannot be opened.

use std::io;

const ERROR_ACCESS_DENIED: i32 = 5;
const ERROR_INVALID_PARAMETER: i32 = 87;

/// Whether nobody has a number whose process could not be opened for this error.
///
/// Access is denied to a process of somebody else, and as well to one that has ended, as long as somebody
/// holds it. Only the former is in the list of processes.
pub(crate) fn is_nobody(
    error: &io::Error,
    is_listed: impl FnOnce() -> io::Result<bool>,
) -> io::Result<bool> {
    match error.raw_os_error() {
        Some(ERROR_INVALID_PARAMETER) => Ok(true),
        Some(ERROR_ACCESS_DENIED) => is_listed().map(|is_listed| !is_listed),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests;
