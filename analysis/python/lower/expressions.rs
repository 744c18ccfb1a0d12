//! Expressions: the dispatch, and those that read or call something.

use tree_sitter::Node;

use super::tree::{children, field, fields, first_part, has_token, parts, span};
use super::{Lowering, opaque};
use crate::code::{Argument, ArgumentKind, Expr, ExprKind};

impl Lowering<'_> {
    /// Lowers an expression; parentheses vanish.
    pub(super) fn expression(&mut self, mut node: Node) -> Expr {
        while node.kind() == "parenthesized_expression"
            && let Some(inner) = first_part(node)
        {
            node = inner;
        }
        let kind = if node.has_error() || node.is_missing() {
            None
        } else {
            self.deeper(node, |this| this.expression_kind(node))
                .flatten()
        };
        Expr {
            kind: kind.unwrap_or_else(opaque),
            span: span(node),
        }
    }

    pub(super) fn expressions(&mut self, nodes: &[Node]) -> Vec<Expr> {
        nodes.iter().map(|&node| self.expression(node)).collect()
    }

    pub(super) fn boxed(&mut self, node: Node) -> Box<Expr> {
        Box::new(self.expression(node))
    }

    fn expression_kind(&mut self, node: Node) -> Option<ExprKind> {
        Some(match node.kind() {
            "identifier" => ExprKind::Name(self.name(node)),
            "none" => ExprKind::None,
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "integer" => return self.integer(node),
            "string" | "concatenated_string" => return self.text(node),
            "attribute" => {
                let value = self.boxed(field(node, "object")?);
                ExprKind::Attribute(value, self.name(field(node, "attribute")?))
            }
            "subscript" => return self.subscript(node),
            "call" => return self.call(node),
            "binary_operator" => return self.binary(node),
            "unary_operator" | "not_operator" => return self.unary(node),
            "boolean_operator" => return self.boolean(node),
            "comparison_operator" => return self.comparison(node),
            "conditional_expression" => return self.conditional(node),
            "named_expression" => {
                let name = self.name(field(node, "name")?);
                ExprKind::Bind(name, self.boxed(field(node, "value")?))
            }
            "await" => ExprKind::Await(self.boxed(first_part(node)?)),
            "yield" => {
                self.yields = true;
                ExprKind::Yield(first_part(node).map(|value| self.boxed(value)))
            }
            "lambda" => return self.lambda(node),
            "list" => ExprKind::List(self.expressions(&parts(node))),
            "tuple" | "expression_list" | "pattern_list" | "tuple_pattern" | "list_pattern" => {
                return self.tuple(node);
            }
            "set" => ExprKind::Set(self.expressions(&parts(node))),
            "dictionary" => self.dictionary(node),
            "list_splat" | "list_splat_pattern" => ExprKind::Starred(self.boxed(first_part(node)?)),
            "list_comprehension"
            | "set_comprehension"
            | "dictionary_comprehension"
            | "generator_expression" => return self.comprehension(node),
            "as_pattern" => ExprKind::Opaque(vec![self.expression(first_part(node)?)]),
            _ => return None,
        })
    }

    fn subscript(&mut self, node: Node) -> Option<ExprKind> {
        let value = self.expression(field(node, "value")?);
        let subscripts = fields(node, "subscript");
        match subscripts[..] {
            [single] if !has_token(node, ",") => match single.kind() {
                "slice" => Some(self.slice(value, single)),
                _ => Some(ExprKind::Index(Box::new(value), self.boxed(single))),
            },
            [first, .., last] | [first @ last] => {
                let span = span(first).cover(span(last));
                let kind = ExprKind::Tuple(self.expressions(&subscripts));
                Some(ExprKind::Index(
                    Box::new(value),
                    Box::new(Expr { kind, span }),
                ))
            }
            [] => None,
        }
    }

    fn slice(&mut self, value: Expr, node: Node) -> ExprKind {
        let mut bounds = [None, None, None];
        let mut place = 0;
        for child in children(node) {
            if child.kind() == ":" {
                place += 1;
            } else if let Some(bound) = bounds.get_mut(place) {
                *bound = Some(self.boxed(child));
            }
        }
        let [lower, upper, step] = bounds;
        if step.is_none() {
            return ExprKind::Slice(Box::new(value), lower, upper);
        }
        let bounds = [lower, upper, step].into_iter().flatten();
        let mut parts = vec![value];
        parts.extend(bounds.map(|bound| *bound));
        ExprKind::Opaque(parts)
    }

    fn call(&mut self, node: Node) -> Option<ExprKind> {
        let callee = self.boxed(field(node, "function")?);
        let arguments = field(node, "arguments")?;
        let arguments = match arguments.kind() {
            "argument_list" => parts(arguments),
            _ => vec![arguments],
        };
        let mut lowered = Vec::with_capacity(arguments.len());
        for argument in arguments {
            lowered.push(self.argument(argument)?);
        }
        Some(ExprKind::Call(callee, lowered))
    }

    fn argument(&mut self, node: Node) -> Option<Argument> {
        let (kind, value) = match node.kind() {
            "keyword_argument" => (
                ArgumentKind::Keyword(self.name(field(node, "name")?)),
                field(node, "value")?,
            ),
            "list_splat" => (ArgumentKind::Star, first_part(node)?),
            "dictionary_splat" => (ArgumentKind::DoubleStar, first_part(node)?),
            _ => (ArgumentKind::Positional, node),
        };
        Some(Argument {
            kind,
            value: self.expression(value),
            span: span(node),
        })
    }
}
