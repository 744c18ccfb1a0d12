//! Reads the files that were found.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use footgun_analysis::source::{Language, Source};
use rayon::prelude::*;

use super::Found;
use super::decode::{Form, decode};
use crate::terminal::progress::{Progress, Work};
use crate::trouble::{Trouble, TroubleKind};

/// What became of the files that were found; all in their order.
#[derive(Debug, Default)]
pub struct Read {
    /// What was read.
    pub sources: Vec<Source>,
    /// What could not be read.
    pub troubles: Vec<Trouble>,
    /// Notebooks in other languages.
    pub others: Vec<PathBuf>,
}

/// Reads files in parallel.
pub fn read(files: &[Found], progress: &Progress) -> Read {
    let phase = progress.at(Work::Reading).begin(Some(files.len()));
    let read = |found| phase.step_after(|| read_file(found));
    let results: Vec<_> = files.par_iter().map(read).collect();
    let mut read = Read::default();
    for (found, result) in files.iter().zip(results) {
        match result {
            Ok(Some(source)) => read.sources.push(source),
            Ok(None) => read.others.push(found.path.clone()),
            Err(trouble) => read.troubles.push(trouble),
        }
    }
    read
}

/// The manifests of the libraries among the sources, as far as there are any and they can be read.
pub fn manifests(sources: &[Source]) -> Vec<(PathBuf, String)> {
    let roots = sources
        .iter()
        .filter(|source| source.path.ends_with("lib.rs"));
    roots
        .filter_map(|root| {
            let directory = root.path.parent()?;
            let package = match directory.ends_with("src") {
                true => directory.parent()?,
                false => directory,
            };
            let path = package.join("Cargo.toml");
            let text = fs::read_to_string(&path).ok()?;
            Some((path, text))
        })
        .collect()
}

fn read_file(found: &Found) -> Result<Option<Source>, Trouble> {
    let path = &found.path;
    let trouble = |kind, reason: &str| Trouble {
        path: path.clone(),
        kind,
        reason: reason.to_owned(),
    };
    let bytes = match &found.bytes {
        Some(bytes) => bytes.clone(),
        None => {
            fs::read(path).map_err(|error| Trouble::io(path, TroubleKind::Unreadable, &error))?
        }
    };
    if u32::try_from(bytes.len()).is_err() {
        return Err(trouble(TroubleKind::Undecodable, "larger than 4 GiB"));
    }
    let language = found
        .language
        .or_else(|| is_python_script(&bytes).then_some(Language::Python))
        .ok_or_else(|| trouble(TroubleKind::Foreign, "neither Python nor Rust"))?;
    let text = decode(bytes, Form::of(path, language))
        .map_err(|error| trouble(TroubleKind::Undecodable, &error.to_string()))?;
    Ok(text.map(|text| Source {
        path: path.clone(),
        language,
        text,
    }))
}

/// Whether a file without an extension is a Python script, as far as it can be read.
pub fn is_script(path: &Path) -> bool {
    /// Longer than any first line that the kernel reads.
    const HEAD: u64 = 512;
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    path.extension().is_none() && read.is_ok() && is_python_script(&head)
}

/// Whether the first line is a `#!` that names Python.
fn is_python_script(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    line.starts_with(b"#!") && String::from_utf8_lossy(line).contains("python")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_stand_beside_their_libraries() {
        let root = tempfile::tempdir().unwrap();
        let source = |path: &str| Source {
            path: root.path().join(path),
            language: Language::Rust,
            text: String::new(),
        };
        let manifest = |path: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "[package]").unwrap();
            (path, "[package]".to_owned())
        };
        let expected = [manifest("Cargo.toml"), manifest("flat/Cargo.toml")];
        let sources = [
            "src/lib.rs",
            "src/main.rs",
            "flat/lib.rs",
            "bare/src/lib.rs",
        ]
        .map(source);
        assert_eq!(manifests(&sources), expected);
    }

    #[test]
    fn the_rest_is_read_where_some_is_not() {
        let root = tempfile::tempdir().unwrap();
        let found = |name: &str, bytes: &[u8]| {
            let path = root.path().join(name);
            fs::write(&path, bytes).unwrap();
            Found {
                language: Language::of(&path),
                path,
                bytes: None,
                is_around: false,
            }
        };
        let folder = Found {
            path: root.path().to_owned(),
            language: Some(Language::Rust),
            bytes: None,
            is_around: false,
        };
        let files = [
            found("a.py", b"\xe9"),
            found("b.py", b"x"),
            folder,
            found("notes", b"text"),
            found("script", b"#!/usr/bin/env python3\n"),
            found("x.ipynb", b"{}"),
            found(
                "y.ipynb",
                br#"{"metadata": {"language_info": {"name": "R"}}, "cells": []}"#,
            ),
            found("z.rs", b""),
        ];
        let Read {
            sources,
            troubles,
            others,
        } = read(&files, &Progress::default());
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        let sources: Vec<_> = sources
            .iter()
            .map(|source| (name(&source.path), source.language, source.text.as_str()))
            .collect();
        assert_eq!(
            sources,
            [
                ("b.py".to_owned(), Language::Python, "x"),
                (
                    "script".to_owned(),
                    Language::Python,
                    "#!/usr/bin/env python3\n"
                ),
                ("z.rs".to_owned(), Language::Rust, ""),
            ]
        );
        let troubles: Vec<_> = troubles.iter().map(|trouble| trouble.kind).collect();
        assert_eq!(
            troubles,
            [
                TroubleKind::Undecodable,
                TroubleKind::Unreadable,
                TroubleKind::Foreign,
                TroubleKind::Undecodable,
            ]
        );
        assert_eq!(others.iter().map(name).collect::<Vec<_>>(), ["y.ipynb"]);
    }
}
