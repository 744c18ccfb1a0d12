//! Process groups: whether Windows comes to the code that deals with them, and what it does instead.

use crate::common::python;

/// The method that starts a child in a session of its own.
const START: &str = "import os, subprocess, win32api, win32job
class Server:
    def start(self, command):
        self.child = subprocess.Popen(command, start_new_session=True)
";

/// Whether the code of a method leaves groups to others, and whether the child is in a job.
fn groups(code: &str) -> (bool, bool) {
    let facts = python(&format!("{START}{code}"));
    assert_eq!(facts.spawns.len(), 1, "{code}");
    (facts.spawns[0].leaves_groups, facts.spawns[0].in_job)
}

#[test]
fn windows_may_not_come_to_groups() {
    let cases = [
        ("os.killpg(self.child.pid, 9)", false),
        ("if os.name == 'posix': os.killpg(self.child.pid, 9)", true),
        (
            "if hasattr(os, 'killpg'): os.killpg(self.child.pid, 9)",
            true,
        ),
        ("if self.hard: os.killpg(self.child.pid, 9)", false),
        ("self.child.kill()  # not os.killpg", false),
    ];
    for (code, expected) in cases {
        let method = format!("    def stop(self):\n        {code}\n");
        assert_eq!(groups(&method), (expected, false), "{code}");
    }
}

#[test]
fn a_child_is_put_into_a_job() {
    let cases = [
        (
            "        handle = win32api.OpenProcess(1, False, self.child.pid)\n        win32job.AssignProcessToJobObject(self.job, handle)\n",
            true,
        ),
        (
            "        handle = win32api.OpenProcess(1, False, self.other)\n        win32job.AssignProcessToJobObject(self.job, handle)\n",
            false,
        ),
    ];
    for (code, expected) in cases {
        assert_eq!(groups(code), (false, expected), "{code}");
    }
}
