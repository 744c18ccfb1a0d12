//! `dead-except`: a handler for an error of the system around what raises another exception on Windows.

use footgun_analysis::facts::{Facts, Handler, Signal, SignalValue, Use};

use crate::missing::{self, Raised, Speaker, awaits_only_system, is_for_posix};
use crate::options::Options;
use crate::report::{is_dealt_with, label, within};
use crate::{Ask, Because, Judge, Report, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "dead-except",
    group: "names",
    title: "A handler that does not catch what Windows raises",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("dead_except.md"),
    asks: |_| missing::asks().chain([Ask::Signals]).collect(),
    judge: Judge::Facts(judge),
};

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    let report = |used: &Use, speaker: Speaker, raised: Raised| {
        let Speaker::Handlers(handler) = speaker else {
            return None;
        };
        let message = format!(
            "{} does not catch what Windows raises, which has no `{}`: {}",
            spelled(handler),
            used.site.api,
            raised.exception
        );
        let help = "catch AttributeError too, or ask first whether the name exists";
        let report = Report::new(used.site.call, message, help);
        Some(report.because(vec![label(handler.place, "this handler")]))
    };
    missing::check(&RULE, facts, report, verdicts);
    for signal in &facts.signals {
        RULE.tell(verdicts, &signal.site, kill(facts, signal));
    }
}

/// A signal to a process that may have ended: Windows has no error that becomes ProcessLookupError.
fn kill(facts: &Facts, signal: &Signal) -> Result<Report, Because> {
    if signal.site.api != "os.kill" || signal.signal != SignalValue::Other {
        return Err("it is not known to send a signal by `os.kill`");
    }
    if is_for_posix(facts) {
        return Err("it belongs to a server that runs on POSIX only");
    }
    let is_missing = |used: &Use| used.site.statement == signal.site.statement;
    if facts.uses.iter().any(is_missing) {
        return Err("the signal itself does not exist on Windows");
    }
    let is_lookup = |handler: &&Handler| {
        awaits_only_system(handler)
            && handler.names("builtins.ProcessLookupError")
            && within(handler.place, signal.site.function)
    };
    let handler = signal.handlers.iter().find(is_lookup);
    let handler = handler.ok_or("no handler waits for ProcessLookupError alone")?;
    if is_dealt_with(&signal.handlers, "builtins.OSError") {
        return Err("another handler may catch the OSError");
    }
    Ok(Report::new(
        signal.site.call,
        format!(
            "{} does not catch what `os.kill` of a process that has ended raises on Windows: \
             OSError [WinError 87]",
            spelled(handler)
        ),
        "catch OSError",
    )
    .because(vec![label(handler.place, "this handler")]))
}

/// A handler as it is written.
fn spelled(handler: &Handler) -> String {
    format!("`except {}`", handler.catches)
}
