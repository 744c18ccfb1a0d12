//! Finds the configuration file that holds for a folder, and says where it is wrong.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use footgun_analysis::source::Lines;
use serde::Deserialize;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use toml::{Spanned, Table};

use super::declared::{Declarations, Declared};
use super::layers::{KeyError, config_of, over};
use super::nearest::Nearest;
use super::settings::{Overrides, Settings};
use super::values::{PythonVersion, RustVersion};
use super::{Config, Given, misspelt, position};
use crate::files::absolute;
use crate::shown::shown;

/// A file that other tools share configures this one only if it contains this word; without it, its mistakes
/// are not ours to report.
pub(super) const OURS: &str = "footgun-check";

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

/// The configurations of a run, each read once.
#[derive(Debug, Default)]
pub struct Configs {
    /// By folder: what the nearest file in it or above it says.
    nearest: Nearest<Found>,
    /// What the projects say to others.
    declarations: Declarations,
    /// What the command line says.
    overrides: Overrides,
    /// Whether no configuration file is read, and nothing is left out for what a project declares.
    isolated: bool,
    /// What was meant to configure and does not.
    misspelt: Mutex<Vec<ConfigError>>,
    /// What holds where no file does, or the one that the command line names.
    otherwise: OnceLock<Found>,
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

    /// No configuration files, only `overrides`; the versions that a project supports count all the same.
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
            if self.isolated || self.named().is_some() {
                return None;
            }
            let misspelt = misspelt::in_folder(folder);
            if !misspelt.is_empty() {
                let mut all = self.misspelt.lock().unwrap_or_else(PoisonError::into_inner);
                all.extend(misspelt);
            }
            let layer = in_folder(folder).transpose()?;
            Some(layer.and_then(|layer| {
                let config = self.with_given(Some(&layer))?;
                Ok(Settings::of_file(layer.path, config, &self.overrides))
            }))
        };
        let otherwise = || self.otherwise.get_or_init(|| self.otherwise()).clone();
        self.nearest.of(folder, &says, &otherwise)
    }

    /// The file that the command line names.
    fn named(&self) -> Option<&Path> {
        let given = self.overrides.given.iter().rev();
        given.into_iter().find_map(|given| match given {
            Given::File(path) => Some(path.as_path()),
            Given::Keys(_) => None,
        })
    }

    /// What holds where no configuration file is found, or is to be.
    fn otherwise(&self) -> Found {
        let layer = self.named().map(Layer::at).transpose()?;
        let config = self.with_given(layer.as_ref())?;
        let file = layer.map(|layer| layer.path);
        Ok(Settings::of_line(file, config, &self.overrides))
    }

    /// What a file says with the files that it extends, and with the keys of the command line above it.
    fn with_given(&self, layer: Option<&Layer>) -> Result<Config, ConfigError> {
        let mut all = layer.map(Layer::whole).transpose()?.unwrap_or_default();
        for given in &self.overrides.given {
            if let Given::Keys(keys) = given {
                all = over(keys.clone(), all);
            }
        }
        config_of(all).map_err(|wrong| ConfigError {
            path: layer.map_or_else(|| "--config".into(), |layer| layer.path.clone()),
            position: None,
            message: wrong.to_string(),
        })
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
        Ok(configured.or_else(|| self.declarations.of(folder).requires_python))
    }

    /// The oldest Rust that compiles the files of a folder, if its package says.
    pub fn rust(&self, folder: &Path) -> Option<RustVersion> {
        self.declarations.rust_version(folder)
    }

    /// The distributions that the project around a folder requires; `None` where no file says.
    pub fn required(&self, folder: &Path) -> Option<Arc<BTreeSet<String>>> {
        self.declarations.required(folder)
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

/// What a configuration file says by itself.
#[derive(Debug)]
struct Layer {
    path: PathBuf,
    table: Table,
    /// The file that it extends, as it says.
    extend: Option<PathBuf>,
    /// The keys that lead to the table in the file.
    keys: &'static [&'static str],
}

/// The files in which the configuration is looked for, in the order in which they count, each with the
/// tables in it. What is only ours may be empty.
pub(super) const PLACES: [(&str, &[&[&str]]); 3] = [
    (OWN, &[&[]]),
    ("pyproject.toml", &[&["tool", OURS]]),
    (
        "Cargo.toml",
        &[
            &["package", "metadata", OURS],
            &["workspace", "metadata", OURS],
        ],
    ),
];

