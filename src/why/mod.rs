//! What `--why` prints: everything that is known of a line, so that a user can check the reasoning.

pub mod address;
mod call;
mod reach;

use std::borrow::Cow;

use footgun_analysis::explain::Explanation;
use footgun_analysis::facts::Facts;
use footgun_analysis::platform::Platform;
use footgun_analysis::source::{Place, Span};
use footgun_rules::{Finding, Rule};
use thiserror::Error;

use crate::check::Checked;
use crate::config::PosixOnly;
use crate::selection::Selection;
use crate::texts::Texts;
use address::FindError;
use call::Call;

/// Why nothing can be explained.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum WhyError {
    /// There is no such line.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The line does not parse, or the file as a whole.
    #[error("{at}: {message}")]
    Unparsed {
        /// The place of the mistake.
        at: String,
        /// What the parser says.
        message: String,
    },
}

/// Everything that is known of a line.
pub struct Why<'a> {
    /// The texts of the project.
    pub texts: &'a Texts<'a>,
    /// The rules that run.
    pub selection: &'a Selection,
    /// Why none runs, if the file is not meant for Windows.
    pub posix_only: Option<&'a PosixOnly>,
    /// What became of the project.
    pub checked: &'a Checked,
    /// What evaluation tells about the line.
    pub explanation: &'a Explanation,
    /// The line.
    pub place: Place,
    /// The byte of the line that was asked for in particular.
    pub offset: Option<u32>,
}

