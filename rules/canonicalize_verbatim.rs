//! `canonicalize-verbatim`: what Rust makes of a path on Windows reaches who does not understand it.

use footgun_analysis::facts::{Argument, Call, Facts};

use crate::report::{Report, argument_or_call};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "canonicalize-verbatim",
    group: "files",
    title: "A path of `canonicalize` is given to a program or compared",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("canonicalize_verbatim.md"),
    asks: |_| {
        let beside = GIVEN.iter().chain(&COMPARED).map(|api| Ask::Beside(api));
        beside
            .chain([
                Ask::Call("std::fs::canonicalize"),
                Ask::Call("tokio::fs::canonicalize"),
            ])
            .collect()
    },
    judge: Judge::Call(judge),
};

/// What stands for such a path.
const CANONICAL: &str = "std::fs::canonicalize()";

/// What stands for the current folder, which is not made so.
const CURRENT: &str = "std::env::current_dir()";

/// What gives it to a program.
const GIVEN: [&str; 2] = ["Command.current_dir", "Command.arg"];

/// What holds it against another path.
const COMPARED: [&str; 2] = [
    "std::fs::canonicalize().starts_with",
    "std::fs::canonicalize().strip_prefix",
];

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let argument = call.positional.first();
    let api = call.site.api.as_str();
    let comes_to = if GIVEN.contains(&api) {
        if !argument.is_some_and(|argument| is_name(argument, CANONICAL)) {
            return Err("it is not known to get a path of `canonicalize`");
        }
        "`cmd.exe` and many other programs do not take it for a path"
    } else if COMPARED.contains(&api) {
        if !argument.is_some_and(|argument| is_name(argument, CURRENT)) {
            return Err("what it is compared with is not known to be another kind of path");
        }
        "it never begins with a path that was not made so"
    } else {
        return Err("making such a path does no harm");
    };
    Ok(Report::new(
        argument_or_call(&call.site, argument.map(|argument| argument.place)),
        format!(
            "`canonicalize` on Windows makes a path that begins with `\\\\?\\`, and {comes_to}"
        ),
        "use `std::path::absolute`, or `canonicalize` of the crate `dunce`",
    ))
}

fn is_name(argument: &Argument, name: &str) -> bool {
    argument.values.iter().any(|value| value.is_named(name))
}
