//! Why what matters of a fact is unknown, and where that begins.

use footgun_analysis::doubt::Why;
use footgun_analysis::facts::Facts;
use footgun_analysis::source::Place;

/// The causes of what is unknown in facts of one file, with the code where each begins.
fn doubts<'t>(facts: &Facts, text: &'t str) -> Vec<(Why, &'t str)> {
    let quoted = |place: Place| &text[place.span.range()];
    let doubts = facts.doubts();
    doubts
        .map(|(_, doubt)| (doubt.why, quoted(doubt.place)))
        .collect()
}

/// The one doubt about what a Python program starts.
#[track_caller]
fn check(text: &str, why: Why, place: &str) {
    let text = format!("import subprocess, json, foo\n{text}");
    let mut doubts = doubts(&crate::common::python(&text), &text);
    doubts.dedup();
    assert_eq!(doubts, [(why, place)]);
}

#[test]
fn an_argument_that_nobody_gives() {
    let text = "def run(cmd):\n    subprocess.Popen(cmd)\n";
    check(text, Why::Argument, "cmd");
    let text = "def run(bin):\n    subprocess.Popen([f'{bin}', 'x'])\n";
    check(text, Why::Argument, "bin");
}

#[test]
fn what_a_library_makes_through_all_that_is_taken_from_it() {
    for taken in ["made", "made['bin']", "made.bin", "[made.split()[0], 'x']"] {
        let text = format!("made = json.load(open('x'))\nsubprocess.run({taken})\n");
        check(&text, Why::Library, "json.load(open('x'))");
    }
    let text = "subprocess.run(foo.bar().baz()['x'])\n";
    check(text, Why::Library, "foo.bar()");
}

#[test]
fn one_of_several_values() {
    let text = "def run(name, flag):\n    cmd = 'a' if flag else name\n    subprocess.run([cmd])\n";
    check(text, Why::Argument, "name");
    let text = "\
def run(n):
    cmd = {0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e', 5: 'f', 6: 'g', 7: 'h'}[n]
    subprocess.run([cmd])
";
    let table = "{0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e', 5: 'f', 6: 'g', 7: 'h'}[n]";
    check(text, Why::Joined, table);
}

#[test]
fn a_variable_that_others_assign_to() {
    let text = "\
LAST = 'a'
def use(name):
    global LAST
    LAST = name
def run():
    subprocess.run([LAST])
";
    check(text, Why::Rebound, "LAST");
}

#[test]
fn a_function_that_calls_itself() {
    let text = "\
def name(n):
    return name(n - 1)
def run():
    subprocess.run([name(3)])
";
    check(text, Why::Recursion, "name(n - 1)");
}

#[test]
fn a_text_beyond_the_bound_on_size() {
    let doubled = "name = name + name\n".repeat(15);
    let text = format!("name = 'a'\n{doubled}subprocess.run([name])\n");
    check(&text, Why::Budget, "[name]");
}

#[test]
fn flags_and_signals() {
    let text = "import os, subprocess\ndef run(pid, sig, extra):\n    os.kill(pid, sig)\n    \
                subprocess.run(['a'], creationflags=8 | extra)\n";
    let facts = crate::common::python(text);
    let all = doubts(&facts, text);
    assert_eq!(all, [(Why::Argument, "extra"), (Why::Argument, "sig")]);
}

#[test]
fn rust_tells_too() {
    let text = "\
use std::process::Command;
pub fn run(name: &str) {
    Command::new(name).spawn();
    Command::new(other::lib::name()).spawn();
}
";
    let facts = crate::common::rust(text);
    let expected = [
        (Why::Argument, "name"),
        (Why::Library, "other::lib::name()"),
    ];
    assert_eq!(doubts(&facts, text), expected);
}
