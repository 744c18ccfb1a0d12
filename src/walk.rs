//! Which files are checked.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use footgun_analysis::source::Language;
use ignore::{DirEntry, WalkBuilder};

use crate::trouble::{Trouble, TroubleKind};

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// The files to read, each once, in the order of their paths.
    pub files: Vec<Found>,
    /// How many type stubs were passed over: they have no behaviour.
    pub stubs: usize,
    /// What could not be walked.
    pub troubles: Vec<Trouble>,
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its path as reports show it: as given, or below the folder that was given.
    pub path: PathBuf,
    /// Its language by extension; without one, reading it tells.
    pub language: Option<Language>,
}

/// Finds the files that `paths` name: files themselves, and the Python and Rust files of folders.
pub fn walk(paths: &[PathBuf], respect_gitignore: bool) -> Walk {
    let mut walk = Walk::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk.folder(path, respect_gitignore),
            Ok(_) => walk.file(path, true),
            Err(error) => {
                walk.troubles
                    .push(Trouble::io(path, TroubleKind::Missing, &error));
            }
        }
    }
    walk.files.sort();
    walk.files.dedup();
    if paths.len() > 1 {
        drop_same_files(&mut walk.files);
    }
    walk
}

impl Walk {
    fn folder(&mut self, root: &Path, respect_gitignore: bool) {
        let entries = WalkBuilder::new(root)
            .standard_filters(false)
            .ignore(respect_gitignore)
            .git_ignore(respect_gitignore)
            .git_global(respect_gitignore)
            .git_exclude(respect_gitignore)
            .parents(respect_gitignore)
            // An unpacked archive has a .gitignore and no .git.
            .require_git(false)
            .filter_entry(|entry| entry.depth() == 0 || !is_left_out(entry))
            .build();
        for entry in entries {
            match entry {
                // A symbolic link is not followed: what it leads to is checked in its own place.
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    self.file(entry.path(), false);
                }
                Ok(_) => {}
                Err(error) => self.troubles.push(unwalkable(root, &error)),
            }
        }
    }

    fn file(&mut self, path: &Path, by_name: bool) {
        let language = Language::of(path);
        if path.extension().is_some_and(|extension| extension == "pyi") {
            self.stubs += 1;
        } else if by_name || language.is_some() {
            self.files.push(Found {
                path: without_dots(path),
                language,
            });
        }
    }
}

/// Whether a folder met on the way holds no source of the project's own.
fn is_left_out(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let beside = |name| entry.path().with_file_name(name).is_file();
    match entry.file_name().to_string_lossy().as_ref() {
        "node_modules" | "venv" | "__pycache__" | "site-packages" => true,
        "target" => beside("Cargo.toml"),
        "build" | "dist" => beside("pyproject.toml") || beside("setup.py"),
        name => name.starts_with('.'),
    }
}

/// The trouble in a walker's error, which names its path in one of several wrappings.
fn unwalkable(root: &Path, error: &ignore::Error) -> Trouble {
    let mut path = root;
    let mut inner = error;
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = at;
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } => inner = err,
            ignore::Error::Io(error) => {
                return Trouble::io(&without_dots(path), TroubleKind::Unreadable, error);
            }
            other => {
                return Trouble {
                    path: without_dots(path),
                    kind: TroubleKind::Unreadable,
                    reason: other.to_string(),
                };
            }
        }
    }
}

/// A path without its `.` components.
fn without_dots(path: &Path) -> PathBuf {
    path.components()
        .filter(|component| *component != Component::CurDir)
        .collect()
}

