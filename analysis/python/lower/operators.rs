//! Operators and comparisons.

use ruff_python_ast::{
    BoolOp, CmpOp, ExprBinOp, ExprBoolOp, ExprCompare, ExprUnaryOp, UnaryOp as Operator,
};

use super::Lowering;
use super::statements::binary_op;
use crate::code::{CompareOp, ExprKind, UnaryOp};

impl Lowering<'_, '_> {
    pub(super) fn binary(&mut self, operation: &ExprBinOp) -> ExprKind {
        let (left, right) = (self.boxed(&operation.left), self.boxed(&operation.right));
        ExprKind::Binary(binary_op(operation.op), left, right)
    }

    pub(super) fn unary(&mut self, operation: &ExprUnaryOp) -> ExprKind {
        let operand = self.boxed(&operation.operand);
        match operation.op {
            Operator::Not => ExprKind::Unary(UnaryOp::Not, operand),
            Operator::USub => ExprKind::Unary(UnaryOp::Negate, operand),
            Operator::Invert => ExprKind::Unary(UnaryOp::Invert, operand),
            Operator::UAdd => ExprKind::Opaque(vec![*operand]),
        }
    }

    /// A chain of one of `and` and `or`.
    pub(super) fn boolean(&mut self, operation: &ExprBoolOp) -> ExprKind {
        let operands = self.expressions(&operation.values);
        match operation.op {
            BoolOp::And => ExprKind::And(operands),
            BoolOp::Or => ExprKind::Or(operands),
        }
    }

    pub(super) fn comparison(&mut self, comparison: &ExprCompare) -> ExprKind {
        let first = self.boxed(&comparison.left);
        let operators = comparison.ops.iter().map(|op| compare_op(*op));
        let rest = self.expressions(&comparison.comparators);
        ExprKind::Compare(first, operators.zip(rest).collect())
    }
}

fn compare_op(op: CmpOp) -> CompareOp {
    match op {
        CmpOp::Eq => CompareOp::Equal,
        CmpOp::NotEq => CompareOp::NotEqual,
        CmpOp::Lt => CompareOp::Less,
        CmpOp::LtE => CompareOp::LessEqual,
        CmpOp::Gt => CompareOp::Greater,
        CmpOp::GtE => CompareOp::GreaterEqual,
        CmpOp::Is => CompareOp::Is,
        CmpOp::IsNot => CompareOp::IsNot,
        CmpOp::In => CompareOp::In,
        CmpOp::NotIn => CompareOp::NotIn,
    }
}
