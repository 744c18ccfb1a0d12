//! Gives a file a new text, unless it is no longer what was read.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::PathBuf;

use footgun_analysis::source::Source;

use crate::files::decode::{Form, decode, encode};
use crate::replace::replace;
use crate::trouble::reason;

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
    pub fn new(source: &Source, text: &str) -> Result<Rewrite, String> {
        let form = Form::of(&source.path, source.language);
        let old = fs::read(&source.path).map_err(|error| reason(&error))?;
        if !matches!(decode(old.clone(), form), Ok(Some(text)) if text == source.text) {
            return Err(CHANGED.to_owned());
        }
        if encode(&source.text, &old, form).ok().as_ref() != Some(&old) {
            return Err("its encoding does not give back every byte".to_owned());
        }
        let new = encode(text, &old, form).map_err(|error| error.to_string())?;
        Ok(Rewrite {
            path: source.path.clone(),
            old,
            new,
        })
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
    pub fn write(&self) -> Result<(), String> {
        self.replace().map_err(|error| reason(&error))
    }

    fn replace(&self) -> io::Result<()> {
        let target = fs::canonicalize(&self.path)?;
        // A rename asks for the rights to the folder and not for those to the file.
        let metadata = OpenOptions::new().write(true).open(&target)?.metadata()?;
        if metadata.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        if has_other_names(&metadata) {
            return Err(io::Error::other(LINKED));
        }
        replace(&target, &self.new, &metadata, || {
            match fs::read(&target)? == self.old {
                true => Ok(()),
                false => Err(io::Error::other(CHANGED)),
            }
        })
    }
}

const CHANGED: &str = "it has changed since it was read";
const LINKED: &str = "it is a hard link, and its other names would stay with the old text";

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
        assert_eq!(rewrite.write().unwrap_err(), CHANGED);
        assert_eq!(Rewrite::new(&read, "new\n").unwrap_err(), CHANGED);
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
        assert_eq!(
            Rewrite::new(&source(path, &text), &text).unwrap_err(),
            "its encoding does not give back every byte"
        );
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
            assert_eq!(rewrite.write().unwrap_err(), LINKED);
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
            assert_eq!(rewrite.write().unwrap_err(), "permission denied");
            assert_eq!(fs::read(&path).unwrap(), b"old\n");
            assert_eq!(names(folder.path()), ["a.py"]);
        }
    }
}
