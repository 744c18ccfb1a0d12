//! Observations: what is seen of a call while it runs, so that it can be told whether the same will come
//! to pass again.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use super::{Exception, Machine, Shared, State};
use crate::source::Span;
use crate::value::{Closure, DocumentId, Location, Ref, Unit};

/// How many exceptions that leave a call are told apart.
const MOST_RAISED: usize = 4;

/// Where a function is written.
pub(super) type FunctionPlace = (DocumentId, Span);

/// An exception that leaves a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raised {
    Unknown,
    Of(String),
    Assertion,
    Exit,
}

impl Raised {
    /// What is raised by a statement or ends the program.
    fn of(exception: Exception) -> Option<Raised> {
        match exception {
            Exception::Unknown => Some(Raised::Unknown),
            Exception::Of(class) => Some(Raised::Of(class.to_owned())),
            Exception::Assertion => Some(Raised::Assertion),
            Exception::Exit => Some(Raised::Exit),
            Exception::MissingName
            | Exception::MissingMember
            | Exception::MissingModule
            | Exception::Refused
            | Exception::NotFound => None,
        }
    }

    pub fn exception(&self) -> Exception<'_> {
        match self {
            Raised::Unknown => Exception::Unknown,
            Raised::Of(class) => Exception::Of(class),
            Raised::Assertion => Exception::Assertion,
            Raised::Exit => Exception::Exit,
        }
    }
}

/// What is seen of a call while it runs.
#[derive(Debug, Default)]
pub(super) struct Observation {
    /// How many handlers were in progress when it began.
    pub attempts: usize,
    /// How many calls were.
    pub depth: usize,
    /// The state in which it began.
    pub before: State,
    /// The exceptions that leave it.
    pub raised: Vec<Raised>,
    /// Whether it depends on its caller in a way that no condition tells.
    pub is_bound: bool,
    pub seen: Seen,
}

/// What calls within a call add to what is seen of it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// How many calls are in progress at most, from the call itself on.
    pub height: usize,
    /// Whether a function was not run because too many were in progress.
    pub is_cut: bool,
    /// The functions that are called.
    pub called: HashSet<FunctionPlace>,
    /// Functions that are not run because they tell nothing.
    pub skipped: HashSet<Location>,
}

impl Seen {
    /// Takes in what is seen of a call that began with so many more in progress.
    pub fn add(&mut self, inner: &Seen, below: usize) {
        self.height = self.height.max(below + inner.height);
        self.is_cut |= inner.is_cut;
        self.called.extend(&inner.called);
        self.skipped.extend(&inner.skipped);
    }
}

/// What a call has read, as far as its caller could have changed it.
#[derive(Debug)]
pub(super) struct Reads {
    /// The units of the objects that it has read or changed.
    pub units: RefCell<Vec<Unit>>,
    /// The last of these: mostly it is the next too.
    last: Cell<Unit>,
    /// The first object of the run at hand that it has read or changed.
    pub lowest: Cell<u32>,
    /// Whether it has asked how often loops repeat it.
    pub repeats: Cell<bool>,
}

impl Default for Reads {
    fn default() -> Reads {
        Reads {
            units: RefCell::default(),
            last: Cell::new(Unit::RUN),
            lowest: Cell::new(u32::MAX),
            repeats: Cell::new(false),
        }
    }
}

impl Reads {
    fn note(&self, reference: Ref) {
        if reference.unit == Unit::RUN {
            self.lowest.set(self.lowest.get().min(reference.index));
        } else if self.last.replace(reference.unit) != reference.unit {
            self.add_unit(reference.unit);
        }
    }

    pub fn add_unit(&self, unit: Unit) {
        let mut units = self.units.borrow_mut();
        if !units.contains(&unit) {
            units.push(unit);
        }
    }

    /// Takes in what a call within has read.
    pub fn add(&self, other: &Reads) {
        other
            .units
            .borrow()
            .iter()
            .for_each(|unit| self.add_unit(*unit));
        self.lowest.set(self.lowest.get().min(other.lowest.get()));
        self.repeats.set(self.repeats.get() | other.repeats.get());
    }
}

impl Observation {
    /// An exception leaves the call.
    fn raise(&mut self, exception: Exception, state: &State) {
        let raised = Raised::of(exception);
        let is_as_before = state.failed == self.before.failed
            && changed_of_others(state).eq(changed_of_others(&self.before));
        match raised {
            Some(raised) if is_as_before => {
                if !self.raised.contains(&raised) {
                    self.raised.push(raised);
                }
                self.is_bound |= self.raised.len() > MOST_RAISED;
            }
            _ => self.is_bound = true,
        }
    }
}

/// The objects of other units that a run has changed, in order.
pub(super) fn changed_of_others(state: &State) -> impl Iterator<Item = (&Ref, &Shared)> {
    let heap = state.heap.iter();
    heap.take_while(|(reference, _)| reference.unit != Unit::RUN)
}

impl Machine<'_> {
    /// An object is read or changed.
    pub(super) fn note_object(&self, reference: Ref) {
        if !self.run.observations.is_empty() {
            self.run.reads.note(reference);
        }
    }

    /// How often loops repeat the code at hand.
    pub(super) fn repeats(&self) -> usize {
        self.run.reads.repeats.set(true);
        self.run.repeats
    }

    /// A function is called.
    pub(super) fn note_called(&mut self, closure: &Closure) {
        let place = (closure.document, closure.function.span);
        self.run.called.insert(place);
        if let Some(observation) = self.run.observations.last_mut() {
            observation.seen.called.insert(place);
        }
    }

    /// A function begins to run.
    pub(super) fn note_depth(&mut self) {
        let depth = self.run.frames.len();
        if let Some(observation) = self.run.observations.last_mut() {
            let height = depth - observation.depth;
            observation.seen.height = observation.seen.height.max(height);
        }
    }

    /// A function is not run, because too many are in progress.
    pub(super) fn note_cut(&mut self) {
        if let Some(observation) = self.run.observations.last_mut() {
            observation.seen.is_cut = true;
        }
    }

    /// A function is not run, because it tells nothing.
    pub(super) fn note_skipped(&mut self, function: Location) {
        if let Some(observation) = self.run.observations.last_mut() {
            observation.seen.skipped.insert(function);
        }
    }

    /// An exception is raised that the handlers of one attempt are sure to catch, or none is. Where
    /// that `decides` how the code at hand goes on, whoever calls it has a say.
    pub(super) fn note_raised(
        &mut self,
        exception: Exception,
        state: &State,
        caught_at: Option<usize>,
        decides: bool,
    ) {
        let handlers = self.run.attempts.len();
        for observation in &mut self.run.observations {
            if handlers < observation.attempts {
                observation.is_bound = true;
            } else if caught_at.is_none_or(|at| at < observation.attempts) {
                observation.raise(exception, state);
                observation.is_bound |= decides;
            }
        }
    }

    /// Something is asked of which only the caller decides.
    pub(super) fn note_bound(&mut self) {
        for observation in &mut self.run.observations {
            observation.is_bound = true;
        }
    }
}
