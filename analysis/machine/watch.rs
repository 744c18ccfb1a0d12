//! Watching a part of a file: how a run gets there, and which conditions and exits keep it away.
//! Without a watch nothing here costs more than asking whether there is one.

use std::collections::{BTreeMap, HashSet};

use super::Machine;
use super::mentions::Mention;
use super::record::LeftOut;
use crate::code::{Branch, Stmt, StmtKind};
use crate::explain::{Standing, Turn, Visit};
use crate::platform::Truth;
use crate::source::{Place, Span};
use crate::value::{Closure, Location};

/// What is watched, and what was seen of the way there.
#[derive(Debug)]
pub(super) struct Watch {
    place: Place,
    /// Conditions with a branch around the place: what that branch wants.
    wanted: BTreeMap<Place, bool>,
    /// What every condition evaluated to.
    holds: BTreeMap<Place, Truth>,
    /// Statements before the place from which flow did not go on.
    ends: Vec<Place>,
}

impl Machine<'_> {
    /// Watches a place from here on.
    pub(crate) fn watch(&mut self, place: Place) {
        self.watch = Some(Watch {
            place,
            wanted: BTreeMap::new(),
            holds: BTreeMap::new(),
            ends: Vec::new(),
        });
    }

    /// The ways in which statements at the watched place were come to, each once.
    pub(crate) fn visits(&self) -> Vec<Visit> {
        let mut visits = Vec::new();
        for met in &self.run.record.visits {
            let standing = match met.left_out {
                _ if met.recorded => Standing::Counts,
                Some(LeftOut::CallersKnown) => Standing::CallersKnown,
                Some(LeftOut::Elsewhere(definition)) => Standing::Elsewhere(self.place(definition)),
                None => continue,
            };
            let entry = met.definitions.last().copied().unwrap_or(met.statement);
            let visit = Visit {
                statement: self.place(met.statement),
                entry: self.place(entry),
                through: met.through.iter().map(|call| self.place(*call)).collect(),
                standing,
            };
            if !visits.contains(&visit) {
                visits.push(visit);
            }
        }
        visits
    }

    /// The conditions around the watched place.
    pub(crate) fn turns(&self) -> Vec<Turn> {
        let Some(watch) = &self.watch else {
            return Vec::new();
        };
        let turn = |(&condition, &wanted): (&Place, &bool)| {
            let holds = *watch.holds.get(&condition)?;
            Some(Turn {
                condition,
                wanted,
                holds,
            })
        };
        watch.wanted.iter().filter_map(turn).collect()
    }

    /// The statements before the watched place from which flow did not go on.
    pub(crate) fn ends(&self) -> Vec<Place> {
        self.watch
            .as_ref()
            .map_or_else(Vec::new, |watch| watch.ends.clone())
    }

    /// A statement is about to be run.
    pub(crate) fn note_statement(&mut self, stmt: &Stmt) {
        // The inside of a definition is not run with it.
        let head = || match stmt.kind {
            StmtKind::Function(_)
            | StmtKind::Class(_)
            | StmtKind::Impl { .. }
            | StmtKind::Module { .. } => Some(self.first_line(stmt.span)),
            _ => Some(stmt.span),
        };
        if self.is_watched(head) {
            self.note_met(stmt.span);
        }
    }

    /// The condition of an `elif` is about to be evaluated.
    pub(super) fn note_elif(&mut self, head: Span) {
        if self.is_watched(|| Some(head)) {
            self.note_met(head);
        }
    }

    fn note_met(&mut self, statement: Span) {
        let met = self.met(self.here(statement));
        self.run.record.visits.push(met);
    }

    /// Flow did not go on from a statement to those after it.
    pub(super) fn note_end(&mut self, last: &Stmt, rest: &[Stmt]) {
        if self.is_watched(|| extent(rest)) {
            let place = self.place(self.here(last.span));
            if let Some(watch) = &mut self.watch
                && !watch.ends.contains(&place)
            {
                watch.ends.push(place);
            }
        }
    }

    /// A condition chooses between two parts of the code at hand.
    pub(super) fn note_branches(
        &mut self,
        test: Span,
        then: impl Fn() -> Option<Span>,
        otherwise: impl Fn() -> Option<Span>,
    ) {
        for (wanted, part) in [
            (true, &then as &dyn Fn() -> Option<Span>),
            (false, &otherwise),
        ] {
            if self.is_watched(part) {
                let place = self.place(self.here(test));
                if let Some(watch) = &mut self.watch {
                    watch.wanted.insert(place, wanted);
                }
            }
        }
    }

    /// A condition was evaluated.
    pub(super) fn note_condition(&mut self, test: Span, holds: Truth) {
        if self.watch.is_none() {
            return;
        }
        let place = self.place(self.here(test));
        if let Some(watch) = &mut self.watch {
            let known = watch.holds.entry(place).or_insert(holds);
            *known = known.join(holds);
        }
    }

    /// Whether a part of the code at hand has to do with the watched place. The part is only asked
    /// for where something is watched.
    fn is_watched(&self, part: impl Fn() -> Option<Span>) -> bool {
        self.watch.is_some() && part().is_some_and(|span| self.overlaps(self.here(span)))
    }

    /// Whether the watched place lies in a function.
    pub(super) fn is_watched_within(&self, closure: &Closure) -> bool {
        self.watch.is_some() && self.overlaps(closure.location())
    }

    /// Whether the watched place lies in the function, or the file, that evaluation begins with.
    pub(super) fn watches_entry(&self, entry: &Mention) -> bool {
        self.watch.as_ref().is_some_and(|watch| match entry {
            Mention::Body(file) => *file == watch.place.file,
            Mention::Function(closure) => self.overlaps(closure.location()),
        })
    }

    /// Whether the watched place may lie in one of these functions and programs.
    pub(super) fn watches_any(&self, ran: &HashSet<Location>) -> bool {
        let Some(watch) = &self.watch else {
            return false;
        };
        ran.iter().any(|ran| {
            // Where in its file a program is written depends on the string.
            let text = self.text(ran.document);
            text.origin.is_some() && text.file == watch.place.file || self.overlaps(*ran)
        })
    }

    /// Whether the watched place lies in the body of a function, below what its module runs of it.
    pub(super) fn is_watched_below_head(&self, closure: &Closure) -> bool {
        let location = closure.location();
        self.watch.as_ref().is_some_and(|watch| {
            let place = self.place(location);
            place.file == watch.place.file
                && place.span.contains(watch.place.span)
                && place.span.start + self.head(location) < watch.place.span.start
        })
    }

    fn overlaps(&self, location: Location) -> bool {
        let place = self.place(location);
        self.watch.as_ref().is_some_and(|watch| {
            place.file == watch.place.file
                && place.span.start < watch.place.span.end
                && watch.place.span.start < place.span.end
        })
    }

    /// The first line of a definition, with the decorators and attributes above.
    fn first_line(&self, span: Span) -> Span {
        let length = self.head(self.here(span)) as usize;
        Span::new(span.range().start, span.range().start + length)
    }

    /// How many bytes the decorators and attributes of a definition take, with its first line.
    fn head(&self, definition: Location) -> u32 {
        let text = self.source(definition.document, definition.span);
        let mut lines = text.split_inclusive('\n');
        let is_decoration = |line: &&str| line.trim_start().starts_with(['@', '#']);
        let decorations: usize = lines.clone().take_while(is_decoration).map(str::len).sum();
        let first = lines.find(|line| !is_decoration(line));
        (decorations + first.map_or(0, |line| line.trim_end().len())) as u32
    }
}

/// The bytes from the first statement to the end of what stands in the last.
pub(super) fn extent(block: &[Stmt]) -> Option<Span> {
    block.iter().map(extent_of).reduce(Span::cover)
}

/// The bytes from the first of an `if`'s branches to the end of its `else`.
pub(super) fn extent_of_branches(branches: &[Branch], otherwise: &[Stmt]) -> Option<Span> {
    let heads = [branches.first(), branches.last()].into_iter().flatten();
    let last = branches.last().and_then(|last| extent(&last.body));
    let parts = heads.map(|branch| branch.span).chain(last);
    parts.chain(extent(otherwise)).reduce(Span::cover)
}

fn extent_of(stmt: &Stmt) -> Span {
    let blocks = stmt.blocks().into_iter();
    let parts = blocks.filter_map(|block| extent(block));
    parts.fold(stmt.span, Span::cover)
}
