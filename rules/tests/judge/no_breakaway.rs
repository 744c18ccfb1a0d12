//! `no-breakaway`.

use footgun_analysis::facts::flag::{
    CREATE_BREAKAWAY_FROM_JOB, CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW, DETACHED_PROCESS,
};
use footgun_analysis::facts::{CreationFlags, Fate, FlagOrigin, Program, Spawn, SpawnId, Stream};

use crate::facts::{ARGUMENT, CALL, OTHER_FILE, flags, places, python, rust, said_of, silence_of};

fn with(ones: u32) -> Spawn {
    Spawn {
        flags: flags(ones),
        ..python()
    }
}

fn found(spawn: Spawn) -> bool {
    let places = places("no-breakaway", [spawn]);
    assert!(places.is_empty() || places == [ARGUMENT]);
    !places.is_empty()
}

#[test]
fn the_flags_that_make_a_background_process() {
    assert!(found(with(DETACHED_PROCESS)));
    assert!(found(with(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW)));
    assert!(found(Spawn {
        flags: flags(DETACHED_PROCESS),
        ..rust()
    }));
    assert!(!found(with(CREATE_NEW_PROCESS_GROUP)));
    assert!(!found(with(CREATE_NO_WINDOW)));
    assert!(!found(with(DETACHED_PROCESS | CREATE_BREAKAWAY_FROM_JOB)));
    assert!(!found(python()));
}

#[test]
fn each_of_several_flags_that_are_chosen_between_is_judged() {
    let chosen = |choices: &[u32]| Spawn {
        flags: CreationFlags {
            ones: choices
                .iter()
                .copied()
                .reduce(|a, b| a & b)
                .unwrap_or_default(),
            zeros: !choices.iter().fold(0, |a, b| a | b),
            choices: choices.to_vec(),
            ..flags(0)
        },
        ..python()
    };
    let hidden = CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW;
    assert!(found(chosen(&[hidden, DETACHED_PROCESS])));
    assert!(!found(chosen(&[hidden, CREATE_NEW_PROCESS_GROUP])));
    assert!(!found(chosen(&[
        hidden,
        DETACHED_PROCESS | CREATE_BREAKAWAY_FROM_JOB
    ])));
}

#[test]
fn a_program_that_starts_itself_without_a_window_goes_on_in_the_background() {
    let own = |fate| Spawn {
        programs: vec![Program::Own],
        flags: flags(CREATE_NO_WINDOW),
        fate,
        ..rust()
    };
    assert!(found(own(Fate::Abandoned)));
    assert!(!found(own(Fate::Kept)));
    assert!(!found(Spawn {
        flags: flags(0),
        ..own(Fate::Abandoned)
    }));
}

#[test]
fn what_keeps_it_silent() {
    let because = |spawn| silence_of("no-breakaway", spawn);
    let detached = || with(DETACHED_PROCESS);
    assert_eq!(because(detached()), [""; 0]);
    assert_eq!(
        because(with(DETACHED_PROCESS | CREATE_BREAKAWAY_FROM_JOB)),
        ["CREATE_BREAKAWAY_FROM_JOB is set"]
    );
    let waited = Spawn {
        fate: Fate::Waited,
        ..detached()
    };
    assert_eq!(because(waited), ["the parent waits for the child"]);
    let piped = Spawn {
        stdout: Stream::Pipe,
        ..detached()
    };
    assert_eq!(
        because(piped),
        ["the parent talks to the child through a pipe"]
    );
    assert_eq!(
        because(python()),
        ["no flags are known to be set that take the child off the parent's console"]
    );
}

#[test]
fn an_unknown_bit_is_silent() {
    let mut spawn = with(DETACHED_PROCESS);
    spawn.flags.zeros &= !CREATE_BREAKAWAY_FROM_JOB;
    assert!(!found(spawn));
    let mut spawn = with(0);
    spawn.flags.zeros &= !DETACHED_PROCESS;
    assert!(!found(spawn));
}

#[test]
fn a_child_that_is_waited_for_piped_or_stopped_is_no_daemon() {
    for (fate, expected) in [
        (Fate::Abandoned, true),
        (Fate::Kept, true),
        (Fate::Managed, false),
        (Fate::Waited, false),
        (Fate::Unknown, false),
    ] {
        let spawn = Spawn {
            fate,
            ..with(DETACHED_PROCESS)
        };
        assert_eq!(found(spawn), expected, "{fate:?}");
    }
    let spawn = Spawn {
        stdout: Stream::Pipe,
        ..with(DETACHED_PROCESS)
    };
    assert!(!found(spawn));
}

#[test]
fn a_hidden_child_that_is_kept_must_be_cut_off_to_count() {
    let kept = Spawn {
        fate: Fate::Kept,
        ..with(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW)
    };
    assert!(!found(kept.clone()));
    let (stdin, stdout) = (Stream::Null, Stream::File);
    assert!(found(Spawn {
        stdin,
        stdout,
        stderr: stdout,
        ..kept
    }));
}

#[test]
fn what_is_spawned_after_one_with_breakaway_has_failed_is_silent() {
    let after = |first: Spawn| places("no-breakaway", [first, with(DETACHED_PROCESS)]);
    let refused = |ones| Spawn {
        retries: vec![SpawnId(1)],
        ..with(ones)
    };
    let missing = |ones| Spawn {
        alternatives: vec![SpawnId(1)],
        ..with(ones)
    };
    let breakaway = DETACHED_PROCESS | CREATE_BREAKAWAY_FROM_JOB;
    assert_eq!(after(refused(breakaway)), []);
    assert_eq!(after(missing(breakaway)), []);
    assert_eq!(after(with(breakaway)), [ARGUMENT]);
    assert_eq!(after(refused(CREATE_NEW_PROCESS_GROUP)), [ARGUMENT]);
}

#[test]
fn flags_from_elsewhere_are_shown_as_evidence_at_the_call() {
    let mut spawn = with(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
    spawn.flags.place = Some(OTHER_FILE);
    spawn.flags.origins = vec![FlagOrigin {
        bits: DETACHED_PROCESS,
        place: OTHER_FILE,
    }];
    let message = "the creation flags are DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP, without \
                   CREATE_BREAKAWAY_FROM_JOB: the child still belongs to the parent's job and \
                   dies with it if the job is KILL_ON_JOB_CLOSE";
    let label = (OTHER_FILE, "DETACHED_PROCESS comes from here".to_owned());
    assert_eq!(
        said_of("no-breakaway", spawn),
        [(CALL, message.to_owned(), vec![label])]
    );
}
