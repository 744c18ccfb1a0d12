//! `key-release`: keys that are handled when they are pressed, and again when they are let go.

use footgun_analysis::facts::{Call, Facts};

use crate::report::Report;
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "key-release",
    group: "files",
    title: "Key events that nobody asks whether they are presses",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("key_release.md"),
    asks: |_| {
        let calls = READS.iter().map(|api| Ask::Call(api));
        let names = ASKING.iter().chain([&HANDLING]);
        let mentions = READS
            .iter()
            .flat_map(move |beside| names.clone().map(move |name| Ask::Mention { beside, name }));
        calls.chain(mentions).collect()
    },
    judge: Judge::Call(judge),
};

/// What gives events.
const READS: [&str; 4] = [
    "crossterm::event::read",
    "crossterm::event::EventStream::new",
    "ratatui::crossterm::event::read",
    "ratatui::crossterm::event::EventStream::new",
];

/// The event of a key.
const HANDLING: &str = "Key";

/// What tells a press from a release.
const ASKING: [&str; 5] = [
    "KeyEventKind",
    "as_key_press_event",
    "is_key_press",
    "is_press",
    "is_release",
];

fn judge(facts: &Facts, call: &Call) -> Result<Report, Because> {
    if !facts.mentioned.contains(HANDLING) {
        return Err("no key is handled");
    }
    if ASKING.iter().any(|name| facts.mentioned.contains(name)) {
        return Err("the project asks what kind of event it is");
    }
    Ok(Report::new(
        call.site.call,
        "the console of Windows also reports when a key is let go: each key is handled twice",
        "handle a key event only where its `kind` is `KeyEventKind::Press`",
    ))
}
