//! A check after another evaluates only what has changed, with what rests on it, and tells what a check
//! of everything would tell. Held over the corpus of `fixtures/`.

mod common;

use std::path::PathBuf;
use std::sync::Arc;

use footgun_analysis::project::Project;
use footgun_analysis::source::FileId;
use footgun_check::check::{Checked, Earlier, check, check_after};
use footgun_check::premises::Premises;
use footgun_check::terminal::progress::Progress;
use footgun_check::texts::Texts;
use footgun_rules::RULES;
use proptest::prelude::*;
use proptest::sample::Index;

type Files = Vec<(PathBuf, String)>;

fn files_of(project: &Project) -> Files {
    let files = project.files.iter();
    files
        .map(|source| (source.path.clone(), source.text.clone()))
        .collect()
}

/// The projects of the corpus of which one file may tell something of another.
fn projects_of_several_files() -> Vec<Files> {
    let cases = common::children(&common::root().join("fixtures/corpus"));
    let cases = cases.iter().map(|case| files_of(&common::project_in(case)));
    cases.filter(|files| files.len() > 1).collect()
}

fn checked(project: &Project) -> Checked {
    let premises = Premises::plain(RULES);
    check(&Texts::new(project), &premises, &Progress::default())
}

/// The check of other files, after one.
fn again(files: Files, before: (&Project, &Checked)) -> (Project, Checked) {
    let project = common::project(files).after(before.0);
    let premises = Premises::plain(RULES);
    let earlier = Earlier {
        project: before.0,
        checked: before.1,
    };
    let texts = Texts::new(&project);
    let checked = check_after(&texts, &premises, Some(earlier), &Progress::default());
    drop(texts);
    (project, checked)
}

fn told(checked: &Checked) -> String {
    let Checked {
        findings,
        silences,
        problems,
        given_up,
        facts,
        ..
    } = checked;
    format!("{findings:#?}\n{silences:#?}\n{problems:#?}\n{given_up:#?}\n{facts:#?}")
}

/// Which files of a check were taken from the one before, by their paths.
fn kept<'p>(project: &'p Project, before: &Checked, after: &Checked) -> Vec<&'p str> {
    let is_kept = |file: &FileId| {
        let outcome = |checked: &Checked| checked.outcomes[file].clone();
        matches!((outcome(before), outcome(after)), (Some(a), Some(b)) if Arc::ptr_eq(&a, &b))
    };
    let files = after.outcomes.keys().filter(|file| is_kept(file));
    files
        .map(|file| project.file(*file).path.to_str().expect("a plain name"))
        .collect()
}

/// A change of one line: it goes, it is there twice, a line of another file takes its place, or
/// something in it, or in the next where that can be, becomes something else.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    Repeat,
    Replace(Index, Index),
    Turn,
}

/// What becomes of the first of these that stands in a line.
const TURNS: [(&str, &str); 9] = [
    ("0", "9"),
    ("9", "0"),
    ("win32", "linux"),
    ("nt", "posix"),
    ("True", "False"),
    ("==", "!="),
    ("if ", "if not "),
    ("return ", "return None or "),
    ("npm", "git"),
];

fn change() -> impl Strategy<Value = (Index, Index, Change)> {
    let change = prop_oneof![
        Just(Change::Remove),
        Just(Change::Repeat),
        any::<(Index, Index)>().prop_map(|(file, line)| Change::Replace(file, line)),
        Just(Change::Turn),
        Just(Change::Turn),
        Just(Change::Turn),
    ];
    (any::<Index>(), any::<Index>(), change)
}

fn changed(files: &Files, (file, line, change): &(Index, Index, Change)) -> Files {
    let lines = |file: &Index| -> Vec<String> {
        let text = &files[file.index(files.len())].1;
        text.split_inclusive('\n').map(str::to_owned).collect()
    };
    let mut own = lines(file);
    let mut changed = files.clone();
    if !own.is_empty() {
        let at = line.index(own.len());
        match change {
            Change::Remove => drop(own.remove(at)),
            Change::Repeat => own.insert(at, own[at].clone()),
            Change::Turn => {
                let turn = |line: &String| {
                    let turn = TURNS.iter().find(|(from, _)| line.contains(from));
                    turn.map(|(from, to)| line.replacen(from, to, 1))
                };
                let next = (at..own.len()).chain(0..at);
                let turned = next.filter_map(|at| Some((at, turn(&own[at])?))).next();
                if let Some((at, line)) = turned {
                    own[at] = line;
                }
            }
            Change::Replace(file, line) => {
                let other = lines(file);
                if !other.is_empty() {
                    own[at] = other[line.index(other.len())].clone();
                }
            }
        }
        changed[file.index(files.len())].1 = own.concat();
    }
    changed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_check_after_changes_tells_what_a_new_one_tells(
        case in any::<Index>(),
        changes in prop::collection::vec(change(), 1..6),
    ) {
        let cases = projects_of_several_files();
        let mut project = common::project(cases[case.index(cases.len())].clone());
        let mut found = checked(&project);
        for change in &changes {
            let files = changed(&files_of(&project), change);
            let new = common::project(files.clone());
            (project, found) = again(files, (&project, &found));
            prop_assert_eq!(told(&found), told(&checked(&new)));
        }
    }
}

