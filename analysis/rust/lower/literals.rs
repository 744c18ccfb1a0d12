//! Literals. The parts of a text are read from the source, so that each knows its bytes.

use syn::Lit;

use super::{Lowering, opaque};
use crate::code::{Expr, ExprKind, TextPart};
use crate::source::Span;

impl Lowering<'_> {
    pub(super) fn literal(&self, literal: &Lit) -> Expr {
        let span = self.span(literal.span());
        let kind = match literal {
            Lit::Str(_) | Lit::ByteStr(_) | Lit::CStr(_) | Lit::Byte(_) | Lit::Char(_) => {
                self.text(span).map(ExprKind::Text)
            }
            Lit::Int(int) => int.base10_parse().ok().map(ExprKind::Int),
            Lit::Bool(bool) => Some(ExprKind::Bool(bool.value)),
            _ => None,
        };
        match kind {
            Some(kind) => Expr { kind, span },
            None => opaque(Vec::new(), span),
        }
    }

    /// The parts of the string or character literal at `span`.
    pub(super) fn text(&self, span: Span) -> Option<Vec<TextPart>> {
        parts(self.parsed.text.get(span.range())?, span.start)
    }
}

/// The parts of a literal that begins at byte `at` of its file.
fn parts(literal: &str, at: u32) -> Option<Vec<TextPart>> {
    let quote = literal.find(['"', '\''])?;
    let close = literal.rfind(&literal[quote..=quote])?;
    let raw = literal[..quote].contains('r');
    let body = literal.get(quote + 1..close)?;
    let at = at as usize + quote + 1;

    let mut parts = Vec::new();
    let (mut plain, mut here) = (0, 0);
    while here < body.len() {
        let rest = &body[here..];
        let (value, length) = if !raw && rest.starts_with('\\') {
            escape(rest)
        } else if rest.starts_with("\r\n") {
            // What the compiler reads has LF only.
            (Some('\n'), 2)
        } else {
            here += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        push_verbatim(&mut parts, &body[plain..here], at + plain);
        parts.push(TextPart::Literal {
            text: value.map(String::from).unwrap_or_default().into(),
            span: Span::new(at + here, at + here + length),
            verbatim: false,
        });
        here += length;
        plain = here;
    }
    push_verbatim(&mut parts, &body[plain..], at + plain);
    Some(parts)
}

/// Adds characters that stand in the source as they are, unless there are none.
pub(super) fn push_verbatim(parts: &mut Vec<TextPart>, text: &str, at: usize) {
    if !text.is_empty() {
        parts.push(TextPart::Literal {
            text: text.into(),
            span: Span::new(at, at + text.len()),
            verbatim: true,
        });
    }
}

/// The value of the escape sequence that `rest` begins with, and its length. A line continuation
/// has no value.
fn escape(rest: &str) -> (Option<char>, usize) {
    let behind = &rest[1..];
    let simple = |value| (Some(value), 2);
    match behind.chars().next() {
        Some('n') => simple('\n'),
        Some('r') => simple('\r'),
        Some('t') => simple('\t'),
        Some('0') => simple('\0'),
        Some('x') => {
            let digits = behind.get(1..3).unwrap_or_default();
            let value = match u8::from_str_radix(digits, 16) {
                Ok(byte) if byte.is_ascii() => char::from(byte),
                // A byte that is no character by itself.
                _ => char::REPLACEMENT_CHARACTER,
            };
            (Some(value), 2 + digits.len())
        }
        Some('u') => {
            let length = behind.find('}').map_or(1, |end| end + 1);
            let digits = behind[1..length].trim_matches(['{', '}']).replace('_', "");
            let value = u32::from_str_radix(&digits, 16)
                .ok()
                .and_then(char::from_u32)
                .unwrap_or(char::REPLACEMENT_CHARACTER);
            (Some(value), 1 + length)
        }
        Some('\n' | '\r') => {
            let skipped = behind.len() - behind.trim_start_matches([' ', '\t', '\n', '\r']).len();
            (None, 1 + skipped)
        }
        Some(other) => (Some(other), 1 + other.len_utf8()),
        None => (Some('\\'), 1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parts;
    use crate::code::TextPart;

    /// The value of a literal that stands behind `before`. Its parts must tile its body, and the
    /// verbatim ones must be their source.
    fn value(before: &str, literal: &str) -> String {
        let source = format!("{before}{literal}");
        let mut value = String::new();
        let mut end = None;
        for part in parts(literal, before.len() as u32).expect("a literal") {
            let TextPart::Literal {
                text,
                span,
                verbatim,
            } = part
            else {
                panic!("a literal has no expressions");
            };
            assert!(end.is_none_or(|end| end == span.start));
            end = Some(span.end);
            if verbatim {
                assert_eq!(source[span.range()], *text);
            }
            value.push_str(&text);
        }
        value
    }

    proptest! {
        #[test]
        fn the_value_of_a_string_is_what_the_compiler_reads(
            body in r#"([a-zé ]|\\[nrt0\\'"]|\\x[0-7][0-9A-F]|\\u\{[0-9a-f]_?[0-9a-f]{2}\}|\r\n|\\\r?\n {0,3})*"#
        ) {
            let literal = format!("\"{body}\"");
            // The compiler reads LF where the file has CRLF, and `syn` leaves that to its callers.
            let expected: syn::LitStr = syn::parse_str(&literal.replace("\r\n", "\n")).unwrap();
            prop_assert_eq!(value("let é = ", &literal), expected.value());
        }

        #[test]
        fn the_value_of_a_raw_string_is_what_stands_there(body in r#"[a-zé\\{}\n" ]*"#) {
            let literal = format!("br##\"{body}\"##");
            prop_assert_eq!(value("é", &literal), body);
        }
    }
}
