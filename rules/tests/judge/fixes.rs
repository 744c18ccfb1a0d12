//! What the rules propose to change, and how safe they call it.

use footgun_analysis::facts::flag::{
    CREATE_BREAKAWAY_FROM_JOB, CREATE_NEW_PROCESS_GROUP, DETACHED_PROCESS,
};
use footgun_analysis::facts::{Facts, Fate, SessionKind, Signal, SignalValue, Spawn, Stream};
use footgun_analysis::rewrite::{Change, CommandArgument, Positional};
use footgun_analysis::source::Language;
use footgun_rules::{Applicability, Fix, Helper, Options};

use crate::facts::{ARGUMENT, CALL, ELSEWHERE, flags, named, probe, python, rust, session};

/// The fix of the only finding.
fn fix(rule: &str, facts: &Facts) -> Option<Fix> {
    let rule = footgun_rules::rule(rule).expect("a rule");
    let mut verdicts = footgun_rules::Verdicts::default();
    rule.check(facts, &Options::default(), &mut verdicts);
    assert_eq!(verdicts.findings.len(), 1);
    verdicts.findings.remove(0).fix
}

fn of_signal(signal: Signal) -> Option<Fix> {
    let facts = Facts {
        signals: vec![signal],
        ..Facts::default()
    };
    fix("pid-probe", &facts)
}

fn of_spawn(rule: &str, spawn: Spawn) -> Option<Fix> {
    let facts = Facts {
        spawns: vec![spawn],
        ..Facts::default()
    };
    fix(rule, &facts)
}

/// A fix in short: how safe, whether for Windows only, the function, and what the call loses.
fn short(fix: Option<Fix>) -> Option<(Applicability, bool, Helper, Vec<&'static str>)> {
    let fix = fix?;
    let [change] = fix.changes.as_slice() else {
        panic!("one change");
    };
    assert_eq!(change.place(), CALL);
    let (function, without) = match change {
        Change::Call {
            function, without, ..
        }
        | Change::Keywords {
            function, without, ..
        } => (*function, without.clone()),
        _ => panic!("a call: {change:?}"),
    };
    Some((fix.applicability, fix.windows_only, function, without))
}

#[test]
fn a_probe_with_its_0_in_the_call_asks_the_runtime() {
    let written = |origin| Signal {
        signal: SignalValue::Zero(origin),
        ..probe(Language::Python, "os.kill")
    };
    let fix = of_signal(written(Some(ARGUMENT))).unwrap();
    assert_eq!(fix.applicability, Applicability::Safe);
    assert_eq!(
        fix.changes,
        [Change::Call {
            call: CALL,
            function: Helper::ProbePid,
            positional: Positional::First(1),
            without: Vec::new(),
        }]
    );
    assert_eq!(of_signal(written(Some(ELSEWHERE))), None);
    let mut embedded = written(Some(ARGUMENT));
    embedded.site.embedded = true;
    assert_eq!(of_signal(embedded), None);
}

#[test]
fn a_probe_in_rust_asks_the_runtime() {
    let probe = |api, signal| {
        of_signal(Signal {
            signal,
            ..probe(Language::Rust, api)
        })
    };
    let (libc, nix) = ("libc::kill", "nix::sys::signal::kill");
    let written = SignalValue::Zero(Some(ARGUMENT));
    for fix in [probe(libc, written), probe(nix, SignalValue::Zero(None))] {
        let fix = fix.expect("a fix");
        assert_eq!(
            (fix.applicability, fix.otherwise),
            (Applicability::Safe, None)
        );
        assert_eq!(
            fix.changes,
            [Change::Call {
                call: CALL,
                function: Helper::ProbePid,
                positional: Positional::First(1),
                without: Vec::new(),
            }]
        );
    }
    assert_eq!(probe(libc, SignalValue::Zero(Some(ELSEWHERE))), None);
    assert_eq!(probe("rustix::process::test_kill_process", written), None);
}

