//! Rust constants: each is evaluated when it is first used, wherever it is written.

use std::sync::Arc;

use super::Machine;
use crate::code::Constant;
use crate::doubt::Why;
use crate::source::Span;
use crate::value::{Pending, Value};

/// How many constants may be evaluated within each other. Whichever would be the next is evaluated
/// first, and the others then begin again.
const MOST_NESTED: usize = 48;

impl Machine<'_> {
    /// Binds a constant to its value to come.
    pub(super) fn define_constant(&mut self, constant: &Arc<Constant>, item: Span) {
        let scope = self.frame().scope;
        let pending = Arc::new(Pending {
            constant: Arc::clone(constant),
            location: self.here(item),
            scope,
            names: self.run.names.unwrap_or(scope),
        });
        self.run.constants.push(Arc::clone(&pending));
        self.bind_name(&constant.name, Value::Constant(pending));
    }

    /// The value of a constant; unknown within its own evaluation.
    pub(super) fn constant(&mut self, pending: &Arc<Pending>) -> Value {
        if self.run.postponed.is_some() || self.run.evaluating.contains(pending) {
            return Value::unknown(Why::Recursion);
        }
        if self.run.evaluating.len() >= MOST_NESTED {
            self.run.postponed = Some(Arc::clone(pending));
            return Value::UNKNOWN;
        }
        self.run.evaluating.push(Arc::clone(pending));
        let before = self.run.state.clone();
        let frame = self.frame();
        let document = std::mem::replace(&mut frame.document, pending.location.document);
        let scope = std::mem::replace(&mut frame.scope, pending.names);
        let statement = std::mem::replace(&mut frame.statement, pending.location.span);
        let names = self.run.names.take();
        let value = self.eval(&pending.constant.value);
        self.run.names = names;
        let frame = self.frame();
        (frame.document, frame.scope, frame.statement) = (document, scope, statement);
        self.run.evaluating.pop();
        if !self.alive() {
            // One that never has a value leaves the others alone.
            self.run.state = before;
            return Value::UNKNOWN;
        }
        if self.run.postponed.is_none() {
            let name = pending.constant.name.clone();
            self.set_variable(pending.scope, name, value.clone());
        }
        value
    }

    /// Runs something, and then evaluates the constants that were met there and not used.
    pub(crate) fn with_constants(&mut self, run: impl FnOnce(&mut Self)) {
        let first = self.run.constants.len();
        run(self);
        self.evaluate_constants(first);
    }

    /// Evaluates the constants that have been met since `first` and not been used.
    fn evaluate_constants(&mut self, first: usize) {
        for pending in self.run.constants.split_off(first) {
            let mut waiting = vec![pending];
            while let Some(next) = waiting.last().cloned() {
                self.run.postponed = None;
                let name = &next.constant.name;
                let is_pending = |value| matches!(value, Value::Constant(it) if it == next);
                if self.variable(next.scope, name).is_some_and(is_pending) {
                    self.constant(&next);
                }
                match self.run.postponed.take() {
                    None => {
                        waiting.pop();
                    }
                    // It leads back to itself.
                    Some(inner) if waiting.contains(&inner) => {
                        let name = inner.constant.name.clone();
                        self.set_variable(inner.scope, name, Value::unknown(Why::Recursion));
                    }
                    Some(inner) => waiting.push(inner),
                }
            }
        }
    }
}
