//! What was meant to configure footgun-check and does not: a table or a file with almost its name.

use std::fs;
use std::path::Path;

use super::ConfigError;
use super::files::{OURS, PLACES};
use super::position;

/// Files that are not read, though somebody may think so.
const FILES: [&str; 4] = [
    ".footgun-check.toml",
    "footgun_check.toml",
    "footgun.toml",
    ".footgun.toml",
];

/// The mistakes in a folder.
pub(super) fn in_folder(folder: &Path) -> Vec<ConfigError> {
    let files = FILES.iter().filter_map(|file| {
        let path = folder.join(file);
        path.is_file().then(|| ConfigError {
            path,
            position: None,
            message: format!("this file is not read; the configuration is {OURS}.toml"),
        })
    });
    let around = PLACES.iter().flat_map(|(file, tables)| {
        let around = tables.iter().filter_map(|table| table.split_last());
        around.map(move |(_, around)| (file, around))
    });
    let tables = around.flat_map(|(file, table)| {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).unwrap_or_default();
        // Most files say nothing of us.
        match text.contains("footgun") {
            true => in_table(&path, &text, table),
            false => Vec::new(),
        }
    });
    files.chain(tables).collect()
}

/// The tables within `table` of a file that are almost called as ours.
fn in_table(path: &Path, text: &str, table: &[&str]) -> Vec<ConfigError> {
    let Ok(parsed) = text.parse::<toml::Table>() else {
        return Vec::new();
    };
    let mut within = Some(&parsed);
    for key in table {
        within = within.and_then(|table| table.get(*key)?.as_table());
    }
    let keys = within.into_iter().flat_map(toml::Table::keys);
    let misspelt = keys.filter(|key| *key != OURS && is_meant_for_us(key));
    let mistake = |key: &String| {
        let path_to_it: Vec<&str> = table.iter().copied().chain([key.as_str()]).collect();
        let place = table.join(".");
        ConfigError {
            path: path.to_owned(),
            position: position::of_value(text, &path_to_it),
            message: format!(
                "`[{place}.{key}]` is not read; the configuration is `[{place}.{OURS}]`"
            ),
        }
    };
    misspelt.map(mistake).collect()
}

/// Whether a name begins as ours does, however it is spelt.
fn is_meant_for_us(key: &str) -> bool {
    let plain: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    plain.to_ascii_lowercase().starts_with("footgun")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tree;

    #[test]
    fn almost_our_name() {
        let root = tree(&[
            (".footgun-check.toml", ""),
            ("footgun-check.toml", ""),
            (
                "pyproject.toml",
                "[tool.footgun-check]\n[tool.footgun]\n[tool.ruff]\n[tool.footgun_check.fix]\n",
            ),
            (
                "Cargo.toml",
                "[package.metadata.footgun]\n[workspace.metadata.FootgunCheck]\n\
                 [dependencies]\nfootgun-runtime = '0.1'\n",
            ),
        ]);
        let found: Vec<String> = in_folder(root.path())
            .iter()
            .map(|mistake| {
                let file = mistake.path.file_name().unwrap().to_str().unwrap();
                format!("{file} {:?} {}", mistake.position, mistake.message)
            })
            .collect();
        assert_eq!(
            found,
            [
                ".footgun-check.toml None this file is not read; the configuration is \
                 footgun-check.toml",
                "pyproject.toml Some((2, 1)) `[tool.footgun]` is not read; the configuration is \
                 `[tool.footgun-check]`",
                "pyproject.toml Some((4, 7)) `[tool.footgun_check]` is not read; the configuration \
                 is `[tool.footgun-check]`",
                "Cargo.toml Some((1, 1)) `[package.metadata.footgun]` is not read; the \
                 configuration is `[package.metadata.footgun-check]`",
                "Cargo.toml Some((2, 1)) `[workspace.metadata.FootgunCheck]` is not read; the \
                 configuration is `[workspace.metadata.footgun-check]`",
            ]
        );
    }
}
