//! `match` statements and their patterns.

use ruff_python_ast::{
    MatchCase, Pattern as Parsed, PatternMatchClass, PatternMatchMapping, Singleton, StmtMatch,
};
use ruff_text_size::{Ranged, TextRange};

use super::Lowering;
use crate::code::{Arm, Expr, ExprKind, Name, Pattern, StmtKind};

impl Lowering<'_, '_> {
    /// A `match` statement; `None` if its head is broken.
    pub(super) fn match_statement(
        &mut self,
        statement: &StmtMatch,
        head: TextRange,
    ) -> Option<StmtKind> {
        if self.part.is_broken(head) {
            return None;
        }
        let subject = self.boxed(&statement.subject);
        let arms = statement.cases.iter().map(|case| self.arm(case));
        Some(StmtKind::Expr(Expr {
            kind: ExprKind::Match(subject, arms.collect()),
            span: self.part.span(statement.range()),
        }))
    }

    fn arm(&mut self, case: &MatchCase) -> Arm {
        let last = match &case.guard {
            Some(guard) => guard.range(),
            None => case.pattern.range(),
        };
        let head = self.part.head(case, last);
        let (pattern, guard) = match &case.guard {
            _ if self.part.is_broken(head) => {
                (Pattern::Opaque(Vec::new()), Some(self.opaque(head)))
            }
            guard => (
                self.pattern(&case.pattern),
                guard.as_ref().map(|guard| self.expression(guard)),
            ),
        };
        let body = match (case.body.first(), case.body.last()) {
            (Some(first), Some(last)) => first.range().cover(last.range()),
            _ => head,
        };
        Arm {
            pattern,
            guard,
            body: Expr {
                kind: ExprKind::Block(self.block(&case.body)),
                span: self.part.span(body),
            },
            span: self.part.span(head),
        }
    }

    fn pattern(&mut self, pattern: &Parsed) -> Pattern {
        let range = pattern.range();
        let lowered = self.deeper(range, |this| this.pattern_kind(pattern));
        lowered.unwrap_or_else(|| Pattern::Opaque(self.part.names_in(range)))
    }

    fn pattern_kind(&mut self, pattern: &Parsed) -> Pattern {
        match pattern {
            Parsed::MatchValue(pattern) => Pattern::Value(self.expression(&pattern.value)),
            Parsed::MatchSingleton(pattern) => {
                let kind = match pattern.value {
                    Singleton::None => ExprKind::None,
                    Singleton::True => ExprKind::Bool(true),
                    Singleton::False => ExprKind::Bool(false),
                };
                let span = self.part.span(pattern.range());
                Pattern::Value(Expr { kind, span })
            }
            Parsed::MatchSequence(sequence) => {
                let patterns = sequence.patterns.iter();
                let starred = patterns.clone().position(Parsed::is_match_star);
                Pattern::Sequence(patterns.map(|it| self.pattern(it)).collect(), starred)
            }
            Parsed::MatchMapping(mapping) => self.mapping(mapping),
            Parsed::MatchClass(class) => self.class_pattern(class),
            Parsed::MatchStar(star) => match &star.name {
                Some(name) => Pattern::Bind(name.as_str().into(), None),
                None => Pattern::Wildcard,
            },
            Parsed::MatchAs(pattern) => {
                let inner = pattern.pattern.as_ref().map(|inner| self.pattern(inner));
                match (&pattern.name, inner) {
                    (Some(name), inner) => Pattern::Bind(name.as_str().into(), inner.map(Box::new)),
                    (None, Some(inner)) => inner,
                    (None, None) => Pattern::Wildcard,
                }
            }
            Parsed::MatchOr(pattern) => {
                let alternatives = pattern.patterns.iter();
                Pattern::Or(alternatives.map(|it| self.pattern(it)).collect())
            }
        }
    }

    /// `{key: pattern, **rest}`, of which is known what it binds.
    fn mapping(&mut self, mapping: &PatternMatchMapping) -> Pattern {
        let mut names = Vec::new();
        for pattern in &mapping.patterns {
            bound(&self.pattern(pattern), &mut names);
        }
        names.extend(mapping.rest.iter().map(|rest| rest.as_str().into()));
        Pattern::Opaque(names)
    }

    /// `Path(a, b=c)`
    fn class_pattern(&mut self, pattern: &PatternMatchClass) -> Pattern {
        let positional = pattern.arguments.patterns.iter();
        let class = self.expression(&pattern.cls);
        let positional = positional.map(|it| self.pattern(it)).collect();
        let named = pattern.arguments.keywords.iter();
        let named = named.map(|it| (it.attr.as_str().into(), self.pattern(&it.pattern)));
        Pattern::Variant {
            class,
            positional,
            named: named.collect(),
        }
    }
}

/// The names a pattern binds.
fn bound(pattern: &Pattern, names: &mut Vec<Name>) {
    match pattern {
        Pattern::Wildcard | Pattern::Target(_) | Pattern::Value(_) => {}
        Pattern::Bind(name, inner) => {
            names.push(name.clone());
            if let Some(inner) = inner {
                bound(inner, names);
            }
        }
        Pattern::Variant {
            positional, named, ..
        } => {
            for inner in positional
                .iter()
                .chain(named.iter().map(|(_, inner)| inner))
            {
                bound(inner, names);
            }
        }
        Pattern::Sequence(inner, _) | Pattern::Or(inner) => {
            for inner in inner {
                bound(inner, names);
            }
        }
        Pattern::Opaque(inner) => names.extend(inner.iter().cloned()),
    }
}
