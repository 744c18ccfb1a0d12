//! Finds what can be rewritten in a file, and what is in sight there.

use std::collections::HashMap;
use std::mem;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprMethodCall, Pat, Signature};

use super::commands::{Command, Variables, constructed};
use super::probes::{Probe, Question};
use super::scopes::Scopes;
use crate::rust::parse::Parsed;
use crate::source::Span;

/// What can be rewritten in a file, each with the items in sight there. What stands in a macro is not
/// among it.
#[derive(Default)]
pub(super) struct Places<'s> {
    /// The programs that commands are made with.
    programs: HashMap<Span, (Scopes, &'s Expr)>,
    /// Those of them that are literals, in order.
    literals: Vec<Span>,
    /// Calls of `spawn`.
    spawns: HashMap<Span, (Scopes, Spawn<'s>)>,
    /// What is made of calls that ask for a process, by the call.
    probes: HashMap<Span, (Scopes, Probe<'s>)>,
}

/// A call of `spawn`.
#[derive(Clone, Copy)]
pub(super) struct Spawn<'s> {
    pub(super) call: &'s ExprMethodCall,
    /// What it starts, if that is plain to see.
    pub(super) command: Option<Command>,
}

impl<'s> Places<'s> {
    pub(super) fn of(parsed: &'s Parsed) -> Places<'s> {
        let mut search = Search {
            parsed,
            scopes: Scopes::default(),
            variables: Variables::default(),
            body: None,
            in_unsafe: false,
            found: Places::default(),
        };
        search.scopes.enter_module(parsed.file.items.iter());
        search.visit_file(&parsed.file);
        let mut found = search.found;
        found.literals.sort();
        found
    }

    /// The program at a place, which may be that of the text within a literal.
    pub(super) fn program(&self, place: Span) -> Option<(&Scopes, &'s Expr)> {
        let around = || {
            let before = self
                .literals
                .partition_point(|span| span.start <= place.start);
            let literal = self.literals[before.checked_sub(1)?];
            self.programs
                .get(&literal)
                .filter(|_| literal.contains(place))
        };
        let (scopes, program) = self.programs.get(&place).or_else(around)?;
        Some((scopes, program))
    }

    /// The call of `spawn` at a place.
    pub(super) fn spawn(&self, place: Span) -> Option<(&Scopes, Spawn<'s>)> {
        let (scopes, spawn) = self.spawns.get(&place)?;
        Some((scopes, *spawn))
    }

    /// What is made of the call at a place that asks for a process.
    pub(super) fn probe(&self, place: Span) -> Option<(&Scopes, &Probe<'s>)> {
        let (scopes, probe) = self.probes.get(&place)?;
        Some((scopes, probe))
    }
}

struct Search<'s, 't> {
    parsed: &'s Parsed<'t>,
    scopes: Scopes,
    variables: Variables,
    /// The body of the function.
    body: Option<&'s Block>,
    /// Whether an `unsafe` block is around.
    in_unsafe: bool,
    found: Places<'s>,
}

impl<'s> Search<'s, '_> {
    /// Visits something that has variables of its own.
    fn within(&mut self, visit: impl FnOnce(&mut Self)) {
        let count = self.variables.count();
        visit(self);
        self.variables.truncate(count);
    }

    /// Visits a function: no variables from around it are in sight.
    fn function(&mut self, signature: &'s Signature, body: Option<&'s Block>) {
        let around = mem::take(&mut self.variables);
        let body_around = mem::replace(&mut self.body, body);
        let unsafe_around = mem::take(&mut self.in_unsafe);
        for input in &signature.inputs {
            if let syn::FnArg::Typed(typed) = input {
                self.parameter(&Pat::Type(typed.clone()));
            }
        }
        if let Some(body) = body {
            self.visit_block(body);
        }
        self.variables = around;
        self.body = body_around;
        self.in_unsafe = unsafe_around;
    }

    fn parameter(&mut self, pattern: &Pat) {
        self.variables.bind(pattern, None, &self.scopes);
    }
}

impl<'s> Visit<'s> for Search<'s, '_> {
    fn visit_item_mod(&mut self, module: &'s syn::ItemMod) {
        if let Some((_, items)) = &module.content {
            self.scopes.enter_module(items.iter());
            visit::visit_item_mod(self, module);
            self.scopes.leave();
        }
    }

    fn visit_item_fn(&mut self, function: &'s syn::ItemFn) {
        self.function(&function.sig, Some(&function.block));
    }

    fn visit_impl_item_fn(&mut self, function: &'s syn::ImplItemFn) {
        self.function(&function.sig, Some(&function.block));
    }

    fn visit_trait_item_fn(&mut self, function: &'s syn::TraitItemFn) {
        self.function(&function.sig, function.default.as_ref());
    }

    fn visit_block(&mut self, block: &'s Block) {
        self.scopes.enter_block(&block.stmts);
        self.within(|search| visit::visit_block(search, block));
        self.scopes.leave();
    }

    fn visit_local(&mut self, local: &'s syn::Local) {
        visit::visit_local(self, local);
        let init = local.init.as_ref();
        let command = init.and_then(|init| self.variables.command(&init.expr, &self.scopes));
        self.variables.bind(&local.pat, command, &self.scopes);
    }

    fn visit_arm(&mut self, arm: &'s syn::Arm) {
        self.within(|search| {
            search.parameter(&arm.pat);
            visit::visit_arm(search, arm);
        });
    }

    fn visit_expr_let(&mut self, binding: &'s syn::ExprLet) {
        visit::visit_expr_let(self, binding);
        self.parameter(&binding.pat);
    }

    fn visit_expr_if(&mut self, condition: &'s syn::ExprIf) {
        self.within(|search| visit::visit_expr_if(search, condition));
    }

    fn visit_expr_while(&mut self, repeated: &'s syn::ExprWhile) {
        self.within(|search| visit::visit_expr_while(search, repeated));
    }

    fn visit_expr_for_loop(&mut self, repeated: &'s syn::ExprForLoop) {
        self.within(|search| {
            search.visit_expr(&repeated.expr);
            search.parameter(&repeated.pat);
            search.visit_block(&repeated.body);
        });
    }

    fn visit_expr_closure(&mut self, closure: &'s syn::ExprClosure) {
        self.within(|search| {
            for input in &closure.inputs {
                search.parameter(input);
            }
            search.visit_expr(&closure.body);
        });
    }

    fn visit_expr_unsafe(&mut self, block: &'s syn::ExprUnsafe) {
        let around = mem::replace(&mut self.in_unsafe, true);
        visit::visit_expr_unsafe(self, block);
        self.in_unsafe = around;
    }

    fn visit_expr(&mut self, expression: &'s Expr) {
        if let Some(question) = Question::of(expression) {
            let call = self.parsed.span(question.call.span());
            let probe = Probe {
                has_type: self.variables.has_type(question.pid),
                question,
                body: self.body,
                in_unsafe: self.in_unsafe,
            };
            // The outermost comes first, with the parentheses that are around it.
            let found = self.found.probes.entry(call);
            found.or_insert_with(|| (self.scopes.clone(), probe));
        }
        visit::visit_expr(self, expression);
    }

    fn visit_expr_call(&mut self, call: &'s syn::ExprCall) {
        if call.args.len() == 1 && constructed(&call.func, &self.scopes).is_some() {
            let program = &call.args[0];
            let span = self.parsed.span_of(program);
            if matches!(program, Expr::Lit(_)) {
                self.found.literals.push(span);
            }
            let found = (self.scopes.clone(), program);
            self.found.programs.insert(span, found);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'s ExprMethodCall) {
        if call.method == "spawn" && call.args.is_empty() {
            let spawn = Spawn {
                call,
                command: self.variables.command(&call.receiver, &self.scopes),
            };
            let place = Span {
                start: self.parsed.span_of(&call.receiver).start,
                end: self.parsed.span(call.paren_token.span.close()).end,
            };
            let found = (self.scopes.clone(), spawn);
            self.found.spawns.insert(place, found);
        }
        visit::visit_expr_method_call(self, call);
    }
}
