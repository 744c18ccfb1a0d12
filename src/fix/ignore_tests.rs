//! Ignore comments for what the real rules find.

use super::super::rounds::fix;
use super::*;
use crate::premises::Premises;
use crate::terminal::progress::Progress;
use crate::testing::project;
use footgun_rules::RULES;

fn with_comments(snapshot: &Snapshot) -> Vec<Option<Repair>> {
    comments(snapshot, NO_REASON)
}

/// The file with comments for everything that is found in it, which is nothing afterwards, neither
/// for a second run.
fn ignored(path: &str, text: &str) -> String {
    let premises = Premises::plain(RULES);
    let start = Snapshot::new(
        project(&[(path, text)]).files,
        &premises,
        &Progress::default(),
    );
    assert_ne!(start.checked.findings, []);
    let outcome = fix(&start, &with_comments, Applicability::Safe);
    assert_eq!(outcome.given_up, []);
    let end = outcome.snapshot.expect("comments");
    assert_eq!(end.checked.findings, []);
    assert_eq!(end.checked.problems, start.checked.problems);
    assert!(
        fix(&end, &with_comments, Applicability::Safe)
            .snapshot
            .is_none()
    );
    end.project.files[0].text.clone()
}

#[test]
fn above_the_statement() {
    assert_eq!(
        ignored(
            "a.py",
            "import os\r\ndef f(pid):\r\n\tos.kill(\r\n\t\tpid, 0)"
        ),
        format!(
            "import os\r\ndef f(pid):\r\n\t# footgun: ignore[pid-probe] {NO_REASON}\r\n\tos.kill(\r\n\t\tpid, 0)"
        )
    );
    let main = "use std::process::Command;\nfn main() {\n    Command::new(\"npm\")\n        .spawn()\n        .unwrap();\n}\n";
    assert_eq!(
        ignored("src/main.rs", main),
        main.replace(
            "    Command::new",
            &format!("    // footgun: ignore[bare-shim] {NO_REASON}\n    Command::new")
        )
    );
}

#[test]
fn one_comment_for_two_rules() {
    assert_eq!(
        ignored(
            "a.py",
            "import subprocess\nsubprocess.Popen([\"npm\"], start_new_session=True)\n"
        ),
        format!(
            "import subprocess\n# footgun: ignore[bare-shim, posix-only-detach] {NO_REASON}\n\
             subprocess.Popen([\"npm\"], start_new_session=True)\n"
        )
    );
}

#[test]
fn at_the_end_of_a_line_that_is_begun_elsewhere() {
    let comment = format!("# footgun: ignore[pid-probe] {NO_REASON}");
    assert_eq!(
        ignored(
            "a.py",
            "import os\ntext = \"\"\"\n\"\"\"; os.kill(pid, 0)\n"
        ),
        format!("import os\ntext = \"\"\"\n\"\"\"; os.kill(pid, 0)  {comment}\n")
    );
    assert_eq!(
        ignored("a.py", "import os\npid = 1; \\\nos.kill(pid, 0)  # why\n"),
        format!("import os\npid = 1; \\\nos.kill(pid, 0)  # why  {comment}\n")
    );
}

#[test]
fn for_the_file_where_the_program_is_in_a_string() {
    let text = "#!/usr/bin/env python\n# coding: utf-8\nimport subprocess, sys\n\
                code = \"\"\"\nimport os\nos.kill(1, 0)\n\"\"\"\nsubprocess.run([sys.executable, \"-c\", code])\n";
    assert_eq!(
        ignored("a.py", text),
        text.replace(
            "import subprocess, sys",
            &format!("# footgun: ignore-file[pid-probe] {NO_REASON}\nimport subprocess, sys")
        )
    );
}

#[test]
fn for_a_comment_that_silences_nothing() {
    assert_eq!(
        ignored("a.py", "x = 1  # footgun: ignore[bare-shim] why\n"),
        format!(
            "# footgun: ignore[unused-ignore] {NO_REASON}\nx = 1  # footgun: ignore[bare-shim] why\n"
        )
    );
}
