//! Edits on a text, and where a place of the old text is in the new one.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{FileId, Place, Span};

/// The text with `edits` made, which are about it, in the order of their places, without overlaps.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    apply_in(text, 0..text.len(), edits)
}

/// A stretch of the text with `edits` made, which are all in it.
pub fn apply_in<'e>(
    text: &str,
    stretch: Range<usize>,
    edits: impl IntoIterator<Item = &'e Edit>,
) -> String {
    let mut edited = String::with_capacity(stretch.len());
    let mut done = stretch.start;
    for edit in edits {
        let range = edit.place.span.range();
        edited.push_str(&text[done..range.start]);
        edited.push_str(&edit.content);
        done = range.end;
    }
    edited.push_str(&text[done..stretch.end]);
    edited
}

/// Where places of texts are after edits.
#[derive(Debug)]
pub struct Moves<'e> {
    /// In the order of their places, without overlaps.
    edits: &'e [Edit],
    /// By how much the edits before each, and all of them, make their files longer.
    growth: Vec<i64>,
}

impl<'e> Moves<'e> {
    /// The moves that `edits` make, in the order of their places, without overlaps.
    pub fn of(edits: &'e [Edit]) -> Moves<'e> {
        let mut sum = 0;
        let mut growth = vec![sum];
        for edit in edits {
            sum += edit.content.len() as i64 - edit.place.span.range().len() as i64;
            growth.push(sum);
        }
        Moves { edits, growth }
    }

    /// The edits of a file.
    pub fn edits(&self, file: FileId) -> &'e [Edit] {
        let (start, end) = self.range(file);
        &self.edits[start..end]
    }

    fn range(&self, file: FileId) -> (usize, usize) {
        let start = self.edits.partition_point(|edit| edit.place.file < file);
        let end = self.edits.partition_point(|edit| edit.place.file <= file);
        (start, end)
    }

    /// Where `place` is now. What an edit touches grows to what stands there instead.
    pub fn moved(&self, place: Place) -> Place {
        let Span { start, end } = place.span;
        let (first, _) = self.range(place.file);
        let edits = self.edits(place.file);
        let before = edits.partition_point(|edit| edit.place.span.end < start);
        let touched = edits[before..].partition_point(|edit| edit.place.span.start <= end);
        let shift = |edit: usize| self.growth[first + edit] - self.growth[first];
        let mut new_start = i64::from(start) + shift(before);
        let mut new_end = i64::from(end) + shift(before + touched);
        if let Some(last) = touched.checked_sub(1) {
            let last = before + last;
            let content = |edit: usize| i64::from(edits[edit].place.span.start) + shift(edit);
            new_start = new_start.min(content(before));
            new_end = new_end.max(content(last) + edits[last].content.len() as i64);
        }
        let span = Span::new(new_start as usize, new_end as usize);
        Place { span, ..place }
    }
}

/// Places by what is there, to ask which of them another touches.
#[derive(Debug)]
pub struct Spots<K> {
    /// By key and file, in order: where each starts, and the furthest that it or one before it ends.
    by_key: HashMap<(K, FileId), Vec<(u32, u32)>>,
}

impl<K: Copy + Eq + Hash> Spots<K> {
    /// These places.
    pub fn of(places: impl IntoIterator<Item = (K, Place)>) -> Spots<K> {
        let mut by_key: HashMap<(K, FileId), Vec<(u32, u32)>> = HashMap::new();
        for (key, Place { file, span }) in places {
            let spots = by_key.entry((key, file)).or_default();
            spots.push((span.start, span.end));
        }
        for spots in by_key.values_mut() {
            spots.sort_unstable();
            let mut furthest = 0;
            for (_, end) in spots {
                furthest = furthest.max(*end);
                *end = furthest;
            }
        }
        Spots { by_key }
    }

    /// Whether one with this key touches a place.
    pub fn touch(&self, key: K, place: Place) -> bool {
        let Some(spots) = self.by_key.get(&(key, place.file)) else {
            return false;
        };
        let before = spots.partition_point(|(start, _)| *start <= place.span.end);
        before > 0 && spots[before - 1].1 >= place.span.start
    }
}

/// Whether two places overlap or meet.
#[cfg(test)]
pub fn touches(one: Place, other: Place) -> bool {
    one.file == other.file && one.span.start <= other.span.end && other.span.start <= one.span.end
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let moves = Moves::of(&edits);
        assert_eq!(moves.moved(place(2, 5)), place(11, 14));
        assert_eq!(moves.moved(place(14, 16)), place(22, 24));
        // Around an edit, within one, beside one.
        assert_eq!(moves.moved(place(8, 14)), place(17, 22));
        assert_eq!(moves.moved(place(11, 12)), place(19, 20));
        assert_eq!(moves.moved(place(12, 14)), place(19, 22));
        let elsewhere = Place {
            file: FileId(1),
            ..place(14, 16)
        };
        assert_eq!(moves.moved(elsewhere), elsewhere);
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
        fn spots_touch_what_one_of_them_touches(
            spots in proptest::collection::vec((0..2_u8, 0..2_u32, 0..20_usize, 0..4_usize), 0..9),
            (key, file, start, length) in (0..2_u8, 0..2_u32, 0..20_usize, 0..4_usize),
        ) {
            let at = |file, start, length| Place {
                file: FileId(file),
                span: Span::new(start, start + length),
            };
            let spots: Vec<(u8, Place)> = spots
                .into_iter()
                .map(|(key, file, start, length)| (key, at(file, start, length)))
                .collect();
            let asked = at(file, start, length);
            prop_assert_eq!(
                Spots::of(spots.iter().copied()).touch(key, asked),
                spots.iter().any(|&(other, place)| other == key && touches(place, asked))
            );
        }

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
            let moves = Moves::of(&edits);
            for (index, (start, _)) in text.char_indices().enumerate() {
                let end = text.char_indices().nth(index + 2).map_or(text.len(), |(end, _)| end);
                let words = place(start, end);
                if !edits.iter().any(|edit| touches(edit.place, words)) {
                    let after = moves.moved(words).span.range();
                    prop_assert_eq!(&new[after], &text[start..end]);
                }
            }
        }
    }
}
