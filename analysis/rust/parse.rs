//! Parses a file with `syn`, on a stack that its nesting cannot exhaust.

use std::thread;

use super::lexer::{Lexer, TokenKind, shebang};
use crate::Problem;
use crate::source::Span;

/// A parsed file.
pub(super) struct Parsed<'a> {
    /// Its syntax tree.
    pub(super) file: syn::File,
    /// Its text.
    pub(super) text: &'a str,
    /// Where in the text the part begins that was parsed: behind the shebang line.
    base: usize,
}

impl Parsed<'_> {
    /// Where a token stands in the text.
    pub(super) fn span(&self, span: proc_macro2::Span) -> Span {
        let range = span.byte_range();
        Span::new(range.start + self.base, range.end + self.base)
    }
}

/// How much nesting is parsed. A token counts once while what it begins or goes on with lasts, a
/// bracket sixteen times: as their parts of the stack in `syn`.
const LIMIT: usize = 4000;
const BRACKET: usize = 16;

/// Enough for [`LIMIT`] in an unoptimised build, measured by the tests below.
const STACK: usize = 256 << 20;

/// Parses `text` and makes something of the tree.
///
/// The tree lives and dies on a thread of its own: `syn` and all that walk its trees use the stack
/// in proportion to the nesting of the text, and `proc-macro2` keeps every text it parsed for the
/// life of the thread.
pub(super) fn parse<T: Send>(
    text: &str,
    then: impl FnOnce(&Parsed) -> T + Send,
) -> Result<T, Problem> {
    if let Some(span) = too_deep(text) {
        return Err(Problem {
            message: "nested too deeply".to_owned(),
            span,
            partial: false,
        });
    }
    let base = shebang(text);
    let work = || match syn::parse_str(&text[base..]) {
        Ok(file) => Ok(then(&Parsed { file, text, base })),
        Err(error) => {
            let range = error.span().byte_range();
            Err(Problem {
                message: error.to_string(),
                span: Span::new(range.start + base, range.end + base),
                partial: false,
            })
        }
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        match thread.spawn_scoped(scope, work) {
            Ok(running) => running
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(error) => Err(Problem {
                message: format!("cannot start a thread to parse on: {error}"),
                span: Span::new(0, 0),
                partial: false,
            }),
        }
    })
}

/// The first token that is nested too deeply, counted so that the parse of what is not is bounded.
fn too_deep(text: &str) -> Option<Span> {
    let mut open = Vec::new();
    let mut depth = 0;
    let mut chain = 0;
    let mut after_brace = false;
    for token in Lexer::new(text) {
        let first = text.as_bytes()[token.start];
        match token.kind {
            TokenKind::Comment => continue,
            TokenKind::Open => {
                open.push(chain);
                depth += BRACKET;
                chain = 0;
            }
            TokenKind::Close => {
                depth -= chain;
                if let Some(outer) = open.pop() {
                    depth -= BRACKET;
                    chain = outer;
                }
            }
            TokenKind::Punctuation if matches!(first, b';' | b',') => {
                depth -= chain;
                chain = 0;
            }
            _ => {
                // After a block begins a new statement or item, unless the expression goes on.
                let word = &text[token.start..token.end];
                if after_brace && token.kind == TokenKind::Word && !matches!(word, "else" | "as") {
                    depth -= chain;
                    chain = 0;
                }
                depth += 1;
                chain += 1;
            }
        }
        after_brace = first == b'}';
        if depth > LIMIT {
            return Some(Span::new(token.start, token.end));
        }
    }
    None
}
