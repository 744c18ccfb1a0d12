//! What changes no finding: comments, docstrings, the selection of other rules, unrelated functions and
//! files, the number of threads, and what is kept of calls. Held over the corpus of `fixtures/`.

mod common;

use std::path::{Path, PathBuf};

use footgun_analysis::project::Project;
use footgun_analysis::source::{FileId, Language, Place};
use footgun_analysis::{Session, analyse};
use footgun_check::check::check;
use footgun_check::premises::Premises;
use footgun_check::selection::{Selection, Selections};
use footgun_check::terminal::progress::Progress;
use footgun_check::texts::Texts;
use footgun_rules::{Finding, RULES};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Words that the rules ask for, where nothing comes of them.
const WORDS: &str = "os.kill(pid, 0), subprocess.Popen([\"npm\"]), Command::new(\"npm\").spawn(), \
                     import fcntl, strftime, get_context, windows, platform";

/// A finding in words that do not depend on where in its file it stands.
type Told = (PathBuf, &'static str, String, String);

fn told(project: &Project, finding: &Finding) -> Told {
    let source = project.file(finding.place.file);
    let words = |place: Place| source.text[place.span.range()].to_owned();
    let (rule, message) = (finding.rule, finding.message.clone());
    (source.path.clone(), rule, words(finding.place), message)
}

fn all_told(project: &Project) -> Vec<Told> {
    told_by(project, &Premises::plain(RULES))
}

fn told_by(project: &Project, premises: &Premises) -> Vec<Told> {
    let checked = check(&Texts::new(project), premises, &Progress::default());
    let findings = checked.findings.iter();
    let mut told: Vec<Told> = findings.map(|finding| told(project, finding)).collect();
    told.sort();
    told
}

/// Each project of the corpus, and what becomes of it by a change of its texts.
fn assert_unchanged(what: &str, change: impl Fn(&Path, &str) -> String) {
    let mut changed = 0;
    for case in common::children(&common::root().join("fixtures/corpus")) {
        let project = common::project_in(&case);
        let files = project.files.iter().map(|source| {
            let text = change(&source.path, &source.text);
            changed += usize::from(text != source.text);
            (source.path.clone(), text)
        });
        let after = common::project(files.collect::<Vec<_>>());
        assert_eq!(
            all_told(&project),
            all_told(&after),
            "{what}: {}",
            case.display()
        );
    }
    assert!(changed > 50, "{what} changes {changed} files");
}

/// The text with something below each of its lines that begins a function and ends with `end`.
fn below_functions(text: &str, end: &str, added: impl Fn(&str) -> String) -> String {
    let mut changed = String::new();
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        changed.push_str(line);
        let code = line.trim();
        let begins = ["def ", "async def ", "fn ", "pub fn "].iter();
        let begins = begins.into_iter().any(|word| code.starts_with(word));
        if let Some(next) = lines.peek().filter(|_| begins && code.ends_with(end)) {
            let indent = &next[..next.len() - next.trim_start().len()];
            changed.push_str(&added(indent));
        }
    }
    changed
}

#[test]
fn comments() {
    assert_unchanged("comments", |path, text| match Language::of(path) {
        Some(Language::Rust) => {
            below_functions(text, "{", |indent| format!("{indent}// {WORDS}\n"))
        }
        _ => below_functions(text, ":", |indent| {
            format!("{indent}# {WORDS}\n").repeat(40)
        }),
    });
}

#[test]
fn docstrings() {
    assert_unchanged("docstrings", |path, text| match Language::of(path) {
        // A docstring within a string would end it.
        Some(Language::Python) if !text.contains("\"\"\"\\") && !text.contains("'''") => {
            below_functions(text, ":", |indent| match text.matches("\"\"\"").count() {
                0..=2 => format!("{indent}\"\"\"Does what {WORDS:?} do.\"\"\"\n").repeat(20),
                _ => String::new(),
            })
        }
        _ => text.to_owned(),
    });
}

#[test]
fn unrelated_functions_and_files() {
    let python = "\n\ndef unrelated_to_anything(values):\n    total = 0\n    for a in values:\n        \
                  for b in values:\n            total += a * b\n    return total\n";
    assert_unchanged("functions", |path, text| match Language::of(path) {
        Some(Language::Python) if text.ends_with('\n') => format!("{text}{python}"),
        _ => text.to_owned(),
    });
    for case in common::children(&common::root().join("fixtures/corpus")) {
        let project = common::project_in(&case);
        let files = project.files.iter();
        let mut files: Vec<_> = files
            .map(|source| (source.path.clone(), source.text.clone()))
            .collect();
        files.push(("aaa_unrelated_to_anything.py".into(), python.to_owned()));
        files.push(("zzz_unrelated_to_anything.py".into(), python.to_owned()));
        let after = common::project(files);
        assert_eq!(all_told(&project), all_told(&after), "{}", case.display());
    }
}

#[test]
fn the_selection_of_other_rules() {
    let cases = common::children(&common::root().join("fixtures/corpus"));
    let assert_one = |case: &PathBuf| {
        let project = common::project_in(case);
        let all = all_told(&project);
        for rule in RULES {
            let selected = Selection::new(RULES, &[rule.id.to_owned()], &[]);
            let mut premises = Premises::plain(RULES);
            premises.selections = Selections::one(selected);
            let mut own = told_by(&project, &premises);
            // Asked for by its name, the rule about comments speaks of more of them.
            own.retain(|(_, id, ..)| *id != "unused-ignore");
            let mut expected = all.clone();
            expected.retain(|(_, id, ..)| *id == rule.id && *id != "unused-ignore");
            assert_eq!(own, expected, "{}: {}", rule.id, case.display());
        }
    };
    // As many checks as there are rules for each project: on all cores.
    pool(0).install(|| cases.par_iter().for_each(assert_one));
}

/// So many threads, or one for each core.
fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(64 << 20)
        .build()
        .expect("threads")
}

#[test]
fn the_number_of_threads() {
    let on = |threads: usize, project: &Project| {
        pool(threads).install(|| {
            let checked = check(
                &Texts::new(project),
                &Premises::plain(RULES),
                &Progress::default(),
            );
            format!("{:#?}\n{:#?}", checked.findings, checked.silences)
        })
    };
    for case in common::children(&common::root().join("fixtures/corpus")) {
        let project = || common::project_in(&case);
        assert_eq!(on(1, &project()), on(4, &project()), "{}", case.display());
    }
}

/// What is kept of the calls of a project.
#[test]
fn summaries_of_calls() {
    let premises = Premises::plain(RULES);
    let demand = premises.demand();
    let recorded = |session: Session| -> Vec<String> {
        let files = 0..session.project().files.len() as u32;
        let documents = files.map(|file| analyse(&session, FileId(file)));
        documents
            .map(|document| format!("{:#?}", (document.facts, document.given_up)))
            .collect()
    };
    for case in common::children(&common::root().join("fixtures/corpus")) {
        let project = common::project_in(&case);
        let with = recorded(Session::new(&project, &demand));
        let without = recorded(Session::new(&project, &demand).without_summaries());
        for (with, without) in with.iter().zip(&without) {
            assert_eq!(with, without, "{}", case.display());
        }
    }
}
