//! The runtime of a Rust file: the crate under the name by which its package depends on it, or a
//! dependency that is to be added.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use footgun_rules::Helper;

use super::{NOT_WANTED, RUNTIME, Runtime, named};
use crate::config::FixConfig;
use crate::config::values::{RustVersion, Vendor};
use crate::files::absolute;
use crate::fix::companion::{Companion, Dependency, Table};

/// What a Rust file can call; `oldest` is the oldest Rust that its package compiles with, if it says.
pub(super) fn runtime(path: &Path, config: &FixConfig, oldest: Option<RustVersion>) -> Runtime {
    let path_as_given = path;
    let path = absolute(path);
    let manifests: Vec<(&Path, toml::Table)> = path
        .ancestors()
        .skip(1)
        .filter_map(|folder| {
            let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
            Some((folder, text.parse().ok()?))
        })
        .collect();
    let Some((folder, manifest)) = manifests.first() else {
        return Runtime::default();
    };
    let table = table_for(&path, folder, manifest);
    let of_workspace = |name: &str| {
        let mut workspaces = manifests.iter().filter_map(|(_, it)| it.get("workspace"));
        workspaces.find_map(|workspace| workspace.get("dependencies")?.get(name))
    };
    let tables = table.seen().iter().filter_map(|name| manifest.get(*name));
    let dependencies = tables.filter_map(toml::Value::as_table).flatten();
    let mut dependencies = dependencies.map(|(name, own)| {
        let inherits = own.get("workspace").is_some();
        let inherited = inherits.then(|| of_workspace(name)).flatten();
        let said = [Some(own), inherited];
        let said = said.into_iter().flatten();
        let package = said.clone().find_map(|it| it.get("package")?.as_str());
        let features = said.filter_map(|it| it.get("features")?.as_array());
        let has_tokio = features
            .flatten()
            .any(|feature| feature.as_str() == Some("tokio"));
        let is_runtime = package.unwrap_or(name).replace('-', "_") == RUNTIME;
        is_runtime.then(|| (name.replace('-', "_"), has_tokio))
    });
    if let Some((module, has_tokio)) = dependencies.find_map(|found| found) {
        return of_module(module, has_tokio, None);
    }
    let may_write = config.vendor != Some(Vendor::Whether(false));
    let is_package = manifest.contains_key("package");
    let is_too_old = oldest.is_some_and(|oldest| oldest < NEEDED);
    if !may_write || !is_package || is_too_old {
        return Runtime {
            obstacle: (!may_write).then_some(NOT_WANTED),
            ..Runtime::default()
        };
    }
    let manifest = match path_as_given.is_relative() {
        true => relative(folder).join("Cargo.toml"),
        false => folder.join("Cargo.toml"),
    };
    let added = Companion::Dependency(Dependency { manifest, table });
    of_module(RUNTIME.to_owned(), true, Some(added))
}

fn of_module(module: String, has_tokio: bool, companion: Option<Companion>) -> Runtime {
    let tokio = Helper::TokioSpawnDetached;
    let function = named(&format!("{module}::tokio_process"), tokio.name());
    Runtime {
        own: HashMap::from_iter(has_tokio.then_some((tokio, function))),
        without: vec![tokio],
        module: Some(module),
        companion,
        obstacle: None,
    }
}

/// The oldest Rust that the runtime compiles with.
pub(super) const NEEDED: RustVersion = RustVersion([1, 74, 0]);

/// The table of dependencies for a file: the build script is a program of its own, and so are tests,
/// examples and benchmarks.
fn table_for(path: &Path, folder: &Path, manifest: &toml::Table) -> Table {
    let build = manifest.get("package").and_then(|it| it.get("build"));
    let script = build.and_then(toml::Value::as_str).unwrap_or("build.rs");
    let first = path
        .strip_prefix(folder)
        .ok()
        .and_then(|path| path.iter().next());
    let is_for_development = ["tests", "examples", "benches"]
        .iter()
        .any(|name| first == Some(name.as_ref()));
    match is_for_development {
        _ if path == folder.join(script) => Table::Build,
        true => Table::Development,
        false => Table::Plain,
    }
}

/// A folder as those of the scan are given: relative to the current one.
fn relative(folder: &Path) -> &Path {
    let here = std::path::absolute(".").unwrap_or_default();
    folder.strip_prefix(here).unwrap_or(folder)
}
