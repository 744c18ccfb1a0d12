//! `af-unix`: Unix sockets, which Python for Windows does not have.

use footgun_analysis::facts::{Facts, Use};

use crate::missing::{self, Raised, Speaker};
use crate::options::Options;
use crate::{Ask, Judge, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "af-unix",
    group: "names",
    title: "A Unix socket, which Python for Windows does not have",
    severity: Severity::Error,
    page: include_str!("af_unix.md"),
    asks: |_| vec![Ask::MissingMembers],
    judge: Judge::Facts(judge),
};

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    let report = |used: &Use, speaker: Speaker, raised: Raised| {
        let help = "on Windows listen on a TCP port of 127.0.0.1, or use a named pipe \
                    (`multiprocessing.connection`)"
            .to_owned();
        let report = || missing::report(used, raised.message(used), help);
        (speaker == Speaker::UnixSockets).then(report)
    };
    missing::check(&RULE, facts, report, verdicts);
}
