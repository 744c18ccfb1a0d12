//! Text from other people's files and file names, made safe to show on a terminal.

use std::borrow::Cow;
use std::io::{self, Write};

use codespan_reporting::term::termcolor::{ColorSpec, HyperlinkSpec, WriteColor};

/// The text with a replacement character for each control character: an escape sequence in a file
/// must not move the cursor of the terminal.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(is_control) {
        Cow::Owned(text.replace(is_control, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The [`printable`] text in one line: line breaks and tabs are replaced, too.
pub fn in_line(text: &str) -> Cow<'_, str> {
    match printable(text) {
        text if text.contains(['\n', '\t']) => Cow::Owned(text.replace(['\n', '\t'], "\u{fffd}")),
        text => text,
    }
}

fn is_control(c: char) -> bool {
    // Those that reorder text are not control characters by category.
    let reorders = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    reorders || (c.is_control() && c != '\n' && c != '\t')
}

/// A writer of [`printable`] text. Colours and links pass.
pub struct Printable<'a>(pub &'a mut dyn WriteColor);

impl Write for Printable<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes).map(printable) {
            Ok(Cow::Owned(text)) => self.0.write_all(text.as_bytes()).map(|()| bytes.len()),
            _ => self.0.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl WriteColor for Printable<'_> {
    fn supports_color(&self) -> bool {
        self.0.supports_color()
    }

    fn set_color(&mut self, spec: &ColorSpec) -> io::Result<()> {
        self.0.set_color(spec)
    }

    fn reset(&mut self) -> io::Result<()> {
        self.0.reset()
    }

    fn supports_hyperlinks(&self) -> bool {
        self.0.supports_hyperlinks()
    }

    fn set_hyperlink(&mut self, link: &HyperlinkSpec) -> io::Result<()> {
        self.0.set_hyperlink(link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_replaced() {
        assert_eq!(printable("é\t🗻\n"), "é\t🗻\n");
        assert_eq!(
            printable("a\x1b[2Jb\rc\u{9b}d\u{202e}"),
            "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}"
        );
        assert_eq!(in_line("a\tb\r\nc é"), "a\u{fffd}b\u{fffd}\u{fffd}c é");
    }
}
