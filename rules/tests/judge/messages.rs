//! What is said of small programs, in the words that people search for: the exceptions that they see.

use std::path::PathBuf;

use footgun_analysis::demand::Demand;
use footgun_analysis::project::Project;
use footgun_analysis::source::{FileId, Language, Source};
use footgun_analysis::{Session, analyse};
use footgun_rules::{Finding, Options, RULES, Verdicts};

/// What a rule finds in a Python file.
fn found(rule: &str, text: &str) -> Finding {
    let project = Project::new(vec![Source {
        path: PathBuf::from("app.py"),
        language: Language::Python,
        text: text.to_owned(),
    }]);
    let options = Options::default();
    let asks = RULES.iter().flat_map(|rule| (rule.asks)(&options));
    let demand = Demand::new(asks, |_| true);
    let facts = analyse(&Session::new(&project, &demand), FileId(0)).facts;
    let mut verdicts = Verdicts::default();
    for rule in RULES {
        rule.check(&facts, &options, &mut verdicts);
    }
    let mut findings = verdicts.findings.into_iter();
    let finding = findings.find(|finding| finding.rule == rule);
    finding.unwrap_or_else(|| panic!("{rule}: nothing in {text}"))
}

fn start(arguments: &str) -> String {
    format!(
        "import functools, os, subprocess\n\
         def lead():\n    os.setsid()\n\
         def start(command):\n    subprocess.Popen(command, {arguments})\n"
    )
}

#[test]
fn the_first_exception_of_a_hook_is_the_one_that_is_seen() {
    const NO_HOOK: &str = "on Windows, which supports no `preexec_fn`: the process is not started";
    const VALUE_ERROR: &str =
        "ValueError: preexec_fn is not supported on Windows platforms: the process is not started";
    for (hook, name) in [
        ("os.setsid", "setsid"),
        ("os.setpgrp", "setpgrp"),
        ("functools.partial(os.setpgid, 0, 0)", "setpgid"),
    ] {
        assert_eq!(
            found("posix-only-detach", &start(&format!("preexec_fn={hook}"))).message,
            format!("AttributeError: module 'os' has no attribute '{name}' {NO_HOOK}")
        );
    }
    for hook in ["lead", "lambda: os.setsid()"] {
        assert_eq!(
            found("posix-only-detach", &start(&format!("preexec_fn={hook}"))).message,
            VALUE_ERROR
        );
    }
    let imported = "import subprocess\nfrom os import setsid\n\
                    def start(command):\n    subprocess.Popen(command, preexec_fn=setsid)\n";
    assert_eq!(
        found("posix-only-detach", imported).message,
        format!("ImportError: cannot import name 'setsid' from 'os' {NO_HOOK}")
    );
}

#[test]
fn no_window_beside_no_console_is_said_to_be_ignored() {
    const TIED: &str = ", without CREATE_BREAKAWAY_FROM_JOB: the child still belongs to the parent's job \
                        and dies with it if the job is KILL_ON_JOB_CLOSE";
    const NOT_DETACHED: &str = "pass CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW | \
        CREATE_BREAKAWAY_FROM_JOB, and where Windows refuses it with access denied (error 5), spawn \
        again without it; not DETACHED_PROCESS: the child then has no console, and each console \
        program it starts opens a visible window";
    const ADD: &str = "add CREATE_BREAKAWAY_FROM_JOB, and where Windows refuses it with access denied \
        (error 5), spawn again without it";
    for (flags, names, help) in [
        (
            "0x08000008",
            "DETACHED_PROCESS | CREATE_NO_WINDOW (CREATE_NO_WINDOW is ignored beside \
             DETACHED_PROCESS)",
            NOT_DETACHED,
        ),
        ("0x8", "DETACHED_PROCESS", NOT_DETACHED),
        (
            "0x08000200",
            "CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW",
            ADD,
        ),
    ] {
        let finding = found("no-breakaway", &start(&format!("creationflags={flags}")));
        assert_eq!(
            finding.message,
            format!("the creation flags are {names}{TIED}")
        );
        assert_eq!(finding.help, help);
    }
}

