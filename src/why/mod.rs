//! What `--why` prints: everything that is known of a line, so that a user can argue with it.

mod call;
mod reach;

use std::borrow::Cow;

use footgun_analysis::explain::Explanation;
use footgun_analysis::facts::Facts;
use footgun_analysis::project::slashed;
use footgun_analysis::source::{FileId, Place, Span};
use footgun_rules::{Finding, Rule, unused_ignore};

use crate::args::Line;
use crate::check::Checked;
use crate::files::notebook::is_notebook;
use crate::selection::Selection;
use crate::shown::shown;
use crate::texts::Texts;
use call::Call;

/// The bytes of a line, without the white space around it; or why it cannot be spoken of.
pub fn find(texts: &Texts, line: &Line) -> Result<Place, String> {
    let name = slashed(&line.path);
    let real = line.path.canonicalize().ok();
    let is_it = |file: &FileId| {
        let path = &texts.project().file(*file).path;
        texts.name(*file) == name || real.is_some() && path.canonicalize().ok() == real
    };
    let Some(file) = texts.files().into_iter().find(is_it) else {
        return Err(format!(
            "{}: not among the files checked",
            shown(&line.path)
        ));
    };
    let text = texts.text(file);
    let lines = texts.lines(file);
    let Some(row) = texts.row(file, line.cell, line.row) else {
        return Err(missing(texts, file, line));
    };
    let range = lines.range(text, row);
    let words = text[range.clone()].trim_end();
    let start = range.start + (words.len() - words.trim_start().len());
    let end = range.start + words.len();
    let span = Span::new(start, end);
    Ok(Place { file, span })
}

/// Why a line cannot be spoken of that its file does not have.
fn missing(texts: &Texts, file: FileId, line: &Line) -> String {
    let name = shown(&texts.project().file(file).path);
    let row = line.row;
    let has_cells = is_notebook(&line.path);
    match line.cell {
        Some(cell) if has_cells => format!("{name}: no cell {cell} of Python with a line {row}"),
        None if has_cells => {
            format!("{name}: a line of a notebook is named as {name}:cell N:{row}")
        }
        _ => {
            let text = texts.text(file);
            let has_end = text.ends_with(['\n', '\r']);
            let count = texts.lines(file).count() - usize::from(has_end);
            let plural = if count == 1 { "" } else { "s" };
            format!("{name}:{row}: the file has {count} line{plural}")
        }
    }
}

/// Everything that is known of a line.
pub struct Why<'a> {
    /// The texts of the project.
    pub texts: &'a Texts<'a>,
    /// The rules that run.
    pub selection: &'a Selection,
    /// What became of the project.
    pub checked: &'a Checked,
    /// What evaluation tells about the line.
    pub explanation: &'a Explanation,
    /// The line.
    pub place: Place,
}

