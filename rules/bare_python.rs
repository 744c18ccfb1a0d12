//! `bare-python`: starting Python by a name that is another interpreter on Windows, or none.

use footgun_analysis::facts::{Facts, SpawnId};
use footgun_analysis::source::Language;

use crate::lacking::{Started, base_name, is_needed, started};
use crate::report::{Report, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "bare-python",
    group: "processes",
    title: "Python by a name that Windows gives to another one, or to none",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("bare_python.md"),
    asks: |_| vec![Ask::Processes],
    judge: Judge::Spawn(judge),
};

fn judge(facts: &Facts, id: SpawnId) -> Result<Report, Because> {
    let spawn = facts.spawn(id);
    let language = spawn.site.language;
    let is_named = |program: &str| match base_name(program) {
        // Who is no Python itself has no other name for it.
        "python" => language == Language::Python || program != "python",
        program => program.starts_with("python") && is_version(&program["python".len()..]),
    };
    let Started {
        name,
        place,
        origin,
    } = started(spawn, is_named)?;
    is_needed(facts, id, name)?;
    Ok(Report::new(
        place,
        match name {
            _ if base_name(name) != name => format!("Windows has no `{name}`"),
            "python" => {
                "a bare `python` is on Windows what its search finds first: it may be another \
                 Python than the one that runs this, or the stub of the Microsoft Store (exit code \
                 9009)"
                    .to_owned()
            }
            _ => format!(
                "most Pythons on Windows, and all virtual environments, have a `python.exe` only: \
                 `{name}` finds one of the Microsoft Store, its stub (exit code 9009), or nothing"
            ),
        },
        match language {
            Language::Python => "start `sys.executable`",
            Language::Rust => "on Windows start `py` or `python`",
        },
    )
    .because(spelled(Some(origin), place, "the name comes from here")))
}

/// Whether this is a version as names have it: `3`, `3.12`.
fn is_version(text: &str) -> bool {
    text.starts_with(['2', '3']) && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}
