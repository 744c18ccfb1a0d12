//! What loops and comprehensions bind.

use ruff_python_ast::Expr as Parsed;
use ruff_text_size::Ranged;

use super::Lowering;
use crate::code::Pattern;

impl Lowering<'_, '_> {
    /// A target as a pattern.
    pub(super) fn target(&mut self, target: &Parsed) -> Pattern {
        let elements = match target {
            Parsed::Name(name) => return Pattern::Bind(name.id.as_str().into(), None),
            Parsed::Tuple(tuple) => &tuple.elts,
            Parsed::List(list) => &list.elts,
            _ => return Pattern::Target(self.expression(target)),
        };
        let lowered = self.deeper(target.range(), |this| this.target_sequence(elements));
        lowered.unwrap_or_else(|| Pattern::Opaque(self.part.names_in(target.range())))
    }

    fn target_sequence(&mut self, elements: &[Parsed]) -> Pattern {
        let starred = elements.iter().position(Parsed::is_starred_expr);
        let patterns = elements.iter().map(|element| match element {
            Parsed::Starred(starred) => self.target(&starred.value),
            _ => self.target(element),
        });
        Pattern::Sequence(patterns.collect(), starred)
    }
}
