//! `environ-home`: environment variables that Windows does not set.

use footgun_analysis::facts::{Argument, Call, Facts, Known};

use footgun_analysis::source::Place;

use crate::report::{Report, argument_or_call, is_dealt_with, spelled};
use crate::variables;
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "environ-home",
    group: "files",
    title: "An environment variable that Windows does not set",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("environ_home.md"),
    asks: |_| {
        let reads = VARIABLES.iter().map(|variable| Ask::CallsGiven {
            apis: READS,
            beginning: variable.0,
        });
        reads.chain([Ask::Beside(IS_EMPTY)]).collect()
    },
    judge: Judge::Call(judge),
};

/// The variables with what to ask instead.
const VARIABLES: [(&str, &str); 4] = [
    ("HOME", "`Path.home()` or `os.path.expanduser(\"~\")`"),
    ("LOGNAME", "`getpass.getuser()`"),
    (
        "SHELL",
        "`os.environ.get(\"SHELL\")`, and `COMSPEC` on Windows",
    ),
    ("USER", "`getpass.getuser()`"),
];

const SUBSCRIPT: &str = "os.environ.__getitem__";
const COMPILED: &str = "env!";
const UNWRAPPED: [&str; 3] = [
    "std::env::var().unwrap",
    "std::env::var().expect",
    "std::env::var().unwrap_or_default",
];
/// What is asked of a value that may be there for want of another.
const IS_EMPTY: &str = "is_empty";
const WITH_DEFAULT: [&str; 3] = ["os.environ.get", "os.getenv", "std::env::var().unwrap_or"];

/// What reads a variable, and what sets it.
const READS: &[&str] = &[
    SUBSCRIPT,
    variables::SETS_OWN,
    COMPILED,
    UNWRAPPED[0],
    UNWRAPPED[1],
    UNWRAPPED[2],
    WITH_DEFAULT[0],
    WITH_DEFAULT[1],
    WITH_DEFAULT[2],
];

/// The variable that a call reads, and what to ask instead.
fn variable(call: &Call) -> Option<(&'static str, &'static str)> {
    let name = variables::name(call)?;
    let known = VARIABLES.iter().find(|(variable, _)| *variable == name);
    known.copied()
}

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    let (name, instead) = variable(call).ok_or("Windows may set the variable")?;
    let sets = |other: &Call| {
        other.site.api == variables::SETS_OWN && variable(other).is_some_and(|(set, _)| set == name)
    };
    if facts.calls.iter().any(sets) {
        return Err("the program sets the variable itself");
    }
    let asks_for_emptiness = || {
        let asks =
            |other: &Call| other.site.api == IS_EMPTY && other.site.function == call.site.function;
        facts.calls.iter().any(asks)
    };
    let api = call.site.api.as_str();
    let in_rust = UNWRAPPED.contains(&api) || api.starts_with("std::");
    let (comes_to, origin) = if api == SUBSCRIPT {
        if is_dealt_with(&call.handlers, "builtins.KeyError") {
            return Err("a handler waits for the KeyError that Windows raises");
        }
        (format!("KeyError: '{name}'"), None)
    } else if api == COMPILED {
        ("the program does not compile there".to_owned(), None)
    } else if api == "std::env::var().unwrap_or_default" {
        if name != "HOME" || asks_for_emptiness() {
            return Err("an empty text may do as well");
        }
        ("it is taken for empty".to_owned(), None)
    } else if UNWRAPPED.contains(&api) {
        ("the program panics with `NotPresent`".to_owned(), None)
    } else if WITH_DEFAULT.contains(&api) && name == "HOME" {
        let (default, origin) = call
            .positional
            .get(1)
            .and_then(posix_path)
            .ok_or("what is used instead is not known to be a path of POSIX")?;
        (format!("`{default}` is used instead"), origin)
    } else {
        return Err("what is used instead is not known to be a path of POSIX");
    };
    let place = match api {
        SUBSCRIPT | COMPILED => call.site.call,
        _ => argument_or_call(&call.site, call.positional.first().map(|it| it.place)),
    };
    let help = match (name, in_rust || api == COMPILED) {
        ("HOME", true) => {
            "ask `std::env::home_dir()` (Rust 1.85) or the crate `dirs` when it runs".to_owned()
        }
        (_, true) => "have an answer for where it is not set".to_owned(),
        _ => format!("use {instead}"),
    };
    Ok(Report::new(
        place,
        format!("Windows does not set `{name}`: {comes_to}"),
        help,
    )
    .because(spelled(origin, place, "the default is written here")))
}

/// A path from the root, which Windows does not have.
fn posix_path(argument: &Argument) -> Option<(String, Option<Place>)> {
    argument.values.iter().find_map(|value| match value {
        Known::Text { pieces, origin } => {
            let is_rooted = pieces.first()?.as_deref()?.starts_with('/');
            let shown = pieces.iter().map(|piece| piece.as_deref().unwrap_or("…"));
            is_rooted.then(|| (shown.collect(), *origin))
        }
        _ => None,
    })
}
