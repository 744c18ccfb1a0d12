//! The pages of the rules, held against the rules and the fixes: what a page calls wrong is found, row
//! for row, what it calls fixed is what fixing makes of that, and what it calls right is not found. How
//! examples are written is told in [`common::page`].
//!
//! A wrong example without a fixed one is one that nothing repairs. `UPDATE=1 cargo test --test pages`
//! writes all fixed examples anew, behind the wrong ones.

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::page::{Example, File, Verdict, examples};
use footgun_analysis::rewrite::Function;
use footgun_analysis::source::Language;
use footgun_check::fix::snapshot::Snapshot;
use footgun_check::fix::{Wish, repair, repairs};
use footgun_check::premises::Premises;
use footgun_check::terminal::progress::Progress;
use footgun_rules::{Applicability, Helper, Judge, RULES, Rule};
use similar::TextDiff;

/// What `--fix` makes, and what `--fix --unsafe-fixes` makes.
const GRADES: [Applicability; 2] = [Applicability::Safe, Applicability::Unsafe];

/// A project that depends on the runtime.
fn runtime(helper: Helper) -> Option<Function> {
    let module = match helper {
        Helper::Replace => "os",
        _ => "footgun_runtime",
    };
    Some(Function {
        module: module.to_owned(),
        name: helper.name().to_owned(),
    })
}

/// What fixes that are at least so applicable make of an example: the files that differ.
fn fixed(example: &Example, least: Applicability) -> Option<Example> {
    let premises = Premises::plain(RULES);
    let start = Snapshot::new(
        common::project(example.texts()).files,
        &premises,
        &Progress::default(),
    );
    let wish = Wish {
        fix: true,
        least,
        ignore: None,
    };
    let repaired = repair(&start, wish, &|_, helper| runtime(helper));
    assert_eq!(repaired.troubles, [], "{}", example.blocks());
    let end = repaired.snapshot?;
    let pairs = example.files.iter().zip(end.files());
    let changed = pairs.filter(|(before, (_, after))| before.text != after.text);
    Some(Example {
        verdict: Verdict::Fixed(least),
        files: changed
            .map(|(before, (_, after))| File {
                text: after.text.clone(),
                ..before.clone()
            })
            .collect(),
        ..example.clone()
    })
}

/// The fixed examples that belong behind a wrong one.
fn all_fixed(wrong: &Example) -> Vec<Example> {
    let wrong = wrong.without_expectations();
    let mut shown: Vec<Example> = Vec::new();
    for fixed in GRADES.into_iter().filter_map(|least| fixed(&wrong, least)) {
        if shown.last().is_none_or(|last| last.files != fixed.files) {
            shown.push(fixed);
        }
    }
    shown
}

/// The page with all its fixed examples in their places.
fn with_fixed(page: &str) -> String {
    let lines: Vec<&str> = page.split_inclusive('\n').collect();
    let mut current = String::new();
    let mut done = 0;
    for example in examples(page) {
        let (before, blocks) = (
            &lines[done..example.rows.start],
            &lines[example.rows.clone()],
        );
        done = example.rows.end;
        match example.verdict {
            Verdict::Fixed(_) => assert_eq!(
                before.concat(),
                "\n",
                "a fixed example is behind a wrong one"
            ),
            verdict => {
                current.push_str(&before.concat());
                current.push_str(&blocks.concat());
                if verdict == Verdict::Wrong {
                    for fixed in all_fixed(&example) {
                        current.push('\n');
                        current.push_str(&fixed.blocks());
                    }
                }
            }
        }
    }
    current.push_str(&lines[done..].concat());
    current
}

/// What is amiss with an example, of its own or for what the rules find in it.
fn complaint(rule: &Rule, example: &Example) -> Option<String> {
    let row = example.rows.start + 1;
    let name = format!("{}: the example at row {row}", rule.id);
    let project = common::project(example.texts());
    let expected = common::expected(&project);
    let own = expected.iter().any(|(_, _, id)| id == rule.id);
    match example.verdict {
        Verdict::Wrong if !own => Some(format!("{name} expects nothing of its own rule\n")),
        Verdict::Fixed(_) | Verdict::Right if !expected.is_empty() => {
            Some(format!("{name} expects a finding\n"))
        }
        _ => common::difference(&name, &project, Some(rule.id)),
    }
}

/// The examples of a page that can be judged by themselves: fixed ones as a whole, and of those of one
/// wrong example only the last, in which everything is repaired.
fn judged(page: &str) -> Vec<Example> {
    let mut judged: Vec<Example> = Vec::new();
    let mut wrong = None;
    for example in examples(page) {
        let Verdict::Fixed(_) = example.verdict else {
            wrong = Some(example.without_expectations());
            judged.push(example);
            continue;
        };
        let whole = wrong
            .as_ref()
            .expect("a wrong example before")
            .with(&example);
        if judged
            .last()
            .is_some_and(|last| matches!(last.verdict, Verdict::Fixed(_)))
        {
            judged.pop();
        }
        judged.push(Example {
            files: whole.files,
            ..example
        });
    }
    judged
}

