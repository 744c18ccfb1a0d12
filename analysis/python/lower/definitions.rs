//! Functions, lambdas, parameters, annotations and classes.

use std::sync::{Arc, OnceLock};

use tree_sitter::Node;

use super::tree::{field, first_part, has_broken_head, has_token, head, parts, span};
use super::{Lowering, opaque};
use crate::code::{
    BinaryOp, Class, Expr, ExprKind, Function, FunctionCode, Param, ParamKind, Stmt, StmtKind,
};
use crate::source::Span;

impl Lowering<'_> {
    /// A function or class, with its decorators.
    pub(super) fn definition(&mut self, node: Node) -> Option<Stmt> {
        let definition = match node.kind() {
            "decorated_definition" => field(node, "definition")?,
            _ => node,
        };
        let mut decorators = Vec::new();
        if definition != node {
            for part in parts(node) {
                if part.kind() == "decorator" && !part.has_error() {
                    decorators.extend(first_part(part).map(|value| self.expression(value)));
                }
            }
        }
        let name = self.name(field(definition, "name")?);
        let whole = span(node);
        let kind = if definition.kind() == "class_definition" {
            StmtKind::Class(Arc::new(Class {
                name,
                span: whole,
                bases: self.bases(definition)?,
                decorators,
                body: self.block_of(definition, "body"),
                fields: Vec::new(),
                defaults: Vec::new(),
                private: Vec::new(),
                is_unit: false,
                is_variant: false,
                is_trait: false,
            }))
        } else {
            StmtKind::Function(Arc::new(Function {
                name: Some(name),
                span: whole,
                decorators,
                code: OnceLock::from(self.code(definition)?),
            }))
        };
        let span = Span {
            start: whole.start,
            end: head(definition).end,
        };
        Some(Stmt { kind, span })
    }

    /// The positional bases of a class; `None` if its head is broken.
    pub(super) fn bases(&mut self, class: Node) -> Option<Vec<Expr>> {
        if class.kind() != "class_definition" || has_broken_head(class) {
            return None;
        }
        let arguments = field(class, "superclasses").map_or_else(Vec::new, parts);
        let mut bases = Vec::new();
        for argument in arguments {
            if !matches!(argument.kind(), "keyword_argument" | "dictionary_splat") {
                bases.push(self.expression(argument));
            }
        }
        Some(bases)
    }

    /// Parameters and body of a function; `None` if its head is broken.
    pub(super) fn code(&mut self, function: Node) -> Option<FunctionCode> {
        if function.kind() != "function_definition" || has_broken_head(function) {
            return None;
        }
        let params = self.params(field(function, "parameters")?);
        let returns = field(function, "return_type").map(|returns| self.annotation(returns));
        let outer = std::mem::replace(&mut self.yields, false);
        let body = self.block_of(function, "body");
        Some(FunctionCode {
            params,
            body,
            returns,
            is_async: has_token(function, "async"),
            is_generator: std::mem::replace(&mut self.yields, outer),
            problems: Vec::new(),
        })
    }

    /// A lambda.
    pub(super) fn lambda(&mut self, node: Node) -> Option<ExprKind> {
        let params = match field(node, "parameters") {
            Some(params) => self.params(params),
            None => Vec::new(),
        };
        let outer = std::mem::replace(&mut self.yields, false);
        let value = self.expression(field(node, "body")?);
        let body = vec![Stmt {
            span: value.span,
            kind: StmtKind::Return(Some(value)),
        }];
        let code = FunctionCode {
            params,
            body,
            is_generator: std::mem::replace(&mut self.yields, outer),
            ..FunctionCode::default()
        };
        Some(ExprKind::Lambda(Arc::new(Function {
            name: None,
            span: span(node),
            decorators: Vec::new(),
            code: OnceLock::from(code),
        })))
    }

    fn params(&mut self, node: Node) -> Vec<Param> {
        let mut params: Vec<Param> = Vec::new();
        let mut kind = ParamKind::Normal;
        for part in parts(node) {
            match part.kind() {
                "positional_separator" => {
                    for param in &mut params {
                        param.kind = ParamKind::PositionalOnly;
                    }
                }
                "keyword_separator" => kind = ParamKind::KeywordOnly,
                _ => {
                    let Some(param) = self.param(part, kind) else {
                        continue;
                    };
                    if param.kind == ParamKind::Rest {
                        kind = ParamKind::KeywordOnly;
                    }
                    params.push(param);
                }
            }
        }
        params
    }

    fn param(&mut self, node: Node, kind: ParamKind) -> Option<Param> {
        let bound = match node.kind() {
            "typed_parameter" => first_part(node)?,
            "default_parameter" | "typed_default_parameter" => field(node, "name")?,
            _ => node,
        };
        let (kind, bound) = match bound.kind() {
            "list_splat_pattern" => (ParamKind::Rest, first_part(bound)?),
            "dictionary_splat_pattern" => (ParamKind::KeywordRest, first_part(bound)?),
            _ => (kind, bound),
        };
        Some(Param {
            pattern: self.target(bound),
            kind,
            default: field(node, "value").map(|value| self.expression(value)),
            annotation: field(node, "type").map(|annotation| self.annotation(annotation)),
        })
    }

    /// A type, as the expression that it is.
    pub(super) fn annotation(&mut self, node: Node) -> Expr {
        let inner = match node.kind() {
            "type" => first_part(node).unwrap_or(node),
            _ => node,
        };
        let span = span(inner);
        let kind = match inner.kind() {
            "generic_type" => self.deeper(inner, |this| this.generic_type(inner)),
            "union_type" => self.deeper(inner, |this| this.union_type(inner)),
            "member_type" => self.deeper(inner, |this| this.member_type(inner)),
            "type" | "splat_type" | "constrained_type" => None,
            _ => return self.expression(inner),
        };
        let kind = kind.flatten().unwrap_or_else(opaque);
        Expr { kind, span }
    }

    /// `name[type, …]`
    fn generic_type(&mut self, node: Node) -> Option<ExprKind> {
        let [base, parameters] = parts(node)[..] else {
            return None;
        };
        let types = parts(parameters).into_iter();
        let mut types: Vec<Expr> = types.map(|inner| self.annotation(inner)).collect();
        let index = if types.len() == 1 && !has_token(parameters, ",") {
            types.pop()?
        } else {
            Expr {
                span: types.first()?.span.cover(types.last()?.span),
                kind: ExprKind::Tuple(types),
            }
        };
        let base = self.expression(base);
        Some(ExprKind::Index(Box::new(base), Box::new(index)))
    }

    /// `type | type`
    fn union_type(&mut self, node: Node) -> Option<ExprKind> {
        let [left, right] = parts(node)[..] else {
            return None;
        };
        let (left, right) = (self.annotation(left), self.annotation(right));
        Some(ExprKind::Binary(
            BinaryOp::Or,
            Box::new(left),
            Box::new(right),
        ))
    }

    /// `type.name`
    fn member_type(&mut self, node: Node) -> Option<ExprKind> {
        let [base, member] = parts(node)[..] else {
            return None;
        };
        let base = self.annotation(base);
        Some(ExprKind::Attribute(Box::new(base), self.name(member)))
    }
}
