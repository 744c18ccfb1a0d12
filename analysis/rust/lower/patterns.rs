//! Patterns.
//!
//! A plain name in capitals (`None`, `LIMIT`) is a constant, as rustc's lints have it; so is a
//! path. Both are [`Pattern::Value`].

use syn::{Member, Pat, PatStruct};

use super::{Lowering, name};
use crate::code::{Expr, Name, Pattern};

impl Lowering<'_> {
    pub(super) fn pattern(&mut self, pattern: &Pat) -> Pattern {
        match pattern {
            Pat::Wild(_) | Pat::Rest(_) => Pattern::Wildcard,
            Pat::Ident(ident) => {
                let plain = ident.by_ref.is_none() && ident.mutability.is_none();
                let bound = name(&ident.ident);
                match &ident.subpat {
                    Some((_, inner)) => Pattern::Bind(bound, Some(Box::new(self.pattern(inner)))),
                    None if plain && bound.starts_with(char::is_uppercase) => {
                        Pattern::Value(self.name_expr(&ident.ident))
                    }
                    None => Pattern::Bind(bound, None),
                }
            }
            Pat::Lit(literal) => Pattern::Value(self.literal(&literal.lit)),
            Pat::Path(path) => Pattern::Value(self.qualified(path.qself.as_ref(), &path.path)),
            Pat::Paren(paren) => self.pattern(&paren.pat),
            Pat::Reference(reference) => self.pattern(&reference.pat),
            Pat::Type(typed) => self.pattern(&typed.pat),
            Pat::Or(or) => Pattern::Or(or.cases.iter().map(|case| self.pattern(case)).collect()),
            Pat::Tuple(tuple) => self.sequence(tuple.elems.iter()),
            Pat::Slice(slice) => self.sequence(slice.elems.iter()),
            Pat::TupleStruct(variant) => Pattern::Variant {
                class: self.qualified(variant.qself.as_ref(), &variant.path),
                positional: self.positional(variant.elems.iter()),
                named: Vec::new(),
            },
            Pat::Struct(variant) => Pattern::Variant {
                class: self.qualified(variant.qself.as_ref(), &variant.path),
                positional: Vec::new(),
                named: self.named(variant),
            },
            other => Pattern::Opaque(bound_names(other)),
        }
    }

    /// The parts of a tuple or slice; `..` and `rest @ ..` are the starred one.
    fn sequence<'p>(&mut self, parts: impl Iterator<Item = &'p Pat>) -> Pattern {
        let mut starred = None;
        let mut lowered = Vec::new();
        for (index, part) in parts.enumerate() {
            lowered.push(match part {
                Pat::Rest(_) => {
                    starred = Some(index);
                    Pattern::Wildcard
                }
                Pat::Ident(ident)
                    if matches!(&ident.subpat, Some((_, inner)) if matches!(**inner, Pat::Rest(_))) =>
                {
                    starred = Some(index);
                    Pattern::Bind(name(&ident.ident), None)
                }
                _ => self.pattern(part),
            });
        }
        Pattern::Sequence(lowered, starred)
    }

    /// The parts of a tuple variant. What follows a `..` has no known place, so it is opaque.
    fn positional<'p>(&mut self, mut parts: impl Iterator<Item = &'p Pat>) -> Vec<Pattern> {
        let mut lowered = Vec::new();
        while let Some(part) = parts.next() {
            if matches!(part, Pat::Rest(_)) {
                let names: Vec<Name> = parts.by_ref().flat_map(bound_names).collect();
                if !names.is_empty() {
                    lowered.push(Pattern::Opaque(names));
                }
            } else {
                lowered.push(self.pattern(part));
            }
        }
        lowered
    }

    fn named(&mut self, variant: &PatStruct) -> Vec<(Name, Pattern)> {
        let mut named = Vec::new();
        for field in &variant.fields {
            if !self.is_cut(&field.attrs) {
                named.push((member(&field.member), self.pattern(&field.pat)));
            }
        }
        named
    }

    /// A pattern's guard, where one is written behind it.
    pub(super) fn guarded(&mut self, pattern: &Pat) -> (Pattern, Option<Expr>) {
        match pattern {
            Pat::Guard(guarded) => {
                let inner = self.pattern(&guarded.pat);
                (inner, Some(self.expr(&guarded.guard)))
            }
            _ => (self.pattern(pattern), None),
        }
    }
}

/// The name of a field; the index of a tuple's.
pub(super) fn member(member: &Member) -> Name {
    match member {
        Member::Named(ident) => name(ident),
        Member::Unnamed(index) => index.index.to_string().into(),
    }
}

/// Every name that a pattern binds.
fn bound_names(pattern: &Pat) -> Vec<Name> {
    struct Names(Vec<Name>);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, ident: &'ast syn::PatIdent) {
            self.0.push(name(&ident.ident));
            syn::visit::visit_pat_ident(self, ident);
        }
        fn visit_expr(&mut self, _: &'ast syn::Expr) {}
    }
    let mut names = Names(Vec::new());
    syn::visit::Visit::visit_pat(&mut names, pattern);
    names.0
}
