//! The names that git tracks below a folder. Git is asked for lists only, and runs nothing that the
//! repository configures.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use footgun_analysis::project::slashed;
use footgun_analysis::source::Source;
use footgun_rules::names::{Kind, LineEnds, Tracked};
use footgun_rules::{Judge, Rule};

use super::Told;
use crate::config::declared::requirements::FILES;
use crate::files::git::{Entry, LINK, Repository, SUBMODULE};
use crate::report::record::Location;

/// The mode of a file that is not run.
const FILE: &str = "100644";

/// The beginning of a file that names its interpreter.
const INTERPRETER: &[u8; 2] = b"#!";

/// What the rules find in names.
pub(super) fn judged(rules: &[&'static Rule], tracked: &[Tracked]) -> Vec<Told> {
    const START: Location = Location { row: 1, column: 1 };
    let mut told = Vec::new();
    for &rule in rules {
        let Judge::Names(judge) = rule.judge else {
            continue;
        };
        told.extend(judge(tracked).into_iter().map(|report| Told {
            rule,
            name: tracked[report.file].path.clone(),
            locations: [START; 2],
            message: report.message,
            help: report.help,
            about: String::new(),
        }));
    }
    told
}

/// The names below a folder; where there is no repository, those of sources and of the files that say what
/// these require.
pub(super) fn tracked(folder: &Path, sources: &[Source]) -> Vec<Tracked> {
    let repository = Repository::at(folder);
    let of_sources = |_| {
        let entries = sources.iter().filter_map(|source| entry(folder, source));
        let entries: Vec<Entry> = entries.collect();
        let beside = beside(folder, &entries);
        entries.into_iter().chain(beside).collect()
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

/// What says what is required, beside sources and above them.
fn beside(folder: &Path, sources: &[Entry]) -> Vec<Entry> {
    let above = sources.iter().flat_map(|Entry { name, .. }| {
        let ends = name.match_indices('/').map(|(at, _)| at + 1);
        ends.map(|end| &name[..end])
    });
    let folders: BTreeSet<&str> = above.chain([""]).collect();
    let named = folders
        .iter()
        .flat_map(|above| FILES.map(|name| format!("{above}{name}")));
    let there = named.filter(|name| folder.join(name).is_file());
    there
        .map(|name| Entry {
            mode: FILE.to_owned(),
            name,
        })
        .collect()
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
