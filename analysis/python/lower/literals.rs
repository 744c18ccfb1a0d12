//! Strings, with escape sequences decoded.

use ruff_python_ast::str_prefix::AnyStringPrefix;
use ruff_python_ast::{
    ConversionFlag, ExprBytesLiteral, ExprFString, ExprStringLiteral, FString, FStringPart,
    InterpolatedElement, StringFlags, StringLiteral,
};
use ruff_text_size::{Ranged, TextRange};

use super::{Lowering, opaque};
use crate::code::{Argument, ArgumentKind, Expr, ExprKind, TextPart};
use crate::source::Span;

impl Lowering<'_, '_> {
    /// A string, or several that are concatenated by standing side by side.
    pub(super) fn string(&self, literal: &ExprStringLiteral) -> ExprKind {
        let mut text = Vec::new();
        for string in &literal.value {
            self.plain(string, &mut text);
        }
        ExprKind::Text(text)
    }

    /// The same of bytes.
    pub(super) fn bytes(&self, literal: &ExprBytesLiteral) -> ExprKind {
        let mut text = Vec::new();
        for bytes in &literal.value {
            let inside = inside(bytes.range(), bytes.flags);
            self.decode(Style::of(bytes.flags), inside, &mut text);
        }
        ExprKind::Text(text)
    }

    /// The same of strings of which one or more are formatted.
    pub(super) fn formatted_string(&mut self, literal: &ExprFString) -> ExprKind {
        let mut text = Vec::new();
        for part in &literal.value {
            match part {
                FStringPart::Literal(string) => self.plain(string, &mut text),
                FStringPart::FString(string) => self.formatted(string, &mut text),
            }
        }
        ExprKind::Text(text)
    }

    fn plain(&self, string: &StringLiteral, text: &mut Vec<TextPart>) {
        let inside = inside(string.range(), string.flags);
        self.decode(Style::of(string.flags), inside, text);
    }

    fn formatted(&mut self, string: &FString, text: &mut Vec<TextPart>) {
        let style = Style::of(string.flags);
        let inside = inside(string.range(), string.flags);
        let mut from = inside.start();
        for field in string.elements.interpolations() {
            self.decode(style, TextRange::new(from, field.start()), text);
            text.push(TextPart::Interpolated(self.interpolation(field)));
            from = field.end();
        }
        self.decode(style, TextRange::new(from, inside.end().max(from)), text);
    }

    /// `{value}`, opaque where a conversion or format specification changes what it becomes.
    fn interpolation(&mut self, field: &InterpolatedElement) -> Expr {
        let value = self.expression(&field.expression);
        let is_plain = field.conversion == ConversionFlag::None && field.debug_text.is_none();
        let span = self.part.span(field.range());
        let Some(specification) = &field.format_spec else {
            return match is_plain {
                true => value,
                false => Expr {
                    kind: ExprKind::Opaque(vec![value]),
                    span,
                },
            };
        };
        // One that is written out, and of those that dates take.
        let written = self.part.source(specification.range());
        let inner: Vec<_> = specification.elements.interpolations().collect();
        if is_plain && inner.is_empty() && written.contains('%') {
            let specification = verbatim(written, self.part.span(specification.range()));
            return formatted(value, specification, span);
        }
        let mut values = vec![value];
        for field in inner {
            values.push(self.expression(&field.expression));
        }
        Expr {
            kind: ExprKind::Opaque(values),
            span,
        }
    }

    /// Decodes the literal text of a string between its quotes and replacement fields.
    fn decode(&self, style: Style, range: TextRange, parts: &mut Vec<TextPart>) {
        let source = self.part.source(range);
        let start = self.part.span(range).start as usize;
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

/// What stands between the quotes of a string.
fn inside(range: TextRange, flags: impl StringFlags) -> TextRange {
    range
        .add_start(flags.opener_len())
        .sub_end(flags.closer_len())
}

/// A string of which everything stands in the source as it is.
fn verbatim(text: &str, span: Span) -> Expr {
    let literal = TextPart::Literal {
        text: text.into(),
        span,
        verbatim: true,
    };
    Expr {
        kind: ExprKind::Text(vec![literal]),
        span,
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
            [argument(value), argument(specification)].into(),
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
    fn of(flags: impl StringFlags) -> Style {
        let prefix = flags.prefix();
        Style {
            raw: prefix.is_raw(),
            bytes: matches!(prefix, AnyStringPrefix::Bytes(_)),
            formatted: matches!(prefix, AnyStringPrefix::Format(_)),
        }
    }

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
                let rest = source.strip_prefix("\\N{");
                let Some((name, _)) = rest.and_then(|rest| rest.split_once('}')) else {
                    return (Escape::Unknown, 2);
                };
                let named = unicode_names2::character(name);
                return (named.map_or(Escape::Unknown, Escape::Char), name.len() + 4);
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
