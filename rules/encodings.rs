//! What the rules about the encoding of texts share.

use footgun_analysis::facts::{Argument, Call, Facts, Known};

use crate::report::within;
use crate::{Because, Options};

/// Whether Python takes UTF-8 where no encoding is given (PEP 686), of every version that runs the project.
pub(crate) fn is_utf8(options: &Options) -> bool {
    options.python.is_some_and(|oldest| oldest >= (3, 15))
}

/// What it takes otherwise.
pub(crate) const TAKEN: &str = "the ANSI code page of Windows (cp1252, cp932 …) before Python 3.15";

/// What keeps the rules silent where `**options` or `*arguments` may hold anything.
pub(crate) const MAY_BE_GIVEN: Because = "an encoding may be among the arguments that are unpacked";

/// Whether all that may be given is the constant.
pub(crate) fn is_always(argument: &Argument, constant: &Known) -> bool {
    let mut values = argument.values.iter();
    !argument.values.is_empty() && values.all(|value| value == constant)
}

/// Whether a text is known to have no characters but those of ASCII, which all code pages share.
pub(crate) fn is_ascii(argument: &Argument) -> bool {
    let is_ascii = |value: &Known| value.text().is_some_and(|text| text.is_ascii());
    !argument.values.is_empty() && argument.values.iter().all(is_ascii)
}

/// What makes JSON of a value: all of it in ASCII, unless told otherwise.
pub(crate) const JSON_TEXT: &str = "json.dumps";

/// Whether a call of `json` gives nothing but ASCII.
pub(crate) fn is_ascii_json(call: &Call) -> bool {
    let told = call
        .keywords
        .iter()
        .find(|(name, _)| name == "ensure_ascii");
    !call.is_open && told.is_none_or(|(_, told)| is_always(told, &Known::Bool(true)))
}

/// Whether a text that a call is given is known to be ASCII: by its characters, and where those are not known
/// by the JSON that stands for them.
pub(crate) fn is_ascii_or_json(facts: &Facts, call: &Call, argument: &Argument) -> bool {
    let json = facts
        .calls
        .iter()
        .filter(|it| it.site.api == JSON_TEXT && is_ascii_json(it));
    // The same call may have been reached in several ways.
    let mut json: Vec<_> = json.map(|it| it.site.call).collect();
    json.sort();
    json.dedup();
    let inside = json
        .iter()
        .filter(|it| within(**it, argument.place))
        .count();
    let is_ascii = |value: &Known| match value {
        Known::Text { pieces, .. } => {
            let unknown = pieces.iter().filter(|piece| piece.is_none()).count();
            unknown == inside && pieces.iter().flatten().all(|piece| piece.is_ascii())
        }
        Known::Unknown(doubt) => json.contains(&argument.place) || json.contains(&doubt.place),
        _ => false,
    };
    let is_here = within(argument.place, call.site.call);
    is_here && !argument.values.is_empty() && argument.values.iter().all(is_ascii)
}

/// Whether a call is given a keyword, of whatever value.
pub(crate) fn has_keyword(call: &Call, keyword: &str) -> bool {
    call.keywords.iter().any(|(name, _)| name == keyword)
}
