//! Paths: those of `pathlib`, which are followed as the text that they spell, and those that only
//! other systems have (`/proc` and `/sys`, which their kernels fill).

use super::runtime::configured;
use crate::machine::{Arguments, Exception, Machine};
use crate::platform::{Platform, Truth};
use crate::value::{Piece, Text, Value};

/// The class that methods of paths are called by.
const CLASS: &str = "pathlib.Path";

/// What stands for the path that a link leads to.
const LINK_TARGET: &str = "os.readlink()";

/// Calls a function on paths; `None` if the path is none, or if nothing comes of it that matters.
pub(super) fn call(machine: &mut Machine, path: &str, arguments: &Arguments) -> Option<Value> {
    if let Some(method) = path.strip_prefix(CLASS).and_then(|it| it.strip_prefix('.')) {
        return Some(class_method(machine, method, arguments));
    }
    if is_class(path) {
        return Some(joined(machine, arguments));
    }
    match path {
        "os.readlink" if !arguments.positional.iter().any(|it| is_absent(&it.value)) => {
            return Some(Value::native(LINK_TARGET));
        }
        "tempfile.NamedTemporaryFile" => return Some(named_temporary(machine, arguments)),
        "tempfile.mkstemp" => {
            let made = ["tempfile.mkstemp().fd", "tempfile.mkstemp().name"];
            let made = made.map(|name| Some(Value::native(name)));
            return Some(machine.sequence(made.to_vec(), true));
        }
        _ => {}
    }
    if machine.platform != Platform::Windows {
        return None;
    }
    let first = &arguments.positional.first()?.value;
    match path {
        "os.path.exists" | "os.path.lexists" | "os.path.isdir" | "os.path.isfile"
        | "os.path.islink" | "os.path.ismount" | "os.access" => {
            is_absent(first).then_some(Value::Bool(false))
        }
        "builtins.open" | "io.open" | "os.open" | "os.listdir" | "os.scandir" | "os.readlink"
        | "os.stat" | "os.lstat" => is_absent(first).then(|| not_found(machine)),
        _ => None,
    }
}

/// A temporary file with a name: whether it is deleted when it is closed decides who can open it.
fn named_temporary(machine: &Machine, arguments: &Arguments) -> Value {
    if arguments.open {
        return Value::UNKNOWN;
    }
    let deleted = |keyword: &str| match arguments.keyword(keyword) {
        Some(argument) => machine.truth(&argument.value),
        None => Truth::Yes,
    };
    match deleted("delete").and(deleted("delete_on_close")) {
        Truth::Yes => Value::native("tempfile.NamedTemporaryFile()"),
        Truth::No => Value::native("tempfile.NamedTemporaryFile(delete=False)"),
        Truth::Unknown => Value::UNKNOWN,
    }
}

/// The path that arguments make: what a setting is by default may be a part of it.
pub(super) fn joined(machine: &Machine, arguments: &Arguments) -> Value {
    let parts = || arguments.positional.iter().map(|part| &part.value);
    let mut path = made_of(machine, parts());
    if arguments.rest {
        path = path.concat(&unknown());
    }
    match parts().any(|part| matches!(part, Value::Default(_))) {
        true => configured(Value::Text(path)),
        false => Value::Text(path),
    }
}

/// Whether a qualified name is that of a class of paths to files.
pub(super) fn is_class(path: &str) -> bool {
    matches!(
        path,
        CLASS | "pathlib.PosixPath" | "pathlib.WindowsPath" | "anyio.Path" | "trio.Path"
    )
}

/// A path of which nothing is known.
pub(super) fn unknown_path() -> Value {
    Value::Text(unknown())
}

/// The class that has a method of this name, where the method of a text is asked for that is a path.
pub(crate) fn class_of_method(name: &str) -> Option<&'static str> {
    METHODS.binary_search(&name).is_ok().then_some(CLASS)
}

