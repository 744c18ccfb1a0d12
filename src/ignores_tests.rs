//! Ignore comments against findings made by hand.
//!
//! In the texts, `bad()` is a finding of `sample-error` whose statement runs from `stmt` on its line,
//! if there is one, to the end of the call.

use super::*;
use crate::testing::{RULES, finding, project};
use footgun_analysis::project::Project;

/// Every comment of a text, as the front ends find them, for texts without `#` and `//` in strings.
fn comments(text: &str) -> Vec<Comment> {
    let mut comments = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let marker = line.find('#').or_else(|| line.find("//"));
        if let Some(at) = marker {
            let span = Span::new(offset + at, offset + line.trim_end().len());
            let alone = line[..at].trim().is_empty();
            comments.push(Comment { span, alone });
        }
        offset += line.len();
    }
    comments
}

/// A finding for each `bad(…)`.
fn findings(project: &Project) -> Vec<Finding> {
    let text = &project.files[0].text;
    let place = |start, end| Place {
        file: FileId(0),
        span: Span::new(start, end),
    };
    let found = text.match_indices("bad(").map(|(at, _)| {
        let end = at + text[at..].find(')').unwrap() + 1;
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let start = text[line..at].find("stmt").map_or(at, |stmt| line + stmt);
        Finding {
            statement: place(start, end),
            ..finding(place(at, at + 3))
        }
    });
    found.collect()
}

/// The rows of the findings that are kept, and of the comments that silence nothing with the
/// message about each.
fn judged(text: &str, select: &[&str]) -> (Vec<usize>, Vec<(usize, String)>) {
    let project = project(&[("a.py", text)]);
    let texts = Texts::new(&project);
    let select: Vec<String> = select.iter().map(|word| word.to_string()).collect();
    let mut ignores = Ignores::new(&texts);
    ignores.add(FileId(0), &comments(text));
    let row = |finding: &Finding| texts.start(finding.place).row;
    let kept = findings(&project)
        .iter()
        .filter(|finding| ignores.silence(finding).is_empty())
        .map(row)
        .collect();
    let mut unused: Vec<_> = ignores
        .unused(
            &Selections::one(match select.is_empty() {
                true => Selection::all(RULES),
                false => Selection::new(RULES, &select, &[]),
            }),
            &HashSet::new(),
        )
        .into_iter()
        .map(|finding| (row(&finding), finding.message))
        .collect();
    unused.sort();
    (kept, unused)
}

/// The rows of the findings that are kept, where no comment is unused.
fn kept(text: &str) -> Vec<usize> {
    let (kept, unused) = judged(text, &["ALL", "unused-ignore"]);
    assert_eq!(unused, []);
    kept
}

#[test]
fn on_any_line_of_the_statement() {
    assert_eq!(kept("bad()\n"), [1]);
    assert_eq!(kept("bad()  # footgun: ignore[sample-error] why\n"), [0; 0]);
    assert_eq!(kept("bad()  # windows-footgun: ok\nbad()\n"), [2]);
    assert_eq!(
        kept("bad(\n  1,  # windows-footgun: ok — why\n  2,\n)\n"),
        [0; 0]
    );
    assert_eq!(
        kept("bad(\n  # footgun: ignore[sample-error]\n  2,\n)\n"),
        [0; 0]
    );
    assert_eq!(
        kept("bad(\n  2,\n)  # footgun: ignore[sample-error]\n"),
        [0; 0]
    );
}

#[test]
fn ours_in_the_comment_lines_above() {
    assert_eq!(kept("# footgun: ignore[sample-error]\nbad()\nbad()\n"), [3]);
    assert_eq!(
        kept("# footgun: ignore[sample-error]\n# more\n# and more\nbad()\n"),
        [0; 0]
    );
    let silences_nothing = |text| {
        let (kept, unused) = judged(text, &[]);
        assert_eq!(kept.len(), 1, "{text}");
        assert_eq!(unused.len(), 1, "{text}");
    };
    // A blank line between.
    silences_nothing("# footgun: ignore[sample-error]\n\nbad()\n");
    // A comment on another statement.
    silences_nothing("good()  # footgun: ignore[sample-error]\nbad()\n");
    // Below.
    silences_nothing("bad()\n# footgun: ignore[sample-error]\n");
    // Another rule.
    silences_nothing("bad()  # footgun: ignore[sample-note]\n");
}

#[test]
fn upstreams_marker_stands_on_the_statement() {
    assert_eq!(
        judged("# windows-footgun: ok\nbad()\n", &[]),
        (vec![2], vec![])
    );
}

#[test]
fn a_comment_of_several_rows() {
    let text = "/* why\n   footgun: ignore[sample-error] */\n/*\n * footgun: ignore[sample-error]\n */\nbad()\n";
    let project = project(&[("a.rs", text)]);
    let texts = Texts::new(&project);
    let end = |words: &str| text.find(words).unwrap() + words.len();
    let comments = [(0, end("] */")), (end("] */\n"), end("\n */"))].map(|(start, end)| Comment {
        span: Span::new(start, end),
        alone: true,
    });
    let mut ignores = Ignores::new(&texts);
    ignores.add(FileId(0), &comments);
    assert_eq!(ignores.silence(&findings(&project)[0]).len(), 1);
    // In the first comment it does not follow a marker.
    let selections = Selections::one(Selection::all(RULES));
    assert_eq!(ignores.unused(&selections, &HashSet::new()), []);
}

