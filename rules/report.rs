//! What the rules share in placing and explaining a finding.

use footgun_analysis::facts::{CreationFlags, Evidence, Handler, Site, Spawn, Starter, flag};
use footgun_analysis::source::{Language, Place};

use crate::{Because, Finding, Fix, Rule, Silence, Verdicts};

/// A finding before it knows its rule.
#[derive(Clone, Debug)]
pub struct Report {
    /// What it points at.
    pub place: Place,
    /// What happens on Windows.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Why, without the calls that lead to the site.
    pub evidence: Vec<Evidence>,
    /// What repairs it, if anything does.
    pub fix: Option<Fix>,
}

impl Report {
    /// A report that needs no more than what it points at, what happens and what to do.
    pub(crate) fn new(place: Place, message: impl Into<String>, help: impl Into<String>) -> Report {
        Report {
            place,
            message: message.into(),
            help: help.into(),
            evidence: Vec::new(),
            fix: None,
        }
    }

    /// The same with what shows why.
    pub(crate) fn because(self, evidence: Vec<Evidence>) -> Report {
        Report { evidence, ..self }
    }

    /// The same with what repairs it, if anything does.
    pub(crate) fn cured(self, fix: Option<Fix>) -> Report {
        Report { fix, ..self }
    }
}

impl Rule {
    /// Adds a finding at `site`, unless the rule has already spoken of that place: a call that is
    /// reached in several ways is one mistake, and the first way explains it; what repairs it
    /// repairs all calls that share it.
    pub(crate) fn report(&self, verdicts: &mut Verdicts, site: &Site, report: Report) {
        let mut findings = verdicts.findings.iter_mut();
        let is_known = |it: &&mut Finding| it.rule == self.id && it.place == report.place;
        if let Some(known) = findings.find(is_known) {
            known.fix = known.fix.take().and_then(|fix| fix.with(site, report.fix));
            return;
        }
        let mut evidence = report.evidence;
        evidence.extend(
            site.through
                .iter()
                .filter(|&&call| !within(report.place, call))
                .map(|&place| label(place, "reached through this call")),
        );
        verdicts.findings.push(Finding {
            rule: self.id,
            severity: self.severity,
            place: report.place,
            statement: site.statement,
            message: report.message,
            help: report.help,
            evidence,
            fix: report.fix,
        });
    }

    /// Adds what was judged at `site`: a finding, or why there is none.
    pub(crate) fn tell(
        &self,
        verdicts: &mut Verdicts,
        site: &Site,
        judged: Result<Report, Because>,
    ) {
        match judged {
            Ok(report) => self.report(verdicts, site, report),
            Err(because) => self.silent(verdicts, site, because),
        }
    }

    /// Says why there is no finding at `site`.
    pub(crate) fn silent(&self, verdicts: &mut Verdicts, site: &Site, because: Because) {
        verdicts.silences.push(Silence {
            rule: self.id,
            call: site.call,
            because,
        });
    }
}

/// A piece of evidence.
pub(crate) fn label(place: Place, message: impl Into<String>) -> Evidence {
    Evidence {
        message: message.into(),
        place,
    }
}

/// What a finding about an argument points at: the argument, where it stands in the statement of
/// the call, else the call.
pub(crate) fn argument_or_call(site: &Site, argument: Option<Place>) -> Place {
    argument
        .filter(|&place| within(place, site.statement))
        .unwrap_or(site.call)
}

/// Whether `inner` lies in `outer`.
pub(crate) fn within(inner: Place, outer: Place) -> bool {
    inner.file == outer.file && outer.span.contains(inner.span)
}

/// Whether a call stands in a function, or is reached from there.
pub(crate) fn is_reached_from(site: &Site, function: Place) -> bool {
    let mut through = site.through.iter();
    site.function == function || through.any(|call| within(*call, function))
}

/// Whether one site stands before another in the same function.
pub(crate) fn precedes(one: &Site, next: &Site) -> bool {
    one.function == next.function && one.call.span.start < next.call.span.start
}

/// Labels for the expressions that bring in any of `bits`, except those that `shown` already covers.
pub(crate) fn flag_origins(flags: &CreationFlags, bits: u32, shown: Place) -> Vec<Evidence> {
    flags
        .origins
        .iter()
        .filter(|origin| origin.bits & bits != 0 && !within(origin.place, shown))
        .map(|origin| {
            let names = flag::names(origin.bits & bits);
            label(origin.place, format!("{names} comes from here"))
        })
        .collect()
}

/// What the code sees when process creation is refused.
pub(crate) fn refusal(spawn: &Spawn) -> &'static str {
    match (spawn.starter, spawn.site.language) {
        (Starter::Win32, _) => "ERROR_ACCESS_DENIED, error 5",
        (_, Language::Python) => "PermissionError [WinError 5]",
        (_, Language::Rust) => "ErrorKind::PermissionDenied, os error 5",
    }
}

/// Whether a handler may deal with this exception, by the qualified name of its class: one that only
/// lets it pass does not.
pub(crate) fn is_dealt_with(handlers: &[Handler], exception: &str) -> bool {
    let deals = |handler: &Handler| handler.may_catch(exception) && !handler.raises_again;
    handlers.iter().any(deals)
}

/// A label for where a value is written, unless `shown` already covers it.
pub(crate) fn spelled(origin: Option<Place>, shown: Place, message: &str) -> Vec<Evidence> {
    let elsewhere = origin.filter(|&origin| !within(origin, shown));
    elsewhere
        .map(|origin| label(origin, message))
        .into_iter()
        .collect()
}
