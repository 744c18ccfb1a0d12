//! Which processes are a tree, and in which order it ends: all of `kill_tree` on Windows but the calls
//! to the system.

use std::collections::HashMap;
use std::io;

/// What the end of a tree asks of the system.
pub(crate) trait System {
    type Process;

    /// The number of the caller.
    fn own(&self) -> u32;

    /// Every process that runs, with the number of its parent, who may be gone.
    fn list(&mut self) -> io::Result<Vec<(u32, u32)>>;

    /// Opens the process that has a number now.
    fn open(&mut self, pid: u32) -> Opened<Self::Process>;

    /// The number of its parent, and when it was created.
    fn birth(&mut self, process: &Self::Process) -> io::Result<Birth>;

    /// Whether it still runs.
    fn runs(&mut self, process: &Self::Process) -> io::Result<bool>;

    /// Puts it into the job of those that end, if it may be.
    fn put_into_job(&mut self, process: &Self::Process) -> bool;

    /// Terminates whoever is in the job.
    fn end_job(&mut self) -> io::Result<()>;

    /// Terminates a process.
    fn end(&mut self, process: &Self::Process) -> io::Result<()>;

    /// Waits until a process has ended that was terminated, or for as long as one may.
    fn wait(&mut self, process: &Self::Process);
}

/// What comes of opening a process.
pub(crate) enum Opened<P> {
    /// It may be terminated.
    Mortal(P),
    /// It may be asked, and not be terminated for this error.
    Immortal(P, io::Error),
    /// It may not even be asked, or could not be opened for another reason.
    Closed(io::Error),
    /// Nobody has the number.
    Nobody,
}

/// Where a process comes from.
#[derive(Clone, Copy)]
pub(crate) struct Birth {
    pub(crate) parent: u32,
    pub(crate) created: u64,
}

/// A process of the tree. It is held, so that nobody else gets its number.
struct Member<P> {
    process: P,
    created: u64,
    is_mortal: bool,
}

/// Ends the process of this number and its descendants.
///
/// Each round looks who there is, and ends whom it finds. What the members of a job start meanwhile is in
/// the job and ends with it; what others start before they end is found in the next round, since the
/// handles of the dead keep their numbers. A round that finds nobody is the last one.
pub(crate) fn end_tree<S: System>(system: &mut S, root: u32) -> io::Result<()> {
    let mut refused = Ok(());
    let (process, is_mortal) = match system.open(root) {
        Opened::Mortal(process) => (process, true),
        Opened::Immortal(process, error) => {
            refused = Err(error);
            (process, false)
        }
        Opened::Closed(error) => return Err(error),
        Opened::Nobody => return Err(crate::nobody()),
    };
    let has_ended = !system.runs(&process)?;
    if has_ended {
        // Its descendants may outlive it, as the members of a group on POSIX.
        refused = Ok(());
    }
    let created = system.birth(&process)?.created;
    let root_member = Member {
        process,
        created,
        is_mortal,
    };
    let mut members = HashMap::from([(root, root_member)]);
    let mut new = vec![root];
    let mut can_look = true;
    while can_look {
        match find(system, &mut members, &mut refused) {
            Ok(found) => new.extend(found),
            // Whoever is known ends all the same.
            Err(error) => {
                keep_first(&mut refused, error);
                can_look = false;
            }
        }
        if new.is_empty() {
            break;
        }
        end_all(system, &members, &new, &mut refused);
        new.clear();
    }
    if has_ended && members.len() == 1 {
        keep_first(&mut refused, crate::nobody());
    }
    if let Some(own) = members.get(&system.own()) {
        keep_first_of(&mut refused, system.end(&own.process));
    }
    refused
}

/// Adds the descendants that are not among the members yet; returns their numbers.
fn find<S: System>(
    system: &mut S,
    members: &mut HashMap<u32, Member<S::Process>>,
    refused: &mut io::Result<()>,
) -> io::Result<Vec<u32>> {
    let list = system.list()?;
    let mut found = Vec::new();
    // Those that cannot be opened or do not say where they come from: nobody holds their numbers, so they
    // count for this list only, and are as old as can be.
    let mut closed: HashMap<u32, u64> = HashMap::new();
    loop {
        let known = members.len() + closed.len();
        for &(pid, parent) in &list {
            if pid == parent || members.contains_key(&pid) || closed.contains_key(&pid) {
                continue;
            }
            let parent_created = match (members.get(&parent), closed.get(&parent)) {
                (Some(member), _) => member.created,
                (None, Some(&created)) => created,
                (None, None) => continue,
            };
            let (process, error) = match system.open(pid) {
                Opened::Mortal(process) => (process, None),
                Opened::Immortal(process, error) => (process, Some(error)),
                Opened::Closed(error) => {
                    closed.insert(pid, parent_created);
                    keep_first(refused, error);
                    continue;
                }
                Opened::Nobody => continue,
            };
            let birth = match system.birth(&process) {
                Ok(birth) => birth,
                Err(error) => {
                    closed.insert(pid, parent_created);
                    keep_first(refused, error);
                    continue;
                }
            };
            // Since the list was made, or since the parent began, somebody else may have got a number.
            if birth.parent != parent || birth.created < parent_created {
                continue;
            }
            let is_mortal = error.is_none();
            if let Some(error) = error {
                keep_first(refused, error);
            }
            let created = birth.created;
            members.insert(
                pid,
                Member {
                    process,
                    created,
                    is_mortal,
                },
            );
            found.push(pid);
        }
        if members.len() + closed.len() == known {
            return Ok(found);
        }
    }
}

/// Ends these members, except for the caller, and waits until they have ended.
fn end_all<S: System>(
    system: &mut S,
    members: &HashMap<u32, Member<S::Process>>,
    pids: &[u32],
    refused: &mut io::Result<()>,
) {
    let own = system.own();
    let mortal = || {
        let others = pids.iter().filter(move |pid| **pid != own);
        others
            .map(|pid| &members[pid])
            .filter(|member| member.is_mortal)
    };
    for member in mortal() {
        if !system.put_into_job(&member.process) {
            keep_first_of(refused, system.end(&member.process));
        }
    }
    keep_first_of(refused, system.end_job());
    for member in mortal() {
        system.wait(&member.process);
    }
}

fn keep_first_of(result: &mut io::Result<()>, next: io::Result<()>) {
    if let Err(error) = next {
        keep_first(result, error);
    }
}

fn keep_first(result: &mut io::Result<()>, error: io::Error) {
    if result.is_ok() {
        *result = Err(error);
    }
}

#[cfg(test)]
mod tests;