#[test]
fn where_it_points_and_on_its_statement() {
    let text = "stmt = [\n  1,\n  bad(),\n]  # footgun: ignore[sample-error]\n";
    let project = project(&[
        ("a.py", text),
        ("b.py", "x  # footgun: ignore[sample-error]\n"),
    ]);
    let texts = Texts::new(&project);
    let place = |file, words: &str| crate::testing::place(&project, file, words);
    let silenced = |place, statement| {
        let mut ignores = Ignores::new(&texts);
        for file in [FileId(0), FileId(1)] {
            ignores.add(file, &comments(texts.text(file)));
        }
        let statement = Finding {
            statement,
            ..finding(place)
        };
        !ignores.silence(&statement).is_empty()
    };
    let bad = place("a.py", "bad()");
    assert!(!silenced(bad, bad));
    assert!(silenced(bad, place("a.py", "stmt = [\n  1,\n  bad(),\n]")));
    assert!(silenced(bad, place("b.py", "x")));
    assert!(silenced(place("b.py", "x"), bad));
}

#[test]
fn in_the_whole_file() {
    assert_eq!(
        kept(
            "bad()\n\nbad()\n# footgun: ignore-file[sample-error, unused-ignore]\n# footgun: ignore\n"
        ),
        [0; 0]
    );
    assert_eq!(
        judged("# footgun: ignore-file[sample-note]\nbad()\n", &[]).1,
        [(
            1,
            "`sample-note` finds nothing in this file to ignore".to_owned()
        )]
    );
}

#[test]
fn what_silences_nothing_is_reported_if_its_rule_ran() {
    let text = "good()  # footgun: ignore[sample-error]\n";
    let unused = vec![(1, "`sample-error` finds nothing here to ignore".to_owned())];
    assert_eq!(judged(text, &[]).1, unused);
    assert_eq!(judged(text, &["unused-ignore"]).1, []);
    assert_eq!(judged(text, &["sample-error"]).1, []);
    // Of several rules only those that find nothing.
    assert_eq!(
        judged("bad()  # footgun: ignore[sample-error, sample-note]\n", &[]).1,
        [(1, "`sample-note` finds nothing here to ignore".to_owned())]
    );
}

#[test]
fn a_mistake_is_reported_whatever_ran() {
    let text = "# footgun: ignore[sample-eror]\n# footgun: ignore\n";
    assert_eq!(
        judged(text, &["unused-ignore"]).1,
        [
            (
                1,
                "no rule is called `sample-eror`, so this comment silences nothing: did you mean \
             `sample-error`?"
                    .to_owned()
            ),
            (
                2,
                "this comment names no rule, so it silences nothing".to_owned()
            ),
        ]
    );
}

#[test]
fn an_unused_marker_of_upstream_only_by_name() {
    let text = "good()  # windows-footgun: ok\n";
    assert_eq!(judged(text, &[]).1, []);
    assert_eq!(judged(text, &["ALL"]).1, []);
    assert_eq!(
        judged(text, &["ALL", "unused-ignore"]).1,
        [(
            1,
            "no rule finds anything here, so this marker silences nothing".to_owned()
        )]
    );
}

#[test]
fn unused_ignore_can_be_ignored_by_name() {
    assert_eq!(
        judged(
            "good()  # footgun: ignore[sample-error, unused-ignore]\n",
            &[]
        )
        .1,
        []
    );
    assert_eq!(
        judged(
            "good()  # windows-footgun: ok  # footgun: ignore[sample-error]\n",
            &[]
        )
        .1,
        [(1, "`sample-error` finds nothing here to ignore".to_owned())]
    );
    assert_eq!(
        judged("good()  # footgun: ignore[unused-ignore]\n", &[]).1,
        [(1, "`unused-ignore` finds nothing here to ignore".to_owned())]
    );
}

#[test]
fn nothing_is_reported_in_a_file_that_was_not_wholly_read() {
    let text = "good()  # footgun: ignore[sample-error]\n";
    let project = project(&[("a.py", text)]);
    let texts = Texts::new(&project);
    let mut ignores = Ignores::new(&texts);
    ignores.add(FileId(0), &comments(text));
    let unread = HashSet::from([FileId(0)]);
    let selections = Selections::one(Selection::all(RULES));
    assert_eq!(ignores.unused(&selections, &unread), []);
}

#[test]
fn a_tower_of_comments_is_looked_at_once() {
    // With a look at all comments above each of them this would not end.
    const MANY: usize = 100_000;
    let text = "# footgun: ignore[sample-error] why\n".repeat(MANY);
    let project = project(&[("a.py", &text)]);
    let texts = Texts::new(&project);
    let mut ignores = Ignores::new(&texts);
    ignores.add(FileId(0), &comments(&text));
    let premises = crate::premises::Premises::plain(RULES);
    let unused = ignores.unused(&premises.selections, &HashSet::new());
    assert_eq!(unused.len(), MANY);
}
