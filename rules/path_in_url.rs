//! `path-in-url`: a URL that is put together as a path, with the `\` of Windows.

use footgun_analysis::facts::{Argument, Call, Facts, Known};

use crate::report::{Report, argument_or_call};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "path-in-url",
    group: "files",
    title: "A URL that is joined as a path",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("path_in_url.md"),
    asks: |_| {
        let joins = SCHEMES.map(|beginning| Ask::CallsGiven {
            apis: &[JOIN],
            beginning,
        });
        let replaces = Ask::BesideGiven {
            apis: REPLACING,
            beginning: "\\",
        };
        let others = [Ask::Call(URL_JOIN), replaces];
        joins.into_iter().chain(others).collect()
    },
    judge: Judge::Call(judge),
};

/// What joins the parts of a path.
const JOIN: &str = "os.path.join";

/// What joins the parts of a URL.
const URL_JOIN: &str = "urllib.parse.urljoin";

/// What puts something else in place of a `\`.
const REPLACING: &[&str] = &["replace", "split", "str.replace", "str.split"];

/// How a URL begins.
const SCHEMES: [&str; 4] = ["gs://", "http://", "https://", "s3://"];

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    let wrong = match call.site.api.as_str() {
        JOIN => joined(call),
        URL_JOIN => call.positional.get(1).filter(|part| has_backslash(part)),
        _ => return Err("no URL is put together"),
    };
    let wrong = wrong.ok_or("no `\\` is known to come into the URL")?;
    // Other rules ask for these calls with other texts.
    let replaces = |other: &Call| {
        let is_backslash = |value: &Known| begins(value).is_some_and(|it| it.starts_with('\\'));
        REPLACING.contains(&other.site.api.as_str()) && other.values().any(is_backslash)
    };
    if facts.calls.iter().any(replaces) {
        return Err("the file replaces a `\\`");
    }
    let (what, help) = match call.site.api.as_str() {
        JOIN => (
            "`os.path.join` puts `\\` between its parts on Windows",
            "put `/` between them, with `posixpath.join` or an f-string",
        ),
        _ => (
            "the path that is joined to this URL has `\\` between its parts on Windows",
            "join its parts with `posixpath.join`, or take `Path.as_posix()`",
        ),
    };
    Ok(Report::new(
        argument_or_call(&call.site, Some(wrong.place)),
        format!("{what}: the URL names nothing that the server has"),
        help,
    ))
}

/// The first part that is joined to a URL with a `\` before it: none is put behind a `/`.
fn joined(call: &Call) -> Option<&Argument> {
    let before = call.positional.iter();
    let mut parts = before.zip(call.positional.iter().skip(1));
    let is_url = |value: &Known| {
        begins(value).is_some_and(|text| SCHEMES.iter().any(|it| text.starts_with(it)))
    };
    let first = call.positional.first()?;
    if first.values.is_empty() || !first.values.iter().all(is_url) {
        return None;
    }
    let ends_with_slash = |value: &Known| match value {
        Known::Text { pieces, .. } => match pieces.last() {
            Some(Some(text)) => text.ends_with('/'),
            _ => false,
        },
        _ => false,
    };
    let is_parted = |(before, part): &(&Argument, &Argument)| {
        let closed = before.values.iter().any(ends_with_slash);
        let is_known = before
            .values
            .iter()
            .all(|value| matches!(value, Known::Text { .. }));
        let from_root = part
            .values
            .iter()
            .any(|value| begins(value).is_some_and(|it| it.starts_with('/')));
        !closed && is_known && !from_root
    };
    parts.find(is_parted).map(|(_, part)| part)
}

/// How a text begins, if that is known.
fn begins(value: &Known) -> Option<&str> {
    match value {
        Known::Text { pieces, .. } => pieces.first()?.as_deref(),
        _ => None,
    }
}

/// Whether each text that may be given has a `\` in it.
fn has_backslash(argument: &Argument) -> bool {
    let has = |value: &Known| match value {
        Known::Text { pieces, .. } => pieces.iter().flatten().any(|piece| piece.contains('\\')),
        _ => false,
    };
    !argument.values.is_empty() && argument.values.iter().all(has)
}
