//! The command: files and people. What breaks on Windows is decided elsewhere.

pub mod args;
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

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser;
use codespan_reporting::term::termcolor::{NoColor, WriteColor};
use footgun_analysis::Problem;
use footgun_analysis::explain::explain;
use footgun_analysis::source::{FileId, Language, Place, Source, Span};
use footgun_rules::{Applicability, RULES, rule};

use args::{Args, Line};
use check::{Checked, check};
use config::{ConfigError, Configs};
use files::read;
use files::walk::Filter;
use fix::runtime::Runtimes;
use fix::snapshot::Snapshot;
use fix::{Counts, Wish};
use premises::Premises;
use printable::printable;
use report::merge::merge;
use report::record::Record;
use report::{Format, statistics};
use root::Root;
use shard::Shard;
use shown::shown;
use summary::{Merged, Summary};
use texts::Texts;
use trouble::{Trouble, TroubleKind, reason};
use why::Why;

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
        true => check_paths,
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
    let least = wish(args).least;
    match args.statistics {
        true => statistics::write(format, records, least, out),
        false => report::report(format, records, least, root, out),
    }
}

fn check_paths(
    args: &Args,
    out: &mut dyn WriteColor,
    err: &mut dyn Write,
) -> Result<Status, String> {
    let root = Root::here().map_err(|error| error.to_string())?;
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(args.jobs.map_or(0, usize::from))
        .stack_size(STACK_SIZE)
        .build()
        .map_err(|error| error.to_string())?;

    let configs = Arc::new(configs(args));
    let filter = Filter {
        gitignored: !args.no_respect_gitignore,
        force_exclude: args.force_exclude,
        configs: Arc::clone(&configs),
    };
    let files = files::find(&args.wanted(), &filter)?;
    let (sources, unread) = threads.install(|| read::read(&files.walk.files));
    let mut premises = Premises::of(&sources, &configs).map_err(|error| error.to_string())?;
    premises.shard = args.shard.map(|part| Shard::new(part, root.clone()));
    premises.scope = files.scope;

    let mut troubles = files.walk.troubles;
    troubles.extend(unread);
    if let Some(line) = &args.why {
        for trouble in troubles {
            say(err, format_args!("{trouble}\n"));
        }
        let project = premises.project(sources);
        let texts = Texts::new(&project);
        let page = threads.install(|| explained(&texts, &premises, line))?;
        let output = write!(out, "{}", printable(&page));
        return Ok(written(output, Status::Clean, err));
    }

    let wish = wish(args);
    let is_wanted = |source: &&Source| premises.wants(&source.path);
    let scanned = sources.iter().filter(is_wanted).count();
    let start = threads.install(|| Snapshot::new(sources, &premises));
    let ready = threads.install(|| with_copies(start, wish, &configs));
    let (start, runtimes) = ready.map_err(|error| error.to_string())?;
    let copies = runtimes.copies();
    let runtime = |file, helper| runtimes.function(file, helper);
    let mut repaired = threads.install(|| fix::repair(&start, wish, &runtime));
    let mut output = Ok(());
    if args.diff {
        output = repaired.show(&start, &copies, out);
    } else {
        threads.install(|| repaired.write(&start, &copies));
    }
    let end = repaired.snapshot.as_ref().unwrap_or(&start);
    let texts = Texts::new(&end.project);

    let entries = threads.install(|| fix::entries(end, &runtime));
    troubles.append(&mut repaired.troubles);
    troubles.extend(fix::failures(&texts, &entries));
    troubles.extend(end.checked.crashed.iter().map(|file| Trouble {
        path: end.project.file(*file).path.clone(),
        kind: TroubleKind::Crashed,
        reason: "the analysis failed, which is a bug in footgun-check".to_owned(),
    }));
    troubles.sort_by(|a, b| a.path.cmp(&b.path));
    for trouble in &troubles {
        say(err, format_args!("{trouble}\n"));
    }
    for (by, count) in &premises.posix_only {
        say(err, not_for_windows(by, *count));
    }
    for (file, problem) in &end.checked.problems {
        say(err, format_args!("{}\n", unparsed(&texts, *file, problem)));
    }

    if !args.diff {
        output = match args.output_format.unwrap_or(Format::Full) {
            Format::Full if !args.statistics => report::full(&texts, &entries, out),
            format => {
                let records = report::records(&texts, &entries, &root);
                write_records(args, format, &records, &root, out)
            }
        };
    }
    let repairs = repaired.counts;
    let status = status(args, repairs, &end.checked, &troubles);
    let status = written(output, status, err);
    let summary = Summary::new(scanned, files.walk.stubs, &troubles, &end.checked)
        .with_repairs(repairs, args.diff)
        .with_fixable(&entries, wish.least);
    say(err, format_args!("{summary}\n"));
    Ok(status)
}

