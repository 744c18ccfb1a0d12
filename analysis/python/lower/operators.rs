//! Operators, comparisons and conditional expressions.

use tree_sitter::Node;

use super::Lowering;
use super::statements::binary_op;
use super::tree::{field, parts};
use crate::code::{BinaryOp, CompareOp, ExprKind, UnaryOp};

impl Lowering<'_> {
    pub(super) fn binary(&mut self, node: Node) -> Option<ExprKind> {
        let op = binary_op(field(node, "operator")?.kind());
        let (left, right) = (field(node, "left")?, field(node, "right")?);
        if op == BinaryOp::And && (is_xor(left) || is_xor(right)) {
            // The grammar lets `^` bind tighter than `&`; in Python it is the other way round.
            return Some(ExprKind::Opaque(self.expressions(&[left, right])));
        }
        let (left, right) = (self.boxed(left), self.boxed(right));
        Some(ExprKind::Binary(op, left, right))
    }

    pub(super) fn unary(&mut self, node: Node) -> Option<ExprKind> {
        let operand = self.expression(field(node, "argument")?);
        let op = match field(node, "operator").map(|operator| operator.kind()) {
            None => UnaryOp::Not,
            Some("-") => UnaryOp::Negate,
            Some("~") => UnaryOp::Invert,
            Some(_) => return Some(ExprKind::Opaque(vec![operand])),
        };
        Some(ExprKind::Unary(op, Box::new(operand)))
    }

    /// A chain of one of `and` and `or`, which the grammar nests to the left.
    pub(super) fn boolean(&mut self, node: Node) -> Option<ExprKind> {
        let operator =
            |node: Node| field(node, "operator").map(|operator| operator.kind() == "and");
        let is_and = operator(node)?;
        let mut operands = vec![field(node, "right")?];
        let mut left = field(node, "left")?;
        while left.kind() == "boolean_operator" && operator(left) == Some(is_and) {
            operands.push(field(left, "right")?);
            left = field(left, "left")?;
        }
        operands.push(left);
        operands.reverse();
        let operands = self.expressions(&operands);
        Some(if is_and {
            ExprKind::And(operands)
        } else {
            ExprKind::Or(operands)
        })
    }

    pub(super) fn comparison(&mut self, node: Node) -> Option<ExprKind> {
        let operands = parts(node);
        let (&first, rest) = operands.split_first()?;
        let mut cursor = node.walk();
        let operators = node.children_by_field_name("operators", &mut cursor);
        let operators: Vec<CompareOp> = operators.filter_map(|op| compare_op(op.kind())).collect();
        let first = self.boxed(first);
        let rest = self.expressions(rest);
        Some(ExprKind::Compare(
            first,
            operators.into_iter().zip(rest).collect(),
        ))
    }

    pub(super) fn conditional(&mut self, node: Node) -> Option<ExprKind> {
        let [then, test, otherwise] = parts(node)[..] else {
            return None;
        };
        Some(ExprKind::Conditional {
            test: self.boxed(test),
            then: self.boxed(then),
            otherwise: self.boxed(otherwise),
        })
    }
}

fn is_xor(node: Node) -> bool {
    node.kind() == "binary_operator"
        && field(node, "operator").is_some_and(|operator| operator.kind() == "^")
}

fn compare_op(token: &str) -> Option<CompareOp> {
    Some(match token {
        "==" => CompareOp::Equal,
        "!=" | "<>" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessEqual,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterEqual,
        "is" => CompareOp::Is,
        "is not" => CompareOp::IsNot,
        "in" => CompareOp::In,
        "not in" => CompareOp::NotIn,
        _ => return None,
    })
}
