//! The scanned project: its files, what they lower to, and which file a module name stands for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::Problem;
use crate::code::{Block, Name};
use crate::platform::Platform;
use crate::rust::Modules;
use crate::source::{FileId, Language, Source};

/// The files of a scan. Names are resolved among them and never outside.
///
/// What a file lowers to is computed when it is first asked for, and once.
#[derive(Debug)]
pub struct Project {
    /// The files, in the order of their paths.
    pub files: Vec<Source>,
    by_path: HashMap<String, FileId>,
    /// Python files by the last segment of their module name.
    by_stem: HashMap<String, Vec<FileId>>,
    lowered: Vec<Lowered>,
    /// Rust libraries by the name that code calls them.
    libraries: HashMap<String, FileId>,
    modules: [OnceLock<Modules>; 2],
}

#[derive(Debug, Default)]
struct Lowered {
    python: OnceLock<(Block, Vec<Problem>)>,
    rust: [OnceLock<Result<crate::rust::Lowered, Problem>>; 2],
}

fn index(platform: Platform) -> usize {
    match platform {
        Platform::Windows => 0,
        Platform::Linux => 1,
    }
}

impl Project {
    /// A project of these files; they are put in the order of their paths.
    pub fn new(mut files: Vec<Source>) -> Project {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut by_path = HashMap::new();
        let mut by_stem: HashMap<String, Vec<FileId>> = HashMap::new();
        for (index, source) in files.iter().enumerate() {
            let id = FileId(index as u32);
            let path = slashed(&source.path);
            if source.language == Language::Python
                && let Some(stem) = module_stem(&path)
            {
                by_stem.entry(stem.to_owned()).or_default().push(id);
            }
            by_path.insert(path, id);
        }
        let lowered = files.iter().map(|_| Lowered::default()).collect();
        Project {
            files,
            by_path,
            by_stem,
            lowered,
            libraries: HashMap::new(),
            modules: Default::default(),
        }
    }

    /// The same project with what its manifests (`Cargo.toml`: path and text) tell of its files.
    pub fn with_manifests(mut self, manifests: &[(PathBuf, String)]) -> Project {
        for (path, text) in manifests {
            let Some(library) = crate::rust::library(text) else {
                continue;
            };
            let path = slashed(path);
            if let Some(root) = self.at(&join(parent(&path), &library.root)) {
                self.libraries.entry(library.name).or_insert(root);
            }
        }
        self
    }

    /// The root of the Rust library that a manifest gives this name.
    pub(crate) fn rust_library(&self, name: &str) -> Option<FileId> {
        self.libraries.get(name).copied()
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

    // ---- what files lower to ----

    fn python_lowered(&self, file: FileId) -> &(Block, Vec<Problem>) {
        self.lowered[file.0 as usize].python.get_or_init(|| {
            let text = &self.file(file).text;
            crate::python::module(text, &crate::python::Outline::of(text))
        })
    }

    /// The module body of a Python file.
    pub(crate) fn python(&self, file: FileId) -> &Block {
        &self.python_lowered(file).0
    }

    fn rust_lowered(
        &self,
        file: FileId,
        platform: Platform,
    ) -> &Result<crate::rust::Lowered, Problem> {
        self.lowered[file.0 as usize].rust[index(platform)]
            .get_or_init(|| crate::rust::file(&self.file(file).text, platform))
    }

    /// The items of a Rust file that are compiled on a platform, if it parses.
    pub(crate) fn rust(&self, file: FileId, platform: Platform) -> Option<&Block> {
        self.rust_lowered(file, platform)
            .as_ref()
            .ok()
            .map(|lowered| &lowered.body)
    }

    /// What could not be parsed in a file, as far as it has been lowered.
    pub(crate) fn problems(&self, file: FileId) -> Vec<Problem> {
        let lowered = &self.lowered[file.0 as usize];
        let python = lowered.python.get().map(|(_, problems)| problems.clone());
        let rust = match lowered.rust[0].get() {
            Some(Err(problem)) => Some(vec![problem.clone()]),
            _ => None,
        };
        python.or(rust).unwrap_or_default()
    }

    /// The Rust module tree as compiled on a platform.
    pub(crate) fn rust_modules(&self, platform: Platform) -> &Modules {
        self.modules[index(platform)].get_or_init(|| Modules::new(self, platform))
    }

    // ---- Python module names ----

    /// The file that `import path` means in the file `from`; `level` counts leading dots.
    pub(crate) fn python_module(&self, from: FileId, level: u32, path: &[Name]) -> Option<FileId> {
        let own = slashed(&self.file(from).path);
        let directory = parent(&own);
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
            let package = self.by_path.contains_key(&join(base, "__init__.py"));
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

    /// The module below a package.
    pub(crate) fn python_submodule(&self, package: FileId, name: &Name) -> Option<FileId> {
        let path = slashed(&self.file(package).path);
        path.ends_with("__init__.py")
            .then(|| self.module_below(parent(&path), std::slice::from_ref(name)))?
    }

    fn module_below(&self, base: &str, path: &[Name]) -> Option<FileId> {
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

/// A path with `/` between its parts, without a leading `./`.
pub fn slashed(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.strip_prefix("./").map_or(path.clone(), str::to_owned)
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn join(base: &str, name: &str) -> String {
    if base.is_empty() {
        name.to_owned()
    } else {
        format!("{base}/{name}")
    }
}

/// The last segment of the module name of a Python file.
fn module_stem(path: &str) -> Option<&str> {
    let module = path
        .strip_suffix("/__init__.py")
        .or_else(|| path.strip_suffix(".py"))?;
    Some(module.rsplit('/').next().unwrap_or(module))
}
