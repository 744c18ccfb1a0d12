//! Lists, tuples and dicts: their constructors and methods.

use crate::machine::{Arguments, Dict, Entry, Key, Machine, Object};
use crate::platform::Truth;
use crate::value::{Int, Location, Value};

/// Calls a constructor or function on containers; `None` if the path is none.
pub(super) fn constructor(
    machine: &mut Machine,
    path: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    let first = arguments
        .positional
        .first()
        .map(|argument| argument.value.clone());
    Some(match path {
        "builtins.list" | "builtins.tuple" | "builtins.set" | "builtins.sorted"
        | "builtins.reversed" | "builtins.iter" => {
            let fixed = path == "builtins.tuple";
            let ordered = !matches!(path, "builtins.sorted" | "builtins.reversed");
            let items = match first.as_ref().map(|first| machine.items(first)) {
                None => Vec::new(),
                Some(Some(sequence)) if ordered => sequence.items.clone(),
                _ => vec![None],
            };
            machine.sequence(items, fixed)
        }
        "builtins.dict" | "collections.OrderedDict" => {
            let dict = Value::Object(machine.allocate(Object::Dict(Dict::default())));
            if let Some(first) = &first {
                machine.merge_dict(&dict, first, location);
            }
            merge_keywords(machine, &dict, arguments);
            dict
        }
        "copy.copy" | "copy.deepcopy" => match &first {
            Some(value) => copy(machine, value),
            None => Value::UNKNOWN,
        },
        "builtins.len" => match first
            .as_ref()
            .and_then(|first| machine.items(first)?.closed())
        {
            Some(items) => Value::Int(Int::known(items.len() as i64)),
            None => Value::UNKNOWN,
        },
        "builtins.int" | "ctypes.c_int" | "ctypes.c_uint" => match &first {
            Some(Value::Int(int)) => Value::Int(int.clone()),
            Some(Value::Bool(value)) => Value::Int(Int::known((*value).into())),
            Some(Value::Text(text)) => match text.known().and_then(|text| text.trim().parse().ok())
            {
                Some(value) => Value::Int(Int::known(value)),
                None => Value::UNKNOWN,
            },
            _ => Value::UNKNOWN,
        },
        _ => return None,
    })
}

fn copy(machine: &mut Machine, value: &Value) -> Value {
    let Value::Object(reference) = value else {
        return value.clone();
    };
    match machine.object(*reference) {
        Some(object @ (Object::Dict(_) | Object::Sequence(_))) => {
            let object = object.clone();
            Value::Object(machine.allocate(object))
        }
        _ => Value::UNKNOWN,
    }
}

fn merge_keywords(machine: &mut Machine, dict: &Value, arguments: &Arguments) {
    let Value::Object(reference) = dict else {
        return;
    };
    let Some(Object::Dict(target)) = machine.object_mut(*reference) else {
        return;
    };
    for (name, argument) in &arguments.keywords {
        let key = Key::Text(name.to_string());
        let mut entry = Entry {
            value: argument.value.clone(),
            present: argument.present,
            location: Some(argument.location),
        };
        if let (Truth::Unknown, Some(old)) = (argument.present, target.entries.get(&key)) {
            entry.value = entry.value.join(&old.value);
            entry.present = old.present;
        }
        target.entries.insert(key, entry);
    }
    target.open |= arguments.open;
}

