//! Where repairs come from: the functions that fixed code of a file may call.

mod python;
mod rust;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use footgun_analysis::project::Project;
use footgun_analysis::rewrite::{Function, Refusal};
use footgun_analysis::source::{FileId, Language};
use footgun_rules::Helper;

use super::companion::{Companion, Table};
use crate::config::{ConfigError, Configs};
use crate::files::absolute;
use crate::root::is_repository;
use python::Homes;

/// The crate, and the Python package.
const RUNTIME: &str = "footgun_runtime";

/// What is to be written before files whose fixes call the runtime.
pub type Companions = BTreeMap<FileId, Companion>;

/// What the files of a project can call.
#[derive(Debug)]
pub struct Runtimes {
    by_file: HashMap<FileId, Runtime>,
}

/// What one file can call.
#[derive(Debug, Default, PartialEq, Eq)]
struct Runtime {
    /// The module that has the runtime.
    module: Option<String>,
    /// What comes from elsewhere.
    own: HashMap<Helper, Function>,
    /// What is to be written with the first fix that calls the runtime.
    companion: Option<Companion>,
    /// What is to be done without, although the runtime has it.
    without: Vec<Helper>,
    /// Why the runtime can be neither called nor written, where somebody can do something about it.
    obstacle: Option<Refusal>,
}

/// Nothing is to be written.
pub const NOT_WANTED: Refusal =
    "the project does not depend on footgun-runtime, and `fix.vendor = false` forbids a copy of it";

impl Runtimes {
    /// Finds out for these files: what the configuration names, a copy in the project, a dependency
    /// on the runtime, in this order; where there is none of these, what can be written to have one.
    ///
    /// # Errors
    ///
    /// A configuration file is wrong.
    pub fn of(
        project: &Project,
        files: impl IntoIterator<Item = FileId>,
        configs: &Configs,
    ) -> Result<Runtimes, ConfigError> {
        let homes = Homes::of(project);
        let mut by_file = HashMap::new();
        for file in files {
            let source = project.file(file);
            let folder = source.path.parent().unwrap_or(Path::new(""));
            let settings = configs.of(folder)?;
            let fix = &settings.config.fix;
            let runtime = match source.language {
                Language::Python => {
                    python::runtime(source, &homes, fix).map_err(|error| ConfigError {
                        path: settings.file.clone().unwrap_or_default(),
                        position: None,
                        message: error.to_string(),
                    })?
                }
                Language::Rust => rust::runtime(&source.path, fix, configs.rust(folder)),
            };
            by_file.insert(file, runtime);
        }
        let mut runtimes = Runtimes { by_file };
        runtimes.share_dependencies();
        Ok(runtimes)
    }

    /// Tests and examples see what their package depends on: where that will be the runtime they need no
    /// dependency of their own.
    fn share_dependencies(&mut self) {
        let companions = || self.by_file.values().filter_map(|it| it.companion.as_ref());
        let of_packages: BTreeSet<PathBuf> = companions()
            .filter_map(|companion| match companion {
                Companion::Dependency(it) if it.table == Table::Plain => Some(it.manifest.clone()),
                _ => None,
            })
            .collect();
        let companions = self.by_file.values_mut();
        for companion in companions.filter_map(|it| it.companion.as_mut()) {
            if let Companion::Dependency(it) = companion
                && it.table == Table::Development
                && of_packages.contains(&it.manifest)
            {
                it.table = Table::Plain;
            }
        }
    }

    /// What is not there yet and is to be written before the files whose fixes call it.
    pub fn companions(&self) -> Companions {
        let companion =
            |(file, runtime): (&FileId, &Runtime)| Some((*file, runtime.companion.clone()?));
        self.by_file.iter().filter_map(companion).collect()
    }

    /// Why a file can call nothing of the runtime, where more is known than that it is not there.
    pub fn obstacle(&self, file: FileId) -> Option<Refusal> {
        self.by_file.get(&file)?.obstacle
    }

    /// The function that stands for one of the runtime in a file, if there is any.
    pub fn function(&self, file: FileId, helper: Helper) -> Option<Function> {
        let runtime = self.by_file.get(&file)?;
        if let Some(own) = runtime.own.get(&helper) {
            return Some(own.clone());
        }
        let is_elsewhere = matches!(helper, Helper::PidExists | Helper::Which | Helper::Replace);
        if is_elsewhere || runtime.without.contains(&helper) {
            return None;
        }
        Some(named(runtime.module.as_deref()?, helper.name()))
    }
}

fn named(module: &str, name: &str) -> Function {
    Function {
        module: module.to_owned(),
        name: name.to_owned(),
    }
}

/// The folders around a file, up to the root of its repository if it is in one.
fn folders_above(path: &Path) -> impl Iterator<Item = PathBuf> {
    let path = absolute(path);
    let mut above = path
        .ancestors()
        .skip(1)
        .map(Path::to_owned)
        .collect::<Vec<_>>();
    let root = above.iter().position(|folder| is_repository(folder));
    above.truncate(root.map_or(above.len(), |root| root + 1));
    above.into_iter()
}

#[cfg(test)]
mod tests;
