//! Lists that go to the command interpreter: whether they do so on POSIX too, learned from a second run
//! with the platform set to POSIX.

use crate::facts::{Facts, Spawn};
use crate::machine::{Machine, Session};
use crate::platform::{Platform, Truth};
use crate::rewrite::CommandArgument;
use crate::source::{FileId, Language};

/// Fills in [`Spawn::posix_shell_list`].
pub(crate) fn add_posix_shells(facts: &mut Facts, session: &Session, file: FileId) {
    if !facts.spawns.iter().any(gives_a_shell_a_list) {
        return;
    }
    let mut machine = Machine::new(session, Platform::Linux);
    machine.run_file(file);
    let on_posix = machine.facts().spawns;
    for spawn in &mut facts.spawns {
        let is_same = |other: &&Spawn| other.site.is_same(&spawn.site);
        spawn.posix_shell_list = gives_a_shell_a_list(spawn)
            && on_posix.iter().filter(is_same).any(gives_a_shell_a_list);
    }
}

/// Whether a command interpreter is given a list of several words.
fn gives_a_shell_a_list(spawn: &Spawn) -> bool {
    spawn.site.language == Language::Python
        && spawn.shell == Truth::Yes
        && matches!(
            spawn.command,
            Some(CommandArgument::One { is_list: true, .. })
        )
        && !spawn.arguments.is_empty()
}
