//! Names of Rust modules between braces, however they are spelled, and constants in any order.

use footgun_analysis::facts::Facts;

use crate::common::{facts_of, project, rust};

/// The flags of each spawn where they are known, `None` where they are not.
fn flags(facts: &Facts) -> Vec<Option<u32>> {
    let spawns = facts.spawns.iter();
    spawns
        .map(|spawn| spawn.flags.known().then_some(spawn.flags.ones))
        .collect()
}

/// What a program has that starts a process with the flags that an expression gives.
fn started_with(items: &str, given: &str) -> Vec<Option<u32>> {
    let text = format!(
        "use std::process::Command;\n{items}\n\
         fn main() {{\n    Command::new(\"a\").creation_flags({given}).spawn();\n}}\n"
    );
    flags(&rust(&text))
}

#[test]
fn names_of_a_module_are_read_from_outside() {
    const MODULE: &str = "mod flags {
        pub const X: u32 = 0x208;
        pub static Y: u32 = 0x200;
        pub const fn f() -> u32 { X | 0x0100_0000 }
        pub mod inner { pub const Z: u32 = 0x10; pub fn g() -> u32 { Z } }
        pub use self::inner::Z as W;
        pub struct Set;
        impl Set { pub const ALL: u32 = X; pub fn all() -> u32 { Self::ALL } }
        #[repr(u32)]
        pub enum Kind { One = 0x20, Two = X }
    }";
    let cases = [
        ("", "flags::X", 0x208),
        ("", "self::flags::X", 0x208),
        ("", "crate::flags::X", 0x208),
        ("", "flags::Y | 8", 0x208),
        ("", "flags::f()", 0x0100_0208),
        ("", "crate::flags::f()", 0x0100_0208),
        ("", "flags::inner::Z", 0x10),
        ("", "flags::inner::g()", 0x10),
        ("", "flags::W", 0x10),
        ("", "flags::Set::ALL", 0x208),
        ("", "flags::Set::all()", 0x208),
        ("", "flags::Kind::One as u32", 0x20),
        ("", "flags::Kind::Two as u32", 0x208),
        ("use flags::X;", "X", 0x208),
        ("use flags::X as Y;", "Y", 0x208),
        ("use self::flags::X;", "X", 0x208),
        ("use crate::flags::{X, Y};", "X | Y", 0x208),
        ("use flags::f;", "f()", 0x0100_0208),
        ("use flags;", "flags::X", 0x208),
        ("use flags as other;", "other::X", 0x208),
        ("use flags::inner;", "inner::Z", 0x10),
        ("use flags::inner::{self as other};", "other::g()", 0x10),
        ("use flags::*;", "X", 0x208),
        ("use flags::*;", "inner::Z", 0x10),
        ("use flags::inner::*;", "g()", 0x10),
        ("use flags::Kind::*;", "Two as u32", 0x208),
        ("const A: u32 = flags::X;", "A", 0x208),
        ("use flags::X; const A: u32 = X | 1;", "A", 0x209),
        ("use flags::Set as S;", "S::ALL", 0x208),
        (
            "pub use flags::inner as other; mod b { pub use super::other::Z; }",
            "b::Z",
            0x10,
        ),
    ];
    for (items, given, expected) in cases {
        for text in [format!("{MODULE}\n{items}"), format!("{items}\n{MODULE}")] {
            let found = started_with(&text, given);
            assert_eq!(found, [Some(expected)], "{items} {given}");
        }
    }
}

#[test]
fn a_module_reads_names_from_outside() {
    const OUTSIDE: &str = "const F: u32 = 0x208;
        fn f() -> u32 { F }
        mod other { pub const G: u32 = 0x10; pub mod deep { pub const H: u32 = super::G | super::super::F; } }
        struct Set;
        impl Set { const ALL: u32 = F; }";
    let cases = [
        ("", "super::F", 0x208),
        ("", "crate::F", 0x208),
        ("", "super::f()", 0x208),
        ("", "super::Set::ALL", 0x208),
        ("", "super::other::G", 0x10),
        ("", "crate::other::deep::H", 0x218),
        ("", "self::own::O", 0x218),
        ("", "own::O", 0x218),
        ("use super::F;", "F", 0x208),
        ("use super::*;", "F", 0x208),
        ("use super::*;", "f()", 0x208),
        ("use super::*;", "other::G", 0x10),
        ("use super::other::*;", "G", 0x10),
        ("use super::other::deep;", "deep::H", 0x218),
        ("use crate::f as g;", "g()", 0x208),
        ("use self::own::*;", "O", 0x218),
        ("use super::*; use super::other::G;", "F | G", 0x218),
        ("const A: u32 = super::F;", "A", 0x208),
        ("const A: u32 = super::B; const C: u32 = 4;", "A", 4),
    ];
    for (items, given, expected) in cases {
        let module = format!(
            "mod app {{\n{items}\nmod own {{ pub const O: u32 = super::super::other::deep::H; }}\n\
             fn run() {{ std::process::Command::new(\"a\").creation_flags({given}).spawn(); }}\n}}"
        );
        let back = "const B: u32 = app::C;";
        for text in [
            format!("{OUTSIDE}\n{back}\n{module}"),
            format!("{module}\n{back}\n{OUTSIDE}"),
        ] {
            assert_eq!(flags(&rust(&text)), [Some(expected)], "{items} {given}");
        }
    }
}

