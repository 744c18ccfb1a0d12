//! Rust's world: what names outside the project mean, and which are constant on a platform.

use super::Modules;
use crate::facts::flag;
use crate::platform::Platform;
use crate::project::Project;
use crate::source::FileId;
use crate::value::{Int, Namespace, Value};

/// What a name means that no scope binds.
pub(crate) fn prelude(name: &str) -> Value {
    match name {
        "None" => Value::None,
        name => Value::native(name),
    }
}

/// Whether a name is one of the prelude, or of a library that comes with the language.
pub(crate) fn is_everywhere(name: &str) -> bool {
    matches!(
        name,
        "std"
            | "core"
            | "alloc"
            | "Box"
            | "Default"
            | "Err"
            | "From"
            | "Into"
            | "None"
            | "Ok"
            | "Option"
            | "Result"
            | "Some"
            | "String"
            | "Vec"
            | "drop"
    )
}

/// `path::name`
pub(crate) fn member(path: &str, name: &str, platform: Platform) -> Value {
    let windows = platform == Platform::Windows;
    match (path, name) {
        ("std::env::consts" | "env::consts", "OS") => {
            let name = platform.choose("windows", "linux", "macos");
            return name.map_or(Value::UNKNOWN, Value::text);
        }
        ("std::env::consts" | "env::consts", "FAMILY") => {
            return Value::text(if windows { "windows" } else { "unix" });
        }
        ("std::env::consts" | "env::consts", "EXE_SUFFIX") => {
            return Value::text(if windows { ".exe" } else { "" });
        }
        ("std::env::consts" | "env::consts", "EXE_EXTENSION") => {
            return Value::text(if windows { "exe" } else { "" });
        }
        _ if name == "TRUE" || name == "FALSE" => {
            let library = path.split("::").next().unwrap_or(path);
            if matches!(library, "windows" | "windows_sys" | "winapi") {
                return Value::Int(Int::known((name == "TRUE").into()));
            }
        }
        _ => {}
    }
    // `windows_sys`, `windows` and `winapi` each have the flags in a module of their own.
    match flag::value(name) {
        Some(flag) => Value::Int(Int::known(flag.into())),
        None => Value::native(format!("{path}::{name}")),
    }
}

/// What `use path::*` means for `name`.
pub(crate) fn wildcard(path: &str, name: &str) -> Option<Value> {
    if let Some(flag) = flag::value(name) {
        return Some(Value::Int(Int::known(flag.into())));
    }
    let known = match path.rsplit("::").next()? {
        "process" => matches!(name, "Command" | "Child" | "Stdio" | "exit"),
        "libc" => name == "kill" || name == "killpg",
        "signal" => matches!(name, "kill" | "killpg" | "Signal"),
        // Of `windows`, `windows-sys` and `winapi`.
        "Threading" | "processthreadsapi" | "synchapi" => {
            name.starts_with("CreateProcess")
                || name.contains("WaitFor")
                || matches!(
                    name,
                    "PROCESS_CREATION_FLAGS" | "PROCESS_INFORMATION" | "TerminateProcess"
                )
        }
        _ => false,
    };
    known.then(|| Value::native(format!("{path}::{name}")))
}

/// What `crate` and `super` are in the root module of a file: the file of another module, or a path
/// below one. The root of a crate has nothing above it.
pub(crate) fn modules_around(
    project: &Project,
    file: FileId,
    platform: Platform,
) -> (FileId, Option<Value>) {
    let modules: &Modules = project.rust_modules(platform);
    let parent = modules.parent(file).map(|(parent, inside)| match inside {
        [] => Value::Module(parent),
        inside => Value::Lazy(Namespace::File(parent), inside.into()),
    });
    (modules.root(file), parent)
}
