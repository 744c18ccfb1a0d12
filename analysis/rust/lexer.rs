//! A light lexer: tells comments, literals, words and brackets apart, on any text.
//!
//! It serves where a parse would cost too much or must not be tried yet. It never fails: what does
//! not lex as Rust is punctuation or runs to the end of the text.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A line or block comment, also of documentation.
    Comment,
    /// A string, byte string, C string, character or byte, raw or not.
    Literal,
    /// An identifier, keyword, lifetime or number.
    Word,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// One byte of anything else.
    Punctuation,
}

/// A token and the bytes it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The tokens of a text, in order.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// Starts behind the shebang line, if there is one.
    pub(crate) fn new(text: &'a str) -> Lexer<'a> {
        Lexer {
            text,
            at: shebang(text),
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_line(&mut self) {
        let line = self.rest();
        let line = line.split_once('\n').map_or(line, |(line, _)| line);
        self.at += line.strip_suffix('\r').unwrap_or(line).len();
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// Skips a literal with escapes, from its opening quote.
    fn skip_quoted(&mut self, quote: u8) {
        self.at += 1;
        while self.at < self.text.len() {
            match self.peek(0) {
                b'\\' => self.at += 2,
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
        self.at = self.text.len();
    }

    /// Skips a raw string from its first `#` or quote; not done where that is no raw string.
    fn skip_raw(&mut self) -> bool {
        let rest = self.rest();
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let Some(body) = rest[hashes..].strip_prefix('"') else {
            return false;
        };
        let close = format!("\"{}", "#".repeat(hashes));
        self.at = match body.find(&close) {
            Some(end) => self.text.len() - body.len() + end + close.len(),
            None => self.text.len(),
        };
        true
    }

    fn skip_word(&mut self) {
        while is_word(self.peek(0)) {
            self.at += 1;
        }
    }

    /// Skips a word and, where it is the prefix of a literal, the literal.
    fn word(&mut self) -> TokenKind {
        let start = self.at;
        self.skip_word();
        match (&self.text[start..self.at], self.peek(0)) {
            ("r" | "br" | "cr", b'"' | b'#') => {
                if self.skip_raw() {
                    return TokenKind::Literal;
                }
                if self.peek(0) == b'#' && is_word(self.peek(1)) {
                    self.at += 1;
                    self.skip_word();
                }
                TokenKind::Word
            }
            ("b" | "c", b'"') => {
                self.skip_quoted(b'"');
                TokenKind::Literal
            }
            ("b", b'\'') => {
                self.skip_quoted(b'\'');
                TokenKind::Literal
            }
            _ => TokenKind::Word,
        }
    }

    /// At a single quote: a character, or else a lifetime or label.
    fn quote(&mut self) -> TokenKind {
        let mut ahead = self.rest()[1..].chars();
        let (first, second) = (ahead.next(), ahead.next());
        if first == Some('\\') {
            self.skip_quoted(b'\'');
            return TokenKind::Literal;
        }
        self.at += 1;
        match first {
            Some(first) if second == Some('\'') => {
                self.at += first.len_utf8() + 1;
                TokenKind::Literal
            }
            _ => {
                self.skip_word();
                TokenKind::Word
            }
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while self.peek(0).is_ascii_whitespace() {
            self.at += 1;
        }
        let start = self.at;
        let kind = match (*self.bytes().get(start)?, self.peek(1)) {
            (b'/', b'/') => {
                self.skip_line();
                TokenKind::Comment
            }
            (b'/', b'*') => {
                self.skip_block_comment();
                TokenKind::Comment
            }
            (b'"', _) => {
                self.skip_quoted(b'"');
                TokenKind::Literal
            }
            (b'\'', _) => self.quote(),
            (byte, _) if is_word(byte) => self.word(),
            (byte, _) => {
                self.at += 1;
                match byte {
                    b'(' | b'[' | b'{' => TokenKind::Open,
                    b')' | b']' | b'}' => TokenKind::Close,
                    _ => TokenKind::Punctuation,
                }
            }
        };
        // An escape at the very end of the text counts two bytes where there is one.
        self.at = self.at.min(self.text.len());
        Some(Token {
            kind,
            start,
            end: self.at,
        })
    }
}

/// Bytes of identifiers and numbers. Every byte beyond ASCII counts, so that a token never ends
/// within a character.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The length of a shebang line: `#!` begins one unless an attribute follows.
pub(crate) fn shebang(text: &str) -> usize {
    if !text.starts_with("#!") {
        return 0;
    }
    let next = Lexer { text, at: 2 }.find(|token| token.kind != TokenKind::Comment);
    match next {
        Some(token) if text[token.start..].starts_with('[') => 0,
        _ => text.find('\n').unwrap_or(text.len()),
    }
}
