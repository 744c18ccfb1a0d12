//! Shards against the whole: whatever their number, each finding is in exactly one.

mod common;

use std::path::PathBuf;

use footgun_analysis::project::Project;
use footgun_check::check::{Checked, check};
use footgun_check::premises::Premises;
use footgun_check::root::Root;
use footgun_check::shard::Shard;
use footgun_check::terminal::progress::Progress;
use footgun_check::texts::Texts;
use footgun_rules::RULES;
use proptest::prelude::*;

/// What a shard, or the whole where there is none, finds.
fn checked(project: &Project, part: Option<(u64, u64)>) -> Checked {
    let shard = part.map(|(number, count)| {
        let part = format!("{number}/{count}").parse().unwrap();
        Shard::new(part, Root::around(std::env::temp_dir()))
    });
    let premises = Premises {
        shard,
        ..Premises::plain(RULES)
    };
    check(&Texts::new(project), &premises, &Progress::default())
}

/// The findings, the silenced ones and the files that do not parse, in order.
fn outcome(runs: Vec<Checked>) -> [Vec<String>; 3] {
    let mut outcome = [const { Vec::new() }; 3];
    for run in runs {
        outcome[0].extend(
            run.findings
                .iter()
                .map(|finding| (finding.place, format!("{finding:?}"))),
        );
        outcome[1].extend(
            run.silenced
                .iter()
                .map(|(finding, by)| (finding.place, format!("{finding:?} {by:?}"))),
        );
        outcome[2].extend(run.problems.iter().map(|(file, problem)| {
            let span = problem.span;
            (
                footgun_analysis::source::Place { file: *file, span },
                format!("{problem:?}"),
            )
        }));
    }
    outcome.map(|mut part| {
        part.sort();
        part.into_iter().map(|(_, text)| text).collect()
    })
}

fn assert_shards_are_the_whole(project: &Project, count: u64) {
    let whole = outcome(vec![checked(project, None)]);
    let shards = (1..=count).map(|number| checked(project, Some((number, count))));
    assert_eq!(outcome(shards.collect()), whole);
}

#[test]
fn shards_of_the_fixtures_are_the_whole() {
    let project = common::project_in(&common::root().join("fixtures"));
    for count in [2, 5] {
        assert_shards_are_the_whole(&project, count);
    }
}

/// A module of a random project. What it does not do itself it leaves to another.
#[derive(Clone, Debug)]
enum Module {
    Starts,
    PassesOn(usize),
    /// Calls with these options, in so many functions.
    Calls(usize, &'static str, usize),
    Broken,
}

/// A file whose functions all hold a word for which they are evaluated: what they call is found from
/// there, too.
fn text(module: &Module, names: &[String], comment: &str) -> String {
    let of = |index: &usize| &names[index % names.len()];
    match module {
        Module::Starts => format!(
            "import subprocess\n\n\ndef start(**options):\n    null = subprocess.DEVNULL\n    \
             subprocess.Popen(['agent'], stdin=null, stdout=null, stderr=null, **options){comment}\n"
        ),
        Module::PassesOn(to) => format!(
            "import {0}\n\n\ndef start(**options):\n    # as subprocess does\n    \
             {0}.start(**options){comment}\n",
            of(to)
        ),
        Module::Calls(to, options, times) => {
            let function = |number| {
                format!(
                    "def go_{number}():\n    # as subprocess does\n    start({options}){comment}\n"
                )
            };
            let functions: Vec<String> = (0..*times).map(function).collect();
            format!(
                "from {} import start\n\n\n{}",
                of(to),
                functions.join("\n\n")
            )
        }
        Module::Broken => "import subprocess\ndef f(:\n    subprocess\n".to_owned(),
    }
}

fn module() -> impl Strategy<Value = (Module, &'static str)> {
    let options = prop_oneof![
        Just("start_new_session=True"),
        Just("creationflags=0x208"),
        Just("creationflags=0x01000208"),
    ];
    // A function with very many callers does not look at them itself.
    let times = prop_oneof![Just(1_usize), Just(30)];
    let module = prop_oneof![
        2 => Just(Module::Starts),
        1 => (0..8_usize).prop_map(Module::PassesOn),
        4 => (0..8_usize, options, times)
            .prop_map(|(to, options, times)| Module::Calls(to, options, times)),
        1 => Just(Module::Broken),
    ];
    let comment = prop_oneof![
        3 => Just(""),
        1 => Just("  # footgun: ignore[no-breakaway] it may die"),
        1 => Just("  # footgun: ignore[posix-only-detach] as it is"),
    ];
    (module, comment)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn shards_of_random_projects_are_the_whole(
        modules in proptest::collection::btree_map("[a-z]{1,3}_", module(), 1..8),
        count in 1..7_u64,
    ) {
        let names: Vec<String> = modules.keys().cloned().collect();
        let files = modules.iter().map(|(name, (module, comment))| {
            (PathBuf::from(format!("{name}.py")), text(module, &names, comment))
        });
        let project = common::project(files);
        assert_shards_are_the_whole(&project, count);
    }
}
