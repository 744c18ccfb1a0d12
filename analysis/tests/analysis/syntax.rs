//! What does not parse in a file is told, wherever it stands and whoever looks at it.

use footgun_analysis::source::FileId;
use footgun_analysis::{Problem, Session, analyse};

use crate::common::{demand, facts_of, probes, project};

/// The rows of what does not parse in a Python file, which must be a part of it.
fn broken_rows(text: &str) -> Vec<usize> {
    let project = project(&[("app.py", text)]);
    let problems = analyse(&Session::new(&project, demand()), FileId(0)).problems;
    let row = |problem: &Problem| {
        assert!(problem.partial, "{text}");
        text[..problem.span.range().start].matches('\n').count() + 1
    };
    problems.iter().map(row).collect()
}

#[test]
fn a_syntax_error_in_a_function_is_told_and_the_rest_is_analysed() {
    let text = "\
import os

def f():
    x = = 3

class A:
    def asked(self, pid):
        os.kill(pid, 0)
        return 1 2

    def other(self):
        if True
            pass

os.kill(1, 0)
";
    assert_eq!(broken_rows(text), [4, 9, 12]);
    assert!(probes(&facts_of(&project(&[("app.py", text)]), "app.py")));
}

#[test]
fn a_missing_end_of_a_line_is_an_error() {
    assert_eq!(broken_rows("x = 1\nkill(x) y\nz = 2\n"), [2]);
    assert_eq!(broken_rows("def f():\n    x\n    kill(x) y\n    z\n"), [3]);
    assert_eq!(broken_rows("kill(x); y; z\nif kill: x; y\n"), [0; 0]);
}

#[test]
fn a_broken_head_of_a_class_hides_no_error_in_its_members() {
    let text = "class A(B C):\n    x = 1\n    y = kill\n    def f(self):\n        1 +\n";
    assert_eq!(broken_rows(text), [1, 5]);
}

#[test]
fn what_only_the_parser_of_python_rejects_is_an_error() {
    for (text, row) in [
        ("import os\n  os.kill(1, 0)\n", 2),
        ("def f():\nos.kill(1, 0)\n", 2),
        ("if kill:\n        x\n    y\n", 3),
        ("print 'kill'\n", 1),
        ("kill(a=1, 2)\n", 1),
    ] {
        assert_eq!(broken_rows(text), [row], "{text}");
    }
}

#[test]
fn a_file_that_is_not_checked_is_not_parsed() {
    let project = project(&[("app.py", "def f(): x = = 3\n")]);
    let problems = analyse(&Session::new(&project, demand()), FileId(0)).problems;
    assert_eq!(problems, []);
}

#[test]
fn what_python_takes_is_no_error() {
    for text in [
        "class A[T = int, *U = *tuple[str], **P = [int]](B[T]): pass",
        "def f[T: dict[str, int] = dict](x: T) -> T: return x",
        "type A[T = int] = list[T]",
        "try: pass\nexcept* (A, B) as e: pass",
        "try: pass\nexcept A, B: pass",
        "match x:\n    case {'a': [1, *_], **rest} if y: pass\n    case -1 | 1+2j | A(b=c): pass",
        "f\"{x!r:>{w}}{'a' + \"b\"}{f\"{1}\"}\"",
        "t\"{x}\" rt'{a!r}'",
        "with (a as b, c as d,): pass",
        "a[*b]; print(y := 1); lambda a, /, *, b: 0",
        "match = 1\nmatch[1]",
        "type(x).y = 2; print; exec",
    ] {
        let indented = text.replace('\n', "\n    ");
        for text in [
            format!("{text}\nkill\n"),
            format!("def f():\n    {indented}\n    kill\n"),
        ] {
            assert_eq!(broken_rows(&text), [0; 0], "{text}");
        }
    }
}