#[test]
fn only_what_has_changed_and_what_rests_on_it_is_evaluated() {
    let mut files: Files = [
        ("app/__init__.py", ""),
        ("app/kind.py", "KIND = 1\n"),
        (
            "app/main.py",
            "import os\nfrom app.pids import ASK\n\ndef alive(pid):\n    if ASK:\n        os.kill(pid, 0)\n",
        ),
        (
            "app/other.py",
            "import subprocess\n\ndef go():\n    subprocess.run([\"npm\"])\n",
        ),
        ("app/pids.py", "from app.kind import KIND\n\nASK = KIND == 1\n"),
        // One of the two reads a module that the other has had evaluated.
        (
            "app/second.py",
            "import os\nfrom app.pids import ASK\n\ndef lives(pid):\n    if ASK:\n        os.kill(pid, 0)\n",
        ),
    ]
    .map(|(path, text)| (path.into(), text.to_owned()))
    .into();
    let first = common::project(files.clone());
    let before = checked(&first);
    assert_eq!(before.findings.len(), 3);

    files[1].1 = "KIND = 2\n".to_owned();
    let (second, after) = again(files.clone(), (&first, &before));
    assert_eq!(after.findings.len(), 1);
    let others = ["app/__init__.py", "app/other.py", "app/pids.py"];
    assert_eq!(kept(&second, &before, &after), others);

    // Whether something calls `go` is looked for in all files.
    files[0].1 = "from app.other import go\n".to_owned();
    let (third, last) = again(files, (&second, &after));
    let others = ["app/kind.py", "app/main.py", "app/pids.py", "app/second.py"];
    assert_eq!(kept(&third, &after, &last), others);
}

/// Each changes one file, which nobody reads for the answer that it changes.
#[test]
fn what_is_asked_of_all_files_is_asked_again() {
    const PROBE: &str = "import os\n\ndef alive(pid):\n    os.kill(pid, 0)\n";
    const IN_RUST: &str = "pub fn alive(pid: i32) -> bool { unsafe { libc::kill(pid, 0) == 0 } }\n";
    // The other files, then the changed one before and after.
    type Case<'c> = (&'c [(&'c str, &'c str)], &'c str, &'c str, &'c str);
    let cases: [Case; 5] = [
        (
            &[
                (
                    "main.py",
                    "import os\nfrom pool import PIDS\n\ndef alive():\n    for pid in PIDS:\n        \
                     os.kill(pid, 0)\n",
                ),
                ("pool.py", "PIDS = []\n"),
            ],
            "fill.py",
            "from pool import PIDS\n",
            "from pool import PIDS\n\ndef add(pid):\n    PIDS.append(pid)\n",
        ),
        (
            &[
                (
                    "main.py",
                    "import os\nimport state\n\ndef alive(pid):\n    os.kill(pid, state.ASK)\n",
                ),
                ("state.py", "ASK = 0\n"),
            ],
            "set.py",
            "import state\n",
            "import state\n\ndef end():\n    state.ASK = 15\n",
        ),
        (
            &[("app/main.py", PROBE)],
            "app/__init__.py",
            "",
            "import fcntl\n",
        ),
        (
            &[
                ("app/__init__.py", ""),
                ("app/main.py", PROBE),
                ("app/all.py", "import app.main\n"),
            ],
            "run.py",
            "import app.all\n",
            "import sys\nif sys.platform != 'win32':\n    import app.all\n",
        ),
        (
            &[("src/probe.rs", IN_RUST), ("src/other.rs", IN_RUST)],
            "src/main.rs",
            "mod other;\nmod probe;\nfn main() {}\n",
            "#[cfg(unix)]\nmod other;\n#[cfg(unix)]\nmod probe;\nfn main() {}\n",
        ),
    ];
    for (others, path, before, after) in cases {
        let files = |text: &str| -> Files {
            let all = others.iter().copied().chain([(path, text)]);
            all.map(|(path, text)| (path.into(), text.to_owned()))
                .collect()
        };
        let first = common::project(files(before));
        let found = checked(&first);
        let (_, last) = again(files(after), (&first, &found));
        assert_ne!(told(&found), told(&last), "{path}");
        let new = checked(&common::project(files(after)));
        assert_eq!(told(&new), told(&last), "{path}");
    }
}
