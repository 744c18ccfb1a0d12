//! The `mod name;` lines of a file, under every `cfg`.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::Item;

use super::cfg::{self, Attributes};
use super::parse::parse;
use super::{lower, macros};
use crate::code::Name;
use crate::platform::{Platform, Truth};

/// What a file says of the module tree.
pub(super) struct Outline {
    /// Whether the file is compiled, as far as its own `#![cfg(…)]` tells.
    pub(super) compiled: Truth,
    /// Whether a `compile_error!` in it ends the build of its crate.
    pub(super) ends_build: bool,
    /// Its `mod name;` lines.
    pub(super) lines: Vec<ModLine>,
}

/// The macros of a project that declare modules of the names they are given, by their own names, each
/// with whether its declarations are compiled.
pub(super) type DeclaringMacros = HashMap<String, Truth>;

/// `mod name;`
pub(super) struct ModLine {
    /// The inline modules around it, outermost first.
    pub(super) inside: Vec<InlineModule>,
    pub(super) name: Name,
    /// The `#[path]` of each file that the line can mean, or `None` for the usual place, with
    /// whether it does.
    pub(super) files: Vec<(Truth, Option<String>)>,
}

/// `mod name { … }`
#[derive(Clone)]
pub(super) struct InlineModule {
    pub(super) name: Name,
    pub(super) path: Option<String>,
}

/// Adds the macros that a file defines and that declare modules (`mod $name;`).
pub(super) fn add_declaring_macros(text: &str, platform: Platform, macros: &mut DeclaringMacros) {
    if !text.contains("mod $") {
        return;
    }
    // A file that does not parse defines none.
    let _ = parse(text, |parsed| {
        for item in &parsed.file.items {
            if let Item::Macro(item) = item
                && let Some(ident) = &item.ident
                && declares_modules(&item.mac.tokens)
            {
                let compiled = Attributes::compiled(&item.attrs, platform);
                let within = compiled_within(&item.mac.tokens, platform);
                let compiled = compiled.and(within.unwrap_or(Truth::Yes));
                macros.insert(lower::name(ident).to_string(), compiled);
            }
        }
    });
}

/// Whether `mod $` stands in the definition of a macro.
fn declares_modules(tokens: &TokenStream) -> bool {
    let mut after_mod = false;
    tokens.clone().into_iter().any(|token| {
        let before = std::mem::take(&mut after_mod);
        match token {
            TokenTree::Group(group) => declares_modules(&group.stream()),
            TokenTree::Ident(ident) => {
                after_mod = ident == "mod";
                false
            }
            TokenTree::Punct(punct) => before && punct.as_char() == '$',
            TokenTree::Literal(_) => false,
        }
    })
}

/// Whether what the definition of a macro writes out is compiled, as far as all its `cfg` agree; `None`
/// where it has none.
fn compiled_within(tokens: &TokenStream, platform: Platform) -> Option<Truth> {
    let mut after_cfg = false;
    let each = tokens.clone().into_iter().filter_map(|token| {
        let before = std::mem::take(&mut after_cfg);
        match token {
            TokenTree::Group(group) if before => Some(cfg::truth(&group.stream(), platform)),
            TokenTree::Group(group) => compiled_within(&group.stream(), platform),
            TokenTree::Ident(ident) => {
                after_cfg = ident == "cfg";
                None
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => None,
        }
    });
    each.reduce(Truth::join)
}

/// Reads the outline of a file. One that does not parse has none, and is compiled.
pub(super) fn outline(text: &str, platform: Platform, declaring: &DeclaringMacros) -> Outline {
    let nothing = Outline {
        compiled: Truth::Yes,
        ends_build: false,
        lines: Vec::new(),
    };
    // Most files are leaves of the tree. To see that takes no parse.
    let declares = || {
        let mut macros = declaring.keys();
        may_declare(text) || macros.any(|name| text.contains(&format!("{name}!")))
    };
    if !text.contains("#![cfg") && !text.contains("compile_error!") && !declares() {
        return nothing;
    }
    let outline = parse(text, |parsed| {
        let mut reader = Reader {
            platform,
            declaring,
            ends_build: false,
            inside: Vec::new(),
            lines: Vec::new(),
        };
        reader.items(&parsed.file.items, Truth::Yes);
        Outline {
            compiled: Attributes::compiled(&parsed.file.attrs, platform),
            ends_build: reader.ends_build,
            lines: reader.lines,
        }
    });
    outline.unwrap_or(nothing)
}

/// Whether `mod`, a word and a semicolon stand anywhere in a row.
fn may_declare(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "mod").any(|at| {
        let behind = &text[at + "mod".len()..];
        let word = behind.trim_start();
        let after =
            word.trim_start_matches(|char: char| char.is_alphanumeric() || "_#".contains(char));
        word.len() < behind.len() && after.len() < word.len() && after.trim_start().starts_with(';')
    })
}

struct Reader<'m> {
    platform: Platform,
    declaring: &'m DeclaringMacros,
    ends_build: bool,
    inside: Vec<InlineModule>,
    lines: Vec<ModLine>,
}

impl Reader<'_> {
    fn items(&mut self, items: &[Item], compiled: Truth) {
        for item in items {
            match item {
                Item::Mod(module) => self.module(module, compiled),
                Item::Macro(mac) if mac.ident.is_none() => {
                    let compiled = compiled.and(Attributes::compiled(&mac.attrs, self.platform));
                    self.item_macro(&mac.mac, compiled);
                }
                _ => {}
            }
        }
    }

    fn module(&mut self, module: &syn::ItemMod, compiled: Truth) {
        let attributes = Attributes::of(&module.attrs, self.platform);
        let compiled = compiled.and(attributes.compiled);
        let name = lower::name(&module.ident);
        if let Some((_, items)) = &module.content {
            let mut paths = attributes.paths();
            let path = paths.find(|(applies, _)| *applies == Truth::Yes);
            self.inside.push(InlineModule {
                name,
                path: path.map(|(_, path)| path),
            });
            self.items(items, compiled);
            self.inside.pop();
            return;
        }
        let mut files = Vec::new();
        let mut usual = Truth::Yes;
        for (applies, path) in attributes.paths() {
            files.push((compiled.and(usual).and(applies), Some(path)));
            usual = usual.and(!applies);
        }
        if usual != Truth::No {
            files.push((compiled.and(usual), None));
        }
        self.lines.push(ModLine {
            inside: self.inside.clone(),
            name,
            files,
        });
    }

    /// Modules in macros: those of an unknown one may be compiled.
    fn item_macro(&mut self, mac: &syn::Macro, compiled: Truth) {
        let name = macros::name(mac);
        if name == "compile_error" {
            self.ends_build |= compiled == Truth::Yes;
            return;
        }
        if let Some(&declared) = self.declaring.get(&name) {
            self.declared(&mac.tokens, compiled.and(declared));
            return;
        }
        let branches = macros::branches(mac, self.platform)
            .unwrap_or_else(|| vec![(Truth::Unknown, mac.tokens.clone())]);
        for (branch, tokens) in branches {
            if let Some(items) = macros::items(&tokens) {
                self.items(&items, compiled.and(branch));
            }
        }
    }

    /// The words given to a macro that declares modules: those that are no module have no file.
    fn declared(&mut self, tokens: &TokenStream, compiled: Truth) {
        for token in tokens.clone() {
            match token {
                TokenTree::Ident(ident) => self.lines.push(ModLine {
                    inside: self.inside.clone(),
                    name: lower::name(&ident),
                    files: vec![(compiled, None)],
                }),
                TokenTree::Group(group) => self.declared(&group.stream(), compiled),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}
