//! A project at one moment of its repair, with what is wrong with it then.

use footgun_analysis::Session;
use footgun_analysis::demand::Demand;
use footgun_analysis::dependencies::Changes;
use footgun_analysis::project::Project;
use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{FileId, Source};

use super::apply::{Moves, apply};
use crate::check::{Checked, Earlier, check_after};
use crate::premises::Premises;
use crate::terminal::progress::{Progress, Work};
use crate::texts::Texts;

/// A project and what became of it.
#[derive(Debug)]
pub struct Snapshot<'a> {
    /// What is given of it.
    pub premises: &'a Premises,
    /// The project.
    pub project: Project,
    /// What is wrong with it.
    pub checked: Checked,
    progress: Progress,
}

impl<'a> Snapshot<'a> {
    /// Checks `sources` as a project, on the threads of the current pool.
    pub fn new(sources: Vec<Source>, premises: &'a Premises, progress: &Progress) -> Snapshot<'a> {
        Snapshot::of(premises.project(sources), premises, None, progress)
    }

    fn of(
        project: Project,
        premises: &'a Premises,
        earlier: Option<Earlier>,
        progress: &Progress,
    ) -> Snapshot<'a> {
        let checked = check_after(&Texts::new(&project), premises, earlier, progress);
        Snapshot {
            premises,
            project,
            checked,
            progress: progress.clone(),
        }
    }

    /// The same after an earlier check in which the same was given: only what has changed since, and
    /// what rests on it, is evaluated.
    pub fn after(
        before: &Project,
        checked: &Checked,
        sources: Vec<Source>,
        premises: &'a Premises,
        progress: &Progress,
    ) -> Snapshot<'a> {
        let project = premises.project(sources).after(before);
        let earlier = Earlier {
            project: before,
            checked,
        };
        Snapshot::of(project, premises, Some(earlier), progress)
    }

    fn followed_by(&self, sources: Vec<Source>, progress: &Progress) -> Snapshot<'a> {
        Snapshot::after(
            &self.project,
            &self.checked,
            sources,
            self.premises,
            progress,
        )
    }

    /// A session that knows what was evaluated for the check.
    pub fn session<'s>(&'s self, demand: &'s Demand<'s>) -> Session<'s> {
        let session = Session::new(&self.project, demand);
        let evaluated = self.checked.evaluated.as_ref();
        match (evaluated, Changes::between(&self.project, &self.project)) {
            (Some(evaluated), Some(none)) => session.knowing(evaluated, &none),
            _ => session,
        }
    }

    /// The project with `edits`, in the order of their places, checked again.
    pub fn edited(&self, edits: &[Edit]) -> Snapshot<'a> {
        let moves = Moves::of(edits);
        self.with_texts(|file, text| apply(text, moves.edits(file)))
    }

    /// The project with other texts, checked again.
    pub fn with_texts(&self, text: impl Fn(FileId, &str) -> String) -> Snapshot<'a> {
        let sources = self.files().map(|(file, source)| Source {
            path: source.path.clone(),
            language: source.language,
            text: text(file, &source.text),
        });
        let progress = self.progress.at(Work::CheckingRepairs);
        self.followed_by(sources.collect(), &progress)
    }

    /// The project with more files, checked again: their ids are others.
    pub fn with_files(&self, files: impl IntoIterator<Item = Source>) -> Snapshot<'a> {
        let sources = self.project.files.iter().cloned().chain(files);
        self.followed_by(sources.collect(), &self.progress)
    }

    /// The files with their ids, which are the same in every snapshot of a project.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Source)> {
        let files = self.project.files.iter().enumerate();
        files.map(|(index, source)| (FileId(index as u32), source))
    }
}
