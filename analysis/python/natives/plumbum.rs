//! plumbum's local commands: found by name, given arguments in steps, and run in many ways.

use super::processes::{POPEN, Takes, spawn, spawner};
use crate::code::{BinaryOp, Name};
use crate::facts::{Starter, Stream};
use crate::machine::{Arguments, Machine, Sequence};
use crate::value::{Location, Value};

/// The class of commands.
const COMMAND: &str = "plumbum.commands.BaseCommand";

/// What is called in the end, whatever runs the command.
const API: &str = "plumbum.commands.BaseCommand.popen";

/// `local["npm"]`, `npm["install"]`; `None` if neither is meant.
pub(crate) fn index(machine: &mut Machine, object: &Value, index: &Value) -> Option<Value> {
    if let Some("plumbum.local" | "plumbum.machines.local.local") = object.as_native() {
        return Some(command(machine, index.clone(), Vec::new()));
    }
    let (program, mut arguments) = parts(machine, object)?;
    match machine.sequence_of(index) {
        Some(added) => arguments.extend(added.items),
        None => arguments.push(Some(index.clone())),
    }
    Some(command(machine, program, arguments))
}

/// `command & FG`; `None` if something else is meant.
pub(crate) fn operator(
    machine: &mut Machine,
    op: BinaryOp,
    left: &Value,
    right: &Value,
    location: Location,
) -> Option<Value> {
    if op != BinaryOp::And {
        return None;
    }
    let modifier = right.as_native()?.strip_prefix("plumbum.")?;
    let run = match modifier.rsplit('.').next()? {
        "FG" | "RETCODE" | "TEE" | "TF" => Run::InFront,
        "BG" => Run::Behind,
        "NOHUP" => Run::Detached,
        _ => return None,
    };
    let command = parts(machine, left)?;
    Some(start(machine, command, run, Arguments::default(), location))
}

/// Calls a command or one of its methods; `None` if the path is none.
pub(super) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    let of_command = path
        .strip_prefix(COMMAND)
        .and_then(|rest| rest.strip_prefix('.'));
    if let Some(method) = of_command {
        let (receiver, rest) = arguments.clone().split_first()?;
        let command = parts(machine, &receiver)?;
        return call_method(machine, command, method, rest, location);
    }
    if let Some(imported) = imported(path) {
        let (name, method) = imported.split_once('.').unwrap_or((imported, "__call__"));
        let command = (Value::text(name), Vec::new());
        return call_method(machine, command, method, arguments.clone(), location);
    }
    // `FG(retcode=None)` runs as `FG` does.
    let modifier = path.strip_prefix("plumbum.")?.rsplit('.').next()?;
    matches!(modifier, "FG" | "RETCODE" | "TEE" | "TF" | "BG" | "NOHUP")
        .then(|| Value::native(path))
}

/// How a command is run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    /// To its end, with its output read.
    Through,
    /// To its end, on the console.
    InFront,
    /// Piped, while the caller goes on.
    Behind,
    /// As a daemon, with flags that plumbum chooses.
    Detached,
}

fn call_method(
    machine: &mut Machine,
    command: Command,
    method: &str,
    mut arguments: Arguments,
    location: Location,
) -> Option<Value> {
    let run = match method {
        "__call__" | "run" | "bgrun" | "run_tee" => Run::Through,
        "run_fg" | "run_retcode" | "run_tf" => Run::InFront,
        "popen" | "run_bg" => Run::Behind,
        "nohup" | "run_nohup" => Run::Detached,
        "with_env" | "with_cwd" | "setenv" => {
            return Some(self::command(machine, command.0, command.1));
        }
        _ => return None,
    };
    let (program, mut given) = command;
    // Only a call passes its arguments on one by one.
    if method == "__call__" {
        given.extend(
            arguments
                .positional
                .drain(..)
                .map(|given| Some(given.value)),
        );
        if arguments.rest {
            given.push(None);
        }
    } else if let Some(list) = arguments.get(0, "args") {
        let list = list.value.clone();
        let unknown = Sequence {
            items: vec![None],
            fixed: true,
        };
        given.extend(machine.sequence_of(&list).unwrap_or(unknown).items);
        arguments.positional.clear();
    }
    Some(start(machine, (program, given), run, arguments, location))
}

/// Starts a command; the options among `arguments` are those of `subprocess.Popen`.
fn start(
    machine: &mut Machine,
    (program, given): Command,
    run: Run,
    options: Arguments,
    location: Location,
) -> Value {
    let mut arguments = Arguments {
        open: options.open || run == Run::Detached,
        keywords: options.keywords,
        ..Arguments::default()
    };
    arguments.push(program, location);
    for argument in given {
        match argument {
            Some(argument) => arguments.push(argument, location),
            None => arguments.push_rest(),
        }
    }
    let stdout = match run {
        Run::InFront => Stream::Inherited,
        Run::Through | Run::Behind => Stream::Pipe,
        Run::Detached => Stream::File,
    };
    let handle = match run {
        Run::Through | Run::InFront => None,
        Run::Behind | Run::Detached => POPEN,
    };
    let mut plumbum = spawner(API, Takes::Each, handle, stdout);
    plumbum.starter = Starter::ExactFirst;
    spawn(machine, &plumbum, &arguments, location)
}

/// A program and the arguments it has been given.
type Command = (Value, Vec<Option<Value>>);

/// A command object.
fn command(machine: &mut Machine, program: Value, arguments: Vec<Option<Value>>) -> Value {
    let arguments = machine.sequence(arguments, true);
    let command = super::instance(machine, COMMAND, None);
    machine.assign_attribute(&command, &PROGRAM.into(), program);
    machine.assign_attribute(&command, &ARGUMENTS.into(), arguments);
    command
}

const PROGRAM: &str = "executable";
const ARGUMENTS: &str = "args";

/// What a command object starts; `None` for any other value.
fn parts(machine: &Machine, value: &Value) -> Option<Command> {
    if let Some(name) = value.as_native().and_then(imported) {
        return (!name.contains('.')).then(|| (Value::text(name), Vec::new()));
    }
    let instance = machine.instance(value)?;
    if instance.class.as_native() != Some(COMMAND) {
        return None;
    }
    let attribute = |name: &str| instance.attributes.get(&Name::from(name)).cloned();
    let arguments = machine.sequence_of(&attribute(ARGUMENTS)?)?;
    Some((attribute(PROGRAM)?, arguments.items))
}

/// What follows in the path of a command that was imported by its name.
fn imported(path: &str) -> Option<&str> {
    ["plumbum.cmd.", "plumbum.local.cmd."]
        .iter()
        .find_map(|module| path.strip_prefix(module))
}
