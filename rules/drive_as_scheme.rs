//! `drive-as-scheme`: any scheme taken for the sign of a URL, where the drive of a path is one too.

use footgun_analysis::demand::TRUTH;
use footgun_analysis::facts::{Argument, Call, Facts, Known};

use crate::files::{ASKING, OPENING};
use crate::report::{Report, label, precedes, within};
use crate::{Ask, Because, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "drive-as-scheme",
    group: "files",
    title: "The drive of a path, taken for the scheme of a URL",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("drive_as_scheme.md"),
    asks: |_| {
        let beside = OPENING.iter().chain(&ASKING).chain(&PATHS).chain(&DRIVES);
        let beside = beside.map(|api| Ask::Beside(api));
        beside.chain(PARSING.map(Ask::Result)).collect()
    },
    judge: Judge::Facts(check),
};

/// What takes URLs apart.
const PARSING: [&str; 2] = ["urllib.parse.urlparse", "urllib.parse.urlsplit"];

/// What makes a path of a text.
const PATHS: [&str; 3] = ["os.path.abspath", "os.path.join", "pathlib.Path"];

/// What tells a path with a drive.
const DRIVES: [&str; 4] = [
    "os.path.isabs",
    "os.path.splitdrive",
    "ntpath.splitdrive",
    "pathlib.PureWindowsPath",
];

fn check(facts: &Facts, _: &Options, verdicts: &mut Verdicts) {
    for call in &facts.calls {
        let api = call.site.api.as_str();
        if api == TRUTH || api == "builtins.bool" {
            RULE.tell(verdicts, &call.site, judge(facts, call));
        }
    }
}

fn judge(facts: &Facts, asked: &Call) -> Result<Report, Because> {
    let scheme = |api: &&str| format!("{api}().scheme");
    let is_scheme = |api: &&str| given(asked).any(|value| value.is_named(&scheme(api)));
    let parser = PARSING.iter().find(|api| is_scheme(api));
    let parser = parser.ok_or("no scheme is asked for")?;
    let near = || {
        let calls = facts.calls.iter();
        calls.filter(|call| call.site.function == asked.site.function)
    };
    let parsed = near().find(|call| call.site.api == **parser);
    let text = parsed.and_then(|call| call.positional.first());
    let text = text.and_then(|text| text.variable.as_deref());
    let text = text.ok_or("what is taken apart has no name")?;
    let is_text = |argument: &Argument| argument.variable.as_deref() == Some(text);
    let names_it = |call: &&Call| {
        let mut given = call.positional.iter().chain(&call.receiver);
        given.any(is_text)
    };
    let result = format!("{parser}()");
    let is_other = |call: &&Call| {
        let has = |value: &Known| matches!(value, Known::Name(name) if name.starts_with(&result));
        !within(asked.site.call, call.site.call)
            && (given(call).any(has) || call.site.api.starts_with(&result))
    };
    if near().any(|call| is_other(&call)) {
        return Err("more is asked than whether there is a scheme");
    }
    let looks = |call: &&Call| {
        let api = call.site.api.as_str();
        (DRIVES.contains(&api) || ASKING.contains(&api))
            && precedes(&call.site, &asked.site)
            && names_it(call)
    };
    if near().any(|call| looks(&call)) {
        return Err("paths are told from URLs before");
    }
    let is_path = |call: &&Call| {
        let api = call.site.api.as_str();
        (OPENING.contains(&api) || PATHS.contains(&api)) && names_it(call)
    };
    let path = near().find(is_path);
    let path = path.ok_or("it is not known to be a path otherwise")?;
    Ok(Report::new(
        asked.site.call,
        "the drive of a Windows path is a scheme to `urlparse`: `C:\\data.csv` has the scheme `c`, and is \
         taken for a URL here",
        "ask for the schemes that are meant (`in {\"http\", \"https\"}`), or for `\"://\"` in the text",
    )
    .because(vec![label(path.site.call, "otherwise it is a path here")]))
}

fn given(call: &Call) -> impl Iterator<Item = &Known> {
    call.positional.iter().flat_map(|argument| &argument.values)
}
