//! Starting processes and sending signals, whatever spells it.

use crate::doubt::Why;
use crate::facts::{Fate, SessionKind, Starter, Stream};
use crate::machine::{Argument, Arguments, Hook, Machine, Refused, Start, fate_of_use};
use crate::platform::{Platform, Truth};
use crate::rewrite::CommandArgument;
use crate::value::{Int, Location, Piece, Text, Value};
use crate::win32;

/// How a function takes the command it runs, and what it makes of the child.
pub(super) struct Spawner {
    path: &'static str,
    pub(super) starter: Starter,
    takes: Takes,
    /// Whether it returns a handle of the child; otherwise it returns when the child has ended.
    handle: Option<&'static str>,
    /// What happens to standard output where the caller says nothing.
    stdout: Stream,
}

impl Spawner {
    fn command(&self, machine: &Machine, value: &Value) -> Option<CommandArgument> {
        let is_text = |value: &Value| matches!(value, Value::Text(_));
        let is_list = |value: &Value| machine.items(value).is_some();
        let one = |keyword| CommandArgument::One {
            position: 0,
            keyword,
            is_text: value.alternatives().iter().any(is_text),
            is_list: value.alternatives().iter().all(is_list),
        };
        match self.takes {
            _ if !self.path.contains('.') || self.starter != Starter::Library => None,
            Takes::Popen if self.path.starts_with("trio.") => Some(one("command")),
            Takes::Popen => Some(one("args")),
            Takes::Each => Some(CommandArgument::Rest(0)),
            Takes::ListOrShellLine => Some(one("command")),
            Takes::ShellLine | Takes::ListOrLine => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// `args`, a list or string, with `shell=`; the positions are those of `subprocess.Popen`.
    Popen,
    /// The program and each argument by position.
    Each,
    /// A command line for the shell.
    ShellLine,
    /// A list, or a string for the shell.
    ListOrShellLine,
    /// A list, or a command line for the system.
    ListOrLine,
}

pub(super) const fn spawner(
    path: &'static str,
    takes: Takes,
    handle: Option<&'static str>,
    stdout: Stream,
) -> Spawner {
    Spawner {
        path,
        starter: Starter::Library,
        takes,
        handle,
        stdout,
    }
}

pub(super) const POPEN: Option<&str> = Some("subprocess.Popen");
const PROCESS: Option<&str> = Some("asyncio.subprocess.Process");

const SPAWNERS: [Spawner; 21] = [
    spawner(
        "anyio.open_process",
        Takes::ListOrShellLine,
        PROCESS,
        Stream::Pipe,
    ),
    spawner(
        "anyio.run_process",
        Takes::ListOrShellLine,
        None,
        Stream::Pipe,
    ),
    spawner(
        "asyncio.create_subprocess_exec",
        Takes::Each,
        PROCESS,
        Stream::Inherited,
    ),
    spawner(
        "asyncio.create_subprocess_shell",
        Takes::ShellLine,
        PROCESS,
        Stream::Inherited,
    ),
    spawner(
        "asyncio.subprocess.create_subprocess_exec",
        Takes::Each,
        PROCESS,
        Stream::Inherited,
    ),
    spawner(
        "asyncio.subprocess.create_subprocess_shell",
        Takes::ShellLine,
        PROCESS,
        Stream::Inherited,
    ),
    spawner(
        super::cure::POPEN_DETACHED,
        Takes::Popen,
        POPEN,
        Stream::Inherited,
    ),
    spawner("os.popen", Takes::ShellLine, None, Stream::Pipe),
    spawner("os.system", Takes::ShellLine, None, Stream::Inherited),
    // On Windows a command line goes to `subprocess.Popen` as it is.
    spawner(
        "pexpect.popen_spawn.PopenSpawn",
        Takes::ListOrLine,
        POPEN,
        Stream::Pipe,
    ),
    spawner("psutil.Popen", Takes::Popen, POPEN, Stream::Inherited),
    spawner("subprocess.Popen", Takes::Popen, POPEN, Stream::Inherited),
    spawner("subprocess.call", Takes::Popen, None, Stream::Inherited),
    spawner(
        "subprocess.check_call",
        Takes::Popen,
        None,
        Stream::Inherited,
    ),
    spawner("subprocess.check_output", Takes::Popen, None, Stream::Pipe),
    spawner("subprocess.getoutput", Takes::ShellLine, None, Stream::Pipe),
    spawner(
        "subprocess.getstatusoutput",
        Takes::ShellLine,
        None,
        Stream::Pipe,
    ),
    spawner("subprocess.run", Takes::Popen, None, Stream::Inherited),
    spawner(
        "trio.lowlevel.open_process",
        Takes::Popen,
        PROCESS,
        Stream::Inherited,
    ),
    spawner(
        "trio.open_process",
        Takes::Popen,
        PROCESS,
        Stream::Inherited,
    ),
    spawner("trio.run_process", Takes::Popen, None, Stream::Inherited),
];

/// The functions that start a process, with the event loop before what `asyncio` takes.
const LOOP_SPAWNERS: [(&str, Takes); 2] = [
    ("subprocess_exec", Takes::Each),
    ("subprocess_shell", Takes::ShellLine),
];

/// The names one of which stands in code that starts a process: that of the function, or that of its
/// module where the function's is an everyday word, or both where either is (`os.system`).
pub(crate) fn spawn_words() -> impl Iterator<Item = &'static str> {
    let paths = SPAWNERS.iter().map(|spawner| spawner.path);
    let distinct = paths.map(|path| {
        if path.starts_with("os.") {
            return path;
        }
        let mut segments = path.rsplit('.');
        let last = segments.next().unwrap_or(path);
        match last.contains(|c: char| c == '_' || c.is_ascii_uppercase()) {
            true => last,
            false => segments.next().unwrap_or(last),
        }
    });
    let of_loops = LOOP_SPAWNERS.iter().map(|(method, _)| *method);
    let others = [
        "CreateProcess",
        "CreateProcessA",
        "CreateProcessW",
        "plumbum",
    ];
    distinct.chain(of_loops).chain(["subprocess"]).chain(others)
}

/// Whether a function of `os` starts a process.
pub(crate) fn is_spawner_of_os(name: &str) -> bool {
    let mut paths = SPAWNERS.iter().map(|spawner| spawner.path);
    paths.any(|path| path.strip_prefix("os.") == Some(name))
}

/// Calls something that deals with processes; `None` if the path does not.
pub(super) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    if let Ok(index) = SPAWNERS.binary_search_by_key(&path, |spawner| spawner.path) {
        return Some(spawn(machine, &SPAWNERS[index], arguments, location));
    }
    let of_loop = path
        .strip_prefix(super::handed::LOOP)
        .and_then(|rest| rest.strip_prefix('.'));
    if let Some((method, takes)) =
        of_loop.and_then(|method| LOOP_SPAWNERS.iter().find(|(known, _)| *known == method))
    {
        return Some(spawn_on_loop(machine, method, *takes, arguments, location));
    }
    if path == "os.kill" {
        if let Some(signal) = arguments
            .get(1, "sig")
            .or_else(|| arguments.keyword("signal"))
        {
            send(machine, path, signal, location);
        }
        return Some(Value::None);
    }
    let (class, method) = path.rsplit_once('.')?;
    if matches!(
        class,
        "subprocess.Popen" | "asyncio.subprocess.Process" | "psutil.Process"
    ) {
        return Some(method_call(machine, class, method, arguments, location));
    }
    None
}

