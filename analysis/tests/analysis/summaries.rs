//! What is kept of calls makes no difference: every function here is called more than once with the same
//! arguments, and what the calls come to depends on something else.

use std::sync::LazyLock;

use footgun_analysis::demand::{Ask, Demand};
use footgun_analysis::project::Project;
use footgun_analysis::{Session, analyse};

use crate::common::{ids, project};

/// Something of each kind that is recorded.
static DEMAND: LazyLock<Demand> = LazyLock::new(|| {
    let asks = [
        Ask::Processes,
        Ask::Signals,
        Ask::MissingMembers,
        Ask::Call("time.strftime"),
    ];
    Demand::new(asks, |_| true)
});

/// What makes a function take some steps: what takes few is not kept.
const WORK: &str = "(1, 2, 3, 4, 5, 6, 7, 8)";

/// What the programs share: a text or number that is written twice is not the same twice.
const SHARED: &str =
    "import os\nimport subprocess\n\nNPM = 'npm'\nZERO = 0\nONE = 1\nTWO = 2\nTHREE = 3\n\n\n";

/// Everything that is recorded, asked for twice by one session.
fn recorded(project: &Project, session: &Session) -> Vec<String> {
    let twice = ids(project).chain(ids(project));
    twice
        .map(|file| {
            let document = analyse(session, file);
            format!("{:#?} {:?}", document.facts, document.given_up)
        })
        .collect()
}

/// Asserts that the same is recorded with and without summaries, and that something is.
fn assert_same(text: &str) {
    assert_same_beside("", text);
}

/// The same of `text` beside a module `other`.
fn assert_same_beside(other: &str, text: &str) {
    let written = |text: &str| [SHARED, &text.replace("work", WORK)].concat();
    let project = project(&[("a.py", written(text)), ("other.py", written(other))]);
    let with = recorded(&project, &Session::new(&project, &DEMAND));
    assert!(with[0].contains("call: "), "{}", with[0]);
    let session = Session::new(&project, &DEMAND).without_summaries();
    assert_eq!(with, recorded(&project, &session));
}

#[test]
fn variables_of_modules() {
    assert_same(
        "SIGNAL = 9

def signal():
    global SIGNAL
    work
    return SIGNAL

def reset(to):
    global SIGNAL
    work
    SIGNAL = to

def probe(pid):
    os.kill(pid, signal())
    reset(ZERO)
    os.kill(pid, signal())
    reset(THREE)
    os.kill(pid, signal())

def other(pid):
    global SIGNAL
    SIGNAL = ZERO
    os.kill(pid, signal())
    if pid:
        reset(THREE)
    os.kill(pid, signal())
    SIGNAL = ZERO
    os.kill(pid, signal())
",
    );
}

/// A variable of the module may hold what the caller has made.
#[test]
fn objects_of_the_caller() {
    assert_same(
        "BOX = None

def read():
    global BOX
    work
    return BOX[0]

def probe(pid):
    global BOX
    BOX = [THREE]
    os.kill(pid, read())
    BOX[0] = ZERO
    os.kill(pid, read())
",
    );
}

#[test]
fn exceptions() {
    assert_same(
        "def check(kind):
    work
    if kind == 1:
        raise ValueError(kind)
    if kind == 2:
        raise OSError(kind)
    if kind == 3:
        exit()
    return kind

def probe(pid):
    try:
        check(ONE)
        os.kill(pid, 0)
    except ValueError:
        os.kill(pid, 0)
    except OSError:
        os.kill(pid, 0)

def again(pid):
    try:
        check(TWO)
    except ValueError:
        os.kill(pid, 0)
    except OSError:
        os.kill(pid, 0)

def both(pid, kind):
    try:
        check(ONE if kind else TWO)
    except ValueError:
        os.kill(pid, 0)
    try:
        check(TWO)
    except OSError:
        os.kill(pid, 0)
    try:
        check(ONE)
    except OSError:
        os.kill(pid, 0)

def in_the_state_at_hand(pid):
    signal = 9
    try:
        signal = 0
        check(ONE)
        signal = 5
    except ValueError:
        os.kill(pid, signal)

def bare(pid):
    check(THREE)
    os.kill(pid, 0)

def ends(pid):
    if pid:
        check(THREE)
    check(ONE)
    os.kill(pid, 0)
",
    );
}