/// What paths have, and strings do not.
const METHODS: [&str; 43] = [
    "absolute",
    "as_posix",
    "as_uri",
    "chmod",
    "exists",
    "expanduser",
    "glob",
    "group",
    "hardlink_to",
    "is_absolute",
    "is_dir",
    "is_file",
    "is_mount",
    "is_symlink",
    "iterdir",
    "joinpath",
    "lchmod",
    "link_to",
    "lstat",
    "match",
    "mkdir",
    "open",
    "owner",
    "read_bytes",
    "read_text",
    "readlink",
    "relative_to",
    "rename",
    "resolve",
    "rglob",
    "rmdir",
    "samefile",
    "stat",
    "symlink_to",
    "touch",
    "unlink",
    "walk",
    "with_name",
    "with_segments",
    "with_stem",
    "with_suffix",
    "write_bytes",
    "write_text",
];

/// `path.name` of a path that is no method; `None` where paths have nothing of that name.
pub(crate) fn attribute(path: &Text, name: &str) -> Option<Value> {
    match name {
        "parent" => Some(Value::Text(parent(path))),
        "name" | "stem" | "suffix" => Some(Value::Text(unknown())),
        "parts" | "parents" | "suffixes" | "drive" | "anchor" | "root" => Some(Value::UNKNOWN),
        _ => None,
    }
}

/// `left / right`, if that is a path below another.
pub(crate) fn below(machine: &Machine, left: &Value, right: &Value) -> Option<Value> {
    let has_known = |text: &Text| {
        let mut pieces = text.pieces.iter();
        pieces.any(|piece| matches!(piece, Piece::Known { .. }))
    };
    match (left, right) {
        (Value::Text(_), _) => {}
        // Nothing but a path is divided by a text.
        (Value::Unknown(_), Value::Text(text)) if has_known(text) => {}
        _ => return None,
    }
    Some(Value::Text(made_of(machine, [left, right])))
}

/// A method of something that is not known, which only paths have.
pub(crate) fn method_of_unknown(name: &str, arguments: &Arguments) -> Option<Value> {
    let given = || match &arguments.positional.first()?.value {
        Value::Text(text) => Some(text),
        _ => None,
    };
    match name {
        "with_name" => Some(Value::Text(sibling(given()?))),
        "with_suffix" => Some(Value::Text(unknown().concat(given()?))),
        _ => None,
    }
}

fn class_method(machine: &mut Machine, method: &str, arguments: &Arguments) -> Value {
    let given = |position: usize| arguments.positional.get(position).map(|it| &it.value);
    let Some(Value::Text(path)) = given(0) else {
        // `Path.home()`, `Path.cwd()`
        return match method {
            "home" | "cwd" => unknown_path(),
            _ => Value::UNKNOWN,
        };
    };
    if machine.platform == Platform::Windows && is_absent(&Value::Text(path.clone())) {
        match method {
            "exists" | "is_dir" | "is_file" | "is_symlink" | "is_mount" => {
                return Value::Bool(false);
            }
            "read_text" | "read_bytes" | "open" | "iterdir" | "stat" | "lstat" | "readlink" => {
                return not_found(machine);
            }
            _ => {}
        }
    }
    match method {
        "resolve" | "absolute" => Value::Text(path.clone()),
        "as_posix" => Value::Text(with_slashes(path)),
        "joinpath" => {
            let parts = arguments.positional.iter().map(|part| &part.value);
            Value::Text(made_of(machine, parts))
        }
        "readlink" => Value::native(LINK_TARGET),
        "expanduser" | "relative_to" | "with_stem" => unknown_path(),
        "with_name" => match given(1) {
            Some(Value::Text(name)) => Value::Text(sibling_of(path, name)),
            _ => unknown_path(),
        },
        "with_suffix" => match given(1) {
            Some(Value::Text(suffix)) => Value::Text(with_suffix(path, suffix)),
            _ => unknown_path(),
        },
        "open" => opened(arguments),
        _ => Value::UNKNOWN,
    }
}

