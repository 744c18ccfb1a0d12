//! `pid-probe`: asking with signal 0 whether a process lives.

use footgun_analysis::facts::{Evidence, Facts, Handler, Program, Signal, SignalValue, Spawn};
use footgun_analysis::platform::Truth;
use footgun_analysis::rewrite::{Change, OsError, Positional};
use footgun_analysis::source::{Language, Place};

use crate::report::{Report, argument_or_call, label, spelled, within};
use crate::{Applicability, Ask, Fix, Helper, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "pid-probe",
    group: "processes",
    title: "Signal 0 as the question whether a process lives",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("pid_probe.md"),
    asks: |_| vec![Ask::Signals, Ask::Processes],
    judge: Judge::Facts(check),
};

fn check(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    for signal in &facts.signals {
        let (origin, message, help) = match judge(signal) {
            Ok(judged) => judged,
            Err(because) => {
                RULE.silent(verdicts, &signal.site, because);
                continue;
            }
        };
        let place = argument_or_call(&signal.site, Some(signal.argument));
        let mut evidence = spelled(origin, place, "the signal is 0 from here");
        if signal.site.language == Language::Python {
            evidence.extend(signal.handlers.iter().filter_map(misled));
        }
        let report = Report::new(place, message, help)
            .because(evidence)
            .cured(fix(signal));
        RULE.report(verdicts, &signal.site, report);
    }
    for spawn in &facts.spawns {
        match probe_by_program(spawn) {
            Some(report) => RULE.report(verdicts, &spawn.site, report),
            None => RULE.silent(verdicts, &spawn.site, "the program is not `kill -0`"),
        }
    }
}

/// The call of `kill` becomes one of `probe_pid`, where the 0 is written in it; in Python it may also
/// ask what the project asks elsewhere, which says nothing of processes that one may not signal.
fn fix(signal: &Signal) -> Option<Fix> {
    let site = &signal.site;
    let zero = match (signal.signal, site.language) {
        (SignalValue::Zero(Some(zero)), _) => zero,
        // `None` is nothing that an expression brings in.
        (SignalValue::Zero(None), Language::Rust) => signal.argument,
        _ => return None,
    };
    let is_call = match site.language {
        Language::Python => site.api == "os.kill",
        Language::Rust => site.api.ends_with("::kill"),
    };
    if !is_call || site.embedded || !within(zero, site.call) {
        return None;
    }
    Some(Fix {
        applicability: Applicability::Safe,
        message: match site.language {
            Language::Python => "Ask with `probe_pid`, which raises what POSIX raises",
            Language::Rust => "Ask with `probe_pid`, which Windows has too",
        },
        windows_only: false,
        changes: vec![Change::Call {
            call: site.call,
            function: Helper::ProbePid,
            positional: Positional::First(1),
            without: Vec::new(),
        }],
        otherwise: match site.language {
            Language::Python => Some(Box::new(question(site.call))),
            Language::Rust => None,
        },
    })
}

/// The call as a question, and an error where the answer is no.
fn question(call: Place) -> Fix {
    Fix {
        applicability: Applicability::Unsafe,
        message: "Ask whether the process exists, and raise where it does not",
        windows_only: false,
        changes: vec![Change::Asked {
            call,
            function: Helper::PidExists,
            raised: NO_SUCH_PROCESS,
        }],
        otherwise: None,
    }
}

/// What `os.kill` raises for a number that no process has.
const NO_SUCH_PROCESS: OsError = OsError {
    class: "ProcessLookupError",
    number: "ESRCH",
    text: "No such process",
};

/// Where the 0 of a probe comes from, what it does on Windows and what to do instead; or why it is
/// no probe.
fn judge(signal: &Signal) -> Result<(Option<Place>, String, &'static str), &'static str> {
    match signal.signal {
        SignalValue::Zero(origin) => {
            let (message, help) =
                probe_by_call(signal).ok_or("nothing is known of what this call does with 0")?;
            Ok((origin, message, help))
        }
        SignalValue::Other | SignalValue::ConsoleEvent => Err("the signal is not 0"),
        SignalValue::Unknown(_) => Err("the signal is not known"),
    }
}

/// What a call that sends signal 0 does on Windows, and what to do instead; nothing is known of
/// other calls than these.
fn probe_by_call(signal: &Signal) -> Option<(String, &'static str)> {
    let api = signal.site.api.as_str();
    let name = api.rsplit([':', '.']).next().unwrap_or(api);
    match (signal.site.language, name) {
        (Language::Python, "kill") if api == "os.kill" => Some((
            "on Windows signal 0 is CTRL_C_EVENT: `os.kill(pid, 0)` sends Ctrl+C to the console \
             group or fails with OSError, and CPython without the fix for gh-58689 (3.12.8 and \
             older) can even terminate the process it asks about: SystemError, which `except OSError` \
             does not catch"
                .to_owned(),
            "use `psutil.pid_exists(pid)` on Windows, or OpenProcess and WaitForSingleObject: error 5 \
             is no answer by itself, and an open handle is not a live process",
        )),
        (Language::Python, "send_signal") if api.ends_with("Popen.send_signal") => Some((
            "on Windows signal 0 is CTRL_C_EVENT: `send_signal(0)` sends Ctrl+C to the console \
             group or fails with OSError"
                .to_owned(),
            "ask `poll() is None` whether the child still runs",
        )),
        (Language::Rust, "kill" | "test_kill_process") => Some((
            format!("`{api}` does not exist on Windows: this does not compile there"),
            "put it behind `#[cfg(unix)]`, and give Windows an arm that asks OpenProcess and \
             WaitForSingleObject: error 5 is no answer by itself, and an open handle is not a live \
             process",
        )),
        _ => None,
    }
}

/// A handler that was written for what POSIX raises.
fn misled(handler: &Handler) -> Option<Evidence> {
    handler.names("builtins.ProcessLookupError").then(|| {
        label(
            handler.place,
            "ProcessLookupError is never raised on Windows: a dead pid raises OSError with \
             winerror 87 (or 11)",
        )
    })
}

/// `kill -0` as a program.
fn probe_by_program(spawn: &Spawn) -> Option<Report> {
    let [
        Program::Named {
            name,
            place,
            origin,
            ..
        },
    ] = spawn.programs.as_slice()
    else {
        return None;
    };
    if name != "kill" || !sends_zero(spawn) {
        return None;
    }
    Some(
        Report::new(
            *place,
            "`kill -0` asks a program that Windows does not have",
            "on Windows use a library that asks (psutil, sysinfo), or OpenProcess and \
             WaitForSingleObject: error 5 is no answer by itself, and an open handle is not a live \
             process",
        )
        .because(spelled(
            Some(*origin),
            *place,
            "the program is `kill` from here",
        )),
    )
}

/// Whether the first argument of a program is `-0`.
pub(crate) fn sends_zero(spawn: &Spawn) -> bool {
    let first = spawn.arguments.first();
    spawn.shell == Truth::No && first.is_some_and(|first| first.as_deref() == Some("-0"))
}