#[test]
fn names_that_windows_lacks() {
    assert_same(
        "def user(home):
    work
    if home:
        return os.getuid()
    return home

def caught():
    try:
        user(ONE)
    except AttributeError:
        os.kill(1, 0)

def suppressed():
    try:
        user(ONE)
        os.kill(1, 0)
    except Exception:
        pass

def bare():
    user(ONE)
    os.kill(1, 0)
",
    );
}

#[test]
fn depth_and_recursion() {
    let mut text = "def f0(pid):\n    work\n    return pid or 0\n\n".to_owned();
    for at in 1..14 {
        let below = at - 1;
        text +=
            &format!("def f{at}(pid):\n    work\n    f{below}(pid)\n    return f{below}(pid)\n\n");
    }
    text += "def even(n):\n    work\n    return odd(ZERO) if n else ZERO\n\n\
             def odd(n):\n    work\n    return even(ZERO) if n else ONE\n\n\
             def first(n):\n    work\n    if n == 2:\n        return first(THREE)\n    \
             if n == 3:\n        return second(ONE)\n    return n\n\n\
             def second(n):\n    work\n    return first(ZERO)\n\n\
             def loop(n):\n    work\n    os.kill(n, even(ZERO))\n    return twist(n)\n\n\
             def twist(n):\n    work\n    loop(n)\n    return ZERO\n\n";
    for at in 0..14 {
        text += &format!(
            "def p{at}(pid):\n    os.kill(pid, f{at}(ZERO))\n    os.kill(pid, f{at}(ZERO))\n\n"
        );
    }
    text += "def one(pid):\n    os.kill(pid, second(ONE))\n    os.kill(pid, second(ONE))\n\n\
             def two(pid):\n    os.kill(pid, first(TWO))\n    os.kill(pid, second(ONE))\n\n";
    text += "def circle(pid):\n    os.kill(pid, even(ONE))\n    os.kill(pid, odd(ONE))\n    \
             os.kill(pid, twist(ONE))\n    os.kill(pid, loop(ONE))\n    os.kill(pid, twist(ONE))\n";
    assert_same(&text);
}

#[test]
fn new_objects() {
    assert_same(
        "class Box:
    def __init__(self, command):
        self.command = command

def command(name):
    argv = [name, 'ci']
    work
    return {'argv': argv, 'box': Box(argv)}

def first():
    made = command(NPM)
    made['argv'][0] = 'node'
    subprocess.run(made['argv'])
    subprocess.run(command(NPM)['argv'])

def second():
    made = command(NPM)
    other = command(NPM)
    other['box'].command[0] = 'deno'
    subprocess.run(made['argv'])
    subprocess.run(other['box'].command)
    subprocess.run(other['argv'])
",
    );
}

#[test]
fn loops() {
    assert_same(
        "def names():
    found = []
    for name in (NPM, 'npx', 'yarn', 'node'):
        for other in ('a', 'b', 'c'):
            found.append(name)
    return found[0]

def often():
    pick(ONE)
    for _ in (1, 2, 3, 4):
        for _ in (1, 2, 3, 4):
            for _ in (1, 2, 3, 4):
                subprocess.run([names()])

def once():
    subprocess.run([names()])

def pick(kind):
    work
    if kind == 1:
        return ONE
    return kind

def further(items):
    name = last = 'node'
    for _ in items:
        last = name
        name = NPM
        pick(ONE)
    subprocess.run([last])

def in_loop(pid):
    for _ in pid:
        name = names()
        for _ in pid:
            name = names()
    subprocess.run([name])
    subprocess.run([names()])
",
    );
}

#[test]
fn failed_starts() {
    assert_same(
        "def flags(first):
    work
    return 0x01000008 if first else 8

def start(command):
    for first in (ONE, ZERO):
        try:
            return subprocess.Popen(command, creationflags=flags(first))
        except OSError:
            continue

def run(command):
    work
    subprocess.run(command)

def one():
    run(NPM)
    run(NPM)

def two():
    run(NPM)

def again(command):
    try:
        return subprocess.Popen(command, creationflags=flags(ONE))
    except OSError:
        return subprocess.Popen(command, creationflags=flags(ZERO))
",
    );
}

