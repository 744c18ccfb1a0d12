//! Fates: what becomes of a child, from what is done with it in the code that runs and from code that
//! can use the names it is kept under. Comments and texts have no say.

use std::borrow::Cow;

use super::Machine;
use super::record::SpawnRecord;
use crate::facts::Fate;
use crate::project::places_of;
use crate::source::{Place, Span};
use crate::value::{DocumentId, Location};

/// Methods of a child process, in both languages, that say what becomes of it.
const WAITING: [&str; 5] = [
    "wait",
    "communicate",
    "wait_with_output",
    "wait_timeout",
    "expect",
];
const MANAGING: [&str; 7] = [
    "terminate",
    "kill",
    "start_kill",
    "poll",
    "send_signal",
    "try_wait",
    "returncode",
];

/// Functions that deal with a whole process group.
pub(super) const OF_GROUPS: [&str; 2] = ["killpg", "getpgid"];

/// What reading or calling `name` of a child process tells about its fate.
pub(crate) fn fate_of_use(name: &str) -> Option<Fate> {
    if WAITING.contains(&name) {
        Some(Fate::Waited)
    } else if MANAGING.contains(&name) {
        Some(Fate::Managed)
    } else {
        None
    }
}

/// The one of two fates that says more.
pub(super) fn further(one: Fate, other: Fate) -> Fate {
    let rank = |fate: Fate| match fate {
        Fate::Abandoned => 0,
        Fate::Kept => 1,
        Fate::Unknown => 2,
        Fate::Managed => 3,
        Fate::Waited => 4,
    };
    match rank(other) > rank(one) {
        true => other,
        false => one,
    }
}

impl Machine<'_> {
    /// The fate of a child, taking into account code that uses the names it is kept under without
    /// having been run together with the spawn.
    pub(super) fn settled_fate(&self, record: &SpawnRecord) -> Fate {
        let mut fate = record.fate;
        if record.kill_on_drop && fate == Fate::Abandoned {
            fate = Fate::Managed;
        }
        if record.let_go && fate == Fate::Kept {
            fate = Fate::Abandoned;
        }
        for (name, definition) in &record.names {
            let document = definition.document;
            let whole = Span::new(0, self.text(document).text.len());
            // An attribute is used by other methods; a variable only where it is defined.
            let (attribute, variable) = (format!(".{name}."), format!("{name}."));
            // Who waits elsewhere may do so much later: until then the child runs beside its parent.
            let elsewhere = self
                .uses(document, whole, &attribute)
                .filter_map(fate_of_use)
                .map(|_| Fate::Managed);
            let here = self.uses(document, definition.span, &variable);
            for found in here.filter_map(fate_of_use).chain(elsewhere) {
                if matches!(fate, Fate::Abandoned | Fate::Kept) {
                    fate = found;
                }
            }
        }
        let document = record.met.call.document;
        let features = self.dialect_of(document).features();
        let is_kept = matches!(fate, Fate::Abandoned | Fate::Kept);
        if record.handed_over && features.loses_collected_children && is_kept {
            let whole = Span::new(0, self.text(document).text.len());
            let mut uses = self.uses(document, whole, ".");
            if uses.any(|name| fate_of_use(name).is_some()) {
                fate = Fate::Managed;
            }
        }
        fate
    }

    /// Where the file around a spawn deals with process groups.
    pub(super) fn group_use(&self, record: &SpawnRecord) -> Option<Place> {
        let document = record.met.call.document;
        let text = &self.text(document).text;
        let silent = self.silent(document);
        OF_GROUPS.iter().find_map(|word| {
            let mut places = places_of(text, word).filter(|at| is_code(&silent, *at));
            let at = places.next()?;
            let span = Span::new(at, at + word.len());
            Some(self.place(Location { document, span }))
        })
    }

    /// The identifiers that follow each occurrence of `prefix` in a stretch of code, but for those that
    /// are assigned to.
    fn uses<'t>(
        &'t self,
        document: DocumentId,
        stretch: Span,
        prefix: &str,
    ) -> impl Iterator<Item = &'t str> {
        let text: &str = &self.text(document).text;
        let (start, length) = (stretch.start as usize, prefix.len());
        let code = text[stretch.range()].as_bytes();
        let found: Vec<usize> = memchr::memmem::find_iter(code, prefix.as_bytes())
            .map(|at| start + at)
            .collect();
        let silent = match found.is_empty() {
            true => Cow::Borrowed(&[][..]),
            false => self.silent(document),
        };
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        found.into_iter().filter_map(move |at| {
            let is_joined =
                text[..at].chars().next_back().is_some_and(is_word) && !text[at..].starts_with('.');
            let rest = &text[at + length..];
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let after = rest[end..].trim_start_matches(' ');
            let is_assigned = after.starts_with('=') && !after.starts_with("==");
            (!is_joined && !is_assigned && is_code(&silent, at)).then_some(&rest[..end])
        })
    }

    /// What in a text is no code: comments, and the characters of literals.
    fn silent(&self, document: DocumentId) -> Cow<'_, [Span]> {
        let text = self.text(document);
        match text.origin {
            None => Cow::Borrowed(self.project.silent(text.file)),
            Some(_) => Cow::Owned(crate::words::silent(&text.text, text.language)),
        }
    }
}

/// Whether a place lies in none of these stretches, which are in order.
pub(super) fn is_code(silent: &[Span], at: usize) -> bool {
    let next = silent.partition_point(|stretch| stretch.end as usize <= at);
    silent.get(next).is_none_or(|next| at < next.start as usize)
}
