//! A project at one moment of its repair, with what is wrong with it then.

use footgun_analysis::project::Project;
use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{FileId, Source};

use super::apply::{Moves, apply};
use crate::check::{Checked, check};
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
        let project = premises.project(sources);
        let checked = check(&Texts::new(&project), premises, progress);
        Snapshot {
            premises,
            project,
            checked,
            progress: progress.clone(),
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
        Snapshot::new(sources.collect(), self.premises, &progress)
    }

    /// The project with more files, checked again: their ids are others.
    pub fn with_files(self, files: impl IntoIterator<Item = Source>) -> Snapshot<'a> {
        let sources = self.project.files.into_iter().chain(files);
        Snapshot::new(sources.collect(), self.premises, &self.progress)
    }

    /// The files with their ids, which are the same in every snapshot of a project.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Source)> {
        let files = self.project.files.iter().enumerate();
        files.map(|(index, source)| (FileId(index as u32), source))
    }
}
