//! A process that is meant to outlive its parent, and what is known of its chances.

use std::io;
use std::process::{Child, Command};

use crate::platform;

/// Whether a process outlives the jobs of its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// It is in no job, so none can end it. Always so off Windows.
    ///
    /// Job objects are all that is looked at: a service manager that ends whole control groups, or a
    /// host that hunts processes by their environment, ends it all the same.
    Independent,
    /// It is in a job, because the job of its parent, or an outer one, forbids breakaway. It is
    /// terminated when that job is: when the last handle of a `KILL_ON_JOB_CLOSE` job closes, or
    /// when whoever holds the job says so.
    TiedToJob,
}

/// A process that [`spawn_detached`] started.
///
/// Dropping it neither ends nor waits for the process. On POSIX the process becomes a zombie if it
/// ends before its parent and nobody waits for it.
#[derive(Debug)]
pub struct Detached<C = Child> {
    pub(crate) child: C,
    pub(crate) pid: u32,
    pub(crate) lifetime: Lifetime,
}

impl<C> Detached<C> {
    /// The process number, valid as long as this value lives: the system gives it to nobody else
    /// before the handle of the child is closed (on Windows) or the child is waited for (on POSIX).
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether the process outlives the jobs of its parent, as seen when it was started.
    pub fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    /// The child, with its pipes.
    pub fn child(&mut self) -> &mut C {
        &mut self.child
    }

    /// The child, with its pipes.
    pub fn into_child(self) -> C {
        self.child
    }
}

/// Starts a process that shall outlive its parent, with the streams, arguments, environment and
/// folder of `command`.
///
/// On Windows it gets a console without a window, a process group of its own, a place outside the
/// jobs of its parent if they permit that (see [`Detached::lifetime`]), and no inheritable handle of
/// its parent but its standard streams. On POSIX it leads a new session (`setsid`).
///
/// A stream that was not set is inherited, as always with [`Command`]; a background process that
/// keeps the output of its parent keeps whoever reads it waiting. [`background`](crate::background)
/// makes a command whose streams lead nowhere until they are set.
///
/// What was given to `creation_flags` before is replaced, since [`Command`] does not tell it: hand
/// further flags to [`spawn_detached_with`]. The command stays detached afterwards: on POSIX later
/// calls of its `spawn` too start a new session, on Windows they use the flags of the last attempt.
///
/// # Errors
///
/// What [`Command::spawn`] gives. On Windows access denied (5) at the first attempt may be the job's,
/// so there is a second attempt without breakaway, whose error is returned if it fails. On POSIX also
/// what `setsid` gives: `EPERM` for a command that has a `process_group` of its own.
///
/// ```no_run
/// # fn main() -> std::io::Result<()> {
/// let log = std::fs::File::create("daemon.log")?;
/// let mut command = footgun_runtime::background("my-daemon");
/// let daemon = footgun_runtime::spawn_detached(command.arg("--serve").stderr(log))?;
/// println!("{}: {:?}", daemon.pid(), daemon.lifetime());
/// # Ok(())
/// # }
/// ```
pub fn spawn_detached(command: &mut Command) -> io::Result<Detached> {
    spawn_detached_with(command, 0)
}

/// As [`spawn_detached`], with further creation flags for Windows; they are ignored elsewhere.
///
/// With `DETACHED_PROCESS` or `CREATE_NEW_CONSOLE` the process gets that console instead of the one
/// without a window. `CREATE_SUSPENDED` is kept: the process is not resumed.
///
/// # Errors
///
/// As [`spawn_detached`].
pub fn spawn_detached_with(command: &mut Command, creation_flags: u32) -> io::Result<Detached> {
    platform::spawn_detached(command, creation_flags)
}

/// What the `Command` of std and that of tokio have in common.
pub(crate) trait Spawn {
    type Child;

    fn std_mut(&mut self) -> &mut Command;
    fn spawn(&mut self) -> io::Result<Self::Child>;
    fn pid(child: &Self::Child) -> u32;
    #[cfg(windows)]
    fn handle(child: &Self::Child) -> std::os::windows::io::BorrowedHandle<'_>;
}

impl Spawn for Command {
    type Child = Child;

    fn std_mut(&mut self) -> &mut Command {
        self
    }

    fn spawn(&mut self) -> io::Result<Child> {
        Command::spawn(self)
    }

    fn pid(child: &Child) -> u32 {
        child.id()
    }

    #[cfg(windows)]
    fn handle(child: &Child) -> std::os::windows::io::BorrowedHandle<'_> {
        std::os::windows::io::AsHandle::as_handle(child)
    }
}
