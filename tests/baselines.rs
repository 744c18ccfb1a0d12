//! Baselines from outside: what is known is not reported, wherever its line has moved.

#[path = "common/command.rs"]
mod command;

use std::fs;
use std::path::Path;

use command::{run, tree};

const TWO: &str = "import os\n\n\ndef alive(pid):\n    os.kill(pid, 0)\n\n\ndef again(pid):\n    os.kill(pid, 0)\n";

fn concise(root: &Path, args: &[&str]) -> String {
    run(root, &[&["--output-format", "concise"], args].concat())
}

#[test]
fn what_is_known_is_not_reported_again() {
    let root = tree(&[
        ("footgun-check.toml", b"baseline = 'known.json'\n"),
        ("a.py", TWO.as_bytes()),
        ("b.py", TWO.as_bytes()),
    ]);
    let path = root.path();
    insta::assert_snapshot!(concise(path, &[]));
    insta::assert_snapshot!(concise(path, &["--write-baseline"]));
    insta::assert_snapshot!(fs::read_to_string(path.join("known.json")).unwrap());
    insta::assert_snapshot!(concise(path, &[]));

    // Lines move, one finding is gone, one is new, a file is gone.
    let moved = TWO
        .replace("import os\n", "import os\nimport sys\n\nsys.path\n")
        .replace("def again(pid):\n    os.kill(pid, 0)", "os.kill(1,  0)");
    fs::write(path.join("a.py"), moved).unwrap();
    fs::remove_file(path.join("b.py")).unwrap();
    insta::assert_snapshot!(concise(path, &[]));

    // Of a part of the project only that part is written anew.
    fs::write(path.join("c.py"), TWO).unwrap();
    insta::assert_snapshot!(concise(path, &["--write-baseline", "c.py"]));
    insta::assert_snapshot!(concise(path, &[]));
    assert!(
        !fs::read_to_string(path.join("known.json"))
            .unwrap()
            .contains("b.py")
    );
    insta::assert_snapshot!(concise(path, &["--write-baseline"]));
    insta::assert_snapshot!(concise(path, &[]));
}

#[test]
fn a_baseline_is_named_or_there_is_none() {
    let root = tree(&[
        ("a.py", TWO.as_bytes()),
        ("wrong.json", b"{\"version\": 1}\n"),
        ("newer.json", b"{\"version\": 9, \"findings\": []}\n"),
    ]);
    let path = root.path();
    insta::assert_snapshot!(concise(path, &["--write-baseline"]));
    insta::assert_snapshot!(concise(path, &["--baseline", "nowhere.json"]));
    insta::assert_snapshot!(concise(path, &["--baseline", "wrong.json"]));
    insta::assert_snapshot!(concise(path, &["--baseline", "newer.json"]));
    insta::assert_snapshot!(concise(
        path,
        &["--baseline", "new.json", "--write-baseline"]
    ));
    insta::assert_snapshot!(concise(path, &["--baseline", "new.json"]));
}
