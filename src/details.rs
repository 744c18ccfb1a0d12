//! What `--verbose` tells of a run: which files there are and why others are not, what configures them,
//! what is unknown, and what takes time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use footgun_analysis::doubt::Why;
use footgun_analysis::facts::Facts;
use footgun_analysis::source::{FileId, Place, Source, Span};

use crate::check::Checked;
use crate::config::{ConfigError, Configs};
use crate::files::Files;
use crate::files::left_out::LeftOut;
use crate::shown::shown;
use crate::summary::plural;
use crate::terminal::messages::{Level, Messages};
use crate::terminal::progress::Progress;
use crate::texts::Texts;

/// How many of the slowest files are told.
const SLOWEST: usize = 5;

/// How many files each configuration file holds for; those without one under `None`.
pub type Configured = BTreeMap<Option<PathBuf>, usize>;

/// Which configuration files hold for `sources`.
///
/// # Errors
///
/// One of them is wrong.
pub fn configured(sources: &[Source], configs: &Configs) -> Result<Configured, ConfigError> {
    let mut configured = Configured::new();
    for source in sources {
        let folder = source.path.parent().unwrap_or(Path::new(""));
        let file = configs.of(folder)?.file.clone();
        *configured.entry(file).or_default() += 1;
    }
    Ok(configured)
}

/// Tells which files there are, which are not, and what configures them.
pub fn of_files(
    files: &Files,
    gitignored: &[LeftOut],
    configured: &Configured,
    messages: &mut Messages,
) {
    let mut left_out: Vec<&LeftOut> = files.walk.left_out.iter().chain(gitignored).collect();
    left_out.sort();
    left_out.dedup();
    for left_out in &left_out {
        messages.say(Level::Info, left_out);
    }
    let found = files.walk.files.iter();
    let (around, own): (Vec<_>, Vec<_>) = found.partition(|found| found.is_around);
    let (own, around) = (own.len(), around.len());
    let own = format!("{own} file{} to check", plural(own));
    let left_out = left_out.len();
    messages.say(
        Level::Info,
        format_args!("{own}, {around} more to read for the names in them, {left_out} left out"),
    );
    for (file, count) in configured {
        let files = format!("{count} file{}", plural(*count));
        let line = match file {
            Some(file) => format!("{} configures {files}", shown(file)),
            None => format!("no file configures {files}"),
        };
        messages.say(Level::Info, line);
    }
}

/// Tells how many calls may be wrong and are not judged, because of something unknown, by cause.
pub fn of_doubts(checked: &Checked, messages: &mut Messages) {
    let found: BTreeSet<Place> = checked
        .findings
        .iter()
        .chain(checked.silenced.iter().map(|(finding, _)| finding))
        .map(|finding| finding.place)
        .collect();
    let is_found = |call: Place| {
        let within = found.range(
            Place {
                span: Span {
                    end: 0,
                    ..call.span
                },
                ..call
            }..,
        );
        let mut within = within.take_while(|place| place.file == call.file);
        let first = within.next();
        first.is_some_and(|place| call.span.contains(place.span))
    };
    let doubts = checked.facts.iter().flat_map(Facts::doubts);
    let silent: BTreeSet<(Why, Place)> = doubts
        .map(|(site, doubt)| (doubt.why, site.call))
        .filter(|(_, call)| !is_found(*call))
        .collect();
    for why in Why::ALL {
        let calls = silent.iter().filter(|(cause, _)| *cause == why).count();
        if calls > 0 {
            let what = format!("{calls} call{} with an unknown value", plural(calls));
            messages.say(Level::Info, format_args!("{what}: {}", why.clause()));
        }
    }
}

/// Tells what took how long, in milliseconds by the clock: each work, and the slowest files.
pub fn of_times(
    progress: &Progress,
    files: &[(FileId, Duration)],
    texts: &Texts,
    messages: &mut Messages,
) {
    let mut say = |what: &str, time: Duration| {
        let time = time.as_secs_f64() * 1000.0;
        messages.say(Level::Info, format_args!("{what} took {time:.1} ms"));
    };
    for (work, time) in progress.times() {
        say(&work.to_string(), time);
    }
    let mut files = files.to_vec();
    files.sort_by_key(|&(_, time)| std::cmp::Reverse(time));
    for (file, time) in files.into_iter().take(SLOWEST) {
        say(&shown(&texts.project().file(file).path), time);
    }
}
