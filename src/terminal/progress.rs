//! How far the work is: counted by those who do it, shown as a bar on terminals, and timed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a run goes on before it shows how far it is: most are over by then.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is done to many files, in the order in which a run begins it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// Walking folders.
    Finding,
    /// Reading files.
    Reading,
    /// Evaluating what was read.
    #[default]
    Checking,
    /// Evaluating it again with repairs in it.
    CheckingRepairs,
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Work::Finding => "finding files",
            Work::Reading => "reading files",
            Work::Checking => "checking files",
            Work::CheckingRepairs => "checking repaired files",
        })
    }
}

/// Where work tells how far it is.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    work: Work,
    /// From when on it is shown, if it is.
    shown_from: Option<Instant>,
    times: Arc<Mutex<BTreeMap<Work, Duration>>>,
}

impl Progress {
    /// Progress that is shown on standard error if the run is a long one.
    pub(super) fn shown() -> Progress {
        Progress {
            shown_from: Some(Instant::now() + PATIENCE),
            ..Progress::default()
        }
    }

    /// The same run, at other work.
    pub fn at(&self, work: Work) -> Progress {
        Progress {
            work,
            ..self.clone()
        }
    }

    /// Begins the work on this many files; `None` where their number is not known yet.
    pub fn begin(&self, files: Option<usize>) -> Phase {
        Phase {
            progress: self.clone(),
            began: Instant::now(),
            bar: self.shown_from.map(|from| Bar::new(self.work, files, from)),
        }
    }

    /// How long each work took, by the clock, so far.
    pub fn times(&self) -> BTreeMap<Work, Duration> {
        let times = self.times.lock();
        times.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Work that goes on until this is dropped; then nothing is left of what was shown of it.
#[derive(Debug)]
pub struct Phase {
    progress: Progress,
    began: Instant,
    bar: Option<Bar>,
}

impl Phase {
    /// Does what is to be done to another file.
    pub fn step_after<T>(&self, work: impl FnOnce() -> T) -> T {
        let done = work();
        if let Some(Bar { bar, .. }) = &self.bar {
            bar.inc(1);
        }
        done
    }
}

impl Drop for Phase {
    fn drop(&mut self) {
        let times = self.progress.times.lock();
        let mut times = times.unwrap_or_else(PoisonError::into_inner);
        *times.entry(self.progress.work).or_default() += self.began.elapsed();
    }
}

/// A bar that is hidden until its time has come.
#[derive(Debug)]
struct Bar {
    bar: ProgressBar,
    /// Dropped when the work ends.
    working: Option<Sender<()>>,
    /// Waits for the time, or for the end of the work.
    waiting: Option<JoinHandle<()>>,
}

impl Bar {
    fn new(work: Work, files: Option<usize>, from: Instant) -> Bar {
        let hidden = ProgressDrawTarget::hidden();
        let bar = ProgressBar::with_draw_target(files.map(|files| files as u64), hidden)
            .with_style(style(files.is_some()))
            .with_message(work.to_string());
        let (working, ended) = mpsc::channel();
        let shown = bar.clone();
        let waiting = thread::spawn(move || {
            let left = from.saturating_duration_since(Instant::now());
            if ended.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.tick();
            }
        });
        Bar {
            bar,
            working: Some(working),
            waiting: Some(waiting),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.working.take());
        if let Some(waiting) = self.waiting.take() {
            // It does nothing that panics.
            let _ = waiting.join();
        }
        self.bar.finish_and_clear();
    }
}

fn style(is_counted: bool) -> ProgressStyle {
    let template = match is_counted {
        true => "{msg} [{bar:30}] {pos}/{len}",
        false => "{msg} ...",
    };
    let style = ProgressStyle::with_template(template).expect("a template");
    style.progress_chars("=> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_of_one_sort_is_timed_together() {
        let progress = Progress::default();
        for work in [Work::Checking, Work::Reading, Work::Checking] {
            progress.at(work).begin(Some(1));
        }
        let times = progress.times();
        assert_eq!(
            times.keys().copied().collect::<Vec<_>>(),
            [Work::Reading, Work::Checking]
        );
    }
}
