//! `posix-shell`: starting a shell that Windows does not have, or has for another purpose.

use footgun_analysis::facts::{Facts, SpawnId};

use crate::lacking::{Started, base_name, is_in_shell, is_needed, not_found, started};
use crate::report::{Report, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "posix-shell",
    group: "processes",
    title: "A POSIX shell, which Windows does not have",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("posix_shell.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    is_in_shell(spawn)?;
    let Started {
        name,
        place,
        origin,
    } = started(spawn, is_shell)?;
    is_needed(facts, id, name)?;
    let program = base_name(name);
    let failure = not_found(spawn, name);
    Ok(Report::new(
        place,
        match program {
            _ if program != name => format!("Windows has no `{name}`: {failure}"),
            "bash" => format!(
                "`bash` is the launcher of WSL on Windows where that is installed, with another \
                 file system and environment; else {failure}, unless Git's is on PATH"
            ),
            _ => format!("Windows has no `{name}`: {failure}, unless Git's is on PATH"),
        },
        "start the programs themselves, without a shell, or the path of Git's `bash.exe`, looked \
         for beside `git.exe`",
    )
    .because(spelled(Some(origin), place, "the shell comes from here")))
}

fn is_shell(program: &str) -> bool {
    matches!(
        base_name(program),
        "ash" | "bash" | "csh" | "dash" | "fish" | "ksh" | "sh" | "tcsh" | "zsh"
    )
}
