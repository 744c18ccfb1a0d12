//! Rust, as the machine runs it.

use super::natives::OWN_PROGRAM;
use super::{modules, natives, world};
use crate::code::{Expr, ExprKind, Import, ModuleBody, Name};
use crate::facts::Program;
use crate::machine::{Arguments, Dialect, Features, Machine, last_segment};
use crate::platform::Platform;
use crate::project::{Project, places_of};
use crate::source::{FileId, Language};
use crate::value::{Location, Ref, Value};

/// The dialect of Rust.
#[derive(Debug)]
pub(crate) struct Rust;

/// What a type is called within its own methods.
const OWN_TYPE: &str = "Self";

impl Dialect for Rust {
    fn features(&self) -> &'static Features {
        &Features {
            constructor: None,
            receiver: Some("self"),
            own_type: Some(OWN_TYPE),
            own_name: None,
            declares_returns: true,
            exhaustive_matches: true,
            unbounded_integers: false,
            tables: false,
            loses_collected_children: true,
        }
    }

    fn program_of(&self, path: &str) -> Option<Program> {
        (path == OWN_PROGRAM).then_some(Program::Own)
    }

    fn run_module(&self, machine: &mut Machine, file: FileId) {
        let project = machine.project;
        let scope = machine.scope();
        let (root, parent) = world::modules_around(project, file, machine.platform);
        // Its own names are there before it is finished.
        let root = match root == file {
            true => Value::Object(scope),
            false => Value::Module(root),
        };
        machine.set_variable(scope, "crate".into(), root);
        machine.set_variable(scope, "self".into(), Value::Object(scope));
        machine.set_variable(scope, "super".into(), parent.unwrap_or(Value::UNKNOWN));
        if let Some(block) = project.rust(file, machine.platform) {
            machine.run_items(block);
        }
    }

    fn implemented(&self, machine: &mut Machine, of_trait: &str, members: Ref) {
        if of_trait == "Display" {
            machine.keep_display(members);
        }
    }

    fn define_module(&self, machine: &mut Machine, name: &Name, body: &ModuleBody) {
        machine.define_rust_module(name, body);
    }

    fn import(&self, machine: &mut Machine, import: &Import) {
        machine.import_rust(import);
    }

    /// The other files of its crate that implement something for the type.
    fn extending(
        &self,
        project: &Project,
        platform: Platform,
        home: FileId,
        name: &str,
    ) -> Vec<FileId> {
        let crates = project.rust_modules(platform);
        let files = project.mentioning(name).into_iter();
        files
            .filter(|file| *file != home && project.file(*file).language == Language::Rust)
            .filter(|file| crates.root(*file) == crates.root(home))
            .filter(|file| modules::implements(&project.file(*file).text, name))
            .collect()
    }

    fn builtin(&self, _platform: Platform, name: &str) -> Value {
        world::prelude(name)
    }

    fn member(&self, machine: &Machine, path: &str, name: &str) -> Value {
        world::member(path, name, machine.platform)
    }

    fn wildcard(&self, _machine: &Machine, path: &str, name: &str) -> Option<Value> {
        world::wildcard(path, name)
    }

    /// Whoever imports all of a module means to use its names beside those that everybody has.
    fn is_everywhere(&self, name: &str) -> bool {
        world::is_everywhere(name)
    }

    /// No Rust value is a module.
    fn is_module(&self, _path: &str) -> bool {
        false
    }

    fn call(
        &self,
        machine: &mut Machine,
        path: &str,
        arguments: Arguments,
        location: Location,
    ) -> Value {
        natives::call(machine, path, arguments, location)
    }

    fn unknown_method(
        &self,
        machine: &mut Machine,
        receiver: &Value,
        name: &Name,
        arguments: &Arguments,
        location: Location,
    ) -> Option<Value> {
        natives::method(machine, receiver, name, arguments, location)
    }

    fn instance_of(&self, machine: &mut Machine, path: &str) -> Value {
        natives::instance_of(machine, path)
    }

    fn converted(&self, machine: &mut Machine, value: &Value, path: &str) -> Option<Value> {
        natives::converted(machine, value, path)
    }

    fn handed_over(&self, machine: &mut Machine, reference: Ref, location: Location) {
        natives::handed_over(machine, reference, location);
    }

    /// `Default::default()`
    fn default_of(&self, machine: &mut Machine, expr: &Expr, class: &Value) -> Value {
        let is_default = match &expr.kind {
            ExprKind::Call(callee, arguments) => {
                arguments.is_empty() && last_segment(callee) == Some("default")
            }
            _ => false,
        };
        let member = machine.member(class, &"default".into());
        match member {
            Some(default @ Value::Function(_)) if is_default => {
                let location = machine.here(expr.span);
                machine.call(&default, Arguments::default(), location)
            }
            _ => Value::UNKNOWN,
        }
    }

    fn held(&self, machine: &mut Machine, holder: &Expr, inner: &Expr) -> Option<Value> {
        machine.held(holder, inner)
    }

    fn listed(&self, machine: &mut Machine, walked: Value) -> Value {
        match machine.dict(&walked) {
            Some(_) => natives::entries(machine, &walked),
            None => walked,
        }
    }

    fn walked(&self, machine: &mut Machine, walked: &Value) -> Option<Value> {
        machine.walked(walked)
    }

    fn index(&self, machine: &mut Machine, object: &Value, _index: &Value) -> Option<Value> {
        machine.any_of(object)
    }

    /// Who sends signals calls what Windows does not have.
    fn may_not_compile(&self, code: &str) -> bool {
        natives::SENDING_SIGNALS
            .iter()
            .any(|name| places_of(code, name).next().is_some())
    }

    /// A field may have the same name.
    fn method(
        &self,
        machine: &mut Machine,
        object: &Value,
        name: &Name,
        given: usize,
    ) -> Option<Value> {
        let (class, is_path) = match (machine.instance(object), machine.class(object)) {
            (Some(instance), _) => (instance.class.clone(), false),
            // A type without fields is also its only value; its functions may be called by path.
            (_, Some((_, class))) if class.class.is_unit => (object.clone(), true),
            _ => return None,
        };
        let Some(member) = machine.member(&class, name) else {
            return machine.implementations(&class, name);
        };
        match member {
            Value::Function(closure) => {
                let params = &machine.code(&closure).params;
                let takes_self = params
                    .first()
                    .is_some_and(|param| machine.takes_self(param));
                let is_method = !is_path || takes_self && given < params.len();
                is_method.then(|| machine.bind_first(closure, object.clone()))
            }
            _ => None,
        }
    }

    /// Those of `Option` and `Result`, and `to_string`.
    fn common_method(
        &self,
        machine: &mut Machine,
        receiver: &Value,
        name: &Name,
        arguments: &Arguments,
        location: Location,
    ) -> Option<Value> {
        let combined = natives::combine(machine, receiver, name, arguments, location);
        combined.or_else(|| match &**name {
            "to_string" => machine.displayed(receiver, location),
            _ => None,
        })
    }

    fn displayed(&self, machine: &mut Machine, value: &Value, location: Location) -> Option<Value> {
        machine.displayed(value, location)
    }

    /// Whoever makes one writes `Name { … }` or `Name(…)`, in a method of it perhaps `Self`.
    fn makes(&self, code: &str, name: &str, is_method: bool) -> bool {
        // The body: in the head `-> Self {` makes nothing.
        let body = code.find('{').map_or("", |body| &code[body + 1..]);
        let makes = |word: &str| {
            places_of(body, word)
                .any(|at| body[at + word.len()..].trim_start().starts_with(['{', '(']))
        };
        makes(name) || is_method && makes(OWN_TYPE)
    }

    fn sets_field(&self, text: &str, name: &str) -> bool {
        places_of(text, name).any(|at| {
            let (before, after) = (&text[..at], text[at + name.len()..].trim_start());
            let is_field = before.ends_with('.');
            let operator = after.trim_start_matches(['+', '-', '|', '&', '^']);
            let assigned = operator.starts_with('=') && !operator.starts_with("==");
            let line = before.rfind('\n').map_or(0, |newline| newline + 1);
            is_field && (assigned || before[line..].contains("&mut ") || after.starts_with(".push"))
        })
    }
}
