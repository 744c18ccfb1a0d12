//! A light lexer: cuts Python text into logical lines and finds its comments, without a grammar.

use memchr::{memchr2, memchr2_iter};

use crate::Comment;
use crate::source::Span;

/// A logical line: the tokens up to a line end that stands outside brackets and strings.
#[derive(Debug)]
pub(crate) struct Line {
    /// Where its first token starts.
    pub start: usize,
    /// Where its last token ends.
    pub end: usize,
    /// How deep it is indented.
    pub indent: Indent,
    /// Its first `:` outside brackets.
    pub colon: Option<usize>,
    /// Whether `:` is its last token, so that an indented block follows.
    pub opens: bool,
    /// Whether brackets or strings in it do not close.
    pub broken: bool,
    /// Whether it holds nothing but strings, as a docstring does.
    pub is_text: bool,
}

/// The width of an indentation. Python takes two indentations as equal, or one as deeper, only where
/// that holds for tab stops of eight columns and of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Indent {
    /// With a tab stop every eight columns.
    pub wide: usize,
    /// With every tab as one column.
    pub narrow: usize,
}

/// How the literal part of a formatted string ends and escapes.
#[derive(Clone, Copy)]
struct Quote {
    mark: u8,
    triple: bool,
    raw: bool,
}

/// What the lexer is inside of.
#[derive(Clone, Copy)]
enum Nesting {
    /// A bracket that this byte closes.
    Bracket(u8),
    /// The literal part of a formatted string.
    Literal(Quote),
    /// The expression of a replacement field.
    Field(Quote),
    /// The format specification of a replacement field, which is literal again.
    Specification(Quote),
}

/// Reads logical lines off a text; never fails, and looks at each byte a bounded number of times.
pub(crate) struct Lexer<'t> {
    bytes: &'t [u8],
    at: usize,
    nesting: Vec<Nesting>,
    broken: bool,
    /// The comments passed so far.
    pub comments: Vec<Comment>,
    /// The characters of strings passed so far, if somebody wants to know.
    strings: Option<Vec<Span>>,
}

impl<'t> Lexer<'t> {
    /// A lexer at the start of `text`.
    pub fn new(text: &'t str) -> Lexer<'t> {
        Lexer {
            bytes: text.as_bytes(),
            at: 0,
            nesting: Vec::new(),
            broken: false,
            comments: Vec::new(),
            strings: None,
        }
    }

    /// The next logical line that holds a token.
    pub fn line(&mut self) -> Option<Line> {
        while self.at < self.bytes.len() {
            let indent = self.indentation();
            if let Some(line) = self.tokens(indent) {
                return Some(line);
            }
        }
        None
    }

    /// Goes on to the next token that stands directly in the bracket with which the text begins, and
    /// tells its first byte and place; nothing behind the bracket.
    pub fn token_in_bracket(&mut self) -> Option<(u8, usize)> {
        loop {
            let byte = self.peek(0)?;
            let token = self.at;
            let depth = self.nesting.len();
            match (byte, self.nesting.last().copied()) {
                (_, Some(Nesting::Literal(quote))) => self.literal(quote, false),
                (_, Some(Nesting::Specification(quote))) => self.literal(quote, true),
                (b'#', _) => {
                    self.comment();
                }
                _ => {
                    self.token(byte);
                }
            }
            if depth == 1 && !byte.is_ascii_whitespace() {
                return Some((byte, token));
            }
            if self.nesting.is_empty() {
                return None;
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn advance(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.bytes.len());
    }

    fn indentation(&mut self) -> Indent {
        let mut indent = Indent::default();
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' => {
                    indent.wide += 1;
                    indent.narrow += 1;
                }
                b'\t' => {
                    indent.wide = (indent.wide / 8 + 1) * 8;
                    indent.narrow += 1;
                }
                b'\x0c' => indent = Indent::default(),
                _ => break,
            }
            self.at += 1;
        }
        indent
    }

