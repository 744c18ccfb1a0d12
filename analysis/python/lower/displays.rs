//! Dicts and comprehensions.

use ruff_python_ast::{
    Comprehension, ExprDict, ExprDictComp, ExprGenerator, ExprListComp, ExprSetComp,
};
use ruff_text_size::{Ranged, TextRange};

use super::Lowering;
use crate::code::{self, Clause, ComprehensionKind, Expr, ExprKind};

impl Lowering<'_, '_> {
    pub(super) fn dictionary(&mut self, dict: &ExprDict) -> ExprKind {
        let items = dict.items.iter().map(|item| {
            let key = item.key.as_ref().map(|key| self.expression(key));
            (key, self.expression(&item.value))
        });
        ExprKind::Dict(items.collect())
    }

    pub(super) fn list_comprehension(&mut self, list: &ExprListComp) -> Option<ExprKind> {
        let element = self.expression(&list.elt);
        self.comprehension(
            ComprehensionKind::List,
            (None, element),
            &list.generators,
            list.range(),
        )
    }

    pub(super) fn set_comprehension(&mut self, set: &ExprSetComp) -> Option<ExprKind> {
        let element = self.expression(&set.elt);
        self.comprehension(
            ComprehensionKind::Set,
            (None, element),
            &set.generators,
            set.range(),
        )
    }

    pub(super) fn dict_comprehension(&mut self, dict: &ExprDictComp) -> Option<ExprKind> {
        let key = dict.key.as_ref().map(|key| self.expression(key));
        let value = self.expression(&dict.value);
        self.comprehension(
            ComprehensionKind::Dict,
            (key, value),
            &dict.generators,
            dict.range(),
        )
    }

    pub(super) fn generator(&mut self, generator: &ExprGenerator) -> Option<ExprKind> {
        let element = self.expression(&generator.elt);
        self.comprehension(
            ComprehensionKind::Generator,
            (None, element),
            &generator.generators,
            generator.range(),
        )
    }

    /// A comprehension of a key, if it has one, and an element.
    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        (key, element): (Option<Expr>, Expr),
        clauses: &[Comprehension],
        range: TextRange,
    ) -> Option<ExprKind> {
        if !self.nests(clauses.len(), range) {
            return None;
        }
        let clauses = clauses.iter().map(|clause| self.clause(clause));
        Some(ExprKind::Comprehension(Box::new(code::Comprehension {
            kind,
            key,
            element,
            clauses: clauses.collect(),
        })))
    }

    fn clause(&mut self, clause: &Comprehension) -> Clause {
        Clause {
            target: self.target(&clause.target),
            iterable: self.expression(&clause.iter),
            conditions: self.expressions(&clause.ifs),
        }
    }
}
