//! The list of all open handles.

use std::io;
use std::mem;

use windows_sys::Wdk::System::SystemInformation::{
    NtQuerySystemInformation, SYSTEM_INFORMATION_CLASS,
};
use windows_sys::Win32::Foundation::{HANDLE, STATUS_INFO_LENGTH_MISMATCH};

use super::system::succeeded;

/// `SystemExtendedHandleInformation`, which is not documented.
const ALL_HANDLES: SYSTEM_INFORMATION_CLASS = 64;

/// `OBJ_INHERIT`.
const INHERITABLE: u32 = 2;

/// The head of the list.
#[repr(C)]
#[derive(Clone, Copy)]
struct Head {
    count: usize,
    reserved: usize,
}

/// An entry of the list.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Entry {
    object: usize,
    process: usize,
    handle: usize,
    access: u32,
    back_trace: u16,
    kind: u16,
    attributes: u32,
    reserved: u32,
}

impl Entry {
    /// Whether a handle belongs to this process.
    pub(super) fn is_of(&self, pid: u32) -> bool {
        self.process == pid as usize
    }

    pub(super) fn is_inheritable(&self) -> bool {
        self.attributes & INHERITABLE != 0
    }

    /// The handle, as its own process calls it.
    pub(super) fn handle(&self) -> HANDLE {
        self.handle as HANDLE
    }
}

/// Every open handle of every process.
pub(super) fn handles() -> io::Result<Vec<Entry>> {
    let mut room = 1 << 14;
    loop {
        // Words are aligned as head and entries need it.
        let mut list = vec![0_usize; room];
        let mut needed = 0;
        // SAFETY: the list has the size that is said.
        let status = unsafe {
            let size = u32::try_from(mem::size_of_val(&*list)).map_err(io::Error::other)?;
            NtQuerySystemInformation(ALL_HANDLES, list.as_mut_ptr().cast(), size, &mut needed)
        };
        if status == STATUS_INFO_LENGTH_MISMATCH {
            // Meanwhile there may be more of them.
            room = (needed as usize / mem::size_of::<usize>()).max(room) / 2 * 3;
            continue;
        }
        succeeded(status)?;
        let head = list.as_ptr().cast::<Head>();
        // SAFETY: the system wrote a head and after it as many entries as it says.
        return Ok(unsafe {
            std::slice::from_raw_parts(head.add(1).cast::<Entry>(), (*head).count).to_vec()
        });
    }
}
