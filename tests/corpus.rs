//! The corpus in `fixtures/`: each folder of `fixtures/corpus` is a small project after real life,
//! with `# expect:` comments in the rows where the rules must find something, and silence in all
//! others. `fixtures/demo` is what the README shows, and `fixtures/tour` has a file for each rule beyond.

mod common;

use std::collections::BTreeMap;

use footgun_rules::{Judge, RULES, Rule};

#[test]
fn rules_find_what_is_marked_and_nothing_else() {
    let differences = common::children(&common::root().join("fixtures/corpus"))
        .into_iter()
        .filter_map(|case| {
            let name = case.strip_prefix(common::root()).expect("a case of ours");
            let project = common::project_in(&case);
            assert!(!project.files.is_empty(), "{} is empty", name.display());
            common::difference(&name.display().to_string(), &project, None)
        });
    common::assert_none(differences.collect());
}

#[test]
fn marks_name_rules() {
    for case in common::children(&common::root().join("fixtures/corpus")) {
        for (path, row, rule) in common::expected(&common::project_in(&case)) {
            let known = footgun_rules::rule(&rule).is_some();
            assert!(known, "{}:{row}: {rule}", case.join(path).display());
        }
    }
}

#[test]
fn the_demo_and_the_tour_show_each_rule_once() {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for folder in ["fixtures/demo", "fixtures/tour"] {
        for finding in common::findings(&common::project_in(&common::root().join(folder))) {
            *times.entry(finding.rule).or_default() += 1;
        }
    }
    // The others judge comments, which neither has, or files that are not evaluated.
    let judges_facts = |rule: &&Rule| {
        !matches!(
            rule.judge,
            Judge::Comments | Judge::Names(_) | Judge::Requirements(_)
        )
    };
    let once = RULES.iter().filter(judges_facts);
    assert_eq!(times, once.map(|rule| (rule.id, 1)).collect());
}
