//! Integers and strings, with escape sequences decoded.

use tree_sitter::Node;

use super::tree::{children, field, parts, span};
use super::{Lowering, opaque};
use crate::code::{Argument, ArgumentKind, Expr, ExprKind, TextPart};
use crate::source::Span;

impl Lowering<'_> {
    /// An integer; `None` if it is imaginary, does not fit, or is written as Python no longer has it.
    pub(super) fn integer(&mut self, node: Node) -> Option<ExprKind> {
        let digits = self.source(node).replace('_', "");
        let digits = digits.trim_end_matches(['l', 'L']);
        let prefixed = digits.get(..2).map(str::to_ascii_lowercase);
        let value = match prefixed.as_deref() {
            Some("0x") => i64::from_str_radix(&digits[2..], 16),
            Some("0o") => i64::from_str_radix(&digits[2..], 8),
            Some("0b") => i64::from_str_radix(&digits[2..], 2),
            _ if digits.starts_with('0') && digits.contains(|digit| digit != '0') => return None,
            _ => digits.parse(),
        };
        value.ok().map(ExprKind::Int)
    }

    /// A string, or several that are concatenated by standing side by side.
    pub(super) fn text(&mut self, node: Node) -> Option<ExprKind> {
        let strings = match node.kind() {
            "concatenated_string" => parts(node),
            _ => vec![node],
        };
        let mut text = Vec::new();
        for string in strings {
            self.string(string, &mut text)?;
        }
        Some(ExprKind::Text(text))
    }

    /// The parts of one string; `None` if it is not one that Python 3 evaluates to text.
    fn string(&mut self, node: Node, text: &mut Vec<TextPart>) -> Option<()> {
        let children = children(node);
        let (&start, rest) = children.split_first()?;
        let (&end, inside) = rest.split_last()?;
        let opening = self.source(start).to_ascii_lowercase();
        if opening.contains(['t', '`']) {
            return None;
        }
        let style = Style {
            raw: opening.contains('r'),
            bytes: opening.contains('b'),
            formatted: opening.contains('f'),
        };
        let mut from = start.end_byte();
        for &child in inside {
            if child.kind() == "interpolation" {
                self.decode(style, Span::new(from, child.start_byte()), text);
                text.push(TextPart::Interpolated(self.interpolation(child)));
                from = child.end_byte();
            }
        }
        // The grammar counts backslashes at the end of a raw string to the closing quotes.
        let quotes = opening.len() - opening.find(['\'', '"'])?;
        let to = end.end_byte().saturating_sub(quotes).max(from);
        self.decode(style, Span::new(from, to), text);
        Some(())
    }

    /// `{value}`, opaque where a conversion or format specification changes what it becomes.
    fn interpolation(&mut self, node: Node) -> Expr {
        let parts = parts(node);
        let Some(value) = field(node, "expression") else {
            return Expr {
                kind: opaque(),
                span: span(node),
            };
        };
        let plain = children(node).len() == 3;
        let value = self.expression(value);
        if plain {
            return value;
        }
        if let Some(specification) = self.specification(node) {
            return formatted(value, specification, span(node));
        }
        let mut values = vec![value];
        for part in parts {
            if part.kind() == "format_specifier" {
                let fields = children(part).into_iter();
                for inner in fields.filter_map(|inner| field(inner, "expression")) {
                    values.push(self.expression(inner));
                }
            }
        }
        Expr {
            kind: ExprKind::Opaque(values),
            span: span(node),
        }
    }

    /// The format of a replacement field without a conversion, if it is written out and one of those
    /// that dates take.
    fn specification(&self, node: Node) -> Option<Expr> {
        let parts = parts(node);
        let [_, specification] = parts.as_slice() else {
            return None;
        };
        if specification.kind() != "format_specifier"
            || !children(*specification)
                .iter()
                .all(|inner| field(*inner, "expression").is_none())
        {
            return None;
        }
        let text = self.source(*specification).strip_prefix(':')?;
        if !text.contains('%') {
            return None;
        }
        let end = specification.end_byte();
        let literal = TextPart::Literal {
            text: text.into(),
            span: Span::new(end - text.len(), end),
            verbatim: true,
        };
        Some(Expr {
            kind: ExprKind::Text(vec![literal]),
            span: Span::new(end - text.len(), end),
        })
    }

    /// Decodes the literal text of a string between its quotes and replacement fields.
    fn decode(&self, style: Style, span: Span, parts: &mut Vec<TextPart>) {
        let source = self.text.get(span.range()).unwrap_or_default();
        let start = span.start as usize;
        let mut verbatim = 0;
        let mut at = 0;
        while let Some(offset) = source[at..].find(|char| style.is_special(char)) {
            at += offset;
            let (value, length) = style.escape(&source[at..]);
            if !matches!(value, Escape::Verbatim) {
                push_verbatim(parts, source, start, verbatim..at);
                verbatim = at + length;
            }
            let span = Span::new(start + at, start + at + length);
            match value {
                Escape::Verbatim | Escape::Nothing => {}
                Escape::Char(value) => parts.push(TextPart::Literal {
                    text: value.encode_utf8(&mut [0; 4]).into(),
                    span,
                    verbatim: false,
                }),
                Escape::Unknown => parts.push(TextPart::Interpolated(Expr {
                    kind: opaque(),
                    span,
                })),
            }
            at += length;
        }
        push_verbatim(parts, source, start, verbatim..source.len());
    }
}

