//! Expressions.
//!
//! What only changes the type or place of a value (`&x`, `*x`, `(x)`, `x as T`) is the value, with
//! the span of the whole. A statement in the place of an expression is a block of it.

use proc_macro2::Span as TokenSpan;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{BinOp, Expr as Syntax, PointerMutability, RangeLimits, Token, UnOp};

use super::operators::{Operator, operator};
use super::patterns::member;
use super::statements::without_value;
use super::{Left, Lowering, attributes, block_of, name, opaque, stmt};
use crate::code::{
    Argument, ArgumentKind, Arm, Block, Construct, Expr, ExprKind, Function, FunctionCode,
    StmtKind, UnaryOp,
};
use crate::platform::Truth;
use crate::rust::macros;
use crate::source::Span;

impl Lowering<'_> {
    pub(super) fn expr(&mut self, syntax: &Syntax) -> Expr {
        match syntax {
            Syntax::Array(array) => Expr {
                kind: ExprKind::List(self.exprs(&array.elems)),
                span: self.span(array.bracket_token.span.join()),
            },
            Syntax::Assign(_)
            | Syntax::Break(_)
            | Syntax::Continue(_)
            | Syntax::ForLoop(_)
            | Syntax::Loop(_)
            | Syntax::Return(_)
            | Syntax::While(_) => self.statement_value(syntax),
            Syntax::Async(block) => self.async_block(block),
            Syntax::Await(await_) => {
                let inner = self.expr(&await_.base);
                let span = inner.span.cover(self.span(await_.await_token.span));
                boxed(ExprKind::Await, inner, span)
            }
            Syntax::Binary(binary) => self.binary(syntax, binary),
            Syntax::Block(block) => self.block_expr(block),
            Syntax::Call(call) => {
                let callee = self.expr(&call.func);
                self.call(callee, &call.args, call.paren_token.span.close())
            }
            Syntax::Cast(cast) => {
                let value = self.expr(&cast.expr);
                widen(value, self.span(cast.ty.span()))
            }
            Syntax::Closure(closure) => self.closure(closure),
            Syntax::Const(block) => {
                let head = self.span(block.const_token.span);
                widen(self.plain_block(&block.block), head)
            }
            Syntax::Field(field) => {
                let base = self.expr(&field.base);
                let span = base.span.cover(self.span(field.member.span()));
                Expr {
                    kind: ExprKind::Attribute(Box::new(base), member(&field.member)),
                    span,
                }
            }
            Syntax::Group(group) => self.expr(&group.expr),
            Syntax::If(conditional) => self.conditional(conditional),
            Syntax::Index(index) => self.index(index),
            Syntax::Infer(infer) => opaque(Vec::new(), self.span(infer.underscore_token.span)),
            Syntax::Let(let_) => {
                let pattern = self.pattern(&let_.pat);
                let value = self.expr(&let_.expr);
                let span = self.span(let_.let_token.span).cover(value.span);
                Expr {
                    kind: ExprKind::Let(Box::new(pattern), Box::new(value)),
                    span,
                }
            }
            Syntax::Lit(literal) => self.literal(&literal.lit),
            Syntax::Macro(mac) => self.macro_expr(&mac.mac),
            Syntax::Match(match_) => self.match_expr(match_),
            Syntax::MethodCall(call) => {
                let receiver = self.expr(&call.receiver);
                let span = receiver.span.cover(self.span(call.method.span()));
                let callee = Expr {
                    kind: ExprKind::Attribute(Box::new(receiver), name(&call.method)),
                    span,
                };
                self.call(callee, &call.args, call.paren_token.span.close())
            }
            Syntax::Paren(paren) => {
                let inner = self.expr(&paren.expr);
                widen(inner, self.span(paren.paren_token.span.join()))
            }
            Syntax::Path(path) => self.qualified(path.qself.as_ref(), &path.path),
            Syntax::Range(range) => {
                let limits = self.span(match &range.limits {
                    RangeLimits::HalfOpen(dots) => dots.spans[0],
                    RangeLimits::Closed(dots) => dots.spans[0],
                });
                let ends = [&range.start, &range.end];
                let parts = self.boxed_exprs(ends.into_iter().flatten());
                let span = parts.iter().fold(limits, |all, part| all.cover(part.span));
                opaque(parts, span)
            }
            Syntax::RawAddr(address) => {
                let value = self.expr(&address.expr);
                widen(value, self.span(address.and_token.span))
            }
            Syntax::Reference(reference) => {
                let value = self.expr(&reference.expr);
                widen(value, self.span(reference.and_token.span))
            }
            Syntax::Repeat(repeat) => {
                let parts = self.boxed_exprs([&repeat.expr, &repeat.len]);
                opaque(parts, self.span(repeat.bracket_token.span.join()))
            }
            Syntax::Struct(literal) => self.construct(literal),
            Syntax::Try(try_) => {
                let inner = self.expr(&try_.expr);
                let span = inner.span.cover(self.span(try_.question_token.span));
                boxed(ExprKind::Try, inner, span)
            }
            Syntax::TryBlock(block) => {
                let head = self.span(block.try_token.span);
                // `?` leaves the block, as it would a function.
                self.called_in_place(&block.block, head)
            }
            Syntax::Tuple(tuple) => {
                let elements = self.exprs(&tuple.elems);
                Expr {
                    kind: match elements.is_empty() {
                        true => ExprKind::None,
                        false => ExprKind::Tuple(elements),
                    },
                    span: self.span(tuple.paren_token.span.join()),
                }
            }
            Syntax::Unary(unary) => self.unary(unary),
            Syntax::Unsafe(block) => {
                let head = self.span(block.unsafe_token.span);
                widen(self.plain_block(&block.block), head)
            }
            Syntax::Yield(yield_) => {
                let head = self.span(yield_.yield_token.span);
                let parts = self.boxed_exprs(&yield_.expr);
                let span = parts.iter().fold(head, |all, part| all.cover(part.span));
                opaque(parts, span)
            }
            other => opaque(Vec::new(), self.span(other.span())),
        }
    }

    /// Expressions in a list, without those that `cfg` cuts.
    pub(super) fn exprs(&mut self, list: &Punctuated<Syntax, Token![,]>) -> Vec<Expr> {
        let mut lowered = Vec::with_capacity(list.len());
        for syntax in list {
            if !self.is_cut(attributes::of_expr(syntax)) {
                lowered.push(self.expr(syntax));
            }
        }
        lowered
    }

    fn boxed_exprs<'s>(&mut self, list: impl IntoIterator<Item = &'s Box<Syntax>>) -> Vec<Expr> {
        list.into_iter().map(|syntax| self.expr(syntax)).collect()
    }

    fn call(
        &mut self,
        callee: Expr,
        arguments: &Punctuated<Syntax, Token![,]>,
        close: TokenSpan,
    ) -> Expr {
        let span = callee.span.cover(self.span(close));
        let given = self.exprs(arguments).into_iter().zip(arguments);
        let given = given.map(|(value, syntax)| match is_borrowed(syntax) {
            true => Argument {
                kind: ArgumentKind::Borrowed,
                ..positional(value)
            },
            false => positional(value),
        });
        let arguments = given.collect();
        Expr {
            kind: ExprKind::Call(Box::new(callee), arguments),
            span,
        }
    }

    fn binary(&mut self, syntax: &Syntax, binary: &syn::ExprBinary) -> Expr {
        if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) {
            return self.logical(binary);
        }
        let Some(op) = operator(&binary.op) else {
            return self.statement_value(syntax);
        };
        let left = self.expr(&binary.left);
        let right = self.expr(&binary.right);
        let span = left.span.cover(right.span);
        let kind = match op {
            Operator::Binary(op) => ExprKind::Binary(op, Box::new(left), Box::new(right)),
            Operator::Compare(op) => ExprKind::Compare(Box::new(left), [(op, right)].into()),
        };
        Expr { kind, span }
    }

    /// `a && b && c` is one node, however long.
    fn logical(&mut self, binary: &syn::ExprBinary) -> Expr {
        let is_and = matches!(binary.op, BinOp::And(_));
        let mut operands = vec![&*binary.right];
        let mut left = &*binary.left;
        while let Syntax::Binary(inner) = left
            && matches!(
                (is_and, &inner.op),
                (true, BinOp::And(_)) | (false, BinOp::Or(_))
            )
        {
            operands.push(&inner.right);
            left = &inner.left;
        }
        operands.push(left);
        let operands: Vec<Expr> = operands.into_iter().rev().map(|it| self.expr(it)).collect();
        let span = cover_all(&operands);
        let kind = match is_and {
            true => ExprKind::And(operands),
            false => ExprKind::Or(operands),
        };
        Expr { kind, span }
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Expr {
        let inner = self.expr(&unary.expr);
        let (op, token) = match &unary.op {
            UnOp::Not(bang) => (Some(UnaryOp::Bang), bang.span),
            UnOp::Neg(minus) => (Some(UnaryOp::Negate), minus.span),
            UnOp::Deref(star) => (None, star.span),
            other => return opaque(vec![inner], self.span(other.span())),
        };
        let span = self.span(token).cover(inner.span);
        match op {
            Some(op) => boxed(|inner| ExprKind::Unary(op, inner), inner, span),
            None => widen(inner, span),
        }
    }

    fn index(&mut self, index: &syn::ExprIndex) -> Expr {
        let value = self.expr(&index.expr);
        let span = value
            .span
            .cover(self.span(index.bracket_token.span.close()));
        let is_range = matches!(&*index.index, Syntax::Range(_));
        let index = self.expr(&index.index);
        let kind = match is_range {
            true => ExprKind::Opaque(vec![value, index]),
            false => ExprKind::Index(Box::new(value), Box::new(index)),
        };
        Expr { kind, span }
    }

    fn construct(&mut self, literal: &syn::ExprStruct) -> Expr {
        let class = self.qualified(literal.qself.as_ref(), &literal.path);
        let span = class
            .span
            .cover(self.span(literal.brace_token.span.close()));
        let mut fields = Vec::with_capacity(literal.fields.len());
        for field in &literal.fields {
            if !self.is_cut(&field.attrs) {
                fields.push((member(&field.member), self.expr(&field.expr)));
            }
        }
        let rest = literal.rest.as_ref().map(|rest| self.expr(rest));
        Expr {
            kind: ExprKind::Construct(Box::new(Construct {
                class,
                fields,
                rest,
            })),
            span,
        }
    }

    /// `if`, with its `else if` chain inside it. The branches are blocks.
    pub(super) fn conditional(&mut self, conditional: &syn::ExprIf) -> Expr {
        let test = self.expr(&conditional.cond);
        let then = self.plain_block(&conditional.then_branch);
        let head = self.span(conditional.if_token.span);
        let otherwise = match &conditional.else_branch {
            Some((_, otherwise)) => self.expr(otherwise),
            None => Expr {
                kind: ExprKind::None,
                span: Span {
                    start: then.span.end,
                    end: then.span.end,
                },
            },
        };
        let span = head.cover(otherwise.span);
        Expr {
            kind: ExprKind::Conditional {
                test: Box::new(test),
                then: Box::new(then),
                otherwise: Box::new(otherwise),
            },
            span,
        }
    }

    pub(super) fn match_expr(&mut self, match_: &syn::ExprMatch) -> Expr {
        let subject = self.expr(&match_.expr);
        let mut arms = Vec::with_capacity(match_.arms.len());
        for arm in &match_.arms {
            if self.is_cut(&arm.attrs) {
                continue;
            }
            let (pattern, guard) = self.guarded(&arm.pat);
            arms.push(Arm {
                pattern,
                guard,
                body: self.expr(&arm.body),
                span: self.span(arm.pat.span()),
            });
        }
        let head = self.span(match_.match_token.span);
        Expr {
            kind: ExprKind::Match(Box::new(subject), arms.into()),
            span: head.cover(self.span(match_.brace_token.span.close())),
        }
    }

    /// A block in braces; labels and attributes stand on other nodes.
    pub(super) fn plain_block(&mut self, block: &syn::Block) -> Expr {
        let span = self.span(block.brace_token.span.join());
        block_of(self.stmts(&block.stmts), span)
    }

    /// A block with a label can be left by `break`, so it is a loop that runs once.
    fn block_expr(&mut self, block: &syn::ExprBlock) -> Expr {
        let Some(label) = &block.label else {
            return self.plain_block(&block.block);
        };
        let head = self.span(label.name.span());
        self.loops.push(Left {
            label: Some(name(&label.name.ident)),
            is_block: true,
        });
        let mut body = without_value(self.stmts(&block.block.stmts));
        self.loops.pop();
        body.push(stmt(StmtKind::Break(0), head));
        let span = head.cover(self.span(block.block.brace_token.span.close()));
        self.endless(body, head, span)
    }

    /// `loop` for its value, which is not modelled.
    pub(super) fn endless(&mut self, body: Block, head: Span, span: Span) -> Expr {
        let body = StmtKind::While {
            test: Box::new(Expr {
                kind: ExprKind::Bool(true),
                span: head,
            }),
            body,
            otherwise: Vec::new(),
        };
        let value = opaque(Vec::new(), head);
        block_of(
            vec![stmt(body, head), stmt(StmtKind::Tail(value), head)],
            span,
        )
    }

    /// An async block runs where it stands. One that returns from itself is a closure that is called
    /// there.
    fn async_block(&mut self, block: &syn::ExprAsync) -> Expr {
        let head = self.span(block.async_token.span);
        let body = if returns(&block.block) {
            self.called_in_place(&block.block, head)
        } else {
            widen(self.plain_block(&block.block), head)
        };
        let span = body.span;
        boxed(ExprKind::Async, body, span)
    }

    fn called_in_place(&mut self, block: &syn::Block, head: Span) -> Expr {
        let body = self.plain_block(block);
        let span = head.cover(body.span);
        let lambda = lambda(
            FunctionCode {
                body: vec![stmt(StmtKind::Return(Some(body)), span)],
                ..FunctionCode::default()
            },
            span,
        );
        Expr {
            kind: ExprKind::Call(Box::new(lambda), Box::default()),
            span,
        }
    }

    fn closure(&mut self, closure: &syn::ExprClosure) -> Expr {
        let params = closure
            .inputs
            .iter()
            .map(|input| self.param(input))
            .collect();
        let body = self.expr(&closure.body);
        let first = (closure.asyncness.map(|token| token.span))
            .or(closure.capture.map(|token| token.span))
            .unwrap_or(closure.inputs_begin.span);
        let span = self.span(first).cover(body.span);
        let code = FunctionCode {
            params,
            returns: self.return_type(&closure.output),
            is_async: closure.asyncness.is_some(),
            is_generator: false,
            problems: Vec::new(),
            body: vec![stmt_of(body)],
        };
        lambda(code, span)
    }

    /// A condition that is not known, for what `cfg` may cut.
    pub(super) fn unknown(&self, span: Span) -> Expr {
        opaque(Vec::new(), span)
    }

    /// Whether a statement is compiled whose first expression carries its attributes.
    pub(super) fn statement_compiled(&self, syntax: &Syntax) -> Truth {
        match syntax {
            Syntax::Assign(assign) => self.statement_compiled(&assign.left),
            Syntax::Binary(binary) => self.statement_compiled(&binary.left),
            Syntax::Cast(cast) => self.statement_compiled(&cast.expr),
            other => self.compiled(attributes::of_expr(other)),
        }
    }
}

