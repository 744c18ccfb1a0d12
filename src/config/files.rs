//! Finds the configuration file that holds for a folder, and says where it is wrong.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use footgun_analysis::source::Lines;
use serde::Deserialize;

use super::Config;
use super::declared::{Declarations, Declared};
use super::misspelt;
use super::nearest::Nearest;
use super::settings::{Overrides, Settings};
use super::values::{PythonVersion, RustVersion};
use crate::shown::shown;

/// A file that other tools share configures this one only if it contains this word; without it, its mistakes
/// are not ours to report.
const OURS: &str = "footgun-check";

/// A configuration file that does not say what it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// Row and column, from 1, if the mistake has a place.
    pub position: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.path))?;
        if let Some((row, column)) = self.position {
            write!(f, ":{row}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// `pyproject.toml`, as far as it is ours.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Pyproject {
    tool: Tools,
}

/// `[tool]`, `[package.metadata]` or `[workspace.metadata]`.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Tools {
    #[serde(rename = "footgun-check")]
    footgun_check: Option<Config>,
}

/// `Cargo.toml`, as far as it is ours.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Manifest {
    package: Metadata,
    workspace: Metadata,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Metadata {
    metadata: Tools,
}

/// The configurations of a run, each read once.
#[derive(Debug, Default)]
pub struct Configs {
    /// By folder: what the nearest file in it or above it says.
    nearest: Nearest<Found>,
    /// What the projects say to others.
    declarations: Declarations,
    /// What the command line says.
    overrides: Overrides,
    /// Whether no file is read.
    isolated: bool,
    /// What was meant to configure and does not.
    misspelt: Mutex<Vec<ConfigError>>,
}

/// Why Python files are not meant to run on Windows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PosixOnly {
    /// `supports-windows` is `false` in this file.
    Configured(PathBuf),
    /// The classifiers in this file name operating systems, and Windows is none of them.
    Declared(PathBuf),
}

impl fmt::Display for PosixOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PosixOnly::Configured(file) => {
                let file = shown(file);
                write!(f, "`supports-windows` is false in {file}")
            }
            PosixOnly::Declared(file) => {
                let file = shown(file);
                write!(
                    f,
                    "the classifiers in {file} name operating systems, and Windows is none of them; \
                     `supports-windows = true` in the configuration brings them back"
                )
            }
        }
    }
}

type Found = Result<Arc<Settings>, ConfigError>;

impl Configs {
    /// Configuration files, where `overrides` does not say otherwise.
    pub fn new(overrides: Overrides) -> Configs {
        Configs {
            overrides,
            ..Configs::default()
        }
    }

    /// No configuration files, only `overrides`.
    pub fn isolated(overrides: Overrides) -> Configs {
        Configs {
            overrides,
            isolated: true,
            ..Configs::default()
        }
    }

    /// What holds for the files of a folder: the nearest of `footgun-check.toml`,
    /// `[tool.footgun-check]` of `pyproject.toml` and `footgun-check` in the metadata of
    /// `Cargo.toml`, there or in a folder above; in one folder the first of these.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is no TOML, or has a key or a value that is not known.
    pub fn of(&self, folder: &Path) -> Found {
        let says = |folder: &Path| {
            if self.isolated {
                return None;
            }
            let misspelt = misspelt::in_folder(folder);
            if !misspelt.is_empty() {
                let mut all = self.misspelt.lock().unwrap_or_else(PoisonError::into_inner);
                all.extend(misspelt);
            }
            let found = in_folder(folder).transpose()?;
            Some(found.map(|(file, config)| Settings::of_file(file, config, &self.overrides)))
        };
        let otherwise = || Ok(Settings::of_none(&self.overrides));
        self.nearest.of(folder, &says, &otherwise)
    }

    /// What was met so far that was meant to configure and does not.
    pub fn misspelt(&self) -> Vec<ConfigError> {
        let all = self.misspelt.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = all.clone();
        // A folder may be come to by several paths.
        all.sort_by_cached_key(ConfigError::to_string);
        all.dedup_by_key(|mistake| mistake.to_string());
        all
    }

