//! Functions within functions that nobody is seen to call: a handler that a decorator registers, a
//! callback in a table, what a factory gives back. They run where everything else has ended.

use std::sync::Arc;

use super::{Machine, State};
use crate::code::Name;
use crate::source::Span;
use crate::value::{Closure, Value};

/// A function that somebody may call who is not seen.
#[derive(Clone, Debug)]
pub(super) struct Uncalled {
    pub closure: Arc<Closure>,
    /// What it is called, if it has a name.
    name: Option<Name>,
    /// The code that gives it the name.
    definition: Span,
}

impl Uncalled {
    pub(super) fn of(closure: &Arc<Closure>) -> Uncalled {
        Uncalled {
            closure: Arc::clone(closure),
            name: closure.function.name.clone(),
            definition: closure.function.span,
        }
    }
}

impl Machine<'_> {
    /// A nameless function is given a name: whoever knows that may call it.
    pub(super) fn note_named(&mut self, value: &Value, name: &Name) {
        if let Value::Function(closure) = value
            && closure.function.name.is_none()
        {
            let uncalled = Uncalled {
                name: Some(name.clone()),
                definition: self.frame().statement,
                ..Uncalled::of(closure)
            };
            self.frame().uncalled.push(uncalled);
        }
    }

    /// A name is read that may still stand for a function defined beside it.
    pub(super) fn note_unknown_callee(&mut self, name: &Name) {
        let frame = self.run.frames.last().expect("code runs in a frame");
        let named = frame
            .uncalled
            .iter()
            .filter(|it| it.name.as_ref() == Some(name));
        let places = named.map(|it| (it.closure.document, it.closure.function.span));
        self.run.read.extend(places);
    }

    /// A call or a module body has ended: whoever called may still call what was defined there. Where
    /// nobody can any more, it is entered as if called from outside.
    pub(super) fn end_frame(&mut self) {
        let uncalled = self.take_uncalled();
        if uncalled.is_empty() {
            return;
        }
        if let Some(below) = self.run.frames.len().checked_sub(2) {
            for uncalled in uncalled {
                if self.worth_running(&uncalled.closure) {
                    self.run.frames[below].uncalled.push(uncalled);
                }
            }
            return;
        }
        let ended = self.run.state.take();
        let returned = self.frame().returned.as_ref();
        let Some(state) = returned.map(|(_, state)| state.clone()).or(ended.clone()) else {
            return;
        };
        let had_ended = std::mem::replace(&mut self.run.has_ended, true);
        // What one of them defines is known in the state in which it has ended.
        let mut waiting = vec![(state, uncalled)];
        while let Some((state, mut uncalled)) = waiting.pop() {
            uncalled.retain(|it| {
                let place = (it.closure.document, it.closure.function.span);
                self.run.called.insert(place)
            });
            let decided = self.run.decided;
            let before = Some(state);
            self.run.state = before.clone();
            let ran = self.run_in_turn(uncalled, &mut waiting);
            // Each may be called again, and after the others.
            self.run_further(&before, decided, |m| m.run_each(&ran, &mut waiting));
        }
        self.run.has_ended = had_ended;
        self.run.state = ended;
    }

    /// Enters functions: first those that none of the others mentions, then what those that ran have
    /// read. One that only code mentions which did not run is left out. The answer are those that ran.
    fn run_in_turn(
        &mut self,
        all: Vec<Uncalled>,
        waiting: &mut Vec<(State, Vec<Uncalled>)>,
    ) -> Vec<Uncalled> {
        let is_mentioned = |it: &Uncalled| all.iter().any(|other| self.names_beside(other, it));
        let (mentioned, mut now): (Vec<_>, Vec<_>) = all.iter().cloned().partition(is_mentioned);
        let mut rest = mentioned;
        if now.is_empty() {
            // Each mentions another: it may be any of them that is called.
            now = std::mem::take(&mut rest);
        }
        let mut ran = Vec::new();
        while !now.is_empty() {
            self.run_each(&now, waiting);
            ran.append(&mut now);
            (now, rest) = rest.into_iter().partition(|it| {
                let place = (it.closure.document, it.closure.function.span);
                self.run.read.contains(&place)
            });
        }
        ran
    }

    /// Whether the code of a function mentions another one beside it by its name, to which no decorator
    /// has given it away.
    fn names_beside(&self, function: &Uncalled, other: &Uncalled) -> bool {
        let Some(name) = &other.name else {
            return false;
        };
        let (closure, named) = (&function.closure, &other.closure);
        closure.document == named.document
            && closure.function.span != named.function.span
            && named.class.is_none()
            && named.function.decorators.is_empty()
            && crate::project::places_of(self.source(closure.document, closure.function.span), name)
                .next()
                .is_some()
    }

    /// Enters functions, each in the state at hand; the answer is that any of them may have run.
    fn run_each(&mut self, all: &[Uncalled], waiting: &mut Vec<(State, Vec<Uncalled>)>) {
        let Some(before) = self.run.state.take() else {
            return;
        };
        let mut ended = Some(before.clone());
        for uncalled in all {
            self.run.state = Some(before.clone());
            self.run_closure(&uncalled.closure, None, None);
            let inner = self.take_uncalled();
            let state = self.run.state.take();
            waiting.extend(state.clone().map(|state| (state, inner)));
            ended = self.merge(ended, state);
        }
        self.run.state = ended;
    }

    /// Takes the functions from the frame at hand that may still be called.
    fn take_uncalled(&mut self) -> Vec<Uncalled> {
        let all = std::mem::take(&mut self.frame().uncalled);
        let may_be_called = |it: &&Uncalled| {
            let place = (it.closure.document, it.closure.function.span);
            !self.run.called.contains(&place) && !self.is_left_out(it, &all)
        };
        all.iter().filter(may_be_called).cloned().collect()
    }

    /// Whether a function is mentioned beside its definition, and only by code that did not run.
    fn is_left_out(&self, uncalled: &Uncalled, all: &[Uncalled]) -> bool {
        let closure = &uncalled.closure;
        let (document, span) = (closure.document, closure.function.span);
        let Some(name) = &uncalled.name else {
            return false;
        };
        if closure.class.is_some() || self.run.read.contains(&(document, span)) {
            return false;
        }
        let around = self
            .run
            .frames
            .last()
            .expect("code runs in a frame")
            .definition;
        if around.document != document || !around.span.contains(span) {
            // Its own frame has ended, and did not leave it out.
            return false;
        }
        let text = self.source(around.document, around.span);
        crate::project::places_of(text, name).any(|at| {
            let at = around.span.start + at as u32;
            let within = |span: Span| span.start <= at && at < span.end;
            !all.iter().any(|other| within(other.definition))
        })
    }
}
