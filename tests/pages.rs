//! The pages of the rules, held against the rules: what a page calls wrong is found, row for row, and
//! what it calls right is not.
//!
//! An example is a fenced block whose info string is a language and a verdict: ```` ```py wrong ````,
//! ```` ```rust right ````. With `file=path` after the verdict it is one file of a project; blocks of
//! one verdict that follow each other with nothing but blank lines between them, all with `file=`,
//! are one project. Other blocks are not read.

mod common;

use std::path::PathBuf;

use footgun_rules::{RULES, Rule};

/// An example of a page: one project.
#[derive(Debug, Default, PartialEq, Eq)]
struct Example {
    /// The row of its first fence.
    row: usize,
    /// Whether it is called right.
    right: bool,
    /// Paths and texts.
    files: Vec<(PathBuf, String)>,
}

/// The info string of an example's fence.
struct Info {
    right: bool,
    path: PathBuf,
    named: bool,
}

fn info(line: &str) -> Option<Info> {
    let mut words = line.strip_prefix("```")?.split_whitespace();
    let default = match words.next()? {
        "py" => "example.py",
        "rust" => "src/main.rs",
        _ => return None,
    };
    let right = match words.next()? {
        "right" => true,
        "wrong" => false,
        _ => return None,
    };
    let path = words.next().and_then(|word| word.strip_prefix("file="));
    Some(Info {
        right,
        path: path.unwrap_or(default).into(),
        named: path.is_some(),
    })
}

/// The examples of a page.
fn examples(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    // Whether the last example takes another file.
    let mut open = false;
    let mut lines = page.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(Info { right, path, named }) = info(line) else {
            open &= line.trim().is_empty();
            continue;
        };
        let body = lines.by_ref().map(|(_, line)| line);
        let text: String = body
            .take_while(|line| *line != "```")
            .flat_map(|line| [line, "\n"])
            .collect();
        match examples.last_mut() {
            Some(last) if open && named && last.right == right => last.files.push((path, text)),
            _ => examples.push(Example {
                row: index + 1,
                right,
                files: vec![(path, text)],
            }),
        }
        open = named;
    }
    examples
}

/// What is amiss with an example, of its own or for what the rules find in it.
fn complaint(rule: &Rule, example: &Example) -> Option<String> {
    let verdict = if example.right { "right" } else { "wrong" };
    let name = format!("{}: the {verdict} example at row {}", rule.id, example.row);
    let project = common::project(example.files.clone());
    let expected = common::expected(&project);
    let own = expected.iter().any(|(_, _, id)| id == rule.id);
    if example.right && !expected.is_empty() {
        return Some(format!("{name} expects a finding\n"));
    }
    if !example.right && !own {
        return Some(format!("{name} expects nothing of its own rule\n"));
    }
    common::difference(&name, &project)
}

#[test]
fn examples_are_as_wrong_and_as_right_as_their_pages_say() {
    let complaints = RULES.iter().flat_map(|rule| {
        examples(rule.page)
            .into_iter()
            .filter_map(|example| complaint(rule, &example))
    });
    common::assert_none(complaints.collect());
}

#[test]
fn every_page_shows_wrong_and_right() {
    for rule in RULES {
        let verdicts: Vec<bool> = examples(rule.page).iter().map(|each| each.right).collect();
        assert!(verdicts.contains(&false), "{} shows nothing wrong", rule.id);
        assert!(verdicts.contains(&true), "{} shows nothing right", rule.id);
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
    let example = |row, right, files: &[(&str, &str)]| Example {
        row,
        right,
        files: files
            .iter()
            .map(|&(path, text)| (path.into(), text.to_owned()))
            .collect(),
    };
    assert_eq!(
        examples(page),
        [
            example(1, false, &[("example.py", "a\n")]),
            example(4, false, &[("x.py", "b\n"), ("y.py", "c\n")]),
            example(12, false, &[("z.py", "d\n")]),
            example(15, true, &[("src/lib.rs", "e\nf\n")]),
        ]
    );
}
