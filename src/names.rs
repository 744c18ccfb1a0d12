//! The names that git tracks below what is checked, and what the rules find in them. Git is asked for
//! lists only, and runs nothing that the repository configures.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use footgun_analysis::project::slashed;
use footgun_analysis::source::Source;
use footgun_rules::names::{self, Kind, LineEnds, NameReport, Tracked};
use footgun_rules::{Judge, RULES, Rule, Severity};

use crate::config::{ConfigError, Configs};
use crate::files::absolute;
use crate::files::git::{Entry, LINK, Repository, SUBMODULE};
use crate::premises::Premises;
use crate::report::fingerprint;
use crate::report::record::{Extent, Location, Record};
use crate::root::Root;
use crate::shown::named;

/// The mode of a file that is not run.
const FILE: &str = "100644";

/// The beginning of a file that names its interpreter.
const INTERPRETER: &[u8; 2] = b"#!";

/// What the rules find in the names below some folders.
#[derive(Debug, Default)]
pub struct Names {
    /// What they find, each once.
    pub findings: Vec<NameFinding>,
    /// The folders below which all names were judged.
    pub folders: Vec<PathBuf>,
}

/// What a rule finds in a name.
#[derive(Debug)]
pub struct NameFinding {
    /// The name, as a path from the current folder.
    pub path: PathBuf,
    /// What reports tell of it.
    pub record: Record,
}

impl Names {
    /// What reports tell.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.findings.iter().map(|finding| &finding.record)
    }

    /// Whether a path, told from the root, was judged.
    pub fn have_judged(&self, path: &str, root: &Root) -> bool {
        let path = root.folder().join(path);
        let mut folders = self.folders.iter();
        folders.any(|folder| path.starts_with(root.absolute(folder)))
    }
}

/// Judges the names below these folders, or `only` some of them, by their absolute paths. What is left out,
/// not meant for Windows or of a file where the rule does not run is not reported; in a working copy it
/// lies beside the others all the same.
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
) -> Result<Names, ConfigError> {
    let mut selections = vec![];
    for folder in folders {
        selections.push(configs.of(folder)?.selection(folder));
    }
    let is_running = |rule: &Rule| {
        premises.selections.run(rule.id) || selections.iter().any(|it| it.runs(rule.id))
    };
    let judges = RULES.iter().filter(|rule| is_running(rule));
    let judges = judges.filter_map(|rule| Some((rule, judge(rule)?)));
    let judges: Vec<(&Rule, names::Judge)> = judges.collect();
    let mut names = Names::default();
    if judges.is_empty() {
        return Ok(names);
    }
    for folder in folders {
        let tracked = tracked(folder, sources);
        for &(rule, judge) in &judges {
            for report in judge(&tracked) {
                let path = below(folder, &tracked[report.file].path);
                let around = path.parent().unwrap_or(Path::new(""));
                let is_wanted = only.is_none_or(|only| only.contains(&absolute(&path)));
                if !is_wanted || is_excluded(&path, configs) || !premises.wants(&path) {
                    continue;
                }
                let selection = configs.of(around)?.selection(&path);
                if selection.runs(rule.id) && configs.posix_only(around)?.is_none() {
                    let severity = selection.severity(rule);
                    let record = record(rule, severity, report, &path, root);
                    names.findings.push(NameFinding { path, record });
                }
            }
        }
    }
    let fingerprint = |finding: &NameFinding| finding.record.fingerprint.clone();
    names.findings.sort_by_key(fingerprint);
    names.findings.dedup_by_key(|finding| fingerprint(finding));
    if only.is_none() {
        names.folders = folders.to_vec();
    }
    Ok(names)
}

/// How a rule judges names, if it does.
pub fn judge(rule: &Rule) -> Option<names::Judge> {
    match rule.judge {
        Judge::Names(judge) => Some(judge),
        _ => None,
    }
}

/// The path of a name below a folder, as reports show it.
fn below(folder: &Path, name: &str) -> PathBuf {
    match folder == Path::new(".") {
        true => PathBuf::from(name),
        false => folder.join(name),
    }
}

/// The names below a folder; where there is no repository, those of sources.
fn tracked(folder: &Path, sources: &[Source]) -> Vec<Tracked> {
    let repository = Repository::at(folder);
    let of_sources = |_| {
        sources
            .iter()
            .filter_map(|source| entry(folder, source))
            .collect()
    };
    let entries = repository.tracked().unwrap_or_else(of_sources);
    let mut tracked: Vec<Tracked> = entries
        .iter()
        .map(|entry| Tracked {
            path: entry.name.clone(),
            kind: kind(folder, entry),
            line_ends: LineEnds::Told,
        })
        .collect();
    let is_script = |tracked: &&Tracked| tracked.kind == Kind::Script;
    let scripts = tracked.iter().filter(is_script);
    let scripts: Vec<&str> = scripts.map(|tracked| tracked.path.as_str()).collect();
    let open: HashSet<String> = repository
        .without_line_ends(&scripts)
        .unwrap_or_default()
        .into_iter()
        .collect();
    for tracked in &mut tracked {
        if open.contains(&tracked.path) {
            tracked.line_ends = LineEnds::Open;
        }
    }
    tracked
}

/// A source as git would keep it.
fn entry(folder: &Path, source: &Source) -> Option<Entry> {
    let name = match folder == Path::new(".") {
        true => &source.path,
        false => source.path.strip_prefix(folder).ok()?,
    };
    Some(Entry {
        mode: FILE.to_owned(),
        name: slashed(name),
    })
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

fn kind(folder: &Path, entry: &Entry) -> Kind {
    let name = entry.name.rsplit('/').next().unwrap_or(&entry.name);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    match (entry.mode.as_str(), extension) {
        (LINK, _) => Kind::Link,
        (SUBMODULE, _) => Kind::Submodule,
        (_, Some("sh" | "bash")) => Kind::Script,
        ("100755", None) if names_interpreter(&folder.join(&entry.name)) => Kind::Script,
        _ => Kind::File,
    }
}

/// Whether a file begins with a line that names its interpreter.
fn names_interpreter(path: &Path) -> bool {
    let mut beginning = [0; INTERPRETER.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut beginning));
    read.is_ok() && beginning == *INTERPRETER
}

fn record(rule: &Rule, severity: Severity, report: NameReport, path: &Path, root: &Root) -> Record {
    const START: Location = Location { row: 1, column: 1 };
    Record {
        rule: rule.id.to_owned(),
        title: rule.title.to_owned(),
        message: report.message,
        severity,
        extent: Extent {
            filename: named(path),
            cell: None,
            location: START,
            end_location: START,
        },
        fix: None,
        url: None,
        evidence: Vec::new(),
        help: report.help,
        fingerprint: fingerprint::of_name(rule.id, path, root),
    }
}
