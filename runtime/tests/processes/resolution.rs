//! Which file a program's name stands for, as the table has it.

use serde::Deserialize;

use crate::common::cases;

#[derive(Deserialize)]
struct Cases {
    resolution: Vec<Case>,
}

#[derive(Deserialize)]
// Off Windows a name stands for itself, whatever there is.
#[cfg_attr(not(windows), allow(dead_code))]
struct Case {
    name: String,
    program: String,
    path: Vec<String>,
    command_path: Option<Vec<String>>,
    command_current: Option<String>,
    pathext: Option<String>,
    files: Vec<String>,
    #[serde(default = "empty_folder")]
    current: String,
    expected: String,
}

fn empty_folder() -> String {
    "an empty folder".to_owned()
}

#[cfg(not(windows))]
#[test]
fn every_name_stays_as_it_is() {
    for case in cases::<Cases>().resolution {
        let resolved = footgun_runtime::resolve(&case.program);
        assert_eq!(resolved.as_os_str(), &*case.program, "{}", case.name);
    }
}

#[cfg(windows)]
mod windows {
    //! The table, with a process for each case: `PATH`, `PATHEXT` and the current folder are its own.

    use std::ffi::OsString;
    use std::fs;
    use std::io;
    use std::path::{Component, Path, PathBuf};

    use footgun_runtime::command_in;

    use super::*;
    use crate::common::{actor, folder, is_wine};

    #[test]
    fn the_table() {
        for case in cases::<Cases>().resolution {
            let root = folder();
            let root = root.path();
            for file in &case.files {
                make(root, file);
            }
            make(root, &format!("{}/", case.current));
            let program = inside(root, &case.program);
            let mut resolve = actor("resolve");
            resolve.arg(&program);
            let path = case.command_path.map(|path| list(root, &path));
            resolve.arg(path.as_deref().unwrap_or("-"));
            // Absolute, or relative to the current folder.
            let folder = case.command_current.map(|folder| format!("..\\{folder}"));
            resolve.arg(folder.as_deref().unwrap_or("-"));
            match &case.pathext {
                Some(extensions) => resolve.env("PATHEXT", extensions),
                None => resolve.env_remove("PATHEXT"),
            };
            resolve.env("PATH", list(root, &case.path));
            resolve.current_dir(root.join(&case.current));
            let output = resolve.output().expect("the actor");
            assert!(output.status.success(), "{}: {output:?}", case.name);

            let resolved = String::from_utf8(output.stdout).expect("a path");
            let resolved = root.join(&case.current).join(resolved);
            let expected = match case.expected.as_str() {
                "unchanged" => root.join(&case.current).join(program),
                "{self}.exe" => {
                    // Cargo under another system says no drive.
                    Path::new("Z:\\").join(resolve.get_program())
                }
                file => match file.strip_prefix("{system}/") {
                    Some(file) => Path::new("C:\\windows\\system32").join(file),
                    None => root.join(file.replace('/', "\\")),
                },
            };
            assert_eq!(canonical(&resolved), canonical(&expected), "{}", case.name);
        }
    }

    /// Without what Windows does not tell apart.
    fn canonical(path: &Path) -> OsString {
        let mut canonical = PathBuf::new();
        for component in path.components() {
            match component {
                Component::ParentDir => drop(canonical.pop()),
                component => canonical.push(component),
            }
        }
        canonical.as_os_str().to_ascii_lowercase()
    }

    fn inside(root: &Path, text: &str) -> String {
        let root = root.to_str().expect("a temporary folder in Unicode");
        let own = Path::new(env!("CARGO_BIN_EXE_footgun-runtime-actor")).file_stem();
        let own = own.and_then(|own| own.to_str()).expect("a name in Unicode");
        text.replace('/', "\\")
            .replace("{root}", root)
            .replace("{self}", own)
    }

    fn list(root: &Path, entries: &[String]) -> String {
        let entries: Vec<String> = entries.iter().map(|entry| inside(root, entry)).collect();
        entries.join(";")
    }

    /// Makes an empty file, or a folder where the name ends so.
    fn make(root: &Path, name: &str) {
        let path = root.join(inside(root, name));
        match name.ends_with('/') {
            true => fs::create_dir_all(path).expect("a folder"),
            false => {
                fs::create_dir_all(path.parent().expect("the root")).expect("a folder");
                fs::write(path, "").expect("a file");
            }
        }
    }

    #[test]
    fn what_is_found_starts() {
        let folder = folder();
        fs::write(folder.path().join("tool"), "#!/bin/sh\n").expect("a script");
        fs::write(folder.path().join("tool.cmd"), "@echo %1 %2\r\n").expect("a shim");

        let mut tool = command_in("tool", folder.path());
        let output = tool.args(["a b", "c&d"]).output().expect("the shim");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).trim_end(),
            "\"a b\" \"c&d\""
        );
    }

    #[derive(Deserialize)]
    struct BatchCases {
        batch: Vec<BatchCase>,
    }

    #[derive(Deserialize)]
    struct BatchCase {
        name: String,
        arguments: Vec<String>,
        outcome: String,
        #[serde(default = "as_windows")]
        wine: bool,
    }

    fn as_windows() -> bool {
        true
    }

    #[test]
    fn the_table_of_batch_arguments() {
        let folder = folder();
        let shim = format!(
            "@\"{}\" words %*\r\n",
            actor("words").get_program().to_str().unwrap()
        );
        fs::write(folder.path().join("tool.cmd"), shim).expect("a shim");

        for case in cases::<BatchCases>().batch {
            if is_wine() && !case.wine {
                continue;
            }
            let mut tool = command_in("tool", folder.path());
            let seen = match tool.args(&case.arguments).output() {
                Ok(output) => String::from_utf8(output.stdout).expect("words"),
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => "refused".to_owned(),
                Err(error) => panic!("{}: {error}", case.name),
            };
            let expected = match case.outcome.as_str() {
                "arrives" => format!("{:?}", case.arguments),
                outcome => outcome.to_owned(),
            };
            assert_eq!(seen, expected, "{}", case.name);
        }
    }
}
