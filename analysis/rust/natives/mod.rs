//! What calling something outside the project does, in Rust: by its qualified name, and for a
//! method by the type it belongs to.

mod commands;
mod iterators;
mod macros;
mod passing;
mod results;
mod tables;
mod texts;
mod values;
mod win32;

use super::display::FORMATTER;
use crate::code::Name;
use crate::machine::{Arguments, Instance, Machine, Object, fate_of_use};
use crate::platform::Truth;
use crate::value::{Int, Location, Piece, Text, Value};
use commands::{builder, child, is_builder};
pub(crate) use commands::{converted, handed_over, spawn_words};
pub(crate) use passing::passes_on;
pub(crate) use results::combine;
pub(crate) use tables::entries;
use values::{fallback, is_wrapper};

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
    if let Some(value) = macros::call(machine, path, &arguments) {
        return value;
    }
    if let Some(value) = win32::call(machine, path, &arguments, location) {
        return value;
    }
    match name {
        "null" | "piped" | "inherit" | "from" if parent.ends_with("Stdio") => Value::native(path),
        "new" if is_builder(parent) => {
            let program = first.unwrap_or(Value::UNKNOWN);
            let program_location = arguments
                .positional
                .first()
                .map_or(location, |argument| argument.location);
            builder(machine, parent, program, program_location)
        }
        "cmd" if parent == "duct" || parent == "subprocess::Exec" => {
            let class = match parent {
                "duct" => "duct::Expression",
                exec => exec,
            };
            let program = first.unwrap_or(Value::UNKNOWN);
            let given = arguments.positional.first();
            let program_location = given.map_or(location, |argument| argument.location);
            let built = builder(machine, class, program, program_location);
            let rest = arguments.positional.get(1);
            let rest = rest.and_then(|rest| machine.sequence_of(&rest.value));
            let rest = rest.map_or_else(|| vec![None], |rest| rest.items);
            commands::push_arguments(machine, &built, rest);
            built
        }
        "with_new" if is_builder(parent) => {
            let program = first.unwrap_or(Value::UNKNOWN);
            let given = arguments.positional.first();
            let program_location = given.map_or(location, |argument| argument.location);
            let built = builder(machine, parent, program, program_location);
            if let Some(configure) = arguments.positional.get(1) {
                let mut arguments = Arguments::default();
                arguments.push(built.clone(), location);
                machine.call(&configure.value, arguments, location);
            }
            built
        }
        "var" | "var_os" if parent.ends_with("env") => {
            let variable = natives_instance(machine, VARIABLE);
            if let Some(name) = first {
                machine.set_attribute(&variable, &NAME.into(), name);
            }
            variable
        }
        "canonicalize" if parent.ends_with("fs") => natives_instance(machine, CANONICAL),
        "current_dir" if parent.ends_with("env") => natives_instance(machine, CURRENT),
        "current_exe" if parent.ends_with("env") => natives_instance(machine, OWN_PROGRAM),
        "new" if path == "xshell::Shell::new" => natives_instance(machine, "xshell::Shell"),
        "kill" if sends_signals(parent) => {
            if let Some(signal) = arguments.positional.get(1) {
                let value = match &signal.value {
                    // So nix spells the probe.
                    Value::None => Value::Int(Int::known(0)),
                    value => value.clone(),
                };
                machine.signal(path, value, signal.location, location);
            }
            Value::UNKNOWN
        }
        "test_kill_process" => {
            machine.signal(path, Value::Int(Int::known(0)), location, location);
            Value::UNKNOWN
        }
        "exit" | "abort" if parent.ends_with("process") => machine.exit(),
        // Nobody has a child any more that is let go of.
        "drop" | "forget" if parent.is_empty() || parent.ends_with("mem") => Value::None,
        // A method called by its path: `CommandExt::process_group(&mut command, 0)`.
        method if method != "from" && (is_builder(parent) || parent.ends_with("CommandExt")) => {
            match arguments.split_first() {
                Some((receiver, rest)) => {
                    commands::library_method(machine, &receiver, method, &rest, location)
                }
                None => Value::UNKNOWN,
            }
        }
        "which" | "which_in" | "which_global" if parent == "which" || parent.is_empty() => {
            Value::ResolvedProgram
        }
        "Some" | "Ok" if parent.is_empty() => first.unwrap_or(Value::None),
        "Err" if parent.is_empty() => {
            machine.hand_over(&arguments, location);
            Value::Failed
        }
        "new" if is_lazy(parent) => match first {
            Some(make) => machine.call(&make, Arguments::default(), location),
            None => Value::UNKNOWN,
        },
        "new" | "with_capacity" | "default" if tables::is_table(parent) => {
            tables::table(machine, None, location)
        }
        "from" | "from_iter" if tables::is_table(parent) => {
            let pairs = first.unwrap_or(Value::UNKNOWN);
            tables::table(machine, Some(&pairs), location)
        }
        "new" | "from" | "pin" if is_wrapper(parent) => first.unwrap_or(Value::UNKNOWN),
        "from" if is_builder(parent) => {
            let value = first.unwrap_or(Value::UNKNOWN);
            converted(machine, &value, parent).unwrap_or(value)
        }
        _ => {
            machine.hand_over(&arguments, location);
            Value::UNKNOWN
        }
    }
}

