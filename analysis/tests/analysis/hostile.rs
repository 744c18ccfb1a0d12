//! Whatever a file holds, the analysis ends and does not panic.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use footgun_analysis::source::{FileId, Language};
use footgun_analysis::{Session, analyse};
use proptest::prelude::*;

use crate::common::{demand, facts_of, ids, probes, project, python, rust};

/// The texts of the fixtures that are read.
static FIXTURES: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
    let mut files = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures"),
        &mut files,
    );
    files.retain(|(_, text): &(PathBuf, String)| !text.is_empty());
    files.sort();
    files
});

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if Language::of(&path).is_some() {
            let text = std::fs::read_to_string(&path).expect("a text");
            files.push((path, text));
        }
    }
}

fn analyse_all(files: &[(&str, &str)]) {
    let project = project(files);
    for file in ids(&project) {
        analyse(&Session::new(&project, demand()), file);
    }
}

/// A part of a text, by two points of it, and what is done with it.
#[derive(Clone, Debug)]
struct Mutation {
    from: prop::sample::Index,
    length: usize,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Delete,
    Duplicate,
    Move(prop::sample::Index),
    Replace(String),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let kind = prop_oneof![
        3 => Just(Kind::Delete),
        2 => Just(Kind::Duplicate),
        2 => any::<prop::sample::Index>().prop_map(Kind::Move),
        1 => fragment().prop_map(Kind::Replace),
    ];
    (any::<prop::sample::Index>(), 0..80usize, kind).prop_map(|(from, length, kind)| Mutation {
        from,
        length,
        kind,
    })
}

impl Mutation {
    fn apply(&self, text: &mut String) {
        if text.is_empty() {
            return;
        }
        let start = boundary(text, self.from.index(text.len()));
        let end = boundary(text, start + self.length);
        let part = text[start..end].to_owned();
        match &self.kind {
            Kind::Delete => text.replace_range(start..end, ""),
            Kind::Duplicate => text.insert_str(start, &part),
            Kind::Move(to) => {
                text.replace_range(start..end, "");
                let to = boundary(text, to.index(text.len() + 1));
                text.insert_str(to, &part);
            }
            Kind::Replace(by) => text.replace_range(start..end, by),
        }
    }
}

/// The last place between characters up to `at`.
fn boundary(text: &str, at: usize) -> usize {
    let places = (0..=at.min(text.len())).rev();
    let mut places = places.filter(|&place| text.is_char_boundary(place));
    places.next().unwrap_or_default()
}

/// Pieces of code that fit badly together.
fn fragment() -> impl Strategy<Value = String> {
    let pieces = vec![
        "\"\"\"",
        "'",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "\\",
        "\r\n",
        "\r",
        "\n\t",
        "    ",
        "if ",
        "else:",
        "except:",
        "lambda: ",
        "*",
        "**",
        "f'{",
        "r#\"",
        "#[cfg(",
        "cfg!(",
        "/*",
        "//",
        "#",
        "os.kill(pid, 0)",
        "libc::kill(pid, 0);",
        "subprocess.Popen(",
        "python",
        "-c",
        "Command::new(\"npm\")",
        ".spawn()",
        "kill",
        "def f(",
        "class A(",
        "fn f(",
        "impl ",
        "::",
        "import ",
        "from . import *",
        "use super::*;",
        "é",
        "→",
        ".py'",
        "as ",
        "global ",
        ".x = ",
        "cfg_if! {",
        "cfg_select! {",
        "\u{feff}",
        "\0",
        "\u{2028}",
        "0x",
        "1e9",
        "<<",
        "format!(\"{",
        "mod a;",
        "return ",
        "yield ",
        "match x:",
        "case _:",
        ";",
        "=",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..24).prop_map(|pieces| pieces.concat())
}

/// A name is looked for backwards from the end of a file's name, whatever stands before it.
#[test]
fn a_script_behind_any_character_is_looked_at() {
    let files = [
        ("app.py", "import os\nprint('→main.py')\nos.kill(1, 0)\n"),
        ("main.py", "import os\ndef f():\n    os.kill(1, 0)\n"),
    ];
    let project = project(&files);
    for (path, _) in files {
        assert!(probes(&facts_of(&project, path)), "{path}");
    }
}

