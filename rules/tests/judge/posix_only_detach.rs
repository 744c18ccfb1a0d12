//! `posix-only-detach`.

use footgun_analysis::facts::flag::{
    CREATE_BREAKAWAY_FROM_JOB, CREATE_NEW_CONSOLE, CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW,
    DETACHED_PROCESS,
};
use footgun_analysis::facts::{Facts, Fate, SessionKind, SessionOption, Spawn, Stream};
use footgun_analysis::platform::Truth;
use footgun_rules::{Finding, Options};

use crate::facts::{
    ARGUMENT, CALL, ELSEWHERE, OTHER_FILE, flags, handler, places, python, rust, said_of, session,
};

const RULE: &str = "posix-only-detach";

fn with(kind: SessionKind) -> Spawn {
    Spawn {
        session: session(kind),
        ..python()
    }
}

fn message(spawn: Spawn) -> String {
    let said = said_of(RULE, spawn);
    assert_eq!((said.len(), said[0].0), (1, ARGUMENT));
    said[0].1.clone()
}

#[test]
fn the_message_names_the_option_and_what_becomes_of_it() {
    assert_eq!(
        message(with(SessionKind::NewSession)),
        "`start_new_session` is silently ignored on Windows and no creation flag takes its place: \
         the child stays on the parent's console, with its Ctrl+C and its closing"
    );
    assert!(message(with(SessionKind::ProcessGroup)).starts_with("`process_group` is silently"));
    assert!(message(with(SessionKind::Setsid)).starts_with("ValueError: preexec_fn is not"));
    assert!(message(with(SessionKind::Setpgid)).starts_with("ValueError: preexec_fn is not"));
    assert!(message(with(SessionKind::Mixed)).starts_with("ValueError: preexec_fn is not"));
    let ungated = |kind| Spawn {
        session: session(kind),
        ..rust()
    };
    assert_eq!(
        message(ungated(SessionKind::ProcessGroup)),
        "`process_group` is a method of `std::os::unix`: this does not compile on Windows"
    );
    assert!(message(ungated(SessionKind::Setsid)).starts_with("`pre_exec` is a method"));
}

#[test]
fn a_flag_that_leaves_the_console_or_its_group_takes_the_place_of_the_option() {
    for (ones, expected) in [
        (DETACHED_PROCESS, vec![]),
        (CREATE_NEW_CONSOLE, vec![]),
        (CREATE_NEW_PROCESS_GROUP, vec![]),
        (CREATE_NO_WINDOW, vec![]),
        (CREATE_BREAKAWAY_FROM_JOB, vec![ARGUMENT]),
    ] {
        let spawn = Spawn {
            flags: flags(ones),
            ..with(SessionKind::NewSession)
        };
        assert_eq!(places(RULE, [spawn]), expected, "{ones:#x}");
    }
    let mut unknown = with(SessionKind::NewSession);
    unknown.flags.zeros &= !DETACHED_PROCESS;
    assert_eq!(places(RULE, [unknown]), []);
}

#[test]
fn preexec_fn_fails_whatever_the_flags_unless_that_is_foreseen() {
    let mut spawn = with(SessionKind::Setsid);
    spawn.flags = flags(DETACHED_PROCESS);
    assert_eq!(places(RULE, [spawn.clone()]), [ARGUMENT]);
    spawn.handlers = vec![handler("OSError", Truth::Yes)];
    assert_eq!(places(RULE, [spawn.clone()]), [ARGUMENT]);
    spawn.handlers = vec![handler("(AttributeError, ValueError)", Truth::No)];
    assert_eq!(places(RULE, [spawn]), []);
}

#[test]
fn an_option_from_elsewhere_is_evidence_at_the_call() {
    let mut spawn = with(SessionKind::NewSession);
    spawn.session[0].place = OTHER_FILE;
    spawn.group_use = Some(ELSEWHERE);
    let said = said_of(RULE, spawn);
    assert_eq!(said[0].0, CALL);
    let labels = [
        (OTHER_FILE, "the option that detaches on POSIX".to_owned()),
        (
            ELSEWHERE,
            "the group is used here, which Windows does not have".to_owned(),
        ),
    ];
    assert_eq!(said[0].2, labels);
}

