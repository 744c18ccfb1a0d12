//! What the fix of a finding comes to in the texts: edits, or a suggestion.

use std::collections::{BTreeMap, HashMap};

use footgun_analysis::Session;
use footgun_analysis::explain;
use footgun_analysis::project::Project;
use footgun_analysis::rewrite::{self, Change, Edit, Function, Refusal};
use footgun_analysis::source::FileId;
use footgun_rules::{Applicability, Finding, Fix, Helper};
use rayon::prelude::*;

use crate::check::guarded;

/// The function that code of a file calls for a helper; `None` where its project has no runtime.
pub type Runtime<'a> = dyn Fn(FileId, Helper) -> Option<Function> + Sync + 'a;

/// The obstacle where a mistake of ours keeps a repair from being made.
pub const FAILED: Refusal = "making it failed, which is a bug in footgun-check";

/// The obstacle where there is nothing that the repaired code could call.
pub const NO_RUNTIME: Refusal =
    "the project neither depends on footgun-runtime nor has a copy of it";

/// What repairs a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Who may make the edits.
    pub applicability: Applicability,
    /// What is done, in a few words.
    pub message: String,
    /// The edits, made together or not at all, in the order of their places, without overlaps.
    pub edits: Vec<Edit>,
    /// Why there are no edits, in a clause.
    pub obstacle: Option<Refusal>,
}

/// The repairs of findings, one by one, on the threads of the current pool. Each file is parsed once
/// for all of them; a panic costs one repair.
pub fn repairs(session: &Session, findings: &[Finding], runtime: &Runtime) -> Vec<Option<Repair>> {
    let plans: Vec<Option<Option<Plan>>> = findings
        .par_iter()
        .map(|finding| guarded(|| Plan::of(finding, runtime)))
        .collect();
    let made = rewritten(session.project(), &plans);
    let repair = |index: usize| {
        let finding = &findings[index];
        let of_plan = |plan: &Plan| Repair::of(session, plan, plan.edits(index, &made));
        match &plans[index] {
            Some(None) => None,
            Some(Some(plan)) => guarded(|| of_plan(plan)).or_else(|| Repair::failed(finding)),
            None => Repair::failed(finding),
        }
    };
    (0..findings.len()).into_par_iter().map(repair).collect()
}

/// What makes each change of the plans, by the numbers of the finding and the change.
type Made = HashMap<(usize, usize), Result<Vec<Edit>, Refusal>>;

fn rewritten(project: &Project, plans: &[Option<Option<Plan>>]) -> Made {
    type Wanted<'p> = Vec<((usize, usize), &'p Change<Function>)>;
    let mut by_file: BTreeMap<FileId, Wanted> = BTreeMap::new();
    for (finding, plan) in plans.iter().enumerate() {
        let changes = plan.as_ref().and_then(Option::as_ref);
        let changes = changes.and_then(|plan| plan.changes.as_ref().ok());
        for (number, change) in changes.into_iter().flatten().enumerate() {
            let wanted = by_file.entry(change.place().file).or_default();
            wanted.push(((finding, number), change));
        }
    }
    let in_file = |(file, wanted): (FileId, Wanted)| -> Vec<_> {
        let all = guarded(|| {
            rewrite::in_file(project, file, |rewriter| -> Vec<_> {
                let made = |change| guarded(|| rewriter.edits(change)).unwrap_or(Err(FAILED));
                let changes = wanted.iter();
                changes.map(|(key, change)| (*key, made(*change))).collect()
            })
        });
        let refused = |refusal| wanted.iter().map(|(key, _)| (*key, Err(refusal))).collect();
        all.unwrap_or(Err(FAILED)).unwrap_or_else(refused)
    };
    by_file.into_par_iter().flat_map_iter(in_file).collect()
}

/// What is to be done about a finding.
struct Plan<'f> {
    fix: &'f Fix,
    /// The changes with the functions that they call, if there are such.
    changes: Result<Vec<Change<Function>>, Refusal>,
}

