//! Types and paths: what is kept of a type is the name of the outermost nominal one.

use proc_macro2::Span as TokenSpan;
use syn::{GenericArgument, GenericParam, Generics, Path, PathArguments, QSelf, ReturnType, Type};

use super::{Lowering, name, opaque};
use crate::code::{Expr, ExprKind};
use crate::source::Span;

impl Lowering<'_> {
    /// `a::b::c`, without generic arguments. The span ends with the last name.
    pub(super) fn path(&self, path: &Path) -> Expr {
        let mut start = path.leading_colon.map(|colons| self.span(colons.spans[0]));
        let mut lowered: Option<Expr> = None;
        for segment in &path.segments {
            let here = self.span(segment.ident.span());
            let span = start.unwrap_or(here).cover(here);
            start = Some(span);
            let kind = match lowered {
                None => ExprKind::Name(name(&segment.ident)),
                Some(outer) => ExprKind::Attribute(Box::new(outer), name(&segment.ident)),
            };
            lowered = Some(Expr { kind, span });
        }
        lowered.unwrap_or_else(|| opaque(Vec::new(), start.unwrap_or(Span::new(0, 0))))
    }

    /// A path that may be qualified: `<T as Trait>::f` is not followed.
    pub(super) fn qualified(&self, qself: Option<&QSelf>, path: &Path) -> Expr {
        let lowered = self.path(path);
        match qself {
            Some(qself) => {
                let span = self.span(qself.lt_token.span).cover(lowered.span);
                opaque(Vec::new(), span)
            }
            None => lowered,
        }
    }

    /// The outermost nominal type, behind references and pointers that stand for what they point to.
    pub(super) fn nominal(&self, ty: &Type) -> Option<Expr> {
        match ty {
            Type::Reference(reference) => self.nominal(&reference.elem),
            Type::Paren(paren) => self.nominal(&paren.elem),
            Type::Group(group) => self.nominal(&group.elem),
            Type::Path(path) if path.qself.is_none() => {
                if let Some(pointee) = argument_of(ty, &["Arc", "Box", "Rc"]) {
                    return self.nominal(pointee);
                }
                let is_generic = path
                    .path
                    .get_ident()
                    .is_some_and(|ident| self.generics.contains(&name(ident)));
                (!is_generic).then(|| self.path(&path.path))
            }
            _ => None,
        }
    }

    /// What a function returns; of a `Result` what it is where nothing failed.
    pub(super) fn return_type(&self, output: &ReturnType) -> Option<Expr> {
        match output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => self.nominal(argument_of(ty, &["Result"]).unwrap_or(ty)),
        }
    }

    /// Runs `inner` with the type parameters of `generics` in scope.
    pub(super) fn with_generics<T>(
        &mut self,
        generics: &Generics,
        inner: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outer = self.generics.len();
        let names = generics.params.iter().filter_map(|param| match param {
            GenericParam::Type(param) => Some(name(&param.ident)),
            GenericParam::Lifetime(_) | GenericParam::Const(_) => None,
        });
        self.generics.extend(names);
        let result = inner(self);
        self.generics.truncate(outer);
        result
    }

    /// The span from one token to another.
    pub(super) fn between(&self, first: TokenSpan, last: TokenSpan) -> Span {
        self.span(first).cover(self.span(last))
    }
}

/// The `T` of `Name<T, …>`, if it is one of these.
fn argument_of<'t>(ty: &'t Type, names: &[&str]) -> Option<&'t Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if names.iter().any(|name| last.ident == name) => {
            match arguments.args.first()? {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            }
        }
        _ => None,
    }
}
