//! Operators.

use syn::BinOp;

use crate::code::{BinaryOp, CompareOp};

/// What an operator makes of two values.
pub(super) enum Operator {
    Binary(BinaryOp),
    Compare(CompareOp),
}

/// An operator that makes a value of two others; `None` for those that assign or short-circuit.
pub(super) fn operator(op: &BinOp) -> Option<Operator> {
    Some(match op {
        BinOp::Add(_) => Operator::Binary(BinaryOp::Add),
        BinOp::Sub(_) => Operator::Binary(BinaryOp::Subtract),
        BinOp::Mul(_) => Operator::Binary(BinaryOp::Multiply),
        BinOp::Div(_) => Operator::Binary(BinaryOp::Divide),
        BinOp::Rem(_) => Operator::Binary(BinaryOp::Modulo),
        BinOp::BitXor(_) => Operator::Binary(BinaryOp::Xor),
        BinOp::BitAnd(_) => Operator::Binary(BinaryOp::And),
        BinOp::BitOr(_) => Operator::Binary(BinaryOp::Or),
        BinOp::Shl(_) => Operator::Binary(BinaryOp::ShiftLeft),
        BinOp::Shr(_) => Operator::Binary(BinaryOp::ShiftRight),
        BinOp::Eq(_) => Operator::Compare(CompareOp::Equal),
        BinOp::Ne(_) => Operator::Compare(CompareOp::NotEqual),
        BinOp::Lt(_) => Operator::Compare(CompareOp::Less),
        BinOp::Le(_) => Operator::Compare(CompareOp::LessEqual),
        BinOp::Gt(_) => Operator::Compare(CompareOp::Greater),
        BinOp::Ge(_) => Operator::Compare(CompareOp::GreaterEqual),
        _ => return None,
    })
}

/// The operator of `a |= b`.
pub(super) fn update_operator(op: &BinOp) -> Option<BinaryOp> {
    Some(match op {
        BinOp::AddAssign(_) => BinaryOp::Add,
        BinOp::SubAssign(_) => BinaryOp::Subtract,
        BinOp::MulAssign(_) => BinaryOp::Multiply,
        BinOp::DivAssign(_) => BinaryOp::Divide,
        BinOp::RemAssign(_) => BinaryOp::Modulo,
        BinOp::BitXorAssign(_) => BinaryOp::Xor,
        BinOp::BitAndAssign(_) => BinaryOp::And,
        BinOp::BitOrAssign(_) => BinaryOp::Or,
        BinOp::ShlAssign(_) => BinaryOp::ShiftLeft,
        BinOp::ShrAssign(_) => BinaryOp::ShiftRight,
        _ => return None,
    })
}
