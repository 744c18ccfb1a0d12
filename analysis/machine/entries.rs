//! Entries: where evaluation of a file begins, with its module body and the functions that others may
//! call.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::callers::Added;
use super::run::Run;
use super::{Machine, Object};
use crate::code::Name;
use crate::source::{FileId, Span};
use crate::value::{Closure, Location, Ref, Value};

impl Machine<'_> {
    /// Runs a file: its module body, then every function that it defines and that can tell
    /// something, as if called from outside.
    pub fn run_file(&mut self, file: FileId) {
        self.home = Some(file);
        let mut body = self.added(None);
        let Some(module) = self.module(file) else {
            return;
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
        self.settle(file, runs);
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
        let aliases = match functions.first() {
            Some(closure) => self.aliases(closure.scope),
            None => Vec::new(),
        };
        // Who asks about a place in a function wants to know of no other.
        let is_watched = |closure: &Arc<Closure>| self.is_watched_within(closure);
        let watched: Vec<bool> = functions.iter().map(is_watched).collect();
        let only_watched = watched.contains(&true);
        for (closure, is_watched) in functions.iter().zip(watched) {
            if is_watched || !only_watched && self.may_hold_a_fact(closure, &aliases) {
                let mut run = self.added(Some(Arc::clone(closure)));
                self.enter(closure);
                run.close(self);
                runs.push(run);
            }
        }
    }

    /// Whether a function itself may do something that is asked for.
    fn may_hold_a_fact(&self, closure: &Closure, aliases: &[Name]) -> bool {
        let demand = self.session.demand;
        let text = self.text(closure.document);
        let span = closure.function.span;
        let prose = self.prose(closure.document);
        let names = |name: &Name| {
            let mut places = crate::project::places_of(&text.text[span.range()], name);
            places.next().is_some()
        };
        demand.matches_code(&text.text, span, prose, text.language) || aliases.iter().any(names)
    }

    /// Names in a scope and those around it that stand for something that is asked for, and do not
    /// say so: `sp` after `import subprocess as sp`, `run` after `from subprocess import run`,
    /// `tool` after `tool = plumbum.local["tool"]`.
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
                    && value
                        .alternatives()
                        .iter()
                        .filter_map(path)
                        .any(|path| demand.asks_about(path))
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
        self.enter_for(closure, &mut Wish::default());
    }

    /// Runs the body of a module once more, for what it does.
    pub(super) fn run_body(&mut self, file: FileId) {
        self.run_body_for(file, &mut Wish::default());
    }

    /// The same as [`Machine::enter`], for somebody who wants to know more of it.
    pub(super) fn enter_for(&mut self, closure: &Arc<Closure>, wish: &mut Wish) {
        let has_defaults = {
            let params = &self.code(closure).params;
            params.iter().any(|param| param.default.is_some())
        };
        let ways: &[bool] = if has_defaults {
            &[true, false]
        } else {
            &[false]
        };
        let home = FileId(closure.document.0);
        for &with_defaults in ways {
            let mut run = self.entry(home, wish);
            run.with_defaults = with_defaults;
            run.allow_for(closure.function.span);
            let (_, run) = self.within(run, |m| m.run_closure(closure, None, None));
            self.end_entry(run, closure.location(), wish);
        }
    }

    /// The same as [`Machine::run_body`], for somebody who wants to know more of it.
    pub(super) fn run_body_for(&mut self, file: FileId, wish: &mut Wish) {
        let run = self.entry(file, wish);
        let (_, run) = self.within(run, |m| m.run_module(file));
        self.end_entry(run, super::mentions::beginning(file), wish);
    }

    /// A run that begins where the module of a file has ended.
    fn entry(&mut self, home: FileId, wish: &mut Wish) -> Run {
        let is_file = (home.0 as usize) < self.project.files.len();
        let module = if is_file { self.module(home) } else { None };
        let mut run = match module {
            Some(module) => Run::upon(&module.changes),
            None => Run::default(),
        };
        run.trace = wish.trace.take();
        run.wanted = wish.wanted;
        // A function of a program belongs to the run that runs the program.
        if !self.run.hosts.is_empty() {
            run.hosts.clone_from(&self.run.hosts);
            run.programs.clone_from(&self.run.programs);
        }
        run
    }

    fn end_entry(&mut self, mut run: Run, entry: Location, wish: &mut Wish) {
        wish.trace = run.trace.take();
        if run.steps == 0 {
            wish.exhausted = true;
            run.give_up(entry);
        }
        if !wish.drops_record {
            self.run.absorb(run);
        }
    }
}

/// What somebody wants to know of a run besides what it does.
#[derive(Debug, Default)]
pub(super) struct Wish {
    /// What it reaches by name, added here.
    pub trace: Option<super::traces::Trace>,
    /// The function that is run wherever it is called.
    pub wanted: Option<Location>,
    /// Whether what it meets is of no interest.
    pub drops_record: bool,
    /// Whether the run was given up.
    pub exhausted: bool,
}
