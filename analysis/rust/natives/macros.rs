//! The macros that build a process.

use super::commands::{builder, push_arguments};
use crate::machine::{Arguments, Machine};
use crate::value::{Piece, Text, Value};

/// Calls a macro; `None` if it builds no process.
pub(super) fn call(machine: &mut Machine, path: &str, arguments: &Arguments) -> Option<Value> {
    match path.rsplit("::").next() {
        Some("cmd!") => {}
        Some("command!" | "command_args!") if super::comes_from(machine, "Execute", "execute") => {
            return execute(machine, path, arguments);
        }
        _ => return None,
    }
    let mut given = arguments.positional.iter();
    let first = given.next()?;
    // `cmd!(shell, "line")` is xshell's, `cmd!("program", "argument", …)` is duct's.
    if let (Value::Text(_), false) = (&first.value, arguments.rest) {
        let built = builder(
            machine,
            "duct::Expression",
            first.value.clone(),
            first.location,
        );
        let rest = given.map(|argument| Some(argument.value.clone())).collect();
        push_arguments(machine, &built, rest);
        return Some(built);
    }
    let line = given.next()?;
    let Value::Text(text) = &line.value else {
        return Some(Value::UNKNOWN);
    };
    let Some(Piece::Known { text: start, .. }) = text.pieces.first() else {
        return Some(Value::UNKNOWN);
    };
    let word = start.split_whitespace().next()?;
    if start.trim_start().len() == word.len() && text.pieces.len() > 1 {
        return Some(Value::UNKNOWN);
    }
    let at = start.find(word)?;
    let program = Value::Text(Text::new(vec![text.pieces[0].slice(at, at + word.len())]));
    let built = builder(machine, "xshell::Cmd", program, line.location);
    push_arguments(machine, &built, vec![None]);
    Some(built)
}

/// `command!("line")` and `command_args!("program", "argument", …)` of the crate execute, which build a
/// command of the standard library.
fn execute(machine: &mut Machine, path: &str, arguments: &Arguments) -> Option<Value> {
    const BUILDER: &str = "std::process::Command";
    let mut given = arguments.positional.iter();
    let first = given.next()?;
    if path.ends_with("command_args!") {
        let built = builder(machine, BUILDER, first.value.clone(), first.location);
        let rest = given.map(|argument| Some(argument.value.clone())).collect();
        push_arguments(machine, &built, rest);
        return Some(built);
    }
    let Value::Text(text) = &first.value else {
        return None;
    };
    let (whole, piece) = (text.known()?, text.pieces.first()?);
    let word = whole.split_whitespace().next()?;
    let at = whole.find(word)?;
    let program = match text.pieces.len() {
        1 => Value::Text(Text::new(vec![piece.slice(at, at + word.len())])),
        _ => Value::text(word),
    };
    let built = builder(machine, BUILDER, program, first.location);
    push_arguments(machine, &built, vec![None]);
    Some(built)
}
