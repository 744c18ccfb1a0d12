//! `add-reader`: watching a file descriptor by an event loop, which that of Windows does not do.

use footgun_analysis::facts::{Call, Facts};

use crate::report::{Report, is_dealt_with};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "add-reader",
    group: "names",
    title: "A descriptor watched by an event loop, which that of Windows does not do",
    severity: Severity::Error,
    page: include_str!("add_reader.md"),
    asks: |_| {
        METHODS
            .iter()
            .flat_map(|(api, name)| [Ask::Call(api), Ask::Method(name)])
            .collect()
    },
    judge: Judge::Call(judge),
};

/// The methods, by the name of their class and by their own.
const METHODS: [(&str, &str); 2] = [
    ("asyncio.AbstractEventLoop.add_reader", "add_reader"),
    ("asyncio.AbstractEventLoop.add_writer", "add_writer"),
];

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    let name = call.site.api.rsplit('.').next().unwrap_or_default();
    if !call.is_of_loop() {
        return Err("what the method belongs to is not known to be an event loop");
    }
    if facts.may_choose_selector {
        return Err("the project names a loop that watches sockets, and may choose it");
    }
    if is_dealt_with(&call.handlers, "builtins.NotImplementedError") {
        return Err("a handler waits for the NotImplementedError that Windows raises");
    }
    Ok(Report {
        place: call.site.call,
        message: format!(
            "`{name}` raises NotImplementedError on Windows, whose default event loop watches no \
             descriptors"
        ),
        help: "read in a thread (`asyncio.to_thread`), or use the streams of `asyncio`; for \
               sockets a `SelectorEventLoop` has the method, on Windows too"
            .to_owned(),
        evidence: Vec::new(),
        fix: None,
    })
}
