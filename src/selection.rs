//! Which rules run, and in which files: ids, groups and `ALL`, selected and ignored.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use footgun_rules::{Finding, Rule, Severity, unused_ignore};

/// The word that stands for every rule.
const ALL: &str = "ALL";

/// The rules that run in a file.
#[derive(Clone, Debug)]
pub struct Selection {
    known: &'static [Rule],
    rules: Vec<&'static Rule>,
    named: Vec<String>,
    severities: BTreeMap<String, Severity>,
}

impl Selection {
    /// Of the rules in `known`, those that `select` names, without those that `ignore` names.
    pub fn new(known: &'static [Rule], select: &[String], ignore: &[String]) -> Selection {
        Selection::of(known, false, select, ignore)
    }

    /// Of the rules in `known`, those that run by default and those that `more` names, without those that
    /// `ignore` names.
    pub fn usual(known: &'static [Rule], more: &[String], ignore: &[String]) -> Selection {
        Selection::of(known, true, more, ignore)
    }

    fn of(
        known: &'static [Rule],
        with_usual: bool,
        select: &[String],
        ignore: &[String],
    ) -> Selection {
        let is_named = |rule: &Rule, by: &[String]| by.iter().any(|word| names(word, rule));
        let rules = known
            .iter()
            .filter(|rule| with_usual && rule.by_default || is_named(rule, select))
            .filter(|rule| !is_named(rule, ignore))
            .collect();
        Selection {
            known,
            rules,
            named: select.to_vec(),
            severities: BTreeMap::new(),
        }
    }

    /// The same with other severities, by the words that stand for rules, and without the rules that are
    /// less severe than `least`.
    pub fn graded(
        mut self,
        severities: BTreeMap<String, Severity>,
        least: Option<Severity>,
    ) -> Selection {
        self.severities = severities;
        let mut rules = std::mem::take(&mut self.rules);
        rules.retain(|rule| least.is_none_or(|least| least <= self.severity(rule)));
        Selection { rules, ..self }
    }

    /// How bad the findings of a rule are.
    pub fn severity(&self, rule: &Rule) -> Severity {
        let words = [rule.id, rule.group, ALL].into_iter();
        let mut configured = words.filter_map(|word| self.severities.get(word));
        configured.next().copied().unwrap_or(rule.severity)
    }

    /// Gives a finding of a known rule its severity.
    pub fn grade(&self, finding: &mut Finding) {
        if let Some(rule) = self.known(finding.rule) {
            finding.severity = self.severity(rule);
        }
    }

    /// All of the rules in `known`.
    pub fn all(known: &'static [Rule]) -> Selection {
        Selection::new(known, &[ALL.to_owned()], &[])
    }

    /// None of the rules in `known`.
    pub fn none(known: &'static [Rule]) -> Selection {
        Selection::new(known, &[], &[])
    }

    /// Whether it is the same selection of the same rules.
    fn is(&self, other: &Selection) -> bool {
        let ids = |selection: &Selection| selection.rules().map(|rule| rule.id).collect::<Vec<_>>();
        self.named == other.named && self.severities == other.severities && ids(self) == ids(other)
    }

    /// The rules that run, in their own order.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        self.rules.iter().copied()
    }

    /// The rules whose findings decide which ignore comments are used: those that run, or all of
    /// them where unused ones that name no rule are asked for.
    pub fn judging(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        let all = self.by_name(unused_ignore::RULE.id);
        self.known
            .iter()
            .filter(move |rule| all || self.runs(rule.id))
    }

    /// The rule with this id, whether it runs or not.
    pub fn known(&self, id: &str) -> Option<&'static Rule> {
        self.known.iter().find(|rule| rule.id == id)
    }

    /// Whether the rule with this id runs.
    pub fn runs(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| rule.id == id)
    }

    /// Whether the rule with this id runs because it was selected by its own id.
    pub fn by_name(&self, id: &str) -> bool {
        self.runs(id) && self.named.iter().any(|word| word == id)
    }

    /// The id that a misspelt one was probably meant to be.
    pub fn similar(&self, id: &str) -> Option<&'static str> {
        similar(self.known, id)
    }
}

/// The rules that run in the files of a project.
#[derive(Debug)]
pub struct Selections {
    /// Those of different files, the usual one first.
    all: Vec<Selection>,
    by_path: HashMap<PathBuf, usize>,
}

impl Selections {
    /// The same rules in all files, unless something else is added.
    pub fn one(selection: Selection) -> Selections {
        Selections {
            all: vec![selection],
            by_path: HashMap::new(),
        }
    }

    /// Other rules in a file.
    pub fn add(&mut self, path: &Path, selection: Selection) {
        let known = self.all.iter().position(|other| other.is(&selection));
        let index = known.unwrap_or_else(|| {
            self.all.push(selection);
            self.all.len() - 1
        });
        self.by_path.insert(path.to_owned(), index);
    }

