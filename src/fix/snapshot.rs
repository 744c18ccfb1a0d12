//! A project at one moment of its repair, with what is wrong with it then.

use std::path::PathBuf;

use footgun_analysis::project::Project;
use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{FileId, Source};

use super::apply::apply;
use crate::check::{Checked, check};
use crate::selection::Selection;
use crate::texts::Texts;

/// A project and what became of it.
#[derive(Debug)]
pub struct Snapshot<'a> {
    manifests: &'a [(PathBuf, String)],
    /// The rules it is checked by.
    pub selection: &'a Selection,
    /// The project.
    pub project: Project,
    /// What is wrong with it.
    pub checked: Checked,
}

impl<'a> Snapshot<'a> {
    /// Checks `sources` as a project, on the threads of the current pool.
    pub fn new(
        sources: Vec<Source>,
        manifests: &'a [(PathBuf, String)],
        selection: &'a Selection,
    ) -> Snapshot<'a> {
        let project = Project::new(sources).with_manifests(manifests);
        let checked = check(&Texts::new(&project), selection);
        Snapshot {
            manifests,
            selection,
            project,
            checked,
        }
    }

    /// The project with `edits`, in the order of their places, checked again.
    pub fn edited(&self, edits: &[Edit]) -> Snapshot<'a> {
        self.with_texts(|file, text| {
            apply(text, edits.iter().filter(|edit| edit.place.file == file))
        })
    }

    /// The project with other texts, checked again.
    pub fn with_texts(&self, text: impl Fn(FileId, &str) -> String) -> Snapshot<'a> {
        let sources = self.files().map(|(file, source)| Source {
            path: source.path.clone(),
            language: source.language,
            text: text(file, &source.text),
        });
        Snapshot::new(sources.collect(), self.manifests, self.selection)
    }

    /// The files with their ids, which are the same in every snapshot of a project.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Source)> {
        let files = self.project.files.iter().enumerate();
        files.map(|(index, source)| (FileId(index as u32), source))
    }
}
