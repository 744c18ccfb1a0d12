//! Lock files: what each distribution requires itself.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::{DeTable, DeValue};

use super::pyproject::{at, is_on_windows};
use super::{Requirement, holds_on_windows, normal, specified};

/// The names of lock files.
pub(super) const LOCKS: [&str; 4] = ["Pipfile.lock", "pdm.lock", "poetry.lock", "uv.lock"];

/// What lock files say.
#[derive(Default)]
pub(super) struct Locked {
    /// What each distribution requires on Windows.
    requires: BTreeMap<String, Vec<String>>,
    /// What is installed whatever the project says.
    installed: Vec<String>,
}

impl Locked {
    /// Adds what a lock file says.
    pub(super) fn add(&mut self, file_name: &str, text: &str) {
        if file_name == "Pipfile.lock" {
            let lock: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
            let all = lock.get("default").and_then(|all| all.as_object());
            self.installed
                .extend(all.into_iter().flatten().filter_map(|(name, told)| {
                    let marker = told.get("markers").and_then(|marker| marker.as_str());
                    let is_needed = marker.is_none_or(holds);
                    is_needed.then(|| name.clone())
                }));
            return;
        }
        let Ok(lock) = DeTable::parse(text) else {
            return;
        };
        let packages = at(lock.get_ref(), &["package"]);
        for package in packages.and_then(|it| it.as_array()).into_iter().flatten() {
            if let Some(package) = package.get_ref().as_table()
                && let Some(name) = at(package, &["name"]).and_then(|name| normal(name.as_str()?))
            {
                let required = at(package, &["dependencies"]).map(required);
                let all = self.requires.entry(name).or_default();
                all.extend(required.into_iter().flatten());
            }
        }
    }

    /// Adds to `named` what is installed with it.
    pub(super) fn complete(self, named: &mut BTreeSet<String>) {
        named.extend(self.installed);
        let mut new: Vec<String> = named.iter().cloned().collect();
        while let Some(name) = new.pop() {
            for required in self.requires.get(&name).into_iter().flatten() {
                if named.insert(required.clone()) {
                    new.push(required.clone());
                }
            }
        }
    }
}

/// What the dependencies of a package are on Windows: a list of tables (uv) or of requirements (PDM), or a
/// table (Poetry).
fn required(dependencies: &DeValue<'_>) -> Vec<String> {
    if let Some(table) = dependencies.as_table() {
        let needed = table
            .iter()
            .filter(|(_, value)| is_on_windows(value.get_ref()));
        return needed
            .filter_map(|(name, _)| normal(name.get_ref()))
            .collect();
    }
    let list = dependencies.as_array().into_iter().flatten();
    let name = |each: &DeValue<'_>| match each.as_str() {
        Some(text) => {
            let Requirement {
                name, on_windows, ..
            } = specified(text, 0..0)?;
            on_windows.then_some(name)
        }
        None => {
            let table = each.as_table()?;
            let marker = at(table, &["marker"]).and_then(|marker| marker.as_str());
            let name = at(table, &["name"])?.as_str()?;
            marker.is_none_or(holds).then(|| name.to_owned())
        }
    };
    list.filter_map(|each| name(each.get_ref())).collect()
}

/// Whether a marker, as it is written, holds on Windows; one that cannot be read does.
fn holds(marker: &str) -> bool {
    marker
        .parse()
        .map_or(true, |marker| holds_on_windows(&marker))
}
