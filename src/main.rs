//! Exit codes only; the program is in the library.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use codespan_reporting::term::termcolor::{BufferedStandardStream, ColorChoice};

fn main() -> ExitCode {
    // `Auto` follows NO_COLOR and TERM, but does not ask whether this is a terminal.
    let colour = if io::stdout().is_terminal() {
        ColorChoice::Auto
    } else {
        ColorChoice::Never
    };
    let mut out = BufferedStandardStream::stdout(colour);
    let status = footgun_check::run(std::env::args_os(), &mut out, &mut io::stderr().lock());
    ExitCode::from(status as u8)
}