#[test]
fn a_shim_is_found_by_the_runtime() {
    let argument = CommandArgument::Rest(0);
    let spawn = Spawn {
        programs: vec![named("npm")],
        command: Some(argument),
        ..python()
    };
    let fix = of_spawn("bare-shim", spawn.clone()).unwrap();
    assert_eq!(fix.applicability, Applicability::Safe);
    assert_eq!(
        fix.changes,
        [Change::Command {
            call: CALL,
            argument,
            function: Helper::WinArgv,
        }]
    );
    // A list is told from a text by who looks.
    for (is_text, applicability) in [(false, Applicability::Safe), (true, Applicability::Unsafe)] {
        let one = Spawn {
            command: Some(CommandArgument::One {
                position: 0,
                keyword: "args",
                is_text,
                is_list: false,
            }),
            ..spawn.clone()
        };
        let fix = of_spawn("bare-shim", one).unwrap();
        assert_eq!(fix.applicability, applicability, "{is_text}");
    }
    let unknown = Spawn {
        command: None,
        ..spawn
    };
    assert_eq!(of_spawn("bare-shim", unknown), None);
    let rust = Spawn {
        programs: vec![named("npm")],
        ..rust()
    };
    assert_eq!(
        of_spawn("bare-shim", rust).unwrap().changes,
        [Change::Value {
            value: ARGUMENT,
            function: Helper::Resolve,
        }]
    );
}

#[test]
fn a_daemon_is_detached_and_a_group_becomes_one() {
    let spawn = |kind, stream| Spawn {
        session: session(kind),
        stdin: stream,
        stdout: stream,
        stderr: stream,
        ..python()
    };
    let detached = |spawn| short(of_spawn("posix-only-detach", spawn));
    let (safe, not_safe) = (Applicability::Safe, Applicability::Unsafe);
    let popen = Helper::PopenDetached;
    assert_eq!(
        detached(spawn(SessionKind::NewSession, Stream::Null)),
        Some((
            safe,
            false,
            popen,
            vec!["start_new_session", "creationflags"]
        ))
    );
    assert_eq!(
        detached(spawn(SessionKind::Setsid, Stream::File)),
        Some((safe, false, popen, vec!["preexec_fn", "creationflags"]))
    );
    // What it prints would vanish.
    assert_eq!(
        detached(spawn(SessionKind::NewSession, Stream::Inherited)),
        Some((
            not_safe,
            false,
            popen,
            vec!["start_new_session", "creationflags"]
        ))
    );
    // On POSIX a group is no session.
    assert_eq!(
        detached(spawn(SessionKind::ProcessGroup, Stream::Null)),
        None
    );
    let killed = Spawn {
        group_use: Some(ELSEWHERE),
        ..spawn(SessionKind::NewSession, Stream::Inherited)
    };
    assert_eq!(
        detached(killed),
        Some((
            safe,
            false,
            Helper::NewGroupKwargs,
            vec!["start_new_session"]
        ))
    );
    // A call that waits is never detached.
    let mut waited = Spawn {
        fate: Fate::Waited,
        ..spawn(SessionKind::Setsid, Stream::Null)
    };
    waited.site.api = "subprocess.run".to_owned();
    assert_eq!(
        detached(waited),
        Some((safe, false, Helper::NewGroupKwargs, vec!["preexec_fn"]))
    );
}

#[test]
fn flags_that_the_runtime_sets_are_left_to_it() {
    let (rule, other) = ("no-breakaway", "breakaway-no-fallback");
    let with = |spawn: Spawn, ones| Spawn {
        flags: flags(ones),
        ..spawn
    };
    let daemon = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP;
    let expected = |helper, without| Some((Applicability::Safe, true, helper, without));
    let popen = || expected(Helper::PopenDetached, vec!["creationflags"]);
    assert_eq!(short(of_spawn(rule, with(python(), daemon))), popen());
    let breaking = daemon | CREATE_BREAKAWAY_FROM_JOB;
    assert_eq!(short(of_spawn(other, with(python(), breaking))), popen());
    let spawn = || expected(Helper::SpawnDetached, Vec::new());
    assert_eq!(short(of_spawn(rule, with(rust(), daemon))), spawn());
    let mut tokio = with(rust(), daemon);
    tokio.site.api = "tokio::process::Command::spawn".to_owned();
    assert_eq!(
        short(of_spawn(rule, tokio)),
        expected(Helper::TokioSpawnDetached, Vec::new())
    );
    // BELOW_NORMAL_PRIORITY_CLASS is the caller's own.
    let more = daemon | 0x4000;
    let kept = short(of_spawn(rule, with(python(), more))).unwrap();
    assert_eq!(
        kept,
        (Applicability::Unsafe, true, Helper::PopenDetached, vec![])
    );
    assert_eq!(of_spawn(rule, with(rust(), more)), None);
    let grouped = Spawn {
        session: session(SessionKind::ProcessGroup),
        ..with(rust(), daemon)
    };
    assert_eq!(of_spawn(rule, grouped), None);
    let mut embedded = with(python(), daemon);
    embedded.site.embedded = true;
    assert_eq!(of_spawn(rule, embedded), None);
}

