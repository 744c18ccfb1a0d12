//! `print-nonascii`: characters that the code page of Windows does not have, on standard output.

use footgun_analysis::facts::{Argument, Call, Facts, Known};
use footgun_analysis::source::Place;

use crate::encodings::is_utf8;
use crate::report::{Report, argument_or_call, is_dealt_with, spelled, within};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "print-nonascii",
    group: "encoding",
    title: "Characters on standard output that a code page may lack",
    severity: Severity::Warning,
    by_default: false,
    page: include_str!("print_nonascii.md"),
    asks: |options| match is_utf8(options) {
        true => Vec::new(),
        false => {
            let beside = ASKING.iter().chain(&SETTING).map(|api| Ask::Beside(api));
            beside.chain(PRINTING.map(Ask::InPlace)).collect()
        }
    },
    judge: Judge::Call(judge),
};

/// What writes to standard output.
const PRINTING: [&str; 2] = ["builtins.print", "sys.stdout.write"];

/// What sets the encoding of a stream, or leads the output elsewhere.
const SETTING: [&str; 10] = [
    "reconfigure",
    "sys.stdout.reconfigure",
    "io.TextIOWrapper",
    "codecs.getwriter",
    "sys.stdout.detach",
    "sys.stdout.fileno",
    // What asks for its encoding, or whether it is a console.
    "contextlib.redirect_stdout",
    "locale.getpreferredencoding",
    "sys.stdout.encoding.lower",
    "sys.stdout.isatty",
];

/// What asks whether a stream can take a text.
const ASKING: [&str; 2] = ["encode", "str.encode"];

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    if !PRINTING.contains(&call.site.api.as_str()) {
        return Err("it prints nothing");
    }
    if call.is_open || call.keywords.iter().any(|(name, _)| name == "file") {
        return Err("it may be printed elsewhere");
    }
    let lost = call.positional.iter().find_map(|argument| {
        let (character, origin) = beyond(argument)?;
        Some((argument, character, origin))
    });
    let (argument, character, origin) = lost.ok_or("no character is known that code pages lack")?;
    if is_dealt_with(&call.handlers, "builtins.UnicodeEncodeError") {
        return Err("a handler waits for the UnicodeEncodeError");
    }
    let mut calls = facts.calls.iter().map(|call| call.site.api.as_str());
    if calls.any(|api| SETTING.contains(&api)) {
        return Err("the file sets the encoding of a stream");
    }
    let encodes = |other: &Call| {
        ASKING.contains(&other.site.api.as_str()) && within(other.site.call, call.site.call)
    };
    if facts.calls.iter().any(encodes) {
        return Err("bytes are printed, or what an encoding has left");
    }
    let asks_stream = |other: &Call| {
        let is_stream =
            |value: &Known| matches!(value, Known::Name(it) if it.starts_with("sys.stdout"));
        ASKING.contains(&other.site.api.as_str()) && other.values().any(is_stream)
    };
    if facts.calls.iter().any(asks_stream) {
        return Err("the file asks what the stream can take");
    }
    let place = argument_or_call(&call.site, Some(argument.place));
    Ok(Report::new(
        place,
        format!(
            "where the output goes to a file or a pipe, Windows has it in the ANSI code page before Python \
             3.15, and cp1252 has no `{character}`: UnicodeEncodeError"
        ),
        "begin the program with `sys.stdout.reconfigure(encoding=\"utf-8\")`, or print ASCII",
    )
    .because(spelled(origin, place, "written here")))
}

/// The first character of an argument that cp1252 lacks.
fn beyond(argument: &Argument) -> Option<(char, Option<Place>)> {
    let lost = |value: &Known| match value {
        Known::Text { pieces, origin } => {
            let mut characters = pieces.iter().flatten().flat_map(|piece| piece.chars());
            let character =
                characters.find(|c| encoding_rs::WINDOWS_1252.encode(&c.to_string()).2)?;
            Some((character, *origin))
        }
        _ => None,
    };
    argument.values.iter().find_map(lost)
}
