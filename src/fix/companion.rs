//! What is written beside fixed files so that they can call the runtime: a copy of it, or a dependency
//! on it. Either stands before the first file that needs it is written, and goes again where none is.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, Value};

use super::write::{Rewrite, RewriteError};
use crate::replace::create;
use crate::shown::shown;
use crate::trouble::reason;
use crate::vendor::COPY;

/// Something to be written before files whose fixes call the runtime.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Companion {
    /// A copy of the Python runtime, where nothing is.
    Copy(PathBuf),
    /// A dependency of a Rust package.
    Dependency(Dependency),
}

/// A dependency on the runtime that is to be added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// The manifest of the package.
    pub manifest: PathBuf,
    /// For what.
    pub table: Table,
}

/// A table of dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// `dependencies`
    Plain,
    /// `dev-dependencies`
    Development,
    /// `build-dependencies`
    Build,
}

impl Table {
    /// Its name.
    pub fn name(self) -> &'static str {
        self.seen()[0]
    }

    /// The tables whose dependencies the same code sees, its own first.
    pub fn seen(self) -> &'static [&'static str] {
        match self {
            Table::Plain => &["dependencies"],
            Table::Development => &["dev-dependencies", "dependencies"],
            Table::Build => &["build-dependencies"],
        }
    }
}

/// Why a companion cannot be written.
#[derive(Debug, Error)]
pub enum CompanionError {
    /// The file system.
    #[error("{}", reason(.0))]
    Io(#[from] io::Error),
    /// The manifest.
    #[error(transparent)]
    Manifest(#[from] RewriteError),
    /// It is no TOML that could be added to.
    #[error("no dependency can be added to it")]
    Form,
}

/// A companion that was written, and can be taken back.
#[derive(Debug)]
pub enum Written {
    /// A new file.
    New(PathBuf),
    /// A file with another text.
    Changed(Rewrite),
}

impl Written {
    /// Takes it back. What has changed since is left as it is.
    pub fn undo(self) {
        // Nobody needs what is left; to say so would not help.
        let _ = match self {
            Written::New(path) => fs::remove_file(path),
            Written::Changed(rewrite) => rewrite.reversed().write().or(Ok(())),
        };
    }
}

impl Companion {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Companion::Copy(path) => path,
            Companion::Dependency(dependency) => &dependency.manifest,
        }
    }

    /// What a fixed text that needs it says.
    pub fn word(&self) -> &str {
        match self {
            Companion::Copy(path) => path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default(),
            Companion::Dependency(_) => "footgun_runtime::",
        }
    }

    /// The bytes of the file before, if there is one, and after; `texts` are those that need it.
    ///
    /// # Errors
    ///
    /// A manifest that cannot be read or added to.
    pub fn bytes(&self, texts: &[&str]) -> Result<(Option<Vec<u8>>, Vec<u8>), CompanionError> {
        match self {
            Companion::Copy(_) => Ok((None, COPY.as_bytes().to_vec())),
            Companion::Dependency(Dependency { manifest, table }) => {
                let old = fs::read(manifest)?;
                let text = str::from_utf8(&old).map_err(|_| CompanionError::Form)?;
                let tokio = texts
                    .iter()
                    .any(|text| text.contains("footgun_runtime::tokio_process"));
                let new = with_dependency(text, *table, tokio).ok_or(CompanionError::Form)?;
                let new = new.into_bytes();
                Ok((Some(old), new))
            }
        }
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// What [`Companion::bytes`] says, and what the file system does.
    pub fn write(&self, texts: &[&str]) -> Result<Written, CompanionError> {
        let path = self.path().to_owned();
        let (old, new) = self.bytes(texts)?;
        match old {
            None => {
                create(&path, &new)?;
                Ok(Written::New(path))
            }
            Some(old) => {
                let rewrite = Rewrite::of_bytes(path, old, new);
                rewrite.write()?;
                Ok(Written::Changed(rewrite))
            }
        }
    }
}

/// What is written, in a sentence.
impl fmt::Display for Companion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = shown(self.path());
        match self {
            Companion::Copy(_) => write!(
                f,
                "fixes here call footgun_runtime, of which a copy goes to {path}"
            ),
            Companion::Dependency(Dependency { table, .. }) => {
                let table = table.name();
                write!(
                    f,
                    "fixes here call footgun-runtime, which goes to the {table} in {path}"
                )
            }
        }?;
        f.write_str(" (`fix.vendor = false` prevents that)")
    }
}

