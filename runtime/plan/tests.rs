//! Flags and retries, as the table has them.

use std::io;

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Cases {
    flags: Vec<FlagsCase>,
    retry: Vec<RetryCase>,
    hidden: Vec<HiddenCase>,
}

#[derive(Deserialize)]
struct HiddenCase {
    name: String,
    console: bool,
    flags: Vec<String>,
}

#[derive(Deserialize)]
struct FlagsCase {
    name: String,
    caller: Vec<String>,
    first: Vec<String>,
    second: Vec<String>,
}

#[derive(Deserialize)]
struct RetryCase {
    name: String,
    error: i32,
    retried: bool,
}

fn cases() -> Cases {
    toml::from_str(include_str!("../cases.toml")).expect("the table")
}

fn flags(names: &[String]) -> u32 {
    let flag = |name: &String| match name.as_str() {
        "BELOW_NORMAL_PRIORITY_CLASS" => 0x0000_4000,
        "CREATE_BREAKAWAY_FROM_JOB" => CREATE_BREAKAWAY_FROM_JOB,
        "CREATE_NEW_CONSOLE" => CREATE_NEW_CONSOLE,
        "CREATE_NEW_PROCESS_GROUP" => 0x0000_0200,
        "CREATE_NO_WINDOW" => CREATE_NO_WINDOW,
        "CREATE_UNICODE_ENVIRONMENT" => 0x0000_0400,
        "DETACHED_PROCESS" => DETACHED_PROCESS,
        name => panic!("no flag is called {name}"),
    };
    names.iter().map(flag).fold(0, |flags, flag| flags | flag)
}

#[test]
fn flags_of_both_attempts() {
    for case in cases().flags {
        let expected = Attempts {
            first: flags(&case.first),
            second: flags(&case.second),
        };
        assert_eq!(attempts(flags(&case.caller)), expected, "{}", case.name);
    }
}

#[test]
fn flags_of_a_hidden_program() {
    for case in cases().hidden {
        let set = hiding(case.console).unwrap_or(0);
        assert_eq!(set, flags(&case.flags), "{}", case.name);
    }
}

#[test]
fn which_errors_are_retried() {
    for case in cases().retry {
        let mut asked = Vec::new();
        let started = start(0, |flags| -> io::Result<()> {
            asked.push(flags);
            // Another error each time, to see which one is returned.
            Err(io::Error::from_raw_os_error(
                case.error + asked.len() as i32 - 1,
            ))
        });
        let Attempts { first, second } = attempts(0);
        let (expected, error) = match case.retried {
            true => (vec![first, second], case.error + 1),
            false => (vec![first], case.error),
        };
        let returned = started.expect_err("no attempt succeeds").raw_os_error();
        assert_eq!((asked, returned), (expected, Some(error)), "{}", case.name);
    }
}

#[test]
fn an_error_without_a_code_is_not_retried() {
    let mut attempts = 0;
    let started = start(0, |_| -> io::Result<()> {
        attempts += 1;
        Err(io::ErrorKind::PermissionDenied.into())
    });
    assert!(started.is_err());
    assert_eq!(attempts, 1);
}

#[test]
fn the_second_attempt_succeeds() {
    let mut attempts = 0;
    let started = start(0, |_| {
        attempts += 1;
        match attempts {
            1 => Err(io::Error::from_raw_os_error(ERROR_ACCESS_DENIED)),
            attempt => Ok(attempt),
        }
    });
    let started = started.expect("a process");
    let expected = Started {
        child: 2,
        stayed: true,
    };
    assert_eq!(started, expected);
}
