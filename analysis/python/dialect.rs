//! Python, as the machine runs it.

use super::{exceptions, natives, world};
use crate::Comment;
use crate::code::{BinaryOp, Block, Function, FunctionCode, Import, Name};
use crate::facts::{How, Program};
use crate::machine::{Arguments, Dialect, Exception, Features, Lack, Machine, Sequence};
use crate::platform::{Platform, Truth};
use crate::source::FileId;
use crate::value::{Location, Ref, Text, Value};

/// The dialect of Python.
#[derive(Debug)]
pub(crate) struct Python;

/// What a module is called, which is another name where it is run by itself.
const OWN_NAME: &str = "__name__";

impl Dialect for Python {
    fn features(&self) -> &'static Features {
        &Features {
            constructor: Some("__init__"),
            receiver: None,
            own_type: None,
            own_name: Some(OWN_NAME),
            declares_returns: false,
            exhaustive_matches: false,
            unbounded_integers: true,
            tables: true,
            loses_collected_children: false,
        }
    }

    fn program_of(&self, path: &str) -> Option<Program> {
        (path == "sys.executable").then_some(Program::Resolved)
    }

    fn function(&self, text: &str, function: &Function) -> FunctionCode {
        super::function(text, function)
    }

    fn run_module(&self, machine: &mut Machine, file: FileId) {
        let project = machine.project;
        machine.set_variable(machine.scope(), OWN_NAME.into(), Value::UNKNOWN);
        machine.run_block(project.python(file));
    }

    fn import(&self, machine: &mut Machine, import: &Import) {
        machine.import_python(import);
    }

    /// A name in `__all__`, or where that is not there, one that does not begin with an underscore.
    fn exports(&self, machine: &Machine, scope: Ref, name: &str) -> bool {
        match machine.variable(scope, &"__all__".into()) {
            None => !name.starts_with('_'),
            Some(all) => match machine.items(&all).and_then(Sequence::closed) {
                Some(names) => names
                    .iter()
                    .any(|listed| listed.as_text().is_none_or(|listed| *listed == *name)),
                None => true,
            },
        }
    }

    /// What an interpreter is given with `-c`.
    fn embedded<'v>(&self, program: &Value, arguments: &'v [Option<Value>]) -> Option<&'v Value> {
        if !may_be_interpreter(program) {
            return None;
        }
        let mut arguments = arguments.iter();
        loop {
            match arguments.next()? {
                Some(Value::Text(flag)) if flag.known().as_deref() == Some("-c") => {
                    return arguments.next()?.as_ref();
                }
                // Other flags may stand before it; behind an unknown number of arguments nothing
                // is known.
                Some(_) => {}
                None => return None,
            }
        }
    }

    fn program(&self, text: &str) -> Option<(Block, Vec<Comment>)> {
        // A program without an import does nothing that matters here, and may be no Python.
        if !text.contains("import") {
            return None;
        }
        let (block, comments, problems) = super::program(text);
        problems.is_empty().then_some((block, comments))
    }

    fn builtin(&self, platform: Platform, name: &str) -> Value {
        world::builtin(name, platform)
    }

    fn member(&self, machine: &Machine, path: &str, name: &str) -> Value {
        let assumptions = &machine.project.assumptions;
        world::member(path, name, machine.platform, assumptions)
    }

    fn wildcard(&self, machine: &Machine, path: &str, name: &str) -> Option<Value> {
        let assumptions = &machine.project.assumptions;
        world::wildcard(path, name, machine.platform, assumptions)
    }

    fn makes_pointers(&self, function: &str) -> bool {
        matches!(function, "ctypes.byref" | "ctypes.pointer")
    }

    fn is_module(&self, path: &str) -> bool {
        world::is_module(path)
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
        _location: Location,
    ) -> Option<Value> {
        // The number of what an object has stands for that.
        if **name == *"fileno" && matches!(receiver, Value::Bound(_)) {
            return Some(receiver.clone());
        }
        match crate::platform::answer(name, machine.platform) {
            Some(answer) => Some(Value::Bool(answer)),
            // What `ExitStack` enters is mostly a file, which gives itself.
            None if **name == *"enter_context" || **name == *"enter_async_context" => {
                let entered = &arguments.positional.first()?.value;
                entered.as_native().map(Value::native)
            }
            None => natives::setting(name, arguments)
                .or_else(|| natives::method_of_unknown(name, arguments)),
        }
    }

    fn instance_of(&self, machine: &mut Machine, path: &str) -> Value {
        natives::instance_of(machine, path)
    }

    fn text_attribute(&self, text: &Text, name: &str) -> Option<Value> {
        natives::attribute(text, name)
    }

    /// A path is followed as its text.
    fn text_class(&self, name: &str) -> &'static str {
        natives::class_of_method(name).unwrap_or("str")
    }

    fn lack(&self, path: &str, how: How) -> Lack {
        let module = world::missing_module(path);
        let raises = match (how, &module) {
            (How::ImportedByModule | How::ImportedByFunction, Some(module)) => module.raises,
            (How::Read | How::Called, _) => "AttributeError",
            _ => "ImportError",
        };
        Lack {
            raises,
            supplied_by: module.and_then(|module| module.supplied_by),
        }
    }

    fn index(&self, machine: &mut Machine, object: &Value, index: &Value) -> Option<Value> {
        natives::plumbum::index(machine, object, index).or_else(|| {
            let path = object.as_native()?;
            Some(world::element(path, index, machine.platform))
        })
    }

    fn same(&self, platform: Platform, a: &str, b: &str) -> Truth {
        world::same_module(a, b, platform)
    }

    fn has_element(&self, platform: Platform, path: &str, item: &Value) -> Truth {
        world::has_element(path, item, platform)
    }

    fn operator(
        &self,
        machine: &mut Machine,
        op: BinaryOp,
        (left, right): (&Value, &Value),
        location: Location,
    ) -> Option<Value> {
        let special = natives::plumbum::operator(machine, op, left, right, location);
        match op {
            BinaryOp::Divide => special.or_else(|| natives::below(machine, left, right)),
            _ => special,
        }
    }

    fn remainder(&self, machine: &Machine, text: &Text, value: &Value) -> Option<Text> {
        Some(natives::percent(machine, text, value))
    }

    fn leaves_to_others(&self, word: &str) -> bool {
        matches!(word, "NotImplementedError" | "abstractmethod")
    }

    fn puts_into(&self, after: &str) -> bool {
        super::filling::puts_into(after)
    }

    fn catches(&self, class: &str, exception: Exception) -> Truth {
        exceptions::covers(class, exceptions::class_of(exception))
    }

    fn catches_anything(&self, class: &str) -> bool {
        matches!(class, "builtins.Exception" | "builtins.BaseException")
    }
}

/// Whether a program can be a Python interpreter.
fn may_be_interpreter(program: &Value) -> bool {
    program.alternatives().iter().any(|program| match program {
        Value::Text(text) => text.known().is_none_or(|name| {
            let name = name
                .rsplit(['/', '\\'])
                .next()
                .unwrap_or(&name)
                .to_lowercase();
            name.starts_with("python") || name == "py" || name == "py.exe"
        }),
        Value::None => false,
        _ => true,
    })
}
