//! Libraries that start processes for Rust programs, and commands that are handed to them.

use footgun_analysis::facts::{Fate, Program, Starter};

use crate::common::rust;
use crate::rust_values::programs;

/// What one function starts: the programs, what starts them and what becomes of them.
fn started(uses: &str, body: &str) -> Vec<(String, Starter, Fate)> {
    let facts = rust(&format!("{uses}\nfn f(app: App) {{ {body} }}"));
    let spawns = facts.spawns.iter();
    let each = programs(&facts).into_iter().zip(spawns);
    each.map(|(programs, spawn)| (programs, spawn.starter, spawn.fate))
        .collect()
}

#[test]
fn libraries_that_start_processes() {
    use Fate::{Abandoned, Managed, Unknown, Waited};
    use Starter::{ExactFirst, Library, Win32};
    for (uses, body, starter, fate) in [
        (
            "",
            "duct::cmd(\"npm\", [\"ci\"]).stdout_null().run();",
            Library,
            Waited,
        ),
        (
            "use duct::cmd;",
            "cmd!(\"npm\", \"ci\").start();",
            Library,
            Abandoned,
        ),
        (
            "use subprocess::Exec;",
            "Exec::cmd(\"npm\").arg(\"ci\").join();",
            Win32,
            Waited,
        ),
        (
            "use subprocess::Exec;",
            "let child = Exec::cmd(\"npm\").popen();",
            Win32,
            Managed,
        ),
        (
            "use process_wrap::tokio::*;",
            "let child = process_wrap::tokio::TokioCommandWrap::with_new(\"npm\", |command| { command.arg(\"ci\"); }).spawn();",
            Library,
            Abandoned,
        ),
        (
            "use process_wrap::std::CommandWrap; use std::process::Command;",
            "CommandWrap::from(Command::new(\"npm\")).wrap(JobObject).spawn();",
            Library,
            Abandoned,
        ),
        (
            "use axoprocess::Cmd;",
            "Cmd::new(\"npm\", \"install packages\").run();",
            Library,
            Waited,
        ),
        (
            "use tauri_plugin_shell::ShellExt;",
            "app.shell().command(\"npm\").args([\"ci\"]).output();",
            Library,
            Waited,
        ),
        (
            "use tauri_plugin_shell::ShellExt;",
            "app.shell().command(\"npm\").spawn();",
            Library,
            Managed,
        ),
        (
            "use execute::{Execute, command};",
            "command!(\"npm ci\").execute_output();",
            Library,
            Waited,
        ),
        (
            "use xshell::{Shell, cmd};",
            "let shell = Shell::new().unwrap(); cmd!(shell, \"npm ci\").run();",
            Library,
            Waited,
        ),
        (
            "use xshell::Shell;",
            "let shell = Shell::new().unwrap(); shell.cmd(\"npm\").arg(\"ci\").run();",
            Library,
            Waited,
        ),
        (
            "use portable_pty::CommandBuilder;",
            "app.slave.spawn_command(CommandBuilder::new(\"npm\"));",
            ExactFirst,
            Unknown,
        ),
        (
            "use tokio::process::Command; use rmcp::transport::*;",
            "TokioChildProcess::new(Command::new(\"npm\").configure(|it| { it.arg(\"-y\"); }));",
            Library,
            Unknown,
        ),
        (
            "use std::process::Command;",
            "shared_child::SharedChild::spawn(&mut Command::new(\"npm\"));",
            Library,
            Unknown,
        ),
    ] {
        let expected = [("npm".to_owned(), starter, fate)];
        assert_eq!(started(uses, body), expected, "{uses} {body}");
    }
}

#[test]
fn what_only_looks_like_a_library_starts_nothing() {
    for (uses, body) in [
        ("", "app.shell().command(\"npm\").output();"),
        ("use clap::Command;", "Command::new(\"npm\").arg(flag());"),
        ("", "app.register(command!(\"npm ci\"));"),
        (
            "use std::process::Command;",
            "println!(\"{:?}\", Command::new(\"npm\"));",
        ),
    ] {
        assert_eq!(started(uses, body), [], "{uses} {body}");
    }
}

