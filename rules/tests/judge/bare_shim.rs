//! `bare-shim`.

use footgun_analysis::facts::{Program, Spawn, SpawnId, Starter};
use footgun_analysis::platform::Truth;

use crate::facts::{
    ARGUMENT, DOUBT, ELSEWHERE, OTHER_FILE, handler, named, places, python, rust, said_of,
};

fn starting<const N: usize>(base: Spawn, programs: [Program; N]) -> Spawn {
    Spawn {
        programs: programs.into(),
        ..base
    }
}

fn started_by(starter: Starter) -> Spawn {
    Spawn {
        starter,
        ..python()
    }
}

#[test]
fn plumbum_must_be_known_to_find_a_script() {
    let judged = |name| {
        places(
            "bare-shim",
            [starting(started_by(Starter::ExactFirst), [named(name)])],
        )
    };
    assert_eq!(judged("eslint"), [ARGUMENT]);
    assert_eq!(judged("sdkmanager"), []);
}

#[test]
fn the_message_names_file_installer_and_error() {
    let mut by_plumbum = started_by(Starter::ExactFirst);
    by_plumbum.site.api = "plumbum.commands.BaseCommand.popen".to_owned();
    for (spawn, words) in [
        (
            starting(python(), [named("npm")]),
            "Node.js installs `npm` as npm.cmd on Windows, and a bare name finds only npm.exe: \
             FileNotFoundError [WinError 2]",
        ),
        (
            starting(rust(), [named("yarn")]),
            "`yarn` is yarn.cmd on Windows when it comes from npm or corepack, and then a bare \
             name finds only yarn.exe: ErrorKind::NotFound, \"program not found\"",
        ),
        (
            starting(started_by(Starter::Win32), [named("npm")]),
            "Node.js installs `npm` as npm.cmd on Windows, and a bare name finds only npm.exe: \
             ERROR_FILE_NOT_FOUND, error 2",
        ),
        (
            starting(by_plumbum, [named("npm")]),
            "Node.js installs `npm` as npm.cmd on Windows, and plumbum starts the shell script \
             `npm` beside it: OSError [WinError 193]",
        ),
    ] {
        assert_eq!(
            said_of("bare-shim", spawn),
            [(ARGUMENT, words.to_owned(), vec![])]
        );
    }
}

#[test]
fn what_a_caller_brings_is_reported_where_it_does() {
    let by_itself = starting(
        rust(),
        [Program::Named {
            name: "npm".to_owned(),
            place: ARGUMENT,
            given: ARGUMENT,
            origin: ELSEWHERE,
        }],
    );
    let mut by_caller = starting(
        rust(),
        [Program::Named {
            name: "npm".to_owned(),
            place: ELSEWHERE,
            given: ELSEWHERE,
            origin: ELSEWHERE,
        }],
    );
    by_caller.site.through = vec![ELSEWHERE];
    assert_eq!(places("bare-shim", [by_itself.clone()]), [ARGUMENT]);
    assert_eq!(
        places("bare-shim", [by_itself.clone(), by_caller.clone()]),
        [ELSEWHERE]
    );
    by_caller.site.call = OTHER_FILE;
    assert_eq!(
        places("bare-shim", [by_itself, by_caller]),
        [ARGUMENT, ELSEWHERE]
    );
}

#[test]
fn a_path_into_the_bin_folder_of_npm_names_a_script() {
    let ending = |end: &str| Program::Ending {
        end: end.to_owned(),
        place: ARGUMENT,
        origin: ELSEWHERE,
    };
    let message = |outcome: &str| {
        format!(
            "`node_modules/.bin/tsc` is a shell script, and npm writes tsc.cmd beside it for Windows: \
             {outcome}"
        )
    };
    let windows = named("web\\node_modules\\.bin\\tsc");
    assert_eq!(
        said_of("bare-shim", starting(python(), [windows])),
        [(ARGUMENT, message("OSError [WinError 193]"), vec![])]
    );
    let unknown = ending("/node_modules/.bin/tsc");
    assert_eq!(
        said_of("bare-shim", starting(rust(), [unknown])),
        [(
            ARGUMENT,
            message("os error 193"),
            vec![(ELSEWHERE, "`tsc` comes from here".to_owned())]
        )]
    );
    for end in [
        "/node_modules/.bin/tsc.cmd",
        "/node_modules/.bin/",
        "/.bin/tsc",
        "/bin/npm",
        "npm",
    ] {
        assert_eq!(places("bare-shim", [starting(rust(), [ending(end)])]), []);
    }
    let either = [ending("/node_modules/.bin/tsc"), Program::Unknown(DOUBT)];
    assert_eq!(places("bare-shim", [starting(rust(), either)]), []);
}