/// Sends a signal, for which a truth value does as well.
fn send(machine: &mut Machine, api: &str, signal: &Argument, location: Location) {
    let value = match &signal.value {
        Value::Bool(number) => Value::Int(Int::at((*number).into(), signal.location)),
        value => value.clone(),
    };
    machine.signal(api, value, signal.location, location);
}

/// A method of a child process.
fn method_call(
    machine: &mut Machine,
    class: &str,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let receiver = arguments
        .positional
        .first()
        .map(|argument| argument.value.clone());
    if let Some(spawn) = receiver
        .as_ref()
        .and_then(|receiver| machine.child(receiver))
        && let Some(fate) = fate_of_use(method)
    {
        machine.raise_fate(spawn, fate);
    }
    if method == "send_signal"
        && let Some(signal) = arguments
            .get(1, "signal")
            .or_else(|| arguments.keyword("sig"))
    {
        send(machine, &format!("{class}.send_signal"), signal, location);
    }
    match method {
        "__enter__" => receiver.unwrap_or(Value::UNKNOWN),
        _ => Value::UNKNOWN,
    }
}

/// `loop.subprocess_exec(protocol_factory, program, …)`: behind the loop and the factory stands what
/// `asyncio.create_subprocess_exec` takes, and the child talks through pipes unless told otherwise.
fn spawn_on_loop(
    machine: &mut Machine,
    method: &'static str,
    takes: Takes,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let mut arguments = arguments.clone();
    let protocol = 2.min(arguments.positional.len());
    arguments.positional.drain(..protocol);
    let on_loop = spawner(method, takes, PROCESS, Stream::Pipe);
    spawn(machine, &on_loop, &arguments, location);
    Value::UNKNOWN
}