#[test]
fn a_probe_is_said_to_end_in_system_error_and_how_not_to_ask() {
    let finding = found(
        "pid-probe",
        "import os\ndef alive(pid):\n    os.kill(pid, 0)\n",
    );
    assert_eq!(
        (finding.message.as_str(), finding.help.as_str()),
        (
            "on Windows signal 0 is CTRL_C_EVENT: `os.kill(pid, 0)` sends Ctrl+C to the console group \
             or fails with OSError, and CPython without the fix for gh-58689 (3.12.8 and older) can \
             even terminate the process it asks about: SystemError, which `except OSError` does not \
             catch",
            "use `psutil.pid_exists(pid)` on Windows, or OpenProcess and WaitForSingleObject: error 5 \
             is no answer by itself, and an open handle is not a live process",
        )
    );
}

#[test]
fn a_list_is_not_to_be_given_to_a_shell() {
    let help = |call: &str| {
        let text = format!("import asyncio, subprocess\nasync def build():\n    {call}\n");
        found("bare-shim", &text).help
    };
    const RESOLVE: &str =
        "resolve it first and start the path that is found (`shutil.which(\"npm\")`)";
    const UNTRUSTED: &str = "; never pass a `.cmd` or `.bat` file untrusted arguments";
    assert_eq!(
        help("subprocess.run(['npm', 'ci'])"),
        format!(
            "{RESOLVE}, not `shell=True` with a list, of which POSIX runs the first item \
             only{UNTRUSTED}"
        )
    );
    for call in [
        "subprocess.run('npm')",
        "await asyncio.create_subprocess_exec('npm', 'ci')",
    ] {
        assert_eq!(help(call), format!("{RESOLVE}{UNTRUSTED}"), "{call}");
    }
}

#[test]
fn messages_tell_what_each_library_says() {
    let said = |rule: &str, text: &str| found(rule, text).message;
    let kill = "import os\ndef f(pid):\n    try:\n        os.kill(pid, 15)\n    ";
    assert_eq!(
        said(
            "dead-except",
            &format!("{kill}except (ProcessLookupError, PermissionError):\n        pass\n")
        ),
        "`except (ProcessLookupError, PermissionError)` does not catch what `os.kill` of a process that \
         has ended raises on Windows: OSError [WinError 87]"
    );
    for (module, class, text) in [
        ("subprocess", "Popen", "Unsupported signal: 2"),
        (
            "psutil",
            "Process",
            "only SIGTERM, CTRL_C_EVENT and CTRL_BREAK_EVENT signals are supported on Windows",
        ),
    ] {
        let interrupt = format!(
            "import signal, {module}\ndef f(child: {module}.{class}):\n    \
             child.send_signal(signal.SIGINT)\n"
        );
        assert_eq!(
            said("send-signal", &interrupt),
            format!(
                "on Windows `send_signal` takes SIGTERM, CTRL_C_EVENT and CTRL_BREAK_EVENT only: \
                 `signal.SIGINT` raises ValueError, \"{text}\""
            )
        );
    }
    for (call, raised) in [
        ("open('/tmp/x')", "FileNotFoundError"),
        (
            "sqlite3.connect('/tmp/x')",
            "sqlite3.OperationalError, \"unable to open database file\"",
        ),
        (
            "shelve.open('/tmp/x')",
            "FileNotFoundError, or another `dbm.error`",
        ),
    ] {
        assert_eq!(
            said(
                "hardcoded-tmp",
                &format!("import shelve, sqlite3\n{call}\n")
            ),
            format!(
                "`/tmp` on Windows is a folder in the root of the current drive (`C:\\tmp`), which \
                 mostly does not exist: {raised}"
            )
        );
    }
    let default = "import os\ndef f(name):\n    return os.environ.get('HOME', f'/home/{name}')\n";
    assert_eq!(
        said("environ-home", default),
        "Windows does not set `HOME`: `/home/…` is used instead"
    );
    let line = "import subprocess\nsubprocess.run('ls | wc', shell=True, executable='/bin/bash')\n";
    assert_eq!(
        said("posix-shell", line),
        "Windows has no `/bin/bash`: FileNotFoundError [WinError 2]"
    );
}

#[test]
fn backslashes_are_written_once() {
    let venv = "import subprocess\nsubprocess.run(['.venv/bin/python'])\n";
    assert_eq!(
        found("venv-layout", venv).help,
        "take `sys.executable` where it is the environment of the program itself, else \
         `Scripts\\python.exe` on Windows; `sysconfig.get_path(\"scripts\")` tells the folder"
    );
    let list = "import os\nfolders = os.environ['PATH'].split(':')\n";
    assert_eq!(
        found("path-list-colon", list).message,
        "folders in `PATH` are separated by `;` on Windows, and a colon is part of a path \
         (`C:\\tools`): no folder of the list is found"
    );
}
