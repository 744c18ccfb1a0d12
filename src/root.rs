//! The folder that paths are relative to where they must be the same on other machines: in reports for
//! forges, in fingerprints, and in shards.

use std::io;
use std::path::{Component, Path, PathBuf};

use footgun_analysis::project::slashed;

/// Whether a folder is the root of a repository. What stands in it is asked for, not git: `.git` is a
/// folder, or a file in a worktree and a submodule.
pub fn is_repository(folder: &Path) -> bool {
    folder.join(".git").exists()
}

/// The root of the repository around the current folder, or that folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The current folder.
    here: PathBuf,
    folder: PathBuf,
}

impl Root {
    /// The root around the current folder.
    ///
    /// # Errors
    ///
    /// There is no current folder.
    pub fn here() -> io::Result<Root> {
        Ok(Root::around(std::env::current_dir()?))
    }

    /// The root around the absolute path of a folder.
    pub fn around(here: PathBuf) -> Root {
        let repository = here.ancestors().find(|folder| is_repository(folder));
        let folder = repository.unwrap_or(&here).to_owned();
        Root { here, folder }
    }

    /// The root itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path below the root, relative to it, with `/`; `None` for one elsewhere.
    pub fn below(&self, path: &Path) -> Option<String> {
        let absolute = self.absolute(path);
        let below = absolute.strip_prefix(&self.folder).ok()?;
        Some(slashed(below))
    }

    /// A path as it is the same on every machine with a copy of the repository; one elsewhere as it
    /// was given.
    pub fn stable(&self, path: &Path) -> String {
        self.below(path).unwrap_or_else(|| slashed(path))
    }

    /// The absolute path, without `.` and `..`.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        let mut absolute = PathBuf::new();
        for component in self.here.join(path).components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => {
                    absolute.pop();
                }
                other => absolute.push(other),
            }
        }
        absolute
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn paths_are_told_from_the_repository() {
        let top = tempfile::tempdir().unwrap();
        let here = top.path().join("repository/pkg");
        fs::create_dir_all(&here).unwrap();
        let outside = Root::around(here.clone());
        assert_eq!(outside.below("a.py".as_ref()).unwrap(), "a.py");
        assert_eq!(outside.below("../a.py".as_ref()), None);
        // As in a worktree.
        fs::write(top.path().join("repository/.git"), "gitdir: elsewhere").unwrap();
        let root = Root::around(here.clone());
        let below = |path: &str| root.below(path.as_ref());
        assert_eq!(below("a.py").unwrap(), "pkg/a.py");
        assert_eq!(below("./sub/../a.py").unwrap(), "pkg/a.py");
        assert_eq!(below("../b/c.py").unwrap(), "b/c.py");
        assert_eq!(root.below(&here.join("d.py")).unwrap(), "pkg/d.py");
        assert_eq!(below("../../e.py"), None);
        assert_eq!(root.stable("../../e.py".as_ref()), "../../e.py");
        assert_eq!(
            root.absolute("../../e.py".as_ref()),
            top.path().join("e.py")
        );
    }
}
