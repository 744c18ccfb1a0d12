//! The typed tree that both front ends lower to and the machine runs.
//!
//! It keeps what evaluation needs and nothing else: a construct that no value or branch depends on
//! is lowered to [`ExprKind::Opaque`], which still holds the expressions inside it, so that calls
//! in them are seen. Spans are byte ranges of the text that was lowered.

use std::sync::{Arc, OnceLock};

use crate::Problem;
use crate::source::Span;

/// An identifier.
pub type Name = Arc<str>;

/// Statements in order.
pub type Block = Vec<Stmt>;

/// A statement.
#[derive(Debug)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// The whole statement; of a compound statement only its head (`if …:`, `with …:`), because an
    /// ignore comment inside the body speaks of the body.
    pub span: Span,
}

impl Stmt {
    /// The blocks of a compound statement that run in its own scope, in their order.
    pub fn blocks(&self) -> Vec<&Block> {
        match &self.kind {
            StmtKind::If {
                branches,
                otherwise,
            } => {
                let bodies = branches.iter().map(|branch| &branch.body);
                bodies.chain([otherwise]).collect()
            }
            StmtKind::While {
                body, otherwise, ..
            }
            | StmtKind::For {
                body, otherwise, ..
            } => vec![body, otherwise],
            StmtKind::Try(parts) => {
                let handlers = parts.handlers.iter().map(|handler| &handler.body);
                let first = [&parts.body].into_iter().chain(handlers);
                first.chain([&parts.otherwise, &parts.finally]).collect()
            }
            StmtKind::With { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }

    /// The variable that the statement sets to a display that collects names.
    pub fn table(&self) -> Option<&Name> {
        let StmtKind::Assign { targets, value } = &self.kind else {
            return None;
        };
        let [target] = targets.as_slice() else {
            return None;
        };
        match &target.kind {
            ExprKind::Name(name) if value.is_plain() && value.names_something() => Some(name),
            _ => None,
        }
    }
}

/// What a statement does.
#[derive(Debug)]
pub enum StmtKind {
    /// Evaluates an expression and drops the value (`f()`; in Rust with `;`).
    Expr(Expr),
    /// The value of the enclosing block expression (Rust's last expression without `;`).
    Tail(Expr),
    /// `a = b = value`, also with an annotation; each target is assignable (name, attribute, index,
    /// tuple, starred).
    Assign {
        /// The targets, left to right.
        targets: Vec<Expr>,
        /// The value.
        value: Box<Expr>,
    },
    /// A Rust item with a value, which others may use before it is written.
    Constant(Arc<Constant>),
    /// `a |= value`.
    Update {
        /// The one target.
        target: Box<Expr>,
        /// The operator without its `=`.
        op: BinaryOp,
        /// The right-hand side.
        value: Box<Expr>,
    },
    /// Rust `let pattern = value else { … };`.
    Let {
        /// The pattern that binds.
        pattern: Box<Pattern>,
        /// A type, where one is written.
        annotation: Option<Box<Expr>>,
        /// The value, if the statement has one.
        value: Option<Box<Expr>>,
        /// The diverging block of `let … else`.
        otherwise: Option<Block>,
    },
    /// `del a, b[c]`.
    Delete(Vec<Expr>),
    /// `if` with its `elif`s.
    If {
        /// The first is the `if`, the others are the `elif`s.
        branches: Vec<Branch>,
        /// Run where no condition holds.
        otherwise: Block,
    },
    /// `while`; Rust's `loop` has the test `true`.
    While {
        /// The condition (Rust's `while let` is an [`ExprKind::Let`]).
        test: Box<Expr>,
        /// The body.
        body: Block,
        /// Python's `else`.
        otherwise: Block,
    },
    /// `for`.
    For {
        /// What each item is bound to.
        target: Box<Pattern>,
        /// What is walked.
        iterable: Box<Expr>,
        /// The body.
        body: Block,
        /// Python's `else`.
        otherwise: Block,
    },
    /// `try`.
    Try(Box<Try>),
    /// `with`, also `async with`.
    With {
        /// Context expressions and what they are bound to.
        items: Vec<(Expr, Option<Expr>)>,
        /// The body.
        body: Block,
    },
    /// `return`.
    Return(Option<Expr>),
    /// `raise`; Rust's `panic!` and its kin.
    Raise(Option<Expr>),
    /// `break`, with how many of the loops around it it leaves besides the innermost.
    Break(usize),
    /// `continue`, of the innermost loop or of one so many further out.
    Continue(usize),
    /// `assert`: flow goes on only where the test holds.
    Assert(Expr),
    /// A function definition.
    Function(Arc<Function>),
    /// A class, or a Rust struct, enum, union or trait.
    Class(Arc<Class>),
    /// A Rust `impl` block: adds its members to a type.
    Impl {
        /// The type.
        target: Box<Expr>,
        /// The trait, for a trait implementation.
        of_trait: Option<Box<Expr>>,
        /// Functions and constants.
        body: Block,
    },
    /// A Rust module: inline, or `mod name;` in another file.
    Module {
        /// Its name.
        name: Name,
        /// The body of an inline module, or where the file is.
        body: ModuleBody,
    },
    /// An import or Rust `use`.
    Import(Import),
    /// `global` and `nonlocal`.
    Outer(Vec<Name>),
}

/// A `try` statement.
#[derive(Debug)]
pub struct Try {
    /// The guarded statements.
    pub body: Block,
    /// The handlers in order.
    pub handlers: Vec<ExceptHandler>,
    /// Run when the body ends without an exception.
    pub otherwise: Block,
    /// Always run.
    pub finally: Block,
}

/// An `if` or `elif` with its block.
#[derive(Debug)]
pub struct Branch {
    /// The condition.
    pub test: Expr,
    /// Run where it holds, and none before it.
    pub body: Block,
    /// The head.
    pub span: Span,
}

/// A Rust `const` or `static`, or another name for a type.
#[derive(Debug)]
pub struct Constant {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub value: Expr,
}

/// Where the items of a Rust module stand.
#[derive(Debug)]
pub enum ModuleBody {
    /// Between braces.
    Inline(Block),
    /// In another file.
    File,
}

/// One name brought into scope from another module.
#[derive(Debug)]
pub struct Import {
    /// Leading dots of a Python relative import; 0 for absolute ones and for Rust.
    pub level: u32,
    /// The dotted path (`crate`, `self` and `super` are ordinary first segments in Rust).
    pub path: Vec<Name>,
    /// What is taken from there.
    pub what: Imported,
}

/// What an import takes.
#[derive(Debug)]
pub enum Imported {
    /// `import a.b` binds `a`; `import a.b as c` binds `c` to the module itself.
    Module {
        /// The name after `as`.
        alias: Option<Name>,
    },
    /// `from a import name as bind`; Rust `use a::name as bind`.
    Item {
        /// The name there.
        name: Name,
        /// The name here.
        bind: Name,
    },
    /// `from a import *`; Rust `use a::*`.
    All,
}

/// An `except` clause.
#[derive(Debug)]
pub struct ExceptHandler {
    /// The exception type or tuple of types; `None` for a bare `except`.
    pub exception: Option<Expr>,
    /// The name after `as`.
    pub bind: Option<Name>,
    /// The body.
    pub body: Block,
    /// The head of the clause.
    pub span: Span,
}

/// A function or method. Its signature and body may be lowered on demand.
#[derive(Debug)]
pub struct Function {
    /// The name; a lambda or closure has none.
    pub name: Option<Name>,
    /// The whole definition, with decorators or attributes.
    pub span: Span,
    /// Decorators, outermost first.
    pub decorators: Vec<Expr>,
    /// Parameters and body, once lowered.
    pub code: OnceLock<FunctionCode>,
}

/// Parameters and body of a function.
#[derive(Debug, Default)]
pub struct FunctionCode {
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The body. An expression body is a single [`StmtKind::Return`].
    pub body: Block,
    /// What it is declared to return; of Rust's `Result` what it is where nothing failed.
    pub returns: Option<Expr>,
    /// `async def`, `async fn`.
    pub is_async: bool,
    /// Contains `yield`.
    pub is_generator: bool,
    /// What does not parse in it, where it was parsed by itself.
    pub problems: Vec<Problem>,
}

/// A parameter.
#[derive(Debug)]
pub struct Param {
    /// How the argument is bound; a plain name in Python.
    pub pattern: Pattern,
    /// How arguments reach it.
    pub kind: ParamKind,
    /// The default value.
    pub default: Option<Expr>,
    /// The declared type.
    pub annotation: Option<Expr>,
}

/// How arguments reach a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// By position or keyword.
    Normal,
    /// By position only (before `/`; every Rust parameter).
    PositionalOnly,
    /// By keyword only.
    KeywordOnly,
    /// `*args`.
    Rest,
    /// `**kwargs`.
    KeywordRest,
}

/// A class or a Rust type.
#[derive(Debug)]
pub struct Class {
    /// Its name.
    pub name: Name,
    /// The whole definition.
    pub span: Span,
    /// Base classes.
    pub bases: Vec<Expr>,
    /// Decorators.
    pub decorators: Vec<Expr>,
    /// The statements of its body.
    pub body: Block,
    /// Declared fields with their types (Rust).
    pub fields: Vec<(Name, Expr)>,
    /// Fields that attributes of libraries give a default, with what that is (Rust).
    pub defaults: Vec<(Name, Expr)>,
    /// Fields that only the module of a Rust struct can set, if all its instances are made by
    /// functions that are written out.
    pub private: Vec<Name>,
    /// Whether its name is also its only value: a Rust type or variant without fields.
    pub is_unit: bool,
    /// Whether it is a variant of the Rust enum that is its base.
    pub is_variant: bool,
    /// Whether it is a Rust trait.
    pub is_trait: bool,
}

impl Class {
    /// A class of which nothing is known yet but its name and where it is defined.
    pub(crate) fn named(name: Name, span: Span) -> Class {
        Class {
            name,
            span,
            bases: Vec::new(),
            decorators: Vec::new(),
            body: Vec::new(),
            fields: Vec::new(),
            defaults: Vec::new(),
            private: Vec::new(),
            is_unit: false,
            is_variant: false,
            is_trait: false,
        }
    }
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Its bytes.
    pub span: Span,
}

impl Expr {
    /// Whether it only collects names and constants: to evaluate it calls nothing.
    pub fn is_plain(&self) -> bool {
        match &self.kind {
            ExprKind::List(items) | ExprKind::Tuple(items) | ExprKind::Set(items) => {
                items.iter().all(Expr::is_plain)
            }
            ExprKind::Dict(entries) => entries
                .iter()
                .all(|(key, value)| key.as_ref().is_none_or(Expr::is_plain) && value.is_plain()),
            ExprKind::Starred(value) | ExprKind::Attribute(value, _) => value.is_plain(),
            ExprKind::Name(_) => true,
            _ => self.is_scalar(),
        }
    }

