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
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use footgun_runtime::{background, spawn_detached, spawn_detached_with, Detach};

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
        ["wait", file] => {
            io::stdin().read_to_end(&mut Vec::new()).unwrap();
            fs::write(file, "").unwrap();
        }
        ["exit", code] => process::exit(code.parse().unwrap()),
        ["words", ref words @ ..] => print!("{words:?}"),
        ["say", text] => println!("{text}"),
        ["echo"] => drop(io::copy(&mut io::stdin(), &mut io::stdout())),
        ["say-detached", text] => say_detached(text),
        ["leak", file] => leak(file.as_ref()),
        ref arguments => platform::act(arguments),
    }
}

fn actor() -> Command {
    Command::new(env::current_exe().unwrap())
}

fn background_actor() -> Command {
    background(env::current_exe().unwrap())
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

/// Whether a pipe ends for its reader while each of three processes lives that are started while the other
/// end is inheritable: a plain child, a detached one, and a detached one that has only its streams.
fn leak(file: &Path) {
    let mut child = None;
    let plain = ends(file, |command| child = Some(command.spawn().unwrap()));
    // On Windows it has the output of this process too, which would not end either.
    child.unwrap().kill().unwrap();
    let detached = ends(file, |command| drop(spawn_detached(command).unwrap()));
    let only_streams = ends(file, |command| {
        let detached = spawn_detached_with(command, Detach::new().only_streams()).unwrap();
        assert!(detached.has_only_streams());
    });
    println!("{plain} {detached} {only_streams}");
}

fn ends(file: &Path, start: impl FnOnce(&mut Command)) -> bool {
    let (mut reader, writer) = io::pipe().unwrap();
    platform::make_inheritable(&writer);
    start(background_actor().arg("beat").arg(file));
    drop(writer);
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(reader.read_to_end(&mut Vec::new()).is_ok()));
    receiver.recv_timeout(Duration::from_secs(2)) == Ok(true)
}
