//! `guard-mismatch`: asking whether one name exists, and using another, which Windows does not have.

use footgun_analysis::facts::{Facts, Use};

use crate::missing::{self, Raised, Speaker};
use crate::options::Options;
use crate::report::label;
use crate::{Judge, Report, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "guard-mismatch",
    group: "names",
    title: "A guard that asks for another name than the one it guards",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("guard_mismatch.md"),
    asks: |_| missing::asks().collect(),
    judge: Judge::Facts(judge),
};

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    let report = |used: &Use, speaker: Speaker, raised: Raised| {
        let Speaker::Guards(asked) = speaker else {
            return None;
        };
        let message = format!(
            "the guard asks for `{}`, which Windows has, and not for `{}`, which it lacks: {}, {}",
            asked.api, used.site.api, raised.exception, raised.when
        );
        let report = Report::new(used.site.call, message, "ask for the name that is used");
        Some(report.because(vec![label(asked.place, "what is asked for")]))
    };
    missing::check(&RULE, facts, report, verdicts);
}
