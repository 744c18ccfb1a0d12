//! `posix-only-spawn-option`: an option with which `subprocess` starts no process on Windows.

use footgun_analysis::facts::{Facts, SpawnId};

use crate::cures::is_hook;
use crate::report::{Report, argument_or_call, is_dealt_with, label, within};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "posix-only-spawn-option",
    group: "names",
    title: "An option that Windows refuses to start a process with",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("posix_only_spawn_option.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    let is_session = |place| {
        let mut session = spawn.session.iter();
        session.any(|option| is_hook(option.kind) && option.place == place)
    };
    let mut refused = spawn
        .refused
        .iter()
        .filter(|option| !is_session(option.place));
    let option = refused
        .next()
        .ok_or("it is given no option that Windows refuses")?;
    let name = option.name;
    let (raises, message) = match name {
        "preexec_fn" => (
            "builtins.ValueError",
            "ValueError: preexec_fn is not supported on Windows platforms",
        ),
        "pass_fds" => (
            "builtins.AssertionError",
            "AssertionError: pass_fds not supported on Windows.",
        ),
        _ => ("builtins.ValueError", "ValueError"),
    };
    if is_dealt_with(&spawn.handlers, raises) {
        return Err("a handler waits for what Windows raises");
    }
    let place = argument_or_call(&spawn.site, Some(option.place));
    let mut evidence = Vec::new();
    if !within(option.place, place) {
        evidence.push(label(option.place, "the option comes from here"));
    }
    Ok(Report::new(
        place,
        format!("`{name}` starts no process on Windows: {message}"),
        help(name),
    )
    .because(evidence))
}

fn help(name: &str) -> &'static str {
    match name {
        "preexec_fn" => {
            "pass it off Windows only; for a child that is not to get the console's Ctrl+C pass \
             CREATE_NEW_PROCESS_GROUP there"
        }
        "pass_fds" => {
            "pass it off Windows only; there give the child its data through a pipe or a socket, or \
             handles by `STARTUPINFO.lpAttributeList`"
        }
        _ => "pass it off Windows only",
    }
}
