//! What loops, comprehensions and parameters bind.

use tree_sitter::Node;

use super::Lowering;
use super::tree::{first_part, has_token, parts};
use crate::code::Pattern;

impl Lowering<'_> {
    /// A target as a pattern.
    pub(super) fn target(&mut self, node: Node) -> Pattern {
        match node.kind() {
            "identifier" => Pattern::Bind(self.name(node), None),
            "tuple_pattern" | "list_pattern" | "pattern_list" => {
                let lowered = self.deeper(|this| this.target_sequence(node));
                lowered.unwrap_or_else(|| Pattern::Opaque(Vec::new()))
            }
            _ => Pattern::Target(self.expression(node)),
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