#[test]
fn what_a_hook_does_besides_is_never_given_up() {
    let spawn = |kind, fate| Spawn {
        session: session(kind),
        fate,
        stdin: Stream::Null,
        stdout: Stream::Null,
        stderr: Stream::Null,
        ..python()
    };
    let kept = |applicability, flag| Fix {
        applicability,
        message: "Pass `preexec_fn` off Windows only, and give the child a group of its own there",
        windows_only: false,
        changes: vec![Change::OffWindows {
            call: CALL,
            keyword: "preexec_fn",
            flag,
        }],
        otherwise: None,
    };
    let group = Some("CREATE_NEW_PROCESS_GROUP");
    for fate in [Fate::Abandoned, Fate::Kept, Fate::Managed, Fate::Waited] {
        let of = |kind| of_spawn("posix-only-detach", spawn(kind, fate));
        assert_eq!(
            of(SessionKind::Mixed),
            Some(kept(Applicability::Unsafe, group)),
            "{fate:?}"
        );
        // No session, but nothing is lost either.
        assert_eq!(
            of(SessionKind::Setpgid),
            Some(kept(Applicability::Safe, group)),
            "{fate:?}"
        );
    }
    let mut flagged = spawn(SessionKind::Mixed, Fate::Abandoned);
    flagged.flags.place = Some(ELSEWHERE);
    assert_eq!(
        of_spawn("posix-only-detach", flagged),
        Some(kept(Applicability::Unsafe, None))
    );
    let mut elsewhere = spawn(SessionKind::Mixed, Fate::Abandoned);
    elsewhere.session[0].place = ELSEWHERE;
    assert_eq!(of_spawn("posix-only-detach", elsewhere), None);
}

#[test]
fn whoever_gets_a_child_gets_no_daemon() {
    for fate in [Fate::Kept, Fate::Unknown] {
        for kind in [SessionKind::NewSession, SessionKind::Setsid] {
            let spawn = Spawn {
                session: session(kind),
                fate,
                ..python()
            };
            let fix = short(of_spawn("posix-only-detach", spawn)).expect("a fix");
            assert_eq!(fix.2, Helper::NewGroupKwargs, "{fate:?} {kind:?}");
        }
    }
    let behind_cfg = |fate| {
        let spawn = Spawn {
            posix_session: session(SessionKind::Setsid),
            fate,
            stdin: Stream::Null,
            stdout: Stream::Null,
            stderr: Stream::Null,
            ..rust()
        };
        of_spawn("posix-only-detach", spawn).map(|fix| fix.applicability)
    };
    assert_eq!(behind_cfg(Fate::Abandoned), Some(Applicability::Safe));
    assert_eq!(behind_cfg(Fate::Kept), Some(Applicability::Unsafe));
}

#[test]
fn what_a_call_asks_for_only_sometimes_is_not_taken_for_always() {
    let always = Spawn {
        session: session(SessionKind::NewSession),
        stdin: Stream::Null,
        stdout: Stream::Null,
        stderr: Stream::Null,
        ..python()
    };
    let fix_of = |other: Spawn| {
        let facts = Facts {
            spawns: vec![always.clone(), other],
            ..Facts::default()
        };
        let fix = fix("posix-only-detach", &facts)?;
        Some((fix.applicability, fix.changes.len()))
    };
    assert_eq!(fix_of(always.clone()), Some((Applicability::Safe, 1)));
    let mut never = always.clone();
    never.session.clear();
    assert_eq!(fix_of(never), None);
    // The flags of the other way may be its own.
    let mut flagged = always.clone();
    flagged.flags.zeros = 0;
    assert_eq!(fix_of(flagged), Some((Applicability::Unsafe, 1)));
}
