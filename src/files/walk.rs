//! Which files are checked.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use footgun_analysis::source::Language;
use ignore::WalkBuilder;

use super::left_out::{Cause, LeftOut};
use super::{Found, absolute, read};
use crate::config::Configs;
use crate::root::is_repository;
use crate::trouble::{Trouble, TroubleKind};

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// The files to read, each once, in the order of their paths.
    pub files: Vec<Found>,
    /// What was passed over.
    pub left_out: Vec<LeftOut>,
    /// What could not be walked.
    pub troubles: Vec<Trouble>,
}

/// What is left out of a walk.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// What `.gitignore` and its like name.
    pub gitignored: bool,
    /// What is excluded also where it is given by name.
    pub force_exclude: bool,
    /// What the configuration excludes.
    pub configs: Arc<Configs>,
}

/// Finds the files that `paths` name: files themselves, and the Python and Rust files of folders.
pub fn walk(paths: &[PathBuf], filter: &Filter) -> Walk {
    let mut walk = Walk::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) => {
                let cause = || cause_anywhere(path, &filter.configs);
                match filter.force_exclude.then(cause).flatten() {
                    Some(cause) => walk.leave_out(path, cause),
                    None if metadata.is_dir() => walk.folder(path, filter),
                    None => walk.file(path, true),
                }
            }
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
    fn folder(&mut self, root: &Path, filter: &Filter) {
        let configs = Arc::clone(&filter.configs);
        let left_out = Arc::new(Mutex::new(Vec::new()));
        let leaving_out = Arc::clone(&left_out);
        let entries = WalkBuilder::new(root)
            .standard_filters(false)
            .ignore(filter.gitignored)
            .git_ignore(filter.gitignored)
            .git_global(filter.gitignored)
            .git_exclude(filter.gitignored)
            .parents(filter.gitignored)
            // An unpacked archive has a .gitignore and no .git.
            .require_git(false)
            .filter_entry(move |entry| {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                let cause = match entry.depth() {
                    0 => None,
                    _ => cause(entry.path(), is_folder, &configs),
                };
                let is_wanted = cause.is_none();
                let mut left_out = leaving_out.lock().unwrap_or_else(PoisonError::into_inner);
                left_out.extend(cause.map(|cause| (entry.path().to_owned(), cause)));
                is_wanted
            })
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
        let mut left_out = left_out.lock().unwrap_or_else(PoisonError::into_inner);
        for (path, cause) in left_out.drain(..) {
            self.leave_out(&path, cause);
        }
    }

    fn leave_out(&mut self, path: &Path, cause: Cause) {
        let path = without_dots(path);
        self.left_out.push(LeftOut { path, cause });
    }

    /// How many files were passed over that look like sources and are none.
    pub fn passed_over(&self) -> usize {
        let causes = self.left_out.iter().map(|left_out| &left_out.cause);
        let by_content = |cause: &&Cause| matches!(cause, Cause::Stub | Cause::ForeignNotebook);
        causes.filter(by_content).count()
    }

    fn file(&mut self, path: &Path, by_name: bool) {
        let language = Language::of(path);
        if path.extension().is_some_and(|extension| extension == "pyi") {
            self.leave_out(path, Cause::Stub);
        } else if by_name || language.is_some() || read::is_script(path) {
            self.files.push(Found {
                path: without_dots(path),
                language,
                bytes: None,
                is_around: false,
            });
        }
    }
}

/// Why a file or folder met on the way is left out, if it is; the folders around it are not asked. A
/// mistake in a configuration file is reported where its settings are asked for.
pub(crate) fn cause(path: &Path, is_folder: bool, configs: &Configs) -> Option<Cause> {
    let usually = || is_folder && is_foreign(path);
    let Ok(settings) = configs.of(path.parent().unwrap_or(Path::new(""))) else {
        return usually().then_some(Cause::ForeignFolder);
    };
    settings.leaves_out(path, is_folder, usually).then(|| {
        match settings.config.exclude.is_none() && usually() {
            true => Cause::ForeignFolder,
            false => Cause::Excluded(settings.file.clone()),
        }
    })
}

