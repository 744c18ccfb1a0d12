//! `strftime-gnu`: directives of `strftime` that the C library of Windows refuses.

use footgun_analysis::facts::{Call, Facts, Known};

use crate::report::{Report, argument_or_call, is_dealt_with, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "strftime-gnu",
    group: "portability",
    title: "A directive of `strftime` that Windows does not know",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("strftime_gnu.md"),
    asks: |_| {
        vec![
            Ask::Call("time.strftime"),
            Ask::Call("datetime.date.strftime"),
            Ask::Call("datetime.datetime.strftime"),
            Ask::Call("datetime.time.strftime"),
            Ask::Method("strftime"),
            Ask::PercentFormats,
        ]
    },
    judge: Judge::Call(judge),
};

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    // `format(value, format)`, and a method called by the name of its class.
    let behind_value = match call.site.api.as_str() {
        "builtins.format" => true,
        api => api.starts_with("datetime.") && call.positional.len() > 1,
    };
    let format = call.argument(usize::from(behind_value), "format");
    let format = format.ok_or("no format is given")?;
    let mut refused = format.values.iter().filter_map(|value| match value {
        Known::Text { pieces, origin } => {
            let directive = pieces
                .iter()
                .flatten()
                .find_map(|piece| refused_in(piece))?;
            Some((directive, *origin))
        }
        _ => None,
    });
    let refused = refused.next();
    let (directive, origin) = refused.ok_or("no directive is known that Windows refuses")?;
    if is_dealt_with(&call.handlers, "builtins.ValueError") {
        return Err("a handler waits for the ValueError that Windows raises");
    }
    let place = argument_or_call(&call.site, Some(format.place));
    Ok(Report::new(
        place,
        format!(
            "the C library of Windows does not know `{directive}`: ValueError, \"Invalid \
                 format string\""
        ),
        help(&directive),
    )
    .because(spelled(origin, place, "the format is written here")))
}

/// The first directive of a format that only other C libraries know: flags (`%-d`), and letters that
/// are not in the C standard.
fn refused_in(format: &str) -> Option<String> {
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let mut letters = rest[at + 1..].chars();
        match letters.next()? {
            flag @ ('-' | '_' | '^') => {
                let letter = letters.next().filter(char::is_ascii_alphabetic);
                if let Some(letter) = letter {
                    return Some(format!("%{flag}{letter}"));
                }
            }
            letter @ ('P' | 's' | 'k' | 'l' | '+') => return Some(format!("%{letter}")),
            _ => {}
        }
        rest = letters.as_str();
    }
    None
}

fn help(directive: &str) -> String {
    let instead = match directive {
        "%s" => "use `int(value.timestamp())`".to_owned(),
        "%P" => "use `%p` and `.lower()`".to_owned(),
        "%k" | "%_H" => "use `%H`, or the attribute `hour`".to_owned(),
        "%l" | "%_I" => "use `%I`".to_owned(),
        _ => match directive.strip_prefix("%-") {
            Some(letter) => format!(
                "use the attribute (`value.day`, `value.hour` …), or `%#{letter}` on Windows"
            ),
            None => "use directives of the C standard only".to_owned(),
        },
    };
    format!("{instead}; the directives that work everywhere are listed in Python's `datetime`")
}

#[cfg(test)]
mod tests {
    use super::refused_in;

    #[test]
    fn only_what_other_c_libraries_add_is_refused() {
        for (format, refused) in [
            ("%Y-%m-%d %H:%M:%S", None),
            ("%%-load %%s %d", None),
            ("100%", None),
            ("%#d %j", None),
            ("%-d.%-m.", Some("%-d")),
            ("%B %_d", Some("%_d")),
            ("%l:%M %P", Some("%l")),
            ("%%%s", Some("%s")),
            ("%- d", None),
        ] {
            assert_eq!(refused_in(format).as_deref(), refused, "{format}");
        }
    }
}
