//! Guards: code is reached exactly where evaluation by hand does not rule it out.

use proptest::prelude::*;

use crate::common::{indented, probes, python, rust};

/// What is known of a condition on Windows: `None` is nothing.
pub type Known = Option<bool>;

/// A condition.
#[derive(Clone, Debug)]
pub enum Guard {
    /// As it is written, and what it is.
    Atom(&'static str, Known),
    Not(Box<Guard>),
    And(Box<Guard>, Box<Guard>),
    Or(Box<Guard>, Box<Guard>),
    /// The condition, what it is then, what it is otherwise.
    Choice(Box<Guard>, Box<Guard>, Box<Guard>),
}

pub fn and(a: Known, b: Known) -> Known {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

pub fn not(a: Known) -> Known {
    a.map(|holds| !holds)
}

fn or(a: Known, b: Known) -> Known {
    not(and(not(a), not(b)))
}

impl Guard {
    pub fn known(&self) -> Known {
        match self {
            Guard::Atom(_, known) => *known,
            Guard::Not(a) => not(a.known()),
            Guard::And(a, b) => and(a.known(), b.known()),
            Guard::Or(a, b) => or(a.known(), b.known()),
            Guard::Choice(test, then, otherwise) => match test.known() {
                Some(true) => then.known(),
                Some(false) => otherwise.known(),
                None if then.known() == otherwise.known() => then.known(),
                None => None,
            },
        }
    }

    pub fn python(&self) -> String {
        match self {
            Guard::Atom(text, _) => (*text).to_owned(),
            Guard::Not(a) => format!("not ({})", a.python()),
            Guard::And(a, b) => format!("({}) and ({})", a.python(), b.python()),
            Guard::Or(a, b) => format!("({}) or ({})", a.python(), b.python()),
            Guard::Choice(test, then, otherwise) => {
                let [then, test, otherwise] = [then, test, otherwise].map(|part| part.python());
                format!("(({then}) if ({test}) else ({otherwise}))")
            }
        }
    }

    fn rust(&self) -> String {
        match self {
            Guard::Atom(text, _) => (*text).to_owned(),
            Guard::Not(a) => format!("!({})", a.rust()),
            Guard::And(a, b) => format!("({}) && ({})", a.rust(), b.rust()),
            Guard::Or(a, b) => format!("({}) || ({})", a.rust(), b.rust()),
            Guard::Choice(test, then, otherwise) => {
                let [test, then, otherwise] = [test, then, otherwise].map(|part| part.rust());
                format!("(if {test} {{ {then} }} else {{ {otherwise} }})")
            }
        }
    }

    /// As a `cfg` predicate.
    fn cfg(&self) -> String {
        match self {
            Guard::Atom(text, _) => (*text).to_owned(),
            Guard::Not(a) => format!("not({})", a.cfg()),
            Guard::And(a, b) => format!("all({}, {})", a.cfg(), b.cfg()),
            Guard::Or(a, b) => format!("any({}, {})", a.cfg(), b.cfg()),
            Guard::Choice(..) => unreachable!("predicates have no choice"),
        }
    }
}

pub const PYTHON_ATOMS: [(&str, Known); 22] = [
    ("sys.platform == 'win32'", Some(true)),
    ("sys.platform != 'win32'", Some(false)),
    ("'win32' != sys.platform", Some(false)),
    ("sys.platform in ('linux', 'darwin')", Some(false)),
    ("sys.platform not in {'linux', 'darwin'}", Some(true)),
    ("sys.platform.startswith('win')", Some(true)),
    ("sys.platform.startswith(('linux', 'freebsd'))", Some(false)),
    ("os.name == 'nt'", Some(true)),
    ("os.name == 'posix'", Some(false)),
    ("platform.system() == 'Windows'", Some(true)),
    ("platform.system().lower() != 'windows'", Some(false)),
    ("hasattr(os, 'fork')", Some(false)),
    ("IS_WINDOWS", Some(true)),
    ("_is_windows()", Some(true)),
    ("self._is_windows", Some(true)),
    ("sys.version_info >= (3, 0)", Some(true)),
    ("sys.version_info[0] < 3", Some(false)),
    ("sys.version_info >= (3, 12)", None),
    ("True", Some(true)),
    ("False", Some(false)),
    ("given", None),
    ("ask(pid)", None),
];

const RUST_ATOMS: [(&str, Known); 11] = [
    ("cfg!(windows)", Some(true)),
    ("cfg!(unix)", Some(false)),
    ("cfg!(not(target_os = \"windows\"))", Some(false)),
    ("cfg!(feature = \"probe\")", None),
    ("std::env::consts::OS == \"windows\"", Some(true)),
    ("std::env::consts::FAMILY == \"unix\"", Some(false)),
    ("IS_WINDOWS", Some(true)),
    ("is_windows()", Some(true)),
    ("true", Some(true)),
    ("false", Some(false)),
    ("given", None),
];

const CFG_ATOMS: [(&str, Known); 8] = [
    ("windows", Some(true)),
    ("unix", Some(false)),
    ("target_os = \"windows\"", Some(true)),
    ("target_os = \"linux\"", Some(false)),
    ("target_family = \"unix\"", Some(false)),
    ("target_env = \"msvc\"", None),
    ("feature = \"probe\"", None),
    ("target_pointer_width = \"64\"", None),
];

pub fn guard(atoms: &'static [(&'static str, Known)]) -> impl Strategy<Value = Guard> {
    let atom = prop::sample::select(atoms).prop_map(|(text, known)| Guard::Atom(text, known));
    // `cfg` has no choice between predicates.
    let choices = u32::from(atoms != CFG_ATOMS);
    atom.prop_recursive(3, 12, 3, move |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            1 => boxed().prop_map(Guard::Not),
            1 => (boxed(), boxed()).prop_map(|(a, b)| Guard::And(a, b)),
            1 => (boxed(), boxed()).prop_map(|(a, b)| Guard::Or(a, b)),
            choices => (boxed(), boxed(), boxed()).prop_map(|(a, b, c)| Guard::Choice(a, b, c)),
        ]
    })
}

