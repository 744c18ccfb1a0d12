//! Process builders: what is set on them, and what they start.

use std::sync::Arc;

use super::OWN_PROGRAM;
use super::passing::passes_on;
use crate::doubt::Why;
use crate::facts::{Fate, SessionKind, Starter, Stream, flag};
use crate::machine::{Arguments, Command, Hook, Instance, Machine, Object, Start};
use crate::platform::Truth;
use crate::value::{Closure, Int, Location, Outcome, Ref, SpawnRef, Value};

/// The types that build a process.
const BUILDERS: [&str; 14] = [
    "async_process::Command",
    "async_std::process::Command",
    "axoprocess::Cmd",
    "duct::Expression",
    "portable_pty::CommandBuilder",
    "process_wrap::std::CommandWrap",
    "process_wrap::std::StdCommandWrap",
    "process_wrap::tokio::CommandWrap",
    "process_wrap::tokio::TokioCommandWrap",
    "smol::process::Command",
    "std::process::Command",
    "subprocess::Exec",
    "tokio::process::Command",
    "xshell::Cmd",
];

/// Which file a bare name stands for, where that is not what the standard library finds.
fn starter(api: &str) -> Starter {
    match api {
        "portable_pty::CommandBuilder" => Starter::ExactFirst,
        "subprocess::Exec" => Starter::Win32,
        _ => Starter::Library,
    }
}

/// What stands in code that starts a process: the name of a builder, or how it is run.
pub(crate) fn spawn_words() -> impl Iterator<Item = &'static str> {
    let builders = BUILDERS.iter().filter_map(|path| path.rsplit("::").next());
    let runs = [".spawn()", ".status()", ".output()"];
    let others = ["cmd", "command", "CreateProcessA", "CreateProcessW"];
    builders.chain(runs).chain(others)
}

pub(super) fn is_builder(path: &str) -> bool {
    BUILDERS.binary_search(&path).is_ok()
}

pub(super) fn builder(
    machine: &mut Machine,
    class: &str,
    program: Value,
    location: Location,
) -> Value {
    let own = machine.instance(&program).map(|it| it.class.clone());
    let program = match own {
        Some(own) if own.as_native() == Some(OWN_PROGRAM) => own,
        _ => program,
    };
    let command = Command {
        api: class.into(),
        program_location: machine.outermost_naming(&program, location),
        program,
        arguments: Vec::new(),
        flags: Int::known(0),
        flags_location: None,
        session: Vec::new(),
        streams: [None; 3],
        kill_on_drop: false,
        open: false,
    };
    Value::Object(machine.allocate(Object::Command(Box::new(command))))
}

/// A builder whose child gets no window.
pub(super) fn hidden_builder(
    machine: &mut Machine,
    class: &str,
    program: Value,
    location: Location,
) -> Value {
    let built = builder(machine, class, program, location);
    if let Value::Object(reference) = built
        && let Some(Object::Command(command)) = machine.object_mut(reference)
    {
        command.flags = Int::known(flag::CREATE_NO_WINDOW.into());
    }
    built
}

pub(super) fn child(machine: &mut Machine, spawn: Option<SpawnRef>) -> Value {
    let instance = Instance {
        class: Value::native("std::process::Child"),
        attributes: imbl::OrdMap::new(),
        open: true,
        spawn,
    };
    Value::Object(machine.allocate(Object::Instance(instance)))
}

pub(super) fn open(machine: &mut Machine, reference: Ref) {
    if let Some(Object::Command(command)) = machine.object_mut(reference) {
        command.give_away();
    }
}

pub(super) fn push_arguments(
    machine: &mut Machine,
    command: &Value,
    arguments: Vec<Option<Value>>,
) {
    if let Value::Object(reference) = command
        && let Some(Object::Command(command)) = machine.object_mut(*reference)
    {
        command.arguments.extend(arguments);
    }
}

/// Methods that a builder has without a trait in scope.
const INHERENT: [&str; 14] = [
    "arg",
    "args",
    "current_dir",
    "env",
    "env_clear",
    "env_remove",
    "envs",
    "kill_on_drop",
    "output",
    "spawn",
    "status",
    "stderr",
    "stdin",
    "stdout",
];

