//! Errors of opening, as the table has them.

use std::io;

use serde::Deserialize;

use super::{meaning, ERROR_ACCESS_DENIED};

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
        let error = meaning(io::Error::from_raw_os_error(case.error), || Ok(case.listed));
        let code = error.raw_os_error();
        assert!(code.is_none() || code == Some(case.error), "{}", case.name);
        let outcome = match code {
            None => "no-such-process",
            Some(ERROR_ACCESS_DENIED) => "permission-denied",
            Some(_) => "error",
        };
        assert_eq!(outcome, case.outcome, "{}", case.name);
        // Elsewhere that code is another error.
        if outcome == "permission-denied" && !cfg!(windows) {
            continue;
        }
        let alive = match crate::alive(Err(error)) {
            Ok(true) => "yes",
            Ok(false) => "no",
            Err(_) => "error",
        };
        assert_eq!(alive, case.alive, "{}", case.name);
    }
}

#[test]
fn without_a_list_nothing_is_known() {
    let denied = io::Error::from_raw_os_error(5);
    let unlisted = meaning(denied, || Err(io::Error::from_raw_os_error(8)));
    assert_eq!(unlisted.raw_os_error(), Some(8));
}
