//! Which fixes go together: a fix is made whole or not at all, and no two of them meet.

use std::collections::BTreeSet;

use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{Place, Span};

/// The indices of the fixes that can be made in one go, the first come first. A fix is its edits; an
/// edit that two fixes share is made once.
pub fn select(fixes: &[Vec<Edit>]) -> Vec<usize> {
    let mut made: BTreeSet<&Edit> = BTreeSet::new();
    let mut selected = Vec::new();
    for (index, edits) in fixes.iter().enumerate() {
        if edits.iter().all(|edit| fits(&made, edit)) {
            made.extend(edits);
            selected.push(index);
        }
    }
    selected
}

/// Whether an edit is one of those that are made, or touches none of them. They do not overlap, so
/// that they are in the order of their ends too.
fn fits(made: &BTreeSet<&Edit>, edit: &Edit) -> bool {
    let Place { file, span } = edit.place;
    let behind = Edit {
        place: Place {
            file,
            span: Span::new(span.range().end + 1, 0),
        },
        content: String::new(),
    };
    let before = made.range::<&Edit, _>(..&behind).rev();
    let mut touched =
        before.take_while(|other| other.place.file == file && other.place.span.end >= span.start);
    touched.all(|other| *other == edit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fix::apply::touches;
    use footgun_analysis::source::FileId;
    use proptest::prelude::*;

    fn edit(file: u32, start: usize, end: usize, content: &str) -> Edit {
        Edit {
            place: Place {
                file: FileId(file),
                span: Span::new(start, end),
            },
            content: content.to_owned(),
        }
    }

    #[test]
    fn a_shared_edit_does_not_keep_fixes_apart() {
        let import = edit(0, 0, 0, "import x\n");
        let fixes = [
            vec![import.clone(), edit(0, 10, 12, "a")],
            vec![import.clone(), edit(0, 20, 22, "b")],
            vec![import, edit(1, 10, 12, "c")],
        ];
        assert_eq!(select(&fixes), [0, 1, 2]);
    }

    #[test]
    fn a_fix_that_meets_another_waits_as_a_whole() {
        let fixes = [
            vec![edit(0, 10, 12, "a")],
            // At the same place with another content, overlapping, touching on either side.
            vec![edit(0, 10, 12, "b"), edit(0, 40, 41, "b")],
            vec![edit(0, 11, 14, "c")],
            vec![edit(0, 12, 12, "d")],
            vec![edit(0, 8, 10, "e")],
            // Where only a fix that waits would have been.
            vec![edit(0, 40, 41, "f")],
            vec![edit(1, 10, 12, "g")],
        ];
        assert_eq!(select(&fixes), [0, 5, 6]);
    }

    proptest! {
        #[test]
        fn selected_edits_are_equal_or_apart(
            fixes in proptest::collection::vec(
                proptest::collection::vec((0..2_u32, 0..30_usize, 0..4_usize, "[ab]"), 1..2),
                0..12,
            )
        ) {
            let fixes: Vec<Vec<Edit>> = fixes
                .into_iter()
                .map(|edits| {
                    let edits = edits.into_iter();
                    edits.map(|(file, at, length, text)| edit(file, at, at + length, &text)).collect()
                })
                .collect();
            let selected = select(&fixes);
            prop_assert_eq!(selected.is_empty(), fixes.is_empty());
            for &one in &selected {
                for &other in &selected {
                    for (a, b) in fixes[one].iter().flat_map(|a| fixes[other].iter().map(move |b| (a, b))) {
                        prop_assert!(a == b || !touches(a.place, b.place));
                    }
                }
            }
        }
    }
}
