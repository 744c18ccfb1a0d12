//! The files below some paths that have changed, and their changed lines.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use footgun_analysis::source::Language;

use super::git::{Changed, Repository, Since};
use super::walk::{Filter, Walk, walk};
use super::{Files, FilesError, Found, absolute, read};

/// Finds the files below `paths` that have changed, with `lines` their changed lines.
///
/// # Errors
///
/// There is no repository, or git cannot tell what has changed.
pub(super) fn find(
    paths: &[PathBuf],
    since: &Since,
    lines: bool,
    filter: &Filter,
) -> Result<Files, FilesError> {
    let here = std::path::absolute(".").map_err(FilesError::NoFolder)?;
    let repository = Repository::around(&here)?;
    let below: Vec<PathBuf> = paths
        .iter()
        .map(|path| path.canonicalize().unwrap_or_else(|_| here.join(path)))
        .collect();
    let here = here.canonicalize().unwrap_or(here);
    let is_wanted = |path: &Path| below.iter().any(|folder| path.starts_with(folder));
    // The user did not name these files.
    let filter = Filter {
        force_exclude: true,
        ..filter.clone()
    };

    let mut files = Files::default();
    let mut found = Vec::new();
    let mut changed = HashSet::new();
    for file in repository.changed(since)? {
        if !is_wanted(&file.path) {
            continue;
        }
        let shown = file.path.strip_prefix(&here).unwrap_or(&file.path);
        changed.insert(absolute(shown));
        if !file.has_text {
            continue;
        }
        match source(&file, shown, &filter, &mut files.walk) {
            Some(source) => found.push((file, source)),
            None => continue,
        }
    }
    files.changed = Some(changed);
    if lines {
        let text = |source: &Found| match &source.bytes {
            Some(bytes) => bytes.clone(),
            // Reading it will say what is wrong.
            None => fs::read(&source.path).unwrap_or_default(),
        };
        let texts: Vec<Vec<u8>> = found.iter().map(|(_, source)| text(source)).collect();
        let changed: Vec<&Changed> = found.iter().map(|(file, _)| file).collect();
        let rows = repository.changed_rows(&changed, &texts)?;
        let paths = found.iter().map(|(_, source)| absolute(&source.path));
        files.scope.rows = paths.zip(rows).collect();
    }
    files
        .walk
        .files
        .extend(found.into_iter().map(|(_, source)| source));
    Ok(files)
}

/// The changed file as one to check, if it is Python or Rust and not excluded.
fn source(file: &Changed, shown: &Path, filter: &Filter, walked: &mut Walk) -> Option<Found> {
    let is_gone = !file.path.exists();
    let found = match &file.staged {
        // What is staged of it is still to be checked.
        Some(_) if is_gone => Found {
            path: shown.to_owned(),
            language: Language::of(shown),
            bytes: None,
            is_around: false,
        },
        _ => {
            let walk = walk(&[shown.to_owned()], filter);
            walked.left_out.extend(walk.left_out);
            walked.troubles.extend(walk.troubles);
            walk.files.into_iter().next()?
        }
    };
    let is_source = found.language.is_some() || read::is_script(&found.path);
    is_source.then(|| Found {
        bytes: file.staged.clone(),
        ..found
    })
}
