use super::named::named_in;
use super::*;
use crate::testing::tree;

/// The names in a file with whether they are required on Windows, and what stands where they do.
fn read<'t>(file_name: &str, text: &'t str) -> Vec<(String, bool, &'t str)> {
    let required = required(file_name, text);
    let row = |it: Requirement| (it.name, it.on_windows, &text[it.span]);
    required.into_iter().map(row).collect()
}

fn rows<'t>(rows: &[(&str, bool, &'t str)]) -> Vec<(String, bool, &'t str)> {
    let row =
        |&(name, on_windows, text): &(&str, bool, &'t str)| (name.to_owned(), on_windows, text);
    rows.iter().map(row).collect()
}

#[test]
fn the_table_of_a_project() {
    let text = r#"
[project]
dependencies = [
    "UV_loop>=0.17",  # fast
    'uvloop; sys_platform != "win32"',
    "uvloop[x] == 1 ; python_version < '3.9'",
    "not a requirement",
]
[project.optional-dependencies]
fast = ["uvloop"]
"#;
    let expected = rows(&[
        ("uv-loop", true, "\"UV_loop>=0.17\""),
        ("uvloop", false, "'uvloop; sys_platform != \"win32\"'"),
        (
            "uvloop",
            true,
            "\"uvloop[x] == 1 ; python_version < '3.9'\"",
        ),
    ]);
    assert_eq!(read("pyproject.toml", text), expected);
    for text in [
        "[project]",
        "project = 1",
        "dependencies = [\"uvloop\"]",
        "[project",
    ] {
        assert_eq!(read("pyproject.toml", text), []);
    }
}

#[test]
fn the_table_of_poetry() {
    let text = r#"
[tool.poetry.dependencies]
uvloop = "^0.17"
evdev = { version = "1", markers = "sys_platform == 'linux'" }
triton = { version = "3", optional = true }
uwsgi = { version = "2", platform = "linux" }
pyinotify = [
    { version = "1", platform = "linux" },
    { version = "2", markers = "os_name == 'nt'" },
]
"#;
    let read: Vec<(String, bool)> = read("pyproject.toml", text)
        .into_iter()
        .map(|(name, on_windows, _)| (name, on_windows))
        .collect();
    let expected = [
        ("evdev", false),
        ("pyinotify", true),
        ("triton", false),
        ("uvloop", true),
        ("uwsgi", false),
    ];
    assert_eq!(read, expected.map(|(name, is)| (name.to_owned(), is)));
}

#[test]
fn lists_with_a_requirement_in_each_line() {
    let cfg = "[metadata]\nname = x\n\n[options]\npackages = find:\ninstall_requires =\n    click\n\n\
               # a comment\n    uvloop>=1; os_name == \"posix\"\npython_requires = >=3\n[options.extras_require]\n\
               fast =\n    evdev\n";
    let expected = rows(&[
        ("click", true, "click"),
        ("uvloop", false, "uvloop>=1; os_name == \"posix\""),
    ]);
    assert_eq!(read("setup.cfg", cfg), expected);
    assert_eq!(
        read("setup.cfg", "[options]\ninstall_requires = uvloop\r\n"),
        rows(&[("uvloop", true, "uvloop")])
    );
    let list = "-r base.txt\n--index-url https://example.org\n# uvloop\n\nuvloop==1 # via x\n\
                evdev==1 ; sys_platform == \"linux\" \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n\
                click==8 --hash=sha256:22\n./local\nhttps://example.org/x.whl\n";
    let expected = rows(&[
        ("uvloop", true, "uvloop==1"),
        ("evdev", false, "evdev==1 ; sys_platform == \"linux\""),
        ("click", true, "click==8"),
    ]);
    assert_eq!(read("requirements.txt", list), expected);
}

/// Whether the files of a folder say that `tzdata` is installed with the project, if they say what is.
fn has_tzdata(files: &[(&str, &str)]) -> Option<bool> {
    let root = tree(files);
    Some(named_in(root.path())?.contains("tzdata"))
}

#[test]
fn what_is_required_by_the_files_of_a_folder() {
    for (file, text) in [
        (
            "pyproject.toml",
            "[project]\ndependencies = [\"TzData; sys_platform == 'win32'\"]",
        ),
        (
            "pyproject.toml",
            "[project]\n[project.optional-dependencies]\nzones = [\"tzdata\"]",
        ),
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\ntzdata = \"*\"",
        ),
        ("setup.cfg", "[options]\ninstall_requires =\n  tzdata>=1"),
        ("setup.py", "setup(install_requires=['tzdata>=1'])"),
        (
            "requirements.txt",
            "tzdata==2025.2 \\\n    --hash=sha256:00",
        ),
        ("requirements-windows.txt", "tzdata # zones"),
        ("requirements/base.txt", "tzdata"),
        ("Pipfile", "[packages]\ntzdata = \"*\""),
    ] {
        assert_eq!(has_tzdata(&[(file, text)]), Some(true), "{file}: {text}");
    }
    for (file, text) in [
        ("requirements.txt", "pytz\n"),
        ("requirements.txt", "tzdata; sys_platform == \"linux\"\n"),
        ("pyproject.toml", "[project]\nname = 'x'"),
        (
            "pyproject.toml",
            "[project]\n[dependency-groups]\ntest = [\"tzdata\"]",
        ),
        (
            "Pipfile",
            "[packages]\nclick = \"*\"\n[dev-packages]\ntzdata = \"*\"",
        ),
    ] {
        assert_eq!(has_tzdata(&[(file, text)]), Some(false), "{file}: {text}");
    }
    for (file, text) in [
        ("pyproject.toml", "[tool.ruff]\nline-length = 100"),
        ("pyproject.toml", "[project]\ndynamic = [\"dependencies\"]"),
        ("setup.cfg", "[flake8]\nmax-line-length = 100"),
        ("setup.py", "setup(name='x')"),
        ("requirements-dev.txt", "tzdata"),
        ("uv.lock", "[[package]]\nname = \"tzdata\""),
    ] {
        assert_eq!(has_tzdata(&[(file, text)]), None, "{file}: {text}");
    }
}

