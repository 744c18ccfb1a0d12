//! The oldest Python that a project says it runs on.

use pep440_rs::{Version, VersionSpecifiers};

use crate::config::values::PythonVersion;

/// The oldest version that `pyproject.toml` allows.
pub(super) fn of_pyproject(text: &str) -> Option<PythonVersion> {
    let table: toml::Table = text.parse().ok()?;
    let of = |path: &[&str]| {
        let mut value = table.get(path[0])?;
        for key in &path[1..] {
            value = value.get(key)?;
        }
        value.as_str()
    };
    match of(&["project", "requires-python"]) {
        Some(specifiers) => oldest(specifiers),
        None => of_poetry(of(&["tool", "poetry", "dependencies", "python"])?),
    }
}

/// The oldest version of a constraint of Poetry, whose caret and tilde name it.
fn of_poetry(constraint: &str) -> Option<PythonVersion> {
    let named = constraint.strip_prefix(['^', '~']);
    match named.filter(|version| version.starts_with(|c: char| c.is_ascii_digit())) {
        Some(version) => oldest(&format!(">={version}")),
        None => oldest(constraint),
    }
}

/// The oldest version that `python_requires` in `setup.cfg` or `setup.py` allows.
pub(super) fn of_setup(text: &str) -> Option<PythonVersion> {
    let line = text.lines().find_map(|line| {
        let rest = line.trim_start().strip_prefix("python_requires")?;
        rest.trim_start().strip_prefix('=')
    })?;
    oldest(line.trim().trim_matches([',', '"', '\'']))
}

/// The oldest version that specifiers allow.
fn oldest(specifiers: &str) -> Option<PythonVersion> {
    /// More minor versions than Python has or will have soon.
    const MOST: u8 = 40;
    let specifiers: VersionSpecifiers = specifiers.parse().ok()?;
    // Whether some release of a minor version fits: the first one, or a late one.
    let fits = |minor: u8| {
        [0, 99]
            .iter()
            .any(|&patch| specifiers.contains(&Version::new([3, u64::from(minor), patch])))
    };
    let minor = (0..MOST).find(|&minor| fits(minor))?;
    (minor > 0).then_some(PythonVersion { major: 3, minor })
}
