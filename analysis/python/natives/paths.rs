//! Paths that only other systems have: `/proc` and `/sys`, which their kernels fill.

use crate::machine::{Arguments, Exception, Machine};
use crate::platform::Platform;
use crate::value::{Piece, Value};

/// A `pathlib` path to something that Windows does not have.
const ABSENT: &str = "pathlib.absent";

/// Calls a function on paths; `None` if the path is none, or if the file may be there.
pub(super) fn call(machine: &mut Machine, path: &str, arguments: &Arguments) -> Option<Value> {
    if machine.platform != Platform::Windows {
        return None;
    }
    if let Some(method) = path.strip_prefix(ABSENT) {
        return Some(method_of_absent(machine, method.trim_start_matches('.')));
    }
    let first = &arguments.positional.first()?.value;
    match path {
        "os.path.exists" | "os.path.lexists" | "os.path.isdir" | "os.path.isfile"
        | "os.path.islink" | "os.path.ismount" | "os.access" => {
            is_absent(first).then_some(Value::Bool(false))
        }
        "pathlib.Path" | "pathlib.PosixPath" => is_absent(first).then(|| Value::native(ABSENT)),
        "builtins.open" | "io.open" | "os.open" | "os.listdir" | "os.scandir" | "os.readlink"
        | "os.stat" | "os.lstat" => is_absent(first).then(|| not_found(machine)),
        _ => None,
    }
}

/// Whether a path leads to what only other kernels have.
fn is_absent(path: &Value) -> bool {
    match path {
        Value::Native(path) => **path == *ABSENT,
        Value::Text(text) => match text.pieces.first() {
            Some(Piece::Known { text, .. }) => ["/proc", "/sys"].iter().any(|root| {
                text.strip_prefix(root)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }),
            _ => false,
        },
        _ => false,
    }
}

fn method_of_absent(machine: &mut Machine, method: &str) -> Value {
    match method {
        "exists" | "is_dir" | "is_file" | "is_symlink" | "is_mount" => Value::Bool(false),
        "read_text" | "read_bytes" | "open" | "iterdir" | "stat" | "lstat" | "readlink" => {
            not_found(machine)
        }
        "joinpath" | "resolve" | "absolute" => Value::native(ABSENT),
        _ => Value::UNKNOWN,
    }
}

/// What is below an absent folder is absent.
pub(crate) fn below(left: &Value) -> Option<Value> {
    is_absent(left)
        .then(|| left.clone())
        .filter(|left| left.as_native() == Some(ABSENT))
}

fn not_found(machine: &mut Machine) -> Value {
    machine.fails(Exception::NotFound);
    Value::UNKNOWN
}
