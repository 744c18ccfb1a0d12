//! What a function does that is run in the child, told from its code and not from its words.

use footgun_analysis::facts::SessionKind;

use crate::common::{python, rust};

fn kinds(definitions: &str, hook: &str) -> Vec<SessionKind> {
    let facts = python(&format!(
        "import functools, os, subprocess\n{definitions}\n\
         def start(command, given):\n    subprocess.Popen(command, preexec_fn={hook})\n"
    ));
    let [spawn] = facts.spawns.as_slice() else {
        panic!("one spawn: {facts:?}");
    };
    spawn.session.iter().map(|option| option.kind).collect()
}

#[test]
fn what_does_nothing_else_is_told_from_what_does_more() {
    use SessionKind::{Mixed, Setpgid, Setsid};
    const CASES: [(&str, &[SessionKind]); 24] = [
        ("os.setsid()", &[Setsid]),
        (
            "'''os.umask is not for us.'''\n    os.setsid()  # os.nice(1)",
            &[Setsid],
        ),
        ("return os.setsid()", &[Setsid]),
        ("import os as system\n    system.setsid()", &[Setsid]),
        ("from os import setsid as lead\n    lead()", &[Setsid]),
        ("pass\n    os.setsid()\n    return", &[Setsid]),
        ("lead()", &[Setsid]),
        ("os.setpgrp()", &[Setpgid]),
        ("os.setpgid(0, 0)", &[Setpgid]),
        ("os.setpgid(0, 1)", &[Mixed]),
        ("os.setpgid(os.getpid(), 0)", &[Mixed]),
        ("os.setsid()\n    os.nice(5)", &[Mixed]),
        ("os.umask(0)\n    os.setsid()", &[Mixed]),
        (
            "os.chroot('/srv')\n    os.setuid(9)\n    os.setsid()",
            &[Mixed],
        ),
        ("os.setsid()\n    os.setpgrp()", &[Mixed]),
        ("lead()\n    lead()", &[Mixed]),
        ("if os.getppid() > 1:\n        os.setsid()", &[Mixed]),
        (
            "try:\n        os.setsid()\n    except OSError:\n        pass",
            &[Mixed],
        ),
        (
            "with open('log') as log:\n        log.write(str(os.setsid()))",
            &[Mixed],
        ),
        ("import resource\n    os.setsid()", &[Mixed]),
        ("session = os.setsid()", &[Mixed]),
        // Neither of these does anything about a session.
        ("# os.setsid()\n    os.nice(5)", &[]),
        ("print('setsid', os.getsid(0))", &[]),
        ("def never():\n        os.setsid()", &[]),
    ];
    for (body, expected) in CASES {
        let definitions = format!("def lead():\n    os.setsid()\ndef hook():\n    {body}");
        assert_eq!(kinds(&definitions, "hook"), expected, "{body}");
    }
}

#[test]
fn a_hook_is_whatever_can_be_called() {
    use SessionKind::{Mixed, Setpgid, Setsid};
    const CASES: [(&str, &[SessionKind]); 13] = [
        ("os.setsid", &[Setsid]),
        ("os.setpgrp", &[Setpgid]),
        ("os.setpgid", &[Mixed]),
        ("lambda: os.setsid()", &[Setsid]),
        ("lambda: (os.setsid(), os.umask(0))", &[Mixed]),
        ("functools.partial(os.setpgid, 0, 0)", &[Setpgid]),
        ("functools.partial(os.setpgid, 0, given)", &[Mixed]),
        ("Child.lead", &[Setsid]),
        ("Child().prepare", &[Setsid]),
        ("Child().enter", &[Mixed]),
        ("wrapped", &[Mixed]),
        ("later", &[]),
        ("given", &[]),
    ];
    const DEFINITIONS: &str = "class Child:\n    @staticmethod\n    def lead():\n        os.setsid()\n    \
         def prepare(self):\n        self.lead()\n    \
         def enter(self):\n        os.chdir('/')\n        self.lead()\n\
         @given\ndef wrapped():\n    os.setsid()\n\
         async def later():\n    os.setsid()\n";
    for (hook, expected) in CASES {
        assert_eq!(kinds(DEFINITIONS, hook), expected, "{hook}");
    }
}

#[test]
fn the_words_of_a_rust_hook_have_no_say() {
    use SessionKind::{Setpgid, Setsid};
    const CASES: [(&str, &[SessionKind]); 7] = [
        ("|| { libc::setsid(); Ok(()) }", &[Setsid]),
        (
            "|| match libc::setsid() { -1 => Err(std::io::Error::last_os_error()), _ => Ok(()) }",
            &[Setsid],
        ),
        (
            "|| nix::unistd::setsid().map(drop).map_err(Into::into)",
            &[Setsid],
        ),
        (
            "|| { if libc::setpgid(0, 0) != 0 { panic!() } Ok(()) }",
            &[Setpgid],
        ),
        ("lead", &[Setsid]),
        ("|| { /* setsid() */ Ok(()) }", &[]),
        ("|| { log(\"setsid\"); Ok(()) }", &[]),
    ];
    for (hook, expected) in CASES {
        let facts = rust(&format!(
            "use std::os::unix::process::CommandExt;\n\
             fn lead() -> std::io::Result<()> {{ nix::unistd::setsid()?; Ok(()) }}\n\
             fn main() {{ let mut c = std::process::Command::new(\"x\");\n\
             unsafe {{ c.pre_exec({hook}) }};\nc.spawn().unwrap(); }}\n"
        ));
        let session = &facts.spawns[0].session;
        let kinds: Vec<SessionKind> = session.iter().map(|option| option.kind).collect();
        assert_eq!(kinds, expected, "{hook}");
    }
}
