//! Loading: a module body is run once, when a name of the module is first used.
//!
//! Modules that import each other in a circle are evaluated within one another, and the innermost
//! find the outer ones unfinished. What they come to then depends on where the circle was entered, so
//! it is kept only until the outer module is finished: everybody else sees each module of a circle as
//! it is when the circle is entered there, whoever asks first.

use std::collections::HashMap;
use std::sync::Arc;

use super::mentions::beginning;
use super::run::Run;
use super::session::Module;
use super::{Frame, Heap, Machine, Object, Scope, Shared};
use crate::code::Block;
use crate::dependencies;
use crate::source::{FileId, Span};
use crate::value::{DocumentId, Location, Ref, Value};

/// How many modules may be evaluated within each other. Whoever would be the next is evaluated
/// first, and the others then begin again.
const MOST_NESTED: usize = 48;

/// Modules that are being evaluated.
#[derive(Debug, Default)]
pub(super) struct Loading {
    /// Those whose bodies are being run, outermost first.
    open: Vec<Open>,
    /// Those that rest on an open one, with how far out that one is.
    provisional: HashMap<FileId, (usize, Arc<Module>)>,
    /// A module too deeply nested to be evaluated in this attempt.
    postponed: Option<FileId>,
    /// Modules that were postponed and lead back to the outermost one: of these nothing is known.
    given_up: Vec<FileId>,
    /// Classes whose constructors are being run.
    pub constructing: Vec<Ref>,
    /// Whether nobody else evaluates what is kept.
    has_turn: bool,
}

/// A module whose body is being run.
#[derive(Debug)]
struct Open {
    file: FileId,
    /// The outermost open module that it rests on.
    rests_on: usize,
    /// Modules evaluated within it that rest on an open one.
    circle: Vec<FileId>,
}

impl Loading {
    /// Whether some module's body is being run.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    fn depth_of(&self, file: FileId) -> Option<usize> {
        self.open.iter().position(|open| open.file == file)
    }

    /// What is being evaluated innermost rests on an open module.
    fn rest_on(&mut self, depth: usize) {
        if let Some(open) = self.open.last_mut() {
            open.rests_on = open.rests_on.min(depth);
        }
    }
}

