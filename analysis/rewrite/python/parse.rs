//! Parses a text with tree-sitter, whose tree keeps every token where it stands.

use memchr::{memchr_iter, memrchr};
use tree_sitter::{Parser, Point, Range, Tree};

use super::grammar::prepared;

/// The tree of a text.
pub(super) fn parse(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_python::LANGUAGE.into())
        .expect("the grammar is built for this version of the library");
    let text = prepared(text);
    let range = Range {
        start_byte: 0,
        end_byte: text.len(),
        start_point: Point::default(),
        end_point: end(&text),
    };
    parser.set_included_ranges(&[range]).ok()?;
    parser.parse(&*text, None)
}

/// Where a text ends that begins in row 0. The library asserts in its error recovery that positions are
/// true: the end too, which is where the lexer goes when it runs out of text.
fn end(text: &[u8]) -> Point {
    let row = memchr_iter(b'\n', text).count();
    let line = memrchr(b'\n', text).map_or(0, |newline| newline + 1);
    Point::new(row, text.len() - line)
}
