//! `af-unix`: Unix sockets, which Python for Windows does not have.

use footgun_analysis::facts::{Call, Facts, Use};

use crate::missing::{self, Raised, Speaker};
use crate::options::Options;
use crate::report::{Report, is_dealt_with};
use crate::{Ask, Because, Judge, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "af-unix",
    group: "names",
    title: "A Unix socket, which Python for Windows does not have",
    severity: Severity::Error,
    page: include_str!("af_unix.md"),
    asks: |_| {
        METHODS
            .iter()
            .flat_map(|(api, name)| [Ask::Call(api), Ask::Method(name)])
            .chain([Ask::MissingMembers])
            .collect()
    },
    judge: Judge::Facts(judge),
};

/// Methods of event loops, by the name of their class and by their own.
const METHODS: [(&str, &str); 2] = [
    (
        "asyncio.AbstractEventLoop.create_unix_connection",
        "create_unix_connection",
    ),
    (
        "asyncio.AbstractEventLoop.create_unix_server",
        "create_unix_server",
    ),
];

const HELP: &str = "on Windows listen on a TCP port of 127.0.0.1, or use a named pipe \
                    (`multiprocessing.connection`)";

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    let report = |used: &Use, speaker: Speaker, raised: Raised| {
        let report = || missing::report(used, raised.message(used), HELP.to_owned());
        (speaker == Speaker::UnixSockets).then(report)
    };
    missing::check(&RULE, facts, report, verdicts);
    for call in &facts.calls {
        let api = call.site.api.as_str();
        let method = METHODS
            .iter()
            .find(|(path, name)| api == *path || api == *name);
        let Some((_, name)) = method else { continue };
        RULE.tell(verdicts, &call.site, judge_method(call, name));
    }
}

fn judge_method(call: &Call, name: &str) -> Result<Report, Because> {
    if !call.is_of_loop() {
        return Err("what the method belongs to is not known to be an event loop");
    }
    if is_dealt_with(&call.handlers, "builtins.NotImplementedError") {
        return Err("a handler waits for the NotImplementedError that Windows raises");
    }
    Ok(Report {
        place: call.site.call,
        message: format!(
            "`{name}` raises NotImplementedError on Windows, where Python has no Unix sockets"
        ),
        help: HELP.to_owned(),
        evidence: Vec::new(),
        fix: None,
    })
}
