//! Summaries: what a call of a function comes to, kept for whoever calls it with the same arguments
//! in the same world.
//!
//! A summary is taken from a call that was evaluated where it stands, and only if nothing of what came
//! to pass depends on the caller: it was given no object of the caller's, started no process and sent
//! no signal, and no handler around it decided how it went on. It says under which conditions the same
//! would come to pass again; where they hold its effects are repeated, and everybody sees what he
//! would see without it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use super::observations::{FunctionPlace, Observation, Raised, Seen, changed_of_others};
use super::record::{Around, CallRecord, Met, UseRecord};
use super::spelling::Spelling;
use super::traces::Trace;
use super::{Arguments, DEPTH, LEVELS, Machine, Object, Shared, State};
use crate::code::ParamKind;
use crate::dependencies::{self, Changes, Dependencies};
use crate::value::{Closure, Location, Ref, Unit, Value};

/// How many worlds are told apart in which a function is called with the same arguments.
const MOST_WORLDS: usize = 8;

/// Calls that take fewer steps are as quickly run as looked up.
const FEW_STEPS: u32 = 6;

/// The summaries of a call.
type OfCall = Vec<Arc<Summary>>;

/// The summaries of a world, by the function and the arguments.
#[derive(Debug, Default)]
pub(super) struct Summaries {
    by_call: RwLock<HashMap<Box<[u8]>, OfCall>>,
}

impl Summaries {
    /// What of this rests on nothing that has changed.
    pub(super) fn unless(&self, changes: &Changes) -> Summaries {
        let by_call = self.by_call.read().unwrap_or_else(PoisonError::into_inner);
        let unaffected = by_call.iter().filter_map(|(call, all)| {
            let all = all.iter().filter(|it| !changes.affect(&it.rests_on));
            let all: Vec<_> = all.cloned().collect();
            (!all.is_empty()).then(|| (call.clone(), all))
        });
        Summaries {
            by_call: RwLock::new(unaffected.collect()),
        }
    }

    fn of(&self, call: &[u8]) -> OfCall {
        let by_call = self.by_call.read().unwrap_or_else(PoisonError::into_inner);
        by_call.get(call).cloned().unwrap_or_default()
    }

    fn keep(&self, call: Box<[u8]>, summary: Summary) {
        let mut by_call = self.by_call.write().unwrap_or_else(PoisonError::into_inner);
        let all = by_call.entry(call).or_default();
        if all.len() < MOST_WORLDS {
            all.push(Arc::new(summary));
        }
    }
}

/// What a call comes to.
#[derive(Debug)]
struct Summary {
    conditions: Conditions,
    /// How many conditions were known in it.
    decided: usize,
    /// The exceptions that leave it.
    raised: Vec<Raised>,
    /// The calls in it that rules ask for, each with how it was come to from where the call began.
    calls: Vec<CallRecord>,
    /// The same for uses of names that the platform lacks.
    uses: Vec<UseRecord>,
    trace: Trace,
    value: Value,
    /// What is other after it; `None` where it never returns.
    ended: Option<Effects>,
    rests_on: Dependencies,
}

/// Under which conditions a call comes to the same.
#[derive(Debug)]
struct Conditions {
    /// How many steps it takes.
    steps: u32,
    /// The units of which it has read something.
    units: Vec<Unit>,
    /// Their objects that were not as their unit left them, when it began.
    changed: Vec<(Ref, Shared)>,
    /// How often loops repeated it, if it asked.
    repeats: Option<usize>,
    /// How many calls were in progress when it began.
    depth: usize,
    /// How many levels deep evaluation went in it.
    levels: usize,
    /// The functions that must not be in progress, and how many calls more there may be.
    seen: Seen,
}

/// What a call leaves behind.
#[derive(Debug)]
struct Effects {
    /// Objects of other units that it has changed.
    changed: Vec<(Ref, Shared)>,
    /// New objects that its value leads to.
    made: Vec<(Ref, Object)>,
}

/// How long the lists of a run are that a call with a summary adds nothing to.
type Lengths = [usize; 12];

