//! What `--why` prints: everything that is known of a line, so that a user can argue with it.

mod call;
mod reach;

use footgun_analysis::explain::Explanation;
use footgun_analysis::facts::Facts;
use footgun_analysis::project::slashed;
use footgun_analysis::source::{FileId, Place, Span};
use footgun_rules::Finding;

use crate::args::Line;
use crate::check::Checked;
use crate::selection::Selection;
use crate::texts::Texts;

/// The bytes of a line, without the white space around it; or why it cannot be spoken of.
pub fn find(texts: &Texts, line: &Line) -> Result<Place, String> {
    let name = slashed(&line.path);
    let real = line.path.canonicalize().ok();
    let is_it = |file: &FileId| {
        let path = &texts.project().file(*file).path;
        texts.name(*file) == name || real.is_some() && path.canonicalize().ok() == real
    };
    let Some(file) = texts.files().into_iter().find(is_it) else {
        return Err(format!("{name}: not among the files checked"));
    };
    let text = texts.text(file);
    let lines = texts.lines(file);
    let count = lines.count() - usize::from(text.ends_with(['\n', '\r']));
    if line.row > count {
        let plural = if count == 1 { "" } else { "s" };
        return Err(format!(
            "{name}:{}: the file has {count} line{plural}",
            line.row
        ));
    }
    let range = lines.range(text, line.row);
    let words = text[range.clone()].trim_end();
    let start = range.start + (words.len() - words.trim_start().len());
    let end = range.start + words.len();
    let span = Span::new(start, end);
    Ok(Place { file, span })
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
        let row = self.texts.start(self.place).row;
        let name = self.texts.name(self.place.file);
        let line = &self.texts.text(self.place.file)[self.place.span.range()];
        if line.is_empty() {
            return format!("{name}:{row}: nothing stands on this line\n");
        }
        let (reach, calls, verdicts) = (self.reach(), self.calls(), self.verdicts());
        format!("{name}:{row}\n    {line}\n{reach}{calls}{verdicts}")
    }

    /// The calls of the line, or those it has a part in.
    fn calls(&self) -> String {
        let mut page = self.calls_in(&self.checked.facts.iter().collect::<Vec<_>>(), "");
        let [windows, posix @ ..] = &self.explanation.runs;
        page += &self.calls_in(&[&windows.left_out], " (does not count, see above)");
        let known: Vec<Place> = self
            .checked
            .facts
            .iter()
            .chain([&windows.left_out])
            .flat_map(call::sites)
            .map(|site| site.call)
            .collect();
        let mut elsewhere = Vec::new();
        for run in posix {
            for site in call::sites(&run.facts) {
                if self.on_line(site.statement) && !known.contains(&site.call) {
                    elsewhere.push((site.call, site.api.as_str(), run.platform));
                }
            }
        }
        page + &self.elsewhere(elsewhere)
    }

    fn calls_in(&self, facts: &[&Facts], note: &str) -> String {
        let described = |wanted: &dyn Fn(&[Place]) -> bool| {
            let mut pages: Vec<String> = Vec::new();
            for facts in facts {
                for page in self.describe(facts, wanted, note) {
                    if !pages.contains(&page) {
                        pages.push(page);
                    }
                }
            }
            pages.concat()
        };
        // What stands on the line; or else what the line has a part in.
        let direct = described(&|places| places[..2].iter().any(|place| self.on_line(*place)));
        if !direct.is_empty() {
            return direct;
        }
        described(&|places| places.iter().any(|place| self.on_line(*place)))
    }

    /// What each rule says about the line.
    fn verdicts(&self) -> String {
        let mut page = "\nRules\n".to_owned();
        let width = self.selection.rules().map(|rule| rule.id.len()).max();
        let width = width.unwrap_or_default();
        for rule in self.selection.rules() {
            let mut said = Vec::new();
            for finding in &self.checked.findings {
                if finding.rule == rule.id && self.concerns(finding) {
                    said.push(format!("fires at {}", self.said(finding)));
                }
            }
            for (finding, by) in &self.checked.silenced {
                if finding.rule == rule.id && self.concerns(finding) {
                    let by: Vec<String> = by.iter().map(|place| self.quoted(*place)).collect();
                    let by = by.join(" and ");
                    said.push(format!(
                        "is silenced by {by}; without it, it fires at {}",
                        self.said(finding)
                    ));
                }
            }
            if said.is_empty() {
                said.push("is silent".to_owned());
            }
            for said in said {
                page += &format!("  {:width$}  {said}\n", rule.id);
            }
        }
        page
    }

    fn said(&self, finding: &Finding) -> String {
        format!("{}: {}", self.texts.at(finding.place), finding.message)
    }

    fn concerns(&self, finding: &Finding) -> bool {
        let evidence = finding.evidence.iter().map(|evidence| evidence.place);
        [finding.place, finding.statement]
            .into_iter()
            .chain(evidence)
            .any(|place| self.on_line(place))
    }

    // ---- places in words ----

    /// Whether a place has a part in the line.
    fn on_line(&self, place: Place) -> bool {
        let row = self.texts.start(self.place).row;
        let (first, last) = self.texts.rows(place);
        place.file == self.place.file && first <= row && row <= last
    }

    /// What stands at a place, and where.
    fn quoted(&self, place: Place) -> String {
        const MOST: usize = 60;
        let text = &self.texts.text(place.file)[place.span.range()];
        // What a definition is called stands below its decorators and attributes.
        let is_decoration = |line: &&str| line.trim_start().starts_with(['@', '#']);
        let mut lines = text.lines().skip_while(is_decoration);
        let line = lines.next().unwrap_or(text).trim();
        let mut short: String = line.chars().take(MOST).collect();
        if short.len() < text.trim_end().len() {
            short.push('…');
        }
        format!("`{short}` ({})", self.texts.at(place))
    }
}
