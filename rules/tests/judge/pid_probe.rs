//! `pid-probe`.

use footgun_analysis::facts::{Facts, SignalValue};
use footgun_analysis::platform::Truth;
use footgun_analysis::source::Language::{self, Python, Rust};

use crate::facts::{self, ARGUMENT, DOUBT, ELSEWHERE, OTHER_FILE, Said, handler, named, probe};

fn said_of_call(language: Language, api: &str) -> Vec<Said> {
    let facts = Facts {
        spawns: Vec::new(),
        signals: vec![probe(language, api)],
        ..Facts::default()
    };
    facts::said("pid-probe", &facts)
}

#[test]
fn each_call_has_its_own_words() {
    for (language, api, words) in [
        (Python, "os.kill", "`os.kill(pid, 0)` sends Ctrl+C"),
        (
            Python,
            "subprocess.Popen.send_signal",
            "`send_signal(0)` sends Ctrl+C",
        ),
        (Rust, "libc::kill", "`libc::kill` does not exist on Windows"),
        (
            Rust,
            "nix::sys::signal::kill",
            "`nix::sys::signal::kill` does not exist",
        ),
        (
            Rust,
            "rustix::process::test_kill_process",
            "does not compile",
        ),
    ] {
        let said = said_of_call(language, api);
        let [(place, message, evidence)] = said.as_slice() else {
            panic!("{api}: {said:?}");
        };
        assert_eq!((*place, evidence.len()), (ARGUMENT, 0));
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn other_calls_and_other_signals_are_silent() {
    assert_eq!(said_of_call(Python, "os.killpg"), []);
    assert_eq!(said_of_call(Python, "psutil.Process.send_signal"), []);
    assert_eq!(said_of_call(Python, "project.kill"), []);
    assert_eq!(said_of_call(Rust, "libc::killpg"), []);
    for signal in [SignalValue::Other, SignalValue::Unknown(DOUBT)] {
        let mut call = probe(Python, "os.kill");
        call.signal = signal;
        let facts = Facts {
            spawns: Vec::new(),
            signals: vec![call],
            ..Facts::default()
        };
        assert_eq!(facts::said("pid-probe", &facts), []);
    }
}

#[test]
fn evidence_is_the_zero_and_the_handler_that_waits_in_vain() {
    let mut call = probe(Python, "os.kill");
    call.signal = SignalValue::Zero(Some(OTHER_FILE));
    call.handlers = vec![
        handler("ProcessLookupError", Truth::No),
        handler("PermissionError", Truth::Yes),
    ];
    let facts = Facts {
        spawns: Vec::new(),
        signals: vec![call],
        ..Facts::default()
    };
    let said = facts::said("pid-probe", &facts);
    let [(_, _, evidence)] = said.as_slice() else {
        panic!("{said:?}");
    };
    let [(zero, _), (clause, words)] = evidence.as_slice() else {
        panic!("{evidence:?}");
    };
    assert_eq!((*zero, *clause), (OTHER_FILE, ELSEWHERE));
    assert!(words.starts_with("ProcessLookupError is never raised on Windows"));
}

#[test]
fn the_kill_program_with_signal_zero() {
    for (base, language) in [(facts::python(), Python), (facts::rust(), Rust)] {
        let spawn = |program: &str, first: Option<&str>| {
            let mut spawn = base.clone();
            spawn.programs = vec![named(program)];
            spawn.arguments = vec![first.map(str::to_owned), None];
            facts::places("pid-probe", [spawn])
        };
        assert_eq!(spawn("kill", Some("-0")), [ARGUMENT], "{language:?}");
        assert_eq!(spawn("kill", Some("-9")), []);
        assert_eq!(spawn("kill", None), []);
        assert_eq!(spawn("tool", Some("-0")), []);
    }
    let mut shell = facts::python();
    shell.programs = vec![named("kill")];
    shell.arguments = vec![Some("-0".to_owned())];
    shell.shell = Truth::Unknown;
    assert_eq!(facts::places("pid-probe", [shell]), []);
}
