//! `posix-only-detach`: a session or process group of its own, on POSIX only.

use footgun_analysis::facts::flag::{
    CREATE_NEW_CONSOLE, CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW, DETACHED_PROCESS,
};
use footgun_analysis::facts::{Facts, Fate, How, SessionKind, SessionOption, Spawn, SpawnId, Use};
use footgun_analysis::source::Language;

use crate::cures::{detached, grouped, is_hook, kept_from_windows};
use crate::missing::exception;
use crate::report::{Report, argument_or_call, label, within};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "posix-only-detach",
    group: "processes",
    title: "A session or process group that only POSIX gives a child",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("posix_only_detach.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    let (option, message) = match spawn.site.language {
        Language::Python => judge_python(facts, spawn),
        Language::Rust => judge_rust(spawn),
    }?;
    let place = argument_or_call(&spawn.site, Some(option.place));
    let mut evidence = Vec::new();
    if !within(option.place, place) {
        let message = "the option that detaches on POSIX";
        evidence.push(label(option.place, message));
    }
    evidence.extend(
        spawn
            .group_use
            .filter(|_| stops_group(spawn))
            .map(|place| label(place, "the group is used here, which Windows does not have")),
    );
    Ok(Report::new(place, message, help(spawn))
        .because(evidence)
        .cured(
            match intent(spawn) {
                Intent::Outlive => detached(facts, spawn),
                Intent::Stop | Intent::Shield | Intent::Unknown => grouped(facts, spawn),
            }
            .or_else(|| kept_from_windows(spawn)),
        ))
}

const NO_OPTION: Because = "it is given no session or process group of its own";

/// The option that does not do on Windows what it is there for, and what it does instead.
fn judge_python(facts: &Facts, spawn: &Spawn) -> Result<(SessionOption, String), Because> {
    if let Some(&option) = spawn.session.iter().find(|option| is_hook(option.kind)) {
        if foreseen(spawn) {
            return Err("a handler waits for what `preexec_fn` raises on Windows");
        }
        return Ok((option, hook_message(facts, spawn)));
    }
    let &option = spawn.session.first().ok_or(NO_OPTION)?;
    attached(spawn)?;
    if spawn.in_job {
        return Err("a job object takes the place of the group");
    }
    if is_stopped_otherwise(spawn) {
        return Err(
            "the group is left to platforms that have groups, and the child is stopped on Windows",
        );
    }
    if intent(spawn) == Intent::Shield {
        return Err("the parent waits for the child, and nothing else is done with its session");
    }
    let name = match option.kind {
        SessionKind::ProcessGroup => "process_group",
        _ => "start_new_session",
    };
    let message = format!(
        "`{name}` is silently ignored on Windows and no creation flag takes its place: the child \
         stays on the parent's console, with its Ctrl+C and its closing"
    );
    Ok((option, message))
}

/// What becomes of a `preexec_fn`. Its value is evaluated before the call: where that reads a name which
/// Windows lacks, nobody gets to see what the call would raise.
fn hook_message(facts: &Facts, spawn: &Spawn) -> String {
    let is_seen = |used: &&Use| match used.how {
        How::Read => used.site.statement == spawn.site.statement,
        how => how == How::MemberImported,
    };
    let makes_group = |used: &&Use| {
        let name = used.site.api.strip_prefix("os.");
        name.is_some_and(|name| GROUPERS.contains(&name))
    };
    let lacking = facts.uses.iter().filter(is_seen).find(makes_group);
    let lacking = lacking.and_then(|used| exception(used).ok());
    match lacking {
        Some(error) => {
            format!(
                "{error} on Windows, which supports no `preexec_fn`: the process is not started"
            )
        }
        None => "ValueError: preexec_fn is not supported on Windows platforms: the process is not \
                 started"
            .to_owned(),
    }
}

/// What of `os` gives a child a session or group, and is not there on Windows.
const GROUPERS: [&str; 3] = ["setsid", "setpgrp", "setpgid"];

fn judge_rust(spawn: &Spawn) -> Result<(SessionOption, String), Because> {
    if let Some(&option) = spawn.session.first() {
        let name = match option.kind {
            SessionKind::ProcessGroup => "process_group",
            _ => "pre_exec",
        };
        let message =
            format!("`{name}` is a method of `std::os::unix`: this does not compile on Windows");
        return Ok((option, message));
    }
    let &option = spawn.posix_session.first().ok_or(NO_OPTION)?;
    attached(spawn)?;
    let message = "the child gets a session or group of its own on POSIX and no creation flags on \
                   Windows: there it stays on the parent's console, with its Ctrl+C and its closing";
    // A group made only for killing is rightly left to the platform that has groups.
    if intent(spawn) != Intent::Outlive {
        return Err("the parent waits for the child or stops it, or may do so");
    }
    Ok((option, message.to_owned()))
}

