//! Python programs before and after `footgun-check --fix`: on Linux they start the same children in the
//! same way. Every way to ask for a session is put together with arguments, statements and effects that
//! have nothing to do with it, and a child that is started tells what reached it.

#![cfg(target_os = "linux")]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use footgun_analysis::rewrite::Function;
use footgun_analysis::source::{FileId, Language, Source};
use footgun_check::fix::repairs;
use footgun_check::fix::rounds::fix;
use footgun_check::fix::snapshot::Snapshot;
use footgun_check::premises::Premises;
use footgun_check::terminal::progress::Progress;
use footgun_rules::{Applicability, Helper, RULES};

/// What the child tells: whether it leads a session or a group, and what it has from its parent.
const CHILD: &str = r#"read -r _ _ _ _ group session _ < /proc/$$/stat
test "$group" = $$ && echo "leads a group"
test "$session" = $$ && echo "leads a session"
umask; pwd; ulimit -n; ulimit -c
echo "$MARK $*"
grep '^SigIgn' /proc/$$/status
set -- $(cat /proc/$$/stat); echo "nice ${19}"
cd /proc/$$/fd; echo *; echo end"#;

/// What the programs share.
const HEAD: &str = r#"import functools
import os
import resource
import signal
import subprocess
import sys
import time

FOLDER = sys.argv[1]
CHILD = sys.argv[2]
EFFECTS = []
DETACH = True


def note(value):
    EFFECTS.append(value)
    return value


def log(name):
    return open(os.path.join(FOLDER, name), "wb")


def tells(name):
    path = os.path.join(FOLDER, name)
    for _ in range(6000):
        with open(path) as file:
            text = file.read()
        if text.endswith("end\n"):
            return text
        time.sleep(0.005)
    return text + "(and no end)"


class Starter:
    def lead(self):
        os.setsid()

    @staticmethod
    def lead_quietly():
        os.setsid()
        os.umask(0o27)

"#;

/// Ways to ask for a session or group, each with what has to be defined for it.
const SESSIONS: [(&str, &str); 23] = [
    ("start_new_session=True", ""),
    ("start_new_session=DETACH", ""),
    ("start_new_session=bool(note('asked'))", ""),
    ("start_new_session=given", ""),
    ("process_group=0", ""),
    ("preexec_fn=os.setsid", ""),
    ("preexec_fn=os.setpgrp", ""),
    ("preexec_fn=lambda: os.setsid()", ""),
    ("preexec_fn=lambda: os.setpgid(0, 0)", ""),
    ("preexec_fn=lambda: (os.setsid(), os.umask(0o77))", ""),
    ("preexec_fn=functools.partial(os.setpgid, 0, 0)", ""),
    ("preexec_fn=Starter().lead", ""),
    ("preexec_fn=Starter.lead_quietly", ""),
    ("preexec_fn=hook", "os.setsid()"),
    (
        "preexec_fn=hook",
        "\"\"\"Not os.umask, nor os.nice.\"\"\"\nos.setsid()  # os.nice(3)",
    ),
    ("preexec_fn=hook", "os.setsid()\nos.umask(0o77)"),
    ("preexec_fn=hook", "os.umask(0o77)\nos.setsid()\nos.nice(3)"),
    (
        "preexec_fn=hook",
        "os.setsid()\nsignal.signal(signal.SIGINT, signal.SIG_IGN)",
    ),
    (
        "preexec_fn=hook",
        "os.setpgrp()\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
    ),
    (
        "preexec_fn=hook",
        "if DETACH:\n    os.setsid()\nos.chdir('/')",
    ),
    (
        "preexec_fn=hook",
        "try:\n    os.setsid()\nfinally:\n    os.nice(2)",
    ),
    (
        "preexec_fn=hook",
        "import os\nos.setsid()\nreturn os.nice(1)",
    ),
    ("preexec_fn=hook", "# os.setsid()\nos.nice(4)"),
];

