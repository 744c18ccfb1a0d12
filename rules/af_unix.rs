//! `af-unix`: Unix sockets, which Python for Windows does not have.

use footgun_analysis::facts::{Call, Facts, Use};

use crate::event_loops::{asks, is_refused, method};
use crate::missing::{self, Raised, Speaker};
use crate::options::Options;
use crate::report::Report;
use crate::{Ask, Because, Judge, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "af-unix",
    group: "names",
    title: "A Unix socket, which Python for Windows does not have",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("af_unix.md"),
    asks: |_| asks(METHODS).chain(missing::asks()).collect(),
    judge: Judge::Facts(judge),
};

const METHODS: &[&str] = &[
    "asyncio.AbstractEventLoop.create_unix_connection",
    "asyncio.AbstractEventLoop.create_unix_server",
];

const HELP: &str = "on Windows listen on a TCP port of 127.0.0.1, or use a named pipe \
                    (`multiprocessing.connection`)";

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    let report = |used: &Use, speaker: Speaker, raised: Raised| {
        let report = || Report::new(used.site.call, raised.message(used), HELP);
        (speaker == Speaker::UnixSockets).then(report)
    };
    missing::check(&RULE, facts, report, verdicts);
    let asked: Vec<Ask> = asks(METHODS).collect();
    let is_asked = |call: &&Call| asked.iter().any(|ask| ask.is_for(&call.site.api));
    for call in facts.calls.iter().filter(is_asked) {
        RULE.tell(verdicts, &call.site, judge_method(facts, call));
    }
}

fn judge_method(facts: &Facts, call: &Call) -> Result<Report, Because> {
    is_refused(facts, call)?;
    Ok(Report::new(
        call.site.call,
        format!(
            "`{}` raises NotImplementedError on Windows, where Python has no Unix sockets",
            method(call)
        ),
        HELP,
    ))
}
