//! The built-in exception classes: which handler catches what.

use crate::machine::Exception;
use crate::platform::Truth;

/// An exception of which nothing is known.
const ANY: &str = "?";

/// Each built-in class that matters here with its base.
const BASES: [(&str, &str); 32] = [
    ("ArithmeticError", "Exception"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BlockingIOError", "OSError"),
    ("BrokenPipeError", "ConnectionError"),
    ("ChildProcessError", "OSError"),
    ("ConnectionError", "OSError"),
    ("Exception", "BaseException"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("ImportError", "Exception"),
    ("IndexError", "LookupError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("KeyError", "LookupError"),
    ("KeyboardInterrupt", "BaseException"),
    ("LookupError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("NameError", "Exception"),
    ("NotADirectoryError", "OSError"),
    ("NotImplementedError", "RuntimeError"),
    ("OSError", "Exception"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("RuntimeError", "Exception"),
    ("StopIteration", "Exception"),
    ("SystemExit", "BaseException"),
    ("TimeoutError", "OSError"),
    ("TypeError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("ValueError", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
];

/// Exception classes of the standard library outside `builtins`, with their base.
const ELSEWHERE: [(&str, &str); 10] = [
    ("subprocess.SubprocessError", "builtins.Exception"),
    (
        "subprocess.CalledProcessError",
        "subprocess.SubprocessError",
    ),
    ("subprocess.TimeoutExpired", "subprocess.SubprocessError"),
    ("asyncio.TimeoutError", "builtins.Exception"),
    ("asyncio.CancelledError", "builtins.BaseException"),
    // With `OSError` it makes the tuple of that name.
    ("dbm.error", "builtins.OSError"),
    ("sqlite3.DatabaseError", "sqlite3.Error"),
    ("sqlite3.Error", "builtins.Exception"),
    ("sqlite3.OperationalError", "sqlite3.DatabaseError"),
    ("zoneinfo.ZoneInfoNotFoundError", "builtins.KeyError"),
];

/// The one name of a class that has several.
fn canonical(class: &str) -> &str {
    match class {
        "builtins.IOError"
        | "builtins.EnvironmentError"
        | "builtins.WindowsError"
        | "os.error"
        | "socket.error"
        | "select.error" => "builtins.OSError",
        class => class,
    }
}

fn base(class: &str) -> Option<String> {
    if let Some(&(_, base)) = ELSEWHERE.iter().find(|(name, _)| *name == class) {
        return Some(base.to_owned());
    }
    let name = class.strip_prefix("builtins.")?;
    let index = BASES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(format!("builtins.{}", BASES[index].1))
}

/// Whether a qualified name is a built-in exception class.
pub(crate) fn is_exception(class: &str) -> bool {
    class == "builtins.BaseException" || base(canonical(class)).is_some()
}

/// The class of an exception, by its qualified name.
pub(crate) fn class_of(exception: Exception<'_>) -> &str {
    match exception {
        Exception::Unknown => ANY,
        Exception::Of(class) => class,
        Exception::Assertion => "builtins.AssertionError",
        Exception::Exit => "builtins.SystemExit",
        Exception::MissingName => "builtins.AttributeError",
        Exception::MissingMember => "builtins.ImportError",
        Exception::MissingModule => "builtins.ModuleNotFoundError",
        Exception::Refused => "builtins.PermissionError",
        Exception::NotFound => "builtins.FileNotFoundError",
    }
}

/// Whether a handler for `class` catches `exception`. Both are qualified names.
pub(crate) fn covers(class: &str, exception: &str) -> Truth {
    let class = canonical(class);
    if class == "builtins.BaseException" {
        return Truth::Yes;
    }
    if exception == ANY {
        return Truth::Unknown;
    }
    let mut line = canonical(exception).to_owned();
    loop {
        if line == class {
            return Truth::Yes;
        }
        match base(&line) {
            Some(base) => line = base,
            None => break,
        }
    }
    // Nothing is known of the classes of other libraries.
    if is_exception(class) {
        Truth::No
    } else {
        Truth::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_rooted() {
        assert!(BASES.is_sorted());
        for (class, _) in BASES {
            assert_eq!(
                covers("builtins.BaseException", &format!("builtins.{class}")),
                Truth::Yes
            );
        }
    }

    #[test]
    fn os_error_covers_what_windows_refuses_and_nothing_else() {
        let refused = "builtins.PermissionError";
        for class in [
            "OSError",
            "IOError",
            "WindowsError",
            "Exception",
            "PermissionError",
        ] {
            assert_eq!(
                covers(&format!("builtins.{class}"), refused),
                Truth::Yes,
                "{class}"
            );
        }
        for class in ["FileNotFoundError", "ValueError", "ProcessLookupError"] {
            assert_eq!(
                covers(&format!("builtins.{class}"), refused),
                Truth::No,
                "{class}"
            );
        }
        assert_eq!(covers("subprocess.SubprocessError", refused), Truth::No);
        assert_eq!(covers("psutil.Error", refused), Truth::Unknown);
        assert_eq!(
            covers("builtins.OSError", "builtins.AttributeError"),
            Truth::No
        );
    }
}
