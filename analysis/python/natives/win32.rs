//! `CreateProcess` through ctypes, pywin32 and `_winapi`, and the handles it gives.

use crate::machine::{Arguments, Machine};
use crate::value::{Int, Location, Value};
use crate::win32;

/// Where ctypes keeps the functions of `kernel32.dll`.
const KERNEL32: &str = "ctypes.windll.kernel32";

/// Calls something of the Windows API, or something that ctypes makes for it; `None` if the path is
/// neither.
pub(super) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    let (module, function) = path.rsplit_once('.')?;
    match module {
        KERNEL32 => match function {
            "CreateProcessW" | "CreateProcessA" => Some(win32::create_process_w(
                machine, function, arguments, location,
            )),
            _ => of_handle(machine, function, arguments),
        },
        "_winapi" | "win32process" if function == "CreateProcess" => {
            let spawn = win32::create_process(machine, path, arguments, location);
            let handle = Some(win32::handle(machine, spawn));
            let unknown = || Some(Value::UNKNOWN);
            Some(machine.sequence(vec![handle, unknown(), unknown(), unknown()], true))
        }
        "_winapi" | "win32api" | "win32event" | "win32job" | "win32process" => {
            of_handle(machine, function, arguments)
        }
        // `int(child._handle)`
        "builtins" if function == "int" => {
            let child = win32::child_of(machine, &arguments.positional.first()?.value)?;
            Some(win32::handle(machine, child))
        }
        "ctypes" | "ctypes.wintypes" | "ctypes.windll" => of_ctypes(function, arguments),
        _ => None,
    }
}

/// A function that takes or opens the handle of a process.
fn of_handle(machine: &mut Machine, function: &str, arguments: &Arguments) -> Option<Value> {
    if function == "OpenProcess" {
        let child = win32::child_of(machine, &arguments.positional.get(2)?.value)?;
        return Some(win32::handle(machine, child));
    }
    win32::use_handle(machine, function, arguments).map(|()| Value::UNKNOWN)
}

/// Functions and types of ctypes whose result stands for what they are given, and the libraries it
/// loads.
fn of_ctypes(function: &str, arguments: &Arguments) -> Option<Value> {
    let first = arguments.positional.first()?.value.clone();
    match (function, first) {
        ("byref" | "pointer" | "HANDLE", value) => Some(value),
        ("WinDLL" | "LoadLibrary", Value::Text(name)) => {
            let name = name.known()?.to_ascii_lowercase();
            matches!(&*name, "kernel32" | "kernel32.dll").then(|| Value::native(KERNEL32))
        }
        (
            "c_char_p"
            | "c_wchar_p"
            | "create_string_buffer"
            | "create_unicode_buffer"
            | "LPCSTR"
            | "LPCWSTR"
            | "LPSTR"
            | "LPWSTR",
            text @ (Value::Text(_) | Value::None),
        ) => Some(text),
        ("c_int" | "c_uint" | "c_uint32" | "c_ulong" | "BOOL" | "DWORD", Value::Bool(value)) => {
            Some(Value::Int(Int::known(value.into())))
        }
        ("c_int" | "c_uint" | "c_uint32" | "c_ulong" | "BOOL" | "DWORD", value @ Value::Int(_)) => {
            Some(value)
        }
        _ => None,
    }
}
