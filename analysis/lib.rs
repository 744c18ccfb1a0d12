//! Evaluates each file as Windows would run it, and records what happens as [`facts`].
//!
//! The flow: a [`source::Source`] of a [`project::Project`] is lowered to [`code`], the machine runs
//! that with the platform set to Windows, and what it meets becomes [`facts::Facts`]. Nothing here
//! knows a rule.

pub mod code;
pub mod facts;
pub mod platform;
pub mod project;
pub mod rust;
pub mod source;

use facts::Facts;
use project::Project;
use source::{FileId, Span};

/// Which words make a file or function worth evaluating: whoever judges the facts names them.
#[derive(Debug, Default)]
pub struct Triggers {
    words: Vec<&'static str>,
}

impl Triggers {
    /// Triggers for these words, matched byte for byte anywhere in a text.
    pub fn new(words: impl IntoIterator<Item = &'static str>) -> Triggers {
        Triggers {
            words: words.into_iter().collect(),
        }
    }

    /// Whether any of the words stands in `text`.
    pub fn matches(&self, text: &str) -> bool {
        self.words
            .iter()
            .any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
    }
}

/// A file after evaluation.
#[derive(Debug, Default)]
pub struct Document {
    /// What it does on Windows.
    pub facts: Facts,
    /// Its comments, also those inside embedded programs, in the order of the file.
    pub comments: Vec<Comment>,
    /// What could not be parsed.
    pub problems: Vec<Problem>,
}

/// A comment, with its marker (`#`, `//`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its bytes in the file.
    pub span: Span,
    /// Whether nothing but white space stands before it on its line.
    pub alone: bool,
}

/// A part of a file that does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What the parser says.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Whether the rest of the file was still analysed.
    pub partial: bool,
}

/// Evaluates one file of a project as Windows would run it.
pub fn analyse(project: &Project, file: FileId, triggers: &Triggers) -> Document {
    let _ = (project, file, triggers);
    Document::default()
}
