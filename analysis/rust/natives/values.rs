//! Values that are wrapped, converted and collected, with what matters here unchanged.

use std::sync::Arc;

use crate::machine::{Arguments, Machine, Object};
use crate::platform::Truth;
use crate::value::{Int, Location, Value};

/// What `receiver.unwrap_or(value)` is.
pub(super) fn fallback(receiver: &Value, value: Value) -> Value {
    match receiver {
        Value::Unknown => match value {
            Value::Text(_) => Value::Default(Arc::new(value)),
            _ => Value::Unknown,
        },
        Value::None => value,
        receiver => Value::one_of([receiver.clone(), value]),
    }
}

/// Methods whose result stands for their receiver.
pub(super) fn passes_on(name: &str) -> bool {
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

/// Methods that make of a text the UTF-16 that Windows takes, and end it with a zero.
pub(super) fn encodes(method: &str) -> bool {
    matches!(
        method,
        "encode_utf16" | "encode_wide" | "chain" | "collect" | "as_ptr" | "as_mut_ptr"
    )
}

/// Whether a type only wraps what it is made of.
pub(super) fn is_wrapper(path: &str) -> bool {
    let name = path.rsplit("::").next().unwrap_or(path);
    matches!(
        name,
        "Arc"
            | "Box"
            | "Cell"
            | "Cow"
            | "HSTRING"
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

/// Calls a method of a vector.
pub(super) fn list_method(
    machine: &mut Machine,
    list: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
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
        "collect" => list.clone(),
        "len" | "is_empty" | "contains" | "join" | "concat" | "last" | "get" => Value::Unknown,
        "all" | "any" | "filter_map" | "find" | "find_map" | "for_each" | "map" | "position"
        | "try_for_each" => walk(machine, list, method, arguments, location),
        _ => {
            if let Some(Object::Sequence(sequence)) = machine.object_mut(*reference) {
                sequence.items = vec![None];
            }
            Value::Unknown
        }
    }
}

/// Calls a function for each item of a list.
fn walk(
    machine: &mut Machine,
    list: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let callee = arguments.positional.first();
    let (Some(callee), Some(items)) = (callee, machine.closed_items(list)) else {
        machine.hand_over(arguments, location);
        return match method {
            "map" | "filter_map" => machine.sequence(vec![None], false),
            _ => Value::Unknown,
        };
    };
    // Others may stop before the last item.
    let takes_all = matches!(method, "filter_map" | "for_each" | "map");
    let mut results = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if !machine.alive() {
            return Value::Unknown;
        }
        let mut arguments = Arguments::default();
        arguments.push(item.clone(), location);
        let goes_on = match index == 0 || takes_all {
            true => Truth::Yes,
            false => Truth::Unknown,
        };
        machine.either(
            goes_on,
            |machine| {
                results.push(machine.call(&callee.value, arguments, location));
                Value::None
            },
            |_| Value::None,
        );
    }
    match method {
        "map" => machine.sequence(results.into_iter().map(Some).collect(), false),
        "filter_map" => machine.sequence(vec![None], false),
        "find_map" => {
            let found = results.into_iter().map(|value| value.successful());
            Value::one_of(found.chain([Value::None]))
        }
        // Which item a test finds is not told by trying each.
        _ => Value::Unknown,
    }
}
