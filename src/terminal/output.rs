//! Where a report goes, and what may be made of it there: standard output, or a file in its place.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use clap::builder::StyledStr;
use codespan_reporting::term::termcolor::{
    BufferedStandardStream, ColorChoice, ColorSpec, HyperlinkSpec, NoColor, WriteColor,
};

use super::colour::Colour;
use super::links;
use crate::printable::printable;

/// Where a report goes.
pub struct Output<'w> {
    to: Box<dyn WriteColor + 'w>,
    is_seen: bool,
    has_links: bool,
    is_closed: bool,
}

impl<'w> Output<'w> {
    /// Standard output.
    pub fn standard(colour: Colour) -> Output<'static> {
        let stdout = io::stdout();
        let choice = colour.of(&stdout);
        Output {
            to: Box::new(BufferedStandardStream::stdout(choice)),
            is_seen: stdout.is_terminal(),
            has_links: choice != ColorChoice::Never && links::are_followed(),
            is_closed: false,
        }
    }

    /// The text of a file, which has neither colours nor links.
    pub fn text(text: &'w mut Vec<u8>) -> Output<'w> {
        Output {
            to: Box::new(NoColor::new(text)),
            is_seen: false,
            has_links: false,
            is_closed: false,
        }
    }

    /// Whether it is a terminal.
    pub fn is_seen(&self) -> bool {
        self.is_seen
    }

    /// Whether its reader has closed it.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        let is_broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        self.is_closed |= result.as_ref().is_err_and(is_broken);
        result
    }
}

/// Writes what clap says, in its colours where there are any.
///
/// # Errors
///
/// The writer fails.
pub(crate) fn write_styled(text: &StyledStr, to: &mut dyn WriteColor) -> io::Result<()> {
    let plain = text.to_string();
    // Old Windows consoles are coloured by calls to the system, and have no links.
    let has_escapes = to.supports_color() && to.supports_hyperlinks();
    match printable(&plain) {
        Cow::Borrowed(_) if has_escapes => write!(to, "{}", text.ansi()),
        plain => to.write_all(plain.as_bytes()),
    }?;
    to.flush()
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes);
        self.noted(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.to.flush();
        self.noted(flushed)
    }
}

impl WriteColor for Output<'_> {
    fn supports_color(&self) -> bool {
        self.to.supports_color()
    }

    fn set_color(&mut self, spec: &ColorSpec) -> io::Result<()> {
        self.to.set_color(spec)
    }

    fn reset(&mut self) -> io::Result<()> {
        self.to.reset()
    }

    fn supports_hyperlinks(&self) -> bool {
        self.has_links && self.to.supports_hyperlinks()
    }

    fn set_hyperlink(&mut self, link: &HyperlinkSpec) -> io::Result<()> {
        self.to.set_hyperlink(link)
    }
}
