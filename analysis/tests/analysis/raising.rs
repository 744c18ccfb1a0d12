//! What may raise, and what a call comes back from.

use crate::common::probed_rows;

#[test]
fn handlers_are_reached_from_what_may_raise() {
    let cases = [
        ("an item", "pids[pid]", true),
        ("an attribute", "pid.number", true),
        ("a deleted item", "del pids[pid]", true),
        ("an item of a tuple", "first, second = pids", true),
        ("a division", "pid / pids", true),
        ("a yield", "yield", true),
        ("a yield with a value", "yield pid", true),
        ("what gives the items", "for pid in pids: pass", true),
        ("what is entered", "with pid: pass", true),
        ("not a name", "pid", false),
        ("not an item that is there", "{'a': 1}['a']", false),
        ("not a name that Windows has", "os.startfile", false),
    ];
    for (name, statement, expected) in cases {
        let code = format!(
            "import os\ndef alive(pid, pids):\n    try:\n        {statement}\n    except BaseException:\n        os.kill(pid, 0)\n"
        );
        let rows: &[usize] = if expected { &[6] } else { &[] };
        assert_eq!(probed_rows(&code), rows, "{name}");
    }
}

#[test]
fn what_a_call_comes_back_from() {
    const CASES: [(&str, &str, &[usize]); 7] = [
        (
            "a generator without an end",
            "import os\ndef ticks():\n    while True:\n        yield\ndef watch(pid):\n    for _ in ticks():\n        os.kill(pid, 0)\n",
            &[7],
        ),
        (
            "a generator that raises in the end",
            "import os\ndef attempts():\n    yield\n    raise TimeoutError\ndef watch(pid):\n    for _ in attempts():\n        break\n    os.kill(pid, 0)\n",
            &[8],
        ),
        (
            "a method that derived classes have",
            "import os\nclass Service:\n    def name(self):\n        \"\"\"What it is called.\"\"\"\n        raise NotImplementedError('name')\n    def alive(self, pid):\n        self.name()\n        os.kill(pid, 0)\n",
            &[8],
        ),
        (
            "a method that is declared abstract",
            "import abc, os\nclass Service(abc.ABC):\n    @abc.abstractmethod\n    def name(self):\n        ...\n    def alive(self, pid):\n        if self.name() is not None:\n            os.kill(pid, 0)\n",
            &[8],
        ),
        (
            "not a method that refuses Windows",
            "import os\nclass Service:\n    def check(self):\n        if os.name == 'nt':\n            raise NotImplementedError\n    def alive(self, pid):\n        self.check()\n        os.kill(pid, 0)\n",
            &[],
        ),
        (
            "not a function that raises",
            "import os\ndef check():\n    raise NotImplementedError\ndef alive(pid):\n    check()\n    os.kill(pid, 0)\n",
            &[],
        ),
        (
            "not a method that ends the program",
            "import os\nclass Service:\n    def stop(self):\n        raise SystemExit\n    def alive(self, pid):\n        self.stop()\n        os.kill(pid, 0)\n",
            &[],
        ),
    ];
    for (name, code, expected) in CASES {
        assert_eq!(probed_rows(code), expected, "{name}");
    }
}

#[test]
fn finally_runs_on_every_way_out() {
    for (name, body) in [
        (
            "break",
            "for x in xs:\n        try:\n            xs.go()\n            break\n        finally:\n            os.kill(pid, 0)\n",
        ),
        (
            "else",
            "for x in xs:\n        try:\n            xs.go()\n        except KeyError:\n            continue\n        else:\n            break\n        finally:\n            os.kill(pid, 0)\n",
        ),
        (
            "continue",
            "for x in xs:\n        try:\n            continue\n        finally:\n            os.kill(pid, 0)\n",
        ),
        (
            "return",
            "try:\n        return xs.go()\n    finally:\n        os.kill(pid, 0)\n",
        ),
        (
            "raise",
            "try:\n        raise KeyError\n    finally:\n        os.kill(pid, 0)\n",
        ),
        (
            "endless",
            "try:\n        while True:\n            xs.go()\n    finally:\n        os.kill(pid, 0)\n",
        ),
    ] {
        let text = format!("import os\n\ndef f(xs, pid):\n    {body}");
        assert!(
            crate::common::probes(&crate::common::python(&text)),
            "{name}"
        );
    }
}

#[test]
fn finally_that_leaves_ends_what_came_to_it() {
    let text = "\
import os

def f(xs, pid):
    for x in xs:
        try:
            xs.go()
            break
        finally:
            return 1
    else:
        return 2
    os.kill(pid, 0)
";
    assert!(!crate::common::probes(&crate::common::python(text)));
}
