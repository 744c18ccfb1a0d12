//! The lines at the end: how much was checked, what was found, and what can be done.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use footgun_analysis::rewrite::Refusal;
use footgun_rules::{Applicability, Finding, rule};

use crate::check::Checked;
use crate::fix::repair::NO_RUNTIME;
use crate::fix::runtime::NOT_WANTED;
use crate::fix::{Counts, Wish};
use crate::report::Entry;
use crate::report::record::Record;
use crate::repository::RepositoryFindings;
use crate::trouble::{Trouble, TroubleKind};

/// The counts of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were read and checked, as far as they parse.
    pub scanned: usize,
    /// Stubs, what could not be read, and what is neither Python nor Rust, as some notebooks are.
    pub skipped: usize,
    /// Files that are not text, or that do not parse in whole or in part.
    pub unparsable: usize,
    /// How many findings there are of each rule.
    pub findings: BTreeMap<&'static str, usize>,
    /// How many findings are gone.
    pub repairs: Counts,
    /// Whether they are gone only in a diff.
    pub is_diff: bool,
    /// How many findings are in a baseline.
    pub known: usize,
    /// How many findings `--fix` repairs, as it was or would be called.
    pub fixable: usize,
    /// How many more it repairs with `--unsafe-fixes`.
    pub hidden: usize,
    /// How many it never repairs, by what stands in the way; `None` where no repair is known.
    pub by_hand: BTreeMap<Option<Refusal>, usize>,
    /// Whether it was asked to repair, so that what is left wants an explanation.
    pub is_fix: bool,
}

impl Summary {
    /// Counts what became of `scanned` files, of those `passed_over` without a word, and of the paths
    /// that gave trouble.
    pub fn new(
        scanned: usize,
        passed_over: usize,
        troubles: &[Trouble],
        checked: &Checked,
    ) -> Summary {
        let troubles_of = |wanted: &[TroubleKind]| {
            let kinds = troubles.iter().map(|trouble| trouble.kind);
            kinds.filter(|kind| wanted.contains(kind)).count()
        };
        let unparsed: BTreeSet<_> = checked.problems.iter().map(|(file, _)| file).collect();
        Summary {
            scanned,
            skipped: passed_over + troubles_of(&[TroubleKind::Unreadable, TroubleKind::Foreign]),
            unparsable: unparsed.len() + troubles_of(&[TroubleKind::Undecodable]),
            findings: by_rule(&checked.findings),
            ..Summary::default()
        }
    }

    /// Counts what was repaired, or would be according to a diff.
    pub fn with_repairs(self, repairs: Counts, is_diff: bool) -> Summary {
        Summary {
            repairs,
            is_diff,
            ..self
        }
    }

    /// Counts what is known and not reported.
    pub fn with_known(self, known: usize) -> Summary {
        Summary { known, ..self }
    }

    /// Counts what is found in the repository.
    pub fn with_repository(mut self, in_repository: &RepositoryFindings) -> Summary {
        for rule in in_repository
            .records()
            .filter_map(|record| rule(&record.rule))
        {
            *self.findings.entry(rule.id).or_default() += 1;
            *self.by_hand.entry(None).or_default() += 1;
        }
        self
    }

    /// Counts what can be repaired, as `--fix` was or would be called, and what cannot.
    pub fn with_fixable(self, entries: &[Entry], wish: Wish) -> Summary {
        let at_least = |least| {
            let repairs = entries.iter().filter_map(|entry| entry.repair.as_ref());
            repairs.filter(|repair| repair.is_at_least(least)).count()
        };
        let fixable = at_least(wish.least);
        let mut by_hand = self.by_hand.clone();
        for Entry { repair, .. } in entries {
            let repair = repair.as_ref();
            if !repair.is_some_and(|repair| repair.is_at_least(Applicability::Unsafe)) {
                let obstacle = repair.and_then(|repair| repair.obstacle);
                *by_hand.entry(obstacle).or_default() += 1;
            }
        }
        Summary {
            fixable,
            hidden: at_least(Applicability::Unsafe) - fixable,
            by_hand,
            is_fix: wish.fix,
            ..self
        }
    }

