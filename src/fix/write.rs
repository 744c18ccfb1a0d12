//! Gives a file a new text, unless it is no longer what was read.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::PathBuf;

use footgun_analysis::source::Source;
use thiserror::Error;

use crate::files::decode::{EncodeError, Form, decode, encode};
use crate::replace::replace;
use crate::trouble::reason;

/// Why a file cannot be given a new text.
#[derive(Debug, Error)]
pub enum RewriteError {
    /// It cannot be read or written.
    #[error("{}", reason(.0))]
    Io(io::Error),
    /// It is no longer what was read.
    #[error("it has changed since it was read")]
    Changed,
    /// Its text, encoded again, is not the file.
    #[error("its encoding does not give back every byte")]
    Lossy,
    /// Its encoding does not have what is to be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// It has another name.
    #[error("it is a hard link, and its other names would stay with the old text")]
    Linked,
}

impl From<io::Error> for RewriteError {
    fn from(error: io::Error) -> RewriteError {
        error.downcast().unwrap_or_else(RewriteError::Io)
    }
}

/// A file and what shall become of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Rewrite {
    path: PathBuf,
    old: Vec<u8>,
    new: Vec<u8>,
}

impl Rewrite {
    /// The change of the file of `source` to `text`, encoded as the file is. Reads the file again.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is no longer what `source` was read from, or its encoding does not
    /// give every byte back.
    pub fn new(source: &Source, text: &str) -> Result<Rewrite, RewriteError> {
        let form = Form::of(&source.path, source.language);
        let old = fs::read(&source.path).map_err(RewriteError::Io)?;
        if !matches!(decode(old.clone(), form), Ok(Some(text)) if text == source.text) {
            return Err(RewriteError::Changed);
        }
        if encode(&source.text, &old, form).ok().as_ref() != Some(&old) {
            return Err(RewriteError::Lossy);
        }
        let new = encode(text, &old, form)?;
        Ok(Rewrite {
            path: source.path.clone(),
            old,
            new,
        })
    }

    /// The change of the file at a path from these bytes to others.
    pub fn of_bytes(path: PathBuf, old: Vec<u8>, new: Vec<u8>) -> Rewrite {
        Rewrite { path, old, new }
    }

    /// What takes it back.
    pub fn reversed(self) -> Rewrite {
        Rewrite::of_bytes(self.path, self.new, self.old)
    }

    /// The bytes before and after.
    pub fn bytes(&self) -> (&[u8], &[u8]) {
        (&self.old, &self.new)
    }

    /// Writes the file. At every moment it has its old or its new bytes.
    ///
    /// The new file has the mode of the old one and, as far as may be, its owner. Where the path is
    /// a symbolic link, the file that it leads to is replaced.
    ///
    /// # Errors
    ///
    /// The file may not be written, has other names that would go on with the old one (Unix), has
    /// changed since it was read, or the new one could not be written beside it. Then the old one
    /// stands.
    pub fn write(&self) -> Result<(), RewriteError> {
        let target = fs::canonicalize(&self.path)?;
        // A rename asks for the rights to the folder and not for those to the file.
        let metadata = OpenOptions::new().write(true).open(&target)?.metadata()?;
        if metadata.permissions().readonly() {
            return Err(RewriteError::Io(io::ErrorKind::PermissionDenied.into()));
        }
        if has_other_names(&metadata) {
            return Err(RewriteError::Linked);
        }
        replace(&target, &self.new, &metadata, || {
            match fs::read(&target)? == self.old {
                true => Ok(()),
                false => Err(io::Error::other(RewriteError::Changed)),
            }
        })?;
        Ok(())
    }
}

#[cfg(unix)]
fn has_other_names(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

/// Nothing in a stable std tells.
#[cfg(not(unix))]
fn has_other_names(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use footgun_analysis::source::Language;
    use std::path::Path;

    fn source(path: PathBuf, text: &str) -> Source {
        Source {
            path,
            language: Language::Python,
            text: text.to_owned(),
        }
    }

    /// A folder with the file `a.py` of these bytes.
    fn folder(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_file_has_the_new_bytes_and_nothing_stands_beside_it() {
        let (folder, path) = folder(b"\xef\xbb\xbfold\r\n");
        let rewrite = Rewrite::new(&source(path.clone(), "old\r\n"), "new\r\n").unwrap();
        rewrite.write().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"\xef\xbb\xbfnew\r\n");
        assert_eq!(names(folder.path()), ["a.py"]);
    }

    #[test]
    fn a_file_that_has_changed_is_left_alone() {
        let (folder, path) = folder(b"old\n");
        let read = source(path.clone(), "old\n");
        let rewrite = Rewrite::new(&read, "new\n").unwrap();
        fs::write(&path, b"theirs\n").unwrap();
        assert!(matches!(rewrite.write(), Err(RewriteError::Changed)));
        let again = Rewrite::new(&read, "new\n");
        assert!(matches!(again, Err(RewriteError::Changed)));
        assert_eq!(fs::read(&path).unwrap(), b"theirs\n");
        assert_eq!(names(folder.path()), ["a.py"]);
        fs::remove_file(&path).unwrap();
        assert!(rewrite.write().is_err());
        assert_eq!(names(folder.path()), [""; 0]);
    }

    #[test]
    fn bytes_that_do_not_come_back_are_not_risked() {
        // Shift JIS has two encodings of NEC row 13, of which encoding_rs writes the other.
        let bytes = b"# coding: shift_jis\n'\xfa\x5b'\n";
        let (_folder, path) = folder(bytes);
        let text = decode(bytes.to_vec(), Form::Text(Language::Python))
            .unwrap()
            .unwrap();
        let rewrite = Rewrite::new(&source(path, &text), &text);
        assert!(matches!(rewrite, Err(RewriteError::Lossy)));
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

        #[test]
        fn mode_and_links_are_kept() {
            let (folder, path) = folder(b"old\n");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o751)).unwrap();
            let link = folder.path().join("b.py");
            symlink("a.py", &link).unwrap();
            let owner = fs::metadata(&path).unwrap().uid();
            Rewrite::new(&source(link.clone(), "old\n"), "new\n")
                .unwrap()
                .write()
                .unwrap();
            assert_eq!(fs::read_link(&link).unwrap(), Path::new("a.py"));
            assert_eq!(fs::read(&path).unwrap(), b"new\n");
            let metadata = fs::metadata(&path).unwrap();
            assert_eq!(metadata.mode() & 0o7777, 0o751);
            assert_eq!(metadata.uid(), owner);
        }

        #[test]
        fn a_file_with_another_name_is_left_alone() {
            let (folder, path) = folder(b"old\n");
            let other = folder.path().join("b.py");
            fs::hard_link(&path, &other).unwrap();
            let rewrite = Rewrite::new(&source(path.clone(), "old\n"), "new\n").unwrap();
            assert!(matches!(rewrite.write(), Err(RewriteError::Linked)));
            assert_eq!(fs::read(&path).unwrap(), b"old\n");
            assert_eq!(names(folder.path()), ["a.py", "b.py"]);
            fs::remove_file(&other).unwrap();
            rewrite.write().unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"new\n");
        }

        #[test]
        fn a_read_only_file_is_left_alone() {
            let (folder, path) = folder(b"old\n");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
            let rewrite = Rewrite::new(&source(path.clone(), "old\n"), "new\n").unwrap();
            let error = rewrite.write().unwrap_err();
            assert_eq!(error.to_string(), "permission denied");
            assert_eq!(fs::read(&path).unwrap(), b"old\n");
            assert_eq!(names(folder.path()), ["a.py"]);
        }
    }
}