/// A macro whose branches cannot be read is a macro like any other.
#[test]
fn macros_that_cannot_be_read_end() {
    for name in ["cfg_if", "cfg_select", "match_cfg"] {
        for inside in [
            "",
            "if",
            "a",
            "if #[cfg] {}",
            "unix =>",
            "{ 1 }",
            "=> {}",
            "1 + 2",
        ] {
            for text in [
                format!("fn main() {{ {name}! {{ {inside} }} }}"),
                format!("fn main() {{ let a = {name}! {{ {inside} }}; }}"),
                format!("{name}! {{ {inside} }}"),
            ] {
                let text =
                    format!("{text}\nfn after(pid: i32) {{ unsafe {{ libc::kill(pid, 0) }}; }}\n");
                assert!(probes(&rust(&text)), "{text}");
            }
        }
    }
}

/// What is long and not deep is run to its end: the last part counts like the first.
#[test]
fn long_chains_are_run_to_their_end() {
    const MANY: usize = 20_000;
    let elifs = |text: &str, last: &str| {
        let between = "    elif pid == 7:\n        pass\n".repeat(MANY);
        format!("    if {text}:\n        pass\n{between}    {last}:\n        os.kill(pid, 0)\n")
    };
    let cases = |last: &str| {
        let between = "        case 7:\n            pass\n".repeat(MANY);
        format!("    match pid:\n{between}        case {last}:\n            os.kill(pid, 0)\n")
    };
    let operands = |operator: &str| {
        let between = format!("pid {operator} ").repeat(MANY);
        format!("    if {between}os.kill(pid, 0):\n        pass\n")
    };
    for body in [
        elifs("pid", "elif pid.last"),
        elifs("pid", "else"),
        elifs("sys.platform == 'linux'", "elif os.name == 'nt'"),
        cases("9"),
        cases("_"),
        operands("and"),
        operands("or"),
        operands("and")
            .replace("if ", "x = ")
            .replace(":\n        pass", ""),
    ] {
        let text = format!("import os, sys\ndef f(pid):\n{body}");
        assert!(probes(&python(&text)), "{}", &text[..100]);
    }
    let arms = "7 => {}\n".repeat(MANY);
    let text = format!(
        "fn f(pid: i32) {{ match pid {{\n{arms} _ => unsafe {{ libc::kill(pid, 0) }} }} }}"
    );
    assert!(probes(&rust(&text)));
}

/// The way to the last of many branches is the one that is known not to go elsewhere.
#[test]
fn what_is_known_decides_in_a_long_chain() {
    let between = "elif os.name == 'java':\n    pass\n".repeat(500);
    let text = |platform: &str| {
        format!(
            "import os\nif os.name == '{platform}':\n    flag = 0\n{between}else:\n    flag = 9\n\
             os.kill(1, flag)\n"
        )
    };
    assert!(probes(&python(&text("nt"))));
    assert!(!probes(&python(&text("posix"))));
}

/// Nothing that nests or goes on and on overflows the stack, on the way in or out: it is unknown or
/// not parsed, and the code beside it is looked at.
#[test]
fn depth_does_not_exhaust_the_stack() {
    const MANY: usize = 40_000;
    let shapes = [
        ("x = ", "(", "a", ")", ""),
        ("x = ", "[", "a", "]", ""),
        ("x = ", "{1: ", "a", "}", ""),
        ("x = ", "f(", "a", ")", ""),
        ("x = ", "", "a", ".b()", ""),
        ("x = ", "", "a", ".b", ""),
        ("x = ", "", "a", "[0]", ""),
        ("x = ", "", "a", "(0)", ""),
        ("x = ", "a + ", "a", "", ""),
        ("x = ", "a and ", "a", "", ""),
        ("x = ", "a if b else ", "a", "", ""),
        ("x = ", "lambda: ", "a", "", ""),
        ("x = ", "not ", "a", "", ""),
        ("x = ", "-", "a", "", ""),
        ("x = ", "a = ", "a", "", ""),
        ("x = ", "a < ", "a", "", ""),
        ("x = ", "'a' ", "'a'", "", ""),
        ("x = f'", "{a}", "", "", "'"),
        ("x = [a", " for a in b", "", "", "]"),
        ("with a", ", a", "", "", ": pass"),
        ("for ", "(", "a", ",)", " in b: pass"),
        ("def f(x: ", "a[", "a", "]", "): pass"),
        ("", "pass;", "pass", "", ""),
        ("", "@a\n", "def f(): pass", "", ""),
    ];
    for (before, open, middle, close, after) in shapes {
        let (open, close) = (open.repeat(MANY), close.repeat(MANY));
        let text = format!("import os\n{before}{open}{middle}{close}{after}\nos.kill(1, 0)\n");
        assert!(probes(&python(&text)), "{}", &text[..60]);
    }
}

