//! Expressions: what each is, as far as the platform and constants decide it.

use std::rc::Rc;

use super::{Arguments, Dict, Entry, Instance, Key, Machine, Object, Sequence};
use crate::code::{
    ArgumentKind, BinaryOp, Clause, ComprehensionKind, Expr, ExprKind, Name, TextPart, UnaryOp,
};
use crate::embedded::PLACEHOLDER;
use crate::platform::Truth;
use crate::source::Language;
use crate::value::{Binding, Bound, Closure, Int, Location, Outcome, Piece, Ref, Text, Value};

impl Machine<'_> {
    /// Evaluates an expression.
    pub(crate) fn eval(&mut self, expr: &Expr) -> Value {
        if !self.alive() || !self.step() {
            return Value::Unknown;
        }
        match &expr.kind {
            ExprKind::Opaque(parts) => {
                for part in parts {
                    let value = self.eval(part);
                    self.keep_value(&value);
                }
                Value::Unknown
            }
            ExprKind::None => Value::None,
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(value) => Value::Int(Int::at(*value, self.here(expr.span))),
            ExprKind::Text(parts) => self.text(parts),
            ExprKind::Name(name) => {
                let value = self.name(name);
                self.notice(&value);
                value
            }
            ExprKind::Attribute(object, name) => {
                let object = self.eval(object);
                let value = self.read(&object, name);
                self.located(value, expr)
            }
            ExprKind::Index(object, index) => {
                let object = self.eval(object);
                let index = self.eval(index);
                self.item(&object, &index)
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
                Value::Unknown
            }
            ExprKind::Binary(op, left, right) => {
                let a = self.eval(left);
                let b = self.eval(right);
                let (a, b) = (self.brought(a, left), self.brought(b, right));
                self.binary(*op, &a, &b)
            }
            ExprKind::Unary(op, operand) => self.unary(*op, operand),
            ExprKind::And(operands) => self.and(operands),
            ExprKind::Or(operands) => self.or(operands),
            ExprKind::Compare(..) | ExprKind::Let(..) => match self.condition(expr) {
                Truth::Yes => Value::Bool(true),
                Truth::No => Value::Bool(false),
                Truth::Unknown => Value::Unknown,
            },
            ExprKind::Conditional {
                test,
                then,
                otherwise,
            } => self.branch(test, |m| m.eval(then), |m| m.eval(otherwise)),
            ExprKind::Match(subject, arms) => self.run_match(subject, arms),
            ExprKind::Bind(name, value) => {
                let value = self.eval(value);
                self.bind_name(name, value.clone());
                value
            }
            ExprKind::Lambda(function) => {
                let closure = Rc::new(Closure {
                    function: function.clone(),
                    document: self.document(),
                    scope: self.frame().scope,
                    class: None,
                    binding: Binding::Static,
                });
                Value::Function(closure)
            }
            ExprKind::Comprehension {
                kind,
                key,
                element,
                clauses,
            } => self.comprehension(*kind, key.as_deref(), element, clauses),
            ExprKind::Await(value) => self.eval(value),
            ExprKind::Try(value) => self.propagate(value),
            ExprKind::Block(block) => self.run_block(block),
            ExprKind::Construct {
                class,
                fields,
                rest,
            } => self.construct(class, fields, rest.as_deref()),
        }
    }

    /// A constant of a library comes from where it is mentioned.
    fn located(&self, value: Value, mention: &Expr) -> Value {
        match value {
            Value::Int(int) if int.ones != 0 && int.origins.is_empty() => {
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

    fn text(&mut self, parts: &[TextPart]) -> Value {
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
                        pieces.push(Piece::Unknown);
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
                    let value = self.eval(value);
                    pieces.extend(self.spelled(&value));
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
                None => vec![Piece::Unknown],
            },
            _ => vec![Piece::Unknown],
        }
    }

    // ---- names ----

    fn name(&mut self, name: &Name) -> Value {
        if **name == *PLACEHOLDER {
            return Value::Unknown;
        }
        let scope = self.frame().scope;
        let value = match self.variable(scope, name) {
            Some(_) if self.is_rebound(scope, name) => Value::Unknown,
            Some(value) => value,
            None => match self.wildcard(scope, name) {
                Some(value) => value,
                None => self.ambient(name),
            },
        };
        for alternative in value.alternatives() {
            if let Value::Function(closure) = alternative {
                self.read.insert((closure.document, closure.function.span));
            }
        }
        self.force(value)
    }

    /// Whether a function reads a variable of its module that functions assign to, and has not
    /// assigned to it itself.
    fn is_rebound(&self, scope: Ref, name: &Name) -> bool {
        let frame = self.frames.last().expect("code runs in a frame");
        let file = self.texts[frame.document.0 as usize].file;
        if frame.closure.is_none() || !self.project.rebound(file).contains(&**name) {
            return false;
        }
        match self.object(scope) {
            Some(Object::Scope(scope)) => {
                !scope.variables.contains_key(name) && !scope.outer.contains(name)
            }
            _ => false,
        }
    }

    /// What a name means that no scope binds.
    fn ambient(&mut self, name: &Name) -> Value {
        match self.language() {
            Language::Python => crate::python::builtin(name, self.platform),
            Language::Rust => crate::rust::prelude(name),
        }
    }

    // ---- attributes ----

    /// `object.name` in the code at hand.
    fn read(&mut self, object: &Value, name: &Name) -> Value {
        let value = self.attribute(object, name);
        if value == Value::Unknown {
            self.notice_unknown(name);
        }
        self.notice(&value);
        value
    }

    /// `object.name`
    pub(crate) fn attribute(&mut self, object: &Value, name: &Name) -> Value {
        match object {
            Value::Native(path) => {
                let value = match self.language() {
                    Language::Python => crate::python::member(path, name, self.platform),
                    Language::Rust => crate::rust::member(path, name, self.platform),
                };
                if let Value::Missing(_) = value {
                    return self.missing(value);
                }
                value
            }
            Value::Missing(path) => Value::Missing(format!("{path}.{name}").into()),
            Value::Module(file) => {
                let value = self.module_name(*file, name);
                self.force(value)
            }
            Value::OneOf(values) => {
                let values: Vec<Value> = values
                    .iter()
                    .map(|value| self.attribute(value, name))
                    .collect();
                Value::one_of(values)
            }
            // `FLAG.0` of a Rust newtype is the flag.
            Value::Int(_) if &**name == "0" || &**name == "value" => object.clone(),
            Value::Object(reference) => self.object_attribute(*reference, name),
            Value::Text(_) => self.bound_native("str", object, name),
            Value::Outcome(_) => self.bound_native("Result", object, name),
            _ => Value::Unknown,
        }
    }

    fn bound_native(&self, class: &str, object: &Value, name: &str) -> Value {
        let callee = Value::Native(format!("{class}.{name}").into());
        Value::Bound(Rc::new(Bound {
            callee,
            first: vec![object.clone()],
            keywords: Vec::new(),
        }))
    }

    fn object_attribute(&mut self, reference: Ref, name: &Name) -> Value {
        let object = Value::Object(reference);
        match self.object(reference) {
            Some(Object::Sequence(_)) => self.bound_native("list", &object, name),
            Some(Object::Dict(_)) => self.bound_native("dict", &object, name),
            Some(Object::Command(_)) => self.bound_native("Command", &object, name),
            Some(Object::Class(_)) => match self.member(&Value::Object(reference), name) {
                Some(Value::Function(closure)) if closure.binding == Binding::Class => {
                    self.bind_first(closure, object)
                }
                Some(value) => self.force(value),
                None => Value::Unknown,
            },
            Some(Object::Instance(instance)) => {
                let class = instance.class.clone();
                let open = instance.open;
                if let Some(value) = instance.attributes.get(name) {
                    let value = value.clone();
                    return self.force(value);
                }
                if let Value::Native(path) = &class {
                    let path = path.clone();
                    return self.bound_native(&path, &object, name);
                }
                match self.member(&class, name) {
                    Some(Value::Function(closure)) => match closure.binding {
                        Binding::Instance => self.bind_first(closure, object),
                        Binding::Class => self.bind_first(closure, class),
                        Binding::Static => Value::Function(closure),
                        Binding::Property => {
                            let location = self.here(self.frames.last().expect("runs").statement);
                            let bound = self.bind_first(closure, object);
                            self.call(&bound, Arguments::default(), location)
                        }
                    },
                    member => {
                        let settled = if open {
                            self.settled_attribute(&class, name)
                        } else {
                            None
                        };
                        let value = settled.or(member).unwrap_or(Value::Unknown);
                        self.force(value)
                    }
                }
            }
            _ => Value::Unknown,
        }
    }

    /// The method that a call of this name means in Rust, where a field may have the same name.
    fn rust_method(&mut self, object: &Value, name: &Name) -> Option<Value> {
        if self.language() != Language::Rust {
            return None;
        }
        let class = self.instance(object)?.class.clone();
        match self.member(&class, name)? {
            Value::Function(closure) => Some(self.bind_first(closure, object.clone())),
            _ => None,
        }
    }

    fn bind_first(&self, closure: Rc<Closure>, first: Value) -> Value {
        let callee = Value::Function(closure);
        Value::Bound(Rc::new(Bound {
            callee,
            first: vec![first],
            keywords: Vec::new(),
        }))
    }

    /// The class behind a value.
    pub(crate) fn class(&self, value: &Value) -> Option<(Ref, &super::state::ClassObject)> {
        match value {
            Value::Object(reference) => match self.object(*reference)? {
                Object::Class(class) => Some((*reference, class)),
                _ => None,
            },
            _ => None,
        }
    }

    /// A member of a class or of its bases.
    pub(crate) fn member(&mut self, class: &Value, name: &Name) -> Option<Value> {
        let mut line = vec![class.clone()];
        let mut seen = Vec::new();
        while let Some(next) = line.pop() {
            let next = self.force(next);
            let Some((reference, class)) = self.class(&next) else {
                continue;
            };
            if seen.contains(&reference) {
                continue;
            }
            seen.push(reference);
            let (scope, bases) = (class.scope, class.bases.clone());
            if let Some(Object::Scope(members)) = self.object(scope)
                && let Some(value) = members.variables.get(name)
            {
                return Some(value.clone());
            }
            line.extend(bases.into_iter().rev());
        }
        None
    }

    // ---- items ----

    /// `object[index]`
    pub(crate) fn item(&mut self, object: &Value, index: &Value) -> Value {
        if let Some(sequence) = self.items(object) {
            let Value::Int(int) = index else {
                return Value::Unknown;
            };
            let Some(at) = int.value() else {
                return Value::Unknown;
            };
            let known = sequence.items.iter().position(Option::is_none);
            let length = sequence.items.len();
            let found = if at >= 0 {
                ((at as usize) < known.unwrap_or(length)).then_some(at as usize)
            } else {
                let behind = sequence.items.iter().rev().position(Option::is_none);
                let from_end = at.unsigned_abs() as usize;
                (from_end <= behind.unwrap_or(length)).then(|| length - from_end)
            };
            let value = found.and_then(|at| sequence.items[at].clone());
            return self.force(value.unwrap_or(Value::Unknown));
        }
        if let (Value::Native(path), Language::Python) = (object, self.language()) {
            return crate::python::element(path, index, self.platform);
        }
        if let Some(dict) = self.dict(object) {
            let value = Key::of(index)
                .and_then(|key| dict.entries.get(&key))
                .map(|entry| entry.value.clone());
            let all = match (Key::of(index), dict.open) {
                // Any entry may be meant.
                (None, false) => Some(Value::one_of(
                    dict.entries.values().map(|entry| entry.value.clone()),
                )),
                _ => None,
            };
            return self.force(value.or(all).unwrap_or(Value::Unknown));
        }
        Value::Unknown
    }

    fn slice(
        &mut self,
        object: &Expr,
        lower: &Option<Box<Expr>>,
        upper: &Option<Box<Expr>>,
    ) -> Value {
        let object = self.eval(object);
        let bound = |m: &mut Self, bound: &Option<Box<Expr>>| match bound {
            None => Some(None),
            Some(bound) => match m.eval(bound) {
                Value::Int(int) => int.value().map(Some),
                Value::None => Some(None),
                _ => None,
            },
        };
        let lower = bound(self, lower);
        let upper = bound(self, upper);
        if let Value::Text(text) = &object {
            return match (text.known(), lower, upper) {
                (Some(text), Some(lower), Some(upper)) => {
                    Value::text(slice_text(&text, lower, upper))
                }
                _ => Value::Unknown,
            };
        }
        let Some(sequence) = self.items(&object) else {
            return Value::Unknown;
        };
        let (items, fixed) = (sequence.items.clone(), sequence.fixed);
        let taken = match (lower, upper) {
            (Some(lower), Some(None)) => {
                let start = lower.unwrap_or(0);
                let known = items
                    .iter()
                    .position(Option::is_none)
                    .unwrap_or(items.len());
                (start >= 0 && start as usize <= known).then(|| items[start as usize..].to_vec())
            }
            (Some(lower), Some(Some(end))) if items.iter().all(Option::is_some) => {
                let length = items.len() as i64;
                let clamp =
                    |at: i64| (if at < 0 { at + length } else { at }).clamp(0, length) as usize;
                let (start, end) = (clamp(lower.unwrap_or(0)), clamp(end));
                Some(items[start..end.max(start)].to_vec())
            }
            _ => None,
        };
        self.sequence(taken.unwrap_or_else(|| vec![None]), fixed)
    }

    // ---- displays ----

    fn display(&mut self, items: &[Expr], fixed: bool) -> Value {
        let mut values = Vec::new();
        for item in items {
            match &item.kind {
                ExprKind::Starred(inner) => {
                    let inner = self.eval(inner);
                    match self.items(&inner) {
                        Some(sequence) => values.extend(sequence.items.clone()),
                        None => values.push(None),
                    }
                }
                _ => {
                    let value = self.eval(item);
                    self.keep_value(&value);
                    values.push(Some(value));
                }
            }
        }
        self.sequence(values, fixed)
    }

    fn dict_display(&mut self, entries: &[(Option<Expr>, Expr)]) -> Value {
        let dict = Value::Object(self.allocate(Object::Dict(Dict::default())));
        for (key, value) in entries {
            let location = match key {
                Some(key) => self.here(key.span.cover(value.span)),
                None => self.here(value.span),
            };
            match key {
                Some(key) => {
                    let key = self.eval(key);
                    let value = self.eval(value);
                    self.keep_value(&value);
                    self.set_item(&dict, &key, value, location);
                }
                None => {
                    let other = self.eval(value);
                    self.merge_dict(&dict, &other, location);
                }
            }
        }
        dict
    }

    /// Puts the entries of one dict into another (`{**other}`, `update`, `|=`).
    pub(crate) fn merge_dict(&mut self, dict: &Value, other: &Value, location: Location) {
        let Value::Object(reference) = dict else {
            return;
        };
        let sources: Vec<Dict> = match other {
            Value::OneOf(values) => values
                .iter()
                .map(|value| self.dict(value).cloned())
                .collect::<Option<_>>()
                .unwrap_or_default(),
            other => self.dict(other).cloned().into_iter().collect(),
        };
        let Some(Object::Dict(target)) = self.object_mut(*reference) else {
            return;
        };
        let Some((first, rest)) = sources.split_first() else {
            target.open = true;
            return;
        };
        for (key, entry) in &first.entries {
            let everywhere = rest.iter().all(|other| other.entries.contains_key(key));
            let mut entry = Entry {
                location: entry.location.or(Some(location)),
                ..entry.clone()
            };
            for other in rest {
                if let Some(theirs) = other.entries.get(key) {
                    entry.value = entry.value.join(&theirs.value);
                    entry.present = entry.present.join(theirs.present);
                }
            }
            if !everywhere {
                entry.present = Truth::Unknown;
            }
            if entry.present != Truth::Yes
                && let Some(old) = target.entries.get(key)
            {
                entry.value = entry.value.join(&old.value);
                entry.present = old.present;
            }
            target.entries.insert(key.clone(), entry);
        }
        for other in rest {
            for (key, entry) in &other.entries {
                if !first.entries.contains_key(key) {
                    let entry = Entry {
                        present: Truth::Unknown,
                        ..entry.clone()
                    };
                    target.entries.insert(key.clone(), entry);
                }
            }
        }
        target.open |= sources.iter().any(|source| source.open);
    }

    /// Puts the items of one sequence at the end of another.
    pub(crate) fn extend(&mut self, list: &Value, other: &Value) {
        let added = match self.items(other) {
            Some(sequence) => sequence.items.clone(),
            None => vec![None],
        };
        if let Value::Object(reference) = list
            && let Some(Object::Sequence(sequence)) = self.object_mut(*reference)
        {
            sequence.items.extend(added);
            super::state::shorten(&mut sequence.items);
        }
    }

    // ---- operators ----

    pub(crate) fn binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> Value {
        if let (Value::OneOf(_), _) | (_, Value::OneOf(_)) = (a, b) {
            let mut results = Vec::new();
            for a in a.alternatives() {
                for b in b.alternatives() {
                    results.push(self.binary(op, a, b));
                }
            }
            return Value::one_of(results);
        }
        match (op, a, b) {
            (BinaryOp::Add, Value::Text(a), Value::Text(b)) => Value::Text(a.concat(b)),
            (BinaryOp::Add, Value::Text(a), Value::Unknown) => {
                Value::Text(a.concat(&Text::new(vec![Piece::Unknown])))
            }
            (BinaryOp::Add, Value::Unknown, Value::Text(b)) => {
                Value::Text(Text::new(vec![Piece::Unknown]).concat(b))
            }
            (BinaryOp::Add, Value::Object(_), _) | (BinaryOp::Add, _, Value::Object(_)) => {
                let items = |value: &Value| match self.items(value) {
                    Some(sequence) => sequence.items.clone(),
                    None => vec![None],
                };
                let (left, right) = (items(a), items(b));
                let joined: Vec<_> = left.into_iter().chain(right).collect();
                self.sequence(joined, false)
            }
            (BinaryOp::Or, Value::Object(_), Value::Object(_)) if self.dict(a).is_some() => {
                let copy = self.dict(a).cloned().unwrap_or_default();
                let result = Value::Object(self.allocate(Object::Dict(copy)));
                let location = self.here(self.frames.last().expect("runs").statement);
                self.merge_dict(&result, b, location);
                result
            }
            (BinaryOp::Modulo, Value::Text(text), value) => {
                Value::Text(crate::python::percent(self, text, value))
            }
            _ => {
                let (Some(a), Some(b)) = (Self::bits(a), Self::bits(b)) else {
                    return Value::Unknown;
                };
                Value::Int(match op {
                    BinaryOp::Or => a.or(&b),
                    BinaryOp::And => a.and(&b),
                    BinaryOp::Xor => a.xor(&b),
                    BinaryOp::Add => a.arithmetic(&b, i64::checked_add),
                    BinaryOp::Subtract => a.arithmetic(&b, i64::checked_sub),
                    BinaryOp::Multiply => a.arithmetic(&b, i64::checked_mul),
                    BinaryOp::ShiftLeft => a.arithmetic(&b, |a, b| {
                        let shift = u32::try_from(b).ok()?;
                        a.checked_mul(1_i64.checked_shl(shift).filter(|_| shift < 63)?)
                    }),
                    BinaryOp::ShiftRight => {
                        a.arithmetic(&b, |a, b| a.checked_shr(u32::try_from(b).ok()?))
                    }
                    BinaryOp::Divide | BinaryOp::Modulo | BinaryOp::Other => Int::unknown(),
                })
            }
        }
    }

    /// A value as an operand of integer arithmetic. An unknown one may be an integer.
    fn bits(value: &Value) -> Option<Int> {
        match value {
            Value::Int(int) => Some(int.clone()),
            Value::Bool(value) => Some(Int::known((*value).into())),
            Value::Unknown => Some(Int::unknown()),
            _ => None,
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Value {
        let known = |truth: Truth| match truth {
            Truth::Yes => Value::Bool(true),
            Truth::No => Value::Bool(false),
            Truth::Unknown => Value::Unknown,
        };
        if op == UnaryOp::Not {
            return known(!self.condition(operand));
        }
        let value = self.eval(operand);
        let value = self.brought(value, operand);
        match (op, &value) {
            (UnaryOp::Bang, Value::Bool(value)) => Value::Bool(!value),
            (UnaryOp::Invert | UnaryOp::Bang, Value::Int(int)) => Value::Int(int.invert()),
            (UnaryOp::Negate, Value::Int(int)) => {
                Value::Int(Int::known(0).arithmetic(int, i64::checked_sub))
            }
            _ => Value::Unknown,
        }
    }

    fn and(&mut self, operands: &[Expr]) -> Value {
        let Some((first, rest)) = operands.split_first() else {
            return Value::Bool(true);
        };
        let value = self.eval(first);
        if rest.is_empty() || !self.alive() {
            return value;
        }
        let holds = self.truth(&value);
        let refused = self.filtered(&value, Truth::No);
        let mut last = Value::Unknown;
        let value = self.either(
            holds,
            |m| {
                m.assume(first, true);
                last = m.and(rest);
                last.clone()
            },
            |m| {
                m.assume(first, false);
                refused
            },
        );
        Self::as_truth(value, last, false)
    }

    fn or(&mut self, operands: &[Expr]) -> Value {
        let Some((first, rest)) = operands.split_first() else {
            return Value::Bool(false);
        };
        let value = self.eval(first);
        if rest.is_empty() || !self.alive() {
            return value;
        }
        let holds = self.truth(&value);
        let accepted = self.filtered(&value, Truth::Yes);
        let mut last = Value::Unknown;
        let value = self.either(
            holds,
            |m| {
                m.assume(first, true);
                accepted
            },
            |m| {
                m.assume(first, false);
                last = m.or(rest);
                last.clone()
            },
        );
        Self::as_truth(value, last, true)
    }

    /// The value of an `and` (or an `or`) whose first operands are not known: what stands beside
    /// `False` (or `True`) is a truth value too, and does not change it.
    fn as_truth(value: Value, last: Value, deciding: bool) -> Value {
        if value == Value::Unknown && last == Value::Bool(deciding) {
            last
        } else {
            value
        }
    }

    /// The possibilities of a value that can have the given truth.
    fn filtered(&self, value: &Value, truth: Truth) -> Value {
        if *value == Value::Unknown {
            return Value::Unknown;
        }
        let fitting: Vec<Value> = value
            .alternatives()
            .iter()
            .filter(|value| self.truth(value) != !truth)
            .cloned()
            .collect();
        Value::one_of(fitting)
    }

    // ---- comprehensions ----

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        key: Option<&Expr>,
        element: &Expr,
        clauses: &[Clause],
    ) -> Value {
        let mut items = Vec::new();
        let before = self.frame().scope;
        self.walk_clauses(clauses, &mut |m, certain| {
            let value = m.eval(element);
            let key = key.map(|key| m.eval(key));
            if certain {
                items.push(Some((key, value)));
            } else {
                items.push(None);
            }
        });
        self.frame().scope = before;
        match kind {
            ComprehensionKind::Dict => {
                let location = self.here(element.span);
                let dict = Value::Object(self.allocate(Object::Dict(Dict::default())));
                for item in items {
                    match item {
                        Some((Some(key), value)) => self.set_item(&dict, &key, value, location),
                        _ => self.merge_dict(&dict, &Value::Unknown, location),
                    }
                }
                dict
            }
            _ => {
                let items = items
                    .into_iter()
                    .map(|item| item.map(|(_, value)| value))
                    .collect();
                self.sequence(items, false)
            }
        }
    }

    /// Runs `visit` for each element; `certain` says that it is exactly one element.
    fn walk_clauses(&mut self, clauses: &[Clause], visit: &mut dyn FnMut(&mut Self, bool)) {
        let Some((clause, rest)) = clauses.split_first() else {
            visit(self, true);
            return;
        };
        let walked = self.eval(&clause.iterable);
        let (items, certain) = match self.closed_items(&walked) {
            Some(items) => (items, true),
            None => (vec![self.some_item(&walked)], false),
        };
        for item in items {
            if !self.alive() {
                return;
            }
            self.bind(&clause.target, item);
            let holds = clause
                .conditions
                .iter()
                .fold(Truth::Yes, |holds, condition| {
                    holds.and(self.condition(condition))
                });
            if holds == Truth::No {
                continue;
            }
            let before = self.state.clone();
            for condition in &clause.conditions {
                self.assume(condition, true);
            }
            let sure = certain && holds == Truth::Yes;
            self.walk_clauses(rest, &mut |m, inner| visit(m, inner && sure));
            if !sure {
                let after = self.state.take();
                self.state = self.merge(before, after);
            }
        }
    }

    // ---- Rust ----

    /// `value?`: the failure of a spawn leaves the function.
    fn propagate(&mut self, value: &Expr) -> Value {
        let value = self.eval(value);
        let Value::Outcome(outcome) = &value else {
            return match value {
                Value::None => Value::Unknown,
                value => value,
            };
        };
        let before = self.state.clone();
        self.fail(outcome);
        let failed = Outcome {
            spawns: outcome.spawns.clone(),
            ok: Value::Unknown,
        };
        self.return_value(Value::Outcome(Rc::new(failed)));
        self.state = before;
        outcome.ok.clone()
    }

    fn construct(&mut self, class: &Expr, fields: &[(Name, Expr)], rest: Option<&Expr>) -> Value {
        let class = self.eval(class);
        let mut attributes = imbl::OrdMap::new();
        for (name, value) in fields {
            let value = self.eval(value);
            self.record_name(&value, name);
            self.keep_value(&value);
            attributes.insert(name.clone(), value);
        }
        if let Some(rest) = rest {
            self.eval(rest);
        }
        let instance = Instance {
            class,
            attributes,
            open: rest.is_some(),
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
                let target = match self.rust_method(&object, name) {
                    Some(method) => method,
                    None => self.read(&object, name),
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
                ArgumentKind::Positional => evaluated.push(value, location),
                ArgumentKind::Keyword(name) => {
                    evaluated.push_keyword(name.clone(), value, location);
                }
                ArgumentKind::Star => match self.items(&value).map(|items| items.items.clone()) {
                    Some(items) => {
                        for item in items {
                            match item {
                                Some(item) => evaluated.push(item, location),
                                None => evaluated.push_rest(),
                            }
                        }
                    }
                    None => evaluated.push_rest(),
                },
                ArgumentKind::DoubleStar => self.splat(&mut evaluated, &value, location),
            }
        }
        if !self.alive() {
            return Value::Unknown;
        }
        let location = self.here(expr.span);
        match (&target, receiver) {
            (Value::Unknown, Some((object, name))) => {
                self.call_unknown_method(&object, name, evaluated, location)
            }
            _ => self.call(&target, evaluated, location),
        }
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

    /// The items of a sequence value, if it is one.
    pub(crate) fn sequence_of(&self, value: &Value) -> Option<Sequence> {
        self.items(value).cloned()
    }
}

/// `text[lower:upper]`, where the bounds count from the end if they are negative.
fn slice_text(text: &str, lower: Option<i64>, upper: Option<i64>) -> &str {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let length = ends.len() as i64 - 1;
    let clamp = |at: i64| (if at < 0 { at + length } else { at }).clamp(0, length) as usize;
    let (start, end) = (clamp(lower.unwrap_or(0)), clamp(upper.unwrap_or(length)));
    &text[ends[start]..ends[end.max(start)]]
}
