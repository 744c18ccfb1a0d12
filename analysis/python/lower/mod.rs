//! Lowers the tree of ruff's parser of Python to [`crate::code`]. Nothing that contains a syntax error
//! is lowered, except that a compound statement survives errors in its blocks.

mod compound;
mod definitions;
mod displays;
mod expressions;
mod imports;
mod literals;
mod matching;
mod operators;
mod part;
mod statements;
mod targets;
#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use ruff_python_ast::Stmt as Parsed;
use ruff_text_size::TextRange;

use self::part::Part;
use super::outline::{Head, Item, ItemKind, Outline};
use super::syntax;
use crate::code::{Block, Class, Expr, ExprKind, Function, FunctionCode, Stmt, StmtKind};
use crate::source::Span;
use crate::{Comment, Problem};

/// How deep expressions and blocks are followed; what lies deeper is opaque and told as a problem, so
/// that no input can exhaust the stack, here or in those who walk the result.
const DEPTH: u32 = 200;

/// A module that was lowered.
#[derive(Debug, Default)]
pub struct Module {
    /// Its statements.
    pub body: Block,
    /// What was not understood outside of its functions.
    pub problems: Vec<Problem>,
}

/// Lowers a module. The code of its functions, and of the methods of its classes, is left empty:
/// [`function`] lowers it.
pub fn module(text: &str, outline: &Outline) -> Module {
    let mut lowering = Lowered::of(text);
    let body = lowering.items(&outline.items);
    Module {
        body,
        problems: syntax::distinct(text, lowering.problems),
    }
}

/// Lowers the code of a function that [`module`] left empty.
pub fn function(text: &str, function: &Function) -> FunctionCode {
    let mut lowered = Lowered::of(text);
    let part = Part::of(text, function.span);
    let code = lowered.part(&part, |lowering| match part.statements() {
        [Parsed::FunctionDef(definition), ..] => lowering.code(definition),
        _ => None,
    });
    FunctionCode {
        problems: lowered.problems,
        ..code.unwrap_or_default()
    }
}

/// Lowers the whole of a text, all functions included.
pub fn program(text: &str) -> (Block, Vec<Comment>, Vec<Problem>) {
    let comments = super::lexer::comments(text);
    let mut lowered = Lowered::of(text);
    let block = lowered.statements(Span::new(0, text.len()));
    (block, comments, syntax::distinct(text, lowered.problems))
}

/// What a text is lowered to, from separate parses of its parts.
struct Lowered<'t> {
    text: &'t str,
    problems: Vec<Problem>,
}

impl<'t> Lowered<'t> {
    fn of(text: &'t str) -> Lowered<'t> {
        Lowered {
            text,
            problems: Vec::new(),
        }
    }

    /// Lowers something of a part.
    fn part<T>(&mut self, part: &Part, lower: impl FnOnce(&mut Lowering) -> T) -> T {
        let mut lowering = Lowering::new(part);
        let lowered = lower(&mut lowering);
        self.problems.extend(part.problems());
        self.problems.extend(lowering.too_deep());
        lowered
    }

    fn items(&mut self, items: &[Item]) -> Block {
        let mut block = Block::new();
        for item in items {
            match &item.kind {
                ItemKind::Statements => block.extend(self.statements(item.span)),
                ItemKind::Function(head) => block.push(self.function(item, head)),
                ItemKind::Class(head, members) => block.extend(self.class(item, head, members)),
            }
        }
        block
    }

    fn statements(&mut self, span: Span) -> Block {
        let part = Part::of(self.text, span);
        self.part(&part, |lowering| lowering.block(part.statements()))
    }

    fn function(&mut self, item: &Item, head: &Head) -> Stmt {
        let function = Arc::new(Function {
            name: Some(head.name.clone()),
            span: item.span,
            decorators: self.decorators(head),
            code: OnceLock::new(),
        });
        Stmt {
            kind: StmtKind::Function(function),
            span: Span {
                start: item.span.start,
                end: head.signature.end,
            },
        }
    }

    fn class(&mut self, item: &Item, head: &Head, members: &[Item]) -> Option<Stmt> {
        let decorators = self.decorators(head);
        // Its members are looked at also where its head is broken.
        let body = self.items(members);
        let part = Part::of_head(self.text, head.signature);
        let bases = self.part(&part, |lowering| match part.statements() {
            [Parsed::ClassDef(class), ..] => lowering.bases(class),
            _ => None,
        })?;
        let class = Class {
            bases,
            decorators,
            body,
            ..Class::named(head.name.clone(), item.span)
        };
        Some(Stmt {
            kind: StmtKind::Class(Arc::new(class)),
            span: Span {
                start: item.span.start,
                end: head.signature.end,
            },
        })
    }

    fn decorators(&mut self, head: &Head) -> Vec<Expr> {
        let spans = head.decorators.iter();
        spans.filter_map(|&span| self.decorator(span)).collect()
    }

    fn decorator(&mut self, span: Span) -> Option<Expr> {
        match self.statements(span).pop()?.kind {
            StmtKind::Expr(expression) => Some(expression),
            _ => None,
        }
    }
}

/// Lowers the nodes of one parse.
struct Lowering<'p, 't> {
    part: &'p Part<'t>,
    depth: u32,
    /// Whether a `yield` was met in the current function.
    yields: bool,
    /// What was left out because it lies too deep.
    left_out: Vec<Span>,
}

impl<'p, 't> Lowering<'p, 't> {
    fn new(part: &'p Part<'t>) -> Lowering<'p, 't> {
        Lowering {
            part,
            depth: 0,
            yields: false,
            left_out: Vec::new(),
        }
    }

    /// What was left out, for whoever reads the report.
    fn too_deep(self) -> impl Iterator<Item = Problem> {
        let problem = |span| Problem {
            message: "nested too deeply".to_owned(),
            span,
            partial: true,
        };
        self.left_out.into_iter().map(problem)
    }

    /// Goes one level deeper to lower something, unless that is too deep.
    fn deeper<T>(&mut self, range: TextRange, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            self.left_out.push(self.part.span(range));
            return None;
        }
        self.depth += 1;
        let lowered = lower(self);
        self.depth -= 1;
        Some(lowered)
    }

    /// Whether so many parts can be run one inside the other; what holds them is left out otherwise.
    fn nests(&mut self, parts: usize, range: TextRange) -> bool {
        let fits = parts <= (DEPTH - self.depth) as usize;
        if !fits {
            self.left_out.push(self.part.span(range));
        }
        fits
    }
}

fn opaque() -> ExprKind {
    ExprKind::Opaque(Vec::new())
}
