#![doc = include_str!("README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// Where there are no processes, there is nothing to detach.
#[cfg_attr(not(any(unix, windows)), allow(dead_code))]
mod detached;
#[cfg(any(windows, test))]
mod family;
#[cfg(any(windows, test))]
mod opening;
#[cfg(any(windows, test))]
mod plan;
#[cfg(unix)]
#[path = "unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "windows/mod.rs"]
mod platform;
#[cfg(not(any(unix, windows)))]
#[allow(dead_code)]
#[path = "unsupported.rs"]
mod platform;
#[cfg(feature = "tokio")]
#[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
pub mod tokio_process;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub use detached::{spawn_detached, spawn_detached_with, Detach, Detached, Lifetime};

/// Asks whether a process exists, as `kill(pid, 0)` does on POSIX.
///
/// | `pid` | Windows | POSIX |
/// | --- | --- | --- |
/// | of a running process | `Ok` | `Ok` |
/// | of a process that ended | an error, also while somebody holds a handle of it | `Ok` until it is waited for |
/// | of a process of somebody else | permission denied | permission denied |
/// | 0 | an error | `Ok`: the group of the caller |
/// | negative | an error | the group of that number |
///
/// Process numbers are reused: the answer is about whoever has the number now.
///
/// # Errors
///
/// - [`PermissionDenied`](io::ErrorKind::PermissionDenied): the process exists and the caller may not
///   ask for more.
/// - [`NotFound`](io::ErrorKind::NotFound): nobody has this number.
/// - [`InvalidInput`](io::ErrorKind::InvalidInput): a number beyond what the system has for processes
///   (32 bits, on POSIX with a sign).
/// - Any other: the system did not say.
///
/// ```
/// assert!(footgun_runtime::probe_pid(std::process::id()).is_ok());
/// ```
pub fn probe_pid(pid: impl Into<i64>) -> io::Result<()> {
    platform::probe_pid(pid.into())
}

/// Whether a process exists, by [`probe_pid`]: a process that one may not ask about does.
///
/// # Errors
///
/// The system did not say. Who takes that for the answer that nobody has the number breaks the locks of
/// the living.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// assert!(footgun_runtime::is_alive(std::process::id())?);
/// # Ok(())
/// # }
/// ```
pub fn is_alive(pid: impl Into<i64>) -> io::Result<bool> {
    alive(probe_pid(pid))
}

fn alive(probed: io::Result<()>) -> io::Result<bool> {
    let Err(error) = probed else {
        return Ok(true);
    };
    match error.kind() {
        io::ErrorKind::PermissionDenied => Ok(true),
        io::ErrorKind::NotFound | io::ErrorKind::InvalidInput => Ok(false),
        _ => Err(error),
    }
}

/// Whom [`kill_tree`] has killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Killed {
    /// The process and its descendants, as far as they can be found.
    Tree,
    /// The process and none of its descendants: on POSIX it led no group.
    ProcessAlone,
}

/// Terminates a process and its descendants, at once and without asking them.
///
/// On POSIX this is `kill(-pid, SIGKILL)`: the group that `pid` leads, as every process does that
/// [`spawn_detached`] started. A descendant that went into a group of its own is not in it. A process
/// that leads no group is killed alone, and the result says so.
///
/// On Windows the descendants are those that the list of processes shows, none older than its parent,
/// and those that come into being meanwhile; all end with exit code 1, and are waited for, five seconds
/// at the most. A descendant whose parent has ended already cannot be found, unless `pid` is that parent,
/// nor one that seems older than its parent because the clock was set back. Who needs to be certain puts the
/// process into a job of his own before it runs.
///
/// A caller who is a descendant himself ends too, the last of all.
///
/// # Errors
///
/// - [`NotFound`](io::ErrorKind::NotFound): nobody has this number.
/// - [`PermissionDenied`](io::ErrorKind::PermissionDenied): the process, or one of its descendants on
///   Windows, may not be terminated; the others are. Where one may not even ask about `pid`, nobody is.
/// - [`InvalidInput`](io::ErrorKind::InvalidInput): 0, 1 and negative numbers, which on POSIX name
///   the caller's own group and all processes there are, and numbers beyond what the system has.
pub fn kill_tree(pid: impl Into<i64>) -> io::Result<Killed> {
    match pid.into() {
        pid @ 2.. => platform::kill_tree(pid),
        _ => Err(out_of_range()),
    }
}

