//! The project around files that were given one by one: names are resolved in all of it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::walk::{Filter, Walk, walk};
use super::{Found, absolute};
use crate::root::is_repository;

/// What lies in the top folder of a project.
const TOPS: [&str; 5] = [
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "Cargo.toml",
    "footgun-check.toml",
];

/// Adds the files of the projects around those that were found. What is wrong there is not reported.
pub(super) fn add(found: &mut Walk, filter: &Filter) {
    let here = std::path::absolute(".").unwrap_or_default();
    let own: HashSet<PathBuf> = found
        .files
        .iter()
        .map(|file| absolute(&file.path))
        .collect();
    let tops: HashSet<PathBuf> = own.iter().filter_map(|path| top(path)).collect();
    // Paths that lead out of the current folder do not tell which folder lies in which.
    if tops.iter().any(|top| !top.starts_with(&here)) {
        for file in &mut found.files {
            file.path = absolute(&file.path);
        }
    }
    let filter = Filter {
        force_exclude: false,
        ..filter.clone()
    };
    for top in tops {
        let top = match top.strip_prefix(&here) {
            Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
            Ok(below) => below.to_owned(),
            Err(_) => top,
        };
        let around = walk(&[top], &filter).files.into_iter();
        let around = around.filter(|file| !own.contains(&absolute(&file.path)));
        found.files.extend(around.map(|file| Found {
            is_around: true,
            ..file
        }));
    }
    found.files.sort();
    found.files.dedup_by(|next, first| next.path == first.path);
}

/// The folder of the project that a file belongs to: its repository, or the topmost of the folders
/// around it that follow each other with manifests in them.
pub(crate) fn top(file: &Path) -> Option<PathBuf> {
    let folders = || file.ancestors().skip(1);
    let repository = folders().find(|folder| is_repository(folder));
    let has_manifest = |folder: &&Path| TOPS.iter().any(|name| folder.join(name).is_file());
    repository
        .or_else(|| {
            let inside = folders().skip_while(|folder| !has_manifest(folder));
            inside.take_while(has_manifest).last()
        })
        .map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tree;

    #[test]
    fn the_top_of_a_project() {
        let files = [
            "repo/.git/HEAD",
            "repo/a/setup.py",
            "plain/Cargo.toml",
            "plain/crates/Cargo.toml",
            "plain/crates/x/Cargo.toml",
            "plain/other/y/setup.py",
        ];
        let root = tree(&files.map(|path| (path, "")));
        let top = |path: &str| {
            let top = top(&root.path().join(path))?;
            let below = top.strip_prefix(root.path()).ok()?;
            Some(below.to_string_lossy().replace('\\', "/"))
        };
        assert_eq!(top("repo/a/b/c.py").as_deref(), Some("repo"));
        assert_eq!(top("plain/crates/x/src/lib.rs").as_deref(), Some("plain"));
        assert_eq!(top("plain/other/y/z.py").as_deref(), Some("plain/other/y"));
        assert_eq!(top("none/a.py"), None);
    }
}