impl<'f> Plan<'f> {
    fn of(finding: &'f Finding, runtime: &Runtime) -> Option<Plan<'f>> {
        let fix = finding.fix.as_ref()?;
        let fix = possible(fix, runtime).unwrap_or(fix);
        let changes = fix.changes.iter().map(|change| {
            let file = change.place().file;
            change.try_map(|&helper| runtime(file, helper))
        });
        let changes: Option<Vec<_>> = changes.collect();
        let changes = changes.ok_or(match fix.changes.iter().any(is_of_tokio) {
            true => "the project does not depend on footgun-runtime with its feature `tokio`",
            false => NO_RUNTIME,
        });
        Some(Plan { fix, changes })
    }

    /// The edits of the plan for a finding, in the order of their places, without overlaps.
    fn edits(&self, finding: usize, made: &Made) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        for number in 0..self.changes.as_ref().map_err(|refusal| *refusal)?.len() {
            edits.extend(made[&(finding, number)].clone()?);
        }
        edits.sort();
        edits.dedup();
        let overlap = |pair: &[Edit]| {
            let (one, next) = (pair[0].place, pair[1].place);
            one.file == next.file && next.span.start < one.span.end
        };
        match edits.windows(2).any(overlap) {
            true => Err("its changes overlap"),
            false => Ok(edits),
        }
    }
}

impl Repair {
    /// What a plan with these edits comes to. Where they cannot be made, it is a suggestion without
    /// edits.
    fn of(session: &Session, plan: &Plan, edits: Result<Vec<Edit>, Refusal>) -> Repair {
        let message = plan.fix.message.to_owned();
        match edits {
            Ok(edits) if !edits.is_empty() => Repair {
                applicability: applicability(session, plan.fix),
                message,
                edits,
                obstacle: None,
            },
            edits => Repair {
                applicability: Applicability::Display,
                message,
                edits: Vec::new(),
                obstacle: edits.err(),
            },
        }
    }

    /// What remains of the fix of `finding` where making it failed.
    fn failed(finding: &Finding) -> Option<Repair> {
        let fix = finding.fix.as_ref()?;
        Some(Repair {
            applicability: Applicability::Display,
            message: fix.message.to_owned(),
            edits: Vec::new(),
            obstacle: Some(FAILED),
        })
    }

    /// Whether it may be made where everything from `least` on is wanted.
    pub fn is_at_least(&self, least: Applicability) -> bool {
        is_made(self.applicability, least)
    }
}

/// Whether a fix may be made where everything from `least` on is wanted.
pub fn is_made(applicability: Applicability, least: Applicability) -> bool {
    applicability >= least && applicability != Applicability::Display
}

/// The first of a fix and what is done otherwise for which there are functions.
fn possible<'f>(fix: &'f Fix, runtime: &Runtime) -> Option<&'f Fix> {
    let mut ways = std::iter::successors(Some(fix), |fix| fix.otherwise.as_deref());
    let has_function = |change: &Change<Helper>| {
        let file = change.place().file;
        change.try_map(|&helper| runtime(file, helper)).is_some()
    };
    ways.find(|fix| fix.changes.iter().all(has_function))
}

/// How safe the fix is where it is made.
fn applicability(session: &Session, fix: &Fix) -> Applicability {
    let is_for_windows_only =
        |change: &Change<Helper>| explain::is_for_windows_only(session, change.place());
    match fix.windows_only && !fix.changes.iter().all(is_for_windows_only) {
        true => fix.applicability.min(Applicability::Unsafe),
        false => fix.applicability,
    }
}

fn is_of_tokio(change: &Change<Helper>) -> bool {
    let helper = change.try_map(|&helper| Some(helper));
    matches!(
        helper,
        Some(Change::Call {
            function: Helper::TokioSpawnDetached,
            ..
        })
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{finding, place, project};
    use footgun_analysis::rewrite::Change;

    #[test]
    fn without_a_runtime_a_fix_is_a_suggestion() {
        let project = project(&[("a.py", "kill(pid, 0)\n")]);
        let place = place(&project, "a.py", "pid");
        let plain = finding(place);
        let demand = footgun_analysis::demand::Demand::new([], |_| false);
        let session = Session::new(&project, &demand);
        let repairs = |finding| repairs(&session, &[finding], &|_, _| None);
        assert_eq!(repairs(plain.clone()), [None]);
        let fixable = Finding {
            fix: Some(Fix {
                applicability: Applicability::Safe,
                message: "call `probe_pid`",
                windows_only: false,
                changes: vec![Change::Value {
                    value: place,
                    function: Helper::ProbePid,
                }],
                otherwise: None,
            }),
            ..plain
        };
        let suggestion = Repair {
            applicability: Applicability::Display,
            message: "call `probe_pid`".to_owned(),
            edits: Vec::new(),
            obstacle: Some(NO_RUNTIME),
        };
        for least in [Applicability::Safe, Applicability::Display] {
            assert!(!suggestion.is_at_least(least));
        }
        assert_eq!(repairs(fixable), [Some(suggestion)]);
    }
}
