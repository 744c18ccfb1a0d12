//! The command on a terminal: colours, links, progress and hints, and none of them elsewhere.

#![cfg(unix)]

#[path = "common/command.rs"]
mod command;
#[path = "common/pty.rs"]
mod pty;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use command::{command, run, tree};
use footgun_check::report::Format;
use pty::{Ended, On, Session, screen};
use tempfile::TempDir;

const PROBE: &[u8] = b"import os\n\n\ndef probe(pid):\n    os.kill(pid, 0)\n";

const ESCAPE: char = '\u{1b}';

/// A terminal that shows colours and is not known to follow links.
const PLAIN: (&str, &str) = ("TERM", "xterm");

/// One that follows links.
const LINKING: (&str, &str) = ("TERM", "xterm-kitty");

/// The command in a folder, with more of an environment.
fn with(root: &Path, args: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = command(root, args);
    command.envs(environment.iter().copied());
    command
}

/// A run with streams on a terminal.
fn on(on: On, root: &Path, args: &[&str], environment: &[(&str, &str)]) -> Ended {
    Session::start(&mut with(root, args, environment), on).end()
}

/// Whether a run has colours on standard output and on standard error.
fn colours(terminal: Option<On>, args: &[&str], environment: &[(&str, &str)]) -> (bool, bool) {
    let root = tree(&[("probe.py", PROBE)]);
    let args = [args, &["probe.py", "nowhere.py"]].concat();
    let has_escape = |text: &str| text.contains(ESCAPE);
    match terminal {
        None => {
            let output = with(root.path(), &args, environment).output().unwrap();
            let text = |bytes| String::from_utf8(bytes).unwrap();
            (
                has_escape(&text(output.stdout)),
                has_escape(&text(output.stderr)),
            )
        }
        Some(stream) => {
            let Ended {
                terminal, pipes, ..
            } = on(stream, root.path(), &args, environment);
            match stream {
                On::Output => (has_escape(&terminal), has_escape(&pipes)),
                On::Error => (has_escape(&pipes), has_escape(&terminal)),
                On::Both => {
                    let (report, messages) = terminal.split_once("nowhere.py").unwrap();
                    (has_escape(messages), has_escape(report))
                }
            }
        }
    }
}

#[test]
fn each_stream_is_coloured_where_it_is_a_terminal() {
    assert_eq!(colours(None, &[], &[PLAIN]), (false, false));
    assert_eq!(colours(Some(On::Output), &[], &[PLAIN]), (true, false));
    assert_eq!(colours(Some(On::Error), &[], &[PLAIN]), (false, true));
    assert_eq!(colours(Some(On::Both), &[], &[PLAIN]), (true, true));
}

#[test]
fn the_environment_has_a_say_and_the_option_the_last() {
    let both = |is| (is, is);
    let dumb = ("TERM", "dumb");
    let (no, yes) = (("NO_COLOR", "1"), ("FORCE_COLOR", "1"));
    for (terminal, args, environment, expected) in [
        (Some(On::Both), &[][..], &[PLAIN, no][..], false),
        (Some(On::Both), &[], &[PLAIN, ("NO_COLOR", "")], true),
        (Some(On::Both), &[], &[PLAIN, ("CLICOLOR", "0")], false),
        (Some(On::Both), &[], &[dumb], false),
        (Some(On::Both), &["--color", "never"], &[PLAIN, yes], false),
        (Some(On::Both), &["--color=always"], &[PLAIN, no], true),
        (None, &[], &[yes], true),
        (None, &[], &[("CLICOLOR_FORCE", "1")], true),
        (None, &[], &[yes, no], false),
        (None, &["--color", "always"], &[dumb, no], true),
        (None, &["--color", "auto"], &[PLAIN], false),
    ] {
        let found = colours(terminal, args, environment);
        assert_eq!(
            found,
            both(expected),
            "{terminal:?} {args:?} {environment:?}"
        );
    }
}

