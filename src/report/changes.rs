//! The lines that a fix changes, before and after.

use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{FileId, Place, Span};
use similar::{ChangeTag, TextDiff};

use crate::fix::apply::apply_in;
use crate::texts::{Spot, Texts};

/// Removed and added lines with their numbers, file by file: `12 - old`, `12 + new`. Only the lines
/// that edits touch are compared: there are many fixes in a large file.
pub(super) fn changes(texts: &Texts, edits: &[Edit]) -> Vec<String> {
    let mut changes = Vec::new();
    for edits in edits.chunk_by(|one, next| one.place.file == next.place.file) {
        // The cell at hand, and how many lines were added to it so far.
        let mut growth = (None, 0);
        for Part { file, span, edits } in parts(texts, edits) {
            let old = texts.text(file);
            let new = apply_in(old, span.range(), edits);
            let start = texts.start(Place { file, span });
            if growth.0 != start.cell {
                growth = (start.cell, 0);
            }
            let diff = TextDiff::from_lines(&old[span.range()], &new);
            let mut added = 0;
            for change in diff.iter_all_changes() {
                let (sign, index, before) = match change.tag() {
                    ChangeTag::Equal => continue,
                    ChangeTag::Delete => ('-', change.old_index(), 0),
                    ChangeTag::Insert => ('+', change.new_index(), growth.1),
                };
                added += if sign == '+' { 1 } else { -1 };
                let row = (start.row + index.unwrap_or_default()).saturating_add_signed(before);
                let at = Spot { row, ..start }.line();
                let line = change.value().trim_end_matches(['\r', '\n']);
                changes.push(format!("{at:>4} {sign} {line}"));
            }
            growth.1 += added;
        }
    }
    changes
}

/// Whole lines of a file, with the edits in them.
struct Part<'e> {
    file: FileId,
    span: Span,
    edits: &'e [Edit],
}

/// The lines that edits of one file touch, those together that share lines.
fn parts<'e>(texts: &Texts, edits: &'e [Edit]) -> Vec<Part<'e>> {
    let mut parts = Vec::new();
    let mut from = 0;
    for to in 1..=edits.len() {
        let file = edits[from].place.file;
        let lines = texts.lines(file);
        let last = lines.row(edits[to - 1].place.span.end);
        if edits
            .get(to)
            .is_some_and(|next| lines.row(next.place.span.start) <= last)
        {
            continue;
        }
        let first = lines.row(edits[from].place.span.start);
        let text = texts.text(file);
        let span = Span::new(lines.range(text, first).start, lines.range(text, last).end);
        parts.push(Part {
            file,
            span,
            edits: &edits[from..to],
        });
        from = to;
    }
    parts
}
