//! Baselines: files of findings that are known, so that a project can begin with what it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use footgun_analysis::source::Source;
use footgun_rules::{Finding, rule};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::config::Configs;
use crate::premises::Premises;
use crate::printable::in_line;
use crate::replace;
use crate::report::fingerprint::fingerprint;
use crate::repository::{self, RepositoryFinding, RepositoryFindings};
use crate::root::Root;
use crate::shown::shown;
use crate::texts::Texts;
use crate::trouble::reason;

/// Why a baseline cannot be used.
#[derive(Debug, Error)]
pub enum BaselineError {
    /// It is not there, and is not about to be written.
    #[error("{}: {}; --write-baseline writes it", shown(.path), reason(.error))]
    Missing {
        /// The baseline.
        path: PathBuf,
        /// What the file system says.
        error: io::Error,
    },
    /// It cannot be read or written.
    #[error("{}: {}", shown(.path), reason(.error))]
    File {
        /// The baseline.
        path: PathBuf,
        /// What the file system says.
        error: io::Error,
    },
    /// It is something else.
    #[error("{}: no baseline of footgun-check: {error}", shown(.path))]
    NoBaseline {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// It is of another version.
    #[error("{}: a baseline of version {version}, and only {VERSION} is known", shown(.path))]
    Version {
        /// The baseline.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// A file with a finding has none.
    #[error("no baseline is configured for {}: name one with --baseline", shown(.0))]
    NotConfigured(PathBuf),
    /// The findings cannot be written as JSON.
    #[error("{0}")]
    Text(serde_json::Error),
}

/// The form of the file that is written and read.
const VERSION: u32 = 1;

/// A finding that is known.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Known {
    /// Its file, told from the root of the repository.
    path: String,
    /// The id of its rule.
    rule: String,
    /// The same after lines around it have moved.
    fingerprint: String,
}

/// The text of a baseline.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: BTreeSet<Known>,
}

/// The baselines of a run, by path.
#[derive(Debug, Default)]
pub struct Baselines {
    by_path: BTreeMap<PathBuf, BTreeSet<Known>>,
}

impl Baselines {
    /// The baselines that are configured for the files of a project and for the repository. One that is
    /// not there is empty where it is about to be written.
    ///
    /// # Errors
    ///
    /// A baseline cannot be read.
    pub fn of(
        sources: &[Source],
        in_repository: &RepositoryFindings,
        configs: &Configs,
        is_written: bool,
    ) -> Result<Baselines, BaselineError> {
        let mut baselines = Baselines::default();
        let paths = sources.iter().map(|source| &source.path);
        let paths = paths.chain(in_repository.findings.iter().map(|finding| &finding.path));
        let folders = paths.map(|path| folder_of(path));
        // What is gone from a folder may still stand in its baseline.
        let folders = folders.chain(in_repository.folders.iter().map(PathBuf::as_path));
        for folder in folders {
            if let Some(path) = configured_in(configs, folder)
                && !baselines.by_path.contains_key(&path)
            {
                let known = read(&path, is_written)?;
                baselines.by_path.insert(path, known);
            }
        }
        Ok(baselines)
    }

    /// Takes the findings that are known out of `findings` and `in_repository`. Returns how many, and what is to
    /// be told of entries that no finding has any more.
    pub fn take(
        &self,
        findings: &mut Vec<Finding>,
        in_repository: &mut RepositoryFindings,
        texts: &Texts,
        configs: &Configs,
        premises: &Premises,
        root: &Root,
    ) -> (usize, Vec<String>) {
        let mut used = BTreeSet::new();
        let before = findings.len() + in_repository.findings.len();
        let baseline = |path: &Path| self.by_path.get(&configured(configs, path)?);
        let mut is_new = |known: Known, baseline: &BTreeSet<Known>| {
            let is_known = baseline.contains(&known);
            used.extend(is_known.then_some(known));
            !is_known
        };
        findings.retain(|finding| {
            let baseline = baseline(&texts.project().file(finding.place.file).path);
            baseline.is_none_or(|baseline| is_new(known(texts, finding, root), baseline))
        });
        in_repository.findings.retain(|finding| {
            let baseline = baseline(&finding.path);
            baseline.is_none_or(|baseline| is_new(known_in_repository(finding, root), baseline))
        });
        let after = findings.len() + in_repository.findings.len();
        let judged = Judged::of(in_repository, texts, premises, root);
        let mut stale = Vec::new();
        for (path, baseline) in &self.by_path {
            let is_stale = |known: &&Known| !used.contains(known) && !judged.leaves_open(known);
            for Known {
                path: file, rule, ..
            } in baseline.iter().filter(is_stale)
            {
                stale.push(format!(
                    "{}: a `{rule}` in {} is gone; --write-baseline drops it",
                    shown(path),
                    in_line(file)
                ));
            }
        }
        (before - after, stale)
    }

