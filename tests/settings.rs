//! Configuration from outside: what is configured and declared, on the command line and in files, and
//! what the command makes of it.

#[path = "common/command.rs"]
mod command;

use std::fs;
use std::path::Path;

use command::{run, tree};
use footgun_check::config::{Config, schema};

const PROBE: &[u8] = b"import os\n\n\ndef alive(pid):\n    os.kill(pid, 0)\n";
const SHIMS: &[u8] =
    b"import subprocess\n\nsubprocess.run([\"npm\"])\nsubprocess.run([\"tool\"])\n";

fn concise(root: &Path, args: &[&str]) -> String {
    run(root, &[&["--output-format", "concise"], args].concat())
}

/// A run's output with the folder that it ran in taken out.
fn without(root: &Path, output: &str) -> String {
    let root = root.canonicalize().unwrap();
    let shown = root.to_str().unwrap().trim_start_matches(r"\\?\");
    output.replace(&format!("{}/", shown.replace('\\', "/")), "")
}

#[test]
fn rules_and_files() {
    let root = tree(&[
        (
            "pyproject.toml",
            b"[tool.footgun-check]\nselect = ['bare-shim', 'pid-probe']\nextend-shims = ['tool.bat']\n\
              extend-exclude = ['/gen']\n\
              [tool.footgun-check.per-file-ignores]\n'tests/' = ['bare-shim']\n",
        ),
        ("gen/probe.py", PROBE),
        ("src/probe.py", PROBE),
        ("src/shims.py", SHIMS),
        ("tests/shims.py", SHIMS),
        ("other/footgun-check.toml", b"ignore = ['ALL']\n"),
        ("other/probe.py", PROBE),
    ]);
    insta::assert_snapshot!(concise(root.path(), &[]));
    insta::assert_snapshot!(concise(root.path(), &["--select", "pid-probe"]));
    insta::assert_snapshot!(concise(root.path(), &["--isolated", "gen", "other"]));
    let given = ["gen/probe.py", "src/probe.py"];
    insta::assert_snapshot!(concise(root.path(), &given));
    insta::assert_snapshot!(concise(
        root.path(),
        &[&["--force-exclude"], &given[..]].concat()
    ));
    insta::assert_snapshot!(concise(
        root.path(),
        &["--exclude", "src,other", "--extend-exclude", "tests"]
    ));
}

/// Where a package compiles with a Rust that does not escape the arguments of batch files, it is told.
#[test]
fn the_rust_of_a_package() {
    let root = tree(&[
        (
            "Cargo.toml",
            b"[package]\nname = 'a'\nversion = '0.1.0'\nrust-version = '1.70'\n",
        ),
        (
            "src/main.rs",
            b"fn main() {\n    std::process::Command::new(\"npm\").status().unwrap();\n}\n",
        ),
        (
            "tools/build.py",
            b"import subprocess\n\nsubprocess.run([\"npm\", \"ci\"])\n",
        ),
    ]);
    insta::assert_snapshot!(run(root.path(), &[]));
    let output = run(root.path(), &["--show-settings"]);
    assert!(
        output.contains("# declared for Rust: rust-version 1.70.0\n"),
        "{output}"
    );
    let manifest = "[package]\nname = 'a'\nversion = '0.1.0'\nrust-version = '1.77.2'\n";
    fs::write(root.path().join("Cargo.toml"), manifest).unwrap();
    assert!(!run(root.path(), &[]).contains("CVE-2024-24576"));
}

/// What is not meant for Windows is not reported, and said to be so.
#[test]
fn a_project_for_posix_only() {
    let root = tree(&[
        (
            "setup.py",
            b"from setuptools import setup\n\nsetup(\n    classifiers=[\"Operating System :: POSIX \
              :: Linux\"],\n)\n",
        ),
        ("probe.py", PROBE),
        ("port/footgun-check.toml", b"supports-windows = true\n"),
        ("port/probe.py", PROBE),
    ]);
    insta::assert_snapshot!(without(root.path(), &concise(root.path(), &[])));
    insta::assert_snapshot!(concise(root.path(), &["--isolated"]));
}

#[test]
fn the_oldest_python() {
    let root = tree(&[
        ("pyproject.toml", b"[project]\nrequires-python = '>=3.9'\n"),
        (
            "a.py",
            b"import os\nimport sys\n\nif sys.version_info < (3, 9):\n    os.kill(pid, 0)\n\
              if sys.version_info < (3, 10):\n    os.kill(pid, 0)\n",
        ),
    ]);
    insta::assert_snapshot!(concise(root.path(), &[]));
    insta::assert_snapshot!(concise(root.path(), &["--target-python", "3.10"]));
    insta::assert_snapshot!(concise(root.path(), &["--target-python", "3"]));
}

#[test]
fn names_outside_of_the_project() {
    let root = tree(&[
        (
            "footgun-check.toml",
            b"[extend-spawn-wrappers]\n'company.shell.run' = 'subprocess.run'\n\
              [extend-windows-constants]\n'company.host.IS_SERVER' = false\n",
        ),
        (
            "a.py",
            b"import os\n\nfrom company import host, shell\n\nif host.IS_SERVER:\n    os.kill(pid, \
              0)\nshell.run([\"npm\"])\n",
        ),
    ]);
    insta::assert_snapshot!(concise(root.path(), &[]));
    insta::assert_snapshot!(concise(root.path(), &["--isolated"]));
}

#[test]
fn settings_are_shown() {
    let root = tree(&[
        (
            "Cargo.toml",
            b"[package.metadata.footgun-check]\nignore = ['bare-shim']\n",
        ),
        (
            "py/pyproject.toml",
            b"[project]\nrequires-python = '>=3.9'\n",
        ),
    ]);
    let show = |args: &[&str]| {
        let output = run(root.path(), &[&["--show-settings"], args].concat());
        without(root.path(), &output)
    };
    insta::assert_snapshot!(show(&["py", "--extend-select", "pid-probe"]));
    insta::assert_snapshot!(show(&["--isolated"]));
}

/// A run in a folder of the project goes by what holds for that folder, as `--show-settings` tells it.
#[test]
fn a_configuration_above_the_current_folder_holds() {
    let root = tree(&[
        ("footgun-check.toml", b"ignore = ['pid-probe']\n"),
        ("sub/probe.py", PROBE),
    ]);
    let sub = root.path().join("sub");
    assert_eq!(
        concise(&sub, &[]),
        "$ footgun-check --output-format concise\nstatus: 0\n--- stdout\n--- stderr\n\
         1 file scanned, 0 skipped, 0 unparsable; no findings\n"
    );
}

#[test]
fn a_mistake_is_shown_with_its_place_also_where_nothing_is_found() {
    let root = tree(&[
        ("a.py", b"\n"),
        ("footgun-check.toml", b"select = [\"pid-prob\"]\n"),
    ]);
    insta::assert_snapshot!(without(root.path(), &run(root.path(), &[])));
    insta::assert_snapshot!(run(root.path(), &["--isolated"]));
}

/// What somebody names is read in place of what is found, also where nothing is looked for.
#[test]
fn a_named_configuration_counts() {
    let root = tree(&[
        ("a.py", b"import os\nos.kill(1, 0)\n"),
        ("footgun-check.toml", b"select = ['mp-fork']\n"),
        ("shims.toml", b"select = ['bare-shim']\n"),
        ("notes.toml", b"severity.pid-probe = 'note'\n"),
    ]);
    let keys = "severity.pid-probe = 'note'";
    let (note, none) = ("a.py:2:12: note: ", "; no findings\n");
    for (args, said) in [
        (["--config", "notes.toml"].as_slice(), note),
        (&["--isolated", "--config", "notes.toml"], note),
        (&["--isolated", "--config", keys], note),
        (&["--config", "shims.toml", "--config", "notes.toml"], note),
        (&["--config", "notes.toml", "--config", "shims.toml"], none),
        (&["--config", keys], none),
    ] {
        let output = concise(root.path(), args);
        assert!(output.contains(said), "{output}");
    }
}

/// The schema of the configuration file, as published beside the program.
#[test]
fn the_schema_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("footgun-check.schema.json");
    let root = tree(&[]);
    let output = run(root.path(), &["--config-schema"]);
    let (_, printed) = output.split_once("--- stdout\n").unwrap();
    let (printed, _) = printed.split_once("--- stderr\n").unwrap();
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(&path, printed).unwrap();
    }
    let published = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    assert_eq!(printed, published);
}

