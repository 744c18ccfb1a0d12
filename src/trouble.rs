//! Paths that could not be checked or repaired, and why.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::shown::shown;
use crate::terminal::messages::Level;

/// A path that was not checked or repaired.
#[derive(Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The path.
    pub path: PathBuf,
    /// The sort of trouble.
    pub kind: TroubleKind,
    /// What the operating system or the decoder says.
    pub reason: String,
}

/// The sorts of [`Trouble`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TroubleKind {
    /// A path on the command line that leads nowhere.
    Missing,
    /// A file or folder that could not be read.
    Unreadable,
    /// A file whose bytes are not text.
    Undecodable,
    /// A file given by name that is neither Python nor Rust.
    Foreign,
    /// A file at which the analysis itself failed.
    Crashed,
    /// A file with a fix after which something is wrong that was not before.
    Unrepaired,
    /// A file whose new text could not be written.
    Unwritten,
}

impl Trouble {
    /// Trouble with the file system.
    pub fn io(path: &Path, kind: TroubleKind, error: &io::Error) -> Trouble {
        Trouble {
            path: path.to_owned(),
            kind,
            reason: reason(error),
        }
    }
}

/// What the file system says, in words that are the same on all systems where they are common.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

impl TroubleKind {
    /// Whether the command failed to do what it was asked, so that its status is an error.
    pub fn fails(self) -> bool {
        match self {
            TroubleKind::Missing
            | TroubleKind::Unreadable
            | TroubleKind::Crashed
            | TroubleKind::Unrepaired
            | TroubleKind::Unwritten => true,
            TroubleKind::Undecodable | TroubleKind::Foreign => false,
        }
    }
}

impl Trouble {
    /// How bad it is.
    pub fn level(&self) -> Level {
        match self.kind.fails() {
            true => Level::Error,
            false => Level::Warning,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", shown(&self.path), self.reason)?;
        match self.kind {
            TroubleKind::Missing | TroubleKind::Crashed | TroubleKind::Unrepaired => Ok(()),
            TroubleKind::Unwritten => f.write_str("; left as it was"),
            TroubleKind::Unreadable | TroubleKind::Undecodable | TroubleKind::Foreign => {
                f.write_str("; not checked")
            }
        }
    }
}
