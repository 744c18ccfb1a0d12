//! Items, as the machine runs them: those of a module may refer to each other in any order, also across
//! the modules between braces.

use crate::code::{Block, ModuleBody, Name, StmtKind};
use crate::machine::{Machine, Object, Scope};
use crate::value::{Ref, Value};

impl Machine<'_> {
    /// A module declaration.
    pub(super) fn define_rust_module(&mut self, name: &Name, body: &ModuleBody) {
        match body {
            ModuleBody::File => self.bind_file(name),
            ModuleBody::Inline(block) => {
                let mut modules = Vec::new();
                self.declare_inline(name, block, &mut modules);
                self.run_modules(&modules);
            }
        }
    }

    fn bind_file(&mut self, name: &Name) {
        let file = self.file();
        let inline = self.inline_modules();
        let modules = self.project.rust_modules(self.platform);
        let child = modules.child(file, inline, name);
        self.bind_name(name, child.map_or(Value::UNKNOWN, Value::Module));
    }

    /// Binds a module between braces, and those within it, before anything in them is run.
    fn declare_inline<'b>(&mut self, name: &Name, block: &'b Block, modules: &mut Vec<Inline<'b>>) {
        let mut outer = self.scope();
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
        let path = [self.inline_modules(), std::slice::from_ref(name)].concat();
        let inline = Inline { scope, path, block };
        self.within_module(&inline.path, scope, |m| m.declare_within(block, modules));
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

    /// Runs the items of a Rust file, which may refer to each other in any order, also across the
    /// modules between braces.
    pub(super) fn run_items(&mut self, block: &Block) {
        let mut modules = Vec::new();
        self.declare_within(block, &mut modules);
        modules.push(Inline {
            scope: self.scope(),
            path: self.inline_modules().to_vec(),
            block,
        });
        self.run_modules(&modules);
    }

    fn run_modules(&mut self, modules: &[Inline]) {
        self.with_constants(|m| {
            for turn in Turn::ALL {
                for module in modules {
                    m.within_module(&module.path, module.scope, |m| {
                        for stmt in module.block {
                            if Turn::of(&stmt.kind) == Some(turn) {
                                m.run_statements(std::slice::from_ref(stmt));
                            }
                        }
                    });
                }
            }
        });
    }
}

/// A module between braces, or the file around all of them.
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
