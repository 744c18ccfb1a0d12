//! What is tried again after a refused process creation, and which handlers catch the refusal.

use footgun_analysis::facts::Facts;
use footgun_analysis::platform::Truth;

use crate::common::{python, rust};

/// For each spawn its flags, and those of its retries.
fn retries(facts: &Facts) -> Vec<(u32, Vec<u32>)> {
    let spawns = facts.spawns.iter();
    spawns
        .map(|spawn| {
            let retries = spawn.retries.iter().map(|&id| facts.spawn(id).flags.ones);
            (spawn.flags.ones, retries.collect())
        })
        .collect()
}

#[test]
fn python_retries() {
    type Expected = &'static [(u32, &'static [u32])];
    const CASES: [(&str, &str, Expected); 12] = [
        (
            "in the handler",
            "def start(c):
    try:
        return Popen(c, creationflags=9)
    except OSError:
        return Popen(c, creationflags=8)
",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "after the try",
            "def start(c):
    try:
        return Popen(c, creationflags=9)
    except PermissionError:
        pass
    return Popen(c, creationflags=8)
",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "in a loop over candidates",
            "def start(c):
    for flags in (9, 8):
        try:
            return Popen(c, creationflags=flags)
        except OSError:
            continue
",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "with a flag that the handler clears",
            "def start(c):
    kw = {'creationflags': 9}
    try:
        return Popen(c, **kw)
    except OSError:
        kw['creationflags'] &= ~1
        return Popen(c, **kw)
",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "in a helper",
            "def start(c):
    def launch(flags):
        return Popen(c, creationflags=flags)
    try:
        return launch(9)
    except OSError:
        return launch(8)
",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "by recursion",
            "def start(c):
    return _start(c, 9)

def _start(c, flags):
    try:
        return Popen(c, creationflags=flags)
    except OSError:
        if flags & 1:
            return _start(c, 8)
        raise
",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "not by giving up",
            "def start(c):
    try:
        Popen(c, creationflags=9)
    except OSError:
        return False
    return True
",
            &[(9, &[])],
        ),
        (
            "not where another exception leads",
            "def start(c):
    try:
        return Popen(c, creationflags=9)
    except ValueError:
        return Popen(c, creationflags=8)
",
            &[(9, &[]), (8, &[])],
        ),
        (
            "not where the program is missing",
            "def start(c):
    try:
        return Popen(c, creationflags=9)
    except FileNotFoundError:
        return Popen(c, creationflags=8)
",
            &[(9, &[]), (8, &[])],
        ),
        (
            "not after a success",
            "def start(c):
    try:
        first = Popen(c, creationflags=9)
    except OSError:
        raise
    return first, Popen(c, creationflags=8)
",
            &[(9, &[]), (8, &[])],
        ),
        (
            "after what suppress hides",
            "def start(c):
    with contextlib.suppress(OSError):
        return Popen(c, creationflags=9)
    return Popen(c, creationflags=8)
",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "where a failure is kept in a variable",
            "def start(c):
    child = None
    try:
        child = Popen(c, creationflags=9)
    except OSError:
        child = None
    if child is None:
        child = Popen(c, creationflags=8)
    return child
",
            &[(9, &[8]), (8, &[])],
        ),
    ];
    for (name, code, expected) in CASES {
        let facts = python(&format!(
            "import contextlib\nfrom subprocess import Popen\n\n{code}"
        ));
        let expected: Vec<(u32, Vec<u32>)> = expected
            .iter()
            .map(|(flags, retries)| (*flags, retries.to_vec()))
            .collect();
        assert_eq!(retries(&facts), expected, "{name}");
    }
}

#[test]
fn rust_retries() {
    type Expected = &'static [(u32, &'static [u32])];
    const CASES: [(&str, &str, Expected); 5] = [
        (
            "or_else",
            "launch(9).or_else(|_| launch(8)).unwrap();",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "a match",
            "match launch(9) { Ok(child) => drop(child), Err(_) => drop(launch(8).unwrap()) }",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "is_err",
            "if launch(9).is_err() { launch(8).unwrap(); }",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "a guard that asks for access denied",
            "match launch(9) { Ok(_) => {} Err(e) if e.raw_os_error() == Some(5) => { launch(8).unwrap(); } Err(e) => panic!(\"{e}\") }",
            &[(9, &[8]), (8, &[])],
        ),
        (
            "not two in a row",
            "launch(9)?; launch(8)?;",
            &[(9, &[]), (8, &[])],
        ),
    ];
    for (name, code, expected) in CASES {
        let facts = rust(&format!(
            "use std::os::windows::process::CommandExt;
use std::process::{{Child, Command}};

fn launch(flags: u32) -> std::io::Result<Child> {{
    Command::new(\"node\").creation_flags(flags).spawn()
}}

fn main() -> std::io::Result<()> {{
    {code}
    Ok(())
}}
"
        ));
        let expected: Vec<(u32, Vec<u32>)> = expected
            .iter()
            .map(|(flags, retries)| (*flags, retries.to_vec()))
            .collect();
        assert_eq!(retries(&facts), expected, "{name}");
    }
}

#[test]
fn handlers_say_whether_they_catch_a_refusal() {
    const CASES: [(&str, Truth); 10] = [
        ("except OSError:", Truth::Yes),
        ("except PermissionError as e:", Truth::Yes),
        ("except (ValueError, OSError):", Truth::Yes),
        ("except Exception:", Truth::Yes),
        ("except:", Truth::Yes),
        ("except IOError:", Truth::Yes),
        ("except FileNotFoundError:", Truth::No),
        ("except subprocess.SubprocessError:", Truth::No),
        ("except (ValueError, TimeoutError):", Truth::No),
        ("except library.Failure:", Truth::Unknown),
    ];
    for (clause, expected) in CASES {
        let facts = python(&format!(
            "import subprocess\nimport library\ntry:\n    subprocess.Popen(['node'])\n{clause}\n    pass\n"
        ));
        let spelled = clause
            .trim_start_matches("except")
            .trim_end_matches(':')
            .trim();
        let spelled = spelled.split(" as ").next().unwrap_or_default().to_owned();
        let handlers = facts.spawns[0].handlers.iter();
        let found: Vec<_> = handlers
            .map(|handler| (handler.catches.clone(), handler.catches_refusal))
            .collect();
        assert_eq!(found, [(spelled, expected)]);
    }
}
