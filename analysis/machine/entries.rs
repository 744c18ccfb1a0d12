//! Entries: where evaluation of a file begins, with its module body and the functions that others may
//! call.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::callers::Added;
use super::mentions::{Mention, is_test};
use super::run::Run;
use super::traces::Trace;
use super::{Machine, Object, Record};
use crate::Comment;
use crate::code::Name;
use crate::demand::Given;
use crate::platform::Platform;
use crate::source::{FileId, Span};
use crate::value::{Closure, Location, Piece, Ref, Value};

/// How deep tables lie in tables that hold the commands of a program.
const TABLE_DEPTH: usize = 2;

/// What tells trial, in a module or a class, why its tests are skipped.
const SKIP: &str = "skip";

impl Machine<'_> {
    /// Runs a file: its module body, then every function that it defines and that can tell
    /// something, as if called from outside. The answer are the functions.
    pub fn run_file(&mut self, file: FileId) -> Vec<Arc<Closure>> {
        self.home = Some(file);
        let mut body = self.added(None);
        let Some(module) = self.module(file) else {
            return Vec::new();
        };
        let is_within = |closure: &Arc<Closure>| self.is_watched_below_head(closure);
        if self.watch.is_some() && !module.functions.iter().any(is_within) {
            // Nobody watched when it was run for everybody.
            self.run_body(file);
        } else {
            self.run.record.append(module.record.clone());
            self.run.given_up.clone_from(&module.given_up);
            self.run.comments.clone_from(&module.comments);
        }
        body.close(self);
        let mut runs = vec![body];
        if !self.skipped(file) {
            self.enter_definitions(&module.functions, &mut runs);
        }
        let entered = runs.iter().filter_map(|run| run.entry.clone()).collect();
        self.settle(file, runs);
        // A watch is about what runs.
        if self.platform == Platform::Windows && self.watch.is_none() {
            self.compile_definitions(&module.functions);
        }
        entered
    }

    /// Looks for what does not compile in functions that a compiler sees: also in the branches that the
    /// platform does not take, and in functions that nobody calls there.
    fn compile_definitions(&mut self, functions: &[Arc<Closure>]) {
        for closure in functions {
            let dialect = self.dialect_of(closure.document);
            if !dialect.may_not_compile(self.source(closure.document, closure.function.span)) {
                continue;
            }
            let mut entered = Entered::default();
            let mut run = self.entry(FileId(closure.document.0), None, &mut entered);
            run.undecided = true;
            run.allow_for(closure.function.span);
            let (_, run) = self.within(run, |m| m.run_closure(closure, None, None));
            self.run.record.add_probes(run.record);
        }
    }

    /// What of a file was given up because it takes too many steps, in order.
    pub(crate) fn given_up(&self, file: FileId) -> Vec<Span> {
        let places = self.run.given_up.iter().map(|what| self.place(*what));
        let own = places.filter(|place| place.file == file);
        let spans: BTreeSet<Span> = own.map(|place| place.span).collect();
        spans.into_iter().collect()
    }

    /// Enters those of the functions that a text defines at module or class level that can tell
    /// something.
    pub(super) fn enter_definitions(&mut self, functions: &[Arc<Closure>], runs: &mut Vec<Added>) {
        let demand = self.session.demand;
        // Who asks about a place in a function wants to know of no other.
        let is_watched = |closure: &Arc<Closure>| self.is_watched_within(closure);
        let watched: Vec<bool> = functions.iter().map(is_watched).collect();
        let only_watched = watched.contains(&true);
        let (aliases, given) = match functions.first() {
            Some(closure) if !only_watched => {
                let text = &self.text(closure.document).text;
                (self.aliases(closure.scope), demand.given_in(text))
            }
            _ => (Vec::new(), Vec::new()),
        };
        for (closure, is_watched) in functions.iter().zip(watched) {
            let is_entered =
                is_watched || !only_watched && self.may_hold_a_fact(closure, &aliases, &given);
            if is_entered && !self.is_of_skipped_tests(closure) {
                let mut run = self.added(Some(Arc::clone(closure)));
                self.enter(closure);
                run.close(self);
                runs.push(run);
            }
        }
    }

    /// Whether a function itself may do something that is asked for.
    fn may_hold_a_fact(&self, closure: &Closure, aliases: &[Name], given: &[Given]) -> bool {
        let demand = self.session.demand;
        let text = self.text(closure.document);
        let span = closure.function.span;
        let code = &text.text[span.range()];
        let prose = self.prose(closure.document);
        let names = |name: &Name| {
            let mut places = crate::project::places_of(code, name);
            places.next().is_some()
        };
        let gives = |given: &Given| given.may_be_given(code, self.written_around(closure));
        demand.matches_code(&text.text, span, prose, text.language)
            || given.iter().any(gives)
            || aliases.iter().any(names)
    }

    /// The part of a text in which stands what a function may find without being given it: its class, if
    /// it stands in it, may have written an attribute.
    fn written_around(&self, closure: &Closure) -> Span {
        let span = closure.function.span;
        let class = closure.class.and_then(|class| match self.object(class) {
            Some(Object::Class(class)) if class.document == closure.document => {
                Some(class.class.span)
            }
            _ => None,
        });
        class.filter(|class| class.contains(span)).unwrap_or(span)
    }

    /// Names in a scope and those around it that stand for something that is asked for, and do not
    /// say so: `sp` after `import subprocess as sp`, `run` after `from subprocess import run`,
    /// `tool` after `tool = plumbum.local["tool"]`, `TOOLS` after `TOOLS = ["npm", "npx"]`.
    fn aliases(&self, scope: Ref) -> Vec<Name> {
        let demand = self.session.demand;
        let mut aliases = Vec::new();
        let path = |value| match self.instance(value) {
            Some(instance) => instance.class.as_native(),
            None => value.as_native(),
        };
        let mut next = Some(scope);
        while let Some(Object::Scope(scope)) = next.and_then(|scope| self.object(scope)) {
            let named = scope.variables.iter().filter(|(name, value)| {
                !demand.asks_about(name)
                    && (value
                        .alternatives()
                        .iter()
                        .filter_map(path)
                        .any(|path| demand.asks_about(path))
                        || self.holds_asked_text(value, TABLE_DEPTH))
            });
            aliases.extend(named.map(|(name, _)| name.clone()));
            next = scope.parent;
        }
        aliases
    }

    /// Whether a value is a string that is asked for, or a table of such ones.
    fn holds_asked_text(&self, value: &Value, depth: usize) -> bool {
        value.alternatives().iter().any(|value| match value {
            Value::Text(text) => match text.pieces.first() {
                Some(Piece::Known { text, .. }) => self.session.demand.asks_for_literal(text),
                _ => false,
            },
            Value::Object(_) if depth > 0 => {
                let contents = self.contents(value);
                contents
                    .iter()
                    .any(|item| self.holds_asked_text(item, depth - 1))
            }
            _ => false,
        })
    }

    /// Whether a test module marks all its tests as not for this platform, for pytest or for trial.
    fn skipped(&mut self, file: FileId) -> bool {
        let mark = self.module_name(file, &"pytestmark".into());
        mark == Value::Skip
            || self
                .sequence_of(&mark)
                .is_some_and(|marks| marks.items.contains(&Some(Value::Skip)))
            || self.is_of_tests(file) && is_reason(&self.module_name(file, &SKIP.into()))
    }

    /// Whether a function is a method of tests that are marked so for trial.
    fn is_of_skipped_tests(&mut self, closure: &Closure) -> bool {
        let Some(class) = closure.class else {
            return false;
        };
        self.is_of_tests(FileId(closure.document.0))
            && self
                .member(&Value::Object(class), &SKIP.into())
                .is_some_and(|reason| is_reason(&reason))
    }

    /// Whether a file, and not a program in a string, holds tests.
    fn is_of_tests(&self, file: FileId) -> bool {
        let source = self.project.files.get(file.0 as usize);
        source.is_some_and(|source| is_test(&source.path))
    }

    /// Runs a function as if called from outside: with every argument unknown, and, if it has
    /// defaults, in its shortest call.
    pub(super) fn enter(&mut self, closure: &Arc<Closure>) {
        let entered = self.entered(&Mention::Function(Arc::clone(closure)), None);
        self.run.absorb(&entered);
    }

    /// Runs the body of a module once more, for what it does.
    pub(super) fn run_body(&mut self, file: FileId) {
        let entered = self.entered(&Mention::Body(file), None);
        self.run.absorb(&entered);
    }

    /// What evaluating a piece of code by itself comes to. Whoever asks is told of the same run,
    /// unless it runs a function for its callers that would not be run otherwise.
    pub(super) fn entered(
        &mut self,
        entry: &Mention,
        for_callers_of: Option<&Arc<Closure>>,
    ) -> Arc<Entered> {
        let wanted = for_callers_of.filter(|closure| !self.worth_running(closure));
        let wanted = wanted.map(|closure| closure.location());
        // A function of a program belongs to who runs the program.
        if !self.run.hosts.is_empty() || self.watches_entry(entry) {
            return Arc::new(self.evaluate(entry, wanted));
        }
        let key = (entry.location(), wanted);
        let world = self.world;
        let watch = self.watch.take();
        let entered = world.entered.answer(key, || self.evaluate(entry, wanted));
        self.watch = watch;
        match self.watches_any(entered.trace.ran()) {
            true => Arc::new(self.evaluate(entry, wanted)),
            false => entered,
        }
    }

    fn evaluate(&mut self, entry: &Mention, wanted: Option<Location>) -> Entered {
        let mut entered = Entered::default();
        match entry {
            Mention::Body(file) => {
                let run = self.entry(*file, wanted, &mut entered);
                let (_, run) = self.within(run, |m| m.run_module(*file));
                entered.take(run, entry.location());
            }
            Mention::Function(closure) => {
                let params = &self.code(closure).params;
                let has_defaults = params.iter().any(|param| param.default.is_some());
                let ways: &[bool] = match has_defaults {
                    true => &[true, false],
                    false => &[false],
                };
                for &with_defaults in ways {
                    let home = FileId(closure.document.0);
                    let mut run = self.entry(home, wanted, &mut entered);
                    run.with_defaults = with_defaults;
                    run.allow_for(closure.function.span);
                    let (_, run) = self.within(run, |m| m.run_closure(closure, None, None));
                    entered.take(run, entry.location());
                }
            }
        }
        entered
    }

    /// A run that begins where the module of a file has ended.
    fn entry(&mut self, home: FileId, wanted: Option<Location>, entered: &mut Entered) -> Run {
        let is_file = (home.0 as usize) < self.project.files.len();
        let module = if is_file { self.module(home) } else { None };
        let mut run = match module {
            Some(module) => Run::upon(&module.changes),
            None => Run::default(),
        };
        run.trace = Some(std::mem::take(&mut entered.trace));
        run.wanted = wanted;
        if !self.run.hosts.is_empty() {
            run.hosts.clone_from(&self.run.hosts);
            run.programs.clone_from(&self.run.programs);
        }
        run
    }
}

/// Whether a value says why tests are skipped: trial takes any text for it.
fn is_reason(value: &Value) -> bool {
    let mut alternatives = value.alternatives().iter();
    alternatives.all(|value| matches!(value, Value::Text(_)))
}

/// What evaluating a piece of code by itself came to.
#[derive(Debug, Default)]
pub(super) struct Entered {
    /// What it does.
    pub record: Record,
    /// What it comes to by name.
    pub trace: Trace,
    /// What of it was given up because it takes too many steps.
    pub given_up: Vec<Location>,
    /// Comments inside programs that it runs, at their places in a file.
    pub comments: Vec<(FileId, Comment)>,
}

impl Entered {
    /// Takes in what a run came to that began with the code at `entry`.
    fn take(&mut self, mut run: Run, entry: Location) {
        self.trace = run.trace.take().unwrap_or_default();
        if run.steps == 0 {
            self.trace.exhausted = true;
            run.give_up(entry);
        }
        self.record.append(run.record);
        self.given_up.extend(run.given_up);
        self.comments.extend(run.comments);
    }
}