/// A method of a builder: one that the project gives it, or the library's own.
pub(super) fn method(
    machine: &mut Machine,
    receiver: Value,
    method: &str,
    mut arguments: Arguments,
    location: Location,
) -> Value {
    let api = match &receiver {
        Value::Object(reference) => match machine.object(*reference) {
            Some(Object::Command(command)) => Arc::clone(&command.api),
            _ => return Value::UNKNOWN,
        },
        _ => return Value::UNKNOWN,
    };
    if INHERENT.binary_search(&method).is_err()
        && !passes_on(method)
        && let Some(closure) = given_method(machine, &api, method)
    {
        arguments.push_first(receiver, location);
        return machine.call(&Value::Function(closure), arguments, location);
    }
    library_method(machine, &receiver, method, &arguments, location)
}

/// The method that the project gives to a process builder of this type.
fn given_method(machine: &mut Machine, api: &str, method: &str) -> Option<Arc<Closure>> {
    let modules = machine.project.rust_modules(machine.platform);
    let extending = modules.extending_builders().iter().copied();
    let compiled = extending.filter(|file| modules.compiled(*file) != Truth::No);
    machine.foreign_method(api, method, compiled)
}

/// The process builder that the project makes of a value of its own (`impl From<Own> for Command`).
pub(crate) fn converted(machine: &mut Machine, value: &Value, path: &str) -> Option<Value> {
    if !is_builder(path) || machine.instance(value).is_none() {
        return None;
    }
    let convert = given_method(machine, path, "from")?;
    let location = machine.here_statement();
    let mut arguments = Arguments::default();
    arguments.push(value.clone(), location);
    Some(machine.call(&Value::Function(convert), arguments, location))
}

pub(super) fn library_method(
    machine: &mut Machine,
    receiver: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let Value::Object(reference) = receiver else {
        return Value::UNKNOWN;
    };
    let reference = *reference;
    let first = arguments.positional.first().cloned();
    let items = first
        .as_ref()
        .and_then(|first| machine.sequence_of(&first.value));
    let preexec = first
        .as_ref()
        .filter(|_| matches!(method, "pre_exec" | "before_exec"))
        .and_then(|first| session_of(machine, &first.value));
    let method_location = machine.method_location(location, method);
    let Some(Object::Command(command)) = machine.object_mut(reference) else {
        return Value::UNKNOWN;
    };
    match method {
        "arg" | "raw_arg" => command.arguments.push(first.map(|first| first.value)),
        "args" => match items {
            Some(items) => command.arguments.extend(items.items),
            None => command.arguments.push(None),
        },
        "creation_flags" => {
            command.flags = first.map_or(Value::UNKNOWN, |first| first.value).bits();
            command.flags_location = Some(method_location);
        }
        "process_group" => command
            .session
            .push((SessionKind::ProcessGroup, method_location)),
        "pre_exec" | "before_exec" => {
            if let Some(kind) = preexec {
                command.session.push((kind, method_location));
            }
        }
        "setsid" => command.session.push((SessionKind::Setsid, method_location)),
        "kill_on_drop" => {
            command.kill_on_drop = first.is_some_and(|first| first.value == Value::Bool(true));
        }
        "stdin" | "stdout" | "stderr" => {
            let index = ["stdin", "stdout", "stderr"]
                .iter()
                .position(|name| *name == method);
            let stream = first.map_or(Stream::Unknown, |first| stream(&first.value));
            command.streams[index.expect("one of the three")] = Some(stream);
        }
        "stdin_null" => command.streams[0] = Some(Stream::Null),
        "stdout_null" => command.streams[1] = Some(Stream::Null),
        "stderr_null" => command.streams[2] = Some(Stream::Null),
        "stdout_capture" => command.streams[1] = Some(Stream::Pipe),
        "stderr_capture" => command.streams[2] = Some(Stream::Pipe),
        // Functions of these names are given the builder itself.
        "configure" => {
            if let Some(configure) = first {
                let mut arguments = Arguments::default();
                arguments.push(receiver.clone(), location);
                machine.call(&configure.value, arguments, location);
            }
        }
        "env" | "envs" | "env_clear" | "env_remove" | "current_dir" | "dir" | "arg0" | "uid"
        | "gid" | "groups" | "full_env" | "unchecked" | "quiet" | "ignore_status" | "cwd" => {}
        "get_program" | "get_args" | "get_envs" | "get_current_dir" => return Value::UNKNOWN,
        "spawn" | "start" => {
            // tauri-plugin-shell waits for its children on a thread.
            let fate = match is_builder(&command.api) {
                true => Fate::Abandoned,
                false => Fate::Managed,
            };
            return run(machine, reference, method, fate, location);
        }
        "group_spawn" | "group" => return run(machine, reference, method, Fate::Managed, location),
        "status" | "output" | "run" | "read" | "reader" | "read_stderr" | "exec" | "join"
        | "capture" | "communicate" | "stream_stdout" | "stream_stderr" | "stream_stdin" => {
            return run(machine, reference, method, Fate::Waited, location);
        }
        // A `Popen` that is dropped waits for its child.
        "popen" => return run(machine, reference, method, Fate::Managed, location),
        name if name.starts_with("execute") => {
            return run(machine, reference, method, Fate::Waited, location);
        }
        name if passes_on(name) => {}
        // A method of somebody else's trait may do anything to it.
        _ => command.give_away(),
    }
    receiver.clone()
}

