//! `stub-liveness`: a Rust function that knows on POSIX whether a process lives, and on Windows gives a
//! constant.

use footgun_analysis::facts::Facts;

use crate::report::{Report, label};
use crate::{Ask, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "stub-liveness",
    group: "processes",
    title: "A constant as the answer whether a process lives",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("stub_liveness.md"),
    asks: |_| vec![Ask::Stubs],
    judge: Judge::Facts(check),
};

fn check(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    for stub in &facts.stubs {
        let (name, answer) = (&stub.site.api, stub.answer);
        let meaning = match answer {
            true => "every process lives, also one that has ended long ago",
            false => "no process lives, also one that does",
        };
        let report = Report::new(
            stub.site.call,
            format!("on Windows `{name}` is always {answer}: {meaning}"),
            "on Windows ask OpenProcess and WaitForSingleObject, or a crate such as `sysinfo`",
        )
        .because(vec![label(stub.asks, "POSIX asks here")]);
        RULE.report(verdicts, &stub.site, report);
    }
}
