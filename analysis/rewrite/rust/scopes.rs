//! Names of items: what `use` and definitions around a place make of a path.

use std::collections::HashMap;
use std::rc::Rc;

use syn::{Item, Stmt, UseTree};

/// The items around a place, outermost first.
#[derive(Clone, Default)]
pub(super) struct Scopes(Vec<Rc<Scope>>);

/// The items of a block or module.
#[derive(Default)]
struct Scope {
    /// Whether the names around it are out of sight.
    is_module: bool,
    /// The paths that a name stands for: more than one where platforms differ.
    names: HashMap<String, Vec<String>>,
    /// The names that stand for a path and nothing else.
    by_path: HashMap<String, Vec<String>>,
    /// `use path::*`
    globs: Vec<String>,
    /// What functions return.
    returns: HashMap<String, syn::Type>,
}

/// The path of an item of the file itself.
const HERE: &str = "self";

impl Scopes {
    /// Enters a module.
    pub(super) fn enter_module<'i>(&mut self, items: impl Iterator<Item = &'i Item>) {
        self.enter(items, true);
    }

    /// Enters a block.
    pub(super) fn enter_block(&mut self, statements: &[Stmt]) {
        let items = statements.iter().filter_map(|statement| match statement {
            Stmt::Item(item) => Some(item),
            _ => None,
        });
        self.enter(items, false);
    }

    fn enter<'i>(&mut self, items: impl Iterator<Item = &'i Item>, is_module: bool) {
        let mut scope = Scope {
            is_module,
            ..Scope::default()
        };
        for item in items {
            scope.add(item);
        }
        for (name, paths) in &scope.names {
            if paths.iter().all(|path| *path == paths[0]) {
                let names = scope.by_path.entry(paths[0].clone()).or_default();
                names.push(name.clone());
            }
        }
        self.0.push(Rc::new(scope));
    }

    /// Leaves what was entered last.
    pub(super) fn leave(&mut self) {
        self.0.pop();
    }

    /// The full path of a type or function, as far as the file tells. Paths that start with a crate
    /// are taken as they are.
    pub(super) fn resolve(&self, path: &syn::Path) -> Option<String> {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let (first, rest) = segments.split_first()?;
        let first = match path.leading_colon {
            Some(_) => first.clone(),
            None => match self.find(first)? {
                Some(found) => found,
                None if rest.is_empty() => return None,
                None => first.clone(),
            },
        };
        Some(
            std::iter::once(first)
                .chain(rest.iter().cloned())
                .collect::<Vec<_>>()
                .join("::"),
        )
    }

    /// What a name stands for; `Some(None)` if nothing in the file says so, `None` if it may stand
    /// for several things.
    fn find(&self, name: &str) -> Option<Option<String>> {
        let mut inner = None;
        for scope in self.0.iter().rev() {
            // `use super::*` shows what is around a module.
            if inner.is_some_and(|inner: &Rc<Scope>| {
                inner.is_module && !inner.globs.iter().any(|glob| glob == "super")
            }) {
                return Some(None);
            }
            inner = Some(scope);
            if let Some(paths) = scope.names.get(name) {
                let same = paths.iter().all(|path| *path == paths[0]);
                return same.then(|| Some(paths[0].clone()));
            }
            let process = |glob: &&String| glob.ends_with("::process");
            if let Some(glob) = scope.globs.iter().find(process)
                && name == "Command"
            {
                return Some(Some(format!("{glob}::{name}")));
            }
        }
        Some(None)
    }

    /// The name by which the file imports what is at a path, if nothing else has it.
    pub(super) fn imported(&self, path: &str) -> Option<String> {
        let names = self.0.iter().filter_map(|scope| scope.by_path.get(path));
        let mut names: Vec<&String> = names.flatten().collect();
        names.sort();
        names
            .into_iter()
            .find(|name| self.find(name) == Some(Some(path.to_owned())))
            .cloned()
    }

    /// What a function of the file returns.
    pub(super) fn returned(&self, path: &syn::Path) -> Option<&syn::Type> {
        let name = path.get_ident()?.to_string();
        let scope = self
            .0
            .iter()
            .rev()
            .find(|scope| scope.names.contains_key(&name))?;
        scope.returns.get(&name)
    }
}

impl Scope {
    fn add(&mut self, item: &Item) {
        let ident = match item {
            Item::Use(item) => return self.import(&item.tree, ""),
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::ExternCrate(item) => match &item.rename {
                Some((_, rename)) => rename,
                None => return,
            },
            Item::Fn(item) => {
                if let syn::ReturnType::Type(_, returned) = &item.sig.output {
                    let name = item.sig.ident.to_string();
                    self.returns.insert(name, (**returned).clone());
                }
                &item.sig.ident
            }
            Item::Mod(item) => &item.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::TraitAlias(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Union(item) => &item.ident,
            _ => return,
        };
        self.name(ident.to_string(), format!("{HERE}::{ident}"));
    }

    fn name(&mut self, name: String, path: String) {
        self.names.entry(name).or_default().push(path);
    }

    fn import(&mut self, tree: &UseTree, prefix: &str) {
        let join = |name: &dyn std::fmt::Display| match prefix {
            "" => name.to_string(),
            prefix => format!("{prefix}::{name}"),
        };
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &join(&path.ident)),
            UseTree::Name(name) if name.ident == "self" => {
                let last = prefix.rsplit("::").next().unwrap_or(prefix);
                self.name(last.to_owned(), prefix.to_owned());
            }
            UseTree::Name(name) => self.name(name.ident.to_string(), join(&name.ident)),
            UseTree::Rename(rename) if rename.ident == "self" => {
                self.name(rename.rename.to_string(), prefix.to_owned());
            }
            UseTree::Rename(rename) => {
                self.name(rename.rename.to_string(), join(&rename.ident));
            }
            UseTree::Glob(_) => self.globs.push(prefix.to_owned()),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, prefix);
                }
            }
        }
    }
}
