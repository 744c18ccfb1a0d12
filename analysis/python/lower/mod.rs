//! Lowers tree-sitter's tree of Python to [`crate::code`]. Nothing that contains a syntax error is
//! lowered, except that a compound statement survives errors in its blocks.

mod compound;
mod definitions;
mod displays;
mod expressions;
mod imports;
mod literals;
mod matching;
mod operators;
mod statements;
mod targets;
#[cfg(test)]
mod tests;
mod tree;

use std::sync::{Arc, OnceLock};

use tree_sitter::{Node, Tree};

use super::outline::{Head, Item, ItemKind, Outline};
use super::parse::{self, Parser};
use crate::code::{Block, Class, Expr, ExprKind, Function, FunctionCode, Name, Stmt, StmtKind};
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
    let mut partial = Partial::of(text);
    let body = partial.items(&outline.items);
    Module {
        body,
        problems: parse::merge(text, partial.problems),
    }
}

/// Lowers the code of a function that [`module`] left empty.
pub fn function(text: &str, function: &Function) -> FunctionCode {
    let Some(tree) = Parser::new().parse(text, function.span) else {
        return FunctionCode::default();
    };
    let mut problems = Vec::new();
    parse::problems(&tree, &mut problems);
    let mut lowering = Lowering::new(text);
    let code = first_definition(&tree)
        .and_then(|definition| lowering.code(definition))
        .unwrap_or_default();
    problems.extend(lowering.too_deep());
    FunctionCode { problems, ..code }
}

/// Lowers the whole of a text, all functions included.
pub fn program(text: &str) -> (Block, Vec<Comment>, Vec<Problem>) {
    let comments = super::lexer::comments(text);
    let mut partial = Partial::of(text);
    let block = partial.statements(Span::new(0, text.len()));
    (block, comments, parse::merge(text, partial.problems))
}

/// The function or class at the start of a tree.
fn first_definition(tree: &Tree) -> Option<Node<'_>> {
    let first = tree::parts(tree.root_node()).into_iter().next()?;
    match first.kind() {
        "decorated_definition" => first.child_by_field_name("definition"),
        "function_definition" | "class_definition" => Some(first),
        _ => None,
    }
}

/// Lowers a text from separate parses of its parts.
struct Partial<'t> {
    text: &'t str,
    parser: Parser,
    problems: Vec<Problem>,
}

impl<'t> Partial<'t> {
    fn of(text: &'t str) -> Partial<'t> {
        Partial {
            text,
            parser: Parser::new(),
            problems: Vec::new(),
        }
    }

    fn parse(&mut self, span: Span) -> Option<Tree> {
        let tree = self.parser.parse(self.text, span)?;
        parse::problems(&tree, &mut self.problems);
        Some(tree)
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
        let Some(tree) = self.parse(span) else {
            return Block::new();
        };
        let mut lowering = Lowering::new(self.text);
        let block = lowering.block(tree.root_node());
        self.problems.extend(lowering.too_deep());
        block
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
        let tree = self.parse(head.signature)?;
        let mut lowering = Lowering::new(self.text);
        let bases = lowering.bases(first_definition(&tree)?)?;
        self.problems.extend(lowering.too_deep());
        let class = Class {
            name: head.name.clone(),
            span: item.span,
            bases,
            decorators,
            body,
            fields: Vec::new(),
            defaults: Vec::new(),
            private: Vec::new(),
            is_unit: false,
            is_variant: false,
            is_trait: false,
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

/// Lowers the nodes of one tree.
struct Lowering<'t> {
    text: &'t str,
    depth: u32,
    /// Whether a `yield` was met in the current function.
    yields: bool,
    /// What was left out because it lies too deep.
    left_out: Vec<Span>,
}

impl<'t> Lowering<'t> {
    fn new(text: &'t str) -> Lowering<'t> {
        Lowering {
            text,
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

    /// Goes one level deeper to lower a node, unless that is too deep.
    fn deeper<T>(&mut self, node: Node, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            self.left_out.push(tree::span(node));
            return None;
        }
        self.depth += 1;
        let lowered = lower(self);
        self.depth -= 1;
        Some(lowered)
    }

    /// Whether so many parts can be run one inside the other; what holds them is left out otherwise.
    fn nests(&mut self, parts: usize, node: Node) -> bool {
        let fits = parts <= (DEPTH - self.depth) as usize;
        if !fits {
            self.left_out.push(tree::span(node));
        }
        fits
    }

    fn source(&self, node: Node) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn name(&self, node: Node) -> Name {
        self.source(node).into()
    }
}

fn opaque() -> ExprKind {
    ExprKind::Opaque(Vec::new())
}
