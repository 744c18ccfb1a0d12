//! `rename-overwrite`: renaming a file onto one that exists, which Windows refuses.

use footgun_analysis::facts::{Argument, Call, Facts, Known};
use footgun_analysis::rewrite::{Change, Positional};
use footgun_analysis::source::Place;

use crate::files::ASKING;
use crate::report::{Report, is_dealt_with, label, precedes};
use crate::{Applicability, Ask, Because, Fix, Helper, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "rename-overwrite",
    group: "files",
    title: "A rename onto a file that may exist",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("rename_overwrite.md"),
    asks: |_| {
        let renames = RENAMES.iter().map(|api| Ask::Call(api));
        let beside = CLEARING.into_iter().chain(ASKING);
        renames.chain(beside.map(Ask::Beside)).collect()
    },
    judge: Judge::Call(judge),
};

const RENAMES: [&str; 3] = ["os.rename", "pathlib.Path.rename", "aiofiles.os.rename"];

/// What makes room for the file.
const CLEARING: [&str; 8] = [
    "unlink",
    "os.remove",
    "os.rmdir",
    "os.unlink",
    "shutil.move",
    "shutil.rmtree",
    "pathlib.Path.rmdir",
    "pathlib.Path.unlink",
];

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    if !RENAMES.contains(&call.site.api.as_str()) {
        return Err("it renames nothing");
    }
    let source = match &call.receiver {
        Some(receiver) => receiver,
        None => call
            .argument(0, "src")
            .ok_or("it is not known what is renamed")?,
    };
    let source =
        draft(source).ok_or("it is not known to be a draft that takes the place of a file")?;
    if is_dealt_with(&call.handlers, "builtins.FileExistsError") {
        return Err("a handler waits for the FileExistsError that Windows raises");
    }
    let clears = |other: &Call| {
        let api = other.site.api.as_str();
        (CLEARING.contains(&api) || ASKING.contains(&api)) && precedes(&other.site, &call.site)
    };
    if facts.calls.iter().any(clears) {
        return Err("the code before it looks at files, or deletes one");
    }
    let is_function = call.receiver.is_none() && !call.site.embedded;
    Ok(Report::new(
        call.site.call,
        "Windows renames no file onto one that exists: FileExistsError [WinError 183] \"Cannot \
         create a file when that file already exists\"",
        "use `os.replace` or `Path.replace`, which overwrite it on every platform",
    )
    .because(
        source
            .map(|place| label(place, "the draft is named here"))
            .into_iter()
            .collect(),
    )
    .cured((is_function && call.site.api == "os.rename").then(|| Fix {
        applicability: Applicability::Safe,
        message: "Call `os.replace`",
        windows_only: false,
        changes: vec![Change::Call {
            call: call.site.call,
            function: Helper::Replace,
            positional: Positional::All,
            without: Vec::new(),
        }],
        otherwise: None,
    })))
}

/// Where an argument is named that is the draft of a file, by its name or by who made it.
fn draft(argument: &Argument) -> Option<Option<Place>> {
    argument.values.iter().find_map(|value| match value {
        Known::Name(name) => is_temporary(name).then_some(None),
        Known::Text { pieces, origin } => is_draft(pieces).then_some(*origin),
        _ => None,
    })
}

/// Whether the name of something of the library stands for a temporary file.
fn is_temporary(name: &str) -> bool {
    name.starts_with("tempfile.mkstemp()") || name.starts_with("tempfile.NamedTemporaryFile(")
}

/// Whether the name at the end of a path says that the file is not finished.
fn is_draft(path: &[Option<String>]) -> bool {
    const WORDS: [&str; 7] = [
        "tmp",
        "temp",
        "new",
        "part",
        "partial",
        "draft",
        "incomplete",
    ];
    const UNKNOWN: &str = "\0";
    let path: Vec<&str> = path
        .iter()
        .map(|piece| piece.as_deref().unwrap_or(UNKNOWN))
        .collect();
    let path = path.concat().to_ascii_lowercase();
    let name = path.rsplit(['/', '\\']).next().unwrap_or(&path);
    name.split('.').skip(1).any(|extension| {
        let word = extension.split(|c: char| !c.is_ascii_alphabetic()).next();
        word.is_some_and(|word| WORDS.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use super::is_draft;

    #[test]
    fn drafts_say_so_by_an_extension() {
        let known = |text: &str| Some(text.to_owned());
        for (path, expected) in [
            (vec![None, known(".tmp")], true),
            (vec![None, known(".new")], true),
            (vec![known("."), None, known(".part")], true),
            (vec![None, known(".tmp."), None], true),
            (vec![known("settings.json.tmp12")], true),
            (vec![known("/var/x.tmp/data.json")], false),
            (vec![None, known("\\news.json")], false),
            (vec![None, known(".newest")], false),
            (vec![known("tmp")], false),
            (vec![None], false),
        ] {
            assert_eq!(is_draft(&path), expected, "{path:?}");
        }
    }
}
