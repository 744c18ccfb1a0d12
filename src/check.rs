//! The pipeline, from the files of a project to what is wrong with them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use footgun_analysis::dependencies::{Changes, Dependencies};
use footgun_analysis::facts::Facts;
use footgun_analysis::project::Project;
use footgun_analysis::source::{FileId, Place, Span};
use footgun_analysis::{Comment, Evaluated, Problem, Session, analyse};
use footgun_rules::{Finding, Rule, Silence, Verdicts};
use rayon::prelude::*;

use crate::ignores::Ignores;
use crate::premises::Premises;
use crate::terminal::progress::Progress;
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
    /// How long each file took that was evaluated now, with what others had to be asked for it first.
    pub times: Vec<(FileId, Duration)>,
    /// What could not be parsed, in the same order.
    pub problems: Vec<(FileId, Problem)>,
    /// Functions that take too many steps to evaluate, and were not judged.
    pub given_up: Vec<Place>,
    /// The files at which the analysis itself failed.
    pub crashed: Vec<FileId>,
    /// What became of each file that was evaluated, for a later check.
    pub outcomes: Outcomes,
    /// What was evaluated for it.
    pub evaluated: Option<Evaluated>,
}

/// What became of files, by file; of one at which the analysis failed nothing.
pub type Outcomes = BTreeMap<FileId, Option<Arc<Judged>>>;

/// An earlier check of a project with other texts, in which the same was given.
#[derive(Clone, Copy)]
pub struct Earlier<'a> {
    /// The project then.
    pub project: &'a Project,
    /// What became of it.
    pub checked: &'a Checked,
}

/// What became of one file.
#[derive(Debug)]
pub struct Judged {
    facts: Facts,
    verdicts: Verdicts,
    comments: Vec<Comment>,
    problems: Vec<Problem>,
    given_up: Vec<Span>,
    time: Duration,
    rests_on: Dependencies,
}

/// Checks a project, or the files of a shard in it, on the threads of the current pool.
///
/// A finding belongs to the shard of the file it was found from: of the file it points into where its
/// own evaluation finds it, else of the first. So the findings of all shards are together those of
/// the project, each once. Nearly always the files of the shard tell them; where a file elsewhere may
/// have a say, all are evaluated.
pub fn check(texts: &Texts, premises: &Premises, progress: &Progress) -> Checked {
    check_after(texts, premises, None, progress)
}

/// The same as [`check`], after an earlier check: what has not changed since, with all that it rests on,
/// is not evaluated again.
pub fn check_after(
    texts: &Texts,
    premises: &Premises,
    earlier: Option<Earlier>,
    progress: &Progress,
) -> Checked {
    let demand = premises.demand();
    let mut session = Session::new(texts.project(), &demand);
    let earlier = earlier.and_then(|earlier| {
        let changes = Changes::between(earlier.project, texts.project())?;
        Some((earlier.checked, changes))
    });
    if let Some((checked, changes)) = &earlier
        && let Some(evaluated) = &checked.evaluated
    {
        session = session.knowing(evaluated, changes);
    }
    let mut judging = Judging::new(texts, premises, &session, progress);
    judging.earlier = earlier;
    let checked = judging.check();
    Checked {
        evaluated: Some(session.evaluated()),
        ..checked
    }
}

/// What one file of a project tells by itself.
pub fn check_file(
    texts: &Texts,
    premises: &Premises,
    session: &Session,
    file: FileId,
    progress: &Progress,
) -> Checked {
    let own = HashSet::from([file]);
    let mut judging = Judging::new(texts, premises, session, progress);
    judging.judge([file]);
    let verdict = judging.verdict(&own);
    judging.checked(&own, verdict)
}

/// The same as [`check`], with what has been evaluated already.
pub fn check_within(
    texts: &Texts,
    premises: &Premises,
    session: &Session,
    progress: &Progress,
) -> Checked {
    Judging::new(texts, premises, session, progress).check()
}

/// The files that have been evaluated so far, by file.
struct Judging<'a> {
    texts: &'a Texts<'a>,
    premises: &'a Premises,
    session: &'a Session<'a>,
    progress: &'a Progress,
    /// What became of files in an earlier check, and what has changed since.
    earlier: Option<(&'a Checked, Changes<'a>)>,
    judged: Outcomes,
}

