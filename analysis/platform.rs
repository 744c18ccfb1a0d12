//! The platforms a program can run on, and what is known of a condition there.

use std::ops::Not;

/// An operating system whose behaviour the analysis knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Platform {
    /// Windows, as CPython and the MSVC and GNU targets of Rust see it.
    Windows,
    /// Linux.
    Linux,
    /// macOS.
    Macos,
    /// Any other system like POSIX: FreeBSD, Solaris, AIX.
    OtherPosix,
}

impl Platform {
    /// The platforms that a Windows run is held against.
    pub const POSIX: [Platform; 3] = [Platform::Linux, Platform::Macos, Platform::OtherPosix];

    /// The one of three values that holds on this platform; none of them does on any other.
    pub fn choose<T>(self, windows: T, linux: T, macos: T) -> Option<T> {
        match self {
            Platform::Windows => Some(windows),
            Platform::Linux => Some(linux),
            Platform::Macos => Some(macos),
            Platform::OtherPosix => None,
        }
    }

    /// Its place in an array with one element for each platform.
    pub(crate) fn index(self) -> usize {
        self.choose(0, 1, 2).unwrap_or(3)
    }
}

/// Whether a text is a name that Windows has for itself: `os.name`, `sys.platform`,
/// `platform.system()`, `std::env::consts::OS`.
pub fn names_windows(text: &str) -> bool {
    matches!(text, "nt" | "win32" | "Windows" | "windows")
}

/// What a function answers that is not seen, and whose name asks for the platform (`is_windows`,
/// `running_on_linux`).
pub(crate) fn answer(name: &str, platform: Platform) -> Option<bool> {
    let asks = ["is_", "on_", "running_on_"]
        .iter()
        .any(|prefix| name.trim_start_matches('_').starts_with(prefix));
    let windows = says_windows(name).filter(|_| asks)?;
    Some(windows == (platform == Platform::Windows))
}

/// Whether any name says that the platform is Windows.
pub(crate) fn says_windows(name: &str) -> Option<bool> {
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    let about = ["is_", "on_", "running_on_"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(&name);
    match about {
        "windows" | "win" | "win32" | "nt" => Some(true),
        "posix" | "unix" | "linux" | "mac" | "macos" | "osx" | "darwin" => Some(false),
        _ => None,
    }
}

/// Whether something holds: known to, known not to, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// It may hold or not.
    Unknown,
}

impl Truth {
    /// Both hold.
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Yes, Truth::Yes) => Truth::Yes,
            _ => Truth::Unknown,
        }
    }

    /// At least one holds.
    pub fn or(self, other: Truth) -> Truth {
        self.not().and(other.not()).not()
    }

    /// What is known when either `self` or `other` is the case.
    pub fn join(self, other: Truth) -> Truth {
        if self == other { self } else { Truth::Unknown }
    }
}

impl Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::Yes } else { Truth::No }
    }
}
