//! Lists between brackets, as of arguments or imported names: adding to them and leaving out, in the
//! way they are laid out.

use tree_sitter::Node;

use super::layout::{Layout, Rest};
use super::{Code, span};
use crate::rewrite::Refusal;
use crate::rewrite::Replacement;
use crate::source::Span;

/// Items separated by commas.
pub(super) struct List<'n> {
    /// Where the inside of the brackets starts and ends, if there are any.
    brackets: Option<(usize, usize)>,
    pub(super) items: Vec<Item<'n>>,
}

/// An item and the comma behind it.
pub(super) struct Item<'n> {
    pub(super) node: Node<'n>,
    comma: Option<usize>,
}

impl Item<'_> {
    fn start(&self) -> usize {
        self.node.start_byte()
    }

    /// Where it ends, with its comma.
    fn end(&self) -> usize {
        self.comma.map_or(self.node.end_byte(), |comma| comma + 1)
    }

    /// Whether its comma, if any, follows on its line.
    fn is_closed(&self, layout: &Layout) -> bool {
        self.comma
            .is_none_or(|comma| layout.is_gap(self.node.end_byte(), comma))
    }
}

const LAYOUT: Refusal = "its arguments are laid out in an unusual way";
const COMMENT: Refusal = "a comment stands between its arguments";

