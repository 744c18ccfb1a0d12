//! `mp-fork`: asking multiprocessing for a start method that Windows does not have.

use footgun_analysis::facts::{Call, Facts};

use crate::report::{Report, argument_or_call, is_dealt_with, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "mp-fork",
    group: "processes",
    title: "A multiprocessing start method that Windows does not have",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("mp_fork.md"),
    asks: |_| {
        vec![
            Ask::Call("multiprocessing.get_context"),
            Ask::Call("multiprocessing.set_start_method"),
        ]
    },
    judge: Judge::Call(judge),
};

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let argument = call.argument(0, "method").ok_or("no method is given")?;
    let forks = |text: &str| matches!(text, "fork" | "forkserver");
    let method = argument.texts().find(|(text, _)| forks(text));
    let (method, origin) = method.ok_or("the method is not known to be one that forks")?;
    if is_dealt_with(&call.handlers, "builtins.ValueError") {
        return Err("a handler waits for the ValueError that Windows raises");
    }
    let place = argument_or_call(&call.site, Some(argument.place));
    Ok(Report::new(
        place,
        format!("Windows has only the start method `spawn`: `{method}` raises ValueError there"),
        "ask for `spawn` on Windows, or for nothing: each platform has a default",
    )
    .because(spelled(origin, place, "the method comes from here")))
}
