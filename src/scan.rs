//! A run over a project: its files are found, read, checked, repaired and reported on.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use codespan_reporting::term::termcolor::WriteColor;
use footgun_analysis::Problem;
use footgun_analysis::explain::explain;
use footgun_analysis::source::{FileId, Language, Place, Source, Span};

use crate::args::{Args, Line};
use crate::baseline::Baselines;
use crate::check::{Checked, check};
use crate::config::{ConfigError, Configs};
use crate::files;
use crate::files::read::{self, Read};
use crate::files::walk::Filter;
use crate::fix::runtime::Runtimes;
use crate::fix::snapshot::Snapshot;
use crate::fix::{self, Counts, Wish};
use crate::premises::Premises;
use crate::printable::printable;
use crate::report::{self, Format};
use crate::root::Root;
use crate::shard::Shard;
use crate::shown::shown;
use crate::summary::Summary;
use crate::texts::Texts;
use crate::trouble::{Trouble, TroubleKind};
use crate::vendor;
use crate::why::{self, Why};
use crate::{STACK_SIZE, Status, configs, say, write_records, written};

/// Checks what the command line names, repairs it where that is wanted, and reports what is left.
///
/// # Errors
///
/// Nothing could be checked, with what is wrong.
pub(crate) fn scan(
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
    let Read {
        sources,
        troubles: unread,
        others,
    } = threads.install(|| read::read(&files.walk.files));
    let premises = Premises::of(&sources, files.scope, &configs);
    let mut premises = premises.map_err(|error| error.to_string())?;
    premises.shard = args.shard.map(|part| Shard::new(part, root.clone()));

    let mut troubles = files.walk.troubles;
    let is_given = |trouble: &Trouble| premises.scope.has(&trouble.path);
    troubles.extend(unread.into_iter().filter(is_given));
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

    let wish = args.wish();
    let baselines = Baselines::of(&sources, &configs, args.write_baseline)?;
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
    let mut start = start;
    let end = repaired.snapshot.as_mut().unwrap_or(&mut start);
    let mut findings = std::mem::take(&mut end.checked.findings);
    let texts = Texts::new(&end.project);
    if args.write_baseline {
        let done = baselines.write(&findings, &texts, &configs, &premises, &root)?;
        return Ok(written(
            write!(out, "{}", printable(&done)),
            Status::Clean,
            err,
        ));
    }
    let (known, stale) = baselines.take(&mut findings, &texts, &configs, &premises, &root);
    end.checked.findings = findings;
    let end = &*end;

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
    for line in &stale {
        say(err, line);
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
    let others = others.iter().filter(|path| premises.scope.has(path));
    let passed_over = files.walk.stubs + others.count();
    let summary = Summary::new(scanned, passed_over, &troubles, &end.checked)
        .with_repairs(repairs, args.diff)
        .with_known(known)
        .with_fixable(&entries, wish.least);
    say(err, format_args!("{summary}\n"));
    Ok(status)
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
