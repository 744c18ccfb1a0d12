//! Functions within functions that nobody is seen to call.

use std::collections::BTreeSet;

use footgun_analysis::facts::Program;

use crate::common::{probed_rows, python};

#[test]
fn lambdas_of_a_module_are_entered_wherever_they_go() {
    for (text, rows) in [
        (
            "import os, server\nserver.on(lambda pid: os.kill(pid, 0))\n",
            vec![2],
        ),
        (
            "import os, server\nserver.on(end=[lambda pid: os.kill(pid, 0)])\n",
            vec![2],
        ),
        (
            "import os\nTABLE = {}\nTABLE['a'] = lambda pid: os.kill(pid, 0)\n",
            vec![3],
        ),
        (
            "import os\nfrom dataclasses import dataclass, field\n@dataclass\nclass A:\n  pid: int\n  alive: object = \
             field(default_factory=lambda: os.kill(1, 0))\n",
            vec![6],
        ),
        (
            "import os, server\nif os.name == 'posix':\n  server.on(lambda pid: os.kill(pid, 0))\n",
            vec![],
        ),
        (
            "import os, server\nserver.on(lambda pid: os.name == 'posix' and os.kill(pid, 0))\n",
            vec![],
        ),
    ] {
        assert_eq!(probed_rows(text), rows, "{text}");
    }
}

#[test]
fn what_leaves_its_function_is_entered() {
    const CASES: [(&str, &str, &[usize]); 10] = [
        (
            "given back by a factory whose calls are known",
            "import os, server\ndef probe_of(pid):\n    def probe():\n        os.kill(pid, 0)\n    return probe\nserver.on(probe_of(1))\n",
            &[4],
        ),
        (
            "in a table",
            "import os, server\ndef table_of(pid):\n    def probe():\n        os.kill(pid, 0)\n    return {'probe': probe}\nserver.on(table_of(1))\n",
            &[4],
        ),
        (
            "a class",
            "import os, server\ndef class_of(pid):\n    class Probe:\n        def go(self):\n            os.kill(pid, 0)\n    return Probe\nserver.on(class_of(1))\n",
            &[5],
        ),
        (
            "three deep",
            "import os\ndef needs(kind):\n    def decorate(function):\n        def inner(pid):\n            os.kill(pid, 0)\n        return inner\n    return decorate\n@needs(1)\ndef use(pid):\n    return pid\n",
            &[5],
        ),
        (
            "a lambda that is bound",
            "import os\ndef run(pid):\n    probe = lambda: os.kill(pid, 0)\n    register(locals())\n",
            &[3],
        ),
        (
            "not a lambda that only POSIX calls",
            "import os\ndef run(pid):\n    probe = lambda: os.kill(pid, 0)\n    if os.name == 'posix':\n        probe()\n",
            &[],
        ),
        (
            "not a function that only POSIX calls",
            "import os\ndef run(pid):\n    def probe():\n        os.kill(pid, 0)\n    if os.name == 'posix':\n        probe()\ndef main():\n    run(1)\nmain()\n",
            &[],
        ),
        (
            "not what a factory gives POSIX",
            "import os, server\ndef probe_of(pid):\n    if os.name == 'posix':\n        def probe():\n            os.kill(pid, 0)\n        return probe\nserver.on(probe_of(1))\n",
            &[],
        ),
        (
            "not what is called with what is no probe",
            "import os\ndef sender(signal):\n    def send(pid):\n        os.kill(pid, signal)\n    return send\nsender(15)(1)\n",
            &[],
        ),
        (
            "with what the factory was given",
            "import os, server\ndef sender(signal):\n    def send(pid):\n        os.kill(pid, signal)\n    return send\nserver.on(sender(0))\n",
            &[4],
        ),
    ];
    for (name, code, expected) in CASES {
        assert_eq!(probed_rows(code), expected, "{name}");
    }
}

#[test]
fn a_closure_knows_what_its_factory_was_given() {
    let facts = python(
        "import server
from subprocess import Popen
def starter(program):
    def start():
        Popen([program])
    return start
server.on(starter('npm'))
",
    );
    let names = facts.spawns.iter().flat_map(|spawn| &spawn.programs);
    let names = names.map(|program| match program {
        Program::Named { name, .. } => name.as_str(),
        _ => "?",
    });
    assert_eq!(names.collect::<BTreeSet<&str>>(), ["npm"].into());
}

#[test]
fn what_only_code_that_does_not_run_mentions_in_a_function_beside_it_is_not_called() {
    let text = "\
import os, sys, subprocess

def f():
    def lead():
        os.kill(1, 0)

    def start(command):
        subprocess.Popen(command, preexec_fn=None if sys.platform == 'win32' else lead)
";
    assert!(!crate::common::probes(&crate::common::python(text)));
    let other = text.replace("== 'win32'", "!= 'win32'");
    assert!(crate::common::probes(&crate::common::python(&other)));
}
