//! `win-liveness`: a handle that can be opened, or error 5, taken for a process that lives.

use footgun_analysis::demand::{OPERATORS, RETURN};
use footgun_analysis::facts::{Argument, Call, Facts, Known, Site};

use crate::report::{Report, argument_or_call, is_reached_from, label, within};
use crate::{Ask, Because, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "win-liveness",
    group: "processes",
    title: "`OpenProcess` as the answer whether a process lives",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("win_liveness.md"),
    asks: |_| {
        OPENING
            .iter()
            .chain(&ERRORS)
            .map(|api| Ask::Result(api))
            .collect()
    },
    judge: Judge::Facts(check),
};

/// What opens a process by its number.
const OPENING: [&str; 7] = [
    "OpenProcess",
    "_winapi.OpenProcess",
    "ctypes.windll.kernel32.OpenProcess",
    "win32api.OpenProcess",
    "winapi::um::processthreadsapi::OpenProcess",
    "windows::Win32::System::Threading::OpenProcess",
    "windows_sys::Win32::System::Threading::OpenProcess",
];

/// What tells why it failed.
const ERRORS: [&str; 6] = [
    "ctypes.GetLastError",
    "ctypes.get_last_error",
    "ctypes.windll.kernel32.GetLastError",
    "win32api.GetLastError",
    "winapi::um::errhandlingapi::GetLastError",
    "windows_sys::Win32::Foundation::GetLastError",
];

fn check(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    for call in &facts.calls {
        if OPENING.contains(&call.site.api.as_str()) {
            match judge(facts, call) {
                Ok((site, report)) => RULE.report(verdicts, site, report),
                Err(because) => RULE.silent(verdicts, &call.site, because),
            }
        }
        if includes_denial(call) {
            RULE.tell(verdicts, &call.site, denied(facts, call));
        }
    }
}

/// A handle that a function opens, asks about and closes, and of which it says no more than yes or no.
fn judge<'f>(facts: &'f Facts, opening: &'f Call) -> Result<(&'f Site, Report), Because> {
    let near = || reached_from(facts, opening);
    let is_handle = |argument: &Argument| is_result(argument, &OPENING);
    let is_given = |call: &&Call| call.arguments().any(|(_, it)| is_handle(it));
    let asks = |call: &&Call| {
        let api = call.site.api.as_str();
        api.starts_with(OPERATORS)
            || api == "builtins.bool"
            || ["is_null", "is_invalid", "is_ok", "is_err"].contains(&member(api))
    };
    let closes = |call: &&Call| matches!(member(&call.site.api), "CloseHandle" | "Close");
    let has = |call: &&Call| OPENING.iter().any(|api| has_member(&call.site.api, api));
    let used = near().filter(|call| is_given(call) || has(call));
    if used.clone().any(|call| !asks(&call) && !closes(&call)) {
        return Err("the handle is there for more than to be opened");
    }
    let asked: Vec<&Call> = used.filter(asks).collect();
    let questions: Vec<&Call> = near().filter(asks).collect();
    let says_yes = |answer: &Call| {
        let mut values = answer.values();
        values.any(|value| *value == Known::Bool(true)) || tells_one_of(answer, &asked)
    };
    let is_yes_or_no = |answer: &Call| {
        let mut values = answer.values();
        values.all(|value| matches!(value, Known::Bool(_) | Known::None))
            || tells_one_of(answer, &questions)
    };
    let answers: Vec<&Call> = near().filter(|call| call.site.api == RETURN).collect();
    if !answers.iter().all(|it| is_yes_or_no(it)) || !answers.iter().any(|it| says_yes(it)) {
        return Err("what the function answers is more than whether there is such a process");
    }
    let site = asked.first().map_or(&opening.site, |call| &call.site);
    let report = Report::new(
        site.call,
        "`OpenProcess` opens a process that has ended, too, as long as somebody holds a handle of \
         it: a dead process counts as one that lives",
        HELP,
    );
    let opened = (!within(opening.site.call, site.statement))
        .then(|| label(opening.site.call, "the handle is opened here"));
    Ok((site, report.because(opened.into_iter().collect())))
}

