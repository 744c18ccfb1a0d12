//! What to do next, for users who see findings in a project that is not set up yet.

use std::collections::BTreeSet;
use std::fs;

use footgun_rules::RULES;

use crate::root::Root;

/// The name under which hooks and configurations know the command.
const COMMAND: &str = "footgun-check";

/// Whether the command is a hook of the project's.
pub fn is_hook(root: &Root) -> bool {
    let hooks = fs::read_to_string(root.folder().join(".pre-commit-config.yaml"));
    hooks.is_ok_and(|hooks| hooks.contains(COMMAND))
}

/// The next steps, a line each, where `rule` has found something.
pub fn next_steps(rule: &str) -> [String; 3] {
    let off = RULES.iter().filter(|rule| !rule.by_default);
    let groups: BTreeSet<&str> = off.map(|rule| rule.group).collect();
    let groups: Vec<&str> = groups.into_iter().collect();
    [
        format!("`{COMMAND} --explain {rule}` tells what goes wrong and how to repair it"),
        format!(
            "`{COMMAND} --baseline FILE --write-baseline` accepts what is there, so that only new \
             findings count"
        ),
        format!(
            "`{COMMAND} --extend-select {}` also runs rules that are off by default",
            groups.join(",")
        ),
    ]
}
