//! What an answer rests on: the files that were read for it, and the words that files were looked for
//! by. Where none of them has changed the answer is still true.
//!
//! What is read is noted for the thread at work, so that whoever evaluates something need not pass it
//! on: [`noted`] gives it to whoever keeps an answer, and [`note`] takes it in where a kept answer is
//! used.

use std::cell::RefCell;
use std::collections::HashSet;

use crate::project::Project;
use crate::source::{FileId, Language};
use crate::words;

/// What an answer rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// The files that were read, a bit for each.
    files: Vec<u64>,
    /// The hashes of the identifiers that files were looked for by.
    words: HashSet<u32>,
    /// The hashes of the names of which it was asked whether code elsewhere fills or sets them.
    filled: HashSet<u32>,
    /// The languages of which it was asked how all files belong together.
    languages: HashSet<Language>,
    /// Whether it was asked which modules are imported whatever the platform.
    plain_imports: bool,
    /// Whether it was asked which modules cannot be imported.
    failing_imports: bool,
}

impl Dependencies {
    fn add_file(&mut self, file: FileId) {
        let (word, bit) = (file.0 as usize / 64, file.0 % 64);
        if self.files.len() <= word {
            self.files.resize(word + 1, 0);
        }
        self.files[word] |= 1 << bit;
    }

    fn has_file(&self, file: FileId) -> bool {
        let (word, bit) = (file.0 as usize / 64, file.0 % 64);
        self.files
            .get(word)
            .is_some_and(|bits| bits >> bit & 1 == 1)
    }

    fn add(&mut self, other: &Dependencies) {
        if self.files.len() < other.files.len() {
            self.files.resize(other.files.len(), 0);
        }
        for (own, other) in self.files.iter_mut().zip(&other.files) {
            *own |= other;
        }
        self.words.extend(&other.words);
        self.filled.extend(&other.filled);
        self.languages.extend(&other.languages);
        self.plain_imports |= other.plain_imports;
        self.failing_imports |= other.failing_imports;
    }
}

thread_local! {
    static AT_WORK: RefCell<Dependencies> = RefCell::default();
}

/// Runs something, and tells what its answer rests on. Whatever it is part of rests on the same.
pub fn noted<T>(work: impl FnOnce() -> T) -> (T, Dependencies) {
    /// What was noted before; a panic must not lose it.
    struct Outer(Dependencies);
    impl Drop for Outer {
        fn drop(&mut self) {
            let outer = std::mem::take(&mut self.0);
            AT_WORK.with_borrow_mut(|noted| noted.add(&outer));
        }
    }
    let outer = Outer(AT_WORK.take());
    let answer = work();
    let own = AT_WORK.with_borrow(Dependencies::clone);
    drop(outer);
    (answer, own)
}

/// Runs something that is asked for in parts, which are noted one by one.
pub(crate) fn unnoted<T>(work: impl FnOnce() -> T) -> T {
    let outer = AT_WORK.take();
    let answer = work();
    AT_WORK.set(outer);
    answer
}

/// An answer is used that was found before.
pub(crate) fn note(found: &Dependencies) {
    AT_WORK.with_borrow_mut(|noted| noted.add(found));
}

/// A file is read.
pub(crate) fn note_file(file: FileId) {
    AT_WORK.with_borrow_mut(|noted| noted.add_file(file));
}

/// Files are looked for in which an identifier with this hash stands.
pub(crate) fn note_word(hash: u32) {
    AT_WORK.with_borrow_mut(|noted| noted.words.insert(hash));
}

/// It is asked whether code elsewhere fills, or sets, what has a name with this hash.
pub(crate) fn note_filled(hash: u32) {
    AT_WORK.with_borrow_mut(|noted| noted.filled.insert(hash));
}

/// It is asked how all files of a language belong together.
pub(crate) fn note_language(language: Language) {
    AT_WORK.with_borrow_mut(|noted| noted.languages.insert(language));
}

/// It is asked which modules are imported whatever the platform.
pub(crate) fn note_plain_imports() {
    AT_WORK.with_borrow_mut(|noted| noted.plain_imports = true);
}

/// It is asked which modules cannot be imported.
pub(crate) fn note_failing_imports() {
    AT_WORK.with_borrow_mut(|noted| noted.failing_imports = true);
}

/// How a project differs from what it was before.
#[derive(Debug)]
pub struct Changes<'p> {
    before: &'p Project,
    now: &'p Project,
    changed: Vec<FileId>,
    /// The hashes of the names that the changed files fill or set in other ways than before.
    refilled: HashSet<u32>,
}

impl<'p> Changes<'p> {
    /// The changes between two states of a project; `None` where they have not the same files or
    /// assumptions, so that no answer about one is true of the other.
    pub fn between(before: &'p Project, now: &'p Project) -> Option<Changes<'p>> {
        let files = || before.files.iter().zip(&now.files);
        let is_same = before.files.len() == now.files.len()
            && files().all(|(a, b)| a.path == b.path && a.language == b.language)
            && before.is_like(now);
        let ids = (0..).map(FileId);
        let changed = files().zip(ids).filter(|((a, b), _)| a.text != b.text);
        is_same.then(|| {
            let changed: Vec<FileId> = changed.map(|(_, file)| file).collect();
            let refilled = changed.iter().flat_map(|&file| {
                let [then, now] = [before, now].map(|project| project.filled_by(file));
                let differ = then.symmetric_difference(&now);
                differ
                    .map(|(_, name)| words::hash(name))
                    .collect::<Vec<_>>()
            });
            Changes {
                before,
                now,
                refilled: refilled.collect(),
                changed,
            }
        })
    }

    /// Whether an answer may be another now.
    pub fn affect(&self, answer: &Dependencies) -> bool {
        self.reach(answer)
            || answer.failing_imports && self.before.failing_modules() != self.now.failing_modules()
            || answer.plain_imports && self.before.plainly_imported() != self.now.plainly_imported()
    }

    /// Whether the text of a file has changed that an answer rests on.
    pub(crate) fn reach(&self, answer: &Dependencies) -> bool {
        let projects = [self.before, self.now];
        self.changed.iter().any(|&changed| {
            let mentions = |word: &u32| projects.iter().any(|it| it.may_mention(changed, *word));
            answer.has_file(changed)
                || answer.languages.contains(&self.now.file(changed).language)
                || answer.words.iter().any(mentions)
        }) || !self.refilled.is_disjoint(&answer.filled)
    }
}