    /// The words on what is known.
    fn known_ones(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.known {
            0 => Ok(()),
            known => write!(f, "; {known} more in the baseline"),
        }
    }

    /// The line on what can be repaired, as ruff words it, and what is left to people; after a repair
    /// with the reasons, one a line.
    fn offer(&self) -> Option<String> {
        let (fixable, hidden) = (self.fixable, self.hidden);
        let by_hand: usize = self.by_hand.values().sum();
        let mut parts = Vec::new();
        if fixable > 0 {
            parts.push(format!("[*] {fixable} fixable with `--fix`"));
        }
        match hidden {
            0 => {}
            _ if fixable == 0 && !self.is_fix => {
                parts.push(format!("{hidden} fixable with `--fix --unsafe-fixes`"));
            }
            _ => parts.push(format!("{hidden} more with `--unsafe-fixes`")),
        }
        if by_hand > 0 && (self.is_fix || !parts.is_empty()) {
            parts.push(format!("{by_hand} by hand"));
        }
        if parts.is_empty() {
            return None;
        }
        let mut offer = parts.join(", ");
        if self.is_fix {
            for (obstacle, count) in &self.by_hand {
                offer += &format!("\n    {count} {}", because(*obstacle));
            }
        }
        Some(offer)
    }
}

/// Why findings are left to people, and what would help.
fn because(obstacle: Option<Refusal>) -> String {
    match obstacle {
        None => "without a fix".to_owned(),
        Some(missing @ (NO_RUNTIME | NOT_WANTED)) => format!(
            "because {missing}: `footgun-check --vendor-runtime python PATH` or `cargo add \
             footgun-runtime` helps"
        ),
        Some(obstacle) => format!("because {obstacle}"),
    }
}

fn by_rule(findings: &[Finding]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule).or_default() += 1;
    }
    counts
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} file{} scanned, {} skipped, {} unparsable; ",
            self.scanned,
            plural(self.scanned),
            self.skipped,
            self.unparsable
        )?;
        let remaining: usize = self.findings.values().sum();
        let Counts { fixed, ignored } = self.repairs;
        let total = remaining + fixed + ignored;
        if total == 0 {
            f.write_str("no findings")?;
            return self.known_ones(f);
        }
        write!(f, "{total} finding{}", plural(total))?;
        let (was, remain) = match self.is_diff {
            true => ("would be fixed", "would remain"),
            false => ("fixed", "remaining"),
        };
        if fixed > 0 {
            write!(f, ", {fixed} {was}")?;
        }
        if ignored > 0 {
            write!(f, ", {ignored} ignored from now on")?;
        }
        if remaining < total {
            write!(f, ", {remaining} {remain}")?;
        }
        write_counts(&self.findings, f)?;
        self.known_ones(f)?;
        if let Some(offer) = self.offer() {
            write!(f, "\n{offer}")?;
        }
        Ok(())
    }
}

/// The counts of a merge.
#[derive(Debug, PartialEq, Eq)]
pub struct Merged<'r> {
    reports: usize,
    findings: BTreeMap<&'r str, usize>,
}

impl<'r> Merged<'r> {
    /// Counts what `reports` reports hold together.
    pub fn new(reports: usize, records: &'r [Record]) -> Merged<'r> {
        let mut findings = BTreeMap::new();
        for record in records {
            *findings.entry(record.rule.as_str()).or_default() += 1;
        }
        Merged { reports, findings }
    }
}

impl fmt::Display for Merged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} report{} merged; ",
            self.reports,
            plural(self.reports)
        )?;
        let total: usize = self.findings.values().sum();
        if total == 0 {
            return f.write_str("no findings");
        }
        write!(f, "{total} finding{}", plural(total))?;
        write_counts(&self.findings, f)
    }
}

/// Writes how many findings there are of each rule, if there are any.
fn write_counts(findings: &BTreeMap<&str, usize>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, (rule, count)) in findings.iter().enumerate() {
        let before = if index == 0 { ": " } else { ", " };
        write!(f, "{before}{count} {rule}")?;
    }
    Ok(())
}

