//! Items: functions, types, modules, imports.

use proc_macro2::Span as TokenSpan;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Fields, FnArg, ImplItem, Item, Pat, ReceiverKind, ReturnType, Safety, Signature,
    Token, TraitItem, UseTree, Visibility,
};

use super::{Lowering, attributes, name, opaque, stmt};
use crate::code::{
    Block, Class, Constant, Expr, Function, FunctionCode, Import, Imported, ModuleBody, Name,
    Param, ParamKind, Pattern, Stmt, StmtKind,
};
use crate::platform::Truth;
use crate::rust::cfg::Attributes;
use crate::source::Span;

/// Attributes that the compiler or its tools read and that do not replace the item.
const INERT: [&str; 37] = [
    "allow",
    "automatically_derived",
    "clippy",
    "cold",
    "deny",
    "deprecated",
    "derive",
    "diagnostic",
    "expect",
    "export_name",
    "forbid",
    "global_allocator",
    "ignore",
    "inline",
    "link",
    "link_name",
    "link_section",
    "macro_export",
    "macro_use",
    "must_use",
    "no_mangle",
    "no_main",
    "no_std",
    "non_exhaustive",
    "panic_handler",
    "path",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "repr",
    "rustfmt",
    "should_panic",
    "target_feature",
    "track_caller",
    "unsafe",
    "used",
    "warn",
];