impl Why<'_> {
    /// It, in words.
    pub fn page(&self) -> String {
        let at = self.texts.start(self.place).line();
        let name = self.texts.name(self.place.file);
        let line = &self.texts.text(self.place.file)[self.place.span.range()];
        if line.is_empty() {
            return format!("{name}:{at}: nothing stands on this line\n");
        }
        let windows = &self.explanation.runs[0];
        let facts: Vec<&Facts> = self.checked.facts.iter().collect();
        let calls = self.calls(&facts);
        let mut left_out = self.calls(&[&windows.left_out]);
        left_out.retain(|call| !calls.iter().any(|other| call.same(other)));
        let known: Vec<Place> = calls
            .iter()
            .chain(&left_out)
            .map(|call| call.place)
            .collect();

        let mut page = format!("{name}:{at}\n    {line}\n{}", self.reach());
        page += &pages(&calls, "");
        page += &pages(&left_out, " (does not count, see above)");
        page += &self.calls_elsewhere(&known);
        page + &self.verdicts(&calls)
    }

    /// The calls of the line, or those it has a part in.
    fn calls(&self, facts: &[&Facts]) -> Vec<Call> {
        let described = |wanted: &dyn Fn(&[Place]) -> bool| {
            let mut calls: Vec<Call> = Vec::new();
            // Evaluation gets to a call in several ways and from several files.
            for call in facts.iter().flat_map(|facts| self.describe(facts, wanted)) {
                match calls.iter_mut().find(|other| other.same(&call)) {
                    Some(other) => other.merge(call),
                    None => calls.push(call),
                }
            }
            calls
        };
        // What stands on the line; or else what the line has a part in.
        let direct = described(&|places| places[..2].iter().any(|place| self.on_line(*place)));
        if !direct.is_empty() {
            return direct;
        }
        described(&|places| places.iter().any(|place| self.on_line(*place)))
    }

    /// Calls on the line that other platforms make and Windows does not.
    fn calls_elsewhere(&self, known: &[Place]) -> String {
        let mut elsewhere = Vec::new();
        for run in &self.explanation.runs[1..] {
            for site in call::sites(&run.facts) {
                if self.on_line(site.statement) && !known.contains(&site.call) {
                    elsewhere.push((site.call, site.api.as_str(), run.platform));
                }
            }
        }
        self.elsewhere(elsewhere)
    }

    /// What each rule says about the line and the calls it has a part in.
    fn verdicts(&self, calls: &[Call]) -> String {
        let mut page = "\nRules\n".to_owned();
        let width = self.selection.rules().map(|rule| rule.id.len()).max();
        let width = width.unwrap_or_default();
        let fires = |rule: &Rule| !self.fires(rule, calls).is_empty();
        if calls.is_empty() && !self.selection.rules().any(fires) {
            return page + "  all are silent: Windows makes no call here that they judge\n";
        }
        for rule in self.selection.rules() {
            let mut said = self.fires(rule, calls);
            if said.is_empty() {
                said.push(format!("is silent: {}", self.silence(rule, calls)));
            }
            for said in said {
                page += &format!("  {:width$}  {said}\n", rule.id);
            }
        }
        page
    }

    fn fires(&self, rule: &Rule, calls: &[Call]) -> Vec<String> {
        let concerns =
            |finding: &&Finding| finding.rule == rule.id && self.concerns(finding, calls);
        let findings = self.checked.findings.iter().filter(concerns);
        let mut said: Vec<String> = findings
            .map(|finding| format!("fires at {}", self.said(finding)))
            .collect();
        for (finding, by) in &self.checked.silenced {
            if concerns(&finding) {
                let by: Vec<String> = by.iter().map(|place| self.quoted(*place)).collect();
                said.push(format!(
                    "is silenced by {}; without it, it fires at {}",
                    by.join(" and "),
                    self.said(finding)
                ));
            }
        }
        said
    }

    /// Why a rule finds nothing in calls.
    fn silence(&self, rule: &Rule, calls: &[Call]) -> String {
        let mut because: Vec<&str> = Vec::new();
        for silence in &self.checked.silences {
            let is_about = calls.iter().any(|call| call.place == silence.call);
            if silence.rule == rule.id && is_about && !because.contains(&silence.because) {
                because.push(silence.because);
            }
        }
        if !because.is_empty() {
            return because.join("; ");
        }
        let nothing = if rule.id == unused_ignore::RULE.id {
            "no ignore comment stands here that silences nothing"
        } else {
            "it does not judge such calls"
        };
        nothing.to_owned()
    }

    fn said(&self, finding: &Finding) -> String {
        format!("{}: {}", self.texts.at(finding.place), finding.message)
    }

    /// Whether a finding has to do with the line, or with one of the calls it has a part in.
    fn concerns(&self, finding: &Finding, calls: &[Call]) -> bool {
        let evidence = finding.evidence.iter().map(|evidence| evidence.place);
        let mut places = [finding.place, finding.statement]
            .into_iter()
            .chain(evidence);
        let statement = finding.statement;
        let holds = |call: Place| call.file == statement.file && statement.span.contains(call.span);
        places.any(|place| self.on_line(place)) || calls.iter().any(|call| holds(call.place))
    }

    // ---- places in words ----

    /// Whether a place has a part in the line.
    fn on_line(&self, place: Place) -> bool {
        let (row, _) = self.texts.rows(self.place);
        let (first, last) = self.texts.rows(place);
        place.file == self.place.file && first <= row && row <= last
    }

    /// What stands at a place, and where.
    fn quoted(&self, place: Place) -> String {
        let text = &self.texts.text(place.file)[place.span.range()];
        // What a definition is called stands below its decorators and attributes.
        let is_decoration = |line: &&str| line.trim_start().starts_with(['@', '#']);
        let mut lines = text.lines().skip_while(is_decoration);
        let line = lines.next().unwrap_or(text).trim();
        let short = shortened(line);
        let cut = line.len() < text.trim().len() && !short.ends_with('…');
        let more = if cut { "…" } else { "" };
        format!("`{short}{more}` ({})", self.texts.at(place))
    }
}

/// Calls in words; of many with values of their own, the first.
fn pages(calls: &[Call], note: &str) -> String {
    const MOST: usize = 4;
    let shown = calls.iter().take(MOST).map(|call| call.page(note));
    let mut page: String = shown.collect();
    if calls.len() > MOST {
        let more = calls.len() - MOST;
        page += &format!("\nand {more} more with other values or handlers{note}\n");
    }
    page
}

/// The text, or its beginning.
fn shortened(text: &str) -> Cow<'_, str> {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The first of some lines, and how many more there are.
fn some(lines: &[String]) -> Vec<String> {
    const MOST: usize = 5;
    let mut shown: Vec<String> = lines.iter().take(MOST).cloned().collect();
    if lines.len() > MOST {
        shown.push(format!("and {} more", lines.len() - MOST));
    }
    shown
}
