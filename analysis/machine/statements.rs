//! Statements: each takes the state to a new one, or to none where flow does not go on.

use super::watch::{extent, extent_of_branches};
use super::{Exception, Frame, Loop, Machine, Object, State};
use crate::code::{Block, Branch, Expr, Stmt, StmtKind};
use crate::doubt::Why;
use crate::facts::Fate;
use crate::platform::Truth;
use crate::value::Value;

impl Machine<'_> {
    /// Runs statements in order, as far as flow goes. The value is that of a Rust tail expression.
    pub(crate) fn run_block(&mut self, block: &Block) -> Value {
        self.deeper(|m| m.run_statements(block))
            .unwrap_or(Value::unknown(Why::Budget))
    }

    /// The same for a part of a block.
    pub(crate) fn run_statements(&mut self, statements: &[Stmt]) -> Value {
        for (index, stmt) in statements.iter().enumerate() {
            if !self.alive() {
                if let Some(last) = index.checked_sub(1) {
                    self.note_end(&statements[last], &statements[index..]);
                }
                break;
            }
            if !self.step() {
                return Value::unknown(Why::Budget);
            }
            let outer = std::mem::replace(&mut self.frame().statement, stmt.span);
            let asked = self.frame().asked.len();
            self.note_statement(stmt);
            let before = self.run.state.clone().filter(|_| self.run.undecided);
            let value = self.run(stmt);
            self.frame().statement = outer;
            self.frame().asked.truncate(asked);
            if !self.alive() && before.is_some() {
                self.run.state = before;
            }
            if let Some(value) = value {
                return value;
            }
        }
        Value::None
    }

    pub(super) fn frame(&mut self) -> &mut Frame {
        self.run.frames.last_mut().expect("code runs in a frame")
    }

    /// Runs one statement; a tail expression gives the value of its block.
    fn run(&mut self, stmt: &Stmt) -> Option<Value> {
        match &stmt.kind {
            StmtKind::Expr(value) => {
                self.eval(value);
            }
            StmtKind::Tail(value) => return Some(self.eval(value)),
            StmtKind::Assign { targets, value } => {
                // What is put into a table is come to where the table is read.
                let value = if self.fills_tables() && stmt.table().is_some() {
                    self.unnoticed(|m| m.eval(value))
                } else {
                    self.eval(value)
                };
                for target in targets {
                    self.assign(target, value.clone());
                }
            }
            StmtKind::Constant(constant) => self.define_constant(constant, stmt.span),
            StmtKind::Update { target, op, value } => self.update(target, *op, value, stmt.span),
            StmtKind::Let {
                pattern,
                annotation,
                value,
                otherwise,
            } => {
                let value = match value {
                    Some(value) => self.eval(value),
                    None => Value::UNKNOWN,
                };
                let value = self.declared(value, annotation.as_deref());
                match otherwise {
                    None => {
                        self.bind(pattern, value);
                    }
                    Some(otherwise) => {
                        let before = self.run.state.clone();
                        let matches = self.bind(pattern, value.clone());
                        let bound = match matches {
                            Truth::No => None,
                            _ => self.run.state.take(),
                        };
                        if matches != Truth::Yes {
                            self.run.state = before;
                            self.refuse(pattern, &value);
                            self.run_block(otherwise);
                        } else {
                            self.run.state = None;
                        }
                        let diverged = self.run.state.take();
                        self.run.state = self.merge(bound, diverged);
                    }
                }
            }
            StmtKind::Delete(targets) => targets.iter().for_each(|target| self.delete(target)),
            StmtKind::If {
                branches,
                otherwise,
            } => self.run_if(branches, otherwise),
            StmtKind::While {
                test,
                body,
                otherwise,
            } => self.run_while(test, body, otherwise),
            StmtKind::For {
                target,
                iterable,
                body,
                otherwise,
            } => {
                self.run_for(target, iterable, body, otherwise);
            }
            StmtKind::Try(parts) => self.run_try(parts),
            StmtKind::With { items, body } => self.run_with(items, body),
            StmtKind::Return(value) => {
                let written = value.as_ref().map_or(stmt.span, |value| value.span);
                let value = value.as_ref().map_or(Value::None, |value| self.eval(value));
                self.note_answer(&value, written);
                self.keep_value(&value);
                self.return_value(value);
            }
            StmtKind::Raise(value) => {
                let raised = value.as_ref().map(|value| self.eval(value));
                self.raise(raised);
            }
            StmtKind::Break(outwards) => {
                let state = self.run.state.take();
                self.leave_loop(*outwards, |left| &mut left.broken, state);
            }
            StmtKind::Continue(outwards) => {
                let state = self.run.state.take();
                self.leave_loop(*outwards, |left| &mut left.continued, state);
            }
            StmtKind::Assert(test) => {
                self.branch(
                    test,
                    |_| Value::None,
                    |m| {
                        m.raise_exception(Exception::Assertion);
                        Value::None
                    },
                );
            }
            StmtKind::Function(function) => self.define_function(function),
            StmtKind::Class(class) => self.define_class(class),
            StmtKind::Impl {
                target,
                of_trait,
                body,
            } => {
                self.extend_class(target, of_trait.as_deref(), body);
            }
            StmtKind::Module { name, body } => self.dialect().define_module(self, name, body),
            StmtKind::Import(import) => self.dialect().import(self, import),
            StmtKind::Outer(names) => {
                let scope = self.frame().scope;
                if let Some(Object::Scope(scope)) = self.object_mut(scope) {
                    scope.outer.extend(names.iter().cloned());
                }
            }
        }
        None
    }

    /// Ends the function at hand with a value.
    pub(super) fn return_value(&mut self, value: Value) {
        let Some(state) = self.run.state.take() else {
            return;
        };
        let merged = match self.frame().returned.take() {
            None => (value, state),
            Some((other, before)) => (other.join(&value), before.join(state, self.world)),
        };
        self.frame().returned = Some(merged);
    }

    fn leave_loop(
        &mut self,
        outwards: usize,
        exit: fn(&mut Loop) -> &mut Option<State>,
        state: Option<State>,
    ) {
        let loops = &mut self.frame().loops;
        let Some(at) = loops.len().checked_sub(outwards + 1) else {
            return;
        };
        let before = exit(&mut loops[at]).take();
        let merged = self.merge(before, state);
        *exit(&mut self.frame().loops[at]) = merged;
    }

    /// Runs one of two ways by a condition that also narrows what is known there.
    pub(super) fn branch(
        &mut self,
        test: &Expr,
        then: impl FnOnce(&mut Self) -> Value,
        otherwise: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let holds = self.condition(test);
        self.note_condition(test.span, holds);
        if !self.alive() {
            return Value::UNKNOWN;
        }
        self.either(
            holds,
            |m| {
                m.assume(test, true);
                then(m)
            },
            |m| {
                m.assume(test, false);
                otherwise(m)
            },
        )
    }

    /// Runs the first branch whose condition holds. Where that is not known, those after it run
    /// too, in the state in which it does not hold.
    fn run_if(&mut self, branches: &[Branch], otherwise: &Block) {
        let mut ended = Vec::new();
        let mut rest = branches.iter();
        let mut is_first = true;
        loop {
            let Some(branch) = rest.next() else {
                self.run_block(otherwise);
                break;
            };
            // An `elif` is a statement of its own.
            if !std::mem::take(&mut is_first) {
                if !self.step() {
                    break;
                }
                self.frame().statement = branch.span;
                self.note_elif(branch.span);
            }
            let test = &branch.test;
            self.note_branches(
                test.span,
                || extent(&branch.body),
                || extent_of_branches(rest.as_slice(), otherwise),
            );
            let holds = self.condition(test);
            self.note_condition(test.span, holds);
            if !self.alive() {
                break;
            }
            if holds != Truth::No {
                let before = self.run.state.clone().filter(|_| holds == Truth::Unknown);
                self.assume(test, true);
                self.frame().holding.push(test.span);
                self.run_block(&branch.body);
                self.frame().holding.pop();
                // `if name is None: name = default`
                let asked = self.asked_for_none(test).filter(|(_, is_none)| *is_none);
                let default = asked.map(|(name, _)| {
                    let scope = self.frame().scope;
                    (name, self.variable(scope, name))
                });
                ended.push(std::mem::replace(&mut self.run.state, before));
                if let Some((name, Some(default))) = default {
                    self.tell(name, &default);
                }
            }
            if !self.alive() {
                break;
            }
            self.assume(test, false);
        }
        for state in ended.into_iter().rev() {
            let later = self.run.state.take();
            self.run.state = self.merge(state, later);
        }
    }

    fn run_with(&mut self, items: &[(Expr, Option<Expr>)], body: &Block) {
        let Some(((context, target), rest)) = items.split_first() else {
            self.run_block(body);
            return;
        };
        let value = self.eval(context);
        self.may_raise();
        if let Some(types) = self.suppressed(&value) {
            let span = context.span;
            self.attempt_suppressed(types, span, |m| m.run_with(rest, body));
            return;
        }
        if let Some(spawn) = self.child(&value) {
            self.raise_fate(spawn, Fate::Waited);
        }
        if let Some(target) = target {
            let entered = match &value {
                // What `__enter__` gives is the object itself where a child process or a file is
                // concerned; of the project's own context managers it is not known.
                Value::Object(_) | Value::Native(_) => value,
                _ => Value::UNKNOWN,
            };
            self.assign(target, entered);
        }
        self.frame().entered.push(context.span);
        self.run_with(rest, body);
        self.frame().entered.pop();
    }
}
