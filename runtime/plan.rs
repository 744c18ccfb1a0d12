//! Which creation flags a detached process is asked for with, and when it is asked for again.

use std::io;

use crate::ERROR_ACCESS_DENIED;

pub(crate) const DETACHED_PROCESS: u32 = 0x0000_0008;
pub(crate) const CREATE_NEW_CONSOLE: u32 = 0x0000_0010;
pub(crate) const CREATE_BREAKAWAY_FROM_JOB: u32 = 0x0100_0000;
pub(crate) const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// The flags of the two attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Attempts {
    first: u32,
    second: u32,
}

/// The attempts for a caller who wants these flags besides.
fn attempts(caller: u32) -> Attempts {
    // A console of its own keeps that of the caller away, and unlike CREATE_NEW_PROCESS_GROUP leaves Ctrl+C
    // on for the process and all that it starts. A caller who chose a console of another kind keeps it:
    // Windows would ignore CREATE_NO_WINDOW.
    let console = match caller & (DETACHED_PROCESS | CREATE_NEW_CONSOLE) {
        0 => CREATE_NO_WINDOW,
        _ => 0,
    };
    let flags = caller | console;
    Attempts {
        first: flags | CREATE_BREAKAWAY_FROM_JOB,
        second: flags & !CREATE_BREAKAWAY_FROM_JOB,
    }
}

/// A process, and whether it had to stay in the job of its parent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Started<T> {
    pub(crate) child: T,
    pub(crate) stayed: bool,
}

/// Starts a process with the flags of the first attempt and, where a job may have refused those, with
/// the flags of the second. The error is that of the last attempt made.
pub(crate) fn start<T>(
    caller: u32,
    mut spawn: impl FnMut(u32) -> io::Result<T>,
) -> io::Result<Started<T>> {
    let attempts = attempts(caller);
    let (child, stayed) = match spawn(attempts.first) {
        Err(error) if error.raw_os_error() == Some(ERROR_ACCESS_DENIED) => {
            (spawn(attempts.second)?, true)
        }
        started => (started?, false),
    };
    Ok(Started { child, stayed })
}

/// The flag that a program needs to open no window, if it needs one, for a caller with or without a
/// console. With one, output and Ctrl+C would be lost to the flag.
pub(crate) fn hiding(has_console: bool) -> Option<u32> {
    match has_console {
        true => None,
        false => Some(CREATE_NO_WINDOW),
    }
}

#[cfg(test)]
mod tests;
