//! A process that is meant to outlive its parent, and what is known of its chances.

use std::io;
use std::process::{Child, Command};

use crate::platform;

/// What is known of the jobs that may end a process, as seen when it was started.
///
/// Job objects are all that is looked at: a service manager that ends whole control groups, or a host that
/// hunts processes by their environment, ends it all the same.
///
/// ```no_run
/// use footgun_runtime::{background, spawn_detached};
///
/// # fn main() -> std::io::Result<()> {
/// let daemon = spawn_detached(&mut background("my-daemon"))?;
/// if daemon.lifetime().kill_on_close() == Some(true) {
///     eprintln!("my-daemon ends with what has started this program: it is held in a job");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lifetime {
    pub(crate) in_job: bool,
    pub(crate) kill_on_close: Option<bool>,
}

impl Lifetime {
    /// Off Windows there are no jobs.
    pub(crate) const INDEPENDENT: Lifetime = Lifetime {
        in_job: false,
        kill_on_close: Some(false),
    };

    /// Whether it is in a job, because the job of its parent, or an outer one, forbids breakaway. Who holds
    /// a job can end it at any time. Also where the system does not say.
    pub fn in_job(&self) -> bool {
        self.in_job
    }

    /// Whether the job around it, the innermost, ends it when its last handle is closed
    /// (`KILL_ON_JOB_CLOSE`), as happens when the last process ends that holds one.
    ///
    /// `None` where that is not known: it is asked of the job that parent and child share, and of no other.
    pub fn kill_on_close(&self) -> Option<bool> {
        self.kill_on_close
    }
}

/// A process that [`spawn_detached`] started.
///
/// Dropping it neither ends nor waits for the process, and closes this side of its pipes, as dropping a
/// [`Child`] does: its input ends, and its output leads nowhere. On POSIX a process that ends before its parent is a
/// zombie until the next one is started or dropped.
#[derive(Debug)]
pub struct Detached<C = Child> {
    child: Option<C>,
    abandon: fn(C),
    pid: u32,
    lifetime: Lifetime,
    has_only_streams: bool,
}

impl<C> Detached<C> {
    #[cfg(any(unix, windows))]
    pub(crate) fn new<S: Spawn<Child = C>>(
        child: C,
        pid: u32,
        lifetime: Lifetime,
        has_only_streams: bool,
    ) -> Detached<C> {
        Detached {
            child: Some(child),
            abandon: S::abandon,
            pid,
            lifetime,
            has_only_streams,
        }
    }

    /// The process number, valid as long as this value lives: the system gives it to nobody else
    /// before the handle of the child is closed (on Windows) or the child is waited for (on POSIX).
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// What is known of the jobs that may end the process, as seen when it was started.
    pub fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    /// Whether what the process inherited besides its standard streams could be closed before it ran: on
    /// Windows always tried, on POSIX where [`Detach::only_streams`] asks for it. Else it may hold a pipe of
    /// its parent.
    pub fn has_only_streams(&self) -> bool {
        self.has_only_streams
    }

    /// The child, with its pipes.
    pub fn child(&mut self) -> &mut C {
        self.child.as_mut().expect("it is there until it is taken")
    }

    /// The child, with its pipes.
    pub fn into_child(mut self) -> C {
        self.child.take().expect("it is there until it is taken")
    }
}

impl<C> Drop for Detached<C> {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            (self.abandon)(child);
        }
    }
}

/// Starts a process that shall outlive its parent, with the streams, arguments, environment and
/// folder of `command`.
///
/// On Windows it gets a console without a window, a place outside the jobs of its parent if they permit
/// that (see [`Detached::lifetime`]), and no inheritable handle of its parent but its standard streams.
/// Ctrl+C of its parent's console does not reach it; a group of its own, in which Ctrl+C is switched off,
/// it has only if [`Detach::creation_flags`] is given the flag. On POSIX it leads a new session (`setsid`),
/// and else is started as by [`Command::spawn`]: it has the descriptors that its parent left without
/// `CLOEXEC`, unless [`Detach::only_streams`] asks for none.
///
/// A stream that was not set is inherited, as always with [`Command`]; a background process that
/// keeps the output of its parent keeps whoever reads it waiting. [`background`](crate::background)
/// makes a command whose streams lead nowhere until they are set.
///
/// What was given to `creation_flags` before is replaced, since [`Command`] does not tell it: hand
/// further flags to [`Detach::creation_flags`]. The command stays detached afterwards: on POSIX later
/// calls of its `spawn` too start a new session, on Windows they use the flags of the last attempt. On POSIX
/// each call adds a hook to it: make a new command for each process where there are many.
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
/// std::fs::write("daemon.pid", daemon.pid().to_string())?;
/// # Ok(())
/// # }
/// ```
pub fn spawn_detached(command: &mut Command) -> io::Result<Detached> {
    spawn_detached_with(command, Detach::new())
}

/// As [`spawn_detached`], in a way that the caller chooses.
///
/// # Errors
///
/// As [`spawn_detached`].
pub fn spawn_detached_with(command: &mut Command, how: Detach) -> io::Result<Detached> {
    platform::spawn_detached(command, how)
}

/// How a process is detached.
///
/// ```no_run
/// use footgun_runtime::{background, spawn_detached_with, Detach};
///
/// # fn main() -> std::io::Result<()> {
/// // What runs this program through a pipe shall not wait for the daemon.
/// let mut command = background("my-daemon");
/// spawn_detached_with(&mut command, Detach::new().only_streams())?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct Detach {
    pub(crate) creation_flags: u32,
    pub(crate) only_streams: bool,
}

impl Detach {
    /// As [`spawn_detached`] does it.
    pub fn new() -> Detach {
        Detach::default()
    }

    /// With further creation flags for Windows; they are ignored elsewhere.
    ///
    /// With `DETACHED_PROCESS` or `CREATE_NEW_CONSOLE` the process gets that console instead of the one
    /// without a window. `CREATE_SUSPENDED` is kept: the process is not resumed.
    pub fn creation_flags(mut self, flags: u32) -> Detach {
        self.creation_flags = flags;
        self
    }

    /// With no descriptor of its parent but its standard streams, also on POSIX, so that a pipe of the
    /// parent ends for its reader when the parent closes it. On Windows it is always so.
    ///
    /// On POSIX those descriptors are closed that are open without `CLOEXEC` at the time of the call, also
    /// those that were left so on purpose, and in later calls of the same command too. What another thread
    /// opens meanwhile or a `pre_exec` hook opens in the process stays.
    pub fn only_streams(mut self) -> Detach {
        self.only_streams = true;
        self
    }
}

/// What the `Command` of std and that of tokio have in common.
pub(crate) trait Spawn {
    type Child;

    fn std_mut(&mut self) -> &mut Command;
    fn spawn(&mut self) -> io::Result<Self::Child>;
    /// Takes a child that nobody waits for.
    fn abandon(child: Self::Child);
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

    fn abandon(child: Child) {
        platform::abandon(child);
    }

    fn pid(child: &Child) -> u32 {
        child.id()
    }

    #[cfg(windows)]
    fn handle(child: &Child) -> std::os::windows::io::BorrowedHandle<'_> {
        std::os::windows::io::AsHandle::as_handle(child)
    }
}