/// What a dependency requires itself stands in lock files, with what only those need who work on the
/// project.
#[test]
fn what_lock_files_say() {
    let project = (
        "pyproject.toml",
        "[project]\ndependencies = [\"rota\", \"click\"]",
    );
    for (file, text, has) in [
        (
            "uv.lock",
            "[[package]]\nname = \"rota\"\ndependencies = [\n  { name = \"tzdata\", marker = \"sys_platform == 'win32'\" },\n]",
            true,
        ),
        (
            "uv.lock",
            "[[package]]\nname = \"rota\"\ndependencies = [{ name = \"tzdata\", marker = \"sys_platform == 'linux'\" }]",
            false,
        ),
        (
            "uv.lock",
            "[[package]]\nname = \"rota\"\n\n[[package]]\nname = \"pytest-zones\"\ndependencies = [{ name = \"tzdata\" }]",
            false,
        ),
        (
            "poetry.lock",
            "[[package]]\nname = \"click\"\n[package.dependencies]\nzones = \"*\"\n\n[[package]]\nname = \"zones\"\n\
             [package.dependencies]\ntzdata = { version = \"*\", markers = \"os_name == 'nt'\" }",
            true,
        ),
        (
            "poetry.lock",
            "[[package]]\nname = \"Rota\"\n[package.dependencies]\nTime_Zones = \"*\"\n\n[[package]]\nname = \"time.zones\"\n\
             [package.dependencies]\ntzdata = \"*\"\n",
            true,
        ),
        (
            "pdm.lock",
            "[[package]]\nname = \"rota\"\ndependencies = [\"tzdata>=1; platform_system == 'Windows'\"]",
            true,
        ),
        (
            "Pipfile.lock",
            "{\"default\": {\"tzdata\": {\"version\": \"==1\"}}, \"develop\": {}}",
            true,
        ),
        (
            "Pipfile.lock",
            "{\"default\": {}, \"develop\": {\"tzdata\": {}}}",
            false,
        ),
        ("uv.lock", "no lock file", false),
    ] {
        assert_eq!(has_tzdata(&[project, (file, text)]), Some(has), "{text}");
    }
}