    /// Writes the baselines with these findings in them. Entries of files that are there and were not
    /// checked stay. Returns what was done.
    ///
    /// # Errors
    ///
    /// No baseline is configured for a file with a finding, or one cannot be written.
    pub fn write(
        &self,
        findings: &[Finding],
        in_repository: &RepositoryFindings,
        texts: &Texts,
        configs: &Configs,
        premises: &Premises,
        root: &Root,
    ) -> Result<String, BaselineError> {
        let judged = Judged::of(in_repository, texts, premises, root);
        let mut baselines = self.by_path.clone();
        for baseline in baselines.values_mut() {
            baseline.retain(|known| judged.leaves_open(known));
        }
        let in_files = findings.iter().map(|finding| {
            let path = &texts.project().file(finding.place.file).path;
            (path, known(texts, finding, root))
        });
        let others = in_repository.findings.iter();
        let others = others.map(|finding| (&finding.path, known_in_repository(finding, root)));
        for (path, known) in in_files.chain(others) {
            let baseline = configured(configs, path).and_then(|path| baselines.get_mut(&path));
            let baseline = baseline.ok_or_else(|| BaselineError::NotConfigured(path.clone()))?;
            baseline.insert(known);
        }
        let mut done = String::new();
        for (path, findings) in baselines {
            let count = findings.len();
            let file = File {
                version: VERSION,
                findings,
            };
            let mut text = serde_json::to_string_pretty(&file).map_err(BaselineError::Text)?;
            text.push('\n');
            let name = shown(&path);
            replace::write(&path, text.as_bytes()).map_err(|error| {
                let path = path.clone();
                BaselineError::File { path, error }
            })?;
            let plural = if count == 1 { "" } else { "s" };
            done.push_str(&format!("{name} written: {count} known finding{plural}\n"));
        }
        Ok(done)
    }
}

fn configured(configs: &Configs, path: &Path) -> Option<PathBuf> {
    configured_in(configs, folder_of(path))
}

fn configured_in(configs: &Configs, folder: &Path) -> Option<PathBuf> {
    configs.of(folder).ok()?.config.baseline.clone()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn read(path: &Path, is_written: bool) -> Result<BTreeSet<Known>, BaselineError> {
    let path_of = || path.to_owned();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if is_written && error.kind() == io::ErrorKind::NotFound => {
            return Ok(BTreeSet::new());
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let path = path_of();
            return Err(BaselineError::Missing { path, error });
        }
        Err(error) => {
            let path = path_of();
            return Err(BaselineError::File { path, error });
        }
    };
    let file: File = serde_json::from_str(&text).map_err(|error| {
        let path = path_of();
        BaselineError::NoBaseline { path, error }
    })?;
    match file.version {
        VERSION => Ok(file.findings),
        version => {
            let path = path_of();
            Err(BaselineError::Version { path, version })
        }
    }
}

fn known(texts: &Texts, finding: &Finding, root: &Root) -> Known {
    Known {
        path: root.stable(&texts.project().file(finding.place.file).path),
        rule: finding.rule.to_owned(),
        fingerprint: fingerprint(texts, finding.rule, finding.place, root),
    }
}

fn known_in_repository(finding: &RepositoryFinding, root: &Root) -> Known {
    Known {
        path: root.stable(&finding.path),
        rule: finding.record.rule.clone(),
        fingerprint: finding.record.fingerprint.clone(),
    }
}

/// What a run has judged, and which known findings are therefore decided.
struct Judged<'n> {
    /// The files, told from the root, that were checked whole.
    files: BTreeSet<String>,
    in_repository: &'n RepositoryFindings,
    root: &'n Root,
}

impl<'n> Judged<'n> {
    fn of(
        in_repository: &'n RepositoryFindings,
        texts: &Texts,
        premises: &Premises,
        root: &'n Root,
    ) -> Judged<'n> {
        let files = texts.project().files.iter();
        let is_whole = premises.scope.is_whole();
        let files = files.filter(|source| is_whole && premises.wants(&source.path));
        let files = files.map(|source| root.stable(&source.path)).collect();
        Judged {
            files,
            in_repository,
            root,
        }
    }

    /// Whether a finding may still be there that was not found: its file was not checked.
    fn leaves_open(&self, known: &Known) -> bool {
        let is_judged = match rule(&known.rule) {
            Some(rule) if repository::is_about_files(rule) => {
                self.in_repository.has_judged(&known.path, self.root)
            }
            _ => self.files.contains(&known.path),
        };
        let path = self.root.folder().join(&known.path);
        !is_judged && path.symlink_metadata().is_ok()
    }
}
