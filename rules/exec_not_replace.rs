//! `exec-not-replace`: replacing the process by another, which Windows cannot.

use footgun_analysis::facts::{Call, Facts};

use crate::report::Report;
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "exec-not-replace",
    group: "processes",
    title: "`os.exec…`, which replaces nothing on Windows",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("exec_not_replace.md"),
    asks: |_| {
        vec![
            Ask::Call("os.execl"),
            Ask::Call("os.execle"),
            Ask::Call("os.execlp"),
            Ask::Call("os.execlpe"),
            Ask::Call("os.execv"),
            Ask::Call("os.execve"),
            Ask::Call("os.execvp"),
            Ask::Call("os.execvpe"),
        ]
    },
    judge: Judge::Call(judge),
};

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let api = &call.site.api;
    Ok(Report::new(
        call.site.call,
        format!(
            "`{api}` replaces no process on Windows: it starts another one and ends this one, \
             so that whoever waits for it goes on at once and never learns the exit code"
        ),
        "on Windows run the program, wait for it and end with its exit code: \
         `sys.exit(subprocess.call(command))`",
    ))
}