/// The ending of a noun after a number.
pub(crate) fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{finding, place, project};
    use footgun_analysis::Problem;
    use footgun_analysis::source::FileId;

    #[test]
    fn counts_files_and_findings() {
        let project = project(&[("a.py", "bad bad")]);
        let bad = finding(place(&project, "a.py", "bad"));
        let note = Finding {
            rule: "sample-note",
            ..bad.clone()
        };
        let problem = Problem {
            message: String::new(),
            span: bad.place.span,
            partial: true,
        };
        let trouble = |kind| Trouble {
            path: "x".into(),
            kind,
            reason: String::new(),
        };
        let checked = Checked {
            findings: vec![bad.clone(), bad, note],
            problems: vec![(FileId(0), problem.clone()), (FileId(0), problem)],
            ..Checked::default()
        };
        let troubles = [
            trouble(TroubleKind::Missing),
            trouble(TroubleKind::Unreadable),
            trouble(TroubleKind::Undecodable),
            trouble(TroubleKind::Foreign),
        ];
        assert_eq!(
            Summary::new(1, 2, &troubles, &checked).to_string(),
            "1 file scanned, 4 skipped, 2 unparsable; 3 findings: 2 sample-error, 1 sample-note"
        );
        assert_eq!(
            Summary::default().to_string(),
            "0 files scanned, 0 skipped, 0 unparsable; no findings"
        );
    }

    #[test]
    fn counts_repairs() {
        let bare_shim = Summary {
            scanned: 2,
            findings: BTreeMap::from([("bare-shim", 3)]),
            repairs: Counts {
                fixed: 2,
                ignored: 0,
            },
            fixable: 1,
            hidden: 2,
            ..Summary::default()
        };
        assert_eq!(
            bare_shim.to_string(),
            "2 files scanned, 0 skipped, 0 unparsable; 5 findings, 2 fixed, 3 remaining: 3 bare-shim\n\
             [*] 1 fixable with `--fix`, 2 more with `--unsafe-fixes`"
        );
        let diff = Summary {
            is_diff: true,
            ..bare_shim
        };
        assert_eq!(
            diff.to_string(),
            "2 files scanned, 0 skipped, 0 unparsable; 5 findings, 2 would be fixed, 3 would \
             remain: 3 bare-shim\n[*] 1 fixable with `--fix`, 2 more with `--unsafe-fixes`"
        );
        let ignored = Summary {
            repairs: Counts {
                fixed: 0,
                ignored: 1,
            },
            ..Summary::default()
        };
        assert_eq!(
            ignored.to_string(),
            "0 files scanned, 0 skipped, 0 unparsable; 1 finding, 1 ignored from now on, 0 remaining"
        );
    }

    #[test]
    fn offers_what_can_be_done() {
        let offer = |fixable, hidden, by_hand: &[(Option<Refusal>, usize)], is_fix| {
            Summary {
                fixable,
                hidden,
                by_hand: by_hand.iter().copied().collect(),
                is_fix,
                ..Summary::default()
            }
            .offer()
        };
        let some = |text: &str| Some(text.to_owned());
        let generated = (Some("the file is generated"), 1);
        assert_eq!(offer(0, 0, &[], false), None);
        assert_eq!(offer(0, 0, &[(None, 3)], false), None);
        assert_eq!(offer(2, 0, &[], false), some("[*] 2 fixable with `--fix`"));
        assert_eq!(
            offer(0, 2, &[generated, (None, 1)], false),
            some("2 fixable with `--fix --unsafe-fixes`, 2 by hand")
        );
        assert_eq!(offer(0, 0, &[], true), None);
        assert_eq!(
            offer(0, 7, &[generated, (None, 1)], true),
            some(
                "7 more with `--unsafe-fixes`, 2 by hand\n    1 without a fix\n    1 because the \
                 file is generated"
            )
        );
        let left = offer(0, 0, &[(Some(NO_RUNTIME), 2)], true).unwrap();
        assert!(left.starts_with("2 by hand\n    2 because the project neither"));
        assert!(left.contains("--vendor-runtime python PATH"));
    }
}
