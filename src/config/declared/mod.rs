//! What a project says of itself to others: the Python or Rust it needs and the systems it is for.

mod python;
pub mod requirements;
mod rust;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::nearest::Nearest;
use super::values::{PythonVersion, RustVersion};

/// What a Python project declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Declared {
    /// The files that declare it.
    pub files: Vec<PathBuf>,
    /// The oldest Python that `requires-python` allows.
    pub requires_python: Option<PythonVersion>,
    /// Whether its classifiers name operating systems and Windows is not among them.
    pub posix_only: bool,
}

/// The declarations of a run, each read once.
#[derive(Debug, Default)]
pub struct Declarations {
    python: Nearest<Arc<Declared>>,
    rust: Nearest<Option<RustVersion>>,
    required: Nearest<Option<Arc<BTreeSet<String>>>>,
}

impl Declarations {
    /// What the nearest of `pyproject.toml`, `setup.cfg` and `setup.py` declares, in a folder or above
    /// it; those that lie in one folder together.
    pub fn of(&self, folder: &Path) -> Arc<Declared> {
        let says = |folder: &Path| in_folder(folder).map(Arc::new);
        self.python.of(folder, &says, &Arc::default)
    }

    /// The distributions that the project around a folder requires, of the nearest folder that says;
    /// `None` where none does.
    pub fn required(&self, folder: &Path) -> Option<Arc<BTreeSet<String>>> {
        let says =
            |folder: &Path| requirements::named_in(folder).map(|named| Some(Arc::new(named)));
        self.required.of(folder, &says, &|| None)
    }

    /// The `rust-version` of the package around a folder.
    pub fn rust_version(&self, folder: &Path) -> Option<RustVersion> {
        self.rust.of(folder, &rust::version, &|| None)
    }
}

/// Files that say what a Python project is.
pub const PYTHON_PROJECT: [&str; 3] = ["pyproject.toml", "setup.cfg", "setup.py"];

/// Files that say what a Python project depends on.
pub const PYTHON_DEPENDENCIES: [&str; 5] = [
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "requirements.txt",
    "Pipfile",
];

/// What the files of a folder declare, if they are those of a project.
fn in_folder(folder: &Path) -> Option<Declared> {
    let mut declared = Declared::default();
    let mut systems = Vec::new();
    for name in PYTHON_PROJECT {
        let path = folder.join(name);
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        // Linters are configured in files of that name too.
        let is_project = match name {
            "pyproject.toml" => text.contains("[project]") || text.contains("[tool.poetry]"),
            "setup.cfg" => text.contains("[metadata]") || text.contains("[options]"),
            _ => true,
        };
        if !is_project {
            continue;
        }
        systems.extend(operating_systems(&text));
        declared.requires_python = declared.requires_python.or(match name {
            "pyproject.toml" => python::of_pyproject(&text),
            _ => python::of_setup(&text),
        });
        declared.files.push(path);
    }
    declared.posix_only = !systems.is_empty() && systems.iter().all(|system| is_posix(system));
    (!declared.files.is_empty()).then_some(declared)
}

/// What stands after `Operating System ::` in the classifiers of a text, comments left out.
fn operating_systems(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let classifiers = lines.flat_map(|line| line.split("Operating System ::").skip(1));
    let system = |rest: &str| {
        let end = rest.find(['"', '\'']).unwrap_or(rest.len());
        rest[..end].trim().to_owned()
    };
    classifiers.map(system).collect()
}

/// Whether an operating system, as PyPI classifies them, is a POSIX one.
fn is_posix(system: &str) -> bool {
    let first = system.split("::").next().unwrap_or_default().trim();
    matches!(first, "POSIX" | "Unix" | "MacOS")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tree;

    fn declared(files: &[(&str, &str)], folder: &str) -> Declared {
        let root = tree(files);
        let declared = Declarations::default().of(&root.path().join(folder));
        Declared {
            files: Vec::new(),
            ..(*declared).clone()
        }
    }

    fn python(files: &[(&str, &str)]) -> Option<String> {
        let version = declared(files, "src").requires_python?;
        Some(version.to_string())
    }

    #[test]
    fn the_oldest_python() {
        for (specifiers, oldest) in [
            (">=3.9", Some("3.9")),
            (">=3.9.2,<4", Some("3.9")),
            (">3.9", Some("3.9")),
            ("~=3.10", Some("3.10")),
            ("==3.11.*", Some("3.11")),
            (">=3.8,!=3.8.*", Some("3.9")),
            ("<4", None),
            ("three", None),
        ] {
            let text = format!("[project]\nrequires-python = '{specifiers}'");
            let found = python(&[("pyproject.toml", &text)]);
            assert_eq!(found.as_deref(), oldest, "{specifiers}");
        }
    }

    #[test]
    fn where_it_is_said() {
        let poetry = "[tool.poetry]\n[tool.poetry.dependencies]\npython = '^3.9'";
        assert_eq!(python(&[("pyproject.toml", poetry)]).unwrap(), "3.9");
        let cfg = "[options]\npython_requires = >=3.8";
        assert_eq!(python(&[("setup.cfg", cfg)]).unwrap(), "3.8");
        let setup = "setup(\n    python_requires='>=3.7',\n)";
        assert_eq!(python(&[("setup.py", setup)]).unwrap(), "3.7");
        let tools = ("src/setup.cfg", "[flake8]\nmax-line-length = 100");
        assert_eq!(python(&[("setup.cfg", cfg), tools]).unwrap(), "3.8");
        assert_eq!(python(&[]), None);
    }

    #[test]
    fn systems_without_windows() {
        let posix_only = |classifiers: &[&str]| {
            let quoted: Vec<String> = classifiers
                .iter()
                .map(|classifier| format!("    \"{classifier}\",\n"))
                .collect();
            let text = format!("[project]\nclassifiers = [\n{}]", quoted.concat());
            declared(&[("pyproject.toml", &text)], "").posix_only
        };
        let linux = "Operating System :: POSIX :: Linux";
        assert!(posix_only(&[linux, "Operating System :: MacOS"]));
        assert!(!posix_only(&[linux, "Operating System :: OS Independent"]));
        assert!(!posix_only(&[
            linux,
            "Operating System :: Microsoft :: Windows"
        ]));
        assert!(!posix_only(&["Programming Language :: Python"]));
        let line =
            "setup(classifiers=['Operating System :: Unix', 'Operating System :: Microsoft'])";
        assert!(!declared(&[("setup.py", line)], "").posix_only);
    }

    #[test]
    fn the_rust_of_a_package() {
        let rust = |files: &[(&str, &str)]| {
            let root = tree(files);
            let version = Declarations::default().rust_version(&root.path().join("a/src"));
            version.map(|version| version.to_string())
        };
        let own = ("a/Cargo.toml", "[package]\nrust-version = '1.70'");
        let of_workspace = ("a/Cargo.toml", "[package]\nrust-version.workspace = true");
        let workspace = "[workspace.package]\nrust-version = '1.85.1'";
        let workspace = ("Cargo.toml", workspace);
        assert_eq!(rust(&[own, workspace]).unwrap(), "1.70.0");
        assert_eq!(rust(&[of_workspace, workspace]).unwrap(), "1.85.1");
        assert_eq!(rust(&[of_workspace]), None);
        // What a package does not say, no workspace says for it.
        assert_eq!(rust(&[("a/Cargo.toml", "[package]"), workspace]), None);
        assert_eq!(rust(&[]), None);
    }
}
