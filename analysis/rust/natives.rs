//! What calling something outside the project does, in Rust: by its qualified name, and for a
//! method by the type it belongs to.

use std::rc::Rc;

use crate::code::Name;
use crate::facts::{Fate, SessionKind, Stream};
use crate::machine::{Arguments, Command, Instance, Machine, Object, Start, fate_of_use};
use crate::platform::Truth;
use crate::value::{Int, Location, Outcome, Piece, Ref, Text, Value};

/// The types that build a process, with whether their `spawn` gives a handle of the child.
const BUILDERS: [&str; 8] = [
    "async_process::Command",
    "async_std::process::Command",
    "duct::Expression",
    "portable_pty::CommandBuilder",
    "smol::process::Command",
    "std::process::Command",
    "tokio::process::Command",
    "xshell::Cmd",
];

/// Calls a native by its qualified name.
pub(crate) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: Arguments,
    location: Location,
) -> Value {
    if let Some((class, method)) = path.rsplit_once('.') {
        return method_of(machine, class, method, arguments, location);
    }
    let (parent, name) = path.rsplit_once("::").unwrap_or(("", path));
    let first = arguments
        .positional
        .first()
        .map(|argument| argument.value.clone());
    if let Some(value) = macro_call(machine, path, &arguments) {
        return value;
    }
    match name {
        "null" | "piped" | "inherit" | "from" if parent.ends_with("Stdio") => Value::native(path),
        "new" if is_builder(parent) => {
            let program = first.unwrap_or(Value::Unknown);
            let program_location = arguments
                .positional
                .first()
                .map_or(location, |argument| argument.location);
            builder(machine, parent, program, program_location)
        }
        "kill" if sends_signals(parent) => {
            if let Some(signal) = arguments.positional.get(1) {
                machine.signal(path, signal.value.clone(), signal.location, location);
            }
            Value::Unknown
        }
        "test_kill_process" => {
            machine.signal(path, Value::Int(Int::known(0)), location, location);
            Value::Unknown
        }
        "exit" | "abort" if parent.ends_with("process") => machine.exit(),
        // A method called by its path: `CommandExt::process_group(&mut command, 0)`.
        method if method != "from" && (is_builder(parent) || parent.ends_with("CommandExt")) => {
            match arguments.split_first() {
                Some((receiver, rest)) => {
                    command_method(machine, &receiver, method, &rest, location)
                }
                None => Value::Unknown,
            }
        }
        "which" | "which_in" | "which_global" if parent == "which" || parent.is_empty() => {
            Value::ResolvedProgram
        }
        // Wrapping changes nothing that matters here.
        "PROCESS_CREATION_FLAGS" => first.unwrap_or(Value::Unknown),
        "Some" | "Ok" if parent.is_empty() => first.unwrap_or(Value::None),
        "new" | "from" | "pin" if is_wrapper(parent) => first.unwrap_or(Value::Unknown),
        "from" if is_builder(parent) => first.unwrap_or(Value::Unknown),
        _ => {
            machine.hand_over(&arguments, location);
            Value::Unknown
        }
    }
}

/// Calls a method of something whose type is not known.
pub(crate) fn method(
    machine: &mut Machine,
    receiver: &Value,
    name: &Name,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    let first = || {
        arguments
            .positional
            .first()
            .map(|argument| argument.value.clone())
    };
    match &**name {
        "unwrap_or" => Some(fallback(receiver, first().unwrap_or(Value::Unknown))),
        "unwrap_or_else" | "or_else" | "map_or_else" => {
            let callee = first()?;
            let value = machine.call(
                &callee,
                Arguments {
                    rest: true,
                    ..Arguments::default()
                },
                location,
            );
            Some(fallback(receiver, value))
        }
        name if passes_on(name) => Some(receiver.clone()),
        _ => None,
    }
}

/// What `receiver.unwrap_or(value)` is.
fn fallback(receiver: &Value, value: Value) -> Value {
    match receiver {
        Value::Unknown => match value {
            Value::Text(_) => Value::Default(Rc::new(value)),
            _ => Value::Unknown,
        },
        Value::None => value,
        receiver => Value::one_of([receiver.clone(), value]),
    }
}

