//! Functions, lambdas, parameters and classes.

use std::sync::{Arc, OnceLock};

use ruff_python_ast::{
    Decorator, ExprLambda, Parameter, ParameterWithDefault, Parameters, StmtClassDef,
    StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange};

use super::Lowering;
use crate::code::{
    Block, Class, Expr, ExprKind, Function, FunctionCode, Param, ParamKind, Pattern, Stmt, StmtKind,
};
use crate::source::Span;

impl Lowering<'_, '_> {
    /// A function with its decorators; `None` if its head is broken.
    pub(super) fn function(&mut self, definition: &StmtFunctionDef) -> Option<Stmt> {
        let span = self.part.span(definition.range());
        let function = Function {
            name: Some(definition.name.as_str().into()),
            span,
            decorators: self.decorators(&definition.decorator_list),
            code: OnceLock::from(self.code(definition)?),
        };
        Some(Stmt {
            kind: StmtKind::Function(Arc::new(function)),
            span: Span {
                start: span.start,
                end: self.part.span(self.function_head(definition)).end,
            },
        })
    }

    /// A class with its decorators; `None` if its head is broken.
    pub(super) fn class(&mut self, definition: &StmtClassDef) -> Option<Stmt> {
        let span = self.part.span(definition.range());
        let class = Class {
            bases: self.bases(definition)?,
            decorators: self.decorators(&definition.decorator_list),
            body: self.block(&definition.body),
            ..Class::named(definition.name.as_str().into(), span)
        };
        Some(Stmt {
            kind: StmtKind::Class(Arc::new(class)),
            span: Span {
                start: span.start,
                end: self.part.span(self.class_head(definition)).end,
            },
        })
    }

    fn decorators(&mut self, decorators: &[Decorator]) -> Vec<Expr> {
        let decorators = decorators.iter();
        let whole = decorators.filter(|decorator| !self.part.is_broken(decorator.range()));
        let whole: Vec<&Decorator> = whole.collect();
        let expressions = whole.into_iter().map(|it| self.expression(&it.expression));
        expressions.collect()
    }

    /// From the name of a class to the `:`.
    fn class_head(&self, class: &StmtClassDef) -> TextRange {
        let last = match (&class.arguments, &class.type_params) {
            (Some(arguments), _) => arguments.range(),
            (None, Some(params)) => params.range(),
            (None, None) => class.name.range(),
        };
        self.part.head(&class.name, last)
    }

    /// From the name of a function to the `:`.
    fn function_head(&self, function: &StmtFunctionDef) -> TextRange {
        let last = match &function.returns {
            Some(returns) => returns.range(),
            None => function.parameters.range(),
        };
        self.part.head(&function.name, last)
    }

    /// The positional bases of a class; `None` if its head is broken.
    pub(super) fn bases(&mut self, class: &StmtClassDef) -> Option<Vec<Expr>> {
        if self.part.is_broken(self.class_head(class)) {
            return None;
        }
        let arguments = class.arguments.as_ref();
        Some(arguments.map_or_else(Vec::new, |arguments| self.expressions(&arguments.args)))
    }

    /// Parameters and body of a function; `None` if its head is broken.
    pub(super) fn code(&mut self, function: &StmtFunctionDef) -> Option<FunctionCode> {
        if self.part.is_broken(self.function_head(function)) {
            return None;
        }
        let params = self.params(&function.parameters);
        let returns = function.returns.as_ref();
        let returns = returns.map(|returns| self.expression(returns));
        let (body, is_generator) = self.body(|this| this.block(&function.body));
        Some(FunctionCode {
            params,
            body,
            returns,
            is_async: function.is_async,
            is_generator,
            problems: Vec::new(),
        })
    }

    /// A lambda.
    pub(super) fn lambda(&mut self, lambda: &ExprLambda) -> ExprKind {
        let params = match &lambda.parameters {
            Some(params) => self.params(params),
            None => Vec::new(),
        };
        let (body, is_generator) = self.body(|this| {
            let value = this.expression(&lambda.body);
            vec![Stmt {
                span: value.span,
                kind: StmtKind::Return(Some(value)),
            }]
        });
        let code = FunctionCode {
            params,
            body,
            is_generator,
            ..FunctionCode::default()
        };
        ExprKind::Lambda(Arc::new(Function {
            name: None,
            span: self.part.span(lambda.range()),
            decorators: Vec::new(),
            code: OnceLock::from(code),
        }))
    }

    /// The body of a function, and whether it contains `yield`.
    fn body(&mut self, lower: impl FnOnce(&mut Self) -> Block) -> (Block, bool) {
        let outer = std::mem::replace(&mut self.yields, false);
        let body = lower(self);
        (body, std::mem::replace(&mut self.yields, outer))
    }

    fn params(&mut self, parameters: &Parameters) -> Vec<Param> {
        let mut params = Vec::new();
        for (kind, group) in [
            (ParamKind::PositionalOnly, &parameters.posonlyargs),
            (ParamKind::Normal, &parameters.args),
        ] {
            params.extend(group.iter().map(|it| self.with_default(it, kind)));
        }
        if let Some(rest) = &parameters.vararg {
            params.push(self.param(rest, ParamKind::Rest));
        }
        let keyword_only = parameters.kwonlyargs.iter();
        params.extend(keyword_only.map(|it| self.with_default(it, ParamKind::KeywordOnly)));
        if let Some(rest) = &parameters.kwarg {
            params.push(self.param(rest, ParamKind::KeywordRest));
        }
        params
    }

    fn with_default(&mut self, parameter: &ParameterWithDefault, kind: ParamKind) -> Param {
        let default = parameter.default.as_ref();
        Param {
            default: default.map(|default| self.expression(default)),
            ..self.param(&parameter.parameter, kind)
        }
    }

    fn param(&mut self, parameter: &Parameter, kind: ParamKind) -> Param {
        let annotation = parameter.annotation.as_ref();
        Param {
            pattern: Pattern::Bind(parameter.name.as_str().into(), None),
            kind,
            default: None,
            annotation: annotation.map(|annotation| self.expression(annotation)),
        }
    }
}
