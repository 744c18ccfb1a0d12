//! What holds for the files of a folder: its configuration file, and the command line above it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use footgun_rules::RULES;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::values::{Level, Pattern, PythonVersion, RuleName, Vendor};
use super::{Config, Given};
use crate::files::absolute;
use crate::selection::Selection;

/// What the command line says in place of configuration files, or besides them.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// What is the configuration, or a part of it.
    pub given: Vec<Given>,
    /// In place of `min-severity`.
    pub min_severity: Option<Level>,
    /// In place of `select` and `extend-select`, if there are any.
    pub select: Vec<String>,
    /// Besides `extend-select`.
    pub extend_select: Vec<String>,
    /// Besides `ignore`.
    pub ignore: Vec<String>,
    /// In place of `exclude`, if there are any; relative to the current folder.
    pub exclude: Vec<String>,
    /// Besides `extend-exclude`; relative to the current folder.
    pub extend_exclude: Vec<String>,
    /// In place of `target-python`.
    pub target_python: Option<PythonVersion>,
    /// In place of `baseline`.
    pub baseline: Option<PathBuf>,
}

/// What holds for the files of a folder.
#[derive(Debug)]
pub struct Settings {
    /// The configuration file, if there is one.
    pub file: Option<PathBuf>,
    /// The keys of the file, with what the command line says.
    pub config: Config,
    /// In place of what is left out otherwise.
    exclude: Option<Gitignore>,
    /// Left out too.
    extend_exclude: Vec<Gitignore>,
    per_file_ignores: Vec<(Gitignore, Vec<RuleName>)>,
}

impl Settings {
    /// What a configuration file says, with `overrides`.
    pub fn of_file(file: PathBuf, config: Config, overrides: &Overrides) -> Arc<Settings> {
        let root = file.parent().unwrap_or(Path::new("")).to_owned();
        Arc::new(Settings::new(Some(file), &root, config, overrides))
    }

    /// What the command line says, or a file that it names: paths are relative to the current folder.
    pub fn of_line(file: Option<PathBuf>, config: Config, overrides: &Overrides) -> Arc<Settings> {
        let here = absolute(Path::new("."));
        Arc::new(Settings::new(file, &here, config, overrides))
    }

    fn new(
        file: Option<PathBuf>,
        root: &Path,
        mut config: Config,
        overrides: &Overrides,
    ) -> Settings {
        let here = std::path::absolute(".").unwrap_or_default();
        let names = |words: &[String]| words.iter().cloned().map(RuleName).collect::<Vec<_>>();
        let patterns = |words: &[String]| words.iter().cloned().map(Pattern).collect::<Vec<_>>();
        if !overrides.select.is_empty() {
            config.select = Some(names(&overrides.select));
            config.extend_select.clear();
        }
        config.extend_select.extend(names(&overrides.extend_select));
        config.ignore.extend(names(&overrides.ignore));
        config.min_severity = overrides.min_severity.or(config.min_severity);
        config.target_python = overrides.target_python.or(config.target_python);
        config.baseline = match &overrides.baseline {
            Some(baseline) => Some(here.join(baseline)),
            None => config.baseline.map(|baseline| root.join(baseline)),
        };

        if let Some(Vendor::At(copy)) = &mut config.fix.vendor {
            *copy = root.join(&copy);
        }

        let mut exclude = config.exclude.as_ref().map(|all| matcher(root, all));
        let mut extend_exclude = vec![matcher(root, &config.extend_exclude)];
        if !overrides.exclude.is_empty() {
            let all = patterns(&overrides.exclude);
            exclude = Some(matcher(&here, &all));
            config.exclude = Some(all);
        }
        let more = patterns(&overrides.extend_exclude);
        extend_exclude.push(matcher(&here, &more));
        config.extend_exclude.extend(more);

        let per_file = config.per_file_ignores.iter().map(|(pattern, rules)| {
            let matcher = matcher(root, std::slice::from_ref(pattern));
            (matcher, rules.clone())
        });
        Settings {
            per_file_ignores: per_file.collect(),
            file,
            config,
            exclude,
            extend_exclude,
        }
    }

    /// Whether a file or folder is not checked; `usually` says so where `exclude` is not set.
    pub fn leaves_out(&self, path: &Path, is_folder: bool, usually: impl FnOnce() -> bool) -> bool {
        let by_exclude = match &self.exclude {
            Some(exclude) => matches(exclude, path, is_folder),
            None => usually(),
        };
        let mut more = self.extend_exclude.iter();
        by_exclude || more.any(|exclude| matches(exclude, path, is_folder))
    }

    /// The rules that run in a file.
    pub fn selection(&self, path: &Path) -> Selection {
        let config = &self.config;
        let mut named = config.select.clone().unwrap_or_default();
        named.extend_from_slice(&config.extend_select);
        let mut ignore = config.ignore.clone();
        for (pattern, rules) in &self.per_file_ignores {
            if matches(pattern, path, false) {
                ignore.extend_from_slice(rules);
            }
        }
        let words = |names: Vec<RuleName>| names.into_iter().map(|name| name.0).collect::<Vec<_>>();
        let severities = config.severity.iter();
        let severities = severities.map(|(name, &level)| (name.0.clone(), level.into()));
        let (named, ignore) = (words(named), words(ignore));
        let selection = match &config.select {
            Some(_) => Selection::new(RULES, &named, &ignore),
            None => Selection::usual(RULES, &named, &ignore),
        };
        selection.graded(severities.collect(), config.min_severity.map(Into::into))
    }
}