/// Errs unless the child is known to stay on its parent's console.
fn attached(spawn: &Spawn) -> Result<(), Because> {
    let leaves =
        DETACHED_PROCESS | CREATE_NEW_CONSOLE | CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW;
    if spawn.flags.zeros & leaves == leaves {
        Ok(())
    } else {
        Err("a creation flag takes the child off the parent's console, or may do so")
    }
}

/// Whether a handler waits for just what `preexec_fn` raises on Windows.
fn foreseen(spawn: &Spawn) -> bool {
    let is_raised = |class: &Option<String>| {
        let class = class.as_deref();
        class.is_some_and(|class| {
            ["builtins.ValueError", "builtins.AttributeError"].contains(&class)
        })
    };
    let mut handlers = spawn.handlers.iter();
    handlers.any(|handler| handler.classes.iter().any(is_raised))
}

/// What the session or group is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Intent {
    /// The parent stops the child, with all that it started.
    Stop,
    /// The parent waits: the child is to be spared the terminal's signals.
    Shield,
    /// The child outlives its parent.
    Outlive,
    /// Whoever gets the child decides.
    Unknown,
}

fn intent(spawn: &Spawn) -> Intent {
    match spawn.fate {
        _ if stops_group(spawn) => Intent::Stop,
        Fate::Waited => Intent::Shield,
        Fate::Managed => Intent::Stop,
        Fate::Kept | Fate::Abandoned | Fate::Unknown if spawn.piped() => Intent::Stop,
        // In Rust a child is kept in order to be stopped, unless nothing ties it to its parent.
        Fate::Kept if spawn.site.language == Language::Rust && !spawn.streams_redirected() => {
            Intent::Stop
        }
        Fate::Kept | Fate::Unknown if spawn.site.language == Language::Python => Intent::Unknown,
        Fate::Kept | Fate::Abandoned | Fate::Unknown => Intent::Outlive,
    }
}

/// Whether the group that is dealt with nearby is there to stop the child: not that of a child that
/// has ended. A program that lets a child go, all streams redirected, means it to stay, whoever may
/// stop it one day by its number; in Rust the platform that has groups is left to see to that.
fn stops_group(spawn: &Spawn) -> bool {
    let is_let_go = spawn.site.language == Language::Python
        && spawn.fate == Fate::Abandoned
        && spawn.streams_redirected();
    spawn.group_use.is_some() && !is_waiting_call(spawn) && !is_let_go
}

/// Whether the group is stopped where there are groups, and Windows stops the child another way.
fn is_stopped_otherwise(spawn: &Spawn) -> bool {
    spawn.leaves_groups && stops_group(spawn) && matches!(spawn.fate, Fate::Managed | Fate::Waited)
}

/// Whether the call returns when the child has ended, so that nobody can stop its group.
fn is_waiting_call(spawn: &Spawn) -> bool {
    const WAITING_CALLS: [&str; 5] = ["run", "call", "check_call", "check_output", "run_process"];
    let api = spawn.site.api.rsplit('.').next().unwrap_or_default();
    WAITING_CALLS.contains(&api)
}

fn help(spawn: &Spawn) -> &'static str {
    match intent(spawn) {
        Intent::Stop => {
            "on Windows pass CREATE_NEW_PROCESS_GROUP, and stop the whole tree, for instance with \
             a job object: `kill()` ends the direct child only"
        }
        Intent::Shield => {
            "on Windows pass no `preexec_fn`, and CREATE_NEW_PROCESS_GROUP if the child is not to \
             get the console's Ctrl+C"
        }
        Intent::Unknown => {
            "on Windows pass CREATE_NEW_PROCESS_GROUP, and for a child that is to outlive its parent \
             CREATE_NO_WINDOW | CREATE_BREAKAWAY_FROM_JOB too: where the last is refused with access \
             denied (error 5), spawn again without it"
        }
        Intent::Outlive => {
            "on Windows pass CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW | \
             CREATE_BREAKAWAY_FROM_JOB, and where the last is refused with access denied \
             (error 5), spawn again without it"
        }
    }
}
