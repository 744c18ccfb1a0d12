//! What a detached process is given and gives back: streams, errors, its number.

use std::fs::{self, File};
use std::io::{self, Write};
use std::process::Stdio;

use footgun_runtime::{background, is_alive, spawn_detached, tokio_process};

use crate::common::{actor, background_actor, folder, folder_of_beats, wait_for, wait_for_beats};

#[test]
fn pipes_lead_to_the_process_and_back() {
    let mut command = actor("echo");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = spawn_detached(&mut command)
        .expect("a process")
        .into_child();
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(b"there and back")
        .expect("a reader");
    let output = child.wait_with_output().expect("its end");
    assert_eq!(output.stdout, b"there and back");
}

#[test]
fn a_file_receives_what_the_process_writes() {
    let folder = folder();
    let path = folder.path().join("output");
    let mut command = background_actor("say");
    command
        .arg("words")
        .stdout(File::create(&path).expect("a file"));
    let mut said = spawn_detached(&mut command).expect("a process");
    assert!(said.child().wait().expect("its end").success());
    assert_eq!(
        fs::read_to_string(path).expect("a text").trim_end(),
        "words"
    );
}

#[test]
fn a_stream_that_is_not_set_is_inherited() {
    let output = actor("say-detached")
        .arg("words")
        .output()
        .expect("a process");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), "words");
}

#[test]
fn threads_keep_their_streams_apart() {
    std::thread::scope(|scope| {
        for number in ["0", "1", "2", "3"] {
            scope.spawn(move || {
                let mut command = actor("say");
                command
                    .arg(number)
                    .stdin(Stdio::null())
                    .stdout(Stdio::piped());
                let child = spawn_detached(&mut command)
                    .expect("a process")
                    .into_child();
                let output = child.wait_with_output().expect("its end");
                assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), number);
            });
        }
    });
}

#[test]
fn a_background_command_writes_nowhere_and_reads_nothing() {
    let mut command = background(env!("CARGO_BIN_EXE_footgun-runtime-actor"));
    let mut child = spawn_detached(command.arg("echo")).expect("a process");
    let child = child.child();
    assert!(child.stdin.is_none() && child.stdout.is_none() && child.stderr.is_none());
    assert!(child.wait().expect("its end").success());
}

#[test]
fn environment_folder_and_arguments_are_passed_on() {
    let folder = folder_of_beats();
    let mut command = background_actor("beat");
    command.arg("here").current_dir(folder.path());
    let mut beating = spawn_detached(&mut command).expect("a process");
    wait_for_beats(&folder.path().join("here"));
    assert!(is_alive(beating.pid()).expect("an answer"));
    fs::remove_file(folder.path().join("go")).expect("no file");
    beating.child().wait().expect("its end");
}

#[test]
fn a_program_that_does_not_exist_is_not_found() {
    let mut command = background("no-program-has-this-name");
    let plain = command.spawn().expect_err("no process");
    let detached = spawn_detached(&mut command).expect_err("no process");
    let facts = |error: io::Error| (error.kind(), error.raw_os_error());
    assert_eq!(facts(detached), facts(plain));
}

#[test]
fn the_number_is_that_of_the_child() {
    let mut command = actor("wait");
    let mut waiting = spawn_detached(command.stdin(Stdio::piped())).expect("a process");
    assert_eq!(waiting.pid(), waiting.child().id());
    assert_eq!(waiting.has_only_streams(), cfg!(windows));
    assert!(is_alive(waiting.pid()).expect("an answer"));
    waiting.child().wait().expect("its end");
}

#[test]
fn the_input_of_a_process_that_was_dropped_ends() {
    let folder = folder();
    let (std, tokio) = (folder.path().join("std"), folder.path().join("tokio"));
    let mut command = actor("wait");
    command.arg(&std).stdin(Stdio::piped());
    drop(spawn_detached(&mut command).expect("a process"));
    runtime().block_on(async {
        let mut command = tokio::process::Command::from(actor("wait"));
        command.arg(&tokio).stdin(Stdio::piped());
        drop(tokio_process::spawn_detached(&mut command).expect("a process"));
    });
    wait_for("the end of their inputs", || std.exists() && tokio.exists());
}

/// On POSIX a program may have left a descriptor open for its children on purpose.
#[test]
fn a_pipe_ends_though_a_process_lives_that_has_only_its_streams() {
    let folder = folder_of_beats();
    let output = actor("leak")
        .arg(folder.path().join("beat"))
        .output()
        .expect("the actor");
    let said = String::from_utf8_lossy(&output.stdout);
    let expected = match cfg!(windows) {
        true => "false true true",
        false => "false false true",
    };
    assert_eq!(said.trim_end(), expected, "{output:?}");
}

fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
}

#[test]
fn tokio_does_the_same() {
    runtime().block_on(async {
        let mut command = tokio_process::background(env!("CARGO_BIN_EXE_footgun-runtime-actor"));
        command.args(["say", "words"]).stdout(Stdio::piped());
        let said = tokio_process::spawn_detached(&mut command).expect("a process");
        assert!(is_alive(said.pid()).expect("an answer"));
        let lifetime = said.lifetime();
        let output = said.into_child().wait_with_output().await.expect("its end");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), "words");
        let mut plain = spawn_detached(background_actor("say").arg("")).expect("a process");
        assert_eq!(lifetime, plain.lifetime());
        plain.child().wait().expect("its end");
    });
}
