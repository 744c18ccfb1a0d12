//! The functions of `footgun_runtime`, which repaired code calls.

use crate::facts::flag;
use crate::machine::{Arguments, Dict, Machine, Object};
use crate::platform::Platform;
use crate::value::{Int, Location, Value};

pub(super) const POPEN_DETACHED: &str = "footgun_runtime.popen_detached";

pub(super) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    let flag = match path.strip_prefix("footgun_runtime.")? {
        "win_argv" => return Some(resolved(machine, &arguments.get(0, "argv")?.value.clone())),
        "hidden_kwargs" => flag::CREATE_NO_WINDOW,
        "new_group_kwargs" => flag::CREATE_NEW_PROCESS_GROUP,
        _ => return None,
    };
    let given = arguments.get(0, "creationflags").map(|given| &given.value);
    let (name, value) = match (machine.platform, given) {
        (Platform::Windows, None) => ("creationflags", Value::Int(Int::at(flag.into(), location))),
        (Platform::Windows, Some(_)) => ("creationflags", Value::UNKNOWN),
        (_, _) if flag == flag::CREATE_NEW_PROCESS_GROUP => {
            ("start_new_session", Value::Bool(true))
        }
        _ => return Some(dict(machine, None, location)),
    };
    Some(dict(machine, Some((name, value)), location))
}

/// A dict with one entry or none.
fn dict(machine: &mut Machine, entry: Option<(&str, Value)>, location: Location) -> Value {
    let dict = Value::Object(machine.allocate(Object::Dict(Dict::default())));
    if let Some((name, value)) = entry {
        machine.set_item(&dict, &Value::text(name), value, location);
    }
    dict
}

/// A list with the path of its program in place of the name.
fn resolved(machine: &mut Machine, argv: &Value) -> Value {
    let Some(sequence) = machine.sequence_of(argv) else {
        return Value::UNKNOWN;
    };
    let mut items = sequence.items;
    if machine.platform == Platform::Windows
        && let Some(Some(program)) = items.first_mut()
    {
        *program = Value::ResolvedProgram;
    }
    machine.sequence(items, sequence.fixed)
}
