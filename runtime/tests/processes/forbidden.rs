//! Processes that permit nothing to anybody.

use std::mem;
use std::os::windows::io::{AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Security::{
    InitializeAcl, InitializeSecurityDescriptor, SetKernelObjectSecurity,
    SetSecurityDescriptorDacl, ACL, ACL_REVISION, DACL_SECURITY_INFORMATION, SECURITY_DESCRIPTOR,
};
use windows_sys::Win32::System::SystemServices::SECURITY_DESCRIPTOR_REVISION;
use windows_sys::Win32::System::Threading::{OpenProcess, TerminateProcess, PROCESS_TERMINATE};

/// The right to change who may do what.
const WRITE_DAC: u32 = 0x0004_0000;

/// A process that nobody may open any more; it is terminated when this is dropped.
pub struct Forbidden(OwnedHandle);

impl Forbidden {
    pub fn process(pid: u32) -> Forbidden {
        // SAFETY: the call touches no memory, and gives a handle of ours or null.
        let process = unsafe { OpenProcess(PROCESS_TERMINATE | WRITE_DAC, 0, pid) };
        assert!(!process.is_null());
        // SAFETY: the handle is open and ours.
        let process = unsafe { OwnedHandle::from_raw_handle(process) };
        // SAFETY: the handle is open as long as it is borrowed.
        forbid(unsafe { BorrowedHandle::borrow_raw(process.as_raw_handle()) });
        Forbidden(process)
    }
}

impl Drop for Forbidden {
    fn drop(&mut self) {
        // SAFETY: the handle is open.
        unsafe { TerminateProcess(self.0.as_raw_handle(), 1) };
    }
}

/// Takes all rights to a process from everybody who does not hold it yet.
pub fn forbid(process: BorrowedHandle<'_>) {
    let mut nobody = ACL::default();
    let mut descriptor = SECURITY_DESCRIPTOR::default();
    let descriptor = ptr::addr_of_mut!(descriptor).cast();
    // SAFETY: the list is of the size that is said, and both live as long as the calls.
    unsafe {
        let size = mem::size_of::<ACL>() as u32;
        assert_ne!(InitializeAcl(&mut nobody, size, ACL_REVISION), 0);
        let revision = SECURITY_DESCRIPTOR_REVISION;
        assert_ne!(InitializeSecurityDescriptor(descriptor, revision), 0);
        assert_ne!(SetSecurityDescriptorDacl(descriptor, 1, &nobody, 0), 0);
        let handle = process.as_raw_handle();
        let set = SetKernelObjectSecurity(handle, DACL_SECURITY_INFORMATION, descriptor);
        assert_ne!(set, 0);
    }
}
