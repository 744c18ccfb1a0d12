//! `Display`, as the machine runs it: the text that a value of the project makes of itself.

use std::sync::Arc;

use imbl::OrdMap;

use crate::code::Name;
use crate::machine::{Arguments, Instance, Machine, Object};
use crate::value::{Location, Ref, Text, Value};

/// What a type is formatted to, and where what has been written so far is kept.
pub(super) const FORMATTER: &str = "std::fmt::Formatter";
const WRITTEN: &str = "written";

/// The member of a type that is its `Display`, beside other functions of the name `fmt`.
const DISPLAY: &str = "Display::fmt";

impl Machine<'_> {
    /// Keeps the function that an `impl Display` gives a type.
    pub(super) fn keep_display(&mut self, members: Ref) {
        if let Some(format) = self.variable(members, &"fmt".into()) {
            self.set_variable(members, DISPLAY.into(), format);
        }
    }

    /// The text of a value that has a `Display` of its own.
    pub(super) fn displayed(&mut self, value: &Value, location: Location) -> Option<Value> {
        let class = match (self.instance(value), self.class(value)) {
            (Some(instance), _) => instance.class.clone(),
            (_, Some((_, class))) if class.class.is_unit => value.clone(),
            _ => return None,
        };
        let Some(Value::Function(closure)) = self.member(&class, &DISPLAY.into()) else {
            return None;
        };
        let written: Name = WRITTEN.into();
        let formatter = Instance {
            class: Value::native(FORMATTER),
            attributes: OrdMap::unit(Arc::clone(&written), Value::text("")),
            open: false,
            spawn: None,
        };
        let formatter = Value::Object(self.allocate(Object::Instance(formatter)));
        let mut arguments = Arguments::default();
        arguments.push(value.clone(), location);
        arguments.push(formatter.clone(), location);
        self.call(&Value::Function(closure), arguments, location);
        self.instance(&formatter)?.attributes.get(&written).cloned()
    }

    /// Adds what a value is in a text to what a formatter has written.
    pub(super) fn write_to(&mut self, formatter: &Value, value: &Value) {
        let written: Name = WRITTEN.into();
        let Some(before) = self
            .instance(formatter)
            .and_then(|it| it.attributes.get(&written))
        else {
            return;
        };
        let joined = match before {
            // Of several texts each may be the one that goes on.
            Value::OneOf(_) | Value::Unknown(_) => Value::UNKNOWN,
            before => {
                let spelled = |value: &Value| {
                    let pieces = self.spelled(before).into_iter();
                    Value::Text(Text::new(pieces.chain(self.spelled(value)).collect()))
                };
                Value::one_of(value.alternatives().iter().map(spelled))
            }
        };
        self.set_attribute(formatter, &written, joined);
    }
}
