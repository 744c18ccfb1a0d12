//! Assignments: what names, attributes, items and patterns of them are bound to.

use super::state::Key;
use super::{Machine, Object, Sequence};
use crate::code::{BinaryOp, Expr, ExprKind, Name};
use crate::platform::Truth;
use crate::source::Span;
use crate::value::{Location, Ref, Value};

impl Machine<'_> {
    /// Binds a name in the scope that an assignment at hand means.
    pub(crate) fn bind_name(&mut self, name: &Name, value: Value) {
        let frame = self.frame();
        frame.bound.insert(name.clone(), frame.statement);
        let scope = frame.scope;
        let mut holder = scope;
        if let Some(Object::Scope(inner)) = self.object(scope)
            && inner.outer.contains(name)
        {
            holder = self.holder_of(inner.parent, name).unwrap_or(scope);
        }
        self.set_variable(holder, name.clone(), value);
    }

    /// An attribute gets a value; of a variable or one of its attributes it is told when.
    fn note_bound_attribute(&mut self, target: &Expr) {
        let document = self.document();
        let written: Name = self.source(document, target.span).into();
        let frame = self.frame();
        frame.bound.insert(written, frame.statement);
    }

    /// Whether a name that code in a scope assigns to belongs to a scope around it (`global`).
    pub(super) fn is_outer(&self, scope: Ref, name: &Name) -> bool {
        matches!(self.object(scope), Some(Object::Scope(scope)) if scope.outer.contains(name))
    }

    pub(super) fn holder_of(&self, mut next: Option<Ref>, name: &Name) -> Option<Ref> {
        while let Some(reference) = next {
            let Some(Object::Scope(scope)) = self.object(reference) else {
                return None;
            };
            if scope.variables.contains_key(name) || scope.parent.is_none() {
                return Some(reference);
            }
            next = scope.parent;
        }
        None
    }

    pub(crate) fn set_variable(&mut self, scope: Ref, name: Name, value: Value) {
        if let Some(Object::Scope(scope)) = self.object_mut(scope) {
            scope.variables.insert(name, value);
        }
    }

    /// Assigns to a name, attribute, item, tuple or starred target.
    pub(super) fn assign(&mut self, target: &Expr, value: Value) {
        if !self.alive() {
            return;
        }
        match &target.kind {
            ExprKind::Name(name) => {
                self.record_name(&value, name);
                self.note_named(&value, name);
                self.bind_name(name, value);
            }
            ExprKind::Attribute(object, name) => {
                let object = self.eval(object);
                self.record_name(&value, name);
                self.keep_value(&value);
                self.note_bound_attribute(target);
                if &**name == "returncode"
                    && let Some(child) = self.child(&object)
                {
                    self.run.record.let_go(child);
                }
                self.set_attribute(&object, name, value);
            }
            ExprKind::Index(object, index) => {
                let object = self.eval(object);
                let key = self.eval(index);
                self.keep_value(&value);
                let location = self.here(target.span);
                // Of what is not known it is mostly a dict.
                let holder = object.as_native().unwrap_or("dict");
                let given = [(&key, self.here(index.span)), (&value, location)];
                self.note_subscript(holder, "__setitem__", given, location);
                self.set_item(&object, &key, value, location);
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                let items = self.items(&value).and_then(Sequence::closed);
                if items.is_none() {
                    self.may_raise();
                }
                let starred = targets
                    .iter()
                    .any(|target| matches!(target.kind, ExprKind::Starred(_)));
                for (index, target) in targets.iter().enumerate() {
                    let item = match &items {
                        Some(items) if !starred => items.get(index).cloned(),
                        _ => None,
                    };
                    self.assign(target, item.unwrap_or(Value::UNKNOWN));
                }
            }
            ExprKind::Slice(list, ..) => {
                let list = self.eval(list);
                self.forget_items(&list);
            }
            ExprKind::Starred(target) => self.assign(target, Value::UNKNOWN),
            _ => {
                self.eval(target);
            }
        }
    }

    /// A list whose items have been exchanged in a way that is not modelled.
    fn forget_items(&mut self, list: &Value) {
        if let Value::Object(reference) = list
            && let Some(Object::Sequence(sequence)) = self.object_mut(*reference)
        {
            sequence.items = vec![None];
        }
    }

    pub(crate) fn set_attribute(&mut self, object: &Value, name: &Name, value: Value) {
        let Value::Object(reference) = object else {
            return;
        };
        let scope = match self.object_mut(*reference) {
            Some(Object::Instance(instance)) => {
                instance.attributes.insert(name.clone(), value);
                return;
            }
            Some(Object::Class(class)) => class.scope,
            _ => return,
        };
        self.set_variable(scope, name.clone(), value);
    }

    pub(crate) fn set_item(
        &mut self,
        object: &Value,
        key: &Value,
        value: Value,
        location: Location,
    ) {
        let Value::Object(reference) = object else {
            return;
        };
        let index = match key {
            Value::Int(int) => int.value(),
            _ => None,
        };
        match self.object_mut(*reference) {
            Some(Object::Dict(dict)) => match Key::of(key) {
                Some(key) => {
                    let entry = super::Entry {
                        value,
                        present: Truth::Yes,
                        location: Some(location),
                    };
                    dict.entries.insert(key, entry);
                }
                None => dict.open = true,
            },
            Some(Object::Sequence(sequence)) => {
                let known = sequence.items.iter().position(Option::is_none);
                let count = sequence.items.len() as i64;
                let at = index.map(|index| {
                    if index < 0 && known.is_none() {
                        index + count
                    } else {
                        index
                    }
                });
                match at {
                    Some(at)
                        if at >= 0 && (at as usize) < known.unwrap_or(sequence.items.len()) =>
                    {
                        sequence.items[at as usize] = Some(value);
                    }
                    _ => sequence.items = vec![None],
                }
            }
            _ => {}
        }
    }

    pub(super) fn delete(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Index(object, key) => {
                let object = self.eval(object);
                let key = self.eval(key);
                self.may_raise();
                if let Value::Object(reference) = object
                    && let Some(Object::Dict(dict)) = self.object_mut(reference)
                    && let Some(key) = Key::of(&key)
                {
                    dict.entries.remove(&key);
                }
            }
            ExprKind::Name(name) => self.bind_name(&name.clone(), Value::UNKNOWN),
            _ => {
                self.eval(target);
                self.may_raise();
            }
        }
    }

    pub(super) fn update(&mut self, target: &Expr, op: BinaryOp, value: &Expr, span: Span) {
        let old = self.eval(target);
        let new = self.eval(value);
        // `list += …` and `dict |= …` change the object that other names share.
        match (op, &old) {
            (BinaryOp::Add, Value::Object(_)) if self.items(&old).is_some_and(|old| !old.fixed) => {
                self.extend(&old, &new);
            }
            (BinaryOp::Or, Value::Object(_)) if self.dict(&old).is_some() => {
                let location = self.here(span);
                self.merge_dict(&old, &new, location);
            }
            _ => {
                let old = self.brought(old, target);
                let new = self.brought(new, value);
                let result = self.binary(op, &old, &new);
                self.assign(target, result);
            }
        }
    }
}
