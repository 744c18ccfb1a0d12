//! `send-signal`: a signal that `Popen.send_signal` of Windows refuses.

use footgun_analysis::facts::{Call, Facts, Known};

use crate::report::{Report, argument_or_call, is_dealt_with};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "send-signal",
    group: "processes",
    title: "A signal that `send_signal` refuses on Windows",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("send_signal.md"),
    asks: |_| {
        vec![
            Ask::Call("asyncio.subprocess.Process.send_signal"),
            Ask::Call("psutil.Process.send_signal"),
            Ask::Call("subprocess.Popen.send_signal"),
        ]
    },
    judge: Judge::Call(judge),
};

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let argument = call.argument(0, "signal").ok_or("no signal is given")?;
    let refused = argument
        .values
        .iter()
        .map(refused)
        .collect::<Option<Vec<_>>>();
    let refused = refused.ok_or("the signal is not known to be one that Windows refuses")?;
    let signal = refused.first().ok_or("no signal is given")?;
    if is_dealt_with(&call.handlers, "builtins.ValueError") {
        return Err("a handler waits for the ValueError that Windows raises");
    }
    let (signal, number) = signal;
    let text = match call.site.api.starts_with("psutil.") {
        true => "only SIGTERM, CTRL_C_EVENT and CTRL_BREAK_EVENT signals are supported on Windows"
            .to_owned(),
        false => format!("Unsupported signal: {number}"),
    };
    Ok(Report::new(
        argument_or_call(&call.site, Some(argument.place)),
        format!(
            "on Windows `send_signal` takes SIGTERM, CTRL_C_EVENT and CTRL_BREAK_EVENT only: \
             `{signal}` raises ValueError, \"{text}\""
        ),
        "call `terminate()` on Windows, or start the child with CREATE_NEW_PROCESS_GROUP and send \
         `signal.CTRL_BREAK_EVENT`",
    ))
}

/// The name and number of a signal that is refused.
fn refused(signal: &Known) -> Option<(String, i64)> {
    /// What the module `signal` of Windows has besides what is taken.
    const NAMED: [(&str, i64); 6] = [
        ("SIGINT", 2),
        ("SIGILL", 4),
        ("SIGFPE", 8),
        ("SIGSEGV", 11),
        ("SIGBREAK", 21),
        ("SIGABRT", 22),
    ];
    match signal {
        // 0 is CTRL_C_EVENT, of which `pid-probe` speaks, 1 CTRL_BREAK_EVENT and 15 SIGTERM.
        Known::Int(number) if !matches!(number, 0 | 1 | 15) => Some((number.to_string(), *number)),
        Known::Name(path) => {
            let name = path.strip_prefix("signal.")?;
            let name = name.strip_prefix("Signals.").unwrap_or(name);
            let (name, number) = NAMED.iter().find(|(known, _)| *known == name)?;
            Some((format!("signal.{name}"), *number))
        }
        _ => None,
    }
}
