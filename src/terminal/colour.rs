//! Whether a stream is coloured: `--color` says so, else the environment, else whether it is a terminal.

use std::env;
use std::ffi::OsString;

use anstream::AutoStream;
use anstream::stream::RawStream;
use clap::ValueEnum;
use codespan_reporting::term::termcolor::ColorChoice;

/// What `--color` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// Where a terminal shows them, and as NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR and TERM say
    #[default]
    Auto,
    /// Also in pipes and files
    Always,
    /// Nowhere
    Never,
}

impl Colour {
    /// What a command line asks for that need not be right: its mistakes are to be reported in colour,
    /// too.
    pub fn asked(args: &[OsString]) -> Colour {
        let options = args.iter().take_while(|arg| *arg != "--");
        let options: Vec<_> = options.filter_map(|arg| arg.to_str()).collect();
        let of_pair = options.windows(2).find(|pair| pair[0] == "--color");
        let of_one = options.iter().find_map(|arg| arg.strip_prefix("--color="));
        let word = of_one.or(of_pair.map(|pair| pair[1]));
        let colour = word.and_then(|word| Colour::from_str(word, false).ok());
        colour.unwrap_or_default()
    }

    /// Whether this stream is coloured, in the words of its writer.
    pub(crate) fn of<S: RawStream>(self, stream: &S) -> ColorChoice {
        let is_coloured = match self {
            Colour::Always => true,
            Colour::Never => false,
            // The order is uv's; the rest is decided as by cargo.
            Colour::Auto if is_set("NO_COLOR") => false,
            Colour::Auto if is_set("FORCE_COLOR") => true,
            Colour::Auto => AutoStream::choice(stream) != anstream::ColorChoice::Never,
        };
        match is_coloured {
            true => ColorChoice::Always,
            false => ColorChoice::Never,
        }
    }
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_command_line_is_asked_too() {
        let asked = |line: &str| {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            Colour::asked(&args)
        };
        assert_eq!(
            asked("footgun-check --nonsense --color always"),
            Colour::Always
        );
        assert_eq!(
            asked("footgun-check --color=never --nonsense"),
            Colour::Never
        );
        assert_eq!(asked("footgun-check --color"), Colour::Auto);
        assert_eq!(asked("footgun-check --color=pink"), Colour::Auto);
        assert_eq!(asked("footgun-check -- --color=never"), Colour::Auto);
    }
}
