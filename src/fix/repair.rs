//! What the fix of a finding comes to in the texts: edits, or a suggestion.

use footgun_analysis::project::Project;
use footgun_analysis::rewrite::{self, Edit, Function, Refusal};
use footgun_analysis::source::FileId;
use footgun_rules::{Applicability, Finding, Fix, Helper};

/// The function that code of a file calls for a helper; `None` where its project has no runtime.
pub type Runtime<'a> = dyn Fn(FileId, Helper) -> Option<Function> + Sync + 'a;

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
    pub fn of(project: &Project, finding: &Finding, runtime: &Runtime) -> Option<Repair> {
        let fix = finding.fix.as_ref()?;
        let message = fix.message.to_owned();
        Some(match edits(project, fix, runtime) {
            Ok(edits) if !edits.is_empty() => Repair {
                applicability: fix.applicability,
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

    /// Whether it may be made where everything from `least` on is wanted.
    pub fn is_at_least(&self, least: Applicability) -> bool {
        self.applicability >= least && self.applicability != Applicability::Display
    }
}

fn edits(project: &Project, fix: &Fix, runtime: &Runtime) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    for change in &fix.changes {
        let file = change.place().file;
        let change = change
            .try_map(|&helper| runtime(file, helper))
            .ok_or("the project does not depend on footgun-runtime")?;
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
