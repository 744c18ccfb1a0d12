//! What becomes of detached processes in jobs that permit, refuse and nest, as the table has it: the
//! processes are watched for a sign of life when their parent and its jobs are gone.

use std::fs;
use std::io::{self, Write};
use std::mem;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::os::windows::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::ptr;
use std::thread;

use serde::Deserialize;
use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, IsProcessInJob, JobObjectExtendedLimitInformation,
    SetInformationJobObject, JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JOB_OBJECT_LIMIT,
    JOB_OBJECT_LIMIT_BREAKAWAY_OK, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
    JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, CREATE_NO_WINDOW, DETACHED_PROCESS, PROCESS_QUERY_INFORMATION,
};

use crate::common::{
    actor, cases, folder, folder_of_beats, is_beating, is_wine, wait_for, wait_for_beats,
};

#[derive(Deserialize)]
struct Cases {
    detached: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    jobs: Vec<Vec<String>>,
    plain_survives: bool,
    detached_survives: bool,
    in_job: bool,
    kill_on_close: String,
    attempts: u32,
}

#[test]
fn the_table() {
    thread::scope(|scope| {
        for case in cases::<Cases>().detached {
            scope.spawn(move || case.run());
        }
    });
}

impl Case {
    fn run(self) {
        let folder = folder_of_beats();
        let folder = folder.path();
        let jobs: Vec<OwnedHandle> = self.jobs.iter().map(|limits| job(limits)).collect();
        let mut parent = told(actor("parent").arg(folder), &jobs);
        let (pid, in_job, kill_on_close) = {
            let (plain, detached) = (folder.join("plain"), folder.join("detached"));
            wait_for_beats(&plain);
            wait_for_beats(&detached);
            report(&mut parent)
        };
        // The second attempt starts a process that stays in the job that refused the first.
        let attempts = jobs.last().map(|inner| match is_in(pid, inner) {
            true => 2,
            false => 1,
        });
        tell(&mut parent);
        parent.wait().expect("its end");
        drop(jobs);

        let survives = |name: &str| is_beating(&folder.join(name));
        let seen = (
            survives("plain"),
            survives("detached"),
            in_job,
            kill_on_close.as_str(),
            attempts,
        );
        let (in_job, kill_on_close) = match self.kill_on_close.as_str() {
            // Such as cargo's on Windows, which forbids breakaway and outlives all that is done here.
            _ if tests_are_in_a_job() => (true, kill_on_close.as_str()),
            // Wine 8 says of no job that it kills.
            "kills" if is_wine() => (self.in_job, "does-not"),
            expected => (self.in_job, expected),
        };
        let expected = (
            self.plain_survives,
            self.detached_survives,
            in_job,
            kill_on_close,
            // Without a job there is nothing to tell them by.
            (!self.jobs.is_empty()).then_some(self.attempts),
        );
        assert_eq!(seen, expected, "{}", self.name);
    }
}

/// What the parent says of its detached child: the number, and the lifetime as the table has it.
fn report(parent: &mut Child) -> (u32, bool, String) {
    let said = line(parent);
    let mut words = said.split(' ');
    let mut word = || words.next().expect("three words");
    let (pid, in_job, kill_on_close) = (word(), word(), word());
    (
        pid.parse().expect("a number"),
        in_job == "true",
        kill_on_close.to_owned(),
    )
}

/// The line that an actor prints.
fn line(child: &mut Child) -> String {
    let mut line = String::new();
    let output = child.stdout.as_mut().expect("a pipe");
    io::BufRead::read_line(&mut io::BufReader::new(output), &mut line).expect("a line");
    line.trim_end().to_owned()
}

/// Starts an actor that waits for a word, puts it into the jobs, the outermost first, and says the word.
fn told(actor: &mut Command, jobs: &[OwnedHandle]) -> Child {
    let mut child = actor
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the actor");
    for job in jobs {
        // SAFETY: both handles are open.
        done(unsafe { AssignProcessToJobObject(job.as_raw_handle(), child.as_raw_handle()) });
    }
    tell(&mut child);
    child
}

