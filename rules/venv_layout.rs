//! `venv-layout`: programs of a virtual environment where POSIX keeps them.

use footgun_analysis::facts::{Call, Facts, Known, Program, Spawn};
use footgun_analysis::source::Place;

use crate::files::ASKING;
use crate::report::{Report, is_dealt_with, precedes, spelled, within};
use crate::variables;
use crate::{Ask, Because, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "venv-layout",
    group: "files",
    title: "The programs of a virtual environment are looked for in `bin`",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("venv_layout.md"),
    asks: |_| {
        vec![
            Ask::Processes,
            Ask::CallsGiven {
                apis: SET,
                beginning: ACTIVE,
            },
            Ask::BesideGiven {
                apis: SET,
                beginning: PATH,
            },
        ]
        .into_iter()
        .chain(ASKING.map(Ask::Beside))
        .collect()
    },
    judge: Judge::Facts(judge),
};

const SET: &[&str] = &[variables::SETS_ANY, variables::SETS_OWN];

/// The variable that says which environment is active.
const ACTIVE: &str = "VIRTUAL_ENV";
const PATH: &str = "PATH";

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    for spawn in &facts.spawns {
        RULE.tell(verdicts, &spawn.site, started(facts, spawn));
    }
    let sets = |variable: &str| {
        let calls = facts.calls.iter();
        let set: Vec<&Call> = calls.filter(|call| is_set(call, variable)).collect();
        set
    };
    let activates = sets(ACTIVE);
    for call in sets(PATH) {
        let is_near = |other: &&Call| other.site.function == call.site.function;
        if activates.iter().any(is_near) && adds_bin(call) {
            let place = call.site.call;
            RULE.report(verdicts, &call.site, report(place, None));
        }
    }
}

/// Whether a call sets a variable.
fn is_set(call: &Call, variable: &str) -> bool {
    SET.contains(&call.site.api.as_str()) && variables::name(call).as_deref() == Some(variable)
}

/// Whether the list of folders that a call sets is known to begin with one called `bin`, and to have none
/// of Windows. One that colons separate is wrong for another reason.
fn adds_bin(call: &Call) -> bool {
    let begins_with_bin = |value: &Known| match value {
        Known::Text { pieces, .. } => {
            let known = pieces.iter().skip_while(|piece| piece.is_none());
            let known: String = known.map_while(Option::as_deref).collect();
            let first = known.split(';').next().unwrap_or_default();
            let names_scripts = pieces
                .iter()
                .flatten()
                .any(|piece| piece.contains(OF_WINDOWS));
            first.rsplit(['/', '\\']).next() == Some("bin")
                && first.len() < known.len()
                && !names_scripts
        }
        _ => false,
    };
    let value = call.positional.get(1);
    value.is_some_and(|value| value.values.iter().all(begins_with_bin))
}

/// The folder of programs in an environment on Windows.
const OF_WINDOWS: &str = "Scripts";

fn started(facts: &Facts, spawn: &Spawn) -> Result<Report, Because> {
    let in_bin = |program: &Program| match program {
        Program::Named {
            name,
            place,
            origin,
            ..
        } => of_environment(name, false).then_some((*place, *origin)),
        Program::Ending { end, place, origin } => {
            of_environment(end, true).then_some((*place, *origin))
        }
        Program::Unknown(_) | Program::Resolved | Program::Own => None,
    };
    // Of several one may be there for Windows.
    let found: Option<Vec<_>> = spawn.programs.iter().map(in_bin).collect();
    let &(place, origin) = found
        .as_ref()
        .and_then(|found| found.first())
        .ok_or("the program is not known to lie in the `bin` of a virtual environment")?;
    let mut ways = facts
        .spawns
        .iter()
        .filter(|other| other.site.call == spawn.site.call);
    if ways.any(|way| way.programs.iter().any(is_of_windows)) {
        return Err("the same call starts the program where Windows has it, too");
    }
    if !spawn.alternatives.is_empty() {
        return Err("something else is started where it is not found");
    }
    if is_dealt_with(&spawn.handlers, "builtins.FileNotFoundError") {
        return Err("a handler waits for the FileNotFoundError that Windows raises");
    }
    if is_asked_for(facts, spawn) {
        return Err("the code asks before whether the program is there");
    }
    Ok(report(place, Some(origin)))
}