/// The error of Windows for what a job, or the owner of a process, refuses.
#[cfg(any(windows, test))]
const ERROR_ACCESS_DENIED: i32 = 5;

#[cfg(any(unix, windows, test))]
fn nobody() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no process has this number")
}

fn out_of_range() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "no process has such a number")
}

/// The file that starts when `program` is called for, found in the `PATH` of this process.
///
/// On Windows a bare name is looked for as Windows does it, as an `.exe` beside this program and in the
/// folders of the system, but not in the current folder. Then it is looked for in each folder of `PATH` with
/// the extensions that `PATHEXT` lists, as far as a process can be made of them (`.com`, `.exe`, `.bat`,
/// `.cmd`); so `npm` is found as `npm.cmd`. The script without an extension beside it is never taken, nor a
/// folder of `PATH` that is relative to the current one. A path is completed in place. What is not found, and
/// everything on other systems, stays as it is.
///
/// ```
/// // Somewhere on this machine, or unchanged.
/// let cargo = footgun_runtime::resolve("cargo");
/// assert_eq!(cargo.file_stem().unwrap(), "cargo");
/// ```
pub fn resolve(program: impl AsRef<OsStr>) -> PathBuf {
    Search::new().resolve(program)
}

/// As [`resolve`], in another `PATH`: the one that a child shall get.
pub fn resolve_in(program: impl AsRef<OsStr>, path: impl AsRef<OsStr>) -> PathBuf {
    Search::new().path(path).resolve(program)
}

/// Where a program is looked for that is given a `PATH` or a folder of its own.
///
/// ```no_run
/// # fn main() -> std::io::Result<()> {
/// let mut tsc = footgun_runtime::Search::new()
///     .current_dir("web")
///     .command("node_modules/.bin/tsc");
/// tsc.arg("--noEmit").status()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Search {
    path: Option<OsString>,
    current_dir: Option<PathBuf>,
}

impl Search {
    /// Where this process looks.
    pub fn new() -> Search {
        Search::default()
    }

    /// Looks in this `PATH`, and before the folders of the system.
    pub fn path(mut self, path: impl AsRef<OsStr>) -> Search {
        self.path = Some(path.as_ref().to_owned());
        self
    }

    /// Takes a relative path, but no bare name, from this folder, as POSIX does.
    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Search {
        self.current_dir = Some(folder.as_ref().to_owned());
        self
    }

    /// The file that starts, by [`resolve`].
    pub fn resolve(&self, program: impl AsRef<OsStr>) -> PathBuf {
        platform::resolve(program.as_ref(), self)
    }

    /// A command for that file, with this `PATH` and this folder.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(self.resolve(program));
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        if let Some(folder) = &self.current_dir {
            command.current_dir(folder);
        }
        command
    }
}

/// A command for the program as [`resolve`] finds it.
///
/// What std says of batch files holds: for `.bat` and `.cmd` it escapes the arguments for `cmd.exe`,
/// and `spawn` fails with [`InvalidInput`](io::ErrorKind::InvalidInput) where that cannot be done, as
/// with a line break. A `PATH` or a folder that is set on the command later comes too late: use [`Search`].
///
/// ```no_run
/// # fn main() -> std::io::Result<()> {
/// footgun_runtime::command("npm").args(["run", "build"]).status()?;
/// # Ok(())
/// # }
/// ```
pub fn command(program: impl AsRef<OsStr>) -> Command {
    Command::new(resolve(program))
}

/// A command that has its own `PATH`, for the program as [`resolve_in`] finds it there.
pub fn command_in(program: impl AsRef<OsStr>, path: impl AsRef<OsStr>) -> Command {
    Search::new().path(path).command(program)
}

/// A [`command`] whose standard streams are the null device until they are set: what
/// [`spawn_detached`] is best given.
pub fn background(program: impl AsRef<OsStr>) -> Command {
    let mut command = command(program);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Keeps a console program from opening a window when it is started by a program without a console
/// (`CREATE_NO_WINDOW`). Does nothing where the caller has a console, which the program then uses: with the
/// flag its output and Ctrl+C would be lost. Does nothing off Windows.
///
/// Where it does something it replaces what was given to `creation_flags` before, since [`Command`] does
/// not tell it: where other flags are needed, give them all to `creation_flags`.
pub fn hide_console(command: &mut Command) -> &mut Command {
    platform::hide_console(command);
    command
}
