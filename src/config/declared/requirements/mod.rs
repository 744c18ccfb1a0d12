//! The distributions that the files of a Python project require.

mod lines;
mod locks;
mod named;
mod pyproject;

use std::ops::Range;
use std::sync::OnceLock;

use pep508_rs::{
    MarkerEnvironment, MarkerEnvironmentBuilder, MarkerTree, PackageName, Requirement as Specifier,
    VerbatimUrl,
};

pub(super) use named::named_in;

/// A distribution that a file requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Its name as PyPI compares names: in lower case, with `-` between words.
    pub name: String,
    /// Whether it is required on Windows, of some version of Python.
    pub on_windows: bool,
    /// Where it is required, in bytes of the file.
    pub span: Range<usize>,
}

/// The names of the files that [`required`] reads.
pub const FILES: [&str; 3] = ["pyproject.toml", "requirements.txt", "setup.cfg"];

/// What a file of one of the names in [`FILES`] requires by itself, without extras and groups.
pub fn required(file_name: &str, text: &str) -> Vec<Requirement> {
    match file_name {
        "pyproject.toml" => pyproject::required(text),
        "setup.cfg" => lines::of_setup_cfg(text),
        _ => lines::of_requirements(text),
    }
}

/// The name of a distribution as PyPI compares names.
fn normal(name: &str) -> Option<String> {
    Some(PackageName::new(name.to_owned()).ok()?.to_string())
}

/// A requirement as PEP 508 writes it.
fn specified(text: &str, span: Range<usize>) -> Option<Requirement> {
    let requirement: Specifier<VerbatimUrl> = text.parse().ok()?;
    Some(Requirement {
        name: requirement.name.to_string(),
        on_windows: holds_on_windows(&requirement.marker),
        span,
    })
}

/// Whether the condition of a requirement holds on Windows, without extras and with some Python.
fn holds_on_windows(marker: &MarkerTree) -> bool {
    windows().iter().any(|python| marker.evaluate(python, &[]))
}

/// The Pythons for Windows that markers are asked about.
fn windows() -> &'static [MarkerEnvironment] {
    static WINDOWS: OnceLock<Vec<MarkerEnvironment>> = OnceLock::new();
    let of = |minor: u8| {
        MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
            implementation_name: "cpython",
            implementation_version: &format!("3.{minor}.0"),
            os_name: "nt",
            platform_machine: "AMD64",
            platform_python_implementation: "CPython",
            platform_release: "11",
            platform_system: "Windows",
            platform_version: "10.0.26100",
            python_full_version: &format!("3.{minor}.0"),
            python_version: &format!("3.{minor}"),
            sys_platform: "win32",
        })
    };
    WINDOWS.get_or_init(|| (8..=15).filter_map(|minor| of(minor).ok()).collect())
}

#[cfg(test)]
mod tests;
