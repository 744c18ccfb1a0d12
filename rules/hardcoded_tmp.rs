//! `hardcoded-tmp`: files in `/tmp`, which Windows does not have.

use footgun_analysis::facts::{Call, Facts};
use footgun_analysis::source::Language;

use crate::files::{self, OPENING};
use crate::report::{Report, argument_or_call, is_dealt_with, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "hardcoded-tmp",
    group: "files",
    title: "A file in `/tmp`",
    severity: Severity::Warning,
    page: include_str!("hardcoded_tmp.md"),
    asks: |_| {
        vec![Ask::CallsGiven {
            apis: OPENING,
            beginning: FOLDER,
        }]
    },
    judge: Judge::Call(judge),
};

const FOLDER: &str = "/tmp";

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let is_within = |path: &files::Given| {
        let rest = path.beginning.strip_prefix(FOLDER);
        rest.is_some_and(|rest| match rest.is_empty() {
            true => path.whole,
            false => rest.starts_with(['/', '\\']),
        })
    };
    let given =
        files::given(call, is_within).ok_or("it is not known to be given a path in `/tmp`")?;
    if is_dealt_with(&call.handlers, "builtins.FileNotFoundError") {
        return Err("a handler waits for the error that Windows raises");
    }
    let place = argument_or_call(&call.site, Some(given.argument.place));
    let instead = match call.site.language {
        Language::Python => "`tempfile.gettempdir()`",
        Language::Rust => "`std::env::temp_dir()`",
    };
    Ok(Report {
        place,
        message:
            "`/tmp` on Windows is a folder in the root of the current drive (`C:\\tmp`), which \
                  mostly does not exist: FileNotFoundError"
                .replace(
                    "FileNotFoundError",
                    match call.site.language {
                        Language::Python => "FileNotFoundError",
                        Language::Rust => "`ErrorKind::NotFound`",
                    },
                ),
        help: format!("ask for the folder of temporary files with {instead}"),
        evidence: spelled(given.origin, place, "the path is written here"),
        fix: None,
    })
}
