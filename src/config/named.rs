//! The modules that a configuration names for repairs: whether the project has them.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use footgun_analysis::source::{Language, Source};

use super::declared::PYTHON_DEPENDENCIES;
use super::files::PLACES;
use super::settings::Settings;
use super::{ConfigError, Configs, FixConfig, position};
use crate::files::absolute;

/// Modules that fixes may call without being a part of the project.
const RUNTIME: &str = "footgun_runtime";

/// Looks for the modules that the configurations of the files name; the answer is what is probably
/// wrong, since the module is another project's, which does not seem to be depended on.
///
/// # Errors
///
/// A configuration file is wrong, or names a module that the project would have and does not.
pub fn check(sources: &[Source], configs: &Configs) -> Result<Vec<ConfigError>, ConfigError> {
    let mut warnings = Vec::new();
    let mut seen = BTreeSet::new();
    for source in sources {
        let settings = configs.of(source.path.parent().unwrap_or(Path::new("")))?;
        let Some(file) = &settings.file else {
            continue;
        };
        let named = modules(&settings.config.fix);
        if named.is_empty() || !seen.insert(file.clone()) {
            continue;
        }
        let roots = roots(sources, &settings, configs)?;
        for (key, value, module) in named {
            if module == RUNTIME || roots.iter().any(|root| has(root, &module)) {
                continue;
            }
            let first = module.split('.').next().unwrap_or(&module);
            let is_ours = roots.iter().any(|root| has(root, first));
            let error = |message: String| ConfigError {
                path: file.clone(),
                position: place(file, key),
                message,
            };
            if is_ours {
                let message =
                    format!("`fix.{key}` is \"{value}\", but `{first}` has no `{module}`");
                return Err(error(message));
            }
            if !is_depended_on(file, first) {
                warnings.push(error(format!(
                    "`fix.{key}` is \"{value}\", but `{first}` is neither a part of the project nor \
                     among what it depends on"
                )));
            }
        }
    }
    Ok(warnings)
}

/// The keys that name modules, with what they say and the module.
fn modules(fix: &FixConfig) -> Vec<(&'static str, String, String)> {
    let runtime = fix.runtime.iter();
    let runtime = runtime.map(|module| ("runtime", module.clone(), module.clone()));
    let functions = [
        ("probe-pid", &fix.probe_pid),
        ("win-argv", &fix.win_argv),
        ("popen-detached", &fix.popen_detached),
        ("new-group-kwargs", &fix.new_group_kwargs),
        ("pid-exists", &fix.pid_exists),
    ];
    let functions = functions.into_iter().filter_map(|(key, function)| {
        let function = function.as_ref()?;
        Some((key, function.0.clone(), function.parts().0.to_owned()))
    });
    runtime.chain(functions).collect()
}

/// The folders in which the modules are found of the files that a configuration is for.
fn roots(
    sources: &[Source],
    settings: &Settings,
    configs: &Configs,
) -> Result<BTreeSet<PathBuf>, ConfigError> {
    let home = settings.file.as_deref().and_then(Path::parent);
    let mut roots: BTreeSet<PathBuf> = home.map(absolute).into_iter().collect();
    roots.extend(home.map(|home| absolute(&home.join("src"))));
    let mut known: HashMap<&Path, PathBuf> = HashMap::new();
    for source in sources.iter().filter(|it| it.language == Language::Python) {
        let Some(folder) = source.path.parent() else {
            continue;
        };
        if configs.of(folder)?.file == settings.file {
            let root = known.entry(folder).or_insert_with(|| root_of(folder));
            roots.insert(root.clone());
        }
    }
    Ok(roots)
}

/// The first folder from here up that is no package.
fn root_of(folder: &Path) -> PathBuf {
    let folder = absolute(folder);
    let mut around = folder.ancestors();
    let root = around.find(|folder| !folder.join("__init__.py").is_file());
    root.unwrap_or(&folder).to_owned()
}

/// Whether a module is found in a folder: as a file, a package, or whatever else Python loads.
fn has(root: &Path, module: &str) -> bool {
    let path = root.join(module.split('.').collect::<PathBuf>());
    if path.is_dir() {
        return true;
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return false;
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let stem = |entry: fs::DirEntry| {
        let file = entry.file_name();
        let file = file.to_str()?;
        file.split_once('.').map(|(stem, _)| stem.to_owned())
    };
    entries
        .filter_map(stem)
        .any(|stem| OsStr::new(&stem) == name)
}

/// Whether the project around a configuration file names another project as one it needs.
fn is_depended_on(file: &Path, name: &str) -> bool {
    let folder = file.parent().unwrap_or(Path::new(""));
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', '.'], "-");
    let name = plain(name);
    let more = format!("{name}-");
    PYTHON_DEPENDENCIES.iter().any(|saying| {
        let text = fs::read_to_string(folder.join(saying)).unwrap_or_default();
        // What the configuration itself says is no answer.
        let lines = text.lines().filter(|line| !line.contains("runtime"));
        let is_end = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.');
        let mut words = lines.flat_map(|line| line.split(is_end)).map(plain);
        words.any(|word| word == name || word.starts_with(&more))
    })
}

/// Where a key of `fix` stands in a configuration file.
fn place(file: &Path, key: &str) -> Option<(usize, usize)> {
    let text = fs::read_to_string(file).ok()?;
    let mut tables = PLACES.iter().flat_map(|(_, tables)| *tables);
    tables.find_map(|around| {
        let keys: Vec<&str> = around.iter().copied().chain(["fix", key]).collect();
        position::of_value(&text, &keys)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tree;

    /// What is said of a configuration of `fix` in a project with the package `app` in `src`.
    fn said(fix: &str) -> Result<Vec<String>, String> {
        let project = "[project]\ndependencies = ['company-lib>=1']\n[tool.footgun-check.fix]\n";
        let root = tree(&[
            ("pyproject.toml", &format!("{project}{fix}\n")),
            ("src/app/__init__.py", ""),
            ("src/app/status.py", ""),
            ("src/app/fast.cpython-311-x86_64-linux-gnu.so", ""),
            ("tool.py", ""),
        ]);
        let source = |path: &str| Source {
            path: root.path().join(path),
            language: Language::Python,
            text: String::new(),
        };
        let sources = [source("src/app/status.py"), source("tool.py")];
        let shown = |error: &ConfigError| {
            assert_eq!(error.path, root.path().join("pyproject.toml"));
            format!("{:?} {}", error.position.unwrap(), error.message)
        };
        check(&sources, &Configs::default())
            .map(|doubts| doubts.iter().map(shown).collect())
            .map_err(|error| shown(&error))
    }

    #[test]
    fn modules_of_the_project_are_there() {
        for fix in [
            "runtime = 'footgun_runtime'",
            "runtime = 'app.status'",
            "runtime = 'app.fast'",
            "runtime = 'tool'",
            "pid-exists = 'app:exists'",
            "probe-pid = 'company_lib.status:ask'",
        ] {
            assert_eq!(said(fix), Ok(Vec::new()), "{fix}");
        }
        assert_eq!(
            said("style = 'inline'\nprobe-pid = 'app.nope:ask'"),
            Err(
                "(5, 13) `fix.probe-pid` is \"app.nope:ask\", but `app` has no `app.nope`"
                    .to_owned()
            )
        );
        assert_eq!(
            said("runtime = 'nope'"),
            Ok(vec![
                "(4, 11) `fix.runtime` is \"nope\", but `nope` is neither a part of the project nor \
                 among what it depends on"
                    .to_owned()
            ])
        );
    }
}
