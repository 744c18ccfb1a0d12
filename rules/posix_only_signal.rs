//! `posix-only-signal`: using a signal, or a timer that sends one, that Windows does not have.

use footgun_analysis::facts::{Facts, Use};

use crate::missing::{self, Raised, Speaker};
use crate::options::Options;
use crate::report::Report;
use crate::{Judge, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "posix-only-signal",
    group: "names",
    title: "A signal that Windows does not have",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("posix_only_signal.md"),
    asks: |_| missing::asks().collect(),
    judge: Judge::Facts(judge),
};

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    let report = |used: &Use, speaker: Speaker, raised: Raised| {
        let report = || Report::new(used.site.call, raised.message(used), help(used));
        (speaker == Speaker::Signals).then(report)
    };
    missing::check(&RULE, facts, report, verdicts);
}

fn help(used: &Use) -> String {
    let name = used.site.api.rsplit('.').next().unwrap_or_default();
    let instead = match name {
        "SIGKILL" => {
            "on Windows send SIGTERM, which ends a process at once there, or call `kill()` of its \
             Popen"
        }
        "alarm" | "setitimer" | "getitimer" | "SIGALRM" | "ITIMER_REAL" | "SIGVTALRM"
        | "SIGPROF" => "use a `threading.Timer`, or the timeout of what is waited for",
        "pause" | "sigwait" | "sigtimedwait" | "sigwaitinfo" => "wait for a `threading.Event`",
        "SIGHUP" | "SIGQUIT" => {
            "handle it only where it exists, behind `hasattr(signal, \"…\")`; Windows has SIGINT, \
             SIGTERM and SIGBREAK"
        }
        _ if name.starts_with("SIG") => {
            "use it only where it exists, behind `hasattr(signal, \"…\")`; Windows has SIGINT, \
             SIGTERM, SIGABRT and SIGBREAK"
        }
        _ => "use it only where it exists, behind `if sys.platform != \"win32\"`",
    };
    instead.replace('…', name)
}
