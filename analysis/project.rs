//! The scanned project: its files, and which file a module name stands for.

use std::collections::HashMap;
use std::path::Path;

use crate::source::{FileId, Language, Source};

/// The files of a scan. Names are resolved among them and never outside.
#[derive(Debug)]
pub struct Project {
    /// The files, in the order of their paths.
    pub files: Vec<Source>,
    by_path: HashMap<String, FileId>,
}

impl Project {
    /// A project of these files; they are put in the order of their paths.
    pub fn new(mut files: Vec<Source>) -> Project {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let by_path = files
            .iter()
            .enumerate()
            .map(|(index, source)| (slashed(&source.path), FileId(index as u32)))
            .collect();
        Project { files, by_path }
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The ids of the files in `language`.
    pub fn files_in(&self, language: Language) -> impl Iterator<Item = FileId> + '_ {
        self.files
            .iter()
            .enumerate()
            .filter(move |(_, source)| source.language == language)
            .map(|(index, _)| FileId(index as u32))
    }

    /// The file at a path, written with `/`.
    pub fn at(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }
}

/// A path with `/` between its parts, without a leading `./`.
pub fn slashed(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.strip_prefix("./").map_or(path.clone(), str::to_owned)
}
