//! Whether a process exists.

use std::io;
use std::os::windows::io::AsHandle;

use windows_sys::Win32::System::Threading::{
    PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE,
};

use super::system::{open, runs};
use crate::nobody;

pub(crate) fn probe_pid(pid: i64) -> io::Result<()> {
    if pid < 0 {
        return Err(nobody());
    }
    let pid = u32::try_from(pid).map_err(|_| crate::out_of_range())?;
    // That it opens says little: it does as long as anybody holds a handle.
    let process = open(pid, PROCESS_SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION)?;
    match runs(process.as_handle())? {
        true => Ok(()),
        false => Err(nobody()),
    }
}
