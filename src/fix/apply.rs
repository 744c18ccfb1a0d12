//! Edits on a text, and where a place of the old text is in the new one.

use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{Place, Span};

/// The text with `edits` made, which are about it, in the order of their places, without overlaps.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let range = edit.place.span.range();
        edited.push_str(&text[done..range.start]);
        edited.push_str(&edit.content);
        done = range.end;
    }
    edited.push_str(&text[done..]);
    edited
}

/// Where `place` is after `edits`, in the order of their places. What an edit touches grows to what
/// stands there instead.
pub fn moved(place: Place, edits: &[Edit]) -> Place {
    let Span { start, end } = place.span;
    let (mut new_start, mut new_end) = (i64::from(start), i64::from(end));
    let (mut touched_start, mut touched_end) = (i64::MAX, i64::MIN);
    let mut shift = 0;
    for edit in edits.iter().filter(|edit| edit.place.file == place.file) {
        let at = edit.place.span;
        let length = edit.content.len() as i64;
        let growth = length - i64::from(at.end - at.start);
        if at.end < start {
            new_start += growth;
        } else if at.start <= end {
            touched_start = touched_start.min(i64::from(at.start) + shift);
            touched_end = touched_end.max(i64::from(at.start) + shift + length);
        } else {
            break;
        }
        new_end += growth;
        shift += growth;
    }
    let span = Span::new(
        new_start.min(touched_start) as usize,
        new_end.max(touched_end) as usize,
    );
    Place { span, ..place }
}

/// Whether two places overlap or meet.
pub fn touches(one: Place, other: Place) -> bool {
    one.file == other.file && one.span.start <= other.span.end && other.span.start <= one.span.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use footgun_analysis::source::FileId;
    use proptest::prelude::*;

    fn place(start: usize, end: usize) -> Place {
        Place {
            file: FileId(0),
            span: Span::new(start, end),
        }
    }

    fn edit(start: usize, end: usize, content: &str) -> Edit {
        Edit {
            place: place(start, end),
            content: content.to_owned(),
        }
    }

    #[test]
    fn the_rest_of_the_text_stays() {
        let edits = [edit(0, 0, "é"), edit(2, 4, ""), edit(6, 6, "!\r\n")];
        assert_eq!(apply("0123\r\n", &edits), "é01\r\n!\r\n");
        assert_eq!(apply("same", &[]), "same");
    }

    #[test]
    fn places_move_with_their_text() {
        let edits = [edit(0, 0, "import x\n"), edit(10, 12, "y")];
        assert_eq!(moved(place(2, 5), &edits), place(11, 14));
        assert_eq!(moved(place(14, 16), &edits), place(22, 24));
        // Around an edit, within one, beside one.
        assert_eq!(moved(place(8, 14), &edits), place(17, 22));
        assert_eq!(moved(place(11, 12), &edits), place(19, 20));
        assert_eq!(moved(place(12, 14), &edits), place(19, 22));
        let elsewhere = Place {
            file: FileId(1),
            ..place(14, 16)
        };
        assert_eq!(moved(elsewhere, &edits), elsewhere);
    }

    /// A text and edits of it, in order, without overlaps.
    fn edited() -> impl Strategy<Value = (String, Vec<Edit>)> {
        let piece = || prop_oneof!["[a-z]{0,6}", Just("é\r\n🗻\t".to_owned())];
        proptest::collection::vec((piece(), piece(), piece()), 0..8).prop_map(|pieces| {
            let mut text = String::new();
            let mut edits = Vec::new();
            for (kept, replaced, content) in pieces {
                text.push_str(&kept);
                let start = text.len();
                text.push_str(&replaced);
                edits.push(edit(start, text.len(), &content));
            }
            (text, edits)
        })
    }

    proptest! {
        #[test]
        fn reverting_edits_gives_the_text_back((text, edits) in edited()) {
            let new = apply(&text, &edits);
            let mut shift = 0_i64;
            let inverse: Vec<Edit> = edits
                .iter()
                .map(|made| {
                    let range = made.place.span.range();
                    let start = (range.start as i64 + shift) as usize;
                    shift += made.content.len() as i64 - range.len() as i64;
                    edit(start, start + made.content.len(), &text[range])
                })
                .collect();
            prop_assert_eq!(apply(&new, &inverse), text);
        }

        #[test]
        fn a_place_that_no_edit_touches_keeps_its_words((text, edits) in edited()) {
            let new = apply(&text, &edits);
            for (index, (start, _)) in text.char_indices().enumerate() {
                let end = text.char_indices().nth(index + 2).map_or(text.len(), |(end, _)| end);
                let words = place(start, end);
                if !edits.iter().any(|edit| touches(edit.place, words)) {
                    let after = moved(words, &edits).span.range();
                    prop_assert_eq!(&new[after], &text[start..end]);
                }
            }
        }
    }
}
