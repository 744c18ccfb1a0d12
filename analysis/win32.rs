//! `CreateProcess` and what is done with the handles it gives, whichever language calls it.

use std::sync::Arc;

use crate::facts::{Fate, Starter, Stream};
use crate::machine::{Arguments, Instance, Machine, Object, Start};
use crate::platform::Truth;
use crate::value::{Location, Outcome, Piece, SpawnRef, Text, Value};

/// The program of a command line, which is its first word, and the words after it.
pub(crate) fn command_line(line: &Text) -> (Value, Vec<Option<Value>>) {
    let cause = Value::Text(line.clone()).cause();
    let unknown = (cause.map_or(Value::UNKNOWN, Value::Unknown), vec![None]);
    let Some(piece @ Piece::Known { text, .. }) = line.pieces.first() else {
        return unknown;
    };
    let Some(word) = text.split_whitespace().next() else {
        return unknown;
    };
    // What is not known may belong to the word.
    if line.pieces.len() > 1 && text.trim_start().len() == word.len() {
        return unknown;
    }
    let start = text.find(word).unwrap_or(0);
    // A string of the API ends with a zero, which is written in Rust.
    let word = word.trim_end_matches('\0');
    let program = Text::new(vec![piece.slice(start, start + word.len())]);
    let rest = text.split_whitespace().skip(1);
    (
        Value::Text(program),
        rest.map(|word| Some(Value::text(word))).collect(),
    )
}

/// Records a call of `CreateProcess`, whose first six arguments are the same in every binding. The
/// answer is the spawn.
pub(crate) fn create_process(
    machine: &mut Machine,
    api: &str,
    arguments: &Arguments,
    location: Location,
) -> SpawnRef {
    let value = |position: usize| match arguments.positional.get(position) {
        Some(argument) => argument.value.clone(),
        None => Value::UNKNOWN,
    };
    let line = arguments.positional.get(1);
    let (program, words) = match (value(0), value(1)) {
        (application, Value::Text(line)) if is_null(&application) => command_line(&line),
        _ => (Value::UNKNOWN, vec![None]),
    };
    let flags = value(5).bits();
    // Only a child that inherits handles can be given streams, and then by a structure whose
    // fields are not read here.
    let inherits = machine.truth(&value(4));
    let stream = match inherits {
        Truth::No => Stream::Inherited,
        Truth::Yes | Truth::Unknown => Stream::Unknown,
    };
    let start = Start {
        api: api.to_owned(),
        starter: Starter::Win32,
        program,
        program_location: line.map_or(location, |line| line.location),
        command: None,
        arguments: words,
        shell: Truth::No,
        flags,
        flags_location: arguments
            .positional
            .get(5)
            .map(|argument| argument.location),
        session: Vec::new(),
        refused: Vec::new(),
        streams: [stream; 3],
        fate: match inherits {
            Truth::No => Fate::Abandoned,
            // Its parent may hold the other end of a pipe.
            Truth::Yes | Truth::Unknown => Fate::Unknown,
        },
        kill_on_drop: false,
    };
    machine.start(start, location)
}

/// Whether an argument is a null pointer, in whatever way it is spelled.
fn is_null(value: &Value) -> bool {
    match value {
        Value::None => true,
        Value::Int(int) => int.is_zero() == Truth::Yes,
        _ => false,
    }
}

/// The handle of a process.
pub(crate) fn handle(machine: &mut Machine, spawn: SpawnRef) -> Value {
    let instance = Instance {
        class: Value::native("HANDLE"),
        attributes: imbl::OrdMap::new(),
        open: true,
        spawn: Some(spawn),
    };
    Value::Object(machine.allocate(Object::Instance(instance)))
}

/// A `PROCESS_INFORMATION` that nobody has filled in.
pub(crate) fn process_information(machine: &mut Machine) -> Value {
    let instance = Instance {
        class: Value::native("PROCESS_INFORMATION"),
        attributes: imbl::OrdMap::new(),
        open: true,
        spawn: None,
    };
    Value::Object(machine.allocate(Object::Instance(instance)))
}

/// `CreateProcess` as the system has it, with a `PROCESS_INFORMATION` behind its other arguments; the
/// value tells whether it succeeded.
pub(crate) fn create_process_w(
    machine: &mut Machine,
    api: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let spawn = create_process(machine, api, arguments, location);
    let information = arguments.positional.get(9);
    fill_in(machine, information.map(|argument| &argument.value), spawn);
    Value::Outcome(Arc::new(Outcome {
        spawns: vec![spawn],
        ok: Value::Bool(true),
    }))
}

/// `CreateProcess` fills in the `PROCESS_INFORMATION` it is given. Where that is not known, nobody
/// knows what becomes of the child.
fn fill_in(machine: &mut Machine, information: Option<&Value>, spawn: SpawnRef) {
    let handle = handle(machine, spawn);
    if let Some(Value::Object(reference)) = information
        && let Some(Object::Instance(instance)) = machine.object_mut(*reference)
    {
        instance.spawn = Some(spawn);
        instance.attributes.insert("hProcess".into(), handle);
    } else {
        machine.raise_fate(spawn, Fate::Unknown);
    }
}

/// Functions of the system that take the handle of a process and let it go on as it is.
const HARMLESS: [&str; 6] = [
    "CloseHandle",
    "GetProcessId",
    "GetThreadId",
    "ResumeThread",
    "SetPriorityClass",
    "WaitForInputIdle",
];

/// Takes note of a process handle among the arguments of a system function; `None` if the function
/// is not one of those that take such handles.
pub(crate) fn use_handle(
    machine: &mut Machine,
    function: &str,
    arguments: &Arguments,
) -> Option<()> {
    let fate = match function {
        "TerminateProcess" | "GetExitCodeProcess" | "AssignProcessToJobObject" => Fate::Managed,
        _ if HARMLESS.contains(&function) => return Some(()),
        _ if function.contains("WaitFor") => Fate::Waited,
        _ => return None,
    };
    for value in arguments.values() {
        let handles = match machine.sequence_of(value) {
            Some(sequence) => sequence.items.into_iter().flatten().collect(),
            None => vec![value.clone()],
        };
        for handle in handles {
            if let Some(spawn) = child_of(machine, &handle) {
                machine.raise_fate(spawn, fate);
                if function == "AssignProcessToJobObject" {
                    machine.put_into_job(spawn);
                }
            }
        }
    }
    Some(())
}

/// The spawn whose child a value is or belongs to: `child._handle`, `child.pid`.
pub(crate) fn child_of(machine: &Machine, value: &Value) -> Option<SpawnRef> {
    match value {
        Value::Bound(bound) => machine.child(bound.first.first()?),
        value => machine.child(value),
    }
}
