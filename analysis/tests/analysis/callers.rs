//! Reachability through callers, and which file a name comes from.

use crate::common::{facts_of, probes, project};

/// A case: its name, its files, of which the first is asked about, and whether that one is seen to
/// ask with signal 0.
type Case = (&'static str, &'static [(&'static str, &'static str)], bool);

fn check(cases: &[Case]) {
    for (name, files, expected) in cases {
        let project = project(files);
        assert_eq!(probes(&facts_of(&project, files[0].0)), *expected, "{name}");
    }
}

/// A function that asks.
const ALIVE: &str = "import os\ndef alive(pid):\n    os.kill(pid, 0)\n";
/// A function that asks if its caller says so.
const SEND: &str = "import os\ndef send(pid, sig):\n    os.kill(pid, sig)\n";

#[test]
fn callers_decide_who_gets_there() {
    check(&[
        ("nobody calls it", &[("a.py", ALIVE)], true),
        (
            "only POSIX calls it",
            &[
                ("a.py", ALIVE),
                (
                    "b.py",
                    "import sys\nfrom a import alive\nif sys.platform != 'win32':\n    alive(1)\n",
                ),
            ],
            false,
        ),
        (
            "both call it",
            &[
                ("a.py", ALIVE),
                (
                    "b.py",
                    "import sys\nfrom a import alive\nif sys.platform != 'win32':\n    alive(1)\n",
                ),
                (
                    "c.py",
                    "from a import alive\ndef run(pid):\n    alive(pid)\n",
                ),
            ],
            true,
        ),
        (
            "POSIX calls it two steps up",
            &[
                ("a.py", ALIVE),
                (
                    "b.py",
                    "from a import alive\ndef _check(pid):\n    return alive(pid)\n\ndef run(pid):\n    import os\n    if os.name == 'posix':\n        _check(pid)\n",
                ),
            ],
            false,
        ),
        (
            "it is registered as a callback",
            &[
                ("a.py", ALIVE),
                (
                    "b.py",
                    "import atexit\nfrom a import alive\natexit.register(alive, 1)\n",
                ),
            ],
            true,
        ),
        (
            "it is registered as a callback on POSIX",
            &[
                ("a.py", ALIVE),
                (
                    "b.py",
                    "import atexit, os\nfrom a import alive\nif os.name != 'nt':\n    atexit.register(alive, 1)\n",
                ),
            ],
            false,
        ),
        (
            "it is chosen on POSIX",
            &[(
                "a.py",
                "import os, sys\ndef _posix(pid):\n    os.kill(pid, 0)\ndef _windows(pid):\n    return True\nalive = _windows if sys.platform == 'win32' else _posix\n",
            )],
            false,
        ),
        (
            "a method called on what is not known",
            &[
                (
                    "a.py",
                    "import os\nclass Probe:\n    def alive(self, pid):\n        os.kill(pid, 0)\n",
                ),
                ("b.py", "def run(probe):\n    probe.alive(1)\n"),
            ],
            true,
        ),
        (
            "a method called on what is not known, on POSIX",
            &[
                (
                    "a.py",
                    "import os\nclass Probe:\n    def alive(self, pid):\n        os.kill(pid, 0)\n",
                ),
                (
                    "b.py",
                    "import os\ndef run(probe):\n    if os.name == 'posix':\n        probe.alive(1)\n",
                ),
            ],
            false,
        ),
        (
            "a class that only POSIX constructs",
            &[
                (
                    "a.py",
                    "import os\nclass Posix:\n    def alive(self, pid):\n        os.kill(pid, 0)\n",
                ),
                (
                    "b.py",
                    "import sys\nfrom a import Posix\ndef make():\n    if sys.platform == 'win32':\n        return None\n    return Posix()\n",
                ),
            ],
            false,
        ),
        (
            "a test calls it on Windows",
            &[
                ("a.py", ALIVE),
                (
                    "b.py",
                    "import sys\nfrom a import alive\nif sys.platform != 'win32':\n    alive(1)\n",
                ),
                (
                    "tests/test_a.py",
                    "from a import alive\ndef test_alive():\n    alive(1)\n",
                ),
            ],
            false,
        ),
    ]);
}

