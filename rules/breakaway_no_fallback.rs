//! `breakaway-no-fallback`: leaving the parent's job, with no answer where the job forbids it.

use footgun_analysis::facts::flag::CREATE_BREAKAWAY_FROM_JOB;
use footgun_analysis::facts::{Evidence, Facts, Spawn, SpawnId};
use footgun_analysis::platform::Truth;

use crate::cures::detached;
use crate::report::{Report, argument_or_call, flag_origins, label, refusal};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "breakaway-no-fallback",
    group: "processes",
    title: "CREATE_BREAKAWAY_FROM_JOB without a retry that drops it",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("breakaway_no_fallback.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    // What follows on one of the ways in which the same call runs is written there for all of them.
    let same = |other: &&Spawn| other.site.is_same(&spawn.site);
    let retries = || {
        let ways = facts.spawns.iter().filter(same);
        let ids = ways.flat_map(|way| &way.retries);
        ids.map(|&id| facts.spawn(id))
    };
    if !breaks_away(spawn) {
        return Err("CREATE_BREAKAWAY_FROM_JOB is not known to be set");
    }
    if !retries().all(breaks_away) {
        return Err("where it is refused, a spawn follows that is not known to break away");
    }
    let place = argument_or_call(&spawn.site, spawn.flags.place);
    let mut evidence = flag_origins(&spawn.flags, CREATE_BREAKAWAY_FROM_JOB, place);
    evidence.extend(
        retries().map(|retry| label(retry.site.call, "spawns again with the flag still set")),
    );
    if retries().next().is_none() {
        evidence.extend(gives_up(spawn));
    }
    Ok(Report::new(
        place,
        format!(
            "the process breaks away from its job and nothing spawns it again without \
             CREATE_BREAKAWAY_FROM_JOB: where the job forbids breakaway, it is not started at all \
             ({})",
            refusal(spawn)
        ),
        "when the spawn fails with access denied (error 5), spawn again with \
         CREATE_BREAKAWAY_FROM_JOB cleared from the flags",
    )
    .because(evidence)
    .cured(detached(facts, spawn)))
}

fn breaks_away(spawn: &Spawn) -> bool {
    spawn.flags.has(CREATE_BREAKAWAY_FROM_JOB) == Truth::Yes
}

/// The handler that meets the refusal first.
fn gives_up(spawn: &Spawn) -> Option<Evidence> {
    let handler = spawn
        .handlers
        .iter()
        .find(|handler| handler.catches_refusal == Truth::Yes)?;
    let message = "catches the refusal, but does not spawn again without the flag";
    Some(label(handler.place, message))
}
