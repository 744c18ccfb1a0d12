//! `delete-open-file`: deleting or moving a file that the program itself has open.

use footgun_analysis::facts::{Argument, Call, Facts, Known};
use footgun_analysis::source::Place;

use crate::report::{Report, is_dealt_with, is_reached_from, label, precedes, within};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "delete-open-file",
    group: "files",
    title: "A file that is deleted or moved while it is open",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("delete_open_file.md"),
    asks: |_| {
        let beside = OPENING.iter().chain(&CLOSING).chain(&EXPECTING);
        let beside = beside.chain(&REMOVING);
        let beside = beside.map(|api| Ask::Beside(api));
        let spelled = ["os.remove", "os.replace", "os.unlink"].map(Ask::Spelled);
        let alone = [Ask::InPlace("pathlib.Path.unlink"), Ask::Result(DESCRIPTOR)];
        beside.chain(spelled).chain(alone).collect()
    },
    judge: Judge::Call(judge),
};

/// What deletes a file, or moves it away.
const REMOVING: [&str; 8] = [
    "os.remove",
    "os.unlink",
    "os.rename",
    "os.replace",
    "shutil.move",
    "pathlib.Path.unlink",
    "pathlib.Path.rename",
    "pathlib.Path.replace",
];

/// What opens a file of which others may delete nothing until it is closed.
const OPENING: [&str; 12] = [
    "builtins.open",
    "io.open",
    "codecs.open",
    "gzip.open",
    "bz2.open",
    "lzma.open",
    "tarfile.open",
    "zipfile.ZipFile",
    "pathlib.Path.open",
    "open",
    "os.fdopen",
    "tempfile.NamedTemporaryFile",
];

/// What closes it.
const CLOSING: [&str; 5] = [
    "close",
    "io.file.close",
    "io.file(newline=None).close",
    "tempfile.NamedTemporaryFile(delete=False).close",
    "os.close",
];

/// What tests expect errors with.
const EXPECTING: [&str; 2] = ["assertRaises", "pytest.raises"];

/// What makes a file and gives a descriptor of it, which is open.
const DESCRIPTOR: &str = "tempfile.mkstemp";

/// The file that it is of.
const DESCRIPTOR_NAME: &str = "tempfile.mkstemp().name";

/// What may be done with that without closing it.
const HARMLESS: [&str; 9] = [
    "mmap.mmap",
    "os.fchmod",
    "os.fdatasync",
    "os.fstat",
    "os.fsync",
    "os.ftruncate",
    "os.lseek",
    "os.read",
    "os.write",
];

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    if !REMOVING.contains(&call.site.api.as_str()) {
        return Err("it deletes nothing");
    }
    // What is moved, and where to.
    let mut files = call.receiver.iter().chain(&call.positional).take(2);
    let is_open = |file| entered(facts, call, file).or_else(|| left_open(facts, call, file));
    let found = files.find_map(is_open);
    let (opened, what) = found.ok_or("the file is not known to be open")?;
    let expects = |other: &Call| {
        let is_entered = || call.entered.iter().any(|it| within(other.site.call, *it));
        EXPECTING.contains(&other.site.api.as_str()) && is_entered()
    };
    if facts.calls.iter().any(expects) {
        return Err("a test expects an error");
    }
    if is_dealt_with(&call.handlers, "builtins.PermissionError") {
        return Err("a handler waits for the PermissionError that Windows raises");
    }
    Ok(Report::new(
        call.site.call,
        "Windows neither deletes nor moves a file that Python has open: PermissionError \
         [WinError 32] \"The process cannot access the file because it is being used by another \
         process\"",
        what,
    )
    .because(vec![label(opened, "opened here")]))
}

/// Where a file is opened by a `with` statement around.
fn entered(facts: &Facts, call: &Call, file: &Argument) -> Option<(Place, &'static str)> {
    let opens = |other: &&Call| {
        let is_open = || call.entered.iter().any(|it| within(other.site.call, *it));
        OPENING.contains(&other.site.api.as_str())
            && other.site.function == call.site.function
            && is_open()
            && is_same_file(other, file)
    };
    let opening = facts.calls.iter().find(opens)?;
    let mut between = facts
        .calls
        .iter()
        .filter(|other| precedes(&opening.site, &other.site) && precedes(&other.site, &call.site));
    let is_closed = between.any(|other| CLOSING.contains(&other.site.api.as_str()));
    (!is_closed).then_some((opening.site.call, "do that behind the `with` block"))
}

/// Whether a call opens the file that an argument names.
fn is_same_file(opening: &Call, file: &Argument) -> bool {
    let is_named = |name: &str| file.values.iter().any(|value| value.is_named(name));
    if opening.site.api == "tempfile.NamedTemporaryFile" {
        return is_named("tempfile.NamedTemporaryFile(delete=False).name");
    }
    if is_named(DESCRIPTOR_NAME) {
        return takes_descriptor(opening);
    }
    // A method of something that is not known has its name only.
    if opening.site.api == "open" {
        return opening.spelled_receiver.is_some() && opening.spelled_receiver == file.variable;
    }
    let opened = opening.receiver.as_ref().or(opening.positional.first());
    // With a value that it got behind the opening it names another file.
    let is_as_before = || {
        let start = opening.site.call.span.start;
        file.bound.is_none_or(|bound| bound.span.start < start)
    };
    let is_same = |opened: &Argument| {
        opened.variable.is_some() && opened.variable == file.variable && is_as_before()
    };
    opened.is_some_and(is_same)
}

/// Where a descriptor of a file is made that nothing in the same function closes or keeps.
fn left_open(facts: &Facts, call: &Call, file: &Argument) -> Option<(Place, &'static str)> {
    let is_name = |value: &Known| value.is_named(DESCRIPTOR_NAME);
    if !file.values.iter().any(is_name) {
        return None;
    }
    let function = call.site.function;
    let calls = facts.calls.iter();
    let mut near = calls.filter(|other| is_reached_from(&other.site, function));
    let made = near.clone().find(|other| other.site.api == DESCRIPTOR)?;
    let takes_it =
        |other: &Call| takes_descriptor(other) && !HARMLESS.contains(&other.site.api.as_str());
    let help = "close the descriptor before, with `os.close(fd)` or by `with os.fdopen(fd)`";
    (!near.any(takes_it)).then_some((made.site.call, help))
}

/// Whether a call is given the descriptor.
fn takes_descriptor(call: &Call) -> bool {
    let mut values = call.values();
    values.any(|value| value.is_named("tempfile.mkstemp().fd"))
}
