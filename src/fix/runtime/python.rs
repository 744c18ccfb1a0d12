//! The runtime of a Python file: functions that the configuration names, a copy in the project, a
//! dependency, or a copy that is to be written.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use footgun_analysis::project::{Project, slashed};
use footgun_analysis::rewrite::Refusal;
use footgun_analysis::source::{Language, Source};
use footgun_rules::Helper;

use super::{NOT_WANTED, RUNTIME, Runtime, folders_above, named};
use crate::config::declared::{PYTHON_DEPENDENCIES, PYTHON_PROJECT};
use crate::config::values::Vendor;
use crate::config::{FixConfig, FixStyle};
use crate::files::absolute;
use crate::fix::companion::Companion;
use crate::root::is_repository;
use crate::trouble::reason;
use crate::vendor::is_runtime;

/// The name of a copy that nobody asked for: it is the project's own affair.
const COPY: &str = "_footgun_runtime";

/// The oldest Python that runs a copy.
const OLDEST: (u8, u8) = (3, 7);

/// Why a copy of the runtime cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum CopyError {
    #[error("`fix.vendor`: {0} is not footgun_runtime")]
    Foreign(String),
    #[error("`fix.vendor`: {name}: {}", reason(.error))]
    Unreadable { name: String, error: io::Error },
}

/// Where the runtime is, and could be, in a project.
pub(super) struct Homes<'p> {
    project: &'p Project,
    /// Copies of the runtime that are there, once somebody asks.
    copies: OnceCell<Vec<PathBuf>>,
    /// The outermost packages, once somebody asks.
    packages: OnceCell<BTreeSet<PathBuf>>,
}

impl Homes<'_> {
    pub(super) fn of(project: &Project) -> Homes<'_> {
        Homes {
            project,
            copies: OnceCell::new(),
            packages: OnceCell::new(),
        }
    }

    fn sources(&self) -> impl Iterator<Item = &Source> {
        let files = self.project.files_in(Language::Python);
        files.map(|file| self.project.file(file))
    }

    fn copies(&self) -> &[PathBuf] {
        self.copies.get_or_init(|| {
            // One that is only to be written is none yet.
            let is_copy = |it: &&Source| is_runtime(&it.text) && it.path.is_file();
            let copies = self.sources().filter(is_copy);
            copies.map(|source| source.path.clone()).collect()
        })
    }

    fn packages(&self) -> &BTreeSet<PathBuf> {
        self.packages.get_or_init(|| {
            let inits = self.sources();
            let inits = inits.filter(|source| source.path.ends_with("__init__.py"));
            inits.filter_map(|init| package_of(&init.path)).collect()
        })
    }

    /// The copy of the runtime that a file can import: in its own package, beside it, or in a package
    /// that it imports already.
    fn copy_for(&self, source: &Source) -> Option<&PathBuf> {
        let home = import_root(&source.path);
        let near = self
            .copies()
            .iter()
            .filter(|copy| import_root(copy) == home);
        let package = package_of(&source.path);
        let own = near
            .clone()
            .find(|copy| package.is_some() && package_of(copy) == package);
        let imported = |copy: &&PathBuf| {
            package_of(copy).is_some_and(|package| imports(&source.text, &package))
        };
        own.or_else(|| near.into_iter().next())
            .or_else(|| self.copies().iter().find(imported))
    }

    /// Where a copy for a file would be written: into its package, into one that it imports, or beside
    /// it. An error says why nowhere.
    fn place_for(&self, source: &Source) -> Result<PathBuf, Refusal> {
        let oldest = self.project.assumptions.python;
        if oldest.is_some_and(|oldest| oldest < OLDEST) {
            return Err(
                "a copy of footgun-runtime needs Python 3.7, and the project runs on older ones",
            );
        }
        let imported = || {
            let mut packages = self.packages().iter();
            packages.find(|package| imports(&source.text, package))
        };
        let folder = package_of(&source.path).or_else(|| imported().cloned());
        let folder = match folder {
            Some(folder) if is_run_by_its_path(source, &folder) => {
                return Err(
                    "its file may be run as a script and could not import a copy of footgun-runtime \
                     from its package; `fix.runtime` names one that it can import",
                );
            }
            Some(folder) => folder,
            None if self.is_imported_from_its_folder(source) => {
                return Err(
                    "its folder is imported as a package and has no `__init__.py`, so it is not known \
                     by which name it could import a copy of footgun-runtime; `fix.runtime` says it",
                );
            }
            None if is_installed(source) => {
                return Err(
                    "its file is installed without what lies beside it, where a copy of \
                     footgun-runtime would be; a dependency on footgun-runtime helps",
                );
            }
            None => source.path.parent().unwrap_or(Path::new("")).to_owned(),
        };
        let copy = folder.join(COPY).with_extension("py");
        match copy.exists() {
            true => Err("where a copy of footgun-runtime would be written is something else"),
            false => Ok(copy),
        }
    }

    /// Whether somebody imports a file by the name of its folder, which is no package: then what lies
    /// beside it cannot be imported by its plain name.
    fn is_imported_from_its_folder(&self, source: &Source) -> bool {
        let path = absolute(&source.path);
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let folder = path.parent().and_then(Path::file_name);
        let (Some(stem), Some(folder)) = (stem, folder.and_then(|folder| folder.to_str())) else {
            return true;
        };
        let dotted = format!("{folder}.{stem}");
        let from = format!("{folder} import ");
        let names = |line: &str| {
            let line = line.trim_start();
            let is_import = line.starts_with("from ") || line.starts_with("import ");
            let beside = line.split_once(&from);
            is_import
                && (line.contains(&dotted) || beside.is_some_and(|(_, names)| names.contains(stem)))
        };
        let relative = |line: &str| line.trim_start().starts_with("from .");
        let files = self.project.files_in(Language::Python);
        let mut texts = files.map(|file| &self.project.file(file).text);
        source.text.lines().any(relative) || texts.any(|text| text.lines().any(names))
    }
}