#[test]
fn a_path_of_which_only_the_end_is_known() {
    let end = |body: &str| {
        let facts = rust(&format!("fn f(root: &Path) {{ {body} }}"));
        match facts.spawns[0].programs.as_slice() {
            [Program::Ending { end, .. }] => end.clone(),
            programs => panic!("{programs:?}"),
        }
    };
    let start = "std::process::Command::new(tool).status();";
    assert_eq!(
        end(&format!(
            "let tool = root.join(\"node_modules\").join(\".bin\").join(\"tsc\"); {start}"
        )),
        "/node_modules/.bin/tsc"
    );
    assert_eq!(
        end(&format!(
            "let tool = format!(\"{{}}/bin/{{}}\", root, \"tsc\"); {start}"
        )),
        "/bin/tsc"
    );
}

#[test]
fn the_program_itself() {
    for body in [
        "std::process::Command::new(std::env::current_exe().unwrap()).spawn();",
        "let own = std::env::current_exe()?; std::process::Command::new(&own).arg(\"x\").spawn();",
        "if let Ok(own) = std::env::current_exe() { std::process::Command::new(own).spawn(); }",
    ] {
        let facts = rust(&format!("fn f() {{ {body} }}"));
        assert_eq!(facts.spawns[0].programs, [Program::Own], "{body}");
    }
}

#[test]
fn a_wrapper_is_not_where_a_program_is_chosen() {
    const TEXT: &str = "use std::process::Command;
struct Cmd { inner: Command }
impl Cmd {
    fn new(program: &str) -> Self { Cmd { inner: Command::new(program) } }
    fn run(mut self) { self.inner.status(); }
}
fn chosen() -> &'static str { if asked() { \"npm\" } else { \"yarn\" } }
fn start(program: &str) { Cmd::new(program).run(); }
fn main() {
    let program = chosen();
    start(program);
}";
    let project = crate::common::project(&[("src/main.rs", TEXT)]);
    let facts = crate::common::facts_of(&project, "src/main.rs");
    let named = facts.spawns.iter().flat_map(|spawn| &spawn.programs);
    let mut rows: Vec<usize> = named
        .filter_map(|program| match program {
            Program::Named { place, .. } => Some(crate::common::row(&project, *place)),
            _ => None,
        })
        .collect();
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows, [11]);
}

#[test]
fn the_arm_of_windows_stands_for_that_of_posix() {
    let options = |windows: &str| {
        let text = format!(
            "use std::process::{{Command, Stdio}};
            fn start() {{
                #[cfg(unix)]
                {{
                    let mut command = Command::new(\"sh\");
                    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                    command.process_group(0);
                    command.spawn();
                }}
                #[cfg(windows)]
                {{ let mut command = Command::new(\"cmd\"); {windows} }}
            }}"
        );
        let facts = rust(&text);
        facts.spawns[0].posix_session.len()
    };
    let nulls = "command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());";
    assert_eq!(options(&format!("{nulls} command.spawn();")), 1);
    assert_eq!(options("command.spawn();"), 0);
    assert_eq!(options(&format!("{nulls} command.status();")), 0);
}

#[test]
fn what_is_printed_is_made_by_the_display_of_each_value() {
    const ITEMS: &str = "
        use std::{fmt, process::Command};
        struct Check { name: &'static str }
        struct Doctor { checks: Vec<Check> }
        impl Check {
            fn version(&self) -> bool { Command::new(self.name).output().is_ok() }
        }
        impl Default for Doctor {
            fn default() -> Self { Self { checks: vec![Check { name: \"npm\" }, Check { name: \"cargo\" }] } }
        }
        impl fmt::Display for Check {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { writeln!(f, \"{}\", self.version()) }
        }
        impl fmt::Display for Doctor {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for check in &self.checks { write!(f, \"{check}\")?; }
                writeln!(f)
            }
        }";
    let text = format!(
        "{ITEMS} fn main() {{ let _ = Command::new; println!(\"{{}}\", Doctor::default()); }}"
    );
    let mut found = programs(&rust(&text));
    // Called by nobody, `version` starts either of them.
    found.retain(|program| !program.contains(['?', '|']));
    found.sort_unstable();
    found.dedup();
    assert_eq!(found, ["cargo", "npm"]);
}
