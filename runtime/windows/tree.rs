//! Terminating a process with its descendants.

use std::collections::HashMap;
use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, TerminateJobObject,
};
use windows_sys::Win32::System::Threading::{
    PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SET_QUOTA, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE,
    TerminateProcess,
};

use super::system::{created, done, nobody, open, owned, processes, runs};

const EXIT_CODE: u32 = 1;

/// A process of the tree.
struct Member {
    process: OwnedHandle,
    created: u64,
}

pub(crate) fn kill_tree(pid: i64) -> io::Result<()> {
    let pid = u32::try_from(pid).map_err(|_| crate::out_of_range())?;
    let root = member(pid)?;
    let has_ended = !runs(root.process.as_handle())?;
    // What a member of the job starts from now on is in the job too, so that nothing slips through
    // between the last look at the list and the end.
    // SAFETY: no attributes, no name; the handle is ours or null.
    let job = unsafe { owned(CreateJobObjectW(ptr::null(), ptr::null())) }?;
    let mut members = HashMap::new();
    add(&job, &mut members, pid, root);
    let mut result = add_descendants(&job, &mut members);
    // Its descendants may outlive it, as the members of a group on POSIX.
    if has_ended && members.len() == 1 {
        result = result.and(Err(nobody()));
    }
    // Also where the search failed: whoever is in the job cannot leave it any more.
    // SAFETY: the handle is open.
    unsafe { TerminateJobObject(job.as_raw_handle(), EXIT_CODE) };
    for member in members.values() {
        result = result.and(end(member));
    }
    result
}

/// Adds all descendants of the members, and fails in the end if one may not be added.
fn add_descendants(job: &OwnedHandle, members: &mut HashMap<u32, Member>) -> io::Result<()> {
    let mut result = Ok(());
    loop {
        let known = members.len();
        for (pid, parent) in processes()? {
            let Some(parent) = members.get(&parent) else {
                continue;
            };
            if members.contains_key(&pid) {
                continue;
            }
            match member(pid) {
                // A number is reused: a child is not older than its parent.
                Ok(child) if child.created >= parent.created => add(job, members, pid, child),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => result = Err(error),
            }
        }
        if members.len() == known {
            return result;
        }
    }
}

fn member(pid: u32) -> io::Result<Member> {
    let access = PROCESS_QUERY_LIMITED_INFORMATION
        | PROCESS_SET_QUOTA
        | PROCESS_SYNCHRONIZE
        | PROCESS_TERMINATE;
    let process = open(pid, access)?;
    let created = created(process.as_handle())?;
    Ok(Member { process, created })
}

/// A job of other processes may not take this one; then it is terminated by itself.
fn add(job: &OwnedHandle, members: &mut HashMap<u32, Member>, pid: u32, member: Member) {
    // SAFETY: both handles are open.
    unsafe { AssignProcessToJobObject(job.as_raw_handle(), member.process.as_raw_handle()) };
    members.insert(pid, member);
}

/// Terminates a process that its job has not ended.
fn end(member: &Member) -> io::Result<()> {
    // SAFETY: the handle is open.
    let ended = done(unsafe { TerminateProcess(member.process.as_raw_handle(), EXIT_CODE) });
    match ended {
        // To terminate what has ended is refused as well.
        Err(error) if runs(member.process.as_handle())? => Err(error),
        _ => Ok(()),
    }
}