/// The functions that send signals.
pub(crate) const SENDING_SIGNALS: [&str; 2] = ["kill", "test_kill_process"];

fn sends_signals(path: &str) -> bool {
    matches!(
        path,
        "libc" | "nix::sys::signal" | "sys::signal" | "signal" | "nix::libc"
    )
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
        // What clap and its kin derive.
        "parse" | "try_parse" | "parse_from" | "try_parse_from" | "from_args"
            if let Some((class, _)) = machine.class(receiver) =>
        {
            Some(machine.unseen_instance(class))
        }
        "canonicalize" if arguments.positional.is_empty() => {
            Some(natives_instance(machine, CANONICAL))
        }
        // `app.shell()` of tauri-plugin-shell.
        "shell"
            if arguments.positional.is_empty()
                && comes_from(machine, "ShellExt", "tauri_plugin_shell") =>
        {
            Some(natives_instance(machine, TAURI_SHELL))
        }
        "unwrap_or" => Some(fallback(receiver, first().unwrap_or(Value::UNKNOWN))),
        "unwrap_or_else" | "or_else" | "map_or_else" => {
            let callee = first()?;
            let anything = Arguments {
                rest: true,
                ..Arguments::default()
            };
            let mut otherwise = None;
            machine.either(
                Truth::Unknown,
                |_| Value::None,
                |machine| {
                    let value = machine.call(&callee, anything, location);
                    otherwise = machine.alive().then_some(value);
                    Value::None
                },
            );
            Some(match otherwise {
                Some(value) => fallback(receiver, value),
                None => receiver.clone(),
            })
        }
        // Of a path that is not known; a list is joined with what stands between its items.
        "join" => {
            let below = first()?;
            let is_path = below.as_text()?.contains(char::is_alphanumeric);
            let unknown = Text::new(vec![Piece::UNKNOWN]);
            is_path.then(|| texts::joined(machine, &unknown, &below))?
        }
        // Whoever comes first makes it, and that is mostly the only one.
        "get_or_init" | "get_or_insert_with" => {
            Some(machine.call(&first()?, Arguments::default(), location))
        }
        name if passes_on(name) => Some(receiver.clone()),
        _ => None,
    }
}

/// What stands for the path of the program itself.
pub(super) const OWN_PROGRAM: &str = "std::env::current_exe()";

/// What stands for a path from the root that begins with `\\\\?\\` on Windows.
const CANONICAL: &str = "std::fs::canonicalize()";

/// What stands for the current folder.
const CURRENT: &str = "std::env::current_dir()";

/// What stands for the value of an environment variable, if it is set.
const VARIABLE: &str = "std::env::var()";

/// The attribute that holds its name.
const NAME: &str = "name";

/// Calls a method of the value of an environment variable: nothing is known of the value, and the name
/// of the variable is part of what is called.
fn method_of_variable(
    machine: &mut Machine,
    receiver: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let name = match machine.instance(receiver) {
        Some(variable) => variable.attributes.get(NAME).cloned(),
        None => None,
    };
    let value = self::method(
        machine,
        &Value::UNKNOWN,
        &method.into(),
        arguments,
        location,
    );
    let api = match method {
        "unwrap_or_else" => format!("{VARIABLE}.unwrap_or"),
        method => format!("{VARIABLE}.{method}"),
    };
    let mut given = Arguments::default();
    given.push(name.unwrap_or(Value::UNKNOWN), location);
    if let Some(value) = &value {
        given.push(value.clone(), location);
    }
    machine.note_native_call(&api, &given, location);
    value.unwrap_or_else(|| {
        machine.hand_over(arguments, location);
        Value::UNKNOWN
    })
}

