//! `CreateProcessW` of the `windows`, `windows-sys` and `winapi` crates, and the types it takes.

use crate::machine::{Arguments, Machine};
use crate::value::{Int, Location, Value};
use crate::win32;

/// Calls something of the Windows API; `None` if it is not known here.
pub(super) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    let (parent, name) = path.rsplit_once("::").unwrap_or(("", path));
    let first = || {
        arguments
            .positional
            .first()
            .map(|first| first.value.clone())
    };
    let class = parent.rsplit("::").next().unwrap_or(parent);
    match (class, name) {
        (_, "CreateProcessW" | "CreateProcessA") => {
            Some(win32::create_process_w(machine, name, arguments, location))
        }
        ("" | "ptr" | "PCWSTR" | "PWSTR" | "PCSTR" | "PSTR", "null" | "null_mut") => {
            Some(Value::None)
        }
        ("PROCESS_INFORMATION", "default") => Some(win32::process_information(machine)),
        ("PROCESS_CREATION_FLAGS", "default") => Some(Value::Int(Int::known(0))),
        ("PCWSTR" | "PWSTR" | "PCSTR" | "PSTR", "default") => Some(Value::None),
        // Wrapping changes nothing that matters here.
        ("PCWSTR" | "PWSTR" | "PCSTR" | "PSTR", "from_raw")
        | (
            _,
            "PROCESS_CREATION_FLAGS" | "PCWSTR" | "PWSTR" | "PCSTR" | "PSTR" | "BOOL" | "w!" | "s!",
        ) => first(),
        _ => win32::use_handle(machine, name, arguments).map(|()| Value::UNKNOWN),
    }
}