/// `{value:specification}`, which is what `format(value, "specification")` gives.
fn formatted(value: Expr, specification: Expr, span: Span) -> Expr {
    let argument = |value: Expr| Argument {
        kind: ArgumentKind::Positional,
        span: value.span,
        value,
    };
    let format = Expr {
        kind: ExprKind::Name("format".into()),
        span,
    };
    Expr {
        kind: ExprKind::Call(
            Box::new(format),
            vec![argument(value), argument(specification)],
        ),
        span,
    }
}

fn push_verbatim(
    parts: &mut Vec<TextPart>,
    source: &str,
    start: usize,
    range: std::ops::Range<usize>,
) {
    if !range.is_empty() {
        parts.push(TextPart::Literal {
            text: source[range.clone()].into(),
            span: Span::new(start + range.start, start + range.end),
            verbatim: true,
        });
    }
}

/// How the text of a string is to be read.
#[derive(Clone, Copy)]
struct Style {
    raw: bool,
    bytes: bool,
    formatted: bool,
}

/// What an escape sequence, line end or doubled brace stands for.
enum Escape {
    /// Itself.
    Verbatim,
    /// Nothing: a line continuation.
    Nothing,
    /// A character.
    Char(char),
    /// Something that is not decoded here.
    Unknown,
}

impl Style {
    fn is_special(self, char: char) -> bool {
        match char {
            '\\' => !self.raw,
            '\r' => true,
            '{' | '}' => self.formatted,
            _ => false,
        }
    }

    /// What the special character at the start of `source` stands for, and of how many bytes.
    fn escape(self, source: &str) -> (Escape, usize) {
        let bytes = source.as_bytes();
        let next = bytes.get(1).copied();
        match (bytes[0], next) {
            (b'\r', Some(b'\n')) => (Escape::Char('\n'), 2),
            (b'\r', _) => (Escape::Char('\n'), 1),
            (brace @ (b'{' | b'}'), Some(second)) if brace == second => {
                (Escape::Char(brace.into()), 2)
            }
            (b'\\', Some(next)) => self.backslash(next, source),
            _ => (Escape::Verbatim, 1),
        }
    }

    fn backslash(self, next: u8, source: &str) -> (Escape, usize) {
        let char = match next {
            b'\n' => return (Escape::Nothing, 2),
            b'\r' if source[2..].starts_with('\n') => return (Escape::Nothing, 3),
            b'\r' => return (Escape::Nothing, 2),
            b'\\' | b'\'' | b'"' => next.into(),
            b'a' => '\x07',
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'v' => '\x0b',
            b'0'..=b'7' => {
                let digits = source[1..].bytes().take(3);
                let digits = digits.take_while(|digit| matches!(digit, b'0'..=b'7'));
                return self.code(source, 1, digits.count(), 8);
            }
            b'x' => return self.code(source, 2, 2, 16),
            b'u' if !self.bytes => return self.code(source, 2, 4, 16),
            b'U' if !self.bytes => return self.code(source, 2, 8, 16),
            b'N' if !self.bytes => {
                let name = source.strip_prefix("\\N{").and_then(|name| name.find('}'));
                return (Escape::Unknown, name.map_or(2, |length| length + 4));
            }
            // An unknown escape stands for itself, backslash included.
            _ => return (Escape::Verbatim, 1),
        };
        (Escape::Char(char), 2)
    }

    /// A character given by `count` digits at `from`.
    fn code(self, source: &str, from: usize, count: usize, radix: u32) -> (Escape, usize) {
        let Some(digits) = source.get(from..from + count) else {
            return (Escape::Unknown, from);
        };
        let value = u32::from_str_radix(digits, radix).ok();
        // A byte beyond ASCII is no character of a text.
        let value = value.filter(|&value| !self.bytes || value < 0x80);
        match value.and_then(char::from_u32) {
            Some(char) => (Escape::Char(char), from + count),
            None => (Escape::Unknown, from + count),
        }
    }
}
