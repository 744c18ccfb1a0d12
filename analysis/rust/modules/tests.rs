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

/// Every file with its root, its module path, and whether Windows compiles it.
fn tree(files: &[(&str, &str)]) -> Vec<String> {
    let project = project(files);
    let modules = Modules::new(&project, Platform::Windows);
    let path = |id| project.file(id).path.display().to_string();
    project
        .files_in(Language::Rust)
        .map(|id| {
            let module = modules.path(id).join("::");
            let compiled = modules.compiled(id);
            format!(
                "{}: {} {module} {compiled:?}",
                path(id),
                path(modules.root(id))
            )
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
            "app/src/lib.rs: app/src/lib.rs  Yes",
            "app/src/main.rs: app/src/main.rs  Yes",
            "app/src/net/tcp.rs: app/src/lib.rs net::tcp Yes",
            "app/src/net/udp/inner/loop/x.rs: app/src/lib.rs net::udp::inner::loop::x Yes",
            "app/src/net/udp/inner.rs: app/src/lib.rs net::udp::inner Yes",
            "app/src/net/udp/mod.rs: app/src/lib.rs net::udp Yes",
            "app/src/net.rs: app/src/lib.rs net Yes",
            "app/src/os/deep.rs: app/src/lib.rs os::deep Yes",
            "app/src/os/unix_like.rs: app/src/lib.rs os::unix_like Yes",
            "app/src/tcp.rs: app/src/tcp.rs  Yes",
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
            "tests/a.rs: tests/a.rs  Yes",
            "tests/aid/more.rs: tests/z.rs aid::more Yes",
            "tests/aid.rs: tests/z.rs aid Yes",
            "tests/common/mod.rs: tests/a.rs common Yes",
            "tests/more.rs: tests/more.rs  Yes",
            "tests/z.rs: tests/z.rs  Yes",
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
            "src/comment.rs: src/comment.rs  Yes",
            "src/lib.rs: src/lib.rs  Yes",
            "src/maybe.rs: src/lib.rs maybe Unknown",
            "src/own.rs: src/lib.rs own No",
            "src/part/inner.rs: src/lib.rs part::inner No",
            "src/plain/y.rs: src/lib.rs plain::y Unknown",
            "src/plain.rs: src/lib.rs plain Yes",
            "src/posix/child.rs: src/lib.rs posix::child No",
            "src/posix.rs: src/lib.rs posix No",
            "src/text.rs: src/text.rs  Yes",
            "src/u.rs: src/lib.rs u No",
            "src/w.rs: src/lib.rs w Yes",
            "src/win.rs: src/lib.rs win Yes",
            "src/x.rs: src/lib.rs x Unknown",
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
            "shared/beside.rs: src/lib.rs common::beside Yes",
            "shared/common.rs: src/lib.rs common Yes",
            "src/b.rs: src/lib.rs os Yes",
            "src/bin/tool.rs: src/bin/tool.rs  Yes",
            "src/c.rs: src/lib.rs os No",
            "src/elsewhere/e.rs: src/lib.rs moved::e Yes",
            "src/f.rs: src/bin/tool.rs f Yes",
            "src/h.rs: src/bin/tool.rs f::h Yes",
            "src/inline/d.rs: src/lib.rs inline::d Yes",
            "src/inner/g.rs: src/bin/tool.rs f::inner::g Yes",
            "src/lib.rs: src/lib.rs  Yes",
            "src/sys/posix.rs: src/lib.rs sys No",
            "src/sys/win.rs: src/lib.rs sys Yes",
            "src/sys.rs: src/sys.rs  Yes",
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
            "a/src/deep.rs: a/src/lib.rs deep No",
            "a/src/lib.rs: a/src/lib.rs  No",
            "a/src/main.rs: a/src/main.rs  No",
            "a/src/posix.rs: a/src/lib.rs posix No",
            "b/src/main.rs: b/src/main.rs  Yes",
            "c/src/lib.rs: c/src/lib.rs  Yes",
            "c/src/main.rs: c/src/main.rs  No",
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
            "src/fork.rs: src/main.rs fork No",
            "src/macros.rs: src/main.rs macros Yes",
            "src/main.rs: src/main.rs  Yes",
            "src/unix.rs: src/main.rs unix No",
            "src/windows.rs: src/main.rs windows Yes",
        ]
    );
}
