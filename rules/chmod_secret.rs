//! `chmod-secret`: a mode that keeps others out, which Windows does not know.

use footgun_analysis::facts::{Argument, Call, Facts, Known};

use crate::report::{Report, argument_or_call};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "chmod-secret",
    group: "portability",
    title: "A file that only its mode keeps secret",
    severity: Severity::Note,
    by_default: false,
    page: include_str!("chmod_secret.md"),
    asks: |_| TAKING.iter().map(|(api, _)| Ask::InPlace(api)).collect(),
    judge: Judge::Call(judge),
};

/// What takes a mode, and behind how many other arguments.
const TAKING: [(&str, usize); 7] = [
    ("chmod", 0),
    ("os.chmod", 1),
    ("os.fchmod", 1),
    ("os.lchmod", 1),
    ("os.open", 2),
    ("pathlib.Path.chmod", 0),
    ("pathlib.Path.touch", 0),
];

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let api = call.site.api.as_str();
    let (_, position) = TAKING
        .iter()
        .find(|(taking, _)| *taking == api)
        .ok_or("it takes no mode")?;
    let mode = call.argument(*position, "mode").ok_or("no mode is given")?;
    if !keeps_others_out(mode) {
        return Err("the mode is not known to keep others out");
    }
    Ok(Report::new(
        argument_or_call(&call.site, Some(mode.place)),
        "Windows keeps nobody out by a mode: of its bits it takes the one for writing, as the read-only \
         flag, and whoever may read the folder may read this",
        "keep secrets where the system does, with the `keyring` package, or below the profile of the \
         user; what is to be shut for others needs an ACL (`icacls`)",
    ))
}

/// Whether a mode lets the owner in and nobody else.
fn keeps_others_out(mode: &Argument) -> bool {
    let keeps_out = |value: &Known| match value {
        Known::Int(mode) => mode & 0o477 == 0o400,
        _ => false,
    };
    !mode.values.is_empty() && mode.values.iter().all(keeps_out)
}