#[test]
fn callers_bring_values() {
    check(&[
        ("no value", &[("a.py", SEND)], false),
        (
            "zero, in the same file",
            &[(
                "a.py",
                "import os\ndef send(pid, sig):\n    os.kill(pid, sig)\ndef alive(pid):\n    send(pid, 0)\n",
            )],
            true,
        ),
        (
            "zero, in another file",
            &[
                ("a.py", SEND),
                (
                    "b.py",
                    "from a import send\ndef alive(pid):\n    send(pid, 0)\n",
                ),
            ],
            true,
        ),
        (
            "fifteen",
            &[
                ("a.py", SEND),
                (
                    "b.py",
                    "from a import send\ndef stop(pid):\n    send(pid, 15)\n",
                ),
            ],
            false,
        ),
        (
            "zero on POSIX",
            &[
                ("a.py", SEND),
                (
                    "b.py",
                    "import os\nfrom a import send\ndef alive(pid):\n    if os.name != 'nt':\n        send(pid, 0)\n",
                ),
            ],
            false,
        ),
        (
            "zero by default, fifteen from callers",
            &[
                (
                    "a.py",
                    "import os\ndef send(pid, sig=0):\n    os.kill(pid, sig)\n",
                ),
                (
                    "b.py",
                    "from a import send\ndef stop(pid):\n    send(pid, 15)\n",
                ),
            ],
            false,
        ),
    ]);
}

#[test]
fn modules_are_imported_where_windows_comes_to() {
    const PROBE: &str = "import os\ndef alive(pid):\n    os.kill(pid, 0)\nalive(1)\n";
    check(&[
        (
            "under a guard",
            &[
                ("app/_posix.py", PROBE),
                (
                    "app/__init__.py",
                    "import sys\nif sys.platform != 'win32':\n    from . import _posix\n",
                ),
            ],
            false,
        ),
        (
            "under a guard, two steps up",
            &[
                ("app/_posix.py", PROBE),
                ("app/unix.py", "from app import _posix\n"),
                (
                    "app/__init__.py",
                    "import os\nif os.name == 'posix':\n    import app.unix\n",
                ),
            ],
            false,
        ),
        (
            "as the other half",
            &[
                ("app/_posix.py", PROBE),
                ("app/_windows.py", "def alive(pid):\n    return True\n"),
                (
                    "app/__init__.py",
                    "import sys\nif sys.platform == 'win32':\n    from ._windows import alive\nelse:\n    from ._posix import alive\n",
                ),
            ],
            false,
        ),
        (
            "by everybody",
            &[
                ("app/_posix.py", PROBE),
                ("app/__init__.py", "from . import _posix\n"),
            ],
            true,
        ),
        (
            "after a module that Windows lacks",
            &[(
                "app/lock.py",
                "import os\nimport fcntl\ndef alive(pid):\n    os.kill(pid, 0)\n",
            )],
            true,
        ),
        (
            "beside a module that Windows may lack",
            &[(
                "app/lock.py",
                "import os\ntry:\n    import fcntl\nexcept ImportError:\n    fcntl = None\ndef alive(pid):\n    os.kill(pid, 0)\n",
            )],
            true,
        ),
        (
            "where the other module was imported",
            &[(
                "app/lock.py",
                "import os\ntry:\n    import fcntl\nexcept ImportError:\n    fcntl = None\ndef alive(pid):\n    if fcntl is not None:\n        os.kill(pid, 0)\n",
            )],
            false,
        ),
    ]);
}

