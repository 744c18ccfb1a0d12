//! What the rules about the quotes of POSIX shells share: which calls split and quote for a spawn.

use footgun_analysis::demand::SHELL_WORDS;
use footgun_analysis::facts::{Call, Facts, Spawn};

use crate::report::within;

/// What takes quotes away; the others put them on.
const SPLIT: &str = "shlex.split";

/// The first call before a spawn that quotes.
pub(crate) fn quoted<'f>(facts: &'f Facts, spawn: &'f Spawn) -> Option<&'f Call> {
    let quotes = |call: &&Call| {
        let api = call.site.api.as_str();
        api != SPLIT && SHELL_WORDS.contains(&api)
    };
    before(facts, spawn).find(quotes)
}

/// The calls before a spawn that split.
pub(crate) fn split<'f>(facts: &'f Facts, spawn: &'f Spawn) -> impl Iterator<Item = &'f Call> {
    before(facts, spawn).filter(|call| call.site.api == SPLIT)
}

/// The calls that stand before a spawn in its function, or in it.
fn before<'f>(facts: &'f Facts, spawn: &'f Spawn) -> impl Iterator<Item = &'f Call> {
    let site = &spawn.site;
    facts.calls.iter().filter(move |call| {
        call.site.function == site.function
            && (within(call.site.call, site.call)
                || call.site.call.span.end <= site.call.span.start)
    })
}
