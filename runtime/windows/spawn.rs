//! Starting a process outside the console, group and jobs of its parent.

use std::io;
use std::os::windows::io::{AsRawHandle, BorrowedHandle};
use std::os::windows::process::CommandExt;
use std::process::Command;
use std::ptr;

use windows_sys::Win32::System::JobObjects::IsProcessInJob;
use windows_sys::Win32::System::Threading::{
    CREATE_SUSPENDED, OpenThread, ResumeThread, THREAD_SUSPEND_RESUME, TerminateProcess,
};

use super::strays::close_strays;
use super::system::{done, owned, raw, threads};
use crate::detached::{Detached, Lifetime, Spawn};
use crate::plan;

/// Starts the process suspended, to see to its handles before it runs.
pub(crate) fn spawn_detached<S: Spawn>(
    command: &mut S,
    creation_flags: u32,
) -> io::Result<Detached<S::Child>> {
    let child = plan::start(creation_flags, |flags| {
        command.std_mut().creation_flags(flags | CREATE_SUSPENDED);
        let child = command.spawn();
        command.std_mut().creation_flags(flags);
        child
    })?;
    let process = S::handle(&child);
    let pid = S::pid(&child);
    // A handle too many is no reason not to start.
    let _ = close_strays(process, pid);
    let lifetime = lifetime(process);
    if creation_flags & CREATE_SUSPENDED == 0
        && let Err(error) = resume(pid)
    {
        // SAFETY: the handle is open.
        unsafe { TerminateProcess(raw(process), 1) };
        return Err(error);
    }
    Ok(Detached {
        child,
        pid,
        lifetime,
    })
}

/// Where it cannot be seen that a process is free, it is not said.
fn lifetime(process: BorrowedHandle<'_>) -> Lifetime {
    let mut in_job = 0;
    // SAFETY: the handle is open; null stands for any job.
    let asked = done(unsafe { IsProcessInJob(raw(process), ptr::null_mut(), &mut in_job) });
    match (asked, in_job) {
        (Ok(()), 0) => Lifetime::Independent,
        _ => Lifetime::TiedToJob,
    }
}

/// Lets a suspended process run. The handle of its first thread would do, but std keeps it.
fn resume(pid: u32) -> io::Result<()> {
    let mut resumed = Err(io::Error::other("the new process has no thread"));
    for (thread, _) in threads()?.into_iter().filter(|(_, owner)| *owner == pid) {
        // SAFETY: the call touches no memory, and gives a handle of ours or null.
        let thread = unsafe { owned(OpenThread(THREAD_SUSPEND_RESUME, 0, thread)) }?;
        // SAFETY: the handle is open.
        resumed = match unsafe { ResumeThread(thread.as_raw_handle()) } {
            u32::MAX => return Err(io::Error::last_os_error()),
            _ => Ok(()),
        };
    }
    resumed
}

pub(crate) fn hide_console(command: &mut Command) {
    command.creation_flags(plan::CREATE_NO_WINDOW);
}
