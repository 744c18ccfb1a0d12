//! What a walk skips, and why, to explain why a file was not checked.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use super::walk::{Filter, Walk, walk};
use super::{Wanted, absolute};
use crate::shown::shown;

/// A file or folder that is not checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Its path.
    pub path: PathBuf,
    /// Why.
    pub cause: Cause,
}

/// Why something is left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// It is a type stub, which has no behaviour.
    Stub,
    /// It is a notebook in another language than Python.
    ForeignNotebook,
    /// It is a folder that by its name holds no source of the project's own.
    ForeignFolder,
    /// A configuration file excludes it, or without one the command line.
    Excluded(Option<PathBuf>),
    /// `.gitignore` or its like names it.
    Gitignored,
}

impl LeftOut {
    /// A notebook in another language.
    pub fn foreign_notebook(path: PathBuf) -> LeftOut {
        let cause = Cause::ForeignNotebook;
        LeftOut { path, cause }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: left out: ", shown(&self.path))?;
        match &self.cause {
            Cause::Stub => f.write_str("a type stub"),
            Cause::ForeignNotebook => f.write_str("a notebook in another language than Python"),
            Cause::ForeignFolder => f.write_str("a folder of tools, installed code or output"),
            Cause::Excluded(Some(file)) => write!(f, "excluded in {} or by an option", shown(file)),
            Cause::Excluded(None) => f.write_str("excluded by an option"),
            Cause::Gitignored => f.write_str("named in .gitignore or its like"),
        }
    }
}

/// What `.gitignore` and its like keep from a walk: the files that it would have found, and what it would
/// have left out in any case.
pub fn gitignored(wanted: &Wanted, filter: &Filter, found: &Walk) -> Vec<LeftOut> {
    if !filter.gitignored || wanted.since.is_some() || wanted.files_from.is_some() {
        return Vec::new();
    }
    let files = found.files.iter();
    let known: HashSet<PathBuf> = files.map(|file| absolute(&file.path)).collect();
    let folders = wanted.paths.iter().filter(|path| path.is_dir());
    let folders: Vec<PathBuf> = folders.cloned().collect();
    let all = Filter {
        gitignored: false,
        ..filter.clone()
    };
    let mut all = walk(&folders, &all);
    all.files
        .retain(|file| !known.contains(&absolute(&file.path)));
    let files = all.files.into_iter().map(|file| LeftOut {
        path: file.path,
        cause: Cause::Gitignored,
    });
    all.left_out.extend(files);
    all.left_out
}