const HELP: &str = "open it with SYNCHRONIZE and ask `WaitForSingleObject(handle, 0)`, which gives \
                    WAIT_TIMEOUT (0x102) while it lives, or ask `psutil.pid_exists(pid)`";

/// Whether it is asked if the error is 5, or another one than that of a process that is not there.
fn includes_denial(call: &Call) -> bool {
    let (number, name) = match call.site.api.as_str() {
        "operator.eq" => (5, "ERROR_ACCESS_DENIED"),
        "operator.ne" => (87, "ERROR_INVALID_PARAMETER"),
        _ => return false,
    };
    let is_meant = |value: &Known| match value {
        Known::Int(given) => *given == number,
        Known::Name(given) => given.ends_with(name),
        _ => false,
    };
    let mut given = call.positional.iter();
    let asks = given.any(|argument| argument.values.iter().all(is_meant));
    asks && call.positional.iter().any(|it| is_result(it, &ERRORS))
}

/// Error 5 of `OpenProcess`, taken for a process that lives.
fn denied(facts: &Facts, asked: &Call) -> Result<Report, Because> {
    let near = || reached_from(facts, asked);
    if !near().any(|call| OPENING.contains(&call.site.api.as_str())) {
        return Err("no process is opened here");
    }
    let mut answers = near().filter(|call| call.site.api == RETURN);
    let is_yes = |answer: &Call| {
        let holds = || {
            let mut holding = answer.holding.iter();
            holding.any(|condition| within(asked.site.call, *condition))
        };
        let mut given = answer.values();
        tells_one_of(answer, &[asked]) || given.all(|it| *it == Known::Bool(true)) && holds()
    };
    if !answers.any(is_yes) {
        return Err("error 5 is not the answer");
    }
    let is_else = |answer: &Call| {
        let is_no = |value: &Known| matches!(value, Known::Bool(false) | Known::None);
        !is_yes(answer) && !answer.values().all(is_no)
    };
    let mut answers = near().filter(|call| call.site.api == RETURN);
    if !answers.any(is_else) {
        return Err("it is asked whether a process may be opened, not whether it lives");
    }
    Ok(Report::new(
        argument_or_call(&asked.site, Some(asked.site.call)),
        "error 5 of `OpenProcess` does not tell that a process lives: one that has ended and that \
         somebody still holds refuses, too",
        "on error 5 look for it in the list of processes, as `pid in psutil.pids()` does",
    ))
}

/// The calls in the function that one stands in, and those that are reached from there.
fn reached_from<'f>(facts: &'f Facts, call: &Call) -> impl Iterator<Item = &'f Call> + Clone {
    let function = call.site.function;
    let calls = facts.calls.iter();
    calls.filter(move |other| is_reached_from(&other.site, function))
}

/// The last part of a qualified name.
fn member(api: &str) -> &str {
    api.rsplit(['.', ':']).next().unwrap_or(api)
}

/// Whether what a function returns is the answer to one of some questions.
fn tells_one_of(answer: &Call, asked: &[&Call]) -> bool {
    let mut asked = asked.iter();
    asked.any(|asked| within(asked.site.call, answer.site.call))
}

/// Whether an argument is, or may be, what one of some functions gives.
fn is_result(argument: &Argument, apis: &[&str]) -> bool {
    let is_one = |value: &Known| match value {
        Known::Name(name) => apis.iter().any(|api| name.strip_suffix("()") == Some(api)),
        _ => false,
    };
    argument.values.iter().any(is_one)
}

/// Whether something is called that the result of a function has.
fn has_member(called: &str, api: &str) -> bool {
    let rest = called.strip_prefix(api);
    rest.is_some_and(|rest| rest.starts_with("()"))
}