#[test]
fn examples_are_as_wrong_and_as_right_as_their_pages_say() {
    let complaints = RULES.iter().flat_map(|rule| {
        judged(rule.page)
            .into_iter()
            .filter_map(|example| complaint(rule, &example))
    });
    common::assert_none(complaints.collect());
}

#[test]
fn fixing_wrong_examples_gives_the_fixed_ones() {
    let mut differences = Vec::new();
    for rule in RULES {
        let current = with_fixed(rule.page);
        let name = format!("rules/{}.md", rule.id.replace('-', "_"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(common::root().join(name), &current).expect("the page can be written");
        } else if rule.page != current {
            let diff = TextDiff::from_lines(rule.page, &current);
            let header = format!("{name} after UPDATE=1 cargo test --test pages");
            let diff = diff.unified_diff().header(&name, &header).to_string();
            differences.push(diff);
        }
    }
    common::assert_none(differences);
}

#[test]
fn fixed_and_right_examples_are_not_fixed() {
    for rule in RULES {
        for example in judged(rule.page) {
            let least = match example.verdict {
                Verdict::Wrong => continue,
                Verdict::Fixed(_) | Verdict::Right => Applicability::Unsafe,
            };
            assert_eq!(fixed(&example, least), None, "{}", rule.id);
        }
    }
}

/// Also what only stands in the corpus.
#[test]
fn every_kind_of_fix_is_shown_on_its_page() {
    let premises = Premises::plain(RULES);
    let pages = RULES.iter().flat_map(|rule| judged(rule.page));
    let projects = pages
        .filter(|example| example.verdict == Verdict::Wrong)
        .map(|example| common::project(example.texts()));
    let corpus = common::children(&common::root().join("fixtures/corpus"));
    let corpus = corpus.iter().map(|case| common::project_in(case));
    let mut made: BTreeSet<(&str, &str)> = BTreeSet::new();
    for project in projects.chain(corpus) {
        let snapshot = Snapshot::new(project.files, &premises, &Progress::default());
        let repairs = repairs(&snapshot, &|_, helper| runtime(helper));
        for (finding, repair) in snapshot.checked.findings.iter().zip(repairs) {
            let language = snapshot.project.file(finding.place.file).language;
            if repair.is_some_and(|repair| repair.is_at_least(Applicability::Unsafe)) {
                made.insert((finding.rule, word(language)));
            }
        }
    }
    let mut shown = BTreeSet::new();
    for rule in RULES {
        for example in examples(rule.page) {
            if let Verdict::Fixed(_) = example.verdict {
                shown.extend(
                    example
                        .languages()
                        .map(|language| (rule.id, word(language))),
                );
            }
        }
    }
    assert_eq!(shown, made);
}

fn word(language: Language) -> &'static str {
    match language {
        Language::Python => "Python",
        Language::Rust => "Rust",
    }
}

#[test]
fn every_page_shows_wrong_and_right() {
    // Of those that judge names in a repository no file shows anything, and what is required is shown in
    // files that are not evaluated.
    let shown = |rule: &&Rule| !matches!(rule.judge, Judge::Names(_) | Judge::Requirements(_));
    for rule in RULES.iter().filter(shown) {
        let examples = examples(rule.page);
        for verdict in [Verdict::Wrong, Verdict::Right] {
            let is_shown = examples.iter().any(|each| each.verdict == verdict);
            assert!(is_shown, "{} shows nothing {verdict:?}", rule.id);
        }
    }
}

#[test]
fn fences_become_projects() {
    let page = "\
```py wrong
a
```
```py wrong file=x.py
b
```

```py wrong file=y.py
c
```

```py fixed unsafe file=y.py
C
```
text
```py wrong file=z.py
d
```
```rust right file=src/lib.rs
e
f
```
```text
g
```
";
    let example = |rows, verdict, files: &[(&str, bool, &str)]| Example {
        rows,
        verdict,
        files: files
            .iter()
            .map(|&(path, named, text)| File {
                path: path.into(),
                named,
                text: text.to_owned(),
            })
            .collect(),
    };
    let wrong = example(
        3..10,
        Verdict::Wrong,
        &[("x.py", true, "b\n"), ("y.py", true, "c\n")],
    );
    let fixed = example(
        11..14,
        Verdict::Fixed(Applicability::Unsafe),
        &[("y.py", true, "C\n")],
    );
    assert_eq!(
        wrong.with(&fixed).files,
        [wrong.files[0].clone(), fixed.files[0].clone()]
    );
    let all = [
        example(0..3, Verdict::Wrong, &[("example.py", false, "a\n")]),
        wrong,
        fixed,
        example(15..18, Verdict::Wrong, &[("z.py", true, "d\n")]),
        example(18..22, Verdict::Right, &[("src/lib.rs", true, "e\nf\n")]),
    ];
    assert_eq!(examples(page), all);
    for example in all {
        let rows: Vec<&str> = page.split_inclusive('\n').collect();
        assert_eq!(example.blocks(), rows[example.rows.clone()].concat());
    }
}
