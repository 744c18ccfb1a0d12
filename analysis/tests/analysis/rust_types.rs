//! What types tell of values that are not seen being made: what they hold, and what their traits give them.

use crate::rust_values::assert_runs;

const MANAGER: &str = "
    use std::{borrow::Cow, collections::HashMap, sync::{Arc, Mutex}};
    pub enum Manager { Npm, Yarn }
    impl Manager {
        fn program(&self) -> &'static str {
            match self { Manager::Npm => \"npm\", Manager::Yarn => \"yarn\" }
        }
    }";

/// The body of `main`, with a closure that is called with something unknown of a type.
fn given(ty: &str, body: &str) -> String {
    format!("fn f(m: {ty}) {{ {body} }} f(unknown());")
}

#[track_caller]
fn assert_runs_any_manager(ty: &str, body: &str) {
    let body = given(ty, body);
    assert_runs(MANAGER, &[(&body, &["npm|yarn"])]);
}

#[test]
fn what_a_parameter_holds() {
    const RUN: &str = "{ Command::new(m.program()).status(); }";
    for (ty, body) in [
        ("&mut Manager", RUN.to_owned()),
        ("Arc<Manager>", RUN.to_owned()),
        ("Cow<'_, Manager>", RUN.to_owned()),
        (
            "Arc<Mutex<Manager>>",
            format!("let m = m.lock().unwrap(); {RUN}"),
        ),
        ("impl AsRef<Manager>", format!("let m = m.as_ref(); {RUN}")),
        ("Option<Manager>", format!("if let Some(m) = m {RUN}")),
        (
            "Option<&Manager>",
            format!("let Some(m) = m else {{ return }}; {RUN}"),
        ),
        (
            "&Option<Manager>",
            format!("let m = m.as_ref().unwrap(); {RUN}"),
        ),
        (
            "Option<Manager>",
            format!("match m {{ Some(m) => {RUN} None => {{}} }}"),
        ),
        ("Option<Manager>", format!("m.map(|m| {RUN});")),
        ("&[Manager]", format!("for m in m {RUN}")),
        ("[Manager; 3]", format!("for m in &m {RUN}")),
        (
            "Vec<Arc<Manager>>",
            format!("for m in m.iter().rev() {RUN}"),
        ),
        ("impl Iterator<Item = Manager>", format!("for m in m {RUN}")),
        ("Vec<Manager>", format!("m.iter().for_each(|m| {RUN});")),
        (
            "Vec<Manager>",
            format!("for (_, m) in m.iter().enumerate() {RUN}"),
        ),
        ("Vec<Manager>", format!("let m = m.first().unwrap(); {RUN}")),
        ("Vec<Manager>", format!("let m = &m[0]; {RUN}")),
        (
            "HashMap<String, Manager>",
            format!("for (_, m) in &m {RUN}"),
        ),
        (
            "HashMap<String, Manager>",
            format!("for m in m.values() {RUN}"),
        ),
        (
            "HashMap<String, Manager>",
            format!("if let Some(m) = m.get(\"a\") {RUN}"),
        ),
    ] {
        assert_runs_any_manager(ty, &body);
    }
}

#[test]
fn what_may_be_missing_is_looked_at_both_ways() {
    let body = given(
        "Option<Manager>",
        "match m { Some(_) => {} None => { Command::new(\"a\").status(); } }",
    );
    assert_runs(MANAGER, &[(&body, &["a"])]);
    let body = given(
        "Vec<Manager>",
        "for m in m { return } Command::new(\"a\").status();",
    );
    assert_runs(MANAGER, &[(&body, &["a"])]);
}

#[test]
fn what_fields_and_functions_hold() {
    let items = format!(
        "{MANAGER}
        pub struct App {{ pub one: Option<Manager>, pub many: Vec<Manager> }}
        fn find() -> Option<Manager> {{ unknown() }}
        fn all() -> Result<Vec<Manager>, String> {{ unknown() }}"
    );
    for body in [
        "fn f(app: App) { if let Some(m) = &app.one { Command::new(m.program()).status(); } }",
        "fn f(app: App) { for m in &app.many { Command::new(m.program()).status(); } }",
        "if let Some(m) = find() { Command::new(m.program()).status(); }",
        "for m in all().unwrap() { Command::new(m.program()).status(); }",
    ] {
        assert_runs(&items, &[(body, &["npm|yarn"])]);
    }
}

