//! The session of a detached process, on POSIX.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use footgun_runtime::{is_alive, spawn_detached, Detached};

use crate::common::{actor, background_actor, wait_for};

fn said(detached: io::Result<Detached>) -> String {
    let child = detached.expect("a process").into_child();
    let output = child.wait_with_output().expect("its end");
    String::from_utf8(output.stdout)
        .expect("a text")
        .trim_end()
        .to_owned()
}

fn session() -> Command {
    let mut command = actor("session");
    command.stdout(Stdio::piped());
    command
}

/// As one does it by hand.
fn lead_a_session(command: &mut Command) {
    // SAFETY: `setsid` is async-signal-safe.
    unsafe {
        command.pre_exec(|| match libc::setsid() {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        });
    }
}

#[test]
fn a_detached_process_leads_a_session_and_a_plain_one_does_not() {
    let plain = session().output().expect("a process").stdout;
    assert_eq!(plain, b"follows\n");
    let detached = spawn_detached(&mut session()).expect("a process");
    let lifetime = detached.lifetime();
    assert_eq!(
        (lifetime.in_job(), lifetime.kill_on_close()),
        (false, Some(false))
    );
    assert_eq!(said(Ok(detached)), "leads");
}

#[test]
fn a_command_can_be_detached_again() {
    let mut command = session();
    assert_eq!(said(spawn_detached(&mut command)), "leads");
    assert_eq!(said(spawn_detached(&mut command)), "leads");
}

#[test]
fn a_hook_of_the_caller_may_have_made_the_session() {
    let mut command = session();
    lead_a_session(&mut command);
    assert_eq!(said(spawn_detached(&mut command)), "leads");
}

#[test]
fn errors_are_those_of_the_same_call_by_hand() {
    let mut by_hand = session();
    by_hand.process_group(0);
    lead_a_session(&mut by_hand);
    let by_hand = by_hand
        .spawn()
        .expect_err("a leader of a group makes no session");
    let detached = spawn_detached(session().process_group(0)).expect_err("the same");
    assert_eq!(detached.raw_os_error(), Some(libc::EPERM));
    assert_eq!(detached.raw_os_error(), by_hand.raw_os_error());
}

#[test]
fn nobody_stays_a_zombie_who_was_dropped() {
    let start = || {
        spawn_detached(background_actor("exit").arg("0"))
            .expect("a process")
            .pid()
    };
    let dropped: Vec<u32> = (0..20).map(|_| start()).collect();
    wait_for("a zombie", || {
        start();
        let mut alive = dropped.iter().map(|pid| is_alive(*pid).expect("an answer"));
        alive.all(|is_alive| !is_alive)
    });
}
