//! What the grammar is shown of a text, where it does not take Python as it is.

use std::borrow::Cow;

use memchr::memchr_iter;

use crate::python::lexer::{Lexer, Line, is_word};
use crate::source::Span;

/// The text as the grammar is to see it, byte for byte in the same places: a lone CR, which ends a
/// line in Python but not in the grammar, is an LF, and blank are
///
/// - comments, because the grammar's scanner reads on through all comments that follow, for each of
///   them again;
/// - the defaults of type parameters, which the grammar does not have.
pub(super) fn prepared(text: &str) -> Cow<'_, [u8]> {
    let mut lexer = Lexer::new(text);
    let mut blank = Vec::new();
    while let Some(line) = lexer.line() {
        defaults(text, &line, &mut blank);
    }
    blank.extend(lexer.comments.iter().map(|comment| comment.span));
    let mut bytes = Cow::Borrowed(text.as_bytes());
    for span in blank {
        bytes.to_mut()[span.range()].fill(b' ');
    }
    let lone: Vec<usize> = memchr_iter(b'\r', &bytes)
        .filter(|at| bytes.get(at + 1) != Some(&b'\n'))
        .collect();
    for at in lone {
        bytes.to_mut()[at] = b'\n';
    }
    bytes
}

/// Finds the defaults of the type parameters that a line declares: `= int` in `class A[T = int]:`.
fn defaults(text: &str, line: &Line, found: &mut Vec<Span>) {
    let line_text = &text[line.start..line.end];
    let Some(open) = type_parameters(line_text) else {
        return;
    };
    let mut lexer = Lexer::new(&line_text[open..]);
    let mut default = None;
    while let Some((byte, at)) = lexer.token_in_bracket() {
        match (byte, default) {
            (b'=', None) => default = Some(at),
            (b',' | b']', Some(start)) => {
                let base = line.start + open;
                found.push(Span::new(base + start, base + at));
                default = None;
            }
            _ => {}
        }
    }
}

/// Where the type parameters open that a line declares for a class, a function or a type.
fn type_parameters(line: &str) -> Option<usize> {
    let word = |text: &'_ str| text.bytes().take_while(|&byte| is_word(byte)).count();
    let after = |text: &'_ str| {
        let rest = &text[word(text)..];
        line.len() - rest.trim_start().len()
    };
    let mut at = 0;
    if &line[..word(line)] == "async" {
        at = after(line);
    }
    let keyword = &line[at..][..word(&line[at..])];
    if !matches!(keyword, "class" | "def" | "type") {
        return None;
    }
    at = after(&line[at..]);
    let is_named = word(&line[at..]) > 0;
    at = after(&line[at..]);
    (is_named && line[at..].starts_with('[')).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        String::from_utf8(prepared(text).into_owned()).expect("characters are blanked whole")
    }

    #[test]
    fn comments_are_blank_and_lines_end_with_lf() {
        assert_eq!(shown("a # é\r\n# b\rc\r"), "a     \r\n   \nc\n");
        assert!(matches!(prepared("a\r\nb"), Cow::Borrowed(_)));
    }

    #[test]
    fn defaults_of_type_parameters_are_blank() {
        for (text, expected) in [
            ("class A[T = int]: pass", "class A[T      ]: pass"),
            (
                "async  def f[T: g[a, b] = c[1, 2], *U = *tuple[d], **P](h=1): pass",
                "async  def f[T: g[a, b]          , *U            , **P](h=1): pass",
            ),
            ("type A [T = '],'] = T", "type A [T       ] = T"),
            (
                "class A[\n    T = d,  # ]\n]:",
                "class A[\n    T    ,     \n]:",
            ),
        ] {
            assert_eq!(shown(text), expected);
        }
        for same in [
            "def f(a=[1]): pass",
            "type[x] = 1",
            "class A(B[c], d=1): pass",
            "x[a] = b",
            "async with a[b]: c = 1",
            "defer[f(x=1)] = 2",
        ] {
            assert_eq!(shown(same), same);
        }
    }
}
