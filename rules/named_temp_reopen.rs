//! `named-temp-reopen`: opening a temporary file by its name while it is open.

use footgun_analysis::facts::{Call, Facts, Known, Site, Spawn};
use footgun_analysis::source::Place;

use crate::report::{Report, argument_or_call, is_dealt_with, within};
use crate::{Ask, Because, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "named-temp-reopen",
    group: "files",
    title: "A temporary file that is opened again by its name",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("named_temp_reopen.md"),
    asks: |_| {
        let beside = OPENING.iter().chain([&CLOSE]).map(|api| Ask::Beside(api));
        let made = Ask::Call("tempfile.NamedTemporaryFile");
        beside.chain([made]).collect()
    },
    judge: Judge::Facts(judge),
};

/// The name of a temporary file that is deleted when it is closed.
const NAME: &str = "tempfile.NamedTemporaryFile().name";

/// What closes and deletes it: a file of that name is another one from then on.
const CLOSE: &str = "tempfile.NamedTemporaryFile().close";

/// What opens a file by name.
const OPENING: [&str; 16] = [
    "builtins.open",
    "codecs.open",
    "gzip.open",
    "bz2.open",
    "lzma.open",
    "io.open",
    "os.open",
    "os.rename",
    "os.replace",
    "shutil.copy",
    "shutil.copy2",
    "shutil.copyfile",
    "shutil.move",
    "sqlite3.connect",
    "tarfile.open",
    "zipfile.ZipFile",
];

fn judge(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    let opens = |call: &&Call| OPENING.contains(&call.site.api.as_str());
    for call in facts.calls.iter().filter(opens) {
        RULE.tell(verdicts, &call.site, opened(facts, call));
    }
    for spawn in &facts.spawns {
        RULE.tell(verdicts, &spawn.site, handed_on(facts, spawn));
    }
}

const NOT_GIVEN: Because = "it is not known to get the name of an open temporary file";
const CLOSED: Because = "a temporary file is closed before";

/// The program itself opens the file.
fn opened(facts: &Facts, call: &Call) -> Result<Report, Because> {
    let is_name = |value: &Known| value.is_named(NAME);
    let mut arguments = call.arguments().map(|(_, argument)| argument);
    let named = arguments.find(|argument| argument.values.iter().any(is_name));
    let place = named.ok_or(NOT_GIVEN)?.place;
    if is_closed(facts, &call.site) {
        return Err(CLOSED);
    }
    if is_dealt_with(&call.handlers, "builtins.PermissionError") {
        return Err("a handler waits for the PermissionError that Windows raises");
    }
    let fails = "PermissionError [Errno 13], \"Permission denied\"";
    Ok(report(argument_or_call(&call.site, Some(place)), fails))
}

/// A program that is started opens it. What comes of that is an exit code here, so that no handler knows of
/// the reason.
fn handed_on(facts: &Facts, spawn: &Spawn) -> Result<Report, Because> {
    if !spawn.names.iter().any(|name| name == NAME) {
        return Err(NOT_GIVEN);
    }
    if is_closed(facts, &spawn.site) {
        return Err(CLOSED);
    }
    if is_dealt_with(&spawn.handlers, "builtins.Exception") {
        return Err("a handler takes whatever goes wrong");
    }
    let fails = "the program that is started fails, mostly with \"Permission denied\"";
    Ok(report(spawn.site.call, fails))
}

/// Whether a temporary file is closed before something in the function that does it, or in one that
/// led there.
fn is_closed(facts: &Facts, site: &Site) -> bool {
    let calls: Vec<Place> = site.through.iter().copied().chain([site.call]).collect();
    let is_before = |close: &Call| {
        let function = close.site.function;
        let close = close.site.call;
        let mut near = calls.iter().filter(|call| within(**call, function));
        near.any(|call| close.span.start < call.span.start)
    };
    let closes = facts.calls.iter().filter(|call| call.site.api == CLOSE);
    closes.into_iter().any(is_before)
}

fn report(place: Place, fails: &str) -> Report {
    Report::new(
        place,
        format!("Windows opens no NamedTemporaryFile by its name while it is open: {fails}"),
        "pass `delete=False` (or `delete_on_close=False`, Python 3.12), close it before it is \
         opened again, and delete it yourself; or write a file in a `TemporaryDirectory`",
    )
}
