//! What `pyproject.toml` requires: the dependencies of the project, as its table `project` or Poetry
//! writes them.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Requirement, holds_on_windows, specified};

pub(super) fn required(text: &str) -> Vec<Requirement> {
    let Ok(document) = DeTable::parse(text) else {
        return Vec::new();
    };
    let document = document.get_ref();
    let mut all = Vec::new();
    let listed = at(document, &["project", "dependencies"]);
    for entry in listed.and_then(|it| it.as_array()).into_iter().flatten() {
        if let Some(text) = entry.get_ref().as_str() {
            all.extend(specified(text, entry.span()));
        }
    }
    let of_poetry = at(document, &["tool", "poetry", "dependencies"]);
    for (name, value) in of_poetry.and_then(|it| it.as_table()).into_iter().flatten() {
        let span = name.span().start..value.span().end;
        let required = specified(name.get_ref(), span);
        all.extend(required.map(|required| Requirement {
            on_windows: is_on_windows(value.get_ref()),
            ..required
        }));
    }
    all
}

/// The names in the extras of the project, which its users choose.
pub(super) fn extras(text: &str) -> Vec<String> {
    let Ok(document) = DeTable::parse(text) else {
        return Vec::new();
    };
    let extras = at(document.get_ref(), &["project", "optional-dependencies"]);
    let extras = extras.and_then(|it| it.as_table()).into_iter().flatten();
    let listed = extras
        .filter_map(|(_, list)| list.get_ref().as_array())
        .flatten();
    let texts = listed.filter_map(|entry| entry.get_ref().as_str());
    let required = texts.filter_map(|text| specified(text, 0..0));
    required
        .filter(|it| it.on_windows)
        .map(|it| it.name)
        .collect()
}

/// Whether the table of a project says all that it requires, be it nothing.
pub(super) fn says_all(text: &str) -> bool {
    let Ok(document) = DeTable::parse(text) else {
        return false;
    };
    let dynamic = at(document.get_ref(), &["project", "dynamic"]);
    let mut dynamic = dynamic.and_then(|it| it.as_array()).into_iter().flatten();
    let is_project = at(document.get_ref(), &["project"]).is_some();
    is_project && !dynamic.any(|key| key.get_ref().as_str() == Some("dependencies"))
}

/// What a Pipfile requires on Windows.
pub(super) fn of_pipfile(text: &str) -> Vec<String> {
    let Ok(document) = DeTable::parse(text) else {
        return Vec::new();
    };
    let packages = at(document.get_ref(), &["packages"]);
    let packages = packages.and_then(|it| it.as_table()).into_iter().flatten();
    let needed = packages.filter(|(_, value)| is_on_windows(value.get_ref()));
    needed
        .filter_map(|(name, _)| Some(specified(name.get_ref(), 0..0)?.name))
        .collect()
}

/// The value that keys lead to.
pub(super) fn at<'d, 't>(table: &'d DeTable<'t>, keys: &[&str]) -> Option<&'d DeValue<'t>> {
    let (last, before) = keys.split_last()?;
    let mut table = table;
    for key in before {
        table = table.get(*key)?.get_ref().as_table()?;
    }
    table.get(*last).map(Spanned::get_ref)
}

/// Whether a constraint of Poetry holds on Windows: a version, a table, or a list of these.
pub(super) fn is_on_windows(constraint: &DeValue<'_>) -> bool {
    if let Some(all) = constraint.as_array() {
        return all.iter().any(|each| is_on_windows(each.get_ref()));
    }
    let Some(table) = constraint.as_table() else {
        return true;
    };
    let text = |key| at(table, &[key]).and_then(|value| value.as_str());
    let is_optional = at(table, &["optional"]).and_then(|value| value.as_bool());
    let marker = text("markers").and_then(|marker| marker.parse().ok());
    is_optional != Some(true)
        && text("platform").is_none_or(|platform| platform == "win32")
        && marker.is_none_or(|marker| holds_on_windows(&marker))
}
