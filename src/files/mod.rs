//! The files of a run: those that are checked, and those around them among which names are resolved.

mod changes;
pub mod decode;
pub mod git;
pub mod left_out;
pub mod notebook;
pub mod read;
pub mod surroundings;
pub mod walk;

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use footgun_analysis::source::Language;
use thiserror::Error;

use crate::shown::shown;
use crate::trouble::reason;
use git::{GitError, Since};
use walk::{Filter, Walk, walk};

/// Why the files to check cannot be determined.
#[derive(Debug, Error)]
pub enum FilesError {
    /// There is no current folder.
    #[error("{}", reason(.0))]
    NoFolder(io::Error),
    /// A list of files, or standard input, cannot be read.
    #[error("{}: {}", shown(.path), reason(.error))]
    Unreadable {
        /// The list.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The changed files cannot be determined.
    #[error(transparent)]
    Git(#[from] GitError),
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its path as reports show it: as given, or below the folder that was given.
    pub path: PathBuf,
    /// Its language by extension; without one, reading it tells.
    pub language: Option<Language>,
    /// Its bytes, where they are not those of the file on disk.
    pub bytes: Option<Vec<u8>>,
    /// Whether it is only there for the names in it.
    pub is_around: bool,
}

/// Which files are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Files and folders, or `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// A file, or `-` for standard input, that names files and folders, a line or a NUL after each.
    pub files_from: Option<PathBuf>,
    /// Of the files in `paths`, only those that have changed.
    pub since: Option<Since>,
    /// Of these, only the lines that have changed.
    pub changed_lines: bool,
    /// The path of standard input.
    pub stdin_filename: Option<PathBuf>,
}

/// The files of a run.
#[derive(Debug, Default)]
pub struct Files {
    /// What is read, each file once, in the order of the paths.
    pub walk: Walk,
    /// What of it is checked.
    pub scope: Scope,
    /// The absolute paths of what has changed, links too, where only that is wanted.
    pub changed: Option<HashSet<PathBuf>>,
}

/// What is checked of the files that are read.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The files that are read for the names in them alone.
    around: HashSet<PathBuf>,
    /// Of files that are not checked whole, by absolute path, the first and last rows of what is.
    rows: HashMap<PathBuf, Vec<(usize, usize)>>,
}

impl Scope {
    /// Whether a file is checked.
    pub fn has(&self, path: &Path) -> bool {
        !self.around.contains(path)
    }

    /// Whether every file is checked whole, if it is.
    pub fn is_whole(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether any of the rows from `first` to `last` of a file is checked.
    pub fn has_rows(&self, path: &Path, first: usize, last: usize) -> bool {
        let rows = self.rows.get(&absolute(path));
        self.has(path)
            && rows.is_none_or(|rows| {
                let mut rows = rows.iter();
                rows.any(|&(from, to)| from <= last && first <= to)
            })
    }
}

/// The name of standard input.
pub(crate) const STDIN: &str = "-";

/// Finds the files that are wanted, and where only some files of a project are, those around them.
///
/// # Errors
///
/// A list of files cannot be read, or git cannot tell what has changed.
pub fn find(wanted: &Wanted, filter: &Filter) -> Result<Files, FilesError> {
    let mut paths = wanted.paths.clone();
    if let Some(list) = &wanted.files_from {
        paths = listed(&bytes_of(list)?);
    }
    let stdin = paths.iter().any(|path| path == OsStr::new(STDIN));
    paths.retain(|path| path != OsStr::new(STDIN));

    let mut files = match &wanted.since {
        Some(since) => changes::find(&paths, since, wanted.changed_lines, filter)?,
        None => Files {
            walk: walk(&paths, filter),
            ..Files::default()
        },
    };
    if stdin {
        let name = wanted.stdin_filename.clone();
        let path = name.unwrap_or_else(|| PathBuf::from("stdin.py"));
        files.walk.files.retain(|found| found.path != path);
        files.walk.files.push(Found {
            language: Language::of(&path),
            path,
            bytes: Some(bytes_of(Path::new(STDIN))?),
            is_around: false,
        });
    }
    files.walk.files.sort();
    let is_whole = |path: &PathBuf| path.is_dir();
    if stdin || wanted.since.is_some() || !paths.iter().all(is_whole) {
        surroundings::add(&mut files.walk, filter);
    }
    let around = files.walk.files.iter().filter(|found| found.is_around);
    files.scope.around = around.map(|found| found.path.clone()).collect();
    Ok(files)
}

/// The path from the root of the file system, as far as there is a current folder, for which no path
/// stands as well as `.`.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let named = match path.as_os_str().is_empty() {
        true => Path::new("."),
        false => path,
    };
    std::path::absolute(named).unwrap_or_else(|_| path.to_owned())
}

/// The bytes of a file, or of standard input.
fn bytes_of(path: &Path) -> Result<Vec<u8>, FilesError> {
    let mut bytes = Vec::new();
    let read = match path == Path::new(STDIN) {
        true => io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        false => fs::read(path).map(|read| bytes = read),
    };
    match read {
        Ok(()) => Ok(bytes),
        Err(error) => Err(FilesError::Unreadable {
            path: path.to_owned(),
            error,
        }),
    }
}

/// The paths in a list: with a NUL after each where there is one, else with a line for each.
fn listed(list: &[u8]) -> Vec<PathBuf> {
    let end = if list.contains(&0) { 0 } else { b'\n' };
    let names = list.split(|&byte| byte == end);
    let names = names.map(|name| match end {
        0 => name,
        _ => name.strip_suffix(b"\r").unwrap_or(name),
    });
    names
        .filter(|name| !name.is_empty())
        .map(|name| git::os_string(name).into())
        .collect()
}
