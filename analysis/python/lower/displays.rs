//! Dicts and comprehensions.

use ruff_python_ast::{Comprehension as ParsedClause, Expr as Parsed, ExprDict};
use ruff_text_size::TextRange;

use super::Lowering;
use crate::code::{Clause, Comprehension, ComprehensionKind, ExprKind};

impl Lowering<'_, '_> {
    pub(super) fn dictionary(&mut self, dict: &ExprDict) -> ExprKind {
        let items = dict.items.iter().map(|item| {
            let key = item.key.as_ref().map(|key| self.expression(key));
            (key, self.expression(&item.value))
        });
        ExprKind::Dict(items.collect())
    }

    /// A comprehension of a key, if it has one, and an element.
    pub(super) fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        (key, element): (Option<&Parsed>, &Parsed),
        clauses: &[ParsedClause],
        range: TextRange,
    ) -> Option<ExprKind> {
        let key = key.map(|key| self.expression(key));
        let element = self.expression(element);
        if !self.nests(clauses.len(), range) {
            return None;
        }
        let clauses = clauses.iter().map(|clause| self.clause(clause));
        Some(ExprKind::Comprehension(Box::new(Comprehension {
            kind,
            key,
            element,
            clauses: clauses.collect(),
        })))
    }

    fn clause(&mut self, clause: &ParsedClause) -> Clause {
        Clause {
            target: self.target(&clause.target),
            iterable: self.expression(&clause.iter),
            conditions: self.expressions(&clause.ifs),
        }
    }
}