    /// The rules that run in a file.
    pub fn of(&self, path: &Path) -> &Selection {
        &self.all[self.by_path.get(path).copied().unwrap_or(0)]
    }

    /// Whether the rule with this id runs in any file.
    pub fn run(&self, id: &str) -> bool {
        self.all.iter().any(|selection| selection.runs(id))
    }

    /// Every rule, whether it runs or not.
    pub fn known(&self) -> &'static [Rule] {
        self.all[0].known
    }

    /// The rules that judge any file, in their own order: what one file does may be found in another.
    pub fn judging(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        let known = self.all[0].known.iter();
        known.filter(|rule| {
            let mut all = self.all.iter().flat_map(Selection::judging);
            all.any(|judging| judging.id == rule.id)
        })
    }
}

/// The id that a misspelt one was probably meant to be.
pub fn similar(known: &[Rule], id: &str) -> Option<&'static str> {
    // As another language would write it.
    let kebab = id.to_ascii_lowercase().replace('_', "-");
    if let Some(rule) = known.iter().find(|rule| rule.id == kebab) {
        return Some(rule.id);
    }
    closest(id, known.iter().map(|rule| rule.id))
}

/// The name that a misspelt one was probably meant to be, by the measure and the bar that clap uses for
/// options.
pub fn closest<'n>(misspelt: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names
        .map(|name| (strsim::jaro(misspelt, name), name))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// Whether a word of `--select` or `--ignore` names `rule`.
fn names(word: &str, rule: &Rule) -> bool {
    word == ALL || word == rule.id || word == rule.group
}

/// Every word that `--select` and `--ignore` know: ids, then groups, then `ALL`.
pub fn words(known: &'static [Rule]) -> Vec<&'static str> {
    let mut words: Vec<&str> = known.iter().map(|rule| rule.id).collect();
    for rule in known {
        if !words.contains(&rule.group) {
            words.push(rule.group);
        }
    }
    words.push(ALL);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::RULES;

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| word.to_string()).collect()
    }

    fn ids(selection: &Selection) -> Vec<&'static str> {
        selection.rules().map(|rule| rule.id).collect()
    }

    fn selected(select: &[&str], ignore: &[&str]) -> Vec<&'static str> {
        ids(&Selection::new(RULES, &owned(select), &owned(ignore)))
    }

    #[test]
    fn ids_groups_and_all() {
        let all = [
            "sample-error",
            "sample-note",
            "sample-on-request",
            "unused-ignore",
        ];
        assert_eq!(selected(&["ALL"], &[]), all);
        assert_eq!(selected(&[], &[]), [""; 0]);
        assert_eq!(selected(&["samples"], &[]), all[..2]);
        assert_eq!(
            selected(&["unused-ignore", "sample-on-request"], &[]),
            all[2..]
        );
        assert_eq!(selected(&["ALL"], &["samples"]), all[2..]);
        assert_eq!(selected(&["samples"], &["sample-error"]), all[1..2]);
        assert_eq!(selected(&["ALL"], &["ALL"]), [""; 0]);
    }

    #[test]
    fn what_is_off_by_default_runs_where_it_is_named() {
        let usual = |more: &[&str], ignore: &[&str]| {
            ids(&Selection::usual(RULES, &owned(more), &owned(ignore)))
        };
        let default = ["sample-error", "sample-note", "unused-ignore"];
        let all = selected(&["ALL"], &[]);
        assert_eq!(usual(&[], &[]), default);
        for more in ["sample-on-request", "requested", "ALL"] {
            assert_eq!(usual(&[more], &[]), all, "{more}");
            assert_eq!(usual(&[more], &["requested"]), default, "{more}");
        }
        assert_eq!(usual(&[], &["samples"]), default[2..]);
        assert!(!Selection::usual(RULES, &[], &[]).by_name("unused-ignore"));
    }

    #[test]
    fn by_name_is_neither_all_nor_a_group() {
        let by_name = |select: &[&str]| {
            let select: Vec<String> = select.iter().map(|word| word.to_string()).collect();
            Selection::new(RULES, &select, &[]).by_name("unused-ignore")
        };
        assert!(by_name(&["ALL", "unused-ignore"]));
        assert!(!by_name(&["ALL"]));
        assert!(!by_name(&["comments"]));
        assert!(!by_name(&[]));
    }

    #[test]
    fn suggests_what_is_close() {
        let selection = Selection::all(RULES);
        assert_eq!(selection.similar("sample-eror"), Some("sample-error"));
        assert_eq!(selection.similar("Sample_Note"), Some("sample-note"));
        assert_eq!(selection.similar("xyz"), None);
    }

    #[test]
    fn every_word_once() {
        assert_eq!(
            words(RULES),
            [
                "sample-error",
                "sample-note",
                "sample-on-request",
                "unused-ignore",
                "samples",
                "requested",
                "comments",
                "ALL"
            ]
        );
    }
}
