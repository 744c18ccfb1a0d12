//! The copy of the Python runtime in a project: writes it, and knows it again.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use thiserror::Error;

use crate::shown::shown;
use crate::trouble::reason;

/// The runtime, which is one file so that it can be copied.
pub const RUNTIME: &str = include_str!("../python/footgun_runtime/__init__.py");

/// What tells linters, type checkers and formatters that a copy is not the project's to mend. Each line
/// is that of the tool it names; ruff has a rule (PGH004) against the others, and black goes by the last.
const HEAD: &str = "# ruff: noqa: PGH004\n# ruff: noqa\n# flake8: noqa\n# pylint: skip-file\n# mypy: ignore-errors\n\
                    # isort: skip_file\n# fmt: off\n";

/// The runtime as it is copied: with [`HEAD`] behind the comment that it starts with.
pub static COPY: LazyLock<String> = LazyLock::new(|| {
    let is_comment = |line: &&str| line.starts_with('#');
    let first: String = RUNTIME
        .split_inclusive('\n')
        .take_while(is_comment)
        .collect();
    let rest = &RUNTIME[first.len()..];
    format!("{first}{HEAD}{rest}")
});

/// The name of the file where only a folder is given.
const FILE: &str = "footgun_runtime.py";

/// What a version of the runtime is called: major, minor, patch.
pub type Version = [u32; 3];

/// Why the runtime is not copied.
#[derive(Debug, Error)]
pub enum VendorError {
    /// The runtime for the language is no file.
    #[error("there is no runtime to copy for {0:?}, only for python")]
    Language(String),
    /// The copy cannot be read or written.
    #[error("{}: {}", shown(.path), reason(.error))]
    File {
        /// The copy.
        path: PathBuf,
        /// What the file system says.
        error: io::Error,
    },
    /// Something else is there.
    #[error("{} is not footgun_runtime; it was left as it is", shown(.0))]
    Other(PathBuf),
    /// A later version is there.
    #[error(
        "{} is footgun_runtime {}, newer than {}; it was left as it is",
        shown(.path),
        dotted(*.theirs),
        dotted(*.ours)
    )]
    Newer {
        /// The copy.
        path: PathBuf,
        /// Its version.
        theirs: Version,
        /// The version at hand.
        ours: Version,
    },
}

/// Whether a text is a copy of the runtime, of whatever version.
pub fn is_runtime(text: &str) -> bool {
    version(text).is_some()
}

/// Writes the runtime for `language` to `path`, a file or a folder for it, unless it is there
/// already. Returns what was done.
///
/// # Errors
///
/// A language that has no such file, a file at `path` that is not the runtime or a newer one, and what
/// the file system says.
pub fn vendor(language: &OsStr, path: &Path) -> Result<String, VendorError> {
    if language != "python" {
        let language = language.to_string_lossy();
        return Err(VendorError::Language(language.into_owned()));
    }
    let path = match path.is_dir() {
        true => path.join(FILE),
        false => path.to_owned(),
    };
    let name = shown(&path);
    let failed = |error| VendorError::File {
        path: path.clone(),
        error,
    };
    let present = match fs::read(&path) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let ours = version(RUNTIME).unwrap_or_default();
    let done = match present.as_deref().map(|text| (text, version(text))) {
        None => "written",
        Some((_, None)) => return Err(VendorError::Other(path)),
        Some((_, Some(theirs))) if theirs > ours => {
            return Err(VendorError::Newer { path, theirs, ours });
        }
        // Git may have given the copy the line endings of Windows.
        Some((text, _)) if text.replace("\r\n", "\n") == *COPY => {
            return Ok(format!("{name} is footgun_runtime {}", dotted(ours)));
        }
        Some(_) => "updated",
    };
    fs::write(&path, &*COPY).map_err(failed)?;
    Ok(format!("{name} {done}: footgun_runtime {}", dotted(ours)))
}

/// The version in the first line of the runtime; none where it is something else.
fn version(text: &str) -> Option<Version> {
    let (version, _) = text.strip_prefix("# footgun_runtime ")?.split_once(". ")?;
    let numbers: Vec<u32> = version.split('.').map_while(|n| n.parse().ok()).collect();
    let found = numbers.try_into().ok()?;
    (dotted(found) == version).then_some(found)
}

fn dotted([major, minor, patch]: Version) -> String {
    format!("{major}.{minor}.{patch}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_says_its_version() {
        assert_eq!(
            RUNTIME
                .matches(&format!(
                    "__version__ = \"{}\"\n",
                    dotted(version(RUNTIME).unwrap())
                ))
                .count(),
            1
        );
    }

    #[test]
    fn a_version_is_three_numbers_in_the_first_line() {
        assert_eq!(version("# footgun_runtime 1.20.3. Text."), Some([1, 20, 3]));
        for other in [
            "",
            "# footgun_runtime 1.20.3",
            "# footgun_runtime 1.20. Text.",
            "# footgun_runtime 1.20.3.4. Text.",
            "# footgun_runtime 1.20.3rc1. Text.",
            "# footgun_runtime 1.+2.3. Text.",
            "\n# footgun_runtime 1.20.3. Text.",
            "import footgun_runtime",
        ] {
            assert_eq!(version(other), None, "{other:?}");
        }
    }
}
