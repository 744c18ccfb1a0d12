//! Lowers a parsed file, one module for each kind of syntax node.

mod attributes;
mod defaults;
mod expressions;
mod format;
mod items;
mod literals;
mod macros;
mod operators;
mod patterns;
mod statements;
mod types;

use proc_macro2::{Ident, TokenStream};
use syn::Attribute;
use syn::ext::IdentExt;

use super::cfg::Attributes;
use super::parse::{Parsed, parse};
use crate::Problem;
use crate::code::{Block, Expr, ExprKind, Name, Stmt, StmtKind};
use crate::platform::{Platform, Truth};
use crate::source::Span;

/// Lowers the text of a file for a platform: to its items, to none where its own `#![cfg(…)]` cuts it.
pub fn file(text: &str, platform: Platform) -> Result<Block, Problem> {
    parse(text, |parsed| {
        let mut lowering = Lowering {
            parsed,
            platform,
            generics: Vec::new(),
            self_type: None,
            loops: Vec::new(),
        };
        match lowering.compiled(&parsed.file.attrs) {
            Truth::No => Vec::new(),
            Truth::Yes | Truth::Unknown => lowering.items(&parsed.file.items),
        }
    })
}

/// What lowering needs to know at every node.
struct Lowering<'a> {
    parsed: &'a Parsed<'a>,
    platform: Platform,
    /// The type parameters in scope: as types they say nothing.
    generics: Vec<Name>,
    /// The type of the `impl` at hand.
    self_type: Option<syn::Type>,
    /// What `break` can leave at the node at hand, innermost last.
    loops: Vec<Left>,
}

/// Something that `break` can leave.
struct Left {
    label: Option<Name>,
    /// Whether it is a block with a label, and no loop.
    is_block: bool,
}

impl Lowering<'_> {
    fn span(&self, span: proc_macro2::Span) -> Span {
        self.parsed.span(span)
    }

    /// Whether a node with these attributes is compiled.
    fn compiled(&self, attributes: &[Attribute]) -> Truth {
        Attributes::compiled(attributes, self.platform)
    }

    fn is_cut(&self, attributes: &[Attribute]) -> bool {
        self.compiled(attributes) == Truth::No
    }

    /// The span of tokens that `syn` gave no structure; `None` where there are none.
    fn tokens_span(&self, tokens: &TokenStream) -> Option<Span> {
        let mut tokens = tokens.clone().into_iter();
        let first = self.span(tokens.next()?.span());
        Some(match tokens.last() {
            Some(last) => first.cover(self.span(last.span())),
            None => first,
        })
    }

    fn name_expr(&self, ident: &Ident) -> Expr {
        Expr {
            kind: ExprKind::Name(name(ident)),
            span: self.span(ident.span()),
        }
    }
}

/// An identifier without the `r#` of a raw one.
pub(super) fn name(ident: &Ident) -> Name {
    ident.unraw().to_string().into()
}

/// Something not modelled, made of these parts.
fn opaque(parts: Vec<Expr>, span: Span) -> Expr {
    Expr {
        kind: ExprKind::Opaque(parts),
        span,
    }
}

/// Statements as an expression without a value of their own.
fn block_of(stmts: Block, span: Span) -> Expr {
    Expr {
        kind: ExprKind::Block(stmts),
        span,
    }
}

fn stmt(kind: StmtKind, span: Span) -> Stmt {
    Stmt { kind, span }
}

#[cfg(test)]
mod tests;
