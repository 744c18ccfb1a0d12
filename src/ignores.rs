//! Ignore comments: which findings they silence, and which of them silence nothing.

use std::collections::{HashMap, HashSet};

use footgun_analysis::Comment;
use footgun_analysis::source::{FileId, Place, Span};
use footgun_rules::{Finding, unused_ignore};

use crate::directive::{DirectiveKind, directives};
use crate::selection::{Selection, Selections};
use crate::texts::Texts;

/// The ignore comments of a project.
#[derive(Debug)]
pub struct Ignores<'a> {
    texts: &'a Texts<'a>,
    files: HashMap<FileId, FileIgnores<'a>>,
}

/// The ignore comments of a file.
#[derive(Debug, Default)]
struct FileIgnores<'a> {
    /// Those about statements, in the order of their rows.
    here: Vec<Ignore<'a>>,
    /// Those about the file.
    in_file: Vec<Ignore<'a>>,
    /// Those in [`FileIgnores::here`] about each rule, and about any.
    here_by_rule: HashMap<Option<&'a str>, Vec<usize>>,
    /// Those in [`FileIgnores::in_file`] about each rule.
    in_file_by_rule: HashMap<&'a str, Vec<usize>>,
    /// The comments that have their lines to themselves: last row to the first row of the comments
    /// that stand directly above, or its own.
    alone: HashMap<usize, usize>,
}

/// What one directive says about one rule.
#[derive(Debug)]
struct Ignore<'a> {
    /// The rule's name; where there is none, the directive.
    place: Place,
    says: Says<'a>,
    /// The first and last row of the comment.
    rows: (usize, usize),
    used: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says<'a> {
    /// Upstream's marker.
    AnythingHere,
    /// A rule on a statement.
    Here(&'a str),
    /// A rule in the whole file.
    InFile(&'a str),
    /// No rule, by mistake.
    Nothing,
    /// Nothing, by a mistake in its key.
    Misspelt,
}

impl<'a> Ignores<'a> {
    /// No comments yet, of the project of `texts`.
    pub fn new(texts: &'a Texts<'a>) -> Ignores<'a> {
        Ignores {
            texts,
            files: HashMap::new(),
        }
    }

    /// Adds the comments of a file.
    pub fn add(&mut self, file: FileId, comments: &[Comment]) {
        let mut ignores = Vec::new();
        for comment in comments {
            ignores.extend(read(self.texts, file, comment));
        }
        if ignores.is_empty() {
            return;
        }
        let (in_file, mut here): (Vec<_>, Vec<_>) = ignores
            .into_iter()
            .partition(|ignore| matches!(ignore.says, Says::InFile(_)));
        here.sort_by_key(|ignore| ignore.rows);
        let mut ignores = FileIgnores {
            here,
            in_file,
            ..FileIgnores::default()
        };
        for comment in comments.iter().filter(|comment| comment.alone) {
            let span = comment.span;
            let (first, last) = self.texts.rows(Place { file, span });
            let top = ignores.top(first);
            ignores.alone.insert(last, top);
        }
        for (index, ignore) in ignores.here.iter().enumerate() {
            let key = match ignore.says {
                Says::AnythingHere => None,
                Says::Here(rule) => Some(rule),
                Says::InFile(_) | Says::Nothing | Says::Misspelt => continue,
            };
            ignores.here_by_rule.entry(key).or_default().push(index);
        }
        for (index, ignore) in ignores.in_file.iter().enumerate() {
            if let Says::InFile(rule) = ignore.says {
                ignores.in_file_by_rule.entry(rule).or_default().push(index);
            }
        }
        self.files.insert(file, ignores);
    }

    /// What silences `finding`, in comments; every comment that does so is used from now on.
    ///
    /// A comment counts where the finding points and on the statement that it names.
    pub fn silence(&mut self, finding: &Finding) -> Vec<Place> {
        let mut by = Vec::new();
        let mut seen = HashSet::new();
        let places = [finding.place, finding.statement];
        // Both places are nearly always in one file, and a second look changes nothing.
        for place in places {
            let Some(file) = self.files.get_mut(&place.file) else {
                continue;
            };
            let rows = self.texts.rows(place);
            file.reaching(finding.rule, rows, |ignore| {
                ignore.used = true;
                if seen.insert(ignore.place) {
                    by.push(ignore.place);
                }
            });
        }
        by
    }

    /// Reports the comments that silence nothing, but those in the files that were not wholly read.
    /// Comes after every finding had its turn with [`Ignores::silence`].
    pub fn unused(mut self, selections: &Selections, unread: &HashSet<FileId>) -> Vec<Finding> {
        const ID: &str = unused_ignore::RULE.id;
        // A comment that ignores this rule is judged last, by what the others gave it to silence.
        let is_about_this = |ignore: &Ignore| ignore.rule() == Some(ID);
        let others = self.idle(selections, unread, |ignore| !is_about_this(ignore));
        let mut findings: Vec<Finding> = others
            .into_iter()
            .filter(|finding| self.silence(finding).is_empty())
            .collect();
        findings.extend(self.idle(selections, unread, is_about_this));
        findings
    }

    /// Findings about the unused ignores that are `wanted`.
    fn idle(
        &self,
        selections: &Selections,
        unread: &HashSet<FileId>,
        wanted: impl Fn(&Ignore) -> bool,
    ) -> Vec<Finding> {
        self.files
            .iter()
            .filter(|(file, _)| !unread.contains(file))
            .flat_map(|(&id, file)| {
                let selection = selections.of(&self.texts.project().file(id).path);
                let ignores = file.here.iter().chain(&file.in_file);
                ignores
                    .filter(|ignore| !ignore.used && wanted(ignore))
                    .filter_map(|ignore| ignore.complaint(selection))
            })
            .collect()
    }
}

