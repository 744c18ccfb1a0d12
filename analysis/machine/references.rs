//! References: which objects values and objects lead to, and the same with others in their place.

use std::sync::Arc;

use super::{Dict, Entry, Instance, Object, Sequence};
use crate::value::{Bound, Closure, Namespace, Ref, Unit, Value};

impl Value {
    /// The value with another reference in the place of each; `None` where it holds something of the run
    /// at hand that cannot be moved.
    pub(super) fn with_references(&self, other: &mut dyn FnMut(Ref) -> Ref) -> Option<Value> {
        let is_kept = |reference: Ref| reference.unit != Unit::RUN;
        Some(match self {
            Value::Object(reference) => Value::Object(other(*reference)),
            Value::Function(closure) => is_of_others(closure).then(|| self.clone())?,
            Value::Bound(bound) => {
                let first = bound.first.iter();
                let keywords = bound.keywords.iter();
                Value::Bound(Arc::new(Bound {
                    callee: bound.callee.with_references(other)?,
                    first: first
                        .map(|it| it.with_references(other))
                        .collect::<Option<_>>()?,
                    keywords: keywords
                        .map(|(name, value)| Some((name.clone(), value.with_references(other)?)))
                        .collect::<Option<_>>()?,
                }))
            }
            Value::Default(inner) => Value::Default(Arc::new(inner.with_references(other)?)),
            Value::OneOf(values) => {
                let values = values.iter().map(|value| value.with_references(other));
                Value::OneOf(values.collect::<Option<_>>()?)
            }
            Value::Lazy(Namespace::Object(reference), _) => {
                is_kept(*reference).then(|| self.clone())?
            }
            Value::Constant(pending) => {
                (is_kept(pending.scope) && is_kept(pending.names)).then(|| self.clone())?
            }
            Value::Outcome(_) => return None,
            Value::Unknown(_)
            | Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Text(_)
            | Value::Native(_)
            | Value::Missing(_)
            | Value::ResolvedProgram
            | Value::Module(_)
            | Value::Lazy(Namespace::File(_), _)
            | Value::Failed
            | Value::Skip => self.clone(),
        })
    }

    /// Whether it holds nothing of the run at hand.
    fn is_of_others(&self) -> bool {
        let mut all = true;
        let mut look = |reference: Ref| {
            all &= reference.unit != Unit::RUN;
            reference
        };
        self.with_references(&mut look).is_some() && all
    }
}

/// Whether a function is not one of the run at hand.
pub(super) fn is_of_others(closure: &Closure) -> bool {
    let mut references = [Some(closure.scope), closure.class].into_iter().flatten();
    references.all(|reference| reference.unit != Unit::RUN)
}

impl Object {
    /// The object with another reference in the place of each; `None` where it cannot be moved.
    pub(super) fn with_references(&self, other: &mut dyn FnMut(Ref) -> Ref) -> Option<Object> {
        Some(match self {
            Object::Sequence(sequence) => {
                let items = sequence.items.iter().map(|item| match item {
                    Some(value) => value.with_references(other).map(Some),
                    None => Some(None),
                });
                Object::Sequence(Sequence {
                    items: items.collect::<Option<_>>()?,
                    fixed: sequence.fixed,
                })
            }
            Object::Dict(dict) => {
                let entries = dict.entries.iter().map(|(key, entry)| {
                    let value = entry.value.with_references(other)?;
                    Some((
                        key.clone(),
                        Entry {
                            value,
                            ..entry.clone()
                        },
                    ))
                });
                Object::Dict(Dict {
                    entries: entries.collect::<Option<_>>()?,
                    open: dict.open,
                })
            }
            Object::Instance(instance) if instance.spawn.is_none() => {
                let class = instance.class.with_references(other)?;
                let attributes = instance.attributes.iter();
                let attributes = attributes
                    .map(|(name, value)| Some((name.clone(), value.with_references(other)?)));
                Object::Instance(Instance {
                    class,
                    attributes: attributes.collect::<Option<_>>()?,
                    ..*instance
                })
            }
            Object::Instance(_) | Object::Scope(_) | Object::Class(_) | Object::Command(_) => {
                return None;
            }
        })
    }

    /// Whether it holds nothing of the run at hand, as far as that can be told.
    pub(super) fn is_of_others(&self) -> bool {
        match self {
            Object::Scope(scope) => {
                let mut values = scope.variables.values().chain(&scope.wildcards);
                values.all(Value::is_of_others)
            }
            Object::Sequence(sequence) => sequence.items.iter().flatten().all(Value::is_of_others),
            Object::Dict(dict) => dict
                .entries
                .values()
                .all(|entry| entry.value.is_of_others()),
            Object::Instance(instance) => {
                instance.spawn.is_none()
                    && instance.class.is_of_others()
                    && instance.attributes.values().all(Value::is_of_others)
            }
            Object::Class(_) | Object::Command(_) => false,
        }
    }
}
