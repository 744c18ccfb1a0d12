//! POSIX: every function makes the call that one would make by hand, and cleans up after it.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::io::RawFd;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::detached::{Detached, Lifetime, Spawn};
use crate::{Detach, Killed, Search};

/// The children that nobody waits for.
static ABANDONED: Mutex<Vec<Child>> = Mutex::new(Vec::new());

pub(crate) fn spawn_detached<S: Spawn>(
    command: &mut S,
    how: Detach,
) -> io::Result<Detached<S::Child>> {
    reap(&mut abandoned());
    let strays = match how.only_streams {
        true => strays().ok(),
        false => None,
    };
    let has_only_streams = strays.is_some();
    let strays = strays.unwrap_or_default();
    // SAFETY: the hook only makes system calls that are async-signal-safe, and allocates nothing.
    unsafe {
        command.std_mut().pre_exec(move || {
            lead_session()?;
            strays
                .iter()
                .for_each(|descriptor| close_on_exec(*descriptor));
            Ok(())
        });
    }
    let child = command.spawn()?;
    let pid = S::pid(&child);
    Ok(Detached::new::<S>(
        child,
        pid,
        Lifetime::INDEPENDENT,
        has_only_streams,
    ))
}

/// Makes the calling process lead a session.
fn lead_session() -> io::Result<()> {
    // SAFETY: the call touches no memory.
    if unsafe { libc::setsid() } != -1 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    // Another hook has done it: one of the caller, or that of an earlier spawn of the same command.
    if leads_session() {
        return Ok(());
    }
    Err(error)
}

#[cfg(not(target_os = "redox"))]
fn leads_session() -> bool {
    // SAFETY: the calls touch no memory.
    unsafe { libc::getsid(0) == libc::getpid() }
}

/// `libc` has no `getsid` for it.
#[cfg(target_os = "redox")]
fn leads_session() -> bool {
    false
}

/// The descriptors that every child of this process inherits, without the standard streams. What a hook of
/// the caller opens in the child is not among them.
fn strays() -> io::Result<Vec<RawFd>> {
    let entries = fs::read_dir("/dev/fd")?;
    let number = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    let inherited = |descriptor: &RawFd| {
        // SAFETY: the call touches no memory, and merely fails for what is no descriptor.
        let flags = unsafe { libc::fcntl(*descriptor, libc::F_GETFD) };
        *descriptor > 2 && flags != -1 && flags & libc::FD_CLOEXEC == 0
    };
    Ok(entries.filter_map(number).filter(inherited).collect())
}

fn close_on_exec(descriptor: RawFd) {
    // SAFETY: the call touches no memory, and merely fails for what is no descriptor.
    unsafe { libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC) };
}

/// Waits for a child when it has ended, so that it does not stay a zombie. Until then only its number is
/// kept, not our ends of its pipes.
pub(crate) fn abandon(mut child: Child) {
    drop((child.stdin.take(), child.stdout.take(), child.stderr.take()));
    let mut children = abandoned();
    children.push(child);
    reap(&mut children);
}

fn abandoned() -> MutexGuard<'static, Vec<Child>> {
    // A panic between two children leaves both as they are.
    ABANDONED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn reap(children: &mut Vec<Child>) {
    children.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
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
