//! Functions that take functions or walk sequences: `map`, `filter`, `any`, `sum`, `reduce`, and the
//! operators as functions.

use crate::code::BinaryOp;
use crate::machine::{Arguments, Machine};
use crate::platform::Truth;
use crate::value::{Int, Location, Value};

/// Calls one of these; `None` if the path is none, or if nothing is known of what it walks.
pub(super) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    let given = |position: usize| {
        arguments
            .positional
            .get(position)
            .map(|argument| argument.value.clone())
    };
    let (first, second, third) = (given(0), given(1), given(2));
    if let Some(op) = operator(path) {
        return Some(machine.binary(op, &first?, &second?));
    }
    match path {
        "builtins.map" if third.is_none() => {
            let callee = first?;
            let Some(items) = machine.sequence_of(&second?).map(|walked| walked.items) else {
                // What a library makes of each item is asked for like any call of it.
                if callee.as_native().is_some() {
                    apply(machine, &callee, [Value::UNKNOWN], location);
                }
                return None;
            };
            let mapped = items
                .into_iter()
                .map(|item| Some(apply(machine, &callee, [item?], location)))
                .collect();
            Some(machine.sequence(mapped, false))
        }
        "builtins.filter" => Some(filter(machine, &first?, &second?, location)?),
        "builtins.any" | "builtins.all" => {
            let any = path == "builtins.any";
            let items = machine.sequence_of(&first?)?.items;
            let truths = items.iter().map(|item| match item {
                Some(value) => machine.truth(value),
                None => Truth::Unknown,
            });
            let truth = if any {
                truths.fold(Truth::No, Truth::or)
            } else {
                truths.fold(Truth::Yes, Truth::and)
            };
            match truth {
                Truth::Yes => Some(Value::Bool(true)),
                Truth::No => Some(Value::Bool(false)),
                Truth::Unknown => None,
            }
        }
        "builtins.sum" => {
            let start = second.unwrap_or(Value::Int(Int::known(0)));
            let items = machine.sequence_of(&first?)?.closed()?;
            let sum = |sum, item: Value| machine.binary(BinaryOp::Add, &sum, &item);
            Some(items.into_iter().fold(start, sum))
        }
        "functools.reduce" => {
            let callee = first?;
            let items = machine.sequence_of(&second?)?.closed()?;
            let mut items = third.into_iter().chain(items);
            let start = items.next()?;
            Some(items.fold(start, |sum, item| {
                apply(machine, &callee, [sum, item], location)
            }))
        }
        _ => None,
    }
}

/// The operator that a function of `operator` stands for.
fn operator(path: &str) -> Option<BinaryOp> {
    Some(match path.strip_prefix("operator.")? {
        "or_" | "__or__" | "ior" => BinaryOp::Or,
        "and_" | "__and__" | "iand" => BinaryOp::And,
        "xor" | "__xor__" | "ixor" => BinaryOp::Xor,
        "add" | "__add__" | "iadd" | "concat" => BinaryOp::Add,
        _ => return None,
    })
}

fn apply<const N: usize>(
    machine: &mut Machine,
    callee: &Value,
    values: [Value; N],
    location: Location,
) -> Value {
    let mut arguments = Arguments::default();
    for value in values {
        arguments.push(value, location);
    }
    machine.call(callee, arguments, location)
}

/// The items for which the function, or the item itself where there is none, is true.
fn filter(
    machine: &mut Machine,
    callee: &Value,
    walked: &Value,
    location: Location,
) -> Option<Value> {
    let mut kept = Vec::new();
    for item in machine.sequence_of(walked)?.items {
        let truth = match (&item, callee) {
            (None, _) => Truth::Unknown,
            (Some(item), Value::None) => machine.truth(item),
            (Some(item), callee) => {
                let value = apply(machine, callee, [item.clone()], location);
                machine.truth(&value)
            }
        };
        match truth {
            Truth::Yes => kept.push(item),
            Truth::No => {}
            Truth::Unknown => kept.push(None),
        }
    }
    Some(machine.sequence(kept, false))
}
