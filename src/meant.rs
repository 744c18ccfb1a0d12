//! What was meant by words on the command line that name no path: commands, and options without dashes.

use std::ffi::OsString;
use std::path::Path;

use clap::CommandFactory;

use crate::args::Args;

/// What stands for a command in tools like this one, and here for an option or for nothing.
const COMMANDS: [(&str, Option<&str>); 6] = [
    ("check", None),
    ("explain", Some("--explain")),
    ("help", Some("--help")),
    ("rules", Some("--rules")),
    ("version", Some("--version")),
    ("why", Some("--why")),
];

/// The command line with the option in place of the first argument, where that is meant for a command:
/// a path of that name is a path.
pub fn without_command(mut args: Vec<OsString>) -> Vec<OsString> {
    let Some(first) = args.get(1) else {
        return args;
    };
    let known = COMMANDS.iter().find(|(command, _)| first == command);
    let Some((_, option)) = known.filter(|_| !Path::new(first).exists()) else {
        return args;
    };
    match option {
        Some(option) => args[1] = option.into(),
        None => {
            args.remove(1);
        }
    }
    args
}

/// The option that a path was probably meant for, which is not there.
pub fn meant_option(path: &Path) -> Option<String> {
    let name = path.to_str()?;
    let command = Args::command();
    let mut options = command.get_arguments().filter_map(|arg| arg.get_long());
    options
        .any(|option| option == name)
        .then(|| format!("--{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(args: &[&str]) -> Vec<OsString> {
        without_command(args.iter().map(OsString::from).collect())
    }

    #[test]
    fn a_command_is_an_option_or_nothing() {
        assert_eq!(without(&["x"]), ["x"]);
        assert_eq!(without(&["x", "check"]), ["x"]);
        assert_eq!(without(&["x", "check", "a", "check"]), ["x", "a", "check"]);
        assert_eq!(
            without(&["x", "explain", "pid-probe"]),
            ["x", "--explain", "pid-probe"]
        );
        assert_eq!(without(&["x", "help"]), ["x", "--help"]);
        // A folder of that name is one.
        assert_eq!(without(&["x", "src"]), ["x", "src"]);
        assert_eq!(without(&["x", "-q", "check"]), ["x", "-q", "check"]);
    }

    #[test]
    fn a_path_that_is_an_option() {
        assert_eq!(meant_option("fix".as_ref()), Some("--fix".to_owned()));
        assert_eq!(meant_option("fx".as_ref()), None);
        assert_eq!(meant_option("a/fix".as_ref()), None);
    }
}
