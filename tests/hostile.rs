//! The command over files that no one writes: it ends, says what it left out, and checks the rest.

#[path = "common/command.rs"]
mod command;

use command::{run, tree};

const PROBE: &str = "import os\n\n\ndef probe(pid):\n    os.kill(pid, 0)\n";

/// What a run over one file prints, with `text` in front of a probe.
fn checked(path: &str, text: &str) -> String {
    let root = tree(&[(path, text.as_bytes())]);
    run(root.path(), &["--output-format", "concise", "--isolated"])
}

#[test]
fn a_name_of_a_script_behind_an_arrow() {
    insta::assert_snapshot!(checked("app.py", &format!("print(\"→main.py\")\n{PROBE}")));
}

#[test]
fn a_macro_without_branches() {
    let text = "fn main() { cfg_if! {} }\n\
                fn probe(pid: i32) { unsafe { libc::kill(pid, 0) }; }\n";
    insta::assert_snapshot!(checked("src/main.rs", text));
}

#[test]
fn a_text_that_nests_too_deep() {
    let deep = format!("x = {}1{}\n", "[".repeat(80_000), "]".repeat(80_000));
    insta::assert_snapshot!(checked("app.py", &format!("{deep}{PROBE}")));
}

#[test]
fn many_arms_and_branches() {
    let elifs = "    elif pid == 7:\n        pass\n".repeat(10_000);
    let text = format!(
        "import os\n\n\ndef probe(pid):\n    if pid:\n        pass\n{elifs}    else:\n        \
         os.kill(pid, 0)\n"
    );
    insta::assert_snapshot!(checked("app.py", &text));
    let arms = "7 => {}\n".repeat(60_000);
    let text = format!(
        "fn probe(pid: i32) {{ match pid {{\n{arms}_ => unsafe {{ libc::kill(pid, 0) }} }} }}\n"
    );
    insta::assert_snapshot!(checked("src/main.rs", &text));
}
