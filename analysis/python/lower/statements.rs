//! Blocks and simple statements.

use ruff_python_ast::{Identifier, Operator, Stmt as Parsed};
use ruff_text_size::{Ranged, TextRange};

use super::Lowering;
use super::compound::is_compound;
use crate::code::{BinaryOp, Block, Pattern, Stmt, StmtKind};

impl Lowering<'_, '_> {
    /// The statements of a module or block.
    pub(super) fn block(&mut self, statements: &[Parsed]) -> Block {
        let (Some(first), Some(last)) = (statements.first(), statements.last()) else {
            return Block::new();
        };
        let range = first.range().cover(last.range());
        let lowered = self.deeper(range, |this| {
            let mut block = Block::new();
            for statement in statements {
                if !this.part.is_stray(first, statement) {
                    this.statement(statement, &mut block);
                }
            }
            block
        });
        lowered.unwrap_or_else(|| vec![self.unknown_names(range)])
    }

    /// A statement in the place of a part that is left out: what the part may set is unknown.
    pub(super) fn unknown_names(&self, range: TextRange) -> Stmt {
        let kind = StmtKind::Let {
            pattern: Box::new(Pattern::Opaque(self.part.names_in(range))),
            annotation: None,
            value: None,
            otherwise: None,
        };
        let span = self.part.span(range);
        Stmt { kind, span }
    }

    fn statement(&mut self, statement: &Parsed, block: &mut Block) {
        if is_compound(statement) {
            block.extend(self.compound(statement));
            return;
        }
        if self.part.is_broken(statement.range()) {
            return;
        }
        let span = self.part.span(statement.range());
        match statement {
            Parsed::Import(import) => self.modules(import, span, block),
            Parsed::ImportFrom(import) => self.items(import, span, block),
            _ => block.extend(self.simple(statement).map(|kind| Stmt { kind, span })),
        }
    }

    fn simple(&mut self, statement: &Parsed) -> Option<StmtKind> {
        Some(match statement {
            Parsed::Expr(statement) => StmtKind::Expr(self.expression(&statement.value)),
            Parsed::Assign(statement) => StmtKind::Assign {
                targets: self.expressions(&statement.targets),
                value: self.boxed(&statement.value),
            },
            // An annotation without a value does nothing.
            Parsed::AnnAssign(statement) => {
                let value = statement.value.as_ref()?;
                StmtKind::Assign {
                    targets: vec![self.expression(&statement.target)],
                    value: self.boxed(value),
                }
            }
            Parsed::AugAssign(statement) => StmtKind::Update {
                target: self.boxed(&statement.target),
                op: binary_op(statement.op),
                value: self.boxed(&statement.value),
            },
            Parsed::Return(statement) => {
                StmtKind::Return(statement.value.as_ref().map(|value| self.expression(value)))
            }
            Parsed::Raise(statement) => {
                StmtKind::Raise(statement.exc.as_ref().map(|value| self.expression(value)))
            }
            Parsed::Assert(statement) => StmtKind::Assert(self.expression(&statement.test)),
            Parsed::Delete(statement) => StmtKind::Delete(self.expressions(&statement.targets)),
            Parsed::Break(_) => StmtKind::Break(0),
            Parsed::Continue(_) => StmtKind::Continue(0),
            Parsed::Global(statement) => outer(&statement.names),
            Parsed::Nonlocal(statement) => outer(&statement.names),
            // `type Name = …` does nothing that is modelled.
            _ => return None,
        })
    }
}

fn outer(names: &[Identifier]) -> StmtKind {
    StmtKind::Outer(names.iter().map(|name| name.as_str().into()).collect())
}

pub(super) fn binary_op(op: Operator) -> BinaryOp {
    match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Subtract,
        Operator::Mult => BinaryOp::Multiply,
        Operator::Div => BinaryOp::Divide,
        Operator::Mod => BinaryOp::Modulo,
        Operator::BitOr => BinaryOp::Or,
        Operator::BitAnd => BinaryOp::And,
        Operator::BitXor => BinaryOp::Xor,
        Operator::LShift => BinaryOp::ShiftLeft,
        Operator::RShift => BinaryOp::ShiftRight,
        Operator::MatMult | Operator::Pow | Operator::FloorDiv => BinaryOp::Other,
    }
}