/// What the schema allows is what the code reads.
#[test]
fn the_schema_allows_what_is_read() {
    let schema = jsonschema::validator_for(schema().as_value()).unwrap();
    for (text, is_right) in [
        ("", true),
        (
            "select = ['ALL']\nignore = ['processes', 'pid-probe']",
            true,
        ),
        ("select = ['pid-prob']", false),
        ("select = 'ALL'", false),
        ("selct = []", false),
        ("exclude = ['*.py']\ntarget-python = '3.12'", true),
        ("target-python = '3'", false),
        ("target-python = 3.12", false),
        ("extend = 'base.toml'\nmin-severity = 'warning'", true),
        ("min-severity = 'fatal'", false),
        ("[severity]\nALL = 'note'\npid-probe = 'error'", true),
        ("[severity]\npid-prob = 'error'", false),
        ("[severity]\npid-probe = 'Error'", false),
        ("supports-windows = true\nbaseline = 'known.json'", true),
        ("extend-shims = ['tool.cmd', 'Tool.BAT']", true),
        ("extend-shims = ['tool.exe']", false),
        ("extend-shims = ['bin/tool.cmd']", false),
        ("[per-file-ignores]\n'tests/' = ['ALL']", true),
        ("[per-file-ignores]\n'tests/' = ['all']", false),
        ("[extend-spawn-wrappers]\n'a.b' = 'subprocess.run'", true),
        ("[extend-spawn-wrappers]\n'a.b' = 'run'", false),
        (
            "[extend-windows-constants]\n'a.B' = true\n'a.C' = 1\n'a.D' = 'x'",
            true,
        ),
        ("[extend-windows-constants]\n'a.B' = [1]", false),
        ("[fix]\nruntime = 'a.b'", true),
        ("[fix]\nruntme = 'a.b'", false),
    ] {
        let table: toml::Table = text.parse().unwrap();
        let value = serde_json::to_value(table).unwrap();
        assert_eq!(toml::from_str::<Config>(text).is_ok(), is_right, "{text}");
        assert_eq!(schema.is_valid(&value), is_right, "{text}");
    }
}

