//! Methods that the project gives to types outside it.

use std::sync::Arc;

use super::{Machine, Object};
use crate::code::Name;
use crate::source::FileId;
use crate::value::{Closure, Ref, Value};

/// A method of an `impl Trait for foreign::Type`.
#[derive(Clone, Debug)]
pub(super) struct ForeignMethod {
    /// The qualified name of the type.
    target: Arc<str>,
    name: Name,
    closure: Arc<Closure>,
}

impl Machine<'_> {
    /// Takes in the methods of an implementation for a type outside the project, and those that it
    /// leaves to the trait.
    pub(super) fn add_foreign_methods(&mut self, target: &Value, of_trait: &Value, members: Ref) {
        let Value::Native(target) = target else {
            return;
        };
        let mut methods = self.methods_in(members);
        if let Some((_, of_trait)) = self.class(of_trait) {
            for (name, closure) in self.methods_in(of_trait.scope) {
                if methods.iter().all(|(own, _)| *own != name) {
                    methods.push((name, closure));
                }
            }
        }
        let methods = methods.into_iter().map(|(name, closure)| ForeignMethod {
            target: Arc::clone(target),
            name,
            closure,
        });
        self.run.foreign_methods.extend(methods);
    }

    fn methods_in(&self, scope: Ref) -> Vec<(Name, Arc<Closure>)> {
        let Some(Object::Scope(members)) = self.object(scope) else {
            return Vec::new();
        };
        let methods = members.variables.iter();
        methods
            .filter_map(|(name, value)| match value {
                Value::Function(closure) => Some((name.clone(), Arc::clone(closure))),
                _ => None,
            })
            .collect()
    }

    /// The method that the run at hand or one of some modules gives to a type, if there is exactly one.
    pub(crate) fn foreign_method(
        &mut self,
        target: &str,
        name: &str,
        modules: impl Iterator<Item = FileId>,
    ) -> Option<Arc<Closure>> {
        let mut methods = self.run.foreign_methods.clone();
        for file in modules {
            if let Some(module) = self.module(file) {
                methods.extend(module.foreign_methods.iter().cloned());
            }
        }
        let named = || methods.iter().filter(|method| *method.name == *name);
        // One library's builder wraps another's: a method of the only type that has it is meant.
        let exact: Vec<_> = named().filter(|method| *method.target == *target).collect();
        let found = if exact.is_empty() {
            named().collect()
        } else {
            exact
        };
        match found.as_slice() {
            [method] => Some(Arc::clone(&method.closure)),
            _ => None,
        }
    }
}
