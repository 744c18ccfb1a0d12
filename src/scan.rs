//! A run over a project: its files are found, read, checked, repaired and reported on.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use footgun_analysis::explain::explain;
use footgun_analysis::facts::{Facts, Site};
use footgun_analysis::source::{FileId, Language, Place, Source, Span};
use footgun_analysis::{Problem, Session};
use rayon::ThreadPool;

use crate::args::Args;
use crate::baseline::Baselines;
use crate::check::{check_file, check_within};
use crate::config::{ConfigError, Configs, PosixOnly, named};
use crate::details::{self, Configured};
use crate::error::RunError;
use crate::files::git::is_ignored;
use crate::files::left_out::{LeftOut, gitignored};
use crate::files::read::{self, Read};
use crate::files::walk::Filter;
use crate::files::{self, Files};
use crate::fix::companion::Companion;
use crate::fix::repair::{NO_RUNTIME, Repair};
use crate::fix::runtime::Runtimes;
use crate::fix::snapshot::Snapshot;
use crate::fix::{self, Counts, Wish};
use crate::meant::meant_option;
use crate::memory::Memory;
use crate::premises::Premises;
use crate::printable::printable;
use crate::report::record::Record;
use crate::report::{self, Entry, Format};
use crate::repository;
use crate::root::Root;
use crate::shard::Shard;
use crate::shown::shown;
use crate::summary::Summary;
use crate::terminal::hint;
use crate::terminal::messages::{Level, Messages, Verbosity};
use crate::terminal::output::Output;
use crate::terminal::progress::{Progress, Work};
use crate::texts::Texts;
use crate::trouble::{Trouble, TroubleKind};
use crate::vendor;
use crate::verdict::Verdict;
use crate::why::address::{Address, Target, find};
use crate::why::{Why, WhyError};
use crate::{STACK_SIZE, Status, configs, write_records, written};

/// Checks what the command line names, repairs it where that is wanted, and reports what is left.
///
/// # Errors
///
/// Nothing could be checked, with what is wrong.
pub(crate) fn scan(
    args: &Args,
    out: &mut Output,
    messages: &mut Messages,
) -> Result<Status, RunError> {
    scan_after(&mut Memory::default(), args, out, messages)
}

/// The same after an earlier scan, of which `memory` tells and then of this one.
pub(crate) fn scan_after(
    memory: &mut Memory,
    args: &Args,
    out: &mut Output,
    messages: &mut Messages,
) -> Result<Status, RunError> {
    let run = Run {
        args,
        root: Root::here().map_err(RunError::NoFolder)?,
        configs: Arc::new(configs(args)),
        progress: messages.progress(),
        threads: rayon::ThreadPoolBuilder::new()
            .num_threads(args.jobs.map_or(0, usize::from))
            .stack_size(STACK_SIZE)
            .build()?,
    };
    let input = run.input()?;
    if messages.verbosity() == Verbosity::Verbose {
        let gitignored = gitignored(&args.wanted(), &run.filter(), &input.files.walk);
        details::of_files(&input.files, &gitignored, &input.configured, messages);
    }
    for doubt in &input.doubts {
        messages.say(Level::Warning, doubt);
    }
    match &args.why {
        Some(address) => run.explain(address, input, out, messages),
        None => run.repair_and_report(input, memory, out, messages),
    }
}

/// What a run goes by.
struct Run<'r> {
    args: &'r Args,
    root: Root,
    configs: Arc<Configs>,
    progress: Progress,
    threads: ThreadPool,
}

/// What a run begins with.
struct Input {
    files: Files,
    sources: Vec<Source>,
    premises: Premises,
    configured: Configured,
    /// What the configuration probably gets wrong.
    doubts: Vec<ConfigError>,
    /// What could not be found or read.
    troubles: Vec<Trouble>,
}

