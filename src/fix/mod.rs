//! Repairs a project: fixes and ignore comments, made and checked in memory, then written or shown.

pub mod apply;
pub mod companion;
pub mod diff;
pub mod foreign;
pub mod ignore;
pub mod repair;
pub mod rounds;
pub mod runtime;
pub mod select;
pub mod snapshot;
pub mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use footgun_analysis::project::slashed;
use footgun_analysis::rewrite::Edit;
use footgun_analysis::source::{FileId, Source};
use footgun_rules::Applicability;

use crate::report::Entry;
use crate::terminal::output::Output;
use crate::texts::Texts;
use crate::trouble::{Trouble, TroubleKind};
use companion::{Companion, CompanionError};
use repair::{Repair, Runtime};
use rounds::Outcome;
use runtime::Companions;
use snapshot::Snapshot;
use write::{Rewrite, RewriteError};

/// What is wanted of the repair of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish<'w> {
    /// Whether findings are fixed.
    pub fix: bool,
    /// The least applicable fixes to make.
    pub least: Applicability,
    /// The reason in the ignore comments that what remains is given, if it is.
    pub ignore: Option<&'w str>,
}

/// A repaired project.
#[derive(Debug, Default)]
pub struct Repaired<'a> {
    /// The project; `None` where nothing was repaired.
    pub snapshot: Option<Snapshot<'a>>,
    /// How much was repaired.
    pub counts: Counts,
    /// What should have been repaired and was not.
    pub troubles: Vec<Trouble>,
}

/// How many findings are gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that were fixed.
    pub fixed: usize,
    /// Those that were given ignore comments.
    pub ignored: usize,
}

/// The repairs of a snapshot's findings, one by one, on the threads of the current pool.
pub fn repairs(snapshot: &Snapshot, runtime: &Runtime) -> Vec<Option<Repair>> {
    let demand = snapshot.premises.demand();
    let session = snapshot.session(&demand);
    let findings = &snapshot.checked.findings;
    let repairs = repair::repairs(&session, findings, runtime).into_iter();
    repairs
        .map(|repair| repair.map(|repair| permitted(snapshot, repair)))
        .collect()
}

/// The repair, unless it changes a file that is not ours to change, or that nobody asked to check:
/// what a file does may be found in another that it calls.
fn permitted(snapshot: &Snapshot, repair: Repair) -> Repair {
    let obstacle = |edit: &Edit| {
        let source = snapshot.project.file(edit.place.file);
        match snapshot.premises.scope.has(&source.path) {
            true => foreign::obstacle(source),
            false => Some("it would change a file that is not checked"),
        }
    };
    match repair.edits.iter().find_map(obstacle) {
        None => repair,
        obstacle => Repair {
            applicability: Applicability::Display,
            edits: Vec::new(),
            obstacle,
            ..repair
        },
    }
}

/// The findings of a snapshot with what repairs them, on the threads of the current pool.
pub fn entries<'s>(snapshot: &'s Snapshot, runtime: &Runtime) -> Vec<Entry<'s>> {
    let findings = snapshot.checked.findings.iter();
    let entry = |(finding, repair)| Entry { finding, repair };
    findings
        .zip(repairs(snapshot, runtime))
        .map(entry)
        .collect()
}

/// The findings for which no repair could be made because of a mistake of ours.
pub fn failures(texts: &Texts, entries: &[Entry]) -> Vec<Trouble> {
    let is_failure = |entry: &&Entry| {
        let repair = entry.repair.as_ref();
        repair.is_some_and(|repair| repair.obstacle == Some(repair::FAILED))
    };
    let trouble = |entry: &Entry| {
        let (rule, place) = (entry.finding.rule, entry.finding.place);
        Trouble {
            path: texts.project().file(place.file).path.clone(),
            kind: TroubleKind::Unrepaired,
            reason: format!(
                "making the fix of `{rule}` in {} failed, which is a bug in footgun-check",
                texts.start(place).line_in_words()
            ),
        }
    };
    entries.iter().filter(is_failure).map(trouble).collect()
}

