//! The interpreter itself: looking names up, ending the program, asking for the platform, tests
//! that are skipped.

use std::sync::Arc;

use super::{instance, paths, world};
use crate::machine::{Arguments, Machine};
use crate::platform::{Platform, Truth};
use crate::python::exceptions;
use crate::value::{Bound, Location, Piece, Text, Value};

/// Calls a native that none of the other modules knows.
pub(super) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: Arguments,
    location: Location,
) -> Value {
    let value = |position: usize, name: &str| {
        arguments
            .get(position, name)
            .map_or(Value::UNKNOWN, |argument| argument.value.clone())
    };
    let text = |position: usize| value(position, "").as_text();
    match path {
        "builtins.hasattr" => match text(1) {
            Some(name) => {
                note_asked(machine, &value(0, ""), &name, location);
                known(has_attribute(machine, &value(0, ""), &name))
            }
            None => Value::UNKNOWN,
        },
        "builtins.getattr" => {
            if let Some(name) = text(1) {
                note_asked(machine, &value(0, ""), &name, location);
            }
            get_attribute(machine, &arguments)
        }
        "stat.S_ISSOCK" if machine.platform == Platform::Windows => Value::Bool(false),
        // Both ends are no more than that.
        "os.pipe" => {
            let end = || Some(Value::native(path));
            machine.sequence(vec![end(), end()], true)
        }
        "sys.stdin.fileno" | "sys.stdout.fileno" | "sys.stderr.fileno" => {
            Value::native(path.trim_end_matches(".fileno"))
        }
        "builtins.setattr" => {
            if let Some(name) = text(1) {
                machine.assign_attribute(&value(0, ""), &name.into(), value(2, ""));
            }
            Value::None
        }
        "builtins.bool" => match value(0, "") {
            outcome @ Value::Outcome(_) => outcome,
            value => known(machine.truth(&value)),
        },
        "builtins.callable" => match value(0, "") {
            Value::Function(_) => Value::Bool(true),
            Value::None => Value::Bool(false),
            _ => Value::UNKNOWN,
        },
        "builtins.open" | "io.open" | "os.fdopen" => paths::opened(&arguments),
        "platform.system" => world::system(machine.platform),
        "platform.uname" => Value::native("platform.uname_result"),
        "platform.release" => Value::native(world::RELEASE),
        "platform.version" => Value::native(world::VERSION),
        "platform.platform" => prefixed(machine.platform.choose("Windows-", "Linux-", "macOS-")),
        "sysconfig.get_platform" => prefixed(machine.platform.choose("win", "linux-", "macosx-")),
        "shutil.which" | "distutils.spawn.find_executable" => {
            Value::one_of([Value::ResolvedProgram, Value::None])
        }
        "sys.exit" | "os._exit" | "os.abort" | "builtins.exit" | "builtins.quit" | "os.execl"
        | "os.execle" | "os.execlp" | "os.execlpe" | "os.execv" | "os.execve" | "os.execvp"
        | "os.execvpe" | "pytest.skip" | "pytest.fail" | "pytest.exit" | "pytest.xfail" => {
            machine.hand_over(&arguments, location);
            machine.exit()
        }
        "pytest.importorskip" => match text(0) {
            Some(module)
                if machine.platform == Platform::Windows && world::module_missing(&module) =>
            {
                machine.exit()
            }
            Some(module) => Value::native(module),
            None => Value::UNKNOWN,
        },
        "pytest.mark.skipif" | "unittest.skipIf" => {
            skip_where(machine.truth(&value(0, "condition")) == Truth::Yes)
        }
        "unittest.skipUnless" => skip_where(machine.truth(&value(0, "condition")) == Truth::No),
        "unittest.skip" | "pytest.mark.skip" => Value::Skip,
        "functools.partial" => partial(arguments),
        "contextlib.suppress" => {
            let types = arguments
                .positional
                .iter()
                .map(|argument| Some(argument.value.clone()));
            let types = machine.sequence(types.collect(), true);
            let suppress = instance(machine, path, None);
            machine.assign_attribute(&suppress, &"types".into(), types);
            suppress
        }
        "os.environ.get" | "os.getenv" | "environ.get" => {
            let set = text(0).and_then(|name| world::environment(&name, machine.platform));
            match (set, arguments.get(1, "default")) {
                (Some(value), _) => value,
                (None, Some(default)) => configured(default.value.clone()),
                (None, None) => Value::UNKNOWN,
            }
        }
        // It gives the package at the top.
        "builtins.__import__" => match text(0) {
            Some(module) => machine.imported(module.split('.').next().unwrap_or(&module)),
            None => Value::UNKNOWN,
        },
        "importlib.import_module" => match text(0) {
            Some(module) if !module.starts_with('.') => machine.imported(&module),
            _ => Value::UNKNOWN,
        },
        "importlib.util.find_spec" => match text(0) {
            Some(module)
                if machine.platform == Platform::Windows && world::module_missing(&module) =>
            {
                Value::None
            }
            _ => Value::UNKNOWN,
        },
        "builtins.isinstance" => known(is_instance(machine, &value(0, ""), &value(1, ""))),
        // Empty on every other system.
        "platform.mac_ver" => machine.sequence(vec![Some(Value::text("")), None], true),
        "multiprocessing.get_start_method" if machine.platform == Platform::Windows => {
            Value::text("spawn")
        }
        "multiprocessing.get_all_start_methods" => {
            let methods: &[&str] = match machine.platform {
                Platform::Windows => &["spawn"],
                _ => &["fork", "spawn", "forkserver"],
            };
            let methods = methods.iter().map(|method| Some(Value::text(method)));
            machine.sequence(methods.collect(), false)
        }
        "typing.cast" => value(1, "val"),
        "asyncio.run"
        | "asyncio.wait_for"
        | "asyncio.shield"
        | "asyncio.create_task"
        | "asyncio.ensure_future"
        | "anyio.run"
        | "trio.run" => {
            machine.hand_over(&arguments, location);
            value(0, "main")
        }
        _ if exceptions::is_exception(path) => Value::native(path),
        _ => {
            if let Some(same) = world::in_another_case(path) {
                return Value::native(same);
            }
            if let Some(answer) = world::platform_answer(path, machine.platform) {
                return answer;
            }
            // The standard library does not change the arguments it is given; others may.
            if world::is_standard(path) || path.starts_with("builtins.") {
                machine.call_backs(&arguments, location);
            } else {
                machine.hand_over(&arguments, location);
            }
            Value::UNKNOWN
        }
    }
}

