//! `sigterm-hard-kill`: SIGTERM, which ends a process on Windows without asking it.

use footgun_analysis::facts::{Argument, Call, Facts, Known};

use crate::report::Report;
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "sigterm-hard-kill",
    group: "pedantic",
    title: "SIGTERM to a process that is to clean up",
    severity: Severity::Note,
    by_default: false,
    page: include_str!("sigterm_hard_kill.md"),
    asks: |_| vec![Ask::Call("os.kill"), Ask::Beside("signal.signal")],
    judge: Judge::Call(judge),
};

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    if call.site.api != "os.kill" {
        return Err("no signal is sent");
    }
    let sent = call
        .argument(1, "signal")
        .ok_or("which signal is sent is not known")?;
    if !is_sigterm(sent) {
        return Err("the signal is not known to be SIGTERM");
    }
    let handles = |other: &Call| {
        let handled = other.argument(0, "signalnum");
        other.site.api == "signal.signal" && handled.is_some_and(is_sigterm)
    };
    let message = match facts.calls.iter().any(handles) {
        true => {
            "on Windows this is TerminateProcess: the handler that this file sets for SIGTERM does not \
             run, and the exit code is 15"
        }
        false => {
            "on Windows this is TerminateProcess: no handler, no `finally` and no `atexit` of the \
             process runs, and its exit code is 15"
        }
    };
    Ok(Report::new(
        call.site.call,
        message,
        "tell the process another way: a file, a socket, `signal.raise_signal` for the own one, or \
         CTRL_BREAK_EVENT to a process group",
    ))
}

fn is_sigterm(argument: &Argument) -> bool {
    let is_one = |value: &Known| match value {
        Known::Int(number) => *number == 15,
        value => value.is_named("signal.SIGTERM"),
    };
    !argument.values.is_empty() && argument.values.iter().all(is_one)
}