#[test]
fn no_rule_is_selected_where_none_is_named() {
    let root = tree(&[
        ("footgun-check.toml", b"select = []\n"),
        ("src/probe.py", PROBE),
    ]);
    insta::assert_snapshot!("select_nothing", concise(root.path(), &[]));
    insta::assert_snapshot!(
        "select_nothing_but",
        concise(root.path(), &["--extend-select", "pid-probe"])
    );
}

/// A comment about a rule that does not run is not unused.
#[test]
fn rules_that_are_off_by_default() {
    let text = b"import os\n\n\ndef load(path, pid):\n    os.kill(pid, 0)\n    \
                 open(path)  # footgun: ignore[open-encoding] its author says so\n    \
                 return open(path)\n";
    let root = tree(&[
        ("load.py", text),
        (
            "configured/footgun-check.toml",
            b"extend-select = ['encoding']\n",
        ),
        ("configured/load.py", text),
        (
            "new/pyproject.toml",
            b"[project]\nname = 'new'\nrequires-python = '>=3.15'\n",
        ),
        ("new/load.py", text),
    ]);
    let snapshot = |name: &str, args: &[&str]| {
        insta::assert_snapshot!(format!("off_by_default_{name}"), concise(root.path(), args));
    };
    snapshot("nothing_selected", &["load.py", "new"]);
    snapshot("configured", &["configured"]);
    snapshot("extended", &["--extend-select", "encoding", "load.py"]);
    snapshot("all", &["--select", "ALL", "load.py"]);
    snapshot(
        "ignored",
        &[
            "--extend-select",
            "encoding",
            "--ignore",
            "open-encoding",
            "load.py",
        ],
    );
    snapshot("new_python", &["--extend-select", "encoding", "new"]);
}

#[test]
fn a_configuration_that_is_not_read_is_told() {
    let root = tree(&[
        (".footgun-check.toml", b"select = []\n"),
        ("pyproject.toml", b"[tool.footgun_check]\nselect = []\n"),
        (
            "src/Cargo.toml",
            b"[package.metadata.footgun]\nselect = []\n",
        ),
        ("src/probe.py", PROBE),
    ]);
    insta::assert_snapshot!("misspelt_configuration", concise(root.path(), &[]));
    insta::assert_snapshot!(
        "misspelt_configuration_isolated",
        concise(root.path(), &["--isolated"])
    );
}

#[test]
fn a_module_that_is_named_and_not_there() {
    let with = |fix: &str| {
        let config = format!("[fix]\n{fix}\n");
        let root = tree(&[
            ("footgun-check.toml", config.as_bytes()),
            ("agent/__init__.py", b""),
            ("agent/probe.py", PROBE),
        ]);
        concise(root.path(), &[])
    };
    insta::assert_snapshot!("named_own_module", with("probe-pid = 'agent.nope:ask'"));
    insta::assert_snapshot!("named_other_module", with("runtime = 'nope.mod'"));
}

#[test]
fn what_is_left_out_can_be_brought_back() {
    let classifiers = b"[project]\nclassifiers = ['Operating System :: POSIX :: Linux']\n";
    let root = tree(&[
        ("pyproject.toml", classifiers),
        ("agent/a.py", PROBE),
        ("agent/b.py", PROBE),
    ]);
    insta::assert_snapshot!("posix_only", concise(root.path(), &[]));
    insta::assert_snapshot!(
        "posix_only_why",
        run(root.path(), &["--why", "agent/a.py:5"])
    );
    let config = root.path().join("footgun-check.toml");
    fs::write(&config, "supports-windows = true\n").unwrap();
    insta::assert_snapshot!("posix_only_brought_back", concise(root.path(), &[]));
    fs::write(&config, "supports-windows = false\n").unwrap();
    insta::assert_snapshot!("posix_only_configured", concise(root.path(), &[]));
}

#[test]
fn ignore_comments_that_are_misspelt() {
    let line = |comment: &str| format!("os.kill(int(input()), 0)  # {comment}\n");
    let text = [
        "import os\n\n".to_owned(),
        line("footgun: ignore[pid_probe]"),
        line("footgun: ignore[PID-PROBE]"),
        line("footgun-check: ignore[pid-probe]"),
        line("footgun: ignore[pid-probe]"),
    ];
    let root = tree(&[("a.py", text.concat().as_bytes())]);
    let select = ["--select", "unused-ignore"];
    insta::assert_snapshot!("misspelt_comments", concise(root.path(), &select));
}
