//! Values that hold others of which only the type is known: `Option<T>`, `Vec<T>`, `HashMap<_, T>`.

use imbl::OrdMap;

use super::natives::passes_on;
use crate::code::{Expr, ExprKind, Name};
use crate::machine::{Arguments, Instance, Machine, Object};
use crate::platform::Truth;
use crate::value::{Location, Value};

/// How types that hold others are spelled in the lowered tree.
pub(super) const OPTION: &str = "Option";
pub(super) const MANY: &str = "Vec";
pub(super) const TABLE: &str = "HashMap";

/// Where an instance of these keeps what stands for each of its items, and for each value of a table.
const ITEM: &str = "item";
const VALUE: &str = "value";

impl Machine<'_> {
    /// A value of which only the type is known, where that is `Holder[inner]`.
    pub(super) fn held(&mut self, holder: &Expr, inner: &Expr) -> Option<Value> {
        let ExprKind::Name(holder) = &holder.kind else {
            return None;
        };
        let inner = self.typed(Value::UNKNOWN, Some(inner));
        if inner.is_unknown() {
            return None;
        }
        match &**holder {
            OPTION => Some(Value::one_of([Value::None, inner])),
            MANY => Some(self.many(inner)),
            TABLE => {
                let entry = self.sequence(vec![Some(Value::UNKNOWN), Some(inner.clone())], true);
                Some(self.holder(TABLE, &[(ITEM, entry), (VALUE, inner)]))
            }
            _ => None,
        }
    }

    /// Any number of values, each of which is this one.
    pub(super) fn many(&mut self, item: Value) -> Value {
        match item {
            Value::Unknown(_) => self.sequence(vec![None], false),
            item => self.holder(MANY, &[(ITEM, item)]),
        }
    }

    fn holder(&mut self, class: &str, parts: &[(&str, Value)]) -> Value {
        let parts = parts.iter();
        let attributes: OrdMap<Name, Value> = parts
            .map(|(name, value)| (Name::from(*name), value.clone()))
            .collect();
        Value::Object(self.allocate(Object::Instance(Instance {
            class: Value::native(class),
            attributes,
            open: false,
            spawn: None,
        })))
    }

    fn part_of_holder(&self, value: &Value, name: &str) -> Option<Value> {
        let instance = self.instance(value)?;
        let class = instance.class.as_native()?;
        let is_holder = matches!(class, MANY | TABLE);
        is_holder.then(|| instance.attributes.get(name).cloned())?
    }

    /// What stands for each item of a value that is walked.
    pub(super) fn walked(&self, walked: &Value) -> Option<Value> {
        self.part_of_holder(walked, ITEM)
    }

    /// What an index finds in a value that holds others.
    pub(super) fn any_of(&self, holder: &Value) -> Option<Value> {
        self.part_of_holder(holder, VALUE)
            .or_else(|| self.part_of_holder(holder, ITEM))
    }

    /// Calls a method of a value that holds others; `None` where it is none.
    pub(super) fn method_of_holder(
        &mut self,
        holder: &Value,
        method: &str,
        arguments: &Arguments,
        location: Location,
    ) -> Option<Value> {
        let item = self.walked(holder)?;
        let value = self.any_of(holder)?;
        Some(match method {
            "values" | "values_mut" | "into_values" => self.many(value),
            "first" | "first_mut" | "last" | "last_mut" | "get" | "get_mut" | "next"
            | "next_back" | "nth" | "pop" | "pop_back" | "pop_front" | "front" | "back"
            | "remove" => Value::one_of([Value::None, value]),
            "swap_remove" => value,
            "find" | "max_by_key" | "min_by_key" | "max_by" | "min_by" => {
                self.try_on(arguments, &item, location);
                Value::one_of([Value::None, item])
            }
            "map" | "filter_map" | "flat_map" => {
                let given = self.try_on(arguments, &item, location);
                self.many(given.successful())
            }
            "find_map" => {
                let given = self.try_on(arguments, &item, location).successful();
                match given {
                    Value::Unknown(_) => Value::UNKNOWN,
                    given => Value::one_of([Value::None, given]),
                }
            }
            "all" | "any" | "for_each" | "position" | "try_for_each" => {
                self.try_on(arguments, &item, location);
                Value::UNKNOWN
            }
            "filter" | "inspect" | "skip_while" | "take_while" => {
                self.try_on(arguments, &item, location);
                holder.clone()
            }
            "enumerate" => {
                let pair = self.sequence(vec![Some(Value::UNKNOWN), Some(item)], true);
                self.many(pair)
            }
            "len" | "is_empty" | "contains" | "contains_key" | "count" | "join" | "concat" => {
                Value::UNKNOWN
            }
            _ => {
                self.hand_over(arguments, location);
                match keeps_items(method) || passes_on(method) {
                    true => holder.clone(),
                    false => Value::UNKNOWN,
                }
            }
        })
    }

    /// Calls the function that a method is given, perhaps.
    fn try_on(&mut self, arguments: &Arguments, item: &Value, location: Location) -> Value {
        let Some(callee) = arguments.positional.last().map(|last| last.value.clone()) else {
            return Value::UNKNOWN;
        };
        let mut given = Arguments::default();
        given.push(item.clone(), location);
        let mut result = Value::UNKNOWN;
        self.either(
            Truth::Unknown,
            |machine| {
                result = machine.call(&callee, given, location);
                Value::None
            },
            |_| Value::None,
        );
        result
    }
}

/// Methods that give the same items, or some of them, in some order.
fn keeps_items(method: &str) -> bool {
    matches!(
        method,
        "as_mut_slice"
            | "as_slice"
            | "chain"
            | "collect"
            | "drain"
            | "iter_mut"
            | "peekable"
            | "rev"
            | "skip"
            | "sorted"
            | "step_by"
            | "to_vec"
    )
}
