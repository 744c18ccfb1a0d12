//! Which dialect a language is run in.

use crate::machine::Dialect;
use crate::python::Python;
use crate::rust::Rust;
use crate::source::Language;

/// All of them.
pub(crate) const ALL: [Language; 2] = [Language::Python, Language::Rust];

/// The dialect of a language.
pub(crate) fn of(language: Language) -> &'static dyn Dialect {
    match language {
        Language::Python => &Python,
        Language::Rust => &Rust,
    }
}
