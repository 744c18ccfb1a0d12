//! The guide held against the repository: every chapter is in the summary, every link leads somewhere,
//! and every key, option and rule is told of.
//!
//! `UPDATE=1 cargo test --test book` writes the chapters of the rules, and their rows in the summary.

mod common;
#[path = "common/markdown.rs"]
mod markdown;

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use clap::{CommandFactory, Parser};
use footgun_check::args::Args;
use footgun_check::config::{Config, schema};
use footgun_rules::RULES;
use markdown::{anchors, blocks, links, prose};
use serde_json::Value;

/// What stands before the rows of the rules in the summary; nothing stands after them.
const RULES_PART: &str = "# Rules\n\n";

/// The folder of the chapters, from the root of the repository.
const BOOK: &str = "docs/src";

/// A text of the repository, by its path from the root.
fn read(path: &Path) -> String {
    let text = fs::read_to_string(common::root().join(path));
    text.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The Markdown files below a folder, by their paths from the root of the repository.
fn pages(folder: &str) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for path in common::children(&common::root().join(folder)) {
        let path = path
            .strip_prefix(common::root())
            .expect("a path below the root");
        if common::root().join(path).is_dir() {
            pages.extend(self::pages(path.to_str().expect("a name in UTF-8")));
        } else if path.extension() == Some(OsStr::new("md")) {
            pages.push(path.to_owned());
        }
    }
    pages
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                assert!(plain.pop(), "{} leaves the repository", path.display())
            }
            other => plain.push(other),
        }
    }
    plain
}

fn beside(page: &Path, path: &str) -> PathBuf {
    plain(&page.with_file_name("").join(path))
}

/// A page with the files that it includes as mdBook does: whole, or between two `ANCHOR` comments.
fn included(page: &Path) -> String {
    let text = read(page);
    let mut pieces = text.split("{{#include ");
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (what, after) = piece.split_once("}}").expect("the end of an include");
        let (path, anchor) = what
            .split_once(':')
            .map_or((what, None), |(path, anchor)| (path, Some(anchor)));
        let text = read(&beside(page, path));
        whole.push_str(match anchor {
            Some(anchor) => between(&text, anchor).expect("an anchor"),
            None => &text,
        });
        whole.push_str(after);
    }
    whole
}

fn between<'a>(text: &'a str, anchor: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<!-- ANCHOR: {anchor} -->"))?;
    Some(
        rest.split_once(&format!("<!-- ANCHOR_END: {anchor} -->"))?
            .0,
    )
}

/// The chapters that say something of their own: not those that only include a file.
fn guide() -> String {
    let own = pages(BOOK).into_iter().map(|page| read(&page));
    own.collect()
}

#[test]
fn the_summary_lists_every_chapter_once() {
    let summary = Path::new(BOOK).join("SUMMARY.md");
    let mut listed: Vec<PathBuf> = links(&read(&summary))
        .iter()
        .map(|link| beside(&summary, link))
        .collect();
    listed.sort();
    let mut chapters = pages(BOOK);
    chapters.retain(|page| *page != summary);
    chapters.sort();
    assert_eq!(listed, chapters);
}

#[test]
fn the_rules_are_chapters() {
    let summary = Path::new(BOOK).join("SUMMARY.md");
    let text = read(&summary);
    let (before, _) = text.split_once(RULES_PART).expect("the part of the rules");
    let mut wanted = vec![];
    let mut rows = String::new();
    for rule in RULES {
        let page = format!("{}.md", rule.id.replace('-', "_"));
        rows.push_str(&format!("- [{}](rules/{page})\n", rule.id));
        let chapter = format!("{{{{#include ../../../rules/{page}}}}}\n");
        wanted.push((Path::new(BOOK).join("rules").join(page), chapter));
    }
    wanted.push((summary, format!("{before}{RULES_PART}{rows}")));
    for (path, wanted) in wanted {
        let there = common::root().join(&path);
        if env::var_os("UPDATE").is_some() {
            fs::write(&there, &wanted).expect("the chapter can be written");
        }
        let current = fs::read_to_string(there).unwrap_or_default();
        assert_eq!(
            current,
            wanted,
            "{}: UPDATE=1 cargo test --test book",
            path.display()
        );
    }
}

