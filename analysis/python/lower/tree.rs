//! Small questions about tree-sitter's nodes.

use tree_sitter::Node;

use crate::source::Span;

/// The bytes of a node.
pub(super) fn span(node: Node) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// All children but line continuations.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    let children = node.children(&mut cursor);
    children.filter(|child| !child.is_extra()).collect()
}

/// The named ones among the [`children`].
pub(super) fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    let children = node.named_children(&mut cursor);
    children.filter(|child| !child.is_extra()).collect()
}

/// The first of the [`parts`].
pub(super) fn first_part(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .find(|child| !child.is_extra())
}

/// The child in a field.
pub(super) fn field<'n>(node: Node<'n>, name: &str) -> Option<Node<'n>> {
    node.child_by_field_name(name)
}

/// The named children in a field.
pub(super) fn fields<'n>(node: Node<'n>, name: &str) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    let children = node.children_by_field_name(name, &mut cursor);
    children.filter(|child| child.is_named()).collect()
}

/// Whether a token stands directly in a node.
pub(super) fn has_token(node: Node, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .any(|child| child.kind() == token)
}

/// The first direct child of a kind.
pub(super) fn child_of_kind<'n>(node: Node<'n>, kind: &str) -> Option<Node<'n>> {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .find(|child| child.kind() == kind)
}

/// The head of a compound statement or clause, up to its `:`.
pub(super) fn head(node: Node) -> Span {
    let colon = child_of_kind(node, ":").unwrap_or(node);
    Span::new(node.start_byte(), colon.end_byte())
}

/// Whether what stands before and between the blocks and clauses of a compound statement is broken.
pub(super) fn has_broken_head(node: Node) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| match child.kind() {
        "block" | "elif_clause" | "else_clause" | "except_clause" | "finally_clause" => false,
        _ => child.has_error() || child.is_missing() || child.is_error(),
    })
}
