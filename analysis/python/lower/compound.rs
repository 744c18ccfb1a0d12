//! Compound statements.

use ruff_python_ast::{
    ExceptHandler as Handler, Expr as ParsedExpr, Stmt as Parsed, StmtFor, StmtIf, StmtTry,
    StmtWith,
};
use ruff_text_size::{Ranged, TextRange};

use super::{Lowering, opaque};
use crate::code::{Block, Branch, ExceptHandler, Expr, Pattern, Stmt, StmtKind, Try};

/// Whether a statement has blocks.
pub(super) fn is_compound(statement: &Parsed) -> bool {
    matches!(
        statement,
        Parsed::If(_)
            | Parsed::While(_)
            | Parsed::For(_)
            | Parsed::Try(_)
            | Parsed::With(_)
            | Parsed::Match(_)
            | Parsed::FunctionDef(_)
            | Parsed::ClassDef(_)
    )
}

impl Lowering<'_, '_> {
    /// Lowers a compound statement; `None` where its head is too broken to say what its blocks depend
    /// on.
    pub(super) fn compound(&mut self, statement: &Parsed) -> Option<Stmt> {
        let start = TextRange::empty(statement.start());
        let (kind, head) = match statement {
            Parsed::If(statement) => {
                let head = self.part.head(start, &*statement.test);
                (self.if_statement(statement, head), head)
            }
            Parsed::While(statement) => {
                let head = self.part.head(start, &*statement.test);
                let kind = StmtKind::While {
                    test: Box::new(self.head_expression(&statement.test, head)),
                    body: self.block(&statement.body),
                    otherwise: self.block(&statement.orelse),
                };
                (kind, head)
            }
            Parsed::For(statement) => {
                let head = self.part.head(start, &*statement.iter);
                (self.for_statement(statement, head), head)
            }
            Parsed::Try(statement) => (self.try_statement(statement), self.part.head(start, start)),
            Parsed::With(statement) => {
                let last = statement.items.last().map_or(start, Ranged::range);
                let head = self.part.head(start, last);
                (self.with_statement(statement, head), head)
            }
            Parsed::Match(statement) => {
                let head = self.part.head(start, &*statement.subject);
                (self.match_statement(statement, head)?, head)
            }
            Parsed::FunctionDef(definition) => return self.function(definition),
            Parsed::ClassDef(class) => return self.class(class),
            _ => return None,
        };
        let span = self.part.span(head);
        Some(Stmt { kind, span })
    }

    /// An expression in the head of a compound statement; opaque if the head is broken.
    fn head_expression(&mut self, expression: &ParsedExpr, head: TextRange) -> Expr {
        match self.part.is_broken(head) {
            true => self.opaque(head),
            false => self.expression(expression),
        }
    }

    /// What nobody knows in the place of something that is broken.
    pub(super) fn opaque(&self, range: TextRange) -> Expr {
        Expr {
            kind: opaque(),
            span: self.part.span(range),
        }
    }

    fn if_statement(&mut self, statement: &StmtIf, head: TextRange) -> StmtKind {
        let mut branches = vec![self.branch(&statement.test, &statement.body, head)];
        let mut otherwise = Block::new();
        for clause in &statement.elif_else_clauses {
            match &clause.test {
                Some(test) => {
                    let head = self.part.head(clause, test);
                    branches.push(self.branch(test, &clause.body, head));
                }
                None => otherwise = self.block(&clause.body),
            }
        }
        StmtKind::If {
            branches,
            otherwise,
        }
    }

    /// An `if` or `elif`.
    fn branch(&mut self, test: &ParsedExpr, body: &[Parsed], head: TextRange) -> Branch {
        Branch {
            test: self.head_expression(test, head),
            body: self.block(body),
            span: self.part.span(head),
        }
    }

    fn for_statement(&mut self, statement: &StmtFor, head: TextRange) -> StmtKind {
        let target = match self.part.is_broken(head) {
            true => Pattern::Opaque(self.part.names_in(statement.target.range())),
            false => self.target(&statement.target),
        };
        StmtKind::For {
            target: Box::new(target),
            iterable: Box::new(self.head_expression(&statement.iter, head)),
            body: self.block(&statement.body),
            otherwise: self.block(&statement.orelse),
        }
    }

    fn try_statement(&mut self, statement: &StmtTry) -> StmtKind {
        let handlers = statement.handlers.iter();
        StmtKind::Try(Box::new(Try {
            body: self.block(&statement.body),
            handlers: handlers.map(|handler| self.handler(handler)).collect(),
            otherwise: self.block(&statement.orelse),
            finally: self.block(&statement.finalbody),
        }))
    }

    fn handler(&mut self, handler: &Handler) -> ExceptHandler {
        let Handler::ExceptHandler(handler) = handler;
        let start = TextRange::empty(handler.start());
        let last = match (&handler.name, &handler.type_) {
            (Some(name), _) => name.range(),
            (None, Some(caught)) => caught.range(),
            (None, None) => start,
        };
        let head = self.part.head(start, last);
        let is_broken = self.part.is_broken(head);
        let exception = match &handler.type_ {
            _ if is_broken => Some(self.opaque(head)),
            caught => caught.as_ref().map(|caught| self.expression(caught)),
        };
        let bind = handler.name.as_ref().filter(|_| !is_broken);
        ExceptHandler {
            exception,
            bind: bind.map(|name| name.as_str().into()),
            body: self.block(&handler.body),
            span: self.part.span(head),
        }
    }

    fn with_statement(&mut self, statement: &StmtWith, head: TextRange) -> StmtKind {
        let mut items = Vec::new();
        let mut body = Block::new();
        if self.part.is_broken(head) {
            items.push((self.opaque(head), None));
        } else if self.nests(statement.items.len(), head) {
            for item in &statement.items {
                let value = self.expression(&item.context_expr);
                let target = item.optional_vars.as_ref();
                items.push((value, target.map(|target| self.expression(target))));
            }
        } else {
            body.push(self.unknown_names(head));
        }
        body.extend(self.block(&statement.body));
        StmtKind::With { items, body }
    }
}
