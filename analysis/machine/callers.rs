//! Callers: what was met in a function is looked at again from the code that calls it, which tells
//! whether Windows gets there and with which values.

use std::ops::Range;
use std::sync::Arc;

use super::Machine;
use super::mentions::{Mentions, Symbol};
use super::record::{LeftOut, Met};
use crate::facts::{Fate, How};
use crate::platform::Platform;
use crate::source::FileId;
use crate::value::{Closure, Value};

/// What became of a function while the code that mentions it ran.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    reached: bool,
    /// Every time it was come to it was called, with the arguments at hand.
    only_called: bool,
}

/// What a run of an entry added to the record.
#[derive(Clone, Debug)]
pub(super) struct Added {
    /// The function entered; `None` for the module body.
    pub entry: Option<Arc<Closure>>,
    pub spawns: Range<usize>,
    pub signals: Range<usize>,
    pub calls: Range<usize>,
    pub uses: Range<usize>,
    pub visits: Range<usize>,
}

impl Added {
    /// The same with everything before it.
    pub(super) fn with_all_before(&self) -> Added {
        Added {
            entry: None,
            spawns: 0..self.spawns.end,
            signals: 0..self.signals.end,
            calls: 0..self.calls.end,
            uses: 0..self.uses.end,
            visits: 0..self.visits.end,
        }
    }

    /// The run has ended.
    pub(super) fn close(&mut self, machine: &Machine) {
        self.spawns.end = machine.run.record.spawns.len();
        self.signals.end = machine.run.record.signals.len();
        self.calls.end = machine.run.record.calls.len();
        self.uses.end = machine.run.record.uses.len();
        self.visits.end = machine.run.record.visits.len();
    }
}

