//! Values on their way through Rust: enums and their variants, `Option` and `Result`, iterators.

use footgun_analysis::facts::{Facts, Program};

use crate::common::{facts_of, project, rust};

/// The programs of each spawn, `?` where one is not known, in the order of the alphabet.
pub fn programs(facts: &Facts) -> Vec<String> {
    let spawns = facts.spawns.iter();
    spawns
        .map(|spawn| {
            let programs = spawn.programs.iter().map(|program| match program {
                Program::Unknown(_) => "?",
                Program::Resolved | Program::Own | Program::Ending { .. } => "=",
                Program::Named { name, .. } => name,
            });
            let mut programs: Vec<&str> = programs.collect();
            programs.sort_unstable();
            programs.join("|")
        })
        .collect()
}

/// Each of some functions runs a program; beside them stand these items.
#[track_caller]
pub fn assert_runs(items: &str, cases: &[(&str, &[&str])]) {
    for (body, expected) in cases {
        let text = format!(
            "use std::process::Command;\n{items}\nfn main() {{ let _ = Command::new; {body} }}"
        );
        assert_eq!(programs(&rust(&text)), *expected, "{text}");
    }
}

#[test]
fn variables_that_a_call_can_change() {
    const ITEMS: &str = "
        fn fill(program: &mut &'static str) { *program = \"yarn\"; }
        fn look(program: &&'static str) {}
        fn add(command: &mut Command) { command.arg(\"install\"); }";
    assert_runs(
        ITEMS,
        &[
            (
                "let mut program = \"npm\"; look(&program); Command::new(program).status();",
                &["npm"],
            ),
            (
                "let mut program = \"npm\"; fill(&mut program); Command::new(program).status();",
                &["?"],
            ),
            (
                "let mut program = \"npm\"; lib::fill(&mut program as *mut _);
                 Command::new(program).status();",
                &["?"],
            ),
            // What it was decides nothing either.
            (
                "let mut code = 0; lib::fill(&mut code);
                 if code == 259 { Command::new(\"npm\").status(); }",
                &["npm"],
            ),
            // A builder is changed where it is.
            (
                "let mut command = Command::new(\"npm\"); add(&mut command); command.status();",
                &["npm"],
            ),
        ],
    );
}

#[test]
fn variants_of_enums() {
    const ITEMS: &str = "
        enum Manager { Npm, Yarn, Other(String), Named { program: &'static str, fast: bool } }
        use Manager::Yarn;
        impl Manager {
            fn program(&self) -> &str {
                match self {
                    Manager::Npm => \"npm\",
                    Yarn => \"yarn\",
                    Self::Other(name) => name,
                    Self::Named { program, .. } => program,
                }
            }
            fn of(self) -> Command { Command::new(self.program()) }
        }
        fn unknown() -> Manager { todo() }";
    assert_runs(
        ITEMS,
        &[
            ("Command::new(Manager::Npm.program()).status();", &["npm"]),
            (
                "let it = Manager::Npm; Command::new(it.program()).status();",
                &["npm"],
            ),
            (
                "let it: Manager = Yarn; Command::new(it.program()).status();",
                &["yarn"],
            ),
            (
                "Command::new(Manager::program(&Manager::Npm)).status();",
                &["npm"],
            ),
            (
                "let it = Manager::Other(\"x\".into()); Command::new(it.program()).status();",
                &["x"],
            ),
            (
                "let it = Manager::Named { program: \"y\", fast: true }; Command::new(it.program()).status();",
                &["y"],
            ),
            ("Manager::Npm.of().arg(\"ci\").status();", &["npm"]),
            (
                "for it in [Manager::Npm, Yarn] { Command::new(it.program()).status(); }",
                &["npm", "yarn"],
            ),
            (
                "let it = Manager::Npm; if it == Yarn { Command::new(\"a\").status(); }",
                &[],
            ),
            (
                "let it = Manager::Npm; if matches!(it, Manager::Npm) { Command::new(\"a\").status(); }",
                &["a"],
            ),
            (
                "if let Manager::Other(name) = Manager::Npm { Command::new(name).status(); }",
                &[],
            ),
            ("Command::new(unknown().program()).status();", &["?"]),
        ],
    );
}

#[test]
fn the_arms_of_a_match_are_all_there_are() {
    const ITEMS: &str = "enum Kind { A, B }";
    assert_runs(
        ITEMS,
        &[
            (
                "let name = match kind() { Kind::A => \"a\", Kind::B => \"b\" }; Command::new(name).status();",
                &["a|b"],
            ),
            (
                "let name = match flag() { true => \"a\", false => \"b\" }; Command::new(name).status();",
                &["a|b"],
            ),
            (
                "let name = match kind() { Kind::A => \"a\", Kind::B => return }; Command::new(name).status();",
                &["a"],
            ),
            (
                "match kind() { Kind::A => return, Kind::B => panic!() } Command::new(\"a\").status();",
                &[],
            ),
        ],
    );
}

#[test]
fn options_and_results() {
    const ITEMS: &str = "
        fn some() -> Option<&'static str> { if x() { return None; } Some(\"npm\") }
        fn ok() -> Result<&'static str, String> { if x() { return Err(String::new()); } Ok(\"npm\") }
        fn bails() -> Result<&'static str> { if x() { bail!(\"no\"); } ensure!(y()); Ok(\"npm\") }
        fn handed() -> Result<&'static str, String> { let name = ok()?; Ok(name) }
        fn none() -> Option<&'static str> { None }
        fn fails() -> Result<&'static str, String> { Err(String::new()) }
        fn build() -> Result<Command, String> { if x() { Err(String::new())? } Ok(Command::new(\"npm\")) }
        struct Config { npm: Option<&'static str> }";
    assert_runs(
        ITEMS,
        &[
            ("Command::new(some().unwrap()).status();", &["npm"]),
            ("Command::new(some()?).status();", &["npm"]),
            ("Command::new(ok()?).status();", &["npm"]),
            ("Command::new(bails()?).status();", &["npm"]),
            ("Command::new(handed().expect(\"x\")).status();", &["npm"]),
            (
                "Command::new(ok().unwrap_or(\"yarn\")).status();",
                &["npm|yarn"],
            ),
            (
                "Command::new(some().unwrap_or_else(|| \"yarn\")).status();",
                &["npm|yarn"],
            ),
            (
                "Command::new(none().unwrap_or(\"yarn\")).status();",
                &["yarn"],
            ),
            (
                "Command::new(fails().unwrap_or_else(|_| \"yarn\")).status();",
                &["yarn"],
            ),
            (
                "Command::new(Some(\"npm\").unwrap_or(\"yarn\")).status();",
                &["npm"],
            ),
            (
                "Command::new(none().or(Some(\"yarn\")).unwrap()).status();",
                &["yarn"],
            ),
            ("Command::new(some().ok_or(1).unwrap()).status();", &["npm"]),
            ("Command::new(ok().ok().unwrap()).status();", &["npm"]),
            (
                "Command::new(some().map(|it| it.to_owned()).unwrap()).status();",
                &["npm"],
            ),
            (
                "Command::new(some().map_or(\"yarn\", |it| it)).status();",
                &["npm|yarn"],
            ),
            (
                "Command::new(some().and_then(|_| Some(\"yarn\")).unwrap()).status();",
                &["yarn"],
            ),
            (
                "if let Some(it) = some() { Command::new(it).status(); }",
                &["npm"],
            ),
            (
                "if let Ok(it) = ok() { Command::new(it).status(); }",
                &["npm"],
            ),
            (
                "if let Some(it) = none() { Command::new(it).status(); }",
                &[],
            ),
            (
                "if let Err(_) = fails() { Command::new(\"a\").status(); }",
                &["a"],
            ),
            (
                "if let Ok(it) = fails() { Command::new(it).status(); }",
                &[],
            ),
            (
                "let Some(it) = some() else { return }; Command::new(it).status();",
                &["npm"],
            ),
            (
                "let it = match ok() { Ok(it) => it, Err(_) => \"yarn\" }; Command::new(it).status();",
                &["npm|yarn"],
            ),
            (
                "let config = Config { npm: None }; Command::new(config.npm.unwrap_or(\"npm\")).status();",
                &["npm"],
            ),
            ("build()?.arg(\"ci\").status();", &["npm"]),
            ("fails()?; Command::new(\"a\").status();", &[]),
            (
                "Command::new(elsewhere().unwrap_or(fails().unwrap())).status();",
                &["?"],
            ),
        ],
    );
}

#[test]
fn functions_called_for_each_item() {
    assert_runs(
        "const NAMES: &[&str] = &[\"a\", \"b\"]; const PAIRS: [(&str, u8); 2] = [(\"a\", 1), (\"b\", 2)];",
        &[
            (
                "NAMES.iter().for_each(|it| { Command::new(it).status(); });",
                &["a", "b"],
            ),
            (
                "NAMES.iter().any(|it| Command::new(it).status().is_ok());",
                &["a", "b"],
            ),
            (
                "NAMES.iter().find(|it| Command::new(it).status().is_ok());",
                &["a", "b"],
            ),
            (
                "for it in PAIRS.iter().map(|(name, _)| name) { Command::new(it).status(); }",
                &["a", "b"],
            ),
            (
                "PAIRS.into_iter().for_each(|(name, _)| { Command::new(name).status(); });",
                &["a", "b"],
            ),
            (
                "NAMES.iter().for_each(|_| ()); Command::new(NAMES[0]).status();",
                &["a"],
            ),
            (
                "let it = NAMES.iter().find(|it| works(it)).unwrap(); Command::new(it).status();",
                &["?"],
            ),
        ],
    );
}

#[test]
fn methods_that_a_trait_gives() {
    const ITEMS: &str = "
        trait Manager {
            fn program(&self) -> &'static str;
            fn other(&self) -> &'static str { \"other\" }
            fn build(&self) -> Command { Command::new(self.program()) }
        }
        struct Npm;
        impl Manager for Npm {
            fn program(&self) -> &'static str { \"npm\" }
            fn other(&self) -> &'static str { \"own\" }
        }
        struct Tool { name: &'static str }
        impl Manager for Tool { fn program(&self) -> &'static str { self.name } }";
    assert_runs(
        ITEMS,
        &[
            ("Npm.build().status();", &["npm"]),
            ("Box::new(Npm).build().status();", &["npm"]),
            (
                "let all: [Box<dyn Manager>; 1] = [Box::new(Npm)]; for it in &all { it.build().status(); }",
                &["npm"],
            ),
            ("Tool { name: \"x\" }.build().status();", &["x"]),
            ("Command::new(Npm.other()).status();", &["own"]),
            (
                "Command::new(Tool { name: \"x\" }.other()).status();",
                &["other"],
            ),
        ],
    );
}

/// What the method of a struct runs that is entered without its instance being seen.
#[test]
fn fields_that_all_instances_share() {
    let cases = [
        ("Tool { program: \"npm\" }", "", "npm"),
        ("Self { program: \"npm\" }", "", "npm"),
        (
            "if x() { Tool { program: \"npm\" } } else { Self { program: \"yarn\" } }",
            "",
            "npm|yarn",
        ),
        ("Self { ..Tool { program: \"npm\" } }", "", "npm"),
        (
            "Tool { program: \"npm\" }",
            "const OTHER: Tool = Tool { program: \"yarn\" };",
            "npm|yarn",
        ),
        // Anybody can make or change one.
        (
            "Tool { program: \"npm\" }",
            "fn with(program: &'static str) -> Tool { Tool { program } }",
            "?",
        ),
        (
            "Tool { program: \"npm\" }",
            "fn set(tool: &mut Tool, program: &'static str) { tool.program = program; }",
            "?",
        ),
        (
            "Tool { program: \"npm\" }",
            "fn set(tool: &mut Tool) { change(&mut tool.program); }",
            "?",
        ),
        ("other()", "", "?"),
    ];
    for derives in ["", "#[derive(Clone, Debug)]", "#[derive(Deserialize)]"] {
        for (made, items, expected) in cases {
            let text = format!(
                "use std::process::Command;
                {derives} pub struct Tool {{ program: &'static str }}
                impl Tool {{
                    pub fn new() -> Self {{ {made} }}
                    pub fn run(&self) {{ Command::new(self.program).status(); }}
                }}
                {items}"
            );
            let expected = if derives.contains("Deserialize") {
                "?"
            } else {
                expected
            };
            assert_eq!(programs(&rust(&text)), [expected], "{text}");
        }
    }
    let public = "use std::process::Command;
        pub struct Tool { pub program: &'static str }
        pub fn new() -> Tool { Tool { program: \"npm\" } }
        pub fn run(tool: &Tool) { Command::new(tool.program).status(); }";
    assert_eq!(programs(&rust(public)), ["?"]);
    let tuple = "use std::process::Command;
        pub struct Tool(&'static str, u8);
        impl Tool {
            pub fn new(other: u8) -> Self { Tool(\"npm\", other) }
            pub fn run(&self) { Command::new(self.0).status(); }
        }";
    assert_eq!(programs(&rust(tuple)), ["npm"]);
}

#[test]
fn members_that_another_file_gives_to_a_type() {
    const CMD: &str = "use std::process::Command;
        pub struct Cmd { inner: Command }
        impl Cmd {
            pub fn new(program: &str) -> Self { Self { inner: Command::new(program) } }
            pub fn status(&mut self) { self.inner.status(); }
        }";
    const CLEAN: &str = "use crate::cmd::Cmd;
        impl Cmd {
            pub const PROGRAM: &'static str = \"yarn\";
            pub fn clean(&mut self) -> &mut Self { self.inner.env_clear(); self }
        }";
    let cases = [
        ("Cmd::new(\"npm\").clean().status();", "npm"),
        ("Cmd::new(Cmd::PROGRAM).status();", "yarn"),
        ("Cmd::clean(&mut Cmd::new(\"npm\")).status();", "npm"),
        ("Cmd::new(Cmd::GONE).status();", "?"),
    ];
    for (body, expected) in cases {
        let main = format!(
            "mod clean; mod cmd; use cmd::Cmd; use std::process::Command;\n\
             fn main() {{ let _ = Command::new; {body} }}"
        );
        let files = [
            ("src/main.rs", main.as_str()),
            ("src/cmd.rs", CMD),
            ("src/clean.rs", CLEAN),
        ];
        let found = programs(&facts_of(&project(&files), "src/main.rs"));
        assert_eq!(found, [expected], "{body}");
    }
}

#[test]
fn pointers_stand_for_what_they_point_to() {
    let items = "enum Manager { Npm, Yarn }
        impl Manager {
            fn program(&self) -> &str { match self { Self::Npm => \"npm\", Self::Yarn => \"yarn\" } }
        }";
    for pointer in [
        "&Manager",
        "Arc<Manager>",
        "&Box<Manager>",
        "Rc<Arc<Manager>>",
    ] {
        let text = format!(
            "use std::process::Command;\n{items}\n\
             pub fn run(it: {pointer}) {{ Command::new(it.program()).status(); }}"
        );
        assert_eq!(programs(&rust(&text)), ["npm|yarn"], "{pointer}");
    }
}

#[test]
fn values_that_display_themselves() {
    const ITEMS: &str = "
        enum Manager { Npm, Yarn, Other(String) }
        impl fmt::Display for Manager {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Manager::Npm => write!(f, \"npm\"),
                    Manager::Yarn => f.write_str(\"yarn\"),
                    Manager::Other(name) => name.fmt(f),
                }
            }
        }
        impl fmt::Debug for Manager {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(\"debug\") }
        }
        struct Tool { name: &'static str, version: u8 }
        impl Display for Tool {
            fn fmt(&self, f: &mut Formatter) -> Result {
                write!(f, \"{}\", self.name)?;
                write!(f, \"-{}\", self.version)
            }
        }
        struct Shown(Manager);
        impl Display for Shown {
            fn fmt(&self, f: &mut Formatter) -> Result { write!(f, \"a-{}\", self.0) }
        }
        #[derive(Debug)]
        struct Hidden;";
    assert_runs(
        ITEMS,
        &[
            ("Command::new(Manager::Npm.to_string()).status();", &["npm"]),
            (
                "Command::new(format!(\"{}\", Manager::Yarn)).status();",
                &["yarn"],
            ),
            (
                "let it = Manager::Npm; Command::new(format!(\"{it}\")).status();",
                &["npm"],
            ),
            (
                "Command::new(Manager::Other(\"x\".into()).to_string()).status();",
                &["x"],
            ),
            (
                "for it in [Manager::Npm, Manager::Yarn] { Command::new(it.to_string()).status(); }",
                &["npm", "yarn"],
            ),
            (
                "Command::new(Tool { name: \"x\", version: 2 }.to_string()).status();",
                &["x-2"],
            ),
            (
                "Command::new(Shown(Manager::Npm).to_string()).status();",
                &["a-npm"],
            ),
            ("Command::new(Hidden.to_string()).status();", &["?"]),
        ],
    );
}
