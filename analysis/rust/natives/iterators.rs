//! Methods of lists and of what iterates over them. An iterator is a list of its own, so that `next` takes
//! an item from it and leaves the list alone.

use super::passing::passes_on;
use crate::machine::{Arguments, Machine, Object};
use crate::platform::Truth;
use crate::value::{Int, Location, Value};

/// Calls a method of a list; `None` if it is another one.
pub(super) fn method(
    machine: &mut Machine,
    list: &Value,
    method: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    let items = machine.sequence_of(list)?.items;
    let first = || arguments.positional.first().map(|argument| &argument.value);
    Some(match method {
        "iter" | "iter_mut" | "into_iter" | "drain" => machine.sequence(items, false),
        "first" | "first_mut" | "front" => at(machine, list, 0),
        "last" | "last_mut" | "back" => at(machine, list, -1),
        "next" | "pop_front" => taken(machine, list, 0),
        "next_back" | "pop" | "pop_back" => taken(machine, list, -1),
        "nth" | "get" | "get_mut" => match first() {
            Some(Value::Int(index)) => at(machine, list, index.value()?),
            _ => Value::UNKNOWN,
        },
        "split_first" => {
            let first = at(machine, list, 0);
            parted(machine, first, items.get(1..).unwrap_or_default())
        }
        "split_last" => {
            let last = at(machine, list, -1);
            let others = items.len().saturating_sub(1);
            parted(machine, last, &items[..others])
        }
        "enumerate" => pairs(machine, &items, |_, index| {
            Value::Int(Int::known(index as i64))
        }),
        "zip" => {
            let other = first()?.clone();
            let others = machine.sequence_of(&other)?.items;
            let count = items.len().min(others.len());
            let pairs = items[..count].iter().zip(&others);
            let pairs: Option<Vec<_>> = pairs
                .map(|(one, other)| Some([one.clone()?, other.clone()?]))
                .collect();
            let pairs = pairs?.into_iter();
            let pairs = pairs.map(|pair| Some(machine.sequence(pair.map(Some).to_vec(), true)));
            let pairs = pairs.collect();
            machine.sequence(pairs, false)
        }
        "chain" => {
            let others = match machine.sequence_of(first()?) {
                Some(others) => others.items,
                None => vec![None],
            };
            machine.sequence([items, others].concat(), false)
        }
        "rev" => machine.sequence(items.into_iter().rev().collect(), false),
        "skip" => match first() {
            Some(Value::Int(count)) => {
                let count = usize::try_from(count.value()?).ok()?;
                let all = items.iter().take(count).all(Option::is_some);
                let rest = items.get(count..).filter(|_| all)?;
                machine.sequence(rest.to_vec(), false)
            }
            _ => return None,
        },
        "join" => {
            let separator = first()?.as_text()?;
            let words: Option<Vec<String>> =
                items.iter().map(|item| item.as_ref()?.as_text()).collect();
            Value::text(&words?.join(&separator))
        }
        "peekable" | "cloned" | "copied" | "collect" | "to_vec" | "as_slice" => list.clone(),
        name if passes_on(name) => list.clone(),
        "len" | "is_empty" | "contains" | "concat" | "count" => Value::UNKNOWN,
        "all" | "any" | "filter" | "filter_map" | "find" | "find_map" | "for_each" | "map"
        | "position" | "try_for_each" => walk(machine, list, method, arguments, location),
        _ => return None,
    })
}

/// The item at an index; `None` where the list is known to end before.
fn at(machine: &mut Machine, list: &Value, index: i64) -> Value {
    let length = machine
        .sequence_of(list)
        .and_then(|sequence| sequence.closed())
        .map(|items| items.len() as i64);
    match length {
        Some(length) if index >= length || index < -length => Value::None,
        _ => machine.item(list, &Value::Int(Int::known(index))),
    }
}

/// The first or the last item, which the iterator has no more.
fn taken(machine: &mut Machine, list: &Value, index: i64) -> Value {
    let item = at(machine, list, index);
    if let Value::Object(reference) = list
        && let Some(Object::Sequence(sequence)) = machine.object_mut(*reference)
        && let Some(at) = match index {
            0 => Some(0),
            _ => sequence.items.len().checked_sub(1),
        }
        && sequence.items.get(at).is_some_and(Option::is_some)
    {
        sequence.items.remove(at);
    }
    item
}

/// An item and the others, if there is an item.
fn parted(machine: &mut Machine, item: Value, others: &[Option<Value>]) -> Value {
    match item {
        Value::None | Value::Unknown(_) => item,
        item => {
            let others = machine.sequence(others.to_vec(), false);
            machine.sequence(vec![Some(item), Some(others)], true)
        }
    }
}

/// Each item with something beside it.
fn pairs(
    machine: &mut Machine,
    items: &[Option<Value>],
    beside: impl Fn(&Value, usize) -> Value,
) -> Value {
    let pairs = items.iter().enumerate().map(|(index, item)| {
        let item = item.clone()?;
        let beside = beside(&item, index);
        Some(machine.sequence(vec![Some(beside), Some(item)], true))
    });
    let pairs = pairs.collect();
    machine.sequence(pairs, false)
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
            "map" | "filter" | "filter_map" => machine.sequence(vec![None], false),
            _ => Value::UNKNOWN,
        };
    };
    // Others may stop before the last item.
    let takes_all = matches!(method, "filter" | "filter_map" | "for_each" | "map");
    let mut results = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if !machine.alive() {
            return Value::UNKNOWN;
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
        "filter" | "filter_map" => machine.sequence(vec![None], false),
        "find_map" => {
            let found = results.into_iter().map(|value| value.successful());
            Value::one_of(found.chain([Value::None]))
        }
        // Which item a test finds is not told by trying each.
        _ => Value::UNKNOWN,
    }
}
