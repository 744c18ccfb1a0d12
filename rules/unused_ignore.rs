//! `unused-ignore`: an ignore comment that silences nothing.

use crate::{Rule, Severity};

/// The rule as users select, ignore and look it up.
///
/// It judges comments by what the other rules found, so it has no facts to check: the command
/// reports it where it applies the comments.
pub const RULE: Rule = Rule {
    id: "unused-ignore",
    group: "comments",
    title: "An ignore comment that silences nothing",
    severity: Severity::Warning,
    page: include_str!("unused_ignore.md"),
    triggers: |_| {
        ["footgun: ignore", "footgun:ignore", "windows-footgun"]
            .map(str::to_owned)
            .to_vec()
    },
    check: |_facts, _options, _findings| {},
};
