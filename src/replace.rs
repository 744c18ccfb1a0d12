//! Puts new bytes in the place of a file: wholly or not at all.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Replaces the file at `target` by one with these bytes and with the mode and, as far as may be, the
/// owner that `like` tells. `check` is asked at the last moment whether to go on.
///
/// # Errors
///
/// What `check` says, or the new file could not be written beside the old one. Then the old one stands.
pub fn replace(
    target: &Path,
    bytes: &[u8],
    like: &Metadata,
    check: impl FnOnce() -> io::Result<()>,
) -> io::Result<()> {
    let mut temporary = beside(target)?;
    temporary.as_file_mut().write_all(bytes)?;
    keep_owner(temporary.as_file(), like);
    temporary.as_file().set_permissions(like.permissions())?;
    temporary.as_file().sync_all()?;
    check()?;
    temporary.persist(target)?;
    Ok(())
}

/// Writes these bytes to the file at `path`, which is made where it is missing, with the folders to
/// it. What is no file, such as a pipe, is written to as it is.
///
/// # Errors
///
/// The folder or the file could not be written. An old file stands then.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {
            let target = fs::canonicalize(path)?;
            replace(&target, bytes, &metadata, || Ok(()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder(path))?;
            create(path, bytes)
        }
        _ => fs::write(path, bytes),
    }
}

/// Writes these bytes to a new file at `path`, wholly or not at all.
///
/// # Errors
///
/// There is something of that name, or the file could not be written.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = beside(path)?;
    temporary.as_file_mut().write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist_noclobber(path)?;
    Ok(())
}

/// A temporary file in the folder of `target`; its name is none of a source, so that no other run
/// takes it for one.
fn beside(target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".footgun-check-").suffix(".tmp");
    // What any program gives its files, as far as the umask lets it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder(target))
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().unwrap_or(Path::new(""));
    match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    }
}

#[cfg(unix)]
fn keep_owner(file: &File, metadata: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    // Only the superuser may give files away; anybody else owns the new file.
    let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_with_its_folders_then_replaced() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("reports/a.json");
        write(&path, b"one").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        let names = fs::read_dir(root.path().join("reports")).unwrap();
        assert_eq!(names.count(), 1);
        assert!(write(&root.path().join("reports"), b"").is_err());
    }

    #[test]
    fn a_new_file_takes_no_place() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.py");
        create(&path, b"one").unwrap();
        assert!(create(&path, b"two").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert!(create(&root.path().join("no/where/a.py"), b"").is_err());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_it_and_devices_stay() {
        use std::os::unix::fs::{FileTypeExt, PermissionsExt};
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.json");
        fs::write(root.path().join("usual"), b"").unwrap();
        write(&path, b"").unwrap();
        let mode = |name: &str| {
            fs::metadata(root.path().join(name))
                .unwrap()
                .permissions()
                .mode()
        };
        assert_eq!(mode("a.json"), mode("usual"));
        write("/dev/null".as_ref(), b"text").unwrap();
        assert!(
            fs::metadata("/dev/null")
                .unwrap()
                .file_type()
                .is_char_device()
        );
    }
}