/// What is wrong with the files of a shard, according to the files that were evaluated.
#[derive(Default)]
struct Verdict {
    findings: Vec<Finding>,
    silenced: Vec<(Finding, Vec<Place>)>,
    /// Whether the files that were not evaluated could only agree.
    is_final: bool,
}

impl<'a> Judging<'a> {
    fn new(
        texts: &'a Texts<'a>,
        premises: &'a Premises,
        session: &'a Session<'a>,
        progress: &'a Progress,
    ) -> Judging<'a> {
        Judging {
            texts,
            premises,
            session,
            progress,
            earlier: None,
            judged: BTreeMap::new(),
        }
    }

    /// Checks the project, or the files of a shard in it.
    fn check(mut self) -> Checked {
        let is_own = |file: &FileId| {
            let path = &self.texts.project().file(*file).path;
            self.premises.wants(path)
        };
        let own: HashSet<FileId> = self.texts.files().into_iter().filter(is_own).collect();
        self.judge(own.iter().copied());
        self.judge(self.pointed_into());
        let verdict = self.verdict(&own);
        if verdict.is_final || self.is_complete() {
            return self.checked(&own, verdict);
        }
        self.judge(self.texts.files());
        let verdict = self.verdict(&own);
        self.checked(&own, verdict)
    }

    /// Evaluates those of `files` that have not been yet.
    fn judge(&mut self, files: impl IntoIterator<Item = FileId>) {
        let files = files.into_iter();
        let new: Vec<FileId> = files
            .filter(|file| !self.judged.contains_key(file))
            .collect();
        let (premises, session, earlier) = (self.premises, self.session, &self.earlier);
        let rules: Vec<&Rule> = premises.selections.judging().collect();
        let phase = self.progress.begin(Some(new.len()));
        let judged: Vec<_> = new
            .into_par_iter()
            .map(|file| {
                let known = earlier.as_ref().and_then(|(checked, changes)| {
                    let judged = checked.outcomes.get(&file)?.as_ref()?;
                    (!changes.affect(&judged.rests_on)).then(|| Arc::clone(judged))
                });
                let judge = || guarded(|| Arc::new(judge(&rules, premises, session, file)));
                (file, phase.step_after(|| known.or_else(judge)))
            })
            .collect();
        self.judged.extend(judged);
    }

    fn is_complete(&self) -> bool {
        self.judged.len() == self.texts.files().len()
    }

    fn each(&self) -> impl Iterator<Item = (FileId, &Judged)> {
        let judged = self.judged.iter();
        judged.filter_map(|(file, judged)| Some((*file, judged.as_deref()?)))
    }

    /// The files that findings, or the statements around them, stand in.
    fn pointed_into(&self) -> BTreeSet<FileId> {
        let findings = self
            .each()
            .flat_map(|(_, judged)| &judged.verdicts.findings);
        findings
            .flat_map(|finding| [finding.place.file, finding.statement.file])
            .collect()
    }

    /// The findings, each once, with the file that each belongs to.
    fn found(&self) -> Vec<(FileId, Finding)> {
        let mut found: Vec<(FileId, Finding)> = self
            .each()
            .flat_map(|(file, judged)| {
                let findings = judged.verdicts.findings.iter();
                findings.map(move |finding| (file, finding.clone()))
            })
            .collect();
        merge(&mut found);
        found
    }

    fn verdict(&self, own: &HashSet<FileId>) -> Verdict {
        let mut ignores = Ignores::new(self.texts);
        for (file, judged) in self.each() {
            ignores.add(file, &judged.comments);
        }
        let mut verdict = Verdict {
            is_final: true,
            ..Verdict::default()
        };
        for (from, finding) in self.found() {
            let mut by = ignores.silence(&finding);
            if self.premises.is_audit {
                by.clear();
            }
            let source = self.texts.project().file(finding.place.file);
            // The first file to find it may be one that has not been evaluated.
            let is_from_elsewhere = from != finding.place.file;
            verdict.is_final &= !(own.contains(&from) && is_from_elsewhere);
            if !own.contains(&from)
                // It was only looked for to tell which comments are used.
                || !self.premises.selections.of(&source.path).runs(finding.rule)
                || !self.is_in_scope(&finding)
                // The copy of the runtime is ours to answer for, not the project's.
                || is_runtime(&source.text)
            {
                continue;
            }
            match by.is_empty() {
                true => verdict.findings.push(finding),
                false => verdict.silenced.push((finding, by)),
            }
        }
        let unread = self
            .each()
            .filter(|(_, judged)| !judged.problems.is_empty());
        let unread: HashSet<FileId> = unread.map(|(file, _)| file).collect();
        let mut unused = ignores.unused(&self.premises.selections, &unread);
        unused.retain(|finding| {
            !self.premises.is_audit
                && own.contains(&finding.place.file)
                && self.is_in_scope(finding)
        });
        // What is found from elsewhere may use a comment.
        verdict.is_final &= unused.is_empty();
        verdict.findings.extend(unused);
        for finding in &mut verdict.findings {
            let path = &self.texts.project().file(finding.place.file).path;
            self.premises.selections.of(path).grade(finding);
        }
        sort(&mut verdict.findings);
        verdict
    }

    /// Whether a finding points into what is checked, by itself or by its evidence.
    fn is_in_scope(&self, finding: &Finding) -> bool {
        let scope = &self.premises.scope;
        let places = [finding.place, finding.statement].into_iter();
        let mut places = places.chain(finding.evidence.iter().map(|evidence| evidence.place));
        scope.is_whole()
            || places.any(|place| {
                let (first, last) = self.texts.rows(place);
                scope.has_rows(&self.texts.project().file(place.file).path, first, last)
            })
    }

    /// Whether what became of a file is known from the earlier check.
    fn is_known(&self, file: FileId, judged: &Arc<Judged>) -> bool {
        let earlier = self.earlier.as_ref();
        let known = earlier.and_then(|(checked, _)| checked.outcomes.get(&file)?.as_ref());
        known.is_some_and(|known| Arc::ptr_eq(known, judged))
    }

    /// The outcome for the files of a shard.
    fn checked(self, own: &HashSet<FileId>, verdict: Verdict) -> Checked {
        let mut checked = Checked {
            findings: verdict.findings,
            silenced: verdict.silenced,
            ..Checked::default()
        };
        for (&file, judged) in self.judged.iter().filter(|(file, _)| own.contains(file)) {
            match judged {
                Some(judged) => {
                    checked
                        .silences
                        .extend_from_slice(&judged.verdicts.silences);
                    let problems = judged.problems.iter();
                    checked
                        .problems
                        .extend(problems.map(|problem| (file, problem.clone())));
                    let given_up = judged.given_up.iter();
                    checked
                        .given_up
                        .extend(given_up.map(|&span| Place { file, span }));
                    checked.facts.push(judged.facts.clone());
                    if !self.is_known(file, judged) {
                        checked.times.push((file, judged.time));
                    }
                }
                None => checked.crashed.push(file),
            }
        }
        checked.outcomes = self.judged;
        checked
    }
}