    /// Whether it is a single constant, written out.
    pub fn is_scalar(&self) -> bool {
        matches!(
            self.kind,
            ExprKind::Text(_) | ExprKind::Int(_) | ExprKind::Bool(_) | ExprKind::None
        )
    }

    /// Whether it is a display with a name in it.
    fn names_something(&self) -> bool {
        let has_name = |item: &Expr| {
            matches!(item.kind, ExprKind::Name(_) | ExprKind::Attribute(..))
                || item.names_something()
        };
        match &self.kind {
            ExprKind::List(items) | ExprKind::Tuple(items) | ExprKind::Set(items) => {
                items.iter().any(has_name)
            }
            ExprKind::Dict(entries) => entries.iter().any(|(_, value)| has_name(value)),
            _ => false,
        }
    }
}

/// What an expression computes.
#[derive(Debug)]
pub enum ExprKind {
    /// Something whose value is not modelled; the parts are evaluated in order.
    Opaque(Vec<Expr>),
    /// `None`; Rust's `()`.
    None,
    /// `True`, `false`.
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// A string or bytes literal, formatted or not.
    Text(Vec<TextPart>),
    /// An identifier.
    Name(Name),
    /// `value.name`; Rust `path::name` and fields.
    Attribute(Box<Expr>, Name),
    /// `value[index]`.
    Index(Box<Expr>, Box<Expr>),
    /// `value[lower:upper]`, with the step ignored where it is absent; any other step is opaque.
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `callee(arguments)`.
    Call(Box<Expr>, Box<[Argument]>),
    /// `[a, *b]`, also Rust arrays and `vec![…]`.
    List(Vec<Expr>),
    /// `(a, b)`.
    Tuple(Vec<Expr>),
    /// `{a, b}`.
    Set(Vec<Expr>),
    /// `{key: value, **other}`; a `None` key is `**`.
    Dict(Vec<(Option<Expr>, Expr)>),
    /// `*value` inside a display.
    Starred(Box<Expr>),
    /// `a + b`, `a | b` …
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `-a`, `~a`, `not a`.
    Unary(UnaryOp, Box<Expr>),
    /// `a and b`; Rust `&&`.
    And(Vec<Expr>),
    /// `a or b`; Rust `||`.
    Or(Vec<Expr>),
    /// `a < b <= c`.
    Compare(Box<Expr>, Box<[(CompareOp, Expr)]>),
    /// `then if test else otherwise`; Rust's `if` (an absent `else` is [`ExprKind::None`]).
    Conditional {
        /// The condition.
        test: Box<Expr>,
        /// The value where it holds.
        then: Box<Expr>,
        /// The value where it does not.
        otherwise: Box<Expr>,
    },
    /// `match subject { … }`, in both languages.
    Match(Box<Expr>, Box<[Arm]>),
    /// A condition that binds: Rust `let pattern = value` in `if` and `while`.
    Let(Box<Pattern>, Box<Expr>),
    /// `name := value`.
    Bind(Name, Box<Expr>),
    /// A lambda or closure.
    Lambda(Arc<Function>),
    /// `[element for …]` and its kin.
    Comprehension(Box<Comprehension>),
    /// `yield value`, `yield from value`: whoever walks the generator goes on, and may raise something
    /// there.
    Yield(Option<Box<Expr>>),
    /// `await value`, `value.await`.
    Await(Box<Expr>),
    /// Rust `async { … }`.
    Async(Box<Expr>),
    /// Rust `value?`.
    Try(Box<Expr>),
    /// A Rust block; its value is its [`StmtKind::Tail`].
    Block(Block),
    /// Rust `Type { field: value, ..rest }`.
    Construct(Box<Construct>),
}

/// A comprehension; of a dict the element is the value, with its key beside it.
#[derive(Debug)]
pub struct Comprehension {
    /// What is built.
    pub kind: ComprehensionKind,
    /// The key of a dict item.
    pub key: Option<Expr>,
    /// The element.
    pub element: Expr,
    /// The `for` clauses, outermost first.
    pub clauses: Vec<Clause>,
}

/// A Rust struct expression.
#[derive(Debug)]
pub struct Construct {
    /// The type.
    pub class: Expr,
    /// The fields given.
    pub fields: Vec<(Name, Expr)>,
    /// The expression after `..`.
    pub rest: Option<Expr>,
}

/// A piece of a string literal.
#[derive(Debug)]
pub enum TextPart {
    /// Characters. `verbatim` says that they stand in the source exactly so, byte for byte, so that
    /// a place in the value is a place in the file; an escape sequence is a part of its own.
    Literal {
        /// The characters of the value.
        text: Arc<str>,
        /// Where they stand in the source.
        span: Span,
        /// Whether value and source are the same bytes.
        verbatim: bool,
    },
    /// `{expression}` in an f-string or `format!`; a conversion or format spec other than the
    /// default makes the expression opaque.
    Interpolated(Expr),
}

/// An argument of a call.
#[derive(Debug)]
pub struct Argument {
    /// How it is passed.
    pub kind: ArgumentKind,
    /// Its value.
    pub value: Expr,
    /// The whole argument, with its keyword.
    pub span: Span,
}

/// How an argument is passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// By position.
    Positional,
    /// By position, so that what is called can change the variable: `&mut value`.
    Borrowed,
    /// `name=value`.
    Keyword(Name),
    /// `*value`.
    Star,
    /// `**value`.
    DoubleStar,
}

