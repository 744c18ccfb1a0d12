//! Modules that cannot be imported on Windows: they import one that Windows lacks, or another of
//! these, and nothing catches it.

use std::collections::HashSet;
use std::sync::Arc;

use super::run::Run;
use super::{Machine, Session};
use crate::code::Name;
use crate::demand::Demand;
use crate::platform::Platform;
use crate::project::{Project, module_name};
use crate::source::{FileId, Language};

/// The Python files of a project whose import fails on Windows, and on Linux does not.
pub(crate) fn failing_modules(project: &Project) -> HashSet<FileId> {
    let imports = project.imports();
    let importers = |name: &str| imports.of_name(name).iter().map(|(file, _)| *file);
    let mut failing = Arc::new(HashSet::new());
    let mut suspects: Vec<FileId> = crate::python::missing_modules()
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

impl Machine<'_> {
    /// Whether the body of a module does not run to its end.
    fn ends_early(&mut self, file: FileId) -> bool {
        let body = |m: &mut Self| {
            m.run_module(file);
            m.run.import_failed || !m.alive()
        };
        self.within(Run::default(), body).0
    }

    /// Whether the import of a module of the project, or of a package around it, fails.
    pub(super) fn fails_to_import(&self, from: FileId, level: u32, path: &[Name]) -> bool {
        if self.platform != Platform::Windows {
            return false;
        }
        let failing = match &self.session.failing {
            Some(failing) => failing,
            None => self.project.failing(),
        };
        !failing.is_empty()
            && (1..=path.len())
                .filter_map(|length| self.project.python_module(from, level, &path[..length]))
                .any(|file| failing.contains(&file))
    }
}
