//! POSIX: every function makes the call that one would make by hand.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use crate::detached::{Detached, Lifetime, Spawn};
use crate::{Killed, Search};

pub(crate) fn spawn_detached<S: Spawn>(
    command: &mut S,
    _creation_flags: u32,
) -> io::Result<Detached<S::Child>> {
    // SAFETY: `lead_session` only makes system calls that are async-signal-safe, and allocates nothing.
    unsafe {
        command.std_mut().pre_exec(lead_session);
    }
    let child = command.spawn()?;
    Ok(Detached {
        pid: S::pid(&child),
        child,
        lifetime: Lifetime::INDEPENDENT,
    })
}

/// Makes the calling process lead a session.
fn lead_session() -> io::Result<()> {
    // SAFETY: none of these calls touches memory.
    unsafe {
        if libc::setsid() != -1 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        // A command that is detached for the second time brings the hook of the first.
        if libc::getsid(0) == libc::getpid() {
            return Ok(());
        }
        Err(error)
    }
}

pub(crate) fn probe_pid(pid: i64) -> io::Result<()> {
    kill(pid, 0)
}

pub(crate) fn kill_tree(pid: i64) -> io::Result<Killed> {
    match kill(-pid, libc::SIGKILL) {
        // There is no such group; the process may be there all the same.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            kill(pid, libc::SIGKILL).map(|()| Killed::ProcessAlone)
        }
        killed => killed.map(|()| Killed::Tree),
    }
}

fn kill(pid: i64, signal: libc::c_int) -> io::Result<()> {
    let pid = libc::pid_t::try_from(pid).map_err(|_| crate::out_of_range())?;
    // SAFETY: the call touches no memory.
    if unsafe { libc::kill(pid, signal) } == 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::ESRCH) => Err(crate::nobody()),
        _ => Err(error),
    }
}

pub(crate) fn resolve(program: &OsStr, _search: &Search) -> PathBuf {
    PathBuf::from(program)
}

pub(crate) fn hide_console(_command: &mut Command) {}
