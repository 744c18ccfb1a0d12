//! Maps: how they are made, filled and read.

use crate::machine::{Arguments, Dict, Key, Machine, Object};
use crate::platform::Truth;
use crate::value::{Int, Location, Value};

/// Whether a type maps keys to values.
pub(super) fn is_table(path: &str) -> bool {
    let name = path.rsplit("::").next().unwrap_or(path);
    matches!(name, "BTreeMap" | "HashMap" | "IndexMap")
}

/// A new map of these pairs: empty where there are none.
pub(super) fn table(machine: &mut Machine, pairs: Option<&Value>, location: Location) -> Value {
    let table = Value::Object(machine.allocate(Object::Dict(Dict::default())));
    let Some(pairs) = pairs else {
        return table;
    };
    let each = machine
        .sequence_of(pairs)
        .and_then(|pairs| pairs.closed())
        .and_then(|pairs| {
            let each = pairs.iter().map(|pair| machine.sequence_of(pair)?.closed());
            each.collect::<Option<Vec<_>>>()
        });
    match each {
        Some(each) => {
            for pair in each {
                if let [key, value] = pair.as_slice() {
                    machine.set_item(&table, key, value.clone(), location);
                }
            }
        }
        None => open(machine, &table),
    }
    table
}

/// Other entries may have come in.
fn open(machine: &mut Machine, table: &Value) {
    if let Value::Object(reference) = table
        && let Some(Object::Dict(dict)) = machine.object_mut(*reference)
    {
        dict.open = true;
    }
}

/// Calls a method of a map.
pub(super) fn method(
    machine: &mut Machine,
    table: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let given = |at: usize| {
        let argument = arguments.positional.get(at);
        argument.map_or(Value::UNKNOWN, |argument| argument.value.clone())
    };
    match method {
        "insert" => {
            machine.hand_over_children(arguments);
            machine.set_item(table, &given(0), given(1), location);
            Value::UNKNOWN
        }
        "get" | "get_mut" => found(machine, table, &given(0)),
        "keys" | "into_keys" => parts(machine, table, |_, key, _| key),
        "values" | "values_mut" | "into_values" => parts(machine, table, |_, _, value| value),
        "iter" | "iter_mut" | "into_iter" => entries(machine, table),
        "clone" | "as_ref" | "as_mut" | "borrow" | "lock" | "unwrap" => table.clone(),
        "len" | "is_empty" | "contains_key" => Value::UNKNOWN,
        _ => {
            machine.hand_over(arguments, location);
            open(machine, table);
            Value::UNKNOWN
        }
    }
}

/// What a map holds for a key: nothing, perhaps.
fn found(machine: &mut Machine, table: &Value, key: &Value) -> Value {
    let Some(dict) = machine.dict(table) else {
        return Value::UNKNOWN;
    };
    let is_present = |entry: &crate::machine::Entry| entry.present == Truth::Yes;
    let entry = Key::of(key).map(|key| dict.entries.get(&key));
    let (is_sure, is_open) = (entry.flatten().is_some_and(is_present), dict.open);
    match entry {
        Some(None) if !is_open => Value::None,
        _ if is_sure => machine.item(table, key),
        _ => match machine.item(table, key) {
            Value::Unknown(_) => Value::UNKNOWN,
            value => Value::one_of([value, Value::None]),
        },
    }
}

/// The entries of a map as pairs.
pub(crate) fn entries(machine: &mut Machine, table: &Value) -> Value {
    parts(machine, table, |machine, key, value| {
        machine.sequence(vec![Some(key), Some(value)], true)
    })
}

/// What is made of each entry of a map.
fn parts(
    machine: &mut Machine,
    table: &Value,
    part: impl Fn(&mut Machine, Value, Value) -> Value,
) -> Value {
    let Some(dict) = machine.dict(table).cloned() else {
        return Value::UNKNOWN;
    };
    let mut items = Vec::new();
    for (key, entry) in dict.entries {
        let key = match key {
            Key::Text(text) => Value::text(&text),
            Key::Int(int) => Value::Int(Int::known(int)),
            Key::Bool(value) => Value::Bool(value),
            Key::None => Value::None,
        };
        let is_present = entry.present == Truth::Yes;
        let part = part(machine, key, entry.value);
        items.push(is_present.then_some(part));
    }
    items.extend(dict.open.then_some(None));
    machine.sequence(items, false)
}
