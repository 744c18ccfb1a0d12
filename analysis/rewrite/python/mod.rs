//! Rewriting Python: calls, their arguments, and the imports that new names need.

mod asked;
mod calls;
mod grammar;
mod imports;
mod layout;
mod list;
mod names;
mod parse;
mod sections;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use tree_sitter::{Node, Tree};

use super::{Change, Function, Refusal, Replacement};
use crate::code::Name;
use crate::project::{Project, join, parent, slashed};
use crate::source::{Source, Span};
use layout::Layout;
use names::Import;

/// A parsed file, and what is known of it once it was asked for.
pub(super) struct Code<'t> {
    root: Node<'t>,
    layout: Layout<'t>,
    /// Its path, with `/` between the parts.
    path: String,
    project: &'t Project,
    imports: OnceCell<Vec<Import<'t>>>,
    top: OnceCell<imports::Top<'t>>,
    mentions: RefCell<HashMap<String, Rc<[Node<'t>]>>>,
    /// Whether a name is bound by anything but imports.
    bound: RefCell<HashMap<String, bool>>,
    /// Whether a name means nothing but a function.
    meant: RefCell<HashMap<(String, Function), bool>>,
}

/// The tree of a file.
pub(super) fn parsed(source: &Source) -> Option<Tree> {
    parse::parse(&source.text)
}

impl<'t> Code<'t> {
    pub(super) fn of(project: &'t Project, source: &'t Source, tree: &'t Tree) -> Code<'t> {
        Code {
            root: tree.root_node(),
            layout: Layout::of(&source.text),
            path: slashed(&source.path),
            project,
            imports: OnceCell::new(),
            top: OnceCell::new(),
            mentions: RefCell::default(),
            bound: RefCell::default(),
            meant: RefCell::default(),
        }
    }

    /// What makes a change.
    pub(super) fn replacements(
        &self,
        change: &Change<Function>,
    ) -> Result<Vec<Replacement>, Refusal> {
        calls::replacements(self, change)
    }

    /// Whether a module is the project's own, as linters see it: in its folder, in `src`, or beside the
    /// package around the file.
    fn is_own(&self, module: &str) -> bool {
        let has = |file: String| self.project.at(&file).is_some();
        let mut root = parent(&self.path);
        while !root.is_empty() && has(join(root, "__init__.py")) {
            root = parent(root);
        }
        let is_packaged = root != parent(&self.path);
        let places = ["", "src"].into_iter().chain(is_packaged.then_some(root));
        let path = [Name::from(module)];
        places
            .into_iter()
            .any(|place| self.project.module_below(place, &path).is_some())
    }

    fn text(&self, node: Node) -> &'t str {
        &self.layout.text[node.byte_range()]
    }

    /// The smallest node that covers a span.
    fn at(&self, span: Span) -> Option<Node<'t>> {
        let range = span.range();
        self.root
            .descendant_for_byte_range(range.start, range.end)
            .filter(|_| !range.is_empty() && range.end <= self.layout.text.len())
    }
}

/// Whether a node, or one within it, is such a one.
fn descends(node: Node, is_such: impl Fn(Node) -> bool) -> bool {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        if is_such(node) {
            return true;
        }
        let mut cursor = node.walk();
        waiting.extend(node.named_children(&mut cursor));
    }
    false
}

/// The bytes of a node.
fn span(node: Node) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// The nodes around a node, innermost first.
fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(node.parent(), Node::parent)
}