fn stmt_of(value: Expr) -> crate::code::Stmt {
    let span = value.span;
    stmt(StmtKind::Return(Some(value)), span)
}

/// Whether who is given this can change what it leads to: `&mut value`, `&mut value as *mut u32`.
fn is_borrowed(syntax: &Syntax) -> bool {
    match syntax {
        Syntax::Reference(reference) => reference.mutability.is_some(),
        Syntax::RawAddr(address) => matches!(address.mutability, PointerMutability::Mut(_)),
        Syntax::Cast(cast) => is_borrowed(&cast.expr),
        Syntax::Paren(paren) => is_borrowed(&paren.expr),
        _ => false,
    }
}

pub(super) fn positional(value: Expr) -> Argument {
    Argument {
        kind: ArgumentKind::Positional,
        span: value.span,
        value,
    }
}

fn lambda(code: FunctionCode, span: Span) -> Expr {
    let function = Function {
        name: None,
        span,
        decorators: Vec::new(),
        code: code.into(),
    };
    Expr {
        kind: ExprKind::Lambda(function.into()),
        span,
    }
}

fn boxed(kind: impl FnOnce(Box<Expr>) -> ExprKind, inner: Expr, span: Span) -> Expr {
    Expr {
        kind: kind(Box::new(inner)),
        span,
    }
}

/// The same value with more syntax around it.
fn widen(inner: Expr, outer: Span) -> Expr {
    Expr {
        span: inner.span.cover(outer),
        kind: inner.kind,
    }
}

fn cover_all(parts: &[Expr]) -> Span {
    let spans = parts.iter().map(|part| part.span);
    spans.reduce(Span::cover).unwrap_or(Span::new(0, 0))
}

/// Whether a block returns from itself, not counting functions and blocks inside it that can be
/// returned from.
fn returns(block: &syn::Block) -> bool {
    struct Returns(bool);
    impl<'ast> syn::visit::Visit<'ast> for Returns {
        fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
            self.0 = true;
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            self.0 |= matches!(macros::name(mac).as_str(), "bail" | "ensure");
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut found = Returns(false);
    syn::visit::Visit::visit_block(&mut found, block);
    found.0
}
