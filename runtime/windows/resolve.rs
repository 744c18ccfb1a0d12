//! Which file a program's name stands for.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// What a process can be made of, in the order of Windows' own `PATHEXT`.
const STARTABLE: [&str; 4] = ["com", "exe", "bat", "cmd"];

pub(crate) fn resolve(program: &OsStr, path: Option<&OsStr>) -> PathBuf {
    find(Path::new(program), path).unwrap_or_else(|| PathBuf::from(program))
}

fn find(program: &Path, path: Option<&OsStr>) -> Option<PathBuf> {
    let mut components = program.components();
    let name = match (components.next(), components.next()) {
        (Some(Component::Normal(name)), None) if name == program.as_os_str() => name,
        _ => return complete(program),
    };
    let path = match path {
        Some(path) => path.to_owned(),
        None => env::var_os("PATH")?,
    };
    env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .find_map(|folder| complete(&folder.join(name)))
}

/// The file of this path, if it can be started, or of this path and an extension.
fn complete(path: &Path) -> Option<PathBuf> {
    // Windows leaves out the dot at the end, so that an extension after it names something else.
    if path.as_os_str().as_encoded_bytes().ends_with(b".") || path.file_name().is_none() {
        return None;
    }
    if path.extension().is_some_and(is_startable) && is_file(path) {
        return Some(path.to_owned());
    }
    extensions().into_iter().find_map(|extension| {
        let mut path = path.as_os_str().to_owned();
        path.push(".");
        path.push(extension);
        Some(PathBuf::from(path)).filter(|path| is_file(path))
    })
}

/// The extensions of `PATHEXT` that can be started; all of them where it lists nothing.
fn extensions() -> Vec<OsString> {
    let listed = env::var_os("PATHEXT").unwrap_or_default();
    let mut listed: Vec<OsString> = env::split_paths(&listed)
        .filter_map(|entry| Some(entry.to_str()?.strip_prefix('.')?.into()))
        .collect();
    if listed.is_empty() {
        listed.extend(STARTABLE.map(OsString::from));
    }
    listed.retain(|extension| is_startable(extension));
    listed
}

fn is_startable(extension: &OsStr) -> bool {
    STARTABLE
        .iter()
        .any(|startable| extension.eq_ignore_ascii_case(startable))
}

/// Follows no links: the aliases of apps from the store are links that nobody but the system can follow.
fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_dir())
}
