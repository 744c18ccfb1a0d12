//! Which functions files get, and what has to be written for them.

use footgun_analysis::assumptions::Assumptions;
use footgun_analysis::project::slashed;
use footgun_analysis::source::Source;

use super::*;
use crate::testing::tree;

/// The function for `helper` in the first of these files.
fn function(files: &[(&str, &str)], helper: Helper) -> Option<String> {
    found(files, helper).0
}

/// The same, and the file that is to be written for it.
fn found(files: &[(&str, &str)], helper: Helper) -> (Option<String>, Option<String>) {
    let root = tree(files);
    let sources = files.iter().filter_map(|(path, text)| {
        let path = root.path().join(path);
        Some(Source {
            language: Language::of(&path)?,
            path,
            text: (*text).to_owned(),
        })
    });
    let project = Project::new(sources.collect());
    let first = slashed(&root.path().join(files[0].0));
    let file = project.at(&first).unwrap();
    let runtimes = Runtimes::of(&project, [file], &Configs::default()).unwrap();
    let companion = runtimes.companions().remove(&file);
    let written = companion.map(|companion| {
        let path = companion.path().strip_prefix(root.path()).unwrap();
        let table = match &companion {
            Companion::Copy(_) => "",
            Companion::Dependency(dependency) => dependency.table.name(),
        };
        format!("{} {table}", slashed(path)).trim_end().to_owned()
    });
    let function = runtimes.function(file, helper);
    let function = function.map(|function| format!("{}:{}", function.module, function.name));
    (function, written)
}

const NO_COPY: (&str, &str) = ("footgun-check.toml", "[fix]\nvendor = false\n");

#[test]
fn without_a_runtime_there_is_no_function() {
    let comment = ("pyproject.toml", "# footgun-runtime would help\n");
    let files = [("a.py", ""), comment, NO_COPY];
    assert_eq!(found(&files, Helper::ProbePid), (None, None));
    let package = ("Cargo.toml", "[package]\nname = 'x'\n");
    let files = [("src/main.rs", ""), package, NO_COPY];
    assert_eq!(found(&files, Helper::Resolve), (None, None));
    assert_eq!(found(&[("src/main.rs", "")], Helper::Resolve), (None, None));
}