impl Run<'_> {
    /// Finds and reads what the command line names.
    fn input(&self) -> Result<Input, RunError> {
        // A progress bar must not disturb input that is typed on the terminal.
        let is_shown = !self.args.reads_stdin();
        let finding = is_shown.then(|| self.progress.at(Work::Finding).begin(None));
        let mut files = files::find(&self.args.wanted(), &self.filter())?;
        drop(finding);
        let read = || read::read(&files.walk.files, &self.progress);
        let Read {
            sources,
            troubles: unread,
            others,
        } = self.threads.install(read);
        let mut premises = Premises::of(&sources, files.scope.clone(), &self.configs)?;
        let shard = self.args.shard;
        premises.is_audit = self.args.ignore_ignores;
        premises.shard = shard.map(|part| Shard::new(part, self.root.clone()));
        let configured = details::configured(&sources, &self.configs)?;
        let mut doubts = named::check(&sources, &self.configs)?;
        doubts.splice(..0, self.configs.misspelt());
        let mut troubles = std::mem::take(&mut files.walk.troubles);
        let is_given = |trouble: &Trouble| premises.scope.has(&trouble.path);
        troubles.extend(unread.into_iter().filter(is_given));
        let others = others.into_iter();
        let others = others.filter(|path| premises.scope.has(path));
        files
            .walk
            .left_out
            .extend(others.map(LeftOut::foreign_notebook));
        Ok(Input {
            doubts,
            configured,
            files,
            sources,
            premises,
            troubles,
        })
    }

    /// What the command line and the configuration leave out.
    fn filter(&self) -> Filter {
        Filter {
            gitignored: !self.args.no_respect_gitignore,
            force_exclude: self.args.force_exclude,
            configs: Arc::clone(&self.configs),
        }
    }

    /// Explains a line.
    fn explain(
        &self,
        address: &Address,
        input: Input,
        out: &mut Output,
        messages: &mut Messages,
    ) -> Result<Status, RunError> {
        for trouble in input.troubles {
            messages.say(trouble.level(), trouble);
        }
        let project = input.premises.project(input.sources);
        let texts = Texts::new(&project);
        let explained = || explained(&texts, &input.premises, address, &self.progress);
        let page = self.threads.install(explained)?;
        let output = write!(out, "{}", printable(&page)).and_then(|()| out.flush());
        Ok(written(output, Status::Clean, messages))
    }

    /// Repairs what is to be repaired, and reports what is left.
    fn repair_and_report(
        &self,
        input: Input,
        memory: &mut Memory,
        out: &mut Output,
        messages: &mut Messages,
    ) -> Result<Status, RunError> {
        let Run {
            args,
            root,
            configs,
            progress,
            threads,
        } = self;
        let Input {
            files,
            sources,
            premises,
            configured,
            mut troubles,
            ..
        } = input;
        let wish = args.wish();
        let folders: &[PathBuf] = match self.judges_repository() {
            true => &args.paths,
            false => &[],
        };
        // A wrong configuration is told before anything is repaired.
        let only = files.changed.as_ref();
        let mut in_repository =
            repository::judged(folders, only, &sources, &premises, configs, root)?;
        let baselines = Baselines::of(&sources, &in_repository, configs, args.write_baseline)?;
        let is_wanted = |source: &&Source| premises.wants(&source.path);
        let scanned = sources.iter().filter(is_wanted).count();
        let start = threads.install(|| memory.check(sources, &premises, progress));
        let (start, runtimes) = threads.install(|| with_copies(start, wish, configs))?;
        let companions = runtimes.companions();
        let runtime = |file, helper| runtimes.function(file, helper);
        let mut repaired = threads.install(|| fix::repair(&start, wish, &runtime));
        for companion in repaired.wanted(&start, &companions).keys() {
            messages.say(Level::Note, companion);
            if is_ignored(companion.path()) {
                messages.say(Level::Warning, ignored_by_git(companion.path()));
            }
        }
        let mut output = Ok(());
        if args.diff {
            output = repaired.show(&start, &companions, out);
        } else {
            threads.install(|| repaired.write(&start, &companions));
        }
        let mut start = start;
        let end = repaired.snapshot.as_mut().unwrap_or(&mut start);
        let mut findings = std::mem::take(&mut end.checked.findings);
        let texts = Texts::new(&end.project);
        if args.write_baseline {
            let done =
                baselines.write(&findings, &in_repository, &texts, configs, &premises, root)?;
            let output = write!(out, "{}", printable(&done)).and_then(|()| out.flush());
            return Ok(written(output, Status::Clean, messages));
        }
        // A verdict is about all that is there.
        let baselines = match args.verdict {
            true => Baselines::default(),
            false => baselines,
        };
        let (known, stale) = baselines.take(
            &mut findings,
            &mut in_repository,
            &texts,
            configs,
            &premises,
            root,
        );
        end.checked.findings = findings;
        let end = &*end;

        let mut entries = threads.install(|| fix::entries(end, &runtime));
        tell_obstacles(&mut entries, &runtimes);
        troubles.append(&mut repaired.troubles);
        troubles.extend(fix::failures(&texts, &entries));
        troubles.extend(crashes(end));
        troubles.sort_by(|a, b| a.path.cmp(&b.path));
        tell(&troubles, &stale, end, &texts, messages);

        let mut is_clean = end.checked.findings.is_empty() && in_repository.findings.is_empty();
        if args.verdict {
            let foreign = premises.posix_only.values().map(Vec::len).sum();
            let found = entries
                .iter()
                .map(|it| (it.finding.rule, it.finding.severity));
            let others = in_repository
                .records()
                .map(|it| (it.rule.as_str(), it.severity));
            let found = found.chain(others);
            let verdict = Verdict::new(found, unknown(end, &troubles), foreign);
            is_clean = verdict.is_clean();
            output = writeln!(out, "{verdict}").and_then(|()| out.flush());
        } else if !args.diff {
            let mut records = report::records(&texts, &entries, root);
            if !in_repository.findings.is_empty() {
                records.extend(in_repository.records().cloned());
                records.sort_by(Record::order);
            }
            let format = args.output_format.unwrap_or(Format::Full);
            output = write_records(args, format, &records, &texts, root, out);
        }
        let repairs = repaired.counts;
        let status = status(args, repairs, is_clean, &troubles);
        let status = written(output, status, messages);
        let summary = Summary::new(scanned, files.walk.passed_over(), &troubles, &end.checked)
            .with_repairs(repairs, args.diff)
            .with_known(known)
            .with_repository(&in_repository)
            .with_fixable(&entries, wish);
        if !args.verdict {
            messages.summary(summary);
        }
        if messages.verbosity() == Verbosity::Verbose {
            details::of_doubts(&end.checked, messages);
            details::of_times(progress, &end.checked.times, &texts, messages);
        }
        if let Some(Entry { finding, .. }) = entries.first()
            && out.is_seen()
            && messages.is_seen()
            && self.is_first_look(&configured)
        {
            for step in hint::next_steps(finding.rule) {
                messages.say(Level::Hint, step);
            }
        }
        memory.keep(repaired.snapshot.unwrap_or(start));
        Ok(status)
    }

    /// Whether what lies around the sources is looked at: not where files are given by name.
    fn judges_repository(&self) -> bool {
        let wanted = self.args.wanted();
        let are_folders = wanted.paths.iter().all(|path| path.is_dir());
        are_folders && wanted.files_from.is_none() && !self.args.diff
    }

    /// Whether nothing tells that the project uses the command already.
    fn is_first_look(&self, configured: &Configured) -> bool {
        let is_configured = configured.keys().any(Option::is_some);
        self.args.is_first_look() && !is_configured && !hint::is_hook(&self.root)
    }
}

