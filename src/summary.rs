//! The line at the end: how much was checked, and what was found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use footgun_rules::Finding;

use crate::check::Checked;
use crate::trouble::{Trouble, TroubleKind};

/// The counts of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were read and checked, as far as they parse.
    pub scanned: usize,
    /// Stubs, what could not be read, and what is neither Python nor Rust.
    pub skipped: usize,
    /// Files that are not text, or that do not parse in whole or in part.
    pub unparsable: usize,
    /// How many findings there are of each rule.
    pub findings: BTreeMap<&'static str, usize>,
}

impl Summary {
    /// Counts what became of `scanned` files, of `stubs` and of the paths that gave trouble.
    pub fn new(scanned: usize, stubs: usize, troubles: &[Trouble], checked: &Checked) -> Summary {
        let troubles_of = |wanted: &[TroubleKind]| {
            let kinds = troubles.iter().map(|trouble| trouble.kind);
            kinds.filter(|kind| wanted.contains(kind)).count()
        };
        let unparsed: BTreeSet<_> = checked.problems.iter().map(|(file, _)| file).collect();
        Summary {
            scanned,
            skipped: stubs + troubles_of(&[TroubleKind::Unreadable, TroubleKind::Foreign]),
            unparsable: unparsed.len() + troubles_of(&[TroubleKind::Undecodable]),
            findings: by_rule(&checked.findings),
        }
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
        let plural = |count| if count == 1 { "" } else { "s" };
        write!(
            f,
            "{} file{} scanned, {} skipped, {} unparsable; ",
            self.scanned,
            plural(self.scanned),
            self.skipped,
            self.unparsable
        )?;
        let total: usize = self.findings.values().sum();
        if total == 0 {
            return f.write_str("no findings");
        }
        write!(f, "{total} finding{}", plural(total))?;
        for (index, (rule, count)) in self.findings.iter().enumerate() {
            let before = if index == 0 { ": " } else { ", " };
            write!(f, "{before}{count} {rule}")?;
        }
        Ok(())
    }
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
}
