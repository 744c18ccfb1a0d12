//! Where repairs come from: the functions that fixed code of a file may call.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use footgun_analysis::project::{Project, slashed};
use footgun_analysis::rewrite::Function;
use footgun_analysis::source::{FileId, Language};
use footgun_rules::Helper;

use crate::config::{ConfigError, Configs, FixConfig, FixStyle};
use crate::files::absolute;
use crate::root::is_repository;
use crate::trouble::reason;
use crate::vendor::is_runtime;

/// The crate, and the Python package.
const RUNTIME: &str = "footgun_runtime";

/// Copies of the runtime that are to be written, by the files whose fixes import them.
pub type Copies = BTreeMap<FileId, PathBuf>;

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
    /// The copy of the runtime that is to be written with the first fix that imports it.
    copy: Option<PathBuf>,
    /// What is to be done without, although the runtime has it.
    without: Vec<Helper>,
}

impl Runtimes {
    /// Finds out for these files: what the configuration names, a copy in the project, a dependency
    /// on the runtime, in this order.
    ///
    /// # Errors
    ///
    /// A configuration file is wrong.
    pub fn of(
        project: &Project,
        files: impl IntoIterator<Item = FileId>,
        configs: &Configs,
    ) -> Result<Runtimes, ConfigError> {
        let copies: Vec<PathBuf> = project
            .files_in(Language::Python)
            .map(|file| project.file(file))
            .filter(|source| is_runtime(&source.text))
            .map(|source| source.path.clone())
            .collect();
        let mut by_file = HashMap::new();
        for file in files {
            let source = project.file(file);
            let folder = source.path.parent().unwrap_or(Path::new(""));
            let settings = configs.of(folder)?;
            let runtime = match source.language {
                Language::Python => {
                    let mut runtime = python(&source.path, &copies, &settings.config.fix);
                    if let Some(copy) = &settings.config.fix.vendor {
                        let is_missing = is_missing(copy).map_err(|error| ConfigError {
                            path: settings.file.clone().unwrap_or_default(),
                            position: None,
                            message: error.to_string(),
                        })?;
                        runtime.copy = is_missing.then(|| beside(&source.path, copy));
                    }
                    runtime
                }
                Language::Rust => rust(&source.path),
            };
            by_file.insert(file, runtime);
        }
        Ok(Runtimes { by_file })
    }

    /// The copies of the runtime that are not there yet, by the files whose fixes import them.
    pub fn copies(&self) -> Copies {
        let copy = |(file, runtime): (&FileId, &Runtime)| Some((*file, runtime.copy.clone()?));
        self.by_file.iter().filter_map(copy).collect()
    }

    /// The function that stands for one of the runtime in a file, if there is any.
    pub fn function(&self, file: FileId, helper: Helper) -> Option<Function> {
        let runtime = self.by_file.get(&file)?;
        if let Some(own) = runtime.own.get(&helper) {
            return Some(own.clone());
        }
        let is_elsewhere = matches!(helper, Helper::PidExists | Helper::Which);
        if is_elsewhere || runtime.without.contains(&helper) {
            return None;
        }
        Some(Function {
            module: runtime.module.clone()?,
            name: helper.name().to_owned(),
        })
    }
}

fn python(path: &Path, copies: &[PathBuf], config: &FixConfig) -> Runtime {
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
    if config.style == FixStyle::Inline {
        without.push(Helper::WinArgv);
        own.insert(Helper::Which, named("shutil", Helper::Which.name()));
    }
    let module = config
        .runtime
        .clone()
        .or_else(|| module(config.vendor.as_deref()?))
        .or_else(|| copy_for(path, copies))
        .or_else(|| is_python_dependency(path).then(|| RUNTIME.to_owned()));
    Runtime {
        module,
        own,
        copy: None,
        without,
    }
}

fn named(module: &str, name: &str) -> Function {
    Function {
        module: module.to_owned(),
        name: name.to_owned(),
    }
}

/// The copy of the runtime that a file can import: one in its own package before others.
fn copy_for(path: &Path, copies: &[PathBuf]) -> Option<String> {
    let package = |path: &Path| {
        module(path).and_then(|module| {
            let first = module.split('.').next()?;
            Some(first.to_owned())
        })
    };
    let home = package(path);
    let near = copies.iter().find(|copy| package(copy) == home);
    module(near.or(copies.first())?)
}

/// The absolute name of a Python module: its path from the first folder that is no package.
fn module(path: &Path) -> Option<String> {
    let path = std::path::absolute(path).ok()?;
    let mut parts = vec![path.file_stem()?.to_str()?.to_owned()];
    let mut folder = path.parent();
    while let Some(package) = folder.filter(|folder| folder.join("__init__.py").is_file()) {
        parts.push(package.file_name()?.to_str()?.to_owned());
        folder = package.parent();
    }
    if parts.first().is_some_and(|stem| stem == "__init__") {
        parts.remove(0);
    }
    parts.reverse();
    Some(parts.join("."))
}