    /// What the project around a folder says of itself to others.
    pub fn declared(&self, folder: &Path) -> Arc<Declared> {
        match self.isolated {
            true => Arc::default(),
            false => self.declarations.of(folder),
        }
    }

    /// The oldest Python that runs the files of a folder, if it is known.
    ///
    /// # Errors
    ///
    /// As those of [`Configs::of`].
    pub fn python(&self, folder: &Path) -> Result<Option<PythonVersion>, ConfigError> {
        let configured = self.of(folder)?.config.target_python;
        Ok(configured.or_else(|| self.declared(folder).requires_python))
    }

    /// The oldest Rust that compiles the files of a folder, if its package says.
    pub fn rust(&self, folder: &Path) -> Option<RustVersion> {
        match self.isolated {
            true => None,
            false => self.declarations.rust_version(folder),
        }
    }

    /// Why Python files of a folder are not meant to run on Windows; `None` where they are.
    ///
    /// # Errors
    ///
    /// As those of [`Configs::of`].
    pub fn posix_only(&self, folder: &Path) -> Result<Option<PosixOnly>, ConfigError> {
        let settings = self.of(folder)?;
        let declared = self.declared(folder);
        Ok(match settings.config.supports_windows {
            Some(true) => None,
            Some(false) => settings.file.clone().map(PosixOnly::Configured),
            None => declared
                .files
                .first()
                .filter(|_| declared.posix_only)
                .cloned()
                .map(PosixOnly::Declared),
        })
    }
}

/// The configuration file of a folder, if it has one, and what it says.
fn in_folder(folder: &Path) -> Result<Option<(PathBuf, Config)>, ConfigError> {
    let path = folder.join("footgun-check.toml");
    if let Some(config) = read(&path, true, Some)? {
        return Ok(Some((path, config)));
    }
    let path = folder.join("pyproject.toml");
    let ours = |file: Pyproject| file.tool.footgun_check;
    if let Some(config) = read(&path, false, ours)? {
        return Ok(Some((path, config)));
    }
    let path = folder.join("Cargo.toml");
    let ours = |file: Manifest| {
        let Manifest { package, workspace } = file;
        let of_package = package.metadata.footgun_check;
        of_package.or(workspace.metadata.footgun_check)
    };
    Ok(read(&path, false, ours)?.map(|config| (path, config)))
}

