//! What git knows of changes: which files are staged or changed, which of their lines, and what is
//! staged of a file that has changed again since.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use similar::{Algorithm, DiffOp, capture_diff_slices};
use thiserror::Error;

use super::notebook;

/// Where changes are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// In what the next commit would have, held against the last.
    Staged,
    /// In the files as they are, held against where the current branch left a commit.
    Commit(String),
}

/// A file that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its path.
    pub path: PathBuf,
    /// Whether it has a text: a link or a submodule has none.
    pub has_text: bool,
    /// The object that it was; `None` where it is new.
    old: Option<String>,
    /// Its bytes, where they are not those of the file on disk.
    pub staged: Option<Vec<u8>>,
}

/// Why git does not tell what has changed.
#[derive(Debug, Error)]
pub enum GitError {
    /// There is no git, or it may not be run.
    #[error("git cannot be run: {0}")]
    NotRun(io::Error),
    /// What git itself says.
    #[error("{0}")]
    Failed(String),
    /// The commit that was named does not exist.
    #[error("git knows no such commit")]
    NoCommit,
    /// A line of git's that is not understood.
    #[error("git says {0:?} where it should list a file")]
    Listing(String),
    /// Git cannot be asked for contents or attributes.
    #[error("git: {0}")]
    Objects(io::Error),
}

/// The repository around a folder.
#[derive(Debug)]
pub struct Repository {
    root: PathBuf,
}

/// A file that git tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its mode in octal.
    pub mode: String,
    /// Its path below the folder that was asked about, with `/`.
    pub name: String,
}

/// What a repository may configure to be run when its index is read.
const QUIET: [&str; 2] = ["-c", "core.fsmonitor=false"];

/// A mode or an object that is none.
const NOTHING: &str = "000000";

/// The mode of a symbolic link.
pub const LINK: &str = "120000";

/// The mode of a submodule.
pub const SUBMODULE: &str = "160000";

/// Whether what git keeps in a mode has no text.
fn is_no_file(mode: &str) -> bool {
    mode == LINK || mode == SUBMODULE
}

impl Repository {
    /// The repository around a folder.
    ///
    /// # Errors
    ///
    /// There is none, or no git.
    pub fn around(folder: &Path) -> Result<Repository, GitError> {
        let repository = Repository {
            root: folder.to_owned(),
        };
        let root = repository.git(["rev-parse", "--show-toplevel"])?;
        let root = String::from_utf8_lossy(&root);
        Ok(Repository {
            root: PathBuf::from(root.trim_end_matches(['\n', '\r'])),
        })
    }

    /// What git tells below a folder, if it is in a repository.
    pub fn at(folder: &Path) -> Repository {
        Repository {
            root: folder.to_owned(),
        }
    }

    /// The files that git tracks below, in the order of their names.
    ///
    /// # Errors
    ///
    /// There is no repository, or git fails.
    pub fn tracked(&self) -> Result<Vec<Entry>, GitError> {
        let listed = self.git(["ls-files", "--stage", "-z"])?;
        let entries = listed.split(|&byte| byte == 0);
        let entry = |entry: &[u8]| {
            let line = String::from_utf8_lossy(entry);
            // `mode object stage`, a tab, and the name.
            let (head, name) = line.split_once('\t')?;
            let mode = head.split(' ').next()?;
            Some(Entry {
                mode: mode.to_owned(),
                name: name.to_owned(),
            })
        };
        let mut entries: Vec<Entry> = entries.filter_map(entry).collect();
        // A file that is being merged has several.
        entries.dedup_by(|next, first| next.name == first.name);
        Ok(entries)
    }

    /// Those of some files below whose line endings no attribute tells.
    ///
    /// # Errors
    ///
    /// Git fails.
    pub fn without_line_ends(&self, names: &[&str]) -> Result<Vec<String>, GitError> {
        const CHECK: [&str; 5] = ["check-attr", "--stdin", "-z", "text", "eol"];
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let asked: String = names.iter().flat_map(|name| [name, "\0"]).collect();
        let answer = self.piped(CHECK, asked)?;
        let answer = String::from_utf8_lossy(&answer);
        // The name, the attribute and its value, for each of the two.
        let fields: Vec<&str> = answer.split('\0').collect();
        let files = fields.chunks_exact(6);
        let is_open =
            |file: &&[&str]| !matches!((file[2], file[5]), ("unset", _) | (_, "lf" | "crlf"));
        Ok(files
            .filter(is_open)
            .map(|file| file[0].to_owned())
            .collect())
    }

