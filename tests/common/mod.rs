//! What the tests of pages and of fixtures share: a small project, what its `expect` comments say of
//! it, and what the rules find in it.
//!
//! `# expect: rule-id` (in Rust `// expect: rule-id`; several ids with commas between them) says that
//! a finding of the rule begins in that row. A row without it is expected to be silent.

// Each test crate uses its own part of this module.
#![allow(dead_code)]

pub mod page;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use footgun_analysis::project::Project;
use footgun_analysis::source::{Language, Lines, Source};
use footgun_check::check::check;
use footgun_check::premises::Premises;
use footgun_check::terminal::progress::Progress;
use footgun_check::texts::Texts;
use footgun_rules::{Finding, RULES};

/// A finding, as it is expected: file, row, rule.
pub type Mark = (PathBuf, usize, String);

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A project of these paths and texts; paths that are not of a known language are left out.
pub fn project(files: impl IntoIterator<Item = (PathBuf, String)>) -> Project {
    let sources = files.into_iter().filter_map(|(path, text)| {
        Some(Source {
            language: Language::of(&path)?,
            path,
            text,
        })
    });
    Project::new(sources.collect())
}

/// The project of all files below a folder, with paths relative to it.
pub fn project_in(folder: &Path) -> Project {
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    project(files)
}

fn collect(base: &Path, folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for path in children(folder) {
        if path.is_dir() {
            collect(base, &path, files);
        } else if Language::of(&path).is_some() {
            let text = std::fs::read_to_string(&path).expect("a text");
            let relative = path.strip_prefix(base).expect("a path below the folder");
            files.push((relative.to_owned(), text));
        }
    }
}

/// What stands directly in a folder, in the order of the names.
pub fn children(folder: &Path) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder's entry").path())
        .collect();
    paths.sort();
    paths
}

/// What all rules find in all files of a project that says it requires nothing, with ignore comments
/// applied.
pub fn findings(project: &Project) -> Vec<Finding> {
    let mut premises = Premises::plain(RULES);
    premises.options.requires = Some(BTreeSet::new());
    check(&Texts::new(project), &premises, &Progress::default()).findings
}

/// What is found, as marks.
pub fn found(project: &Project) -> BTreeSet<Mark> {
    let mark = |finding: Finding| {
        let source = project.file(finding.place.file);
        let row = Lines::of(&source.text).row(finding.place.span.start);
        (source.path.clone(), row, finding.rule.to_owned())
    };
    findings(project).into_iter().map(mark).collect()
}

/// What the comments of the files expect.
pub fn expected(project: &Project) -> BTreeSet<Mark> {
    let mut marks = BTreeSet::new();
    for source in &project.files {
        for (index, line) in source.text.lines().enumerate() {
            for rule in expected_in(line) {
                marks.insert((source.path.clone(), index + 1, rule.to_owned()));
            }
        }
    }
    marks
}

/// The rules that a line expects.
fn expected_in(line: &str) -> impl Iterator<Item = &str> {
    let ids = ["# expect: ", "// expect: "]
        .iter()
        .find_map(|marker| line.split_once(marker))
        .map_or("", |(_, ids)| ids);
    ids.split(',').map(str::trim).filter(|id| !id.is_empty())
}

/// How what is found differs from what is expected, row by row; `None` where it does not. Of the rules that are
/// off by default only those count that a file expects something of, or that are the example's `own`.
pub fn difference(name: &str, project: &Project, own: Option<&str>) -> Option<String> {
    let (expected, mut found) = (expected(project), found(project));
    found.retain(|(_, _, id)| {
        let is_wanted = |(_, _, expected): &Mark| expected == id;
        let is_off = RULES.iter().any(|rule| rule.id == *id && !rule.by_default);
        !is_off || own == Some(id) || expected.iter().any(is_wanted)
    });
    let missing = expected.difference(&found).map(|mark| ("missing", mark));
    let surplus = found
        .difference(&expected)
        .map(|mark| ("not expected", mark));
    let rows: Vec<String> = missing
        .chain(surplus)
        .map(|(what, (path, row, rule))| {
            let source = project.files.iter().find(|source| source.path == *path);
            let line = source.and_then(|source| source.text.lines().nth(row - 1));
            let line = line.unwrap_or_default().trim();
            format!(
                "  {what}: {rule} at {}:{row}\n      {line}\n",
                path.display()
            )
        })
        .collect();
    (!rows.is_empty()).then(|| format!("{name}\n{}", rows.concat()))
}

/// Fails with every difference, if there are any.
pub fn assert_none(differences: Vec<String>) {
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}
