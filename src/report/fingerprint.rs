//! What tells that two findings of different runs are the same one.

use footgun_analysis::source::Place;
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
    let line = |row| text[lines.range(text, row)].split_whitespace();
    let before = (1..row).filter(|&other| line(other).eq(line(row))).count();
    let start = lines.range(text, row).start;
    let into = even(&text[start..place.span.range().start]).chars().count();
    let path = root.stable(&texts.project().file(place.file).path);
    let parts = [
        rule,
        &path,
        &even(&text[lines.range(text, row)]),
        &before.to_string(),
        &into.to_string(),
    ];
    let digest = Sha256::digest(parts.join("\0"));
    digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
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
