//! Rust expressions and calls of `spawn`.

use footgun_analysis::rewrite::Function;

use crate::common::{group, resolve, rust, spawn};

/// The text of a file that imports std's `Command`.
fn file(code: &str) -> String {
    format!("use std::process::Command;\n\n{code}\n")
}

/// A function with this body in such a file.
fn body(code: &str) -> String {
    file(&format!(
        "fn f() -> std::io::Result<()> {{ {code}; Ok(()) }}"
    ))
}

#[test]
fn a_program_is_wrapped() {
    for (before, after) in [
        (
            body("Command::new(«\"npm\"»).arg(\"é\").status()?"),
            body("Command::new(footgun_runtime::resolve(\"npm\")).arg(\"é\").status()?"),
        ),
        (
            body("Command::new(r#\"«npm»\"#).status()?"),
            body("Command::new(footgun_runtime::resolve(r#\"npm\"#)).status()?"),
        ),
        (
            body("let é = std::process::Command::new(«&name»)"),
            body("let é = std::process::Command::new(footgun_runtime::resolve(&name))"),
        ),
        (
            "use tokio::process::{self, Command as C};\r\nfn f() { C::new(«x»); process::Command::new(y); }".to_owned(),
            "use tokio::process::{self, Command as C};\r\nfn f() { C::new(footgun_runtime::resolve(x)); process::Command::new(y); }".to_owned(),
        ),
        (
            "use std::process;\nfn f() { process::Command::new(«\"npm\"»); }".to_owned(),
            "use std::process;\nfn f() { process::Command::new(footgun_runtime::resolve(\"npm\")); }".to_owned(),
        ),
        (
            "#!/usr/bin/x\nfn f() { use std::process::*; Command::new(«\"npm\"»); }".to_owned(),
            "#!/usr/bin/x\nfn f() { use std::process::*; Command::new(footgun_runtime::resolve(\"npm\")); }".to_owned(),
        ),
        (
            file("mod a { use super::*; fn f() { Command::new(«\"npm\"»); } }"),
            file("mod a { use super::*; fn f() { Command::new(footgun_runtime::resolve(\"npm\")); } }"),
        ),
        // By the name that the file has for it.
        (
            file("use footgun_runtime::{resolve as r};\nfn f() { Command::new(«\"npm\"»); }"),
            file("use footgun_runtime::{resolve as r};\nfn f() { Command::new(r(\"npm\")); }"),
        ),
        (
            file("use footgun_runtime::resolve;\nfn f() { fn resolve() {} Command::new(«\"npm\"»); }"),
            file("use footgun_runtime::resolve;\nfn f() { fn resolve() {} Command::new(footgun_runtime::resolve(\"npm\")); }"),
        ),
    ] {
        assert_eq!(rust(&before, resolve), Ok(after), "{before}");
    }
    for before in [
        "use std::process::Command;\nconst NPM: &str = «\"npm\"»;",
        "use std::process::Command;\nfn f() { run!(Command::new(«\"npm\"»)); }",
        "use std::process::Command;\nfn f() { Command::new(if a { «\"npm\"» } else { b }); }",
        "use std::process::Command;\nfn f() { Command::new(footgun_runtime::resolve(«\"npm\"»)); }",
        "use std::process::Command;\nfn f() { Command::new(«\"npm\").arg(\"a\"»); }",
        "use std::process::Command;\nmod a { fn f() { Command::new(«\"npm\"»); } }",
        "use clap::Command;\nfn f() { Command::new(«\"npm\"»); }",
        "struct Command;\nfn f() { Command::new(«\"npm\"»); }",
        "#[cfg(unix)]\nuse std::process::Command;\n#[cfg(windows)]\nuse other::Command;\nfn f() { Command::new(«\"npm\"»); }",
        "fn f() { Command::new(«\"npm\"»); }",
    ] {
        assert_eq!(
            rust(before, resolve),
            Err("it is not what a command is made with"),
            "{before}"
        );
    }
    assert_eq!(
        rust("fn f( { «x» }", resolve),
        Err("its file cannot be parsed")
    );
    assert_eq!(
        rust("fn f() { «x» }", group),
        Err("Rust has no list or keywords to change there")
    );
}

