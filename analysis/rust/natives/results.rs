//! `Result`s and `Option`s: those that came of starting a process, and those of the project, whose
//! success stands for itself.

use std::sync::Arc;

use crate::machine::{Arguments, Machine};
use crate::platform::Truth;
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
        return Value::UNKNOWN;
    };
    let outcome = Arc::clone(outcome);
    let callee = arguments
        .positional
        .first()
        .map_or(Value::UNKNOWN, |argument| argument.value.clone());
    let given = |value: Value| {
        let mut arguments = Arguments::default();
        arguments.push(value, location);
        arguments
    };
    match method {
        "unwrap" | "expect" | "unwrap_or_default" | "unwrap_unchecked" => outcome.ok.clone(),
        "is_ok" | "is_err" | "is_some" | "is_none" => {
            machine.remember(location, receiver.clone());
            Value::UNKNOWN
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
                _ => machine.call(&callee, given(Value::UNKNOWN), location),
            })
        }
        "map_err" | "inspect_err" => {
            machine.recover(&outcome, |machine| {
                machine.call(&callee, given(Value::UNKNOWN), location);
                Value::Outcome(Arc::clone(&outcome))
            });
            receiver.clone()
        }
        _ => receiver.clone(),
    }
}

/// Calls a method of an `Option` or `Result` of which is known what it holds; `None` if it is neither,
/// or if the method is another.
pub(crate) fn combine(
    machine: &mut Machine,
    receiver: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    let is_wrapped = |value: &Value| match value {
        Value::None | Value::Failed | Value::Bool(_) | Value::Int(_) | Value::Text(_) => true,
        Value::Object(_) => match machine.instance(value) {
            Some(instance) => instance.class.as_native().is_none(),
            None => machine.items(value).is_none(),
        },
        _ => false,
    };
    // Beside a `None` or an `Err` each other possibility is a success.
    let is_either = !receiver.failing().is_empty();
    if !is_either && !receiver.alternatives().iter().all(is_wrapped) {
        return None;
    }
    let given = |at: usize| {
        let argument = arguments.positional.get(at);
        argument.map_or(Value::UNKNOWN, |argument| argument.value.clone())
    };
    // What becomes of a success, and of a failure; `None` where that ends the program.
    let (success, failure) = match method {
        "unwrap" | "expect" | "unwrap_unchecked" => (Step::Same, None),
        "unwrap_or" | "or" => (Step::Same, Some(Step::Value(given(0)))),
        "unwrap_or_else" | "or_else" => (Step::Same, Some(Step::Call(given(0)))),
        "unwrap_or_default" => (Step::Same, Some(Step::Value(Value::UNKNOWN))),
        "ok" => (Step::Same, Some(Step::Value(Value::None))),
        "ok_or" | "ok_or_else" => (Step::Same, Some(Step::Value(Value::Failed))),
        "map" | "and_then" => (Step::Call(given(0)), Some(Step::Same)),
        "map_or" => (Step::Call(given(1)), Some(Step::Value(given(0)))),
        "map_or_else" => (Step::Call(given(1)), Some(Step::Call(given(0)))),
        _ => return None,
    };
    let failing = receiver.failing();
    let fails = failing.len() == receiver.alternatives().len();
    let may_succeed_only = failing.is_empty() || failure.is_none();
    let (successful, failed) = (receiver.successful(), Value::one_of(failing));
    let on_success = |machine: &mut Machine| success.take(machine, successful, location);
    let on_failure = |machine: &mut Machine| match failure {
        Some(step) => step.take(machine, failed, location),
        None => Value::UNKNOWN,
    };
    Some(if fails {
        on_failure(machine)
    } else if may_succeed_only {
        on_success(machine)
    } else {
        machine.either(Truth::Unknown, on_success, on_failure)
    })
}

/// What a method makes of what it is called on.
enum Step {
    Same,
    Value(Value),
    Call(Value),
}

impl Step {
    fn take(self, machine: &mut Machine, value: Value, location: Location) -> Value {
        match self {
            Step::Same => value,
            Step::Value(other) => other,
            Step::Call(callee) => {
                let mut arguments = Arguments::default();
                match value {
                    // What an `Err` holds is not kept, and a `None` holds nothing.
                    Value::None | Value::Failed => arguments.push_rest(),
                    value => arguments.push(value, location),
                }
                machine.call(&callee, arguments, location)
            }
        }
    }
}
