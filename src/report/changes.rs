//! The lines that a fix changes, before and after.

use footgun_analysis::rewrite::Edit;
use similar::{ChangeTag, TextDiff};

use crate::fix::apply::apply;
use crate::texts::Texts;

/// Removed and added lines with their numbers, file by file: `12 - old`, `12 + new`.
pub(super) fn changes(texts: &Texts, edits: &[Edit]) -> Vec<String> {
    let mut changes = Vec::new();
    for edits in edits.chunk_by(|one, next| one.place.file == next.place.file) {
        let old = texts.text(edits[0].place.file);
        let new = apply(old, edits);
        let diff = TextDiff::from_lines(old, &new);
        changes.extend(diff.iter_all_changes().filter_map(|change| {
            let (sign, index) = match change.tag() {
                ChangeTag::Equal => return None,
                ChangeTag::Delete => ('-', change.old_index()),
                ChangeTag::Insert => ('+', change.new_index()),
            };
            let line = change.value().trim_end_matches(['\r', '\n']);
            Some(format!("{:>4} {sign} {line}", index? + 1))
        }));
    }
    changes
}