/// Starts a process.
pub(super) fn spawn(
    machine: &mut Machine,
    spawner: &Spawner,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let unknown = Argument {
        value: Value::UNKNOWN,
        location,
        passed: location,
        present: Truth::Yes,
    };
    let command = arguments
        .get(0, "args")
        .or_else(|| arguments.keyword("command"))
        .or_else(|| arguments.keyword("program"))
        .or_else(|| arguments.keyword("cmd"))
        .unwrap_or(&unknown);
    // The positions of `subprocess.Popen`; the other functions take options by keyword only.
    let option = |position: usize, name: &str| match spawner.takes {
        Takes::Popen => arguments.get(position, name),
        _ => arguments.keyword(name),
    };
    let value = |position: usize, name: &str, default: Value| match option(position, name) {
        Some(argument) if argument.present == Truth::Yes => argument.value.clone(),
        Some(argument) => argument.value.join(&default),
        None if arguments.open => Value::UNKNOWN,
        None => default,
    };

    let mut shell = match spawner.takes {
        Takes::ShellLine => Truth::Yes,
        Takes::ListOrShellLine => match &command.value {
            Value::Text(_) => Truth::Yes,
            list if machine.items(list).is_some() => Truth::No,
            _ => Truth::Unknown,
        },
        Takes::Each | Takes::ListOrLine => Truth::No,
        Takes::Popen => machine.truth(&value(8, "shell", Value::Bool(false))),
    };
    let (mut program, rest) = command_line(machine, spawner.takes, command, arguments);
    let executable = value(2, "executable", Value::None);
    if spawner.takes == Takes::Popen && executable != Value::None {
        program = match executable {
            // A path is not searched for: it is what is started, with a shell or without, and no other
            // command interpreter gets to say that it is not there.
            Value::Text(path) if is_rooted(&path) => {
                if machine.platform == Platform::Windows {
                    shell = Truth::No;
                }
                Value::Text(path)
            }
            _ => Value::UNKNOWN,
        };
    }

    let flags = match value(13, "creationflags", Value::Int(Int::known(0))) {
        Value::Bool(flag) => Int::known(flag.into()),
        flags @ (Value::Int(_)
        | Value::OneOf(_)
        | Value::Unknown(_)
        | Value::Native(_)
        | Value::Object(_)) => flags.bits(),
        _ => Int::known(0),
    };
    let mut streams = [(3, "stdin"), (4, "stdout"), (5, "stderr")].map(|(position, name)| {
        let default = if name == "stdin" {
            Stream::Inherited
        } else {
            spawner.stdout
        };
        stream(&value(position, name, Value::None), default)
    });
    if spawner.stdout == Stream::Pipe && spawner.path == "subprocess.check_output" {
        streams[2] = stream(&value(5, "stderr", Value::None), Stream::Inherited);
    }
    if machine.truth(&value(99, "capture_output", Value::Bool(false))) == Truth::Yes {
        streams[1] = Stream::Pipe;
        streams[2] = Stream::Pipe;
    }
    if option(5, "stderr").is_some_and(|stderr| is_stdout(&stderr.value)) {
        streams[2] = streams[1];
    }

    let (flags, session) = match spawner.path {
        // It sees to both itself.
        super::cure::POPEN_DETACHED => (Value::unknown(Why::Library).bits(), Vec::new()),
        _ => {
            let session = session(machine, arguments, option(6, "preexec_fn"));
            (flags, session)
        }
    };
    let refused = match machine.platform {
        Platform::Windows => refused(machine, arguments, option(6, "preexec_fn")),
        _ => Vec::new(),
    };
    let start = Start {
        api: spawner.path.to_owned(),
        starter: spawner.starter,
        program,
        program_location: command.location,
        command: spawner.command(machine, &command.value),
        arguments: rest,
        shell,
        flags,
        flags_location: option(13, "creationflags").map(|argument| given_at(argument, location)),
        session,
        refused,
        streams,
        fate: if spawner.handle.is_some() {
            Fate::Abandoned
        } else {
            Fate::Waited
        },
        kill_on_drop: false,
    };
    let program = start.program.clone();
    let passed = start.arguments.clone();
    let index = machine.start(start, location);
    machine.run_embedded(&program, &passed);
    match spawner.handle {
        Some(class) => super::instance(machine, class, Some(index)),
        None => Value::UNKNOWN,
    }
}

