//! Process groups: whether code deals with them, and whether Windows comes to that code.

use super::Machine;
use super::fates::{OF_GROUPS, is_code};
use super::record::SpawnRecord;
use crate::source::FileId;
use crate::value::Location;

impl Machine<'_> {
    /// Whether the file around a spawn deals with groups only where this platform does not come to.
    pub(super) fn leaves_groups_to_others(&self, record: &SpawnRecord) -> bool {
        let document = record.met.call.document;
        if record.session.is_empty() || self.text(document).origin.is_some() {
            return false;
        }
        let file = FileId(document.0);
        let world = self.world;
        world
            .leaves_groups
            .answer(file, || self.find_groups_left(file))
    }

    fn find_groups_left(&self, file: FileId) -> bool {
        let text = self.project.text(file);
        let silent = self.project.silent(file);
        let places: Vec<usize> = OF_GROUPS
            .iter()
            .flat_map(|word| crate::project::places_of(text, word))
            .filter(|at| is_code(silent, *at))
            .collect();
        !places.is_empty()
            && places
                .into_iter()
                .all(|at| self.is_left_by_function(file, at as u32))
    }

    /// Whether a place lies in a function that does not come to it on this platform.
    fn is_left_by_function(&self, file: FileId, at: u32) -> bool {
        let Some(module) = self.world.module(file) else {
            return false;
        };
        let Some(index) = module.function_places().around(at) else {
            return false;
        };
        let mut machine = Machine::new(self.session, self.platform);
        machine.enter(&module.functions[index]);
        let record = &machine.run.record;
        let is_there = |place: Location| {
            place.document.0 == file.0 && place.span.start <= at && at < place.span.end
        };
        machine.run.given_up.is_empty() && !record.uses.iter().any(|used| is_there(used.met.call))
    }
}
