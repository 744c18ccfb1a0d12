//! Modules: evaluated once, when a name of theirs is first used.

use std::sync::Arc;

use super::callers::Added;
use super::{Frame, Machine, Object, Scope, Shared, State};
use crate::code::{Block, Import, Imported, ModuleBody, Name, Stmt, StmtKind};
use crate::platform::Platform;
use crate::source::{FileId, Language, Span};
use crate::value::{Closure, DocumentId, Location, Ref, Value};

/// How far a module has been evaluated.
#[derive(Clone, Copy, Debug)]
pub enum ModuleState {
    /// Its body is being run: an import cycle led back to it.
    Loading,
    /// Its names are in this scope.
    Ready(Ref),
}

/// How many modules may be evaluated within each other's evaluation.
const MODULE_DEPTH: usize = 24;

impl Machine<'_> {
    /// The scope of a module, evaluated now if it is not yet; `None` within its own evaluation.
    pub(crate) fn module_scope(&mut self, file: FileId) -> Option<Ref> {
        match self.modules.get(&file) {
            Some(ModuleState::Ready(scope)) => Some(*scope),
            Some(ModuleState::Loading) => None,
            None if self.nesting >= MODULE_DEPTH => None,
            None => Some(self.load(file, false)),
        }
    }

    /// Evaluates the body of a module. `recording` says that it is the file under analysis.
    pub(super) fn load(&mut self, file: FileId, recording: bool) -> Ref {
        self.modules.insert(file, ModuleState::Loading);
        self.nesting += 1;
        let definitions = std::mem::take(&mut self.definitions);
        let run = |m: &mut Self| m.aside(recording, |m| m.run_module(file));
        let scope = self.unnoticed(|m| m.in_full(run));
        let own = std::mem::replace(&mut self.definitions, definitions);
        self.functions.insert(DocumentId(file.0), own);
        self.nesting -= 1;
        self.modules.insert(file, ModuleState::Ready(scope));
        scope
    }

    /// Whether the body of a module does not run to its end.
    pub(super) fn ends_early(&mut self, file: FileId) -> bool {
        self.steps = super::STEPS;
        self.aside(false, |m| {
            m.run_module(file);
            !m.alive()
        })
    }

    /// Evaluates the body of a module once more, for what it does.
    pub(super) fn run_body_again(&mut self, file: FileId) {
        self.steps = super::STEPS;
        let definitions = std::mem::take(&mut self.definitions);
        self.aside(true, |m| {
            m.run_module(file);
            m.state = None;
        });
        self.definitions = definitions;
    }

    /// Runs what others are to find whole, whoever asks for it first: with as many steps as an entry.
    pub(super) fn in_full<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let steps = std::mem::replace(&mut self.steps, super::STEPS);
        let result = run(self);
        self.steps = steps;
        result
    }

    /// Runs something in a state of its own; what it leaves on the heap is there for everybody.
    pub(super) fn aside<T>(&mut self, recording: bool, run: impl FnOnce(&mut Self) -> T) -> T {
        let state = self.state.replace(State::default());
        let frames = std::mem::take(&mut self.frames);
        let attempts = std::mem::take(&mut self.attempts);
        let outer_recording = std::mem::replace(&mut self.recording, recording);
        let result = run(self);
        if let Some(left) = self.state.take() {
            for (reference, object) in left.heap {
                self.base.insert(reference, object);
            }
        }
        self.recording = outer_recording;
        self.attempts = attempts;
        self.frames = frames;
        self.state = state;
        result
    }

    fn run_module(&mut self, file: FileId) -> Ref {
        let scope = self.allocate(Object::Scope(Scope::default()));
        let document = DocumentId(file.0);
        let project = self.project;
        let source = project.file(file);
        let whole = Span::new(0, source.text.len());
        self.push_module_frame(document, scope, whole);
        match source.language {
            Language::Python => {
                let block = project.python(file);
                self.set_variable(scope, "__name__".into(), Value::Unknown);
                self.run_block(block);
            }
            Language::Rust => {
                for (name, value) in crate::rust::module_names(project, file, self.platform) {
                    self.set_variable(scope, name, value);
                }
                if let Some(block) = project.rust(file, self.platform) {
                    self.run_items(block);
                }
            }
        }
        self.frames.pop();
        // A body that never ends (a script that exits, or one for another platform) still leaves
        // the names it bound before.
        if self.state.is_none() {
            self.base
                .insert(scope, Shared::new(Object::Scope(Scope::default())));
        }
        scope
    }

    /// Runs the body of a program inside a string.
    pub(super) fn run_program(&mut self, document: DocumentId, block: &Block) {
        let length = self.texts[document.0 as usize].text.len();
        let definitions = std::mem::take(&mut self.definitions);
        self.aside(true, |m| {
            let scope = m.allocate(Object::Scope(Scope::default()));
            m.push_module_frame(document, scope, Span::new(0, length));
            m.set_variable(scope, "__name__".into(), Value::text("__main__"));
            m.run_block(block);
            m.frames.pop();
        });
        let own = std::mem::replace(&mut self.definitions, definitions);
        self.functions.insert(document, own);
    }

    /// Whether the code at hand is a Python module body, outside classes and functions.
    pub(super) fn is_at_module_level(&self) -> bool {
        let scope = self.frames.last().expect("code runs in a frame").scope;
        self.language() == Language::Python
            && matches!(self.object(scope), Some(Object::Scope(scope)) if scope.parent.is_none())
    }

    fn push_module_frame(&mut self, document: DocumentId, scope: Ref, whole: Span) {
        self.frames.push(Frame {
            document,
            scope,
            definition: Location {
                document,
                span: whole,
            },
            closure: None,
            call: None,
            statement: Span::new(0, 0),
            returned: None,
            loops: Vec::new(),
            pending: Vec::new(),
        });
    }

    /// Runs Rust items, which may refer to each other in any order.
    fn run_items(&mut self, block: &Block) {
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

    // ---- names of modules ----

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
        if !self.forcing.insert((file, Arc::clone(&path))) {
            return self.submodule(file, first);
        }
        let found = self.module_name(file, first);
        let value = rest
            .iter()
            .fold(found, |value, name| self.attribute(&value, name));
        self.forcing.remove(&(file, path));
        value
    }

    // ---- imports ----

    /// Runs an import.
    pub(super) fn import(&mut self, import: &Import) {
        match self.language() {
            Language::Python => self.import_python(import),
            Language::Rust => self.import_rust(import),
        }
    }

    /// The module that a function imports by its full name.
    pub(crate) fn imported(&mut self, name: &str) -> Value {
        let path: Vec<Name> = name.split('.').map(Name::from).collect();
        let from = self.texts[self.document().0 as usize].file;
        if let Some(file) = self.project.python_module(from, 0, &path) {
            self.notice_import(file);
            if self.fails_to_import(from, 0, &path) {
                self.import_fails();
            }
            return Value::Module(file);
        }
        if self.platform == Platform::Windows && crate::python::module_missing(name) {
            self.import_fails();
            return Value::Missing(name.into());
        }
        Value::native(name)
    }

    fn import_python(&mut self, import: &Import) {
        let from = self.texts[self.document().0 as usize].file;
        let dotted = import.path.join(".");
        let file = self.project.python_module(from, import.level, &import.path);
        if let Some(file) = file {
            self.notice_import(file);
        }
        let mut fails = self.fails_to_import(from, import.level, &import.path);
        if let (Some(file), Imported::Item { name, .. }) = (file, &import.what) {
            let path = [import.path.as_slice(), std::slice::from_ref(name)].concat();
            let submodule = self.project.python_submodule(file, name);
            fails |= submodule.is_some() && self.fails_to_import(from, import.level, &path);
        }
        if fails {
            self.import_fails();
            if !self.alive() {
                return;
            }
        }
        let missing = file.is_none()
            && import.level == 0
            && self.platform == Platform::Windows
            && crate::python::module_missing(&dotted);
        if missing {
            self.import_fails();
            if !self.alive() {
                return;
            }
        } else if file.is_some() || !crate::python::is_standard(&dotted) {
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
                        if let Some(module) = self.project.python_submodule(file, name) {
                            self.notice_import(module);
                        }
                        Value::Lazy(file, Arc::new([name.clone()]))
                    }
                    None => {
                        let mut path = import.path.clone();
                        path.push(name.clone());
                        match self.project.python_module(from, import.level, &path) {
                            Some(file) => {
                                self.notice_import(file);
                                Value::Module(file)
                            }
                            None if import.level > 0 => Value::Unknown,
                            None if missing => Value::Missing(format!("{dotted}.{name}").into()),
                            None => {
                                let assumptions = &self.project.assumptions;
                                crate::python::member(&dotted, name, self.platform, assumptions)
                            }
                        }
                    }
                };
                if let (Value::Missing(_), false) = (&value, missing) {
                    self.import_fails();
                    if !self.alive() {
                        return;
                    }
                }
                self.bind_name(bind, value);
            }
            Imported::All => {
                let value = match file {
                    Some(file) => Value::Module(file),
                    None if import.level > 0 => Value::Unknown,
                    None => Value::native(&dotted),
                };
                self.add_wildcard(value);
            }
        }
    }

    fn import_rust(&mut self, import: &Import) {
        let Some((first, rest)) = import.path.split_first() else {
            if let Imported::Item { name, bind } = &import.what {
                let value = self.rust_root(name);
                self.bind_name(bind, value);
            }
            return;
        };
        let mut value = self.rust_root(first);
        for segment in rest {
            value = self.below(&value, segment);
        }
        match &import.what {
            Imported::Item { name, bind } => {
                let value = self.below(&value, name);
                self.bind_name(bind, value);
            }
            Imported::Module { .. } => {}
            Imported::All => {
                let value = self.force(value);
                self.add_wildcard(value);
            }
        }
    }

    /// What the first segment of a Rust path means.
    fn rust_root(&mut self, name: &Name) -> Value {
        let scope = self.frame().scope;
        if let Some(value) = self.variable(scope, name) {
            return value;
        }
        let modules = self.project.rust_modules(self.platform);
        let library = self.project.rust_library(name);
        match library.or_else(|| modules.crate_root(name)) {
            Some(file) => Value::Module(file),
            None => Value::native(&**name),
        }
    }

    /// A path one segment longer, without evaluating a module of the project yet.
    fn below(&mut self, value: &Value, name: &Name) -> Value {
        match value {
            Value::Module(file) => Value::Lazy(*file, Arc::new([name.clone()])),
            Value::Lazy(file, path) => {
                let path: Arc<[Name]> = path.iter().cloned().chain([name.clone()]).collect();
                Value::Lazy(*file, path)
            }
            value => self.attribute(value, name),
        }
    }

    /// A Rust module declaration.
    pub(super) fn define_module(&mut self, name: &Name, body: &ModuleBody) {
        match body {
            ModuleBody::File(_) => {
                let file = self.texts[self.document().0 as usize].file;
                let inline = self.inline_modules.clone();
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
                self.inline_modules.push(name.clone());
                self.run_items(block);
                self.inline_modules.pop();
                self.frame().scope = outer;
            }
        }
    }

    // ---- entries ----

    /// Runs a file: its module body, then every function that it defines and that can tell
    /// something, as if called from outside.
    pub fn run_file(&mut self, file: FileId) {
        self.home = Some(file);
        let mut body = self.added(None);
        self.load(file, true);
        body.close(self);
        let mut runs = vec![body];
        if !self.skipped(file) {
            self.enter_definitions(DocumentId(file.0), &mut runs);
        }
        self.settle(file, runs);
    }

    /// Enters the functions that a text defines at module or class level and that can tell
    /// something.
    pub(super) fn enter_definitions(&mut self, document: DocumentId, runs: &mut Vec<Added>) {
        let functions = self.functions.get(&document).cloned().unwrap_or_default();
        let aliases = match functions.first() {
            Some(closure) => self.trigger_aliases(closure.scope),
            None => Vec::new(),
        };
        for closure in functions {
            let text = self.source(document, closure.function.span);
            let mentions = |name: &Name| crate::project::places_of(text, name).next().is_some();
            if self.relevant_start(text) || aliases.iter().any(mentions) {
                let mut run = self.added(Some(Arc::clone(&closure)));
                self.enter(&closure);
                run.close(self);
                runs.push(run);
            }
        }
    }

    /// Names in a scope and those around it that stand for something with a trigger word, and do
    /// not hold one: `sp` after `import subprocess as sp`, `run` after `from subprocess import run`,
    /// `tool` after `tool = plumbum.local["tool"]`.
    fn trigger_aliases(&self, scope: Ref) -> Vec<Name> {
        let mut aliases = Vec::new();
        let path = |value| match self.instance(value) {
            Some(instance) => instance.class.as_native(),
            None => value.as_native(),
        };
        let mut next = Some(scope);
        while let Some(Object::Scope(scope)) = next.and_then(|scope| self.object(scope)) {
            let named = scope.variables.iter().filter(|(name, value)| {
                !self.relevant_start(name)
                    && value
                        .alternatives()
                        .iter()
                        .filter_map(path)
                        .any(|path| self.relevant_start(path))
            });
            aliases.extend(named.map(|(name, _)| name.clone()));
            next = scope.parent;
        }
        aliases
    }

    /// Whether a test module marks all its tests as not for this platform.
    fn skipped(&mut self, file: FileId) -> bool {
        let mark = self.module_name(file, &"pytestmark".into());
        mark == Value::Skip
            || self
                .sequence_of(&mark)
                .is_some_and(|marks| marks.items.contains(&Some(Value::Skip)))
    }

    /// Runs a function as if called from outside: with every argument unknown, and, if it has
    /// defaults, in its shortest call.
    pub(super) fn enter(&mut self, closure: &Arc<Closure>) {
        let has_defaults = |m: &Self| {
            m.code(closure)
                .params
                .iter()
                .any(|param| param.default.is_some())
        };
        let ways: &[bool] = if has_defaults(self) {
            &[true, false]
        } else {
            &[false]
        };
        for &with_defaults in ways {
            self.steps = super::STEPS;
            self.with_defaults = with_defaults;
            self.called.clear();
            self.read.clear();
            if self.hosts.is_empty() {
                self.programs.clear();
            }
            self.aside(true, |m| {
                m.run_closure(closure, None, None);
                // Nothing of this run is seen by another.
                m.state = None;
            });
        }
    }
}
