//! Hooks: what a function does that is run in the child, before its program, about sessions and
//! process groups, told from its code. Comments and texts in it have no say.

use std::sync::Arc;

use super::calls::param_name;
use super::conditions::last_segment;
use super::{Machine, Object};
use crate::code::{
    Argument, Block, Expr, ExprKind, FunctionCode, Import, Imported, Name, Stmt, StmtKind,
};
use crate::parts;
use crate::value::{Binding, Closure, Location, Value};

/// What a hook does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hook {
    /// It makes the child lead a session: `setsid()`.
    pub session: bool,
    /// It makes the child lead a process group: `setpgrp()`, `setpgid(0, 0)`.
    pub group: bool,
    /// It does something else, or one of these under a condition, or more than once.
    pub more: bool,
}

/// What can be called in a hook that counts here.
enum Callee {
    Session,
    Group,
    Project(Arc<Closure>),
    Other,
}

/// A hook as it is looked through.
struct Search {
    found: Hook,
    /// Functions looked through, or about to be.
    seen: Vec<Location>,
    /// Names that only the function at hand has.
    locals: Vec<(Name, Value)>,
}

impl Machine<'_> {
    /// What calling a value without arguments does.
    pub(crate) fn hook(&mut self, value: &Value) -> Hook {
        let mut search = Search {
            found: Hook::default(),
            seen: Vec::new(),
            locals: Vec::new(),
        };
        self.look_into(value, &mut search);
        search.found
    }

    fn look_into(&mut self, value: &Value, search: &mut Search) {
        let (callee, first) = match value {
            Value::Bound(bound) if bound.keywords.is_empty() => {
                (&bound.callee, bound.first.as_slice())
            }
            Value::Bound(bound) => {
                search.found.more = true;
                (&bound.callee, bound.first.as_slice())
            }
            value => (value, &[][..]),
        };
        match self.callee(callee) {
            Callee::Session => search.take(true, first.is_empty()),
            Callee::Group => {
                let plain = takes_none(callee) && first.is_empty()
                    || !takes_none(callee) && are_zeros(first);
                search.take(false, plain);
            }
            Callee::Project(closure) => self.look_through(&closure, first, search),
            Callee::Other => search.found.more = true,
        }
    }

    fn look_through(&mut self, closure: &Arc<Closure>, first: &[Value], search: &mut Search) {
        let location = closure.location();
        if search.seen.contains(&location) {
            search.found.more = true;
            return;
        }
        search.seen.push(location);
        let code: &FunctionCode = self.code(closure);
        // What makes a static or a class method of it does nothing to it.
        let known = usize::from(matches!(closure.binding, Binding::Static | Binding::Class));
        search.found.more |= closure.function.decorators.len() > known;
        if code.is_async || code.is_generator {
            // To call it does nothing of what is written in it.
            search.found.more = true;
            return;
        }
        let values = first
            .iter()
            .cloned()
            .chain(std::iter::repeat(Value::UNKNOWN));
        let given = code
            .params
            .iter()
            .filter_map(param_name)
            .cloned()
            .zip(values);
        let outer = std::mem::replace(&mut search.locals, given.collect());
        self.look_through_block(&code.body, closure, search);
        search.locals = outer;
    }

    fn look_through_block(&mut self, block: &Block, closure: &Closure, search: &mut Search) {
        for statement in block {
            self.look_at_statement(statement, closure, search);
        }
    }

    fn look_at_statement(&mut self, statement: &Stmt, closure: &Closure, search: &mut Search) {
        match &statement.kind {
            StmtKind::Expr(value) | StmtKind::Tail(value) | StmtKind::Return(Some(value)) => {
                self.look_at_expression(value, closure, search);
            }
            StmtKind::Return(None) => {}
            StmtKind::Import(import) => search.import(import),
            _ => {
                search.found.more = true;
                for value in parts::of_statement(statement) {
                    self.look_at_expression(value, closure, search);
                }
                for block in parts::blocks_of_statement(statement) {
                    self.look_through_block(block, closure, search);
                }
            }
        }
    }

    fn look_at_expression(&mut self, expr: &Expr, closure: &Closure, search: &mut Search) {
        match &expr.kind {
            _ if expr.is_scalar() => {}
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                for item in items {
                    self.look_at_expression(item, closure, search);
                }
            }
            ExprKind::Block(block) => self.look_through_block(block, closure, search),
            ExprKind::Call(callee, arguments) => {
                self.look_at_call(callee, arguments, closure, search);
            }
            _ => {
                search.found.more = true;
                for part in parts::of_expression(expr) {
                    self.look_at_expression(part, closure, search);
                }
            }
        }
    }

    fn look_at_call(
        &mut self,
        callee: &Expr,
        arguments: &[Argument],
        closure: &Closure,
        search: &mut Search,
    ) {
        let value = match self.named(callee, closure, search) {
            // A library that is called through a foreign interface.
            Value::Unknown(_) => last_segment(callee).map_or(Value::UNKNOWN, Value::native),
            value => value,
        };
        let is_bare = arguments.is_empty();
        match self.callee(&value) {
            Callee::Session => search.take(true, is_bare),
            Callee::Group => {
                let is_zero = |argument: &Argument| matches!(argument.value.kind, ExprKind::Int(0));
                let plain = match takes_none(&value) {
                    true => is_bare,
                    false => arguments.len() == 2 && arguments.iter().all(is_zero),
                };
                search.take(false, plain);
            }
            Callee::Project(_) => {
                search.found.more |= !is_bare;
                self.look_into(&value, search);
            }
            Callee::Other => {
                search.found.more = true;
                for part in [callee]
                    .into_iter()
                    .chain(arguments.iter().map(|it| &it.value))
                {
                    self.look_at_expression(part, closure, search);
                }
            }
        }
    }

    fn callee(&self, value: &Value) -> Callee {
        match value {
            Value::Native(path) | Value::Missing(path) => {
                match path.rsplit(['.', ':']).next().unwrap_or_default() {
                    "setsid" => Callee::Session,
                    "setpgrp" | "setpgid" => Callee::Group,
                    _ => Callee::Other,
                }
            }
            Value::Function(closure) => Callee::Project(Arc::clone(closure)),
            Value::Bound(bound) => self.callee(&bound.callee),
            _ => Callee::Other,
        }
    }

    /// What a name or the path of one stands for in a function, without running anything.
    fn named(&mut self, expr: &Expr, closure: &Closure, search: &Search) -> Value {
        match &expr.kind {
            ExprKind::Name(name) => {
                let mut locals = search.locals.iter().rev();
                if let Some((_, value)) = locals.find(|(local, _)| local == name) {
                    return value.clone();
                }
                let dialect = self.dialect_of(closure.document);
                match self.name_in(closure.scope, name) {
                    Some(value) => self.force(value),
                    None => dialect.builtin(self.platform, name),
                }
            }
            ExprKind::Attribute(object, name) => {
                let object = self.named(object, closure, search);
                self.member_named(&object, name, closure)
            }
            _ => Value::UNKNOWN,
        }
    }

    fn member_named(&mut self, object: &Value, name: &Name, closure: &Closure) -> Value {
        let dialect = self.dialect_of(closure.document);
        match object {
            Value::Native(path) => dialect.member(self, path, name),
            Value::Missing(path) => Value::Missing(format!("{path}.{name}").into()),
            Value::Module(file) => {
                let value = self.module_name(*file, name);
                self.force(value)
            }
            Value::Object(reference) => match self.object(*reference) {
                Some(Object::Instance(instance)) => {
                    let class = instance.class.clone();
                    match self.member(&class, name) {
                        Some(Value::Function(method)) if method.binding == Binding::Static => {
                            Value::Function(method)
                        }
                        Some(Value::Function(method)) => self.bind_first(method, object.clone()),
                        _ => Value::UNKNOWN,
                    }
                }
                Some(Object::Class(_)) => self.member(object, name).unwrap_or(Value::UNKNOWN),
                Some(Object::Scope(_)) => {
                    let value = self.name_in(*reference, name);
                    value.map_or(Value::UNKNOWN, |value| self.force(value))
                }
                _ => Value::UNKNOWN,
            },
            _ => Value::UNKNOWN,
        }
    }
}

