//! What a check leaves for the next one of the same project, so that only what has changed since, and
//! what rests on it, is evaluated again.

use footgun_analysis::project::Project;
use footgun_analysis::source::Source;

use crate::check::Checked;
use crate::fix::snapshot::Snapshot;
use crate::premises::{Given, Premises};
use crate::terminal::progress::Progress;

/// The last check, if there was one.
#[derive(Debug, Default)]
pub struct Memory(Option<Last>);

#[derive(Debug)]
struct Last {
    project: Project,
    checked: Checked,
    given: Given,
}

impl Memory {
    /// Checks `sources` as a project, on the threads of the current pool.
    pub fn check<'a>(
        &self,
        sources: Vec<Source>,
        premises: &'a Premises,
        progress: &Progress,
    ) -> Snapshot<'a> {
        match &self.0 {
            Some(last) if last.given == premises.given() => {
                Snapshot::after(&last.project, &last.checked, sources, premises, progress)
            }
            _ => Snapshot::new(sources, premises, progress),
        }
    }

    /// Keeps a check for the next one.
    pub fn keep(&mut self, snapshot: Snapshot) {
        let Snapshot {
            premises,
            project,
            checked,
            ..
        } = snapshot;
        self.0 = Some(Last {
            project,
            checked,
            given: premises.given(),
        });
    }
}
