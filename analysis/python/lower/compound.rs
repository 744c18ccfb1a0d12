//! Compound statements other than definitions and `match`.

use tree_sitter::Node;

use super::tree::{child_of_kind, field, fields, first_part, has_broken_head, head, parts, span};
use super::{Lowering, opaque};
use crate::code::{Block, Branch, ExceptHandler, Expr, ExprKind, Name, Pattern, Stmt, StmtKind};

impl Lowering<'_> {
    /// Lowers a compound statement; `None` for anything else, and where its head is too broken to
    /// say what its blocks depend on.
    pub(super) fn compound(&mut self, node: Node) -> Option<Stmt> {
        let kind = match node.kind() {
            "if_statement" => self.if_statement(node),
            "while_statement" => StmtKind::While {
                test: self.head_expression(node, "condition"),
                body: self.block_of(node, "body"),
                otherwise: self.else_block(node),
            },
            "for_statement" => self.for_statement(node),
            "try_statement" => self.try_statement(node),
            "with_statement" => self.with_statement(node),
            "match_statement" => self.match_statement(node)?,
            "function_definition" | "class_definition" | "decorated_definition" => {
                return self.definition(node);
            }
            _ => return None,
        };
        let span = head(node);
        Some(Stmt { kind, span })
    }

    /// An expression in the head of a compound statement; opaque if the head is broken.
    pub(super) fn head_expression(&mut self, node: Node, name: &str) -> Expr {
        match field(node, name).filter(|_| !has_broken_head(node)) {
            Some(expression) => self.expression(expression),
            None => Expr {
                kind: opaque(),
                span: head(node),
            },
        }
    }

    fn else_block(&mut self, node: Node) -> Block {
        child_of_kind(node, "else_clause")
            .map_or_else(Block::new, |clause| self.block_of(clause, "body"))
    }

    fn if_statement(&mut self, node: Node) -> StmtKind {
        let mut branches = vec![self.branch(node)];
        let mut otherwise = Block::new();
        for clause in fields(node, "alternative") {
            match clause.kind() {
                "else_clause" => otherwise = self.block_of(clause, "body"),
                _ => branches.push(self.branch(clause)),
            }
        }
        StmtKind::If {
            branches,
            otherwise,
        }
    }

    /// An `if` or `elif`.
    fn branch(&mut self, node: Node) -> Branch {
        Branch {
            test: self.head_expression(node, "condition"),
            body: self.block_of(node, "consequence"),
            span: head(node),
        }
    }

    fn for_statement(&mut self, node: Node) -> StmtKind {
        let target = match field(node, "left").filter(|_| !has_broken_head(node)) {
            Some(target) => self.target(target),
            None => Pattern::Opaque(Vec::new()),
        };
        StmtKind::For {
            target,
            iterable: self.head_expression(node, "right"),
            body: self.block_of(node, "body"),
            otherwise: self.else_block(node),
        }
    }

    fn try_statement(&mut self, node: Node) -> StmtKind {
        let body = self.block_of(node, "body");
        let mut handlers = Vec::new();
        let mut otherwise = Block::new();
        let mut finally = Block::new();
        for clause in parts(node) {
            match clause.kind() {
                "except_clause" => handlers.push(self.except_clause(clause)),
                "else_clause" => otherwise = self.block_of(clause, "body"),
                "finally_clause" => finally = self.clause_block(clause),
                _ => {}
            }
        }
        StmtKind::Try {
            body,
            handlers,
            otherwise,
            finally,
        }
    }

    fn clause_block(&mut self, clause: Node) -> Block {
        child_of_kind(clause, "block").map_or_else(Block::new, |block| self.block(block))
    }

    fn except_clause(&mut self, clause: Node) -> ExceptHandler {
        let span = head(clause);
        let (exception, bind) = if has_broken_head(clause) {
            (
                Some(Expr {
                    kind: opaque(),
                    span,
                }),
                None,
            )
        } else {
            self.caught(clause)
        };
        ExceptHandler {
            exception,
            bind,
            body: self.clause_block(clause),
            span,
        }
    }

    /// What an `except` clause catches and the name it binds.
    fn caught(&mut self, clause: Node) -> (Option<Expr>, Option<Name>) {
        let values = fields(clause, "value");
        let (&[value], alias) = (values.as_slice(), field(clause, "alias")) else {
            let span = match (values.first(), values.last()) {
                (Some(&first), Some(&last)) => span(first).cover(span(last)),
                _ => return (None, None),
            };
            let kind = ExprKind::Tuple(self.expressions(&values));
            return (Some(Expr { kind, span }), None);
        };
        let (value, alias) = match value.kind() {
            "as_pattern" => (
                first_part(value).unwrap_or(value),
                field(value, "alias").and_then(first_part),
            ),
            _ => (value, alias),
        };
        let bind = alias.filter(|alias| alias.kind() == "identifier");
        let bind = bind.map(|alias| self.name(alias));
        (Some(self.expression(value)), bind)
    }

    fn with_statement(&mut self, node: Node) -> StmtKind {
        let mut items = Vec::new();
        let mut body = Block::new();
        if has_broken_head(node) {
            let span = head(node);
            items.push((
                Expr {
                    kind: opaque(),
                    span,
                },
                None,
            ));
        } else if let Some(clause) = child_of_kind(node, "with_clause") {
            let parts = parts(clause);
            if self.nests(parts.len(), clause) {
                for item in parts {
                    items.extend(field(item, "value").map(|value| self.with_item(value)));
                }
            } else {
                body.push(self.unknown_names(clause));
            }
        }
        body.extend(self.block_of(node, "body"));
        StmtKind::With { items, body }
    }

    /// `value` or `value as target`, also where the grammar takes the parentheses around all items
    /// for those of one expression.
    fn with_item(&mut self, mut node: Node) -> (Expr, Option<Expr>) {
        if node.kind() == "parenthesized_expression" {
            node = first_part(node)
                .filter(|inner| inner.kind() == "as_pattern")
                .unwrap_or(node);
        }
        if node.kind() != "as_pattern" {
            return (self.expression(node), None);
        }
        let value = first_part(node).unwrap_or(node);
        let target = field(node, "alias").and_then(first_part);
        let value = self.expression(value);
        (value, target.map(|target| self.expression(target)))
    }
}
