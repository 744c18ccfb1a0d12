//! Where something stands in a text that is evaluated.

use crate::source::Span;

/// A text that is evaluated: a file of the project, or a program inside a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(pub u32);

/// A span of an evaluated text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The text.
    pub document: DocumentId,
    /// Its bytes.
    pub span: Span,
}
