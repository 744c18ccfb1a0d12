//! Modules: what their names stand for, and the items of Rust's.

use std::sync::Arc;

use super::{Machine, Object, Scope};
use crate::code::{Block, ModuleBody, Name, Stmt, StmtKind};
use crate::source::{FileId, Language};
use crate::value::Value;

impl Machine<'_> {
    /// A name of a module: one it binds, or a module below it.
    pub(crate) fn module_name(&mut self, file: FileId, name: &Name) -> Value {
        let scope = self.module_scope(file);
        if let Some(scope) = scope {
            if let Some(value) = self.variable(scope, name) {
                if self.project.rebound(file).contains(&**name) {
                    return Value::Unknown;
                }
                return self.force(value);
            }
            if let Some(value) = self.wildcard(scope, name) {
                return self.force(value);
            }
        }
        self.submodule(file, name)
    }

    /// The module below a package that has this name.
    fn submodule(&self, file: FileId, name: &Name) -> Value {
        match self.project.file(file).language {
            Language::Python => match self.project.python_submodule(file, name) {
                Some(file) => Value::Module(file),
                None => Value::Unknown,
            },
            Language::Rust => Value::Unknown,
        }
    }

    /// Evaluates what stands behind an import.
    pub(crate) fn force(&mut self, value: Value) -> Value {
        let (file, path) = match value {
            Value::Lazy(file, path) => (file, path),
            Value::OneOf(values) if values.iter().any(|value| matches!(value, Value::Lazy(..))) => {
                return Value::one_of(values.iter().map(|value| self.force(value.clone())));
            }
            value => return value,
        };
        let Some((first, rest)) = path.split_first() else {
            return Value::Module(file);
        };
        // A name that stands for itself, as in a package that imports its own submodule.
        if !self.run.forcing.insert((file, Arc::clone(&path))) {
            return self.submodule(file, first);
        }
        let found = self.module_name(file, first);
        let value = rest
            .iter()
            .fold(found, |value, name| self.attribute(&value, name));
        self.run.forcing.remove(&(file, path));
        value
    }

    /// A Rust module declaration.
    pub(super) fn define_module(&mut self, name: &Name, body: &ModuleBody) {
        match body {
            ModuleBody::File(_) => {
                let file = self.file();
                let inline = self.run.inline_modules.clone();
                let modules = self.project.rust_modules(self.platform);
                let child = modules.child(file, &inline, name);
                self.bind_name(name, child.map_or(Value::Unknown, Value::Module));
            }
            ModuleBody::Inline(block) => {
                let outer = self.frame().scope;
                let scope = self.allocate(Object::Scope(Scope::default()));
                if let Some(root) = self.variable(outer, &"crate".into()) {
                    self.set_variable(scope, "crate".into(), root);
                }
                self.set_variable(scope, "self".into(), Value::Object(scope));
                self.set_variable(scope, "super".into(), Value::Object(outer));
                self.bind_name(name, Value::Object(scope));
                let outer = std::mem::replace(&mut self.frame().scope, scope);
                self.run.inline_modules.push(name.clone());
                self.run_items(block);
                self.run.inline_modules.pop();
                self.frame().scope = outer;
            }
        }
    }

    /// Runs Rust items, which may refer to each other in any order.
    pub(super) fn run_items(&mut self, block: &Block) {
        let rank = |stmt: &&Stmt| match stmt.kind {
            StmtKind::Module { .. } | StmtKind::Class(_) | StmtKind::Function(_) => 0,
            StmtKind::Import(_) => 1,
            StmtKind::Impl { .. } => 3,
            _ => 2,
        };
        let mut items: Vec<&Stmt> = block.iter().collect();
        items.sort_by_key(rank);
        // A constant may be written before those it is made of.
        let constants = items.iter().filter(|item| rank(item) == 2);
        for item in constants {
            self.run_statements(std::slice::from_ref(item));
        }
        for item in items {
            self.run_statements(std::slice::from_ref(item));
        }
    }

    /// Whether the code at hand is a Python module body, outside classes and functions.
    pub(super) fn is_at_module_level(&self) -> bool {
        let scope = self.run.frames.last().expect("code runs in a frame").scope;
        self.language() == Language::Python
            && matches!(self.object(scope), Some(Object::Scope(scope)) if scope.parent.is_none())
    }
}
