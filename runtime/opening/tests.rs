//! Errors of opening, as the table has them.

use std::io;

use serde::Deserialize;

use super::is_nobody;

#[derive(Deserialize)]
struct Cases {
    opening: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    error: i32,
    listed: bool,
    outcome: String,
    alive: String,
}

#[test]
fn the_table() {
    let cases: Cases = toml::from_str(include_str!("../cases.toml")).expect("the table");
    for case in cases.opening {
        let error = io::Error::from_raw_os_error(case.error);
        let nobody = is_nobody(&error, || Ok(case.listed)).expect("there is a list");
        let probed = match (nobody, case.error) {
            (true, _) => Err(crate::nobody()),
            // What code 5 means off Windows is something else.
            (false, 5) => Err(io::ErrorKind::PermissionDenied.into()),
            (false, _) => Err(error),
        };
        let outcome = match &probed {
            Err(error) if error.kind() == io::ErrorKind::NotFound && nobody => "no-such-process",
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => "permission-denied",
            _ => "error",
        };
        let alive = match crate::alive(probed) {
            Ok(true) => "yes",
            Ok(false) => "no",
            Err(_) => "error",
        };
        assert_eq!(
            (outcome, alive),
            (case.outcome.as_str(), case.alive.as_str()),
            "{}",
            case.name
        );
    }
}

#[test]
fn without_a_list_nothing_is_known() {
    let denied = io::Error::from_raw_os_error(5);
    let unlisted = is_nobody(&denied, || Err(io::Error::from_raw_os_error(8)));
    assert_eq!(unlisted.expect_err("no list").raw_os_error(), Some(8));
}
