//! Variants of Rust enums, `Option` and `Result` among them: which one a value is, and what it holds.

use super::conditions::last_segment;
use super::{Machine, Object};
use crate::code::{Expr, Name, Pattern};
use crate::platform::Truth;
use crate::value::{Ref, Value};

impl Machine<'_> {
    /// Whether a value looks like `Class(…)` or `Class { … }`.
    pub(super) fn matches_variant(
        &mut self,
        class: &Expr,
        positional: &[Pattern],
        named: &[(Name, Pattern)],
        value: &Value,
    ) -> Truth {
        if let Value::OneOf(values) = value {
            let mut truths = values
                .iter()
                .map(|value| self.matches_variant(class, positional, named, value));
            let first = truths.next().unwrap_or(Truth::Unknown);
            return truths.fold(first, Truth::join);
        }
        match (last_segment(class), value) {
            (Some("Some"), Value::None) | (Some("Ok"), Value::Failed) => return Truth::No,
            (Some("Err"), Value::Failed) => {
                return positional.iter().fold(Truth::Yes, |holds, pattern| {
                    holds.and(self.matches(pattern, &Value::UNKNOWN))
                });
            }
            // A value stands for its success, so that of anything else it is not told which it is.
            (Some("Some" | "Ok"), Value::Outcome(_)) | (Some("Err"), _) => return Truth::Unknown,
            (Some("Some" | "Ok"), value) => {
                return match positional {
                    [inner] => Truth::Unknown.and(self.matches(inner, value)),
                    _ => Truth::Unknown,
                };
            }
            _ => {}
        }
        let class = self.eval(class);
        let is_of = self.is_of(value, &class);
        if is_of == Truth::No {
            return is_of;
        }
        let parts = parts(positional, named);
        parts.into_iter().fold(is_of, |holds, (name, pattern)| {
            let part = self.part(value, &name);
            holds.and(self.matches(pattern, &part))
        })
    }

    /// Binds the parts of a variant or struct.
    pub(super) fn bind_variant(
        &mut self,
        class: &Expr,
        positional: &[Pattern],
        named: &[(Name, Pattern)],
        value: &Value,
    ) {
        let class = self.eval(class);
        let fitting = value.alternatives().iter();
        let fitting: Vec<Value> = fitting
            .filter(|value| self.is_of(value, &class) != Truth::No)
            .cloned()
            .collect();
        let value = Value::one_of(fitting);
        for (name, pattern) in parts(positional, named) {
            let part = self.part(&value, &name);
            self.bind_parts(pattern, part);
        }
    }

    /// What a value holds under a name, if it is an instance of a type of the project.
    fn part(&mut self, value: &Value, name: &Name) -> Value {
        let are_instances = value
            .alternatives()
            .iter()
            .all(|value| self.instance(value).is_some());
        match are_instances {
            true => self.attribute(value, name),
            false => Value::UNKNOWN,
        }
    }

    /// Whether a value is of a struct or variant.
    fn is_of(&self, value: &Value, class: &Value) -> Truth {
        match (self.variant(value), class) {
            (Some(own), Value::Object(class)) if own == *class => Truth::Yes,
            (Some(own), Value::Object(class)) if self.are_siblings(own, *class) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    /// Whether two values of project types are equal: those of different variants of an enum are not.
    pub(super) fn equal_variants(&self, a: &Value, b: &Value) -> Truth {
        match (self.variant(a), self.variant(b)) {
            (Some(a), Some(b)) if self.are_siblings(a, b) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    /// The type that a value is known to be of.
    fn variant(&self, value: &Value) -> Option<Ref> {
        let Value::Object(reference) = value else {
            return None;
        };
        match self.object(*reference)? {
            Object::Class(class) if class.class.is_unit => Some(*reference),
            Object::Instance(instance) => match instance.class {
                Value::Object(class) => Some(class),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether two types are different variants of one enum.
    fn are_siblings(&self, a: Ref, b: Ref) -> bool {
        let base = |class: Ref| match self.object(class) {
            Some(Object::Class(class)) if class.class.is_variant => class.bases.first(),
            _ => None,
        };
        a != b && base(a).is_some() && base(a) == base(b)
    }
}

/// The patterns of a variant's parts, by the names of its fields.
fn parts<'p>(positional: &'p [Pattern], named: &'p [(Name, Pattern)]) -> Vec<(Name, &'p Pattern)> {
    let positional = positional.iter().enumerate();
    let positional = positional.map(|(index, pattern)| (index.to_string().into(), pattern));
    let named = named.iter().map(|(name, pattern)| (name.clone(), pattern));
    positional.chain(named).collect()
}
