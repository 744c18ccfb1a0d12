//! Values that are wrapped, converted and collected, with what matters here unchanged.

use std::sync::Arc;

use super::iterators;
use crate::machine::{Arguments, Machine, Object};
use crate::value::{Location, Value};

/// What `receiver.unwrap_or(value)` is.
pub(super) fn fallback(receiver: &Value, value: Value) -> Value {
    match receiver {
        Value::Unknown(_) => match value {
            Value::Text(_) => Value::Default(Arc::new(value)),
            _ => Value::UNKNOWN,
        },
        Value::None => value,
        receiver => Value::one_of([receiver.clone(), value]),
    }
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
        return Value::UNKNOWN;
    };
    if let Some(value) = iterators::method(machine, list, method, arguments, location) {
        return value;
    }
    let first = arguments
        .positional
        .first()
        .map(|argument| argument.value.clone());
    match method {
        "extend" | "extend_from_slice" | "append" => {
            machine.extend(list, &first.unwrap_or(Value::UNKNOWN));
            Value::None
        }
        "push" | "push_back" => {
            machine.hand_over_children(arguments);
            if let Some(Object::Sequence(sequence)) = machine.object_mut(*reference) {
                sequence.items.push(first);
            }
            Value::None
        }
        _ => {
            if let Some(Object::Sequence(sequence)) = machine.object_mut(*reference) {
                sequence.items = vec![None];
            }
            Value::UNKNOWN
        }
    }
}
