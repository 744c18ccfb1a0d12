//! Modules: what their names stand for, and whether they can be imported.

use std::collections::HashSet;
use std::sync::Arc;

use super::elsewhere::is_scalar;
use super::run::Run;
use super::{Machine, Object};
use crate::code::Name;
use crate::source::FileId;
use crate::value::{Namespace, Ref, Value};

impl Machine<'_> {
    /// A name of a module: one it binds, or a module below it.
    pub(crate) fn module_name(&mut self, file: FileId, name: &Name) -> Value {
        let scope = self.module_scope(file);
        if let Some(value) = scope.and_then(|scope| self.name_in(scope, name)) {
            if self.project.rebound(file).contains(&**name) {
                return Value::UNKNOWN;
            }
            let value = self.force(value);
            let is_another = self.is_in_function()
                && is_scalar(&value)
                && self.project.is_set_from_outside(file, name);
            return match is_another {
                true => Value::UNKNOWN,
                false => value,
            };
        }
        self.submodule(file, name)
    }

    /// A name that a module binds, or that a wildcard import brings into it.
    pub(super) fn name_in(&mut self, scope: Ref, name: &Name) -> Option<Value> {
        let bound = self.variable(scope, name);
        bound.or_else(|| self.wildcard(scope, name))
    }

    /// The module below a package that has this name.
    fn submodule(&self, file: FileId, name: &Name) -> Value {
        let module = self.project.submodule(file, name);
        module.map_or(Value::UNKNOWN, Value::Module)
    }

    /// Evaluates what stands behind an import or a constant.
    pub(crate) fn force(&mut self, value: Value) -> Value {
        let (namespace, path) = match value {
            Value::Lazy(namespace, path) => (namespace, path),
            Value::Constant(pending) => return self.constant(&pending),
            Value::OneOf(values)
                if values
                    .iter()
                    .any(|value| matches!(value, Value::Lazy(..) | Value::Constant(_))) =>
            {
                return Value::one_of(values.iter().map(|value| self.force(value.clone())));
            }
            value => return value,
        };
        let base = match namespace {
            Namespace::File(file) => Value::Module(file),
            Namespace::Object(reference) => Value::Object(reference),
        };
        let Some(first) = path.first() else {
            return base;
        };
        // A name that stands for itself, as in a package that imports its own submodule.
        if !self.run.forcing.insert((namespace, Arc::clone(&path))) {
            return match namespace {
                Namespace::File(file) => self.submodule(file, first),
                Namespace::Object(_) => Value::UNKNOWN,
            };
        }
        let value = path
            .iter()
            .fold(base, |value, name| self.attribute(&value, name));
        self.run.forcing.remove(&(namespace, path));
        value
    }

    /// Whether the body of a module does not run to its end.
    pub(crate) fn ends_early(&mut self, file: FileId) -> bool {
        let body = |m: &mut Self| {
            m.run_module(file);
            m.run.import_failed || !m.alive()
        };
        self.within(Run::default(), body).0
    }

    /// The modules whose import fails, as far as that has been found out.
    pub(crate) fn failing_imports(&self) -> &HashSet<FileId> {
        match &self.session.failing {
            Some(failing) => failing,
            None => self.project.failing(),
        }
    }

    /// The inline modules around the code at hand, from the root of its file.
    pub(crate) fn inline_modules(&self) -> &[Name] {
        &self.run.inline_modules
    }

    /// Runs something in an inline module, which has its names in a scope.
    pub(crate) fn within_module(&mut self, path: &[Name], scope: Ref, run: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.frame().scope, scope);
        let path = std::mem::replace(&mut self.run.inline_modules, path.to_vec());
        run(self);
        self.run.inline_modules = path;
        self.frame().scope = outer;
    }

    /// Whether the code at hand fills the tables of its module: that of its body does, outside classes
    /// and functions.
    pub(super) fn fills_tables(&self) -> bool {
        let scope = self.run.frames.last().expect("code runs in a frame").scope;
        self.dialect().features().tables
            && matches!(self.object(scope), Some(Object::Scope(scope)) if scope.parent.is_none())
    }
}
