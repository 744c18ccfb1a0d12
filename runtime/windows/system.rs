//! Win32 in the terms of std: owned handles, and errors as values.

use std::io;
use std::mem;
use std::os::windows::io::{AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::core::BOOL;
use windows_sys::Wdk::System::Threading::{NtQueryInformationProcess, ProcessBasicInformation};
use windows_sys::Win32::Foundation::{
    RtlNtStatusToDosError, FILETIME, HANDLE, INVALID_HANDLE_VALUE, NTSTATUS, WAIT_OBJECT_0,
    WAIT_TIMEOUT,
};
use windows_sys::Win32::System::Diagnostics::ToolHelp::{
    CreateToolhelp32Snapshot, Process32FirstW, Process32NextW, Thread32First, Thread32Next,
    CREATE_TOOLHELP_SNAPSHOT_FLAGS, PROCESSENTRY32W, TH32CS_SNAPPROCESS, TH32CS_SNAPTHREAD,
    THREADENTRY32,
};
use windows_sys::Win32::System::Threading::{
    GetProcessId, GetProcessTimes, OpenProcess, WaitForSingleObject, PROCESS_ACCESS_RIGHTS,
    PROCESS_BASIC_INFORMATION,
};

use crate::family::Birth;
use crate::nobody;
use crate::opening::meaning;

/// A handle as Win32 takes it.
pub(super) fn raw(handle: BorrowedHandle<'_>) -> HANDLE {
    handle.as_raw_handle()
}

/// The result of a call that says whether it succeeded.
pub(super) fn done(success: BOOL) -> io::Result<()> {
    match success {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// The result of a call into the kernel.
pub(super) fn succeeded(status: NTSTATUS) -> io::Result<()> {
    match status {
        0.. => Ok(()),
        // SAFETY: the call only translates a number.
        _ => Err(io::Error::from_raw_os_error(unsafe {
            RtlNtStatusToDosError(status) as i32
        })),
    }
}

/// The result of a call that makes a handle or gives null.
///
/// # Safety
///
/// The handle is null or the caller's to close.
pub(super) unsafe fn owned(handle: HANDLE) -> io::Result<OwnedHandle> {
    if handle.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle is open and ours.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) })
}

/// Opens the process with exactly this number.
pub(super) fn open(pid: u32, access: PROCESS_ACCESS_RIGHTS) -> io::Result<OwnedHandle> {
    // SAFETY: the call touches no memory, and gives a handle of ours or null.
    let process = match unsafe { owned(OpenProcess(access, 0, pid)) } {
        Ok(process) => process,
        Err(error) => return Err(meaning(error, || is_listed(pid))),
    };
    // Windows leaves the two low bits out of account when it looks for a number.
    // SAFETY: the handle is open.
    match unsafe { GetProcessId(process.as_raw_handle()) } == pid {
        true => Ok(process),
        false => Err(nobody()),
    }
}

/// Whether a process that runs has this number.
fn is_listed(pid: u32) -> io::Result<bool> {
    Ok(processes()?.iter().any(|(other, _)| *other == pid))
}

/// Whether a process still runs. An exit code would not tell: 259 means that it runs, or that it ended
/// with 259.
pub(super) fn runs(process: BorrowedHandle<'_>) -> io::Result<bool> {
    // SAFETY: the handle is open.
    match unsafe { WaitForSingleObject(raw(process), 0) } {
        WAIT_TIMEOUT => Ok(true),
        WAIT_OBJECT_0 => Ok(false),
        _ => Err(io::Error::last_os_error()),
    }
}

/// The number of the parent of a process, and when it was created, in units of 100 ns since 1601.
pub(super) fn birth(process: BorrowedHandle<'_>) -> io::Result<Birth> {
    let [mut created, mut exited, mut kernel, mut user] = [FILETIME::default(); 4];
    // SAFETY: the handle is open, the pointers lead to what the call writes.
    done(unsafe {
        GetProcessTimes(
            raw(process),
            &mut created,
            &mut exited,
            &mut kernel,
            &mut user,
        )
    })?;
    Ok(Birth {
        parent: basic_information(process)?.InheritedFromUniqueProcessId as u32,
        created: u64::from(created.dwHighDateTime) << 32 | u64::from(created.dwLowDateTime),
    })
}

/// What the kernel says of a process first.
pub(super) fn basic_information(
    process: BorrowedHandle<'_>,
) -> io::Result<PROCESS_BASIC_INFORMATION> {
    let mut basic = PROCESS_BASIC_INFORMATION::default();
    // SAFETY: the handle is open, the pointer leads to what the call writes.
    succeeded(unsafe {
        NtQueryInformationProcess(
            raw(process),
            ProcessBasicInformation,
            ptr::addr_of_mut!(basic).cast(),
            mem::size_of_val(&basic) as u32,
            ptr::null_mut(),
        )
    })?;
    Ok(basic)
}

/// Every process there is, with the number of the one that created it.
pub(super) fn processes() -> io::Result<Vec<(u32, u32)>> {
    let entry = PROCESSENTRY32W {
        dwSize: mem::size_of::<PROCESSENTRY32W>() as u32,
        ..PROCESSENTRY32W::default()
    };
    let list = |entry: &PROCESSENTRY32W| (entry.th32ProcessID, entry.th32ParentProcessID);
    snapshot(
        TH32CS_SNAPPROCESS,
        entry,
        Process32FirstW,
        Process32NextW,
        list,
    )
}

/// Every thread there is, with the number of its process.
pub(super) fn threads() -> io::Result<Vec<(u32, u32)>> {
    let entry = THREADENTRY32 {
        dwSize: mem::size_of::<THREADENTRY32>() as u32,
        ..THREADENTRY32::default()
    };
    let list = |entry: &THREADENTRY32| (entry.th32ThreadID, entry.th32OwnerProcessID);
    snapshot(TH32CS_SNAPTHREAD, entry, Thread32First, Thread32Next, list)
}

type Step<E> = unsafe extern "system" fn(HANDLE, *mut E) -> BOOL;

fn snapshot<E, T>(
    what: CREATE_TOOLHELP_SNAPSHOT_FLAGS,
    mut entry: E,
    first: Step<E>,
    next: Step<E>,
    list: impl Fn(&E) -> T,
) -> io::Result<Vec<T>> {
    // SAFETY: the call touches no memory.
    let snapshot = match unsafe { CreateToolhelp32Snapshot(what, 0) } {
        INVALID_HANDLE_VALUE => ptr::null_mut(),
        snapshot => snapshot,
    };
    // SAFETY: the handle is ours or null.
    let snapshot = unsafe { owned(snapshot) }?;
    let mut listed = Vec::new();
    let mut step = first;
    // SAFETY: the handle is open, the entry is of the size it says.
    while unsafe { step(snapshot.as_raw_handle(), &mut entry) } != 0 {
        listed.push(list(&entry));
        step = next;
    }
    Ok(listed)
}
