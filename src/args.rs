//! The command line.

use std::ffi::{OsStr, OsString};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Parser};
use clap_complete::Shell;
use footgun_rules::{Applicability, RULES};
use thiserror::Error;

use crate::config::Given;
use crate::config::settings::Overrides;
use crate::config::values::{Level, Pattern, PythonVersion, ValueError};
use crate::files::git::Since;
use crate::files::{STDIN, Wanted};
use crate::fix::Wish;
use crate::fix::ignore::NO_REASON;
use crate::report::Format;
use crate::selection::words;
use crate::shard::Part;
use crate::terminal::colour::Colour;
use crate::terminal::messages::Verbosity;
use crate::why::address::Address;

/// What is asked for in place of a report on findings.
const NO_REPORT: [&str; 6] = [
    "rules",
    "explain",
    "why",
    "vendor_runtime",
    "show_settings",
    "config_schema",
];

/// The headings of the help.
const FILES: &str = "Files";
const RULES_RUN: &str = "Rules";
const REPORT: &str = "Report";
const REPAIRS: &str = "Repairs and known findings";
const CONFIGURATION: &str = "Configuration";
const ANSWERS: &str = "Answers";
const RUN: &str = "Run";

/// Tells a Python or Rust project what goes wrong when Windows runs it.
///
/// Exit status: 0 nothing found, 1 something found, 2 wrong usage, a path that could not be read, or
/// an internal error.
#[derive(Debug, Parser)]
#[command(name = "footgun-check", bin_name = "footgun-check", version)]
#[command(group = ArgGroup::new("changes").args(["staged", "changed_since"]))]
pub struct Args {
    /// Files and folders to check, `-` for standard input. A folder is taken for a whole project; a
    /// file is checked as part of the project around it
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// Check what FILE (`-` for standard input) names: a path on each line, or with a NUL after each
    #[arg(help_heading = FILES)]
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub files_from: Option<PathBuf>,

    /// Check the files that are staged for the next commit, as they are staged
    #[arg(help_heading = FILES)]
    #[arg(long)]
    pub staged: bool,

    /// Check the files that have changed since the current branch left COMMIT, new ones too
    #[arg(help_heading = FILES)]
    #[arg(long, value_name = "COMMIT", conflicts_with = "staged")]
    pub changed_since: Option<String>,

    /// Of these, report only what is wrong with the lines that have changed
    #[arg(help_heading = FILES)]
    #[arg(long, requires = "changes")]
    pub changed_lines: bool,

    /// The path of what standard input holds [default: stdin.py]
    #[arg(help_heading = FILES)]
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,

    /// How findings are written [default: full; of --merge: concise]
    #[arg(help_heading = REPORT, env = "FOOTGUN_CHECK_OUTPUT_FORMAT", hide_env_values = true)]
    #[arg(long, value_name = "FORMAT")]
    pub output_format: Option<Format>,

    /// Write the report to FILE, not to standard output; it is replaced in one step
    #[arg(help_heading = REPORT)]
    #[arg(long, short, value_name = "FILE", conflicts_with_all = NO_REPORT)]
    pub output_file: Option<PathBuf>,

    /// Print how many findings there are of each rule, in place of the findings
    #[arg(help_heading = REPORT)]
    #[arg(long, conflicts_with = "diff", conflicts_with_all = NO_REPORT)]
    pub statistics: bool,

    /// Check only the files of part K of N, from 1; names are resolved among all files
    #[arg(help_heading = FILES)]
    #[arg(long, value_name = "K/N", conflicts_with_all = NO_REPORT)]
    pub shard: Option<Part>,

    /// Print in one line whether it runs on Windows, as far as is found, in place of the findings
    #[arg(help_heading = REPORT)]
    #[arg(long, conflicts_with_all = NO_REPORT)]
    #[arg(conflicts_with_all = ["statistics", "diff", "add_ignores", "write_baseline"])]
    #[arg(conflicts_with_all = ["watch", "merge", "shard"])]
    pub verdict: bool,

