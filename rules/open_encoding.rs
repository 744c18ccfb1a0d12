//! `open-encoding`: files that are opened as text without an encoding.

use footgun_analysis::facts::{Argument, Call, Facts, Known};
use footgun_analysis::source::Language;

use crate::encodings::{JSON_TEXT, MAY_BE_GIVEN, TAKEN, is_ascii_json, is_ascii_or_json, is_utf8};
use crate::report::{Report, precedes, within};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "open-encoding",
    group: "encoding",
    title: "A text file that is opened without an encoding",
    severity: Severity::Warning,
    by_default: false,
    page: include_str!("open_encoding.md"),
    asks: |options| match is_utf8(options) {
        true => Vec::new(),
        false => {
            let calls = OPENING.iter().map(|opening| Ask::InPlace(opening.api));
            let written = [JSON_TEXT, JSON_FILE, WRITE].map(Ask::Beside);
            calls.chain(written).collect()
        }
    },
    judge: Judge::Call(judge),
};

/// What opens, reads or writes a file, and where it is told how.
struct Opening {
    api: &'static str,
    /// The position of the mode, if there is one.
    mode: Option<usize>,
    /// The position of the encoding.
    encoding: usize,
    /// The position of the text, where the call itself writes it.
    text: Option<usize>,
}

const OPENING: [Opening; 10] = [
    opening("builtins.open", Some(1), 3, None),
    opening("io.open", Some(1), 3, None),
    opening("os.fdopen", Some(1), 3, None),
    opening("io.TextIOWrapper", None, 1, None),
    opening("pathlib.Path.open", Some(0), 2, None),
    opening("pathlib.Path.read_text", None, 0, None),
    opening("pathlib.Path.write_text", None, 1, Some(0)),
    // Of something of which nothing is known.
    opening("open", Some(0), 2, None),
    opening("read_text", None, 0, None),
    opening("write_text", None, 1, Some(0)),
];

const fn opening(
    api: &'static str,
    mode: Option<usize>,
    encoding: usize,
    text: Option<usize>,
) -> Opening {
    Opening {
        api,
        mode,
        encoding,
        text,
    }
}

/// What writes JSON to a file.
const JSON_FILE: &str = "json.dump";

/// What writes a text to a file that was opened by such a call.
const WRITE: &str = "io.file(newline=None).write";

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    let api = call.site.api.as_str();
    let opening = OPENING.iter().find(|opening| opening.api == api);
    let opening = opening.filter(|_| call.site.language == Language::Python);
    let opening = opening.ok_or("it opens no file")?;
    if call.argument(opening.encoding, "encoding").is_some() {
        return Err("an encoding is given");
    }
    if call.is_open {
        return Err(MAY_BE_GIVEN);
    }
    if let Some(position) = opening.mode {
        let mode = call.argument(position, "mode");
        // Something unknown whose method `open` is given no mode may be anything.
        let is_text = match mode {
            Some(mode) => is_text_mode(mode),
            None => api != "open",
        };
        if !is_text {
            return Err("it is not known to be opened as text");
        }
    }
    let text = opening.text.and_then(|at| call.argument(at, "data"));
    let is_ascii = match text {
        Some(text) => is_ascii_or_json(facts, call, text),
        None => gets_only_ascii(facts, call),
    };
    if is_ascii {
        return Err("all that is written is ASCII, which is the same in all code pages");
    }
    let path = call.receiver.as_ref().or(call.positional.first());
    if path.is_some_and(is_elsewhere) {
        return Err("Windows has no file at this path");
    }
    // `executor.submit(path.read_text)`: whoever runs it cannot add an encoding.
    if path.is_some_and(|path| !within(path.place, call.site.call)) {
        return Err("what is called here is handed over from elsewhere");
    }
    Ok(Report::new(
        call.site.call,
        format!(
            "without `encoding` a text file is read and written in {TAKEN}: UTF-8 written elsewhere \
             becomes other characters or a UnicodeDecodeError, and characters it lacks a \
             UnicodeEncodeError"
        ),
        "pass `encoding=\"utf-8\"`, or `encoding=\"locale\"` (Python 3.10) where the code page is meant",
    ))
}

/// Whether something is written to the file that a call opens, and all of it is ASCII, as far as can be seen: by
/// the calls that follow in the function, up to the next that opens a file.
fn gets_only_ascii(facts: &Facts, call: &Call) -> bool {
    let follows = |other: &&Call| precedes(&call.site, &other.site);
    let opens = |other: &&Call| OPENING.iter().any(|it| it.api == other.site.api);
    let nexts = facts.calls.iter().filter(opens).filter(follows);
    let end = nexts.map(|next| next.site.call.span.start).min();
    let is_before = |other: &&Call| end.is_none_or(|end| other.site.call.span.start < end);
    let mut is_ascii = None;
    for other in facts.calls.iter().filter(follows).filter(is_before) {
        let is = match other.site.api.as_str() {
            JSON_FILE => is_ascii_json(other),
            WRITE => {
                let text = other.positional.first();
                text.is_some_and(|text| is_ascii_or_json(facts, other, text))
            }
            _ => continue,
        };
        is_ascii = Some(is && is_ascii.unwrap_or(true));
    }
    is_ascii == Some(true)
}

/// Whether a mode is known, and one of text.
fn is_text_mode(mode: &Argument) -> bool {
    let is_text = |value: &Known| {
        let mode = value.text();
        mode.is_some_and(|mode| {
            !mode.is_empty() && mode.chars().all(|letter| "rwaxt+U".contains(letter))
        })
    };
    !mode.values.is_empty() && mode.values.iter().all(is_text)
}

/// Whether a path is known to begin at the root of POSIX, or to be the null device.
fn is_elsewhere(path: &Argument) -> bool {
    let is_elsewhere = |value: &Known| match value {
        Known::Text { pieces, .. } => match pieces.first() {
            Some(Some(beginning)) => {
                beginning.starts_with('/') || beginning.eq_ignore_ascii_case("nul")
            }
            _ => false,
        },
        _ => false,
    };
    !path.values.is_empty() && path.values.iter().all(is_elsewhere)
}