/// What a comment says, rule by rule.
fn read<'a>(texts: &'a Texts, file: FileId, comment: &Comment) -> Vec<Ignore<'a>> {
    let text = &texts.text(file)[comment.span.range()];
    let mut ignores = Vec::new();
    for directive in directives(text) {
        let mut add = |says, range: std::ops::Range<usize>| {
            let start = comment.span.range().start;
            let place = Place {
                file,
                span: Span::new(start + range.start, start + range.end),
            };
            let rows = texts.rows(Place {
                file,
                span: comment.span,
            });
            ignores.push(Ignore {
                place,
                says,
                rows,
                used: false,
            });
        };
        match directive.kind {
            DirectiveKind::Upstream => add(Says::AnythingHere, directive.range),
            DirectiveKind::Nothing => add(Says::Nothing, directive.range),
            DirectiveKind::Misspelt => add(Says::Misspelt, directive.range),
            DirectiveKind::Statement(rules) => {
                for rule in rules {
                    add(Says::Here(&text[rule.clone()]), rule);
                }
            }
            DirectiveKind::File(rules) => {
                for rule in rules {
                    add(Says::InFile(&text[rule.clone()]), rule);
                }
            }
        }
    }
    ignores
}

impl<'a> FileIgnores<'a> {
    /// The first row of the comments directly above `row`, or `row`.
    fn top(&self, row: usize) -> usize {
        self.alone.get(&(row - 1)).copied().unwrap_or(row)
    }

    /// Visits the ignores that silence `rule` on a statement from row `first` to row `last`: those on
    /// these rows and in the comments above, and those about the file.
    fn reaching(
        &mut self,
        rule: &str,
        (first, last): (usize, usize),
        mut visit: impl FnMut(&mut Ignore<'a>),
    ) {
        let top = self.top(first);
        let mut here = Vec::new();
        for key in [None, Some(rule)] {
            let about = self.here_by_rule.get(&key).map_or(&[][..], Vec::as_slice);
            let start = about.partition_point(|&index| self.here[index].rows.1 < top);
            let end = about.partition_point(|&index| self.here[index].rows.0 <= last);
            here.extend_from_slice(&about[start..end]);
        }
        here.sort_unstable();
        for index in here {
            let ignore = &mut self.here[index];
            if ignore.covers(rule, first) {
                visit(ignore);
            }
        }
        for &index in self.in_file_by_rule.get(rule).into_iter().flatten() {
            visit(&mut self.in_file[index]);
        }
    }
}

impl Ignore<'_> {
    fn rule(&self) -> Option<&str> {
        match self.says {
            Says::Here(rule) | Says::InFile(rule) => Some(rule),
            Says::AnythingHere | Says::Nothing | Says::Misspelt => None,
        }
    }

    /// Whether it silences `rule` on a statement from row `first` on that its row reaches.
    fn covers(&self, rule: &str, first: usize) -> bool {
        match self.says {
            // The marker is about footguns, not about comments, and stands on the statement itself.
            Says::AnythingHere => rule != unused_ignore::RULE.id && first <= self.rows.1,
            Says::Here(name) | Says::InFile(name) => name == rule,
            Says::Nothing | Says::Misspelt => false,
        }
    }

    /// What is wrong with it, being unused; nothing where its rule did not run, or this one.
    fn complaint(&self, selection: &Selection) -> Option<Finding> {
        let rule = unused_ignore::RULE;
        if !selection.runs(rule.id) {
            return None;
        }
        let (message, help) = match self.says {
            Says::AnythingHere if !selection.by_name(rule.id) => return None,
            Says::AnythingHere => (
                "no rule finds anything here, so this marker silences nothing".to_owned(),
                "remove the marker".to_owned(),
            ),
            Says::Nothing => (
                "this comment names no rule, so it silences nothing".to_owned(),
                "name the rules in brackets: `footgun: ignore[rule, …] reason`".to_owned(),
            ),
            Says::Misspelt => (
                "this comment is not for footgun-check, so it silences nothing: the marker is \
                 `footgun:`"
                    .to_owned(),
                "write `footgun: ignore[rule, …] reason`".to_owned(),
            ),
            Says::Here(name) | Says::InFile(name) if selection.known(name).is_none() => {
                let similar = selection.similar(name);
                let meant = similar.map(|similar| format!(": did you mean `{similar}`?"));
                let silent = "so this comment silences nothing";
                (
                    format!(
                        "no rule is called `{name}`, {silent}{}",
                        meant.unwrap_or_default()
                    ),
                    match similar {
                        Some(similar) => format!("write `{similar}`"),
                        None => "`footgun-check --rules` lists the rules".to_owned(),
                    },
                )
            }
            Says::Here(name) | Says::InFile(name) if !selection.runs(name) => return None,
            Says::Here(name) => (
                format!("`{name}` finds nothing here to ignore"),
                format!("remove `{name}` from the comment"),
            ),
            Says::InFile(name) => (
                format!("`{name}` finds nothing in this file to ignore"),
                format!("remove `{name}` from the comment"),
            ),
        };
        Some(Finding {
            rule: rule.id,
            severity: rule.severity,
            place: self.place,
            statement: self.place,
            message,
            help,
            evidence: Vec::new(),
            fix: None,
        })
    }
}

#[cfg(test)]
#[path = "ignores_tests.rs"]
mod tests;
