//! What becomes of a child, and where its standard streams lead.

use footgun_analysis::facts::{Fate, Stream};

use crate::common::{python, rust};

#[test]
fn python_fates() {
    use Fate::{Abandoned, Kept, Managed, Waited};
    const CASES: [(&str, Fate); 26] = [
        ("def f(c):\n    subprocess.Popen(c)", Abandoned),
        ("def f(c):\n    child = subprocess.Popen(c)", Abandoned),
        ("def f(c):\n    subprocess.run(c)", Waited),
        ("def f(c):\n    subprocess.check_output(c)", Waited),
        ("def f(c):\n    subprocess.Popen(c).wait()", Waited),
        ("def f(c):\n    subprocess.Popen(c).communicate()", Waited),
        (
            "def f(c):\n    child = subprocess.Popen(c)\n    print('started')\n    child.wait()",
            Waited,
        ),
        (
            "def f(c):\n    out, err = subprocess.Popen(c).communicate()",
            Waited,
        ),
        (
            "def f(c):\n    with subprocess.Popen(c) as child:\n        pass",
            Waited,
        ),
        (
            "def f(c):\n    with subprocess.Popen(c):\n        pass",
            Waited,
        ),
        (
            "def f(c):\n    child = subprocess.Popen(c)\n    child.terminate()",
            Managed,
        ),
        (
            "def f(c):\n    child = subprocess.Popen(c)\n    while child.poll() is None:\n        pass",
            Managed,
        ),
        (
            "def f(c):\n    child = subprocess.Popen(c)\n    try:\n        c()\n    finally:\n        child.kill()",
            Managed,
        ),
        (
            "def f(c):\n    child = subprocess.Popen(c)\n    child.returncode = 0\n    return child",
            Abandoned,
        ),
        (
            "def f(c):\n    child = subprocess.Popen(c)\n    if child.returncode == 0:\n        pass",
            Managed,
        ),
        ("def f(c):\n    return subprocess.Popen(c)", Kept),
        (
            "def f(c):\n    child = subprocess.Popen(c)\n    return child",
            Kept,
        ),
        ("def f(c, all):\n    all.append(subprocess.Popen(c))", Kept),
        ("def f(c, all):\n    all[c] = subprocess.Popen(c)", Kept),
        ("def f(c):\n    c(subprocess.Popen(c))", Kept),
        (
            "class A:\n    def f(self, c):\n        self.child = subprocess.Popen(c)",
            Kept,
        ),
        (
            "class A:\n    def f(self, c):\n        self.child = subprocess.Popen(c)\n    def stop(self):\n        self.child.terminate()",
            Managed,
        ),
        (
            "class A:\n    def f(self, c):\n        self.child = subprocess.Popen(c)\n    def join(self):\n        if self.child:\n            self.child.wait(timeout=5)",
            Managed,
        ),
        (
            "child = None\ndef f(c):\n    global child\n    child = subprocess.Popen(c)\ndef stop():\n    child.kill()",
            Managed,
        ),
        (
            "def start(c):\n    return subprocess.Popen(c)\ndef f(c):\n    assert subprocess\n    start(c).wait()",
            Waited,
        ),
        (
            "def f(c):\n    children = [subprocess.Popen(c)]\n    for child in children:\n        child.wait()",
            Waited,
        ),
    ];
    for (code, expected) in CASES {
        let facts = python(&format!("import subprocess\n{code}\n"));
        // A function that hands a child out is also met on its own; what counts is what is known
        // through its caller.
        let fate = facts.spawns.last().map(|spawn| spawn.fate);
        assert_eq!(fate, Some(expected), "{code}");
    }
}