/// A `for … if …` of a comprehension.
#[derive(Debug)]
pub struct Clause {
    /// What each item is bound to.
    pub target: Pattern,
    /// What is walked.
    pub iterable: Expr,
    /// The conditions.
    pub conditions: Vec<Expr>,
}

/// What a comprehension builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComprehensionKind {
    /// A list.
    List,
    /// A set.
    Set,
    /// A dict.
    Dict,
    /// A generator.
    Generator,
}

/// An arm of a `match`.
#[derive(Debug)]
pub struct Arm {
    /// What the subject must look like.
    pub pattern: Pattern,
    /// A further condition.
    pub guard: Option<Expr>,
    /// What is computed; Python's body is an [`ExprKind::Block`].
    pub body: Expr,
    /// The head of the arm.
    pub span: Span,
}

/// What a value is taken apart into.
#[derive(Debug)]
pub enum Pattern {
    /// Matches everything, binds nothing.
    Wildcard,
    /// Binds a name to the value, which must match the inner pattern.
    Bind(Name, Option<Box<Pattern>>),
    /// Assigns to something that is not a plain name (`for self.x in …`).
    Target(Expr),
    /// Equals a constant.
    Value(Expr),
    /// `Path(a, b)` or `Path { x, y }`: an enum variant or class.
    Variant {
        /// The path.
        class: Expr,
        /// Positional parts.
        positional: Vec<Pattern>,
        /// Named parts.
        named: Vec<(Name, Pattern)>,
    },
    /// `(a, b, *rest)`, `[a, b]`; the index of the starred part, if any.
    Sequence(Vec<Pattern>, Option<usize>),
    /// Any of these.
    Or(Vec<Pattern>),
    /// Something not modelled that binds these names to unknown values.
    Opaque(Vec<Name>),
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/` on paths and numbers
    Divide,
    /// `%`
    Modulo,
    /// `|`
    Or,
    /// `&`
    And,
    /// `^`
    Xor,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// Anything else.
    Other,
}

/// A unary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Negate,
    /// `~`
    Invert,
    /// Rust's `!`: `Not` of a bool, `Invert` of an integer.
    Bang,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// A project has millions of them.
    #[test]
    fn statements_and_expressions_are_small() {
        assert_eq!((size_of::<Stmt>(), size_of::<Expr>()), (80, 40));
    }
}
