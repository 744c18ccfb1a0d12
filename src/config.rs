//! Configuration files: what a project says about itself, and where it says so.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use footgun_analysis::source::Lines;
use serde::Deserialize;

/// What a configuration file says.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// How findings are repaired.
    pub fix: FixConfig,
}

/// Where repairs come from.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct FixConfig {
    /// The Python module that has the functions of the runtime: `footgun_runtime`, or a copy of it
    /// in the project.
    pub runtime: Option<String>,
    /// The project's own functions in place of the runtime's, as `module:function`, by the name of
    /// the function of the runtime.
    pub functions: HashMap<String, String>,
}

/// A configuration file that does not say what it may.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// Row and column, from 1, if the mistake has a place.
    pub position: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
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
    known: HashMap<PathBuf, Rc<Config>>,
    /// Whether none is read.
    isolated: bool,
}

impl Configs {
    /// No configuration at all.
    pub fn isolated() -> Configs {
        Configs {
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
    /// The file cannot be read, is no TOML, or has a key or a type that is not known.
    pub fn of(&mut self, folder: &Path) -> Result<Rc<Config>, ConfigError> {
        if self.isolated {
            return Ok(Rc::default());
        }
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        self.nearest(&folder)
    }

    fn nearest(&mut self, folder: &Path) -> Result<Rc<Config>, ConfigError> {
        if let Some(known) = self.known.get(folder) {
            return Ok(Rc::clone(known));
        }
        let config = match (in_folder(folder)?, folder.parent()) {
            (Some(config), _) => Rc::new(config),
            (None, Some(parent)) => self.nearest(parent)?,
            (None, None) => Rc::default(),
        };
        self.known.insert(folder.to_owned(), Rc::clone(&config));
        Ok(config)
    }
}

/// What the files of a folder say, if one of them speaks to us.
fn in_folder(folder: &Path) -> Result<Option<Config>, ConfigError> {
    if let Some(config) = read(&folder.join("footgun-check.toml"), Some)? {
        return Ok(Some(config));
    }
    let pyproject = read(&folder.join("pyproject.toml"), |file: Pyproject| {
        file.tool.footgun_check
    })?;
    if pyproject.is_some() {
        return Ok(pyproject);
    }
    read(&folder.join("Cargo.toml"), |file: Manifest| {
        let Manifest { package, workspace } = file;
        package
            .metadata
            .footgun_check
            .or(workspace.metadata.footgun_check)
    })
}

/// What a file that may not be there says to us.
fn read<T: for<'de> Deserialize<'de>>(
    path: &Path,
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
        Err(other) => return Err(error(None, other.to_string())),
    };
    let parsed = toml::from_str(&text).map_err(|wrong| {
        let position = wrong.span().map(|span| {
            let position = Lines::of(&text).position(&text, span.start as u32);
            (position.row, position.column)
        });
        error(position, wrong.message().to_owned())
    })?;
    Ok(ours(parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    fn runtime(config: &Config) -> Option<&str> {
        config.fix.runtime.as_deref()
    }

    #[test]
    fn the_nearest_file_that_speaks_to_us_holds() {
        let root = folder(&[
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
        let mut configs = Configs::default();
        let mut of = |path: &str| {
            let config = configs.of(&root.path().join(path)).unwrap();
            runtime(&config).unwrap().to_owned()
        };
        assert_eq!(of(""), "whole");
        assert_eq!(of("a"), "python");
        assert_eq!(of("a/b/not there"), "python");
        assert_eq!(of("c"), "crate");
        assert_eq!(of("d/src"), "workspace");
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
            ("Cargo.toml", "[package]\nname = ", (2, 8), "string"),
        ] {
            let root = folder(&[(name, text)]);
            let error = Configs::default().of(root.path()).unwrap_err();
            assert_eq!(error.path, root.path().join(name));
            assert_eq!(error.position, Some(position), "{}", error.message);
            assert!(error.message.contains(message), "{}", error.message);
        }
    }
}
