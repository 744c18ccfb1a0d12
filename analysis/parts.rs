//! The parts of statements and expressions, for those who look for something wherever it stands.

use crate::code::{Block, Expr, ExprKind, Stmt, StmtKind, TextPart};

/// The expressions that a statement is made of, without those in its blocks and without definitions.
pub(crate) fn of_statement(statement: &Stmt) -> Vec<&Expr> {
    match &statement.kind {
        StmtKind::Expr(value) | StmtKind::Tail(value) | StmtKind::Assert(value) => vec![value],
        StmtKind::Return(value) | StmtKind::Raise(value) => value.iter().collect(),
        StmtKind::Assign { targets, value } => targets.iter().chain([&**value]).collect(),
        StmtKind::Update { target, value, .. } => vec![target, value],
        StmtKind::Constant(constant) => vec![&constant.value],
        StmtKind::Let { value, .. } => value.iter().map(|value| &**value).collect(),
        StmtKind::Delete(targets) => targets.iter().collect(),
        StmtKind::If { branches, .. } => branches.iter().map(|branch| &branch.test).collect(),
        StmtKind::While { test, .. } => vec![test],
        StmtKind::For { iterable, .. } => vec![iterable],
        StmtKind::With { items, .. } => items.iter().map(|(context, _)| context).collect(),
        StmtKind::Try(_)
        | StmtKind::Break(_)
        | StmtKind::Continue(_)
        | StmtKind::Function(_)
        | StmtKind::Class(_)
        | StmtKind::Impl { .. }
        | StmtKind::Module { .. }
        | StmtKind::Import(_)
        | StmtKind::Outer(_) => Vec::new(),
    }
}

/// The blocks that run as a part of a statement.
pub(crate) fn blocks_of_statement(statement: &Stmt) -> Vec<&Block> {
    match &statement.kind {
        StmtKind::Let { otherwise, .. } => otherwise.iter().collect(),
        _ => statement.blocks(),
    }
}

/// The expressions that an expression is directly made of, without those in functions and blocks.
pub(crate) fn of_expression(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::None
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Name(_)
        | ExprKind::Lambda(_)
        | ExprKind::Block(_) => Vec::new(),
        ExprKind::Opaque(parts)
        | ExprKind::List(parts)
        | ExprKind::Tuple(parts)
        | ExprKind::Set(parts)
        | ExprKind::And(parts)
        | ExprKind::Or(parts) => parts.iter().collect(),
        ExprKind::Text(parts) => parts
            .iter()
            .filter_map(|part| match part {
                TextPart::Interpolated(value) => Some(value),
                TextPart::Literal { .. } => None,
            })
            .collect(),
        ExprKind::Attribute(value, _)
        | ExprKind::Starred(value)
        | ExprKind::Unary(_, value)
        | ExprKind::Let(_, value)
        | ExprKind::Bind(_, value)
        | ExprKind::Await(value)
        | ExprKind::Async(value)
        | ExprKind::Try(value) => vec![value],
        ExprKind::Yield(value) => value.iter().map(|value| &**value).collect(),
        ExprKind::Index(value, index) => vec![value, index],
        ExprKind::Slice(value, lower, upper) => {
            let bounds = lower.iter().chain(upper);
            [value].into_iter().chain(bounds).map(|it| &**it).collect()
        }
        ExprKind::Call(callee, arguments) => {
            let arguments = arguments.iter().map(|argument| &argument.value);
            [&**callee].into_iter().chain(arguments).collect()
        }
        ExprKind::Dict(entries) => {
            let both = |(key, value)| Option::into_iter(key).chain([value]);
            let entries = entries.iter().map(|(key, value)| (key.as_ref(), value));
            entries.flat_map(both).collect()
        }
        ExprKind::Binary(_, left, right) => vec![left, right],
        ExprKind::Compare(first, others) => {
            let others = others.iter().map(|(_, other)| other);
            [&**first].into_iter().chain(others).collect()
        }
        ExprKind::Conditional {
            test,
            then,
            otherwise,
        } => vec![test, then, otherwise],
        ExprKind::Match(subject, arms) => {
            let arms = arms
                .iter()
                .flat_map(|arm| arm.guard.iter().chain([&arm.body]));
            [&**subject].into_iter().chain(arms).collect()
        }
        ExprKind::Comprehension(parts) => {
            let item = parts.key.iter().chain([&parts.element]);
            let clauses = parts
                .clauses
                .iter()
                .flat_map(|clause| [&clause.iterable].into_iter().chain(&clause.conditions));
            item.chain(clauses).collect()
        }
        ExprKind::Construct(parts) => {
            let fields = parts.fields.iter().map(|(_, value)| value);
            fields.chain(&parts.rest).collect()
        }
    }
}
