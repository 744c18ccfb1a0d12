//! Checks again whenever something has changed that the outcome depends on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use console::Term;
use footgun_analysis::source::Language;
use notify::event::ModifyKind;
use notify::{Event, EventKind, RecursiveMode, Watcher};

use crate::args::Args;
use crate::config::Configs;
use crate::config::declared::PYTHON_DEPENDENCIES;
use crate::error::RunError;
use crate::files::walk::cause;
use crate::files::{absolute, surroundings};
use crate::memory::Memory;
use crate::root::is_repository;
use crate::scan::scan_after;
use crate::terminal::messages::{Level, Messages};
use crate::terminal::output::Output;
use crate::{Status, configs};

/// Files besides sources and those of [`PYTHON_DEPENDENCIES`] that the outcome depends on: what is ignored.
const SETTINGS: [&str; 2] = [".gitignore", ".ignore"];

/// What is ignored in one clone of a repository, from its folder.
const EXCLUDE: &str = ".git/info/exclude";

/// How long it must be quiet before the next check begins: saving a file, or many, takes several steps.
const QUIET: Duration = Duration::from_millis(100);

/// How long the next check is put off at most.
const LONGEST: Duration = Duration::from_secs(2);

/// Checks, waits for a change, and so on until Ctrl+C, or until standard output is closed.
///
/// # Errors
///
/// The file system cannot be watched, or what is checked cannot change.
pub(crate) fn watch(
    args: &Args,
    out: &mut Output,
    messages: &mut Messages,
) -> Result<Status, RunError> {
    if args.reads_stdin() {
        return Err(RunError::StdinWatched);
    }
    let watched = Watched::of(&args.paths);
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(sender)?;
    for folder in &watched.whole {
        watcher.watch(folder, RecursiveMode::Recursive)?;
    }
    for folder in &watched.above {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    let mut memory = Memory::default();
    loop {
        if out.is_seen() {
            // Where it fails the reports follow each other, as in a pipe.
            let _ = Term::stdout().clear_screen();
        }
        let status = scan_after(&mut memory, args, out, messages).unwrap_or_else(|error| {
            messages.error(error);
            Status::Error
        });
        if out.is_closed() {
            return Ok(status);
        }
        messages.say(Level::Note, "waiting for a change; Ctrl+C ends");
        let configs = configs(args);
        await_change(&events, |event| watched.is_changed(event, &configs))?;
    }
}

/// Waits for a change and for the end of those that come with it.
fn await_change(
    events: &Receiver<notify::Result<Event>>,
    is_change: impl Fn(&Event) -> bool,
) -> notify::Result<()> {
    let ended = |_| notify::Error::generic("the system has ended the watch");
    while !is_change(&events.recv().map_err(ended)??) {}
    let began = Instant::now();
    let mut last = began;
    while began.elapsed() < LONGEST {
        let left = QUIET.saturating_sub(last.elapsed());
        match events.recv_timeout(left) {
            Ok(event) => {
                if is_change(&event?) {
                    last = Instant::now();
                }
            }
            Err(_) => break,
        }
    }
    Ok(())
}

/// Where changes are looked for.
struct Watched {
    /// What was given.
    given: BTreeSet<PathBuf>,
    /// The projects of it, in which everything is watched.
    whole: BTreeSet<PathBuf>,
    /// The folders above these, as far as the repository reaches, and that in which it says what is
    /// ignored: settings may stand there.
    above: BTreeSet<PathBuf>,
}

impl Watched {
    fn of(paths: &[PathBuf]) -> Watched {
        let given: BTreeSet<PathBuf> = paths.iter().map(|path| absolute(path)).collect();
        let project = |path: &PathBuf| match path.is_dir() {
            true => path.clone(),
            false => {
                let top = surroundings::top(path);
                let folder = || path.parent().map(Path::to_owned);
                top.or_else(folder).unwrap_or_default()
            }
        };
        let whole: BTreeSet<PathBuf> = given.iter().map(project).collect();
        let above = whole.iter().flat_map(|folder| {
            let count = folder.ancestors().position(is_repository).unwrap_or(0);
            folder.ancestors().skip(1).take(count).map(Path::to_owned)
        });
        let above: BTreeSet<PathBuf> = above.collect();
        let exclude = |folder: &PathBuf| folder.join(EXCLUDE).parent().map(Path::to_owned);
        // Inside what is watched whole too: under Wine a folder that nobody opens tells nothing to those above.
        let ignored = whole.iter().chain(&above).filter_map(exclude);
        let ignored: Vec<PathBuf> = ignored.filter(|folder| folder.is_dir()).collect();
        Watched {
            above: above.into_iter().chain(ignored).collect(),
            given,
            whole,
        }
    }

    /// Whether the outcome may be another after an event.
    fn is_changed(&self, event: &Event, configs: &Configs) -> bool {
        let is_change = match event.kind {
            // Reading a file must not make it be read again.
            EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
            EventKind::Any
            | EventKind::Create(_)
            | EventKind::Modify(_)
            | EventKind::Remove(_)
            | EventKind::Other => true,
        };
        let mut paths = event.paths.iter();
        event.need_rescan() || (is_change && paths.any(|path| self.matters(path, configs)))
    }

    /// Whether a path is that of a source, a folder or a file with settings.
    fn matters(&self, path: &Path, configs: &Configs) -> bool {
        let name = path.file_name().unwrap_or_default();
        let mut settings = SETTINGS.iter().chain(&PYTHON_DEPENDENCIES);
        let is_setting = settings.any(|setting| name == *setting)
            || path.ends_with(EXCLUDE)
            // A configuration, or a file that one extends; and the manifests of Rust.
            || path.extension().is_some_and(|extension| extension == "toml");
        let is_baseline = || {
            let settings = path.parent().and_then(|folder| configs.of(folder).ok());
            settings.is_some_and(|settings| settings.config.baseline.as_deref() == Some(path))
        };
        // A script has no extension, and a folder that is gone cannot be asked what it was.
        let may_be_source = Language::of(path).is_some() || path.extension().is_none();
        let is_left_out = || {
            let inside = path.ancestors();
            let mut inside = inside.take_while(|path| !self.whole.contains(*path));
            inside.any(|path| cause(path, path.is_dir(), configs).is_some())
        };
        is_setting
            || is_baseline()
            || self.given.contains(path)
            || (may_be_source && !is_left_out())
    }
}