/// Patterns relative to `root`. They were checked as they were read.
fn matcher(root: &Path, patterns: &[Pattern]) -> Gitignore {
    let mut builder = GitignoreBuilder::new(root);
    for pattern in patterns {
        // A wrong pattern is refused by `Pattern`.
        let _ = builder.add_line(None, &pattern.0);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Whether a pattern matches a path or a folder that it lies in.
fn matches(patterns: &Gitignore, path: &Path, is_folder: bool) -> bool {
    if patterns.is_empty() {
        return false;
    }
    let path = absolute(path);
    path.starts_with(patterns.path())
        && patterns
            .matched_path_or_any_parents(&path, is_folder)
            .is_ignore()
}

#[cfg(test)]
mod tests {
    use footgun_rules::Rule;

    use super::*;

    fn settings(text: &str, overrides: &Overrides) -> Arc<Settings> {
        let file = std::path::absolute("project/footgun-check.toml").unwrap();
        Settings::of_file(file, toml::from_str(text).unwrap(), overrides)
    }

    fn rules(settings: &Settings, path: &str) -> Vec<&'static str> {
        let selection = settings.selection(path.as_ref());
        selection.rules().map(|rule| rule.id).collect()
    }

    #[test]
    fn rules_of_files() {
        let ids = |wanted: fn(&&Rule) -> bool| -> Vec<&str> {
            RULES.iter().filter(wanted).map(|rule| rule.id).collect()
        };
        let none = settings("", &Overrides::default());
        assert_eq!(rules(&none, "project/a.py"), ids(|rule| rule.by_default));
        let all = settings("select = ['ALL']", &Overrides::default());
        assert_eq!(rules(&all, "project/a.py"), ids(|_| true));
        let more = settings("extend-select = ['encoding']", &Overrides::default());
        assert_eq!(
            rules(&more, "project/a.py"),
            ids(|rule| rule.by_default || rule.group == "encoding")
        );
        let nothing = settings("select = []", &Overrides::default());
        assert_eq!(rules(&nothing, "project/a.py"), [""; 0]);
        let one = settings(
            "select = []\nextend-select = ['mp-fork']",
            &Overrides::default(),
        );
        assert_eq!(rules(&one, "project/a.py"), ["mp-fork"]);
        let some = settings(
            "select = ['bare-shim', 'pid-probe']\n\
             extend-select = ['no-breakaway']\n\
             ignore = ['pid-probe']\n\
             [per-file-ignores]\n\
             'tests/' = ['bare-shim']\n\
             '*_posix.py' = ['ALL']\n",
            &Overrides::default(),
        );
        assert_eq!(rules(&some, "project/a.py"), ["bare-shim", "no-breakaway"]);
        assert_eq!(rules(&some, "project/tests/x/a.py"), ["no-breakaway"]);
        assert_eq!(rules(&some, "project/src/a_posix.py"), [""; 0]);
        assert_eq!(rules(&some, "tests/a.py"), ["bare-shim", "no-breakaway"]);
    }

    #[test]
    fn the_command_line_comes_first() {
        let words = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
        let overrides = Overrides {
            select: words(&["pid-probe", "no-breakaway"]),
            extend_select: words(&["unused-ignore"]),
            ignore: words(&["no-breakaway"]),
            ..Overrides::default()
        };
        let text = "select = ['bare-shim']\nextend-select = ['posix-only-detach']";
        let some = settings(text, &overrides);
        assert_eq!(rules(&some, "project/a.py"), ["pid-probe", "unused-ignore"]);
        assert!(
            some.selection("project/a.py".as_ref())
                .by_name("unused-ignore")
        );
    }

    #[test]
    fn files_that_are_left_out() {
        let out = |settings: &Settings, path: &str| {
            settings.leaves_out(path.as_ref(), false, || path.contains("venv"))
        };
        let more = settings("extend-exclude = ['/gen']", &Overrides::default());
        assert!(out(&more, "project/venv/a.py"));
        assert!(out(&more, "project/gen/x/a.py"));
        assert!(!out(&more, "project/src/gen/a.py"));
        assert!(!out(&more, "gen/a.py"));
        let other = settings(
            "exclude = ['*_pb2.py', '!keep_pb2.py']",
            &Overrides::default(),
        );
        assert!(!out(&other, "project/venv/a.py"));
        assert!(out(&other, "project/venv/a_pb2.py"));
        assert!(!out(&other, "project/keep_pb2.py"));
        let overrides = Overrides {
            exclude: vec!["/gen".to_owned()],
            ..Overrides::default()
        };
        let here = settings("exclude = ['*_pb2.py']", &overrides);
        assert!(!out(&here, "project/a_pb2.py"));
        assert!(out(&here, "gen/a.py"));
    }

    #[test]
    fn a_baseline_lies_beside_what_names_it() {
        let root = std::path::absolute(".").unwrap();
        let text = "baseline = 'known.json'";
        let by_file = settings(text, &Overrides::default());
        assert_eq!(
            by_file.config.baseline,
            Some(root.join("project/known.json"))
        );
        let overrides = Overrides {
            baseline: Some("other.json".into()),
            ..Overrides::default()
        };
        let by_line = settings(text, &overrides);
        assert_eq!(by_line.config.baseline, Some(root.join("other.json")));
    }
}