    /// The tokens up to the end of the logical line; `None` if there are none.
    fn tokens(&mut self, indent: Indent) -> Option<Line> {
        let mut start = None;
        let mut end = self.at;
        let mut colon = None;
        let mut is_text = true;
        self.broken = false;
        while let Some(byte) = self.peek(0) {
            let token = self.at;
            match (byte, self.nesting.last().copied()) {
                (_, Some(Nesting::Literal(quote))) => self.literal(quote, false),
                (_, Some(Nesting::Specification(quote))) => self.literal(quote, true),
                (b' ' | b'\t' | b'\x0c', _) => {
                    self.at += 1;
                    continue;
                }
                (b'\n' | b'\r', nesting) => {
                    self.line_end();
                    if nesting.is_none() {
                        break;
                    }
                    continue;
                }
                (b'#', _) => {
                    self.comment();
                    continue;
                }
                (b'\\', _) if matches!(self.peek(1), Some(b'\n' | b'\r')) => {
                    self.at += 1;
                    self.line_end();
                    continue;
                }
                (b':', None) => {
                    colon = colon.or(Some(token));
                    self.at += 1;
                }
                (b':', Some(Nesting::Field(quote))) => {
                    self.nesting.pop();
                    self.nesting.push(Nesting::Specification(quote));
                    self.at += 1;
                }
                _ => is_text &= self.token(byte),
            }
            start = start.or(Some(token));
            end = self.at;
        }
        if !self.nesting.is_empty() {
            self.nesting.clear();
            self.broken = true;
        }
        Some(Line {
            start: start?,
            end,
            indent,
            colon,
            opens: self.bytes[end - 1] == b':',
            broken: self.broken,
            is_text: is_text && colon.is_none(),
        })
    }

    /// Passes a token; whether it is a string that is not formatted.
    fn token(&mut self, byte: u8) -> bool {
        let outer = self.nesting.len();
        match byte {
            b'"' | b'\'' => {
                self.string(&[]);
                return true;
            }
            b'(' => self.open(b')'),
            b'[' => self.open(b']'),
            b'{' => self.open(b'}'),
            b')' | b']' | b'}' => self.close(byte),
            _ if is_word(byte) => {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().position(|&byte| !is_word(byte));
                let word = &rest[..length.unwrap_or(rest.len())];
                self.at += word.len();
                if word.len() <= 2
                    && matches!(self.peek(0), Some(b'"' | b'\''))
                    && word.iter().all(|byte| b"rRbBfFuUtT".contains(byte))
                {
                    self.string(word);
                    return self.nesting.len() == outer;
                }
            }
            _ => self.at += 1,
        }
        false
    }

    fn open(&mut self, closing: u8) {
        self.nesting.push(Nesting::Bracket(closing));
        self.at += 1;
    }

    fn close(&mut self, byte: u8) {
        self.at += 1;
        match self.nesting.last() {
            Some(Nesting::Bracket(closing)) if *closing == byte => {
                self.nesting.pop();
            }
            Some(Nesting::Field(_)) if byte == b'}' => {
                self.nesting.pop();
            }
            _ => self.broken = true,
        }
    }

    fn line_end(&mut self) {
        let crlf = self.peek(0) == Some(b'\r') && self.peek(1) == Some(b'\n');
        self.advance(if crlf { 2 } else { 1 });
    }

    fn comment(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let before = self.bytes[..self.at].iter().rev();
        let alone = before
            .copied()
            .find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'))
            .is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
        self.comments.push(Comment {
            span: Span::new(self.at, self.at + length),
            alone,
        });
        self.at += length;
    }

    /// Reads a string from its opening quote on; of a formatted one only that quote.
    fn string(&mut self, prefix: &[u8]) {
        let has = |letter: u8| prefix.iter().any(|byte| byte.eq_ignore_ascii_case(&letter));
        let start = self.at;
        let mark = self.bytes[self.at];
        let triple = self.peek(1) == Some(mark) && self.peek(2) == Some(mark);
        self.at += if triple { 3 } else { 1 };
        if has(b'f') || has(b't') {
            let raw = has(b'r');
            self.nesting
                .push(Nesting::Literal(Quote { mark, triple, raw }));
        } else if triple {
            self.triple_quoted(mark);
        } else {
            self.single_quoted(mark);
        }
        self.passed_string(start);
    }

