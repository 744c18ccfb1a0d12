//! A part of a text, parsed as a module of its own.

use memchr::{memchr2, memrchr2};
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{ModModule, PySourceType, Stmt};
use ruff_python_parser::{Parsed, parse_unchecked_source};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::Problem;
use crate::code::Name;
use crate::python::syntax;
use crate::source::Span;

/// Holds what is indented, so that it parses with the lines it has.
const HOLDER: &str = "if 1:\n";

/// The parse of a part of a text. Its places are told as those of the whole text.
pub(super) struct Part<'t> {
    text: &'t str,
    parsed: Parsed<ModModule>,
    /// Where the parsed lines begin in the text.
    start: u32,
    /// How many bytes stand before them in what was parsed.
    before: u32,
    /// Where the part ends in the text.
    end: u32,
    /// The lines of the text on which syntax errors lie, in order.
    broken: Vec<Span>,
}

impl<'t> Part<'t> {
    /// Parses the bytes of `span`, which begin with a statement.
    pub fn of(text: &'t str, span: Span) -> Part<'t> {
        Part::parse(text, span, "")
    }

    /// Parses the head of a definition, given a body.
    pub fn of_head(text: &'t str, span: Span) -> Part<'t> {
        Part::parse(text, span, " pass")
    }

    fn parse(text: &'t str, span: Span, body: &str) -> Part<'t> {
        let indent = indent(text, span.start).filter(|indent| !indent.is_empty());
        let start = span.start - indent.map_or(0, |indent| indent.len() as u32);
        let lines = &text[start as usize..span.end as usize];
        let before = indent.map_or("", |_| HOLDER);
        let parsed = match (before, body) {
            ("", "") => parse_unchecked_source(lines, PySourceType::Python),
            _ => {
                let held = [before, lines, body].concat();
                parse_unchecked_source(&held, PySourceType::Python)
            }
        };
        let mut part = Part {
            text,
            parsed,
            start,
            before: before.len() as u32,
            end: span.end,
            broken: Vec::new(),
        };
        part.broken = part.broken_lines();
        part
    }

    fn broken_lines(&self) -> Vec<Span> {
        let errors = self.parsed.errors().iter();
        let mut errors: Vec<Span> = errors.map(|error| self.span(error.location)).collect();
        errors.sort();
        let mut lines: Vec<Span> = Vec::new();
        for error in errors {
            // The end of a line may be what is wrong with it, and then not with the next.
            let last = error.end.saturating_sub(1).max(error.start);
            if lines.last().is_some_and(|line| last <= line.end) {
                continue;
            }
            let bytes = self.text.as_bytes();
            let before = memrchr2(b'\n', b'\r', &bytes[..error.start as usize]);
            let behind = memchr2(b'\n', b'\r', &bytes[last as usize..]);
            lines.push(Span {
                start: before.map_or(0, |at| at as u32 + 1),
                end: behind.map_or(self.end, |length| last + length as u32),
            });
        }
        lines
    }

    /// The statements of the part.
    pub fn statements(&self) -> &[Stmt] {
        match &self.parsed.syntax().body[..] {
            [Stmt::If(holder), ..] if self.before > 0 => &holder.body,
            // A parse that does not even find the holder: the bytes are no statements.
            _ if self.before > 0 => &[],
            statements => statements,
        }
    }

    /// Where something stands in the text.
    pub fn span(&self, range: TextRange) -> Span {
        let place = |at: u32| (self.start + at.saturating_sub(self.before)).min(self.end);
        Span {
            start: place(range.start().into()),
            end: place(range.end().into()),
        }
    }

    /// How something is written.
    pub fn source(&self, range: TextRange) -> &'t str {
        let span = self.span(range);
        self.text.get(span.range()).unwrap_or_default()
    }

    /// What Python would not compile in it.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        self.parsed.errors().iter().map(|error| {
            let span = self.span(error.location);
            Problem {
                span,
                ..syntax::problem(error)
            }
        })
    }

    /// Whether a syntax error lies on the lines of these bytes.
    pub fn is_broken(&self, range: TextRange) -> bool {
        let span = self.span(range);
        let next = self.broken.partition_point(|lines| lines.end < span.start);
        let lines = self.broken.get(next);
        lines.is_some_and(|lines| lines.start <= span.end)
    }

    /// Whether a statement stands deeper or less deep than the first of its block, as what follows a
    /// head that is not understood does: nobody knows when that runs.
    pub fn is_stray(&self, first: &Stmt, statement: &Stmt) -> bool {
        if self.broken.is_empty() {
            return false;
        }
        let indent = |statement: &Stmt| indent(self.text, self.span(statement.range()).start);
        match (indent(first), indent(statement)) {
            (Some(expected), Some(found)) => expected != found,
            // What shares its line with what stands before it.
            _ => false,
        }
    }

    /// From the start of a compound statement or clause to the first `:` behind the last expression of
    /// its head.
    pub fn head(&self, start: impl Ranged, last: impl Ranged) -> TextRange {
        let last = last.end();
        let mut tokens = self.tokens_from(last);
        let colon = tokens.find(|token| token.kind() == TokenKind::Colon);
        TextRange::new(start.start(), colon.map_or(last, Ranged::end))
    }

    fn tokens_from(&self, at: TextSize) -> impl Iterator<Item = &Token> {
        let tokens = self.parsed.tokens();
        tokens[tokens.partition_point(|token| token.start() < at)..].iter()
    }

    /// Every name in a part that is not lowered: it may be set there, so its value is not known.
    pub fn names_in(&self, range: TextRange) -> Vec<Name> {
        let mut names: Vec<Name> = self
            .tokens_from(range.start())
            .take_while(|token| token.start() < range.end())
            .filter(|token| token.kind() == TokenKind::Name)
            .map(|token| self.source(token.range()).into())
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

/// The white space before a place, if nothing else stands before it on its line.
fn indent(text: &str, at: u32) -> Option<&str> {
    let before = &text[..at as usize];
    let line = before.trim_end_matches([' ', '\t', '\x0c']);
    let is_all = line.is_empty() || line.ends_with(['\n', '\r']);
    is_all.then(|| &before[line.len()..])
}
