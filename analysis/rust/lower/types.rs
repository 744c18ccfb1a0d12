//! Types and paths: what is kept of a type is the name of the outermost nominal one, and of the well-known
//! types that hold others what they hold.

use proc_macro2::Span as TokenSpan;
use syn::{
    GenericArgument, GenericParam, Generics, Path, PathArguments, QSelf, ReturnType, Type,
    TypeParamBound,
};

use super::{Lowering, name, opaque};
use crate::code::{Expr, ExprKind};
use crate::rust::holders::{MANY, OPTION, TABLE};
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

    /// The type of a value: a nominal one, or `Holder[T]` of one that holds others. What only guards,
    /// shares or lends a value is the type of that value; so is a `Result`, where nothing failed.
    pub(super) fn declared(&self, ty: &Type) -> Option<Expr> {
        const LENDING: [&str; 17] = [
            "Arc",
            "Box",
            "Cell",
            "Cow",
            "LazyCell",
            "LazyLock",
            "Mutex",
            "MutexGuard",
            "OnceCell",
            "OnceLock",
            "Pin",
            "Rc",
            "Ref",
            "RefCell",
            "RefMut",
            "Result",
            "RwLock",
        ];
        const COLLECTIONS: [&str; 7] = [
            "BTreeSet",
            "BinaryHeap",
            "HashSet",
            "IndexSet",
            "LinkedList",
            "Vec",
            "VecDeque",
        ];
        const TABLES: [&str; 3] = ["BTreeMap", "HashMap", "IndexMap"];
        match ty {
            Type::Reference(reference) => self.declared(&reference.elem),
            Type::Paren(paren) => self.declared(&paren.elem),
            Type::Group(group) => self.declared(&group.elem),
            Type::Slice(slice) => self.holding(MANY, &slice.elem),
            Type::Array(array) => self.holding(MANY, &array.elem),
            Type::ImplTrait(bounds) => self.bounded(bounds.bounds.first()?),
            Type::TraitObject(bounds) => self.bounded(bounds.bounds.first()?),
            _ => {
                if let Some(lent) = argument_of(ty, &LENDING) {
                    self.declared(lent)
                } else if let Some(inner) = argument_of(ty, &["Option"]) {
                    self.holding(OPTION, inner)
                } else if let Some(item) = argument_of(ty, &COLLECTIONS) {
                    self.holding(MANY, item)
                } else if let Some([_, value, ..]) = arguments_of(ty, &TABLES).as_deref() {
                    self.holding(TABLE, value)
                } else {
                    self.nominal(ty)
                }
            }
        }
    }

    fn holding(&self, holder: &str, inner: &Type) -> Option<Expr> {
        let inner = self.declared(inner)?;
        let span = inner.span;
        let holder = Expr {
            kind: ExprKind::Name(holder.into()),
            span,
        };
        Some(Expr {
            kind: ExprKind::Index(Box::new(holder), Box::new(inner)),
            span,
        })
    }

    /// `impl AsRef<T>` is a `T`, and `impl Iterator<Item = T>` any number of them.
    fn bounded(&self, bound: &TypeParamBound) -> Option<Expr> {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        let arguments = match &last.arguments {
            PathArguments::None => return Some(self.path(&bound.path)),
            PathArguments::AngleBracketed(arguments) => arguments,
            PathArguments::Parenthesized(_) => return None,
        };
        let lends = ["AsMut", "AsRef", "Borrow", "BorrowMut", "Into"];
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) if lends.iter().any(|name| last.ident == name) => {
                self.declared(ty)
            }
            GenericArgument::AssocType(item) if item.ident == "Item" => {
                self.holding(MANY, &item.ty)
            }
            _ => None,
        })
    }

    /// What a function returns.
    pub(super) fn return_type(&self, output: &ReturnType) -> Option<Expr> {
        match output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => self.declared(ty),
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
    arguments_of(ty, names)?.first().copied()
}

/// The type arguments of `Name<…>`, if it is one of these.
fn arguments_of<'t>(ty: &'t Type, names: &[&str]) -> Option<Vec<&'t Type>> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if names.iter().any(|name| last.ident == name) => {
            let types = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            Some(types.collect())
        }
        _ => None,
    }
}
