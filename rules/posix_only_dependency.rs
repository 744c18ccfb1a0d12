//! `posix-only-dependency`: requiring what Windows cannot install or import.

use crate::requirements::{Required, RequirementReport};
use crate::{Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "posix-only-dependency",
    group: "names",
    title: "A dependency that Windows cannot install or import",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("posix_only_dependency.md"),
    asks: |_| Vec::new(),
    judge: Judge::Requirements(judge),
};

/// What becomes on Windows of what is required.
enum Fails {
    /// It has no wheel for Windows, and this is what building it prints.
    Build(&'static str),
    /// It has no wheel for Windows, and nothing to build.
    Download,
    /// It is installed, and this is what importing it raises.
    Import(&'static str),
}

/// Distributions that fail on Windows.
const POSIX_ONLY: [(&str, Fails); 10] = [
    (
        "evdev",
        Fails::Build(
            "The 'linux/input.h' and 'linux/input-event-codes.h' include files are missing",
        ),
    ),
    (
        "gnureadline",
        Fails::Build("this module is not meant to work on Windows"),
    ),
    (
        "gunicorn",
        Fails::Import("ModuleNotFoundError: No module named 'fcntl'"),
    ),
    (
        "pyinotify",
        Fails::Build("inotify is not available on win-amd64"),
    ),
    (
        "python-daemon",
        Fails::Import("ModuleNotFoundError: No module named 'pwd'"),
    ),
    (
        "python-prctl",
        Fails::Build("This module only works on linux"),
    ),
    (
        "sh",
        Fails::Import("ImportError: sh is currently only supported on Linux and macOS"),
    ),
    ("triton", Fails::Download),
    (
        "uvloop",
        Fails::Build("RuntimeError: uvloop does not support Windows at the moment"),
    ),
    (
        "uwsgi",
        Fails::Build("AttributeError: module 'os' has no attribute 'uname'"),
    ),
];

fn judge(required: &Required) -> Option<RequirementReport> {
    let name = required.name.as_str();
    let (_, fails) = POSIX_ONLY.iter().find(|(known, _)| *known == name)?;
    let message = match fails {
        Fails::Build(says) => format!(
            "`{name}` cannot be installed on Windows: \"{says}\"; pip then installs nothing of the project"
        ),
        Fails::Download => format!(
            "`{name}` cannot be installed on Windows: \"No matching distribution found for {name}\"; pip \
             then installs nothing of the project"
        ),
        Fails::Import(raises) => {
            format!("`{name}` is installed on Windows and cannot be used there: {raises}")
        }
    };
    required.on_windows.then(|| RequirementReport {
        message,
        help: format!(
            "require it where it works: `{name}; sys_platform != \"win32\"`, and import it behind the same \
             condition"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_required_on_windows_and_cannot_be_installed() {
        let is_found = |name: &str, on_windows| {
            let name = name.to_owned();
            judge(&Required { name, on_windows }).is_some()
        };
        assert!(POSIX_ONLY.is_sorted_by_key(|(name, _)| name));
        assert!(is_found("uvloop", true));
        assert!(!is_found("uvloop", false));
        assert!(!is_found("winloop", true));
    }
}
