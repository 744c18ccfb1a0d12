//! `checkout-name`: paths that no working copy on Windows can have.

use std::collections::{HashMap, HashSet};

use crate::names::{NameReport, Tracked};
use crate::{Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "checkout-name",
    group: "repository",
    title: "A path that Windows cannot check out",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("checkout_name.md"),
    asks: |_| Vec::new(),
    judge: Judge::Names(judge),
};

/// The names of devices, which are none of files, also before an extension.
const DEVICES: [&str; 6] = ["aux", "con", "conin$", "conout$", "nul", "prn"];

fn judge(tracked: &[Tracked]) -> Vec<NameReport> {
    let mut reports = Vec::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let mut told: HashSet<&str> = HashSet::new();
    for (file, tracked_file) in tracked.iter().enumerate() {
        let path = &tracked_file.path;
        let wrong = tracked_file
            .parts()
            .find_map(|(part, end)| Some((part, wrong(part)?, end)));
        if let Some((part, why, end)) = wrong {
            // Of a folder one file tells.
            if told.insert(&path[..end]) {
                reports.push(NameReport {
                    file,
                    message: format!(
                        "Windows has no file `{part}`: {why}, and git says \"error: invalid path\""
                    ),
                    help: "give it another name".to_owned(),
                });
            }
            continue;
        }
        match by_name.get(&path.to_lowercase()) {
            Some(&other) => reports.push(NameReport {
                file,
                message: format!(
                    "on Windows `{path}` and `{}` are one file: \"the following paths have collided\", \
                     and only one of them is checked out",
                    tracked[other].path
                ),
                help: "give one of them another name".to_owned(),
            }),
            None => {
                by_name.insert(path.to_lowercase(), file);
            }
        }
    }
    reports
}

/// Why a file or folder cannot have this name, in a clause.
fn wrong(part: &str) -> Option<String> {
    let stem = part.split(['.', ':']).next().unwrap_or(part);
    let stem = stem.trim_end_matches(' ').to_lowercase();
    if DEVICES.contains(&stem.as_str()) || is_port(&stem) {
        return Some(format!("`{stem}` is a device, with any extension"));
    }
    let is_forbidden =
        |c: &char| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\') || *c < ' ';
    if let Some(character) = part.chars().find(is_forbidden) {
        return Some(match character < ' ' {
            true => "a control character may not be in a name".to_owned(),
            false => format!("`{character}` may not be in a name"),
        });
    }
    match part.chars().last() {
        Some(' ') => Some("a name may not end with a space".to_owned()),
        Some('.') => Some("a name may not end with a dot".to_owned()),
        _ => None,
    }
}

/// Whether a name in lower case is that of a serial or parallel port.
fn is_port(stem: &str) -> bool {
    let number = stem
        .strip_prefix("com")
        .or_else(|| stem.strip_prefix("lpt"));
    let mut digits = number.unwrap_or_default().chars();
    matches!(
        (digits.next(), digits.next()),
        (Some('1'..='9' | '¹' | '²' | '³'), None)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{Kind, LineEnds};

    fn found(paths: &[&str]) -> Vec<String> {
        let tracked: Vec<Tracked> = paths
            .iter()
            .map(|path| Tracked {
                path: (*path).to_owned(),
                kind: Kind::File,
                line_ends: LineEnds::Told,
            })
            .collect();
        let reports = judge(&tracked).into_iter();
        reports
            .map(|report| tracked[report.file].path.clone())
            .collect()
    }

    #[test]
    fn names_that_windows_does_not_have() {
        for path in [
            "aux",
            "src/Aux.py",
            "con/__init__.py",
            "nul.tar.gz",
            "LPT1",
            "com³.txt",
            "a:b",
            "a?",
            "a|b",
            "docs/the \"plan\".md",
            "a<b",
            "a*",
            "a\\b",
            "a\tb",
            "ends.",
            "ends /x",
            "aux .c",
        ] {
            assert_eq!(found(&[path]), [path], "{path}");
        }
        for path in [
            "auxiliary.py",
            "console.py",
            "com10",
            "com0",
            "lpt",
            "a.b.c",
            ".gitignore",
            "a b",
            "faq-(draft) & notes, 100%.md",
            "con-sole",
            "tests/[x].txt",
        ] {
            assert_eq!(found(&[path]), [""; 0], "{path}");
        }
    }

    #[test]
    fn a_folder_is_told_once_and_a_pair_by_one_of_it() {
        assert_eq!(
            found(&["aux/a.py", "aux/b.py", "x/aux/a.py"]),
            ["aux/a.py", "x/aux/a.py"]
        );
        assert_eq!(
            found(&["Makefile", "makefile", "src/makefile"]),
            ["makefile"]
        );
    }
}