/// Arguments that have nothing to do with it.
const OTHERS: [&str; 8] = [
    "",
    "cwd='/'",
    "env={'MARK': note('marked'), 'PATH': os.environ['PATH']}",
    "umask=0o22",
    "close_fds=os.dup2(2, 9) < 0, restore_signals=False",
    "pass_fds=(note(0),)",
    "text=True, bufsize=1",
    "**{'cwd': '/usr'}",
];

/// What becomes of the child.
const FATES: [&str; 4] = [
    "CALL",
    "child = CALL\nreturn child",
    "child = CALL\nnote(child.wait())",
    "child = CALL\ntry:\n    note(child.wait())\nexcept KeyboardInterrupt:\n    os.killpg(child.pid, 9)",
];

/// Programs and probes, with effects in their arguments; `npm` is a program in the folder, which says what
/// it is given and fails.
const CALLS: [&str; 22] = [
    "subprocess.run(['npm', note('a')])",
    "subprocess.run(['npm', 'a'], check=note(True))",
    "subprocess.run(('npm', 'a'), check=True)",
    "subprocess.run(args=['npm', *note(['a', 'b'])], cwd='/')",
    "subprocess.run(note(['npm']), capture_output=True, text=True)",
    "subprocess.run('npm', check=True)",
    "subprocess.check_output(['npm'] + note(['a b']), stderr=subprocess.STDOUT)",
    "subprocess.check_call(['npm', 'a', '', 'é'])",
    "subprocess.call(['npm'], env={**os.environ, 'MARK': note('marked')})",
    "subprocess.Popen(['npm', 'a'], stdout=subprocess.PIPE).communicate()",
    "subprocess.Popen('npm').wait()",
    "subprocess.Popen(['npm'], -1, None, None, subprocess.PIPE).args",
    "subprocess.run(['npm', 'a'], executable=None, shell=False, timeout=note(60))",
    "subprocess.run(['npm', 'a'], input=b'x')",
    "asyncio.run(wait('npm', note('a')))",
    "os.kill(note(1), 0)",
    "os.kill(os.getpid(), note(0))",
    "os.kill(1 << 22, 0)",
    "os.kill(1 << 80, 0)",
    "os.kill(-1 << 30, 0)",
    "os.kill('1', 0)",
    "os.kill(0, 0)",
];

