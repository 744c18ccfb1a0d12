//! Which identifiers stand in a text: a set that takes four bytes for each and may, rarely, say of one
//! that is not there that it is; and which parts of a text hold none.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::source::{Language, Span};

/// The identifiers of a text, by their hashes.
#[derive(Debug)]
pub(crate) struct Words(Box<[u32]>);

impl Words {
    /// Those of `text`.
    pub fn of(text: &str) -> Words {
        let mut hashes = Vec::new();
        each(text, |word| hashes.push(hash(word)));
        hashes.sort_unstable();
        hashes.dedup();
        Words(hashes.into())
    }

    /// Whether an identifier with this hash stands in the text, as far as hashes tell.
    pub fn may_contain(&self, hash: u32) -> bool {
        self.0.binary_search(&hash).is_ok()
    }
}

/// The hash of an identifier.
pub(crate) fn hash(word: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

/// Visits the identifiers of a text.
pub(crate) fn each<'t>(text: &'t str, mut visit: impl FnMut(&'t str)) {
    if !text.is_ascii() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let words = text.split(|c| !is_word(c));
        words.filter(|word| !word.is_empty()).for_each(visit);
        return;
    }
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut start = None;
    for (at, byte) in text.bytes().enumerate() {
        match (is_word(&byte), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                visit(&text[from..at]);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        visit(&text[from..]);
    }
}

/// What in a text is no code, in order: comments, and the characters of literals.
pub(crate) fn silent(text: &str, language: Language) -> Vec<Span> {
    match language {
        Language::Python => crate::python::silent(text),
        Language::Rust => crate::rust::silent(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_whole_words() {
        for text in ["a.b_c(d1)=ä", "x = é.b_c(d1) # →a", "b_c d1 a"] {
            let words = Words::of(text);
            for word in ["b_c", "d1", "a"] {
                let expected = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                let expected = expected.into_iter().any(|part| part == word);
                assert_eq!(words.may_contain(hash(word)), expected, "{word} in {text}");
            }
            assert!(!words.may_contain(hash("b")), "{text}");
        }
    }
}
