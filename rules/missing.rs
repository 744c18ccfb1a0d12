//! Names that Windows lacks: which rule speaks of one, and what all of those rules have in common.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use footgun_analysis::facts::{Asked, Facts, Handler, How, Use};
use footgun_analysis::source::Place;

use crate::report::{Report, within};
use crate::{Ask, Because, Rule, Verdicts};

/// What runs on POSIX only, and all that belongs to it.
const POSIX_SERVERS: [&str; 2] = ["gunicorn", "uwsgi"];

/// Asks whether a file belongs to one of these servers.
pub(crate) fn posix_servers() -> impl Iterator<Item = Ask> {
    POSIX_SERVERS.into_iter().map(Ask::Import)
}

/// Whether a file belongs to a server that runs on POSIX only, as its workers and settings do: it is never
/// run on Windows, whatever it uses.
pub(crate) fn is_for_posix(facts: &Facts) -> bool {
    let mut servers = POSIX_SERVERS.iter();
    servers.any(|server| facts.imported.contains(server))
}

/// Asks for the uses of names that Windows lacks, and for what lets them be.
pub(crate) fn asks() -> impl Iterator<Item = Ask> {
    [Ask::MissingMembers].into_iter().chain(posix_servers())
}

/// The rule that speaks of the use of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker<'f> {
    /// The one about Unix sockets.
    UnixSockets,
    /// The one about guards that ask for another name.
    Guards(&'f Asked),
    /// The one about handlers that do not catch what Windows raises.
    Handlers(&'f Handler),
    /// The one about signals, and timers that send them.
    Signals,
    /// The one about anything else.
    Names,
}

/// The most exact rule about the use of a name.
fn speaker(used: &Use) -> Speaker<'_> {
    let api = used.site.api.as_str();
    let (around, name) = api.rsplit_once('.').unwrap_or(("", api));
    let is_unix = || name == "AF_UNIX" || name.contains("unix") || name.contains("Unix");
    if matches!(around, "asyncio" | "socket" | "socketserver") && is_unix() {
        return Speaker::UnixSockets;
    }
    let of_same = |asked: &&Asked| asked.api.rsplit_once('.').is_some_and(|it| it.0 == around);
    if let Some(asked) = used.asked.iter().rev().find(of_same) {
        return Speaker::Guards(asked);
    }
    let is_near = |handler: &&Handler| within(handler.place, used.site.function);
    let mut handlers = used.handlers.iter().filter(is_near);
    if let Some(handler) = handlers.find(|handler| awaits_only_system(handler)) {
        return Speaker::Handlers(handler);
    }
    match around {
        "signal" => Speaker::Signals,
        _ => Speaker::Names,
    }
}

/// Whether a handler waits for errors of the system and nothing else.
pub(crate) fn awaits_only_system(handler: &Handler) -> bool {
    handler.is_within("builtins.OSError")
}

/// Reports the uses that a rule speaks of. Of each statement the first use counts, whichever rule speaks
/// of it: with that the statement ends.
pub(crate) fn check(
    rule: &Rule,
    facts: &Facts,
    report: impl Fn(&Use, Speaker, Raised) -> Option<Report>,
    verdicts: &mut Verdicts,
) {
    let mut firsts: BTreeMap<Place, (&Use, Raised)> = BTreeMap::new();
    let mut silent = |used: &Use, because| rule.silent(verdicts, &used.site, because);
    for used in &facts.uses {
        let raised = match judge(facts, used) {
            Ok(raised) => raised,
            Err(because) => {
                silent(used, because);
                continue;
            }
        };
        let later = match firsts.entry(used.site.statement) {
            Entry::Vacant(entry) => {
                entry.insert((used, raised));
                continue;
            }
            Entry::Occupied(mut first) if used.site.call < first.get().0.site.call => {
                first.insert((used, raised)).0
            }
            Entry::Occupied(_) => used,
        };
        silent(later, "the statement ends before, at another name");
    }
    for (used, raised) in firsts.into_values() {
        let judged = report(used, speaker(used), raised).ok_or("another rule speaks of it");
        rule.tell(verdicts, &used.site, judged);
    }
}

/// What Windows raises, with its text, and when.
pub(crate) struct Raised {
    pub exception: String,
    pub when: &'static str,
}

impl Raised {
    /// What happens, in a sentence.
    pub fn message(&self, used: &Use) -> String {
        let Raised { exception, when } = self;
        let api = &used.site.api;
        format!("`{api}` does not exist on Windows: {exception}, {when}")
    }
}

/// What Windows raises where a name is used that it lacks.
fn judge(facts: &Facts, used: &Use) -> Result<Raised, Because> {
    let exception = exception(used)?;
    if used.caught.is_some() {
        return Err("a handler catches what Windows raises");
    }
    if is_for_posix(facts) {
        return Err("it belongs to a server that runs on POSIX only");
    }
    if used.in_hook || is_left_to_spawns(facts, used.site.call) {
        return Err("it is there for the option of a spawn, which Windows refuses before");
    }
    let when = match used.at_import {
        true => "as soon as this module is imported",
        false => "when this is run",
    };
    Ok(Raised { exception, when })
}

/// The exception with its text.
pub(crate) fn exception(used: &Use) -> Result<String, Because> {
    let api = used.site.api.as_str();
    let (around, name) = api.rsplit_once('.').unwrap_or(("", api));
    match used.how {
        How::Read => Ok(format!(
            "AttributeError: module '{around}' has no attribute '{name}'"
        )),
        How::MemberImported => Ok(format!(
            "ImportError: cannot import name '{name}' from '{around}'"
        )),
        How::Called => Err("what is called has been read before"),
        How::ImportedByModule | How::ImportedByFunction => Err("a module is imported"),
    }
}

/// Whether a name is handed to a spawn as something to do in the child, or stands in a function that
/// is: the rules about spawns speak of those.
fn is_left_to_spawns(facts: &Facts, place: Place) -> bool {
    let mut refused = facts.spawns.iter().flat_map(|spawn| &spawn.refused);
    refused.any(|option| {
        option.name == "preexec_fn"
            && (within(place, option.place) || option.hook.is_some_and(|hook| within(place, hook)))
    })
}
