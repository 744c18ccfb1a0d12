//! Parses a byte range of a text with tree-sitter; the tree's positions are those of the text.

use std::borrow::Cow;

use memchr::{memchr_iter, memrchr};
use tree_sitter::{Node, Point, Range, Tree};

use super::lexer::comments;
use crate::Problem;
use crate::source::Span;

/// A reusable parser.
pub(crate) struct Parser(tree_sitter::Parser);

impl Parser {
    pub fn new() -> Parser {
        let mut parser = tree_sitter::Parser::new();
        parser
            .set_language(&tree_sitter_python::LANGUAGE.into())
            .expect("the grammar is built for this version of the library");
        Parser(parser)
    }

    /// Parses the bytes of `span` as a module of their own, whose first line is not indented.
    pub fn parse(&mut self, text: &str, span: Span) -> Option<Tree> {
        let part = prepared(&text[span.range()]);
        let range = Range {
            start_byte: span.start as usize,
            end_byte: span.end as usize,
            start_point: Point::default(),
            end_point: end(&part),
        };
        self.0.set_included_ranges(&[range]).ok()?;
        self.0.parse_with_options(
            &mut |offset, _| {
                &part[(offset.max(range.start_byte) - range.start_byte).min(part.len())..]
            },
            None,
            None,
        )
    }
}

/// Where a text ends that begins in row 0. The library asserts in its error recovery that positions are
/// true: the end too, which is where the lexer goes when it runs out of text.
fn end(text: &[u8]) -> Point {
    let row = memchr_iter(b'\n', text).count();
    let line = memrchr(b'\n', text).map_or(0, |newline| newline + 1);
    Point::new(row, text.len() - line)
}

/// The text as the grammar is to see it, byte for byte in the same places: a lone CR, which ends a
/// line in Python but not in the grammar, is an LF, and comments are blank, because the grammar's
/// scanner reads on through all comments that follow, for each of them again.
fn prepared(text: &str) -> Cow<'_, [u8]> {
    let mut bytes = Cow::Borrowed(text.as_bytes());
    for comment in comments(text) {
        bytes.to_mut()[comment.span.range()].fill(b' ');
    }
    let lone: Vec<usize> = memchr_iter(b'\r', &bytes)
        .filter(|at| bytes.get(at + 1) != Some(&b'\n'))
        .collect();
    for at in lone {
        bytes.to_mut()[at] = b'\n';
    }
    bytes
}

/// Reports what does not parse in a tree: its topmost errors.
pub(super) fn problems(tree: &Tree, problems: &mut Vec<Problem>) {
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            problems.push(problem(node));
        } else if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn problem(node: Node) -> Problem {
    Problem {
        message: "invalid syntax".to_owned(),
        span: Span::new(node.start_byte(), node.end_byte()),
        partial: true,
    }
}

/// Joins problems that are on the same line or on neighbouring ones: they are one mistake.
pub(super) fn merge(text: &str, mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.span);
    let mut merged: Vec<Problem> = Vec::new();
    for problem in problems {
        if let Some(last) = merged.last_mut()
            && last.message == problem.message
        {
            let gap = text
                .as_bytes()
                .get(last.span.end as usize..problem.span.start as usize);
            if gap.is_none_or(|gap| memchr_iter(b'\n', gap).count() <= 1) {
                last.span = last.span.cover(problem.span);
                continue;
            }
        }
        merged.push(problem);
    }
    merged
}
