//! `no-breakaway`: a process meant to outlive its parent that stays in the parent's job.

use footgun_analysis::facts::flag::{
    CREATE_BREAKAWAY_FROM_JOB, CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW, DETACHED_PROCESS,
};
use footgun_analysis::facts::{CreationFlags, Facts, Fate, Program, Spawn, SpawnId, flag};
use footgun_analysis::platform::Truth;

use crate::cures::detached;
use crate::report::{Report, argument_or_call, flag_origins};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "no-breakaway",
    group: "processes",
    title: "A background process that stays in its parent's job",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("no_breakaway.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    if let Some(because) = leaves(facts, id).or_else(|| tied(spawn)) {
        return Err(because);
    }
    let place = argument_or_call(&spawn.site, spawn.flags.place);
    let detaching = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW;
    let ignored = match spawn.flags.has(DETACHED_PROCESS | CREATE_NO_WINDOW) {
        Truth::Yes => " (CREATE_NO_WINDOW is ignored beside DETACHED_PROCESS)",
        Truth::No | Truth::Unknown => "",
    };
    Ok(Report::new(
        place,
        format!(
            "the creation flags are {}{ignored}, without CREATE_BREAKAWAY_FROM_JOB: the child \
             still belongs to the parent's job and dies with it if the job is KILL_ON_JOB_CLOSE",
            flag::names(spawn.flags.ones)
        ),
        help(&spawn.flags),
    )
    .because(flag_origins(&spawn.flags, detaching, place))
    .cured(detached(facts, spawn)))
}

/// The flags to pass instead. A child without a console gives each console program that it starts a
/// visible window, so the advice never keeps DETACHED_PROCESS.
fn help(flags: &CreationFlags) -> String {
    let refused = "where Windows refuses it with access denied (error 5), spawn again without it";
    if flags.zeros & DETACHED_PROCESS == DETACHED_PROCESS {
        return format!("add CREATE_BREAKAWAY_FROM_JOB, and {refused}");
    }
    format!(
        "pass CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW | CREATE_BREAKAWAY_FROM_JOB, and {refused}; \
         not DETACHED_PROCESS: the child then has no console, and each console program it starts opens \
         a visible window"
    )
}

/// Whether a spawn runs where another one with breakaway has failed.
fn is_fallback(facts: &Facts, id: SpawnId) -> bool {
    facts.spawns.iter().any(|other| {
        let mut next = other.retries.iter().chain(&other.alternatives);
        other.flags.has(CREATE_BREAKAWAY_FROM_JOB) == Truth::Yes
            && next.any(|next| facts.spawn(*next).site.is_same(&facts.spawn(id).site))
    })
}

/// Why the child is not known to stay in the job although it could leave it.
fn leaves(facts: &Facts, id: SpawnId) -> Option<Because> {
    match facts.spawn(id).flags.has(CREATE_BREAKAWAY_FROM_JOB) {
        Truth::Yes => Some("CREATE_BREAKAWAY_FROM_JOB is set"),
        Truth::Unknown => Some("whether CREATE_BREAKAWAY_FROM_JOB is set is not known"),
        Truth::No => is_fallback(facts, id)
            .then_some("this is what is spawned where one with breakaway fails"),
    }
}

/// Why the child is not a background process: one without the parent's console, for which nobody
/// waits, and which nobody talks to or stops.
pub(crate) fn tied(spawn: &Spawn) -> Option<Because> {
    if spawn.piped() {
        return Some("the parent talks to the child through a pipe");
    }
    match spawn.fate {
        Fate::Waited => return Some("the parent waits for the child"),
        Fate::Managed => return Some("the parent stops the child or asks about it"),
        Fate::Unknown => return Some("what becomes of the child is not known"),
        Fate::Kept | Fate::Abandoned => {}
    }
    let is_detached = |flags: &CreationFlags| flags.has(DETACHED_PROCESS) == Truth::Yes;
    if spawn.flags.each(is_detached) {
        return None;
    }
    let hidden_group = CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW;
    let is_own = spawn.programs == [Program::Own] && spawn.fate == Fate::Abandoned;
    let is_hidden = |flags: &CreationFlags| {
        // A program that starts itself, hides it and lets it go goes on in the background.
        flags.has(hidden_group) == Truth::Yes || is_own && flags.has(CREATE_NO_WINDOW) == Truth::Yes
    };
    if !spawn
        .flags
        .each(|flags| is_detached(flags) || is_hidden(flags))
    {
        return Some("no flags are known to be set that take the child off the parent's console");
    }
    // Without a window is also how helpers are started that somebody else keeps an eye on; one that
    // nobody holds, or that writes nowhere its parent reads, is on its own.
    let alone = spawn.fate == Fate::Abandoned || spawn.streams_redirected();
    (!alone).then_some("the parent keeps the child, whose streams are not all redirected")
}