#[test]
fn a_copy_goes_where_the_file_can_import_it() {
    let copy = |files: &[(&str, &str)]| {
        let (function, written) = found(files, Helper::ProbePid);
        let module = function.map(|name| name.strip_suffix(":probe_pid").unwrap().to_owned());
        (module.unwrap_or_default(), written.unwrap_or_default())
    };
    let is = |files: &[(&str, &str)], module: &str, path: &str| {
        assert_eq!(
            copy(files),
            (module.to_owned(), path.to_owned()),
            "{files:?}"
        );
    };
    let package = [("src/app/__init__.py", ""), ("src/app/web/__init__.py", "")];
    let with_package = |file: (&'static str, &'static str)| {
        let mut files = vec![file];
        files.extend(package);
        files
    };
    let own = "src/app/_footgun_runtime.py";
    is(&[("a.py", "")], "_footgun_runtime", "_footgun_runtime.py");
    is(
        &with_package(("src/app/a.py", "")),
        "app._footgun_runtime",
        own,
    );
    is(
        &with_package(("src/app/web/a.py", "")),
        "app._footgun_runtime",
        own,
    );
    // Beside a script, unless it imports a package anyway.
    let beside = "tools/_footgun_runtime.py";
    is(
        &with_package(("tools/a.py", "import apple\n")),
        "_footgun_runtime",
        beside,
    );
    let tool = ("tools/a.py", "    from app.web import x\n");
    is(&with_package(tool), "app._footgun_runtime", own);
    // A folder without `__init__.py` that others import from is a package all the same.
    let user = ("b.py", "from tools.a import x\n");
    is(&[("tools/a.py", ""), user], "", "");
    let user = ("b.py", "from lib.tools import c, a\n");
    is(&[("tools/a.py", ""), user], "", "");
    is(&[("tools/a.py", "from .b import x\n")], "", "");
    // The root of a repository is no package, nor is what Python cannot name.
    let root = [("a.py", ""), ("__init__.py", ""), (".git/HEAD", "")];
    is(&root, "_footgun_runtime", "_footgun_runtime.py");
    let odd = [("my-app/a.py", ""), ("my-app/__init__.py", "")];
    is(&odd, "_footgun_runtime", "my-app/_footgun_runtime.py");
    // A script of a package that is run by its path cannot name the package.
    let script = "#!/usr/bin/env python3\nimport os\n";
    is(&with_package(("src/app/a.py", script)), "", "");
    let own = "src/app/_footgun_runtime.py";
    let script = "#!/usr/bin/env python3\nfrom app.web import x\n";
    is(
        &with_package(("src/app/a.py", script)),
        "app._footgun_runtime",
        own,
    );
    let sibling = [
        ("p/a.py", "import b\n"),
        ("p/b.py", ""),
        ("p/__init__.py", ""),
    ];
    is(&sibling, "", "");
    let either = "try:\n    from .b import x\nexcept ImportError:\n    from b import x\n__main__\n";
    is(&[("p/a.py", either), sibling[1], sibling[2]], "", "");
    // What is installed by itself leaves behind what lies beside it.
    let listed = (
        "pyproject.toml",
        "[tool.setuptools]\npy-modules = ['foo']\n",
    );
    is(&[("foo.py", ""), listed], "", "");
    let only = (
        "pyproject.toml",
        "[tool.hatch]\nonly-include = ['foo.py']\n",
    );
    is(&[("foo.py", ""), only], "", "");
    let script = ("setup.py", "setup(scripts=['bin/tool'])\n");
    is(&[("bin/tool.py", ""), script], "", "");
    is(
        &[("tools/a.py", ""), listed],
        "_footgun_runtime",
        "tools/_footgun_runtime.py",
    );
    // Something else has the name.
    is(&[("a.py", ""), ("_footgun_runtime.py", "")], "", "");
}

#[test]
fn what_tests_and_their_package_need_is_one_dependency() {
    let files = ["src/lib.rs", "tests/a.rs", "build.rs"];
    let root = tree(&[("Cargo.toml", "[package]\nname = 'x'\n")]);
    let source = |path: &str| Source {
        language: Language::Rust,
        path: root.path().join(path),
        text: String::new(),
    };
    let project = Project::new(files.map(source).into());
    let ids = (0..3).map(FileId);
    let runtimes = Runtimes::of(&project, ids, &Configs::default()).unwrap();
    let companions = runtimes.companions();
    let table = |path: &str| {
        let file = project.at(&slashed(&root.path().join(path))).unwrap();
        match &companions[&file] {
            Companion::Dependency(dependency) => dependency.table,
            Companion::Copy(_) => unreachable!("for Python"),
        }
    };
    assert_eq!(files.map(table), [Table::Plain, Table::Plain, Table::Build]);
}

#[test]
fn an_old_python_gets_no_copy() {
    let root = tree(&[("a.py", "")]);
    let companions = |python| {
        let source = Source {
            language: Language::Python,
            path: root.path().join("a.py"),
            text: String::new(),
        };
        let assumptions = Assumptions {
            python: Some(python),
            ..Assumptions::default()
        };
        let project = Project::new(vec![source]).with_assumptions(assumptions);
        let runtimes = Runtimes::of(&project, [FileId(0)], &Configs::default()).unwrap();
        runtimes.companions().len()
    };
    assert_eq!([companions((3, 6)), companions((3, 7))], [0, 1]);
}

