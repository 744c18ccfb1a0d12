//! The dialect: what the machine asks a language.
//!
//! Code of every language runs as the same typed tree. Where languages differ in what a part of it
//! does, in what the names of their libraries mean, and in how modules come to each other, the
//! machine asks the dialect of the text that the code stands in.

use super::{Arguments, Machine};
use crate::Comment;
use crate::code::{BinaryOp, Block, Expr, Function, FunctionCode, Import, ModuleBody, Name};
use crate::facts::{How, Program};
use crate::platform::{Platform, Truth};
use crate::project::Project;
use crate::source::FileId;
use crate::value::{Location, Ref, Text, Value};

/// In what languages differ whatever the code is about.
#[derive(Debug)]
pub(crate) struct Features {
    /// The method that a new instance is given to; where there is none, whoever makes an instance
    /// writes out its fields.
    pub constructor: Option<&'static str>,
    /// What the parameter is called that takes the instance; where that is not said, the first one of
    /// a method does.
    pub receiver: Option<&'static str>,
    /// What a type is called within its own methods.
    pub own_type: Option<&'static str>,
    /// The variable of a module that tells whether it is imported or run by itself.
    pub own_name: Option<&'static str>,
    /// Whether a value is what a function is declared to return.
    pub declares_returns: bool,
    /// Whether one arm of each `match` fits.
    pub exhaustive_matches: bool,
    /// Whether an integer has as many bits as it needs.
    pub unbounded_integers: bool,
    /// Whether module bodies fill tables by which other code finds functions.
    pub tables: bool,
    /// Whether a child that is put into a collection is followed no further: then whoever stops a child
    /// in its file may mean it.
    pub loses_collected_children: bool,
}

/// What is raised, for handlers to catch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exception<'e> {
    /// Anything.
    Unknown,
    /// An instance of the class with this qualified name.
    Of(&'e str),
    /// An assertion does not hold.
    Assertion,
    /// The program ends.
    Exit,
    /// A module does not have a name.
    MissingName,
    /// A module does not have a name that is imported from it.
    MissingMember,
    /// There is no such module.
    MissingModule,
    /// The system refuses to start a process.
    Refused,
    /// There is no such program.
    NotFound,
}

/// What using a name comes to that the platform lacks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lack {
    /// The exception it raises.
    pub raises: &'static str,
    /// A package that gives the platform the name.
    pub supplied_by: Option<&'static str>,
}

/// A language, as the machine runs it.
pub(crate) trait Dialect: Sync {
    /// In what it differs from others.
    fn features(&self) -> &'static Features;

    // ---- code and modules ----

    /// Parameters and body of a function of a text that were not lowered together with the rest.
    fn function(&self, _text: &str, _function: &Function) -> FunctionCode {
        FunctionCode::default()
    }

    /// Runs the body of a module; the scope at hand is to hold its names.
    fn run_module(&self, machine: &mut Machine, file: FileId);

    /// Declares a module within another.
    fn define_module(&self, _machine: &mut Machine, _name: &Name, _body: &ModuleBody) {}

    /// Runs an import.
    fn import(&self, machine: &mut Machine, import: &Import);

    /// The members of a type have been given what a trait asks for.
    fn implemented(&self, _machine: &mut Machine, _of_trait: &str, _members: Ref) {}

    /// Whether a function outside the project makes a pointer to what it is given, for others to change it.
    fn makes_pointers(&self, _function: &str) -> bool {
        false
    }

    /// Whether a wildcard import of a module brings in a name that its scope binds.
    fn exports(&self, _machine: &Machine, _scope: Ref, _name: &str) -> bool {
        true
    }

    /// The other files that may give members to a type of this name that a file defines.
    fn extending(
        &self,
        _project: &Project,
        _platform: Platform,
        _home: FileId,
        _name: &str,
    ) -> Vec<FileId> {
        Vec::new()
    }