#[test]
fn only_a_bare_name_without_a_shell_is_judged() {
    for name in ["npm.cmd", "./npm", "bin\\npm", "node", "tool"] {
        assert_eq!(places("bare-shim", [starting(python(), [named(name)])]), []);
    }
    for shell in [Truth::Yes, Truth::Unknown] {
        let mut spawn = starting(python(), [named("npm")]);
        spawn.shell = shell;
        assert_eq!(places("bare-shim", [spawn]), []);
    }
    let mut spawn = starting(python(), [named("npm")]);
    spawn.site.api = "os.execvp".to_owned();
    assert_eq!(places("bare-shim", [spawn]), []);
}

#[test]
fn what_is_tried_in_turn_can_be_the_cure() {
    let judged = |next: Spawn| {
        let mut first = starting(python(), [named("npm")]);
        first.alternatives = vec![SpawnId(1)];
        places("bare-shim", [first, next])
    };
    let mut shell = starting(python(), [named("npm")]);
    shell.shell = Truth::Yes;
    for cure in [
        shell,
        starting(python(), [named("npm.cmd")]),
        starting(python(), [Program::Resolved]),
    ] {
        assert_eq!(judged(cure), []);
    }
    for other in ["notepad.exe", "yarn.cmd"] {
        assert_eq!(judged(starting(python(), [named(other)])), [ARGUMENT]);
    }
    let mut first = starting(python(), [named("NPM.CMD")]);
    first.alternatives = vec![SpawnId(1)];
    let second = starting(python(), [named("npm")]);
    assert_eq!(places("bare-shim", [first, second]), []);
}

#[test]
fn alternatives_can_be_the_cure() {
    for cure in [Program::Resolved, Program::Unknown(DOUBT), named("npm.cmd")] {
        let spawn = starting(python(), [named("npm"), cure]);
        assert_eq!(places("bare-shim", [spawn]), []);
    }
    let elsewhere = Program::Named {
        name: "npx".to_owned(),
        place: ELSEWHERE,
        given: ELSEWHERE,
        origin: ELSEWHERE,
    };
    let spawn = starting(python(), [named("npm"), elsewhere]);
    assert_eq!(places("bare-shim", [spawn]), [ARGUMENT, ELSEWHERE]);
}

#[test]
fn evidence_is_the_literal_the_handler_and_the_way_there() {
    let mut spawn = starting(
        python(),
        [Program::Named {
            name: "npm".to_owned(),
            place: ARGUMENT,
            given: ARGUMENT,
            origin: OTHER_FILE,
        }],
    );
    spawn.handlers = vec![handler("FileNotFoundError", Truth::No)];
    spawn.site.through = vec![OTHER_FILE];
    let said = said_of("bare-shim", spawn);
    let labels = [
        (OTHER_FILE, "`npm` comes from here".to_owned()),
        (
            ELSEWHERE,
            "an installed program ends up here too".to_owned(),
        ),
        (OTHER_FILE, "reached through this call".to_owned()),
    ];
    assert_eq!(said[0].2, labels);
}

#[test]
fn a_call_reached_twice_is_reported_once() {
    let spawn = || starting(python(), [named("npm")]);
    assert_eq!(places("bare-shim", [spawn(), spawn()]), [ARGUMENT]);
}

#[test]
fn several_places_are_gathered_at_the_call() {
    let branch = |name: &str, place| Program::Named {
        name: name.to_owned(),
        place,
        given: ARGUMENT,
        origin: place,
    };
    let gathered = vec![
        (ELSEWHERE, "`npm` comes from here".to_owned()),
        (OTHER_FILE, "or `npx` from here".to_owned()),
    ];
    let npm = || branch("npm", ELSEWHERE);
    for (programs, expected) in [
        ([npm(), branch("npx", OTHER_FILE)], (ARGUMENT, gathered)),
        ([npm(), branch("docker", OTHER_FILE)], (ELSEWHERE, vec![])),
        (
            [npm(), branch("npx", ELSEWHERE)],
            (
                ELSEWHERE,
                vec![(ELSEWHERE, "or `npx` from here".to_owned())],
            ),
        ),
    ] {
        let said = said_of("bare-shim", starting(python(), programs));
        let labels: Vec<_> = said.into_iter().map(|said| (said.0, said.2)).collect();
        assert_eq!(labels, [expected]);
    }
}
