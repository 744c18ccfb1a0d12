//! What code that does not run here may have made of what a module or a constructor left behind.

use crate::common::{probed_rows, probed_rows_of};

#[test]
fn what_others_fill_is_not_empty() {
    const CASES: [(&str, &str, &[usize]); 12] = [
        (
            "a list of the module",
            "import os\npids = []\ndef add(pid):\n    pids.append(pid)\ndef all_alive():\n    for pid in pids:\n        os.kill(pid, 0)\n",
            &[7],
        ),
        (
            "a set of a constructor",
            "import os\nclass Pool:\n    def __init__(self):\n        self.pids = set()\n    def add(self, pid):\n        self.pids.add(pid)\n    def alive(self):\n        if not self.pids:\n            return\n        os.kill(self.pids.pop(), 0)\n",
            &[10],
        ),
        (
            "a dict of a class",
            "import os\nclass Pool:\n    by_name = {}\n    def add(self, name, pid):\n        self.by_name[name] = pid\n    def alive(self):\n        for pid in self.by_name.values():\n            os.kill(pid, 0)\n",
            &[8],
        ),
        (
            "a list that is handed to code out of sight",
            "import os, pool\ndef alive():\n    pids = []\n    pool.collect(pids)\n    for pid in pids:\n        os.kill(pid, 0)\n",
            &[6],
        ),
        (
            "not what nobody fills",
            "import os\npids = []\ndef alive():\n    for pid in pids:\n        os.kill(pid, 0)\n",
            &[],
        ),
        (
            "not what only the module fills, on POSIX",
            "import os\npids = []\nif os.name == 'posix':\n    pids.append(1)\ndef alive():\n    for pid in pids:\n        os.kill(pid, 0)\n",
            &[],
        ),
        (
            "not a list that is known",
            "import os\nsignals = [15]\ndef add(signal):\n    signals.append(signal)\ndef alive(pid):\n    os.kill(pid, signals[0])\n",
            &[],
        ),
        (
            "an entry that is not set yet",
            "import os\nstate = {'pid': None}\ndef start(pid):\n    state['pid'] = pid\ndef alive():\n    if state['pid'] is not None:\n        os.kill(state['pid'], 0)\n",
            &[7],
        ),
        (
            "not an entry that is known",
            "import os\nstate = {'pid': None, 'signal': 15}\ndef start(pid):\n    state['pid'] = pid\ndef alive():\n    os.kill(state['pid'], state['signal'])\n",
            &[],
        ),
        (
            "a variable of the module that the function itself sets in the end",
            "import os\nlast = None\ndef alive(pid):\n    global last\n    if last is not None:\n        os.kill(last, 0)\n    last = pid\n",
            &[6],
        ),
        (
            "an attribute that a class method sets",
            "import os\nclass Server:\n    pid = None\n    @classmethod\n    def start(cls, pid):\n        cls.pid = pid\n    @classmethod\n    def alive(cls):\n        if cls.pid is not None:\n            os.kill(cls.pid, 0)\n",
            &[10],
        ),
        (
            "an attribute that has another first value",
            "import os\nclass Server:\n    started = False\n    @classmethod\n    def start(cls):\n        cls.started = True\n    @classmethod\n    def alive(cls, pid):\n        if cls.started:\n            os.kill(pid, 0)\n",
            &[10],
        ),
    ];
    for (name, code, expected) in CASES {
        assert_eq!(probed_rows(code), expected, "{name}");
    }
}

#[test]
fn other_files_set_variables_of_a_module() {
    const MODULE: &str =
        "import os\nchecks = False\ndef alive(pid):\n    if checks:\n        os.kill(pid, 0)\n";
    let cases: [(&str, &[usize]); 4] = [
        ("import state\nstate.checks = True\n", &[5]),
        ("from app import state\nstate.checks = True\n", &[5]),
        ("import state\nif state.checks == True:\n    pass\n", &[]),
        ("state = object()\nstate.checks = True\n", &[]),
    ];
    for (other, expected) in cases {
        let files = [("state.py", MODULE), ("main.py", other)];
        assert_eq!(probed_rows_of(&files), expected, "{other}");
    }
}
