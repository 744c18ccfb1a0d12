//! Expressions: what each is, as far as the platform and constants decide it.

use std::sync::Arc;

use super::elsewhere::is_scalar;
use super::{Arguments, Dict, Instance, Key, Machine, Object};
use crate::code::{ArgumentKind, BinaryOp, Construct, Expr, ExprKind, Name, TextPart, UnaryOp};
use crate::doubt::{Cause, Why};
use crate::embedded::PLACEHOLDER;
use crate::value::{Binding, Closure, Int, Location, Outcome, Piece, Ref, Text, Value};

impl Machine<'_> {
    /// Evaluates an expression.
    pub(crate) fn eval(&mut self, expr: &Expr) -> Value {
        if !self.alive() || !self.step() {
            return Value::unknown(Why::Budget);
        }
        match self.deeper(|m| m.eval_kind(expr)) {
            Some(value @ Value::Unknown(Cause { at: None, .. })) => {
                value.beginning_at(self.here(expr.span))
            }
            Some(value) => value,
            None => Value::unknown(Why::Budget),
        }
    }

    fn eval_kind(&mut self, expr: &Expr) -> Value {
        match &expr.kind {
            ExprKind::Opaque(parts) => {
                for part in parts {
                    let value = self.eval(part);
                    self.keep_value(&value);
                }
                if !parts.is_empty() {
                    self.may_raise();
                }
                Value::UNKNOWN
            }
            ExprKind::Yield(value) => {
                if let Some(value) = value {
                    let value = self.eval(value);
                    self.keep_value(&value);
                }
                self.may_raise();
                Value::UNKNOWN
            }
            ExprKind::None => Value::None,
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(value) => Value::Int(Int::at(*value, self.here(expr.span))),
            ExprKind::Text(parts) => self.literal(parts),
            ExprKind::Name(name) => {
                let value = self.name(name);
                if value.is_unknown() {
                    if self.dialect().features().own_name == Some(name) {
                        self.note_asked(name, self.here(expr.span));
                    }
                    self.note_unknown_callee(name);
                    self.notice_unknown_variable(name);
                }
                self.notice(&value);
                value
            }
            ExprKind::Attribute(object, name) => {
                let object = self.eval(object);
                self.frame().attribute = expr.span;
                let value = self.read(&object, name);
                if value.is_unknown() {
                    self.may_raise();
                }
                self.located(value, expr)
            }
            ExprKind::Index(object, index) => {
                // Of a table only the item that is taken out is come to.
                let table = if object.is_plain() {
                    self.unnoticed(|m| m.eval(object))
                } else {
                    self.eval(object)
                };
                let at = index.span;
                let index = self.eval(index);
                if let Value::Native(path) = &table {
                    let location = self.here(expr.span);
                    self.note_subscript(path, "__getitem__", [(&index, self.here(at))], location);
                }
                let item = self.item(&table, &index);
                match item {
                    Value::Unknown(_) => {
                        self.notice(&table);
                        self.may_raise();
                    }
                    _ => self.notice(&item),
                }
                item
            }
            ExprKind::Slice(object, lower, upper) => self.slice(object, lower, upper),
            ExprKind::Call(callee, arguments) => {
                let value = self.eval_call(expr, callee, arguments);
                self.located(value, expr)
            }
            ExprKind::List(items) => self.display(items, false),
            ExprKind::Tuple(items) => self.display(items, true),
            ExprKind::Set(items) => self.display(items, false),
            ExprKind::Dict(entries) => self.dict_display(entries),
            ExprKind::Starred(value) => {
                self.eval(value);
                Value::UNKNOWN
            }
            ExprKind::Binary(op, left, right) => {
                let a = self.eval(left);
                let b = self.eval(right);
                let (a, b) = (self.brought(a, left), self.brought(b, right));
                let location = self.here(expr.span);
                if matches!(op, BinaryOp::Divide | BinaryOp::Modulo | BinaryOp::Other) {
                    self.may_raise();
                }
                let special = self.dialect().operator(self, *op, (&a, &b), location);
                special.unwrap_or_else(|| self.binary(*op, &a, &b))
            }
            ExprKind::Unary(UnaryOp::Not, operand) => {
                let holds = !self.condition(operand);
                self.truth_value(expr, holds)
            }
            ExprKind::Unary(op, operand) => self.unary(*op, operand),
            ExprKind::And(operands) => self.connected(operands, true),
            ExprKind::Or(operands) => self.connected(operands, false),
            ExprKind::Compare(..) | ExprKind::Let(..) => {
                let holds = self.condition(expr);
                self.truth_value(expr, holds)
            }
            ExprKind::Conditional {
                test,
                then,
                otherwise,
            } => {
                self.note_branches(test.span, || Some(then.span), || Some(otherwise.span));
                let (mut first, mut second) = (Value::UNKNOWN, Value::UNKNOWN);
                let value = self.branch(
                    test,
                    |m| {
                        first = m.eval(then);
                        first.clone()
                    },
                    |m| {
                        second = m.eval(otherwise);
                        second.clone()
                    },
                );
                // `default if name is None else name`
                match self.asked_for_none(test) {
                    Some((_, true)) => value.unless_told(&first),
                    Some((_, false)) => value.unless_told(&second),
                    None => value,
                }
            }
            ExprKind::Match(subject, arms) => self.run_match(subject, arms),
            ExprKind::Bind(name, value) => {
                let value = self.eval(value);
                self.bind_name(name, value.clone());
                value
            }
            ExprKind::Lambda(function) => {
                let closure = Arc::new(Closure {
                    function: function.clone(),
                    document: self.document(),
                    scope: self.frame().scope,
                    class: None,
                    binding: Binding::Static,
                });
                Value::Function(closure)
            }
            ExprKind::Comprehension(parts) => self.comprehension(parts),
            ExprKind::Await(value) => match &value.kind {
                ExprKind::Async(body) => self.eval(body),
                _ => self.eval(value),
            },
            ExprKind::Async(body) => self.task(body),
            ExprKind::Try(value) => self.propagate(value),
            ExprKind::Block(block) => self.run_block(block),
            ExprKind::Construct(parts) => self.construct(parts),
        }
    }

    /// A constant of a library comes from where it is mentioned.
    fn located(&self, value: Value, mention: &Expr) -> Value {
        match value {
            Value::Int(int) if int.ones != 0 && int.origins().is_empty() => {
                Value::Int(int.brought_by(self.here(mention.span)))
            }
            value => value,
        }
    }

    /// The value as it enters a combination of flags: an integer read from a name is from then on
    /// explained by the place where it was combined.
    pub(super) fn brought(&self, value: Value, operand: &Expr) -> Value {
        match (value, &operand.kind) {
            (Value::Int(int), ExprKind::Name(_) | ExprKind::Attribute(..)) if int.ones != 0 => {
                Value::Int(int.brought_by(self.here(operand.span)))
            }
            (value, _) => value,
        }
    }

    fn literal(&mut self, parts: &[TextPart]) -> Value {
        let mut pieces = Vec::new();
        for part in parts {
            match part {
                TextPart::Literal {
                    text,
                    span,
                    verbatim,
                } => {
                    self.notice_text(text);
                    let location = Some(self.here(*span));
                    if text.contains(PLACEHOLDER) {
                        pieces.push(Piece::UNKNOWN);
                    } else {
                        let text = (**text).into();
                        pieces.push(Piece::Known {
                            text,
                            location,
                            verbatim: *verbatim,
                        });
                    }
                }
                TextPart::Interpolated(value) => {
                    let location = self.here(value.span);
                    let value = self.eval(value);
                    let displayed = self.dialect().displayed(self, &value, location);
                    pieces.extend(self.spelled(&displayed.unwrap_or(value)));
                }
            }
        }
        Value::Text(Text::new(pieces))
    }

    /// The characters of a value put into a string.
    pub(crate) fn spelled(&self, value: &Value) -> Vec<Piece> {
        match value {
            Value::Text(text) => text.pieces.to_vec(),
            Value::Int(int) => match int.value() {
                Some(value) => Text::plain(&value.to_string()).pieces.to_vec(),
                None => vec![Piece::UNKNOWN],
            },
            Value::Unknown(cause) => vec![Piece::Unknown(*cause)],
            _ => vec![Piece::UNKNOWN],
        }
    }

    // ---- names ----

    fn name(&mut self, name: &Name) -> Value {
        if **name == *PLACEHOLDER {
            return Value::UNKNOWN;
        }
        let scope = self.frame().scope;
        let value = match self.variable(scope, name) {
            Some(value) if self.is_rebound(scope, name, &value) => Value::unknown(Why::Rebound),
            Some(value) => value,
            None => match self.wildcard(scope, name) {
                Some(Value::Unknown(_)) | None if self.dialect().is_everywhere(name) => {
                    self.ambient(name)
                }
                Some(value) => value,
                None => self.ambient(name),
            },
        };
        for alternative in value.alternatives() {
            if let Value::Function(closure) = alternative {
                self.run
                    .read
                    .insert((closure.document, closure.function.span));
            }
        }
        let value = self.force(value);
        self.unless_filled(value, name)
    }

    /// Whether a function reads a variable of its module that functions or other files assign to, and
    /// has not assigned to it itself.
    fn is_rebound(&self, scope: Ref, name: &Name, value: &Value) -> bool {
        let frame = self.run.frames.last().expect("code runs in a frame");
        let file = self.text(frame.document).file;
        if frame.closure.is_none() {
            return false;
        }
        let is_local = match self.object(scope) {
            Some(Object::Scope(inner)) if inner.outer.contains(name) => {
                !self.is_as_left(inner.parent, name, value)
            }
            Some(Object::Scope(inner)) => inner.variables.contains_key(name),
            _ => true,
        };
        !is_local
            && (self.project.rebound(file).contains(&**name)
                || is_scalar(value) && self.project.is_set_from_outside(file, name))
    }

    /// What a name means that no scope binds.
    fn ambient(&mut self, name: &Name) -> Value {
        self.dialect().builtin(self.platform, name)
    }

    // ---- Rust ----

    /// `value?`: the failure of a spawn leaves the function.
    fn propagate(&mut self, value: &Expr) -> Value {
        let value = self.eval(value);
        let Value::Outcome(outcome) = &value else {
            return self.propagate_failure(&value);
        };
        let before = self.run.state.clone();
        self.fail(outcome);
        let failed = Outcome {
            spawns: outcome.spawns.clone(),
            ok: Value::UNKNOWN,
        };
        self.return_value(Value::Outcome(Arc::new(failed)));
        self.run.state = before;
        outcome.ok.clone()
    }

    /// `value?` where `value` is perhaps a `None` or an `Err` that the project has made.
    fn propagate_failure(&mut self, value: &Value) -> Value {
        let failing = value.failing();
        let successful = value.successful();
        let is_certain = *value == Value::Failed;
        // `None` alone is `()` too.
        if !failing.is_empty() && (is_certain || !successful.is_unknown()) {
            let before = self.run.state.clone();
            self.return_value(Value::one_of(failing));
            self.run.state = before.filter(|_| !is_certain);
        }
        successful
    }

    /// What runs beside the code at hand, or later: that it never ends keeps nobody.
    fn task(&mut self, body: &Expr) -> Value {
        let before = self.run.state.clone();
        let value = self.eval(body);
        if self.alive() {
            return value;
        }
        self.run.state = before;
        Value::UNKNOWN
    }

    fn construct(&mut self, parts: &Construct) -> Value {
        let Construct {
            class,
            fields,
            rest,
        } = parts;
        let class = self.eval(class);
        let mut attributes = imbl::OrdMap::new();
        for (name, value) in fields {
            let value = self.eval(value);
            self.record_name(&value, name);
            self.keep_value(&value);
            attributes.insert(name.clone(), value);
        }
        let mut open = false;
        if let Some(rest) = rest {
            let rest = match self.eval(rest) {
                Value::Unknown(_) => self.dialect().default_of(self, rest, &class),
                rest => rest,
            };
            let others = self.instance(&rest).filter(|rest| rest.class == class);
            open = others.is_none_or(|others| others.open);
            if let Some(others) = others {
                attributes = attributes.union(others.attributes.clone());
            }
        }
        self.note_built(&class, &attributes);
        let instance = Instance {
            class,
            attributes,
            open,
            spawn: None,
        };
        Value::Object(self.allocate(Object::Instance(instance)))
    }

    fn eval_call(
        &mut self,
        expr: &Expr,
        callee: &Expr,
        arguments: &[crate::code::Argument],
    ) -> Value {
        // The receiver first, then the arguments, then the call: the order of execution.
        let (receiver, target) = match &callee.kind {
            ExprKind::Attribute(object, name) => {
                let object = self.eval(object);
                let target = match self.dialect().method(self, &object, name, arguments.len()) {
                    Some(method) => {
                        self.notice(&method);
                        method
                    }
                    None => {
                        self.frame().attribute = callee.span;
                        self.read(&object, name)
                    }
                };
                (Some((object, name)), target)
            }
            _ => (None, self.eval(callee)),
        };
        let mut evaluated = Arguments::default();
        for argument in arguments {
            let value = self.eval(&argument.value);
            let location = self.here(argument.span);
            match &argument.kind {
                ArgumentKind::Positional | ArgumentKind::Borrowed => {
                    evaluated.push(value, location);
                }
                ArgumentKind::Keyword(name) => {
                    evaluated.push_keyword(name.clone(), value, location);
                }
                ArgumentKind::Star => {
                    for item in self.items_of_any(&value) {
                        match item {
                            Some(item) => evaluated.push(item, location),
                            None => evaluated.push_rest(),
                        }
                    }
                }
                ArgumentKind::DoubleStar => self.splat(&mut evaluated, &value, location),
            }
        }
        if !self.alive() {
            return Value::UNKNOWN;
        }
        let location = self.here(expr.span);
        if let Some((object, name)) = &receiver
            && !is_of_project(&target)
            && let Some(value) = self
                .dialect()
                .common_method(self, object, name, &evaluated, location)
        {
            return value;
        }
        let value = match (&target, receiver) {
            (Value::Unknown(_), Some((object, name))) => self
                .call_unknown_method(&object, name, evaluated, location)
                .following(&target),
            _ => self.call(&target, evaluated, location),
        };
        let function = target.as_native().unwrap_or_default();
        let makes_pointers = self.dialect().makes_pointers(function);
        for argument in arguments {
            if makes_pointers || argument.kind == ArgumentKind::Borrowed {
                self.change_through_pointer(function, &argument.value);
            }
        }
        value
    }

    /// The keyword arguments that `**value` stands for.
    fn splat(&mut self, arguments: &mut Arguments, value: &Value, location: Location) {
        let merged = Value::Object(self.allocate(Object::Dict(Dict::default())));
        self.merge_dict(&merged, value, location);
        let Some(dict) = self.dict(&merged).cloned() else {
            return;
        };
        for (key, entry) in dict.entries {
            if let Key::Text(name) = key {
                arguments.push_splatted(name.into(), entry, location);
            }
        }
        if dict.open {
            arguments.open = true;
        }
    }
}

/// Whether a callee is a function of the project.
fn is_of_project(callee: &Value) -> bool {
    match callee {
        Value::Function(_) => true,
        Value::Bound(bound) => is_of_project(&bound.callee),
        _ => false,
    }
}