/// Calls a method of a list; the list is the first argument.
pub(super) fn list_method(machine: &mut Machine, method: &str, arguments: &Arguments) -> Value {
    let Some(list) = arguments
        .positional
        .first()
        .map(|argument| argument.value.clone())
    else {
        return Value::UNKNOWN;
    };
    let given = arguments
        .positional
        .get(1)
        .map(|argument| argument.value.clone());
    let Value::Object(reference) = list else {
        return Value::UNKNOWN;
    };
    if method == "extend" {
        machine.extend(&list, &given.unwrap_or(Value::UNKNOWN));
        return Value::None;
    }
    if method == "copy" {
        return copy(machine, &list);
    }
    let at = match &given {
        Some(Value::Int(int)) => int.value(),
        _ => None,
    };
    let inserted = arguments
        .positional
        .get(2)
        .map(|argument| argument.value.clone());
    let Some(Object::Sequence(sequence)) = machine.object_mut(reference) else {
        return Value::UNKNOWN;
    };
    let known = sequence
        .items
        .iter()
        .position(Option::is_none)
        .unwrap_or(sequence.items.len());
    match method {
        "append" | "add" => {
            sequence.items.push(given);
            Value::None
        }
        "insert" => {
            match at {
                Some(at) if at >= 0 && at as usize <= known => {
                    sequence.items.insert(at as usize, inserted);
                }
                _ => sequence.items = vec![None],
            }
            Value::None
        }
        "pop" => {
            let index = match (given.is_some(), at) {
                (false, _) if !sequence.items.is_empty() => Some(sequence.items.len() - 1),
                (true, Some(at)) if at >= 0 && (at as usize) < known => Some(at as usize),
                _ => None,
            };
            match index {
                Some(index) => sequence.items.remove(index).unwrap_or(Value::UNKNOWN),
                None => {
                    sequence.items = vec![None];
                    Value::UNKNOWN
                }
            }
        }
        "clear" => {
            sequence.items.clear();
            Value::None
        }
        "remove" | "reverse" | "sort" | "discard" => {
            sequence.items = vec![None];
            Value::None
        }
        _ => Value::UNKNOWN,
    }
}

/// Calls a method of a dict; the dict is the first argument.
pub(super) fn dict_method(
    machine: &mut Machine,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let Some(dict) = arguments
        .positional
        .first()
        .map(|argument| argument.value.clone())
    else {
        return Value::UNKNOWN;
    };
    let Value::Object(reference) = dict else {
        return Value::UNKNOWN;
    };
    let given = arguments
        .positional
        .get(1)
        .map(|argument| argument.value.clone());
    let default = arguments
        .positional
        .get(2)
        .map(|argument| argument.value.clone());
    match method {
        "update" => {
            if let Some(other) = &given {
                machine.merge_dict(&dict, other, location);
            }
            merge_keywords(machine, &dict, arguments);
            return Value::None;
        }
        "copy" => return copy(machine, &dict),
        "keys" | "values" | "items" => return listed(machine, &dict, method),
        _ => {}
    }
    let key = given.as_ref().and_then(Key::of);
    let Some(Object::Dict(target)) = machine.object_mut(reference) else {
        return Value::UNKNOWN;
    };
    let entry = key
        .as_ref()
        .and_then(|key| target.entries.get(key))
        .cloned();
    let open = target.open;
    let absent = |default: Option<Value>| default.unwrap_or(Value::None);
    let read = |default: Option<Value>| match entry {
        Some(entry) if entry.present == Truth::Yes => entry.value,
        Some(entry) => entry.value.join(&absent(default)),
        None if open || key.is_none() => default.map_or(Value::UNKNOWN, super::runtime::configured),
        None => absent(default),
    };
    match method {
        "get" => read(default),
        "pop" => {
            let value = read(default);
            match key {
                Some(key) => {
                    target.entries.remove(&key);
                }
                None => target.open = true,
            }
            value
        }
        "setdefault" => {
            let value = read(default);
            if let Some(key) = key {
                let entry = Entry {
                    value: value.clone(),
                    present: Truth::Yes,
                    location: Some(location),
                };
                target.entries.insert(key, entry);
            }
            value
        }
        "clear" => {
            *target = Dict::default();
            Value::None
        }
        _ => Value::UNKNOWN,
    }
}

/// The keys, values or items of a dict, where all are known to be there.
fn listed(machine: &mut Machine, dict: &Value, method: &str) -> Value {
    let Some(dict) = machine.dict(dict).cloned() else {
        return Value::UNKNOWN;
    };
    if dict.open
        || dict
            .entries
            .values()
            .any(|entry| entry.present != Truth::Yes)
    {
        return machine.sequence(vec![None], false);
    }
    let mut items = Vec::new();
    for (key, entry) in dict.entries {
        let key = match key {
            Key::Text(text) => Value::text(&text),
            Key::Int(value) => Value::Int(Int::known(value)),
            Key::Bool(value) => Value::Bool(value),
            Key::None => Value::None,
        };
        items.push(Some(match method {
            "keys" => key,
            "values" => entry.value,
            _ => machine.sequence(vec![Some(key), Some(entry.value)], true),
        }));
    }
    machine.sequence(items, false)
}