impl<'n> List<'n> {
    /// The list that the children of a node make behind a token, or from the start.
    pub(super) fn of(node: Node<'n>, behind: Option<&str>) -> List<'n> {
        let mut list = List {
            brackets: None,
            items: Vec::new(),
        };
        let mut cursor = node.walk();
        let mut waits = behind.is_some();
        for child in node.children(&mut cursor) {
            match child.kind() {
                kind if waits => waits = Some(kind) != behind,
                "(" => list.brackets = Some((child.end_byte(), child.end_byte())),
                ")" => {
                    if let Some((_, close)) = &mut list.brackets {
                        *close = child.start_byte();
                    }
                }
                "," => {
                    if let Some(last) = list.items.last_mut() {
                        last.comma = Some(child.start_byte());
                    }
                }
                _ if child.is_named() && !child.is_extra() => list.items.push(Item {
                    node: child,
                    comma: None,
                }),
                _ => {}
            }
        }
        list
    }

    /// Adds a name where it belongs among sorted ones, as isort and ruff sort them: constants, classes,
    /// then the rest; at the end where they are not sorted.
    pub(super) fn insert(&self, code: &Code, content: &str) -> Vec<Replacement> {
        let key = |text: &str| {
            let name = text
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned();
            let is_constant = name.len() > 1 && !name.contains(char::is_lowercase);
            let is_class = name.starts_with(char::is_uppercase);
            (!is_constant, !is_class, name.to_lowercase())
        };
        let keys: Vec<_> = self
            .items
            .iter()
            .map(|item| key(code.text(item.node)))
            .collect();
        let at = keys.partition_point(|other| *other < key(content));
        let layout = &code.layout;
        match self.items.get(at).filter(|_| keys.is_sorted()) {
            None => self.append(layout, content),
            Some(next) => {
                let start = next.start();
                let line = layout
                    .indentation(start)
                    .filter(|_| self.brackets.is_some());
                let apart = match line {
                    Some(indentation) => format!("{}{indentation}", layout.line_break(start)),
                    None => " ".to_owned(),
                };
                vec![(Span::new(start, start), format!("{content},{apart}"))]
            }
        }
    }

    /// Adds an item at the end: on a line of its own if the last one has that.
    pub(super) fn append(&self, layout: &Layout, content: &str) -> Vec<Replacement> {
        let insertion = |at: usize, content: String| (Span::new(at, at), content);
        let Some(last) = self.items.last() else {
            let open = self.brackets.map_or(0, |(open, _)| open);
            return vec![insertion(open, content.to_owned())];
        };
        let end = last.end();
        let stands_alone = self.brackets.is_some()
            && layout.on_one_line(last.node.end_byte(), end)
            && layout.rest(end) != Rest::Code;
        let indentation = layout.indentation(last.start()).filter(|_| stands_alone);
        match (indentation, last.comma) {
            (Some(indentation), comma) => {
                let line_end = layout.line_end(end);
                let line = format!("{}{indentation}{content}", layout.line_break(end));
                match comma {
                    Some(_) => vec![insertion(line_end, line + ",")],
                    None if line_end == end => vec![insertion(end, format!(",{line}"))],
                    None => vec![insertion(end, ",".to_owned()), insertion(line_end, line)],
                }
            }
            (None, Some(_)) => vec![insertion(end, format!(" {content},"))],
            (None, None) => vec![insertion(end, format!(", {content}"))],
        }
    }

    /// What to cut out so that the items at these indices are gone, each with one comma. A comment
    /// goes with an item that it stands behind, where both have the line for themselves.
    pub(super) fn without(
        &self,
        layout: &Layout,
        dropped: impl Fn(usize) -> bool,
    ) -> Result<Vec<Span>, Refusal> {
        let count = self.items.len();
        if !(0..count).any(&dropped) {
            return Ok(Vec::new());
        }
        let Some(last_kept) = (0..count).rev().find(|&index| !dropped(index)) else {
            let (open, close) = self.brackets.ok_or(LAYOUT)?;
            if layout.has_comment(open, close) {
                return Err(COMMENT);
            }
            return Ok(vec![Span::new(open, close)]);
        };
        let mut cuts = Vec::new();
        if let Some(comma) = self.items[last_kept].comma
            && last_kept + 1 < count
            && self.items[count - 1].comma.is_none()
        {
            cuts.push(Span::new(comma, comma + 1));
        }
        let mut first = 0;
        while first < count {
            if !dropped(first) {
                first += 1;
                continue;
            }
            let mut last = first;
            while last + 1 < count && dropped(last + 1) && self.share_a_line(layout, last) {
                last += 1;
            }
            cuts.push(self.cut(layout, first, last, last_kept)?);
            first = last + 1;
        }
        Ok(merged(cuts))
    }

    /// Whether an item ends on the line on which the next one starts.
    fn share_a_line(&self, layout: &Layout, index: usize) -> bool {
        layout.on_one_line(self.items[index].end(), self.items[index + 1].start())
    }

    /// What to cut out for consecutive items that share lines.
    fn cut(
        &self,
        layout: &Layout,
        first: usize,
        last: usize,
        last_kept: usize,
    ) -> Result<Span, Refusal> {
        let touched = &self.items[first.saturating_sub(1)..=last];
        if !touched.iter().all(|item| item.is_closed(layout)) {
            return Err(LAYOUT);
        }
        let (open, close) = self.brackets.ok_or(LAYOUT)?;
        let (start, end) = (self.items[first].start(), self.items[last].end());
        let rest = layout.rest(end);
        if layout.indentation(start).is_some() && rest != Rest::Code {
            return Ok(Span::new(layout.line_start(start), layout.next_line(end)));
        }
        let unless_commented = |from: usize, to: usize| {
            if rest == Rest::Comment || layout.has_comment(from, to) {
                return Err(COMMENT);
            }
            Ok(Span::new(from, to))
        };
        if self.items[last].comma.is_none() {
            return unless_commented(self.items[last_kept].node.end_byte(), end);
        }
        let next = self.items.get(last + 1);
        let next_start = next.map_or(close, |next| next.start());
        match first.checked_sub(1).map(|before| self.items[before].end()) {
            // `f(a, b, c)`: the white space before b goes with it.
            Some(before) if layout.on_one_line(before, start) || next.is_none() => {
                unless_commented(before, end)
            }
            // `c` stands on the line that `b` starts.
            Some(_) if layout.on_one_line(end, next_start) => unless_commented(start, next_start),
            Some(_) => Err(LAYOUT),
            None if layout.on_one_line(open, start) || layout.on_one_line(end, next_start) => {
                unless_commented(start, next_start)
            }
            None => Err(LAYOUT),
        }
    }

    /// From the first of these items to the last.
    pub(super) fn span(&self, first: usize, last: usize) -> Span {
        span(self.items[first].node).cover(span(self.items[last].node))
    }
}

/// Joins cuts that overlap or touch.
fn merged(mut cuts: Vec<Span>) -> Vec<Span> {
    cuts.sort();
    let mut merged: Vec<Span> = Vec::new();
    for cut in cuts {
        match merged.last_mut() {
            Some(last) if cut.start <= last.end => *last = last.cover(cut),
            _ => merged.push(cut),
        }
    }
    merged
}
