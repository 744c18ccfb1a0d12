//! What calling something outside the project does, in Python: by its qualified name.

mod containers;
mod cure;
mod functional;
mod handed;
mod parents;
mod paths;
pub(super) mod plumbum;
mod processes;
mod runtime;
mod strings;
mod win32;

use std::sync::Arc;

use super::world;
use crate::machine::{Arguments, Instance, Machine, Object};
use crate::value::{Location, SpawnRef, Value};
pub(crate) use handed::hands_on;
pub(crate) use paths::{attribute, below, class_of_method, method_of_unknown};
pub(crate) use processes::{is_spawner_of_os, spawn_words};
pub(crate) use runtime::setting;
pub(crate) use strings::percent;

/// Calls a native by its qualified name.
pub(crate) fn call(
    machine: &mut Machine,
    path: &str,
    arguments: Arguments,
    location: Location,
) -> Value {
    if let Some(value) = processes::call(machine, path, &arguments, location) {
        return value;
    }
    if let Some(value) = plumbum::call(machine, path, &arguments, location) {
        return value;
    }
    if let Some(value) = win32::call(machine, path, &arguments, location) {
        return value;
    }
    if let Some(value) = paths::call(machine, path, &arguments) {
        return value;
    }
    if let Some(method) = path.strip_prefix("str.") {
        return strings::call(machine, method, &arguments);
    }
    if let Some(method) = path.strip_prefix("list.") {
        return containers::list_method(machine, method, &arguments);
    }
    if let Some(method) = path.strip_prefix("dict.") {
        return containers::dict_method(machine, method, &arguments, location);
    }
    if let Some(value) = containers::constructor(machine, path, &arguments, location) {
        return value;
    }
    if let Some(value) = strings::function(machine, path, &arguments) {
        return value;
    }
    if let Some(value) = functional::call(machine, path, &arguments, location) {
        return value;
    }
    if let Some(value) = parents::call(machine, path, &arguments, location) {
        return value;
    }
    if let Some(value) = cure::call(machine, path, &arguments, location) {
        return value;
    }
    if let Some(value) = handed::call(machine, path, &arguments, location) {
        return value;
    }
    runtime::call(machine, path, arguments, location)
}

/// An instance of a class outside the project of which only the class is known.
pub(crate) fn instance_of(machine: &mut Machine, class: &str) -> Value {
    match class {
        "subprocess.Popen" | "asyncio.subprocess.Process" | "psutil.Process" | handed::LOOP => {
            instance(machine, class, None)
        }
        _ if paths::is_class(class) => paths::unknown_path(),
        _ => Value::UNKNOWN,
    }
}

/// A new instance of a class outside the project.
fn instance(machine: &mut Machine, class: &str, spawn: Option<SpawnRef>) -> Value {
    let instance = Instance {
        class: Value::Native(Arc::from(class)),
        attributes: imbl::OrdMap::new(),
        open: true,
        spawn,
    };
    Value::Object(machine.allocate(Object::Instance(instance)))
}
