//! Which file a program's name stands for.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::windows::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};

use windows_sys::Win32::System::SystemInformation::{GetSystemDirectoryW, GetWindowsDirectoryW};

use crate::Search;

/// What a process can be made of, in the order of Windows' own `PATHEXT`.
const STARTABLE: [&str; 4] = ["com", "exe", "bat", "cmd"];

pub(crate) fn resolve(program: &OsStr, search: &Search) -> PathBuf {
    find(Path::new(program), search).unwrap_or_else(|| PathBuf::from(program))
}

fn find(program: &Path, search: &Search) -> Option<PathBuf> {
    let mut components = program.components();
    let name = match (components.next(), components.next()) {
        (Some(Component::Normal(name)), None) if name == program.as_os_str() => name,
        _ => {
            let folder = match &search.current_dir {
                Some(folder) => env::current_dir().ok()?.join(folder),
                None => PathBuf::new(),
            };
            return complete(&folder.join(program));
        }
    };
    match &search.path {
        Some(path) => find_in(path, name).or_else(|| find_in_system(name)),
        None => find_in_system(name).or_else(|| find_in(&env::var_os("PATH")?, name)),
    }
}

/// The file that a name stands for in the folders of a `PATH`.
fn find_in(path: &OsStr, name: &OsStr) -> Option<PathBuf> {
    env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .find_map(|folder| complete(&folder.join(name)))
}

/// The `.exe` of a name where Windows looks before it looks in `PATH`. The current folder is left out.
fn find_in_system(name: &OsStr) -> Option<PathBuf> {
    let mut name = name.to_owned();
    let is_exe = |extension: &OsStr| extension.eq_ignore_ascii_case("exe");
    if !name.as_encoded_bytes().contains(&b'.') {
        name.push(".exe");
    } else if !Path::new(&name).extension().is_some_and(is_exe) {
        return None;
    }
    let own = env::current_exe().ok();
    let own = own.as_deref().and_then(Path::parent).map(Path::to_owned);
    let folders = [
        own,
        folder(GetSystemDirectoryW),
        folder(GetWindowsDirectoryW),
    ];
    let mut files = folders.iter().flatten().map(|folder| folder.join(&name));
    files.find(|file| file.is_file())
}

/// What a function of the system writes: the name of a folder.
fn folder(ask: unsafe extern "system" fn(*mut u16, u32) -> u32) -> Option<PathBuf> {
    let mut name = [0; 1024];
    // SAFETY: there is as much room as is said.
    let length = unsafe { ask(name.as_mut_ptr(), name.len() as u32) } as usize;
    let name = name.get(..length).filter(|name| !name.is_empty())?;
    Some(OsString::from_wide(name).into())
}

/// The file of this path, if it can be started, or of this path and an extension.
fn complete(path: &Path) -> Option<PathBuf> {
    // Windows leaves out the dot at the end, so that an extension after it names something else.
    let is_name =
        |text: &[u8]| !text.ends_with(b".") && !text.ends_with(b"\\") && !text.ends_with(b"/");
    if path.file_name().is_none() || !is_name(path.as_os_str().as_encoded_bytes()) {
        return None;
    }
    if path.extension().is_some_and(is_startable) {
        return Some(path.to_owned()).filter(|path| path.is_file());
    }
    extensions().into_iter().find_map(|extension| {
        let mut path = path.as_os_str().to_owned();
        path.push(extension);
        Some(PathBuf::from(path)).filter(|path| path.is_file())
    })
}

/// The extensions of `PATHEXT` that can be started, with their dots; all of them where it is empty.
fn extensions() -> Vec<String> {
    let listed = env::var("PATHEXT").unwrap_or_default();
    let extensions: Vec<String> = match listed.as_str() {
        "" => STARTABLE.map(|extension| format!(".{extension}")).into(),
        listed => listed.split(';').map(str::to_owned).collect(),
    };
    let is_startable = |entry: &String| match entry.strip_prefix('.') {
        Some(extension) => is_startable(extension.as_ref()),
        None => false,
    };
    extensions.into_iter().filter(is_startable).collect()
}

fn is_startable(extension: &OsStr) -> bool {
    STARTABLE
        .iter()
        .any(|startable| extension.eq_ignore_ascii_case(startable))
}
