//! Calls that a rule asks for: what they are given, and what they are called on.

use footgun_analysis::analyse;
use footgun_analysis::demand::{Ask, Demand};
use footgun_analysis::facts::{Call, Known};
use footgun_analysis::project::Project;
use footgun_analysis::source::Language;

use crate::common::project;

fn calls(asks: &[Ask], text: &str) -> Vec<Call> {
    let project: Project = project(&[("app.py", text)]);
    let demand = Demand::new(asks.iter().cloned(), |_| true);
    let session = footgun_analysis::Session::new(&project, &demand);
    let file = project.at("app.py").expect("the only file");
    analyse(&session, file).facts.calls
}

/// The names in a list, with nothing for what is not known.
fn names(list: &Known) -> Vec<Option<&str>> {
    let Known::List(items) = list else {
        panic!("no list: {list:?}");
    };
    let items = items.iter().map(|item| match item {
        Known::Name(name) => Some(name.as_str()),
        _ => None,
    });
    items.collect()
}

#[test]
fn a_list_is_told_as_it_was_at_the_time() {
    let asks = [Ask::Call("select.select")];
    for (code, expected) in [
        (
            "c = subprocess.Popen(a)\n  select.select([c.stdout, sys.stdin], [], [])",
            vec![Some("subprocess.Popen.stdout"), Some("sys.stdin")],
        ),
        (
            "fd = subprocess.Popen(a).stdout.fileno()\n  select.select([fd], [], [])",
            vec![Some("subprocess.Popen.stdout")],
        ),
        (
            "r, w = os.pipe()\n  l = [a]\n  l.append(r)\n  select.select(l, [], [])\n  l.append(w)",
            vec![None, Some("os.pipe")],
        ),
        (
            "select.select([sys.stdin.fileno(), *a], [], [])",
            vec![Some("sys.stdin"), None],
        ),
    ] {
        let text = format!("import os, select, subprocess, sys\ndef f(a):\n  {code}\n");
        let calls = calls(&asks, &text);
        let [list] = calls[0].positional[0].values.as_slice() else {
            panic!("several values in {code}");
        };
        assert_eq!(names(list), expected, "{code}");
    }
}

#[test]
fn what_a_method_is_called_on_is_told_where_it_is_not_known() {
    let asks = [
        Ask::Call("asyncio.AbstractEventLoop.add_reader"),
        Ask::Method("add_reader"),
    ];
    for (code, expected) in [
        ("a.add_reader(1)", vec![(Some("a"), false)]),
        ("a.loop.add_reader(1)", vec![(Some("a.loop"), true)]),
        (
            "asyncio.get_running_loop().add_reader(1)",
            vec![(None, true)],
        ),
        ("loop.add_reader(1)", vec![(None, true)]),
        ("C().add_reader(1)", vec![]),
    ] {
        let text = format!(
            "import asyncio\nclass C:\n  def add_reader(self, x): pass\n\
             def f(a, loop: asyncio.AbstractEventLoop):\n  {code}\n"
        );
        let calls = calls(&asks, &text);
        let told = calls.iter();
        let told = told.map(|call| (call.spelled_receiver.as_deref(), call.is_of_loop()));
        assert_eq!(Vec::from_iter(told), expected, "{code}");
    }
}

#[test]
fn imports_from_os_are_looked_at_where_they_start_processes() {
    let demand = Demand::new([Ask::Processes], |_| true);
    for (text, expected) in [
        ("from os import system", true),
        ("from os import path, popen as start", true),
        ("from os import (\n    environ,\n    system,\n)", true),
        ("from os import *", true),
        ("from os import path, environ", false),
        ("from os import (\n    environ,\n)\nsystem = 1", false),
        ("from pos import system", false),
        ("import os\nos.system('ls')", true),
        ("import os\nos.getcwd()", false),
    ] {
        let matches = demand.matches(text, Language::Python);
        assert_eq!(matches, expected, "{text}");
    }
}

/// A function is entered where it may give the text that is asked for, and that may stand elsewhere: in
/// a constant, in its class. A method may stand in another file than its class.
#[test]
fn a_text_is_given_from_where_it_is_written() {
    let demand = Demand::new(
        [Ask::CallsGiven {
            apis: &["builtins.open", "Command.env"],
            beginning: "/tmp",
        }],
        |_| true,
    );
    let found = |files: &[(&str, String)]| -> usize {
        let project = project(files);
        let session = footgun_analysis::Session::new(&project, &demand);
        let facts = crate::common::ids(&project).map(|file| analyse(&session, file).facts);
        facts.map(|facts| facts.calls.len()).sum()
    };
    let constant = "LOG = '/tmp/log'\n\ndef write():\n    open(LOG)\n";
    let attribute = "class Log:\n    def __init__(self):\n        self.path = '/tmp/log'\n\n    \
                     def write(self):\n        open(self.path)\n";
    for text in [constant, attribute] {
        assert_eq!(found(&[("a.py", text.to_owned())]), 1, "{text}");
    }
    let types = format!("// {}\npub struct Job;\n", "x".repeat(500));
    let methods = "use crate::types::Job;\nimpl Job {\n    fn start(&self) {\n        \
                   std::process::Command::new(\"x\").env(\"TMPDIR\", \"/tmp/x\");\n    }\n}\n";
    let files = [
        (
            "src/main.rs",
            "mod job;\nmod types;\nfn main() {}\n".to_owned(),
        ),
        ("src/types.rs", types),
        ("src/job.rs", methods.to_owned()),
    ];
    assert_eq!(found(&files), 1);
}