impl Search {
    /// Adds that the child is made to lead a session, or a group.
    fn take(&mut self, session: bool, is_plain: bool) {
        let is_second = self.found.session || self.found.group;
        self.found.more |= is_second || !is_plain;
        self.found.session |= session;
        self.found.group |= !session;
    }

    /// An import in a hook does nothing where it is of the module that has what hooks call.
    fn import(&mut self, import: &Import) {
        let path: Vec<&str> = import.path.iter().map(|part| &**part).collect();
        let path = path.join(".");
        self.found.more |= import.level > 0 || path != "os";
        match &import.what {
            Imported::Module { alias } => {
                let first = import.path.first();
                if let Some(bound) = alias.as_ref().or(first) {
                    let module = match alias {
                        Some(_) => path.as_str(),
                        None => first.map_or("", |first| first),
                    };
                    self.locals.push((bound.clone(), Value::native(module)));
                }
            }
            Imported::Item { name, bind } => {
                let value = Value::native(format!("{path}.{name}"));
                self.locals.push((bind.clone(), value));
            }
            Imported::All => {}
        }
    }
}

/// Whether a function that makes a group takes no arguments: `setpgrp`, not `setpgid`.
fn takes_none(value: &Value) -> bool {
    match value {
        Value::Native(path) | Value::Missing(path) => path.ends_with("setpgrp"),
        _ => false,
    }
}

fn are_zeros(values: &[Value]) -> bool {
    let is_zero = |value: &Value| matches!(value, Value::Int(int) if int.value() == Some(0));
    values.len() == 2 && values.iter().all(is_zero)
}
