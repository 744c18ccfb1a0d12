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
    /// The comments that have their lines to themselves: last row to first row.
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
        let alone = comments
            .iter()
            .filter(|comment| comment.alone)
            .map(|comment| {
                let span = comment.span;
                let (first, last) = self.texts.rows(Place { file, span });
                (last, first)
            })
            .collect();
        self.files.insert(
            file,
            FileIgnores {
                here,
                in_file,
                alone,
            },
        );
    }

    /// What silences `finding`, in comments; every comment that does so is used from now on.
    ///
    /// A comment counts where the finding points and on the statement that it names.
    pub fn silence(&mut self, finding: &Finding) -> Vec<Place> {
        let mut by = Vec::new();
        let places = [finding.place, finding.statement];
        // Both places are nearly always in one file, and a second look changes nothing.
        for place in places {
            let Some(file) = self.files.get_mut(&place.file) else {
                continue;
            };
            let rows = self.texts.rows(place);
            let top = file.top(rows.0);
            for ignore in file.reaching(top, rows.1) {
                if ignore.covers(finding.rule, rows.0) {
                    ignore.used = true;
                    if !by.contains(&ignore.place) {
                        by.push(ignore.place);
                    }
                }
            }
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
        let mut top = row;
        while let Some(&first) = self.alone.get(&(top - 1)) {
            top = first;
        }
        top
    }

    /// The ignores on the rows from `top` to `last`, and those about the file.
    fn reaching(&mut self, top: usize, last: usize) -> impl Iterator<Item = &mut Ignore<'a>> {
        let start = self.here.partition_point(|ignore| ignore.rows.1 < top);
        let end = self.here.partition_point(|ignore| ignore.rows.0 <= last);
        self.here[start..end].iter_mut().chain(&mut self.in_file)
    }
}

impl Ignore<'_> {
    fn rule(&self) -> Option<&str> {
        match self.says {
            Says::Here(rule) | Says::InFile(rule) => Some(rule),
            Says::AnythingHere | Says::Nothing => None,
        }
    }

    /// Whether it silences `rule` on a statement from row `first` on that it reaches.
    fn covers(&self, rule: &str, first: usize) -> bool {
        match self.says {
            // The marker is about footguns, not about comments, and stands on the statement itself.
            Says::AnythingHere => rule != unused_ignore::RULE.id && first <= self.rows.1,
            Says::Here(name) | Says::InFile(name) => name == rule,
            Says::Nothing => false,
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
            Says::Here(name) | Says::InFile(name) if selection.known(name).is_none() => (
                format!("no rule is called `{name}`, so this comment silences nothing"),
                match selection.similar(name) {
                    Some(similar) => format!("did you mean `{similar}`?"),
                    None => "`footgun-check --rules` lists the rules".to_owned(),
                },
            ),
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