/// Whether a program lies where Windows has those of an environment.
fn is_of_windows(program: &Program) -> bool {
    match program {
        Program::Named { name: path, .. } | Program::Ending { end: path, .. } => {
            path.rsplit(['/', '\\']).nth(1) == Some(OF_WINDOWS)
        }
        Program::Unknown(_) | Program::Resolved | Program::Own => false,
    }
}

/// Whether the function asks whether a program in a `bin` is there before it starts it. What it starts
/// in between may have made one.
fn is_asked_for(facts: &Facts, spawn: &Spawn) -> bool {
    let in_bin = |value: &Known| match value {
        Known::Text { pieces, .. } => {
            let begin = pieces.iter().rposition(Option::is_none);
            let end = &pieces[begin.map_or(0, |unknown| unknown + 1)..];
            let end: String = end.iter().flatten().map(String::as_str).collect();
            of_environment(&end, begin.is_some())
        }
        _ => false,
    };
    let asks = |call: &&Call| {
        let path = call.receiver.as_ref().or(call.positional.first());
        ASKING.contains(&call.site.api.as_str())
            && precedes(&call.site, &spawn.site)
            && path.is_some_and(|path| path.values.iter().any(in_bin))
    };
    let last = facts.calls.iter().filter(asks).map(|call| &call.site);
    let Some(last) = last.max_by_key(|site| site.call) else {
        return false;
    };
    let is_between = |other: &Spawn| {
        let calls = other.site.through.iter().chain([&other.site.call]);
        let mut near = calls.filter(|call| within(**call, spawn.site.function));
        near.any(|call| last.call < *call && *call < spawn.site.call)
    };
    !facts.spawns.iter().any(is_between)
}

fn report(place: Place, origin: Option<Place>) -> Report {
    Report::new(
        place,
        "a virtual environment on Windows has its programs in `Scripts`, and no `bin`: \
         FileNotFoundError [WinError 2]",
        "take `sys.executable` where it is the environment of the program itself, else \
         `Scripts\\python.exe` on Windows; `sysconfig.get_path(\"scripts\")` tells the folder",
    )
    .because(spelled(origin, place, "the path is written here"))
}

/// Whether a path is that of a program of a virtual environment as POSIX has it. Of the end of a path
/// the program tells, of a whole one the folder.
fn of_environment(path: &str, is_end: bool) -> bool {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let [folders @ .., "bin", program] = parts.as_slice() else {
        return false;
    };
    let is_python = ["python", "pip"].iter().any(|name| {
        let version = program.strip_prefix(name);
        version.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
    });
    let is_venv = folders
        .last()
        .is_some_and(|folder| folder.trim_start_matches('.').contains("venv"));
    let is_unknown = is_end && folders.iter().all(|folder| folder.is_empty());
    is_venv || is_unknown && is_python
}

#[cfg(test)]
mod tests {
    use super::of_environment;

    #[test]
    fn programs_of_environments() {
        for (path, is_end, expected) in [
            (".venv/bin/python", false, true),
            ("venv\\bin\\gunicorn", false, true),
            ("/srv/app/venv/bin/python3.12", false, true),
            ("\\bin\\pip", true, true),
            ("\\bin\\java", true, false),
            ("/usr/bin/python3", false, false),
            ("/local/bin/python3", true, false),
            ("bin/python", false, false),
        ] {
            assert_eq!(of_environment(path, is_end), expected, "{path}");
        }
    }
}
