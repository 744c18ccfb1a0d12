//! Results: what code does with what calls give it, where rules ask for that.

use super::{Arguments, Machine};
use crate::code::{CompareOp, Expr, ExprKind};
use crate::demand::{KEEP, OPERATORS, RETURN};
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
        let made_by = name.split_once(CALLED);
        made_by.is_some_and(|(api, _)| self.session.demand.follows(api))
    }

    /// Whether a value is, or may be, that.
    fn is_followed(&self, value: &Value) -> bool {
        let mut alternatives = value.alternatives().iter();
        alternatives.any(|value| value.as_native().is_some_and(|it| self.is_of_result(it)))
    }

    /// Whether something is called that a followed result has, or is given one: the function at hand follows
    /// it from then on.
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
        self.note_question("truth", &[(value, asked)], asked);
    }

    /// Two values are compared.
    pub(super) fn note_comparison(
        &mut self,
        op: CompareOp,
        (left, left_at): (&Value, &Expr),
        (right, right_at): (&Value, &Expr),
    ) {
        let name = match op {
            CompareOp::Equal => "eq",
            CompareOp::NotEqual => "ne",
            CompareOp::Is => "is_",
            CompareOp::IsNot => "is_not",
            CompareOp::In => "contains",
            CompareOp::NotIn => "not_contains",
            CompareOp::Less => "lt",
            CompareOp::LessEqual => "le",
            CompareOp::Greater => "gt",
            CompareOp::GreaterEqual => "ge",
        };
        let whole = Span {
            start: left_at.span.start,
            end: right_at.span.end,
        };
        self.note_question(name, &[(left, left_at.span), (right, right_at.span)], whole);
    }

    fn note_question(&mut self, operator: &str, given: &[(&Value, Span)], asked: Span) {
        if self.is_any_followed(given) {
            let api = format!("{OPERATORS}{operator}");
            self.record_done(&api, given, asked);
        }
    }

    /// A value is kept by somebody, for whatever use.
    pub(super) fn note_keeping(&mut self, value: &Value) {
        let statement = self.frame().statement;
        let given = [(value, statement)];
        if self.is_any_followed(&given) {
            self.record_done(KEEP, &given, statement);
        }
    }

    /// The function at hand ends with a value.
    pub(super) fn note_answer(&mut self, value: &Value, written: Span) {
        if self.frame().follows {
            self.record_done(RETURN, &[(value, written)], written);
        }
    }

    fn is_any_followed(&self, given: &[(&Value, Span)]) -> bool {
        given.iter().any(|(value, _)| self.is_followed(value))
    }

    /// Records what the function at hand does with a result, or returns after it did.
    fn record_done(&mut self, api: &str, given: &[(&Value, Span)], done: Span) {
        self.frame().follows = true;
        let mut arguments = Arguments::default();
        for (value, written) in given {
            arguments.push((*value).clone(), self.here(*written));
        }
        let done: Location = self.here(done);
        self.record_call(api, &arguments, done);
    }
}