/// Evaluates a file and lets the rules judge what it does.
fn judge(rules: &[&Rule], premises: &Premises, session: &Session, file: FileId) -> Judged {
    let began = Instant::now();
    let document = analyse(session, file);
    let mut verdicts = Verdicts::default();
    for rule in rules {
        rule.check(&document.facts, &premises.options, &mut verdicts);
    }
    Judged {
        facts: document.facts,
        verdicts,
        comments: document.comments,
        problems: document.problems,
        given_up: document.given_up,
        time: began.elapsed(),
        rests_on: document.rests_on,
    }
}

/// Runs `work`; a panic in it costs its result and not the whole run.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Makes one finding of those by the same rule at the same place, which were found from these files:
/// evaluation gets to a call from several. The one from the file it points into stands, else the first
/// in the order of the files.
fn merge(found: &mut Vec<(FileId, Finding)>) {
    let key = |(from, finding): &(FileId, Finding)| {
        let is_from_elsewhere = *from != finding.place.file;
        (finding.place, finding.rule, is_from_elsewhere, *from)
    };
    found.sort_by_key(key);
    found.dedup_by(|(_, next), (_, first)| next.place == first.place && next.rule == first.rule);
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (a.place, a.rule).cmp(&(b.place, b.rule)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{RULES, finding, place, project};

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
        let (a, b) = (one.place.file, other.place.file);
        let mut found = vec![
            (b, other.clone()),
            (a, note.clone()),
            (b, two.clone()),
            (b, again.clone()),
            (a, one.clone()),
        ];
        merge(&mut found);
        assert_eq!(found, [(a, one), (a, note), (b, two), (b, other)]);
        // Where the file itself does not find it, the first that does explains it.
        let (c, d) = (FileId(7), FileId(8));
        let later = Finding {
            message: "seen from a third file".to_owned(),
            ..again.clone()
        };
        let mut found = vec![(d, later), (c, again.clone())];
        merge(&mut found);
        assert_eq!(found, [(c, again)]);
    }

    /// What is known of a part of a project: file by file, what is found from it.
    fn judging<'a>(
        texts: &'a Texts<'a>,
        premises: &'a Premises,
        session: &'a Session<'a>,
        progress: &'a Progress,
        found: &[(FileId, Option<&Finding>)],
    ) -> Judging<'a> {
        let mut judging = Judging::new(texts, premises, session, progress);
        for (file, finding) in found {
            let judged = Judged {
                facts: Facts::default(),
                verdicts: Verdicts {
                    findings: finding.iter().map(|finding| (*finding).clone()).collect(),
                    silences: Vec::new(),
                },
                comments: python_comments(texts.text(*file)),
                problems: Vec::new(),
                given_up: Vec::new(),
                time: Duration::ZERO,
                rests_on: Dependencies::default(),
            };
            judging.judged.insert(*file, Some(Arc::new(judged)));
        }
        judging
    }

    fn python_comments(text: &str) -> Vec<Comment> {
        let start = text.find('#').map(|start| Comment {
            span: footgun_analysis::source::Span::new(start, text.len()),
            alone: false,
        });
        start.into_iter().collect()
    }

    #[test]
    fn files_elsewhere_are_asked_where_they_may_have_a_say() {
        let project = project(&[
            ("a.py", "bad # footgun: ignore[sample-note] why"),
            ("b.py", "calls a"),
            ("c.py", "bad"),
        ]);
        let (texts, premises) = (Texts::new(&project), Premises::plain(RULES));
        let progress = Progress::default();
        let demand = premises.demand();
        let session = Session::new(&project, &demand);
        let [a, b, c] = [FileId(0), FileId(1), FileId(2)];
        let in_a = Finding {
            rule: "sample-note",
            ..finding(place(&project, "a.py", "bad"))
        };
        let in_c = finding(place(&project, "c.py", "bad"));
        let verdict = |own: &[FileId], found: &[(FileId, Option<&Finding>)]| {
            let own: HashSet<FileId> = own.iter().copied().collect();
            let verdict = judging(&texts, &premises, &session, &progress, found).verdict(&own);
            let places = |findings: &[Finding]| -> Vec<Place> {
                findings.iter().map(|finding| finding.place).collect()
            };
            (
                places(&verdict.findings),
                verdict.silenced.len(),
                verdict.is_final,
            )
        };
        // Found in the file itself, which another shard has.
        let both = [(b, Some(&in_c)), (c, Some(&in_c))];
        assert_eq!(verdict(&[b], &both), (vec![], 0, true));
        assert_eq!(verdict(&[c], &both[1..]), (vec![in_c.place], 0, true));
        // Not found there: a file that comes before may find it, too.
        let only = [(b, Some(&in_c)), (c, None)];
        assert_eq!(verdict(&[b], &only), (vec![in_c.place], 0, false));
        assert_eq!(verdict(&[c], &only[1..]), (vec![], 0, true));
        // A comment that nothing in its own file uses.
        let (findings, silenced, is_final) = verdict(&[a], &[(a, None)]);
        assert_eq!((findings.len(), silenced, is_final), (1, 0, false));
        let used = [(a, None), (b, Some(&in_a))];
        assert_eq!(verdict(&[a], &used), (vec![], 0, true));
        let (findings, silenced, _) = verdict(&[b], &used);
        assert_eq!((findings.len(), silenced), (0, 1));
    }

    #[test]
    fn a_panic_costs_one_file() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| -> u8 { panic!("on purpose, by a test") }), None);
    }
}