#[test]
fn rust_fates() {
    use Fate::{Abandoned, Kept, Managed, Waited};
    const CASES: [(&str, Fate); 10] = [
        ("Command::new(\"node\").spawn().unwrap();", Abandoned),
        ("let _ = Command::new(\"node\").spawn();", Abandoned),
        ("Command::new(\"node\").status().unwrap();", Waited),
        ("let out = Command::new(\"node\").output();", Waited),
        (
            "let mut child = Command::new(\"node\").spawn().unwrap(); child.wait().unwrap();",
            Waited,
        ),
        (
            "Command::new(\"node\").spawn().unwrap().wait_with_output().unwrap();",
            Waited,
        ),
        (
            "let mut child = Command::new(\"node\").spawn().unwrap(); child.kill().unwrap();",
            Managed,
        ),
        (
            "if let Ok(mut child) = Command::new(\"node\").spawn() { child.wait(); }",
            Waited,
        ),
        ("keep(Command::new(\"node\").spawn().unwrap());", Kept),
        (
            "let mut command = tokio::process::Command::new(\"node\"); command.kill_on_drop(true); let child = command.spawn().unwrap();",
            Managed,
        ),
    ];
    for (code, expected) in CASES {
        let facts = rust(&format!(
            "use std::process::Command;\nfn main() {{ {code} }}\n"
        ));
        let fates: Vec<Fate> = facts.spawns.iter().map(|spawn| spawn.fate).collect();
        assert_eq!(fates, [expected], "{code}");
    }
}

#[test]
fn fates_of_process_handles() {
    use Fate::{Abandoned, Managed, Unknown, Waited};
    const CASES: [(&str, Fate); 9] = [
        ("k.CloseHandle(p.hProcess)", Abandoned),
        ("return p.dwProcessId", Abandoned),
        ("k.WaitForSingleObject(p.hProcess, -1)", Waited),
        (
            "k.WaitForMultipleObjects(1, [p.hProcess], True, -1)",
            Waited,
        ),
        ("k.AssignProcessToJobObject(job, p.hProcess)", Managed),
        ("h = p.hProcess\n    k.TerminateProcess(h, 1)", Managed),
        ("return p", Unknown),
        ("return p.hProcess", Unknown),
        ("job.watch(p.hProcess)", Unknown),
    ];
    let fate = |made: &str, inherits: &str, then: &str| {
        let facts = python(&format!(
            "import ctypes\nk = ctypes.windll.kernel32\nclass P(ctypes.Structure):\n    pass\n\
             def f(line, s, q, job):\n    p = {made}\n    k.CreateProcessW(\
             None, line, None, None, {inherits}, 8, None, None, s, ctypes.byref(p))\n    {then}\n"
        ));
        facts.spawns.last().map(|spawn| spawn.fate)
    };
    for (code, expected) in CASES {
        assert_eq!(fate("P()", "False", code), Some(expected), "{code}");
    }
    // Pipes may be among what it inherits, and what is not seen may hold the handle.
    assert_eq!(fate("P()", "True", "pass"), Some(Unknown));
    assert_eq!(fate("q", "False", "pass"), Some(Unknown));
}

#[test]
fn streams() {
    use Stream::{File, Inherited, Null, Pipe, Unknown};
    const CASES: [(&str, [Stream; 3]); 8] = [
        ("subprocess.Popen(c)", [Inherited; 3]),
        (
            "subprocess.Popen(c, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)",
            [Null; 3],
        ),
        (
            "subprocess.Popen(c, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)",
            [Inherited, Pipe, Pipe],
        ),
        (
            "log = open('log.txt', 'ab')\n    subprocess.Popen(c, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)",
            [Null, File, File],
        ),
        (
            "subprocess.Popen(c, stdout=c)",
            [Inherited, Unknown, Inherited],
        ),
        ("subprocess.Popen(c, stdout=None)", [Inherited; 3]),
        ("subprocess.check_output(c)", [Inherited, Pipe, Inherited]),
        (
            "subprocess.run(c, capture_output=True)",
            [Inherited, Pipe, Pipe],
        ),
    ];
    for (code, expected) in CASES {
        let facts = python(&format!("import os, subprocess\ndef f(c):\n    {code}\n"));
        let spawn = &facts.spawns[0];
        assert_eq!(
            [spawn.stdin, spawn.stdout, spawn.stderr],
            expected,
            "{code}"
        );
    }
}

