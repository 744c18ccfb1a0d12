//! `shell-true-list`: a list for the command interpreter, which only that of Windows runs whole.

use footgun_analysis::facts::{Facts, SpawnId};

use crate::report::Report;
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "shell-true-list",
    group: "processes",
    title: "A list with `shell=True` on every platform",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("shell_true_list.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    if !spawn.posix_shell_list {
        return Err("on POSIX no list is known to go to the command interpreter");
    }
    Ok(Report::new(
        spawn.site.call,
        "with `shell=True` POSIX runs only the first word of a list and gives the others to the \
         shell: what works on Windows runs without its arguments elsewhere",
        "leave `shell` out; on Windows start the path that `shutil.which` finds, or set `shell` \
         there only: `shell=os.name == \"nt\"`",
    ))
}
