//! What records point at, found in the texts again.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{FileId, Language, Place, Span};

use super::fingerprint::fingerprint;
use super::record::{Extent, Fix, Location, Record};
use crate::files::Found;
use crate::root::Root;
use crate::texts::{Spot, Texts};

/// The files that records point into, to be read.
pub fn files(records: &[Record]) -> Vec<Found> {
    let of = |record: &Record| -> Vec<String> {
        let evidence = record.evidence.iter().map(|reason| &reason.extent.filename);
        let edits = record.fix.iter().flat_map(|fix| &fix.edits);
        let edits = edits.filter_map(|edit| edit.filename.as_ref());
        let names = evidence.chain(edits).chain([&record.extent.filename]);
        names.cloned().collect()
    };
    let names: BTreeSet<PathBuf> = records.iter().flat_map(of).map(PathBuf::from).collect();
    let found = |path: PathBuf| Found {
        language: Language::of(&path),
        path,
        bytes: None,
        is_around: false,
    };
    names.into_iter().map(found).collect()
}

/// The texts, by the names that records have for them.
pub(super) struct Places<'a> {
    pub(super) texts: &'a Texts<'a>,
    files: HashMap<String, FileId>,
}

impl<'a> Places<'a> {
    pub(super) fn of(texts: &'a Texts<'a>) -> Places<'a> {
        let files = texts.files().into_iter();
        Places {
            texts,
            files: files.map(|file| (texts.name(file), file)).collect(),
        }
    }

    /// Whether the texts are those that a finding was made in, as far as its line tells.
    pub(super) fn has(&self, record: &Record, root: &Root) -> bool {
        let place = self.place(&record.extent);
        place.is_some_and(|place| {
            fingerprint(self.texts, &record.rule, place, root) == record.fingerprint
        })
    }

    /// The place of an extent, if the texts have it.
    pub(super) fn place(&self, extent: &Extent) -> Option<Place> {
        let Extent {
            filename,
            cell,
            location,
            end_location,
        } = extent;
        self.between(filename, *cell, *location, *end_location)
    }

    /// The edits of a fix, if the texts have all their places.
    pub(super) fn edits(&self, record: &Record, fix: &Fix) -> Option<Vec<Edit>> {
        let edits = fix.edits.iter().map(|edit| {
            let name = edit.filename(record);
            Some(Edit {
                place: self.between(name, edit.cell, edit.location, edit.end_location)?,
                content: edit.content.clone(),
            })
        });
        edits.collect()
    }

    fn between(
        &self,
        name: &str,
        cell: Option<usize>,
        start: Location,
        end: Location,
    ) -> Option<Place> {
        let file = *self.files.get(name)?;
        let offset = |Location { row, column }| {
            let spot = Spot { cell, row, column };
            self.texts.offset(file, spot)
        };
        let (start, end) = (offset(start)?, offset(end)?);
        let span = Span::new(start, end);
        (start <= end).then_some(Place { file, span })
    }
}