/// Links within the book work in the book, the others in the repository.
#[test]
fn links_lead_somewhere() {
    let in_book: BTreeSet<PathBuf> = pages(BOOK).into_iter().collect();
    let mut all: Vec<PathBuf> = in_book.iter().cloned().collect();
    all.extend(pages("rules"));
    let others = [
        "README.md",
        "CONTRIBUTING.md",
        "runtime/README.md",
        "python/README.md",
    ];
    all.extend(others.map(PathBuf::from));
    let mut broken = Vec::new();
    for page in all {
        for link in links(&included(&page)) {
            if link.contains("://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path {
                "" => page.clone(),
                path => beside(&page, path),
            };
            let is_there = match in_book.contains(&page) {
                true => in_book.contains(&target),
                false => common::root().join(&target).exists(),
            };
            let has_anchor = || {
                anchor.is_empty()
                    || anchors(&included(&target))
                        .iter()
                        .any(|each| each == anchor)
            };
            if !is_there || !has_anchor() {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    common::assert_none(broken);
}

#[test]
fn every_key_is_explained() {
    let chapter = read(&Path::new(BOOK).join("configuration.md"));
    let prose = prose(&chapter);
    let headings = prose
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    let explained: BTreeSet<String> = headings.map(str::to_owned).collect();
    assert_eq!(explained, keys(schema().as_value(), "#", ""));
}

/// The keys of a table of the schema, those of the tables in it after a dot.
fn keys(schema: &Value, table: &str, prefix: &str) -> BTreeSet<String> {
    let table = schema.pointer(&table[1..]).expect("a definition");
    let mut found = BTreeSet::new();
    let Some(properties) = table["properties"].as_object() else {
        return found;
    };
    for (name, property) in properties {
        let inner = property["$ref"].as_str();
        let inner = inner.map(|table| keys(schema, table, &format!("{prefix}{name}.")));
        match inner {
            Some(inner) if !inner.is_empty() => found.extend(inner),
            _ => drop(found.insert(format!("{prefix}{name}"))),
        }
    }
    found
}

#[test]
fn configurations_in_the_guide_are_right() {
    let chapter = read(&Path::new(BOOK).join("configuration.md"));
    let tables = blocks(&chapter)
        .into_iter()
        .filter(|block| block.info == "toml");
    let mut count = 0;
    for block in tables {
        let text = &chapter[block.body];
        if let Err(error) = toml::from_str::<Config>(text) {
            panic!("{error}\n{text}");
        }
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn every_option_is_told_of() {
    let guide = guide();
    let is_told = |option: &str| {
        guide.match_indices(option).any(|(at, _)| {
            let next = guide[at + option.len()..].chars().next();
            !next.is_some_and(|c| c == '-' || c.is_alphanumeric())
        })
    };
    let mut command = Args::command();
    command.build();
    let options = command
        .get_arguments()
        .filter_map(|argument| argument.get_long());
    let missing = options
        .map(|name| format!("--{name}"))
        .filter(|option| !is_told(option));
    common::assert_none(missing.collect());
}

/// Commands stand where they are run; where a build service runs them, their options are right at least.
#[test]
fn commands_are_run_or_read() {
    let mut wrong = Vec::new();
    for page in pages(BOOK) {
        let text = read(&page);
        for block in blocks(&text) {
            if ["sh", "shell", "bash"].contains(&block.language()) {
                wrong.push(format!(
                    "{}: a block of commands is a console",
                    page.display()
                ));
            }
            if !["yaml", "text"].contains(&block.language()) {
                continue;
            }
            let commands = text[block.body].split("footgun-check ").skip(1);
            for rest in commands.filter(|rest| rest.starts_with('-')) {
                let line = rest.lines().next().unwrap_or_default();
                let words = line
                    .split([';', '|', '&', '"', '>'])
                    .next()
                    .unwrap_or_default();
                let words = ["footgun-check"]
                    .into_iter()
                    .chain(words.split_whitespace());
                if let Err(error) = Args::try_parse_from(words) {
                    wrong.push(format!("{}: {line}\n{error}", page.display()));
                }
            }
        }
    }
    common::assert_none(wrong);
}
