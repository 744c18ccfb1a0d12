//! Texts and places in them: files, spans, lines, and where a program inside a string stands in its file.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// A language the analysis reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Python: `.py`, `.pyw`, and the text of a notebook, `.ipynb`.
    Python,
    /// Rust, `.rs`.
    Rust,
}

impl Language {
    /// The language of a path, by its extension; `None` where the analysis has nothing to say.
    pub fn of(path: &Path) -> Option<Language> {
        match path.extension()?.to_str()? {
            "py" | "pyw" | "ipynb" => Some(Language::Python),
            "rs" => Some(Language::Rust),
            _ => None,
        }
    }
}

/// Whether a path is that of a Jupyter notebook.
pub fn is_notebook(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "ipynb")
}

/// A half-open range of bytes in one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span of a byte range. Texts longer than 4 GiB are not read.
    pub fn new(start: usize, end: usize) -> Span {
        Span {
            start: start as u32,
            end: end as u32,
        }
    }

    /// The span as a range of byte indices.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `inner` lies wholly within this span.
    pub fn contains(self, inner: Span) -> bool {
        self.start <= inner.start && inner.end <= self.end
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// A file of the scanned project, by its index in [`crate::project::Project::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A span of a file of the project: where a finding or its evidence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes of its text.
    pub span: Span,
}

/// A file's text, decoded to UTF-8 without a byte order mark.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as the user knows it: relative to where the command runs, or as given.
    pub path: PathBuf,
    /// The language it is read as.
    pub language: Language,
    /// Its text. Line endings are as in the file.
    pub text: String,
}

/// A row and a column, both counted from 1; columns count Unicode characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
}

/// The line starts of a text. A line ends with LF, CRLF or a lone CR, as Python reads it.
#[derive(Debug)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Finds the lines of `text`.
    pub fn of(text: &str) -> Lines {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !crlf {
                starts.push(at as u32 + 1);
            }
        }
        Lines { starts }
    }

    /// The number of the row that holds byte `offset`, from 1.
    pub fn row(&self, offset: u32) -> usize {
        self.starts.partition_point(|&start| start <= offset)
    }

    /// Row and column of a byte offset in the `text` these lines were found in.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let row = self.row(offset);
        let start = self.starts[row - 1] as usize;
        let before = &text.as_bytes()[start..(offset as usize).min(text.len())];
        // UTF-8 continuation bytes are not characters of their own.
        let column = before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
        Position { row, column }
    }

    /// The bytes of a row, counted from 1, with its line ending.
    pub fn range(&self, text: &str, row: usize) -> Range<usize> {
        let start = self.starts[row - 1] as usize;
        let end = self
            .starts
            .get(row)
            .map_or(text.len(), |&next| next as usize);
        start..end
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notebooks_are_known_by_their_extension() {
        assert!(is_notebook(Path::new("a/b.ipynb")));
        assert!(!is_notebook(Path::new("ipynb")));
    }
}