/// A way to put a probe behind two conditions: its code, and when the probe is reached.
type Form = (&'static str, fn(Known, Known) -> Known);

const PYTHON_FORMS: [Form; 19] = [
    ("if {a}: return\nos.kill(pid, 0)", |a, _| not(a)),
    ("if {a}:\n    os.kill(pid, 0)", |a, _| a),
    ("if {a}:\n    pass\nelse:\n    os.kill(pid, 0)", |a, _| {
        not(a)
    }),
    (
        "if {a}:\n    pass\nelif {b}:\n    os.kill(pid, 0)",
        |a, b| and(not(a), b),
    ),
    (
        "if {a}:\n    pass\nelif {b}:\n    pass\nelse:\n    os.kill(pid, 0)",
        |a, b| and(not(a), not(b)),
    ),
    ("if {a}:\n    if {b}:\n        os.kill(pid, 0)", and),
    ("if {a}:\n    return\nos.kill(pid, 0)", |a, _| not(a)),
    (
        "if {a}:\n    raise RuntimeError('no')\nos.kill(pid, 0)",
        |a, _| not(a),
    ),
    (
        "if {a}:\n    if {b}:\n        sys.exit(1)\nos.kill(pid, 0)",
        |a, b| not(and(a, b)),
    ),
    ("assert {a}, 'no'\nos.kill(pid, 0)", |a, _| a),
    ("while {a}:\n    os.kill(pid, 0)\n    break", |a, _| a),
    ("found = os.kill(pid, 0) if {a} else None", |a, _| a),
    (
        "found = None if {a} else (1 if {b} else os.kill(pid, 0))",
        |a, b| and(not(a), not(b)),
    ),
    ("({a}) and ({b}) and os.kill(pid, 0)", and),
    ("({a}) or os.kill(pid, 0)", |a, _| not(a)),
    (
        "for attempt in range(given):\n    if {a}:\n        continue\n    os.kill(pid, 0)",
        |a, _| not(a),
    ),
    (
        "try:\n    if {a}:\n        return\nfinally:\n    pass\nif {b}:\n    os.kill(pid, 0)",
        |a, b| and(not(a), b),
    ),
    ("known = {a}\nif known:\n    os.kill(pid, 0)", |a, _| a),
    (
        "ok = ({a}) and ({b})\nif not ok:\n    os.kill(pid, 0)",
        |a, b| not(and(a, b)),
    ),
];

const RUST_FORMS: [Form; 10] = [
    ("if {a} { kill(pid, 0); }", |a, _| a),
    ("if {a} {} else { kill(pid, 0); }", |a, _| not(a)),
    ("if {a} {} else if {b} { kill(pid, 0); }", |a, b| {
        and(not(a), b)
    }),
    ("if {a} { return; }\nkill(pid, 0);", |a, _| not(a)),
    ("if {a} { panic!(\"no\"); }\nkill(pid, 0);", |a, _| not(a)),
    ("assert!({a});\nkill(pid, 0);", |a, _| a),
    ("while {a} { kill(pid, 0); break; }", |a, _| a),
    (
        "let found = if {a} { 0 } else if {b} { 1 } else { kill(pid, 0) };",
        |a, b| and(not(a), not(b)),
    ),
    (
        "match {a} { true if {b} => { kill(pid, 0); } _ => {} }",
        and,
    ),
    ("let known = {a};\nif !known { kill(pid, 0); }", |a, _| {
        not(a)
    }),
];

const CFG_FORMS: [Form; 9] = [
    (
        "#[cfg({a})]\nfn probe(pid: i32) { unsafe { libc::kill(pid, 0); } }",
        |a, _| a,
    ),
    (
        "#[cfg({a})]\nmod inner {\n    #[cfg({b})]\n    pub fn probe(pid: i32) { unsafe { libc::kill(pid, 0); } }\n}",
        and,
    ),
    (
        "fn probe(pid: i32) {\n    #[cfg({a})]\n    unsafe { libc::kill(pid, 0); }\n}",
        |a, _| a,
    ),
    (
        "fn probe(pid: i32) {\n    #[cfg({a})]\n    let found = unsafe { libc::kill(pid, 0) };\n}",
        |a, _| a,
    ),
    (
        "fn probe(pid: i32) {\n    #[cfg({a})]\n    return;\n    unsafe { libc::kill(pid, 0); }\n}",
        // The compiler reads on behind a `return`.
        |_, _| Some(true),
    ),
    (
        "fn probe(pid: i32) {\n    match pid {\n        #[cfg({a})]\n        0.. => unsafe { libc::kill(pid, 0); },\n        _ => {}\n    }\n}",
        |a, _| a,
    ),
    (
        "struct Child;\n#[cfg({a})]\nimpl Child {\n    #[cfg({b})]\n    fn probe(&self, pid: i32) { unsafe { libc::kill(pid, 0); } }\n}",
        and,
    ),
    (
        "#![cfg({a})]\nfn probe(pid: i32) { unsafe { libc::kill(pid, 0); } }",
        |a, _| a,
    ),
    (
        "cfg_if::cfg_if! {\n    if #[cfg({a})] {\n        fn probe() {}\n    } else if #[cfg({b})] {\n        fn probe(pid: i32) { unsafe { libc::kill(pid, 0); } }\n    }\n}",
        |a, b| and(not(a), b),
    ),
];

fn filled(code: &str, a: &str, b: &str) -> String {
    code.replace("{a}", a).replace("{b}", b)
}

pub const PYTHON: &str = r#"import os
import platform
import sys

IS_WINDOWS = sys.platform == "win32"


def _is_windows():
    return os.name == "nt"


class Probe:
    def __init__(self):
        self._is_windows = sys.platform.startswith("win")

    def run(self, pid, given):
        {code}
"#;

const RUST: &str = r#"const IS_WINDOWS: bool = cfg!(windows);

fn is_windows() -> bool {
    cfg!(target_os = "windows")
}

fn kill(pid: i32, signal: i32) -> i32 {
    unsafe { libc::kill(pid, signal) }
}

pub fn run(pid: i32, given: bool) {
    {code}
}
"#;

#[test]
fn every_atom_is_known_in_every_form() {
    for (code, reached) in PYTHON_FORMS {
        for (atom, known) in PYTHON_ATOMS {
            let text = PYTHON.replace("{code}", &indented(&filled(code, atom, "given"), 8));
            let expected = reached(known, None) != Some(false);
            assert_eq!(probes(&python(&text)), expected, "{text}");
        }
    }
}

/// What is known of more conditions on Windows.
const MORE_ATOMS: [(&str, Known); 26] = [
    ("sysconfig.get_platform().startswith('linux')", Some(false)),
    ("sysconfig.get_platform().startswith('win-')", None),
    ("'posix' in sys.builtin_module_names", Some(false)),
    ("'nt' in sys.builtin_module_names", Some(true)),
    ("os.path is posixpath", Some(false)),
    ("os.path is ntpath", Some(true)),
    ("os.path.__name__ == 'posixpath'", Some(false)),
    ("isinstance(Path(), PosixPath)", Some(false)),
    ("isinstance(Path(), WindowsPath)", None),
    ("os.uname().sysname == 'Linux'", Some(false)),
    ("os.uname()[0].lower().startswith('linux')", Some(false)),
    (
        "'microsoft' in platform.uname().release.lower()",
        Some(false),
    ),
    ("'WSL' in platform.release()", Some(false)),
    ("'Server' in platform.release()", None),
    ("'10' in platform.release()", None),
    ("'Microsoft' in platform.version()", Some(false)),
    ("runtime.platformType == 'posix'", Some(false)),
    ("platformType != 'win32'", Some(false)),
    ("os.path.isdir('/proc')", Some(false)),
    ("os.path.exists(f'/proc/{pid}/cmdline')", Some(false)),
    ("os.path.exists('/process')", None),
    ("Path('/proc').is_dir()", Some(false)),
    ("(Path('/proc') / str(pid)).exists()", Some(false)),
    ("Path('/proc', str(pid)).exists()", Some(false)),
    ("Path('/srv').is_dir()", None),
    ("open('/proc/self/stat')", Some(false)),
];

#[test]
fn other_ways_to_ask_for_the_platform_are_known() {
    const IMPORTS: &str = "import ntpath, os, platform, posixpath, sys, sysconfig
from pathlib import Path, PosixPath, WindowsPath
from twisted.python import runtime
from twisted.python.runtime import platformType
";
    for (atom, known) in MORE_ATOMS {
        for (test, holds) in [
            (atom.to_owned(), known),
            (format!("not ({atom})"), not(known)),
        ] {
            let text = format!(
                "{IMPORTS}def run(pid):\n    try:\n        if {test}:\n            os.kill(pid, 0)\n    except FileNotFoundError:\n        pass\n"
            );
            // What raises comes to neither branch.
            let raises = atom.starts_with("open(");
            let expected = holds != Some(false) && !raises;
            assert_eq!(probes(&python(&text)), expected, "{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn python_probes_are_met_where_windows_may_come(
        (code, reached) in prop::sample::select(&PYTHON_FORMS[..]),
        a in guard(&PYTHON_ATOMS),
        b in guard(&PYTHON_ATOMS),
    ) {
        let code = filled(code, &a.python(), &b.python());
        let text = PYTHON.replace("{code}", &indented(&code, 8));
        let expected = reached(a.known(), b.known()) != Some(false);
        prop_assert_eq!(probes(&python(&text)), expected, "{}", text);
    }

    #[test]
    fn rust_probes_are_met_where_windows_may_come(
        (code, reached) in prop::sample::select(&RUST_FORMS[..]),
        a in guard(&RUST_ATOMS),
        b in guard(&RUST_ATOMS),
    ) {
        let text = RUST.replace("{code}", &filled(code, &a.rust(), &b.rust()));
        let expected = reached(a.known(), b.known()) != Some(false);
        prop_assert_eq!(probes(&rust(&text)), expected, "{}", text);
    }

    #[test]
    fn rust_items_are_met_where_windows_may_compile_them(
        (code, reached) in prop::sample::select(&CFG_FORMS[..]),
        a in guard(&CFG_ATOMS),
        b in guard(&CFG_ATOMS),
    ) {
        let text = filled(code, &a.cfg(), &b.cfg());
        let expected = reached(a.known(), b.known()) != Some(false);
        prop_assert_eq!(probes(&rust(&text)), expected, "{}", text);
    }
}

#[test]
fn what_windows_lacks_does_not_compile_wherever_it_stands() {
    // Behind a condition, behind an early end, in an arm, in a closure, and in a function that nobody
    // calls on Windows: the compiler reads them all, and each is one probe.
    for code in [
        "fn f(pid: i32) { if cfg!(unix) { unsafe { libc::kill(pid, 0); } } }",
        "fn f(pid: i32) { if !cfg!(unix) { return; } unsafe { libc::kill(pid, 0); } }",
        "fn f(pid: i32) -> bool { cfg!(unix) && unsafe { libc::kill(pid, 0) } == 0 }",
        "fn f(pid: i32) { match std::env::consts::OS { \"linux\" => unsafe { libc::kill(pid, 0); }, _ => {} } }",
        "fn f(pid: i32) { let ask = |pid| unsafe { libc::kill(pid, 0) }; if cfg!(unix) { ask(pid); } }",
        "fn g(pid: i32) { unsafe { libc::kill(pid, 0); } } fn main() { if cfg!(unix) { g(1) } }",
        "fn f(pid: i32) { panic!(); unsafe { libc::kill(pid, 0); } }",
    ] {
        assert_eq!(rust(code).signals.len(), 1, "{code}");
        assert!(probes(&rust(code)), "{code}");
    }
    for code in [
        "fn f(pid: i32) { #[cfg(unix)] if cfg!(unix) { unsafe { libc::kill(pid, 0); } } }",
        "fn f(pid: i32) { if cfg!(unix) { unsafe { libc::kill(pid, 9); } } }",
        "fn kill(_: i32, _: i32) {} fn f(pid: i32) { if cfg!(unix) { kill(pid, 0); } }",
    ] {
        assert!(!probes(&rust(code)), "{code}");
    }
}

#[test]
fn what_a_constructor_of_a_base_sets_is_known_behind_super() {
    for call in [
        "super().__init__(path)",
        "super(Tool, self).__init__(path)",
        "Base.__init__(self, path)",
    ] {
        let text = format!(
            "import os, sys\n\
             class Base:\n    def __init__(self, path):\n        self.is_windows = sys.platform == 'win32'\n\
             class Tool(Base):\n    def __init__(self, path):\n        {call}\n        self.path = path\n\
             \x20   def run(self, pid):\n        if not self.is_windows:\n            os.kill(pid, 0)\n"
        );
        assert!(
            !crate::common::probes(&crate::common::python(&text)),
            "{call}"
        );
        let other = text.replace("== 'win32'", "!= 'win32'");
        assert!(
            crate::common::probes(&crate::common::python(&other)),
            "{call}"
        );
    }
}
