//! `platform-probe`: asking `platform`, which starts a program on Windows.

use footgun_analysis::facts::{Call, Facts};

use crate::report::Report;
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "platform-probe",
    group: "pedantic",
    title: "A question to `platform`, which starts a program",
    severity: Severity::Note,
    by_default: false,
    page: include_str!("platform_probe.md"),
    asks: |_| ASKING.iter().map(|api| Ask::InPlace(api)).collect(),
    judge: Judge::Call(judge),
};

/// What looks for the version of Windows.
const ASKING: [&str; 9] = [
    "platform.machine",
    "platform.node",
    "platform.platform",
    "platform.processor",
    "platform.release",
    "platform.system",
    "platform.uname",
    "platform.version",
    "platform.win32_ver",
];

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let api = &call.site.api;
    let help = match api.as_str() {
        "platform.system" => "ask `sys.platform == \"win32\"`, which costs nothing",
        _ => "ask `sys.getwindowsversion()` on Windows, which costs nothing",
    };
    Ok(Report::new(
        call.site.call,
        format!(
            "`{api}` looks for the version of Windows when `platform` is first asked: before Python 3.12 it \
             starts `cmd /c ver`, whose window flashes where there is no console, since then it asks WMI"
        ),
        help,
    ))
}
