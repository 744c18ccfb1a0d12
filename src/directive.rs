//! What an ignore comment says.
//!
//! Ours is `footgun: ignore[rule, …] reason`, or `ignore-file`, right after a comment marker, so that
//! prose about it is not one. Upstream's is `windows-footgun: ok`, anywhere in a comment.

use std::ops::Range;

/// An instruction in a comment, by its bytes in the comment's text.
#[derive(Debug, PartialEq, Eq)]
pub struct Directive {
    /// The instruction, without the reason after it.
    pub range: Range<usize>,
    /// What it says.
    pub kind: DirectiveKind,
}

/// What a [`Directive`] says.
#[derive(Debug, PartialEq, Eq)]
pub enum DirectiveKind {
    /// `windows-footgun: ok`: every rule, on this statement.
    Upstream,
    /// `footgun: ignore[…]`: these rules, on this statement or the one below.
    Statement(Vec<Range<usize>>),
    /// `footgun: ignore-file[…]`: these rules, in this file.
    File(Vec<Range<usize>>),
    /// `footgun: ignore` without rules in brackets: nothing.
    Nothing,
    /// `footgun-check: ignore[…]` and its like: nothing, but it was meant for one of the others.
    Misspelt,
}

/// The directives in the text of a comment, with its marker.
pub fn directives(comment: &str) -> Vec<Directive> {
    const KEY: &str = "footgun";
    let lower = comment.to_ascii_lowercase();
    lower
        .match_indices(KEY)
        .filter_map(|(at, _)| {
            let before = &lower[..at];
            let colon = at + lower[at..].find(|c| !is_word(c))?;
            let after = colon + lower[colon..].strip_prefix(':').map(|_| ":".len())?;
            let is_key = colon == at + KEY.len();
            match before.strip_suffix("windows-") {
                Some(before) if is_key => upstream(&lower, before.len(), after),
                None if follows_marker(before) => {
                    let directive = ours(&lower, at, after)?;
                    match is_key {
                        true => Some(directive),
                        false => misspelt(directive, &lower),
                    }
                }
                _ => None,
            }
        })
        .collect()
}

/// What looks like a directive of ours behind another key. Without rules it may be prose, unless nothing
/// follows it.
fn misspelt(directive: Directive, comment: &str) -> Option<Directive> {
    let names_rules = !matches!(directive.kind, DirectiveKind::Nothing);
    let is_meant = names_rules || comment[directive.range.end..].trim().is_empty();
    is_meant.then_some(Directive {
        kind: DirectiveKind::Misspelt,
        ..directive
    })
}

fn upstream(text: &str, start: usize, after: usize) -> Option<Directive> {
    let at = skip_blanks(text, after);
    let rest = text[at..].strip_prefix("ok")?;
    (!rest.starts_with(is_word)).then_some(Directive {
        range: start..at + "ok".len(),
        kind: DirectiveKind::Upstream,
    })
}

fn ours(text: &str, start: usize, after: usize) -> Option<Directive> {
    let verb = skip_blanks(text, after);
    let end = text[verb..]
        .find(|c| !is_word(c))
        .map_or(text.len(), |length| verb + length);
    let form = match &text[verb..end] {
        "ignore" => DirectiveKind::Statement,
        "ignore-file" => DirectiveKind::File,
        _ => return None,
    };
    let open = skip_blanks(text, end);
    let list = text[open..]
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'));
    let rules = list.map_or(Vec::new(), |(list, _)| items(list, open + 1));
    Some(match list {
        Some((list, _)) if !rules.is_empty() => Directive {
            range: start..open + list.len() + "[]".len(),
            kind: form(rules),
        },
        _ => Directive {
            range: start..end,
            kind: DirectiveKind::Nothing,
        },
    })
}

/// The ranges of the items of a list that starts at `offset`.
fn items(list: &str, offset: usize) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut start = offset;
    for part in list.split(',') {
        let item = part.trim();
        if !item.is_empty() {
            let at = start + (part.len() - part.trim_start().len());
            items.push(at..at + item.len());
        }
        start += part.len() + ",".len();
    }
    items
}

/// Whether the text ends with a comment marker that stands by itself. A documentation comment
/// (`///`) is prose.
fn follows_marker(before: &str) -> bool {
    let before = before.trim_end();
    let marker = ["//", "/*", "*", "#"]
        .into_iter()
        .find_map(|marker| before.strip_suffix(marker));
    marker.is_some_and(|rest| {
        let rest = rest.trim_end_matches('#');
        rest.is_empty() || rest.ends_with(char::is_whitespace)
    })
}

