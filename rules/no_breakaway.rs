//! `no-breakaway`: a process meant to outlive its parent that stays in the parent's job.

use footgun_analysis::facts::flag::{
    CREATE_BREAKAWAY_FROM_JOB, CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW, DETACHED_PROCESS,
};
use footgun_analysis::facts::{Facts, Fate, Spawn, SpawnId, flag};
use footgun_analysis::platform::Truth;

use crate::report::{Report, argument_or_call, flag_origins, spawn_words};
use crate::{Finding, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "no-breakaway",
    group: "processes",
    title: "A background process that stays in its parent's job",
    severity: Severity::Warning,
    page: include_str!("no_breakaway.md"),
    triggers: spawn_words,
    check,
};

fn check(facts: &Facts, findings: &mut Vec<Finding>) {
    let fallbacks = fallbacks(facts);
    for (index, spawn) in facts.spawns.iter().enumerate() {
        let stays = spawn.flags.has(CREATE_BREAKAWAY_FROM_JOB) == Truth::No;
        if !stays || !outlives(spawn) || fallbacks.contains(&SpawnId(index as u32)) {
            continue;
        }
        let place = argument_or_call(&spawn.site, spawn.flags.place);
        let detaching = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW;
        let report = Report {
            place,
            message: format!(
                "the creation flags are {}, without CREATE_BREAKAWAY_FROM_JOB: the child still \
                 belongs to the parent's job and dies with it if the job is KILL_ON_JOB_CLOSE",
                flag::names(spawn.flags.ones)
            ),
            help: "add CREATE_BREAKAWAY_FROM_JOB, and where Windows refuses it with access denied \
                   (error 5), spawn again without it"
                .to_owned(),
            evidence: flag_origins(&spawn.flags, detaching, place),
        };
        RULE.report(findings, &spawn.site, report);
    }
}

/// The spawns that run because breakaway was refused.
fn fallbacks(facts: &Facts) -> Vec<SpawnId> {
    facts
        .spawns
        .iter()
        .filter(|spawn| spawn.flags.has(CREATE_BREAKAWAY_FROM_JOB) == Truth::Yes)
        .flat_map(|spawn| spawn.retries.iter().copied())
        .collect()
}

/// Whether the child is started as a background process: without the parent's console, and nobody
/// waits for it, talks to it or stops it.
fn outlives(spawn: &Spawn) -> bool {
    if spawn.piped() || !matches!(spawn.fate, Fate::Kept | Fate::Abandoned) {
        return false;
    }
    let hidden_group = CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW;
    // Without a window is also how helpers are started that somebody else keeps an eye on; one that
    // nobody holds, or that writes nowhere its parent reads, is on its own.
    let alone = spawn.fate == Fate::Abandoned || spawn.streams_redirected();
    spawn.flags.has(DETACHED_PROCESS) == Truth::Yes
        || (spawn.flags.has(hidden_group) == Truth::Yes && alone)
}
