//! Parses a byte range of a text with tree-sitter; the tree's positions are those of the text.

use memchr::{memchr_iter, memrchr};
use tree_sitter::{Node, Point, Range, Tree};

use super::grammar::prepared;
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

/// Reports what does not parse in a tree: its topmost errors.
pub(super) fn problems(tree: &Tree, problems: &mut Vec<Problem>) {
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            problems.push(problem(node));
        } else if node.has_error() {
            let mut children = node.walk();
            if node.children(&mut children).any(is_wrong) {
                cursor.goto_first_child();
                continue;
            }
            problems.push(problem(unseparated(node).unwrap_or(node)));
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn is_wrong(node: Node) -> bool {
    node.is_error() || node.is_missing() || node.has_error()
}

/// The statement that begins on the line of the one before it, where the end of a line is missing
/// between them: the tree does not show that as a node.
fn unseparated(block: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = block.walk();
    let children: Vec<Node> = block.children(&mut cursor).collect();
    let is_unseparated = |pair: &&[Node]| {
        let statements = pair.iter().all(|node| node.is_named() && !node.is_extra());
        statements && pair[0].end_position().row == pair[1].start_position().row
    };
    let pair = children.windows(2).find(is_unseparated)?;
    Some(pair[1])
}

fn problem(node: Node) -> Problem {
    Problem {
        message: "this syntax is not understood".to_owned(),
        span: Span::new(node.start_byte(), node.end_byte()),
        partial: true,
    }
}

/// Joins problems that are on the same line or on neighbouring ones: they are one mistake, and the
/// first says most of it.
pub(crate) fn merge(text: &str, mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.span);
    let mut merged: Vec<Problem> = Vec::new();
    for problem in problems {
        if let Some(last) = merged.last_mut() {
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
