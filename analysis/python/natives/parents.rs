//! `super()`: methods of the classes that a class is derived from, called on an instance at hand.

use crate::code::Name;
use crate::machine::{Arguments, Instance, Machine, Object};
use crate::value::{Location, Value};

/// What `super()` gives is an instance of.
const SUPER: &str = "super";

/// Its attributes: what the method is called on, and the class whose bases are asked for it.
const RECEIVER: &str = "__self__";
const CLASS: &str = "__thisclass__";

/// Calls `super()`, or a method of what it gives.
pub(super) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: &Arguments,
    location: Location,
) -> Option<Value> {
    if path == "builtins.super" {
        return Some(parent(machine, arguments).unwrap_or(Value::UNKNOWN));
    }
    let name = path.strip_prefix("super.")?;
    let given = &arguments.positional.first()?.value;
    let attributes = machine.instance(given)?.attributes.clone();
    let receiver = attributes.get(&Name::from(RECEIVER))?.clone();
    let class = attributes.get(&Name::from(CLASS))?.clone();
    let (_, object) = machine.class(&class)?;
    let bases = object.bases.clone();
    let mut found = None;
    for base in bases {
        let base = machine.force(base);
        found = machine.member(&base, &name.into());
        if found.is_some() {
            break;
        }
    }
    let mut rest = arguments.clone();
    rest.positional.remove(0);
    match found {
        Some(Value::Function(closure)) => {
            let method = machine.bind_first(closure, receiver);
            Some(machine.call(&method, rest, location))
        }
        _ => {
            machine.hand_over(&rest, location);
            Some(Value::UNKNOWN)
        }
    }
}

/// What `super()` gives in a method, or `super(Class, self)` anywhere.
fn parent(machine: &mut Machine, arguments: &Arguments) -> Option<Value> {
    let given = |at: usize| arguments.positional.get(at).map(|it| it.value.clone());
    let (class, receiver) = match (given(0), given(1)) {
        (Some(class), Some(receiver)) => (class, receiver),
        (None, None) => machine.method_at_hand()?,
        _ => return None,
    };
    let attributes = [(Name::from(CLASS), class), (Name::from(RECEIVER), receiver)];
    let instance = Instance {
        class: Value::native(SUPER),
        attributes: attributes.into_iter().collect(),
        open: false,
        spawn: None,
    };
    Some(Value::Object(machine.allocate(Object::Instance(instance))))
}