impl Machine<'_> {
    /// Runs a function for a call, or repeats what such a call came to before.
    pub(super) fn run_call(
        &mut self,
        closure: &Arc<Closure>,
        arguments: Arguments,
        location: Location,
    ) -> Value {
        let Some(call) = self.spelled_call(closure, &arguments) else {
            return self.run_closure(closure, Some(arguments), Some(location));
        };
        self.settle_changes();
        let world = self.world;
        for summary in world.summaries.of(&call) {
            if self.meets(&summary.conditions) {
                return self.repeat(&summary, location);
            }
        }
        self.observed(call, location, |m| {
            m.run_closure(closure, Some(arguments), Some(location))
        })
    }

    /// A function and its arguments, letter by letter; `None` where the call may depend on more.
    fn spelled_call(&self, closure: &Closure, arguments: &Arguments) -> Option<Box<[u8]>> {
        let run = &self.run;
        let is_plain = self.session.recalls
            && run.unit == Unit::RUN
            && run.state.is_some()
            && run.built.is_none()
            && !run.undecided
            && run.hosts.is_empty()
            && run.postponed.is_none()
            && run.evaluating.is_empty()
            && run.forcing.is_empty()
            && run.names.is_none()
            && run.trace.is_some()
            && self.watch.is_none()
            && !self.loading.is_open()
            && self.loading.constructing.is_empty();
        if !is_plain {
            return None;
        }
        // A dict of arguments keeps where each was given.
        let mut params = self.code(closure).params.iter();
        let keeps_places = params.any(|param| param.kind == ParamKind::KeywordRest);
        let mut spelling = Spelling::default();
        spelling.closure(closure)?;
        spelling.arguments(arguments, keeps_places)?;
        spelling.letters()
    }

    /// Whether a call would come to the same in the state at hand.
    fn meets(&self, conditions: &Conditions) -> bool {
        let (run, seen) = (&self.run, &conditions.seen);
        let depth = run.frames.len();
        let is_as_deep = match seen.is_cut {
            true => depth == conditions.depth,
            false => depth + seen.height <= DEPTH,
        };
        let repeats = conditions.repeats.unwrap_or(run.repeats);
        let is_wanted = run.wanted.is_some_and(|it| seen.skipped.contains(&it));
        is_as_deep
            && run.repeats == repeats
            && run.steps > conditions.steps
            && self.levels + conditions.levels < LEVELS
            && !is_wanted
            && !self.is_any_running(&seen.called)
            && self.is_as_it_was(conditions)
    }

    /// Whether any of these functions is in progress.
    fn is_any_running(&self, functions: &HashSet<FunctionPlace>) -> bool {
        let frames = self.run.frames.iter();
        let mut running = frames.filter(|frame| frame.closure.is_some());
        running.any(|frame| {
            let definition = frame.definition;
            functions.contains(&(definition.document, definition.span))
        })
    }

    /// Whether what a call has read is as it was then.
    fn is_as_it_was(&self, conditions: &Conditions) -> bool {
        let Some(state) = &self.run.state else {
            return false;
        };
        let is_read = |(reference, _): &(&Ref, _)| conditions.units.contains(&reference.unit);
        let changed = changed_of_others(state).filter(is_read);
        let expected = conditions.changed.iter();
        changed.eq(expected.map(|(reference, object)| (reference, object)))
    }

    /// Does what a call came to.
    fn repeat(&mut self, summary: &Summary, location: Location) -> Value {
        dependencies::note(&summary.rests_on);
        let Conditions {
            steps,
            seen,
            units,
            repeats,
            levels,
            ..
        } = &summary.conditions;
        self.run.steps -= steps;
        self.run.decided += summary.decided;
        self.run.called.extend(&seen.called);
        if let Some(trace) = &mut self.run.trace {
            trace.add(&summary.trace);
        }
        if !summary.calls.is_empty() || !summary.uses.is_empty() {
            let around = self.around(location);
            let record = &mut self.run.record;
            let calls = summary.calls.iter().map(|call| around.add_to(call));
            record.calls.extend(calls);
            let uses = summary.uses.iter().map(|used| around.add_to(used));
            record.uses.extend(uses);
        }
        for raised in &summary.raised {
            self.pass_on_exception(raised.exception());
        }
        let (reads, depth) = (&self.run.reads, self.run.frames.len());
        units.iter().for_each(|unit| reads.add_unit(*unit));
        reads.repeats.set(reads.repeats.get() || repeats.is_some());
        if let Some(observation) = self.run.observations.last_mut() {
            observation.seen.add(seen, depth - observation.depth);
        }
        self.deepest = self.deepest.max(self.levels + levels);
        let Some(effects) = &summary.ended else {
            self.run.state = None;
            return summary.value.clone();
        };
        let mut moved: HashMap<Ref, Ref> = HashMap::new();
        for (reference, _) in &effects.made {
            moved.insert(*reference, self.run.next_reference());
        }
        let mut new = |reference: Ref| moved.get(&reference).copied().unwrap_or(reference);
        let heap = &mut self.state_mut().heap;
        for (reference, object) in &effects.changed {
            heap.insert(*reference, object.clone());
        }
        for (reference, object) in &effects.made {
            let object = object.with_references(&mut new).expect("as it was kept");
            heap.insert(new(*reference), Shared::new(object));
        }
        summary
            .value
            .with_references(&mut new)
            .expect("as it was kept")
    }

    /// Runs a call and keeps what it comes to.
    fn observed(
        &mut self,
        call: Box<[u8]>,
        location: Location,
        run: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let before = self.run.state.clone().unwrap_or_default();
        let depth = self.run.frames.len();
        let first = self.run.first_unused();
        self.run.observations.push(Observation {
            attempts: self.run.attempts.len(),
            depth,
            before,
            ..Observation::default()
        });
        let outer_reads = std::mem::take(&mut self.run.reads);
        let outer_trace = self.run.trace.replace(Trace::default());
        let lengths = self.lengths();
        let (calls, uses) = (self.run.record.calls.len(), self.run.record.uses.len());
        let around = self.around(location);
        let (steps, decided) = (self.run.steps, self.run.decided);
        let outer_deepest = std::mem::replace(&mut self.deepest, self.levels);
        let (value, rests_on) = dependencies::noted(|| run(self));
        let levels = self.deepest - self.levels;
        self.deepest = self.deepest.max(outer_deepest);
        let trace = self.run.trace.take().unwrap_or_default();
        self.run.trace = outer_trace;
        if let Some(outer) = &mut self.run.trace {
            outer.add(&trace);
        }
        let observation = self.run.observations.pop().expect("pushed above");
        let reads = std::mem::replace(&mut self.run.reads, outer_reads);
        self.run.reads.add(&reads);
        let steps = steps - self.run.steps;
        let is_by_itself = !observation.is_bound
            && reads.lowest.get() >= first
            && self.run.steps > 0
            && steps >= FEW_STEPS
            && self.lengths() == lengths
            && !self.is_any_running(&observation.seen.called);
        let ended = match &self.run.state {
            Some(_) if is_by_itself => self.effects(&value, &observation.before, first).map(Some),
            None if is_by_itself => Some(None),
            _ => None,
        };
        if let Some(outer) = self.run.observations.last_mut() {
            outer.seen.add(&observation.seen, depth - outer.depth);
        }
        if let Some(ended) = ended {
            let units = reads.units.take();
            let changed = changed_of_others(&observation.before);
            let changed = changed.filter(|(reference, _)| units.contains(&reference.unit));
            let changed = changed.map(|(reference, object)| (*reference, object.clone()));
            let conditions = Conditions {
                steps,
                changed: changed.collect(),
                units,
                repeats: reads.repeats.get().then_some(self.run.repeats),
                depth,
                levels,
                seen: observation.seen,
            };
            let record = &self.run.record;
            let calls = record.calls[calls..].iter();
            let uses = record.uses[uses..].iter();
            let summary = Summary {
                conditions,
                decided: self.run.decided - decided,
                raised: observation.raised,
                calls: calls.map(|call| around.take_from(call)).collect(),
                uses: uses.map(|used| around.take_from(used)).collect(),
                trace,
                value: value.clone(),
                ended,
                rests_on,
            };
            self.world.summaries.keep(call, summary);
        }
        value
    }

    /// What a call that has ended leaves behind; `None` where that cannot be repeated.
    fn effects(&self, value: &Value, before: &State, first: u32) -> Option<Effects> {
        let state = self.run.state.as_ref()?;
        if state.failed != before.failed {
            return None;
        }
        let mut changed = Vec::new();
        for (reference, object) in changed_of_others(state) {
            if before.heap.get(reference) == Some(object) {
                continue;
            }
            if !object.get().is_of_others() {
                return None;
            }
            changed.push((*reference, object.clone()));
        }
        let mut made = Vec::new();
        let mut waiting = Vec::new();
        value.with_references(&mut |reference| seen_at(&mut waiting, reference))?;
        let mut seen = HashSet::new();
        while let Some(reference) = waiting.pop() {
            if reference.unit != Unit::RUN || !seen.insert(reference) {
                continue;
            }
            if reference.index < first {
                return None;
            }
            let object = state.heap.get(&reference)?.get();
            let object =
                object.with_references(&mut |reference| seen_at(&mut waiting, reference))?;
            made.push((reference, object));
        }
        made.sort_by_key(|(reference, _)| *reference);
        Some(Effects { changed, made })
    }

    /// What is around what a call leads to.
    fn around(&self, call: Location) -> Around {
        let Met {
            mut through,
            definitions,
            ..
        } = self.met(call);
        through.insert(0, call);
        Around {
            through,
            definitions,
            handlers: self.handlers_in_progress(),
        }
    }

    /// Puts in the place of each object of others that the run has changed the one that everybody has
    /// who has changed it to the same: so it is seen at once that they are.
    fn settle_changes(&mut self) {
        let Some(state) = &self.run.state else {
            return;
        };
        let mut settled = Vec::new();
        for (reference, object) in changed_of_others(state) {
            if self.run.settled.get(reference) == Some(object) {
                continue;
            }
            let base = self.world.object(*reference);
            if let Some(same) =
                base.and_then(|base| self.world.changed.same(*reference, base, object))
            {
                settled.push((*reference, same));
            }
        }
        for (reference, object) in settled {
            self.run.settled.insert(reference, object.clone());
            self.state_mut().heap.insert(reference, object);
        }
    }

    fn lengths(&self) -> Lengths {
        let run = &self.run;
        let record = &run.record;
        [
            record.spawns.len(),
            record.signals.len(),
            record.visits.len(),
            record.deeds(),
            run.comments.len(),
            run.given_up.len(),
            run.definitions.len(),
            run.constants.len(),
            run.distant_members.len(),
            run.foreign_methods.len(),
            run.import_failed as usize,
            run.frames.last().map_or(0, |frame| frame.uncalled.len()),
        ]
    }
}

/// Puts a reference into a list, and leaves it as it is.
fn seen_at(list: &mut Vec<Ref>, reference: Ref) -> Ref {
    list.push(reference);
    reference
}
