//! Rewriting Rust: calls and expressions, with full paths to new names.

mod commands;
mod probes;
mod scopes;
mod search;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use syn::Expr;

use super::{Change, Function, Positional, Refusal, Replacement};
use crate::rust::parse::Parsed;
use crate::source::Span;
use commands::{Form, Library};
use probes::Imports;
use scopes::Scopes;
use search::{Places, Spawn};

/// A parsed file, and what is known of it once it was asked for.
pub(super) struct Code<'p> {
    parsed: &'p Parsed<'p>,
    places: OnceCell<Places<'p>>,
    imports: OnceCell<Imports<'p>>,
    /// Whether the body of a function asks for the number of an error.
    reads: RefCell<HashMap<Span, bool>>,
}

impl<'p> Code<'p> {
    pub(super) fn of(parsed: &'p Parsed<'p>) -> Code<'p> {
        Code {
            parsed,
            places: OnceCell::new(),
            imports: OnceCell::new(),
            reads: RefCell::default(),
        }
    }

    /// What makes a change.
    pub(super) fn replacements(
        &self,
        change: &Change<Function>,
    ) -> Result<Vec<Replacement>, Refusal> {
        match change {
            Change::Value { value, function } => self.wrapped(value.span, function),
            Change::Call {
                call,
                function,
                positional: Positional::First(_),
                ..
            } => self.asked(call.span, function),
            Change::Call { call, function, .. } => self.spawned(call.span, function),
            Change::Command { .. }
            | Change::Found { .. }
            | Change::Asked { .. }
            | Change::Keywords { .. }
            | Change::OffWindows { .. } => Err("Rust has no list or keywords to change there"),
        }
    }

    /// Where what can be rewritten stands.
    fn places(&self) -> &Places<'p> {
        self.places.get_or_init(|| Places::of(self.parsed))
    }

    /// `Command::new("npm")` as `Command::new(resolve("npm"))`
    fn wrapped(&self, value: Span, function: &Function) -> Result<Vec<Replacement>, Refusal> {
        let Some((scopes, program)) = self.places().program(value) else {
            return Err("it is not what a command is made with");
        };
        let name = scopes.name(function);
        if let Expr::Call(call) = program
            && let Expr::Path(path) = &*call.func
            && scopes.resolve(&path.path) == Some(format!("{}::{}", function.module, function.name))
        {
            return Err("it is wrapped already");
        }
        let span = self.parsed.span_of(program);
        let (start, end) = (span.start as usize, span.end as usize);
        Ok(vec![
            (Span::new(start, start), format!("{name}(")),
            (Span::new(end, end), ")".to_owned()),
        ])
    }

    /// `command.spawn()` as `spawn_detached(&mut command)`, whose result stays that of `spawn`. Also where
    /// nothing is made of it: a `Detached` that is dropped is waited for, and a `Child` is not.
    fn spawned(&self, call: Span, function: &Function) -> Result<Vec<Replacement>, Refusal> {
        let parsed = self.parsed;
        let Some((scopes, spawn)) = self.places().spawn(call) else {
            return Err("it is not a call of `spawn`");
        };
        let Spawn { call, command } = spawn;
        let command = command.ok_or("the type of what is started is not plain to see")?;
        let (runtime, library) = match function.module.strip_suffix("::tokio_process") {
            Some(runtime) => (runtime, Library::Tokio),
            None => (function.module.as_str(), Library::Std),
        };
        if command.library != library {
            return Err("its command is one of another library");
        }
        let name = scopes.name(function);
        let receiver = parsed.span_of(&call.receiver);
        let (start, end) = (receiver.start as usize, receiver.end as usize);
        let dot = parsed.span(call.dot_token.span).start as usize;
        let close = parsed.span(call.paren_token.span.close()).end as usize;
        let borrow = match command.form {
            Form::Owned => "&mut ",
            Form::Borrowed => "",
        };
        let before = (Span::new(start, start), format!("{name}({borrow}"));
        let gap = &parsed.text[end..dot];
        if !gap.trim().is_empty() {
            return Err("a comment stands within the call");
        }
        let after = format!("){gap}.map({runtime}::Detached::into_child)");
        Ok(vec![before, (Span::new(end, close), after)])
    }
}

impl Parsed<'_> {
    /// The bytes of a piece of syntax.
    fn span_of(&self, syntax: &Expr) -> Span {
        self.span(syn::spanned::Spanned::span(syntax))
    }
}

impl Scopes {
    /// How a function is written: as the file imports it, or by its full path.
    fn name(&self, function: &Function) -> String {
        let path = format!("{}::{}", function.module, function.name);
        self.imported(&path).unwrap_or(path)
    }
}
