//! What files require that write a requirement in each line.

use std::ops::Range;

use super::{Requirement, specified};

/// `install_requires` in `setup.cfg`.
pub(super) fn of_setup_cfg(text: &str) -> Vec<Requirement> {
    let mut all = Vec::new();
    let (mut in_options, mut in_list) = (false, false);
    for (start, line) in lines(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let continues = line.starts_with([' ', '\t']);
        if continues && in_list {
            all.extend(specified(trimmed, span(start, line, trimmed)));
        } else if let Some(section) = trimmed.strip_prefix('[') {
            (in_options, in_list) = (section == "options]", false);
        } else if !continues {
            let (key, value) = trimmed.split_once('=').unwrap_or((trimmed, ""));
            in_list = in_options && key.trim() == "install_requires";
            if in_list {
                let value = value.trim();
                all.extend(specified(value, span(start, line, value)));
            }
        }
    }
    all
}

/// A list for pip: requirements with options behind them, comments, and options by themselves.
pub(super) fn of_requirements(text: &str) -> Vec<Requirement> {
    let mut all = Vec::new();
    // A line may go on in the next one, which says more about the same requirement.
    let mut goes_on = false;
    for (start, line) in lines(text) {
        let is_begun = std::mem::replace(&mut goes_on, line.trim_end().ends_with('\\'));
        let line = line.trim_end().trim_end_matches('\\');
        let end = [" #", "\t#", " --"].iter().filter_map(|end| line.find(end));
        let written = line[..end.min().unwrap_or(line.len())].trim();
        if !is_begun && !written.starts_with(['#', '-']) {
            all.extend(specified(written, span(start, line, written)));
        }
    }
    all
}

/// The lines of a text, each with where it starts.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}

/// Where a part of a line is in the text.
fn span(start: usize, line: &str, part: &str) -> Range<usize> {
    let start = start + line.find(part).unwrap_or_default();
    start..start + part.len()
}
