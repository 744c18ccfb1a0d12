//! `Result`s and `Option`s that came of starting a process.

use std::sync::Arc;

use crate::machine::{Arguments, Machine};
use crate::value::{Location, Outcome, Value};

/// Calls a method of a result.
pub(super) fn method(
    machine: &mut Machine,
    receiver: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Value {
    let Value::Outcome(outcome) = receiver else {
        return Value::Unknown;
    };
    let outcome = Arc::clone(outcome);
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
            Value::Outcome(Arc::new(Outcome {
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
                Value::Outcome(Arc::clone(&outcome))
            });
            receiver.clone()
        }
        _ => receiver.clone(),
    }
}
