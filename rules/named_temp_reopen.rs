//! `named-temp-reopen`: opening a temporary file by its name while it is open.

use footgun_analysis::facts::{Call, Facts, Handler, Known, Site};
use footgun_analysis::source::Place;

use crate::report::{Report, argument_or_call, is_dealt_with};
use crate::{Ask, Because, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "named-temp-reopen",
    group: "files",
    title: "A temporary file that is opened again by its name",
    severity: Severity::Error,
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
    let mut tell = |site: &Site, handlers: &[Handler], place: Option<Place>| {
        let judged = match is_closed(facts, site) {
            true => Err("a temporary file is closed before"),
            false => judged(site, handlers, place),
        };
        RULE.tell(verdicts, site, judged);
    };
    let opens = |call: &&Call| OPENING.contains(&call.site.api.as_str());
    for call in facts.calls.iter().filter(opens) {
        let named = call.arguments().find(|(_, argument)| {
            let is_name = |value: &Known| matches!(value, Known::Name(name) if name == NAME);
            argument.values.iter().any(is_name)
        });
        let place = named.map(|(_, argument)| argument.place);
        tell(&call.site, &call.handlers, place);
    }
    for spawn in &facts.spawns {
        let is_given = spawn.names.iter().any(|name| name == NAME);
        tell(
            &spawn.site,
            &spawn.handlers,
            is_given.then_some(spawn.site.call),
        );
    }
}

/// Whether a temporary file is closed before something in the function that does it, or in one that
/// led there.
fn is_closed(facts: &Facts, site: &Site) -> bool {
    let calls: Vec<Place> = site.through.iter().copied().chain([site.call]).collect();
    let is_before = |close: &Call| {
        let function = close.site.function;
        let close = close.site.call;
        let mut within = calls
            .iter()
            .filter(|call| crate::report::within(**call, function));
        within.any(|call| close.span.start < call.span.start)
    };
    let closes = facts.calls.iter().filter(|call| call.site.api == CLOSE);
    closes.into_iter().any(is_before)
}

fn judged(site: &Site, handlers: &[Handler], place: Option<Place>) -> Result<Report, Because> {
    let place = place.ok_or("it is not known to get the name of an open temporary file")?;
    if is_dealt_with(handlers, "builtins.PermissionError") {
        return Err("a handler waits for the PermissionError that Windows raises");
    }
    Ok(Report {
        place: argument_or_call(site, Some(place)),
        message:
            "Windows opens no NamedTemporaryFile by its name while it is open: PermissionError \
                  [Errno 13], \"Permission denied\""
                .to_owned(),
        help:
            "pass `delete=False` (or `delete_on_close=False`, Python 3.12), close it before it is \
               opened again, and delete it yourself; or write a file in a `TemporaryDirectory`"
                .to_owned(),
        evidence: Vec::new(),
        fix: None,
    })
}