/// Keeps the first of the paths that lead to the same file.
fn drop_same_files(files: &mut Vec<Found>) {
    let mut seen = HashSet::new();
    files.retain(|found| match found.path.canonicalize() {
        Ok(path) => seen.insert(path),
        // Reading it will say what is wrong.
        Err(_) => true,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A temporary folder with these empty files, or with a text after a `=`.
    fn tree(files: &[&str]) -> tempfile::TempDir {
        // The default prefix is a dot, which would make the root a hidden folder of its parent.
        let root = tempfile::Builder::new().prefix("walk").tempdir().unwrap();
        for file in files {
            let (path, text) = file.split_once('=').unwrap_or((file, ""));
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    /// The paths found in `root`, below it.
    fn found(root: &tempfile::TempDir, paths: &[&str], respect_gitignore: bool) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| root.path().join(path)).collect();
        let walk = walk(&paths, respect_gitignore);
        assert_eq!(walk.troubles, []);
        let below = |found: &Found| {
            let path = found.path.strip_prefix(root.path()).unwrap();
            path.to_string_lossy().replace('\\', "/")
        };
        walk.files.iter().map(below).collect()
    }

    #[test]
    fn python_and_rust_sources_and_nothing_else() {
        let root = tree(&["b.py", "a/c.pyw", "a/d.rs", "e.pyi", "f.txt", "g", ".h.py"]);
        assert_eq!(
            found(&root, &[""], true),
            [".h.py", "a/c.pyw", "a/d.rs", "b.py"]
        );
        assert_eq!(walk(&[root.path().into()], true).stubs, 1);
    }

    #[test]
    fn folders_of_tools_and_installed_code_are_left_out_unless_given() {
        let left_out = [
            ".git",
            ".tox",
            ".venv",
            ".hidden",
            "__pycache__",
            "node_modules",
            "site-packages",
            "venv",
        ];
        let files: Vec<String> = left_out
            .iter()
            .map(|name| format!("x/{name}/a.py"))
            .collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let root = tree(&files);
        assert_eq!(found(&root, &[""], true), [""; 0]);
        for (name, file) in left_out.iter().zip(files) {
            assert_eq!(found(&root, &[&format!("x/{name}")], true), [file]);
            assert_eq!(found(&root, &[file], true), [file]);
        }
    }

    #[test]
    fn output_folders_are_left_out_beside_what_fills_them() {
        let root = tree(&[
            "crate/Cargo.toml",
            "crate/target/a.rs",
            "crate/src/target/b.rs",
            "crate/build/c.rs",
            "wheel/pyproject.toml",
            "wheel/build/d.py",
            "wheel/dist/e.py",
            "wheel/target/f.py",
            "old/setup.py",
            "old/build/g.py",
            "old/src/build/h.py",
        ]);
        assert_eq!(
            found(&root, &[""], true),
            [
                "crate/build/c.rs",
                "crate/src/target/b.rs",
                "old/setup.py",
                "old/src/build/h.py",
                "wheel/target/f.py",
            ]
        );
    }

    #[test]
    fn gitignore_is_respected_also_without_a_repository() {
        let root = tree(&[
            ".gitignore=/gen\n*_pb2.py\n",
            "gen/a.py",
            "b_pb2.py",
            "c.py",
        ]);
        assert_eq!(found(&root, &[""], true), ["c.py"]);
        assert_eq!(found(&root, &[""], false), ["b_pb2.py", "c.py", "gen/a.py"]);
        assert_eq!(found(&root, &["b_pb2.py"], true), ["b_pb2.py"]);
    }

    #[test]
    fn every_file_once() {
        let root = tree(&["a.py", "b/c.py"]);
        assert_eq!(
            found(&root, &["a.py", "a.py", "", "./b/../a.py", "b"], true),
            ["a.py", "b/c.py"]
        );
    }

    #[test]
    fn a_path_that_leads_nowhere_is_named_and_the_rest_found() {
        let root = tree(&["a.py"]);
        let paths = [root.path().join("nowhere"), root.path().join("a.py")];
        let walk = walk(&paths, true);
        assert_eq!(walk.files.len(), 1);
        let [trouble] = &walk.troubles[..] else {
            panic!("{:?}", walk.troubles)
        };
        assert_eq!(trouble.path, paths[0]);
        assert_eq!(trouble.kind, TroubleKind::Missing);
        assert!(trouble.kind.fails());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_unless_given() {
        use std::os::unix::fs::symlink;
        let root = tree(&["a/b.py"]);
        symlink("..", root.path().join("a/up")).unwrap();
        symlink("b.py", root.path().join("a/c.py")).unwrap();
        symlink("loop.py", root.path().join("loop.py")).unwrap();
        assert_eq!(found(&root, &[""], true), ["a/b.py"]);
        assert_eq!(found(&root, &["a/c.py"], true), ["a/c.py"]);
        let looped = walk(&[root.path().join("loop.py")], true);
        assert_eq!(looped.troubles[0].kind, TroubleKind::Missing);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_not_utf_8_is_a_name() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let root = tree(&["a.py"]);
        fs::write(root.path().join(OsStr::from_bytes(b"\xff.py")), "").unwrap();
        assert_eq!(found(&root, &[""], true), ["a.py", "\u{fffd}.py"]);
    }
}
