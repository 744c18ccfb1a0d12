//! `still-active`: exit code 259 taken for a process that runs.

use footgun_analysis::facts::{Call, Facts, Known};

use crate::report::{Report, is_reached_from, precedes};
use crate::{Ask, Because, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "still-active",
    group: "processes",
    title: "Exit code 259 as the sign of a process that runs",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("still_active.md"),
    asks: |_| {
        let results = CODES
            .iter()
            .chain(&[POINTED_AT])
            .map(|api| Ask::Result(api));
        let beside = ASKING.iter().chain(&WAITING).map(|api| Ask::Beside(api));
        results.chain(beside).collect()
    },
    judge: Judge::Facts(check),
};

/// What gives the exit code; in Rust through a pointer.
const CODES: [&str; 7] = [
    "GetExitCodeProcess",
    "_winapi.GetExitCodeProcess",
    "win32api.GetExitCodeProcess",
    "win32process.GetExitCodeProcess",
    "winapi::um::processthreadsapi::GetExitCodeProcess",
    "windows::Win32::System::Threading::GetExitCodeProcess",
    "windows_sys::Win32::System::Threading::GetExitCodeProcess",
];

/// What stands behind a pointer that was given away.
const POINTED_AT: &str = "ctypes.byref";

/// What writes the exit code there.
const ASKING: [&str; 2] = [
    "GetExitCodeProcess",
    "ctypes.windll.kernel32.GetExitCodeProcess",
];

/// What tells first whether the process has ended.
const WAITING: [&str; 9] = [
    "WaitForSingleObject",
    "ctypes.windll.kernel32.WaitForSingleObject",
    "_winapi.WaitForSingleObject",
    "win32event.WaitForSingleObject",
    "win32event.WaitForMultipleObjects",
    "_winapi.WaitForMultipleObjects",
    "winapi::um::synchapi::WaitForSingleObject",
    "windows::Win32::System::Threading::WaitForSingleObject",
    "windows_sys::Win32::System::Threading::WaitForSingleObject",
];

fn check(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    for call in &facts.calls {
        if matches!(
            call.site.api.as_str(),
            "operator.eq" | "operator.ne" | "operator.is_" | "operator.is_not"
        ) {
            RULE.tell(verdicts, &call.site, judge(facts, call));
        }
    }
}

fn judge(facts: &Facts, compared: &Call) -> Result<Report, Because> {
    let mut given = compared.positional.iter();
    let is_meant = |value: &Known| match value {
        Known::Int(number) => *number == 259,
        Known::Name(name) => name.ends_with("STILL_ACTIVE"),
        _ => false,
    };
    if !given.any(|argument| argument.values.iter().all(is_meant)) {
        return Err("nothing is compared with 259");
    }
    let before = |apis: &[&str]| {
        let is_one = |call: &&Call| apis.contains(&call.site.api.as_str());
        let mut calls = facts.calls.iter().filter(is_one);
        calls.any(|call| precedes(&call.site, &compared.site))
    };
    let is_code = |value: &Known| match value {
        Known::Name(name) => {
            let is_given = || CODES.iter().any(|api| name.strip_suffix("()") == Some(api));
            name == "ctypes.byref().value" && before(&ASKING) || is_given()
        }
        _ => false,
    };
    let mut given = compared.positional.iter();
    if !given.any(|argument| argument.values.iter().any(is_code)) {
        return Err("no exit code is known to be compared");
    }
    let waits = |call: &Call| {
        WAITING.contains(&call.site.api.as_str())
            && is_reached_from(&call.site, compared.site.function)
    };
    if facts.calls.iter().any(waits) {
        return Err("a wait tells whether the process has ended");
    }
    Ok(Report::new(
        compared.site.call,
        "259 (STILL_ACTIVE) is an exit code like any other, too: a process that has ended with it counts as \
         one that runs",
        "ask `WaitForSingleObject(handle, 0)`, which gives WAIT_TIMEOUT (0x102) while the process runs; \
         the handle needs SYNCHRONIZE for that",
    ))
}