#[test]
fn names_come_from_the_file_that_defines_them() {
    const ZERO: &str = "ZERO = 0\nIS_WINDOWS = __import__('os').name == 'nt'\n";
    check(&[
        (
            "from a star import",
            &[
                ("b.py", "import os\nfrom zero import *\nos.kill(1, ZERO)\n"),
                ("zero.py", ZERO),
            ],
            true,
        ),
        (
            "through an __init__",
            &[
                (
                    "app/b.py",
                    "import os\nfrom app import ZERO\nos.kill(1, ZERO)\n",
                ),
                ("app/__init__.py", "from .zero import ZERO\n"),
                ("app/zero.py", ZERO),
            ],
            true,
        ),
        (
            "through two __init__s and another name",
            &[
                (
                    "app/b.py",
                    "import os\nfrom app import NOTHING\nos.kill(1, NOTHING)\n",
                ),
                ("app/__init__.py", "from .inner import *\n"),
                (
                    "app/inner/__init__.py",
                    "from .zero import ZERO as NOTHING\n",
                ),
                ("app/inner/zero.py", ZERO),
            ],
            true,
        ),
        (
            "from a namespace package",
            &[
                (
                    "space/b.py",
                    "import os\nfrom space.part.zero import ZERO\nos.kill(1, ZERO)\n",
                ),
                ("space/part/zero.py", ZERO),
            ],
            true,
        ),
        (
            "from a src layout",
            &[
                (
                    "scripts/b.py",
                    "import os\nfrom app.zero import ZERO\nos.kill(1, ZERO)\n",
                ),
                ("src/app/__init__.py", ""),
                ("src/app/zero.py", ZERO),
            ],
            true,
        ),
        (
            "from two levels up",
            &[
                (
                    "app/inner/b.py",
                    "import os\nfrom ..zero import ZERO\nos.kill(1, ZERO)\n",
                ),
                ("app/inner/__init__.py", ""),
                ("app/__init__.py", ""),
                ("app/zero.py", ZERO),
            ],
            true,
        ),
        (
            "from the branch that Windows takes",
            &[
                (
                    "b.py",
                    "import os, sys\nif sys.platform == 'win32':\n    from one import NUMBER\nelse:\n    from zero import NUMBER\nos.kill(1, NUMBER)\n",
                ),
                ("one.py", "NUMBER = 1\n"),
                ("zero.py", "NUMBER = 0\n"),
            ],
            false,
        ),
        (
            "from where the import succeeds",
            &[
                (
                    "b.py",
                    "import os\ntry:\n    import fcntl\n    from one import NUMBER\nexcept ImportError:\n    from zero import NUMBER\nos.kill(1, NUMBER)\n",
                ),
                ("one.py", "NUMBER = 1\n"),
                ("zero.py", "NUMBER = 0\n"),
            ],
            true,
        ),
        (
            "not from the standard library's namesake",
            &[
                (
                    "b.py",
                    "import os\nfrom signal import ZERO\nos.kill(1, ZERO)\n",
                ),
                ("signal.py", ZERO),
            ],
            false,
        ),
    ]);
}

#[test]
fn decorators_and_marks_skip_tests() {
    fn probe_under(mark: &str) -> String {
        format!(
            "import os, sys, unittest\nimport pytest\n{mark}def test_alive():\n    os.kill(os.getpid(), 0)\n"
        )
    }
    const CASES: [(&str, bool); 9] = [
        ("", true),
        (
            "@pytest.mark.skipif(sys.platform == 'win32', reason='POSIX')\n",
            false,
        ),
        (
            "@pytest.mark.skipif(sys.platform != 'win32', reason='Windows')\n",
            true,
        ),
        ("@unittest.skipIf(os.name == 'nt', 'POSIX')\n", false),
        (
            "@unittest.skipUnless(hasattr(os, 'fork'), 'needs fork')\n",
            false,
        ),
        (
            "@unittest.skipUnless(sys.platform.startswith('win'), 'Windows')\n",
            true,
        ),
        (
            "posix_only = pytest.mark.skipif(os.name == 'nt', reason='POSIX')\n@posix_only\n",
            false,
        ),
        (
            "pytestmark = pytest.mark.skipif(os.name == 'nt', reason='POSIX')\n",
            false,
        ),
        (
            "pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == 'nt', reason='POSIX')]\n",
            false,
        ),
    ];
    for (mark, expected) in CASES {
        let project = project(&[("test_a.py", probe_under(mark))]);
        assert_eq!(probes(&facts_of(&project, "test_a.py")), expected, "{mark}");
    }
}