impl Machine<'_> {
    /// The scope of a module, evaluated now if it is not yet; `None` within its own evaluation.
    pub(crate) fn module_scope(&mut self, file: FileId) -> Option<Ref> {
        self.module(file)?.scope
    }

    /// A module, evaluated now if it is not yet; `None` within its own evaluation.
    pub(super) fn module(&mut self, file: FileId) -> Option<Arc<Module>> {
        let module = self.find_module(file);
        if let Some(module) = &module {
            dependencies::note(&module.rests_on);
        }
        module
    }

    fn find_module(&mut self, file: FileId) -> Option<Arc<Module>> {
        if let Some(module) = self.world.module(file) {
            let is_open = |file: &FileId| self.loading.depth_of(*file).is_some();
            if self.loading.open.is_empty() || !module.circle.iter().any(is_open) {
                return Some(Arc::clone(module));
            }
        }
        if let Some(depth) = self.loading.depth_of(file) {
            self.loading.rest_on(depth);
            return None;
        }
        if let Some((depth, module)) = self.loading.provisional.get(&file) {
            let (depth, module) = (*depth, Arc::clone(module));
            self.loading.rest_on(depth);
            return Some(module);
        }
        if self.loading.open.is_empty() {
            let levels = std::mem::take(&mut self.levels);
            let module = self.in_turn(|m| m.load_outermost(file));
            self.levels = levels;
            return Some(module);
        }
        let nests_too_deep =
            self.loading.open.len() >= MOST_NESTED || self.levels > super::LEVELS / 2;
        if nests_too_deep || self.loading.postponed.is_some() {
            if !self.loading.given_up.contains(&file) {
                self.loading.postponed.get_or_insert(file);
            }
            return None;
        }
        Some(self.load(file))
    }

    /// Evaluates what is kept for everybody, while nobody else does.
    pub(super) fn in_turn<T>(&mut self, evaluate: impl FnOnce(&mut Self) -> T) -> T {
        if self.loading.has_turn {
            return evaluate(self);
        }
        let world = self.world;
        let _turn = world.take_turn();
        self.loading.has_turn = true;
        let result = evaluate(self);
        self.loading.has_turn = false;
        result
    }

    fn load_outermost(&mut self, file: FileId) -> Arc<Module> {
        let world = self.world;
        let mut waiting = vec![file];
        while let Some(&next) = waiting.last() {
            if world.module(next).is_some() {
                waiting.pop();
                continue;
            }
            self.loading.postponed = None;
            self.load(next);
            match self.loading.postponed.take() {
                None => {
                    waiting.pop();
                }
                Some(inner) if waiting.contains(&inner) => self.loading.given_up.push(inner),
                Some(inner) => waiting.push(inner),
            }
        }
        self.loading.given_up.clear();
        Arc::clone(world.module(file).expect("it was evaluated above"))
    }

    /// Evaluates the body of a module.
    fn load(&mut self, file: FileId) -> Arc<Module> {
        let depth = self.loading.open.len();
        self.loading.open.push(Open {
            file,
            rests_on: usize::MAX,
            circle: Vec::new(),
        });
        let (mut module, rests_on) =
            dependencies::noted(|| self.evaluated_aside(beginning(file), |m| m.run_module(file)));
        module.rests_on = rests_on;
        let open = self.loading.open.pop().expect("pushed above");
        if self.loading.postponed.is_some() {
            // It will begin again.
            return Arc::new(module);
        }
        self.loading.provisional.retain(|_, (on, _)| *on < depth);
        module.circle = open.circle;
        let rests_on_outer = open.rests_on < depth;
        if let Some(outer) = self.loading.open.last_mut().filter(|_| rests_on_outer) {
            outer.rests_on = outer.rests_on.min(open.rests_on);
            outer.circle.push(file);
            for inner in &module.circle {
                if !outer.circle.contains(inner) {
                    outer.circle.push(*inner);
                }
            }
        }
        let module = Arc::new(module);
        if rests_on_outer {
            let provisional = (open.rests_on, Arc::clone(&module));
            self.loading.provisional.insert(file, provisional);
        } else {
            self.world.keep_module(file, Arc::clone(&module));
        }
        module
    }

    /// Runs a body, which stands at a location, in a run of its own, whose objects are kept.
    pub(super) fn evaluated_aside(
        &mut self,
        location: Location,
        body: impl FnOnce(&mut Self) -> Ref,
    ) -> Module {
        let unit = self.world.new_unit();
        let (scope, mut run) = self.within(Run::kept(unit), body);
        let is_given_up = run.steps == 0;
        if is_given_up {
            run.give_up(location);
        }
        let mut module = Module::of(scope, &mut run);
        let heap = match run.state {
            // Any name may still be bound to something else.
            _ if is_given_up => {
                let anything = Scope {
                    wildcards: vec![Value::UNKNOWN],
                    ..Scope::default()
                };
                Heap::unit(scope, Shared::new(Object::Scope(anything)))
            }
            Some(state) => state.heap,
            // A body that never ends (a script that exits, or one for another platform) leaves
            // nothing.
            None => Heap::unit(scope, Shared::new(Object::Scope(Scope::default()))),
        };
        module.changes = self.world.freeze(unit, heap);
        module
    }

    /// Runs something in a run of its own.
    pub(super) fn within<T>(&mut self, run: Run, body: impl FnOnce(&mut Self) -> T) -> (T, Run) {
        let outer = std::mem::replace(&mut self.run, run);
        let result = body(self);
        (result, std::mem::replace(&mut self.run, outer))
    }

    /// Runs the body of a module; the answer is its scope.
    pub(super) fn run_module(&mut self, file: FileId) -> Ref {
        let scope = self.allocate(Object::Scope(Scope::default()));
        let document = DocumentId(file.0);
        let project = self.project;
        let whole = Span::new(0, project.text(file).len());
        self.run.allow_for(whole);
        self.push_module_frame(document, scope, whole);
        self.dialect().run_module(self, file);
        self.end_frame();
        self.run.frames.pop();
        scope
    }

    /// Runs the body of a program inside a string; the answer is its scope.
    pub(super) fn run_program(&mut self, document: DocumentId, block: &Block) -> Ref {
        let length = self.text(document).text.len();
        self.notice_run(Location {
            document,
            span: Span::new(0, length),
        });
        let scope = self.allocate(Object::Scope(Scope::default()));
        self.push_module_frame(document, scope, Span::new(0, length));
        self.set_variable(scope, "__name__".into(), Value::text("__main__"));
        self.run_block(block);
        self.end_frame();
        self.run.frames.pop();
        scope
    }

    fn push_module_frame(&mut self, document: DocumentId, scope: Ref, whole: Span) {
        self.run.frames.push(Frame {
            document,
            scope,
            definition: Location {
                document,
                span: whole,
            },
            closure: None,
            call: None,
            texts: Vec::new(),
            statement: Span::new(0, 0),
            attribute: Span::new(0, 0),
            asked: Vec::new(),
            follows: false,
            holding: Vec::new(),
            entered: Vec::new(),
            bound: HashMap::new(),
            returned: None,
            loops: Vec::new(),
            uncalled: Vec::new(),
        });
    }
}