/// tauri-plugin-shell starts programs with the standard library, and without a window.
const TAURI_SHELL: &str = "tauri_plugin_shell::Shell";
const TAURI_COMMAND: &str = "tauri_plugin_shell::process::Command";

/// Whether a name at hand is one of a library.
fn comes_from(machine: &Machine, name: &str, library: &str) -> bool {
    let value = machine.variable(machine.scope(), &name.into());
    value.is_some_and(|value| {
        value
            .as_native()
            .is_some_and(|path| path.starts_with(library))
    })
}

/// An instance of a type of a library of which nothing but the type matters.
fn natives_instance(machine: &mut Machine, class: &str) -> Value {
    let instance = Instance {
        class: Value::native(class),
        attributes: imbl::OrdMap::new(),
        open: true,
        spawn: None,
    };
    Value::Object(machine.allocate(Object::Instance(instance)))
}

/// Whether a type makes its value when it is first used.
fn is_lazy(path: &str) -> bool {
    let name = path.rsplit("::").next().unwrap_or(path);
    matches!(name, "Lazy" | "LazyCell" | "LazyLock")
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
        return Value::UNKNOWN;
    }
    let receiver = arguments.positional.remove(0).value;
    if let Some(value) = machine.method_of_holder(&receiver, method, &arguments, location) {
        return value;
    }
    match class {
        "Command" => commands::method(machine, receiver, method, arguments, location),
        VARIABLE => method_of_variable(machine, &receiver, method, &arguments, location),
        "Result" => results::method(machine, &receiver, method, &arguments, location),
        "std::process::Child" => {
            if let (Some(spawn), Some(fate)) = (machine.child(&receiver), fate_of_use(method)) {
                machine.raise_fate(spawn, fate);
            }
            machine.hand_over(&arguments, location);
            if passes_on(method) || method.ends_with("_handle") {
                receiver
            } else {
                Value::UNKNOWN
            }
        }
        OWN_PROGRAM | CANONICAL | CURRENT | "xshell::Shell" if passes_on(method) => receiver,
        // Below it the same holds.
        CANONICAL if matches!(method, "join" | "into_os_string") => receiver,
        CANONICAL | CURRENT => {
            let value = self::method(
                machine,
                &Value::UNKNOWN,
                &method.into(),
                &arguments,
                location,
            );
            value.unwrap_or_else(|| {
                machine.hand_over(&arguments, location);
                Value::UNKNOWN
            })
        }
        TAURI_SHELL | "xshell::Shell" if matches!(method, "command" | "cmd") => {
            let Some(program) = arguments.positional.first() else {
                return Value::UNKNOWN;
            };
            let (value, place) = (program.value.clone(), program.location);
            match class {
                TAURI_SHELL => commands::hidden_builder(machine, TAURI_COMMAND, value, place),
                _ => builder(machine, "xshell::Cmd", value, place),
            }
        }
        FORMATTER => {
            if let ("write_str" | "write_fmt" | "pad", Some(text)) =
                (method, arguments.positional.first())
            {
                machine.write_to(&receiver, &text.value);
            }
            Value::UNKNOWN
        }
        "dict" => tables::method(machine, &receiver, method, &arguments, location),
        "list" => values::list_method(machine, &receiver, method, &arguments, location),
        "str" if method == "canonicalize" => natives_instance(machine, CANONICAL),
        "str" if passes_on(method) || values::encodes(method) => receiver,
        "str" => match (
            method,
            arguments.positional.first().map(|argument| &argument.value),
        ) {
            ("fmt", Some(formatter)) => {
                machine.write_to(formatter, &receiver);
                Value::UNKNOWN
            }
            _ => texts::method(machine, &receiver, method, &arguments).unwrap_or(Value::UNKNOWN),
        },
        _ => {
            machine.hand_over(&arguments, location);
            Value::UNKNOWN
        }
    }
}

/// An instance of a type outside the project of which only the type is known.
pub(crate) fn instance_of(machine: &mut Machine, class: &str) -> Value {
    if is_builder(class) {
        let location = machine.here_statement();
        let built = builder(machine, class, Value::UNKNOWN, location);
        if let Value::Object(reference) = built {
            commands::open(machine, reference);
        }
        return built;
    }
    if class.ends_with("PROCESS_INFORMATION") {
        return crate::win32::process_information(machine);
    }
    if class.ends_with("process::Child") {
        return child(machine, None);
    }
    Value::UNKNOWN
}
