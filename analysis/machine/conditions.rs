//! Conditions: whether they hold, what is known where they do, and patterns that take values apart.

use std::sync::Arc;

use super::{Key, Machine, Object, State};
use crate::code::{Arm, CompareOp, Expr, ExprKind, Name, Pattern, UnaryOp};
use crate::platform::Truth;
use crate::value::Value;

impl Machine<'_> {
    /// Evaluates a condition. What it binds or narrows takes effect in [`Machine::assume`].
    pub(super) fn condition(&mut self, test: &Expr) -> Truth {
        let holds = self.deeper(|m| m.condition_kind(test));
        let holds = holds
            .filter(|_| !self.run.undecided)
            .unwrap_or(Truth::Unknown);
        self.run.decided += usize::from(holds != Truth::Unknown);
        holds
    }

    fn condition_kind(&mut self, test: &Expr) -> Truth {
        match &test.kind {
            ExprKind::Unary(UnaryOp::Not | UnaryOp::Bang, operand) => !self.condition(operand),
            ExprKind::And(operands) => self.all(operands, true),
            ExprKind::Or(operands) => !self.all(operands, false),
            ExprKind::Compare(first, rest) => self.compare(first, rest),
            ExprKind::Let(pattern, value) => {
                let value = self.eval(value);
                let holds = self.matches(pattern, &value);
                let location = self.here(test.span);
                self.run.matched.insert(location, value);
                holds
            }
            _ => {
                let value = self.eval(test);
                self.note_truth(&value, test.span);
                let truth = self.truth(&value);
                if let Value::Outcome(_) = value {
                    self.remember(self.here(test.span), value);
                }
                truth
            }
        }
    }

    /// Whether every operand is as wanted; each is evaluated only where those before it are.
    fn all(&mut self, operands: &[Expr], wanted: bool) -> Truth {
        let mut all = Truth::Yes;
        let mut refused = Vec::new();
        for (index, operand) in operands.iter().enumerate() {
            let holds = self.condition(operand);
            let holds = if wanted { holds } else { !holds };
            all = all.and(holds);
            if !self.alive() || index + 1 == operands.len() {
                break;
            }
            match holds {
                Truth::Yes => {}
                Truth::No => {
                    self.assume(operand, !wanted);
                    break;
                }
                Truth::Unknown => {
                    let before = self.run.state.clone();
                    self.assume(operand, !wanted);
                    refused.push(std::mem::replace(&mut self.run.state, before));
                }
            }
            self.assume(operand, wanted);
        }
        for state in refused.into_iter().rev() {
            let later = self.run.state.take();
            self.run.state = self.merge(later, state);
        }
        all
    }

    /// Whether a value counts as true.
    pub(crate) fn truth(&self, value: &Value) -> Truth {
        match value {
            Value::Object(reference) => match self.object(*reference) {
                Some(Object::Sequence(sequence)) => match sequence.items.as_slice() {
                    [] => Truth::No,
                    items if items.iter().any(Option::is_some) => Truth::Yes,
                    _ => Truth::Unknown,
                },
                Some(Object::Dict(dict)) => {
                    if dict
                        .entries
                        .values()
                        .any(|entry| entry.present == Truth::Yes)
                    {
                        Truth::Yes
                    } else if dict.entries.is_empty() && !dict.open {
                        Truth::No
                    } else {
                        Truth::Unknown
                    }
                }
                Some(Object::Class(_)) => Truth::Yes,
                // A child process is true; other instances may say otherwise.
                Some(Object::Instance(instance)) if instance.spawn.is_some() => Truth::Yes,
                _ => Truth::Unknown,
            },
            Value::OneOf(values) => {
                let mut truths = values.iter().map(|value| self.truth(value));
                let first = truths.next().unwrap_or(Truth::Unknown);
                truths.fold(first, Truth::join)
            }
            Value::Native(path) if self.dialect().is_module(path) => Truth::Yes,
            value => value.truth(),
        }
    }

    // ---- comparisons ----

    fn compare(&mut self, first: &Expr, rest: &[(CompareOp, Expr)]) -> Truth {
        let mut left = self.eval(first);
        if let Value::Outcome(_) = left {
            self.remember(self.here(first.span), left.clone());
        }
        let mut holds = Truth::Yes;
        let mut left_at = first;
        for (op, right_at) in rest {
            let right = self.eval(right_at);
            self.note_comparison(*op, (&left, left_at), (&right, right_at));
            holds = holds.and(self.compare_values(*op, &left, &right));
            (left, left_at) = (right, right_at);
        }
        holds
    }

    fn compare_values(&self, op: CompareOp, a: &Value, b: &Value) -> Truth {
        if let (Value::OneOf(_), _) | (_, Value::OneOf(_)) = (a, b) {
            let mut truths = a
                .alternatives()
                .iter()
                .flat_map(|a| b.alternatives().iter().map(move |b| (a, b)))
                .map(|(a, b)| self.compare_values(op, a, b));
            let first = truths.next().unwrap_or(Truth::Unknown);
            return truths.fold(first, Truth::join);
        }
        match op {
            CompareOp::Equal | CompareOp::Is => self.equal(a, b),
            CompareOp::NotEqual | CompareOp::IsNot => !self.equal(a, b),
            CompareOp::In => self.contains(b, a),
            CompareOp::NotIn => !self.contains(b, a),
            CompareOp::Less
            | CompareOp::LessEqual
            | CompareOp::Greater
            | CompareOp::GreaterEqual => {
                if let Value::Native(path) = a
                    && **path == *"sys.version_info"
                {
                    return self.compare_version(op, b);
                }
                let (Value::Int(a), Value::Int(b)) = (a, b) else {
                    return Truth::Unknown;
                };
                match (a.value(), b.value()) {
                    (Some(a), Some(b)) => match op {
                        CompareOp::Less => a < b,
                        CompareOp::LessEqual => a <= b,
                        CompareOp::Greater => a > b,
                        _ => a >= b,
                    }
                    .into(),
                    _ => Truth::Unknown,
                }
            }
        }
    }

    /// Compares the version of Python with a tuple of numbers.
    fn compare_version(&self, op: CompareOp, tuple: &Value) -> Truth {
        let numbers: Option<Vec<i64>> = self.items(tuple).and_then(|sequence| {
            let number = |item: &Option<Value>| match item {
                Some(Value::Int(number)) => number.value(),
                _ => None,
            };
            sequence.items.iter().map(number).collect()
        });
        let Some(numbers) = numbers else {
            return Truth::Unknown;
        };
        let beyond = matches!(op, CompareOp::Greater | CompareOp::LessEqual);
        let holds = self.project.assumptions.python_is(beyond, &numbers);
        match op {
            CompareOp::Greater | CompareOp::GreaterEqual => holds,
            _ => !holds,
        }
    }

    /// Whether two values are equal.
    pub(crate) fn equal(&self, a: &Value, b: &Value) -> Truth {
        match (a, b) {
            (Value::Unknown(_) | Value::Default(_) | Value::Skip, _)
            | (_, Value::Unknown(_) | Value::Default(_) | Value::Skip) => Truth::Unknown,
            (Value::Text(x), Value::Text(y)) => match (x.known(), y.known()) {
                (Some(x), Some(y)) => (x == y).into(),
                _ => Truth::Unknown,
            },
            (Value::Int(x), Value::Int(y)) => match (x.value(), y.value()) {
                (Some(x), Some(y)) => (x == y).into(),
                _ if x.ones & y.zeros | x.zeros & y.ones != 0 => Truth::No,
                _ => Truth::Unknown,
            },
            (Value::None, Value::None) => Truth::Yes,
            // A module is not `None`, which a call of a library could also return.
            (Value::None, Value::Native(path)) | (Value::Native(path), Value::None)
                if self.dialect().is_module(path) =>
            {
                Truth::No
            }
            (Value::None, Value::Native(_)) | (Value::Native(_), Value::None) => Truth::Unknown,
            (Value::None, Value::Object(_)) | (Value::Object(_), Value::None) => Truth::No,
            (Value::Bool(x), Value::Bool(y)) => (x == y).into(),
            (Value::Native(x), Value::Native(y)) if x == y => Truth::Yes,
            (Value::Native(x), Value::Native(y)) => self.dialect().same(self.platform, x, y),
            // What tells a platform by a name that this one lacks tells of another.
            (Value::Missing(_), Value::Text(_)) | (Value::Text(_), Value::Missing(_)) => Truth::No,
            (Value::Object(x), Value::Object(y)) if x == y => Truth::Yes,
            (Value::Object(_), Value::Object(_)) => self.equal_variants(a, b),
            (Value::Bound(_), _) | (_, Value::Bound(_)) => Truth::Unknown,
            (Value::Native(_) | Value::Object(_) | Value::Lazy(..) | Value::Outcome(_), _)
            | (_, Value::Native(_) | Value::Object(_) | Value::Lazy(..) | Value::Outcome(_)) => {
                Truth::Unknown
            }
            (Value::Constant(_) | Value::Failed, _) | (_, Value::Constant(_) | Value::Failed) => {
                Truth::Unknown
            }
            (Value::Text(_) | Value::Int(_) | Value::Bool(_), Value::None)
            | (Value::None, Value::Text(_) | Value::Int(_) | Value::Bool(_)) => Truth::No,
            (Value::None, _) | (_, Value::None) => Truth::No,
            (Value::Text(_), Value::Int(_) | Value::Bool(_))
            | (Value::Int(_) | Value::Bool(_), Value::Text(_)) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    fn contains(&self, container: &Value, item: &Value) -> Truth {
        match container {
            Value::Object(reference) => match self.object(*reference) {
                Some(Object::Sequence(sequence)) => {
                    let mut found = Truth::No;
                    for known in &sequence.items {
                        found = found.or(match known {
                            Some(value) => self.equal(value, item),
                            None => Truth::Unknown,
                        });
                    }
                    found
                }
                Some(Object::Dict(dict)) => {
                    let Some(key) = Key::of(item) else {
                        return Truth::Unknown;
                    };
                    match dict.entries.get(&key) {
                        Some(entry) => entry.present,
                        None if dict.open => Truth::Unknown,
                        None => Truth::No,
                    }
                }
                _ => Truth::Unknown,
            },
            Value::Text(text) => match (text.known(), item.as_text()) {
                (Some(text), Some(item)) => text.contains(&item).into(),
                _ => Truth::Unknown,
            },
            Value::Native(path) => self.dialect().has_element(self.platform, path, item),
            Value::Missing(_) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    // ---- narrowing ----

    /// Takes into the state what is known where a condition holds, or does not.
    pub(super) fn assume(&mut self, test: &Expr, holds: bool) {
        if !self.alive() {
            return;
        }
        match &test.kind {
            ExprKind::Unary(UnaryOp::Not | UnaryOp::Bang, operand) => self.assume(operand, !holds),
            ExprKind::And(operands) if holds => {
                operands
                    .iter()
                    .for_each(|operand| self.assume(operand, true));
            }
            ExprKind::Or(operands) if !holds => {
                operands
                    .iter()
                    .for_each(|operand| self.assume(operand, false));
            }
            ExprKind::Name(name) => {
                let truth = Truth::from(holds);
                self.narrow(name, |m, value| m.truth(value) != !truth, None);
                self.assume_success(test, holds);
            }
            ExprKind::Bind(name, _) => {
                let truth = Truth::from(holds);
                self.narrow(name, |m, value| m.truth(value) != !truth, None);
            }
            ExprKind::Compare(first, rest) => {
                if let [(op, right)] = &**rest {
                    self.assume_comparison(first, *op, right, holds);
                }
            }
            ExprKind::Let(pattern, _) => {
                let location = self.here(test.span);
                let value = self
                    .run
                    .matched
                    .get(&location)
                    .cloned()
                    .unwrap_or(Value::UNKNOWN);
                if holds {
                    self.bind(pattern, value);
                } else {
                    self.refuse(pattern, &value);
                }
            }
            ExprKind::Call(callee, _) => {
                let fails =
                    matches!(&callee.kind, ExprKind::Attribute(_, method) if **method == *"is_err");
                self.assume_success(test, holds != fails);
            }
            _ => self.assume_success(test, holds),
        }
    }

    fn assume_comparison(&mut self, first: &Expr, op: CompareOp, right: &Expr, holds: bool) {
        let equal = match op {
            CompareOp::Equal | CompareOp::Is => holds,
            CompareOp::NotEqual | CompareOp::IsNot => !holds,
            _ => return,
        };
        // A function of the system answers with zero where it failed.
        if let ExprKind::Int(_) | ExprKind::Bool(_) | ExprKind::Name(_) | ExprKind::Attribute(..) =
            right.kind
        {
            let right = self.eval(right);
            let fails = self.truth(&right) == Truth::No;
            self.assume_success(first, equal != fails);
        }
        let (name, constant) = match (&first.kind, &right.kind) {
            (ExprKind::Name(name), _) => (name, right),
            (_, ExprKind::Name(name)) => (name, first),
            _ => return,
        };
        // Only literals are read again: evaluating them has no effect.
        if !matches!(
            constant.kind,
            ExprKind::None | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Text(_)
        ) {
            return;
        }
        let constant = self.eval(constant);
        let unknown = if equal { Some(constant.clone()) } else { None };
        self.narrow(
            name,
            |m, value| m.equal(value, &constant) != Truth::from(!equal),
            unknown,
        );
    }

    /// The variable of which a condition asks whether it is `None`, and whether it is where that
    /// holds.
    pub(super) fn asked_for_none<'e>(&self, test: &'e Expr) -> Option<(&'e Name, bool)> {
        let ExprKind::Compare(first, rest) = &test.kind else {
            return None;
        };
        match (&first.kind, &**rest) {
            (ExprKind::Name(name), [(op, right)]) if matches!(right.kind, ExprKind::None) => {
                match op {
                    CompareOp::Is | CompareOp::Equal => Some((name, true)),
                    CompareOp::IsNot | CompareOp::NotEqual => Some((name, false)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A variable that is not known has a default where it is not given.
    pub(super) fn tell(&mut self, name: &Name, default: &Value) {
        let scope = self.frame().scope;
        let told = self.variable(scope, name);
        if let Some(told) = told.map(|value| value.unless_told(default))
            && let Some(holder) = self.holder_of(Some(scope), name)
        {
            self.set_variable(holder, name.clone(), told);
        }
    }

    /// Keeps the possibilities of a variable that fit; one that is unknown becomes `unknown`.
    fn narrow(
        &mut self,
        name: &Name,
        fits: impl Fn(&Self, &Value) -> bool,
        unknown: Option<Value>,
    ) {
        let scope = self.frame().scope;
        let Some(value) = self.variable(scope, name) else {
            return;
        };
        let narrowed = match (&value, unknown) {
            (Value::Unknown(_), Some(known)) => known,
            (Value::OneOf(values), _) => {
                let fitting: Vec<Value> = values
                    .iter()
                    .filter(|value| fits(self, value))
                    .cloned()
                    .collect();
                if fitting.is_empty() {
                    return;
                }
                Value::one_of(fitting)
            }
            _ => return,
        };
        if let Some(holder) = self.holder_of(Some(scope), name) {
            self.set_variable(holder, name.clone(), narrowed);
        }
    }

    // ---- patterns ----

    /// Whether a value looks like a pattern.
    pub(super) fn matches(&mut self, pattern: &Pattern, value: &Value) -> Truth {
        match pattern {
            _ if self.run.undecided => Truth::Unknown,
            Pattern::Wildcard | Pattern::Bind(_, None) | Pattern::Target(_) => Truth::Yes,
            Pattern::Bind(_, Some(inner)) => self.matches(inner, value),
            Pattern::Value(constant) => {
                let constant = self.eval(constant);
                if let Value::OneOf(values) = value {
                    let mut truths = values.iter().map(|value| self.equal(value, &constant));
                    let first = truths.next().unwrap_or(Truth::Unknown);
                    return truths.fold(first, Truth::join);
                }
                self.equal(value, &constant)
            }
            Pattern::Or(patterns) => patterns.iter().fold(Truth::No, |holds, pattern| {
                holds.or(self.matches(pattern, value))
            }),
            Pattern::Sequence(patterns, starred) => {
                let Some(items) = self.items(value).cloned() else {
                    return Truth::Unknown;
                };
                let Some(items) = items.closed() else {
                    return Truth::Unknown;
                };
                match starred {
                    None if items.len() != patterns.len() => Truth::No,
                    None => patterns
                        .iter()
                        .zip(&items)
                        .fold(Truth::Yes, |holds, (pattern, item)| {
                            holds.and(self.matches(pattern, item))
                        }),
                    Some(_) if items.len() + 1 < patterns.len() => Truth::No,
                    Some(_) => Truth::Unknown,
                }
            }
            Pattern::Variant {
                class,
                positional,
                named,
            } => self.matches_variant(class, positional, named, value),
            Pattern::Opaque(_) => Truth::Unknown,
        }
    }

    /// Binds the names of a pattern to the parts of a value that looks like it. The answer is
    /// whether it does.
    pub(crate) fn bind(&mut self, pattern: &Pattern, value: Value) -> Truth {
        let holds = self.matches(pattern, &value);
        self.bind_parts(pattern, value);
        holds
    }

    pub(super) fn bind_parts(&mut self, pattern: &Pattern, value: Value) {
        match pattern {
            Pattern::Wildcard | Pattern::Value(_) => {}
            Pattern::Bind(name, inner) => {
                self.record_name(&value, name);
                self.bind_name(name, value.clone());
                if let Some(inner) = inner {
                    self.bind_parts(inner, value);
                }
            }
            Pattern::Target(target) => self.assign(target, value),
            Pattern::Variant {
                class,
                positional,
                named,
            } => {
                let inner = match (&value, last_segment(class)) {
                    (Value::Outcome(outcome), Some("Ok")) => outcome.ok.clone(),
                    (Value::Outcome(outcome), Some("Err")) => {
                        let outcome = Arc::clone(outcome);
                        self.fail(&outcome);
                        Value::UNKNOWN
                    }
                    // Rust: what is wrapped is passed through, so that an optional process builder
                    // is still that builder.
                    (value, Some("Some" | "Ok")) => value.successful(),
                    _ => {
                        self.bind_variant(class, positional, named, &value);
                        return;
                    }
                };
                for (index, pattern) in positional.iter().enumerate() {
                    let part = if index == 0 {
                        inner.clone()
                    } else {
                        Value::UNKNOWN
                    };
                    self.bind_parts(pattern, part);
                }
            }
            Pattern::Sequence(patterns, starred) => {
                let items = self.unpacked(&value);
                if items.is_none() {
                    self.may_raise();
                }
                for (index, pattern) in patterns.iter().enumerate() {
                    let item = match (&items, starred) {
                        (Some(items), None) => items.get(index).cloned(),
                        (Some(items), Some(starred)) if index < *starred => {
                            items.get(index).cloned()
                        }
                        _ => None,
                    };
                    self.bind_parts(pattern, item.unwrap_or(Value::UNKNOWN));
                }
            }
            Pattern::Or(patterns) => {
                if let Some(first) = patterns.first() {
                    self.bind_parts(first, value);
                }
            }
            Pattern::Opaque(names) => {
                for name in names {
                    self.bind_name(name, Value::UNKNOWN);
                }
            }
        }
    }

    /// The items of a list or tuple, or of each of several of one length.
    fn unpacked(&self, value: &Value) -> Option<Vec<Value>> {
        let successful = value.successful();
        let each = successful.alternatives().iter();
        let each: Option<Vec<Vec<Value>>> = each
            .map(|value| self.items(value).and_then(|items| items.closed()))
            .collect();
        let (first, others) = each.as_ref()?.split_first()?;
        if others.iter().any(|other| other.len() != first.len()) {
            return None;
        }
        let item = |index: usize| Value::one_of(each.iter().flatten().map(|it| it[index].clone()));
        Some((0..first.len()).map(item).collect())
    }

    /// Takes into the state that a value does not look like a pattern.
    pub(super) fn refuse(&mut self, pattern: &Pattern, value: &Value) {
        if let (Pattern::Variant { class, .. }, Value::Outcome(outcome)) = (pattern, value)
            && last_segment(class) == Some("Ok")
        {
            let outcome = Arc::clone(outcome);
            self.fail(&outcome);
        }
    }

    /// `match`: arms are tried in order.
    pub(super) fn run_match(&mut self, subject: &Expr, arms: &[Arm]) -> Value {
        let value = self.eval(subject);
        if !self.alive() {
            return Value::UNKNOWN;
        }
        let mut ended = Vec::new();
        let mut last = Value::None;
        let mut fits = false;
        for arm in arms {
            let holds = self.matches(&arm.pattern, &value);
            self.run.decided += usize::from(holds != Truth::Unknown);
            if let (Value::Outcome(_), Pattern::Variant { class, .. }) = (&value, &arm.pattern)
                && last_segment(class) == Some("Err")
                && arm.guard.is_none()
            {
                self.meet_arm(&value, arm);
            }
            if holds == Truth::Yes && arm.guard.is_none() {
                self.bind_parts(&arm.pattern, value.clone());
                last = self.eval(&arm.body);
                fits = true;
                break;
            }
            // Where the pattern fits, the guard decides; the other arms run once for all that is left.
            let before = self.run.state.clone();
            let mut refused = None;
            if holds != Truth::No {
                self.bind_parts(&arm.pattern, value.clone());
                if let Some(guard) = &arm.guard {
                    refused = self.guard(guard);
                }
                let given = self.eval(&arm.body);
                ended.push((given, std::mem::replace(&mut self.run.state, before)));
            }
            self.refuse(&arm.pattern, &value);
            let unmatched = self.run.state.take().filter(|_| holds != Truth::Yes);
            self.run.state = self.merge(unmatched, refused);
            if !self.alive() {
                last = Value::UNKNOWN;
                break;
            }
        }
        if !fits && self.dialect().features().exhaustive_matches {
            // One of the arms fits.
            self.run.state = None;
        }
        for (given, state) in ended.into_iter().rev() {
            last = self.join_ways((given, state), last);
        }
        last
    }

    /// Goes on where the guard of an arm holds; the answer is the state where it does not.
    fn guard(&mut self, guard: &Expr) -> Option<State> {
        let holds = self.condition(guard);
        let refused = match holds {
            Truth::Yes => None,
            _ => self.run.state.clone(),
        };
        match holds {
            Truth::No => self.run.state = None,
            _ => self.assume(guard, true),
        }
        refused
    }
}

/// The last segment of a path expression.
pub(crate) fn last_segment(path: &Expr) -> Option<&str> {
    match &path.kind {
        ExprKind::Name(name) | ExprKind::Attribute(_, name) => Some(name),
        _ => None,
    }
}
