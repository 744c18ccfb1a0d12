//! Numbers and strings.

use super::check;
use crate::code::{ExprKind, StmtKind, TextPart};
use crate::python::program;

#[test]
fn integers() {
    check(&[
        ("0, 00, 12, 1_000", "tuple(0, 0, 12, 1000)"),
        ("0x0900_0208, 0XfF", "tuple(150995464, 255)"),
        ("0o17, 0b101", "tuple(15, 5)"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "?()"),
        ("1.5, 1e3, 2j", "tuple(?(), ?(), ?())"),
    ]);
}

#[test]
fn plain_strings() {
    check(&[
        ("''", "<>"),
        ("'a'", r#"<"a">"#),
        (r#""""a"b""""#, r#"<"a\"b">"#),
        ("'a' \"b\"", r#"<"a" "b">"#),
        ("('a'  # why\n 'b')", r#"<"a" "b">"#),
        ("'a{b}'", r#"<"a{b}">"#),
        (
            "b'a', B'b', u'c', Rb'd'",
            r#"tuple(<"a">, <"b">, <"c">, <"d">)"#,
        ),
    ]);
}

#[test]
fn escapes() {
    check(&[
        (r"'a\nb'", r#"<"a" ~"\n" "b">"#),
        (r#"'\\\'\"'"#, r#"<~"\\" ~"'" ~"\"">"#),
        (
            r"'\a\b\f\r\t\v'",
            r#"<~"\u{7}" ~"\u{8}" ~"\u{c}" ~"\r" ~"\t" ~"\u{b}">"#,
        ),
        (r"'\x41\101\u0041\U00000041'", r#"<~"A" ~"A" ~"A" ~"A">"#),
        (r"'\0\08'", r#"<~"\0" ~"\0" "8">"#),
        (r"'\d\ü'", r#"<"\\d\\ü">"#),
        (r"'a\N{EM DASH}b'", r#"<"a" ~"—" "b">"#),
        (r"'\ud800'", "<{?()}>"),
        (
            r"b'\xff\x41\u0041\N{EM DASH}'",
            r#"<{?()} ~"A" "\\u0041\\N{EM DASH}">"#,
        ),
        ("'a\\\nb\\\r\nc'", r#"<"a" "b" "c">"#),
    ]);
}

#[test]
fn raw_strings() {
    check(&[
        (r"r'a\n'", r#"<"a\\n">"#),
        (r"r'\''", r#"<"\\'">"#),
        (r"r'\\', r'a\\'", r#"tuple(<"\\\\">, <"a\\\\">)"#),
        (r"rf'\d{a}\\'", r#"<"\\d" {a} "\\\\">"#),
        (r"rf'\\{a}'", r#"<"\\\\" {a}>"#),
    ]);
}

#[test]
fn line_ends_in_strings_are_line_feeds() {
    check(&[
        ("'''a\nb'''", r#"<"a\nb">"#),
        ("'''a\r\nb\rc'''", r#"<"a" ~"\n" "b" ~"\n" "c">"#),
        ("r'''a\r\nb'''", r#"<"a" ~"\n" "b">"#),
    ]);
}

#[test]
fn formatted_strings() {
    check(&[
        ("f'{a}'", "<{a}>"),
        ("f'a{b.c}d{e()}'", r#"<"a" {b.c} "d" {e()}>"#),
        ("f'{{a}}{b}'", r#"<~"{" "a" ~"}" {b}>"#),
        (
            "f'{a!r}{b:>3}{c=}{d:{e}.{f}}'",
            "<{?(a)} {?(b)} {?(c)} {?(d, e, f)}>",
        ),
        ("f'{a:%-d}'", r#"<{format(a, <"%-d">)}>"#),
        ("f'a' 'b{c}' f'{d}'", r#"<"a" "b{c}" {d}>"#),
        ("f'{f'{a}'}'", "<{<{a}>}>"),
        ("f'{a[\"b\"]}'", r#"<{a[<"b">]}>"#),
        ("f'{a, b}'", "<{tuple(a, b)}>"),
        (r"f'\n{a}\N{EM DASH}'", r#"<~"\n" {a} ~"—">"#),
        ("f'''\n{\na\n}'''", r#"<"\n" {a}>"#),
    ]);
}

#[test]
fn other_literals_are_opaque() {
    check(&[("t'{a}'", "?()")]);
}

#[test]
fn parts_know_where_they_stand() {
    let text = "'ab\\n' f'c{d!r}' '''\r\n'''";
    let (block, _, _) = program(text);
    let StmtKind::Expr(value) = &block[0].kind else {
        panic!("{block:?}");
    };
    let ExprKind::Text(parts) = &value.kind else {
        panic!("{value:?}");
    };
    let places: Vec<&str> = parts
        .iter()
        .map(|part| match part {
            TextPart::Literal { span, .. } => &text[span.range()],
            TextPart::Interpolated(value) => &text[value.span.range()],
        })
        .collect();
    assert_eq!(places, ["ab", "\\n", "c", "{d!r}", "\r\n"]);
}
