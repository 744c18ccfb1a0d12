//! `unused-ignore`: an ignore comment that silences nothing.

use crate::{Ask, Judge, Rule, Severity};

/// The rule as users select, ignore and look it up.
///
/// It judges comments by what the other rules found, so it has no facts to check: the command
/// reports it where it applies the comments.
pub const RULE: Rule = Rule {
    id: "unused-ignore",
    group: "comments",
    title: "An ignore comment that silences nothing",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("unused_ignore.md"),
    asks: |_| {
        ["footgun: ignore", "footgun:ignore", "windows-footgun"]
            .map(|word| Ask::Word(word.to_owned()))
            .to_vec()
    },
    judge: Judge::Comments,
};