fn skip_blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches([' ', '\t']).len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The directives of a comment in short: form, rules and extent.
    fn read(comment: &str) -> Vec<(&'static str, Vec<&str>, &str)> {
        directives(comment)
            .into_iter()
            .map(|directive| {
                let (form, rules) = match directive.kind {
                    DirectiveKind::Upstream => ("upstream", Vec::new()),
                    DirectiveKind::Statement(rules) => ("statement", rules),
                    DirectiveKind::File(rules) => ("file", rules),
                    DirectiveKind::Nothing => ("nothing", Vec::new()),
                    DirectiveKind::Misspelt => ("misspelt", Vec::new()),
                };
                let rules = rules.into_iter().map(|rule| &comment[rule]).collect();
                (form, rules, &comment[directive.range])
            })
            .collect()
    }

    #[test]
    fn upstreams_marker() {
        for comment in [
            "# windows-footgun: ok",
            "# windows-footgun: ok — POSIX only",
            "# windows-footgun: ok - POSIX only",
            "#windows-footgun:ok, POSIX only",
            "# Windows-Footgun: OK",
            "# noqa: S603  # windows-footgun: ok",
            "// windows-footgun: ok",
            "/* windows-footgun: ok */",
        ] {
            let read: Vec<_> = read(comment).into_iter().map(|(form, ..)| form).collect();
            assert_eq!(read, ["upstream"], "{comment}");
        }
        assert_eq!(read("# windows-footgun: okay"), []);
        assert_eq!(read("# windows-footgun: check this"), []);
        assert_eq!(
            read("# a windows-footgun: ok — b"),
            [("upstream", vec![], "windows-footgun: ok")]
        );
    }

    #[test]
    fn ours_with_rules() {
        assert_eq!(
            read("# footgun: ignore[pid-probe] é"),
            [("statement", vec!["pid-probe"], "footgun: ignore[pid-probe]")]
        );
        assert_eq!(
            read("//Footgun:ignore [ a ,b,, c-d ]"),
            [(
                "statement",
                vec!["a", "b", "c-d"],
                "Footgun:ignore [ a ,b,, c-d ]"
            )]
        );
        assert_eq!(
            read("/* footgun: ignore-file[a] because */"),
            [("file", vec!["a"], "footgun: ignore-file[a]")]
        );
        assert_eq!(
            read("# footgun: ignore[a] x # footgun: ignore[b] y"),
            [
                ("statement", vec!["a"], "footgun: ignore[a]"),
                ("statement", vec!["b"], "footgun: ignore[b]")
            ]
        );
        assert_eq!(
            read("/*\n * footgun: ignore[a]\n */"),
            [("statement", vec!["a"], "footgun: ignore[a]")]
        );
    }

    #[test]
    fn ours_without_rules() {
        for comment in [
            "# footgun: ignore",
            "## footgun: ignore — why",
            "# footgun: ignore-file",
            "# footgun: ignore[]",
            "# footgun: ignore[ , ]",
            "# footgun: ignore[a",
            "# footgun: ignore pid-probe",
        ] {
            let read: Vec<_> = read(comment).into_iter().map(|(form, ..)| form).collect();
            assert_eq!(read, ["nothing"], "{comment}");
        }
    }

    #[test]
    fn another_key_is_a_mistake() {
        for (comment, extent) in [
            (
                "# footgun-check: ignore[pid-probe] why",
                "footgun-check: ignore[pid-probe]",
            ),
            (
                "// footgun_check:ignore-file[a]",
                "footgun_check:ignore-file[a]",
            ),
            ("# Footguns: ignore[a]", "Footguns: ignore[a]"),
            ("# footgun-check: ignore ", "footgun-check: ignore"),
        ] {
            assert_eq!(read(comment), [("misspelt", vec![], extent)], "{comment}");
        }
    }

    #[test]
    fn prose_is_no_directive() {
        for comment in [
            "# footgun-check: ignore what follows",
            "# see footgun-check: ignore[a]",
            "# footgun-check ignore[a]",
            "# footgun: ignored by the linter",
            "# footgun: this breaks on Windows",
            "# Write `# footgun: ignore[pid-probe]` on the line.",
            "# a footgun: ignore[a]",
            "/// footgun: ignore[a]",
            "# windows footgun: ignore",
        ] {
            assert_eq!(read(comment), [], "{comment}");
        }
    }
}