/// Reads the configuration in a file, if the file exists; one that is not `own` must mention us.
fn read<T: for<'de> Deserialize<'de>>(
    path: &Path,
    own: bool,
    ours: impl FnOnce(T) -> Option<Config>,
) -> Result<Option<Config>, ConfigError> {
    let error = |position, message: String| ConfigError {
        path: path.to_owned(),
        position,
        message,
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) if !own => return Ok(None),
        Err(other) => return Err(error(None, other.to_string())),
    };
    if !own && !text.contains(OURS) {
        return Ok(None);
    }
    let parsed = toml::from_str(&text).map_err(|wrong| {
        let position = wrong.span().map(|span| {
            let position = Lines::of(&text).position(&text, span.start as u32);
            (position.row, position.column)
        });
        error(position, wrong.message().to_owned())
    })?;
    let config = ours(parsed);
    match config.as_ref().and_then(Config::mistake) {
        Some(mistake) => Err(error(None, mistake.to_owned())),
        None => Ok(config),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tree;

    fn runtime(config: &Config) -> Option<&str> {
        config.fix.runtime.as_deref()
    }

    #[test]
    fn the_nearest_configuration_file_holds() {
        let root = tree(&[
            ("footgun-check.toml", "[fix]\nruntime = 'whole'"),
            (
                "pyproject.toml",
                "[tool.footgun-check.fix]\nruntime = 'not this'",
            ),
            (
                "a/pyproject.toml",
                "[tool.footgun-check.fix]\nruntime = 'python'",
            ),
            ("a/b/pyproject.toml", "[tool.other]\nkey = 1"),
            (
                "c/Cargo.toml",
                "[package.metadata.footgun-check.fix]\nruntime = 'crate'",
            ),
            (
                "d/Cargo.toml",
                "[workspace.metadata.footgun-check.fix]\nruntime = 'workspace'",
            ),
        ]);
        let configs = Configs::default();
        let of = |path: &str| {
            let config = configs.of(&root.path().join(path)).unwrap();
            runtime(&config.config).unwrap().to_owned()
        };
        assert_eq!(of(""), "whole");
        assert_eq!(of("a"), "python");
        assert_eq!(of("a/b/not there"), "python");
        assert_eq!(of("c"), "crate");
        assert_eq!(of("d/src"), "workspace");
    }

    #[test]
    fn mistakes_in_files_without_our_configuration_are_not_ours() {
        let root = tree(&[
            ("footgun-check.toml", "[fix]\nruntime = 'whole'"),
            ("a/Cargo.toml", "[package]\nname = {{ name }}"),
            ("a/pyproject.toml", "[project"),
        ]);
        let settings = Configs::default().of(&root.path().join("a")).unwrap();
        assert_eq!(runtime(&settings.config), Some("whole"));
        assert_eq!(settings.file, Some(root.path().join("footgun-check.toml")));
    }

    #[test]
    fn what_is_configured_comes_before_what_is_declared() {
        let root = tree(&[
            (
                "pyproject.toml",
                "[project]\nrequires-python = '>=3.9'\n\
                 classifiers = ['Operating System :: POSIX']",
            ),
            (
                "a/footgun-check.toml",
                "target-python = '3.11'\nsupports-windows = true",
            ),
        ]);
        let (top, a) = (root.path(), &root.path().join("a"));
        let configs = Configs::default();
        let version = |folder| configs.python(folder).unwrap().unwrap().to_string();
        assert_eq!([version(top), version(a)], ["3.9", "3.11"]);
        assert_eq!(
            configs.posix_only(top).unwrap(),
            Some(PosixOnly::Declared(top.join("pyproject.toml")))
        );
        assert_eq!(configs.posix_only(a).unwrap(), None);
        let said = configs.posix_only(top).unwrap().unwrap().to_string();
        assert!(said.contains("`supports-windows = true`"), "{said}");
        let isolated = Configs::isolated(Overrides::default());
        assert_eq!(isolated.posix_only(top).unwrap(), None);
        assert_eq!(isolated.python(a).unwrap(), None);
    }

    #[test]
    fn mistakes_have_a_place() {
        for (name, text, position, message) in [
            (
                "footgun-check.toml",
                "[fix]\nruntme = 'x'",
                (2, 1),
                "unknown field",
            ),
            (
                "footgun-check.toml",
                "[fix]\nruntime = 1",
                (2, 11),
                "expected a string",
            ),
            (
                "pyproject.toml",
                "[tool.footgun-check]\nselct = []",
                (2, 1),
                "unknown field",
            ),
            (
                "footgun-check.toml",
                "ignore = []\nselect = [\n  'pid-probe',\n  'pid-prob',\n]",
                (4, 3),
                "did you mean `pid-probe`?",
            ),
            (
                "footgun-check.toml",
                "[per-file-ignores]\n'{a' = ['ALL']",
                (2, 1),
                "unclosed alternate group",
            ),
            (
                "footgun-check.toml",
                "target-python = 3.10",
                (1, 17),
                "expected a string",
            ),
            (
                "Cargo.toml",
                "[package.metadata.footgun-check]\nselect = ",
                (2, 10),
                "string",
            ),
        ] {
            let root = tree(&[(name, text)]);
            let error = Configs::default().of(root.path()).unwrap_err();
            assert_eq!(error.path, root.path().join(name));
            assert_eq!(error.position, Some(position), "{}", error.message);
            assert!(error.message.contains(message), "{}", error.message);
        }
    }
}
