//! Terminating a process with its descendants.

use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle, OwnedHandle};
use std::process;
use std::ptr;
use std::time::{Duration, Instant};

use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, TerminateJobObject,
};
use windows_sys::Win32::System::Threading::{
    TerminateProcess, WaitForSingleObject, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SET_QUOTA,
    PROCESS_SYNCHRONIZE, PROCESS_TERMINATE,
};

use super::system::{birth, done, open, owned, processes, runs};
use crate::family::{end_tree, Birth, Opened, System};

const EXIT_CODE: u32 = 1;

/// How long the processes of a tree may take to end. One that waits for a driver takes longer, and is
/// not waited for.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) fn kill_tree(pid: i64) -> io::Result<crate::Killed> {
    let pid = u32::try_from(pid).map_err(|_| crate::out_of_range())?;
    // SAFETY: no attributes, no name; the handle is ours or null.
    let job = unsafe { owned(CreateJobObjectW(ptr::null(), ptr::null())) }?;
    let end = Instant::now() + PATIENCE;
    end_tree(&mut Windows { job, end }, pid).map(|()| crate::Killed::Tree)
}

struct Windows {
    job: OwnedHandle,
    end: Instant,
}

impl System for Windows {
    type Process = OwnedHandle;

    fn own(&self) -> u32 {
        process::id()
    }

    fn list(&mut self) -> io::Result<Vec<(u32, u32)>> {
        processes()
    }

    fn open(&mut self, pid: u32) -> Opened<OwnedHandle> {
        let look = PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_SYNCHRONIZE;
        let mut denied = io::ErrorKind::PermissionDenied.into();
        // The right to put it into a job may be missing where that to terminate it is not.
        for access in [PROCESS_TERMINATE | PROCESS_SET_QUOTA, PROCESS_TERMINATE, 0] {
            match open(pid, look | access) {
                Ok(process) if access == 0 => return Opened::Immortal(process, denied),
                Ok(process) => return Opened::Mortal(process),
                Err(error) => match error.kind() {
                    io::ErrorKind::PermissionDenied => denied = error,
                    io::ErrorKind::NotFound => return Opened::Nobody,
                    _ => return Opened::Closed(error),
                },
            }
        }
        Opened::Closed(denied)
    }

    fn birth(&mut self, process: &OwnedHandle) -> io::Result<Birth> {
        birth(process.as_handle())
    }

    fn runs(&mut self, process: &OwnedHandle) -> io::Result<bool> {
        runs(process.as_handle())
    }

    fn put_into_job(&mut self, process: &OwnedHandle) -> bool {
        // A job of other processes may not take this one.
        // SAFETY: both handles are open.
        unsafe { AssignProcessToJobObject(self.job.as_raw_handle(), process.as_raw_handle()) != 0 }
    }

    fn end_job(&mut self) -> io::Result<()> {
        // SAFETY: the handle is open.
        done(unsafe { TerminateJobObject(self.job.as_raw_handle(), EXIT_CODE) })
    }

    fn end(&mut self, process: &OwnedHandle) -> io::Result<()> {
        // SAFETY: the handle is open.
        match done(unsafe { TerminateProcess(process.as_raw_handle(), EXIT_CODE) }) {
            // To terminate what has ended is refused as well.
            Err(error) if runs(process.as_handle())? => Err(error),
            _ => Ok(()),
        }
    }

    fn wait(&mut self, process: &OwnedHandle) {
        let rest = self.end.saturating_duration_since(Instant::now());
        // SAFETY: the handle is open.
        unsafe { WaitForSingleObject(process.as_raw_handle(), rest.as_millis() as u32) };
    }
}
