//! The command: files and people. What breaks on Windows is decided elsewhere.

pub mod args;
pub mod baseline;
pub mod check;
pub mod config;
pub mod details;
pub mod directive;
pub mod error;
pub mod files;
pub mod fix;
pub mod ignores;
pub mod listing;
pub mod meant;
mod memory;
mod page;
pub mod premises;
pub mod printable;
pub mod replace;
pub mod report;
pub mod repository;
pub mod root;
mod scan;
pub mod selection;
pub mod shard;
pub mod shown;
pub mod summary;
pub mod terminal;
#[cfg(test)]
mod testing;
pub mod texts;
pub mod trouble;
mod uri;
pub mod vendor;
pub mod verdict;
mod watch;
pub mod why;

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};

use clap::Parser;
use codespan_reporting::term::termcolor::BufferedStandardStream;
use footgun_analysis::project::Project;
use footgun_rules::{RULES, rule};

use args::Args;
use config::Configs;
use error::RunError;
use files::read;
use printable::printable;
use report::merge::merge;
use report::record::Record;
use report::{Format, places, statistics};
use root::Root;
use scan::scan;
use summary::Merged;
use terminal::colour::Colour;
use terminal::messages::{Messages, Verbosity};
use terminal::output::{Output, write_styled};
use texts::Texts;
use watch::watch;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing was found.
    Clean = 0,
    /// Something was found.
    Findings = 1,
    /// The command was not used as it is meant to be, or failed.
    Error = 2,
}

/// Enough for the nesting that parsers and evaluation recurse through in generated code. It is
/// address space until it is used.
const STACK_SIZE: usize = 64 << 20;

/// Runs the command line `args`, the program's name first.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Status {
    let args = meant::without_command(args.into_iter().collect());
    match Args::try_parse_from(&args) {
        Ok(args) => {
            let messages = Messages::new(args.color, args.verbosity());
            done(&args, Output::standard(args.color), messages)
        }
        Err(error) => {
            let colour = Colour::asked(&args);
            let mut messages = Messages::new(colour, Verbosity::Normal);
            if error.use_stderr() {
                messages.usage(&error.render());
                return Status::Error;
            }
            let mut out = BufferedStandardStream::stdout(colour.of(&io::stdout()));
            let help = write_styled(&error.render(), &mut out);
            written(help, Status::Clean, &mut messages)
        }
    }
}

/// Does what a command line asks for.
fn done(args: &Args, mut out: Output, mut messages: Messages) -> Status {
    let out = &mut out;
    let messages = &mut messages;
    let outcome = match args {
        _ if args.rules => Ok(listing::table(RULES, out)),
        _ if args.config_schema => Ok(listing::schema(out)),
        _ if args.man => Ok(listing::man(out)),
        _ if args.show_settings => shown_settings(args, out),
        Args {
            completions: Some(shell),
            ..
        } => Ok(listing::completions(*shell, out)),
        Args {
            explain: Some(id), ..
        } => Ok(rule(id).map_or(Ok(()), |rule| listing::page(rule, out))),
        Args { vendor_runtime, .. } => match &vendor_runtime[..] {
            [language, path] => vendored(language, path, out),
            _ => return reported(args, out, messages),
        },
    };
    match outcome {
        Ok(output) => written(output.and_then(|()| out.flush()), Status::Clean, messages),
        Err(error) => {
            messages.error(error);
            Status::Error
        }
    }
}

fn shown_settings(args: &Args, out: &mut Output) -> Result<io::Result<()>, RunError> {
    let page = listing::settings(&args.paths[0], &configs(args))?;
    Ok(write!(out, "{}", printable(&page)))
}

fn vendored(language: &OsStr, path: &OsStr, out: &mut Output) -> Result<io::Result<()>, RunError> {
    let done = vendor::vendor(language, path.as_ref())?;
    Ok(writeln!(out, "{}", printable(&done)))
}

/// Checks, or merges reports, and writes what comes of it where it is wanted.
fn reported(args: &Args, out: &mut Output, messages: &mut Messages) -> Status {
    let work = match args.merge.is_empty() {
        true if args.watch => watch,
        true => scan,
        false => merged,
    };
    let outcome = match &args.output_file {
        None => work(args, out, messages),
        Some(path) => {
            let mut text = Vec::new();
            let worked = work(args, &mut Output::text(&mut text), messages);
            worked.and_then(|status| {
                let path = path.clone();
                let written = replace::write(&path, &text);
                written.map_err(|error| RunError::Output { path, error })?;
                Ok(status)
            })
        }
    };
    outcome.unwrap_or_else(|error| {
        messages.error(error);
        Status::Error
    })
}

fn merged(args: &Args, out: &mut Output, messages: &mut Messages) -> Result<Status, RunError> {
    let format = args.output_format.unwrap_or(Format::Concise);
    let root = Root::here().map_err(RunError::NoFolder)?;
    let records = merge(&args.merge)?;
    let status = match records.is_empty() || args.exit_zero {
        true => Status::Clean,
        false => Status::Findings,
    };
    let files = match format {
        Format::Full => read::read(&places::files(&records), &messages.progress()).sources,
        _ => Vec::new(),
    };
    let project = Project::new(files);
    let output = write_records(args, format, &records, &Texts::new(&project), &root, out);
    let status = written(output, status, messages);
    messages.summary(Merged::new(args.merge.len(), &records));
    Ok(status)
}

/// Writes records as the command line wants them.
fn write_records(
    args: &Args,
    format: Format,
    records: &[Record],
    texts: &Texts,
    root: &Root,
    out: &mut Output,
) -> io::Result<()> {
    let least = args.wish().least;
    match args.statistics {
        true => statistics::write(format, records, least, out),
        false => report::report(format, records, texts, least, root, out),
    }
}

/// The configuration, as the command line wants it.
fn configs(args: &Args) -> Configs {
    match args.isolated {
        true => Configs::isolated(args.overrides()),
        false => Configs::new(args.overrides()),
    }
}

/// The status of a run that ends in writing to standard output. A closed pipe is no error: its reader
/// needs no more.
fn written(result: io::Result<()>, status: Status, messages: &mut Messages) -> Status {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            messages.error(format_args!("standard output: {error}"));
            Status::Error
        }
        _ => status,
    }
}
