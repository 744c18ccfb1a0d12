//! A pager for what is longer than a screen, chosen as git chooses it: PAGER, or `less`.

use std::env;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

use codespan_reporting::term::termcolor::{Ansi, NoColor, WriteColor};

use super::output::Output;

/// What `less` is told where nobody tells it: to end at once where a screen is enough, and to pass colours
/// on.
const LESS: &str = "FRX";

/// Writes something through a pager where standard output is a terminal, else as it is.
///
/// # Errors
///
/// The output cannot be written.
pub(crate) fn paged(
    out: &mut Output,
    write: impl Fn(&mut dyn WriteColor) -> io::Result<()>,
) -> io::Result<()> {
    let Some(mut pager) = out.is_seen().then(started).flatten() else {
        return write(out);
    };
    let mut text = Vec::new();
    match out.supports_color() {
        true => write(&mut Ansi::new(&mut text)),
        false => write(&mut NoColor::new(&mut text)),
    }?;
    if let Some(mut input) = pager.stdin.take() {
        // Whoever has seen enough ends the pager before it has read everything.
        let _ = input.write_all(&text);
    }
    pager.wait().map(|_| ())
}

/// The pager, unless it is turned off or cannot be started.
fn started() -> Option<Child> {
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    let pager = env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let mut words = pager.split_whitespace();
    let program = words.next().filter(|program| *program != "cat")?;
    if is_dumb {
        return None;
    }
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if env::var_os("LESS").is_none() {
        command.env("LESS", LESS);
    }
    command.spawn().ok()
}