/// The depth of the functions and modules that are run from each other adds up.
#[test]
fn depth_adds_up_over_calls_and_modules() {
    const SHAPES: [(&str, &str, usize); 8] = [
        ("", ".a()", 480),
        ("!", "", 1_900),
        ("|| ", "", 600),
        ("if a { ", "} else {1}", 400),
        ("{", "}", 900),
        ("[", "]", 900),
        ("match a { _ => ", "}", 200),
        ("1 + ", "", 900),
    ];
    let probe = "unsafe { libc::kill(2, 0) };";
    for (open, close, count) in SHAPES {
        let (open, close) = (open.repeat(count), close.repeat(count));
        let calls = (0..12).map(|n| {
            let next = n + 1;
            format!("fn kill{n}(x: i32) -> i32 {{ {open}kill{next}(x){close} }}\n")
        });
        let text = format!(
            "{}fn kill12(x: i32) -> i32 {{ x }}\n\
             fn kill() {{ {probe} kill0(1); }}\n",
            calls.collect::<String>()
        );
        assert!(probes(&rust(&text)), "{open}");

        let mut files: Vec<(String, String)> = (0..30)
            .map(|n| {
                let next = n + 1;
                let path = format!("src/m{n}.rs");
                (
                    path,
                    format!("pub const X: i32 = {open}crate::m{next}::X{close};\n"),
                )
            })
            .collect();
        files.push(("src/m30.rs".into(), "pub const X: i32 = 1;\n".into()));
        let modules: String = (0..=30).map(|n| format!("mod m{n};\n")).collect();
        let text = format!("{modules}fn kill() {{ {probe} f(m0::X); }}\n");
        files.push(("src/main.rs".into(), text));
        assert!(probes(&facts_of(&project(&files), "src/main.rs")), "{open}");
    }
    let ifs: String = (0..150).map(|n| format!("{:n$}if a:\n", "")).collect();
    let mut files: Vec<(String, String)> = (0..30)
        .map(|n| {
            let next = n + 1;
            let path = format!("m{n}.py");
            let end = " ".repeat(150);
            (path, format!("import m{next}\n{ifs}{end}x = m{next}.x\n"))
        })
        .collect();
    let text = "import os, m0\nos.kill(1, 0)\nx = m0.x\n";
    files.push(("app.py".into(), text.into()));
    assert!(probes(&facts_of(&project(&files), "app.py")));
}

/// A search for a name looks into each module once, however many star imports lead there: 2^40 ways
/// lead to the last of these.
#[test]
fn star_imports_are_searched_once() {
    const RUNGS: usize = 40;
    let mut files = Vec::new();
    for n in 0..RUNGS {
        let next = n + 1;
        files.push((
            format!("a{n}.py"),
            format!("from b{n} import *\nfrom c{n} import *\n"),
        ));
        for side in ["b", "c"] {
            files.push((format!("{side}{n}.py"), format!("from a{next} import *\n")));
        }
    }
    files.push((format!("a{RUNGS}.py"), "import os\nZERO = 0\n".to_owned()));
    let text = "from a0 import *\nmissing\nos.kill(1, ZERO)\n";
    files.push(("app.py".to_owned(), text.to_owned()));
    assert!(probes(&facts_of(&project(&files), "app.py")));
}

/// The text of a class is looked at once for all its attributes.
#[test]
fn many_attributes_are_looked_for_once() {
    const MANY: usize = 10_000;
    let attributes = (0..MANY).map(|n| format!("        x = self.a{n}\n"));
    let text = format!(
        "import os\nclass C:\n    def __init__(self):\n        self.b = 0\n    def f(self, pid):\n\
         {}        os.kill(pid, self.b)\n",
        attributes.collect::<String>()
    );
    assert!(probes(&python(&text)));
}

