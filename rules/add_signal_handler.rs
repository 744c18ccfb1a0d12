//! `add-signal-handler`: handling signals by an event loop, which Windows does not do.

use footgun_analysis::facts::{Call, Facts};

use crate::report::{Report, is_dealt_with};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "add-signal-handler",
    group: "names",
    title: "Signals handled by an event loop, which Windows does not do",
    severity: Severity::Error,
    page: include_str!("add_signal_handler.md"),
    asks: |_| {
        vec![
            Ask::Call("asyncio.AbstractEventLoop.add_signal_handler"),
            Ask::Method("add_signal_handler"),
        ]
    },
    judge: Judge::Call(judge),
};

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    if !call.is_of_loop() {
        return Err("what the method belongs to is not known to be an event loop");
    }
    if is_dealt_with(&call.handlers, "builtins.NotImplementedError") {
        return Err("a handler waits for the NotImplementedError that Windows raises");
    }
    Ok(Report {
        place: call.site.call,
        message: "`add_signal_handler` raises NotImplementedError on Windows, whose event loops \
                  handle no signals"
            .to_owned(),
        help: "on Windows use `signal.signal` with `loop.call_soon_threadsafe`, or catch \
               NotImplementedError and do so there"
            .to_owned(),
        evidence: Vec::new(),
        fix: None,
    })
}
