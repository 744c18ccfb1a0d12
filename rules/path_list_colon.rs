//! `path-list-colon`: the list of folders in `PATH`, put together or taken apart at colons.

use footgun_analysis::facts::{Argument, Call, Facts, Known};
use footgun_analysis::source::Language;

use crate::report::{Report, argument_or_call};
use crate::variables;
use crate::{Ask, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "path-list-colon",
    group: "files",
    title: "A list of folders with a colon between them",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("path_list_colon.md"),
    asks: |_| {
        let calls = LISTS.iter().map(|list| Ask::CallsGiven {
            apis: CALLS,
            beginning: list,
        });
        let split = Ask::BesideGiven {
            apis: &["split"],
            beginning: ":",
        };
        calls.chain([split]).collect()
    },
    judge: Judge::Facts(judge),
};

/// The variables that hold lists of folders.
const LISTS: [&str; 2] = ["PATH", "PYTHONPATH"];

const SETS: [&str; 3] = [variables::SETS_ANY, variables::SETS_OWN, "Command.env"];
const READS: [&str; 3] = ["os.environ.__getitem__", "os.environ.get", "os.getenv"];

/// What sets a variable, and what reads one.
const CALLS: &[&str] = &[SETS[0], SETS[1], SETS[2], READS[0], READS[1], READS[2]];

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    let named = |names: [&'static str; 3]| {
        let calls = facts.calls.iter();
        calls.filter(move |call| names.contains(&call.site.api.as_str()) && is_list(call))
    };
    for call in named(SETS) {
        let has_colon = call.positional.get(1).is_some_and(has_colon);
        let judged = match has_colon {
            true => Ok(report(call)),
            false => Err("no colon is known to stand between folders"),
        };
        RULE.tell(verdicts, &call.site, judged);
    }
    // What is called on the value begins where the reading does.
    let splits = |read: &&Call| {
        let begins = |split: &&Call| {
            let (split, read) = (split.site.call, read.site.call);
            split.file == read.file && split.span.start == read.span.start
        };
        let calls = facts.calls.iter().filter(|call| call.site.api == "split");
        calls.into_iter().find(begins)
    };
    for read in named(READS) {
        match splits(&read) {
            Some(split) => RULE.report(verdicts, &split.site, report(split)),
            None => RULE.silent(verdicts, &read.site, "it is not split at colons"),
        }
    }
}

/// Whether a call names one of the variables.
fn is_list(call: &Call) -> bool {
    variables::name(call).is_some_and(|name| LISTS.contains(&name.as_str()))
}

/// Whether a colon stands between a part that is not known and what is beside it. One after a letter
/// and before a slash may be that of a drive.
fn has_colon(list: &Argument) -> bool {
    let in_pieces = |pieces: &[Option<String>]| {
        pieces.windows(2).any(|pair| match pair {
            [Some(before), None] => before.ends_with(':'),
            [None, Some(after)] => after == ":",
            _ => false,
        })
    };
    list.values.iter().any(|value| match value {
        Known::Text { pieces, .. } => in_pieces(pieces),
        _ => false,
    })
}

fn report(call: &Call) -> Report {
    // What a child is given is an argument of its own.
    let argument = call.positional.get(1).filter(|_| call.site.api == SETS[2]);
    let instead = match call.site.language {
        Language::Python => "`os.pathsep`",
        Language::Rust => "`std::env::join_paths` and `split_paths`",
    };
    Report::new(
        argument_or_call(&call.site, argument.map(|argument| argument.place)),
        "folders in `PATH` are separated by `;` on Windows, and a colon is part of a path \
         (`C:\\tools`): no folder of the list is found",
        format!("use {instead}"),
    )
}
