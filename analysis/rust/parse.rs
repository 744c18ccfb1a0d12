//! Parses a file with `syn`, on a stack that its nesting cannot exhaust.

use std::thread;

use super::lexer::{Lexer, TokenKind, shebang};
use crate::Problem;
use crate::source::Span;

/// A parsed file.
pub(crate) struct Parsed<'a> {
    /// Its syntax tree.
    pub(crate) file: syn::File,
    /// Its text.
    pub(crate) text: &'a str,
    /// Where in the text the part begins that was parsed: behind the shebang line.
    base: usize,
}

impl Parsed<'_> {
    /// Where a token stands in the text.
    pub(crate) fn span(&self, span: proc_macro2::Span) -> Span {
        let range = span.byte_range();
        Span::new(range.start + self.base, range.end + self.base)
    }
}

/// How much nesting is parsed: tokens that begin or prolong what is not yet ended, and twice the
/// open brackets. A chain of a thousand method calls is at the limit.
const LIMIT: usize = 2000;
const BRACKET: usize = 2;

/// In an unoptimised build `syn` takes up to 40 kB for each unit of [`LIMIT`] (for references to
/// references; the tests try others). Only what is used is backed by memory.
const STACK: usize = 128 << 20;

/// Parses `text` and makes something of the tree.
///
/// The tree lives and dies on a thread of its own: `syn` and all that walk its trees use the stack
/// in proportion to the nesting of the text, and `proc-macro2` keeps every text it parsed for the
/// life of the thread.
pub(crate) fn parse<T: Send>(
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
                chain = 0;
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
                let begins = match token.kind {
                    TokenKind::Word => !matches!(&text[token.start..token.end], "else" | "as"),
                    _ => first == b'#',
                };
                if after_brace && begins {
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

#[cfg(test)]
mod tests {
    use super::{LIMIT, parse};

    /// Whether a text parses; the message where it does not.
    fn outcome(text: &str) -> String {
        match parse(text, |_| ()) {
            Ok(()) => "parsed".to_owned(),
            Err(problem) => problem.message,
        }
    }

    #[test]
    fn deep_nesting_is_refused_before_it_exhausts_the_stack() {
        let shapes = [
            ("fn f() { ", "(", "1", ")", " }"),
            ("fn f() { ", "{", "1", "}", " }"),
            ("fn f() { ", "a::<", "u8", ">", "; }"),
            ("fn f() { ", "!", "1", "", " }"),
            ("fn f() { ", "|| ", "1", "", " }"),
            ("fn f() { ", "", "a", ".b(1)", " }"),
            ("fn f() { ", "", "1", "+1", " }"),
            ("fn f() { ", "", "if a {}", " else if a {}", " }"),
            ("fn f() { ", "if ", "1", " {}", " }"),
            ("fn f() { ", "async move {", "1", "}", " }"),
            ("fn f() { ", "match a { _ => ", "1", "}", " }"),
            ("fn f(x: ", "&", "u8", "", ") {}"),
            ("fn f(x: ", "A<", "u8", ">", ") {}"),
            ("fn f(x: ", "fn() -> ", "u8", "", ") {}"),
            ("", "mod a {", "", "}", ""),
            ("", "fn a() {", "", "}", ""),
            ("use ", "a::{", "b", "}", ";"),
        ];
        for (before, open, middle, close, after) in shapes {
            let nested = |count: usize| {
                let (open, close) = (open.repeat(count), close.repeat(count));
                format!("{before}{open}{middle}{close}{after}")
            };
            assert_eq!(outcome(&nested(100)), "parsed", "{open}{close}");
            assert_eq!(
                outcome(&nested(LIMIT + 1)),
                "nested too deeply",
                "{open}{close}"
            );
            // The deepest that is not refused.
            let (mut fits, mut too_deep) = (100, LIMIT + 1);
            while too_deep - fits > 1 {
                let middle = (fits + too_deep) / 2;
                match super::too_deep(&nested(middle)) {
                    None => fits = middle,
                    Some(_) => too_deep = middle,
                }
            }
            assert_eq!(outcome(&nested(fits)), "parsed", "{open}{close}");
        }
    }

    #[test]
    fn a_long_file_is_not_a_deep_one() {
        let text = "#[a] #[b] pub fn f<T>(x: &T) -> u8 { if a { b } else { c } }\n\
                    impl A { const B: u8 = 1; fn c(&self) { { 1 } #[d] { 2 } 'e: loop {} } }\n";
        assert_eq!(outcome(&text.repeat(1000)), "parsed");
    }

    #[test]
    fn an_error_is_where_it_stands_behind_a_shebang_and_other_characters() {
        let text = "#!/bin/é\nconst É: u8 = 1;\nfn f( {}";
        let problem = parse(text, |_| ()).expect_err("an unclosed parenthesis");
        let before = &text[..problem.span.start as usize];
        assert_eq!(before, "#!/bin/é\nconst É: u8 = 1;\nfn f");
    }
}
