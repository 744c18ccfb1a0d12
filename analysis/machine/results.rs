//! Results: what code does with what calls give it, where rules ask for that.

use super::{Arguments, Machine};
use crate::code::{CompareOp, Expr, ExprKind};
use crate::demand::{KEEP, RETURN, TRUTH};
use crate::source::Span;
use crate::value::{Location, Value};

/// What is behind the name of a function where its result is meant.
const CALLED: &str = "()";

impl Machine<'_> {
    /// What a function or method outside the project gives: if nothing is known of that and it is followed, a
    /// name for it.
    pub(super) fn result_of(&mut self, api: &str, given: Value) -> Value {
        if !given.is_unknown() || !self.session.demand.follows(api) {
            return given;
        }
        self.frame().follows = true;
        Value::native(format!("{api}{CALLED}"))
    }

    /// Whether a name is that of a result that is followed, or of something that it has.
    fn is_of_result(&self, name: &str) -> bool {
        // Of most names the first look is enough, and there are many.
        memchr::memchr(b'(', name.as_bytes()).is_some_and(|at| {
            name[at..].starts_with(CALLED) && self.session.demand.follows(&name[..at])
        })
    }

    /// Whether a value is, or may be, that.
    fn is_followed(&self, value: &Value) -> bool {
        let mut alternatives = value.alternatives().iter();
        alternatives.any(|value| value.as_native().is_some_and(|it| self.is_of_result(it)))
    }

    /// Whether something is called that a followed result has, or is given one.
    pub(super) fn touches_a_result(&mut self, api: &str, arguments: &Arguments) -> bool {
        let touches =
            self.is_of_result(api) || arguments.values().any(|value| self.is_followed(value));
        self.frame().follows |= touches;
        touches
    }

    /// A function got a pointer to a variable, or made one. What the variable holds then is not known, but
    /// that it comes from that function. Objects are changed where they are.
    pub(super) fn change_through_pointer(&mut self, function: &str, variable: &Expr) {
        let ExprKind::Name(name) = &variable.kind else {
            return;
        };
        let scope = self.frame().scope;
        let held = self.variable(scope, name);
        let is_object = |value: &Value| matches!(value, Value::Object(_) | Value::Outcome(_));
        if !self.alive() || held.is_some_and(|held| held.alternatives().iter().any(is_object)) {
            return;
        }
        let changed = self.result_of(function, Value::UNKNOWN);
        self.bind_name(name, changed);
    }

    /// Somebody is asked whether a value is true.
    pub(super) fn note_truth(&mut self, value: &Value, asked: Span) {
        self.note_done(TRUTH, &[(value, asked)], asked);
    }

    /// Two values are compared.
    pub(super) fn note_comparison(
        &mut self,
        op: CompareOp,
        (left, left_at): (&Value, &Expr),
        (right, right_at): (&Value, &Expr),
    ) {
        let api = match op {
            CompareOp::Equal => "operator.eq",
            CompareOp::NotEqual => "operator.ne",
            CompareOp::Is => "operator.is_",
            CompareOp::IsNot => "operator.is_not",
            CompareOp::In => "operator.contains",
            CompareOp::NotIn => "operator.not_contains",
            CompareOp::Less => "operator.lt",
            CompareOp::LessEqual => "operator.le",
            CompareOp::Greater => "operator.gt",
            CompareOp::GreaterEqual => "operator.ge",
        };
        let whole = Span {
            start: left_at.span.start,
            end: right_at.span.end,
        };
        self.note_done(api, &[(left, left_at.span), (right, right_at.span)], whole);
    }

    /// A value is kept by somebody, for whatever use.
    pub(super) fn note_keeping(&mut self, value: &Value) {
        let statement = self.frame().statement;
        self.note_done(KEEP, &[(value, statement)], statement);
    }

    /// The function at hand ends with a value.
    pub(super) fn note_answer(&mut self, value: &Value, written: Span) {
        if self.frame().follows {
            self.record_done(RETURN, &[(value, written)], written);
        }
    }

    /// Records what is done with values if one of them is a result that is followed.
    fn note_done(&mut self, api: &str, given: &[(&Value, Span)], done: Span) {
        if given.iter().any(|(value, _)| self.is_followed(value)) {
            self.frame().follows = true;
            self.record_done(api, given, done);
        }
    }

    fn record_done(&mut self, api: &str, given: &[(&Value, Span)], done: Span) {
        let mut arguments = Arguments::default();
        for (value, written) in given {
            arguments.push((*value).clone(), self.here(*written));
        }
        let done: Location = self.here(done);
        self.record_call(api, &arguments, done);
    }
}
