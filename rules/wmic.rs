//! `wmic`: starting a program that newer Windows does not have any more.

use footgun_analysis::facts::{Facts, SpawnId};
use footgun_analysis::platform::Truth;

use crate::lacking::{Started, not_found, provided_for, started};
use crate::report::{Report, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "wmic",
    group: "processes",
    title: "`wmic`, which newer Windows does not have",
    severity: Severity::Warning,
    page: include_str!("wmic.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    if spawn.shell == Truth::Unknown {
        return Err("whether a command interpreter runs it is not known");
    }
    let is_wmic = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.strip_suffix(".exe").unwrap_or(&name) == "wmic"
    };
    let Started {
        name,
        place,
        origin,
    } = started(spawn, is_wmic)?;
    if let Some(because) = provided_for(facts, id, name) {
        return Err(because);
    }
    Ok(Report::new(
        place,
        format!(
            "fresh installations of Windows 11 24H2 and of Windows Server 2025 have no `wmic`: {}",
            not_found(spawn, name)
        ),
        "ask PowerShell, `Get-CimInstance`, or a library that asks the system",
    )
    .because(spelled(Some(origin), place, "the program comes from here")))
}
