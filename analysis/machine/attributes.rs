//! Attributes: of modules, classes, instances and what is outside the project.

use std::sync::Arc;

use super::{Arguments, Machine, Object};
use crate::code::Name;
use crate::value::{Binding, Bound, Closure, Int, Ref, Value};

impl Machine<'_> {
    /// `object.name` in the code at hand.
    pub(super) fn read(&mut self, object: &Value, name: &Name) -> Value {
        let value = self.attribute(object, name);
        if value.is_unknown() {
            self.notice_unknown_attribute(name);
        }
        self.notice(&value);
        value
    }

    /// `object.name`
    pub(crate) fn attribute(&mut self, object: &Value, name: &Name) -> Value {
        let value = self.attribute_as_left(object, name);
        self.unless_filled(value, name)
    }

    fn attribute_as_left(&mut self, object: &Value, name: &Name) -> Value {
        match object {
            Value::Native(path) => match self.dialect().member(self, path, name) {
                Value::Missing(path) => {
                    let place = self.here_attribute();
                    self.mention_missing(&path, place)
                }
                value => value,
            },
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
            // `FLAG.0` of a Rust newtype is the flag, `Name.MEMBER.value` of an enum what it holds.
            Value::Int(_) if &**name == "0" || &**name == "value" => object.clone(),
            Value::Text(_) if &**name == "value" => object.clone(),
            Value::Object(reference) => self.object_attribute(*reference, name),
            Value::Text(text) => {
                let dialect = self.dialect();
                let plain = dialect.text_attribute(text, name);
                plain.unwrap_or_else(|| self.bound_native(dialect.text_class(name), object, name))
            }
            Value::Outcome(_) => self.bound_native("Result", object, name),
            Value::Unknown(_) => object.clone(),
            _ => Value::UNKNOWN,
        }
    }

    fn bound_native(&self, class: &str, object: &Value, name: &str) -> Value {
        let callee = Value::Native(format!("{class}.{name}").into());
        Value::Bound(Arc::new(Bound {
            callee,
            first: vec![object.clone()],
            keywords: Vec::new(),
        }))
    }

    fn object_attribute(&mut self, reference: Ref, name: &Name) -> Value {
        let object = Value::Object(reference);
        match self.object(reference) {
            Some(Object::Sequence(_)) => match name.parse::<i64>() {
                // `pair.0` of a Rust tuple.
                Ok(index) => self.item(&object, &Value::Int(Int::known(index))),
                Err(_) => self.bound_native("list", &object, name),
            },
            Some(Object::Dict(_)) => self.bound_native("dict", &object, name),
            Some(Object::Command(_)) => self.bound_native("Command", &object, name),
            Some(Object::Scope(_)) => match self.name_in(reference, name) {
                Some(value) => self.force(value),
                None => Value::UNKNOWN,
            },
            Some(Object::Class(_)) => match self.member(&Value::Object(reference), name) {
                Some(Value::Function(closure)) if closure.binding == Binding::Class => {
                    self.bind_first(closure, object)
                }
                Some(value) => {
                    let value = self.force(value);
                    self.unless_set_on_class(reference, name, value)
                }
                None => Value::UNKNOWN,
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
                            let location =
                                self.here(self.run.frames.last().expect("runs").statement);
                            let bound = self.bind_first(closure, object);
                            self.call(&bound, Arguments::default(), location)
                        }
                    },
                    member => {
                        let value = if open {
                            self.settled_attribute(&class, name)
                                .or_else(|| self.declared_attribute(&class, name, member?))
                        } else {
                            member
                        };
                        self.force(value.unwrap_or(Value::UNKNOWN))
                    }
                }
            }
            _ => Value::UNKNOWN,
        }
    }

    /// A function whose first argument is given.
    pub(crate) fn bind_first(&self, closure: Arc<Closure>, first: Value) -> Value {
        let callee = Value::Function(closure);
        Value::Bound(Arc::new(Bound {
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
        seen.into_iter()
            .find_map(|class| self.distant_member(class, name))
    }
}
