//! `Cargo.toml`: under which name code refers to a library, and which file is its root.

/// A package's library.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Library {
    /// Its name in paths.
    pub name: String,
    /// Its root, from the directory of the manifest.
    pub root: String,
}

/// The library that a manifest describes, or would if there is one; `None` where it describes no
/// package.
pub(crate) fn library(manifest: &str) -> Option<Library> {
    let manifest: toml::Table = manifest.parse().ok()?;
    let library = manifest.get("lib");
    let text =
        |table: Option<&toml::Value>, key: &str| table?.get(key)?.as_str().map(str::to_owned);
    let name = text(library, "name").or_else(|| text(manifest.get("package"), "name"))?;
    Some(Library {
        name: name.replace('-', "_"),
        root: text(library, "path").unwrap_or_else(|| "src/lib.rs".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::{Library, library};

    fn named(name: &str, root: &str) -> Option<Library> {
        Some(Library {
            name: name.to_owned(),
            root: root.to_owned(),
        })
    }

    #[test]
    fn a_library_is_named_like_its_package_unless_it_says_otherwise() {
        let package = "[package]\nname = \"my-tool\"\nversion = \"1.0.0\"\n";
        assert_eq!(library(package), named("my_tool", "src/lib.rs"));
        let other = format!("{package}[lib]\nname = \"tool\"\npath = \"lib.rs\"\n");
        assert_eq!(library(&other), named("tool", "lib.rs"));
        assert_eq!(library("[workspace]\nmembers = []\n"), None);
        assert_eq!(library("[package"), None);
    }
}