#[test]
fn constants_are_there_before_they_are_written() {
    let chain: String = (0..500)
        .map(|at| format!("const C{at}: u32 = C{} + 1;\n", at + 1))
        .collect();
    let cases = [
        (
            "const A: u32 = B; const B: u32 = C; const C: u32 = 8;",
            Some(8),
        ),
        (
            "const A: u32 = S::X; struct S; impl S { const X: u32 = Self::Y; const Y: u32 = 8; }",
            Some(8),
        ),
        (
            "struct S; impl S { const X: u32 = X; } const X: u32 = 8; const A: u32 = S::X;",
            Some(8),
        ),
        (
            "const A: u32 = f(); const fn f() -> u32 { B } const B: u32 = 8;",
            Some(8),
        ),
        (
            "const A: u32 = S::new().0; struct S(u32); impl S { const fn new() -> S { S(B) } } const B: u32 = 8;",
            Some(8),
        ),
        (
            "const P: u32 = panic!(); const A: u32 = B; const B: u32 = 8;",
            Some(8),
        ),
        ("const A: u32 = B; const B: u32 = A;", None),
        (
            "const A: u32 = m::B; mod m { pub const B: u32 = super::A; }",
            None,
        ),
        ("const A: u32 = m::A; mod m { pub use super::*; }", None),
        (
            &*format!("const A: u32 = C0;\n{chain}const C500: u32 = 8;"),
            Some(508),
        ),
    ];
    for (items, expected) in cases {
        assert_eq!(started_with(items, "A"), [expected], "{items}");
    }
}

#[test]
fn what_a_module_does_not_have_is_unknown() {
    let cases = [
        ("mod flags { pub const X: u32 = 8; }", "flags::Y"),
        ("mod flags { pub const X: u32 = 8; }", "X"),
        ("const X: u32 = 8; mod flags { }", "flags::X"),
        ("mod flags { pub use super::gone::X; }", "flags::X"),
        (
            "mod a { pub use super::b::*; } mod b { pub use super::a::*; }",
            "a::X",
        ),
        ("mod a { pub use self::a as a; }", "a::a::a::X"),
        ("use a::*; mod a { pub use super::*; }", "X"),
        ("use gone::*; mod a { pub use super::*; }", "a::X"),
    ];
    for (items, given) in cases {
        assert_eq!(started_with(items, given), [None], "{items} {given}");
    }
}

#[test]
fn a_file_below_a_module_between_braces() {
    let project = project(&[
        (
            "src/main.rs",
            "use std::process::Command;
             const BASE: u32 = 0x200;
             mod a { pub const OWN: u32 = 8; pub mod b; pub use self::b::X; }
             fn main() {
                 Command::new(\"a\").creation_flags(a::b::X).spawn();
                 Command::new(\"a\").creation_flags(a::X).spawn();
             }",
        ),
        (
            "src/a/b.rs",
            "pub const X: u32 = super::OWN | super::super::BASE;
             use super::*;
             fn run() { std::process::Command::new(\"a\").creation_flags(OWN).spawn(); }",
        ),
    ]);
    let of_main = flags(&facts_of(&project, "src/main.rs"));
    assert_eq!(of_main, [Some(0x208), Some(0x208)]);
    assert_eq!(flags(&facts_of(&project, "src/a/b.rs")), [Some(8)]);
}

#[test]
fn methods_for_a_type_outside_the_module() {
    let text = "struct Launcher { flags: u32 }
        mod build {
            use super::Launcher;
            impl Launcher { pub const BASE: u32 = 0x208; pub fn flags() -> u32 { Self::BASE } }
        }
        mod run {
            impl super::Launcher {
                pub fn launch() { std::process::Command::new(\"a\").creation_flags(Self::flags()).spawn(); }
            }
        }
        fn main() { Launcher::launch(); }";
    assert_eq!(flags(&rust(text)), [Some(0x208)]);
}

#[test]
fn a_module_inside_a_function() {
    let text = "const F: u32 = 0x200;
        fn main() {
            mod flags { pub const X: u32 = super::F | Y; const Y: u32 = 8; }
            std::process::Command::new(\"a\").creation_flags(flags::X).spawn();
        }";
    assert_eq!(flags(&rust(text)), [Some(0x208)]);
}

/// Star imports of modules that bring in each other's names on many ways: to try each way would not
/// end.
#[test]
fn star_imports_on_many_ways() {
    const RUNGS: usize = 60;
    let rust_modules: String = (0..RUNGS)
        .map(|at| {
            let (next, other) = (at + 1, at + 2);
            format!("mod m{at} {{ pub use super::m{next}::*; pub use super::m{other}::*; }}\n")
        })
        .collect();
    let end = format!(
        "mod m{RUNGS} {{}} mod m{} {{ pub const X: u32 = 8; }}",
        RUNGS + 1
    );
    let items = format!("{rust_modules}{end}");
    assert_eq!(started_with(&items, "m0::X"), [Some(8)]);
    assert_eq!(started_with(&items, "m0::Y"), [None]);

    let mut files: Vec<(String, String)> = (0..RUNGS)
        .map(|at| {
            let text = format!("from m{} import *\nfrom m{} import *\n", at + 1, at + 2);
            (format!("m{at}.py"), text)
        })
        .collect();
    files.push((format!("m{RUNGS}.py"), String::new()));
    files.push((format!("m{}.py", RUNGS + 1), "x = 8\n".to_owned()));
    let app = "import subprocess\nfrom m0 import *\n\
               subprocess.Popen(c, creationflags=x)\nsubprocess.Popen(c, creationflags=y)\n";
    files.push(("app.py".to_owned(), app.to_owned()));
    let found = flags(&facts_of(&project(&files), "app.py"));
    assert_eq!(found, [Some(8), None]);
}
