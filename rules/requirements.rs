//! What a project says it requires: what the rules about that judge.

/// A distribution that a project requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Required {
    /// Its name as PyPI compares names: in lower case, with `-` between words.
    pub name: String,
    /// Whether it is required on Windows, of some version of Python.
    pub on_windows: bool,
}

/// How a rule judges what is required.
pub type Judge = fn(&Required) -> Option<RequirementReport>;

/// What a rule finds in a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementReport {
    /// What happens on Windows.
    pub message: String,
    /// What to do.
    pub help: String,
}
