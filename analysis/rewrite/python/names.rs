//! Which names a file binds and imports, and where they can be seen.

use std::rc::Rc;

use tree_sitter::Node;

use super::{Code, ancestors, descends};
use crate::project::places_of;
use crate::source::Span;

/// A name that an import binds.
#[derive(Clone, Copy)]
pub(super) struct Import<'t> {
    /// The statement.
    pub(super) statement: Node<'t>,
    /// What it binds; for `import a.b` that is `a`.
    pub(super) binds: &'t str,
    /// The module that it names: `a.b` of `from a.b import c` and of `import a.b`.
    pub(super) module: &'t str,
    /// The name in that module: `c` of `from a.b import c`.
    pub(super) item: Option<&'t str>,
    /// Whether it binds another name than it imports.
    pub(super) renames: bool,
    /// The block that the statement stands in.
    block: Option<Node<'t>>,
    /// The function or class whose names it binds; `None` in the module.
    pub(super) scope: Option<Node<'t>>,
}

impl<'t> Code<'t> {
    /// Every name that an import of the file binds. `*` is not one.
    pub(super) fn imports(&self) -> &[Import<'t>] {
        self.imports.get_or_init(|| imports(self))
    }

    /// The identifiers with this name: not attributes, names of keyword arguments, or parts of
    /// imports.
    pub(super) fn mentions(&self, name: &str) -> Rc<[Node<'t>]> {
        if let Some(known) = self.mentions.borrow().get(name) {
            return Rc::clone(known);
        }
        let found = mentions(self, name);
        let mut mentions = self.mentions.borrow_mut();
        mentions.insert(name.to_owned(), Rc::clone(&found));
        found
    }

    /// Whether an identifier reads a parameter of a function around it.
    pub(super) fn is_parameter(&self, identifier: Node) -> bool {
        let name = self.text(identifier);
        let mut lists = ancestors(identifier).filter_map(|it| it.child_by_field_name("parameters"));
        lists.any(|list| {
            descends(list, |node| {
                node.kind() == "identifier" && self.text(node) == name && is_bound(node)
            })
        })
    }

    /// Whether anything but an import binds a name.
    pub(super) fn binds(&self, name: &str) -> bool {
        if let Some(&known) = self.bound.borrow().get(name) {
            return known;
        }
        let is_bound = self.mentions(name).iter().any(|&node| is_bound(node));
        self.bound.borrow_mut().insert(name.to_owned(), is_bound);
        is_bound
    }
}

fn imports<'t>(code: &Code<'t>) -> Vec<Import<'t>> {
    let mut imports = Vec::new();
    for at in places_of(code.layout.text, "import") {
        let keyword = code.at(Span::new(at, at + "import".len()));
        let Some(statement) = keyword.and_then(|keyword| keyword.parent()) else {
            continue;
        };
        let module = match statement.kind() {
            "import_statement" => None,
            "import_from_statement" => match statement.child_by_field_name("module_name") {
                Some(module) => Some(code.text(module)),
                None => continue,
            },
            _ => continue,
        };
        let (block, scope) = (statement.parent(), scope(statement));
        let mut cursor = statement.walk();
        for name in statement.children_by_field_name("name", &mut cursor) {
            let alias = name.child_by_field_name("alias").map(|of| code.text(of));
            let name = code.text(name.child_by_field_name("name").unwrap_or(name));
            let root = name.split('.').next().unwrap_or(name).trim_end();
            imports.push(Import {
                statement,
                binds: alias.unwrap_or(root),
                module: module.unwrap_or(name),
                item: module.map(|_| name),
                renames: alias.is_some(),
                block,
                scope,
            });
        }
    }
    imports
}

fn mentions<'t>(code: &Code<'t>, name: &str) -> Rc<[Node<'t>]> {
    places_of(code.layout.text, name)
        .filter_map(|at| code.at(Span::new(at, at + name.len())))
        .filter(|&node| node.kind() == "identifier" && code.text(node) == name)
        .filter(|node| {
            let is_field = |name: &str| {
                node.parent()
                    .is_some_and(|parent| parent.child_by_field_name(name).as_ref() == Some(node))
            };
            match node.parent().map(|parent| parent.kind()) {
                Some("attribute") => !is_field("attribute"),
                Some("keyword_argument") => !is_field("name"),
                _ => true,
            }
        })
        .filter(|&node| !ancestors(node).take(3).any(is_import))
        .collect()
}

pub(super) fn is_import(node: Node) -> bool {
    matches!(
        node.kind(),
        "import_statement" | "import_from_statement" | "future_import_statement"
    )
}

/// Whether an identifier is bound where it stands, by anything but an import. In doubt it is.
pub(super) fn is_bound(identifier: Node) -> bool {
    let mut child = identifier;
    for parent in ancestors(identifier) {
        let is_field = |name| parent.child_by_field_name(name) == Some(child);
        match parent.kind() {
            "pattern_list"
            | "tuple_pattern"
            | "list_pattern"
            | "list_splat_pattern"
            | "dictionary_splat_pattern"
            | "expression_list"
            | "tuple"
            | "list"
            | "list_splat"
            | "typed_parameter"
            | "type"
            | "type_parameter"
            | "parenthesized_expression"
            | "dotted_name" => child = parent,
            "assignment" | "augmented_assignment" | "for_statement" | "for_in_clause" => {
                return is_field("left");
            }
            "named_expression"
            | "function_definition"
            | "class_definition"
            | "default_parameter"
            | "typed_default_parameter" => {
                return is_field("name") || is_field("type_parameters");
            }
            "as_pattern_target"
            | "parameters"
            | "lambda_parameters"
            | "global_statement"
            | "nonlocal_statement"
            | "delete_statement"
            | "type_alias_statement"
            | "case_pattern"
            | "keyword_pattern"
            | "splat_pattern"
            | "ERROR" => return true,
            _ => return false,
        }
    }
    false
}

/// The function or class whose names a node sees first; `None` in the module.
pub(super) fn scope(node: Node<'_>) -> Option<Node<'_>> {
    let mut child = node;
    ancestors(node).find(|&around| {
        let inside = around.child_by_field_name("body") == Some(child);
        child = around;
        let opens = matches!(
            around.kind(),
            "function_definition" | "class_definition" | "lambda"
        );
        inside && opens
    })
}

/// Whether a node lies within another.
pub(super) fn contains(outer: Node, inner: Node) -> bool {
    outer.start_byte() <= inner.start_byte() && inner.end_byte() <= outer.end_byte()
}

impl Import<'_> {
    /// Whether its statement has run, and bound what it binds where `node` sees it, whenever `node`
    /// runs.
    pub(super) fn serves(&self, node: Node) -> bool {
        let in_class = |scope: Node| scope.kind() == "class_definition";
        self.block.is_some_and(|block| contains(block, node))
            && self.statement.end_byte() <= node.start_byte()
            && (!self.scope.is_some_and(in_class) || scope(node) == self.scope)
    }

    /// Whether it makes what it binds a local name of a function around `node`.
    pub(super) fn is_local_to(&self, node: Node) -> bool {
        self.scope
            .is_some_and(|scope| scope.kind() != "class_definition" && contains(scope, node))
    }
}