    /// The files that are there and have changed, in the order of their paths.
    ///
    /// # Errors
    ///
    /// Git does not know the commit, or fails.
    pub fn changed(&self, since: &Since) -> Result<Vec<Changed>, GitError> {
        const RAW: [&str; 6] = [
            "--raw",
            "--no-renames",
            "--abbrev=40",
            "--no-ext-diff",
            "--diff-filter=d",
            "-z",
        ];
        let mut files = match since {
            Since::Staged => {
                let listed = self.git([&["diff", "--cached"], &RAW[..]].concat())?;
                self.parse(&listed)?
            }
            Since::Commit(commit) => {
                // A name that begins with a dash is no option.
                let commit = format!("{commit}^{{commit}}");
                let commit = self
                    .git([
                        "rev-parse",
                        "--verify",
                        "--quiet",
                        "--end-of-options",
                        &commit,
                    ])
                    .map_err(|_| GitError::NoCommit)?;
                let commit = String::from_utf8_lossy(&commit).trim().to_owned();
                let base = self.git(["merge-base", &commit, "HEAD"]);
                let base = base.map_or(commit, |base| {
                    String::from_utf8_lossy(&base).trim().to_owned()
                });
                let listed = self.git([&["diff"], &RAW[..], &[base.as_str(), "--"]].concat())?;
                let mut files = self.parse(&listed)?;
                files.extend(self.untracked()?);
                files
            }
        };
        if *since == Since::Staged {
            self.read_staged(&mut files)?;
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|next, first| next.path == first.path);
        Ok(files)
    }

    /// The rows of changed files, from 1, that were not there before, by their bytes as they are now;
    /// of notebooks, the rows of their code.
    ///
    /// # Errors
    ///
    /// Git fails.
    pub fn changed_rows(
        &self,
        files: &[&Changed],
        texts: &[Vec<u8>],
    ) -> Result<Vec<Vec<(usize, usize)>>, GitError> {
        let old: Vec<&str> = files
            .iter()
            .filter_map(|file| file.old.as_deref())
            .collect();
        let mut old = self.objects(&old)?.into_iter();
        let rows = files.iter().zip(texts).map(|(file, new)| match file.old {
            Some(_) => {
                let old = old.next().unwrap_or_default();
                new_rows(&code(&file.path, &old), &code(&file.path, new))
            }
            None => vec![(1, usize::MAX)],
        });
        Ok(rows.collect())
    }

    /// New files that are neither tracked nor ignored.
    fn untracked(&self) -> Result<Vec<Changed>, GitError> {
        let listed = self.git(["ls-files", "--others", "--exclude-standard", "-z"])?;
        let names = listed
            .split(|&byte| byte == 0)
            .filter(|name| !name.is_empty());
        Ok(names
            .map(|name| Changed {
                path: self.path(name),
                has_text: true,
                old: None,
                staged: None,
            })
            .collect())
    }

    /// Reads what is staged of those files that have changed again since.
    fn read_staged(&self, files: &mut [Changed]) -> Result<(), GitError> {
        let listed = self.git(["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z"])?;
        let names = listed.split(|&byte| byte == 0);
        let again: Vec<PathBuf> = names.map(|name| self.path(name)).collect();
        let has_changed = |file: &&mut Changed| file.has_text && again.contains(&file.path);
        for file in files.iter_mut().filter(has_changed) {
            let name = file.path.strip_prefix(&self.root).unwrap_or(&file.path);
            let mut object = std::ffi::OsString::from(":");
            object.push(name);
            file.staged = Some(self.git([OsStr::new("cat-file"), "blob".as_ref(), &object])?);
        }
        Ok(())
    }

    /// The entries of `git diff --raw -z`: `:old-mode new-mode old new status`, and the path.
    fn parse(&self, listed: &[u8]) -> Result<Vec<Changed>, GitError> {
        let mut parts = listed.split(|&byte| byte == 0);
        let mut files = Vec::new();
        while let Some(head) = parts.next().filter(|head| !head.is_empty()) {
            let head = String::from_utf8_lossy(head).into_owned();
            let fields: Vec<&str> = head.trim_start_matches(':').split(' ').collect();
            let (&[old_mode, new_mode, old, ..], Some(name)) = (fields.as_slice(), parts.next())
            else {
                return Err(GitError::Listing(head));
            };
            files.push(Changed {
                path: self.path(name),
                has_text: !is_no_file(new_mode),
                old: (old_mode != NOTHING && !is_no_file(old_mode)).then(|| old.to_owned()),
                staged: None,
            });
        }
        Ok(files)
    }

