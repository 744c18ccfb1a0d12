//! The same functions for [`tokio::process`]. They must be called within a runtime
//! wherever they start a process.

use std::ffi::OsStr;
use std::io;

use tokio::process::{Child, Command};

use crate::detached::Spawn;
use crate::platform;
use crate::Detach;

/// A process that [`spawn_detached`] started.
pub type Detached = crate::Detached<Child>;

/// As [`spawn_detached`](crate::spawn_detached). A command with `kill_on_drop` ends its process when
/// the child is dropped, detached or not.
///
/// # Errors
///
/// As [`spawn_detached`](crate::spawn_detached).
pub fn spawn_detached(command: &mut Command) -> io::Result<Detached> {
    spawn_detached_with(command, Detach::new())
}

/// As [`spawn_detached_with`](crate::spawn_detached_with).
///
/// # Errors
///
/// As [`spawn_detached`](crate::spawn_detached).
pub fn spawn_detached_with(command: &mut Command, how: Detach) -> io::Result<Detached> {
    platform::spawn_detached(command, how)
}

/// As [`command`](crate::command).
pub fn command(program: impl AsRef<OsStr>) -> Command {
    crate::command(program).into()
}

/// As [`command_in`](crate::command_in).
pub fn command_in(program: impl AsRef<OsStr>, path: impl AsRef<OsStr>) -> Command {
    crate::command_in(program, path).into()
}

/// As [`background`](crate::background).
pub fn background(program: impl AsRef<OsStr>) -> Command {
    crate::background(program).into()
}

/// As [`hide_console`](crate::hide_console).
pub fn hide_console(command: &mut Command) -> &mut Command {
    platform::hide_console(command.as_std_mut());
    command
}

impl Spawn for Command {
    type Child = Child;

    fn std_mut(&mut self) -> &mut std::process::Command {
        self.as_std_mut()
    }

    fn spawn(&mut self) -> io::Result<Child> {
        Command::spawn(self)
    }

    fn abandon(child: Child) {
        // Tokio waits for the children that are dropped.
        drop(child);
    }

    fn pid(child: &Child) -> u32 {
        child.id().expect("nobody has waited for the child yet")
    }

    #[cfg(windows)]
    fn handle(child: &Child) -> std::os::windows::io::BorrowedHandle<'_> {
        let handle = child
            .raw_handle()
            .expect("nobody has waited for the child yet");
        // SAFETY: the child owns the handle and keeps it open while it is borrowed.
        unsafe { std::os::windows::io::BorrowedHandle::borrow_raw(handle) }
    }
}
