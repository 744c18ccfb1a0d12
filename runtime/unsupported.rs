//! Platforms without processes, or of which nothing is known: names stay as they are, all else is an error.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command};

use crate::detached::{Detached, Spawn};
use crate::{Detach, Killed, Search};

pub(crate) fn spawn_detached<S: Spawn>(
    _command: &mut S,
    _how: Detach,
) -> io::Result<Detached<S::Child>> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn abandon(child: Child) {
    drop(child);
}

pub(crate) fn probe_pid(_pid: i64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn kill_tree(_pid: i64) -> io::Result<Killed> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn resolve(program: &OsStr, _search: &Search) -> PathBuf {
    PathBuf::from(program)
}

pub(crate) fn hide_console(_command: &mut Command) {}
