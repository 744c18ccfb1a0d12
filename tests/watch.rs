//! `--watch`: what changes is checked again, and nothing else is.

#[path = "common/command.rs"]
mod command;

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use command::{command, run, tree};
use tempfile::TempDir;

const PROBE: &[u8] = b"import os\n\n\ndef probe(pid):\n    os.kill(pid, 0)\n";
const CLEAN: &[u8] = b"import os\n";

/// How long something may take that is bound to come.
const LIMIT: Duration = Duration::from_secs(60);

/// A watch over a project.
struct Watch {
    child: Child,
    /// Standard error, line by line.
    messages: Receiver<String>,
}

impl Watch {
    fn start(root: &Path, args: &[&str]) -> Watch {
        let args = [&["--watch", "--output-format", "concise"], args].concat();
        let mut child = command(root, &args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, messages) = mpsc::channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Watch { child, messages }
    }

    /// What is said until the next wait for a change.
    fn round(&self) -> Vec<String> {
        let mut said = Vec::new();
        loop {
            let line = self.messages.recv_timeout(LIMIT);
            let line = line.unwrap_or_else(|_| panic!("after {said:?}"));
            if line == "note: waiting for a change; Ctrl+C ends" {
                return said;
            }
            said.push(line);
        }
    }

    /// Waits for a round that says `words`: one change may be noticed as several.
    fn wait_for(&self, words: &str) {
        let end = Instant::now() + LIMIT;
        while !self.round().iter().any(|line| line.contains(words)) {
            assert!(Instant::now() < end, "no {words:?}");
        }
    }

    /// Ends it; says what it has written to standard output.
    fn end(mut self) -> String {
        self.child.kill().unwrap();
        let mut reports = String::new();
        let mut stdout: ChildStdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut reports).unwrap();
        self.child.wait().unwrap();
        reports
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // One that has ended cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a file in one step. Windows refuses that while the check at hand has the old one open.
fn put(root: &TempDir, path: &str, bytes: &[u8]) {
    let beside = root.path().join("new.tmp");
    fs::write(&beside, bytes).unwrap();
    let end = Instant::now() + LIMIT;
    loop {
        match fs::rename(&beside, root.path().join(path)) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                assert!(Instant::now() < end, "{path}: {error}");
                thread::sleep(Duration::from_millis(10));
            }
            renamed => return renamed.unwrap(),
        }
    }
}

#[test]
fn what_changes_is_checked_again() {
    let root = tree(&[
        ("probe.py", CLEAN),
        ("pkg/a.py", CLEAN),
        (".gitignore", b"gen.py\n"),
    ]);
    let watch = Watch::start(root.path(), &[]);
    let summary = |files: &str, findings: &str| {
        format!("{files} scanned, 0 skipped, 0 unparsable; {findings}")
    };
    let clean = |files| summary(files, "no findings");
    let found = |files| summary(files, "1 finding: 1 pid-probe");
    assert_eq!(watch.round(), [clean("2 files")]);
    put(&root, "probe.py", PROBE);
    watch.wait_for(&found("2 files"));
    put(&root, "pkg/new.py", CLEAN);
    watch.wait_for(&found("3 files"));
    fs::remove_file(root.path().join("pkg/new.py")).unwrap();
    watch.wait_for(&found("2 files"));
    put(&root, "footgun-check.toml", b"exclude = ['probe.py']\n");
    watch.wait_for(&clean("1 file"));
    put(&root, "footgun-check.toml", b"nonsense = 1\n");
    watch.wait_for("error: ");
    put(&root, "footgun-check.toml", b"");
    watch.wait_for(&found("2 files"));
    put(&root, ".gitignore", b"pkg/\n");
    watch.wait_for(&found("1 file"));
    let reports = watch.end();
    let line = run(root.path(), &["--output-format", "concise"]);
    let line = line
        .lines()
        .find(|line| line.contains("[pid-probe]"))
        .unwrap();
    assert!(reports.lines().all(|report| report == line), "{reports}");
    assert!(reports.lines().count() >= 5, "{reports}");
}

