//! Rewriting Python: calls, their arguments, and the imports that new names need.

mod asked;
mod calls;
mod imports;
mod layout;
mod list;
mod names;

use tree_sitter::Node;

use super::{Change, Edit, Function, Refusal};
use crate::project::{Project, slashed};
use crate::python::parse::Parser;
use crate::source::{FileId, Span};
use layout::Layout;

/// A stretch of the text and what takes its place.
type Replacement = (Span, String);

/// A parsed file.
struct Code<'t> {
    root: Node<'t>,
    layout: Layout<'t>,
    /// Its path, with `/` between the parts.
    path: String,
}

impl<'t> Code<'t> {
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

pub(super) fn edits(
    project: &Project,
    file: FileId,
    change: &Change<Function>,
) -> Result<Vec<Edit>, Refusal> {
    let source = project.file(file);
    let whole = Span::new(0, source.text.len());
    let tree = Parser::new()
        .parse(&source.text, whole)
        .ok_or("its file cannot be parsed")?;
    let code = Code {
        root: tree.root_node(),
        layout: Layout::of(&source.text),
        path: slashed(&source.path),
    };
    let replacements = calls::replacements(&code, change)?;
    Ok(replacements
        .into_iter()
        .map(|(span, content)| Edit::new(file, span, content))
        .collect())
}

/// The bytes of a node.
fn span(node: Node) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// The nodes around a node, innermost first.
fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(node.parent(), Node::parent)
}
