//! What only Windows has.

use std::fs::File;
use std::io::{self, PipeWriter, Read};
use std::os::windows::io::AsRawHandle;
use std::path::Path;
use std::process::Command;
use std::ptr;
use std::thread;
use std::time::Duration;

use footgun_runtime::{command_in, hide_console, resolve, resolve_in, spawn_detached, Search};
use windows_sys::Win32::Foundation::{
    GetHandleInformation, SetHandleInformation, ERROR_INTERNAL_ERROR, HANDLE, HANDLE_FLAG_INHERIT,
};
use windows_sys::Win32::System::Console::GetConsoleProcessList;
use windows_sys::Win32::System::JobObjects::{AssignProcessToJobObject, CreateJobObjectW};

use crate::{actor, background_actor};

pub(crate) fn act(arguments: &[&str]) {
    match *arguments {
        ["parent", folder] => parent(folder.as_ref()),
        ["storm", folder, count] => storm(folder.as_ref(), count.parse().unwrap()),
        ["sprout", generations, folder] => {
            sprout(generations.parse().unwrap(), folder.as_ref());
        }
        ["resolve", program, path, folder] => {
            let mut search = Search::new();
            if path != "-" {
                search = search.path(path);
                assert_eq!(resolve_in(program, path), search.resolve(program));
                assert_eq!(
                    command_in(program, path).get_program(),
                    search.resolve(program)
                );
            }
            if folder != "-" {
                search = search.current_dir(folder);
                assert_eq!(
                    search.command(program).get_current_dir(),
                    Some(folder.as_ref())
                );
            }
            if search == Search::new() {
                assert_eq!(resolve(program), search.resolve(program));
            }
            print!("{}", search.resolve(program).display());
        }
        ["console"] => println!("{}", processes_on_console()),
        ["hidden"] => {
            let output = hide_console(actor().arg("console")).output().unwrap();
            print!("{}", String::from_utf8(output.stdout).unwrap());
        }
        _ => panic!("{arguments:?}"),
    }
}

/// When told to, starts a process plainly and another one detached, and lives until told to end.
fn parent(folder: &Path) {
    told();
    let mut plain = background_actor();
    let mut plain = plain.arg("beat").arg(folder.join("plain")).spawn().unwrap();
    let mut command = background_actor();
    command.arg("beat").arg(folder.join("detached"));
    let detached = spawn_detached(&mut command).unwrap();
    let lifetime = detached.lifetime();
    let kills = match lifetime.kill_on_close() {
        Some(true) => "kills",
        Some(false) => "does-not",
        None => "unknown",
    };
    println!("{} {} {kills}", detached.pid(), lifetime.in_job());
    told();
    assert!(plain.try_wait().unwrap().is_none());
}

fn told() {
    io::stdin().read_exact(&mut [0]).unwrap();
}

/// When told to, starts many detached processes that each write to a file of their own, and says how
/// many handles are open before and after.
fn storm(folder: &Path, count: usize) {
    told();
    let start = |number: usize| {
        let file = File::create(folder.join(number.to_string())).unwrap();
        let mut command = background_actor();
        command.args(["say", &number.to_string()]).stdout(file);
        start_surely(&mut command);
    };
    // What is made once and kept is made by now.
    start(0);
    let before = open_handles();
    for number in 1..count {
        start(number);
    }
    println!("{before} {}", open_handles());
}

/// Wine 8 now and then loses a new process before it runs, and says that it did.
fn start_surely(command: &mut Command) {
    for _ in 0..3 {
        match spawn_detached(command) {
            Err(error) if error.raw_os_error() == Some(ERROR_INTERNAL_ERROR as i32) => {}
            started => return drop(started.unwrap()),
        }
    }
    panic!("three processes in a row are lost");
}

/// Starts one process after the other, each in a job of its own: the first does the same for as many
/// generations, the others beat.
fn sprout(generations: u32, folder: &Path) {
    let go = folder.join("go");
    let mut jobs = Vec::new();
    while go.exists() && jobs.len() < 200 {
        let mut child = background_actor();
        match (jobs.len(), generations.checked_sub(1)) {
            (0, Some(generations)) => child.args(["sprout", &generations.to_string()]).arg(folder),
            (number, _) => child.arg("beat").arg(folder.join(number.to_string())),
        };
        let child = child.spawn().unwrap();
        // SAFETY: no attributes, no name; the child is open, and so is the job for ever.
        jobs.push(unsafe {
            let job = CreateJobObjectW(ptr::null(), ptr::null());
            AssignProcessToJobObject(job, child.as_raw_handle())
        });
        thread::sleep(Duration::from_millis(2));
    }
    thread::sleep(Duration::from_secs(60));
}

/// How many handles are open, among the values that a process uses first. Wine 8 has no answer for
/// `GetProcessHandleCount`.
fn open_handles() -> usize {
    let is_open = |value: &usize| {
        let mut flags = 0;
        // SAFETY: the call merely fails for a value that is no handle.
        unsafe { GetHandleInformation(*value as HANDLE, &mut flags) != 0 }
    };
    (4..1 << 15).step_by(4).filter(is_open).count()
}

/// How many processes share the console of this one.
fn processes_on_console() -> u32 {
    let mut processes = [0; 16];
    // SAFETY: there is room for as many as are asked for.
    unsafe { GetConsoleProcessList(processes.as_mut_ptr(), 16) }
}

pub(crate) fn make_inheritable(pipe: &PipeWriter) {
    // SAFETY: the handle is open.
    let set = unsafe {
        SetHandleInformation(
            pipe.as_raw_handle(),
            HANDLE_FLAG_INHERIT,
            HANDLE_FLAG_INHERIT,
        )
    };
    assert_ne!(set, 0);
}
