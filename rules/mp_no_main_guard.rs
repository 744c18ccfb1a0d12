//! `mp-no-main-guard`: starting processes where each of them comes by again.

use footgun_analysis::facts::{Call, Facts};

use crate::report::{Report, is_dealt_with};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "mp-no-main-guard",
    group: "processes",
    title: "Processes that are started by the import of a module",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("mp_no_main_guard.md"),
    asks: |_| {
        let classes = MADE.map(Ask::Call).into_iter();
        classes.chain(STARTING.map(Ask::Beside)).collect()
    },
    judge: Judge::Call(judge),
};

/// What has processes, wherever they are started.
const MADE: [&str; 4] = [
    "concurrent.futures.ProcessPoolExecutor",
    "multiprocessing.Pool",
    "multiprocessing.Process",
    "multiprocessing.pool.Pool",
];

/// What starts processes of `multiprocessing` when it is called.
const STARTING: [&str; 6] = [
    "concurrent.futures.ProcessPoolExecutor.map",
    "concurrent.futures.ProcessPoolExecutor.submit",
    "multiprocessing.Manager",
    "multiprocessing.Pool",
    "multiprocessing.Process.start",
    "multiprocessing.pool.Pool",
];

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    if !STARTING.contains(&call.site.api.as_str()) {
        return Err("nothing is started by it");
    }
    if !call.by_import {
        return Err("no import is known to lead to it, or `__name__` is asked before");
    }
    if call.site.embedded {
        return Err("a program in a string is not imported again");
    }
    if is_dealt_with(&call.handlers, "builtins.RuntimeError") {
        return Err("a handler waits for the RuntimeError that Windows raises");
    }
    Ok(Report::new(
        call.site.call,
        "Windows starts each process anew, and it imports this module before it does its work: it comes \
         by this call as well, RuntimeError, \"An attempt has been made to start a new process before the \
         current process has finished its bootstrapping phase\"",
        "put it below `if __name__ == \"__main__\":`, or into a function that is called there",
    ))
}
