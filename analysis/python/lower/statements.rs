//! Blocks and simple statements.

use tree_sitter::Node;

use super::Lowering;
use super::tree::{field, first_part, has_token, parts, span};
use crate::code::{BinaryOp, Block, Expr, ExprKind, Pattern, Stmt, StmtKind};

impl Lowering<'_> {
    /// The statements of a module or block.
    pub(super) fn block(&mut self, node: Node) -> Block {
        let lowered = self.deeper(node, |this| {
            let mut block = Block::new();
            for statement in parts(node) {
                this.statement(statement, &mut block);
            }
            block
        });
        lowered.unwrap_or_else(|| vec![self.unknown_names(node)])
    }

    /// A statement in the place of a part that is left out: what the part may set is unknown.
    pub(super) fn unknown_names(&self, node: Node) -> Stmt {
        let kind = StmtKind::Let {
            pattern: Pattern::Opaque(self.names_in(node)),
            annotation: None,
            value: None,
            otherwise: None,
        };
        let span = span(node);
        Stmt { kind, span }
    }

    /// The block in a field; empty if there is none.
    pub(super) fn block_of(&mut self, node: Node, name: &str) -> Block {
        field(node, name).map_or_else(Block::new, |block| self.block(block))
    }

    fn statement(&mut self, node: Node, block: &mut Block) {
        if let Some(statement) = self.compound(node) {
            block.push(statement);
            return;
        }
        if node.has_error() || node.is_missing() {
            return;
        }
        if self.imports(node, block) {
            return;
        }
        if let Some(kind) = self.simple(node) {
            let span = span(node);
            block.push(Stmt { kind, span });
        }
    }

    fn simple(&mut self, node: Node) -> Option<StmtKind> {
        Some(match node.kind() {
            "expression_statement" => return self.expression_statement(node),
            "return_statement" => {
                StmtKind::Return(first_part(node).map(|value| self.expression(value)))
            }
            "raise_statement" => {
                let exception = first_part(node).filter(|part| field(node, "cause") != Some(*part));
                StmtKind::Raise(exception.map(|exception| self.expression(exception)))
            }
            "assert_statement" => StmtKind::Assert(self.expression(first_part(node)?)),
            "delete_statement" => {
                let targets = first_part(node)?;
                StmtKind::Delete(match targets.kind() {
                    "expression_list" => self.expressions(&parts(targets)),
                    _ => vec![self.expression(targets)],
                })
            }
            "break_statement" => StmtKind::Break(0),
            "continue_statement" => StmtKind::Continue(0),
            "global_statement" | "nonlocal_statement" => StmtKind::Outer(
                parts(node)
                    .into_iter()
                    .map(|name| self.name(name))
                    .collect(),
            ),
            "print_statement" | "exec_statement" => {
                let values = parts(node).into_iter().map(|part| match part.kind() {
                    "chevron" => first_part(part).unwrap_or(part),
                    _ => part,
                });
                let values: Vec<Node> = values.collect();
                let kind = ExprKind::Opaque(self.expressions(&values));
                let span = span(node);
                StmtKind::Expr(Expr { kind, span })
            }
            "type_alias_statement" => return self.type_alias(node),
            _ => return None,
        })
    }

    /// `type Name = …` does nothing that is modelled. The grammar takes `type(a).b = value` for one,
    /// too, and its target then lacks the call: only the value is kept.
    fn type_alias(&mut self, node: Node) -> Option<StmtKind> {
        match first_part(field(node, "left")?)?.kind() {
            "identifier" | "generic_type" => None,
            _ => {
                let value = self.annotation(field(node, "right")?);
                let span = span(node);
                let kind = ExprKind::Opaque(vec![value]);
                Some(StmtKind::Expr(Expr { kind, span }))
            }
        }
    }

    fn expression_statement(&mut self, node: Node) -> Option<StmtKind> {
        let parts = parts(node);
        let first = *parts.first()?;
        Some(match first.kind() {
            "assignment" => return self.assignment(first),
            "augmented_assignment" => StmtKind::Update {
                target: self.expression(field(first, "left")?),
                op: binary_op(field(first, "operator")?.kind().trim_end_matches('=')),
                value: self.expression(field(first, "right")?),
            },
            _ if has_token(node, ",") => {
                let kind = ExprKind::Tuple(self.expressions(&parts));
                let span = span(node);
                StmtKind::Expr(Expr { kind, span })
            }
            _ => StmtKind::Expr(self.expression(first)),
        })
    }

    /// `a = b = value`; an annotation without a value does nothing.
    fn assignment(&mut self, node: Node) -> Option<StmtKind> {
        let mut targets = vec![self.expression(field(node, "left")?)];
        let mut value = field(node, "right")?;
        while value.kind() == "assignment" {
            targets.push(self.expression(field(value, "left")?));
            value = field(value, "right")?;
        }
        let value = self.expression(value);
        Some(StmtKind::Assign { targets, value })
    }
}

/// A binary operator by its token.
pub(super) fn binary_op(token: &str) -> BinaryOp {
    match token {
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Subtract,
        "*" => BinaryOp::Multiply,
        "/" => BinaryOp::Divide,
        "%" => BinaryOp::Modulo,
        "|" => BinaryOp::Or,
        "&" => BinaryOp::And,
        "^" => BinaryOp::Xor,
        "<<" => BinaryOp::ShiftLeft,
        ">>" => BinaryOp::ShiftRight,
        _ => BinaryOp::Other,
    }
}
