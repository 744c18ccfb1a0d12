//! What the rules find in the files around the sources: in the names that git tracks, and in what a
//! project says it requires.

mod names;
mod requirements;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use footgun_analysis::source::Source;
use footgun_rules::{Judge, RULES, Rule, Severity};

use crate::config::{ConfigError, Configs};
use crate::files::absolute;
use crate::premises::Premises;
use crate::report::fingerprint;
use crate::report::record::{Extent, Location, Record};
use crate::root::Root;
use crate::shown::named;

/// What the rules find around the sources in some folders.
#[derive(Debug, Default)]
pub struct RepositoryFindings {
    /// What they find, each once.
    pub findings: Vec<RepositoryFinding>,
    /// The folders below which everything was judged.
    pub folders: Vec<PathBuf>,
}

/// What a rule finds in a file that is not evaluated.
#[derive(Debug)]
pub struct RepositoryFinding {
    /// The file, as a path from the current folder.
    pub path: PathBuf,
    /// What reports tell of it.
    pub record: Record,
}

/// What a rule says of a file below a folder.
struct Told {
    rule: &'static Rule,
    /// The name of the file below the folder.
    name: String,
    /// Where it begins and ends.
    locations: [Location; 2],
    message: String,
    help: String,
    /// What of the file it is about; nothing where it is the name.
    about: String,
}

impl RepositoryFindings {
    /// What reports tell.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.findings.iter().map(|finding| &finding.record)
    }

    /// Whether a path, told from the root, was judged.
    pub fn has_judged(&self, path: &str, root: &Root) -> bool {
        let path = root.folder().join(path);
        let mut folders = self.folders.iter();
        folders.any(|folder| path.starts_with(root.absolute(folder)))
    }
}

/// Judges what is below these folders, or `only` some of the files, by their absolute paths. What is left
/// out, not meant for Windows or of a file where the rule does not run is not reported; in a working copy
/// it lies beside the others all the same.
///
/// # Errors
///
/// A configuration file is wrong.
pub fn judged(
    folders: &[PathBuf],
    only: Option<&HashSet<PathBuf>>,
    sources: &[Source],
    premises: &Premises,
    configs: &Configs,
    root: &Root,
) -> Result<RepositoryFindings, ConfigError> {
    let mut selections = vec![];
    for folder in folders {
        selections.push(configs.of(folder)?.selection(folder));
    }
    let is_running = |rule: &Rule| {
        premises.selections.run(rule.id) || selections.iter().any(|it| it.runs(rule.id))
    };
    let rules: Vec<&'static Rule> = RULES
        .iter()
        .filter(|rule| is_about_files(rule) && is_running(rule))
        .collect();
    let mut found = RepositoryFindings::default();
    if rules.is_empty() {
        return Ok(found);
    }
    for folder in folders {
        let tracked = names::tracked(folder, sources);
        let mut told = names::judged(&rules, &tracked);
        told.extend(requirements::judged(
            &rules,
            folder,
            &tracked,
            premises.is_audit,
        ));
        for told in told {
            let path = below(folder, &told.name);
            let parent = path.parent().unwrap_or(Path::new(""));
            let is_wanted = only.is_none_or(|only| only.contains(&absolute(&path)));
            if !is_wanted || is_excluded(&path, configs) || !premises.wants(&path) {
                continue;
            }
            let selection = configs.of(parent)?.selection(&path);
            if selection.runs(told.rule.id) && configs.posix_only(parent)?.is_none() {
                let severity = selection.severity(told.rule);
                let record = record(told, severity, &path, root);
                found.findings.push(RepositoryFinding { path, record });
            }
        }
    }
    let fingerprint = |finding: &RepositoryFinding| finding.record.fingerprint.clone();
    found.findings.sort_by_key(fingerprint);
    found.findings.dedup_by_key(|finding| fingerprint(finding));
    if only.is_none() {
        found.folders = folders.to_vec();
    }
    Ok(found)
}

/// Whether a rule judges files that are not evaluated.
pub fn is_about_files(rule: &Rule) -> bool {
    matches!(rule.judge, Judge::Names(_) | Judge::Requirements(_))
}

/// The path of a name below a folder, as reports show it.
fn below(folder: &Path, name: &str) -> PathBuf {
    match folder == Path::new(".") {
        true => PathBuf::from(name),
        false => folder.join(name),
    }
}

/// Whether a path or a folder around it is left out by configuration. What stands in a folder that is
/// left out is not asked.
fn is_excluded(path: &Path, configs: &Configs) -> bool {
    let levels: Vec<&Path> = path.ancestors().collect();
    levels.iter().rev().any(|level| {
        let settings = configs.of(level.parent().unwrap_or(Path::new("")));
        settings.is_ok_and(|settings| settings.leaves_out(level, *level != path, || false))
    })
}

fn record(told: Told, severity: Severity, path: &Path, root: &Root) -> Record {
    let [location, end_location] = told.locations;
    Record {
        rule: told.rule.id.to_owned(),
        title: told.rule.title.to_owned(),
        message: told.message,
        severity,
        extent: Extent {
            filename: named(path),
            cell: None,
            location,
            end_location,
        },
        fix: None,
        url: None,
        evidence: Vec::new(),
        help: told.help,
        fingerprint: fingerprint::of_file(told.rule.id, path, &told.about, root),
    }
}