/// Says why the runtime is not there for a file, where that is known.
fn tell_obstacles(entries: &mut [Entry], runtimes: &Runtimes) {
    for Entry { finding, repair } in entries {
        if let Some(Repair { obstacle, .. }) = repair
            && *obstacle == Some(NO_RUNTIME)
        {
            let changes = finding.fix.iter().flat_map(|fix| &fix.changes);
            let mut reasons = changes.filter_map(|it| runtimes.obstacle(it.place().file));
            *obstacle = reasons.next().or(*obstacle);
        }
    }
}

/// How many files were not checked, or not as a whole.
fn unknown(end: &Snapshot, troubles: &[Trouble]) -> usize {
    let checked = &end.checked;
    let unparsed = checked.problems.iter().map(|(file, _)| *file);
    let files: BTreeSet<FileId> = unparsed
        .chain(checked.given_up.iter().map(|place| place.file))
        .collect();
    let troubles = troubles.iter().filter(|it| it.kind != TroubleKind::Foreign);
    files.len() + troubles.count()
}

/// Reports what was not checked, and why.
fn tell(
    troubles: &[Trouble],
    stale: &[String],
    end: &Snapshot,
    texts: &Texts,
    messages: &mut Messages,
) {
    for trouble in troubles {
        messages.say(trouble.level(), trouble);
        let is_missing = trouble.kind == TroubleKind::Missing;
        if let Some(option) = meant_option(&trouble.path).filter(|_| is_missing) {
            messages.say(Level::Hint, format_args!("did you mean `{option}`?"));
        }
    }
    for (by, files) in &end.premises.posix_only {
        messages.say(Level::Note, not_for_windows(by, files));
    }
    for line in stale {
        messages.say(Level::Warning, line);
    }
    for (file, problem) in &end.checked.problems {
        messages.say(Level::Warning, unparsed(texts, *file, problem));
    }
    for place in &end.checked.given_up {
        messages.say(Level::Warning, given_up(texts, *place));
    }
}