    /// Make one report of reports that were written with --output-format json or json-lines
    #[arg(help_heading = REPORT)]
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = NO_REPORT)]
    #[arg(conflicts_with_all = ["paths", "select", "ignore", "fix", "diff", "add_ignores", "shard"])]
    pub merge: Vec<PathBuf>,

    /// Rules to run: ids, groups or ALL, separated by commas, in place of those configured [default:
    /// what --rules does not list as off]
    #[arg(help_heading = RULES_RUN)]
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        hide_possible_values = true
    )]
    #[arg(value_parser = PossibleValuesParser::new(words(RULES)))]
    pub select: Vec<String>,

    /// Rules to run besides, such as a group that is off by default
    #[arg(help_heading = RULES_RUN)]
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        hide_possible_values = true
    )]
    #[arg(value_parser = PossibleValuesParser::new(words(RULES)))]
    pub extend_select: Vec<String>,

    /// Rules to leave out: ids, groups or ALL, separated by commas
    #[arg(help_heading = RULES_RUN)]
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        hide_possible_values = true
    )]
    #[arg(value_parser = PossibleValuesParser::new(words(RULES)))]
    pub ignore: Vec<String>,

    /// Run only rules of this severity and above: note, warning or error
    #[arg(help_heading = RULES_RUN, env = "FOOTGUN_CHECK_MIN_SEVERITY", hide_env_values = true)]
    #[arg(long, value_name = "SEVERITY", hide_possible_values = true)]
    pub min_severity: Option<Level>,

    /// Report also what ignore comments silence
    #[arg(help_heading = RULES_RUN)]
    #[arg(long, conflicts_with_all = ["add_ignores", "why", "write_baseline"])]
    pub ignore_ignores: bool,

    /// Repair what has a safe fix: off Windows the program does the same as before
    #[arg(help_heading = REPAIRS)]
    #[arg(long)]
    pub fix: bool,

    /// Make also fixes that may change what the program does off Windows
    #[arg(help_heading = REPAIRS)]
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Print what --fix would change, as a unified diff, and write nothing; exit with 1 if there is
    /// anything
    #[arg(help_heading = REPAIRS)]
    #[arg(long)]
    pub diff: bool,

    /// Exit with 1 also where everything that was found has been repaired
    #[arg(help_heading = REPORT)]
    #[arg(long, conflicts_with = "exit_zero")]
    pub exit_non_zero_on_fix: bool,

    /// Write an ignore comment for each finding that remains, with REASON or for you to give it one
    #[arg(help_heading = REPAIRS)]
    #[arg(long, conflicts_with = "diff", value_name = "REASON", value_parser = line)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = NO_REASON)]
    pub add_ignores: Option<String>,

    /// A file of known findings, which are not reported again
    #[arg(help_heading = REPAIRS)]
    #[arg(long, value_name = "FILE", conflicts_with_all = NO_REPORT)]
    pub baseline: Option<PathBuf>,

    /// Write what is found to the baseline, in place of a report, and exit with 0
    #[arg(help_heading = REPAIRS)]
    #[arg(long, conflicts_with_all = NO_REPORT)]
    #[arg(conflicts_with_all = ["fix", "diff", "add_ignores", "changed_lines", "shard", "merge", "statistics"])]
    pub write_baseline: bool,

    /// Print the page of a rule
    #[arg(help_heading = ANSWERS)]
    #[arg(
        long,
        value_name = "RULE",
        hide_possible_values = true,
        conflicts_with = "rules"
    )]
    #[arg(value_parser = PossibleValuesParser::new(RULES.iter().map(|rule| rule.id)))]
    pub explain: Option<String>,

    /// List the rules
    #[arg(help_heading = ANSWERS)]
    #[arg(long)]
    pub rules: bool,

    /// Explain a line, or the call at a column of it: whether Windows reaches it, the calls with every
    /// value, and what each rule says. PATH may be the end of a path; in a notebook `:cell N` follows it
    #[arg(help_heading = ANSWERS)]
    #[arg(long, value_name = "PATH:LINE[:COLUMN]")]
    #[arg(conflicts_with_all = ["rules", "explain", "fix", "diff", "add_ignores"])]
    pub why: Option<Address>,

    /// Write the runtime for LANGUAGE (python) to PATH, a file or a folder, or update it there
    #[arg(help_heading = REPAIRS)]
    #[arg(long, num_args = 2, value_names = ["LANGUAGE", "PATH"])]
    #[arg(conflicts_with_all = ["paths", "rules", "explain", "why", "fix", "diff", "add_ignores"])]
    pub vendor_runtime: Vec<OsString>,

    /// The configuration file, in place of those found, or `key = value`, which counts before it; may be
    /// given again
    #[arg(help_heading = CONFIGURATION)]
    #[arg(
        long,
        value_name = "FILE|KEY=VALUE",
        env = "FOOTGUN_CHECK_CONFIG",
        hide_env_values = true
    )]
    pub config: Vec<Given>,

    /// Read no configuration but that of --config
    #[arg(help_heading = CONFIGURATION)]
    #[arg(long)]
    pub isolated: bool,

    /// Print what is configured for the given path
    #[arg(help_heading = CONFIGURATION)]
    #[arg(long)]
    #[arg(conflicts_with_all = ["rules", "explain", "why", "fix", "diff", "add_ignores"])]
    pub show_settings: bool,

    /// Print the JSON schema of the configuration file
    #[arg(help_heading = CONFIGURATION)]
    #[arg(long, conflicts_with_all = ["paths", "rules", "explain", "why", "show_settings"])]
    pub config_schema: bool,

    /// Print what makes SHELL complete the arguments of this command
    #[arg(help_heading = ANSWERS)]
    #[arg(long, value_name = "SHELL")]
    #[arg(conflicts_with_all = NO_REPORT, conflicts_with_all = ["paths", "output_file", "man"])]
    pub completions: Option<Shell>,

    /// Print the page for man(1)
    #[arg(help_heading = ANSWERS)]
    #[arg(long, conflicts_with_all = NO_REPORT, conflicts_with_all = ["paths", "output_file"])]
    pub man: bool,

    /// The oldest Python that runs the project [default: what requires-python says]
    #[arg(help_heading = RULES_RUN, env = "FOOTGUN_CHECK_TARGET_PYTHON", hide_env_values = true)]
    #[arg(long, value_name = "X.Y", value_parser = python_version)]
    pub target_python: Option<PythonVersion>,

    /// Leave out files and folders, by patterns as in .gitignore, in place of those configured
    #[arg(help_heading = FILES)]
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', value_parser = pattern)]
    pub exclude: Vec<String>,

    /// Leave out these too
    #[arg(help_heading = FILES)]
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', value_parser = pattern)]
    pub extend_exclude: Vec<String>,

    /// Leave out what is excluded also where it is given by name
    #[arg(help_heading = FILES)]
    #[arg(long)]
    pub force_exclude: bool,

    /// Check also what .gitignore leaves out
    #[arg(help_heading = FILES)]
    #[arg(long)]
    pub no_respect_gitignore: bool,

    /// Number of threads [default: one for each processor]
    #[arg(help_heading = RUN, env = "FOOTGUN_CHECK_JOBS", hide_env_values = true)]
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,

    /// Exit with 0 also where something is found
    #[arg(help_heading = REPORT)]
    #[arg(long)]
    pub exit_zero: bool,

    /// Check again whenever a file has changed, until Ctrl+C
    #[arg(help_heading = RUN)]
    #[arg(long, conflicts_with_all = NO_REPORT)]
    #[arg(conflicts_with_all = ["fix", "diff", "add_ignores", "write_baseline", "output_file"])]
    #[arg(conflicts_with_all = ["merge", "files_from", "staged", "vendor_runtime"])]
    pub watch: bool,

    /// Whether the report, messages and this help are coloured
    #[arg(help_heading = REPORT)]
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,

    /// Print findings and errors, and nothing else
    #[arg(help_heading = REPORT)]
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say also what is left out and why, which configuration holds, and what takes time
    #[arg(help_heading = REPORT)]
    #[arg(long, short)]
    pub verbose: bool,
}

