//! Statements that raise, made ones that ask and raise by themselves.

use tree_sitter::Node;

use super::calls::{Call, add_imports};
use super::layout::Rest;
use super::{Code, ancestors, imports, span};
use crate::rewrite::Replacement;
use crate::rewrite::{Function, OsError, Positional, Refusal};
use crate::source::Span;

impl Call<'_, '_> {
    /// `f(a, b)` as `if not g(a):` and a `raise` below it
    pub(super) fn asked(
        &self,
        function: &Function,
        raised: OsError,
    ) -> Result<Vec<Replacement>, Refusal> {
        const ALONE: Refusal = "it is not a statement on lines of its own";
        let layout = &self.code.layout;
        let statement = self.node.parent().ok_or(ALONE)?;
        let (start, end) = (statement.start_byte(), statement.end_byte());
        let block = statement.parent().ok_or(ALONE)?;
        let is_statement = statement.kind() == "expression_statement"
            && statement.named_child_count() == 1
            && matches!(block.kind(), "block" | "module");
        let indentation = layout.indentation(start).ok_or(ALONE)?;
        if !is_statement || layout.is_continued(start) || layout.rest(end) == Rest::Code {
            return Err(ALONE);
        }
        if self.code.binds(raised.class) {
            return Err("its file uses the name of the exception for something else");
        }
        let number = Function {
            module: "errno".to_owned(),
            name: raised.number.to_owned(),
        };
        let number = imports::qualified(self.code, self.node, Some(self.callee), &number)?;
        let mut replacements = self.renamed(function, Positional::First(1), &[])?;
        add_imports(&mut replacements, number.imports);
        let callee = replacements
            .iter_mut()
            .find(|(place, _)| *place == span(self.callee));
        let (_, written) = callee.ok_or("it is called already")?;
        written.insert_str(0, "if not ");
        let line_end = layout.line_end(end);
        let raise = format!(
            "{}{indentation}{}raise {}({}, \"{}\")",
            layout.line_break(end),
            indentation_step(self.code, statement),
            raised.class,
            number.written,
            raised.text
        );
        if line_end == end {
            replacements.push((Span::new(end, end), format!(":{raise}")));
        } else {
            replacements.push((Span::new(end, end), ":".to_owned()));
            replacements.push((Span::new(line_end, line_end), raise));
        }
        Ok(replacements)
    }
}

/// By what the block of a statement is indented further than what is around it; in the module by what
/// the first block of the file is.
fn indentation_step<'t>(code: &Code<'t>, statement: Node<'t>) -> &'t str {
    let leading = |node: Node| {
        let line = &code.layout.text[code.layout.line_start(node.start_byte())..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    };
    let step = |block: Node<'t>| {
        let step = leading(block).strip_prefix(leading(block.parent()?))?;
        (!step.is_empty()).then_some(step)
    };
    let is_block = |node: &Node| node.kind() == "block";
    let around = ancestors(statement).filter(is_block).find_map(step);
    let mut waiting = vec![code.root];
    let first = || {
        while let Some(node) = waiting.pop() {
            if let Some(step) = Some(node).filter(is_block).and_then(step) {
                return Some(step);
            }
            let mut cursor = node.walk();
            let children: Vec<Node> = node.named_children(&mut cursor).collect();
            waiting.extend(children.into_iter().rev());
        }
        None
    };
    around.or_else(first).unwrap_or("    ")
}