#[test]
fn only_what_rests_on_a_change_is_evaluated_again() {
    // Who mentions the function of the other file is asked of all files.
    let other = b"import os\n\n\ndef alive(pid):\n    os.kill(pid, 0)\n";
    let root = tree(&[("probe.py", PROBE), ("other.py", other)]);
    let watch = Watch::start(root.path(), &["--verbose"]);
    let times = |said: &[String]| -> Vec<String> {
        let files = said.iter().filter_map(|line| line.split_once(".py took "));
        let mut files: Vec<String> = files.map(|(file, _)| file.to_owned()).collect();
        files.sort();
        files
    };
    assert_eq!(times(&watch.round()), ["info: other", "info: probe"]);
    put(&root, "probe.py", CLEAN);
    let mut said = watch.round();
    while times(&said).is_empty() {
        said = watch.round();
    }
    assert_eq!(times(&said), ["info: probe"]);
}

#[test]
fn nothing_is_checked_again_for_nothing() {
    let root = tree(&[
        ("probe.py", CLEAN),
        ("node_modules/a.py", CLEAN),
        ("notes.txt", b""),
    ]);
    let watch = Watch::start(root.path(), &[]);
    watch.round();
    put(&root, "notes.txt", b"text\n");
    put(&root, "node_modules/a.py", PROBE);
    fs::read(root.path().join("probe.py")).unwrap();
    // A mark behind all of that: it is the first thing to be noticed.
    put(&root, "probe.py", PROBE);
    let said = watch.round();
    assert!(said[0].contains("1 finding"), "{said:?}");
    // What the check itself reads is no change.
    let more = watch.messages.recv_timeout(Duration::from_secs(1));
    assert!(more.is_err(), "{more:?}");
}

#[test]
fn a_file_is_watched_with_its_project() {
    let root = tree(&[
        ("pyproject.toml", b""),
        ("kinds.py", b"SIGNAL = 0\n"),
        (
            "pkg/probe.py",
            b"import os\nfrom kinds import SIGNAL\n\nos.kill(7, SIGNAL)\n",
        ),
    ]);
    let watch = Watch::start(root.path(), &["pkg/probe.py"]);
    assert!(watch.round()[0].contains("1 finding"));
    put(&root, "kinds.py", b"SIGNAL = 9\n");
    watch.wait_for("no findings");
}

/// What a clone of a repository ignores, what a configuration extends, and what a project depends on.
#[test]
fn settings_of_other_names_are_watched() {
    let root = tree(&[
        (".git/HEAD", b"ref: refs/heads/main\n"),
        (".git/info/exclude", b""),
        ("base.toml", b""),
        ("footgun-check.toml", b"extend = 'base.toml'\n"),
        ("sub/probe.py", PROBE),
    ]);
    for path in [".", "sub"] {
        let watch = Watch::start(root.path(), &[path]);
        assert!(watch.round()[0].contains("1 finding"));
        put(&root, ".git/info/exclude", b"probe.py\n");
        watch.wait_for("0 files scanned");
        put(&root, ".git/info/exclude", b"");
        watch.wait_for("1 finding");
    }
    let watch = Watch::start(root.path(), &[]);
    watch.round();
    put(&root, "base.toml", b"ignore = ['pid-probe']\n");
    watch.wait_for("no findings");
    put(&root, "Pipfile", b"");
    watch.wait_for("no findings");
}

#[test]
fn a_watch_ends_with_its_reader() {
    let root = tree(&[("probe.py", PROBE)]);
    let mut watch = Watch::start(root.path(), &[]);
    watch.round();
    drop(watch.child.stdout.take());
    put(&root, "probe.py", &[PROBE, b"\n"].concat());
    assert_eq!(watch.child.wait().unwrap().code(), Some(1));
}

#[test]
fn what_cannot_be_watched() {
    let root = tree(&[("probe.py", CLEAN)]);
    insta::assert_snapshot!(run(root.path(), &["--watch", "-"]));
    insta::assert_snapshot!(run(root.path(), &["--watch", "--fix"]));
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_a_watch() {
    use std::os::unix::process::ExitStatusExt;
    const SIGINT: i32 = 2;
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.unwrap().trim(), 16).unwrap();
    if ignored & (1 << (SIGINT - 1)) != 0 {
        eprintln!("skipped: whoever runs the tests has them ignore Ctrl+C");
        return;
    }
    let root = tree(&[("probe.py", CLEAN)]);
    let mut watch = Watch::start(root.path(), &[]);
    watch.round();
    let kill = format!("kill -{SIGINT} {}", watch.child.id());
    let sent = std::process::Command::new("sh")
        .args(["-c", &kill])
        .status();
    assert!(sent.unwrap().success());
    assert_eq!(watch.child.wait().unwrap().signal(), Some(SIGINT));
}