/// Why a copy of the runtime cannot be used.
#[derive(Debug, thiserror::Error)]
enum CopyError {
    #[error("`fix.vendor`: {0} is not footgun_runtime")]
    Foreign(String),
    #[error("`fix.vendor`: {name}: {}", reason(.error))]
    Unreadable { name: String, error: io::Error },
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
fn is_python_dependency(path: &Path) -> bool {
    const SAYING: [&str; 5] = [
        "pyproject.toml",
        "setup.cfg",
        "setup.py",
        "requirements.txt",
        "Pipfile",
    ];
    folders_above(path).any(|folder| {
        SAYING.iter().any(|name| {
            fs::read_to_string(folder.join(name)).is_ok_and(|text| requires_runtime(&text))
        })
    })
}

/// Whether a text names the runtime outside comments.
fn requires_runtime(text: &str) -> bool {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default())
        .any(|line| line.contains("footgun-runtime") || line.contains(RUNTIME))
}

/// The crate under the name by which the package around a Rust file depends on it.
fn rust(path: &Path) -> Runtime {
    let path = absolute(path);
    let manifests: Vec<(&Path, toml::Table)> = path
        .ancestors()
        .skip(1)
        .filter_map(|folder| {
            let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
            Some((folder, text.parse().ok()?))
        })
        .collect();
    let Some((folder, manifest)) = manifests.first() else {
        return Runtime::default();
    };
    let build = manifest.get("package").and_then(|it| it.get("build"));
    let script = build.and_then(toml::Value::as_str).unwrap_or("build.rs");
    // The build script is a program of its own, which has other dependencies.
    let dependencies = match path == folder.join(script) {
        true => "build-dependencies",
        false => "dependencies",
    };
    let of_workspace = |name: &str| {
        let mut workspaces = manifests.iter().filter_map(|(_, it)| it.get("workspace"));
        workspaces.find_map(|workspace| workspace.get("dependencies")?.get(name))
    };
    let dependencies = manifest.get(dependencies).and_then(toml::Value::as_table);
    let found = dependencies.into_iter().flatten().find_map(|(name, own)| {
        let inherits = own.get("workspace").is_some();
        let inherited = inherits.then(|| of_workspace(name)).flatten();
        let said = [Some(own), inherited];
        let said = said.into_iter().flatten();
        let package = said.clone().find_map(|it| it.get("package")?.as_str());
        let features = said.filter_map(|it| it.get("features")?.as_array());
        let has_tokio = features
            .flatten()
            .any(|feature| feature.as_str() == Some("tokio"));
        let is_runtime = package.unwrap_or(name).replace('-', "_") == RUNTIME;
        is_runtime.then(|| (name.replace('-', "_"), has_tokio))
    });
    let Some((module, has_tokio)) = found else {
        return Runtime::default();
    };
    let tokio = Helper::TokioSpawnDetached;
    let function = named(&format!("{module}::tokio"), tokio.name());
    Runtime {
        own: HashMap::from_iter(has_tokio.then_some((tokio, function))),
        without: vec![tokio],
        module: Some(module),
        ..Runtime::default()
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
mod tests {
    use footgun_analysis::source::Source;

    use super::*;
    use crate::testing::tree;

    /// The function for `helper` in the first of these files.
    fn function(files: &[(&str, &str)], helper: Helper) -> Option<String> {
        let root = tree(files);
        let sources = files.iter().filter_map(|(path, text)| {
            let path = root.path().join(path);
            Some(Source {
                language: Language::of(&path)?,
                path,
                text: (*text).to_owned(),
            })
        });
        let project = Project::new(sources.collect());
        let first = slashed(&root.path().join(files[0].0));
        let file = project.at(&first).unwrap();
        let runtimes = Runtimes::of(&project, [file], &Configs::default()).unwrap();
        let function = runtimes.function(file, helper)?;
        Some(format!("{}:{}", function.module, function.name))
    }

    #[test]
    fn without_a_runtime_there_is_no_function() {
        let comment = ("pyproject.toml", "# footgun-runtime would help\n");
        assert_eq!(function(&[("a.py", ""), comment], Helper::ProbePid), None);
        assert_eq!(function(&[("src/main.rs", "")], Helper::Resolve), None);
    }

    #[test]
    fn a_dependency_is_found_in_what_declares_it() {
        for file in [
            ("pyproject.toml", "dependencies = ['footgun-runtime>=0.1']"),
            ("setup.py", "setup(install_requires=['footgun_runtime'])"),
            ("setup.cfg", "install_requires =\n    footgun-runtime\n"),
            ("Pipfile", "[packages]\nfootgun-runtime = '*'\n"),
            ("requirements.txt", "footgun-runtime==0.1.0 # why\n"),
        ] {
            let found = function(&[("src/app/a.py", ""), file], Helper::WinArgv);
            assert_eq!(
                found.as_deref(),
                Some("footgun_runtime:win_argv"),
                "{}",
                file.0
            );
        }
        for (dependencies, module) in [
            ("footgun-runtime = \"0.1\"", "footgun_runtime"),
            (
                "win = { package = \"footgun-runtime\", version = \"0.1\" }",
                "win",
            ),
        ] {
            let manifest = format!("[dependencies]\n{dependencies}");
            let files = [("src/main.rs", ""), ("Cargo.toml", manifest.as_str())];
            let found = function(&files, Helper::Resolve);
            assert_eq!(found, Some(format!("{module}:resolve")));
        }
    }

    #[test]
    fn tokio_has_to_be_asked_for() {
        let workspace =
            "[workspace.dependencies.footgun-runtime]\nversion = '1'\nfeatures = ['tokio']\n";
        for (own, top, has_tokio) in [
            ("footgun-runtime = '1'", "", false),
            (
                "win = { package = 'footgun-runtime', features = ['tokio'] }",
                "",
                true,
            ),
            ("footgun-runtime = { workspace = true }", workspace, true),
            ("footgun-runtime.workspace = true", "[workspace]", false),
            ("footgun-runtime = '1'", workspace, false),
        ] {
            let own = format!("[dependencies]\n{own}\n");
            let files = [
                ("a/src/main.rs", ""),
                ("a/Cargo.toml", &own),
                ("Cargo.toml", top),
            ];
            let of = |helper| function(&files, helper);
            let module = of(Helper::SpawnDetached).unwrap();
            let module = module.strip_suffix(":spawn_detached").unwrap();
            let tokio = has_tokio.then(|| format!("{module}::tokio:spawn_detached"));
            assert_eq!(of(Helper::TokioSpawnDetached), tokio, "{own}{top}");
        }
    }

    #[test]
    fn a_build_script_has_dependencies_of_its_own() {
        let named = "[package]\nbuild = 'gen/make.rs'\n";
        for (package, path, table) in [
            ("", "build.rs", "build-dependencies"),
            ("", "src/build.rs", "dependencies"),
            (named, "gen/make.rs", "build-dependencies"),
            (named, "build.rs", "dependencies"),
        ] {
            for other in ["build-dependencies", "dependencies"] {
                let manifest = format!("{package}[{other}]\nfootgun-runtime = '1'\n");
                let found = function(&[(path, ""), ("Cargo.toml", &manifest)], Helper::Resolve);
                assert_eq!(found.is_some(), other == table, "{path}: {manifest}");
            }
        }
    }

    #[test]
    fn a_copy_in_the_project_comes_before_a_dependency() {
        let copy = "# footgun_runtime 0.1.0. May be copied.\n";
        let files = [
            ("src/app/deep/a.py", ""),
            ("src/app/__init__.py", ""),
            ("src/app/deep/__init__.py", ""),
            ("src/app/_winproc.py", copy),
            ("other/_winproc.py", copy),
            ("requirements.txt", "footgun-runtime"),
        ];
        let found = function(&files, Helper::ProbePid);
        assert_eq!(found.as_deref(), Some("app._winproc:probe_pid"));
    }

    #[test]
    fn the_configuration_comes_first() {
        let config = "[fix]\nruntime = 'app._win'\nprobe-pid = 'app.status:probe'\n";
        let files = [
            ("app/a.py", ""),
            ("footgun-check.toml", config),
            ("requirements.txt", "footgun-runtime"),
        ];
        let found = |helper| function(&files, helper).unwrap();
        assert_eq!(found(Helper::ProbePid), "app.status:probe");
        assert_eq!(found(Helper::WinArgv), "app._win:win_argv");
    }

    #[test]
    fn without_a_runtime_there_are_other_ways() {
        let found = |config: &str, helper| {
            let config = format!("[fix]\n{config}");
            let files = [
                ("app/a.py", ""),
                ("footgun-check.toml", &config),
                ("requirements.txt", "footgun-runtime"),
            ];
            function(&files, helper)
        };
        let (exists, inline) = ("pid-exists = 'app.status:_exists'", "style = 'inline'");
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(found("", Helper::PidExists), None);
        assert_eq!(found("", Helper::Which), None);
        assert_eq!(found(exists, Helper::PidExists), some("app.status:_exists"));
        assert_eq!(found(exists, Helper::ProbePid), None);
        assert_eq!(found(inline, Helper::Which), some("shutil:which"));
        assert_eq!(found(inline, Helper::WinArgv), None);
        assert_eq!(
            found(inline, Helper::ProbePid),
            some("footgun_runtime:probe_pid")
        );
        // What is named is called.
        let both = "pid-exists = 'a:b'\nprobe-pid = 'a:c'\nwin-argv = 'a:d'\nstyle = 'inline'";
        assert_eq!(found(both, Helper::ProbePid), some("a:c"));
        assert_eq!(found(both, Helper::WinArgv), some("a:d"));
    }
}
