//! `shebang-exec`: starting what Windows does not take for a program: a script with a `#!` line, and a
//! path that its command interpreter does not read as one.

use footgun_analysis::facts::{Facts, Program, Spawn, SpawnId};
use footgun_analysis::source::{Language, Place};

use crate::lacking::{is_in_shell, is_needed, not_a_program};
use crate::report::{Report, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "shebang-exec",
    group: "processes",
    title: "A script that is started as if it were a program",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("shebang_exec.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    let (path, place, origin) = only_path(spawn)?;
    let message = match is_in_shell(spawn)? {
        true => {
            let folder = folder_of(path).ok_or("the command line begins with no path by `/`")?;
            format!(
                "the command interpreter of Windows takes `/` for the begin of an option: \"'{folder}' \
                 is not recognized as an internal or external command\""
            )
        }
        false => {
            interpreter(path).ok_or("what is started is not known to be a script")?;
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            format!(
                "Windows knows nothing of the `#!` line by which `{name}` is started: {}",
                not_a_program(spawn.site.language)
            )
        }
    };
    is_needed(facts, id, path)?;
    let help = match (interpreter(path), spawn.site.language) {
        (Some("Python"), Language::Python) => "start `sys.executable` with the script".to_owned(),
        (Some(interpreter), _) => {
            format!("start {interpreter} with the script, where it is there")
        }
        _ => "give the arguments as a list, without a shell, or write the path by `os.path.join`"
            .to_owned(),
    };
    Ok(Report::new(place, message, help).because(spelled(
        Some(origin),
        place,
        "the path comes from here",
    )))
}

/// The path of the one program that is started, as far as its end is known.
fn only_path(spawn: &Spawn) -> Result<(&str, Place, Place), Because> {
    match spawn.programs.as_slice() {
        [
            Program::Named {
                name: path,
                place,
                origin,
                ..
            }
            | Program::Ending {
                end: path,
                place,
                origin,
            },
        ] => Ok((path, *place, *origin)),
        _ => Err("what is started is not known, or one of several"),
    }
}

/// What runs a script, by the extension of its name.
fn interpreter(path: &str) -> Option<&'static str> {
    let name = path.rsplit(['/', '\\']).next()?;
    match name.rsplit_once('.')?.1 {
        "sh" | "bash" | "zsh" => Some("`bash`"),
        "py" => Some("Python"),
        "pl" => Some("`perl`"),
        "rb" => Some("`ruby`"),
        _ => None,
    }
}

/// The first folder of a path that is relative and has no backslash.
fn folder_of(path: &str) -> Option<&str> {
    let (folder, _) = path.split_once('/')?;
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    (!folder.is_empty() && folder.chars().all(is_plain)).then_some(folder)
}
