//! What only POSIX has.

use std::env;
use std::fs::File;
use std::io::Read;
use std::os::unix::io::FromRawFd;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use footgun_runtime::{background, spawn_detached};

pub(crate) fn act(arguments: &[&str]) {
    match *arguments {
        ["session"] => {
            // SAFETY: the calls touch no memory.
            let (session, own) = unsafe { (libc::getsid(0), libc::getpid()) };
            println!("{}", if session == own { "leads" } else { "follows" });
        }
        ["leak", file] => leak(file.as_ref()),
        _ => panic!("{arguments:?}"),
    }
}

/// Whether a pipe ends for its reader while a plain child, then a detached one lives; both are started
/// while the other end is inheritable.
fn leak(file: &Path) {
    let mut plain = None;
    let ends_plain = ends(file, |command| plain = Some(command.spawn().unwrap()));
    plain.unwrap().kill().unwrap();
    let ends_detached = ends(file, |command| drop(spawn_detached(command).unwrap()));
    println!("{ends_plain} {ends_detached}");
}

fn ends(file: &Path, start: impl FnOnce(&mut Command)) -> bool {
    let mut ends = [0; 2];
    // SAFETY: there is room for two; both are open and ours. Unlike those of std they are inheritable.
    let [mut reader, writer] = unsafe {
        assert_eq!(libc::pipe(ends.as_mut_ptr()), 0);
        ends.map(|end| File::from_raw_fd(end))
    };
    start(
        background(env::current_exe().unwrap())
            .arg("beat")
            .arg(file),
    );
    drop(writer);
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(reader.read_to_end(&mut Vec::new()).is_ok()));
    receiver.recv_timeout(Duration::from_secs(2)) == Ok(true)
}
