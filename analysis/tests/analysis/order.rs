//! What is recorded does not depend on the order of the files, of the questions, or on threads.

use std::path::Path;

use footgun_analysis::project::Project;
use footgun_analysis::source::FileId;
use footgun_analysis::{Session, analyse};
use proptest::prelude::*;

use crate::common::{demand, ids, project};

/// Modules that use each other, each by its path.
const FILES: [(&str, &str); 12] = [
    (
        "app/__init__.py",
        "from app.compat import detach_kwargs\nfrom .probe import alive\n",
    ),
    (
        "app/compat.py",
        "import subprocess, sys\nIS_WINDOWS = sys.platform == 'win32'\nDETACHED = 0x8\n\
         def detach_flags():\n    return DETACHED | 0x01000000 if IS_WINDOWS else 0\n\
         def detach_kwargs():\n    if IS_WINDOWS:\n        return {'creationflags': detach_flags()}\n    return {'start_new_session': True}\n",
    ),
    (
        "app/probe.py",
        "import os\nfrom app import compat\ndef alive(pid, sig=0):\n    if compat.IS_WINDOWS and os.environ.get('X'):\n        return None\n    os.kill(pid, sig)\n",
    ),
    (
        "app/posix.py",
        "import os\nimport fcntl\nfrom .probe import alive\ndef lock(pid):\n    os.kill(pid, 0)\n    return alive(pid)\n",
    ),
    (
        "app/service.py",
        "import subprocess\nfrom app import detach_kwargs, alive\ndef start(command):\n    try:\n        return subprocess.Popen(command, **detach_kwargs())\n    except OSError:\n        return retry(command)\n\
         def retry(command):\n    kwargs = detach_kwargs()\n    kwargs['creationflags'] &= ~0x01000000\n    return subprocess.Popen(command, **kwargs)\n",
    ),
    (
        "app/tools.py",
        "import subprocess\nfrom app.service import start\ndef npm(*args):\n    return run(['npm', *args])\ndef run(argv):\n    return subprocess.run(argv, check=True)\n",
    ),
    (
        "app/cli.py",
        "import sys\nfrom app.tools import npm, run\nfrom app.service import start\nfrom app import compat, posix\n\
         if not compat.IS_WINDOWS:\n    posix.lock(1)\ndef main():\n    npm('install')\n    run(['yarn'])\n    start([sys.executable])\n",
    ),
    (
        "app/cycle_a.py",
        "from app.cycle_b import B\nimport os\nA = 0\ndef probe(pid):\n    os.kill(pid, B)\n",
    ),
    (
        "app/cycle_b.py",
        "from app.cycle_a import A\nimport os\nB = 0\ndef probe(pid):\n    os.kill(pid, A)\n    from app.cycle_a import probe as other\n    other(pid)\n",
    ),
    (
        "src/main.rs",
        "mod flags;\n#[cfg(unix)]\nmod posix;\nfn main() {\n    std::process::Command::new(\"npm\").spawn().unwrap();\n    flags::start().unwrap();\n}\n",
    ),
    (
        "src/flags.rs",
        "use std::os::windows::process::CommandExt;\npub fn start() -> std::io::Result<std::process::Child> {\n    let mut c = std::process::Command::new(\"node\");\n    c.creation_flags(0x208);\n    c.spawn()\n}\n",
    ),
    (
        "src/posix.rs",
        "pub fn alive(pid: i32) -> bool { unsafe { libc::kill(pid, 0) == 0 } }\n",
    ),
];

/// What is recorded of a file, with paths instead of the numbers that files have.
fn recorded(session: &Session, file: FileId) -> (String, String) {
    let document = analyse(session, file);
    let path = session.project().file(file).path.display().to_string();
    (path, format!("{:#?}", document.facts))
}

fn all(project: &Project, order: impl IntoIterator<Item = FileId>) -> Vec<(String, String)> {
    let session = Session::new(project, demand());
    let mut all: Vec<_> = order
        .into_iter()
        .map(|file| recorded(&session, file))
        .collect();
    all.sort();
    all
}

fn on_threads(project: &Project, count: usize) -> Vec<(String, String)> {
    let files: Vec<FileId> = ids(project).collect();
    let session = &Session::new(project, demand());
    let mut all: Vec<_> = std::thread::scope(|scope| {
        let share = |number: usize| {
            let mine: Vec<FileId> = files.iter().skip(number).step_by(count).copied().collect();
            scope.spawn(move || {
                mine.into_iter()
                    .map(|file| recorded(session, file))
                    .collect()
            })
        };
        let threads: Vec<_> = (0..count).map(share).collect();
        threads
            .into_iter()
            .flat_map(|thread| -> Vec<_> { thread.join().expect("the analysis does not panic") })
            .collect()
    });
    all.sort();
    all
}

/// The numbers of the files are those of the sorted paths, whatever order they are given in.
#[test]
fn paths_are_sorted() {
    let mut files = FILES.to_vec();
    files.reverse();
    let project = project(&files);
    let paths: Vec<&Path> = project.files.iter().map(|file| &*file.path).collect();
    assert!(paths.is_sorted());
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 8,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn facts_depend_on_the_files_alone(
        files in prop::sample::subsequence(FILES.to_vec(), 2..=FILES.len()),
        seed in Just(()).prop_perturb(|(), rng| rng),
    ) {
        let expected = {
            let project = project(&files);
            all(&project, ids(&project))
        };
        let mut rng = seed;
        let mut shuffled = files.clone();
        shuffle(&mut shuffled, &mut rng);
        let project = project(&shuffled);
        let mut order: Vec<FileId> = ids(&project).collect();
        shuffle(&mut order, &mut rng);
        prop_assert_eq!(&all(&project, order), &expected);
        prop_assert_eq!(&on_threads(&crate::common::project(&shuffled), 4), &expected);
    }
}

fn shuffle<T>(items: &mut [T], rng: &mut impl Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, rng.next_u32() as usize % (last + 1));
    }
}
