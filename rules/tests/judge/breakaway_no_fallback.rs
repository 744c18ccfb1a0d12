//! `breakaway-no-fallback`.

use footgun_analysis::facts::flag::{CREATE_BREAKAWAY_FROM_JOB, DETACHED_PROCESS};
use footgun_analysis::facts::{Fate, Spawn, SpawnId, Starter};
use footgun_analysis::platform::Truth;

use crate::facts::{ARGUMENT, CALL, ELSEWHERE, flags, handler, places, python, rust, said_of};

const BREAKS_AWAY: u32 = DETACHED_PROCESS | CREATE_BREAKAWAY_FROM_JOB;

fn with(ones: u32) -> Spawn {
    Spawn {
        flags: flags(ones),
        ..python()
    }
}

#[test]
fn the_message_names_the_error_as_the_caller_sees_it() {
    let of_the_system = Spawn {
        starter: Starter::Win32,
        ..rust()
    };
    for (base, error) in [
        (of_the_system, "ERROR_ACCESS_DENIED, error 5"),
        (python(), "PermissionError [WinError 5]"),
        (rust(), "ErrorKind::PermissionDenied, os error 5"),
    ] {
        let spawn = Spawn {
            flags: flags(BREAKS_AWAY),
            ..base
        };
        let message = format!(
            "the process breaks away from its job and nothing spawns it again without \
             CREATE_BREAKAWAY_FROM_JOB: where the job forbids breakaway, it is not started at all \
             ({error})"
        );
        assert_eq!(
            said_of("breakaway-no-fallback", spawn),
            [(ARGUMENT, message, vec![])]
        );
    }
}

#[test]
fn the_bit_must_be_known_to_be_set() {
    assert_eq!(
        places("breakaway-no-fallback", [with(DETACHED_PROCESS)]),
        []
    );
    let mut spawn = with(BREAKS_AWAY);
    spawn.flags.ones &= !CREATE_BREAKAWAY_FROM_JOB;
    assert_eq!(places("breakaway-no-fallback", [spawn]), []);
}

#[test]
fn a_child_that_is_waited_for_is_refused_as_well() {
    let spawn = Spawn {
        fate: Fate::Waited,
        ..with(BREAKS_AWAY)
    };
    assert_eq!(places("breakaway-no-fallback", [spawn]), [ARGUMENT]);
}

#[test]
fn a_retry_helps_unless_it_is_known_to_keep_the_bit() {
    let retried = |retry: Spawn| {
        let first = Spawn {
            retries: vec![SpawnId(1)],
            ..with(BREAKS_AWAY)
        };
        places("breakaway-no-fallback", [first, retry])
    };
    assert_eq!(retried(with(DETACHED_PROCESS)), []);
    assert_eq!(retried(python()), []);
    let mut open = with(BREAKS_AWAY);
    open.flags.ones = DETACHED_PROCESS;
    assert_eq!(retried(open), []);
    assert_eq!(retried(with(BREAKS_AWAY)), [ARGUMENT]);
}

#[test]
fn a_retry_on_one_way_counts_for_all_ways_of_the_same_call() {
    let retried = Spawn {
        retries: vec![SpawnId(2)],
        ..with(BREAKS_AWAY)
    };
    let retry = with(DETACHED_PROCESS);
    let mut other_way = with(BREAKS_AWAY);
    let found = |other_way: &Spawn| {
        let spawns = [retried.clone(), other_way.clone(), retry.clone()];
        places("breakaway-no-fallback", spawns)
    };
    assert_eq!(found(&other_way), []);
    // Come to through another call it is another one.
    other_way.site.through.push(ELSEWHERE);
    assert_eq!(found(&other_way), [ARGUMENT]);
}

#[test]
fn evidence_is_the_handler_that_gives_up_or_the_retry_that_changes_nothing() {
    let mut spawn = with(BREAKS_AWAY);
    spawn.handlers = vec![
        handler("FileNotFoundError", Truth::No),
        handler("OSError", Truth::Yes),
    ];
    let gives_up = "catches the refusal, but does not spawn again without the flag";
    let said = said_of("breakaway-no-fallback", spawn.clone());
    assert_eq!(said[0].2, [(ELSEWHERE, gives_up.to_owned())]);

    // A loop: the call is its own retry.
    spawn.retries = vec![SpawnId(0)];
    let said = said_of("breakaway-no-fallback", spawn);
    let again = "spawns again with the flag still set";
    assert_eq!(said[0].2, [(CALL, again.to_owned())]);
}
