//! Which expressions are commands: of which library, and whether owned or borrowed.

use syn::visit::Visit;
use syn::{Expr, Pat, Type};

use super::scopes::Scopes;

/// A command, or a reference to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) library: Library,
    pub(super) form: Form,
}

/// Whose command it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Library {
    Std,
    Tokio,
    Other,
}

/// How a command is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As a value that can be borrowed.
    Owned,
    /// As `&mut`.
    Borrowed,
}

impl Library {
    fn of(path: &str) -> Option<Library> {
        match path {
            "std::process::Command" => Some(Library::Std),
            "tokio::process::Command" => Some(Library::Tokio),
            "async_process::Command"
            | "async_std::process::Command"
            | "portable_pty::CommandBuilder"
            | "smol::process::Command" => Some(Library::Other),
            _ => None,
        }
    }
}

/// The local variables in sight, the latest last.
#[derive(Default)]
pub(super) struct Variables(Vec<Variable>);

struct Variable {
    name: String,
    /// What it holds, if that is a command.
    command: Option<Command>,
    /// Whether it is declared with a type that is written out.
    is_typed: bool,
}

impl Variables {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn truncate(&mut self, count: usize) {
        self.0.truncate(count);
    }

    /// Adds what a pattern binds, to a value that may be a command.
    pub(super) fn bind(&mut self, pattern: &Pat, command: Option<Command>, scopes: &Scopes) {
        match pattern {
            Pat::Type(typed) => {
                self.bind(&typed.pat, of_type(&typed.ty, scopes), scopes);
                if let (Pat::Ident(_), Some(variable)) = (&*typed.pat, self.0.last_mut()) {
                    variable.is_typed = is_plain(&typed.ty);
                }
            }
            Pat::Ident(binding) if binding.subpat.is_none() && binding.by_ref.is_none() => {
                let usable = |command: &Command| {
                    command.form == Form::Borrowed || binding.mutability.is_some()
                };
                self.0.push(Variable {
                    name: binding.ident.to_string(),
                    command: command.filter(usable),
                    is_typed: false,
                });
            }
            pattern => {
                let mut names = Names(Vec::new());
                names.visit_pat(pattern);
                self.0.extend(names.0.into_iter().map(|name| Variable {
                    name,
                    command: None,
                    is_typed: false,
                }));
            }
        }
    }

    fn get(&self, name: &str) -> Option<&Variable> {
        self.0.iter().rev().find(|known| known.name == name)
    }

    /// Whether the type of a number does not depend on what it is given to, and to name it is safe.
    pub(super) fn has_type(&self, number: &Expr) -> bool {
        match number {
            Expr::Cast(cast) => is_plain(&cast.ty) && self.is_safe(&cast.expr),
            Expr::Lit(_) => true,
            Expr::Paren(paren) => self.has_type(&paren.expr),
            Expr::Unary(unary) => {
                matches!(unary.op, syn::UnOp::Neg(_)) && self.has_type(&unary.expr)
            }
            // Structures declare the types of their fields.
            Expr::Field(field) => {
                matches!(field.member, syn::Member::Named(_)) && self.is_safe(&field.base)
            }
            Expr::Path(path) => path
                .path
                .get_ident()
                .and_then(|name| self.get(&name.to_string()))
                .is_some_and(|variable| variable.is_typed),
            _ => false,
        }
    }

