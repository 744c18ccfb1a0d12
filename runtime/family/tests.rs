//! The table's trees, in a world of numbers.

use std::collections::BTreeSet;
use std::io;

use serde::Deserialize;

use super::{end_tree, Birth, Opened, System};

#[derive(Deserialize)]
struct Cases {
    tree: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    root: u32,
    #[serde(default)]
    caller: u32,
    processes: Vec<Process>,
    #[serde(default)]
    then: Vec<Event>,
    #[serde(default = "yes")]
    job_ends: bool,
    survivors: BTreeSet<u32>,
    outcome: String,
}

/// What happens after a look at the list.
#[derive(Clone, Deserialize)]
struct Event {
    look: usize,
    #[serde(default)]
    ends: Vec<u32>,
    #[serde(default)]
    starts: Vec<Process>,
    #[serde(default)]
    fails: bool,
}

#[derive(Clone, Deserialize)]
struct Process {
    pid: u32,
    parent: u32,
    created: u64,
    #[serde(default = "fully")]
    opens: String,
    #[serde(default = "permitted")]
    job: String,
    #[serde(default = "yes")]
    tells_birth: bool,
    #[serde(default)]
    ended: bool,
    #[serde(skip)]
    is_in_job: bool,
}

fn fully() -> String {
    "fully".to_owned()
}

fn permitted() -> String {
    "permitted".to_owned()
}

fn yes() -> bool {
    true
}

fn error() -> io::Error {
    io::Error::other("as the table has it")
}

struct World {
    caller: u32,
    /// Those that are and those that were: a handle is an index.
    processes: Vec<Process>,
    events: Vec<Event>,
    looks: usize,
    job_ends: bool,
}

impl World {
    fn start(&mut self, mut process: Process) {
        let parent = self
            .processes
            .iter()
            .find(|other| other.pid == process.parent && !other.ended);
        let has_parent = self
            .processes
            .iter()
            .any(|other| other.pid == process.parent);
        match parent {
            Some(parent) => process.is_in_job = parent.is_in_job,
            // The dead start nothing; who is not in this world does as he likes.
            None if has_parent => return,
            None => {}
        }
        self.processes.push(process);
    }
}

impl System for World {
    type Process = usize;

    fn own(&self) -> u32 {
        self.caller
    }

    fn list(&mut self) -> io::Result<Vec<(u32, u32)>> {
        let running = self.processes.iter().filter(|process| !process.ended);
        let list = running
            .map(|process| (process.pid, process.parent))
            .collect();
        self.looks += 1;
        for event in self.events.clone() {
            if event.look != self.looks {
                continue;
            }
            for process in &mut self.processes {
                process.ended |= event.ends.contains(&process.pid);
            }
            for process in event.starts {
                self.start(process);
            }
            if event.fails {
                return Err(error());
            }
        }
        Ok(list)
    }

    fn open(&mut self, pid: u32) -> Opened<usize> {
        let found = self.processes.iter().rposition(|it| it.pid == pid);
        let Some(found) = found else {
            return Opened::Nobody;
        };
        let denied = io::ErrorKind::PermissionDenied.into();
        match self.processes[found].opens.as_str() {
            "fully" => Opened::Mortal(found),
            "to-look" => Opened::Immortal(found, denied),
            "never" => Opened::Closed(denied),
            opens => panic!("the table has a process that opens in a new way: {opens}"),
        }
    }

    fn birth(&mut self, process: &usize) -> io::Result<Birth> {
        let Process {
            parent,
            created,
            tells_birth,
            ..
        } = self.processes[*process];
        match tells_birth {
            true => Ok(Birth { parent, created }),
            false => Err(error()),
        }
    }

    fn runs(&mut self, process: &usize) -> io::Result<bool> {
        Ok(!self.processes[*process].ended)
    }

    fn put_into_job(&mut self, process: &usize) -> bool {
        let process = &mut self.processes[*process];
        process.is_in_job = process.job == "permitted" && !process.ended;
        process.is_in_job
    }

    fn end_job(&mut self) -> io::Result<()> {
        if !self.job_ends {
            return Err(error());
        }
        for process in &mut self.processes {
            process.ended |= process.is_in_job;
        }
        Ok(())
    }

    fn end(&mut self, process: &usize) -> io::Result<()> {
        self.processes[*process].ended = true;
        Ok(())
    }

    fn wait(&mut self, process: &usize) {
        let process = &self.processes[*process];
        let ends = process.ended || !self.job_ends;
        assert!(ends, "nobody waits for ever");
    }
}

#[test]
fn the_table() {
    let cases: Cases = toml::from_str(include_str!("../cases.toml")).expect("the table");
    for case in cases.tree {
        let mut world = World {
            caller: case.caller,
            processes: case.processes,
            events: case.then,
            looks: 0,
            job_ends: case.job_ends,
        };
        let outcome = match end_tree(&mut world, case.root) {
            Ok(()) => "ok",
            Err(error) if error.kind() == io::ErrorKind::NotFound => "no-such-process",
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => "permission-denied",
            Err(_) => "error",
        };
        let survivors = world.processes.iter().filter(|process| !process.ended);
        let survivors: BTreeSet<u32> = survivors.map(|process| process.pid).collect();
        assert_eq!(
            (survivors, outcome),
            (case.survivors, case.outcome.as_str()),
            "{}",
            case.name
        );
    }
}
