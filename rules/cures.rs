//! The cures that several rules share: a detached child, and a child in a group of its own.

use footgun_analysis::facts::flag::{
    CREATE_BREAKAWAY_FROM_JOB, CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW, DETACHED_PROCESS,
};
use footgun_analysis::facts::{Facts, Fate, SessionKind, Spawn};
use footgun_analysis::rewrite::{Change, Positional};
use footgun_analysis::source::Language;

use crate::report::within;
use crate::{Applicability, Fix, Helper};

/// The flags that the runtime chooses itself for a detached child.
const COVERED: u32 =
    DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW | CREATE_BREAKAWAY_FROM_JOB;

/// Starts the child with the runtime's detached spawn.
pub(crate) fn detached(facts: &Facts, spawn: &Spawn) -> Option<Fix> {
    // Where there is a retry already, two of them would be one too many.
    if spawn.site.embedded || !spawn.retries.is_empty() {
        return None;
    }
    match spawn.site.language {
        Language::Python => detached_python(facts, spawn),
        Language::Rust => detached_rust(spawn),
    }
}

fn detached_python(facts: &Facts, spawn: &Spawn) -> Option<Fix> {
    let is_popen = spawn.site.api == "subprocess.Popen";
    if !is_popen || !leads_session_in_call(spawn) || !is_always(facts, spawn) {
        return None;
    }
    let mut without = given_up(spawn);
    let is_known = ways(facts, spawn).all(knows_flags);
    if is_known {
        without.push("creationflags");
    }
    // What has no console or a hidden one loses nothing by streams that lead nowhere.
    let is_silent =
        spawn.streams_redirected() || spawn.flags.ones & (DETACHED_PROCESS | CREATE_NO_WINDOW) != 0;
    Some(Fix {
        applicability: match is_known && is_silent {
            true => Applicability::Safe,
            false => Applicability::Unsafe,
        },
        message: "Start it with `popen_detached`, which leaves the job where it may",
        windows_only: spawn.session.is_empty(),
        changes: vec![Change::Call {
            call: spawn.site.call,
            function: Helper::PopenDetached,
            positional: Positional::AtMost(1),
            without,
        }],
        otherwise: None,
    })
}

fn detached_rust(spawn: &Spawn) -> Option<Fix> {
    let leads_session = |kind| matches!(kind, SessionKind::Setsid | SessionKind::NewSession);
    let sessions = &spawn.posix_session;
    // A group of its own forbids a session of its own, and what is not behind a `cfg` would still not
    // compile on Windows.
    let fits = spawn.session.is_empty() && sessions.iter().all(|option| leads_session(option.kind));
    if !spawn.site.api.ends_with("Command::spawn") || !knows_flags(spawn) || !fits {
        return None;
    }
    Some(Fix {
        // Whoever gets the child may have other plans with it.
        applicability: match spawn.fate {
            Fate::Kept if !sessions.is_empty() => Applicability::Unsafe,
            _ => Applicability::Safe,
        },
        message: "Start it with `spawn_detached`, which leaves the job where it may",
        windows_only: sessions.is_empty(),
        changes: vec![Change::Call {
            call: spawn.site.call,
            function: match spawn.site.api.starts_with("tokio::") {
                true => Helper::TokioSpawnDetached,
                false => Helper::SpawnDetached,
            },
            positional: Positional::All,
            without: Vec::new(),
        }],
        otherwise: None,
    })
}

/// Gives the child a group of its own on Windows too.
pub(crate) fn grouped(facts: &Facts, spawn: &Spawn) -> Option<Fix> {
    let site = &spawn.site;
    let is_rewritable = site.language == Language::Python
        && !site.embedded
        && !spawn.session.is_empty()
        && leads_session_in_call(spawn)
        && is_always(facts, spawn)
        && spawn.flags.place.is_none();
    is_rewritable.then(|| Fix {
        applicability: Applicability::Safe,
        message: "Give it a group of its own with `new_group_kwargs`",
        windows_only: false,
        changes: vec![Change::Keywords {
            call: site.call,
            without: given_up(spawn),
            function: Helper::NewGroupKwargs,
        }],
        otherwise: None,
    })
}

/// Keeps a `preexec_fn` from Windows, where it fails, and gives the child a group there. What it does
/// besides is then left undone on Windows, which somebody has to say yes to.
pub(crate) fn kept_from_windows(spawn: &Spawn) -> Option<Fix> {
    let site = &spawn.site;
    let hook = spawn.session.iter().find(|option| is_hook(option.kind))?;
    let is_rewritable = site.language == Language::Python
        && !site.embedded
        && within(hook.place, site.call)
        && spawn.session.len() == 1;
    is_rewritable.then(|| Fix {
        applicability: match hook.kind {
            SessionKind::Mixed => Applicability::Unsafe,
            _ => Applicability::Safe,
        },
        message: "Pass `preexec_fn` off Windows only, and give the child a group of its own there",
        windows_only: false,
        changes: vec![Change::OffWindows {
            call: site.call,
            keyword: HOOK,
            flag: spawn
                .flags
                .place
                .is_none()
                .then_some("CREATE_NEW_PROCESS_GROUP"),
        }],
        otherwise: None,
    })
}

/// The keyword of a function that is run in the child.
const HOOK: &str = "preexec_fn";

/// Whether an option is a function that is run in the child, which Python refuses on Windows.
pub(crate) fn is_hook(kind: SessionKind) -> bool {
    match kind {
        SessionKind::Setsid | SessionKind::Setpgid | SessionKind::Mixed => true,
        SessionKind::NewSession | SessionKind::ProcessGroup => false,
    }
}

/// The spawns that the call is, with whatever its function is given.
fn ways<'f>(facts: &'f Facts, spawn: &'f Spawn) -> impl Iterator<Item = &'f Spawn> {
    let same = |other: &&Spawn| other.site.call == spawn.site.call;
    facts.spawns.iter().filter(same)
}

/// Whether the call asks for the same session whatever its function is given.
fn is_always(facts: &Facts, spawn: &Spawn) -> bool {
    ways(facts, spawn).all(|other| other.session == spawn.session)
}

/// Whether all that the call is given for POSIX is a session, by arguments written in it.
fn leads_session_in_call(spawn: &Spawn) -> bool {
    spawn.session.iter().all(|option| {
        matches!(option.kind, SessionKind::NewSession | SessionKind::Setsid)
            && within(option.place, spawn.site.call)
    })
}

/// The arguments that ask for a session.
fn given_up(spawn: &Spawn) -> Vec<&'static str> {
    spawn
        .session
        .iter()
        .map(|option| match option.kind {
            kind if is_hook(kind) => HOOK,
            _ => "start_new_session",
        })
        .collect()
}

/// Whether every creation flag is known and among those that the runtime sets itself.
fn knows_flags(spawn: &Spawn) -> bool {
    let flags = &spawn.flags;
    flags.ones & !COVERED == 0 && flags.ones | flags.zeros == u32::MAX
}
