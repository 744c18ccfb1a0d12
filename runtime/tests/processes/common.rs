//! What the tests share: the table of cases, and processes to look at.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use tempfile::TempDir;

/// This platform, as the table calls it.
pub const PLATFORM: &str = if cfg!(windows) { "windows" } else { "posix" };

const ACTOR: &str = env!("CARGO_BIN_EXE_footgun-runtime-actor");

/// Longer than any process needs here to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The cases of the table.
pub fn cases<T: DeserializeOwned>() -> T {
    toml::from_str(include_str!("../../cases.toml")).expect("the table")
}

/// A command for the actor in a role.
pub fn actor(role: &str) -> Command {
    let mut command = Command::new(ACTOR);
    command.arg(role);
    command
}

/// The same, without streams.
pub fn background_actor(role: &str) -> Command {
    let mut command = footgun_runtime::background(ACTOR);
    command.arg(role);
    command
}

/// A child that lives until its standard input is closed.
pub fn waiting(command: &mut Command) -> Child {
    command.stdin(Stdio::piped()).spawn().expect("a child")
}

/// Waits until something is so.
pub fn wait_for(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// How often the process behind a file has beaten.
fn beats(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |metadata| metadata.len())
}

/// Waits until a process beats.
pub fn wait_for_beats(file: &Path) {
    wait_for("a beat", || beats(file) > 0);
}

/// Whether the process behind a file beats: it does that fifty times a second.
pub fn is_beating(file: &Path) -> bool {
    is_growing(|| beats(file))
}

/// Whether there are more and more beats.
pub fn is_growing(beats: impl Fn() -> u64) -> bool {
    // One that was just terminated may have a beat on its way to the file.
    thread::sleep(Duration::from_millis(300));
    let before = beats();
    let end = Instant::now() + Duration::from_secs(2);
    while Instant::now() < end {
        if beats() > before {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

/// A folder in which processes beat until it is removed.
pub fn folder_of_beats() -> TempDir {
    let folder = folder();
    fs::write(folder.path().join("go"), "").expect("a file");
    folder
}

/// A fresh folder.
pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Whether the tests run under Wine, which `scripts/wine-prefix` says.
#[cfg(windows)]
pub fn is_wine() -> bool {
    std::env::var_os("WINEPREFIX").is_some()
}