#[test]
fn help_and_usage_follow_too() {
    let root = tree(&[]);
    let output = |args: &[&str]| {
        let output = with(root.path(), args, &[PLAIN]).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let on_terminal = |args: &[&str]| on(On::Both, root.path(), args, &[PLAIN]).terminal;
    for args in [&["--help"][..], &["--nonsense"]] {
        assert!(!output(args).contains(ESCAPE), "{args:?}");
        assert!(on_terminal(args).contains(ESCAPE), "{args:?}");
        let always = [&["--color=always"], args].concat();
        assert!(output(&always).contains(ESCAPE), "{args:?}");
        let never = [&["--color", "never"], args].concat();
        assert!(!on_terminal(&never).contains(ESCAPE), "{args:?}");
    }
}

#[test]
fn what_machines_read_is_never_coloured() {
    let root = tree(&[("probe.py", PROBE)]);
    let for_machines = Format::value_variants()
        .iter()
        .filter(|format| **format != Format::Full);
    for format in for_machines.filter_map(Format::to_possible_value) {
        let args = ["--color=always", "--output-format", format.get_name()];
        let run = on(On::Output, root.path(), &args, &[PLAIN]);
        assert!(!run.terminal.contains(ESCAPE), "{}", run.terminal);
    }
    let args = ["--color=always", "--output-file", "report.txt"];
    on(On::Both, root.path(), &args, &[LINKING]);
    let report = fs::read_to_string(root.path().join("report.txt")).unwrap();
    assert!(
        report.contains("probe.py:5:18") && !report.contains(ESCAPE),
        "{report}"
    );
}

/// The report and messages as they stand on the screen.
#[test]
fn the_screen_of_a_first_run() {
    let root = tree(&[("probe.py", PROBE)]);
    let run = on(On::Both, root.path(), &[], &[LINKING]);
    assert_eq!(run.status.code(), Some(1));
    insta::assert_snapshot!(screen(&run.terminal));
}

/// On a terminal a page goes through a pager; elsewhere, and where there is none, as it is.
#[test]
fn a_page_goes_through_a_pager() {
    let root = tree(&[]);
    let page = |terminal, pager| {
        let args = ["--explain", "unused-ignore"];
        on(terminal, root.path(), &args, &[("PAGER", pager)])
    };
    let numbered = "     1\tunused-ignore";
    assert!(page(On::Both, "cat -n").terminal.contains("unused-ignore"));
    let run = page(On::Both, "nl -b a");
    assert!(run.terminal.contains(numbered), "{}", run.terminal);
    assert_eq!(run.status.code(), Some(0));
    assert!(
        page(On::Error, "nl -b a")
            .pipes
            .starts_with("unused-ignore")
    );
    let run = page(On::Both, "no-such-pager");
    assert!(run.terminal.contains("Nothing breaks today."));
}

#[test]
fn a_hint_is_for_those_who_have_set_up_nothing() {
    const HINT: &str = "--explain";
    let is_given = |files: &[(&str, &[u8])], args: &[&str], terminal| {
        let root = tree(&[files, &[("probe.py", PROBE)]].concat());
        let run = on(terminal, root.path(), args, &[PLAIN]);
        run.terminal.contains(HINT)
    };
    assert!(is_given(&[], &[], On::Both));
    assert!(is_given(
        &[(".pre-commit-config.yaml", b"repos: []\n")],
        &[],
        On::Both
    ));
    let root = tree(&[("probe.py", PROBE)]);
    assert!(!run(root.path(), &[]).contains(HINT));
    // A report that is read elsewhere.
    assert!(!is_given(&[], &[], On::Error));
    assert!(!is_given(&[], &[], On::Output));
    assert!(!is_given(&[], &["--quiet"], On::Both));
    assert!(!is_given(&[], &["--output-format", "concise"], On::Both));
    assert!(!is_given(&[], &["--add-ignores"], On::Both));
    assert!(!is_given(&[("footgun-check.toml", b"")], &[], On::Both));
    let hook = b"repos:\n  - hooks:\n      - id: footgun-check\n";
    assert!(!is_given(
        &[(".pre-commit-config.yaml", hook)],
        &[],
        On::Both
    ));
    assert!(!is_given(&[], &["--ignore", "ALL"], On::Both));
}

#[test]
fn paths_are_links_where_the_terminal_follows_them() {
    let root = tree(&[("a b/probe.py", PROBE)]);
    let here = root.path().canonicalize().unwrap();
    let host = String::from_utf8(Command::new("uname").arg("-n").output().unwrap().stdout).unwrap();
    let link = format!(
        "{ESCAPE}]8;;file://{}{}/a%20b/probe.py{ESCAPE}\\a b/probe.py{ESCAPE}]8;;{ESCAPE}\\:",
        host.trim_end(),
        here.display()
    );
    for (format, plain) in [
        ("full", "a b/probe.py:5:18"),
        ("concise", "a b/probe.py:5:18: error"),
        ("grouped", "a b/probe.py:\r\n"),
    ] {
        let args = ["--output-format", format];
        let shown = |args: &[&str], environment: &[(&str, &str)]| {
            on(On::Output, &here, args, environment).terminal
        };
        let linked = shown(&args, &[LINKING]);
        assert!(linked.contains(&link), "{linked}");
        let vscode = ("TERM_PROGRAM", "vscode");
        for environment in [
            &[PLAIN][..],
            &[LINKING, ("NO_COLOR", "1")],
            &[LINKING, ("FORCE_HYPERLINK", "0")],
            &[PLAIN, vscode],
        ] {
            let unlinked = shown(&args, environment);
            assert!(!unlinked.contains("]8;;"), "{environment:?}: {unlinked}");
            assert!(unlinked.contains(plain), "{environment:?}: {unlinked}");
        }
        let forced = shown(&args, &[PLAIN, vscode, ("FORCE_HYPERLINK", "1")]);
        assert!(forced.contains(&link), "{forced}");
        let output = with(&here, &args, &[LINKING]).output().unwrap();
        assert!(!output.stdout.contains(&0x1b));
    }
}

#[test]
fn a_diff_is_text_on_a_terminal_and_bytes_elsewhere() {
    let text = b"# coding: latin-1\nimport os\n\nNAME = '\xe9'\nos.kill(NAME, 0)  # \x1b[2J\n";
    let root = tree(&[
        ("latin.py", text),
        ("requirements.txt", b"footgun-runtime\n"),
    ]);
    let shown = on(
        On::Output,
        root.path(),
        &["--diff"],
        &[PLAIN, ("NO_COLOR", "1")],
    );
    assert!(
        shown.terminal.contains("-os.kill(NAME, 0)  # \u{fffd}[2J"),
        "{}",
        shown.terminal
    );
    assert!(
        shown.terminal.contains(" NAME = '\u{fffd}'"),
        "{}",
        shown.terminal
    );
    let piped = with(root.path(), &["--diff", "--color=always"], &[])
        .output()
        .unwrap();
    let line = b" NAME = '\xe9'\n-os.kill(NAME, 0)  # \x1b[2J\n";
    let lines = piped.stdout.windows(line.len());
    assert_eq!(lines.filter(|lines| lines == line).count(), 1);
}

/// A project that is not read before somebody writes what is in `slow.py`.
struct Slow {
    root: TempDir,
}

impl Slow {
    fn new() -> Slow {
        let root = tree(&[("fast.py", PROBE)]);
        let made = Command::new("mkfifo")
            .arg(root.path().join("slow.py"))
            .status();
        assert!(made.unwrap().success());
        Slow { root }
    }

    fn command(&self, args: &[&str], environment: &[(&str, &str)]) -> Command {
        let args = [args, &["fast.py", "slow.py"]].concat();
        with(self.root.path(), &args, environment)
    }

    fn go_on(&self) {
        let path = self.root.path().join("slow.py");
        let mut file = fs::File::options().write(true).open(path).unwrap();
        file.write_all(b"x = 1\n").unwrap();
    }
}

/// A bar that is there.
const BAR: &str = "reading files [";

#[test]
fn a_long_run_shows_how_far_it_is() {
    let slow = Slow::new();
    let began = Instant::now();
    let mut session = Session::start(&mut slow.command(&[], &[PLAIN]), On::Both);
    session.wait_for(BAR, 1);
    assert!(began.elapsed() >= Duration::from_secs(1));
    session.wait_for("/2", 1);
    insta::assert_snapshot!(screen(&session.seen()));
    slow.go_on();
    let ended = session.end();
    // Nothing is left of it, and everything else is as it is without.
    let args = ["--exclude", "slow.py", "fast.py"];
    let short = on(On::Both, slow.root.path(), &args, &[PLAIN]);
    let expected = screen(&short.terminal).replace("1 file scanned", "2 files scanned");
    assert_eq!(screen(&ended.terminal), expected);
    assert!(!screen(&ended.terminal).contains(BAR));
}

#[test]
fn no_bar_without_somebody_to_look_at_it() {
    type Case = (
        &'static [&'static str],
        &'static [(&'static str, &'static str)],
        On,
    );
    let cases: [Case; 5] = [
        (&["-q"], &[PLAIN], On::Both),
        (&[], &[PLAIN, ("CI", "true")], On::Both),
        (&[], &[PLAIN, ("PRE_COMMIT", "1")], On::Both),
        (&[], &[("TERM", "dumb")], On::Both),
        (&[], &[PLAIN], On::Output),
    ];
    let mut sessions: Vec<(Slow, Session)> = cases
        .into_iter()
        .map(|(args, environment, on)| {
            let slow = Slow::new();
            let session = Session::start(&mut slow.command(args, environment), on);
            (slow, session)
        })
        .collect();
    // Longer than a bar would wait.
    for (_, session) in &mut sessions {
        assert_eq!(session.seen_after(Duration::from_millis(700)), "");
    }
    for (slow, session) in sessions {
        slow.go_on();
        let ended = session.end();
        assert_eq!(ended.status.code(), Some(1));
        assert!(!(ended.terminal + &ended.pipes).contains(BAR));
    }
}

#[test]
fn each_report_of_a_watch_has_the_screen_for_itself() {
    const WAITING: &str = "waiting for a change";
    let root = tree(&[("probe.py", b"x = 1\n"), ("new", PROBE)]);
    let mut command = with(root.path(), &["--watch", "--color", "never"], &[PLAIN]);
    let mut session = Session::start(&mut command, On::Both);
    session.wait_for(WAITING, 1);
    fs::rename(root.path().join("new"), root.path().join("probe.py")).unwrap();
    session.wait_for(WAITING, 2);
    insta::assert_snapshot!(screen(&session.seen()));
    session.child.kill().unwrap();
    session.end();
}

#[test]
fn a_pipe_for_standard_input_changes_nothing() {
    let root = tree(&[]);
    let mut command = with(root.path(), &["-"], &[PLAIN]);
    command.stdin(Stdio::piped());
    let mut session = Session::start(&mut command, On::Both);
    session
        .child
        .stdin
        .take()
        .unwrap()
        .write_all(PROBE)
        .unwrap();
    let ended = session.end();
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        screen(&ended.terminal).contains("stdin.py:5:18"),
        "{}",
        ended.terminal
    );
}