impl Args {
    /// Which files are wanted.
    pub fn wanted(&self) -> Wanted {
        let since = match (self.staged, &self.changed_since) {
            (true, _) => Some(Since::Staged),
            (false, commit) => commit.clone().map(Since::Commit),
        };
        Wanted {
            paths: self.paths.clone(),
            files_from: self.files_from.clone(),
            since,
            changed_lines: self.changed_lines,
            stdin_filename: self.stdin_filename.clone(),
        }
    }

    /// How much is said besides the findings.
    pub fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        }
    }

    /// Whether standard input is read, for a text or for a list of files.
    pub fn reads_stdin(&self) -> bool {
        let mut inputs = self.paths.iter().chain(&self.files_from);
        inputs.any(|path| path == OsStr::new(STDIN))
    }

    /// Whether a person is to read all that is found in files, and nothing tells of a plan for it.
    pub fn is_first_look(&self) -> bool {
        let is_part = self.staged || self.changed_since.is_some() || self.shard.is_some();
        let is_planned =
            self.fix || self.diff || self.add_ignores.is_some() || self.baseline.is_some();
        let is_special =
            self.statistics || self.verdict || self.output_format.is_some() || self.watch;
        !(is_part || is_planned || is_special || self.reads_stdin())
    }

    /// What is wanted of a repair.
    pub fn wish(&self) -> Wish<'_> {
        Wish {
            fix: self.fix || self.diff,
            least: match self.unsafe_fixes {
                true => Applicability::Unsafe,
                false => Applicability::Safe,
            },
            ignore: self.add_ignores.as_deref(),
        }
    }

    /// What the command line says in place of configuration files.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            given: self.config.clone(),
            min_severity: self.min_severity,
            select: self.select.clone(),
            extend_select: self.extend_select.clone(),
            ignore: self.ignore.clone(),
            exclude: self.exclude.clone(),
            extend_exclude: self.extend_exclude.clone(),
            target_python: self.target_python,
            baseline: self.baseline.clone(),
        }
    }
}

