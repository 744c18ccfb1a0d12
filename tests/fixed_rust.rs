//! Rust programs before and after `footgun-check --fix --unsafe-fixes`: what compiled still does, for
//! this machine and, where its standard library is installed, for Windows; and what ran still does the
//! same.
//!
//! The programs are those of `fixtures/fix/rust` and the wrong examples of the pages, as far as anything
//! in them is fixed.

// It needs cargo, which is not there where the tests run under Wine.
#![cfg(not(windows))]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use common::page::{Verdict, examples};
use footgun_analysis::source::Language;
use footgun_rules::RULES;
use serde_json::Value;

const WINDOWS: &str = "x86_64-pc-windows-gnu";

/// The manifest of programs that are fixed, or are to be.
const MANIFEST: &str = r#"
[package]
name = "NAME"
edition = "2024"

[dependencies]
footgun-runtime = { path = 'RUNTIME' }

[target.'cfg(unix)'.dependencies]
libc = "0.2"

[target.'cfg(windows)'.dependencies]
windows-sys = { version = "0.61", features = ["Win32_System_Threading"] }
"#;

/// The two packages, with those programs that differ, and what cargo made of them on this machine.
struct Programs {
    folder: PathBuf,
    /// The programs that differ.
    names: BTreeSet<String>,
    /// The files of those that compile here, by package and name.
    built: BTreeMap<(&'static str, String), PathBuf>,
}

const VERSIONS: [&str; 2] = ["before", "after"];

static PROGRAMS: LazyLock<Programs> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixed-rust");
    let mut names = BTreeSet::new();
    for version in VERSIONS {
        let package = folder.join(version);
        let _ = fs::remove_dir_all(&package);
        fs::create_dir_all(package.join("src/bin")).unwrap();
        let runtime = common::root().join("runtime");
        let manifest = MANIFEST
            .replace("NAME", version)
            .replace("RUNTIME", runtime.to_str().expect("a path in UTF-8"));
        fs::write(package.join("Cargo.toml"), manifest).unwrap();
        for (name, text) in programs() {
            fs::write(file(&folder, version, &name), text).unwrap();
            names.insert(name);
        }
    }
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"before\", \"after\"]\n";
    fs::write(folder.join("Cargo.toml"), members).unwrap();
    // The versions of this project, so that there is nothing to look up.
    fs::copy(common::root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let fix = Command::new(env!("CARGO_BIN_EXE_footgun-check"))
        .args([
            "--fix",
            "--unsafe-fixes",
            "--exit-zero",
            "--no-respect-gitignore",
        ])
        .arg(folder.join("after"))
        .output()
        .unwrap();
    assert!(fix.status.success(), "{fix:?}");
    names.retain(|name| {
        let [before, after] = VERSIONS.map(|version| file(&folder, version, name));
        let differs = fs::read(&before).unwrap() != fs::read(&after).unwrap();
        if !differs {
            fs::remove_file(before).unwrap();
            fs::remove_file(after).unwrap();
        }
        differs
    });
    let built = cargo(&folder, &["build"]);
    Programs {
        folder,
        names,
        built,
    }
});

/// The file of a program. The names of programs differ in all packages, since cargo puts them into one
/// folder.
fn file(folder: &Path, version: &str, name: &str) -> PathBuf {
    let name = format!("{version}-{name}.rs");
    folder.join(version).join("src/bin").join(name)
}

/// Names and texts of all programs.
fn programs() -> Vec<(String, String)> {
    let mut programs = Vec::new();
    for path in common::children(&common::root().join("fixtures/fix/rust")) {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        programs.push((name, fs::read_to_string(path).unwrap()));
    }
    for rule in RULES {
        for example in examples(rule.page) {
            let is_rust = example
                .languages()
                .all(|language| language == Language::Rust);
            if example.verdict == Verdict::Wrong && is_rust {
                let [file] = &example.without_expectations().files[..] else {
                    panic!("{}: a program of one file", example.blocks());
                };
                let name = format!("{}-{}", rule.id, example.rows.start + 1);
                programs.push((name, file.text.clone()));
            }
        }
    }
    programs
}

