//! The lines that a fix changes, before and after.

use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::Position;
use similar::{ChangeTag, TextDiff};

use crate::fix::apply::apply;
use crate::texts::{Rows, Texts};

/// Removed and added lines with their numbers, file by file: `12 - old`, `12 + new`.
pub(super) fn changes(texts: &Texts, edits: &[Edit]) -> Vec<String> {
    let mut changes = Vec::new();
    for edits in edits.chunk_by(|one, next| one.place.file == next.place.file) {
        let file = edits[0].place.file;
        let (path, old) = (&texts.project().file(file).path, texts.text(file));
        let new = apply(old, edits);
        let (old_rows, new_rows) = (Rows::of(path, old), Rows::of(path, &new));
        let diff = TextDiff::from_lines(old, &new);
        changes.extend(diff.iter_all_changes().filter_map(|change| {
            let (sign, rows, index) = match change.tag() {
                ChangeTag::Equal => return None,
                ChangeTag::Delete => ('-', &old_rows, change.old_index()),
                ChangeTag::Insert => ('+', &new_rows, change.new_index()),
            };
            let (row, column) = (index? + 1, 1);
            let at = rows.spot(Position { row, column }).line();
            let line = change.value().trim_end_matches(['\r', '\n']);
            Some(format!("{at:>4} {sign} {line}"))
        }));
    }
    changes
}
