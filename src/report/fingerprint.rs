//! What tells that two findings of different runs are the same one.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use footgun_analysis::source::{Lines, Place};
use sha2::{Digest, Sha256};

use crate::root::Root;
use crate::texts::Texts;

/// Of what a rule finds at a place: 128 bits in hexadecimal, of SHA-256 over the rule, the path told from the root, the line it begins
/// in with its white space made even, how many lines of the file before it are the same, and how far
/// into the line it begins. Other findings have no say in it, so it is the same in every shard, and
/// stays when others come and go.
pub fn fingerprint(texts: &Texts, rule: &str, place: Place, root: &Root) -> String {
    let (text, lines) = (texts.text(place.file), texts.lines(place.file));
    let row = lines.row(place.span.start);
    let range = lines.range(text, row);
    let at = place.span.range().start - range.start;
    let line = &text[range];
    let known = texts.known_lines(place.file);
    let mut begun = known.begun.lock().unwrap_or_else(PoisonError::into_inner);
    let begun = begun.entry((rule.to_owned(), row)).or_insert_with(|| {
        let path = root.stable(&texts.project().file(place.file).path);
        let before = known.same_before(text, lines)[row - 1];
        let parts = [rule, &path, &even(line), &before.to_string(), ""];
        Begun {
            digest: Sha256::new_with_prefix(parts.join("\0")),
            into: Into::default(),
        }
    });
    begun.into.go_to(line, at);
    let digest = begun.digest.clone();
    told(digest.chain_update(begun.into.even().to_string()))
}

/// Of what a rule finds in a file that is not evaluated: about something in it, or about its name where
/// that is nothing.
pub fn of_file(rule: &str, path: &Path, about: &str, root: &Root) -> String {
    let parts = [rule, &root.stable(path), about];
    told(Sha256::new_with_prefix(parts.join("\0")))
}

fn told(digest: Sha256) -> String {
    let digest = digest.finalize();
    digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What is known of the lines of a file, so that each is read once for all that is found in it.
#[derive(Debug, Default)]
pub struct KnownLines {
    /// For each line, how many before it are the same.
    same_before: OnceLock<Vec<usize>>,
    /// The lines in which a rule found something.
    begun: Mutex<HashMap<(String, usize), Begun>>,
}

impl KnownLines {
    fn same_before(&self, text: &str, lines: &Lines) -> &[usize] {
        self.same_before.get_or_init(|| {
            let mut counts: HashMap<String, usize> = HashMap::new();
            let mut count = |row| {
                let count = counts
                    .entry(even(&text[lines.range(text, row)]))
                    .or_default();
                *count += 1;
                *count - 1
            };
            (1..=lines.count()).map(&mut count).collect()
        })
    }
}

/// The digest of all but the place in the line.
#[derive(Debug)]
struct Begun {
    digest: Sha256,
    into: Into,
}

/// A place in a line with its white space made even. The next place is mostly further right.
#[derive(Debug, Default)]
struct Into {
    /// The bytes of the line before it.
    at: usize,
    /// How many characters of them are no white space.
    characters: usize,
    /// How many words they begin.
    words: usize,
    in_word: bool,
}

impl Into {
    fn go_to(&mut self, line: &str, at: usize) {
        if at < self.at {
            *self = Into::default();
        }
        for character in line[self.at..at].chars() {
            let in_word = !character.is_whitespace();
            self.words += usize::from(in_word && !self.in_word);
            self.characters += usize::from(in_word);
            self.in_word = in_word;
        }
        self.at = at;
    }

    /// How many characters [`even`] leaves before it.
    fn even(&self) -> usize {
        self.characters + self.words.saturating_sub(1)
    }
}

/// A line with one space for each stretch of white space, and none at its ends.
fn even(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{place, project};

    /// The fingerprints of findings at the places of `words` in a file of this text.
    fn fingerprints(text: &str, words: &[&str]) -> Vec<String> {
        let project = project(&[("a.py", text)]);
        let texts = Texts::new(&project);
        let root = Root::around(std::env::temp_dir());
        let of = |words: &&str| {
            let place = place(&project, "a.py", words);
            fingerprint(&texts, "sample-error", place, &root)
        };
        words.iter().map(of).collect()
    }

    #[test]
    fn it_stays_when_the_line_moves() {
        let before = fingerprints("kill(1); kill(2)\n", &["kill(1)", "kill(2)"]);
        let after = fingerprints(
            "# new\r\nif x:\r\n\tkill(1);  kill(2)\r\n",
            &["kill(1)", "kill(2)"],
        );
        assert_eq!(before, after);
        assert_ne!(before[0], before[1]);
        assert_eq!(before[0].len(), 32);
    }

    /// The digest is what baselines hold: of the whole text of its parts, in whatever order places are
    /// asked for.
    #[test]
    fn it_is_the_digest_of_rule_path_line_and_place() {
        let text = "kill(0)\n\u{a0} kill(0)\n\tkill(1)\u{2003};  é = kill(2) \n";
        let project = project(&[("a.py", text)]);
        let texts = Texts::new(&project);
        let root = Root::around(std::env::temp_dir());
        let path = root.stable(&project.file(footgun_analysis::source::FileId(0)).path);
        let place = |words: &str| {
            let mut place = place(&project, "a.py", "kill(0)");
            let start = text.rfind(words).unwrap();
            place.span = footgun_analysis::source::Span::new(start, start + words.len());
            place
        };
        for (words, line, before, into) in [
            ("kill(2)", "kill(1) ; é = kill(2)", 0, 13),
            ("kill(1)", "kill(1) ; é = kill(2)", 0, 0),
            ("é", "kill(1) ; é = kill(2)", 0, 9),
            ("kill(0)", "kill(0)", 1, 0),
        ] {
            let whole = format!("rule\0{path}\0{line}\0{before}\0{into}");
            let digest = Sha256::digest(whole);
            let expected: String = digest[..16].iter().map(|it| format!("{it:02x}")).collect();
            assert_eq!(
                fingerprint(&texts, "rule", place(words), &root),
                expected,
                "{words}"
            );
        }
    }

    #[test]
    fn lines_of_the_same_text_are_told_apart() {
        let text = "kill(1)  # é\nkill(1) # é\n";
        let project = project(&[("a.py", text)]);
        let texts = Texts::new(&project);
        let root = Root::around(std::env::temp_dir());
        let first = place(&project, "a.py", "kill(1)");
        let mut second = first;
        let shift = text.find('\n').unwrap() as u32 + 1;
        second.span.start += shift;
        second.span.end += shift;
        let of = |place| fingerprint(&texts, "sample-error", place, &root);
        assert_ne!(of(first), of(second));
    }
}