/// Whether a file of a package may be run as a script, so that it cannot import by the package's name:
/// it says so and imports nothing of its package that way, or what lies beside it by its plain name.
fn is_run_by_its_path(source: &Source, package: &Path) -> bool {
    let text = &source.text;
    let relative = |line: &str| line.trim_start().starts_with("from .");
    let imports_its_own = imports(text, package) || text.lines().any(relative);
    let is_script = text.starts_with("#!") || text.contains("__main__");
    let beside = |line: &str| {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        let is_import = matches!(words.next(), Some("import" | "from"));
        let module = words
            .next()
            .filter(|module| is_import && !module.is_empty());
        module.is_some_and(|module| {
            let file = source.path.with_file_name(module).with_extension("py");
            !imports_its_own && file.is_file()
        })
    };
    is_script && (!imports_its_own || text.contains("ImportError"))
        || text.lines().any(|line| beside(line.trim_start()))
}

/// Whether a manifest around a file that is in no package names it: then it is installed by itself,
/// without what lies beside it.
fn is_installed(source: &Source) -> bool {
    let stem = source.path.file_stem().and_then(|stem| stem.to_str());
    let Some(stem) = stem else {
        return true;
    };
    let is_part = |c: char| c.is_alphanumeric() || "_-./*".contains(c);
    let names = |text: &str| {
        let mut words = text.split(|c: char| !is_part(c));
        words.any(|word| {
            let module = word.strip_suffix(".py").unwrap_or(word);
            let folder = word.strip_suffix(stem);
            module == stem || folder.is_some_and(|folder| folder.ends_with('/'))
        })
    };
    any_says(&source.path, &PYTHON_PROJECT, names)
}

/// Whether one of the files with these names, in a folder around `path`, says something.
fn any_says(path: &Path, names: &[&str], says: impl Fn(&str) -> bool) -> bool {
    folders_above(path).any(|folder| {
        let mut texts = names
            .iter()
            .filter_map(|name| fs::read_to_string(folder.join(name)).ok());
        texts.any(|text| says(&text))
    })
}

/// What a Python file can call.
pub(super) fn runtime(
    source: &Source,
    homes: &Homes,
    config: &FixConfig,
) -> Result<Runtime, CopyError> {
    let mut own = HashMap::new();
    for (helper, name) in [
        (Helper::ProbePid, &config.probe_pid),
        (Helper::WinArgv, &config.win_argv),
        (Helper::PopenDetached, &config.popen_detached),
        (Helper::NewGroupKwargs, &config.new_group_kwargs),
        (Helper::PidExists, &config.pid_exists),
    ] {
        if let Some(name) = name {
            let (module, function) = name.parts();
            own.insert(helper, named(module, function));
        }
    }
    let mut without = Vec::new();
    if config.pid_exists.is_some() {
        without.push(Helper::ProbePid);
    }
    own.insert(Helper::Replace, named("os", Helper::Replace.name()));
    if config.style == FixStyle::Inline {
        without.push(Helper::WinArgv);
        own.insert(Helper::Which, named("shutil", Helper::Which.name()));
    }
    let place = module_for(source, homes, config)?;
    let obstacle = place.as_ref().err().copied();
    let (module, copy) = place.ok().unzip();
    Ok(Runtime {
        module,
        own,
        companion: copy.flatten().map(Companion::Copy),
        without,
        obstacle,
    })
}

