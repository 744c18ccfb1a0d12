//! Macro calls.
//!
//! A macro that is not known here is a call of `name!` with its arguments if it takes expressions,
//! and otherwise the statements that stand in it.

use proc_macro2::TokenStream;
use syn::Macro;
use syn::spanned::Spanned;

use super::expressions::positional;
use super::{Lowering, block_of, opaque, stmt};
use crate::code::{
    Argument, ArgumentKind, Arm, Block, Branch, Expr, ExprKind, Pattern, Stmt, StmtKind, TextPart,
    UnaryOp,
};
use crate::platform::Truth;
use crate::rust::{cfg, macros};
use crate::source::Span;

impl Lowering<'_> {
    pub(super) fn macro_expr(&mut self, mac: &Macro) -> Expr {
        let span = self.macro_span(mac);
        if let Some(block) = self.macro_statements(mac) {
            return block_of(block, span);
        }
        if let Some(block) = self.macro_branches(mac, true) {
            return block_of(block, span);
        }
        let name = macros::name(mac);
        let known = match name.as_str() {
            "cfg" => Some(self.cfg(&mac.tokens, span)),
            "matches" => self.matches(mac, span),
            "select" => self.select(mac, span),
            "vec" => self.vec(mac, span),
            _ => None,
        };
        if let Some(known) = known {
            return known;
        }
        let Some(arguments) = macros::arguments(mac) else {
            return self.program(&mac.tokens, span);
        };
        match name.as_str() {
            "format" | "format_args" => self.formatted(&arguments, span),
            "concat" => self.concat(&arguments, span),
            "dbg" if arguments.len() == 1 => Expr {
                kind: self.expr(&arguments[0].value).kind,
                span,
            },
            "join" | "try_join" => {
                let futures = self.values(&arguments).into_iter().map(|future| Expr {
                    span: future.span,
                    kind: ExprKind::Await(Box::new(future)),
                });
                opaque(futures.collect(), span)
            }
            // What is written is made, and with it the text of each value.
            "print" | "println" | "eprint" | "eprintln" => {
                let first = arguments.first().map(|first| self.span(first.value.span()));
                let text = first.map(|first| self.formatted(&arguments, first));
                opaque(text.into_iter().collect(), span)
            }
            "write" | "writeln" if arguments.len() > 1 => {
                let written = self.formatted(&arguments[1..], span);
                let to = self.expr(&arguments[0].value);
                let callee = Expr {
                    span: to.span,
                    kind: ExprKind::Attribute(Box::new(to), "write_fmt".into()),
                };
                Expr {
                    kind: ExprKind::Call(Box::new(callee), [positional(written)].into()),
                    span,
                }
            }
            name if is_output(name) => opaque(self.values(&arguments), span),
            _ => self.unknown_macro(mac, &arguments, span),
        }
    }

    /// The macros that are statements rather than values.
    pub(super) fn macro_statements(&mut self, mac: &Macro) -> Option<Block> {
        let span = self.macro_span(mac);
        let name = macros::name(mac);
        match name.as_str() {
            "lazy_static" | "thread_local" => {
                let mut block = Vec::new();
                for item in macros::lazy_statics(mac)? {
                    if !self.is_cut(&item.attributes) {
                        let head = self.span(item.name.span());
                        block.push(self.constant(head, &item.name, &item.value));
                    }
                }
                Some(block)
            }
            "assert" | "debug_assert" => {
                let test = self.expr(&macros::arguments(mac)?.first()?.value);
                Some(vec![stmt(StmtKind::Assert(test), span)])
            }
            "panic" | "todo" | "unimplemented" | "unreachable" => {
                let values = macros::arguments(mac).map(|arguments| self.values(&arguments));
                let error = opaque(values.unwrap_or_default(), span);
                Some(vec![stmt(StmtKind::Raise(Some(error)), span)])
            }
            "bail" => {
                let values = macros::arguments(mac).map(|arguments| self.values(&arguments));
                Some(vec![self.fails(values.unwrap_or_default(), span)])
            }
            "ensure" => {
                let arguments = macros::arguments(mac)?;
                let test = self.expr(&arguments.first()?.value);
                let values = self.values(&arguments[1..]);
                let test = Expr {
                    span: test.span,
                    kind: ExprKind::Unary(UnaryOp::Bang, Box::new(test)),
                };
                let branch = Branch {
                    test,
                    body: vec![self.fails(values, span)],
                    span,
                };
                let kind = StmtKind::If {
                    branches: vec![branch],
                    otherwise: Vec::new(),
                };
                Some(vec![stmt(kind, span)])
            }
            _ => None,
        }
    }

    /// A macro among items: its items stand where it stands.
    pub(super) fn item_macro(&mut self, mac: &Macro, block: &mut Block) {
        if macros::name(mac) == "include" {
            return;
        }
        if let Some(branches) = macros::branches(mac, self.platform) {
            for (compiled, tokens) in branches {
                if compiled != Truth::No
                    && let Some(items) = macros::items(&tokens)
                {
                    block.extend(self.items(&items));
                }
            }
            return;
        }
        match self.macro_statements(mac) {
            Some(statements) => block.extend(statements),
            None => match macros::items(&mac.tokens) {
                Some(items) if !items.is_empty() => block.extend(self.items(&items)),
                _ => {
                    let value = self.macro_expr(mac);
                    let span = value.span;
                    block.push(stmt(StmtKind::Expr(value), span));
                }
            },
        }
    }

    fn macro_span(&self, mac: &Macro) -> Span {
        let close = self.span(mac.delimiter.span().close());
        self.path(&mac.path).span.cover(close)
    }

    fn values(&mut self, arguments: &[macros::Argument]) -> Vec<Expr> {
        let values = arguments.iter().map(|argument| self.expr(&argument.value));
        values.collect()
    }

    /// Returns an error.
    fn fails(&self, error: Vec<Expr>, span: Span) -> Stmt {
        let err = Expr {
            kind: ExprKind::Name("Err".into()),
            span,
        };
        let arguments = vec![positional(opaque(error, span))];
        let failed = Expr {
            kind: ExprKind::Call(Box::new(err), arguments.into()),
            span,
        };
        stmt(StmtKind::Return(Some(failed)), span)
    }

    fn cfg(&self, tokens: &TokenStream, span: Span) -> Expr {
        let kind = match cfg::truth(tokens, self.platform) {
            Truth::Yes => ExprKind::Bool(true),
            Truth::No => ExprKind::Bool(false),
            Truth::Unknown => ExprKind::Opaque(Vec::new()),
        };
        Expr { kind, span }
    }

    fn matches(&mut self, mac: &Macro, span: Span) -> Option<Expr> {
        let matches: macros::Matches = syn::parse2(mac.tokens.clone()).ok()?;
        let subject = self.expr(&matches.subject);
        let (pattern, inner_guard) = self.guarded(&matches.pattern);
        let guard = matches.guard.as_ref().map(|guard| self.expr(guard));
        let arm = |pattern, guard, value| Arm {
            pattern,
            guard,
            body: Expr {
                kind: ExprKind::Bool(value),
                span,
            },
            span,
        };
        let arms = vec![
            arm(pattern, inner_guard.or(guard), true),
            arm(Pattern::Wildcard, None, false),
        ];
        Some(Expr {
            kind: ExprKind::Match(Box::new(subject), arms.into()),
            span,
        })
    }

    /// `select!`: any of the branches may be the one that runs.
    fn select(&mut self, mac: &Macro, span: Span) -> Option<Expr> {
        let mut arms = Vec::new();
        for arm in macros::select_arms(mac)? {
            let condition = arm.condition.as_ref().map(|it| self.expr(it));
            let mut block = Vec::new();
            if let Some((pattern, future)) = &arm.awaited {
                let future = self.expr(future);
                let span = future.span;
                let kind = StmtKind::Let {
                    pattern: Box::new(self.pattern(pattern)),
                    annotation: None,
                    value: Some(Box::new(Expr {
                        kind: ExprKind::Await(Box::new(future)),
                        span,
                    })),
                    otherwise: None,
                };
                block.push(stmt(kind, span));
            }
            let body = self.expr(&arm.body);
            let span = body.span;
            block.push(stmt(StmtKind::Tail(body), span));
            arms.push(Arm {
                pattern: Pattern::Wildcard,
                guard: Some(opaque(condition.into_iter().collect(), span)),
                body: block_of(block, span),
                span,
            });
        }
        Some(Expr {
            kind: ExprKind::Match(Box::new(opaque(Vec::new(), span)), arms.into()),
            span,
        })
    }

    fn vec(&mut self, mac: &Macro, span: Span) -> Option<Expr> {
        if let Some((value, count)) = macros::repetition(mac) {
            let parts = vec![self.expr(&value), self.expr(&count)];
            return Some(opaque(parts, span));
        }
        let values = macros::arguments(mac).map(|arguments| self.values(&arguments))?;
        Some(Expr {
            kind: ExprKind::List(values),
            span,
        })
    }

    /// `concat!` of texts is a text.
    fn concat(&mut self, arguments: &[macros::Argument], span: Span) -> Expr {
        let mut parts: Vec<TextPart> = Vec::new();
        for value in self.values(arguments) {
            match value.kind {
                ExprKind::Text(text) => parts.extend(text),
                _ => parts.push(TextPart::Interpolated(value)),
            }
        }
        Expr {
            kind: ExprKind::Text(parts),
            span,
        }
    }

    fn unknown_macro(&mut self, mac: &Macro, arguments: &[macros::Argument], span: Span) -> Expr {
        let mut callee = self.path(&mac.path);
        if let ExprKind::Name(name) | ExprKind::Attribute(_, name) = &mut callee.kind {
            *name = format!("{name}!").into();
        }
        callee.span = callee.span.cover(self.span(mac.bang_token.span));
        let arguments = arguments.iter().map(|argument| {
            let value = self.expr(&argument.value);
            match &argument.name {
                Some(name) => Argument {
                    kind: ArgumentKind::Keyword(super::name(name)),
                    span: self.span(name.span()).cover(value.span),
                    value,
                },
                None => positional(value),
            }
        });
        let arguments = arguments.collect();
        Expr {
            kind: ExprKind::Call(Box::new(callee), arguments),
            span,
        }
    }

    /// What a macro holds, read as statements.
    fn program(&mut self, tokens: &TokenStream, span: Span) -> Expr {
        match macros::statements(tokens) {
            Some(statements) => block_of(self.stmts(&statements), span),
            None => opaque(Vec::new(), span),
        }
    }
}

/// Macros that write down their arguments, or compare them, and have no value.
fn is_output(name: &str) -> bool {
    matches!(
        name,
        "write"
            | "writeln"
            | "error"
            | "warn"
            | "info"
            | "debug"
            | "trace"
            | "log"
            | "event"
            | "assert_eq"
            | "assert_ne"
            | "debug_assert_eq"
            | "debug_assert_ne"
    )
}
