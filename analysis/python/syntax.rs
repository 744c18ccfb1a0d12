//! Syntax errors: what Python itself would not compile, told by the parser of ruff, which follows
//! CPython's grammar.

use memchr::memchr_iter;
use ruff_python_ast::PySourceType;
use ruff_python_parser::{ParseError, parse_unchecked_source};

use crate::Problem;
use crate::source::Span;

/// What Python would not compile in a text, each mistake once, in order. Syntax that only some
/// versions know is none.
pub fn errors(text: &str) -> Vec<Problem> {
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    distinct(text, parsed.errors().iter().map(problem).collect())
}

/// Each mistake once, in order: what is wrong on the same line or the next follows from the mistake
/// before it.
pub(crate) fn distinct(text: &str, mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.span);
    let mut end: Option<usize> = None;
    problems.retain(|problem| {
        let start = problem.span.start as usize;
        let follows = end.is_some_and(|end| {
            let gap = text.as_bytes().get(end..start);
            gap.is_none_or(|gap| memchr_iter(b'\n', gap).count() <= 1)
        });
        end = end.max(Some(problem.span.end as usize));
        !follows
    });
    problems
}

/// An error as a problem of the text that was parsed.
pub(super) fn problem(error: &ParseError) -> Problem {
    let range = error.location;
    Problem {
        message: format!("invalid syntax: {}", error.error),
        span: Span::new(range.start().to_usize(), range.end().to_usize()),
        partial: true,
    }
}