/// The module that has the runtime for a file, and the copy of it that is to be written; or why there is
/// none.
fn module_for(
    source: &Source,
    homes: &Homes,
    config: &FixConfig,
) -> Result<Result<(String, Option<PathBuf>), Refusal>, CopyError> {
    const NO_NAME: Refusal = "the copy of footgun-runtime has no name that could be imported";
    if let Some(module) = &config.runtime {
        return Ok(Ok((module.clone(), None)));
    }
    if let Some(Vendor::At(copy)) = &config.vendor {
        let missing = is_missing(copy)?.then(|| beside(&source.path, copy));
        return Ok(module(copy).map(|module| (module, missing)).ok_or(NO_NAME));
    }
    if let Some(module) = homes.copy_for(source).and_then(|copy| module(copy)) {
        return Ok(Ok((module, None)));
    }
    if is_dependency(&source.path) {
        return Ok(Ok((RUNTIME.to_owned(), None)));
    }
    if config.vendor == Some(Vendor::Whether(false)) {
        return Ok(Err(NOT_WANTED));
    }
    Ok(homes.place_for(source).and_then(|copy| {
        let module = module(&copy).ok_or(NO_NAME)?;
        Ok((module, Some(copy)))
    }))
}

/// The folder of the outermost package that a file is part of.
fn package_of(path: &Path) -> Option<PathBuf> {
    let packages = path
        .ancestors()
        .skip(1)
        .take_while(|folder| is_package(folder));
    packages.last().map(Path::to_owned)
}

/// Whether a folder is a package. The root of a repository is none, whatever lies in it: what it is
/// called is up to whoever clones it.
fn is_package(folder: &Path) -> bool {
    let name = absolute(folder);
    let name = name.file_name().and_then(|name| name.to_str());
    folder.join("__init__.py").is_file()
        && name.is_some_and(is_identifier)
        && !is_repository(folder)
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_')
        && letters.all(|c| c.is_alphanumeric() || c == '_')
}

/// The folder that the modules around a file are found in.
fn import_root(path: &Path) -> PathBuf {
    let path = absolute(path);
    let folder = package_of(&path).unwrap_or_else(|| path.clone());
    folder.parent().map(Path::to_owned).unwrap_or_default()
}

/// Whether a text imports a package.
fn imports(text: &str, package: &Path) -> bool {
    let Some(name) = package.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    text.lines().any(|line| {
        let line = line.trim_start();
        let rest = line
            .strip_prefix("from ")
            .or_else(|| line.strip_prefix("import "));
        let rest = rest.and_then(|rest| rest.trim_start().strip_prefix(name));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ', ',', ';']))
    })
}

/// The absolute name of a Python module: its path from the first folder that is no package.
fn module(path: &Path) -> Option<String> {
    let path = absolute(path);
    let mut parts = vec![path.file_stem()?.to_str()?.to_owned()];
    let mut folder = path.parent();
    while let Some(package) = folder.filter(|folder| is_package(folder)) {
        parts.push(package.file_name()?.to_str()?.to_owned());
        folder = package.parent();
    }
    if parts.first().is_some_and(|stem| stem == "__init__") {
        parts.remove(0);
    }
    parts.reverse();
    Some(parts.join("."))
}

/// Whether the copy of the runtime has to be written; something else in its place is a mistake.
fn is_missing(copy: &Path) -> Result<bool, CopyError> {
    let name = slashed(copy);
    match fs::read(copy) {
        Ok(bytes) if is_runtime(&String::from_utf8_lossy(&bytes)) => Ok(false),
        Ok(_) => Err(CopyError::Foreign(name)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(CopyError::Unreadable { name, error }),
    }
}

/// A path as those of the scan are given: relative to the current folder or absolute.
fn beside(source: &Path, path: &Path) -> PathBuf {
    let here = std::path::absolute(".").unwrap_or_default();
    match path.strip_prefix(here) {
        Ok(relative) if source.is_relative() => relative.to_owned(),
        _ => path.to_owned(),
    }
}

/// Whether the project around a Python file says that it depends on the runtime.
fn is_dependency(path: &Path) -> bool {
    any_says(path, &PYTHON_DEPENDENCIES, requires_runtime)
}

/// Whether a text names the runtime outside comments.
fn requires_runtime(text: &str) -> bool {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default())
        .any(|line| line.contains("footgun-runtime") || line.contains(RUNTIME))
}