#[test]
fn functions_that_are_handed_on() {
    assert_same(
        "def twice(function, pid):
    work
    function(pid)
    return function(pid)

def probe(pid):
    work
    os.kill(pid, ZERO)

def ask(pid):
    work
    return ZERO

def maker(signal):
    work
    def send(pid):
        work
        os.kill(pid, signal)
    return send

def use(pid):
    twice(probe, pid)
    twice(probe, ONE)
    twice(maker(ZERO), ONE)
    twice(maker(ZERO), ONE)
    twice(maker(THREE), ONE)
    os.kill(pid, twice(ask, ONE))

def again(pid):
    twice(probe, ONE)
    maker(ZERO)(ONE)
    os.kill(pid, twice(ask, ONE))
    os.kill(pid, ask(ONE))
",
    );
}

/// A nested function that a call reads or calls is not one that others may still call.
#[test]
fn functions_within_functions() {
    assert_same(
        "def register(function):
    work
    return function

def call(function):
    work
    return function(ONE)

def outer(pid):
    def inner(kind):
        os.kill(pid, ZERO)
    def other(kind):
        os.kill(pid, ZERO)
    def third(kind):
        return inner
    register(ONE)
    call(inner)
    register(other)

def user(pid):
    work
    if pid:
        outer(ONE)
    outer(ONE)
",
    );
}

/// A function that is handed on is called in a call that is not evaluated again.
#[test]
fn known_callers() {
    assert_same(
        "def user(kind):
    work
    try:
        return os.getuid() if kind == 1 else os.getgid()
    except AttributeError:
        return kind

def apply(function):
    work
    return function(ONE)

def first():
    apply(user)

def second():
    apply(user)
",
    );
}

/// A call that is not evaluated again may read an attribute of something unknown, and so come to a
/// function of that name.
#[test]
fn ways_that_do_not_show() {
    let other = "UNKNOWN = os.environ.get('A', ask())

def read(kind):
    work
    return UNKNOWN.start
";
    let imports = "from other import read\n\n";
    let before = "def first():\n    os.kill(1, 15)\n    read(ONE)\n\n";
    let ways = "def start(kind):
    work
    try:
        return os.getuid()
    except AttributeError:
        return kind

def on_posix():
    if os.name == 'posix':
        start(ONE)

def also_on_windows():
    read(ONE)
    return 'start'
";
    assert_same_beside(other, &[imports, ways].concat());
    assert_same_beside(other, &[imports, before, ways].concat());
}

/// A function within a function that was called once is no callback the next time.
#[test]
fn functions_that_were_called() {
    assert_same(
        "def make(kind):
    work
    def inner():
        try:
            os.getuid()
        except AttributeError:
            pass
    if kind == 1:
        inner()
    handlers = [inner]
    return kind

def first():
    os.kill(1, 15)
    make(ONE)

def second():
    os.kill(1, 15)
    make(ONE)
    make(TWO)
",
    );
}

#[test]
fn calls_that_are_asked_for() {
    assert_same(
        "import time

def stamp(kind):
    work
    try:
        return time.strftime('%-d')
    except ValueError:
        return kind

def first():
    stamp(ONE)

def second():
    try:
        stamp(ONE)
    except OSError:
        stamp(ONE)
",
    );
}

/// Where an argument was given is part of what a dict of arguments holds.
#[test]
fn dicts_of_arguments() {
    assert_same(
        "DETACHED = 8

def options(**given):
    work
    return given

def first():
    subprocess.Popen(NPM, **options(creationflags=DETACHED))

def second():
    subprocess.Popen(NPM, **options(creationflags=DETACHED))
",
    );
}

/// A function too long to be run for its callers is run for them where they are asked.
#[test]
fn functions_that_are_wanted() {
    let long = "    number = 1\n".repeat(700);
    assert_same(&format!(
        "def send(signal):\n{long}    os.kill(1, signal)\n\n\
         def apply(function, value):\n    work\n    function(value)\n    return value\n\n\
         def first():\n    os.kill(1, 15)\n    apply(send, ZERO)\n\n\
         def second():\n    apply(send, ZERO)\n    apply(send, THREE)\n"
    ));
}
