//! What only POSIX has.

use std::io::PipeWriter;
use std::os::unix::io::AsRawFd;

pub(crate) fn act(arguments: &[&str]) {
    match *arguments {
        ["session"] => {
            // SAFETY: the calls touch no memory.
            let (session, own) = unsafe { (libc::getsid(0), libc::getpid()) };
            println!("{}", if session == own { "leads" } else { "follows" });
        }
        _ => panic!("{arguments:?}"),
    }
}

pub(crate) fn make_inheritable(pipe: &PipeWriter) {
    // SAFETY: the call touches no memory, and the descriptor is open.
    let set = unsafe { libc::fcntl(pipe.as_raw_fd(), libc::F_SETFD, 0) };
    assert_ne!(set, -1);
}
