//! What is said on standard error, and what of it is wanted.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use clap::builder::StyledStr;
use codespan_reporting::term::termcolor::{BufferedStandardStream, Color, ColorSpec, WriteColor};

use super::colour::Colour;
use super::output::write_styled;
use super::progress::Progress;
use crate::printable::printable;

/// What those set who show the output when it is whole, though it may go to a terminal of theirs: CI, as
/// cargo tells it, and pre-commit.
const RECORDERS: [&str; 3] = ["CI", "TF_BUILD", "PRE_COMMIT"];

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors.
    Quiet,
    /// What is to be known of a run.
    #[default]
    Normal,
    /// How it came about.
    Verbose,
}

/// The sorts of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The command failed to do something it was asked for.
    Error,
    /// Something was not checked.
    Warning,
    /// Something else to know.
    Note,
    /// What may be done next.
    Hint,
    /// How the run goes.
    Info,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
            Level::Hint => "hint",
            Level::Info => "info",
        }
    }

    fn colour(self) -> Color {
        match self {
            Level::Error => Color::Red,
            Level::Warning => Color::Yellow,
            Level::Note | Level::Hint => Color::Cyan,
            Level::Info => Color::Blue,
        }
    }

    /// The least verbosity with which it is said.
    fn least(self) -> Verbosity {
        match self {
            Level::Error => Verbosity::Quiet,
            Level::Warning | Level::Note | Level::Hint => Verbosity::Normal,
            Level::Info => Verbosity::Verbose,
        }
    }
}

/// Standard error. Failures to write to it are ignored: there is nowhere else to report them.
pub struct Messages {
    to: BufferedStandardStream,
    verbosity: Verbosity,
    is_seen: bool,
}

impl Messages {
    /// Standard error, with what is wanted of it.
    pub fn new(colour: Colour, verbosity: Verbosity) -> Messages {
        let stderr = io::stderr();
        Messages {
            to: BufferedStandardStream::stderr(colour.of(&stderr)),
            verbosity,
            is_seen: stderr.is_terminal(),
        }
    }

    /// How much is said.
    pub fn verbosity(&self) -> Verbosity {
        self.verbosity
    }

    /// Whether it is a terminal.
    pub fn is_seen(&self) -> bool {
        self.is_seen
    }

    /// Says something after a word for its sort.
    pub fn say(&mut self, level: Level, message: impl Display) {
        if self.verbosity < level.least() {
            return;
        }
        let mut spec = ColorSpec::new();
        spec.set_fg(Some(level.colour())).set_bold(true);
        let _ = self.to.set_color(&spec);
        let _ = self.to.write_all(level.word().as_bytes());
        let _ = self.to.reset();
        self.write(format_args!(": {message}\n"));
    }

    /// Says what went wrong.
    pub fn error(&mut self, message: impl Display) {
        self.say(Level::Error, message);
    }

    /// Says how a run ended.
    pub fn summary(&mut self, summary: impl Display) {
        if self.verbosity > Verbosity::Quiet {
            self.write(format_args!("{summary}\n"));
        }
    }

    /// Says what clap has against the command line, in its own colours.
    pub fn usage(&mut self, text: &StyledStr) {
        let _ = write_styled(text, &mut self.to);
    }

    /// What shows how far a run is: on a terminal that a person sits at.
    pub fn progress(&self) -> Progress {
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let is_recorded = RECORDERS.iter().any(|name| env::var_os(name).is_some());
        let is_quiet = self.verbosity == Verbosity::Quiet;
        match self.is_seen && !is_dumb && !is_recorded && !is_quiet {
            true => Progress::shown(),
            false => Progress::default(),
        }
    }

    fn write(&mut self, text: impl Display) {
        let text = text.to_string();
        let _ = self.to.write_all(printable(&text).as_bytes());
        let _ = self.to.flush();
    }
}