impl Machine<'_> {
    /// Takes back what only other platforms get to, and adds what callers' values bring.
    pub(super) fn settle(&mut self, file: FileId, runs: Vec<Added>) {
        let salient: Vec<Added> = runs
            .iter()
            .filter(|run| self.is_salient(run))
            .cloned()
            .collect();
        if salient.is_empty() {
            return;
        }
        if let Some(package) = self.failing_package(file) {
            let why = LeftOut::Elsewhere(Symbol::Module(package).location());
            runs.iter().for_each(|run| self.forget_deeds(run, why));
            return;
        }
        let module = Symbol::Module(file);
        if self.is_elsewhere_only(&module) {
            let why = LeftOut::Elsewhere(module.location());
            runs.iter().for_each(|run| self.forget(run, why));
            return;
        }
        for run in salient {
            let Some(closure) = run.entry.clone() else {
                continue;
            };
            if let Some(class) = self.unreached_class(&closure) {
                self.forget(&run, LeftOut::Elsewhere(class.location()));
                continue;
            }
            self.settle_function(&closure, &run);
        }
    }

    fn settle_function(&mut self, closure: &Arc<Closure>, run: &Added) {
        let Some(symbol) = Symbol::of_function(closure) else {
            return;
        };
        let Some(mentions) = self.mentions(&symbol) else {
            return;
        };
        if mentions.code.is_empty() {
            return;
        }
        let mut contexts = self.added(None);
        let found = self.run_callers(closure, &symbol, &mentions);
        contexts.close(self);
        self.keep_only(&contexts, closure);
        if found.only_called {
            // Every way here is known, with its values.
            self.forget(run, LeftOut::CallersKnown);
        } else if !found.reached && self.is_reached_elsewhere(&symbol) {
            let why = LeftOut::Elsewhere(symbol.location());
            self.forget(run, why);
        }
    }

    /// Runs the code that mentions a function, for what its callers' values bring.
    fn run_callers(
        &mut self,
        closure: &Arc<Closure>,
        symbol: &Symbol,
        mentions: &Mentions,
    ) -> Found {
        let mut found = Found {
            reached: false,
            only_called: true,
        };
        for mention in &mentions.code {
            let mut context = self.added(None);
            let entered = self.entered(mention, Some(closure));
            let trace = &entered.trace;
            if !self.comes_to(trace, symbol, &mentions.tables) {
                continue;
            }
            self.run.absorb(&entered);
            context.close(self);
            if self.is_out_of_reach(mention) {
                self.forget(&context, LeftOut::Elsewhere(mention.location()));
                continue;
            }
            found.reached = true;
            let uses = trace.uses(symbol.location());
            found.only_called &=
                !trace.is_vague(symbol, &mentions.tables) && uses.named <= uses.called;
        }
        found.only_called &= found.reached;
        found
    }

    /// What will be added to the record from here on, as a range that ends where it begins.
    pub(super) fn added(&self, entry: Option<Arc<Closure>>) -> Added {
        let record = &self.run.record;
        let from = |length: usize| length..length;
        Added {
            entry,
            spawns: from(record.spawns.len()),
            signals: from(record.signals.len()),
            calls: from(record.calls.len()),
            uses: from(record.uses.len()),
            visits: from(record.visits.len()),
        }
    }

    /// Where the things were met that a run added.
    fn met_in(&mut self, run: &Added) -> impl Iterator<Item = &mut Met> {
        let record = &mut self.run.record;
        let spawns = record.spawns[run.spawns.clone()].iter_mut();
        let signals = record.signals[run.signals.clone()].iter_mut();
        let calls = record.calls[run.calls.clone()].iter_mut();
        let uses = record.uses[run.uses.clone()].iter_mut();
        spawns
            .map(|spawn| &mut spawn.met)
            .chain(signals.map(|signal| &mut signal.met))
            .chain(calls.map(|call| &mut call.met))
            .chain(uses.map(|used| &mut used.met))
            .chain(&mut record.visits[run.visits.clone()])
    }

    /// A package around a file, whose import fails on this platform: nothing in it can be used, and
    /// what matters is what makes it fail. A file that fails itself, or imports one that does, is
    /// looked at, because nothing else may be in the way.
    fn failing_package(&self, file: FileId) -> Option<FileId> {
        if self.platform != Platform::Windows {
            return None;
        }
        let packages = self.project.packages_around(file).into_iter();
        let mut others = packages.filter(|package| *package != file);
        others.find(|package| self.project.failing().contains(package))
    }

    /// Takes back everything but imports that fail.
    fn forget_deeds(&mut self, run: &Added, why: LeftOut) {
        let uses = run.uses.end..run.uses.end;
        self.forget(
            &Added {
                uses,
                ..run.clone()
            },
            why,
        );
        let uses = self.run.record.uses[run.uses.clone()].iter_mut();
        let reads = uses.filter(|used| matches!(used.how, How::Read | How::Called));
        for met in reads.map(|used| &mut used.met).filter(|met| met.recorded) {
            met.recorded = false;
            met.left_out = Some(why);
        }
    }

    fn forget(&mut self, run: &Added, why: LeftOut) {
        for met in self.met_in(run).filter(|met| met.recorded) {
            met.recorded = false;
            met.left_out = Some(why);
        }
    }

    /// Of what running callers added, keeps what happens below the function they call.
    fn keep_only(&mut self, run: &Added, closure: &Closure) {
        let below = closure.location();
        for met in self.met_in(run) {
            met.recorded &= met.definitions.iter().any(|around| {
                around.document == below.document && below.span.contains(around.span)
            });
        }
    }

    /// Whether anything was met that a rule may speak of, or whose values a caller may tell.
    fn is_salient(&self, run: &Added) -> bool {
        // Of what is watched, somebody wants to know how it is reached.
        if !run.visits.is_empty() {
            return true;
        }
        let spawns = &self.run.record.spawns[run.spawns.clone()];
        let signals = &self.run.record.signals[run.signals.clone()];
        spawns.iter().any(|spawn| {
            spawn.met.recorded && spawn.flags.value().is_none() && spawn.fate != Fate::Waited
        }) || signals.iter().any(|signal| {
            signal.met.recorded && matches!(signal.signal, Value::Unknown(_) | Value::None)
        }) || self.session.demand.judges(&self.facts_within(run))
    }
}
