//! The tree held against itself: every rule has its file, its page, its entry and its row.
//!
//! `UPDATE=1 cargo test --test tree` writes the rule table of the README anew.

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::page::{Example, Verdict, examples};
use footgun_rules::{RULES, Severity};

/// What stands around the rule table of the README.
const BEGIN: &str = "<!-- rules -->\n";
const END: &str = "<!-- /rules -->";

/// The sections of a page, in their order.
const SECTIONS: [&str; 5] = ["What breaks", "Wrong", "Right", "Limits", "Evidence"];

/// The section behind "Wrong" where something wrong is fixed.
const FIX: &str = "Fix";

#[test]
fn every_rule_has_a_file_a_page_and_an_entry() {
    let listed: BTreeSet<String> = RULES.iter().map(|rule| rule.id.replace('-', "_")).collect();
    let stems = |extension: &str| -> BTreeSet<String> {
        common::children(&common::root().join("rules"))
            .into_iter()
            .filter(|path| path.extension().is_some_and(|found| found == extension))
            .filter(|path| {
                let text = fs::read_to_string(path).expect("a text");
                extension == "md" || text.contains("pub const RULE: Rule")
            })
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect()
    };
    assert_eq!(stems("rs"), listed);
    assert_eq!(stems("md"), listed);
}

#[test]
fn every_page_has_its_title_and_its_sections() {
    for rule in RULES {
        assert!(
            rule.page.starts_with(&format!("# {}\n", rule.id)),
            "{}",
            rule.id
        );
        let sections: Vec<&str> = rule
            .page
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .collect();
        let mut expected = SECTIONS.to_vec();
        if has_fixed(rule.page) {
            expected.insert(2, FIX);
        }
        assert_eq!(sections, expected, "{}", rule.id);
    }
}

/// Whoever reads the page of a rule that is off by default learns how it runs.
#[test]
fn a_page_says_whether_its_rule_is_off_by_default() {
    for rule in RULES {
        let says = format!("Off by default: `--extend-select {}` runs it", rule.group);
        assert_eq!(rule.page.contains(&says), !rule.by_default, "{}", rule.id);
    }
}

fn has_fixed(page: &str) -> bool {
    let is_fixed = |example: &Example| matches!(example.verdict, Verdict::Fixed(_));
    examples(page).iter().any(is_fixed)
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    for id in ids {
        let kebab = |character: char| character.is_ascii_lowercase() || character == '-';
        assert!(id.chars().all(kebab), "{id}");
    }
}

#[test]
fn the_readme_lists_the_rules() {
    let path = common::root().join("README.md");
    let readme = fs::read_to_string(&path).expect("a README");
    let (before, rest) = readme
        .split_once(BEGIN)
        .expect("the begin of the rule table");
    let (_, after) = rest.split_once(END).expect("the end of the rule table");
    let current = format!("{before}{BEGIN}{}{END}{after}", rule_table());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &current).expect("the README can be written");
    } else {
        assert_eq!(readme, current, "UPDATE=1 cargo test --test tree");
    }
}

fn rule_table() -> String {
    let mut table = String::from("| Rule | Severity | What it finds |\n| --- | --- | --- |\n");
    for rule in RULES {
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let page = rule.id.replace('-', "_");
        let off = match rule.by_default {
            true => "",
            false => " (off by default)",
        };
        let row = format!(
            "| [`{0}`](rules/{page}.md) | {severity} | {1}{off} |\n",
            rule.id, rule.title
        );
        table.push_str(&row);
    }
    table
}