/// Tells an actor to go on.
fn tell(child: &mut Child) {
    let input = child.stdin.as_mut().expect("a pipe");
    input.write_all(b".").expect("somebody listens");
}

fn job(limits: &[String]) -> OwnedHandle {
    let limit = |limit: &String| -> JOB_OBJECT_LIMIT {
        match limit.as_str() {
            "kill-on-close" => JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
            "breakaway-ok" => JOB_OBJECT_LIMIT_BREAKAWAY_OK,
            "silent-breakaway-ok" => JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK,
            limit => panic!("the table has a limit of a new kind: {limit}"),
        }
    };
    let mut information = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
    for flag in limits.iter().map(limit) {
        information.BasicLimitInformation.LimitFlags |= flag;
    }
    // SAFETY: the handle is ours; the information is of the size that is said.
    unsafe {
        let job = CreateJobObjectW(ptr::null(), ptr::null());
        assert!(!job.is_null());
        done(SetInformationJobObject(
            job,
            JobObjectExtendedLimitInformation,
            (&raw const information).cast(),
            mem::size_of_val(&information) as u32,
        ));
        OwnedHandle::from_raw_handle(job)
    }
}

fn is_in(pid: u32, job: &OwnedHandle) -> bool {
    // SAFETY: the call touches no memory, and gives a handle of ours or null.
    let process = unsafe { OpenProcess(PROCESS_QUERY_INFORMATION, 0, pid) };
    assert!(!process.is_null());
    // SAFETY: the handle is open and ours.
    let process = unsafe { OwnedHandle::from_raw_handle(process) };
    is_inside(process.as_raw_handle(), job.as_raw_handle())
}

fn tests_are_in_a_job() -> bool {
    // SAFETY: the call touches no memory.
    is_inside(unsafe { GetCurrentProcess() }, ptr::null_mut())
}

/// Whether a process is in a job, null being any.
fn is_inside(process: HANDLE, job: HANDLE) -> bool {
    let mut inside = 0;
    // SAFETY: the calls of this function pass open handles; the pointer leads to what the call writes.
    done(unsafe { IsProcessInJob(process, job, &mut inside) });
    inside != 0
}

fn done(success: windows_sys::core::BOOL) {
    assert_ne!(success, 0, "{}", io::Error::last_os_error());
}

/// As many times as a service restarts its workers in a long life.
const MANY: usize = 1000;

#[test]
fn a_thousand_processes_in_a_job_that_forbids_breakaway() {
    let folder = folder();
    let folder = folder.path();
    let jobs = [job(&["kill-on-close".to_owned()])];
    let mut storm = told(actor("storm").arg(folder).arg(MANY.to_string()), &jobs);
    let said = line(&mut storm);
    let (before, after) = said.split_once(' ').expect("two numbers");
    assert_eq!(before, after, "open handles before and after");
    assert!(storm.wait().expect("its end").success());
    for number in 0..MANY {
        let file = folder.join(number.to_string());
        let said = || fs::read_to_string(&file).unwrap_or_default();
        wait_for("a process that was lost", || {
            said().trim_end() == number.to_string()
        });
    }
}

/// How many processes share the console of a hidden program, which is started from one with flags.
fn on_the_console_of_a_hidden_program(flags: u32) -> String {
    let output = actor("hidden").creation_flags(flags).output();
    let said = String::from_utf8(output.expect("the actor").stdout);
    said.expect("a number").trim_end().to_owned()
}

#[test]
fn a_hidden_program_has_a_console_of_its_own_where_there_is_none() {
    assert_eq!(on_the_console_of_a_hidden_program(DETACHED_PROCESS), "1");
}

#[test]
fn a_hidden_program_shares_the_console_that_there_is() {
    assert_eq!(on_the_console_of_a_hidden_program(CREATE_NO_WINDOW), "2");
}