#[test]
fn a_dependency_is_added_to_the_package_of_the_file() {
    let package = "[package]\nname = 'x'\n";
    let is = |files: &[(&str, &str)], helper, function: &str, written: &str| {
        let (name, file) = found(files, helper);
        let found = (name.unwrap_or_default(), file.unwrap_or_default());
        assert_eq!(
            found,
            (function.to_owned(), written.to_owned()),
            "{files:?}"
        );
    };
    let resolve = "footgun_runtime:resolve";
    let member = [
        ("tray/src/main.rs", ""),
        ("tray/Cargo.toml", package),
        (
            "Cargo.toml",
            "[workspace]\nmembers = ['tray']\n[workspace.package]\n",
        ),
    ];
    is(
        &member,
        Helper::Resolve,
        resolve,
        "tray/Cargo.toml dependencies",
    );
    let tokio = Helper::TokioSpawnDetached;
    let function = "footgun_runtime::tokio_process:spawn_detached";
    is(&member, tokio, function, "tray/Cargo.toml dependencies");
    for (path, table) in [
        ("tests/a.rs", "dev-dependencies"),
        ("examples/b/main.rs", "dev-dependencies"),
        ("benches/c.rs", "dev-dependencies"),
        ("build.rs", "build-dependencies"),
        ("src/tests/a.rs", "dependencies"),
    ] {
        let files = [(path, ""), ("Cargo.toml", package)];
        is(
            &files,
            Helper::Resolve,
            resolve,
            &format!("Cargo.toml {table}"),
        );
    }
    // A test sees what the package depends on.
    let depends = "[package]\n[dependencies]\nfootgun-runtime = '0.1'\n";
    is(
        &[("tests/a.rs", ""), ("Cargo.toml", depends)],
        Helper::Resolve,
        resolve,
        "",
    );
    // A workspace is no package, and the runtime may be too new.
    is(
        &[("src/a.rs", ""), ("Cargo.toml", "[workspace]\n")],
        Helper::Resolve,
        "",
        "",
    );
    let old = "[package]\nrust-version = '1.70'\n";
    is(
        &[("src/a.rs", ""), ("Cargo.toml", old)],
        Helper::Resolve,
        "",
        "",
    );
}

#[test]
fn the_oldest_rust_is_the_one_that_the_runtime_names() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/runtime/Cargo.toml");
    let manifest: toml::Table = std::fs::read_to_string(manifest).unwrap().parse().unwrap();
    let said = manifest["package"]["rust-version"].as_str().unwrap();
    assert_eq!(said.parse(), Ok(rust::NEEDED));
}

#[test]
fn a_dependency_is_found_in_what_declares_it() {
    for file in [
        ("pyproject.toml", "dependencies = ['footgun-runtime>=0.1']"),
        ("setup.py", "setup(install_requires=['footgun_runtime'])"),
        ("setup.cfg", "install_requires =\n    footgun-runtime\n"),
        ("Pipfile", "[packages]\nfootgun-runtime = '*'\n"),
        ("requirements.txt", "footgun-runtime==0.1.0 # why\n"),
    ] {
        let found = function(&[("src/app/a.py", ""), file], Helper::WinArgv);
        assert_eq!(
            found.as_deref(),
            Some("footgun_runtime:win_argv"),
            "{}",
            file.0
        );
    }
    for (dependencies, module) in [
        ("footgun-runtime = \"0.1\"", "footgun_runtime"),
        (
            "win = { package = \"footgun-runtime\", version = \"0.1\" }",
            "win",
        ),
    ] {
        let manifest = format!("[dependencies]\n{dependencies}");
        let files = [("src/main.rs", ""), ("Cargo.toml", manifest.as_str())];
        let found = function(&files, Helper::Resolve);
        assert_eq!(found, Some(format!("{module}:resolve")));
    }
}

