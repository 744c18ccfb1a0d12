//! Modules: what their names stand for, and the items of Rust's.

use std::sync::Arc;

use super::{Machine, Object, Scope};
use crate::code::{Block, ModuleBody, Name, StmtKind};
use crate::source::FileId;
use crate::value::{Namespace, Ref, Value};

impl Machine<'_> {
    /// A name of a module: one it binds, or a module below it.
    pub(crate) fn module_name(&mut self, file: FileId, name: &Name) -> Value {
        let scope = self.module_scope(file);
        if let Some(value) = scope.and_then(|scope| self.name_in(scope, name)) {
            if self.project.rebound(file).contains(&**name) {
                return Value::Unknown;
            }
            return self.force(value);
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
        module.map_or(Value::Unknown, Value::Module)
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
                Namespace::Object(_) => Value::Unknown,
            };
        }
        let value = path
            .iter()
            .fold(base, |value, name| self.attribute(&value, name));
        self.run.forcing.remove(&(namespace, path));
        value
    }

    /// A Rust module declaration inside a function.
    pub(crate) fn define_rust_module(&mut self, name: &Name, body: &ModuleBody) {
        match body {
            ModuleBody::File(_) => self.bind_file(name),
            ModuleBody::Inline(block) => {
                let mut modules = Vec::new();
                self.declare_inline(name, block, &mut modules);
                self.run_modules(&modules);
            }
        }
    }

    fn bind_file(&mut self, name: &Name) {
        let file = self.file();
        let inline = self.run.inline_modules.clone();
        let modules = self.project.rust_modules(self.platform);
        let child = modules.child(file, &inline, name);
        self.bind_name(name, child.map_or(Value::Unknown, Value::Module));
    }

    /// Binds a module between braces, and those within it, before anything in them is run.
    fn declare_inline<'b>(&mut self, name: &Name, block: &'b Block, modules: &mut Vec<Inline<'b>>) {
        let mut outer = self.frame().scope;
        let scope = self.allocate(Object::Scope(Scope::default()));
        self.bind_name(name, Value::Object(scope));
        // Inside a function, the module around it is meant.
        while let Some(Object::Scope(Scope {
            parent: Some(parent),
            ..
        })) = self.object(outer)
        {
            outer = *parent;
        }
        if let Some(root) = self.variable(outer, &"crate".into()) {
            self.set_variable(scope, "crate".into(), root);
        }
        self.set_variable(scope, "self".into(), Value::Object(scope));
        self.set_variable(scope, "super".into(), Value::Object(outer));
        let path = [&*self.run.inline_modules, std::slice::from_ref(name)].concat();
        let inline = Inline { scope, path, block };
        self.within_module(&inline, |m| m.declare_within(block, modules));
        modules.push(inline);
    }

    fn declare_within<'b>(&mut self, block: &'b Block, modules: &mut Vec<Inline<'b>>) {
        for stmt in block {
            if let StmtKind::Module {
                name,
                body: ModuleBody::Inline(inner),
            } = &stmt.kind
            {
                self.note_statement(stmt);
                self.declare_inline(name, inner, modules);
            }
        }
    }

    fn within_module(&mut self, module: &Inline, run: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.frame().scope, module.scope);
        let path = std::mem::replace(&mut self.run.inline_modules, module.path.clone());
        run(self);
        self.run.inline_modules = path;
        self.frame().scope = outer;
    }

    /// Runs the items of a Rust file, which may refer to each other in any order, also across the
    /// modules between braces.
    pub(crate) fn run_items(&mut self, block: &Block) {
        let mut modules = Vec::new();
        self.declare_within(block, &mut modules);
        modules.push(Inline {
            scope: self.frame().scope,
            path: self.run.inline_modules.clone(),
            block,
        });
        self.run_modules(&modules);
    }

    fn run_modules(&mut self, modules: &[Inline]) {
        let first = self.run.constants.len();
        for turn in Turn::ALL {
            for module in modules {
                self.within_module(module, |m| {
                    for stmt in module.block {
                        if Turn::of(&stmt.kind) == Some(turn) {
                            m.run_statements(std::slice::from_ref(stmt));
                        }
                    }
                });
            }
        }
        self.evaluate_constants(first);
    }

    /// Whether the code at hand fills the tables of its module: that of its body does, outside classes
    /// and functions.
    pub(super) fn fills_tables(&self) -> bool {
        let scope = self.run.frames.last().expect("code runs in a frame").scope;
        self.dialect().features().tables
            && matches!(self.object(scope), Some(Object::Scope(scope)) if scope.parent.is_none())
    }
}

/// A Rust module between braces, or the file around all of them.
struct Inline<'b> {
    scope: Ref,
    /// From the root of the file.
    path: Vec<Name>,
    block: &'b Block,
}

/// When an item is run: after those that it may name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Definition,
    Import,
    Impl,
    Rest,
}

impl Turn {
    const ALL: [Turn; 4] = [Turn::Definition, Turn::Import, Turn::Impl, Turn::Rest];

    /// `None` for a module between braces, whose items have turns of their own.
    fn of(item: &StmtKind) -> Option<Turn> {
        match item {
            StmtKind::Module {
                body: ModuleBody::Inline(_),
                ..
            } => None,
            StmtKind::Module { .. }
            | StmtKind::Class(_)
            | StmtKind::Function(_)
            | StmtKind::Constant(_) => Some(Turn::Definition),
            StmtKind::Import(_) => Some(Turn::Import),
            StmtKind::Impl { .. } => Some(Turn::Impl),
            _ => Some(Turn::Rest),
        }
    }
}