#[test]
fn behind_cfg_only_a_daemon_is_missed_on_windows() {
    let spawn = |fate, stream| Spawn {
        posix_session: vec![SessionOption {
            kind: SessionKind::ProcessGroup,
            place: ELSEWHERE,
        }],
        fate,
        stdin: stream,
        stdout: stream,
        stderr: stream,
        ..rust()
    };
    let found = |spawn| places(RULE, [spawn]) == [CALL];
    assert!(found(spawn(Fate::Abandoned, Stream::Inherited)));
    assert!(found(spawn(Fate::Kept, Stream::Null)));
    assert!(!found(spawn(Fate::Kept, Stream::Inherited)));
    assert!(!found(spawn(Fate::Abandoned, Stream::Pipe)));
    assert!(!found(spawn(Fate::Managed, Stream::Null)));
    assert!(!found(spawn(Fate::Waited, Stream::Null)));
    let grouped = Spawn {
        group_use: Some(ELSEWHERE),
        ..spawn(Fate::Abandoned, Stream::Null)
    };
    assert!(!found(grouped));
    let flagged = Spawn {
        flags: flags(DETACHED_PROCESS),
        ..spawn(Fate::Abandoned, Stream::Null)
    };
    assert!(!found(flagged));
}

fn finding(spawn: Spawn) -> Finding {
    let facts = Facts {
        spawns: vec![spawn],
        signals: Vec::new(),
        ..Facts::default()
    };
    let mut verdicts = footgun_rules::Verdicts::default();
    footgun_rules::rule(RULE)
        .unwrap()
        .check(&facts, &Options::default(), &mut verdicts);
    verdicts.findings.remove(0)
}

#[test]
fn a_child_that_is_only_shielded_does_its_work_without_a_session() {
    let found = |api: &str, kind, group_use| {
        let mut spawn = Spawn {
            fate: Fate::Waited,
            group_use,
            ..with(kind)
        };
        spawn.site.api = api.to_owned();
        !places(RULE, [spawn]).is_empty()
    };
    let session = SessionKind::NewSession;
    assert!(!found("subprocess.run", session, None));
    // Whatever group is used elsewhere, it is not that of a child that has ended.
    assert!(!found("subprocess.run", session, Some(ELSEWHERE)));
    assert!(!found("subprocess.Popen", session, None));
    assert!(found("subprocess.Popen", session, Some(ELSEWHERE)));
    assert!(found("subprocess.run", SessionKind::Setsid, None));
}

#[test]
fn the_help_follows_the_intent() {
    let help = |spawn: Spawn| finding(spawn).help;
    let spawn = |fate| Spawn {
        fate,
        ..with(SessionKind::NewSession)
    };
    let outlive = help(spawn(Fate::Abandoned));
    let stop = help(spawn(Fate::Managed));
    let shield = help(Spawn {
        fate: Fate::Waited,
        ..with(SessionKind::Setsid)
    });
    assert!(outlive.contains("CREATE_BREAKAWAY_FROM_JOB"));
    assert!(stop.contains("whole tree"));
    assert!(shield.contains("Ctrl+C"));
    // Whoever gets the child may wait for it.
    let unknown = help(spawn(Fate::Kept));
    assert!(unknown.starts_with("on Windows pass CREATE_NEW_PROCESS_GROUP, and for a child that"));
    assert_eq!(help(spawn(Fate::Unknown)), unknown);
    assert_eq!(
        help(Spawn {
            stdin: Stream::Pipe,
            ..spawn(Fate::Kept)
        }),
        stop
    );
    assert_eq!(
        help(Spawn {
            group_use: Some(CALL),
            ..spawn(Fate::Waited)
        }),
        stop
    );
}

#[test]
fn windows_may_have_its_own_way_to_stop_the_child() {
    let spawn = |fate, group_use| Spawn {
        fate,
        group_use,
        ..with(SessionKind::NewSession)
    };
    let stopped = |fate, leaves_groups| {
        let spawn = Spawn {
            leaves_groups,
            ..spawn(fate, Some(ELSEWHERE))
        };
        places(RULE, [spawn]).is_empty()
    };
    assert!(stopped(Fate::Managed, true));
    assert!(!stopped(Fate::Managed, false));
    // On Windows nobody stops it.
    assert!(!stopped(Fate::Kept, true));
    let in_job = Spawn {
        in_job: true,
        ..spawn(Fate::Managed, None)
    };
    assert_eq!(places(RULE, [in_job]), []);
}