#[test]
fn tokio_has_to_be_asked_for() {
    let workspace =
        "[workspace.dependencies.footgun-runtime]\nversion = '1'\nfeatures = ['tokio']\n";
    for (own, top, has_tokio) in [
        ("footgun-runtime = '1'", "", false),
        (
            "win = { package = 'footgun-runtime', features = ['tokio'] }",
            "",
            true,
        ),
        ("footgun-runtime = { workspace = true }", workspace, true),
        ("footgun-runtime.workspace = true", "[workspace]", false),
        ("footgun-runtime = '1'", workspace, false),
    ] {
        let own = format!("[dependencies]\n{own}\n");
        let files = [
            ("a/src/main.rs", ""),
            ("a/Cargo.toml", &own),
            ("Cargo.toml", top),
        ];
        let of = |helper| function(&files, helper);
        let module = of(Helper::SpawnDetached).unwrap();
        let module = module.strip_suffix(":spawn_detached").unwrap();
        let tokio = has_tokio.then(|| format!("{module}::tokio_process:spawn_detached"));
        assert_eq!(of(Helper::TokioSpawnDetached), tokio, "{own}{top}");
    }
}

#[test]
fn a_build_script_has_dependencies_of_its_own() {
    let named = "[package]\nbuild = 'gen/make.rs'\n";
    for (package, path, table) in [
        ("", "build.rs", "build-dependencies"),
        ("", "src/build.rs", "dependencies"),
        (named, "gen/make.rs", "build-dependencies"),
        (named, "build.rs", "dependencies"),
    ] {
        for other in ["build-dependencies", "dependencies"] {
            let manifest = format!("{package}[{other}]\nfootgun-runtime = '1'\n");
            let files = [(path, ""), ("Cargo.toml", &*manifest), NO_COPY];
            let found = function(&files, Helper::Resolve);
            assert_eq!(found.is_some(), other == table, "{path}: {manifest}");
        }
    }
}

#[test]
fn a_copy_in_the_project_comes_before_a_dependency() {
    let copy = "# footgun_runtime 0.1.0. May be copied.\n";
    let files = [
        ("src/app/deep/a.py", ""),
        ("src/app/__init__.py", ""),
        ("src/app/deep/__init__.py", ""),
        ("src/app/_winproc.py", copy),
        ("other/_winproc.py", copy),
        ("requirements.txt", "footgun-runtime"),
    ];
    let found = function(&files, Helper::ProbePid);
    assert_eq!(found.as_deref(), Some("app._winproc:probe_pid"));
}

#[test]
fn the_configuration_comes_first() {
    let config = "[fix]\nruntime = 'app._win'\nprobe-pid = 'app.status:probe'\n";
    let files = [
        ("app/a.py", ""),
        ("footgun-check.toml", config),
        ("requirements.txt", "footgun-runtime"),
    ];
    let found = |helper| function(&files, helper).unwrap();
    assert_eq!(found(Helper::ProbePid), "app.status:probe");
    assert_eq!(found(Helper::WinArgv), "app._win:win_argv");
}

#[test]
fn without_a_runtime_there_are_other_ways() {
    let found = |config: &str, helper| {
        let config = format!("[fix]\n{config}");
        let files = [
            ("app/a.py", ""),
            ("footgun-check.toml", &config),
            ("requirements.txt", "footgun-runtime"),
        ];
        function(&files, helper)
    };
    let (exists, inline) = ("pid-exists = 'app.status:_exists'", "style = 'inline'");
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(found("", Helper::PidExists), None);
    assert_eq!(found("", Helper::Which), None);
    assert_eq!(found(exists, Helper::PidExists), some("app.status:_exists"));
    assert_eq!(found(exists, Helper::ProbePid), None);
    assert_eq!(found(inline, Helper::Which), some("shutil:which"));
    assert_eq!(found(inline, Helper::WinArgv), None);
    assert_eq!(
        found(inline, Helper::ProbePid),
        some("footgun_runtime:probe_pid")
    );
    // What is named is called.
    let both = "pid-exists = 'a:b'\nprobe-pid = 'a:c'\nwin-argv = 'a:d'\nstyle = 'inline'";
    assert_eq!(found(both, Helper::ProbePid), some("a:c"));
    assert_eq!(found(both, Helper::WinArgv), some("a:d"));
}