fn known(truth: Truth) -> Value {
    match truth {
        Truth::Yes => Value::Bool(true),
        Truth::No => Value::Bool(false),
        Truth::Unknown => Value::UNKNOWN,
    }
}

fn skip_where(skipped: bool) -> Value {
    if skipped { Value::Skip } else { Value::UNKNOWN }
}

fn prefixed(prefix: Option<&str>) -> Value {
    let known = Text::plain(prefix.unwrap_or_default());
    Value::Text(known.concat(&Text::new(vec![Piece::UNKNOWN])))
}

/// `get(key, default)` of something of which nothing is known: what a setting is by default.
pub(crate) fn setting(method: &str, arguments: &Arguments) -> Option<Value> {
    let [_, default] = arguments.positional.as_slice() else {
        return None;
    };
    match configured(default.value.clone()) {
        default @ Value::Default(_) if method == "get" => Some(default),
        _ => None,
    }
}

/// A value that a setting may replace.
pub(super) fn configured(default: Value) -> Value {
    match default {
        Value::Text(_) => Value::Default(Arc::new(default)),
        _ => Value::UNKNOWN,
    }
}

/// Whether a value is of a built-in type, or of one of several.
fn is_instance(machine: &Machine, value: &Value, class: &Value) -> Truth {
    if let Some(sequence) = machine.items(class) {
        return sequence.items.iter().fold(Truth::No, |is, class| {
            is.or(match class {
                Some(class) => is_instance(machine, value, class),
                None => Truth::Unknown,
            })
        });
    }
    // It cannot be made on Windows.
    if class.as_native() == Some("pathlib.PosixPath") && machine.platform == Platform::Windows {
        return Truth::No;
    }
    let own = match value {
        Value::Text(_) | Value::Default(_) | Value::ResolvedProgram => "str",
        Value::Int(_) => "int",
        Value::None => "NoneType",
        value if machine.dict(value).is_some() => "dict",
        value => match machine.items(value) {
            Some(sequence) if sequence.fixed => "tuple",
            Some(_) => "list",
            None => return Truth::Unknown,
        },
    };
    match class
        .as_native()
        .and_then(|path| path.strip_prefix("builtins."))
    {
        Some(name) if name == own => Truth::Yes,
        // A literal of bytes is a text here, and a set a list.
        Some("str" | "int" | "dict" | "list" | "tuple") => Truth::No,
        _ => Truth::Unknown,
    }
}

/// Code asks for a name of the standard library, which is of interest where Windows has that.
fn note_asked(machine: &mut Machine, object: &Value, name: &str, call: Location) {
    if let Value::Native(path) = object {
        let api = format!("{path}.{name}");
        if world::is_standard(path) && world::exists(&api, machine.platform) != Some(false) {
            machine.note_asked(&api, call);
        }
    }
}

fn has_attribute(machine: &mut Machine, object: &Value, name: &str) -> Truth {
    match object {
        Value::Native(path) => match world::exists(&format!("{path}.{name}"), machine.platform) {
            Some(exists) => exists.into(),
            None => Truth::Unknown,
        },
        Value::Missing(_) => Truth::No,
        _ => Truth::Unknown,
    }
}

fn get_attribute(machine: &mut Machine, arguments: &Arguments) -> Value {
    let Some(object) = arguments
        .positional
        .first()
        .map(|argument| argument.value.clone())
    else {
        return Value::UNKNOWN;
    };
    let Some(name) = arguments
        .positional
        .get(1)
        .and_then(|argument| argument.value.as_text())
    else {
        return Value::UNKNOWN;
    };
    let default = arguments
        .positional
        .get(2)
        .map(|argument| argument.value.clone());
    match (&object, default) {
        (Value::Native(path), default) => {
            let assumptions = &machine.project.assumptions;
            let found = world::member(path, &name, machine.platform, assumptions);
            match (found, default) {
                (Value::Missing(_), Some(default)) => default,
                // Of another library's names nothing is known.
                (Value::Native(_), Some(default)) if !world::is_standard(path) => {
                    configured(default)
                }
                (found, _) => found,
            }
        }
        (Value::Missing(_), Some(default)) => default,
        (Value::Unknown(_), Some(default)) => configured(default),
        (object, _) => machine.attribute(object, &name.into()),
    }
}

fn partial(arguments: Arguments) -> Value {
    let mut positional = arguments.positional.into_iter();
    let Some(callee) = positional.next() else {
        return Value::UNKNOWN;
    };
    if arguments.open || arguments.rest {
        return Value::UNKNOWN;
    }
    let first = positional.map(|argument| argument.value).collect();
    let keywords = arguments
        .keywords
        .into_iter()
        .map(|(name, argument)| (name, argument.value))
        .collect();
    Value::Bound(Arc::new(Bound {
        callee: callee.value,
        first,
        keywords,
    }))
}
