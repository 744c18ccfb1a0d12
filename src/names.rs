//! The names that git tracks below what is checked, and what the rules find in them. Git is asked for
//! lists only, and runs nothing that the repository configures.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use footgun_analysis::project::slashed;
use footgun_analysis::source::Source;
use footgun_rules::names::{self, Kind, LineEnds, NameReport, Tracked};
use footgun_rules::{Judge, RULES, Rule};

use crate::config::{ConfigError, Configs};
use crate::files::git::{Entry, Repository};
use crate::premises::Premises;
use crate::report::fingerprint;
use crate::report::record::{Extent, Location, Record};
use crate::root::Root;
use crate::shown::named;

/// The mode of a file that is not run.
const FILE: &str = "100644";

/// The beginning of a file that names its interpreter.
const INTERPRETER: &[u8; 2] = b"#!";

/// What the rules find in the names below these folders.
///
/// # Errors
///
/// A configuration file is wrong.
pub fn records(
    folders: &[PathBuf],
    sources: &[Source],
    premises: &Premises,
    configs: &Configs,
    root: &Root,
) -> Result<Vec<Record>, ConfigError> {
    let mut records: Vec<Record> = Vec::new();
    if premises
        .selections
        .of(Path::new(""))
        .rules()
        .all(|rule| judge(rule).is_none())
    {
        return Ok(records);
    }
    for folder in folders {
        let tracked = tracked(folder, sources, configs)?;
        for rule in RULES {
            let Some(judge) = judge(rule) else {
                continue;
            };
            for report in judge(&tracked) {
                let path = below(folder, &tracked[report.file].path);
                let settings = configs.of(path.parent().unwrap_or(Path::new("")))?;
                if settings.selection(&path).runs(rule.id) && premises.wants(&path) {
                    records.push(record(rule, report, &path, root));
                }
            }
        }
    }
    records.sort_by(|one, next| one.fingerprint.cmp(&next.fingerprint));
    records.dedup_by(|next, first| next.fingerprint == first.fingerprint);
    Ok(records)
}

/// How a rule judges names, if it does.
fn judge(rule: &Rule) -> Option<names::Judge> {
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

/// The names below a folder that are not excluded; where there is no repository, those of sources.
fn tracked(
    folder: &Path,
    sources: &[Source],
    configs: &Configs,
) -> Result<Vec<Tracked>, ConfigError> {
    let repository = Repository::at(folder);
    let mut entries = Vec::new();
    let of_sources = |_| {
        sources
            .iter()
            .filter_map(|source| entry(folder, source))
            .collect()
    };
    for entry in repository.tracked().unwrap_or_else(of_sources) {
        if !is_excluded(&below(folder, &entry.name), configs)? {
            entries.push(entry);
        }
    }
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
    Ok(tracked)
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

fn is_excluded(path: &Path, configs: &Configs) -> Result<bool, ConfigError> {
    let settings = configs.of(path.parent().unwrap_or(Path::new("")))?;
    let mut around = path.ancestors();
    Ok(around.any(|above| settings.leaves_out(above, above != path, || false)))
}

fn kind(folder: &Path, entry: &Entry) -> Kind {
    let name = entry.name.rsplit('/').next().unwrap_or(&entry.name);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    match (entry.mode.as_str(), extension) {
        ("120000", _) => Kind::Link,
        ("160000", _) => Kind::Submodule,
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

fn record(rule: &Rule, report: NameReport, path: &Path, root: &Root) -> Record {
    const START: Location = Location { row: 1, column: 1 };
    Record {
        rule: rule.id.to_owned(),
        title: rule.title.to_owned(),
        message: report.message,
        severity: rule.severity,
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