/// The files that cargo makes of the programs that compile, by package and name.
fn cargo(folder: &Path, arguments: &[&str]) -> BTreeMap<(&'static str, String), PathBuf> {
    let output = Command::new(std::env::var_os("CARGO").expect("cargo runs the tests"))
        .args(arguments)
        .args([
            "--workspace",
            "--bins",
            "--keep-going",
            "--message-format=json",
        ])
        .args(["--target-dir", "target"])
        .current_dir(folder)
        .output()
        .unwrap();
    // For whom a test fails.
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).unwrap();
    let messages = messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut made = BTreeMap::new();
    for message in messages.filter(|message| message["reason"] == "compiler-artifact") {
        let target = message["target"]["name"].as_str().unwrap();
        for version in VERSIONS {
            if let Some(name) = target.strip_prefix(&format!("{version}-")) {
                let file = message["filenames"][0].as_str().unwrap();
                made.insert((version, name.to_owned()), file.into());
            }
        }
    }
    made
}

/// The programs of a package that compile.
fn compiled(made: &BTreeMap<(&str, String), PathBuf>, version: &str) -> BTreeSet<String> {
    let names = made.keys().filter(|(of, _)| *of == version);
    names.map(|(_, name)| name.clone()).collect()
}

#[test]
fn what_compiled_still_compiles() {
    let Programs { names, built, .. } = &*PROGRAMS;
    let [before, after] = VERSIONS.map(|version| compiled(built, version));
    // The others are for Windows only.
    assert!(before.contains("daemon") && before.contains("shim"));
    // A fix may do without a crate that is not here, such as nix.
    assert!(before.is_subset(&after), "{before:?} {after:?}");
    assert!(after.len() < names.len(), "{names:?}");
}

#[test]
fn all_that_is_fixed_compiles_for_windows() {
    let cargo_path = PathBuf::from(std::env::var_os("CARGO").expect("cargo runs the tests"));
    let libraries = Command::new(cargo_path.with_file_name("rustc"))
        .args(["--print", "target-libdir", "--target", WINDOWS])
        .output()
        .unwrap();
    let libraries = PathBuf::from(String::from_utf8(libraries.stdout).unwrap().trim_end());
    if !libraries.is_dir() {
        eprintln!("skipped: rustup target add {WINDOWS}, or scripts/windows-test, which does that");
        return;
    }
    let Programs { folder, names, .. } = &*PROGRAMS;
    let made = cargo(folder, &["check", "--target", WINDOWS]);
    assert_eq!(compiled(&made, "after"), *names);
}

/// A run of a program, with `folder` as the only one in its PATH besides those of this process.
fn run(version: &'static str, name: &str, folder: &Path, arguments: &[&str]) -> Output {
    Command::new(&PROGRAMS.built[&(version, name.to_owned())])
        .args(arguments)
        .env("PATH", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_shim_is_called_by_the_same_name_with_the_same_arguments() {
    let folder = tempfile::tempdir().unwrap();
    for version in VERSIONS {
        let output = run(version, "shim", folder.path(), &["ci"]);
        assert_eq!(output.status.code(), Some(127));
        assert_eq!(output.stdout, b"npm is not installed\n");
    }
    std::os::unix::fs::symlink("/bin/sh", folder.path().join("npm")).unwrap();
    let arguments = ["-c", "/bin/cat /proc/$$/cmdline; exit 3", "a b", "", "é"];
    for version in VERSIONS {
        let output = run(version, "shim", folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let expected: String = ["npm"]
            .iter()
            .chain(&arguments)
            .flat_map(|text| [text, "\0"])
            .collect();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_daemon_leads_a_session_and_outlives_its_parent() {
    for version in VERSIONS {
        // It ends by itself, and long after its parent.
        let output = run(version, "daemon", Path::new("/bin"), &["sleep", "5"]);
        assert!(output.status.success(), "{output:?}");
        let pid = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        let process = Path::new("/proc").join(&pid);
        let stat = fs::read_to_string(process.join("stat")).unwrap();
        let (_, fields) = stat.rsplit_once(") ").expect("the name in parentheses");
        let [state, _parent, group, session] = fields.split(' ').collect::<Vec<_>>()[..4] else {
            panic!("{stat}");
        };
        assert_ne!(state, "Z", "it has ended");
        assert_eq!((group, session), (&*pid, &*pid));
        for stream in ["0", "1", "2"] {
            let file = fs::read_link(process.join("fd").join(stream)).unwrap();
            assert_eq!(file, Path::new("/dev/null"));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_descriptor_that_was_left_open_on_purpose_stays_open() {
    for version in VERSIONS {
        // The output ends when the child does, which nobody else waits for.
        let output = run(version, "descriptor", Path::new("/bin"), &[]);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(output.stdout, b"kept\n", "{version}");
    }
}
