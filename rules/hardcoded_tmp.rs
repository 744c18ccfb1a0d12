//! `hardcoded-tmp`: files in `/tmp`, which Windows does not have.

use footgun_analysis::facts::{Call, Facts, Known};
use footgun_analysis::source::Language;

use crate::files::{self, Given, OPENING};
use crate::report::{Report, argument_or_call, is_dealt_with, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "hardcoded-tmp",
    group: "files",
    title: "A file in `/tmp`",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("hardcoded_tmp.md"),
    asks: |_| {
        vec![
            Ask::CallsGiven {
                apis: OPENING,
                beginning: FOLDER,
            },
            Ask::BesideGiven {
                apis: MAKING,
                beginning: FOLDER,
            },
        ]
    },
    judge: Judge::Call(judge),
};

const FOLDER: &str = "/tmp";

/// What makes a folder, and those around it if need be.
const MAKING: &[&str] = &[
    "os.makedirs",
    "pathlib.Path.mkdir",
    "std::fs::create_dir_all",
    "tokio::fs::create_dir_all",
];

/// A folder that a call makes, where no other has to be there for that: of one whose name is not known
/// the one around it.
fn makes(call: &Call) -> Option<String> {
    let api = call.site.api.as_str();
    let makes_parents = || {
        let parents = call.argument(1, "parents");
        parents.is_some_and(|parents| parents.values == [Known::Bool(true)])
    };
    if !MAKING.contains(&api) || api == "pathlib.Path.mkdir" && !makes_parents() {
        return None;
    }
    let made = files::given(call, is_within)?;
    let known = match made.whole {
        true => made.beginning.len(),
        false => made.beginning.rfind(['/', '\\'])?,
    };
    Some(made.beginning[..known].to_owned())
}

/// Whether a path is known to lie in the folder, or to be it.
fn is_within(path: &Given) -> bool {
    let rest = path.beginning.strip_prefix(FOLDER);
    rest.is_some_and(|rest| match rest.is_empty() {
        true => path.whole,
        false => rest.starts_with(['/', '\\']),
    })
}

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    let given =
        files::given(call, is_within).ok_or("it is not known to be given a path in `/tmp`")?;
    let is_made = |made: String| {
        let rest = given.beginning.strip_prefix(made.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
    };
    if facts.calls.iter().filter_map(makes).any(is_made) {
        return Err("the program makes the folder");
    }
    let (class, shown) = files::not_there(call);
    if is_dealt_with(&call.handlers, class) {
        return Err("a handler waits for the error that Windows raises");
    }
    let place = argument_or_call(&call.site, Some(given.argument.place));
    let instead = match call.site.language {
        Language::Python => "`tempfile.gettempdir()`",
        Language::Rust => "`std::env::temp_dir()`",
    };
    Ok(Report::new(
        place,
        format!(
            "`/tmp` on Windows is a folder in the root of the current drive (`C:\\tmp`), which \
             mostly does not exist: {shown}"
        ),
        format!("ask for the folder of temporary files with {instead}"),
    )
    .because(spelled(given.origin, place, "the path is written here")))
}
