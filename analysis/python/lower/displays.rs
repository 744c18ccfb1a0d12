//! Tuples, dicts and comprehensions.

use tree_sitter::Node;

use super::Lowering;
use super::tree::{field, fields, first_part, has_token, parts, span};
use crate::code::{Clause, ComprehensionKind, Expr, ExprKind};

impl Lowering<'_> {
    pub(super) fn tuple(&mut self, node: Node) -> Option<ExprKind> {
        let elements = parts(node);
        match elements[..] {
            // A target in parentheses.
            [single] if node.kind() == "tuple_pattern" && !has_token(node, ",") => {
                Some(self.expression(single).kind)
            }
            _ => Some(ExprKind::Tuple(self.expressions(&elements))),
        }
    }

    pub(super) fn dictionary(&mut self, node: Node) -> ExprKind {
        let mut items = Vec::new();
        for item in parts(node) {
            if item.kind() == "dictionary_splat" {
                items.extend(first_part(item).map(|value| (None, self.expression(value))));
            } else if let (Some(key), Some(value)) = (field(item, "key"), field(item, "value")) {
                let key = self.expression(key);
                items.push((Some(key), self.expression(value)));
            }
        }
        ExprKind::Dict(items)
    }

    pub(super) fn comprehension(&mut self, node: Node) -> Option<ExprKind> {
        let kind = match node.kind() {
            "list_comprehension" => ComprehensionKind::List,
            "set_comprehension" => ComprehensionKind::Set,
            "dictionary_comprehension" => ComprehensionKind::Dict,
            _ => ComprehensionKind::Generator,
        };
        let body = field(node, "body")?;
        let (key, element) = match body.kind() {
            "pair" => (Some(self.boxed(field(body, "key")?)), field(body, "value")?),
            _ => (None, body),
        };
        let element = self.boxed(element);
        if !self.nests(parts(node).len(), node) {
            return None;
        }
        let mut clauses: Vec<Clause> = Vec::new();
        for part in parts(node) {
            match part.kind() {
                "for_in_clause" => clauses.push(self.clause(part)?),
                "if_clause" => clauses
                    .last_mut()?
                    .conditions
                    .push(self.expression(first_part(part)?)),
                _ => {}
            }
        }
        Some(ExprKind::Comprehension {
            kind,
            key,
            element,
            clauses,
        })
    }

    fn clause(&mut self, node: Node) -> Option<Clause> {
        let walked = fields(node, "right");
        let (&first, &last) = (walked.first()?, walked.last()?);
        let iterable = if walked.len() == 1 {
            self.expression(first)
        } else {
            Expr {
                span: span(first).cover(span(last)),
                kind: ExprKind::Tuple(self.expressions(&walked)),
            }
        };
        Some(Clause {
            target: self.target(field(node, "left")?),
            iterable,
            conditions: Vec::new(),
        })
    }
}
