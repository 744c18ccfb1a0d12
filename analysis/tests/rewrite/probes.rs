//! Rust calls that ask for a process.

use crate::common::{probe, rust};

/// A function with this body.
fn body(code: &str) -> String {
    format!("fn f(pid: i32, n: u32, p: &P) -> bool {{\n    {code}\n}}\n")
}

/// What becomes of the body of a function, with `$` for the runtime.
fn becomes(code: &str) -> Result<String, &'static str> {
    let text = rust(&body(code), probe)?;
    let (_, rest) = text.split_once("{\n    ").expect("the function");
    let rest = rest.strip_suffix("\n}\n").expect("its end");
    Ok(rest.replace("footgun_runtime::", "$"))
}

#[test]
fn what_is_compared_with_0_is_ok_or_not() {
    for (before, after) in [
        (
            "unsafe { «libc::kill(pid, 0)» == 0 }",
            "$probe_pid(pid).is_ok()",
        ),
        (
            "(unsafe { «libc::kill(n as i32, 0)» }) == 0",
            "$probe_pid(n as i32).is_ok()",
        ),
        (
            "let é = unsafe { «libc::kill(p.pid, 0)» } != 0; é",
            "let é = $probe_pid(p.pid).is_err(); é",
        ),
        (
            "if unsafe {\n        «libc::kill( pid, 0 )»\n    } == 0 { a } else { b }",
            "if $probe_pid(pid).is_ok() { a } else { b }",
        ),
        (
            "unsafe { «libc::kill(std::process::id() as i32, 0)» == 0 }",
            "$probe_pid(std::process::id() as i32).is_ok()",
        ),
        (
            "unsafe { «libc::kill(self.child.id() as i32, 0)» == 0 }",
            "$probe_pid(self.child.id() as i32).is_ok()",
        ),
        (
            "let k: libc::pid_t = x()?; !unsafe { «libc::kill(-k, 0)» == 0 }",
            "let k: libc::pid_t = x()?; !$probe_pid(-k).is_ok()",
        ),
        (
            "nix::sys::signal::kill(nix::unistd::Pid::from_raw(1), None).is_ok() && «nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None)».is_ok()",
            "nix::sys::signal::kill(nix::unistd::Pid::from_raw(1), None).is_ok() && $probe_pid(pid).is_ok()",
        ),
        (
            "match x { 1 => unsafe { «libc::kill(pid, 0)» == 0 }, _ => y }",
            "match x { 1 => $probe_pid(pid).is_ok(), _ => y }",
        ),
    ] {
        assert_eq!(becomes(before).as_deref(), Ok(after), "{before}");
    }
    const SHAPE: &str = "what is made of its result is not plain to see";
    const TYPE: &str = "the type of the process number is not plain to see";
    for (before, because) in [
        ("let r = unsafe { «libc::kill(pid, 0)» }; r == 0", SHAPE),
        ("unsafe { «libc::kill(pid, 0)» > -1 }", SHAPE),
        ("unsafe { let r = «libc::kill(pid, 0)»; r == 0 }", SHAPE),
        ("assert!(unsafe { «libc::kill(pid, 0)» } == 0)", SHAPE),
        ("«kill(pid, None)».is_ok()", SHAPE),
        ("«kill(Pid::from_raw(pid), None)».unwrap(); true", SHAPE),
        ("unsafe { «libc::kill(read()?.parse()?, 0)» == 0 }", TYPE),
        ("unsafe { «libc::kill(n as _, 0)» == 0 }", TYPE),
        (
            "let pid = x.parse()?; unsafe { «libc::kill(pid, 0)» == 0 }",
            TYPE,
        ),
        ("x.map(|pid| unsafe { «libc::kill(pid, 0)» == 0 })", TYPE),
        (
            "unsafe { «libc::kill(libc::getppid() as i32, 0)» == 0 }",
            TYPE,
        ),
        ("unsafe { «libc::kill(*n as i32, 0)» == 0 }", TYPE),
        ("unsafe { «libc::kill(PARENT as i32, 0)» == 0 }", TYPE),
        (
            "unsafe { «libc::kill(pid, 0)» == 0 && other() }",
            "an `unsafe` block around it does more",
        ),
        (
            "unsafe { «libc::kill(pid, 0)» == 0 /* é */ }",
            "a comment stands within it",
        ),
        (
            "unsafe { «libc::kill(pid, 0)» == 0 } || last_os_error() == x",
            "its function asks for the number of the error",
        ),
        (
            "match x { 1 => unsafe { «libc::kill(pid, 0)» == 0 } _ => y }",
            "what follows it does not set it apart",
        ),
    ] {
        assert_eq!(becomes(before), Err(because), "{before}");
    }
}

#[test]
fn imports_go_with_what_needed_them() {
    let ask = body("«kill(Pid::from_raw(pid), None)».is_ok()");
    let asked = body("footgun_runtime::probe_pid(pid).is_ok()");
    let (signal, pid) = (
        "use nix::sys::signal::kill;\r\n",
        "use nix::unistd::Pid;\r\n",
    );
    assert_eq!(
        rust(&format!("{signal}use std::fs;\r\n{pid}\r\n{ask}"), probe),
        Ok(format!("use std::fs;\r\n\r\n{asked}"))
    );
    assert_eq!(
        rust(
            &format!(
                "use libc;\n{}",
                body("unsafe { «libc::kill(pid, 0)» == 0 }")
            ),
            probe
        ),
        Ok(asked.clone())
    );
    assert_eq!(rust(&format!("{signal}{pid}\r\n{ask}"), probe), Ok(asked));
    const OTHERS: &str = "its file imports what it calls for other calls too";
    const SEVERAL: &str = "its import is one of several in a statement";
    for (imports, because) in [
        ("use nix::{sys::signal::kill, unistd::Pid};\n", SEVERAL),
        (
            "use nix::sys::signal::kill; use nix::unistd::Pid;\n",
            SEVERAL,
        ),
        ("pub use nix::sys::signal::kill;\n", SEVERAL),
        ("#[cfg(unix)]\nuse nix::sys::signal::kill;\n", SEVERAL),
        (
            "use nix::sys::signal::kill;\nuse nix::unistd::Pid;\nfn g(p: Pid) {}\n",
            OTHERS,
        ),
    ] {
        assert_eq!(
            rust(&format!("{imports}{ask}"), probe),
            Err(because),
            "{imports}"
        );
    }
}