/// A manifest with the dependency, all else as it was. The names stay in their order where they are in
/// one.
fn with_dependency(text: &str, table: Table, tokio: bool) -> Option<String> {
    const NAME: &str = "footgun-runtime";
    const VERSION: &str = "0.1";
    let is_windows = text.contains("\r\n");
    let plain = text.replace("\r\n", "\n");
    let mut document: DocumentMut = plain.parse().ok()?;
    let value = match tokio {
        false => Value::from(VERSION),
        true => {
            let mut value = InlineTable::new();
            value.insert("version", VERSION.into());
            value.insert("features", Value::Array(Array::from_iter(["tokio"])));
            Value::InlineTable(value)
        }
    };
    // Comments at the end of the file stand before what is added behind them.
    if !document.contains_key(table.name()) {
        let end = document.trailing().as_str().unwrap_or_default().to_owned();
        if !end.trim().is_empty() {
            let mut new = toml_edit::Table::new();
            new.decor_mut()
                .set_prefix(format!("{}\n\n", end.trim_end()));
            document.insert(table.name(), Item::Table(new));
            document.set_trailing("");
        }
    }
    let tables = document.as_table_mut();
    let dependencies = tables
        .entry(table.name())
        .or_insert_with(toml_edit::table)
        .as_table_like_mut()?;
    let is_sorted = names(dependencies).is_sorted();
    dependencies.insert(NAME, Item::Value(value));
    if is_sorted {
        dependencies.sort_values();
    }
    let new = document.to_string();
    Some(match is_windows {
        true => new.replace('\n', "\r\n"),
        false => new,
    })
}

fn names(table: &dyn TableLike) -> Vec<String> {
    table.iter().map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> String {
        with_dependency(text, Table::Plain, false).unwrap()
    }

    #[test]
    fn what_stands_in_a_manifest_stays() {
        assert_eq!(
            added(
                "[package]\nname = 'x'   # ours\n\n[dependencies]\nanyhow = \"1\"\nserde = { version = \"1\" } # s\n\n[lib]\n"
            ),
            "[package]\nname = 'x'   # ours\n\n[dependencies]\nanyhow = \"1\"\nfootgun-runtime = \"0.1\"\nserde = { version = \"1\" } # s\n\n[lib]\n"
        );
        // Not in order.
        assert_eq!(
            added("[dependencies]\nserde = \"1\"\n# Old.\nanyhow = \"1\"\n"),
            "[dependencies]\nserde = \"1\"\n# Old.\nanyhow = \"1\"\nfootgun-runtime = \"0.1\"\n"
        );
        assert_eq!(
            added("[package]\r\nname = \"x\"\r\n"),
            "[package]\r\nname = \"x\"\r\n\r\n[dependencies]\r\nfootgun-runtime = \"0.1\"\r\n"
        );
        assert_eq!(
            added("dependencies = { a = \"1\" }\n[package]\n"),
            "dependencies = { a = \"1\" , footgun-runtime = \"0.1\" }\n[package]\n"
        );
        assert_eq!(
            added("[package]\n\n[dependencies.serde]\nversion = \"1\"\n"),
            "[package]\n\n[dependencies]\nfootgun-runtime = \"0.1\"\n\n[dependencies.serde]\nversion = \"1\"\n"
        );
    }

    #[test]
    fn a_comment_at_the_end_stays_where_it_is() {
        assert_eq!(
            with_dependency("[dependencies]\n# none\n", Table::Development, false).unwrap(),
            "[dependencies]\n# none\n\n[dev-dependencies]\nfootgun-runtime = \"0.1\"\n"
        );
        assert_eq!(
            added("[dependencies]\n# none\n"),
            "[dependencies]\nfootgun-runtime = \"0.1\"\n# none\n"
        );
    }

    #[test]
    fn other_tables_and_features() {
        assert_eq!(
            with_dependency("[package]\n", Table::Development, true).unwrap(),
            "[package]\n\n[dev-dependencies]\nfootgun-runtime = { version = \"0.1\", features = [\"tokio\"] }\n"
        );
        assert_eq!(
            with_dependency("[build-dependencies]\n", Table::Build, false).unwrap(),
            "[build-dependencies]\nfootgun-runtime = \"0.1\"\n"
        );
        assert_eq!(
            with_dependency("dependencies = 1\n", Table::Plain, false),
            None
        );
        assert_eq!(with_dependency("[package\n", Table::Plain, false), None);
    }
}
