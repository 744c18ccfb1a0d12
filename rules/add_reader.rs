//! `add-reader`: watching a file descriptor by an event loop, which that of Windows does not do.

use footgun_analysis::facts::{Call, Facts};

use crate::event_loops::{asks, is_refused, method};
use crate::report::Report;
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "add-reader",
    group: "names",
    title: "A descriptor watched by an event loop, which that of Windows does not do",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("add_reader.md"),
    asks: |_| {
        let mentions = METHODS.iter().flat_map(|beside| {
            let names = beside.rsplit('.').next().into_iter().chain([*beside]);
            names.flat_map(|beside| SELECTORS.map(|name| Ask::Mention { beside, name }))
        });
        asks(METHODS).chain(mentions).collect()
    },
    judge: Judge::Call(judge),
};

const METHODS: &[&str] = &[
    "asyncio.AbstractEventLoop.add_reader",
    "asyncio.AbstractEventLoop.add_writer",
];

/// What chooses the loop that watches sockets on Windows too.
const SELECTORS: [&str; 2] = ["SelectorEventLoop", "WindowsSelectorEventLoopPolicy"];

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    is_refused(facts, call)?;
    if SELECTORS.iter().any(|name| facts.mentioned.contains(name)) {
        return Err("the project names a loop that watches sockets, and may choose it");
    }
    Ok(Report::new(
        call.site.call,
        format!(
            "`{}` raises NotImplementedError on Windows, whose default event loop watches no \
             descriptors",
            method(call)
        ),
        "read in a thread (`asyncio.to_thread`), or use the streams of `asyncio`; for sockets a \
         `SelectorEventLoop` has the method, on Windows too",
    ))
}
