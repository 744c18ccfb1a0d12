//! The command: files and people. What breaks on Windows is decided elsewhere.

pub mod args;
pub mod baseline;
pub mod check;
pub mod config;
pub mod directive;
pub mod files;
pub mod fix;
pub mod ignores;
pub mod listing;
pub mod premises;
pub mod printable;
pub mod replace;
pub mod report;
pub mod root;
mod scan;
pub mod selection;
pub mod shard;
pub mod shown;
pub mod summary;
#[cfg(test)]
mod testing;
pub mod texts;
pub mod trouble;
pub mod vendor;
pub mod why;

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};

use clap::Parser;
use codespan_reporting::term::termcolor::{NoColor, WriteColor};
use footgun_rules::{RULES, rule};

use args::Args;
use config::Configs;
use printable::printable;
use report::merge::merge;
use report::record::Record;
use report::{Format, statistics};
use root::Root;
use scan::scan;
use shown::shown;
use summary::Merged;
use trouble::reason;

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
pub fn run<A>(args: A, out: &mut dyn WriteColor, err: &mut dyn Write) -> Status
where
    A: IntoIterator<Item = OsString>,
{
    match Args::try_parse_from(args) {
        Ok(args) if args.rules => written(listing::table(RULES, out), Status::Clean, err),
        Ok(args) if args.config_schema => written(listing::schema(out), Status::Clean, err),
        Ok(args) if args.man => written(listing::man(out), Status::Clean, err),
        Ok(Args {
            completions: Some(shell),
            ..
        }) => written(listing::completions(shell, out), Status::Clean, err),
        Ok(args) if args.show_settings => {
            match listing::settings(&args.paths[0], &configs(&args)) {
                Ok(page) => written(write!(out, "{}", printable(&page)), Status::Clean, err),
                Err(error) => {
                    say(err, format_args!("error: {error}\n"));
                    Status::Error
                }
            }
        }
        Ok(args) => match (
            args.explain.as_deref().and_then(rule),
            &args.vendor_runtime[..],
        ) {
            (Some(rule), _) => written(listing::page(rule, out), Status::Clean, err),
            (None, [language, path]) => vendored(language, path, out, err),
            _ => reported(&args, out, err),
        },
        Err(error) if error.use_stderr() => {
            say(err, error.render());
            Status::Error
        }
        Err(help) => written(write!(out, "{}", help.render()), Status::Clean, err),
    }
}

fn vendored(language: &OsStr, path: &OsStr, out: &mut dyn Write, err: &mut dyn Write) -> Status {
    match vendor::vendor(language, path.as_ref()) {
        Ok(done) => written(writeln!(out, "{}", printable(&done)), Status::Clean, err),
        Err(error) => {
            say(err, format_args!("error: {error}\n"));
            Status::Error
        }
    }
}

/// Checks, or merges reports, and writes what comes of it where it is wanted.
fn reported(args: &Args, out: &mut dyn WriteColor, err: &mut dyn Write) -> Status {
    let work = match args.merge.is_empty() {
        true => scan,
        false => merged,
    };
    let outcome = match &args.output_file {
        None => work(args, out, err),
        Some(path) => {
            let mut text = NoColor::new(Vec::new());
            work(args, &mut text, err).and_then(|status| {
                let written = replace::write(path, &text.into_inner());
                written.map_err(|error| format!("{}: {}", shown(path), reason(&error)))?;
                Ok(status)
            })
        }
    };
    outcome.unwrap_or_else(|error| {
        say(err, format_args!("error: {error}\n"));
        Status::Error
    })
}

fn merged(args: &Args, out: &mut dyn WriteColor, err: &mut dyn Write) -> Result<Status, String> {
    let format = args.output_format.unwrap_or(Format::Concise);
    if format == Format::Full && !args.statistics {
        return Err("the full format shows the source, which reports do not have".to_owned());
    }
    let root = Root::here().map_err(|error| error.to_string())?;
    let records = merge(&args.merge)?;
    let status = match records.is_empty() || args.exit_zero {
        true => Status::Clean,
        false => Status::Findings,
    };
    let output = write_records(args, format, &records, &root, out);
    let status = written(output, status, err);
    let summary = Merged::new(args.merge.len(), &records);
    say(err, format_args!("{summary}\n"));
    Ok(status)
}

/// Writes records as the command line wants them.
fn write_records(
    args: &Args,
    format: Format,
    records: &[Record],
    root: &Root,
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    let least = args.wish().least;
    match args.statistics {
        true => statistics::write(format, records, least, out),
        false => report::report(format, records, least, root, out),
    }
}

/// The configuration, as the command line wants it.
fn configs(args: &Args) -> Configs {
    match args.isolated {
        true => Configs::isolated(args.overrides()),
        false => Configs::new(args.overrides()),
    }
}

/// The status of a run that ends in writing to standard output. Whoever closed the pipe has seen
/// enough.
fn written(result: io::Result<()>, status: Status, err: &mut dyn Write) -> Status {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(err, format_args!("error: standard output: {error}\n"));
            Status::Error
        }
        _ => status,
    }
}

/// Writes to standard error, where nobody can be told of a failure.
fn say(err: &mut dyn Write, message: impl std::fmt::Display) {
    let _ = err.write_all(printable(&message.to_string()).as_bytes());
}
