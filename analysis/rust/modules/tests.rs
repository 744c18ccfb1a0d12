use std::path::PathBuf;

use super::Modules;
use crate::platform::{Platform, Truth};
use crate::project::Project;
use crate::source::{Language, Source};

/// A project of files: path and text.
fn project(files: &[(&str, &str)]) -> Project {
    let source = |(path, text): &(&str, &str)| Source {
        path: PathBuf::from(path),
        language: Language::Rust,
        text: (*text).to_owned(),
    };
    Project::new(files.iter().map(source).collect())
}

/// Every file with its root, the file and inline modules whose `mod` line names it, and whether Windows
/// compiles it.
fn tree(files: &[(&str, &str)]) -> Vec<String> {
    let project = project(files);
    let modules = Modules::new(&project, Platform::Windows);
    let path = |id| project.file(id).path.display().to_string();
    project
        .files_in(Language::Rust)
        .map(|id| {
            let parent = modules.parent(id).map(|(parent, inside)| {
                let inside = inside.iter().map(|name| format!("::{name}"));
                path(parent) + &inside.collect::<String>()
            });
            let parent = parent.unwrap_or_else(|| "nobody".to_owned());
            let (root, compiled) = (path(modules.root(id)), modules.compiled(id));
            format!("{}: {root}, named by {parent}, {compiled:?}", path(id))
        })
        .collect()
}

#[test]
fn modules_stand_where_the_compiler_looks() {
    assert_eq!(
        tree(&[
            (
                "app/src/lib.rs",
                "pub mod net; mod os { mod unix_like; pub mod deep; }"
            ),
            ("app/src/main.rs", "fn main() {}"),
            ("app/src/net.rs", "mod tcp; mod udp;"),
            ("app/src/net/tcp.rs", ""),
            ("app/src/net/udp/mod.rs", "mod inner;"),
            ("app/src/net/udp/inner.rs", "mod r#loop { mod x; }"),
            ("app/src/net/udp/inner/loop/x.rs", ""),
            ("app/src/os/deep.rs", ""),
            ("app/src/os/unix_like.rs", ""),
            ("app/src/tcp.rs", "named by nobody"),
        ]),
        [
            "app/src/lib.rs: app/src/lib.rs, named by nobody, Yes",
            "app/src/main.rs: app/src/main.rs, named by nobody, Yes",
            "app/src/net/tcp.rs: app/src/lib.rs, named by app/src/net.rs, Yes",
            "app/src/net/udp/inner/loop/x.rs: app/src/lib.rs, named by app/src/net/udp/inner.rs::loop, Yes",
            "app/src/net/udp/inner.rs: app/src/lib.rs, named by app/src/net/udp/mod.rs, Yes",
            "app/src/net/udp/mod.rs: app/src/lib.rs, named by app/src/net.rs, Yes",
            "app/src/net.rs: app/src/lib.rs, named by app/src/lib.rs, Yes",
            "app/src/os/deep.rs: app/src/lib.rs, named by app/src/lib.rs::os, Yes",
            "app/src/os/unix_like.rs: app/src/lib.rs, named by app/src/lib.rs::os, Yes",
            "app/src/tcp.rs: app/src/tcp.rs, named by nobody, Yes",
        ]
    );
}

#[test]
fn modules_of_tests_and_examples_stand_beside_them() {
    assert_eq!(
        tree(&[
            ("tests/a.rs", "mod common;"),
            ("tests/z.rs", "mod aid; mod common;"),
            ("tests/aid.rs", "mod more;"),
            ("tests/aid/more.rs", ""),
            ("tests/common/mod.rs", ""),
            ("tests/more.rs", ""),
        ]),
        [
            "tests/a.rs: tests/a.rs, named by nobody, Yes",
            "tests/aid/more.rs: tests/z.rs, named by tests/aid.rs, Yes",
            "tests/aid.rs: tests/z.rs, named by tests/z.rs, Yes",
            "tests/common/mod.rs: tests/a.rs, named by tests/a.rs, Yes",
            "tests/more.rs: tests/more.rs, named by nobody, Yes",
            "tests/z.rs: tests/z.rs, named by nobody, Yes",
        ]
    );
}