/// Trial runs no test of a module or class that says why by `skip`.
#[test]
fn tests_of_trial_are_skipped_for_a_reason() {
    fn probes_in(path: &str, module: &str, class: &str) -> bool {
        let text = format!(
            "import os, sys\nfrom twisted.trial.unittest import TestCase\nfrom base import Base\n{module}\n\
             class A(TestCase):\n    {class}\n    def test_alive(self):\n        os.kill(os.getpid(), 0)\n"
        );
        let base =
            "import sys\nclass Base:\n    if sys.platform == 'win32':\n        skip = 'POSIX'\n";
        let project = project(&[(path, text), ("base.py", base.to_owned())]);
        probes(&facts_of(&project, path))
    }
    const CASES: [(&str, &str, bool); 9] = [
        ("", "pass", true),
        ("skip = 'POSIX'", "pass", false),
        // Nobody knows whether it runs.
        ("if unknown():\n    skip = 'why'", "pass", false),
        ("if os.name == 'nt':\n    skip = 'POSIX'", "pass", false),
        ("if os.name != 'nt':\n    skip = 'Windows'", "pass", true),
        (
            "",
            "skip = None if hasattr(os, 'kill') else 'no kill'",
            true,
        ),
        (
            "",
            "skip = None if hasattr(os, 'fork') else 'no fork'",
            false,
        ),
        ("TestCase = Base", "pass", false),
        ("", "skip = 3", true),
    ];
    for (module, class, expected) in CASES {
        let found = probes_in("test_a.py", module, class);
        assert_eq!(found, expected, "{module} {class}");
        // Elsewhere it is a name like any other.
        assert!(probes_in("a.py", module, class), "{module} {class}");
    }
}

#[test]
fn nested_functions_are_met_where_windows_hands_them_on() {
    const CASES: [(&str, bool); 12] = [
        ("def inner():\n        os.kill(pid, 0)\n    inner()", true),
        (
            "def inner():\n        os.kill(pid, 0)\n    return inner",
            true,
        ),
        (
            "def inner():\n        os.kill(pid, 0)\n    on_exit(inner)",
            true,
        ),
        ("@on_exit\n    def inner():\n        os.kill(pid, 0)", true),
        (
            "def inner():\n        os.kill(pid, 0)\n    if os.name == 'posix':\n        on_exit(inner)",
            false,
        ),
        (
            "def inner():\n        os.kill(pid, 0)\n    def outer():\n        inner()\n    on_exit(outer)",
            true,
        ),
        (
            "def inner():\n        os.kill(pid, 0)\n    if os.name == 'nt':\n        return\n    inner()",
            false,
        ),
        ("return lambda: os.kill(pid, 0)", true),
        ("on_exit(lambda: os.kill(pid, 0))", true),
        ("on_exit(call=lambda: os.kill(pid, 0))", true),
        (
            "if os.name == 'posix':\n        on_exit(lambda: os.kill(pid, 0))",
            false,
        ),
        (
            "probe = lambda: os.kill(pid, 0)\n    if os.name == 'posix':\n        probe()",
            false,
        ),
    ];
    for (code, expected) in CASES {
        let text = format!("import os\nfrom library import on_exit\ndef f(pid):\n    {code}\n");
        let project = project(&[("a.py", text)]);
        assert_eq!(probes(&facts_of(&project, "a.py")), expected, "{code}");
    }
}

#[test]
fn a_decorator_may_leave_nothing_of_a_function() {
    let case = |decorator: &str| {
        let text =
            format!("import os, sys\n{decorator}\n@only\ndef alive(pid):\n    os.kill(pid, 0)\n");
        probes(&facts_of(&project(&[("a.py", text.as_str())]), "a.py"))
    };
    assert!(!case(
        "def only(f):\n    return f if os.name == 'posix' else None"
    ));
    assert!(!case(
        "def only(f):\n    if sys.platform == 'win32':\n        return None\n    return f"
    ));
    assert!(case(
        "def only(f):\n    return f if os.name == 'nt' else None"
    ));
    assert!(case(
        "def only(f):\n    if sys.platform == 'win32':\n        register(f)\n    return f"
    ));
}

#[test]
fn a_function_that_calls_itself_is_run_for_what_it_gives_itself() {
    let text = "\
import os

def tree(deps, pid):
    def handle(at, name):
        if name != 'ALL':
            os.kill(pid, 0)
        for dep in deps[name]:
            handle(at + 1, dep)
    handle(0, 'ALL')
";
    assert!(crate::common::probes(&crate::common::python(text)));
}
