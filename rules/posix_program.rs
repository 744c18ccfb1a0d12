//! `posix-program`: starting a program that POSIX systems have and Windows has not.

use footgun_analysis::facts::{Facts, Program, Spawn, SpawnId};

use crate::lacking::{Started, base_name, is_in_shell, is_needed, not_found, started};
use crate::pid_probe::sends_zero;
use crate::posix_programs::{instead, lacks};
use crate::report::{Report, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "posix-program",
    group: "processes",
    title: "A program that Windows does not have",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("posix_program.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    let in_shell = is_in_shell(spawn)?;
    if in_shell && has_fallback(spawn) {
        return Err("the command line says what to run where a command fails");
    }
    let is_lacking = |name: &str| lacks(base_name(name), in_shell);
    let started = match started(spawn, is_lacking) {
        Err(because) if in_shell => later_command(spawn).ok_or(because),
        started => started,
    };
    let Started {
        name,
        place,
        origin,
    } = started?;
    is_needed(facts, id, name)?;
    let program = base_name(name);
    if program == "kill" && sends_zero(spawn) {
        return Err("`pid-probe` speaks of `kill -0`");
    }
    let instead = instead(program, spawn.site.language);
    Ok(Report::new(
        place,
        format!(
            "Windows has no program `{program}`: {}, unless a POSIX toolbox is on its PATH",
            not_found(spawn, program)
        ),
        match instead {
            Some(instead) => format!("use what works everywhere: {instead}"),
            None => "start it on POSIX systems only".to_owned(),
        },
    )
    .because(spelled(Some(origin), place, "the command comes from here")))
}

/// A command behind `|` or `&&` of a command line.
fn later_command(spawn: &Spawn) -> Option<Started<'_>> {
    let [Program::Named { place, origin, .. }] = spawn.programs.as_slice() else {
        return None;
    };
    let mut begins = false;
    for word in &spawn.arguments {
        let word = word.as_deref()?;
        // What is in quotes is an argument, often a command line for another shell.
        if word.contains(['"', '\'', '`', '(']) {
            return None;
        }
        if begins && lacks(base_name(word), true) {
            return Some(Started {
                name: word,
                place: *place,
                origin: *origin,
            });
        }
        begins = matches!(word, "|" | "&&");
    }
    None
}

/// Whether a command line names a command for where another fails (`cls || clear`).
fn has_fallback(spawn: &Spawn) -> bool {
    let mut words = spawn.arguments.iter().flatten();
    words.any(|word| word.contains("||"))
}