/// The configuration, as the command line wants it.
fn configs(args: &Args) -> Configs {
    match args.isolated {
        true => Configs::isolated(args.overrides()),
        false => Configs::new(args.overrides()),
    }
}

/// What the command line wants of a repair.
fn wish(args: &Args) -> Wish {
    Wish {
        fix: args.fix || args.diff,
        least: match args.unsafe_fixes {
            true => Applicability::Unsafe,
            false => Applicability::Safe,
        },
        ignore: args.add_ignores,
    }
}

/// The project with the copies of the runtime in it that its repair may write, and what its files can
/// call.
fn with_copies<'a>(
    start: Snapshot<'a>,
    wish: Wish,
    configs: &Configs,
) -> Result<(Snapshot<'a>, Runtimes), ConfigError> {
    let known = runtimes(&start, configs)?;
    let copies: BTreeSet<PathBuf> = known.copies().into_values().collect();
    if !wish.fix || copies.is_empty() {
        return Ok((start, known));
    }
    let start = start.with_files(copies.into_iter().map(|path| Source {
        path,
        language: Language::Python,
        text: vendor::RUNTIME.to_owned(),
    }));
    let known = runtimes(&start, configs)?;
    Ok((start, known))
}

/// What the files with something to repair can call.
fn runtimes(start: &Snapshot, configs: &Configs) -> Result<Runtimes, ConfigError> {
    let fixes = start
        .checked
        .findings
        .iter()
        .filter_map(|it| it.fix.as_ref());
    let changes = fixes.flat_map(|fix| &fix.changes);
    let files: BTreeSet<FileId> = changes.map(|change| change.place().file).collect();
    Runtimes::of(&start.project, files, configs)
}

/// What is known of a line, or why nothing can be told of it.
fn explained(texts: &Texts, premises: &Premises, line: &Line) -> Result<String, String> {
    let place = why::find(texts, line)?;
    let explanation = explain(texts.project(), place, &premises.triggers());
    let overlaps = |span: Span| span.start < place.span.end && place.span.start < span.end;
    let hides_it = |problem: &&Problem| !problem.partial || overlaps(problem.span);
    if let Some(problem) = explanation.problems.iter().find(hides_it) {
        let span = problem.span;
        let at = texts.at(Place { span, ..place });
        return Err(format!("{at}: {}", problem.message));
    }
    let why = Why {
        texts,
        selection: premises
            .selections
            .of(&texts.project().file(place.file).path),
        checked: &check(texts, premises),
        explanation: &explanation,
        place,
    };
    Ok(why.page())
}

/// As ruff's: a diff is judged by whether there is one.
fn status(args: &Args, repairs: Counts, checked: &Checked, troubles: &[Trouble]) -> Status {
    let is_clean = match args.diff {
        true => repairs.fixed == 0,
        false => checked.findings.is_empty() && (repairs.fixed == 0 || !args.exit_non_zero_on_fix),
    };
    if troubles.iter().any(|trouble| trouble.kind.fails()) {
        Status::Error
    } else if is_clean || args.exit_zero {
        Status::Clean
    } else {
        Status::Findings
    }
}

/// The line about files that nothing is reported of.
fn not_for_windows(by: &Path, count: usize) -> String {
    let path = shown(by);
    let files = if count == 1 { "file is" } else { "files are" };
    format!("note: {count} {files} not meant for Windows according to {path}, and not reported\n")
}

/// The line about a part of a file that does not parse.
fn unparsed(texts: &Texts, file: FileId, problem: &Problem) -> String {
    let span = problem.span;
    let at = texts.at(Place { file, span });
    let lost = if problem.partial { "part" } else { "file" };
    format!(
        "warning: {at}: {}; this {lost} was not checked",
        problem.message
    )
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