    /// The program that a command runs because it is given its text, as in `python -c`.
    fn embedded<'v>(&self, _program: &Value, _arguments: &'v [Option<Value>]) -> Option<&'v Value> {
        None
    }

    /// Lowers the whole of such a program, if it is one that is worth running.
    fn program(&self, _text: &str) -> Option<(Block, Vec<Comment>)> {
        None
    }

    // ---- names outside the project ----

    /// What a name means that no scope binds.
    fn builtin(&self, platform: Platform, name: &str) -> Value;

    /// `name` of the module or type `path`.
    fn member(&self, machine: &Machine, path: &str, name: &str) -> Value;

    /// What a wildcard import of `path` brings in for `name`, if it does.
    fn wildcard(&self, machine: &Machine, path: &str, name: &str) -> Option<Value>;

    /// Whether a name is in scope everywhere, also beside a wildcard import of which nothing is known.
    fn is_everywhere(&self, _name: &str) -> bool {
        false
    }

    /// Whether a path is that of a module.
    fn is_module(&self, path: &str) -> bool;

    /// Calls a function or method by its qualified name; the receiver is the first argument.
    fn call(
        &self,
        machine: &mut Machine,
        path: &str,
        arguments: Arguments,
        location: Location,
    ) -> Value;

    /// Calls a method of something of which nothing is known; `None` if it may do anything.
    fn unknown_method(
        &self,
        machine: &mut Machine,
        receiver: &Value,
        name: &Name,
        arguments: &Arguments,
        location: Location,
    ) -> Option<Value>;

    /// An instance of a type of which only the type is known.
    fn instance_of(&self, machine: &mut Machine, path: &str) -> Value;

    /// `text.name`, where it is no method.
    fn text_attribute(&self, _text: &Text, _name: &str) -> Option<Value> {
        None
    }

    /// The type whose method of this name a text has.
    fn text_class(&self, _name: &str) -> &'static str {
        "str"
    }

    /// What becomes of an instance of a type of the project where one of another type is wanted.
    fn converted(&self, _machine: &mut Machine, _value: &Value, _path: &str) -> Option<Value> {
        None
    }

    /// Something made by the project reaches code that is not seen.
    fn handed_over(&self, _machine: &mut Machine, _reference: Ref, _location: Location) {}

    /// What an expression that is not known by itself is where an instance of a class is wanted.
    fn default_of(&self, _machine: &mut Machine, _expr: &Expr, _class: &Value) -> Value {
        Value::UNKNOWN
    }

    /// A value of which only the type is known, one that holds values of another type.
    fn held(&self, _machine: &mut Machine, _holder: &Expr, _inner: &Expr) -> Option<Value> {
        None
    }

    /// The list of what a loop over a value comes to, if it is no list itself.
    fn listed(&self, _machine: &mut Machine, walked: Value) -> Value {
        walked
    }

    /// What stands for each item of a value that is walked, and is no list.
    fn walked(&self, _machine: &mut Machine, _walked: &Value) -> Option<Value> {
        None
    }

    /// Whether code may be an error of the compiler wherever it stands, reached or not.
    fn may_not_compile(&self, _code: &str) -> bool {
        false
    }

    /// The program that a name of a library stands for where it is started.
    fn program_of(&self, _path: &str) -> Option<Program> {
        None
    }

    /// What using a name that the platform lacks comes to.
    fn lack(&self, _path: &str, _how: How) -> Lack {
        Lack::default()
    }

    // ---- what else code does ----

    /// The method that a call means whatever else has its name; `given` is the number of arguments.
    fn method(
        &self,
        _machine: &mut Machine,
        _object: &Value,
        _name: &Name,
        _given: usize,
    ) -> Option<Value> {
        None
    }

    /// Calls a method that the language gives to values of many types, where the project does not.
    fn common_method(
        &self,
        _machine: &mut Machine,
        _receiver: &Value,
        _name: &Name,
        _arguments: &Arguments,
        _location: Location,
    ) -> Option<Value> {
        None
    }

    /// The text that a value of the project makes of itself.
    fn displayed(
        &self,
        _machine: &mut Machine,
        _value: &Value,
        _location: Location,
    ) -> Option<Value> {
        None
    }

    /// `object[index]` of something that is neither a list nor a dict.
    fn index(&self, _machine: &mut Machine, _object: &Value, _index: &Value) -> Option<Value> {
        None
    }

    /// Whether two names from outside the project stand for the same.
    fn same(&self, _platform: Platform, _a: &str, _b: &str) -> Truth {
        Truth::Unknown
    }

    /// Whether something outside the project is known to contain an item.
    fn has_element(&self, _platform: Platform, _path: &str, _item: &Value) -> Truth {
        Truth::Unknown
    }

    /// An operator that a library gives a meaning of its own.
    fn operator(
        &self,
        _machine: &mut Machine,
        _op: BinaryOp,
        _operands: (&Value, &Value),
        _location: Location,
    ) -> Option<Value> {
        None
    }

    /// `text % value`
    fn remainder(&self, _machine: &Machine, _text: &Text, _value: &Value) -> Option<Text> {
        None
    }

    /// Whether a handler for the class with this qualified name catches an exception.
    fn catches(&self, _class: &str, _exception: Exception) -> Truth {
        Truth::Unknown
    }

    /// Whether a handler for the class with this qualified name is there for exceptions of every kind.
    fn catches_anything(&self, _class: &str) -> bool {
        false
    }

    /// Whether the code that follows the name of a container puts something into it.
    fn puts_into(&self, _after: &str) -> bool {
        false
    }

    /// Whether a method that does nothing but raise this class, or has this decorator, by its last
    /// name, leaves its code to other classes.
    fn leaves_to_others(&self, _word: &str) -> bool {
        false
    }

    /// Whether the code of a function may make an instance of a type by writing out its fields.
    fn makes(&self, _code: &str, _name: &str, _is_method: bool) -> bool {
        false
    }

    /// Whether a text may set a field of an instance that is made already.
    fn sets_field(&self, _text: &str, _name: &str) -> bool {
        true
    }
}
