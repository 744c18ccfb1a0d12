//! `symlink-unguarded`: making a symbolic link, which most users of Windows may not do.

use footgun_analysis::facts::{Call, Facts, Known};

use crate::report::{Report, is_dealt_with};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "symlink-unguarded",
    group: "files",
    title: "A symbolic link that nobody expects to be refused",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("symlink_unguarded.md"),
    asks: |_| {
        let calls = LINKS.iter().map(|api| Ask::Call(api));
        let mentions = LINKS
            .iter()
            .flat_map(|beside| PROBES.iter().map(|name| Ask::Mention { beside, name }));
        calls
            .chain(mentions)
            .chain([Ask::Method("symlink_to")])
            .collect()
    },
    judge: Judge::Call(judge),
};

/// What makes links.
const LINKS: [&str; 4] = [
    "os.symlink",
    "pathlib.Path.symlink_to",
    "aiofiles.os.symlink",
    "symlink_to",
];

/// What functions are called that try whether links can be made.
const PROBES: [&str; 7] = [
    "can_symlink",
    "can_symlinks",
    "fs_supports_symlink",
    "has_symlink",
    "supports_symlink",
    "supports_symlinks",
    "symlinks_supported",
];

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    if PROBES.iter().any(|name| facts.mentioned.contains(name)) {
        return Err("the project tries whether links can be made");
    }
    if is_dealt_with(&call.handlers, "builtins.OSError") {
        return Err("a handler waits for the OSError that Windows raises");
    }
    let target = call
        .argument(0, "src")
        .into_iter()
        .flat_map(|target| &target.values);
    let is_copied = |value: &Known| value.is_named("os.readlink()");
    if target.into_iter().any(is_copied) {
        return Err("who has a link to copy can make one");
    }
    Ok(Report::new(
        call.site.call,
        "Windows lets users make symbolic links only in developer mode or with a privilege of \
         administrators: OSError [WinError 1314] \"A required privilege is not held by the \
         client\"",
        "catch OSError and copy the file instead, or make a hard link or a junction",
    ))
}
