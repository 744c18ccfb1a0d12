//! Handles that a new process inherited by accident.
//!
//! std starts every process with all inheritable handles of its parent, and on stable Rust cannot be
//! told to pass a list of them (`PROC_THREAD_ATTRIBUTE_HANDLE_LIST`); nor does its `Command` reveal its
//! streams, raw arguments and cleared environment, so that nobody else can start the process instead.
//! What is left is to close the surplus in the child before it runs.

use std::collections::HashSet;
use std::io;
use std::mem;
use std::os::windows::io::{AsHandle, BorrowedHandle, OwnedHandle};
use std::process;
use std::ptr;

use windows_sys::Win32::Foundation::{
    CompareObjectHandles, DuplicateHandle, DUPLICATE_CLOSE_SOURCE, DUPLICATE_SAME_ACCESS, HANDLE,
};
use windows_sys::Win32::System::Diagnostics::Debug::ReadProcessMemory;
use windows_sys::Win32::System::Threading::{GetCurrentProcess, PEB, RTL_USER_PROCESS_PARAMETERS};

use super::handles::{handles, Entry};
use super::system::{basic_information, done, owned, raw};

/// Closes every handle that a suspended `child` of this process inherited, but for its standard
/// streams. One that this process closes at the same time may remain.
pub(super) fn close_strays(child: BorrowedHandle<'_>, pid: u32) -> io::Result<()> {
    let streams = streams(child)?;
    let handles = handles()?;
    // An inherited handle has the value of the original. What else Windows may have put into a new process
    // stays.
    let inheritable: HashSet<HANDLE> = handles
        .iter()
        .filter(|entry| entry.is_of(process::id()) && entry.is_inheritable())
        .map(Entry::handle)
        .collect();
    let candidates = handles
        .iter()
        .filter(|entry| entry.is_of(pid))
        .map(Entry::handle)
        .filter(|handle| inheritable.contains(handle) && !streams.contains(handle));
    for handle in candidates {
        let copy = duplicate(child, handle, DUPLICATE_SAME_ACCESS)?;
        // SAFETY: the call merely fails for a value that is no handle any more.
        if unsafe { CompareObjectHandles(handle, raw(copy.as_handle())) } != 0 {
            duplicate(child, handle, DUPLICATE_CLOSE_SOURCE)?;
        }
    }
    Ok(())
}

/// Copies a handle of the child into this process.
fn duplicate(child: BorrowedHandle<'_>, handle: HANDLE, options: u32) -> io::Result<OwnedHandle> {
    let mut copy = ptr::null_mut();
    // SAFETY: the child has not run, so closing its handles surprises nobody; the copy is ours.
    unsafe {
        let own = GetCurrentProcess();
        done(DuplicateHandle(
            raw(child),
            handle,
            own,
            &mut copy,
            0,
            0,
            options,
        ))?;
        owned(copy)
    }
}

/// The standard streams that a new process will find.
fn streams(child: BorrowedHandle<'_>) -> io::Result<[HANDLE; 3]> {
    let basic = basic_information(child)?;
    // SAFETY: both are plain data, and stand where the system put them for this process.
    let parameters: RTL_USER_PROCESS_PARAMETERS = unsafe {
        let block: PEB = read(child, basic.PebBaseAddress)?;
        read(child, block.ProcessParameters)?
    };
    // The documentation calls these reserved: StandardInput, StandardOutput, StandardError.
    let [_, _, input, output, error, ..] = parameters.Reserved2;
    Ok([input, output, error])
}

/// Copies a value out of the memory of the child.
///
/// # Safety
///
/// Any bytes make a `T`.
unsafe fn read<T>(child: BorrowedHandle<'_>, address: *const T) -> io::Result<T> {
    let mut value = mem::MaybeUninit::<T>::uninit();
    let mut length = 0;
    // SAFETY: there is room for what is read.
    done(unsafe {
        ReadProcessMemory(
            raw(child),
            address.cast(),
            value.as_mut_ptr().cast(),
            mem::size_of::<T>(),
            &mut length,
        )
    })?;
    if length != mem::size_of::<T>() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    // SAFETY: all its bytes have been read, and any will do.
    Ok(unsafe { value.assume_init() })
}
