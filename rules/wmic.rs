//! `wmic`: starting a program that newer Windows does not have any more.

use footgun_analysis::facts::{Facts, SpawnId};

use crate::lacking::{Started, is_in_shell, is_needed, not_found, started};
use crate::report::{Report, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "wmic",
    group: "processes",
    title: "`wmic`, which newer Windows does not have",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("wmic.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    is_in_shell(spawn)?;
    let is_wmic = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.strip_suffix(".exe").unwrap_or(&name) == "wmic"
    };
    let Started {
        name,
        place,
        origin,
    } = started(spawn, is_wmic)?;
    is_needed(facts, id, name)?;
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
