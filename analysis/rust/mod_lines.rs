//! The `mod name;` lines of a file, under every `cfg`.

use syn::Item;

use super::cfg::Attributes;
use super::parse::parse;
use super::{lower, macros};
use crate::code::Name;
use crate::platform::{Platform, Truth};

/// What a file says of the module tree.
pub(super) struct Outline {
    /// Whether the file is compiled, as far as its own `#![cfg(…)]` tells.
    pub(super) compiled: Truth,
    /// Its `mod name;` lines.
    pub(super) lines: Vec<ModLine>,
}

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

/// Reads the outline of a file. One that does not parse has none, and is compiled.
pub(super) fn outline(text: &str, platform: Platform) -> Outline {
    let nothing = Outline {
        compiled: Truth::Yes,
        lines: Vec::new(),
    };
    // Most files are leaves of the tree. To see that takes no parse.
    if !text.contains("#![cfg") && !may_declare(text) {
        return nothing;
    }
    let outline = parse(text, |parsed| {
        let mut reader = Reader {
            platform,
            inside: Vec::new(),
            lines: Vec::new(),
        };
        reader.items(&parsed.file.items, Truth::Yes);
        Outline {
            compiled: Attributes::compiled(&parsed.file.attrs, platform),
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

struct Reader {
    platform: Platform,
    inside: Vec<InlineModule>,
    lines: Vec<ModLine>,
}

impl Reader {
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
            usual = usual.and(applies.not());
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
        let branches = macros::branches(mac, self.platform)
            .unwrap_or_else(|| vec![(Truth::Unknown, mac.tokens.clone())]);
        for (branch, tokens) in branches {
            if let Some(items) = macros::items(&tokens) {
                self.items(&items, compiled.and(branch));
            }
        }
    }
}
