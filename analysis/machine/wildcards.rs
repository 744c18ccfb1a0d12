//! `from module import *` and `use module::*`: names that come without being named.

use super::{Machine, Object, Sequence};
use crate::code::Name;
use crate::source::{FileId, Language};
use crate::value::{Ref, Value};

impl Machine<'_> {
    /// Brings in every name of a module.
    pub(super) fn add_wildcard(&mut self, module: Value) {
        let scope = self.frame().scope;
        if let Some(Object::Scope(scope)) = self.object_mut(scope) {
            scope.wildcards.push(module);
        }
    }

    /// A name that a wildcard import brings into a scope or the scopes around it.
    pub(super) fn wildcard(&mut self, scope: Ref, name: &Name) -> Option<Value> {
        let mut next = Some(scope);
        let mut unknown = false;
        while let Some(reference) = next {
            let Some(Object::Scope(scope)) = self.object(reference) else {
                break;
            };
            next = scope.parent;
            for module in scope.wildcards.clone() {
                match module {
                    Value::Module(file) => {
                        // A cycle of wildcard imports ends where it began.
                        if self.run.searched.contains(&(file, name.clone())) {
                            continue;
                        }
                        self.run.searched.insert((file, name.clone()));
                        let found = self.module_scope(file).and_then(|scope| {
                            if !self.exports(file, scope, name) {
                                return None;
                            }
                            self.variable(scope, name)
                                .or_else(|| self.wildcard(scope, name))
                        });
                        self.run.searched.remove(&(file, name.clone()));
                        if let Some(value) = found {
                            return Some(value);
                        }
                    }
                    Value::Object(_) => {
                        if let Value::Object(reference) = module
                            && let Some(value) = self.variable(reference, name)
                        {
                            return Some(value);
                        }
                    }
                    Value::Native(path) => {
                        if let Some(value) = self.native_wildcard(&path, name) {
                            return Some(value);
                        }
                    }
                    _ => unknown = true,
                }
            }
        }
        unknown.then_some(Value::Unknown)
    }

    /// Whether `from module import *` may bring in a name: one in `__all__`, or where that is not
    /// there, one that does not begin with an underscore.
    fn exports(&self, file: FileId, module: Ref, name: &Name) -> bool {
        if self.project.file(file).language != Language::Python {
            return true;
        }
        match self.variable(module, &"__all__".into()) {
            None => !name.starts_with('_'),
            Some(all) => match self.items(&all).and_then(Sequence::closed) {
                Some(names) => names
                    .iter()
                    .any(|listed| listed.as_text().is_none_or(|listed| *listed == **name)),
                None => true,
            },
        }
    }

    fn native_wildcard(&self, path: &str, name: &str) -> Option<Value> {
        // Only Rust writes paths with colons; a Rust crate's root has nothing to import all of.
        if path.contains("::") {
            return crate::rust::wildcard(path, name);
        }
        crate::python::wildcard(path, name, self.platform, &self.project.assumptions)
    }
}
