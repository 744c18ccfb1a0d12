//! Starting a process outside the console, group and jobs of its parent.

use std::io;
use std::mem;
use std::os::windows::io::{AsRawHandle, BorrowedHandle};
use std::os::windows::process::CommandExt;
use std::process::{Child, Command};
use std::ptr;

use windows_sys::Win32::System::Console::GetConsoleCP;
use windows_sys::Win32::System::JobObjects::{
    IsProcessInJob, JobObjectExtendedLimitInformation, QueryInformationJobObject,
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
};
use windows_sys::Win32::System::Threading::{
    OpenThread, ResumeThread, TerminateProcess, CREATE_SUSPENDED, THREAD_SUSPEND_RESUME,
};

use super::strays::close_strays;
use super::system::{done, owned, raw, threads};
use crate::detached::{Detached, Lifetime, Spawn};
use crate::plan::{self, Started};
use crate::Detach;

/// Starts the process suspended, to see to its handles before it runs.
pub(crate) fn spawn_detached<S: Spawn>(
    command: &mut S,
    how: Detach,
) -> io::Result<Detached<S::Child>> {
    let Started { child, stayed } = plan::start(how.creation_flags, |flags| {
        command.std_mut().creation_flags(flags | CREATE_SUSPENDED);
        let child = command.spawn();
        command.std_mut().creation_flags(flags);
        child
    })?;
    let process = S::handle(&child);
    let pid = S::pid(&child);
    // A handle too many is no reason not to start.
    let has_only_streams = close_strays(process, pid).is_ok();
    let lifetime = lifetime(process, stayed);
    if how.creation_flags & CREATE_SUSPENDED == 0 {
        if let Err(error) = resume(pid) {
            // SAFETY: the handle is open.
            unsafe { TerminateProcess(raw(process), 1) };
            return Err(error);
        }
    }
    Ok(Detached::new::<S>(child, pid, lifetime, has_only_streams))
}

/// Nobody has to wait for a child on Windows.
pub(crate) fn abandon(child: Child) {
    drop(child);
}

/// What is known of the jobs of a process, which stayed in that of its parent or left that.
fn lifetime(process: BorrowedHandle<'_>, stayed: bool) -> Lifetime {
    let mut in_job = 0;
    // SAFETY: the handle is open; null stands for any job.
    let asked = done(unsafe { IsProcessInJob(raw(process), ptr::null_mut(), &mut in_job) });
    match (asked, in_job) {
        (Ok(()), 0) => Lifetime::INDEPENDENT,
        _ => Lifetime {
            in_job: true,
            kill_on_close: if stayed { own_job_kills() } else { None },
        },
    }
}

/// Whether the job around this process kills at its end, if the system says.
fn own_job_kills() -> Option<bool> {
    let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
    // SAFETY: null stands for the job of the caller; the limits are of the size that is said.
    let asked = done(unsafe {
        QueryInformationJobObject(
            ptr::null_mut(),
            JobObjectExtendedLimitInformation,
            ptr::addr_of_mut!(limits).cast(),
            mem::size_of_val(&limits) as u32,
            ptr::null_mut(),
        )
    });
    let flags = limits.BasicLimitInformation.LimitFlags;
    asked
        .ok()
        .map(|()| flags & JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE != 0)
}

/// Lets a suspended process run. The handle of its first thread would do, but std keeps it. A thread that
/// somebody else has put into the process may be out of reach, and is his to resume.
fn resume(pid: u32) -> io::Result<()> {
    let mut resumed = Err(io::Error::other("the new process has no thread"));
    for (thread, _) in threads()?.into_iter().filter(|(_, owner)| *owner == pid) {
        match resume_thread(thread) {
            Err(error) if resumed.is_err() => resumed = Err(error),
            Err(_) => {}
            Ok(()) => resumed = Ok(()),
        }
    }
    resumed
}

fn resume_thread(thread: u32) -> io::Result<()> {
    // SAFETY: the call touches no memory, and gives a handle of ours or null.
    let thread = unsafe { owned(OpenThread(THREAD_SUSPEND_RESUME, 0, thread)) }?;
    // SAFETY: the handle is open.
    match unsafe { ResumeThread(thread.as_raw_handle()) } {
        u32::MAX => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

pub(crate) fn hide_console(command: &mut Command) {
    // SAFETY: the call touches no memory.
    let has_console = unsafe { GetConsoleCP() != 0 };
    if let Some(flag) = plan::hiding(has_console) {
        command.creation_flags(flag);
    }
}