    /// The bytes of objects.
    fn objects(&self, names: &[&str]) -> Result<Vec<Vec<u8>>, GitError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let asked: String = names.iter().flat_map(|name| [name, "\n"]).collect();
        let output = self.piped(["cat-file", "--batch"], asked)?;
        Ok(batch(&output, names.len()))
    }

    /// What git answers to what it is asked on its standard input.
    fn piped<A: AsRef<OsStr>>(
        &self,
        args: impl IntoIterator<Item = A>,
        asked: String,
    ) -> Result<Vec<u8>, GitError> {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::NotRun)?;
        let mut input = child.stdin.take().expect("a pipe");
        // Git answers before it has read everything: a thread of its own writes, or both would wait.
        let writer = std::thread::spawn(move || input.write_all(asked.as_bytes()));
        let mut output = Vec::new();
        let read = child
            .stdout
            .take()
            .expect("a pipe")
            .read_to_end(&mut output);
        read.map_err(GitError::Objects)?;
        child.wait().map_err(GitError::Objects)?;
        let written = writer.join().unwrap_or(Ok(()));
        written.map_err(GitError::Objects)?;
        Ok(output)
    }

    fn path(&self, name: &[u8]) -> PathBuf {
        self.root.join(os_string(name))
    }

    fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.root).args(QUIET).args(args);
        command
    }

    /// What git writes; where it fails, what it says.
    fn git<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Result<Vec<u8>, GitError> {
        let output = self
            .command(args)
            .stdin(Stdio::null())
            .output()
            .map_err(GitError::NotRun)?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => {
                let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                Err(GitError::Failed(said))
            }
        }
    }
}

/// Whether git ignores a file, which need not be there; not where there is no git or no repository.
pub(crate) fn is_ignored(path: &Path) -> bool {
    let path = super::absolute(path);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return false;
    };
    let asked = ["check-ignore", "--quiet", "--"].map(OsStr::new);
    let answer = Repository::at(folder).git(asked.into_iter().chain([name]));
    answer.is_ok()
}

/// The objects in the output of `git cat-file --batch`: a line that ends with the size, the bytes, a
/// line feed. One that is missing is empty.
fn batch(mut output: &[u8], count: usize) -> Vec<Vec<u8>> {
    let mut objects = Vec::with_capacity(count);
    while let Some(end) = output.iter().position(|&byte| byte == b'\n') {
        let head = String::from_utf8_lossy(&output[..end]).into_owned();
        output = &output[end + 1..];
        let size = head.rsplit(' ').next().and_then(|size| size.parse().ok());
        let Some(size) = size.filter(|&size| size < output.len()) else {
            objects.push(Vec::new());
            continue;
        };
        objects.push(output[..size].to_vec());
        output = &output[size + 1..];
    }
    objects
}

/// The bytes in which rows are counted.
fn code<'b>(path: &Path, bytes: &'b [u8]) -> Cow<'b, [u8]> {
    let is_notebook = notebook::is_notebook(path);
    let json = std::str::from_utf8(bytes).ok().filter(|_| is_notebook);
    match json.map(notebook::decode) {
        Some(Ok(Some(text))) => Cow::Owned(text.into_bytes()),
        // Reading it will say what is wrong.
        _ => Cow::Borrowed(bytes),
    }
}

/// The first and last rows of the stretches of `new` that `old` has not. Line endings are not
/// compared: git may keep others than the file has.
fn new_rows(old: &[u8], new: &[u8]) -> Vec<(usize, usize)> {
    fn lines(text: &[u8]) -> Vec<&[u8]> {
        let lines = text.split(|&byte| byte == b'\n');
        lines
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
            .collect()
    }
    let (old, new) = (lines(old), lines(new));
    let operations = capture_diff_slices(Algorithm::Myers, &old, &new);
    let rows = operations.iter().filter_map(|operation| match *operation {
        DiffOp::Insert {
            new_index, new_len, ..
        }
        | DiffOp::Replace {
            new_index, new_len, ..
        } => Some((new_index + 1, new_index + new_len)),
        DiffOp::Equal { .. } | DiffOp::Delete { .. } => None,
    });
    rows.collect()
}

/// A path as git and lists write it.
#[cfg(unix)]
pub(super) fn os_string(bytes: &[u8]) -> std::ffi::OsString {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).to_owned()
}

/// A path as git and lists write it.
#[cfg(not(unix))]
pub(super) fn os_string(bytes: &[u8]) -> std::ffi::OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_new() {
        let rows = |old: &str, new: &str| new_rows(old.as_bytes(), new.as_bytes());
        assert_eq!(rows("a\nb\nc\n", "a\nx\nc\ny\n"), [(2, 2), (4, 4)]);
        assert_eq!(rows("a\nb\n", "a\r\nb\r\n"), []);
        assert_eq!(rows("a\nb\nc\n", "a\nc\n"), []);
        assert_eq!(rows("", "a\nb\n"), [(1, 2)]);
    }

    #[test]
    fn objects_follow_each_other() {
        let output = b"1234 blob 3\na\nb\n5678 missing\n9abc blob 0\n\n";
        assert_eq!(batch(output, 3), [b"a\nb".to_vec(), Vec::new(), Vec::new()]);
    }
}
