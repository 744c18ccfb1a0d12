//! Which processes exist, as the table has it.

use std::io;
use std::process::Child;

use footgun_runtime::{is_alive, probe_pid};
use serde::Deserialize;

use crate::common::{actor, cases, waiting, PLATFORM};

#[derive(Deserialize)]
struct Cases {
    liveness: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    process: String,
    platforms: Vec<String>,
    outcome: String,
    alive: bool,
}

#[test]
fn the_table() {
    for case in cases::<Cases>().liveness {
        if !case.platforms.iter().any(|platform| platform == PLATFORM) {
            continue;
        }
        let Some(subject) = Subject::of(&case.process) else {
            eprintln!("skipped, cannot be stood up by this user: {}", case.name);
            continue;
        };
        let seen = subject.look();
        assert_eq!(seen, (case.outcome, case.alive), "{}", case.name);
    }
}

#[test]
fn a_type_for_each_kind_of_number() {
    assert!(is_alive(std::process::id()).unwrap());
    assert!(is_alive(i32::try_from(std::process::id()).unwrap()).unwrap());
    assert!(is_alive(i64::from(std::process::id())).unwrap());
}

/// A number, and what keeps its process as it is.
struct Subject {
    pid: i64,
    child: Option<Child>,
    /// Whether somebody else than the user of the tests has to look.
    #[cfg(target_os = "linux")]
    by_nobody: bool,
}

impl Subject {
    /// `None` where this user cannot stand one up.
    fn of(process: &str) -> Option<Subject> {
        let subject = |pid: i64, child| Subject {
            pid,
            child,
            #[cfg(target_os = "linux")]
            by_nobody: false,
        };
        let running = || waiting(&mut actor("wait"));
        let number = |child: &Child| i64::from(child.id());
        let with = |offset: i64| {
            let child = running();
            subject(number(&child) + offset, Some(child))
        };
        Some(match process {
            "self" => subject(std::process::id().into(), None),
            "alive" => with(0),
            "pid-plus-1" => with(1),
            "pid-plus-2" => with(2),
            "pid-plus-3" => with(3),
            "exited" => {
                let mut child = running();
                child.wait().expect("its end");
                subject(number(&child), None)
            }
            "exited-handle-open" => ended(running(), subject),
            "exit-code-259" => {
                let child = actor("exit").arg("259").spawn().expect("a child");
                ended(child, subject)
            }
            "never-existed" => subject(0x7fff_fffc, None),
            "access-denied" => return denied(running(), subject),
            "access-denied-plus-1" => {
                let mut denied = denied(running(), subject)?;
                denied.pid += 1;
                denied
            }
            "exited-access-denied" => {
                let mut denied = denied(running(), subject)?;
                let child = denied.child.as_mut().expect("a child");
                drop(child.stdin.take());
                child.wait().expect("its end");
                denied
            }
            "zero" => subject(0, None),
            "negative" => {
                let child = running();
                subject(-number(&child), Some(child))
            }
            "negative-group" => {
                let child = leader();
                subject(-number(&child), Some(child))
            }
            "too-large" => subject(1 << 33, None),
            process => panic!("the table has a process of a new kind: {process}"),
        })
    }

    fn look(&self) -> (String, bool) {
        #[cfg(target_os = "linux")]
        if self.by_nobody {
            return posix::as_nobody(|| self.look_myself());
        }
        self.look_myself()
    }

    fn look_myself(&self) -> (String, bool) {
        let is_alive = is_alive(self.pid).expect("an answer");
        (outcome(probe_pid(self.pid)).to_owned(), is_alive)
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn outcome(probed: io::Result<()>) -> &'static str {
    let Err(error) = probed else {
        return "ok";
    };
    match error.kind() {
        io::ErrorKind::NotFound => "no-such-process",
        io::ErrorKind::PermissionDenied => "permission-denied",
        io::ErrorKind::InvalidInput => "out-of-range",
        kind => panic!("{kind:?}: {error}"),
    }
}

#[cfg(unix)]
use posix::{denied, ended, leader};
#[cfg(windows)]
use windows::{denied, ended, leader};

#[cfg(unix)]
mod posix {
    //! Processes in the states that only POSIX has.

    use std::os::unix::process::CommandExt;
    use std::ptr;

    use super::*;

    /// A zombie.
    pub(super) fn ended(
        mut child: Child,
        subject: impl FnOnce(i64, Option<Child>) -> Subject,
    ) -> Subject {
        drop(child.stdin.take());
        // SAFETY: null is for who does not want to know more.
        let waited = unsafe {
            let options = libc::WEXITED | libc::WNOWAIT;
            libc::waitid(libc::P_PID, child.id(), ptr::null_mut(), options)
        };
        assert_eq!(waited, 0);
        subject(child.id().into(), Some(child))
    }

    pub(super) fn leader() -> Child {
        waiting(actor("wait").process_group(0))
    }

    /// Root is denied nothing, so on Linux it looks at the child as nobody. Anybody else looks at the
    /// first process, if that is not its own.
    pub(super) fn denied(
        child: Child,
        subject: impl FnOnce(i64, Option<Child>) -> Subject,
    ) -> Option<Subject> {
        let mut denied = subject(child.id().into(), Some(child));
        // SAFETY: the call touches no memory.
        if unsafe { libc::geteuid() } != 0 {
            // SAFETY: the call touches no memory.
            let permitted = unsafe { libc::kill(1, 0) } == 0;
            denied.pid = 1;
            return (!permitted).then_some(denied);
        }
        #[cfg(target_os = "linux")]
        {
            denied.by_nobody = true;
            Some(denied)
        }
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// Calls a function in a thread that is nobody: on Linux each thread has credentials of its own.
    #[cfg(target_os = "linux")]
    pub(super) fn as_nobody<T: Send>(function: impl FnOnce() -> T + Send) -> T {
        const NOBODY: libc::uid_t = 65534;
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                // SAFETY: the call touches no memory. Unlike the function of libc it changes this
                // thread alone.
                let changed = unsafe { libc::syscall(libc::SYS_setresuid, NOBODY, NOBODY, NOBODY) };
                assert_eq!(changed, 0);
                function()
            });
            thread.join().expect("no panic")
        })
    }
}

#[cfg(windows)]
mod windows {
    //! Processes in the states that only Windows has.

    use std::os::windows::io::AsHandle;
    use std::os::windows::process::CommandExt;

    use windows_sys::Win32::System::Threading::CREATE_NEW_PROCESS_GROUP;

    use super::*;
    use crate::forbidden::forbid;

    /// A process that ended while its handle is open.
    pub(super) fn ended(
        mut child: Child,
        subject: impl FnOnce(i64, Option<Child>) -> Subject,
    ) -> Subject {
        child.wait().expect("its end");
        subject(child.id().into(), Some(child))
    }

    pub(super) fn leader() -> Child {
        waiting(actor("wait").creation_flags(CREATE_NEW_PROCESS_GROUP))
    }

    /// A process that permits nothing to anybody.
    pub(super) fn denied(
        child: Child,
        subject: impl FnOnce(i64, Option<Child>) -> Subject,
    ) -> Option<Subject> {
        forbid(child.as_handle());
        Some(subject(child.id().into(), Some(child)))
    }
}
