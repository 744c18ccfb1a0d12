//! The command on a terminal that a test looks at.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix_openpty::openpty;
use rustix_openpty::rustix::termios::Winsize;

/// The size of the terminal, in characters.
const ROWS: u16 = 60;
const COLUMNS: u16 = 100;

/// How long something may take that is bound to come.
const LIMIT: Duration = Duration::from_secs(60);

/// Which streams of the command are on the terminal; the others are pipes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Standard output and standard error.
    Both,
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// A command on a terminal.
pub struct Session {
    /// The process.
    pub child: Child,
    written: Receiver<Vec<u8>>,
    seen: Vec<u8>,
}

/// What a command has written when it ended.
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// What the terminal was sent.
    pub terminal: String,
    /// What went through pipes.
    pub pipes: String,
}

impl Session {
    /// Starts a command on a terminal of its own.
    pub fn start(command: &mut Command, on: On) -> Session {
        let size = Winsize {
            ws_row: ROWS,
            ws_col: COLUMNS,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let pty = openpty(None, Some(&size)).expect("a terminal");
        let side = || Stdio::from(pty.user.try_clone().expect("the side of the program"));
        command.stdout(if on == On::Error {
            Stdio::piped()
        } else {
            side()
        });
        command.stderr(if on == On::Output {
            Stdio::piped()
        } else {
            side()
        });
        let child = command.spawn().expect("the command starts");
        // The terminal ends when nobody has the program's side of it any more.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        drop(pty.user);
        let (sender, written) = mpsc::channel();
        let mut controller = File::from(pty.controller);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Linux tells of the end by an error.
            while let Ok(count @ 1..) = controller.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Session {
            child,
            written,
            seen: Vec::new(),
        }
    }

    /// What the terminal was sent so far.
    pub fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// Waits until the terminal was sent some words `times` times.
    pub fn wait_for(&mut self, words: &str, times: usize) {
        let began = Instant::now();
        while self.seen().matches(words).count() < times {
            let left = LIMIT.saturating_sub(began.elapsed());
            match self.written.recv_timeout(left) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(_) => panic!("no {words:?} in {:?}", self.seen()),
            }
        }
    }

    /// What the terminal was sent when some time has gone by.
    pub fn seen_after(&mut self, time: Duration) -> String {
        let end = Instant::now() + time;
        loop {
            match self
                .written
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(bytes) => self.seen.extend(bytes),
                Err(RecvTimeoutError::Timeout) => return self.seen(),
                Err(RecvTimeoutError::Disconnected) => {
                    thread::sleep(end.saturating_duration_since(Instant::now()));
                    return self.seen();
                }
            }
        }
    }

    /// Waits for the end of the command.
    pub fn end(mut self) -> Ended {
        let mut pipes = String::new();
        if let Some(mut stdout) = self.child.stdout.take() {
            stdout.read_to_string(&mut pipes).expect("UTF-8");
        }
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut pipes).expect("UTF-8");
        }
        while let Ok(bytes) = self.written.recv_timeout(LIMIT) {
            self.seen.extend(bytes);
        }
        Ended {
            status: self.child.wait().expect("the command ends"),
            terminal: self.seen(),
            pipes,
        }
    }
}

/// What stands on the screen of a terminal that was sent `written`.
pub fn screen(written: &str) -> String {
    let mut terminal = vt100::Parser::new(ROWS, COLUMNS, 0);
    terminal.process(written.as_bytes());
    terminal.screen().contents()
}
