//! `select-nonsocket`: waiting with `select.select` for what is no socket, which Windows does not do.

use footgun_analysis::facts::{Call, Facts, Known};

use crate::report::{Report, argument_or_call, is_dealt_with};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "select-nonsocket",
    group: "names",
    title: "`select` of what is no socket",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("select_nonsocket.md"),
    asks: |_| vec![Ask::Call("select.select")],
    judge: Judge::Call(judge),
};

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let no_socket = |value: &Known| match value {
        Known::List(items) => items.iter().find_map(name),
        _ => None,
    };
    let mut lists = call.positional.iter().take(3).map(|argument| {
        // Each possibility has to hold one: another may be what Windows gets.
        let names: Option<Vec<_>> = argument.values.iter().map(no_socket).collect();
        names.and_then(|names| Some((argument, *names.first()?)))
    });
    let found = lists.find_map(|found| found);
    let (argument, name) = found.ok_or("all that it waits for may be sockets")?;
    if is_dealt_with(&call.handlers, "builtins.OSError") {
        return Err("a handler waits for the OSError that Windows raises");
    }
    Ok(Report::new(
        argument_or_call(&call.site, Some(argument.place)),
        format!(
            "`select` takes only sockets on Windows: with {name} it raises OSError [WinError \
             10038]"
        ),
        "on Windows read it in a thread, which puts what it reads into a `queue.Queue`",
    ))
}

/// What a value is called that is known to be no socket.
fn name(value: &Known) -> Option<&'static str> {
    let Known::Name(name) = value else {
        return None;
    };
    let (around, last) = name.rsplit_once('.')?;
    match (around, last) {
        ("sys", "stdin" | "stdout" | "stderr") => Some("a standard stream"),
        ("os", "pipe") => Some("an end of a pipe"),
        (_, "stdin" | "stdout" | "stderr") if around.ends_with("Popen") => {
            Some("a stream of a child")
        }
        _ => None,
    }
}
