//! What loops, comprehensions and parameters bind.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::Lowering;
use super::tree::{first_part, has_token, parts};
use crate::code::{Name, Pattern};

impl Lowering<'_> {
    /// A target as a pattern.
    pub(super) fn target(&mut self, node: Node) -> Pattern {
        match node.kind() {
            "identifier" => Pattern::Bind(self.name(node), None),
            "tuple_pattern" | "list_pattern" | "pattern_list" => {
                let lowered = self.deeper(node, |this| this.target_sequence(node));
                lowered.unwrap_or_else(|| Pattern::Opaque(self.names_in(node)))
            }
            _ => Pattern::Target(self.expression(node)),
        }
    }

    /// Every name in a part that is not lowered: it may be set there, so its value is not known.
    pub(super) fn names_in(&self, node: Node) -> Vec<Name> {
        let mut names = BTreeSet::new();
        let mut cursor = node.walk();
        loop {
            if cursor.node().kind() == "identifier" {
                names.insert(self.name(cursor.node()));
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return names.into_iter().collect();
                }
            }
        }
    }

    fn target_sequence(&mut self, node: Node) -> Pattern {
        let elements = parts(node);
        if let (&[single], "tuple_pattern", false) =
            (&elements[..], node.kind(), has_token(node, ","))
        {
            return self.target(single);
        }
        let mut starred = None;
        let mut patterns = Vec::new();
        for (index, element) in elements.into_iter().enumerate() {
            if element.kind() == "list_splat_pattern" {
                starred = Some(index);
                patterns.extend(first_part(element).map(|inner| self.target(inner)));
            } else {
                patterns.push(self.target(element));
            }
        }
        Pattern::Sequence(patterns, starred)
    }
}
