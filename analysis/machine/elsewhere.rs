//! Elsewhere: what code that does not run here may have made of what a module or a constructor has
//! left behind.

use super::{Entry, Machine, Object};
use crate::code::Name;
use crate::value::{Ref, Unit, Value};

impl Machine<'_> {
    /// A value as a function meets it under this name: a dict, or a list that was left empty, also holds
    /// whatever functions put into it, and what is `None` in a dict may have been set.
    pub(super) fn unless_filled(&mut self, value: Value, name: &Name) -> Value {
        if let Value::Object(reference) = value
            && self.is_left_open(reference)
            && self.is_filled(name)
        {
            match self.object_mut(reference) {
                Some(Object::Sequence(sequence)) => sequence.items.push(None),
                Some(Object::Dict(dict)) => {
                    dict.open = true;
                    let unset = dict.entries.iter().filter(|(_, entry)| is_unset(entry));
                    for key in unset.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
                        if let Some(entry) = dict.entries.get_mut(&key) {
                            entry.value = Value::UNKNOWN;
                        }
                    }
                }
                _ => {}
            }
        }
        value
    }

    /// Whether an object is a list that other code than the run at hand made and left empty, or a dict
    /// that it made, and that this run has not touched.
    fn is_left_open(&self, reference: Ref) -> bool {
        let is_own = reference.unit == Unit::RUN || reference.unit == self.run.unit;
        if is_own || !self.is_in_function() {
            return false;
        }
        self.note_object(reference);
        let state = self.run.state.as_ref();
        if state.is_none_or(|state| state.heap.contains_key(&reference)) {
            return false;
        }
        match self.object(reference) {
            Some(Object::Sequence(sequence)) => !sequence.fixed && sequence.items.is_empty(),
            Some(Object::Dict(dict)) => !dict.open,
            _ => false,
        }
    }

    /// Whether a variable of a scope around has the value that its module left it with.
    pub(super) fn is_as_left(&self, around: Option<Ref>, name: &Name, value: &Value) -> bool {
        let holder = self.holder_of(around, name);
        let left = holder.and_then(|holder| self.world.object(holder));
        match left.map(super::Shared::get) {
            Some(Object::Scope(left)) => left.variables.get(name) == Some(value),
            _ => false,
        }
    }

    pub(super) fn is_in_function(&self) -> bool {
        let frame = self.run.frames.last();
        frame.is_some_and(|frame| frame.closure.is_some())
    }

    /// Whether some function puts something into what has this name.
    fn is_filled(&self, name: &Name) -> bool {
        let project = self.project;
        let filled = &self.world.filled;
        filled.answer(name.clone(), || project.is_filled(name))
    }

    /// The value of an attribute that a function reads from a class: methods may have set it since.
    pub(super) fn unless_set_on_class(&mut self, class: Ref, name: &Name, value: Value) -> Value {
        if !self.is_in_function() || class.unit == self.run.unit {
            return value;
        }
        let Some(Object::Class(object)) = self.object(class) else {
            return value;
        };
        let (scope, location) = (object.scope, object.location());
        self.note_object(scope);
        let state = self.run.state.as_ref();
        if !is_scalar(&value) || state.is_none_or(|state| state.heap.contains_key(&scope)) {
            return value;
        }
        match value == Value::None || self.assigned_in(location).contains_key(&**name) {
            true => Value::UNKNOWN,
            false => value,
        }
    }
}

fn is_unset(entry: &Entry) -> bool {
    entry.value == Value::None
}

/// Whether a value is a constant, or one of several.
pub(super) fn is_scalar(value: &Value) -> bool {
    value.alternatives().iter().all(|value| {
        matches!(
            value,
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Text(_)
        )
    })
}
