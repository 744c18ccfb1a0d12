//! `add-signal-handler`: handling signals by an event loop, which Windows does not do.

use footgun_analysis::facts::{Call, Facts};

use crate::event_loops::{asks, is_refused};
use crate::report::Report;
use crate::{Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "add-signal-handler",
    group: "names",
    title: "Signals handled by an event loop, which Windows does not do",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("add_signal_handler.md"),
    asks: |_| asks(&["asyncio.AbstractEventLoop.add_signal_handler"]).collect(),
    judge: Judge::Call(judge),
};

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    is_refused(facts, call)?;
    Ok(Report::new(
        call.site.call,
        "`add_signal_handler` raises NotImplementedError on Windows, whose event loops handle no \
         signals",
        "on Windows use `signal.signal` with `loop.call_soon_threadsafe`, or catch \
         NotImplementedError and do so there",
    ))
}