/// Whether a path is known to begin at a root.
fn is_rooted(path: &Text) -> bool {
    matches!(path.pieces.first(), Some(Piece::Known { text, .. }) if text.starts_with('/'))
}

/// Where a call is given an argument: a `**` that brings it from elsewhere stands for it.
fn given_at(argument: &Argument, call: Location) -> Location {
    let written = argument.location;
    if written.document == call.document && call.span.contains(written.span) {
        written
    } else {
        argument.passed
    }
}

/// The program and its arguments.
fn command_line(
    machine: &mut Machine,
    takes: Takes,
    command: &Argument,
    arguments: &Arguments,
) -> (Value, Vec<Option<Value>>) {
    if takes == Takes::Each {
        let mut rest: Vec<Option<Value>> = arguments
            .positional
            .iter()
            .skip(1)
            .map(|argument| Some(argument.value.clone()))
            .collect();
        if arguments.rest {
            rest.push(None);
        }
        let program = match &command.value {
            Value::Default(value) => (**value).clone(),
            value => value.clone(),
        };
        return (program, rest);
    }
    let mut programs = Vec::new();
    let mut rest: Option<Vec<Option<Value>>> = None;
    for value in command.value.alternatives() {
        let (program, arguments) = match value {
            Value::Text(line) => win32::command_line(line),
            value => match machine.items(value).map(|items| items.items.clone()) {
                Some(items) => match items.split_first() {
                    Some((Some(Value::Default(first)), rest)) => ((**first).clone(), rest.to_vec()),
                    Some((Some(first), rest)) => (first.clone(), rest.to_vec()),
                    _ => (Value::UNKNOWN, vec![None]),
                },
                None => (Value::UNKNOWN.following(value), vec![None]),
            },
        };
        let program = machine.force(program);
        programs.push(program);
        rest = Some(match rest {
            Some(before) => common(before, arguments),
            None => arguments,
        });
    }
    (Value::one_of(programs), rest.unwrap_or_default())
}

