//! The oldest Rust that a package says it compiles with.

use std::fs;
use std::path::Path;

use crate::config::values::RustVersion;

/// The `rust-version` of a package whose manifest is in a folder, `None` if there is none; a package
/// that does not say is known not to.
pub(super) fn version(folder: &Path) -> Option<Option<RustVersion>> {
    let table = manifest(folder)?;
    let said = table.get("package")?.get("rust-version");
    Some(match said {
        Some(toml::Value::String(version)) => version.parse().ok(),
        // `rust-version.workspace = true`
        Some(toml::Value::Table(_)) => folder.ancestors().find_map(of_workspace),
        _ => None,
    })
}

/// What a workspace whose manifest is in a folder says for its packages.
fn of_workspace(folder: &Path) -> Option<RustVersion> {
    let table = manifest(folder)?;
    let version = table
        .get("workspace")?
        .get("package")?
        .get("rust-version")?;
    version.as_str()?.parse().ok()
}

fn manifest(folder: &Path) -> Option<toml::Table> {
    let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    text.parse().ok()
}
