//! Syntax errors: what Python itself would not compile, told by the parser of ruff, which follows
//! CPython's grammar. What is lowered is parsed by tree-sitter, which accepts much that Python does
//! not, and is slower.

use ruff_python_ast::PySourceType;
use ruff_python_parser::{ParseError, parse_unchecked_source};

use super::parse;
use crate::Problem;
use crate::source::Span;

/// What Python would not compile in a text, each mistake once, in order. Syntax that only some
/// versions know is none.
pub fn errors(text: &str) -> Vec<Problem> {
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    parse::merge(text, parsed.errors().iter().map(problem).collect())
}

fn problem(error: &ParseError) -> Problem {
    let range = error.location;
    Problem {
        message: format!("invalid syntax: {}", error.error),
        span: Span::new(range.start().to_usize(), range.end().to_usize()),
        partial: true,
    }
}
