//! Methods of strings that give a part of them.

use std::ops::Range;

use crate::machine::{Arguments, Machine};
use crate::value::{Piece, Text, Value};

/// Calls a method of a known text; `None` if it is another method, or if its arguments are not known.
pub(super) fn method(
    machine: &mut Machine,
    receiver: &Value,
    method: &str,
    arguments: &Arguments,
) -> Option<Value> {
    let Value::Text(text) = receiver else {
        return None;
    };
    if method == "join" {
        return joined(machine, text, &arguments.positional.first()?.value);
    }
    let whole = text.known()?;
    let given = || arguments.positional.first()?.value.as_text();
    let part = |range: Range<usize>| Value::Text(part_of(text, range));
    let of_str = |piece: &str| {
        let start = piece.as_ptr() as usize - whole.as_ptr() as usize;
        part(start..start + piece.len())
    };
    let list = |machine: &mut Machine, pieces: Vec<&str>| {
        let items = pieces.into_iter().map(|piece| Some(of_str(piece)));
        machine.sequence(items.collect(), false)
    };
    Some(match method {
        "trim" => of_str(whole.trim()),
        "trim_start" => of_str(whole.trim_start()),
        "trim_end" => of_str(whole.trim_end()),
        "split" => list(machine, whole.split(given()?.as_str()).collect()),
        "split_whitespace" | "split_ascii_whitespace" => {
            list(machine, whole.split_whitespace().collect())
        }
        "lines" => list(machine, whole.lines().collect()),
        "split_once" => match whole.split_once(given()?.as_str()) {
            Some((before, after)) => {
                machine.sequence(vec![Some(of_str(before)), Some(of_str(after))], true)
            }
            None => Value::None,
        },
        "strip_prefix" => match whole.strip_prefix(given()?.as_str()) {
            Some(rest) => of_str(rest),
            None => Value::None,
        },
        "strip_suffix" => match whole.strip_suffix(given()?.as_str()) {
            Some(rest) => of_str(rest),
            None => Value::None,
        },
        "starts_with" => Value::Bool(whole.starts_with(given()?.as_str())),
        "ends_with" => Value::Bool(whole.ends_with(given()?.as_str())),
        "contains" => Value::Bool(whole.contains(given()?.as_str())),
        "eq_ignore_ascii_case" => Value::Bool(whole.eq_ignore_ascii_case(given()?.as_str())),
        "is_empty" => Value::Bool(whole.is_empty()),
        "to_lowercase" | "to_ascii_lowercase" => recased(text, str::to_lowercase),
        "to_uppercase" | "to_ascii_uppercase" => recased(text, str::to_uppercase),
        _ => return None,
    })
}

/// A path with another below it.
pub(super) fn joined(machine: &Machine, path: &Text, below: &Value) -> Option<Value> {
    let Value::Text(_) = below else {
        return None;
    };
    let slash = Piece::Known {
        text: "/".into(),
        location: None,
        verbatim: false,
    };
    let pieces = path.pieces.iter().cloned().chain([slash]);
    let pieces = pieces.chain(machine.spelled(below)).collect();
    Some(Value::Text(Text::new(pieces)))
}

/// Some bytes of a known text, with where each piece of them was written.
fn part_of(text: &Text, range: Range<usize>) -> Text {
    let mut at = 0;
    let mut pieces = Vec::new();
    for piece in text.pieces.iter() {
        let Piece::Known { text: known, .. } = piece else {
            continue;
        };
        let (start, end) = (range.start.max(at), range.end.min(at + known.len()));
        if start < end {
            pieces.push(piece.slice(start - at, end - at));
        }
        at += known.len();
    }
    Text::new(pieces)
}

/// The same characters in another case.
fn recased(text: &Text, change: fn(&str) -> String) -> Value {
    let pieces = text.pieces.iter().map(|piece| match piece {
        Piece::Known { text, location, .. } => Piece::Known {
            text: change(text).into(),
            location: *location,
            verbatim: false,
        },
        Piece::Unknown(_) => piece.clone(),
    });
    Value::Text(Text::new(pieces.collect()))
}