impl Why<'_> {
    /// The explanation in words.
    pub fn page(&self) -> String {
        let file = self.place.file;
        let name = self.texts.name(file);
        let at = match self.offset {
            Some(offset) => {
                let span = Span::new(offset as usize, offset as usize);
                self.texts.start(Place { file, span }).to_string()
            }
            None => self.texts.start(self.place).line(),
        };
        let line = &self.texts.text(file)[self.place.span.range()];
        if line.is_empty() {
            return format!("{name}:{at}: this line is empty\n");
        }
        let windows = &self.explanation.runs[0];
        let facts: Vec<&Facts> = self.checked.facts.iter().collect();
        let mut calls = self.calls(&facts);
        let mut skipped = self.calls(&[&windows.left_out]);
        skipped.retain(|call| !calls.iter().any(|other| call.same(other)));
        let mut elsewhere = self.calls_elsewhere();
        elsewhere.retain(|(place, ..)| {
            let mut known = calls.iter().chain(&skipped);
            !known.any(|call| call.place == *place)
        });
        let known = calls.iter().chain(&skipped).map(|call| call.place);
        let known: Vec<Place> = known.chain(elsewhere.iter().map(|it| it.0)).collect();
        let chosen = self.innermost(&known);
        calls.retain(|call| chosen.contains(&call.place));
        skipped.retain(|call| chosen.contains(&call.place));
        elsewhere.retain(|(place, ..)| chosen.contains(place));
        let others: Vec<Place> = known
            .into_iter()
            .filter(|call| !chosen.contains(call))
            .collect();

        let mut page = format!("{name}:{at}\n    {line}\n{}", self.reach());
        page += &pages(&calls, "");
        page += &pages(&skipped, " (skipped, see above)");
        page += &self.elsewhere(elsewhere);
        page + &self.verdicts(&calls, &others)
    }

    /// Of the places that hold the column asked for the innermost; all of them where none does, or no
    /// column was asked for.
    fn innermost(&self, places: &[Place]) -> Vec<Place> {
        let holds = |place: &&Place| {
            let span = place.span;
            place.file == self.place.file
                && self
                    .offset
                    .is_some_and(|at| span.start <= at && at < span.end)
        };
        let innermost = places
            .iter()
            .filter(holds)
            .min_by_key(|it| it.span.range().len());
        match innermost {
            Some(innermost) => vec![*innermost],
            None => places.to_vec(),
        }
    }

    /// The calls of the line, or those it has a part in.
    fn calls(&self, facts: &[&Facts]) -> Vec<Call> {
        let described = |wanted: &dyn Fn(&[Place]) -> bool| {
            let mut calls: Vec<Call> = Vec::new();
            // A call may be reached in several ways and from several files.
            for call in facts.iter().flat_map(|facts| self.describe(facts, wanted)) {
                match calls.iter_mut().find(|other| other.same(&call)) {
                    Some(other) => other.merge(call),
                    None => calls.push(call),
                }
            }
            calls
        };
        // The calls on the line; without any, the calls that take a value from it.
        let direct = described(&|places| places[..2].iter().any(|place| self.on_line(*place)));
        if !direct.is_empty() {
            return direct;
        }
        described(&|places| places.iter().any(|place| self.on_line(*place)))
    }

    /// Calls on the line that other platforms make.
    fn calls_elsewhere(&self) -> Vec<(Place, &str, Platform)> {
        let mut elsewhere = Vec::new();
        for run in &self.explanation.runs[1..] {
            for site in run.facts.sites() {
                if self.on_line(site.statement) {
                    elsewhere.push((site.call, site.api.as_str(), run.platform));
                }
            }
        }
        elsewhere
    }

    /// What each rule says about the line and the calls it has a part in, but for `others`.
    fn verdicts(&self, calls: &[Call], others: &[Place]) -> String {
        let mut page = "\nRules\n".to_owned();
        if let Some(by) = self.posix_only {
            return page + &format!("  none runs, since the file is not meant for Windows: {by}\n");
        }
        let fires = |rule: &Rule| !self.fires(rule, calls, others).is_empty();
        if calls.is_empty() && !self.selection.rules().any(fires) {
            return page
                + "  all are silent: no call that a rule judges is reachable here on Windows\n";
        }
        let mut rows: Vec<(&str, String)> = Vec::new();
        let mut without = 0;
        for rule in self.selection.rules() {
            let mut said = self.fires(rule, calls, others);
            if said.is_empty() {
                let because = self.silence(rule, calls);
                said.extend(because.map(|because| format!("is silent: {because}")));
            }
            without += usize::from(said.is_empty());
            rows.extend(said.into_iter().map(|said| (rule.id, said)));
        }
        let width = rows.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
        for (id, said) in rows {
            page += &format!("  {id:width$}  {said}\n");
        }
        match without {
            0 => page,
            1 => page + "  1 more rule has nothing to judge here\n",
            count => page + &format!("  {count} more rules have nothing to judge here\n"),
        }
    }

    fn fires(&self, rule: &Rule, calls: &[Call], others: &[Place]) -> Vec<String> {
        let is_of_other = |finding: &Finding| {
            let holds = |call: &Place| contains(*call, finding.place);
            others.iter().any(holds) && !calls.iter().any(|call| holds(&call.place))
        };
        let concerns = |finding: &&Finding| {
            finding.rule == rule.id && self.concerns(finding, calls) && !is_of_other(finding)
        };
        let findings = self.checked.findings.iter().filter(concerns);
        let mut said: Vec<String> = findings
            .map(|finding| format!("fires at {}", self.said(finding)))
            .collect();
        for (finding, by) in &self.checked.silenced {
            if concerns(&finding) {
                let by: Vec<String> = by.iter().map(|place| self.quoted(*place)).collect();
                said.push(format!(
                    "is silenced by {}; otherwise it fires at {}",
                    by.join(" and "),
                    self.said(finding)
                ));
            }
        }
        said
    }

    /// Why a rule finds nothing in calls that it looked at.
    fn silence(&self, rule: &Rule, calls: &[Call]) -> Option<String> {
        let mut because: Vec<&str> = Vec::new();
        for silence in &self.checked.silences {
            let is_about = calls.iter().any(|call| call.place == silence.call);
            if silence.rule == rule.id && is_about && !because.contains(&silence.because) {
                because.push(silence.because);
            }
        }
        (!because.is_empty()).then(|| because.join("; "))
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
        let holds = |call: &Call| contains(finding.statement, call.place);
        places.any(|place| self.on_line(place)) || calls.iter().any(holds)
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

fn contains(outer: Place, inner: Place) -> bool {
    outer.file == inner.file && outer.span.contains(inner.span)
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
