//! Outcomes: what is known where a process was started, and where it was not.

use super::{Failure, Machine};
use crate::code::{Arm, Expr, ExprKind};
use crate::platform::Truth;
use crate::value::{Location, Outcome, Value};

impl Machine<'_> {
    /// Remembers the value that a condition asks about, for when it is known to hold or not.
    pub(crate) fn remember(&mut self, condition: Location, value: Value) {
        self.run.matched.insert(condition, value);
    }

    /// The truth value that a condition is. One that asks whether a spawn succeeded is decided here:
    /// nothing else will tell where it failed.
    pub(super) fn truth_value(&mut self, test: &Expr, holds: Truth) -> Value {
        match holds {
            Truth::Yes => Value::Bool(true),
            Truth::No => Value::Bool(false),
            Truth::Unknown if self.asks_for_success(test) => self.either(
                Truth::Unknown,
                |m| {
                    m.assume(test, true);
                    Value::Bool(true)
                },
                |m| {
                    m.assume(test, false);
                    Value::Bool(false)
                },
            ),
            Truth::Unknown => Value::UNKNOWN,
        }
    }

    fn asks_for_success(&self, test: &Expr) -> bool {
        match &test.kind {
            ExprKind::Unary(_, operand) => self.asks_for_success(operand),
            ExprKind::Compare(first, _) => self.asks_for_success(first),
            _ => {
                let location = self.here(test.span);
                matches!(self.run.matched.get(&location), Some(Value::Outcome(_)))
            }
        }
    }

    /// Takes into the state whether the outcome that an expression was found to be is a success.
    pub(super) fn assume_success(&mut self, asked: &Expr, succeeded: bool) {
        let location = self.here(asked.span);
        if let Some(Value::Outcome(outcome)) = self.run.matched.get(&location).cloned()
            && !succeeded
        {
            self.fail(&outcome);
        }
    }

    /// Takes into the state that the spawns of an outcome failed.
    pub(crate) fn fail(&mut self, outcome: &Outcome) {
        for &spawn in &outcome.spawns {
            let why = Failure::ALL.map(|failure| (spawn, failure));
            self.state_mut().failed.extend(why);
        }
    }

    /// The value of an outcome, or what is computed where its spawns failed.
    pub(crate) fn recover(
        &mut self,
        outcome: &Outcome,
        otherwise: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        self.either(
            Truth::Unknown,
            |_| outcome.ok.clone(),
            |m| {
                m.fail(outcome);
                otherwise(m)
            },
        )
    }

    /// Records an `Err` arm as a handler of the spawns whose failure it meets.
    pub(super) fn meet_arm(&mut self, value: &Value, arm: &Arm) {
        let Value::Outcome(outcome) = value else {
            return;
        };
        let location = self.here(arm.span);
        self.run.record.add_arm(&outcome.spawns, location);
    }
}
