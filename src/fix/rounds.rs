//! Makes fixes in memory, round by round, and keeps those after which their findings are gone and
//! nothing new is wrong.

use std::collections::HashSet;
use std::ptr;

use footgun_analysis::Problem;
use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{FileId, Place};
use footgun_rules::{Applicability, Finding, unused_ignore};

use super::apply::{Moves, Spots};
use super::repair::Repair;
use super::select::select;
use super::snapshot::Snapshot;

/// What repairs the findings of a snapshot, one by one.
pub type Repairs<'r> = dyn Fn(&Snapshot) -> Vec<Option<Repair>> + Sync + 'r;

/// What came of fixing.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The project with the fixes that hold; `None` where there are none.
    pub snapshot: Option<Snapshot<'a>>,
    /// The rules and places, in that project, whose fixes did not hold and were not made.
    pub given_up: Vec<(&'static str, Place)>,
}

/// Makes the repairs that are at least as applicable as `least`, on the threads of the current pool.
///
/// Each round makes those that do not meet and checks the project again; a fix that does not hold is
/// given up. So a round ends with fewer findings or more of them given up, and the rounds end.
pub fn fix<'a>(start: &Snapshot<'a>, repairs: &Repairs, least: Applicability) -> Outcome<'a> {
    let mut outcome = Outcome {
        snapshot: None,
        given_up: Vec::new(),
    };
    loop {
        let before = outcome.snapshot.as_ref().unwrap_or(start);
        let fixes = fixes(before, repairs, least, &outcome.given_up);
        if fixes.is_empty() {
            return outcome;
        }
        let mut round = Round {
            before,
            made: Vec::new(),
            after: None,
            failed: Vec::new(),
        };
        round.settle(&fixes);
        let edits = edits(&round.made);
        let failed = round
            .failed
            .iter()
            .map(|fix| (fix.finding.rule, fix.finding.place));
        outcome.given_up.extend(failed);
        let moves = Moves::of(&edits);
        for (_, place) in &mut outcome.given_up {
            *place = moves.moved(*place);
        }
        if let Some(after) = round.after {
            outcome.snapshot = Some(after);
        }
    }
}

/// A finding and the edits that repair it.
#[derive(Debug)]
struct Candidate<'f> {
    finding: &'f Finding,
    edits: Vec<Edit>,
}

/// The fixes of the next round.
fn fixes<'f>(
    before: &'f Snapshot,
    repairs: &Repairs,
    least: Applicability,
    given_up: &[(&'static str, Place)],
) -> Vec<Candidate<'f>> {
    let given_up = Spots::of(given_up.iter().copied());
    let is_given_up = |finding: &Finding| given_up.touch(finding.rule, finding.place);
    let (findings, edits): (Vec<&Finding>, Vec<Vec<Edit>>) = before
        .checked
        .findings
        .iter()
        .zip(repairs(before))
        .filter(|(finding, _)| !is_given_up(finding))
        .filter_map(|(finding, repair)| {
            let repair = repair.filter(|repair| repair.is_at_least(least))?;
            Some((finding, repair.edits))
        })
        .unzip();
    let selected = select(&edits);
    let mut edits: Vec<Option<Vec<Edit>>> = edits.into_iter().map(Some).collect();
    selected
        .into_iter()
        .filter_map(|index| {
            Some(Candidate {
                finding: findings[index],
                edits: edits[index].take()?,
            })
        })
        .collect()
}

/// One round: fixes that can be made together.
struct Round<'f, 'a> {
    before: &'f Snapshot<'a>,
    /// The fixes that hold together.
    made: Vec<&'f Candidate<'f>>,
    /// The project with them.
    after: Option<Snapshot<'a>>,
    /// The fixes that do not hold.
    failed: Vec<&'f Candidate<'f>>,
}

impl<'f> Round<'f, '_> {
    /// Makes those of `fixes` that hold, besides those already made: where not all do, each half is
    /// looked at by itself.
    fn settle(&mut self, fixes: &'f [Candidate<'f>]) {
        let together: Vec<&Candidate> = self.made.iter().copied().chain(fixes).collect();
        let edits = edits(&together);
        let after = self.before.edited(&edits);
        if holds(self.before, &together, &edits, &after) {
            self.made = together;
            self.after = Some(after);
        } else if let [fix] = fixes {
            self.failed.push(fix);
        } else {
            let (first, second) = fixes.split_at(fixes.len() / 2);
            self.settle(first);
            self.settle(second);
        }
    }
}

/// The edits of fixes that can be made together, in the order of their places.
fn edits(fixes: &[&Candidate]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = fixes.iter().flat_map(|fix| fix.edits.clone()).collect();
    edits.sort();
    edits.dedup();
    edits
}

/// Whether `edits` did what the fixes are meant to: nothing is wrong that was not wrong before, and
/// what was to be repaired is gone.
fn holds(before: &Snapshot, fixes: &[&Candidate], edits: &[Edit], after: &Snapshot) -> bool {
    let moves = Moves::of(edits);
    let fixed: HashSet<*const Finding> =
        fixes.iter().map(|fix| ptr::from_ref(fix.finding)).collect();
    let (fixed, kept): (Vec<&Finding>, Vec<&Finding>) = before
        .checked
        .findings
        .iter()
        .partition(|finding| fixed.contains(&ptr::from_ref(*finding)));
    let spots = |findings: Vec<&Finding>| {
        let findings = findings.into_iter();
        Spots::of(findings.map(|finding| (finding.rule, moves.moved(finding.place))))
    };
    let (fixed, kept) = (spots(fixed), spots(kept));
    let is_expected = |finding: &Finding| {
        // A comment silences nothing any more where what it silenced is repaired.
        let is_idle_comment = finding.rule == unused_ignore::RULE.id;
        kept.touch(finding.rule, finding.place)
            || (is_idle_comment && !fixed.touch(finding.rule, finding.place))
    };
    let mut files: Vec<FileId> = edits.iter().map(|edit| edit.place.file).collect();
    files.dedup();
    after.checked.findings.iter().all(is_expected)
        && files
            .iter()
            .all(|file| parses(before, &moves, after, *file))
        && is_subset(&after.checked.crashed, &before.checked.crashed)
}

/// Whether nothing in a file fails to parse that did parse before. A file in which nothing is looked
/// for any more is parsed all the same.
fn parses(before: &Snapshot, moves: &Moves, after: &Snapshot, file: FileId) -> bool {
    let place = |problem: &Problem| Place {
        file,
        span: problem.span,
    };
    let broken: Vec<Place> = before
        .project
        .problems(file)
        .iter()
        .map(|problem| moves.moved(place(problem)))
        .collect();
    let mut problems = after.project.problems(file).iter().map(place);
    let is_old = |place: Place| {
        let at = broken.partition_point(|old| old.span.end < place.span.end);
        broken
            .get(at)
            .is_some_and(|old| old.span.contains(place.span))
    };
    problems.all(is_old)
}

fn is_subset(some: &[FileId], all: &[FileId]) -> bool {
    some.iter().all(|file| all.contains(file))
}

#[cfg(test)]
#[path = "rounds_tests.rs"]
mod tests;