/// Why a path or a folder around it is left out, if it is, up to the current folder, the repository or
/// the folder of the configuration file, whichever is nearest: what lies above is not the project's.
fn cause_anywhere(path: &Path, configs: &Configs) -> Option<Cause> {
    let path = absolute(path);
    let here = std::path::absolute(".").unwrap_or_default();
    let settings = path.parent().and_then(|folder| configs.of(folder).ok());
    let file = settings.and_then(|settings| settings.file.clone());
    let configured = file.as_deref().and_then(Path::parent);
    let is_top =
        |folder: &Path| folder == here || Some(folder) == configured || is_repository(folder);
    let inside = path.ancestors().take_while(|path| !is_top(path));
    inside
        .into_iter()
        .find_map(|path| cause(path, path.is_dir(), configs))
}

/// Whether a folder, by its name and what lies beside it, holds no source of the project's own.
fn is_foreign(folder: &Path) -> bool {
    let beside = |name| folder.with_file_name(name).is_file();
    let Some(name) = folder.file_name() else {
        return false;
    };
    match name.to_string_lossy().as_ref() {
        "node_modules" | "__pycache__" | "site-packages" => true,
        "target" => beside("Cargo.toml"),
        "build" | "dist" => beside("pyproject.toml") || beside("setup.py"),
        // PEP 405: this file makes a folder of whatever name a virtual environment.
        name => name.starts_with('.') || folder.join("pyvenv.cfg").is_file(),
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
    use crate::testing;

    /// A temporary folder with these empty files, or with a text after a `=`.
    fn tree(files: &[&str]) -> tempfile::TempDir {
        let files = files.iter();
        let files = files.map(|file| file.split_once('=').unwrap_or((file, "")));
        testing::tree(&files.collect::<Vec<_>>())
    }

    fn filter(gitignored: bool) -> Filter {
        Filter {
            gitignored,
            ..Filter::default()
        }
    }

    /// The paths found in `root`, below it.
    fn found(root: &tempfile::TempDir, paths: &[&str], respect_gitignore: bool) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| root.path().join(path)).collect();
        let walk = walk(&paths, &filter(respect_gitignore));
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
        assert_eq!(walk(&[root.path().into()], &filter(true)).passed_over(), 1);
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
    fn virtual_environments_are_left_out_whatever_their_name() {
        let root = tree(&[
            "commands/venv/a.py",
            "env/pyvenv.cfg",
            "env/bin/b.py",
            "venv/pyvenv.cfg",
            "venv/c.py",
        ]);
        assert_eq!(found(&root, &[""], true), ["commands/venv/a.py"]);
        assert_eq!(found(&root, &["venv"], true), ["venv/c.py"]);
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
    fn what_is_excluded_is_found_only_by_name_or_not_at_all() {
        let root = tree(&[
            "footgun-check.toml=exclude = ['/gen', '*_pb2.py']",
            "gen/a.py",
            "x/gen/b.py",
            "x/c_pb2.py",
            "node_modules/d.py",
            "sub/footgun-check.toml=",
            "sub/e_pb2.py",
        ]);
        assert_eq!(
            found(&root, &[""], true),
            ["node_modules/d.py", "sub/e_pb2.py", "x/gen/b.py"]
        );
        assert_eq!(
            found(&root, &["gen/a.py", "x/c_pb2.py"], true),
            ["gen/a.py", "x/c_pb2.py"]
        );
        let forced = Filter {
            force_exclude: true,
            ..filter(true)
        };
        let paths = ["gen/a.py", "x/c_pb2.py", "x/gen/b.py", "gen", "sub"];
        let paths: Vec<PathBuf> = paths.iter().map(|path| root.path().join(path)).collect();
        let left: Vec<_> = walk(&paths, &forced).files;
        let left: Vec<_> = left.iter().map(|found| found.path.clone()).collect();
        assert_eq!(
            left,
            ["sub/e_pb2.py", "x/gen/b.py"].map(|path| root.path().join(path))
        );
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
        let walk = walk(&paths, &filter(true));
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
        let looped = walk(&[root.path().join("loop.py")], &filter(true));
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