/// Methods whose result stands for their receiver.
fn passes_on(name: &str) -> bool {
    matches!(
        name,
        "as_deref"
            | "as_mut"
            | "as_os_str"
            | "as_path"
            | "as_ref"
            | "as_std"
            | "as_std_mut"
            | "as_str"
            | "borrow"
            | "borrow_mut"
            | "clone"
            | "cloned"
            | "context"
            | "copied"
            | "deref"
            | "expect"
            | "into"
            | "into_owned"
            | "into_os_string"
            | "into_string"
            | "into_boxed_str"
            | "map_err"
            | "ok"
            | "ok_or"
            | "ok_or_else"
            | "to_owned"
            | "to_path_buf"
            | "to_os_string"
            | "to_str"
            | "to_string"
            | "to_string_lossy"
            | "unwrap"
            | "unwrap_or_default"
            | "unwrap_unchecked"
            | "with_context"
            | "bits"
            | "lock"
            | "iter"
            | "into_iter"
            | "take"
            | "inner"
    )
}

fn is_wrapper(path: &str) -> bool {
    let name = path.rsplit("::").next().unwrap_or(path);
    matches!(
        name,
        "Arc"
            | "Box"
            | "Cell"
            | "Cow"
            | "Mutex"
            | "OsStr"
            | "OsString"
            | "Path"
            | "PathBuf"
            | "Pin"
            | "Rc"
            | "RefCell"
            | "RwLock"
            | "String"
    )
}

fn is_builder(path: &str) -> bool {
    BUILDERS.binary_search(&path).is_ok()
}

fn sends_signals(path: &str) -> bool {
    matches!(
        path,
        "libc" | "nix::sys::signal" | "sys::signal" | "signal" | "nix::libc"
    )
}

/// An instance of a type outside the project of which only the type is known.
pub(crate) fn instance_of(machine: &mut Machine, class: &str) -> Value {
    if is_builder(class) {
        let location = machine.here_statement();
        let built = builder(machine, class, Value::Unknown, location);
        if let Value::Object(reference) = built {
            open(machine, reference);
        }
        return built;
    }
    if class.ends_with("process::Child") {
        return child(machine, None);
    }
    Value::Unknown
}

