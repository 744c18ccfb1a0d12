//! What the fix of a finding comes to in the texts: edits, or a suggestion.

use footgun_analysis::demand::Demand;
use footgun_analysis::explain;
use footgun_analysis::project::Project;
use footgun_analysis::rewrite::{self, Change, Edit, Function, Refusal};
use footgun_analysis::source::FileId;
use footgun_rules::{Applicability, Finding, Fix, Helper};

/// The function that code of a file calls for a helper; `None` where its project has no runtime.
pub type Runtime<'a> = dyn Fn(FileId, Helper) -> Option<Function> + Sync + 'a;

/// The obstacle where a mistake of ours keeps a repair from being made.
pub const FAILED: Refusal = "making it failed, which is a bug in footgun-check";

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

impl Repair {
    /// What the fix of `finding` comes to, if it has one. Where it cannot be made, it is a suggestion
    /// without edits.
    pub fn of(
        project: &Project,
        demand: &Demand,
        finding: &Finding,
        runtime: &Runtime,
    ) -> Option<Repair> {
        let fix = finding.fix.as_ref()?;
        let fix = possible(fix, runtime).unwrap_or(fix);
        let message = fix.message.to_owned();
        Some(match edits(project, fix, runtime) {
            Ok(edits) if !edits.is_empty() => Repair {
                applicability: applicability(project, demand, fix),
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
        })
    }

    /// What remains of the fix of `finding` where making it failed.
    pub fn failed(finding: &Finding) -> Option<Repair> {
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
fn applicability(project: &Project, demand: &Demand, fix: &Fix) -> Applicability {
    let is_for_windows_only =
        |change: &Change<Helper>| explain::is_for_windows_only(project, change.place(), demand);
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

fn edits(project: &Project, fix: &Fix, runtime: &Runtime) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    for change in &fix.changes {
        let file = change.place().file;
        let change = change.try_map(|&helper| runtime(file, helper)).ok_or(
            match fix.changes.iter().any(is_of_tokio) {
                true => "the project does not depend on footgun-runtime with its feature `tokio`",
                false => "the project neither depends on footgun-runtime nor has a copy of it",
            },
        )?;
        edits.extend(rewrite::edits(project, &change)?);
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
        let demand = Demand::new([], |_| false);
        assert_eq!(Repair::of(&project, &demand, &plain, &|_, _| None), None);
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
            obstacle: Some("the project neither depends on footgun-runtime nor has a copy of it"),
        };
        for least in [Applicability::Safe, Applicability::Display] {
            assert!(!suggestion.is_at_least(least));
        }
        assert_eq!(
            Repair::of(&project, &demand, &fixable, &|_, _| None),
            Some(suggestion)
        );
    }
}