#[test]
fn what_traits_and_defaults_give() {
    const ITEMS: &str = "
        trait Tool {
            const NAME: &'static str;
            fn name(&self) -> &str { Self::NAME }
        }
        struct Npm;
        impl Tool for Npm { const NAME: &'static str = \"npm\"; }
        struct Config { npm: String, fast: bool }
        impl Default for Config { fn default() -> Self { Self { npm: \"npm\".into(), fast: true } } }
        static LAZY: LazyLock<String> = LazyLock::new(|| \"npm\".to_owned());
        static ONCE: OnceLock<String> = OnceLock::new();";
    for body in [
        "Command::new(Npm.name()).status();",
        "Command::new(Config::default().npm).status();",
        "let c = Config { fast: false, ..Default::default() }; Command::new(&c.npm).status();",
        "Command::new(&*LAZY).status();",
        "Command::new(ONCE.get_or_init(|| \"npm\".to_owned())).status();",
    ] {
        assert_runs(ITEMS, &[(body, &["npm"])]);
    }
}

#[test]
fn the_types_of_fields_are_those_of_their_module() {
    let project = crate::common::project(&[
        (
            "src/main.rs",
            "mod app; fn main() {} pub fn f(app: app::App) {
                std::process::Command::new(app.manager.program()).status();
            }",
        ),
        (
            "src/app.rs",
            "pub struct App { pub manager: Manager } pub enum Manager { Npm }
            impl Manager { pub fn program(&self) -> &str { \"npm\" } }",
        ),
    ]);
    let facts = crate::common::facts_of(&project, "src/main.rs");
    assert_eq!(crate::rust_values::programs(&facts), ["npm"]);
}

#[test]
fn a_wildcard_does_not_hide_what_is_everywhere() {
    for glob in [
        "crate::prelude::*",
        "anyhow::*",
        "super::*",
        "unknown::deep::*",
    ] {
        let body = format!(
            "use {glob}; if let Some(name) = Some(\"npm\") {{ std::process::Command::new(name).status(); }}"
        );
        assert_runs("", &[(&body, &["npm"])]);
    }
    let text = "use libc::*; fn f(pid: i32) { unsafe { kill(pid, 0); } }";
    assert!(crate::common::probes(&crate::common::rust(text)));
}

#[test]
fn what_libraries_take_where_nobody_says() {
    const ITEMS: &str = "
        fn npx() -> String { \"npx\".to_owned() }
        #[derive(clap::Parser, serde::Deserialize)]
        struct Options {
            #[arg(short, long, default_value = \"npm\")]
            npm: String,
            #[clap(default_value_t = String::from(\"yarn\"))]
            yarn: String,
            #[serde(default = \"npx\")]
            npx: String,
            #[arg(long)]
            other: String,
        }";
    assert_runs(
        ITEMS,
        &[
            (
                "let o = Options::parse(); Command::new(&o.npm).status(); Command::new(&o.yarn).status();",
                &["npm", "yarn"],
            ),
            (
                "fn f(o: Options) { Command::new(&o.npx).status(); Command::new(&o.other).status(); }",
                &["npx", "?"],
            ),
            (
                "let o = Options { npm: given(), ..Options::parse() }; Command::new(&o.npm).status();",
                &["?"],
            ),
        ],
    );
}

#[test]
fn what_may_be_any_implementor_of_a_trait() {
    const ITEMS: &str = "
        trait Manager { fn program(&self) -> &'static str; fn known(&self) -> &'static str { \"known\" } }
        trait Open { fn program(&self) -> &'static str; }
        struct Npm;
        struct Yarn { fast: bool }
        impl Manager for Npm { fn program(&self) -> &'static str { \"npm\" } }
        impl Manager for Yarn { fn program(&self) -> &'static str { \"yarn\" } }
        struct Other; impl Open for Other { fn program(&self) -> &'static str { asked() } }";
    assert_runs(
        ITEMS,
        &[
            (
                "fn f(m: &dyn Manager) { Command::new(m.program()).status(); }",
                &["npm|yarn"],
            ),
            (
                "fn f(m: Vec<Box<dyn Manager>>) { for m in &m { Command::new(m.program()).status(); } }",
                &["npm|yarn"],
            ),
            (
                "fn f(m: impl Manager) { Command::new(m.known()).status(); }",
                &["known"],
            ),
            (
                "fn f(m: &dyn Open) { Command::new(m.program()).status(); }",
                &["?"],
            ),
        ],
    );
}

#[test]
fn a_builder_that_is_made_of_something_else() {
    const ITEMS: &str = "
        use std::process::Command as StdCommand;
        struct Own { inner: StdCommand }
        impl From<Own> for StdCommand { fn from(own: Own) -> StdCommand { own.inner } }
        impl Own {
            fn run(self) { let mut command: StdCommand = self.into(); command.status(); }
            fn build(self) -> StdCommand { self.into() }
        }
        fn own() -> Own { Own { inner: StdCommand::new(\"npm\") } }";
    for body in [
        "own().run();",
        "own().build().status();",
        "StdCommand::from(own()).status();",
    ] {
        let text = format!("{ITEMS} fn main() {{ let _ = StdCommand::new; {body} }}");
        let facts = crate::common::rust(&text);
        assert!(
            crate::rust_values::programs(&facts).contains(&"npm".to_owned()),
            "{body}"
        );
    }
}

#[test]
fn methods_that_are_not_seen_are_no_fields_to_look_for() {
    // Whoever makes a type asks two of the next: looking for the makers of each in turn would not end.
    let mut text = String::from("use std::process::Command; struct S40;");
    for index in 0..40 {
        let next = index + 1;
        text += &format!(
            "struct S{index} {{ one: S{next}, two: S{next} }}
            fn f{index}(s: S{index}) -> S{index} {{
                s.one.ask(); s.two.tell(); S{index} {{ one: find(), two: find() }}
            }}\n"
        );
    }
    text += "fn main() { let s: S0 = find(); s.ask(); Command::new(\"npm\").status(); }";
    let facts = crate::common::rust(&text);
    assert_eq!(crate::rust_values::programs(&facts), ["npm"]);
}