impl Lowering<'_> {
    pub(super) fn items(&mut self, items: &[Item]) -> Block {
        let mut block = Vec::with_capacity(items.len());
        for item in items {
            self.item(item, &mut block);
        }
        block
    }

    pub(super) fn item(&mut self, item: &Item, block: &mut Block) {
        if self.is_cut(attributes::of_item(item)) {
            return;
        }
        match item {
            Item::Const(item) => {
                let head = self.start(&item.attrs, &item.vis, item.const_token.span);
                block.push(self.constant(head, &item.ident, &item.expr));
            }
            Item::Static(item) => {
                let head = self.start(&item.attrs, &item.vis, item.static_token.span);
                block.push(self.constant(head, &item.ident, &item.expr));
            }
            Item::Fn(item) => {
                let head = self.signature_start(&item.attrs, &item.vis, &item.sig);
                block.push(self.function(&item.attrs, head, &item.sig, &item.block));
            }
            Item::Struct(item) => {
                let head = self.start(&item.attrs, &item.vis, item.struct_token.span);
                let fields = self.with_generics(&item.generics, |it| it.fields(&item.fields));
                let class = Class {
                    private: self.private(item),
                    defaults: self.defaults(&item.fields),
                    is_unit: matches!(item.fields, Fields::Unit),
                    fields,
                    ..self.class(head, item.span(), &item.ident)
                };
                block.push(self.class_stmt(head, &item.ident, class));
            }
            Item::Union(item) => {
                let head = self.start(&item.attrs, &item.vis, item.union_token.span);
                let fields = Fields::Named(item.fields.clone());
                let fields = self.with_generics(&item.generics, |it| it.fields(&fields));
                let class = Class {
                    fields,
                    ..self.class(head, item.span(), &item.ident)
                };
                block.push(self.class_stmt(head, &item.ident, class));
            }
            Item::Enum(item) => {
                let head = self.start(&item.attrs, &item.vis, item.enum_token.span);
                let class = Class {
                    body: self.with_generics(&item.generics, |it| it.variants(item)),
                    ..self.class(head, item.span(), &item.ident)
                };
                block.push(self.class_stmt(head, &item.ident, class));
            }
            Item::Trait(item) => {
                let head = self.start(&item.attrs, &item.vis, item.trait_token.span);
                let class = Class {
                    body: self.with_generics(&item.generics, |it| it.trait_items(&item.items)),
                    is_trait: true,
                    ..self.class(head, item.span(), &item.ident)
                };
                block.push(self.class_stmt(head, &item.ident, class));
            }
            Item::Impl(item) => {
                let impl_ = self.with_generics(&item.generics, |it| it.impl_block(item));
                block.push(impl_);
            }
            Item::Type(item) => {
                let head = self.start(&item.attrs, &item.vis, item.type_token.span);
                let ty = self.with_generics(&item.generics, |it| it.type_value(&item.ty));
                block.push(self.binding(head, &item.ident, ty));
            }
            Item::Mod(item) => block.push(self.module(item)),
            Item::Use(item) => {
                let head = self.start(&item.attrs, &item.vis, item.use_token.span);
                let span = head.cover(self.span(item.semi_token.span));
                self.use_tree(&item.tree, &mut Vec::new(), span, block);
            }
            Item::ExternCrate(item) => {
                let head = self.start(&item.attrs, &item.vis, item.extern_token.span);
                let span = head.cover(self.span(item.semi_token.span));
                let bind = item
                    .rename
                    .as_ref()
                    .map_or(&item.ident, |(_, rename)| rename);
                if bind != "_" {
                    let what = Imported::Item {
                        name: name(&item.ident),
                        bind: name(bind),
                    };
                    block.push(import(Vec::new(), what, span));
                }
            }
            Item::ForeignMod(item) => self.foreign(item, block),
            Item::Macro(item) if item.ident.is_none() => self.item_macro(&item.mac, block),
            Item::Verbatim(tokens) => {
                if let Some(span) = self.tokens_span(tokens) {
                    block.push(stmt(StmtKind::Expr(opaque(Vec::new(), span)), span));
                }
            }
            // The definition of a macro, and a trait alias, compute nothing.
            _ => {}
        }
    }

    /// The first token of an item, before it its attributes but not its documentation.
    fn start(&self, attributes: &[Attribute], vis: &Visibility, keyword: TokenSpan) -> Span {
        let attribute = attributes.iter().find(|it| !it.path().is_ident("doc"));
        let first = match (attribute, vis) {
            (Some(attribute), _) => attribute.pound_token.span,
            (None, Visibility::Public(token)) => token.span,
            (None, Visibility::Restricted(restricted)) => restricted.pub_token.span,
            (None, Visibility::Inherited) => keyword,
        };
        self.between(first, keyword)
    }

    fn signature_start(&self, attributes: &[Attribute], vis: &Visibility, sig: &Signature) -> Span {
        let safety = match &sig.safety {
            Safety::Safe(token) => Some(token.span),
            Safety::Unsafe(token) => Some(token.span),
            Safety::Default => None,
        };
        let first = (sig.constness.map(|token| token.span))
            .or(sig.asyncness.map(|token| token.span))
            .or(safety)
            .or(sig.abi.as_ref().map(|abi| abi.extern_token.span))
            .unwrap_or(sig.fn_token.span);
        self.start(attributes, vis, first)
    }

    fn binding(&self, head: Span, ident: &proc_macro2::Ident, value: Expr) -> Stmt {
        let span = head.cover(value.span);
        let kind = match ident == "_" {
            true => StmtKind::Expr(value),
            false => {
                let name = name(ident);
                StmtKind::Constant(Constant { name, value }.into())
            }
        };
        stmt(kind, span)
    }

    pub(super) fn constant(
        &mut self,
        head: Span,
        ident: &proc_macro2::Ident,
        value: &syn::Expr,
    ) -> Stmt {
        let value = self.expr(value);
        self.binding(head, ident, value)
    }

    /// A type where a value is wanted: its name, or something unknown.
    fn type_value(&self, ty: &syn::Type) -> Expr {
        self.nominal(ty)
            .unwrap_or_else(|| opaque(Vec::new(), self.span(ty.span())))
    }

    fn function(
        &mut self,
        attributes: &[Attribute],
        head: Span,
        sig: &Signature,
        body: &syn::Block,
    ) -> Stmt {
        let end = match &sig.output {
            ReturnType::Default => self.span(sig.paren_token.span.close()),
            ReturnType::Type(_, ty) => self.span(ty.span()),
        };
        let code = self.with_generics(&sig.generics, |it| FunctionCode {
            params: it.params(sig),
            returns: it.return_type(&sig.output),
            is_async: sig.asyncness.is_some(),
            is_generator: false,
            problems: Vec::new(),
            body: it.stmts(&body.stmts),
        });
        let function = Function {
            name: Some(name(&sig.ident)),
            span: head.cover(self.span(body.brace_token.span.close())),
            decorators: self.decorators(attributes),
            code: code.into(),
        };
        stmt(StmtKind::Function(function.into()), head.cover(end))
    }

    /// Attribute macros, as far as they apply.
    fn decorators(&self, attributes: &[Attribute]) -> Vec<Expr> {
        let attributes = Attributes::of(attributes, self.platform);
        let applied = attributes.others.iter().filter(|(applies, meta)| {
            let first = meta.path().segments.first();
            *applies != Truth::No
                && first.is_some_and(|first| !INERT.iter().any(|inert| first.ident == inert))
        });
        applied.map(|(_, meta)| self.path(meta.path())).collect()
    }

    fn params(&mut self, sig: &Signature) -> Vec<Param> {
        let mut params = Vec::with_capacity(sig.inputs.len());
        for input in &sig.inputs {
            match input {
                FnArg::Receiver(receiver) if !self.is_cut(&receiver.attrs) => {
                    let annotation = match &receiver.kind {
                        ReceiverKind::Typed(_, ty) => self.nominal(ty),
                        _ => self.self_type.as_ref().and_then(|ty| self.nominal(ty)),
                    };
                    params.push(param(Pattern::Bind("self".into(), None), annotation));
                }
                FnArg::Typed(typed) if !self.is_cut(&typed.attrs) => {
                    let annotation = self.declared(&typed.ty);
                    params.push(param(self.pattern(&typed.pat), annotation));
                }
                _ => {}
            }
        }
        params
    }

    /// A parameter of a closure.
    pub(super) fn param(&mut self, pattern: &Pat) -> Param {
        let annotation = match pattern {
            Pat::Type(typed) => self.declared(&typed.ty),
            _ => None,
        };
        param(self.pattern(pattern), annotation)
    }

    /// A type of which nothing is known yet.
    fn class(&self, head: Span, whole: TokenSpan, ident: &proc_macro2::Ident) -> Class {
        let span = Span {
            start: head.start,
            end: self.span(whole).end,
        };
        Class::named(name(ident), span)
    }

    fn class_stmt(&self, head: Span, ident: &proc_macro2::Ident, class: Class) -> Stmt {
        let head = head.cover(self.span(ident.span()));
        stmt(StmtKind::Class(class.into()), head)
    }

    fn fields(&mut self, fields: &Fields) -> Vec<(Name, Expr)> {
        let mut lowered = Vec::new();
        // The index of a field counts only those that are compiled.
        for field in fields.iter().filter(|field| !self.is_cut(&field.attrs)) {
            let name = match &field.ident {
                Some(ident) => name(ident),
                None => lowered.len().to_string().into(),
            };
            let ty = self.declared(&field.ty);
            let ty = ty.unwrap_or_else(|| opaque(Vec::new(), self.span(field.ty.span())));
            lowered.push((name, ty));
        }
        lowered
    }

    /// The fields that only the module of a struct can set. What other derives than those of the
    /// language make of it, and with which values, is not seen.
    fn private(&self, item: &syn::ItemStruct) -> Vec<Name> {
        const MAKES_NONE: [&str; 8] = [
            "Clone",
            "Copy",
            "Debug",
            "Eq",
            "Hash",
            "Ord",
            "PartialEq",
            "PartialOrd",
        ];
        let attributes = Attributes::of(&item.attrs, self.platform);
        let makes_none = attributes.others.iter().all(|(_, meta)| {
            if !meta.path().is_ident("derive") {
                let known = meta.path().get_ident();
                return known.is_some_and(|known| INERT.iter().any(|inert| known == inert));
            }
            let paths = meta.require_list().and_then(|list| {
                list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
            });
            paths.is_ok_and(|paths| {
                let mut derived = paths.iter().filter_map(|path| path.segments.last());
                derived.all(|derived| MAKES_NONE.iter().any(|none| derived.ident == none))
            })
        });
        if !makes_none {
            return Vec::new();
        }
        let is_private = |vis: &Visibility| matches!(vis, Visibility::Inherited);
        let fields = item
            .fields
            .iter()
            .filter(|field| !self.is_cut(&field.attrs));
        let named = fields.enumerate().map(|(index, field)| {
            let name = match &field.ident {
                Some(ident) => name(ident),
                None => index.to_string().into(),
            };
            (name, is_private(&item.vis) || is_private(&field.vis))
        });
        let private = named.filter(|(_, private)| *private);
        private.map(|(name, _)| name).collect()
    }

    /// The variants of an enum: those with a number are constants, the others types derived from it.
    fn variants(&mut self, item: &syn::ItemEnum) -> Block {
        let mut body = Vec::new();
        for variant in &item.variants {
            if self.is_cut(&variant.attrs) {
                continue;
            }
            let head = self.span(variant.ident.span());
            if let Some((_, value)) = &variant.discriminant {
                body.push(self.constant(head, &variant.ident, value));
                continue;
            }
            let class = Class {
                bases: vec![self.name_expr(&item.ident)],
                fields: self.fields(&variant.fields),
                is_unit: matches!(variant.fields, Fields::Unit),
                is_variant: true,
                ..self.class(head, variant.span(), &variant.ident)
            };
            body.push(self.class_stmt(head, &variant.ident, class));
        }
        body
    }

    /// The functions of a trait that have a body, and its constants that have a value.
    fn trait_items(&mut self, items: &[TraitItem]) -> Block {
        let mut body = Vec::new();
        for item in items {
            match item {
                TraitItem::Fn(item) if !self.is_cut(&item.attrs) => {
                    if let Some(block) = &item.default {
                        let vis = Visibility::Inherited;
                        let head = self.signature_start(&item.attrs, &vis, &item.sig);
                        body.push(self.function(&item.attrs, head, &item.sig, block));
                    }
                }
                TraitItem::Const(item) if !self.is_cut(&item.attrs) => {
                    if let Some((_, value)) = &item.default {
                        let head = self.span(item.const_token.span);
                        body.push(self.constant(head, &item.ident, value));
                    }
                }
                TraitItem::Macro(item) if !self.is_cut(&item.attrs) => {
                    self.item_macro(&item.mac, &mut body);
                }
                _ => {}
            }
        }
        body
    }

    fn impl_block(&mut self, item: &syn::ItemImpl) -> Stmt {
        let mut body = Vec::new();
        let outer = self.self_type.replace((*item.self_ty).clone());
        for member in &item.items {
            match member {
                ImplItem::Fn(item) if !self.is_cut(&item.attrs) => {
                    let head = self.signature_start(&item.attrs, &item.vis, &item.sig);
                    body.push(self.function(&item.attrs, head, &item.sig, &item.block));
                }
                ImplItem::Const(item) if !self.is_cut(&item.attrs) => {
                    let head = self.start(&item.attrs, &item.vis, item.const_token.span);
                    body.push(self.constant(head, &item.ident, &item.expr));
                }
                ImplItem::Type(item) if !self.is_cut(&item.attrs) => {
                    let head = self.start(&item.attrs, &item.vis, item.type_token.span);
                    let ty = self.type_value(&item.ty);
                    body.push(self.binding(head, &item.ident, ty));
                }
                ImplItem::Macro(item) if !self.is_cut(&item.attrs) => {
                    self.item_macro(&item.mac, &mut body);
                }
                _ => {}
            }
        }
        self.self_type = outer;
        let target = self.type_value(&item.self_ty);
        let of_trait = item.trait_.as_ref().map(|(path, _)| self.path(path));
        let head = self.start(&item.attrs, &Visibility::Inherited, item.impl_token.span);
        let span = head.cover(self.span(item.self_ty.span()));
        let kind = StmtKind::Impl {
            target: Box::new(target),
            of_trait: of_trait.map(Box::new),
            body,
        };
        stmt(kind, span)
    }

    fn module(&mut self, item: &syn::ItemMod) -> Stmt {
        let head = self.start(&item.attrs, &item.vis, item.mod_token.span);
        let body = match &item.content {
            Some((_, items)) => ModuleBody::Inline(self.items(items)),
            None => ModuleBody::File,
        };
        let kind = StmtKind::Module {
            name: name(&item.ident),
            body,
        };
        stmt(kind, head.cover(self.span(item.ident.span())))
    }

    /// Functions and statics of another language: names without a known value.
    fn foreign(&mut self, item: &syn::ItemForeignMod, block: &mut Block) {
        for item in &item.items {
            let (attributes, ident) = match item {
                syn::ForeignItem::Fn(item) => (&item.attrs, &item.sig.ident),
                syn::ForeignItem::Static(item) => (&item.attrs, &item.ident),
                _ => continue,
            };
            if !self.is_cut(attributes) {
                let span = self.span(ident.span());
                block.push(self.binding(span, ident, opaque(Vec::new(), span)));
            }
        }
    }

    /// One import for each leaf. `self` in a group is the module that the group is of.
    fn use_tree(&self, tree: &UseTree, path: &mut Vec<Name>, span: Span, block: &mut Block) {
        let (leaf, bind) = match tree {
            UseTree::Path(tree) => {
                path.push(name(&tree.ident));
                self.use_tree(&tree.tree, path, span, block);
                path.pop();
                return;
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, path, span, block);
                }
                return;
            }
            UseTree::Glob(_) => {
                block.push(import(path.clone(), Imported::All, span));
                return;
            }
            UseTree::Name(leaf) => (&leaf.ident, None),
            UseTree::Rename(leaf) if leaf.rename == "_" => return,
            UseTree::Rename(leaf) => (&leaf.ident, Some(name(&leaf.rename))),
        };
        let mut path = path.clone();
        let name = match path.pop_if(|_| leaf == "self") {
            Some(module) => module,
            None => name(leaf),
        };
        let bind = bind.unwrap_or_else(|| name.clone());
        block.push(import(path, Imported::Item { name, bind }, span));
    }
}

fn import(path: Vec<Name>, what: Imported, span: Span) -> Stmt {
    let import = Import {
        level: 0,
        path,
        what,
    };
    stmt(StmtKind::Import(import), span)
}

fn param(pattern: Pattern, annotation: Option<Expr>) -> Param {
    Param {
        pattern,
        kind: ParamKind::PositionalOnly,
        default: None,
        annotation,
    }
}