/// Repairs a project in memory, on the threads of the current pool.
pub fn repair<'a>(start: &Snapshot<'a>, wish: Wish, runtime: &Runtime) -> Repaired<'a> {
    let mut repaired = Repaired::default();
    if wish.fix {
        let fixes = |snapshot: &Snapshot| repairs(snapshot, runtime);
        let outcome = rounds::fix(start, &fixes, wish.least);
        repaired.counts.fixed = repaired.take(start, outcome);
    }
    if let Some(reason) = wish.ignore {
        let before = repaired.snapshot.as_ref().unwrap_or(start);
        let comments = |snapshot: &Snapshot| {
            let comments = ignore::comments(snapshot, reason).into_iter();
            let comment = |repair: Repair| permitted(snapshot, repair);
            comments.map(|repair| repair.map(comment)).collect()
        };
        let outcome = rounds::fix(before, &comments, Applicability::Safe);
        repaired.counts.ignored = repaired.take(start, outcome);
    }
    repaired.tell_problems(start);
    repaired
}

impl<'a> Repaired<'a> {
    /// Goes on from what rounds of fixes came to; says how many findings they took away.
    fn take(&mut self, start: &Snapshot<'a>, outcome: Outcome<'a>) -> usize {
        let count = |snapshot: Option<&Snapshot>| {
            snapshot.map_or(start.checked.findings.len(), |snapshot| {
                snapshot.checked.findings.len()
            })
        };
        let before = count(self.snapshot.as_ref());
        if outcome.snapshot.is_some() {
            self.snapshot = outcome.snapshot;
        }
        let last = self.snapshot.as_ref().unwrap_or(start);
        let texts = Texts::new(&last.project);
        let troubles = outcome.given_up.iter().map(|&(rule, place)| Trouble {
            path: last.project.file(place.file).path.clone(),
            kind: TroubleKind::Unrepaired,
            reason: format!(
                "the fix of `{rule}` in {} does not hold, which is a bug in footgun-check; it \
                 was not made",
                texts.start(place).line_in_words()
            ),
        });
        self.troubles.extend(troubles);
        before.saturating_sub(count(self.snapshot.as_ref()))
    }

    /// Tells what does not parse in the files that differ from those of `start`, also where nothing
    /// is looked for in them any more.
    fn tell_problems(&mut self, start: &Snapshot) {
        let Some(Snapshot {
            project, checked, ..
        }) = &mut self.snapshot
        else {
            return;
        };
        let told: BTreeSet<FileId> = checked.problems.iter().map(|(file, _)| *file).collect();
        let is_edited = |(file, old): &(FileId, &Source)| old.text != project.file(*file).text;
        for (file, _) in start.files().filter(is_edited) {
            if !told.contains(&file) {
                let problems = project.problems(file).iter().cloned();
                checked
                    .problems
                    .extend(problems.map(|problem| (file, problem)));
            }
        }
        checked
            .problems
            .sort_by_key(|(file, problem)| (*file, problem.span));
    }

    /// Writes the files that differ from those of `start`, after what they need to call the runtime: a
    /// run that is killed leaves no import without its module. What no file needs in the end goes again.
    /// A file that cannot be written is trouble, and from now on as it was.
    pub fn write(&mut self, start: &Snapshot<'a>, companions: &Companions) {
        let mut left = Vec::new();
        let mut written = Vec::new();
        for (companion, files) in self.wanted(start, companions) {
            match companion.write(&self.texts(&files)) {
                Ok(done) => written.push((done, files)),
                Err(error) => {
                    self.troubles.push(unprepared(&companion, &error));
                    left.extend(files);
                }
            }
        }
        for (file, rewrite) in self.rewrites(start) {
            if left.contains(&file) {
                continue;
            }
            if let Err(error) = rewrite.and_then(|rewrite| rewrite.write()) {
                self.troubles.push(unwritten(start, file, &error));
                left.push(file);
            }
        }
        for (done, files) in written {
            if files.iter().all(|file| left.contains(file)) {
                done.undo();
            }
        }
        let Some(end) = self.snapshot.take_if(|_| !left.is_empty()) else {
            return;
        };
        let end = end.with_texts(|file, text| match left.contains(&file) {
            true => start.project.file(file).text.clone(),
            false => text.to_owned(),
        });
        let gone = |end: &Snapshot| {
            let (before, after) = (&start.checked.findings, &end.checked.findings);
            before.len().saturating_sub(after.len())
        };
        self.counts.fixed = self.counts.fixed.min(gone(&end));
        self.counts.ignored = gone(&end) - self.counts.fixed;
        self.snapshot = Some(end);
    }