fn stream(value: &Value) -> Stream {
    match value {
        Value::Native(path) => match path.rsplit("::").next() {
            Some("null") => Stream::Null,
            Some("piped") => Stream::Pipe,
            Some("inherit") => Stream::Inherited,
            // Of the crate subprocess.
            Some("NullFile") => Stream::Null,
            Some("Pipe") => Stream::Pipe,
            Some("Merge") => Stream::Unknown,
            _ => Stream::File,
        },
        Value::Unknown(_) | Value::None => Stream::Unknown,
        _ => Stream::File,
    }
}

/// What a closure given to `pre_exec` does about sessions.
fn session_of(machine: &mut Machine, value: &Value) -> Option<SessionKind> {
    match value {
        Value::Function(_) | Value::Native(_) => {}
        _ => return None,
    }
    match machine.hook(value) {
        Hook { session: true, .. } => Some(SessionKind::Setsid),
        Hook { group: true, .. } => Some(SessionKind::Setpgid),
        Hook { .. } => None,
    }
}

/// A builder reaches code of a library. What is done with it there is not known, but that it is there to
/// be started.
pub(crate) fn handed_over(machine: &mut Machine, reference: Ref, location: Location) {
    let Some(Object::Command(command)) = machine.object(reference) else {
        return;
    };
    let names_program = |program: &Value| matches!(program, Value::Text(_) | Value::Default(_));
    if !command.program.alternatives().iter().all(names_program) {
        return;
    }
    let command = (**command).clone();
    let start = Start {
        api: command.api.to_string(),
        starter: starter(&command.api),
        program: command.program,
        program_location: command.program_location,
        command: None,
        arguments: vec![None],
        shell: Truth::No,
        flags: Value::unknown(Why::Library).bits(),
        flags_location: None,
        session: Vec::new(),
        refused: Vec::new(),
        streams: [Stream::Unknown; 3],
        fate: Fate::Unknown,
        kill_on_drop: false,
    };
    machine.start(start, location);
}

/// Starts the process that a builder describes.
fn run(
    machine: &mut Machine,
    reference: Ref,
    method: &str,
    fate: Fate,
    location: Location,
) -> Value {
    let Some(Object::Command(command)) = machine.object(reference) else {
        return Value::UNKNOWN;
    };
    let command = (**command).clone();
    let default = if method == "output" {
        Stream::Pipe
    } else {
        Stream::Inherited
    };
    let mut streams = command.streams.map(|stream| stream.unwrap_or(default));
    if command.open {
        for (stream, given) in streams.iter_mut().zip(command.streams) {
            if given.is_none() && default == Stream::Inherited {
                *stream = Stream::Unknown;
            }
        }
    }
    let start = Start {
        api: format!("{}::{method}", command.api),
        starter: starter(&command.api),
        program: command.program.clone(),
        program_location: command.program_location,
        command: None,
        arguments: command.arguments.clone(),
        shell: Truth::No,
        flags: command.flags.clone(),
        flags_location: command.flags_location,
        session: command.session.clone(),
        refused: Vec::new(),
        streams,
        fate,
        kill_on_drop: command.kill_on_drop,
    };
    let index = machine.start(start, location);
    machine.run_embedded(&command.program, &command.arguments);
    let ok = match fate {
        Fate::Waited => Value::UNKNOWN,
        _ => child(machine, Some(index)),
    };
    Value::Outcome(Arc::new(Outcome {
        spawns: vec![index],
        ok,
    }))
}