/// What two argument lists begin with; where they go apart, any number of others may follow.
fn common(mut first: Vec<Option<Value>>, second: Vec<Option<Value>>) -> Vec<Option<Value>> {
    if first != second {
        let same = first.iter().zip(&second).take_while(|(a, b)| a == b);
        first.truncate(same.count());
        first.push(None);
    }
    first
}

/// What a stream argument means.
fn stream(value: &Value, default: Stream) -> Stream {
    match value {
        Value::None => default,
        Value::Native(path) => match path.rsplit('.').next() {
            Some("PIPE" | "pipe") => Stream::Pipe,
            Some("DEVNULL") => Stream::Null,
            _ => Stream::File,
        },
        Value::Int(_) | Value::Bound(_) | Value::Object(_) => Stream::File,
        _ => Stream::Unknown,
    }
}

fn is_stdout(value: &Value) -> bool {
    value
        .as_native()
        .is_some_and(|path| path.ends_with(".STDOUT"))
}

/// The session options a call is given for sure.
fn session(
    machine: &mut Machine,
    arguments: &Arguments,
    preexec: Option<&Argument>,
) -> Vec<(SessionKind, Location)> {
    let mut session = Vec::new();
    let given = |name: &str| {
        arguments
            .keyword(name)
            .filter(|argument| argument.present == Truth::Yes)
    };
    if let Some(argument) = given("start_new_session")
        && machine.truth(&argument.value) == Truth::Yes
    {
        session.push((SessionKind::NewSession, argument.location));
    }
    if let Some(argument) = given("process_group")
        && let Value::Int(group) = &argument.value
        && group.value().is_some_and(|group| group >= 0)
    {
        session.push((SessionKind::ProcessGroup, argument.location));
    }
    if let Some(argument) = preexec.filter(|argument| argument.present == Truth::Yes)
        && let Some(kind) = preexec_kind(machine, &argument.value)
    {
        session.push((kind, argument.location));
    }
    session
}

/// Options that `subprocess` refuses on Windows unless they are left at their defaults
/// (windows-facts 3.1).
const REFUSED: [&str; 4] = ["extra_groups", "group", "pass_fds", "user"];

/// The options a call is given for sure that Windows refuses.
fn refused(
    machine: &mut Machine,
    arguments: &Arguments,
    preexec: Option<&Argument>,
) -> Vec<Refused> {
    let others = REFUSED.map(|name| (name, arguments.keyword(name)));
    let given = [("preexec_fn", preexec)].into_iter().chain(others);
    let is_refused = |machine: &Machine, name: &str, value: &Value| match (name, value) {
        (_, Value::None) => false,
        ("pass_fds", value) => machine.truth(value) == Truth::Yes,
        (_, Value::Native(_) | Value::Missing(_) | Value::Bound(_) | Value::Function(_))
        | (_, Value::Int(_) | Value::Text(_) | Value::Object(_)) => true,
        _ => false,
    };
    given
        .filter_map(|(name, argument)| {
            let argument = argument.filter(|argument| argument.present == Truth::Yes)?;
            let hook = match &argument.value {
                Value::Function(closure) => Some(closure.location()),
                _ => None,
            };
            is_refused(machine, name, &argument.value).then_some(Refused {
                name,
                location: argument.location,
                hook,
            })
        })
        .collect()
}

/// What a `preexec_fn` does about sessions.
fn preexec_kind(machine: &mut Machine, value: &Value) -> Option<SessionKind> {
    match value {
        Value::Missing(_) | Value::Native(_) | Value::Bound(_) | Value::Function(_) => {}
        _ => return None,
    }
    match machine.hook(value) {
        Hook {
            session: true,
            group: false,
            more: false,
        } => Some(SessionKind::Setsid),
        Hook {
            session: false,
            group: true,
            more: false,
        } => Some(SessionKind::Setpgid),
        Hook { session, group, .. } => (session || group).then_some(SessionKind::Mixed),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::SPAWNERS.is_sorted_by_key(|spawner| spawner.path));
    }
}