/// The file that `open` gives for a path, or the method of that name. One that is known to be written as text,
/// with the ends of lines of the platform, is a class of its own.
pub(super) fn opened(arguments: &Arguments) -> Value {
    let is_known = !arguments.open && !arguments.rest;
    let mode = arguments.get(1, "mode").map(|mode| &mode.value);
    let mode = mode.and_then(Value::as_text).unwrap_or_default();
    let is_written = mode.contains(['w', 'a', 'x', '+']) && !mode.contains('b');
    let translates = match arguments.get(5, "newline") {
        Some(newline) => newline.value == Value::None,
        None => true,
    };
    match is_known && is_written && translates {
        true => Value::native("io.file(newline=None)"),
        false => Value::native("io.file"),
    }
}

/// The path that some parts make. One from the root makes those before it no part of it.
fn made_of<'v>(machine: &Machine, parts: impl IntoIterator<Item = &'v Value>) -> Text {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in parts {
        let part = match part {
            Value::Default(part) => machine.spelled(part),
            part => machine.spelled(part),
        };
        let from_root = match part.first() {
            Some(Piece::Known { text, .. }) => text.starts_with(['/', '\\']),
            _ => false,
        };
        if from_root {
            pieces.clear();
        }
        let ends_with_separator = match pieces.last() {
            Some(Piece::Known { text, .. }) => text.ends_with(['/', '\\']),
            _ => false,
        };
        if !pieces.is_empty() && !ends_with_separator {
            pieces.push(separator());
        }
        pieces.extend(part);
    }
    Text::new(pieces)
}

/// What Windows writes between the parts of a path.
fn separator() -> Piece {
    Piece::Known {
        text: "\\".into(),
        location: None,
        verbatim: false,
    }
}

/// The folder that something is in.
fn parent(path: &Text) -> Text {
    let Some(Piece::Known { text, .. }) = path.pieces.last() else {
        return unknown();
    };
    let last = path.pieces.len() - 1;
    match text.rfind(['/', '\\']) {
        Some(at) => {
            let mut pieces = path.pieces[..last].to_vec();
            // What is in the root has the root for its folder.
            let end = if at == 0 && last == 0 { 1 } else { at };
            if end > 0 {
                pieces.push(path.pieces[last].slice(0, end));
            }
            Text::new(pieces)
        }
        None => unknown(),
    }
}

/// Something beside a path of which nothing is known.
fn sibling(name: &Text) -> Text {
    let separator = Text::new(vec![separator()]);
    unknown().concat(&separator).concat(name)
}

fn sibling_of(path: &Text, name: &Text) -> Text {
    let separator = Text::new(vec![separator()]);
    parent(path).concat(&separator).concat(name)
}

/// A path whose extension is another.
fn with_suffix(path: &Text, suffix: &Text) -> Text {
    let Some(Piece::Known { text, .. }) = path.pieces.last() else {
        return path.concat(suffix);
    };
    let last = path.pieces.len() - 1;
    let name = text.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let end = text[name..].rfind('.').map_or(text.len(), |at| name + at);
    let mut pieces = path.pieces[..last].to_vec();
    pieces.push(path.pieces[last].slice(0, end));
    Text::new(pieces).concat(suffix)
}

/// A path with `/` between its parts.
fn with_slashes(path: &Text) -> Text {
    let pieces = path.pieces.iter().map(|piece| match piece {
        Piece::Known { text, location, .. } if text.contains('\\') => Piece::Known {
            text: text.replace('\\', "/").into(),
            location: *location,
            verbatim: false,
        },
        piece => piece.clone(),
    });
    Text::new(pieces.collect())
}

fn unknown() -> Text {
    Text::new(vec![Piece::UNKNOWN])
}

/// Whether a path leads to what only other kernels have.
fn is_absent(path: &Value) -> bool {
    match path {
        Value::Text(text) => match text.pieces.first() {
            Some(Piece::Known { text, .. }) => ["/proc", "/sys"].iter().any(|root| {
                text.strip_prefix(root)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
            }),
            _ => false,
        },
        _ => false,
    }
}

fn not_found(machine: &mut Machine) -> Value {
    machine.fails(Exception::NotFound);
    Value::UNKNOWN
}
