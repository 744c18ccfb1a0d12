//! What the language demands to stand behind `cfg(unix)`: a spawn's session options, learned from a
//! second run with the platform set to POSIX.

use aho_corasick::AhoCorasick;

use crate::facts::{Facts, Fate, SessionOption, Spawn};
use crate::machine::{Machine, Session};
use crate::platform::{Platform, Truth};
use crate::source::{FileId, Language};

/// Whether any of some files can hold a call that gives a child a session or group of its own on
/// POSIX.
pub(crate) fn any_gives_session<'t>(mut texts: impl Iterator<Item = &'t str>) -> bool {
    const CALLS: [&str; 4] = ["process_group", "pre_exec", "before_exec", "setsid"];
    let calls = AhoCorasick::new(CALLS).expect("a few short words fit");
    texts.any(|text| calls.is_match(text))
}

/// Fills in [`Spawn::posix_session`] of the children that a Rust file starts on Windows and leaves
/// alone.
pub(crate) fn add_posix_sessions(facts: &mut Facts, session: &Session, file: FileId) {
    let project = session.project();
    let platform = Platform::Linux;
    if !facts.spawns.iter().any(is_left_alone)
        || !project.gives_sessions()
        || project.rust_modules(platform).compiled(file) == Truth::No
    {
        return;
    }
    let mut machine = Machine::new(session, platform);
    machine.run_file(file);
    let on_posix = machine.facts().spawns;
    for spawn in &mut facts.spawns {
        if is_left_alone(spawn) {
            spawn.posix_session = only_on_posix(spawn, &on_posix);
        }
    }
}

/// Whether a session of its own can matter to a child: its parent does not wait for it.
fn is_left_alone(spawn: &Spawn) -> bool {
    spawn.site.language == Language::Rust && matches!(spawn.fate, Fate::Kept | Fate::Abandoned)
}

/// The session options of the same spawn on POSIX that it does not have on Windows too; or those of the
/// spawns that stand there in its place, where it is compiled for Windows only.
fn only_on_posix(spawn: &Spawn, on_posix: &[Spawn]) -> Vec<SessionOption> {
    // One of the two may have been entered directly and the other followed from its callers.
    let same_way = |other: &Spawn| {
        let (ours, theirs) = (&spawn.site.through, &other.site.through);
        ours == theirs || ours.is_empty() || theirs.is_empty()
    };
    let is_same = |other: &&Spawn| other.site.call == spawn.site.call;
    let in_its_place = |other: &&Spawn| {
        other.site.function == spawn.site.function
            && is_left_alone(other)
            && other.streams_redirected() == spawn.streams_redirected()
    };
    let is_shared = on_posix.iter().any(|other| is_same(&other));
    let mut options: Vec<SessionOption> = Vec::new();
    let theirs = on_posix
        .iter()
        .filter(|other| match is_shared {
            true => is_same(other),
            false => in_its_place(other),
        })
        .filter(|other| same_way(other));
    for option in theirs.flat_map(|other| &other.session) {
        if !spawn.session.contains(option) && !options.contains(option) {
            options.push(*option);
        }
    }
    options
}
