//! `dead-no-window`: CREATE_NO_WINDOW beside a flag that makes Windows ignore it.

use footgun_analysis::facts::flag::{CREATE_NEW_CONSOLE, CREATE_NO_WINDOW, DETACHED_PROCESS};
use footgun_analysis::facts::{CreationFlags, Facts, SpawnId};
use footgun_analysis::platform::Truth;

use crate::report::{Report, argument_or_call, flag_origins};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "dead-no-window",
    group: "processes",
    title: "CREATE_NO_WINDOW beside a flag that turns it off",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("dead_no_window.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    let are_set = |bits: u32| {
        let set = |flags: &CreationFlags| flags.has(bits | CREATE_NO_WINDOW) == Truth::Yes;
        spawn.flags.each(set)
    };
    let (bits, message) = if are_set(DETACHED_PROCESS) {
        (
            DETACHED_PROCESS,
            "CREATE_NO_WINDOW is ignored beside DETACHED_PROCESS: the child has no console, and each \
             console program that it starts opens a window",
        )
    } else if are_set(CREATE_NEW_CONSOLE) {
        (
            CREATE_NEW_CONSOLE,
            "CREATE_NO_WINDOW is ignored beside CREATE_NEW_CONSOLE: the child gets a console with a \
             window",
        )
    } else {
        return Err("no flag is known to be set that turns CREATE_NO_WINDOW off");
    };
    let place = argument_or_call(&spawn.site, spawn.flags.place);
    Ok(Report::new(
        place,
        message,
        "leave one of the two out; CREATE_NO_WINDOW alone takes the child off the parent's console \
         as well",
    )
    .because(flag_origins(&spawn.flags, bits | CREATE_NO_WINDOW, place)))
}
