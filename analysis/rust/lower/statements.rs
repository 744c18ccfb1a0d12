//! Blocks and statements, with `cfg` deciding which of them are the block's value.

use syn::{Expr as Syntax, Pat, Stmt as StmtSyntax};

use super::operators::update_operator;
use super::{Left, Lowering, block_of, name, stmt};
use crate::code::{Block, Branch, Expr, ExprKind, Stmt, StmtKind};
use crate::platform::Truth;
use crate::rust::macros;
use crate::source::Span;

impl Lowering<'_> {
    /// The statements of a block that are compiled.
    ///
    /// The last of them is the value of the block if it has no semicolon. Where several at the end
    /// may or may not be compiled (`#[cfg(feature = "a")] { … } #[cfg(not(feature = "a"))] { … }`)
    /// each of them may be.
    pub(super) fn stmts(&mut self, syntax: &[StmtSyntax]) -> Block {
        let mut kept: Vec<(&StmtSyntax, Truth)> = Vec::with_capacity(syntax.len());
        for stmt in syntax {
            let compiled = self.stmt_compiled(stmt);
            if compiled != Truth::No {
                kept.push((stmt, compiled));
            }
        }
        let is_open =
            |&(stmt, compiled): &(&StmtSyntax, Truth)| is_value(stmt) && compiled == Truth::Unknown;
        let values = match kept.last() {
            Some(last) if is_open(last) => kept.iter().rev().take_while(|it| is_open(it)).count(),
            Some((last, _)) if is_value(last) => 1,
            _ => 0,
        };
        let (before, values) = kept.split_at(kept.len() - values);

        let mut block = Vec::with_capacity(kept.len());
        for &(stmt, compiled) in before {
            let lowered = self.stmt(stmt, false);
            self.append(&mut block, lowered, compiled);
        }
        match values {
            [] => {}
            [(last, _)] => block.extend(self.stmt(last, true)),
            _ => {
                let values = values.iter().map(|(value, _)| self.stmt(value, true));
                let values = values.collect();
                block.extend(self.one_of(values));
            }
        }
        block
    }

    fn stmt_compiled(&self, syntax: &StmtSyntax) -> Truth {
        match syntax {
            StmtSyntax::Local(local) => self.compiled(&local.attrs),
            // Items look at their attributes themselves.
            StmtSyntax::Item(_) => Truth::Yes,
            StmtSyntax::Expr(Syntax::Verbatim(tokens), _) if tokens.is_empty() => Truth::No,
            StmtSyntax::Expr(syntax, _) => self.statement_compiled(syntax),
            StmtSyntax::Macro(mac) => self.compiled(&mac.attrs),
        }
    }

    /// Adds statements that may or may not be compiled. What declares something is in scope after
    /// them either way.
    fn append(&mut self, block: &mut Block, lowered: Block, compiled: Truth) {
        let declares = |stmt: &Stmt| {
            !matches!(
                stmt.kind,
                StmtKind::Expr(_)
                    | StmtKind::Update { .. }
                    | StmtKind::While { .. }
                    | StmtKind::For { .. }
                    | StmtKind::If { .. }
                    | StmtKind::Return(_)
                    | StmtKind::Raise(_)
                    | StmtKind::Break(_)
                    | StmtKind::Continue(_)
                    | StmtKind::Assert(_)
            )
        };
        match lowered.first() {
            Some(first) if compiled == Truth::Unknown && !lowered.iter().any(declares) => {
                let span = first.span;
                let branch = Branch {
                    test: self.unknown(span),
                    body: lowered,
                    span,
                };
                let kind = StmtKind::If {
                    branches: vec![branch],
                    otherwise: Vec::new(),
                };
                block.push(stmt(kind, span));
            }
            _ => block.extend(lowered),
        }
    }

    /// A value that any of these blocks gives.
    fn one_of(&mut self, mut alternatives: Vec<Block>) -> Block {
        alternatives.retain(|block| !block.is_empty());
        let Some(last) = alternatives.pop() else {
            return Vec::new();
        };
        if alternatives.is_empty() {
            return last;
        }
        let value = alternatives
            .into_iter()
            .rev()
            .fold(as_value(last), |otherwise, block| {
                let then = as_value(block);
                let span = then.span.cover(otherwise.span);
                Expr {
                    kind: ExprKind::Conditional {
                        test: Box::new(self.unknown(then.span)),
                        then: Box::new(then),
                        otherwise: Box::new(otherwise),
                    },
                    span,
                }
            });
        let span = value.span;
        vec![stmt(StmtKind::Tail(value), span)]
    }

    /// One statement; `tail` says that its value is the block's.
    fn stmt(&mut self, syntax: &StmtSyntax, tail: bool) -> Block {
        let mut block = Vec::new();
        match syntax {
            StmtSyntax::Local(local) => block.push(self.local(local)),
            StmtSyntax::Item(item) => self.item(item, &mut block),
            StmtSyntax::Expr(Syntax::Macro(mac), _) => block = self.macro_stmt(&mac.mac, tail),
            StmtSyntax::Expr(syntax, _) => block = self.expr_stmt(syntax, tail),
            StmtSyntax::Macro(mac) => block = self.macro_stmt(&mac.mac, tail),
        }
        block
    }

    fn local(&mut self, local: &syn::Local) -> Stmt {
        let (pattern, annotation) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, self.declared(&typed.ty)),
            pattern => (pattern, None),
        };
        let value = local.init.as_ref().map(|init| self.expr(&init.expr));
        let otherwise = local.init.as_ref().and_then(|init| {
            let (_, otherwise) = init.diverge.as_ref()?;
            Some(match &**otherwise {
                Syntax::Block(block) => self.stmts(&block.block.stmts),
                other => self.expr_stmt(other, true),
            })
        });
        let head = self.span(local.let_token.span);
        let end = match &value {
            Some(value) => value.span,
            None => self.span(local.semi_token.span),
        };
        let kind = StmtKind::Let {
            pattern: Box::new(self.pattern(pattern)),
            annotation: annotation.map(Box::new),
            value: value.map(Box::new),
            otherwise,
        };
        stmt(kind, head.cover(end))
    }

    fn expr_stmt(&mut self, syntax: &Syntax, tail: bool) -> Block {
        // A `loop` that gives the block its value is an expression; its kin have none.
        if !(tail && matches!(syntax, Syntax::Loop(_)))
            && let Some(block) = self.statement(syntax)
        {
            return block;
        }
        let value = self.expr(syntax);
        let span = self.head(syntax, &value);
        let kind = match tail {
            true => StmtKind::Tail(value),
            false => StmtKind::Expr(value),
        };
        vec![stmt(kind, span)]
    }

    /// The head of a compound expression; all of any other.
    fn head(&self, syntax: &Syntax, lowered: &Expr) -> Span {
        let open = |block: &syn::Block| self.span(block.brace_token.span.open());
        match (syntax, &lowered.kind) {
            (Syntax::If(if_), ExprKind::Conditional { test, .. }) => {
                self.span(if_.if_token.span).cover(test.span)
            }
            (Syntax::Match(match_), ExprKind::Match(subject, _)) => {
                self.span(match_.match_token.span).cover(subject.span)
            }
            (Syntax::Block(block), _) => open(&block.block),
            (Syntax::Unsafe(block), _) => {
                self.span(block.unsafe_token.span).cover(open(&block.block))
            }
            _ => lowered.span,
        }
    }

    /// An expression that is a statement of its own, wherever it stands.
    fn statement(&mut self, syntax: &Syntax) -> Option<Block> {
        let statement = match syntax {
            Syntax::Assign(assign) => {
                let target = self.expr(&assign.left);
                let value = self.expr(&assign.right);
                let span = target.span.cover(value.span);
                // `_ = value` drops the value.
                let kind = match &*assign.left {
                    Syntax::Infer(_) => StmtKind::Expr(value),
                    _ => StmtKind::Assign {
                        targets: vec![target],
                        value: Box::new(value),
                    },
                };
                stmt(kind, span)
            }
            Syntax::Binary(binary) => {
                let op = update_operator(&binary.op)?;
                let target = self.expr(&binary.left);
                let value = self.expr(&binary.right);
                let span = target.span.cover(value.span);
                let (target, value) = (Box::new(target), Box::new(value));
                stmt(StmtKind::Update { target, op, value }, span)
            }
            Syntax::Break(break_) => {
                let head = self.span(break_.break_token.span);
                let mut block = Vec::new();
                if let Some(value) = &break_.expr {
                    let value = self.expr(value);
                    let span = head.cover(value.span);
                    block.push(stmt(StmtKind::Expr(value), span));
                }
                let outwards = self.outwards(break_.label.as_ref());
                block.push(stmt(StmtKind::Break(outwards), head));
                return Some(block);
            }
            Syntax::Continue(continue_) => {
                let outwards = self.outwards(continue_.label.as_ref());
                let span = self.span(continue_.continue_token.span);
                stmt(StmtKind::Continue(outwards), span)
            }
            Syntax::Return(return_) => {
                let head = self.span(return_.return_token.span);
                let value = return_.expr.as_ref().map(|value| self.expr(value));
                let span = value.as_ref().map_or(head, |value| head.cover(value.span));
                stmt(StmtKind::Return(value), span)
            }
            Syntax::ForLoop(for_) => {
                let target = self.pattern(&for_.pat);
                let iterable = self.expr(&for_.expr);
                let span = self.span(for_.for_token.span).cover(iterable.span);
                let kind = StmtKind::For {
                    target: Box::new(target),
                    iterable: Box::new(iterable),
                    body: self.loop_body(for_.label.as_ref(), &for_.body),
                    otherwise: Vec::new(),
                };
                stmt(kind, span)
            }
            Syntax::While(while_) => {
                let test = self.expr(&while_.cond);
                let span = self.span(while_.while_token.span).cover(test.span);
                let kind = StmtKind::While {
                    test: Box::new(test),
                    body: self.loop_body(while_.label.as_ref(), &while_.body),
                    otherwise: Vec::new(),
                };
                stmt(kind, span)
            }
            Syntax::Loop(loop_) => {
                let head = self.span(loop_.loop_token.span);
                let kind = StmtKind::While {
                    test: Box::new(Expr {
                        kind: ExprKind::Bool(true),
                        span: head,
                    }),
                    body: self.loop_body(loop_.label.as_ref(), &loop_.body),
                    otherwise: Vec::new(),
                };
                stmt(kind, head)
            }
            _ => return None,
        };
        Some(vec![statement])
    }

    fn loop_body(&mut self, label: Option<&syn::Label>, body: &syn::Block) -> Block {
        self.loops.push(Left {
            label: label.map(|label| name(&label.name.ident)),
            is_block: false,
        });
        let lowered = self.stmts(&body.stmts);
        self.loops.pop();
        lowered
    }

    /// How many loops further out than the innermost a `break` or `continue` means.
    fn outwards(&self, label: Option<&syn::Lifetime>) -> usize {
        let label = label.map(|label| name(&label.ident));
        let meant = |around: &Left| match &label {
            Some(_) => around.label == label,
            // A block is left by its label only.
            None => !around.is_block,
        };
        self.loops.iter().rev().position(meant).unwrap_or(0)
    }

    /// A statement in the place of an expression.
    pub(super) fn statement_value(&mut self, syntax: &Syntax) -> Expr {
        use syn::spanned::Spanned;
        let span = self.span(syntax.span());
        if let Syntax::Loop(loop_) = syntax {
            let head = self.span(loop_.loop_token.span);
            let body = self.loop_body(loop_.label.as_ref(), &loop_.body);
            return self.endless(body, head, span);
        }
        let block = self.statement(syntax).unwrap_or_default();
        block_of(block, span)
    }

    pub(super) fn macro_stmt(&mut self, mac: &syn::Macro, tail: bool) -> Block {
        if let Some(block) = self.macro_branches(mac, tail) {
            return block;
        }
        if let Some(block) = self.macro_statements(mac) {
            return block;
        }
        let value = self.macro_expr(mac);
        let span = value.span;
        let kind = match tail {
            true => StmtKind::Tail(value),
            false => StmtKind::Expr(value),
        };
        vec![stmt(kind, span)]
    }

    /// The branches of `cfg_if!` and its kin that may be compiled; `None` for any other macro, and
    /// for one of them that cannot be read.
    pub(super) fn macro_branches(&mut self, mac: &syn::Macro, tail: bool) -> Option<Block> {
        let mut kept = Vec::new();
        for (compiled, tokens) in macros::branches(mac, self.platform)? {
            if compiled != Truth::No
                && let Some(branch) = macros::statements(&tokens)
            {
                kept.push((self.stmts(&branch), compiled));
            }
        }
        if tail {
            return Some(self.one_of(kept.into_iter().map(|(branch, _)| branch).collect()));
        }
        let mut block = Vec::new();
        for (branch, compiled) in kept {
            self.append(&mut block, without_value(branch), compiled);
        }
        Some(block)
    }
}

/// Whether a statement without its semicolon can be the value of a block.
fn is_value(syntax: &StmtSyntax) -> bool {
    match syntax {
        StmtSyntax::Expr(_, semicolon) => semicolon.is_none(),
        StmtSyntax::Macro(mac) => mac.semi_token.is_none(),
        StmtSyntax::Local(_) | StmtSyntax::Item(_) => false,
    }
}

/// The same statements where their value is dropped.
pub(super) fn without_value(mut block: Block) -> Block {
    if let Some(last) = block.pop_if(|last| matches!(last.kind, StmtKind::Tail(_)))
        && let StmtKind::Tail(value) = last.kind
    {
        block.push(stmt(StmtKind::Expr(value), last.span));
    }
    block
}

/// A block as an expression: its one value, or all of it.
fn as_value(mut block: Block) -> Expr {
    if block.len() == 1
        && let Some(last) = block.pop_if(|last| matches!(last.kind, StmtKind::Tail(_)))
        && let StmtKind::Tail(value) = last.kind
    {
        return value;
    }
    let spans = block.iter().map(|stmt| stmt.span);
    let span = spans.reduce(Span::cover).unwrap_or(Span::new(0, 0));
    block_of(block, span)
}