fn builder(machine: &mut Machine, class: &str, program: Value, location: Location) -> Value {
    let command = Command {
        api: class.into(),
        program,
        program_location: location,
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

fn child(machine: &mut Machine, spawn: Option<usize>) -> Value {
    let instance = Instance {
        class: Value::native("std::process::Child"),
        attributes: imbl::OrdMap::new(),
        open: true,
        spawn,
    };
    Value::Object(machine.allocate(Object::Instance(instance)))
}

fn open(machine: &mut Machine, reference: Ref) {
    if let Some(Object::Command(command)) = machine.object_mut(reference) {
        command.give_away();
    }
}

/// The macros that build a process.
fn macro_call(machine: &mut Machine, path: &str, arguments: &Arguments) -> Option<Value> {
    if path.rsplit("::").next() != Some("cmd!") {
        return None;
    }
    let mut given = arguments.positional.iter();
    let first = given.next()?;
    // `cmd!(shell, "line")` is xshell's, `cmd!("program", "argument", …)` is duct's.
    if let (Value::Text(_), false) = (&first.value, arguments.rest) {
        let built = builder(
            machine,
            "duct::Expression",
            first.value.clone(),
            first.location,
        );
        let rest = given.map(|argument| Some(argument.value.clone())).collect();
        push_arguments(machine, &built, rest);
        return Some(built);
    }
    let line = given.next()?;
    let Value::Text(text) = &line.value else {
        return Some(Value::Unknown);
    };
    let Some(Piece::Known { text: start, .. }) = text.pieces.first() else {
        return Some(Value::Unknown);
    };
    let word = start.split_whitespace().next()?;
    if start.trim_start().len() == word.len() && text.pieces.len() > 1 {
        return Some(Value::Unknown);
    }
    let at = start.find(word)?;
    let program = Value::Text(Text::new(vec![text.pieces[0].slice(at, at + word.len())]));
    let built = builder(machine, "xshell::Cmd", program, line.location);
    push_arguments(machine, &built, vec![None]);
    Some(built)
}

fn push_arguments(machine: &mut Machine, command: &Value, arguments: Vec<Option<Value>>) {
    if let Value::Object(reference) = command
        && let Some(Object::Command(command)) = machine.object_mut(*reference)
    {
        command.arguments.extend(arguments);
    }
}

/// Calls a method of a known type; the receiver is the first argument.
fn method_of(
    machine: &mut Machine,
    class: &str,
    method: &str,
    mut arguments: Arguments,
    location: Location,
) -> Value {
    if arguments.positional.is_empty() {
        return Value::Unknown;
    }
    let receiver = arguments.positional.remove(0).value;
    match class {
        "Command" => method_of_command(machine, receiver, method, arguments, location),
        "Result" => result_method(machine, &receiver, method, &arguments, location),
        "std::process::Child" => {
            if let (Some(spawn), Some(fate)) = (machine.child(&receiver), fate_of_use(method)) {
                machine.record.raise_fate(spawn, fate);
            }
            machine.hand_over(&arguments, location);
            if passes_on(method) {
                receiver
            } else {
                Value::Unknown
            }
        }
        "list" => list_method(machine, &receiver, method, &arguments),
        "str" if passes_on(method) => receiver,
        "str" => match (
            method,
            arguments.positional.first().map(|argument| &argument.value),
        ) {
            ("starts_with", Some(prefix)) => match (receiver.as_text(), prefix.as_text()) {
                (Some(text), Some(prefix)) => Value::Bool(text.starts_with(&prefix)),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        },
        _ => {
            machine.hand_over(&arguments, location);
            Value::Unknown
        }
    }
}

fn list_method(machine: &mut Machine, list: &Value, method: &str, arguments: &Arguments) -> Value {
    let Value::Object(reference) = list else {
        return Value::Unknown;
    };
    let first = arguments
        .positional
        .first()
        .map(|argument| argument.value.clone());
    match method {
        "extend" | "extend_from_slice" | "append" => {
            machine.extend(list, &first.unwrap_or(Value::Unknown));
            Value::None
        }
        "push" => {
            if let Some(Object::Sequence(sequence)) = machine.object_mut(*reference) {
                sequence.items.push(first);
            }
            Value::None
        }
        "first" => machine.item(list, &Value::Int(Int::known(0))),
        name if passes_on(name) || name == "to_vec" => list.clone(),
        "len" | "is_empty" | "contains" | "join" | "concat" | "last" | "get" => Value::Unknown,
        _ => {
            if let Some(Object::Sequence(sequence)) = machine.object_mut(*reference) {
                sequence.items = vec![None];
            }
            Value::Unknown
        }
    }
}

// ---- builders ----

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
fn method_of_command(
    machine: &mut Machine,
    receiver: Value,
    method: &str,
    mut arguments: Arguments,
    location: Location,
) -> Value {
    let api = match &receiver {
        Value::Object(reference) => match machine.object(*reference) {
            Some(Object::Command(command)) => Rc::clone(&command.api),
            _ => return Value::Unknown,
        },
        _ => return Value::Unknown,
    };
    if INHERENT.binary_search(&method).is_err()
        && !passes_on(method)
        && let Some(closure) = machine.foreign_method(&api, method)
    {
        arguments.push_first(receiver, location);
        return machine.call(&Value::Function(closure), arguments, location);
    }
    command_method(machine, &receiver, method, &arguments, location)
}

fn command_method(
    machine: &mut Machine,
    receiver: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let Value::Object(reference) = receiver else {
        return Value::Unknown;
    };
    let reference = *reference;
    let first = arguments.positional.first().cloned();
    let items = first
        .as_ref()
        .and_then(|first| machine.sequence_of(&first.value));
    let preexec = first
        .as_ref()
        .and_then(|first| session_of(machine, &first.value));
    let method_location = machine.method_location(location, method);
    let Some(Object::Command(command)) = machine.object_mut(reference) else {
        return Value::Unknown;
    };
    match method {
        "arg" | "raw_arg" => command.arguments.push(first.map(|first| first.value)),
        "args" => match items {
            Some(items) => command.arguments.extend(items.items),
            None => command.arguments.push(None),
        },
        "creation_flags" => {
            command.flags = match first.map(|first| first.value) {
                Some(Value::Int(flags)) => flags,
                _ => Int::unknown(),
            };
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
        "env" | "envs" | "env_clear" | "env_remove" | "current_dir" | "dir" | "arg0" | "uid"
        | "gid" | "groups" | "full_env" | "unchecked" | "quiet" | "ignore_status" | "cwd" => {}
        "get_program" | "get_args" | "get_envs" | "get_current_dir" => return Value::Unknown,
        "spawn" | "start" => return run(machine, reference, method, Fate::Abandoned, location),
        "group_spawn" | "group" => return run(machine, reference, method, Fate::Managed, location),
        "status" | "output" | "run" | "read" | "reader" | "read_stderr" | "exec" => {
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
            _ => Stream::File,
        },
        Value::Unknown => Stream::Unknown,
        _ => Stream::File,
    }
}

/// What a closure given to `pre_exec` does about sessions.
fn session_of(machine: &Machine, value: &Value) -> Option<SessionKind> {
    let text = match value {
        Value::Function(closure) => machine.source(closure.document, closure.function.span),
        Value::Native(path) => path,
        _ => return None,
    };
    if text.contains("setsid") {
        Some(SessionKind::Setsid)
    } else if text.contains("setpgid") || text.contains("setpgrp") {
        Some(SessionKind::Setpgid)
    } else {
        None
    }
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
        return Value::Unknown;
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
        program: command.program.clone(),
        program_location: command.program_location,
        arguments: command.arguments.clone(),
        shell: Truth::No,
        flags: command.flags.clone(),
        flags_location: command.flags_location,
        session: command.session.clone(),
        streams,
        fate,
        kill_on_drop: command.kill_on_drop,
    };
    let index = machine.start(start, location);
    machine.run_embedded(&command.program, &command.arguments);
    let ok = match fate {
        Fate::Waited => Value::Unknown,
        _ => child(machine, Some(index)),
    };
    Value::Outcome(Rc::new(Outcome {
        spawns: vec![index],
        ok,
    }))
}

// ---- results ----

fn result_method(
    machine: &mut Machine,
    receiver: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let Value::Outcome(outcome) = receiver else {
        return Value::Unknown;
    };
    let outcome = Rc::clone(outcome);
    let callee = arguments
        .positional
        .first()
        .map_or(Value::Unknown, |argument| argument.value.clone());
    let given = |value: Value| {
        let mut arguments = Arguments::default();
        arguments.push(value, location);
        arguments
    };
    match method {
        "unwrap" | "expect" | "unwrap_or_default" | "unwrap_unchecked" => outcome.ok.clone(),
        "is_ok" | "is_err" | "is_some" | "is_none" => {
            machine.remember(location, receiver.clone());
            Value::Unknown
        }
        "map" | "and_then" | "inspect" | "map_or" => {
            let ok = machine.call(&callee, given(outcome.ok.clone()), location);
            let ok = if method == "inspect" {
                outcome.ok.clone()
            } else {
                ok
            };
            Value::Outcome(Rc::new(Outcome {
                spawns: outcome.spawns.clone(),
                ok,
            }))
        }
        "or_else" | "unwrap_or_else" | "or" | "unwrap_or" => {
            machine.recover(&outcome, |machine| match method {
                "or" | "unwrap_or" => callee,
                _ => machine.call(&callee, given(Value::Unknown), location),
            })
        }
        "map_err" | "inspect_err" => {
            machine.recover(&outcome, |machine| {
                machine.call(&callee, given(Value::Unknown), location);
                Value::Outcome(Rc::clone(&outcome))
            });
            receiver.clone()
        }
        _ => receiver.clone(),
    }
}
