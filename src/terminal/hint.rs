//! What to do next, for users who see findings in a project that is not set up yet.

use std::fs;

use crate::root::Root;

/// The name under which hooks and configurations know the command.
const COMMAND: &str = "footgun-check";

/// Whether the command is a hook of the project's.
pub fn is_hook(root: &Root) -> bool {
    let hooks = fs::read_to_string(root.folder().join(".pre-commit-config.yaml"));
    hooks.is_ok_and(|hooks| hooks.contains(COMMAND))
}

/// The next steps, a line each, where `rule` has found something.
pub fn next_steps(rule: &str) -> [String; 2] {
    [
        format!("`{COMMAND} --explain {rule}` tells what goes wrong and how to repair it"),
        format!(
            "`{COMMAND} --baseline FILE --write-baseline` accepts what is there, so that only new \
             findings count"
        ),
    ]
}
