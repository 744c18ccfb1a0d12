//! Format strings: `format!` and what is formatted by its rules.

use std::ops::Range;

use super::literals::push_verbatim;
use super::{Lowering, opaque};
use crate::code::{Expr, ExprKind, TextPart};
use crate::rust::macros::Argument;
use crate::source::Span;

impl Lowering<'_> {
    /// The text that the arguments of a formatting macro make: a format string, then its values.
    pub(super) fn formatted(&mut self, arguments: &[Argument], span: Span) -> Expr {
        let template = arguments.first().and_then(|first| match &first.value {
            syn::Expr::Lit(literal) => self.text(self.span(literal.lit.span())),
            _ => None,
        });
        let Some(template) = template else {
            let parts = arguments.iter().map(|argument| self.expr(&argument.value));
            return opaque(parts.collect(), span);
        };
        let parts = Template {
            values: &arguments[1..],
            next: 0,
            parts: Vec::with_capacity(template.len()),
        }
        .fill(self, template);
        Expr {
            kind: ExprKind::Text(parts),
            span,
        }
    }
}

/// A format string while its placeholders are filled.
struct Template<'a> {
    values: &'a [Argument],
    /// The value that the next `{}` takes.
    next: usize,
    parts: Vec<TextPart>,
}

impl Template<'_> {
    fn fill(mut self, lowering: &mut Lowering, template: Vec<TextPart>) -> Vec<TextPart> {
        for part in template {
            match part {
                TextPart::Literal {
                    text,
                    span,
                    verbatim: true,
                } => self.scan(lowering, &text, span.start as usize),
                other => self.parts.push(other),
            }
        }
        self.parts
    }

    /// Reads a piece of the string that stands in the source as it is, at byte `at`.
    fn scan(&mut self, lowering: &mut Lowering, text: &str, at: usize) {
        let mut plain = 0;
        while let Some(found) = text[plain..].find(['{', '}']) {
            let brace = plain + found;
            let rest = &text[brace..];
            let length = if rest.starts_with("{{") || rest.starts_with("}}") {
                2
            } else if rest.starts_with('{') {
                rest.find('}').map_or(rest.len(), |end| end + 1)
            } else {
                1
            };
            push_verbatim(&mut self.parts, &text[plain..brace], at + plain);
            let span = Span::new(at + brace, at + brace + length);
            if rest.starts_with('{') && !rest.starts_with("{{") {
                let inner = brace + 1..(brace + length).max(brace + 2) - 1;
                let value = self.placeholder(lowering, text, inner, at);
                self.parts.push(TextPart::Interpolated(value));
            } else {
                self.parts.push(TextPart::Literal {
                    text: rest[..1].into(),
                    span,
                    verbatim: false,
                });
            }
            plain = brace + length;
        }
        push_verbatim(&mut self.parts, &text[plain..], at + plain);
    }

    /// The value of a placeholder that stands between braces at `inner` of `text`.
    fn placeholder(
        &mut self,
        lowering: &mut Lowering,
        text: &str,
        inner: Range<usize>,
        at: usize,
    ) -> Expr {
        let span = Span::new(at + inner.start, at + inner.end);
        let content = &text[inner];
        let (argument, spec) = content.split_once(':').unwrap_or((content, ""));
        if spec.contains(".*") {
            // The precision is a value of its own, before the one it is for.
            self.next += 1;
        }
        let argument = argument.trim_end();
        let value = if argument.is_empty() {
            self.next += 1;
            self.values.get(self.next - 1)
        } else if let Ok(index) = argument.parse::<usize>() {
            self.values.get(index)
        } else {
            self.values
                .iter()
                .find(|value| value.name.as_ref().is_some_and(|name| name == argument))
        };
        let value = match value {
            Some(value) => lowering.expr(&value.value),
            None if argument.starts_with(|first: char| first.is_alphabetic() || first == '_') => {
                let start = span.start as usize;
                Expr {
                    kind: ExprKind::Name(argument.into()),
                    span: Span::new(start, start + argument.len()),
                }
            }
            None => opaque(Vec::new(), span),
        };
        if spec.is_empty() {
            value
        } else {
            let span = value.span;
            opaque(vec![value], span)
        }
    }
}
