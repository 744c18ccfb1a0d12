//! Reads the files that were found.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use footgun_analysis::source::{Language, Source};
use rayon::prelude::*;

use super::Found;
use super::decode::decode;
use crate::trouble::{Trouble, TroubleKind};

/// Reads files in parallel: sources, and what could not be read, both in the order of `files`.
pub fn read(files: &[Found]) -> (Vec<Source>, Vec<Trouble>) {
    let results: Vec<_> = files.par_iter().map(read_file).collect();
    let mut sources = Vec::with_capacity(results.len());
    let mut troubles = Vec::new();
    for result in results {
        match result {
            Ok(source) => sources.push(source),
            Err(trouble) => troubles.push(trouble),
        }
    }
    (sources, troubles)
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

fn read_file(found: &Found) -> Result<Source, Trouble> {
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
    let text =
        decode(bytes, language).map_err(|reason| trouble(TroubleKind::Undecodable, &reason))?;
    Ok(Source {
        path: path.clone(),
        language,
        text,
    })
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
            found("z.rs", b""),
        ];
        let (sources, troubles) = read(&files);
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
                TroubleKind::Foreign
            ]
        );
    }
}
