//! What the tests start: a process that does what its first argument says.

// The library is for older compilers than its tests are.
#![allow(clippy::incompatible_msrv)]

#[cfg(unix)]
#[path = "unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "windows.rs"]
mod platform;

use std::env;
use std::fs;
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{self, Command};
use std::thread;
use std::time::{Duration, Instant};

use footgun_runtime::spawn_detached;

/// How long a process may live that nobody ends.
const LIFE: Duration = Duration::from_secs(120);

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["beat", file] => beat(file.as_ref()),
        ["tree", generations, folder] => tree(generations.parse().unwrap(), folder.as_ref()),
        ["leave", file] => drop(actor().args(["beat", file]).spawn().unwrap()),
        ["wait"] => drop(io::stdin().read_to_end(&mut Vec::new())),
        ["exit", code] => process::exit(code.parse().unwrap()),
        ["words", ref words @ ..] => print!("{words:?}"),
        ["say", text] => println!("{text}"),
        ["echo"] => drop(io::copy(&mut io::stdin(), &mut io::stdout())),
        ["say-detached", text] => say_detached(text),
        ref arguments => platform::act(arguments),
    }
}

fn actor() -> Command {
    Command::new(env::current_exe().unwrap())
}

/// Appends to a file as long as the process lives and the file `go` is beside it.
fn beat(file: &Path) {
    let go = file.with_file_name("go");
    let end = Instant::now() + LIFE;
    while Instant::now() < end && go.exists() {
        let opened = OpenOptions::new().create(true).append(true).open(file);
        if opened.and_then(|mut file| file.write_all(b".")).is_err() {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Beats, as do a child, its child and so on.
fn tree(generations: u32, folder: &Path) {
    let child = generations.checked_sub(1).map(|generations| {
        let mut child = actor();
        child.arg("tree").arg(generations.to_string()).arg(folder);
        child.spawn().unwrap()
    });
    let file = folder.join(generations.to_string());
    let number = file.with_extension("pid");
    fs::write(number, process::id().to_string()).unwrap();
    beat(&file);
    if let Some(mut child) = child {
        child.wait().unwrap();
    }
}

/// Starts a detached process whose streams are not set, and waits for it.
fn say_detached(text: &str) {
    let mut said = spawn_detached(actor().args(["say", text])).unwrap();
    said.child().wait().unwrap();
}
