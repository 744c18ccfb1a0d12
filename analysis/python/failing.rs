//! Modules that cannot be imported on Windows: they import one that Windows lacks, or another of
//! these, and nothing catches it.

use std::collections::HashSet;
use std::sync::Arc;

use super::world;
use crate::demand::Demand;
use crate::machine::{Machine, Session};
use crate::platform::Platform;
use crate::project::{Project, module_name};
use crate::source::{FileId, Language};

/// The Python files of a project whose import fails on Windows, and on Linux does not.
pub(crate) fn failing_modules(project: &Project) -> HashSet<FileId> {
    let imports = project.imports();
    let importers = |name: &str| imports.of_name(name).iter().map(|(file, _)| *file);
    let mut failing = Arc::new(HashSet::new());
    let mut suspects: Vec<FileId> = world::missing_modules()
        .flat_map(|module| importers(module.rsplit('.').next().unwrap_or(module)))
        .collect();
    let demand = Demand::new([], |_| false);
    while !suspects.is_empty() {
        suspects.sort();
        suspects.dedup();
        let session = Session::new(project, &demand).failing(Arc::clone(&failing));
        let mut windows = Machine::new(&session, Platform::Windows);
        let mut linux = Machine::new(&session, Platform::Linux);
        let found: Vec<FileId> = suspects
            .into_iter()
            .filter(|file| !failing.contains(file))
            .filter(|file| windows.ends_early(*file) && !linux.ends_early(*file))
            .collect();
        Arc::make_mut(&mut failing).extend(&found);
        suspects = found
            .iter()
            .filter_map(|file| module_name(&project.file(*file).path))
            .flat_map(|name| importers(&name).collect::<Vec<_>>())
            .filter(|file| project.file(*file).language == Language::Python)
            .collect();
    }
    Arc::unwrap_or_clone(failing)
}
