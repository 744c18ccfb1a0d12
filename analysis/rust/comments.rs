//! The comments of a file, which need no parse.

use super::lexer::{Lexer, TokenKind};
use crate::Comment;
use crate::source::Span;

/// The line and block comments of a text, also those of documentation, in order.
pub fn comments(text: &str) -> Vec<Comment> {
    Lexer::new(text)
        .filter(|token| token.kind == TokenKind::Comment)
        .map(|token| Comment {
            span: Span::new(token.start, token.end),
            alone: stands_alone(text, token.start),
        })
        .collect()
}

/// The comments and literals of a text, in order.
pub(crate) fn silent(text: &str) -> Vec<Span> {
    Lexer::new(text)
        .filter(|token| matches!(token.kind, TokenKind::Comment | TokenKind::Literal))
        .map(|token| Span::new(token.start, token.end))
        .collect()
}

/// Whether only white space stands before `start` on its line.
fn stands_alone(text: &str, start: usize) -> bool {
    let before = &text[..start];
    let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    before[line..].trim().is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::comments;

    /// The comments of a text, each with whether it stands alone.
    fn found(text: &str) -> Vec<(&str, bool)> {
        comments(text)
            .into_iter()
            .map(|comment| (&text[comment.span.range()], comment.alone))
            .collect()
    }

    #[test]
    fn comments_are_told_from_what_looks_like_them() {
        let text = r####"#!/usr/bin/env '// not one
//! file
fn f<'a>(s: &'a str) { // after code
    let _ = ("// no", r#"" // no"#, br##"/* "# no */"##, c"// no", '"', b'\'', '\\', 'é'); /* a /* nested */ one */
    'outer: loop { break 'outer; } /// doc
    r#type("a\"// no\
        // no"); //é
}
/* open"####;
        assert_eq!(
            found(text),
            [
                ("//! file", true),
                ("// after code", false),
                ("/* a /* nested */ one */", false),
                ("/// doc", false),
                ("//é", false),
                ("/* open", true),
            ]
        );
    }

    #[test]
    fn line_endings_do_not_belong_to_a_comment() {
        assert_eq!(
            found("// a\r\n\t// b\r\nx // c\n"),
            [("// a", true), ("// b", true), ("// c", false)]
        );
    }

    #[test]
    fn an_inner_attribute_is_no_shebang() {
        assert_eq!(
            found("#!/* a */[allow(x)] // b"),
            [("/* a */", false), ("// b", false)]
        );
    }

    proptest! {
        #[test]
        fn any_text_has_comments_in_order(text in r#"([/*'"\\rb#!\n\r {}é]|\PC){0,60}"#) {
            let mut end = 0;
            for comment in comments(&text) {
                let comment_text = &text[comment.span.range()];
                prop_assert!(comment_text.starts_with("//") || comment_text.starts_with("/*"));
                prop_assert!(comment.span.start >= end);
                end = comment.span.end;
            }
        }
    }
}
