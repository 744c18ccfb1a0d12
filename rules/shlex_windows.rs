//! `shlex-windows`: a command that is split as a POSIX shell would, and then started on Windows.

use footgun_analysis::facts::{Call, Facts, Known, Program, SpawnId};
use footgun_analysis::platform::Truth;

use crate::lacking::{MET, failure_is_met};
use crate::quoting::{quoted, split};
use crate::report::{Report, label};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "shlex-windows",
    group: "processes",
    title: "`shlex.split`, which takes the backslashes out of paths",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("shlex_windows.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    if !matches!(spawn.programs.as_slice(), [Program::Unknown(_)]) {
        return Err("the program is known, or one of several");
    }
    if spawn.shell != Truth::No {
        return Err("a command interpreter runs it, or may");
    }
    if failure_is_met(spawn) {
        return Err(MET);
    }
    if quoted(facts, spawn).is_some() {
        return Err("what is split was quoted before");
    }
    let split = split(facts, spawn).find(|call| drops_backslashes(call));
    let split = split.ok_or("no command is known to be split for it as a POSIX shell would")?;
    Ok(Report::new(
        split.site.call,
        "`shlex.split` takes a backslash for an escape: of `C:\\tools\\x.exe` it leaves \
         `C:toolsx.exe`, which is not found",
        "on Windows give the text to `subprocess` as it is, without splitting it, or let users \
         configure a list",
    )
    .because(vec![label(spawn.site.call, "it is started here")]))
}

/// Whether a text that is not known is split, and by the rules of POSIX.
fn drops_backslashes(call: &Call) -> bool {
    let posix = call.argument(2, "posix");
    let posix = posix.is_none_or(|posix| posix.values == [Known::Bool(true)]);
    let text = call.argument(0, "s");
    posix
        && text.is_some_and(|text| {
            text.values
                .iter()
                .all(|value| matches!(value, Known::Unknown(_)))
        })
}
