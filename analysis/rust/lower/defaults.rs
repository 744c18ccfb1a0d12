//! Defaults that attributes of libraries give the fields of a struct.

use syn::punctuated::Punctuated;
use syn::{Fields, Token};

use super::{Lowering, name};
use crate::code::{Expr, ExprKind, Name};
use crate::platform::Truth;
use crate::rust::cfg::Attributes;

impl Lowering<'_> {
    /// What clap and its kin take where the command line does not say (`default_value = "npm"`), and serde
    /// where a file does not (`default = "function"`).
    pub(super) fn defaults(&mut self, fields: &Fields) -> Vec<(Name, Expr)> {
        let mut defaults = Vec::new();
        for field in fields {
            let Some(ident) = &field.ident else {
                continue;
            };
            let attributes = Attributes::of(&field.attrs, self.platform);
            let lists = attributes.others.iter().filter_map(|(applies, meta)| {
                let list = meta.require_list().ok()?;
                (*applies != Truth::No).then_some(list)
            });
            for list in lists {
                let parser = Punctuated::<syn::Meta, Token![,]>::parse_terminated;
                let Ok(metas) = list.parse_args_with(parser) else {
                    continue;
                };
                let library = list.path.segments.last().map(|last| last.ident.to_string());
                for meta in &metas {
                    if let syn::Meta::NameValue(pair) = meta
                        && let Some(value) = self.default(library.as_deref(), pair)
                    {
                        defaults.push((name(ident), value));
                    }
                }
            }
        }
        defaults
    }

    fn default(&mut self, library: Option<&str>, pair: &syn::MetaNameValue) -> Option<Expr> {
        let key = pair.path.get_ident()?.to_string();
        match (library?, key.as_str()) {
            (
                "arg" | "clap" | "structopt",
                "default_value" | "default_value_os" | "default_value_t",
            ) => Some(self.expr(&pair.value)),
            ("serde", "default") => {
                let syn::Expr::Lit(literal) = &pair.value else {
                    return None;
                };
                let syn::Lit::Str(function) = &literal.lit else {
                    return None;
                };
                let callee = self.path(&function.parse().ok()?);
                let span = self.span(function.span());
                Some(Expr {
                    kind: ExprKind::Call(Box::new(callee), Box::default()),
                    span,
                })
            }
            _ => None,
        }
    }
}