fn python_version(text: &str) -> Result<PythonVersion, ValueError> {
    text.to_owned().try_into()
}

/// What can stand in a comment.
fn line(text: &str) -> Result<String, ReasonError> {
    match text.trim() {
        "" => Err(ReasonError::Empty),
        text if text.contains(['\n', '\r']) => Err(ReasonError::Lines),
        text => Ok(text.to_owned()),
    }
}

/// Why a text is no reason of an ignore comment.
#[derive(Debug, Error)]
enum ReasonError {
    /// There is none.
    #[error("a reason has words")]
    Empty,
    /// The comment would end before it.
    #[error("a reason is one line")]
    Lines,
}

fn pattern(text: &str) -> Result<String, ValueError> {
    Pattern::try_from(text.to_owned()).map(|pattern| pattern.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Args {
        Args::try_parse_from(line.split(' ')).unwrap()
    }

    #[test]
    fn defaults() {
        let args = parse("footgun-check");
        assert_eq!(args.paths, [PathBuf::from(".")]);
        assert_eq!(args.output_format, None);
        assert_eq!(args.jobs, None);
        assert!(args.select.is_empty() && args.ignore.is_empty());
    }

    #[test]
    fn rules_come_separated_by_commas_and_again() {
        let args = parse("footgun-check --select ALL,comments --select unused-ignore a b");
        assert_eq!(args.select, ["ALL", "comments", "unused-ignore"]);
        assert_eq!(args.paths, [PathBuf::from("a"), PathBuf::from("b")]);
    }

    #[test]
    fn a_file_may_look_like_an_option() {
        assert_eq!(
            parse("footgun-check -- --jobs").paths,
            [PathBuf::from("--jobs")]
        );
    }

    #[test]
    fn a_wrong_line_is_an_error_of_status_2() {
        for line in [
            "footgun-check --select pid-prob",
            "footgun-check --explain ALL",
            "footgun-check --jobs 0",
            "footgun-check --output-format xml",
            "footgun-check --explain unused-ignore --rules",
            "footgun-check --nonsense",
            "footgun-check --why a.py",
            "footgun-check --why a.py:0",
            "footgun-check --why a.py:1 --rules",
            "footgun-check --vendor-runtime python",
            "footgun-check --vendor-runtime python a.py b.py",
            "footgun-check --vendor-runtime python a.py --rules",
            "footgun-check --why a.py:1 --fix",
            "footgun-check --diff --add-ignores",
            "footgun-check --fix --exit-non-zero-on-fix --exit-zero",
            "footgun-check --shard 3/2",
            "footgun-check --merge",
            "footgun-check --merge a.json --shard 1/2",
            "footgun-check --diff --statistics",
            "footgun-check --rules --output-file a",
            "footgun-check --merge a.json --explain pid-probe",
            "footgun-check --why a.py:1 --shard 1/2",
            "footgun-check --completions tcsh",
            "footgun-check --completions bash --man",
            "footgun-check --man --rules",
            "footgun-check --man --output-file a",
            "footgun-check --watch --fix",
            "footgun-check --watch --output-file a",
            "footgun-check --watch --staged",
            "footgun-check --color pink",
            "footgun-check -q -v",
        ] {
            let error = Args::try_parse_from(line.split(' ')).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }
}