    /// Whether an expression needs no `unsafe`. In doubt it does.
    fn is_safe(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Lit(_) => true,
            Expr::Cast(cast) => self.is_safe(&cast.expr),
            Expr::Paren(paren) => self.is_safe(&paren.expr),
            Expr::Field(field) => self.is_safe(&field.base),
            // Of a `Child` and of nix's `Pid`.
            Expr::MethodCall(call) => {
                call.args.is_empty()
                    && matches!(&*call.method.to_string(), "id" | "as_raw")
                    && self.is_safe(&call.receiver)
            }
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) => {
                    let names = path.path.segments.iter().map(|segment| &segment.ident);
                    names.eq(["std", "process", "id"])
                }
                _ => false,
            },
            Expr::Path(path) => path
                .path
                .get_ident()
                .is_some_and(|name| name == "self" || self.get(&name.to_string()).is_some()),
            _ => false,
        }
    }

    /// The command that an expression is, as far as its text tells.
    pub(super) fn command(&self, expression: &Expr, scopes: &Scopes) -> Option<Command> {
        match expression {
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) => made_by(&path.path, scopes),
                _ => None,
            },
            Expr::MethodCall(call) if is_builder_method(&call.method.to_string()) => {
                let receiver = self.command(&call.receiver, scopes)?;
                Some(Command {
                    form: Form::Borrowed,
                    ..receiver
                })
            }
            Expr::Paren(paren) => self.command(&paren.expr, scopes),
            Expr::Path(path) => {
                let name = path.path.get_ident()?.to_string();
                self.get(&name).and_then(|variable| variable.command)
            }
            Expr::Reference(reference) if reference.mutability.is_some() => {
                let command = self.command(&reference.expr, scopes)?;
                (command.form == Form::Owned).then_some(Command {
                    form: Form::Borrowed,
                    ..command
                })
            }
            _ => None,
        }
    }
}

/// The library whose commands a function makes from the name of a program.
pub(super) fn constructed(function: &Expr, scopes: &Scopes) -> Option<Library> {
    let Expr::Path(path) = function else {
        return None;
    };
    let path = scopes.resolve(&path.path)?;
    Library::of(path.strip_suffix("::new")?)
}

/// The command that a function returns.
fn made_by(function: &syn::Path, scopes: &Scopes) -> Option<Command> {
    if let Some(returned) = scopes.returned(function) {
        return of_type(returned, scopes);
    }
    let path = scopes.resolve(function)?;
    let library = match &*path {
        "footgun_runtime::background"
        | "footgun_runtime::command"
        | "footgun_runtime::command_in" => Library::Std,
        path => {
            let (class, method) = path.rsplit_once("::")?;
            Library::of(class).filter(|_| matches!(method, "new" | "from"))?
        }
    };
    Some(Command {
        library,
        form: Form::Owned,
    })
}

fn of_type(class: &Type, scopes: &Scopes) -> Option<Command> {
    match class {
        Type::Path(path) => Some(Command {
            library: Library::of(&scopes.resolve(&path.path)?)?,
            form: Form::Owned,
        }),
        Type::Reference(reference) if reference.mutability.is_some() => {
            let command = of_type(&reference.elem, scopes)?;
            (command.form == Form::Owned).then_some(Command {
                form: Form::Borrowed,
                ..command
            })
        }
        _ => None,
    }
}

/// Whether a type is a name without parameters, which leaves nothing to be inferred.
fn is_plain(class: &Type) -> bool {
    let Type::Path(path) = class else {
        return false;
    };
    let mut segments = path.path.segments.iter();
    segments.all(|segment| segment.arguments.is_none())
}

/// Methods of commands that return the command as `&mut`, here and in std's extension traits.
fn is_builder_method(name: &str) -> bool {
    matches!(
        name,
        "arg"
            | "arg0"
            | "args"
            | "creation_flags"
            | "current_dir"
            | "env"
            | "env_clear"
            | "env_remove"
            | "envs"
            | "gid"
            | "kill_on_drop"
            | "pre_exec"
            | "process_group"
            | "raw_arg"
            | "stderr"
            | "stdin"
            | "stdout"
            | "uid"
    )
}

/// The names that a pattern binds.
struct Names(Vec<String>);

impl<'s> Visit<'s> for Names {
    fn visit_pat_ident(&mut self, binding: &'s syn::PatIdent) {
        self.0.push(binding.ident.to_string());
        syn::visit::visit_pat_ident(self, binding);
    }
}
