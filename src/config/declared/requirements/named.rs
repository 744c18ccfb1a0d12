//! Every distribution that is installed on Windows with a project, as far as its files tell.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::locks::{LOCKS, Locked};
use super::{Requirement, lines, normal, pyproject};

/// The distributions that the files of a folder require on Windows, with those that they require as lock
/// files tell; `None` where no file says what is required.
pub(in super::super) fn named_in(folder: &Path) -> Option<BTreeSet<String>> {
    let mut named = BTreeSet::new();
    let mut locked = Locked::default();
    let mut says = false;
    for (name, text) in files(folder) {
        let required = match name.as_str() {
            "pyproject.toml" => {
                named.extend(pyproject::extras(&text));
                says |= pyproject::says_all(&text);
                pyproject::required(&text)
            }
            "setup.cfg" => lines::of_setup_cfg(&text),
            "setup.py" => {
                if text.contains("install_requires") {
                    named.extend(quoted(&text));
                    says = true;
                }
                continue;
            }
            "Pipfile" => {
                named.extend(pyproject::of_pipfile(&text));
                says = true;
                continue;
            }
            lock if LOCKS.contains(&lock) => {
                locked.add(lock, &text);
                continue;
            }
            _ => {
                says = true;
                lines::of_requirements(&text)
            }
        };
        says |= !required.is_empty();
        let on_windows = required.into_iter().filter(|each| each.on_windows);
        named.extend(on_windows.map(|Requirement { name, .. }| name));
    }
    locked.complete(&mut named);
    says.then_some(named)
}

/// The files of a folder that may say what is required, with their texts.
fn files(folder: &Path) -> Vec<(String, String)> {
    let is_wanted = |name: &str| {
        ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile"].contains(&name)
            || LOCKS.contains(&name)
            || name.starts_with("requirements") && is_list(name)
    };
    let mut files = Vec::new();
    for (folder, is_for_lists) in [(folder, false), (&folder.join("requirements"), true)] {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_wanted(&name) || is_for_lists && is_list(&name) {
                files.extend(fs::read_to_string(entry.path()).map(|text| (name, text)));
            }
        }
    }
    files
}

/// Whether a file of this name lists what users need, and not only those who work on the project.
fn is_list(name: &str) -> bool {
    let stem = name.strip_suffix(".txt");
    let is_for_work = |word: &str| ["dev", "doc", "docs", "lint", "test", "tests"].contains(&word);
    stem.is_some_and(|stem| !stem.split(['-', '_', '.']).any(is_for_work))
}

/// What stands in quotes of either kind and may be a requirement.
fn quoted(text: &str) -> impl Iterator<Item = String> {
    text.split(['"', '\'', '\n']).filter_map(|text| {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = text.find(|c| !is_of_name(c)).unwrap_or(text.len());
        normal(&text[..end])
    })
}
