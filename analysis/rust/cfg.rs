//! Conditional compilation: what is known of `cfg` predicates on a platform, and what attributes
//! are left there.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, LitBool, LitStr, Meta, Token, parenthesized, token};

use crate::platform::{Platform, Truth};

/// A configuration predicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Predicate {
    /// `true`, `false`.
    Constant(bool),
    /// `unix`.
    Flag(String),
    /// `target_os = "linux"`.
    Is(String, String),
    /// `not(…)`.
    Not(Box<Predicate>),
    /// `all(…)`.
    All(Vec<Predicate>),
    /// `any(…)`.
    Any(Vec<Predicate>),
    /// Something that is none of these (`version("1.80")`).
    Other,
}

impl Predicate {
    /// Reads the tokens between the brackets of `cfg(…)`.
    pub(super) fn parse(tokens: TokenStream) -> Predicate {
        let whole = |input: ParseStream| {
            let predicate = predicate(input)?;
            input.parse::<Option<Token![,]>>()?;
            Ok(predicate)
        };
        whole.parse2(tokens).unwrap_or(Predicate::Other)
    }

    /// Whether it holds on a platform.
    pub(super) fn truth(&self, platform: Platform) -> Truth {
        match self {
            Predicate::Constant(value) => Truth::from(*value),
            Predicate::Flag(name) => flag(name, platform),
            Predicate::Is(key, value) => key_value(key, value, platform),
            Predicate::Not(inner) => !inner.truth(platform),
            Predicate::All(parts) => parts
                .iter()
                .fold(Truth::Yes, |all, part| all.and(part.truth(platform))),
            Predicate::Any(parts) => parts
                .iter()
                .fold(Truth::No, |any, part| any.or(part.truth(platform))),
            Predicate::Other => Truth::Unknown,
        }
    }
}

/// Whether the predicate that these tokens spell holds on a platform.
pub(super) fn truth(tokens: &TokenStream, platform: Platform) -> Truth {
    Predicate::parse(tokens.clone()).truth(platform)
}

fn predicate(input: ParseStream) -> syn::Result<Predicate> {
    if input.peek(LitBool) {
        return Ok(Predicate::Constant(input.parse::<LitBool>()?.value));
    }
    let name = input.call(Ident::parse_any)?.unraw().to_string();
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        if !matches!(name.as_str(), "not" | "all" | "any") {
            content.parse::<TokenStream>()?;
            return Ok(Predicate::Other);
        }
        let parts = Punctuated::<Predicate, Token![,]>::parse_terminated_with(&content, predicate)?;
        let mut parts: Vec<Predicate> = parts.into_iter().collect();
        Ok(match name.as_str() {
            "all" => Predicate::All(parts),
            "any" => Predicate::Any(parts),
            _ if parts.len() == 1 => Predicate::Not(Box::new(parts.remove(0))),
            _ => Predicate::Other,
        })
    } else if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        Ok(Predicate::Is(name, input.parse::<LitStr>()?.value()))
    } else {
        Ok(Predicate::Flag(name))
    }
}

/// `test` is unknown: the same file is compiled for the program and for its tests, and both matter.
/// Runs of documentation tools and of Miri do not.
fn flag(name: &str, platform: Platform) -> Truth {
    let windows = platform == Platform::Windows;
    match name {
        "windows" => Truth::from(windows),
        "unix" => Truth::from(!windows),
        "doc" | "docsrs" | "doctest" | "miri" => Truth::No,
        _ => Truth::Unknown,
    }
}

fn key_value(key: &str, value: &str, platform: Platform) -> Truth {
    let windows = platform == Platform::Windows;
    match (key, value) {
        ("target_os", _) => match platform.choose("windows", "linux", "macos") {
            Some(name) => Truth::from(value == name),
            None if matches!(value, "windows" | "linux" | "macos") => Truth::No,
            None => Truth::Unknown,
        },
        ("target_family", _) => Truth::from(value == if windows { "windows" } else { "unix" }),
        ("target_env", "msvc") if !windows => Truth::No,
        // The Windows targets are those of MSVC and GNU (which LLVM's MinGW calls itself as well).
        ("target_env", "msvc" | "gnu") => Truth::Unknown,
        ("target_env", _) if windows => Truth::No,
        ("target_vendor", "apple") => Truth::from(platform == Platform::Macos),
        _ => Truth::Unknown,
    }
}

/// What the attributes of a syntax node come to on a platform.
#[derive(Debug)]
pub(super) struct Attributes {
    /// Whether the node is compiled: all its `cfg` attributes together.
    pub(super) compiled: Truth,
    /// The other attributes but documentation, each with whether its `cfg_attr` applies it.
    pub(super) others: Vec<(Truth, Meta)>,
}

impl Attributes {
    /// Reads attributes, with those inside `cfg_attr`.
    ///
    /// A `cfg` inside a `cfg_attr` whose predicate is not known cuts nothing.
    pub(super) fn of(attributes: &[syn::Attribute], platform: Platform) -> Attributes {
        let mut found = Attributes {
            compiled: Truth::Yes,
            others: Vec::new(),
        };
        for attribute in attributes {
            found.add(Truth::Yes, &attribute.meta, platform);
        }
        found
    }

    /// Whether a node with these attributes is compiled.
    pub(super) fn compiled(attributes: &[syn::Attribute], platform: Platform) -> Truth {
        // Nearly every attribute there is documents or derives: look before reading.
        let conditional = |attribute: &syn::Attribute| {
            let path = attribute.path();
            path.is_ident("cfg") || path.is_ident("cfg_attr")
        };
        if attributes.iter().any(conditional) {
            Attributes::of(attributes, platform).compiled
        } else {
            Truth::Yes
        }
    }

    /// Each `#[path = "…"]`, with whether it applies.
    pub(super) fn paths(&self) -> impl Iterator<Item = (Truth, String)> + '_ {
        self.others.iter().filter_map(|(applies, meta)| {
            let Meta::NameValue(pair) = meta else {
                return None;
            };
            match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(path),
                    ..
                }) if pair.path.is_ident("path") => Some((*applies, path.value())),
                _ => None,
            }
        })
    }

    fn add(&mut self, applies: Truth, meta: &Meta, platform: Platform) {
        match meta {
            Meta::List(list) if list.path.is_ident("cfg") => {
                let holds = truth(&list.tokens, platform);
                let cut = applies.and(!holds);
                self.compiled = self.compiled.and(!cut);
            }
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
                let parts = |input: ParseStream| {
                    let predicate = predicate(input)?;
                    input.parse::<Token![,]>()?;
                    Ok((predicate, parser(input)?))
                };
                if let Ok((predicate, attributes)) = parts.parse2(list.tokens.clone()) {
                    let applies = applies.and(predicate.truth(platform));
                    for attribute in &attributes {
                        self.add(applies, attribute, platform);
                    }
                }
            }
            _ if meta.path().is_ident("doc") => {}
            _ => self.others.push((applies, meta.clone())),
        }
    }
}

#[cfg(test)]
mod tests;