/// Each of many small classes is a place of its own.
#[test]
fn many_classes_are_looked_at() {
    const MANY: usize = 1_000;
    let classes = (0..MANY)
        .map(|n| format!("class C{n}(Base):\n    def f{n}(self, pid):\n        os.kill(pid, 0)\n"));
    let text = format!(
        "import os\nclass Base: pass\n{}",
        classes.collect::<String>()
    );
    assert_eq!(python(&text).signals.len(), MANY);
}

/// Values that double with each statement are not followed for ever.
#[test]
fn growing_values_end() {
    const STEPS: [&str; 6] = [
        "x = x + x",
        "x += x",
        "x = f'{x}{x}'",
        "x = x.replace('a', x)",
        "x = [*x, *x]",
        "x.extend(x)",
    ];
    for start in ["'a b'", "['a']"] {
        for step in STEPS {
            let text = format!(
                "import os, subprocess\nx = {start}\n{}subprocess.run(x)\nos.kill(1, 0)\n",
                format!("{step}\n").repeat(60),
            );
            assert!(probes(&python(&text)), "{start}, {step}");
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
    fn bytes_are_analysed(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = format!("kill Popen {}", String::from_utf8_lossy(&bytes));
        analyse_all(&[("a.py", &text), ("src/main.rs", &text)]);
    }

    #[test]
    fn fragments_are_analysed(text in fragment(), tail in fragment()) {
        let text = format!("{text}kill{tail}");
        analyse_all(&[("a.py", &text), ("src/main.rs", &text)]);
    }

    #[test]
    fn mutated_fixtures_are_analysed(
        fixture in any::<prop::sample::Index>(),
        mutations in prop::collection::vec(mutation(), 1..6),
    ) {
        let (path, text) = &FIXTURES[fixture.index(FIXTURES.len())];
        let mut text = text.clone();
        for mutation in &mutations {
            mutation.apply(&mut text);
        }
        let name = match Language::of(path) {
            Some(Language::Rust) => "src/main.rs",
            _ => "a.py",
        };
        analyse_all(&[(name, &text)]);
    }
}

/// What takes more steps than are allowed is unknown, and told; it is never what it was before the end.
#[test]
fn what_is_given_up_is_unknown_and_told() {
    let digits = "D = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]\n";
    let loops = |body: &str| {
        let heads = (1..6).map(|depth| format!("{}for d{depth} in D:\n", " ".repeat(depth)));
        format!("{}      {body}\n", heads.collect::<String>())
    };
    // Loops within each other end, whatever they are over.
    let flags = format!(
        "import subprocess\n{digits}def flags():\n total = 0\n{} return 0x01000208\n\
         def start(command):\n subprocess.Popen(command, creationflags=flags())\n",
        loops("total = total + d1 * d2 * d3 * d4 * d5")
    );
    let facts = python(&flags);
    let [spawn] = facts.spawns.as_slice() else {
        panic!("{:?}", facts.spawns);
    };
    assert_eq!((spawn.flags.ones, spawn.flags.known()), (0x0100_0208, true));

    // Calls that double with each level do not.
    let doubling: String = (0..9)
        .map(|n| {
            let next = n + 1;
            let calls = format!("f{next}()\n ").repeat(12);
            format!("def f{n}():\n {calls}return 1\n")
        })
        .collect();
    let text = format!(
        "import subprocess\n{doubling}def f9(): return 1\n\
         def start(command):\n flags = 0x208\n f0()\n flags |= 0x01000000\n \
         subprocess.Popen(command, creationflags=flags)\n"
    );
    let project = project(&[("app.py", text)]);
    let document = analyse(&Session::new(&project, demand()), FileId(0));
    assert!(document.facts.spawns.is_empty());
    let given_up = document.given_up.iter().map(|span| {
        let text = &project.files[0].text;
        text[span.range()].lines().next().unwrap_or_default()
    });
    assert_eq!(given_up.collect::<Vec<_>>(), ["def start(command):"]);

    // Long code without loops is evaluated to its end.
    let constants: String = (0..40_000).map(|n| format!("X{n} = [{n}]\n")).collect();
    let facts = python(&format!(
        "import subprocess\n{constants}subprocess.run(['npm'])\n"
    ));
    assert_eq!(facts.spawns.len(), 1);
}
