//! Which file of a project an import means.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use rustc_hash::FxBuildHasher;

use crate::code::Name;
use crate::project::{Project, join, parent, slashed};
use crate::source::{FileId, Source};

/// What imports from one folder mean, by the path of the module.
type Meant = HashMap<Box<[Name]>, Option<FileId>, FxBuildHasher>;

/// Where a search for modules begins, and what was found.
#[derive(Debug)]
pub(crate) struct Search {
    /// The folders that hold files.
    folders: Vec<String>,
    /// For each file the index of its folder.
    folder_of: Vec<u32>,
    /// What imports mean that somebody has asked for, by the folder they stand in and their dots.
    known: RwLock<HashMap<(u32, u32), Meant, FxBuildHasher>>,
}

impl Search {
    pub(crate) fn among(files: &[Source]) -> Search {
        let mut folders = Vec::new();
        let mut indices: HashMap<String, u32> = HashMap::new();
        let folder_of = files.iter().map(|file| {
            let folder = parent(&slashed(&file.path)).to_owned();
            *indices.entry(folder).or_insert_with_key(|folder| {
                folders.push(folder.clone());
                folders.len() as u32 - 1
            })
        });
        Search {
            folder_of: folder_of.collect(),
            folders,
            known: RwLock::default(),
        }
    }
}

impl Project {
    /// The file that `import path` means in the file `from`; `level` counts leading dots.
    pub(crate) fn python_module(&self, from: FileId, level: u32, path: &[Name]) -> Option<FileId> {
        let search = &self.python_search;
        let folder = search.folder_of[from.0 as usize];
        let known = search.known.read().unwrap_or_else(PoisonError::into_inner);
        let meant = known.get(&(folder, level)).and_then(|them| them.get(path));
        if let Some(&meant) = meant {
            return meant;
        }
        drop(known);
        let meant = self.find_module(&search.folders[folder as usize], level, path);
        let mut known = search.known.write().unwrap_or_else(PoisonError::into_inner);
        let them = known.entry((folder, level)).or_default();
        them.insert(path.into(), meant);
        meant
    }

    fn find_module(&self, directory: &str, level: u32, path: &[Name]) -> Option<FileId> {
        if level > 0 {
            let mut base = directory;
            for _ in 1..level {
                base = parent(base);
            }
            return self.module_below(base, path);
        }
        let first = path.first()?;
        if crate::python::is_standard(first) {
            return None;
        }
        // The directories a module search would start from: the one that holds the top-level
        // package of the importing file, and those around it, also with a `src` inside.
        let mut base = directory;
        loop {
            let package = self.at(&join(base, "__init__.py")).is_some();
            if !package || base == directory {
                if let Some(found) = self.module_below(base, path) {
                    return Some(found);
                }
                if let Some(found) = self.module_below(&join(base, "src"), path) {
                    return Some(found);
                }
            }
            if base.is_empty() {
                break;
            }
            base = parent(base);
        }
        self.only_module(path)
    }

    /// The module below a Python package.
    pub(crate) fn submodule(&self, package: FileId, name: &Name) -> Option<FileId> {
        let path = slashed(&self.file(package).path);
        path.ends_with("__init__.py")
            .then(|| self.module_below(parent(&path), std::slice::from_ref(name)))?
    }

    /// The module of this path in a folder.
    pub(crate) fn module_below(&self, base: &str, path: &[Name]) -> Option<FileId> {
        let mut file = base.to_owned();
        for segment in path {
            file = join(&file, segment);
        }
        let module = (!path.is_empty())
            .then(|| self.at(&format!("{file}.py")))
            .flatten();
        module.or_else(|| self.at(&join(&file, "__init__.py")))
    }

    /// The one file of the project whose path ends like the module name, if there is exactly one.
    fn only_module(&self, path: &[Name]) -> Option<FileId> {
        if path.len() < 2 {
            return None;
        }
        let tail = path.join("/");
        let ends = |file: &FileId| {
            let path = slashed(&self.file(*file).path);
            let module = path
                .strip_suffix("/__init__.py")
                .or_else(|| path.strip_suffix(".py"));
            module.is_some_and(|module| {
                module
                    .strip_suffix(&tail)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            })
        };
        let mut found = self
            .by_stem
            .get(&**path.last()?)?
            .iter()
            .filter(|file| ends(file));
        let first = found.next()?;
        found.next().is_none().then_some(*first)
    }
}
