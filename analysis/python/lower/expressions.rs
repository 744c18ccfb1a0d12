//! Expressions: the dispatch, and those that read or call something.

use ruff_python_ast::{ArgOrKeyword, Expr as Parsed, ExprCall, ExprSlice, ExprSubscript, Number};
use ruff_text_size::Ranged;

use super::{Lowering, opaque};
use crate::code::{Argument, ArgumentKind, ComprehensionKind as Kind, Expr, ExprKind};

impl Lowering<'_, '_> {
    /// Lowers an expression; parentheses vanish.
    pub(super) fn expression(&mut self, expression: &Parsed) -> Expr {
        let kind = self.deeper(expression.range(), |this| this.expression_kind(expression));
        Expr {
            kind: kind.flatten().unwrap_or_else(opaque),
            span: self.part.span(expression.range()),
        }
    }

    pub(super) fn expressions(&mut self, expressions: &[Parsed]) -> Vec<Expr> {
        let expressions = expressions.iter();
        expressions.map(|inner| self.expression(inner)).collect()
    }

    pub(super) fn boxed(&mut self, expression: &Parsed) -> Box<Expr> {
        Box::new(self.expression(expression))
    }

    fn expression_kind(&mut self, expression: &Parsed) -> Option<ExprKind> {
        Some(match expression {
            Parsed::Name(name) => ExprKind::Name(name.id.as_str().into()),
            Parsed::NoneLiteral(_) => ExprKind::None,
            Parsed::BooleanLiteral(literal) => ExprKind::Bool(literal.value),
            Parsed::NumberLiteral(literal) => match &literal.value {
                Number::Int(value) => ExprKind::Int(value.as_i64()?),
                Number::Float(_) | Number::Complex { .. } => return None,
            },
            Parsed::StringLiteral(literal) => self.string(literal),
            Parsed::BytesLiteral(literal) => self.bytes(literal),
            Parsed::FString(literal) => self.formatted_string(literal),
            Parsed::Attribute(attribute) => {
                let value = self.boxed(&attribute.value);
                ExprKind::Attribute(value, attribute.attr.as_str().into())
            }
            Parsed::Subscript(subscript) => self.subscript(subscript),
            Parsed::Slice(slice) => ExprKind::Opaque(self.bounds(slice)),
            Parsed::Call(call) => self.call(call),
            Parsed::BinOp(operation) => self.binary(operation),
            Parsed::UnaryOp(operation) => self.unary(operation),
            Parsed::BoolOp(operation) => self.boolean(operation),
            Parsed::Compare(comparison) => self.comparison(comparison),
            Parsed::If(conditional) => ExprKind::Conditional {
                test: self.boxed(&conditional.test),
                then: self.boxed(&conditional.body),
                otherwise: self.boxed(&conditional.orelse),
            },
            Parsed::Named(named) => {
                let name = named.target.as_name_expr()?.id.as_str().into();
                ExprKind::Bind(name, self.boxed(&named.value))
            }
            Parsed::Await(awaited) => ExprKind::Await(self.boxed(&awaited.value)),
            Parsed::Yield(given) => {
                self.yields = true;
                ExprKind::Yield(given.value.as_ref().map(|value| self.boxed(value)))
            }
            Parsed::YieldFrom(given) => {
                self.yields = true;
                ExprKind::Yield(Some(self.boxed(&given.value)))
            }
            Parsed::Lambda(lambda) => self.lambda(lambda),
            Parsed::List(list) => ExprKind::List(self.expressions(&list.elts)),
            Parsed::Tuple(tuple) => ExprKind::Tuple(self.expressions(&tuple.elts)),
            Parsed::Set(set) => ExprKind::Set(self.expressions(&set.elts)),
            Parsed::Dict(dict) => self.dictionary(dict),
            Parsed::Starred(starred) => ExprKind::Starred(self.boxed(&starred.value)),
            Parsed::ListComp(it) => {
                let item = (None, &*it.elt);
                return self.comprehension(Kind::List, item, &it.generators, it.range());
            }
            Parsed::SetComp(it) => {
                let item = (None, &*it.elt);
                return self.comprehension(Kind::Set, item, &it.generators, it.range());
            }
            Parsed::DictComp(it) => {
                let item = (it.key.as_deref(), &*it.value);
                return self.comprehension(Kind::Dict, item, &it.generators, it.range());
            }
            Parsed::Generator(it) => {
                let item = (None, &*it.elt);
                return self.comprehension(Kind::Generator, item, &it.generators, it.range());
            }
            Parsed::EllipsisLiteral(_) | Parsed::TString(_) | Parsed::IpyEscapeCommand(_) => {
                return None;
            }
        })
    }

    fn subscript(&mut self, subscript: &ExprSubscript) -> ExprKind {
        let value = self.boxed(&subscript.value);
        match &*subscript.slice {
            Parsed::Slice(slice) if slice.step.is_none() => {
                let lower = slice.lower.as_ref().map(|bound| self.boxed(bound));
                let upper = slice.upper.as_ref().map(|bound| self.boxed(bound));
                ExprKind::Slice(value, lower, upper)
            }
            Parsed::Slice(slice) => {
                let mut parts = vec![*value];
                parts.extend(self.bounds(slice));
                ExprKind::Opaque(parts)
            }
            index => ExprKind::Index(value, self.boxed(index)),
        }
    }

    fn bounds(&mut self, slice: &ExprSlice) -> Vec<Expr> {
        let bounds = [&slice.lower, &slice.upper, &slice.step];
        let bounds = bounds.into_iter().flatten();
        bounds.map(|bound| self.expression(bound)).collect()
    }

    fn call(&mut self, call: &ExprCall) -> ExprKind {
        let callee = self.boxed(&call.func);
        let arguments = call.arguments.iter_source_order();
        let arguments = arguments.map(|argument| self.argument(argument)).collect();
        ExprKind::Call(callee, arguments)
    }

    fn argument(&mut self, argument: ArgOrKeyword) -> Argument {
        let (kind, value) = match argument {
            ArgOrKeyword::Keyword(keyword) => match &keyword.arg {
                Some(name) => (ArgumentKind::Keyword(name.as_str().into()), &keyword.value),
                None => (ArgumentKind::DoubleStar, &keyword.value),
            },
            ArgOrKeyword::Arg(Parsed::Starred(starred)) => (ArgumentKind::Star, &*starred.value),
            ArgOrKeyword::Arg(value) => (ArgumentKind::Positional, value),
        };
        Argument {
            kind,
            value: self.expression(value),
            span: self.part.span(argument.range()),
        }
    }
}