#[test]
fn a_child_is_started_detached() {
    for (before, after) in [
        (
            "let child = «Command::new(\"d\").arg(\"é\").spawn()»?",
            "let child = footgun_runtime::spawn_detached(Command::new(\"d\").arg(\"é\")).map(footgun_runtime::Detached::into_child)?",
        ),
        (
            "return «Command::new(\"d\").spawn()».map(drop)",
            "return footgun_runtime::spawn_detached(&mut Command::new(\"d\")).map(footgun_runtime::Detached::into_child).map(drop)",
        ),
        (
            "let mut c = Command::new(\"d\"); c.arg(\"a\"); «c.spawn()»?",
            "let mut c = Command::new(\"d\"); c.arg(\"a\"); footgun_runtime::spawn_detached(&mut c).map(footgun_runtime::Detached::into_child)?",
        ),
        (
            "let c = &mut Command::new(\"d\"); let _ = «c.spawn()»",
            "let c = &mut Command::new(\"d\"); let _ = footgun_runtime::spawn_detached(c).map(footgun_runtime::Detached::into_child)",
        ),
        (
            "let mut c: Command = make(); «c.arg(x).spawn()».unwrap()",
            "let mut c: Command = make(); footgun_runtime::spawn_detached(c.arg(x)).map(footgun_runtime::Detached::into_child).unwrap()",
        ),
        (
            "fn make() -> Command { x() } «make().spawn()»?",
            "fn make() -> Command { x() } footgun_runtime::spawn_detached(&mut make()).map(footgun_runtime::Detached::into_child)?",
        ),
        (
            "let g = |c: &mut Command| «c.spawn()»",
            "let g = |c: &mut Command| footgun_runtime::spawn_detached(c).map(footgun_runtime::Detached::into_child)",
        ),
        (
            "«footgun_runtime::background(\"d\")\n    .arg(\"a\")\n    .spawn()»?.id()",
            "footgun_runtime::spawn_detached(footgun_runtime::background(\"d\")\n    .arg(\"a\"))\n    .map(footgun_runtime::Detached::into_child)?.id()",
        ),
        (
            "«Command::new(\"d\")\r\n    .arg(\"a\")\r\n    .spawn()»?",
            "footgun_runtime::spawn_detached(Command::new(\"d\")\r\n    .arg(\"a\"))\r\n    .map(footgun_runtime::Detached::into_child)?",
        ),
    ] {
        assert_eq!(rust(&body(before), spawn), Ok(body(after)), "{before}");
    }
    let of_module = |module: &'static str| {
        move |call| {
            let named = |function: &Function| {
                Some(Function {
                    module: module.to_owned(),
                    ..function.clone()
                })
            };
            spawn(call).try_map(named).expect("a function")
        }
    };
    let tokio = "let mut c = tokio::process::Command::new(\"d\"); «c.kill_on_drop(false).spawn()»?";
    let other = Err("its command is one of another library");
    assert_eq!(rust(&body(tokio), spawn), other);
    let std = body("«Command::new(\"d\").spawn()»?");
    assert_eq!(rust(&std, of_module("win::tokio_process")), other);
    assert_eq!(
        rust(&body(tokio), of_module("win::tokio_process")),
        Ok(body(
            "let mut c = tokio::process::Command::new(\"d\"); win::tokio_process::spawn_detached(c.kill_on_drop(false)).map(win::Detached::into_child)?"
        ))
    );
    for (before, after) in [
        (
            "fn f(c: &mut Command) { use footgun_runtime::spawn_detached; let _ = «c.spawn()»; }",
            "fn f(c: &mut Command) { use footgun_runtime::spawn_detached; let _ = spawn_detached(c).map(footgun_runtime::Detached::into_child); }",
        ),
        (
            "impl A { fn f(&self, mut c: Command) { «c.spawn()»; } }",
            "impl A { fn f(&self, mut c: Command) { footgun_runtime::spawn_detached(&mut c).map(footgun_runtime::Detached::into_child); } }",
        ),
    ] {
        assert_eq!(rust(&file(before), spawn), Ok(file(after)), "{before}");
    }
    // The project may have another name for the crate.
    assert_eq!(
        rust(
            &body("let id = «Command::new(\"d\").spawn()»?.id()"),
            of_module("win")
        ),
        Ok(body(
            "let id = win::spawn_detached(&mut Command::new(\"d\")).map(win::Detached::into_child)?.id()"
        ))
    );
    const TYPE: &str = "the type of what is started is not plain to see";
    for (before, because) in [
        ("«self.command.spawn()»?", TYPE),
        ("let mut c = make(); «c.spawn()»?", TYPE),
        ("let c = Command::new(\"d\"); «c.spawn()»?", TYPE),
        (
            "let mut c = Command::new(\"d\"); for c in d { «c.spawn()»?; }",
            TYPE,
        ),
        (
            "let mut c = Command::new(\"d\"); if let Some(c) = d { «c.spawn()»?; }",
            TYPE,
        ),
        (
            "let mut c = Command::new(\"d\"); match d { c => «c.spawn()»? }",
            TYPE,
        ),
        (
            "let mut c = Command::new(\"d\"); let (a, c) = d; «c.spawn()»?",
            TYPE,
        ),
        (
            "let mut c = Command::new(\"d\"); let g = |c| «c.spawn()»",
            TYPE,
        ),
        ("«Command::new(\"d\").custom().spawn()»?", TYPE),
        ("«std::thread::spawn(f)»", "it is not a call of `spawn`"),
        (
            "«Command::new(\"d\").status()»",
            "it is not a call of `spawn`",
        ),
        (
            "run!(«Command::new(\"d\").spawn()»)",
            "it is not a call of `spawn`",
        ),
        (
            "«async_process::Command::new(\"d\").spawn()»?",
            "its command is one of another library",
        ),
        (
            "«Command::new(\"d\") /* c */ .spawn()»?",
            "a comment stands within the call",
        ),
    ] {
        assert_eq!(rust(&body(before), spawn), Err(because), "{before}");
    }
}
