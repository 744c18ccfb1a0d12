//! `subprocess-encoding`: what a child reads and writes, taken for text of the code page.

use footgun_analysis::facts::{Call, Facts, Known};

use crate::encodings::{MAY_BE_GIVEN, TAKEN, has_keyword, is_always, is_ascii, is_utf8};
use crate::lacking::{base_name, started};
use crate::posix_programs::lacks;
use crate::report::Report;
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "subprocess-encoding",
    group: "encoding",
    title: "The output of a program that is read as text without an encoding",
    severity: Severity::Warning,
    by_default: false,
    page: include_str!("subprocess_encoding.md"),
    asks: |options| match is_utf8(options) {
        true => Vec::new(),
        false => {
            let calls = STARTING.iter().chain(&READING);
            calls.map(|api| Ask::InPlace(api)).collect()
        }
    },
    judge: Judge::Call(judge),
};

/// What starts a program, and takes its streams for text where it is told to.
const STARTING: [&str; 5] = [
    OUTPUT,
    "subprocess.Popen",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.run",
];

/// What reads the output whatever it is told.
const OUTPUT: &str = "subprocess.check_output";

/// What reads it as text, too. `os.popen` takes no encoding.
const READING: [&str; 3] = [
    "os.popen",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
];

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    let api = call.site.api.as_str();
    let keyword = |name: &str| call.keywords.iter().find(|(known, _)| known == name);
    if has_keyword(call, "encoding") {
        return Err("an encoding is given");
    }
    if call.is_open {
        return Err(MAY_BE_GIVEN);
    }
    let lacks = |name: &str| lacks(base_name(name), false);
    let mut spawns = facts.spawns.iter();
    if spawns.any(|spawn| spawn.site.is_same(&call.site) && started(spawn, lacks).is_ok()) {
        return Err("Windows does not have the program");
    }
    if STARTING.contains(&api) {
        let is = |name: &str, value: Known| {
            keyword(name).is_some_and(|(_, argument)| is_always(argument, &value))
        };
        let pipes = |name: &str| is(name, Known::Name("subprocess.PIPE".to_owned()));
        if !["text", "universal_newlines"]
            .iter()
            .any(|name| is(name, Known::Bool(true)))
        {
            return Err("its streams are not known to be texts");
        }
        let reads = api == OUTPUT
            || is("capture_output", Known::Bool(true))
            || pipes("stdout")
            || pipes("stderr");
        let writes = match keyword("input") {
            Some((_, text)) => !is_ascii(text) && !is_always(text, &Known::None),
            None => pipes("stdin"),
        };
        if !reads && !writes {
            return Err("nothing but ASCII is known to be read from it or written to it");
        }
    }
    let instead = match api {
        "os.popen" => "use `subprocess.run` with",
        _ => "pass",
    };
    Ok(Report::new(
        call.site.call,
        format!(
            "without `encoding` what a program writes and reads is taken for text in {TAKEN}: UTF-8 \
             becomes other characters or a UnicodeDecodeError"
        ),
        format!(
            "{instead} the encoding that the program uses: `encoding=\"utf-8\", errors=\"replace\"`"
        ),
    ))
}
