//! `script-eol`: scripts for POSIX whose lines end as Windows has them in a working copy there.

use crate::names::{Kind, LineEnds, NameReport, Tracked};
use crate::{Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "script-eol",
    group: "repository",
    title: "A script whose line endings nobody has told git",
    severity: Severity::Warning,
    by_default: true,
    page: include_str!("script_eol.md"),
    asks: |_| Vec::new(),
    judge: Judge::Names(judge),
};

fn judge(tracked: &[Tracked]) -> Vec<NameReport> {
    let files = tracked.iter().enumerate();
    let converted = files
        .filter(|(_, tracked)| tracked.kind == Kind::Script && tracked.line_ends == LineEnds::Open);
    converted
        .map(|(file, tracked)| {
            let name = tracked.path.rsplit('/').next().unwrap_or(&tracked.path);
            let pattern = match name.rsplit_once('.') {
                Some((_, extension)) => format!("*.{extension}"),
                None => format!("/{}", tracked.path),
            };
            NameReport {
                file,
                message: "Git for Windows checks it out with CRLF by default, and a shell of POSIX, in a \
                          container or WSL, then fails: \"bad interpreter\", \"$'\\r': command not \
                          found\""
                    .to_owned(),
                help: format!("write `{pattern} text eol=lf` into `.gitattributes`"),
            }
        })
        .collect()
}
