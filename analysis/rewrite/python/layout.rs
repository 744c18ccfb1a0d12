//! Lines, comments and indentation around a place in a Python text.

use crate::python;
use crate::source::Span;

/// A text and where its comments are.
pub(super) struct Layout<'t> {
    pub(super) text: &'t str,
    comments: Vec<Span>,
}

/// What stands on the rest of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// White space at most.
    Blank,
    /// A comment.
    Comment,
    /// Anything else.
    Code,
}

impl<'t> Layout<'t> {
    pub(super) fn of(text: &'t str) -> Layout<'t> {
        let comments = python::comments(text);
        Layout {
            text,
            comments: comments.iter().map(|comment| comment.span).collect(),
        }
    }

    /// Where the line of a place starts.
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at]
            .rfind(['\n', '\r'])
            .map_or(0, |terminator| terminator + 1)
    }

    /// Where the line of a place ends, before its terminator.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        at + rest.find(['\n', '\r']).unwrap_or(rest.len())
    }

    /// Where the next line starts.
    pub(super) fn next_line(&self, at: usize) -> usize {
        let end = self.line_end(at);
        end + self.terminator(end).len()
    }

    /// Where the line starts before the one that starts at a place.
    pub(super) fn line_before(&self, start: usize) -> Option<usize> {
        let before = &self.text[..start];
        let before = before.strip_suffix('\n').unwrap_or(before);
        let before = before.strip_suffix('\r').unwrap_or(before);
        (start > 0).then(|| self.line_start(before.len()))
    }

    /// The line terminator at the end of a line; nothing at the end of the text.
    fn terminator(&self, end: usize) -> &'t str {
        let rest = &self.text[end..];
        let length = match rest.as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        &rest[..length]
    }

    /// How a line that is added at a place is terminated: as the line of the place is, or the one
    /// before it.
    pub(super) fn line_break(&self, at: usize) -> &'t str {
        let start = self.line_start(at);
        let before = &self.text[..start];
        let before = match before.as_bytes() {
            [.., b'\r', b'\n'] => "\r\n",
            [.., b'\r'] => "\r",
            _ => "\n",
        };
        match self.terminator(self.line_end(at)) {
            "" => before,
            terminator => terminator,
        }
    }

    /// The white space before a place, if there is nothing else before it on its line.
    pub(super) fn indentation(&self, at: usize) -> Option<&'t str> {
        let before = &self.text[self.line_start(at)..at];
        is_blank(before).then_some(before)
    }

    /// Whether the line of a place goes on from the one before it by a backslash.
    pub(super) fn is_continued(&self, at: usize) -> bool {
        let before = &self.text[..self.line_start(at)];
        before.trim_end_matches(['\n', '\r']).ends_with('\\')
    }

    /// What follows on the line of a place between two tokens.
    pub(super) fn rest(&self, at: usize) -> Rest {
        let rest = &self.text[at..self.line_end(at)];
        match rest.trim_start_matches(is_space).chars().next() {
            None => Rest::Blank,
            Some('#') => Rest::Comment,
            Some(_) => Rest::Code,
        }
    }

    /// Whether no line ends between two places.
    pub(super) fn on_one_line(&self, start: usize, end: usize) -> bool {
        !self.text[start..end].contains(['\n', '\r'])
    }

    /// Whether white space is all that stands on one line between two places.
    pub(super) fn is_gap(&self, start: usize, end: usize) -> bool {
        is_blank(&self.text[start..end])
    }

    /// Whether a comment stands between two places.
    pub(super) fn has_comment(&self, start: usize, end: usize) -> bool {
        let next = self
            .comments
            .partition_point(|comment| (comment.start as usize) < start);
        self.comments
            .get(next)
            .is_some_and(|comment| (comment.start as usize) < end)
    }

    /// Whether the line of a place holds nothing but a comment.
    pub(super) fn is_comment_line(&self, at: usize) -> bool {
        self.rest(self.line_start(at)) == Rest::Comment
    }
}

/// White space within a line.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\x0c')
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_space)
}
