//! `selector-policy-subprocess`: an event loop that starts no processes on Windows, for code that does.

use footgun_analysis::facts::{Call, Facts, Known};

use crate::report::{Report, is_dealt_with, label};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "selector-policy-subprocess",
    group: "processes",
    title: "An event loop that starts no processes on Windows",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("selector_policy_subprocess.md"),
    asks: |_| {
        [SELECTOR, POLICY, "asyncio.run", "asyncio.Runner", UVICORN]
            .map(Ask::Call)
            .into_iter()
            .chain([Ask::Processes])
            .collect()
    },
    judge: Judge::Call(judge),
};

const SELECTOR: &str = "asyncio.SelectorEventLoop";
const POLICY: &str = "asyncio.WindowsSelectorEventLoopPolicy";
const UVICORN: &str = "uvicorn.run";

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    let chosen = chooses(call)?;
    let starts = facts.spawns.iter().find(|spawn| {
        spawn.site.api.starts_with("asyncio.create_subprocess_")
            && !is_dealt_with(&spawn.handlers, "builtins.NotImplementedError")
    });
    let spawn = starts.ok_or("no process is seen to be started by the loop")?;
    Ok(Report::new(
        call.site.call,
        format!(
            "{chosen}, which starts no processes on Windows: `{}` raises NotImplementedError there",
            spawn.site.api
        ),
        "leave the choice to asyncio on Windows, where it is the ProactorEventLoop",
    )
    .because(vec![label(spawn.site.call, "a process is started here")]))
}

/// What chooses the loop, as the beginning of a sentence.
fn chooses(call: &Call) -> Result<&'static str, Because> {
    let is_selector = |value: &Known| value.is_named(SELECTOR);
    let keyword = |name: &str| call.argument(usize::MAX, name);
    match call.site.api.as_str() {
        SELECTOR | POLICY => Ok("this chooses the SelectorEventLoop"),
        "asyncio.run" | "asyncio.Runner" => {
            let factory = keyword("loop_factory").ok_or("the loop is that of the platform")?;
            match factory.values.as_slice() {
                [value] if is_selector(value) => Ok("this chooses the SelectorEventLoop"),
                _ => Err("the loop is not known to be a SelectorEventLoop"),
            }
        }
        UVICORN => {
            let says = |name, holds: fn(&Known) -> bool| {
                keyword(name).is_some_and(|argument| argument.values.iter().all(holds))
            };
            let reloads = says("reload", |value| *value == Known::Bool(true));
            let shares = says(
                "workers",
                |value| matches!(value, Known::Int(count) if *count > 1),
            );
            if keyword("loop").is_some() {
                return Err("the loop is chosen by name");
            }
            match reloads || shares {
                true => Ok("with `reload` or several `workers` uvicorn runs the SelectorEventLoop"),
                false => Err("uvicorn runs the loop of the platform"),
            }
        }
        _ => Err("it chooses no loop"),
    }
}
