//! Loops: what an iteration changes is known to those after it.

use crate::common::{probed_rows, python};

#[test]
fn what_an_iteration_changes_decides_in_those_after_it() {
    const CASES: [(&str, &str, &[usize]); 8] = [
        (
            "a flag that is set",
            "import os\ndef run(pids):\n    first = True\n    for pid in pids:\n        if not first:\n            os.kill(pid, 0)\n        first = False\n",
            &[6],
        ),
        (
            "a variable that is given a value",
            "import os\ndef run(queue):\n    last = None\n    while True:\n        if last is not None:\n            os.kill(last, 0)\n        last = queue.get()\n",
            &[6],
        ),
        (
            "a number that grows",
            "import os\ndef run(pid):\n    tries = 0\n    while True:\n        tries += 1\n        if tries > 3:\n            os.kill(pid, 0)\n            return\n",
            &[7],
        ),
        (
            "what comes after the loop",
            "import os\ndef run(pid, ready):\n    tries = 0\n    while True:\n        tries += 1\n        if tries > 3:\n            break\n    os.kill(pid, 0)\n",
            &[8],
        ),
        (
            "one state after the other",
            "import os\ndef run(pid):\n    state = 'new'\n    while True:\n        if state == 'new':\n            state = 'old'\n        elif state == 'old':\n            state = 'gone'\n        elif state == 'gone':\n            os.kill(pid, 0)\n",
            &[10],
        ),
        (
            "an attribute",
            "import os\nclass Poll:\n    def run(self, pid):\n        self.seen = False\n        while True:\n            if self.seen:\n                os.kill(pid, 0)\n            self.seen = True\n",
            &[7],
        ),
        (
            "a list that is filled",
            "import os\ndef run(queue):\n    pids = []\n    while True:\n        for pid in pids:\n            os.kill(pid, 0)\n        pids.append(queue.get())\n",
            &[6],
        ),
        (
            "not what stays as it is",
            "import os\ndef run(pids):\n    checked = False\n    seen = 0\n    for pid in pids:\n        seen += 1\n        if checked:\n            os.kill(pid, 0)\n",
            &[],
        ),
    ];
    for (name, code, expected) in CASES {
        assert_eq!(probed_rows(code), expected, "{name}");
    }
}

#[test]
fn callbacks_are_called_again() {
    const CASES: [(&str, &str, &[usize]); 4] = [
        (
            "by whom it is handed to",
            "import os, server\ndef run(pid):\n    count = 0\n    def tick():\n        nonlocal count\n        count += 1\n        if count > 3:\n            os.kill(pid, 0)\n    server.on(tick)\n",
            &[8],
        ),
        (
            "by whoever has it",
            "import os\ndef ticker(pid):\n    count = [0]\n    def tick():\n        count[0] += 1\n        if count[0] > 3:\n            os.kill(pid, 0)\n    return {'tick': tick}\n",
            &[7],
        ),
        (
            "after another one",
            "import os\ndef make(pid):\n    ready = False\n    def ask():\n        if ready:\n            os.kill(pid, 0)\n    def start():\n        nonlocal ready\n        ready = True\n    return {'ask': ask, 'start': start}\n",
            &[6],
        ),
        (
            "not with what nobody changes",
            "import os, server\ndef run(pid):\n    ready = False\n    def tick():\n        if ready:\n            os.kill(pid, 0)\n    server.on(tick)\n",
            &[],
        ),
    ];
    for (name, code, expected) in CASES {
        assert_eq!(probed_rows(code), expected, "{name}");
    }
}

#[test]
fn the_first_iteration_keeps_its_values() {
    let facts = python(
        "from subprocess import Popen
def run(command, queue):
    flags = 8
    ended = False
    while not ended:
        Popen(command, creationflags=flags)
        if ended:
            return
        ended = queue.get()
        flags = queue.flags()
",
    );
    let flags = facts.spawns.iter().map(|spawn| spawn.flags.ones);
    assert_eq!(flags.collect::<Vec<u32>>(), [8, 0]);
}

#[test]
fn what_a_method_out_of_sight_fills_may_hold_something() {
    let text = "\
import os
from html.parser import HTMLParser

class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append(tag)

def go(text, pid):
    links = Links()
    links.feed(text)
    for link in links.found:
        os.kill(pid, 0)
";
    assert!(crate::common::probes(&crate::common::python(text)));
}

#[test]
fn a_table_that_functions_add_to_may_have_any_key() {
    let text = "\
import os

CORE = {'start': 1}

class Events:
    def __init__(self):
        self.known = CORE.copy()

    def add(self, name):
        self.known[name] = 2

    def connect(self, name):
        if name not in self.known:
            raise KeyError(name)

def go(pid):
    events = Events()
    events.connect('other')
    os.kill(pid, 0)

def setup(events: Events, pid):
    events.connect('other')
    os.kill(pid, 0)
";
    assert_eq!(crate::common::python(text).signals.len(), 1);
}
