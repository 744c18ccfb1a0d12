//! Loops: how often a body runs, and in which states.
//!
//! A body runs once for each known item. Where the items are not known it runs in the state before
//! the loop, and where something was decided there, again for what the iteration has changed: other
//! iterations begin with that.

use imbl::ordmap::DiffItem;

use super::{Loop, Machine, Object, Sequence, Shared, State};
use crate::code::{Block, Expr, ExprKind, Name, Pattern};
use crate::doubt::{Cause, Why};
use crate::platform::Truth;
use crate::value::{Int, Ref, Value};

/// An iteration is run for those after it no more often than this: what changes once may be joined,
/// what changes again is unknown from then on.
const MOST_PASSES: usize = 2;

/// Loops over more known items than this run once, with an unknown item.
const MOST_ITERATIONS: usize = 12;

/// Loops within each other, also in functions that are called, run what is in them no more often than
/// this; the next one runs once, with an unknown item.
const MOST_REPEATS: usize = MOST_ITERATIONS * MOST_ITERATIONS;

impl Machine<'_> {
    pub(super) fn run_while(&mut self, test: &Expr, body: &Block, otherwise: &Block) {
        let decided = self.run.decided;
        let holds = self.condition(test);
        let before = self.run.state.clone();
        let mut left = None;
        if holds != Truth::No {
            self.assume(test, true);
            self.run_iteration(body, &mut left);
            if self.failed_since(&before) {
                self.run_iteration(body, &mut left);
            } else {
                self.run_further(&before, decided, |m| {
                    if m.condition(test) == Truth::No {
                        m.run.state = None;
                    }
                    m.assume(test, true);
                    m.run_iteration(body, &mut left);
                });
            }
            self.widen(&before);
        }
        let endless = holds == Truth::Yes && matches!(test.kind, ExprKind::Bool(true));
        if endless {
            self.run.state = None;
        } else {
            if holds != Truth::Yes {
                let after = self.run.state.take();
                self.run.state = self.merge(before, after);
            }
            self.assume(test, false);
            self.run_block(otherwise);
        }
        let ended = self.run.state.take();
        self.run.state = self.merge(left, ended);
    }

    pub(super) fn run_for(
        &mut self,
        target: &Pattern,
        iterable: &Expr,
        body: &Block,
        otherwise: &Block,
    ) {
        let walked = self.eval(iterable);
        let walked = self.dialect().listed(self, walked);
        let mut left = None;
        match self.each_item(&walked) {
            Some(items) => {
                if items.is_empty() {
                    self.run.decided += 1;
                }
                let repeats = self.run.repeats;
                self.run.repeats *= items.len().max(1);
                for item in items {
                    if !self.alive() {
                        break;
                    }
                    self.bind(target, item);
                    self.run_iteration(body, &mut left);
                }
                self.run.repeats = repeats;
            }
            None => {
                // What gives the items may raise instead.
                self.may_raise();
                let item = self.some_item(&walked);
                let decided = self.run.decided;
                let before = self.run.state.clone();
                self.bind(target, item.clone());
                self.run_iteration(body, &mut left);
                if self.failed_since(&before) {
                    self.bind(target, item);
                    self.run_iteration(body, &mut left);
                } else {
                    self.run_further(&before, decided, |m| {
                        m.bind(target, item.clone());
                        m.run_iteration(body, &mut left);
                    });
                }
                self.widen(&before);
                let after = self.run.state.take();
                self.run.state = self.merge(before, after);
            }
        }
        self.run_block(otherwise);
        let ended = self.run.state.take();
        self.run.state = self.merge(left, ended);
    }

    /// Runs an iteration for those that follow the first one, which began in the state `before` and has
    /// ended in the one at hand. That is of use only where something was decided in it, and what it
    /// changed may decide otherwise.
    pub(super) fn run_further(
        &mut self,
        before: &Option<State>,
        decided: usize,
        mut iteration: impl FnMut(&mut Self),
    ) {
        if self.run.decided == decided {
            return;
        }
        let Some(mut entry) = before.clone() else {
            return;
        };
        let repeats = self.run.repeats;
        for pass in 0..MOST_PASSES {
            let Some(ended) = self.run.state.take() else {
                break;
            };
            let changes = self.changes(&entry, &ended, pass > 0);
            self.run.state = Some(ended.clone());
            let Some(changes) = changes.filter(|_| self.repeats() * 2 <= MOST_REPEATS) else {
                break;
            };
            self.run.repeats *= 2;
            entry = entry.join(ended.clone(), self.world);
            self.run.state = Some(entry);
            for (holder, name, value) in changes {
                self.set_member(holder, name, value);
            }
            entry = self.run.state.clone().unwrap_or_default();
            iteration(self);
            let after = self.run.state.take();
            self.run.state = self.merge(Some(ended), after);
        }
        self.run.repeats = repeats;
    }

    /// The variables and attributes that an iteration has changed, with what is known of them in any
    /// iteration; `None` if it has changed nothing. What changed `again` may be anything, but for
    /// containers, of which the join of the states says enough.
    fn changes(
        &self,
        before: &State,
        ended: &State,
        again: bool,
    ) -> Option<Vec<(Ref, Name, Value)>> {
        let mut changes = Vec::new();
        let mut fills = false;
        for difference in before.heap.diff(&ended.heap) {
            let (reference, old, new) = match difference {
                DiffItem::Update {
                    old: (reference, old),
                    new: (_, new),
                } => (*reference, Some(old), new),
                DiffItem::Add(reference, new) => (*reference, self.world.object(*reference), new),
                DiffItem::Remove(..) => continue,
            };
            let (old, new) = match (old.map(Shared::get), new.get()) {
                (Some(Object::Scope(old)), Object::Scope(new)) => (&old.variables, &new.variables),
                (Some(Object::Instance(old)), Object::Instance(new)) => {
                    (&old.attributes, &new.attributes)
                }
                (Some(Object::Sequence(old)), Object::Sequence(new)) => {
                    fills |= old != new;
                    continue;
                }
                (Some(Object::Dict(old)), Object::Dict(new)) => {
                    fills |= old != new;
                    continue;
                }
                _ => continue,
            };
            for difference in old.diff(new) {
                let DiffItem::Update {
                    old: (name, old),
                    new: (_, new),
                } = difference
                else {
                    continue;
                };
                let value = match (old, new) {
                    (Value::Unknown(_), _) => continue,
                    _ if again => {
                        if old.join(new) == *old || is_shared(new) {
                            continue;
                        }
                        Value::unknown(Why::Rebound)
                    }
                    (Value::Int(_), Value::Int(_)) => {
                        Value::Int(Int::unknown(Cause::of(Why::Rebound)))
                    }
                    (old, new) => old.join(new),
                };
                changes.push((reference, name.clone(), value));
            }
        }
        (fills && !again || !changes.is_empty()).then_some(changes)
    }

    /// Sets a variable of a scope or an attribute of an instance.
    fn set_member(&mut self, holder: Ref, name: Name, value: Value) {
        match self.object_mut(holder) {
            Some(Object::Scope(scope)) => scope.variables.insert(name, value),
            Some(Object::Instance(instance)) => instance.attributes.insert(name, value),
            _ => None,
        };
    }

    /// Runs a loop body once; the state afterwards is that of a further iteration.
    fn run_iteration(&mut self, body: &Block, left: &mut Option<State>) {
        self.frame().loops.push(Loop::default());
        self.run_block(body);
        let inner = self.frame().loops.pop().unwrap_or_default();
        *left = self.merge(left.take(), inner.broken);
        let ended = self.run.state.take();
        self.run.state = self.merge(ended, inner.continued);
    }

    /// Whether a spawn failed in the iteration that ended, so that the next one is its retry.
    fn failed_since(&self, before: &Option<State>) -> bool {
        match (&self.run.state, before) {
            (Some(now), Some(before)) => now.failed.len() > before.failed.len(),
            _ => false,
        }
    }

    /// Forgets integers that an iteration changed: further iterations may change them again.
    fn widen(&mut self, before: &Option<State>) {
        let scope = self.frame().scope;
        let before = before.as_ref().and_then(|state| state.heap.get(&scope));
        let Some(Object::Scope(old)) = before.map(Shared::get) else {
            return;
        };
        let old = old.variables.clone();
        if !self.alive() {
            return;
        }
        let Some(Object::Scope(now)) = self.object(scope) else {
            return;
        };
        let changed: Vec<Name> = now
            .variables
            .iter()
            .filter(|(name, value)| {
                matches!(value, Value::Int(_)) && old.get(*name).is_some_and(|old| old != *value)
            })
            .map(|(name, _)| name.clone())
            .collect();
        for name in changed {
            self.set_variable(
                scope,
                name,
                Value::Int(Int::unknown(Cause::of(Why::Rebound))),
            );
        }
    }

    /// The items of a value that is walked, if they are known and few.
    pub(crate) fn closed_items(&self, walked: &Value) -> Option<Vec<Value>> {
        let items = self.items(walked)?.closed()?;
        (items.len() <= MOST_ITERATIONS).then_some(items)
    }

    /// The items of a value that is walked, if a loop over them runs once for each: loops within each
    /// other multiply, and what would be repeated too often runs once for any item.
    pub(super) fn each_item(&self, walked: &Value) -> Option<Vec<Value>> {
        let items = self.closed_items(walked)?;
        (self.repeats() * items.len() <= MOST_REPEATS).then_some(items)
    }

    /// What is known of any item of a value that is walked.
    pub(super) fn some_item(&mut self, walked: &Value) -> Value {
        match self.items(walked).and_then(Sequence::closed) {
            Some(items) => Value::one_of(items),
            None => self
                .dialect()
                .walked(self, walked)
                .unwrap_or(Value::UNKNOWN),
        }
    }
}

/// Whether a value stands for something that is made anew in each iteration.
fn is_shared(value: &Value) -> bool {
    value.alternatives().iter().any(|value| {
        matches!(
            value,
            Value::Object(_) | Value::Function(_) | Value::Bound(_)
        )
    })
}
