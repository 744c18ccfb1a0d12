//! What the rules about programs that Windows lacks share: which program a spawn is known to start, and
//! what shows that the code gets on without it.

use footgun_analysis::demand::SEARCHES;
use footgun_analysis::facts::{Facts, Handler, Program, Spawn, SpawnId, Starter};
use footgun_analysis::platform::Truth;
use footgun_analysis::source::{Language, Place};

use crate::Because;

/// A program that is started by its name or path.
pub(crate) struct Started<'f> {
    /// What the system is given.
    pub name: &'f str,
    /// Where a report about it belongs.
    pub place: Place,
    /// The literal it comes from.
    pub origin: Place,
}

/// The first of a spawn's programs, if what holds of it holds of all: of several that are chosen between
/// in a way that is not known, one may be there for Windows.
pub(crate) fn started(spawn: &Spawn, lacks: impl Fn(&str) -> bool) -> Result<Started<'_>, Because> {
    let mut first = None;
    for program in &spawn.programs {
        let Program::Named {
            name,
            place,
            origin,
            ..
        } = program
        else {
            return Err(
                "the program is, or may be, a path that was found by a search, or is not known",
            );
        };
        if !lacks(name) {
            return Err("no program is known to be started that Windows lacks");
        }
        first = first.or(Some(Started {
            name,
            place: *place,
            origin: *origin,
        }));
    }
    first.ok_or("what is started is not known")
}

/// Errs where something shows that the code gets on without a program.
pub(crate) fn is_needed(facts: &Facts, id: SpawnId, name: &str) -> Result<(), Because> {
    let spawn = facts.spawn(id);
    if spawn.starter == Starter::ExactFirst {
        return Err("what the library does without the program is not known");
    }
    let is_other = |other: &Spawn| {
        let same = |program: &Program| matches!(program, Program::Named { name: other, .. } if other == name);
        !other.programs.iter().all(same)
    };
    let mut alternatives = spawn.alternatives.iter().map(|&id| facts.spawn(id));
    if alternatives.any(is_other) {
        return Err("where the program is not found, something else is started");
    }
    if failure_is_met(spawn) {
        return Err(MET);
    }
    if facts.calls.iter().any(|call| {
        let searched = call.argument(0, "cmd");
        SEARCHES.contains(&call.site.api.as_str())
            && searched.is_some_and(|searched| searched.texts().any(|(text, _)| text == name))
    }) {
        return Err("the code asks whether the program is there");
    }
    let mut others = facts.spawns.iter();
    match others.any(|other| is_other(other) && other.alternatives.contains(&id)) {
        true => Err("it is what is started where another program is not found"),
        false => Ok(()),
    }
}

/// Why a rule is silent where [`failure_is_met`].
pub(crate) const MET: Because = "a handler meets the failure to start it";

/// Whether a handler meets what comes of a program that is not there.
pub(crate) fn failure_is_met(spawn: &Spawn) -> bool {
    spawn.handlers.iter().any(|handler| meets(handler, spawn))
}

/// Whether a handler meets what comes of a program that is not there. A command interpreter is, and
/// says so by its exit code.
fn meets(handler: &Handler, spawn: &Spawn) -> bool {
    match (spawn.shell, spawn.site.language) {
        (Truth::Yes, _) => handler.may_catch("subprocess.CalledProcessError"),
        (_, Language::Rust) => true,
        (_, Language::Python) => handler.may_catch("builtins.FileNotFoundError"),
    }
}

/// Whether a command interpreter runs a command; errs where that is not known.
pub(crate) fn is_in_shell(spawn: &Spawn) -> Result<bool, Because> {
    match spawn.shell {
        Truth::Yes => Ok(true),
        Truth::No => Ok(false),
        Truth::Unknown => Err("whether a command interpreter runs it is not known"),
    }
}

/// What the code sees of a file that Windows does not take for a program.
pub(crate) fn not_a_program(language: Language) -> &'static str {
    match language {
        Language::Python => "OSError [WinError 193]",
        Language::Rust => "os error 193",
    }
}

/// What the code sees of a program that is not there.
pub(crate) fn not_found(spawn: &Spawn, name: &str) -> String {
    match (spawn.shell, spawn.starter, spawn.site.language) {
        (Truth::Yes, _, _) => {
            format!("\"'{name}' is not recognized as an internal or external command\"")
        }
        (_, Starter::Win32, _) => "ERROR_FILE_NOT_FOUND, error 2".to_owned(),
        (_, _, Language::Python) => "FileNotFoundError [WinError 2]".to_owned(),
        (_, _, Language::Rust) => "ErrorKind::NotFound, \"program not found\"".to_owned(),
    }
}

/// The name of a program, of a path the last part: Windows has none of the folders of POSIX systems.
pub(crate) fn base_name(program: &str) -> &str {
    const FOLDERS: [&str; 6] = [
        "/bin/",
        "/usr/bin/",
        "/usr/local/bin/",
        "/opt/homebrew/bin/",
        "/sbin/",
        "/usr/sbin/",
    ];
    let mut folders = FOLDERS.iter();
    folders
        .find_map(|folder| program.strip_prefix(folder))
        .unwrap_or(program)
}
