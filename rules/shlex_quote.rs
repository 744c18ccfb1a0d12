//! `shlex-quote`: quoting for a POSIX shell what goes to the command interpreter of Windows.

use footgun_analysis::facts::{Facts, Program, SpawnId};
use footgun_analysis::platform::Truth;

use crate::quoting::quoted;
use crate::report::{Report, label};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "shlex-quote",
    group: "processes",
    title: "Quotes of a POSIX shell in a command line of Windows",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("shlex_quote.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    if spawn.shell != Truth::Yes {
        return Err("no command interpreter is known to run it");
    }
    let remote = spawn.programs.iter().any(|program| match program {
        Program::Named { name, .. } => starts_a_shell(name),
        _ => false,
    });
    if remote {
        return Err("what is quoted may be for another shell");
    }
    let quoted = quoted(facts, spawn).ok_or("nothing is known to be quoted for it")?;
    let function = &quoted.site.api;
    Ok(Report::new(
        spawn.site.call,
        format!(
            "`{function}` puts single quotes around each path with a backslash, and the \
             command interpreter of Windows takes those for a part of the name"
        ),
        "give the command as a list, without a shell, or use `subprocess.list2cmdline` on Windows",
    )
    .because(vec![label(quoted.site.call, "quoted here")]))
}

/// Programs that hand a command line on to a POSIX shell.
fn starts_a_shell(name: &str) -> bool {
    matches!(
        name,
        "bash" | "docker" | "kubectl" | "podman" | "sh" | "ssh" | "wsl" | "zsh"
    )
}