/// A program that makes these calls and tells what each returns or raises.
fn calls() -> String {
    let head = r#"import asyncio
import os
import subprocess
import sys

EFFECTS = []


def note(value):
    EFFECTS.append(value)
    return value


async def wait(*command):
    child = await asyncio.create_subprocess_exec(*command)
    return await child.wait()


with open(os.path.join(sys.argv[1], "npm"), "w") as script:
    script.write('#!/bin/sh\necho "npm: $0 $# $* $MARK"; pwd; cat; exit 3\n')
os.chmod(script.name, 0o755)
os.environ["PATH"] = os.path.realpath(sys.argv[1]) + os.pathsep + os.environ["PATH"]
"#;
    let mut text = head.to_owned();
    for (number, call) in CALLS.iter().enumerate() {
        let _ = write!(
            text,
            "\n\ndef case_{number}():\n    return {call}\n\n\ntry:\n    answer = case_{number}()\n\
             except Exception as error:\n    answer = repr(error)\n\
             print({number}, repr(answer).replace(sys.argv[1], ''), EFFECTS, flush=True)\n\
             EFFECTS.clear()\n"
        );
    }
    text
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// A program of all these, for one fate.
fn program(fate: &str) -> String {
    let mut text = HEAD.to_owned();
    let mut names = Vec::new();
    for (number, (session, hook)) in SESSIONS.iter().enumerate() {
        for (other, more) in OTHERS.iter().enumerate() {
            let name = format!("case_{number}_{other}");
            let command = format!("['/bin/sh', '-c', CHILD, '{name}', 'a b']");
            let comma = if more.is_empty() { "" } else { ", " };
            let streams =
                format!("stdin=subprocess.DEVNULL, stdout=log('{name}'), stderr=subprocess.STDOUT");
            let call = format!("subprocess.Popen({command}, {streams}, {session}{comma}{more})");
            let mut body = String::new();
            if !hook.is_empty() {
                let _ = write!(body, "def hook():\n{}\n", indented(hook));
            }
            body += &format!("note('before')\n{}", fate.replace("CALL", &call));
            let _ = write!(text, "\ndef {name}(given=True):\n{}", indented(&body));
            names.push(name);
        }
    }
    let _ = write!(text, "\n\nfor case in [{}]:\n", names.join(", "));
    text + "    EFFECTS.clear()\n    case()\n    print(case.__name__, EFFECTS, tells(case.__name__))\n\
            case_3_0(False)\nprint(tells('case_3_0'))\n"
}

/// The program after all fixes of this applicability.
fn fixed(text: &str, least: Applicability) -> String {
    let source = Source {
        path: "app.py".into(),
        language: Language::Python,
        text: text.to_owned(),
    };
    let premises = Premises::plain(RULES);
    let start = Snapshot::new(vec![source], &premises, &Progress::default());
    let runtime = |_: FileId, helper: Helper| {
        let module = match helper {
            Helper::PidExists | Helper::Which => return None,
            Helper::Replace => "os",
            _ => "footgun_runtime",
        };
        Some(Function {
            module: module.to_owned(),
            name: helper.name().to_owned(),
        })
    };
    let outcome = fix(&start, &|snapshot| repairs(snapshot, &runtime), least);
    assert_eq!(outcome.given_up, []);
    let end = outcome.snapshot.expect("something is fixed");
    end.project.file(FileId(0)).text.clone()
}

/// What a program prints; `None` where there is no Python that knows all that it uses.
fn run(text: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.py");
    fs::write(&path, text).unwrap();
    let logs = folder.path().join("logs");
    fs::create_dir(&logs).unwrap();
    let python = |program: &[&str]| {
        let mut command = Command::new("python3");
        command.args(program).stdin(Stdio::null());
        command
            .env("PYTHONPATH", common::root().join("python"))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    };
    const IS_NEW: &str = "import sys; sys.exit(sys.version_info < (3, 11))";
    let is_new = python(&["-c", IS_NEW]).status();
    if !is_new.is_ok_and(|status| status.success()) {
        eprintln!("skipped: python3 is missing or older than 3.11");
        return None;
    }
    let name = |path: &Path| path.to_str().expect("a plain path").to_owned();
    let output = python(&[&name(&path), &name(&logs), CHILD])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}\n{text}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_same_children_are_started_in_the_same_way() {
    for fate in FATES {
        let text = program(fate);
        let Some(before) = run(&text) else {
            return;
        };
        for least in [Applicability::Safe, Applicability::Unsafe] {
            let fixed = fixed(&text, least);
            let after = run(&fixed).expect("it ran before");
            for (old, new) in before.lines().zip(after.lines()) {
                assert_eq!(old, new, "{least:?}, in what is printed:\n{before}");
            }
            assert_eq!(before, after);
        }
    }
}

#[test]
fn calls_return_and_raise_the_same() {
    let text = calls();
    let Some(before) = run(&text) else {
        return;
    };
    // The folder is another in each run.
    let plain = |output: &str| -> String {
        let is_folder = |word: &&str| word.starts_with("/tmp") || word.starts_with("'/tmp");
        let words = output.split(' ').map(|word| match is_folder(&word) {
            true => word.rsplit('/').next().unwrap_or_default(),
            false => word,
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let fixed = fixed(&text, Applicability::Safe);
    let after = run(&fixed).expect("it ran before");
    let (before, after) = (plain(&before), plain(&after));
    for (old, new) in before.lines().zip(after.lines()) {
        assert_eq!(old, new, "in what is printed:\n{before}");
    }
    assert_eq!(before, after);
    // All but the two texts, and the 0 that comes from a call.
    let repaired = |name: &str| fixed.matches(&format!("{name}(")).count();
    assert_eq!(
        repaired("win_argv") + repaired("probe_pid"),
        CALLS.len() - 3
    );
}