#[test]
fn comments_and_texts_say_nothing_of_a_child() {
    use Fate::{Kept, Managed};
    const USES: [(&str, Fate); 6] = [
        ("self.child.wait()", Managed),
        ("pass  # self.child.wait()", Kept),
        ("\"\"\"Never calls self.child.kill().\"\"\"", Kept),
        ("print('self.child.wait() is for others')", Kept),
        ("print(f'{self} self.child.wait() {self.child.pid}')", Kept),
        ("print(f'{self.child.wait()}')", Managed),
    ];
    for (used, expected) in USES {
        let facts = python(&format!(
            "import subprocess\nclass A:\n    def f(self, c):\n        \
             self.child = subprocess.Popen(c)\n    def g(self):\n        {used}\n"
        ));
        assert_eq!(facts.spawns[0].fate, expected, "{used}");
    }
    const GROUPS: [(&str, bool); 7] = [
        ("os.killpg(pid, 15)", true),
        ("k = os.getpgid", true),
        ("pass  # not os.killpg(pid, 15)", false),
        ("\"\"\"Like os.killpg.\"\"\"", false),
        ("print('killpg')", false),
        ("print(f'killpg {pid}')", false),
        ("my_killpg_less(pid)", false),
    ];
    for (used, expected) in GROUPS {
        let facts = python(&format!(
            "import os, subprocess\ndef f(c):\n    subprocess.Popen(c)\ndef g(pid):\n    {used}\n"
        ));
        assert_eq!(facts.spawns[0].group_use.is_some(), expected, "{used}");
    }
    const IN_RUST: [(&str, bool); 4] = [
        ("unsafe { libc::killpg(pid, 9); }", true),
        ("// libc::killpg(pid, 9)", false),
        ("log(\"killpg\");", false),
        ("log(r#\"killpg\"#);", false),
    ];
    for (used, expected) in IN_RUST {
        let facts = rust(&format!(
            "fn main() {{ std::process::Command::new(\"x\").spawn(); }}\n\
             fn stop(pid: i32) {{\n{used}\n}}\n"
        ));
        assert_eq!(facts.spawns[0].group_use.is_some(), expected, "{used}");
    }
}

#[test]
fn a_child_in_a_collection_is_stopped_by_whoever_takes_it_out() {
    let fate = |stop: &str| {
        let text = format!(
            "use std::process::{{Child, Command}};
            struct Pool {{ list: Vec<Child>, table: HashMap<u32, Child> }}
            impl Pool {{
                fn start(&mut self) {{
                    self.list.push(Command::new(\"a\").spawn().unwrap());
                    self.table.insert(1, Command::new(\"b\").spawn().unwrap());
                }}
                fn stop(&mut self) {{ {stop} }}
            }}"
        );
        let facts = rust(&text);
        facts
            .spawns
            .iter()
            .map(|spawn| spawn.fate)
            .collect::<Vec<_>>()
    };
    let stop = "for child in &mut self.list { child.kill(); }";
    assert_eq!(fate(stop), [Fate::Managed, Fate::Managed]);
    let wait = "self.table.drain().for_each(|(_, mut child)| { child.wait(); });";
    assert_eq!(fate(wait), [Fate::Managed, Fate::Managed]);
    assert_eq!(fate(""), [Fate::Kept, Fate::Kept]);
}

#[test]
fn a_child_that_is_dropped_or_forgotten_is_let_go_of() {
    for ending in [
        "let c = c.spawn().unwrap(); drop(c);",
        "let c = c.spawn().unwrap(); std::mem::drop(c);",
        "c.spawn().map(drop).unwrap();",
        "c.spawn().map(std::mem::forget).unwrap();",
    ] {
        let facts = rust(&format!(
            "use std::process::{{Child, Command}};
            fn main() {{ let mut c = Command::new(\"x\"); {ending} }}
            struct Guard(Child);
            impl Drop for Guard {{ fn drop(&mut self) {{ self.0.kill(); }} }}"
        ));
        assert_eq!(facts.spawns[0].fate, Fate::Abandoned, "{ending}");
    }
}
