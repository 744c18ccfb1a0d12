//! Rewriting Rust: calls and expressions, with full paths to new names.

mod commands;
mod probes;
mod scopes;
mod search;

use syn::Expr;

use super::{Change, Edit, Function, Positional, Refusal};
use crate::project::Project;
use crate::rust::parse::{Parsed, parse};
use crate::source::{FileId, Place, Span};
use commands::{Form, Library};
use scopes::Scopes;
use search::{Found, Syntax, Target, find};

/// A stretch of the text and what takes its place.
type Replacement = (Span, String);

pub(super) fn edits(
    project: &Project,
    file: FileId,
    change: &Change<Function>,
) -> Result<Vec<Edit>, Refusal> {
    let text = &project.file(file).text;
    let replacements = parse(text, |parsed| match change {
        Change::Value { value, function } => wrapped(parsed, *value, function),
        Change::Call {
            call,
            function,
            positional: Positional::First(_),
            ..
        } => probes::asked(parsed, *call, function),
        Change::Call { call, function, .. } => spawned(parsed, *call, function),
        Change::Command { .. }
        | Change::Found { .. }
        | Change::Asked { .. }
        | Change::Keywords { .. } => Err("Rust has no list or keywords to change there"),
    });
    let replacements = replacements.map_err(|_| "its file cannot be parsed")??;
    Ok(replacements
        .into_iter()
        .map(|(span, content)| Edit::new(file, span, content))
        .collect())
}

/// `Command::new("npm")` as `Command::new(resolve("npm"))`
fn wrapped(
    parsed: &Parsed,
    value: Place,
    function: &Function,
) -> Result<Vec<Replacement>, Refusal> {
    let Some(Found {
        scopes,
        syntax: Syntax::Program(program),
    }) = find(parsed, Target::Program(value.span))
    else {
        return Err("it is not what a command is made with");
    };
    let name = scopes.name(function);
    if let Expr::Call(call) = program
        && let Expr::Path(path) = &*call.func
        && scopes.resolve(&path.path) == Some(format!("{}::{}", function.module, function.name))
    {
        return Err("it is wrapped already");
    }
    let span = parsed.span_of(program);
    let (start, end) = (span.start as usize, span.end as usize);
    Ok(vec![
        (Span::new(start, start), format!("{name}(")),
        (Span::new(end, end), ")".to_owned()),
    ])
}

/// `command.spawn()` as `spawn_detached(&mut command)`, whose result stays what that of `spawn` is.
fn spawned(parsed: &Parsed, call: Place, function: &Function) -> Result<Vec<Replacement>, Refusal> {
    let Some(Found {
        scopes,
        syntax: Syntax::Spawn(spawn),
    }) = find(parsed, Target::Spawn(call.span))
    else {
        return Err("it is not a call of `spawn`");
    };
    let call = spawn.call;
    let command = spawn
        .command
        .ok_or("the type of what is started is not plain to see")?;
    let (runtime, library) = match function.module.strip_suffix("::tokio") {
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
    let after = match spawn.discarded {
        true => String::new(),
        false => format!(".map({runtime}::Detached::into_child)"),
    };
    let gap = &parsed.text[end..dot];
    if !gap.trim().is_empty() {
        return Err("a comment stands within the call");
    }
    Ok(if after.is_empty() {
        vec![before, (Span::new(end, close), ")".to_owned())]
    } else {
        let after = format!("){gap}{after}");
        vec![before, (Span::new(end, close), after)]
    })
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
