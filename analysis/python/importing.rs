//! Imports, as the machine runs them: what they bind, and where Windows cannot go on after one.

use std::sync::Arc;

use super::world;
use crate::code::{Import, Imported, Name};
use crate::facts::How;
use crate::machine::Machine;
use crate::platform::Platform;
use crate::source::FileId;
use crate::value::{Namespace, Value};

impl Machine<'_> {
    /// The module that a function imports by its full name.
    pub(super) fn imported(&mut self, name: &str) -> Value {
        let path: Vec<Name> = name.split('.').map(Name::from).collect();
        let from = self.file();
        if let Some(file) = self.project.python_module(from, 0, &path) {
            self.notice_import(file);
            if self.fails_to_import(from, 0, &path) {
                self.import_fails(None);
            }
            return Value::Module(file);
        }
        if self.platform == Platform::Windows && world::module_missing(name) {
            let how = self.how_imported();
            self.import_fails(Some((name, how)));
            return Value::Missing(name.into());
        }
        Value::native(name)
    }

    /// Runs an import.
    pub(super) fn import_python(&mut self, import: &Import) {
        let from = self.file();
        let dotted = import.path.join(".");
        let file = self.project.python_module(from, import.level, &import.path);
        if let Some(file) = file {
            self.notice_import(file);
        }
        let mut fails = self.fails_to_import(from, import.level, &import.path);
        if let (Some(file), Imported::Item { name, .. }) = (file, &import.what) {
            let path = [import.path.as_slice(), std::slice::from_ref(name)].concat();
            let submodule = self.project.submodule(file, name);
            fails |= submodule.is_some() && self.fails_to_import(from, import.level, &path);
        }
        if fails {
            self.import_fails(None);
            if !self.alive() {
                return;
            }
        }
        let missing = file.is_none()
            && import.level == 0
            && self.platform == Platform::Windows
            && world::module_missing(&dotted);
        if missing {
            let how = self.how_imported();
            self.import_fails(Some((&dotted, how)));
            if !self.alive() {
                return;
            }
        } else if file.is_some() || !world::is_standard(&dotted) {
            self.may_raise();
        }
        let outside = |path: &str| {
            if missing {
                Value::Missing(path.into())
            } else {
                Value::native(path)
            }
        };
        match &import.what {
            Imported::Module { alias: Some(alias) } => {
                let value = file.map_or_else(|| outside(&dotted), Value::Module);
                self.bind_name(alias, value);
            }
            Imported::Module { alias: None } => {
                let Some(first) = import.path.first() else {
                    return;
                };
                let root = self.project.python_module(from, 0, &import.path[..1]);
                let value = root.map_or_else(|| outside(first), Value::Module);
                self.bind_name(first, value);
            }
            Imported::Item { name, bind } => {
                let value = match file {
                    Some(file) => {
                        if let Some(module) = self.project.submodule(file, name) {
                            self.notice_import(module);
                        }
                        Value::Lazy(Namespace::File(file), Arc::new([name.clone()]))
                    }
                    None => {
                        let mut path = import.path.clone();
                        path.push(name.clone());
                        match self.project.python_module(from, import.level, &path) {
                            Some(file) => {
                                self.notice_import(file);
                                Value::Module(file)
                            }
                            None if import.level > 0 => Value::UNKNOWN,
                            None if missing => Value::Missing(format!("{dotted}.{name}").into()),
                            None => {
                                let assumptions = &self.project.assumptions;
                                world::member(&dotted, name, self.platform, assumptions)
                            }
                        }
                    }
                };
                if let (Value::Missing(path), false) = (&value, missing) {
                    let how = match world::module_missing(path) {
                        true => self.how_imported(),
                        false => How::MemberImported,
                    };
                    self.import_fails(Some((path, how)));
                    if !self.alive() {
                        return;
                    }
                }
                self.bind_name(bind, value);
            }
            Imported::All => {
                let value = match file {
                    Some(file) => Value::Module(file),
                    None if import.level > 0 => Value::UNKNOWN,
                    None => Value::native(&dotted),
                };
                self.add_wildcard(value);
            }
        }
    }

    /// Whether the import of a module of the project, or of a package around it, fails.
    fn fails_to_import(&self, from: FileId, level: u32, path: &[Name]) -> bool {
        if self.platform != Platform::Windows {
            return false;
        }
        let failing = self.failing_imports();
        !failing.is_empty()
            && (1..=path.len())
                .filter_map(|length| self.project.python_module(from, level, &path[..length]))
                .any(|file| failing.contains(&file))
    }
}
