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
