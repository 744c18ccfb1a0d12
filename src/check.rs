//! The pipeline, from the files of a project to what is wrong with them.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use footgun_analysis::facts::Facts;
use footgun_analysis::source::{FileId, Place};
use footgun_analysis::{Comment, Problem, Triggers, analyse};
use footgun_rules::{Finding, Silence, Verdicts};
use rayon::prelude::*;

use crate::ignores::Ignores;
use crate::premises::Premises;
use crate::texts::Texts;
use crate::vendor::is_runtime;

/// What became of a project.
#[derive(Debug, Default)]
pub struct Checked {
    /// What is wrong, by path, then position, then rule.
    pub findings: Vec<Finding>,
    /// What is wrong and silenced by comments, in the same order, with what silences it.
    pub silenced: Vec<(Finding, Vec<Place>)>,
    /// What is not wrong, and why.
    pub silences: Vec<Silence>,
    /// What each file does.
    pub facts: Vec<Facts>,
    /// What could not be parsed, in the same order.
    pub problems: Vec<(FileId, Problem)>,
    /// The files at which the analysis itself failed.
    pub crashed: Vec<FileId>,
}

/// What became of one file.
struct Judged {
    facts: Facts,
    verdicts: Verdicts,
    comments: Vec<Comment>,
    problems: Vec<Problem>,
}

/// Checks every file of a project, on the threads of the current pool.
pub fn check(texts: &Texts, premises: &Premises) -> Checked {
    let triggers = premises.triggers();
    let judged: Vec<(FileId, Option<Judged>)> = texts
        .files()
        .into_par_iter()
        .map(|file| (file, guarded(|| judge(texts, premises, &triggers, file))))
        .collect();

    let mut checked = Checked::default();
    let mut ignores = Ignores::new(texts);
    for (file, judged) in judged {
        match judged {
            Some(judged) => {
                checked.findings.extend(judged.verdicts.findings);
                checked.silences.extend(judged.verdicts.silences);
                let problems = judged.problems.into_iter();
                checked
                    .problems
                    .extend(problems.map(|problem| (file, problem)));
                ignores.add(file, &judged.comments);
                checked.facts.push(judged.facts);
            }
            None => checked.crashed.push(file),
        }
    }
    merge(&mut checked.findings);
    for finding in std::mem::take(&mut checked.findings) {
        let source = texts.project().file(finding.place.file);
        match ignores.silence(&finding) {
            // It was only looked for to tell which comments are used.
            _ if !premises.selections.of(&source.path).runs(finding.rule) => {}
            // The copy of the runtime is ours to answer for, not the project's.
            _ if is_runtime(&source.text) => {}
            by if by.is_empty() => checked.findings.push(finding),
            by => checked.silenced.push((finding, by)),
        }
    }
    let unread: HashSet<FileId> = checked.problems.iter().map(|(file, _)| *file).collect();
    checked
        .findings
        .extend(ignores.unused(&premises.selections, &unread));
    sort(&mut checked.findings);
    checked
}

/// Evaluates a file and lets the rules judge what it does.
fn judge(texts: &Texts, premises: &Premises, triggers: &Triggers, file: FileId) -> Judged {
    let document = analyse(texts.project(), file, triggers);
    let mut verdicts = Verdicts::default();
    for rule in premises.selections.judging() {
        (rule.check)(&document.facts, &premises.options, &mut verdicts);
    }
    Judged {
        facts: document.facts,
        verdicts,
        comments: document.comments,
        problems: document.problems,
    }
}

/// Runs `work`; a panic in it costs one file and not the whole run.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Makes one finding of those by the same rule at the same place: evaluation gets to a call from
/// several files. The first stands, in the order of the files it was found from.
fn merge(findings: &mut Vec<Finding>) {
    sort(findings);
    findings.dedup_by(|next, first| next.place == first.place && next.rule == first.rule);
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (a.place, a.rule).cmp(&(b.place, b.rule)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{finding, place, project};

    #[test]
    fn one_finding_of_a_rule_at_a_place_in_order() {
        let project = project(&[("a.py", "one two"), ("b.py", "one")]);
        let (one, two, other) = (
            finding(place(&project, "a.py", "one")),
            finding(place(&project, "a.py", "two")),
            finding(place(&project, "b.py", "one")),
        );
        let note = Finding {
            rule: "sample-note",
            ..one.clone()
        };
        let again = Finding {
            message: "seen from another file".to_owned(),
            ..one.clone()
        };
        let mut findings = vec![other.clone(), note.clone(), two.clone(), one.clone(), again];
        merge(&mut findings);
        assert_eq!(findings, [one, note, two, other]);
    }

    #[test]
    fn a_panic_costs_one_file() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| -> u8 { panic!("on purpose, by a test") }), None);
    }
}
