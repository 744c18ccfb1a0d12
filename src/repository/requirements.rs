//! What the files of a project say it requires.

use std::fs;
use std::ops::Range;
use std::path::Path;

use footgun_analysis::source::{Lines, Position};
use footgun_rules::names::Tracked;
use footgun_rules::requirements::Required;
use footgun_rules::{Judge, Rule, requirements};

use super::Told;
use crate::config::declared::requirements::{FILES, required};
use crate::directive::{DirectiveKind, directives};
use crate::report::record::Location;

/// What the rules find in what is required; in an audit comments have no say.
pub(super) fn judged(
    rules: &[&'static Rule],
    folder: &Path,
    tracked: &[Tracked],
    is_audit: bool,
) -> Vec<Told> {
    let judges = rules.iter().filter_map(|&rule| match rule.judge {
        Judge::Requirements(judge) => Some((rule, judge)),
        _ => None,
    });
    let judges: Vec<(&'static Rule, requirements::Judge)> = judges.collect();
    let mut told = Vec::new();
    if judges.is_empty() {
        return told;
    }
    for Tracked { path, .. } in tracked {
        let file_name = path.rsplit('/').next().unwrap_or(path);
        if !FILES.contains(&file_name) {
            continue;
        }
        let Ok(text) = fs::read_to_string(folder.join(path)) else {
            continue;
        };
        let lines = Lines::of(&text);
        for requirement in required(file_name, &text) {
            let required = Required {
                name: requirement.name,
                on_windows: requirement.on_windows,
            };
            for &(rule, judge) in &judges {
                let Some(report) = judge(&required) else {
                    continue;
                };
                if !is_audit && is_ignored(rule, &text, &lines, &requirement.span) {
                    continue;
                }
                let location = |at: usize| {
                    let Position { row, column } = lines.position(&text, at as u32);
                    Location { row, column }
                };
                told.push(Told {
                    rule,
                    name: path.clone(),
                    locations: [
                        location(requirement.span.start),
                        location(requirement.span.end),
                    ],
                    message: report.message,
                    help: report.help,
                    about: required.name.clone(),
                });
            }
        }
    }
    told
}

/// Whether a comment in the line of a requirement, or in the line above, ignores a rule.
fn is_ignored(rule: &Rule, text: &str, lines: &Lines, span: &Range<usize>) -> bool {
    let row = lines.row(span.start as u32);
    let says = |row: usize| {
        let line = &text[lines.range(text, row)];
        let comment = line.find('#').map(|at| &line[at..]);
        directives(comment.unwrap_or_default())
            .into_iter()
            .any(|directive| match directive.kind {
                DirectiveKind::Statement(rules) => {
                    let comment = comment.unwrap_or_default();
                    rules.into_iter().any(|range| comment[range] == *rule.id)
                }
                _ => false,
            })
    };
    says(row)
        || row > 1
            && text[lines.range(text, row - 1)]
                .trim_start()
                .starts_with('#')
            && says(row - 1)
}