#[test]
fn cfg_cuts_files_by_their_mod_line_their_own_attribute_or_an_ancestor() {
    assert_eq!(
        tree(&[
            (
                "src/lib.rs",
                "#[cfg(unix)] mod posix; #[cfg(windows)] mod win; #[cfg(feature = \"x\")] mod x;
                 #[cfg(unix)] mod part { pub mod inner; } mod own; mod plain;
                 cfg_if::cfg_if! { if #[cfg(unix)] { mod u; } else { mod w; } }
                 cfg_unix! { mod maybe; }
                 // mod comment;
                 const TEXT: &str = \"mod text;\";"
            ),
            ("src/comment.rs", ""),
            ("src/maybe.rs", ""),
            ("src/own.rs", "#![cfg(not(windows))]"),
            ("src/part/inner.rs", ""),
            (
                "src/plain.rs",
                "#[cfg_attr(windows, cfg(feature = \"y\"))] mod y;"
            ),
            ("src/plain/y.rs", "#![cfg(any(unix, test))]"),
            ("src/posix.rs", "mod child;"),
            ("src/posix/child.rs", ""),
            ("src/text.rs", ""),
            ("src/u.rs", ""),
            ("src/w.rs", ""),
            ("src/win.rs", ""),
            ("src/x.rs", ""),
        ]),
        [
            "src/comment.rs: src/comment.rs, named by nobody, Yes",
            "src/lib.rs: src/lib.rs, named by nobody, Yes",
            "src/maybe.rs: src/lib.rs, named by src/lib.rs, Unknown",
            "src/own.rs: src/lib.rs, named by src/lib.rs, No",
            "src/part/inner.rs: src/lib.rs, named by src/lib.rs::part, No",
            "src/plain/y.rs: src/lib.rs, named by src/plain.rs, Unknown",
            "src/plain.rs: src/lib.rs, named by src/lib.rs, Yes",
            "src/posix/child.rs: src/lib.rs, named by src/posix.rs, No",
            "src/posix.rs: src/lib.rs, named by src/lib.rs, No",
            "src/text.rs: src/text.rs, named by nobody, Yes",
            "src/u.rs: src/lib.rs, named by src/lib.rs, No",
            "src/w.rs: src/lib.rs, named by src/lib.rs, Yes",
            "src/win.rs: src/lib.rs, named by src/lib.rs, Yes",
            "src/x.rs: src/lib.rs, named by src/lib.rs, Unknown",
        ]
    );
}

#[test]
fn path_attributes_choose_the_file() {
    let files = [
        (
            "src/lib.rs",
            "#[cfg_attr(windows, path = \"sys/win.rs\")] #[cfg_attr(unix, path = \"sys/posix.rs\")] mod sys;
             #[cfg(windows)] #[path = \"b.rs\"] mod os; #[cfg(unix)] #[path = \"c.rs\"] mod os;
             #[path = \"../shared/common.rs\"] mod common;
             mod inline { #[path = \"d.rs\"] mod d; } #[path = \"elsewhere\"] mod moved { mod e; }",
        ),
        ("shared/beside.rs", ""),
        ("shared/common.rs", "mod beside;"),
        ("src/b.rs", ""),
        ("src/c.rs", ""),
        ("src/inline/d.rs", ""),
        ("src/elsewhere/e.rs", ""),
        ("src/sys/posix.rs", ""),
        ("src/sys/win.rs", ""),
        ("src/sys.rs", "not named"),
        ("src/f.rs", "mod inner { #[path = \"g.rs\"] mod g; } #[path = \"h.rs\"] mod h;"),
        ("src/h.rs", ""),
        ("src/bin/tool.rs", "#[path = \"../f.rs\"] mod f;"),
        ("src/inner/g.rs", ""),
    ];
    assert_eq!(
        tree(&files),
        [
            "shared/beside.rs: src/lib.rs, named by shared/common.rs, Yes",
            "shared/common.rs: src/lib.rs, named by src/lib.rs, Yes",
            "src/b.rs: src/lib.rs, named by src/lib.rs, Yes",
            "src/bin/tool.rs: src/bin/tool.rs, named by nobody, Yes",
            "src/c.rs: src/lib.rs, named by src/lib.rs, No",
            "src/elsewhere/e.rs: src/lib.rs, named by src/lib.rs::moved, Yes",
            "src/f.rs: src/bin/tool.rs, named by src/bin/tool.rs, Yes",
            "src/h.rs: src/bin/tool.rs, named by src/f.rs, Yes",
            "src/inline/d.rs: src/lib.rs, named by src/lib.rs::inline, Yes",
            "src/inner/g.rs: src/bin/tool.rs, named by src/f.rs::inner, Yes",
            "src/lib.rs: src/lib.rs, named by nobody, Yes",
            "src/sys/posix.rs: src/lib.rs, named by src/lib.rs, No",
            "src/sys/win.rs: src/lib.rs, named by src/lib.rs, Yes",
            "src/sys.rs: src/sys.rs, named by nobody, Yes",
        ]
    );

    let project = project(&files);
    let modules = Modules::new(&project, Platform::Windows);
    let at = |path| project.at(path).expect("a file of the project");
    let lib = at("src/lib.rs");
    assert_eq!(modules.child(lib, &[], "sys"), Some(at("src/sys/win.rs")));
    assert_eq!(modules.child(lib, &[], "os"), Some(at("src/b.rs")));
    assert_eq!(
        modules.child(lib, &["inline".into()], "d"),
        Some(at("src/inline/d.rs"))
    );
    assert_eq!(modules.child(lib, &[], "d"), None);
    let inline: &[crate::code::Name] = &["inline".into()];
    assert_eq!(modules.parent(at("src/inline/d.rs")), Some((lib, inline)));
    assert_eq!(modules.parent(lib), None);

    let linux = Modules::new(&project, Platform::Linux);
    assert_eq!(linux.child(lib, &[], "sys"), Some(at("src/sys/posix.rs")));
    assert_eq!(linux.compiled(at("src/b.rs")), Truth::No);
}

#[test]
fn files_that_name_each_other_in_a_circle_end() {
    assert_eq!(
        tree(&[
            ("a.rs", "#[path = \"b.rs\"] mod b;"),
            ("b.rs", "#[path = \"a.rs\"] mod a;"),
            ("c.rs", "#[path = \"d.rs\"] mod d;"),
            ("d.rs", "#[path = \"e.rs\"] mod e;"),
            ("e.rs", "#[path = \"d.rs\"] mod d;"),
        ])
        .iter()
        .map(|line| line.rsplit(' ').next().unwrap_or_default().to_owned())
        .collect::<Vec<_>>(),
        ["No", "No", "Yes", "Yes", "Yes"]
    );
}

#[test]
fn a_library_is_found_by_the_name_of_its_directory() {
    let project = project(&[
        ("crates/my-tool/src/lib.rs", ""),
        ("crates/other/src/main.rs", ""),
        ("packed-up-1.2.0-beta.1/src/lib.rs", ""),
    ]);
    let modules = Modules::new(&project, Platform::Windows);
    let library = project.at("crates/my-tool/src/lib.rs");
    assert_eq!(modules.crate_root("my_tool"), library);
    assert_eq!(modules.crate_root("other"), None);
    let packed = project.at("packed-up-1.2.0-beta.1/src/lib.rs");
    assert_eq!(modules.crate_root("packed_up"), packed);
}

#[test]
fn a_library_is_found_by_the_name_in_its_manifest() {
    let files = [("src/lib.rs", ""), ("member/lib/root.rs", "")];
    let manifests = [
        ("Cargo.toml", "[package]\nname = 'my-tool'"),
        (
            "member/Cargo.toml",
            "[package]\nname = 'member'\n[lib]\npath = 'lib/root.rs'",
        ),
        ("gone/Cargo.toml", "[package]\nname = 'gone'"),
    ]
    .map(|(path, text)| (PathBuf::from(path), text.to_owned()));
    let project = project(&files).with_manifests(&manifests);
    assert_eq!(project.rust_library("my_tool"), project.at("src/lib.rs"));
    assert_eq!(
        project.rust_library("member"),
        project.at("member/lib/root.rs")
    );
    assert_eq!(project.rust_library("gone"), None);
}

#[test]
fn a_compile_error_ends_the_build_of_its_crate() {
    assert_eq!(
        tree(&[
            ("a/src/lib.rs", "mod deep; #[cfg(unix)] mod posix;"),
            (
                "a/src/deep.rs",
                "#[cfg(not(unix))] compile_error!(\"for Unix only\");"
            ),
            ("a/src/posix.rs", "compile_error!(\"not seen\");"),
            ("a/src/main.rs", "fn main() {}"),
            (
                "b/src/main.rs",
                "cfg_if! { if #[cfg(windows)] {} else { compile_error!(\"\"); } }"
            ),
            ("c/src/lib.rs", "fn main() {}"),
            (
                "c/src/main.rs",
                "#[cfg(not(unix))] compile_error!(\"for Unix only\");"
            ),
        ]),
        [
            "a/src/deep.rs: a/src/lib.rs, named by a/src/lib.rs, No",
            "a/src/lib.rs: a/src/lib.rs, named by nobody, No",
            "a/src/main.rs: a/src/main.rs, named by nobody, No",
            "a/src/posix.rs: a/src/lib.rs, named by a/src/lib.rs, No",
            "b/src/main.rs: b/src/main.rs, named by nobody, Yes",
            "c/src/lib.rs: c/src/lib.rs, named by nobody, Yes",
            "c/src/main.rs: c/src/main.rs, named by nobody, No",
        ]
    );
}

#[test]
fn macros_declare_modules_under_the_cfg_of_their_call() {
    let macros = "#[macro_export] macro_rules! modules { \
                  ($($name:ident)*) => { $(mod $name; pub use $name::*;)* }; }\n\
                  macro_rules! posix { ($($name:ident),*) => { $(#[cfg(unix)] mod $name;)* }; }";
    assert_eq!(
        tree(&[
            ("src/macros.rs", macros),
            (
                "src/main.rs",
                "#[macro_use] mod macros;\n#[cfg(unix)] modules!(unix other);\n\
                 #[cfg(windows)] modules! { windows }\nposix!(fork);"
            ),
            ("src/fork.rs", ""),
            ("src/unix.rs", ""),
            ("src/windows.rs", ""),
        ]),
        [
            "src/fork.rs: src/main.rs, named by src/main.rs, No",
            "src/macros.rs: src/main.rs, named by src/main.rs, Yes",
            "src/main.rs: src/main.rs, named by nobody, Yes",
            "src/unix.rs: src/main.rs, named by src/main.rs, No",
            "src/windows.rs: src/main.rs, named by src/main.rs, Yes",
        ]
    );
}