    fn passed_string(&mut self, start: usize) {
        if let Some(strings) = &mut self.strings {
            strings.push(Span::new(start, self.at));
        }
    }

    fn triple_quoted(&mut self, mark: u8) {
        let start = self.at;
        let mut next = start;
        for offset in memchr2_iter(mark, b'\\', &self.bytes[start..]) {
            let at = start + offset;
            if at < next {
                continue;
            }
            if self.bytes[at] == b'\\' {
                next = at + 2;
            } else if self.bytes[at..].starts_with(&[mark; 3]) {
                self.at = at + 3;
                return;
            }
        }
        self.at = self.bytes.len();
        self.broken = true;
    }

    fn single_quoted(&mut self, mark: u8) {
        while let Some(byte) = self.peek(0) {
            match byte {
                _ if byte == mark => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.escape(),
                b'\n' | b'\r' => break,
                _ => self.at += 1,
            }
        }
        self.broken = true;
    }

    /// Passes a backslash and what it escapes.
    fn escape(&mut self) {
        self.at += 1;
        match self.peek(0) {
            Some(b'\r' | b'\n') => self.line_end(),
            _ => self.advance(1),
        }
    }

    /// Passes literal text of a formatted string up to a replacement field or the end of the
    /// literal (of the format specification, if that is what it is).
    fn literal(&mut self, quote: Quote, specification: bool) {
        let start = self.at;
        self.pass_literal(quote, specification);
        self.passed_string(start);
    }

    fn pass_literal(&mut self, quote: Quote, specification: bool) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'{' if !specification && self.peek(1) == Some(b'{') => self.at += 2,
                b'{' => {
                    self.at += 1;
                    self.nesting.push(Nesting::Field(quote));
                    return;
                }
                b'}' if specification => {
                    self.at += 1;
                    self.nesting.pop();
                    return;
                }
                b'\\' => match self.peek(1) {
                    Some(b'{' | b'}') => self.at += 1,
                    Some(b'N') if !quote.raw && self.peek(2) == Some(b'{') => self.named_escape(),
                    _ => self.escape(),
                },
                b'\n' | b'\r' if !quote.triple => {
                    self.leave_literal(specification);
                    self.broken = true;
                    return;
                }
                _ if byte == quote.mark
                    && (!quote.triple || self.bytes[self.at..].starts_with(&[byte; 3])) =>
                {
                    self.at += if quote.triple { 3 } else { 1 };
                    self.leave_literal(specification);
                    self.broken |= specification;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Passes `\N{name}`, whose braces are no replacement field.
    fn named_escape(&mut self) {
        self.at += 3;
        while let Some(byte) = self.peek(0) {
            let named = byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-');
            if named || byte == b'}' {
                self.at += 1;
            }
            if !named {
                return;
            }
        }
    }

    fn leave_literal(&mut self, specification: bool) {
        if specification {
            self.nesting.pop();
        }
        self.nesting.pop();
    }
}

/// Whether a byte belongs to a name or number; every character beyond ASCII is taken as one of a name.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The comments and the characters of strings in a text, in order.
pub(crate) fn silent(text: &str) -> Vec<Span> {
    let mut lexer = Lexer::new(text);
    lexer.strings = Some(Vec::new());
    while lexer.line().is_some() {}
    let mut silent = lexer.strings.unwrap_or_default();
    silent.extend(lexer.comments.iter().map(|comment| comment.span));
    silent.sort();
    silent
}

/// The comments of a text.
pub fn comments(text: &str) -> Vec<Comment> {
    let mut lexer = Lexer::new(text);
    while lexer.line().is_some() {}
    lexer.comments
}