    /// Shows how the files that would be written differ from those of `start`.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn show(
        &mut self,
        start: &Snapshot,
        companions: &Companions,
        out: &mut Output,
    ) -> io::Result<()> {
        let texts = Texts::new(&start.project);
        for (companion, files) in self.wanted(start, companions) {
            match companion.bytes(&self.texts(&files)) {
                Ok((old, new)) => {
                    let name = slashed(companion.path());
                    diff::diff(&name, old.as_deref(), &new, out.is_seen(), out)?;
                }
                Err(error) => self.troubles.push(unprepared(&companion, &error)),
            }
        }
        for (file, rewrite) in self.rewrites(start) {
            match rewrite {
                Ok(rewrite) => {
                    let (old, new) = rewrite.bytes();
                    diff::diff(&texts.name(file), Some(old), new, out.is_seen(), out)?;
                }
                Err(error) => self.troubles.push(unwritten(start, file, &error)),
            }
        }
        out.flush()
    }

    /// What has to be written before files which differ from those of `start`, with these files.
    pub fn wanted(
        &self,
        start: &Snapshot,
        companions: &Companions,
    ) -> BTreeMap<Companion, Vec<FileId>> {
        let mut wanted = BTreeMap::<Companion, Vec<FileId>>::new();
        let ends = self.snapshot.iter().flat_map(Snapshot::files);
        for ((file, old), (_, new)) in start.files().zip(ends) {
            if let Some(companion) = companions.get(&file)
                && old.text != new.text
                && new.text.contains(companion.word())
            {
                wanted.entry(companion.clone()).or_default().push(file);
            }
        }
        wanted
    }

    /// The texts of files now.
    fn texts(&self, files: &[FileId]) -> Vec<&str> {
        let Some(end) = &self.snapshot else {
            return Vec::new();
        };
        let text = |file: &FileId| end.project.file(*file).text.as_str();
        files.iter().map(text).collect()
    }

    /// The files that differ from those of `start`, as they are to be written or why they cannot be.
    fn rewrites(&self, start: &Snapshot) -> Vec<(FileId, Result<Rewrite, RewriteError>)> {
        let Some(end) = &self.snapshot else {
            return Vec::new();
        };
        let pairs = start.files().zip(end.files());
        pairs
            .filter(|((_, old), (_, new))| old.text != new.text)
            .map(|((file, old), (_, new))| (file, Rewrite::new(old, &new.text)))
            .collect()
    }
}

fn unprepared(companion: &Companion, error: &CompanionError) -> Trouble {
    Trouble {
        path: companion.path().to_owned(),
        kind: TroubleKind::Unrepaired,
        reason: format!("{error}; the files that would need it were left as they were"),
    }
}

fn unwritten(snapshot: &Snapshot, file: FileId, error: &RewriteError) -> Trouble {
    Trouble {
        path: snapshot.project.file(file).path.clone(),
        kind: TroubleKind::Unwritten,
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::premises::Premises;
    use crate::terminal::progress::Progress;
    use crate::testing::project;
    use footgun_rules::RULES;

    #[test]
    fn a_panic_costs_one_repair() {
        let text = "import os\nos.kill(1, 0)\n";
        let files = project(&[("a.py", text), ("b.py", text)]).files;
        let premises = Premises::plain(RULES);
        let start = Snapshot::new(files, &premises, &Progress::default());
        let runtime = |file, helper: footgun_rules::Helper| match file {
            FileId(0) => panic!("on purpose, by a test"),
            _ => Some(footgun_analysis::rewrite::Function {
                module: "footgun_runtime".to_owned(),
                name: helper.name().to_owned(),
            }),
        };
        let entries = entries(&start, &runtime);
        let made: Vec<bool> = entries
            .iter()
            .map(|entry| {
                let repair = entry.repair.as_ref();
                repair.is_some_and(|repair| repair.is_at_least(Applicability::Safe))
            })
            .collect();
        assert_eq!(made, [false, true]);
        let troubles = failures(&Texts::new(&start.project), &entries);
        let [trouble] = troubles.as_slice() else {
            panic!("one trouble: {troubles:?}");
        };
        assert!(trouble.kind.fails());
        assert_eq!(
            trouble.to_string(),
            "a.py: making the fix of `pid-probe` in line 2 failed, which is a bug in \
             footgun-check"
        );
    }
}