/// The files at which the analysis failed.
fn crashes(end: &Snapshot) -> impl Iterator<Item = Trouble> {
    let trouble = |file: &FileId| Trouble {
        path: end.project.file(*file).path.clone(),
        kind: TroubleKind::Crashed,
        reason: "the analysis failed, which is a bug in footgun-check".to_owned(),
    };
    end.checked.crashed.iter().map(trouble)
}

/// The project with the copies of the runtime that its repair may write, and what its files can call.
fn with_copies<'a>(
    start: Snapshot<'a>,
    wish: Wish,
    configs: &Configs,
) -> Result<(Snapshot<'a>, Runtimes), ConfigError> {
    let known = runtimes(&start, configs)?;
    let companions: BTreeSet<Companion> = known.companions().into_values().collect();
    let copies: Vec<PathBuf> = companions
        .into_iter()
        .filter_map(|companion| match companion {
            Companion::Copy(path) => Some(path),
            Companion::Dependency(_) => None,
        })
        .collect();
    if !wish.fix || copies.is_empty() {
        return Ok((start, known));
    }
    let start = start.with_files(copies.into_iter().map(|path| Source {
        path,
        language: Language::Python,
        text: vendor::COPY.clone(),
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

/// The explanation of a line.
fn explained(
    texts: &Texts,
    premises: &Premises,
    address: &Address,
    progress: &Progress,
) -> Result<String, WhyError> {
    let Target {
        line: place,
        offset,
    } = find(texts, address)?;
    let demand = premises.demand();
    let session = Session::new(texts.project(), &demand);
    let explanation = explain(&session, place);
    let overlaps = |span: Span| span.start < place.span.end && place.span.start < span.end;
    let hides_it = |problem: &&Problem| !problem.partial || overlaps(problem.span);
    if let Some(problem) = explanation.problems.iter().find(hides_it) {
        let span = problem.span;
        let at = texts.at(Place { span, ..place });
        let message = problem.message.clone();
        return Err(WhyError::Unparsed { at, message });
    }
    // Nearly always the file itself tells what becomes of a line; only of one that Windows comes to and
    // that has a part in calls elsewhere the whole project does.
    let mut checked = check_file(texts, premises, &session, place.file, progress);
    let is_here = |site: &Site| site.statement.file == place.file && overlaps(site.statement.span);
    let facts = &checked.facts;
    let is_reached = !explanation.runs[0].visits.is_empty();
    if is_reached && !facts.iter().flat_map(Facts::sites).any(is_here) {
        checked = check_within(texts, premises, &session, progress);
    }
    let path = &texts.project().file(place.file).path;
    let mut silent = premises.posix_only.iter();
    let posix_only = silent
        .find(|(_, files)| files.contains(path))
        .map(|(by, _)| by);
    let why = Why {
        texts,
        posix_only,
        selection: premises
            .selections
            .of(&texts.project().file(place.file).path),
        checked: &checked,
        explanation: &explanation,
        place,
        offset,
    };
    Ok(why.page())
}

/// As ruff's: a diff is judged by whether there is one.
fn status(args: &Args, repairs: Counts, is_clean: bool, troubles: &[Trouble]) -> Status {
    let is_clean = match args.diff {
        true => repairs.fixed == 0,
        false => is_clean && (repairs.fixed == 0 || !args.exit_non_zero_on_fix),
    };
    if troubles.iter().any(|trouble| trouble.kind.fails()) {
        Status::Error
    } else if is_clean || args.exit_zero {
        Status::Clean
    } else {
        Status::Findings
    }
}

/// The line about a file that is written and would not be committed.
fn ignored_by_git(path: &Path) -> String {
    let path = shown(path);
    format!(
        "git ignores {path}: commit it with `git add --force {path}`, or name another file in \
         `fix.vendor`"
    )
}

/// The line about files that nothing is reported of.
fn not_for_windows(by: &PosixOnly, files: &[PathBuf]) -> String {
    let what = match files {
        [one] => format!("{} is", shown(one)),
        several => format!("{} Python files are", several.len()),
    };
    format!("{what} not meant for Windows, and nothing is reported there: {by}")
}

/// The line about code that takes too many steps to evaluate.
fn given_up(texts: &Texts, place: Place) -> String {
    let what = match place.span.end {
        0 => "the module outside its functions",
        _ => "this function",
    };
    let at = texts.at(place);
    format!("{at}: {what} takes too many steps to evaluate; it was not checked")
}

/// The line about a part of a file that does not parse.
fn unparsed(texts: &Texts, file: FileId, problem: &Problem) -> String {
    let span = problem.span;
    let at = texts.at(Place { file, span });
    let lost = if problem.partial { "part" } else { "file" };
    format!("{at}: {}; this {lost} was not checked", problem.message)
}