/// The file that is only ours.
const OWN: &str = "footgun-check.toml";

/// The configuration file of a folder, if it has one.
fn in_folder(folder: &Path) -> Result<Option<Layer>, ConfigError> {
    for (name, tables) in PLACES {
        if let Some(layer) = read(&folder.join(name), name == OWN, tables)? {
            return Ok(Some(layer));
        }
    }
    Ok(None)
}

impl Layer {
    /// The configuration in a file that somebody names.
    fn at(path: &Path) -> Result<Layer, ConfigError> {
        let shared = PLACES[1..].iter();
        let mut shared = shared.filter(|(name, _)| path.file_name() == Some(name.as_ref()));
        let layer = match shared.next() {
            Some((_, tables)) => read(path, false, tables)?,
            None => read(path, true, PLACES[0].1)?,
        };
        layer.ok_or_else(|| ConfigError {
            path: path.to_owned(),
            position: None,
            message: match path.is_file() {
                true => format!("it has no table for {OURS}"),
                false => "no such file".to_owned(),
            },
        })
    }

    /// What it says with the files that it extends, and those that they extend.
    fn whole(&self) -> Result<Table, ConfigError> {
        let mut all = self.table.clone();
        let mut seen = vec![absolute(&self.path)];
        let mut extending: &Layer = self;
        let mut extended;
        while let Some(extend) = &extending.extend {
            let path = extending
                .path
                .parent()
                .unwrap_or(Path::new(""))
                .join(extend);
            let wrong = |message: String| extending.wrong("extend", message);
            if seen.contains(&absolute(&path)) {
                return Err(wrong(format!("{} is extended already", shown(&path))));
            }
            seen.push(absolute(&path));
            let layer = Layer::at(&path).map_err(|error| match path.is_file() {
                true => error,
                false => wrong(error.to_string()),
            })?;
            all = over(all, layer.table.clone());
            extended = layer;
            extending = &extended;
        }
        all.remove("extend");
        Ok(all)
    }

    /// A mistake in the value of a key.
    fn wrong(&self, key: &str, message: String) -> ConfigError {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        let keys: Vec<&str> = self.keys.iter().copied().chain([key]).collect();
        ConfigError {
            path: self.path.clone(),
            position: position::of_value(&text, &keys),
            message,
        }
    }
}

/// Reads the configuration in a file, if the file exists, from the first of the tables that it has; one
/// that is not `own` must mention us.
fn read(
    path: &Path,
    own: bool,
    tables: &[&'static [&'static str]],
) -> Result<Option<Layer>, ConfigError> {
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
    let wrong = |wrong: toml::de::Error| {
        let position = wrong.span().map(|span| {
            let position = Lines::of(&text).position(&text, span.start as u32);
            (position.row, position.column)
        });
        error(position, KeyError::from(wrong).to_string())
    };
    let whole = DeTable::parse(&text).map_err(wrong)?;
    let whole = Spanned::new(whole.span(), DeValue::Table(whole.into_inner()));
    let found = tables.iter().find_map(|keys| {
        let mut value = &whole;
        for key in *keys {
            value = value.get_ref().as_table()?.get(*key)?;
        }
        Some((*keys, value))
    });
    let Some((keys, value)) = found else {
        return Ok(None);
    };
    let value = || ValueDeserializer::from(value.clone());
    let config = Config::deserialize(value()).map_err(wrong)?;
    let table = Table::deserialize(value()).map_err(wrong)?;
    if let Some(mistake) = config.mistake() {
        return Err(error(None, mistake.to_owned()));
    }
    Ok(Some(Layer {
        path: path.to_owned(),
        table,
        extend: config.extend,
        keys,
    }))
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
        // What runs the code is no configuration.
        assert_eq!(isolated.python(a).unwrap().unwrap().to_string(), "3.9");
    }

    #[test]
    fn mistakes_have_a_place() {
        for (name, text, position, message) in [
            (
                "footgun-check.toml",
                "[fix]\nruntme = 'x'",
                (2, 1),
                "unknown key `runtme`; did you mean `runtime`?",
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
                "unknown key `selct`; did you mean `select`?",
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
