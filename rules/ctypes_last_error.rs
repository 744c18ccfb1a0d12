//! `ctypes-last-error`: an error code that is not that of the call before.

use footgun_analysis::facts::{Call, Facts, Known};

use crate::report::{Report, label};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ctypes-last-error",
    group: "processes",
    title: "A last error that ctypes does not keep",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("ctypes_last_error.md"),
    asks: |_| {
        vec![
            Ask::Call("ctypes.GetLastError"),
            Ask::Call("ctypes.windll.kernel32.GetLastError"),
            Ask::Call("ctypes.get_last_error"),
            Ask::Call("ctypes.WinDLL"),
        ]
    },
    judge: Judge::Call(judge),
};

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    match call.site.api.as_str() {
        "ctypes.get_last_error" => never_set(facts, call),
        "ctypes.WinDLL" => Err("no error is asked for"),
        _ => Ok(overwritten(call)),
    }
}

const HELP: &str = "load the library with `ctypes.WinDLL(name, use_last_error=True)` and ask \
                    `ctypes.get_last_error()`";

fn overwritten(call: &Call) -> Report {
    Report::new(
        call.site.call,
        "what Python itself calls between the two may have set another last error: `GetLastError` \
         is not sure to tell that of the call before",
        HELP,
    )
}

/// `get_last_error` tells of calls through libraries that keep their errors for it.
fn never_set(facts: &Facts, call: &Call) -> Result<Report, Because> {
    let loads = || {
        facts
            .calls
            .iter()
            .filter(|call| call.site.api == "ctypes.WinDLL")
    };
    let keeps_none = |load: &Call| match load.argument(4, "use_last_error") {
        Some(argument) => argument.values == [Known::Bool(false)],
        None => true,
    };
    let first = loads().next();
    let first = first.ok_or("no library is known to be loaded here")?;
    if !loads().all(keeps_none) {
        return Err("a library is loaded that keeps its errors");
    }
    Ok(Report::new(
        call.site.call,
        "`ctypes.get_last_error()` tells of libraries that are loaded with `use_last_error=True` \
         only: of this one it never learns an error",
        HELP,
    )
    .because(vec![label(first.site.call, "loaded here without it")]))
}
