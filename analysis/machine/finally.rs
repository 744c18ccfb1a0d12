//! `finally`: a block that runs on every way out of its `try`.

use super::run::Loop;
use super::{Machine, State};
use crate::code::Block;
use crate::value::Value;

/// The ways by which flow leaves a piece of code without going on behind it.
pub(super) struct Exits {
    returned: Option<(Value, State)>,
    loops: Vec<Loop>,
}

impl Machine<'_> {
    /// Puts aside the ways out that were met so far in the function at hand, so that those of what is
    /// run next stand by themselves.
    pub(super) fn put_exits_aside(&mut self) -> Exits {
        let frame = self.frame();
        Exits {
            returned: frame.returned.take(),
            loops: frame.loops.iter_mut().map(std::mem::take).collect(),
        }
    }

    /// Adds the ways out that were put aside to those that were met since.
    pub(super) fn take_exits_back(&mut self, before: Exits) {
        let returned_since = self.frame().returned.take();
        self.frame().returned = before.returned;
        if let Some((value, state)) = returned_since {
            let ended = self.run.state.replace(state);
            self.return_value(value);
            self.run.state = ended;
        }
        for (index, before) in before.loops.into_iter().enumerate() {
            let since = std::mem::take(&mut self.frame().loops[index]);
            let both = Loop {
                broken: self.merge(before.broken, since.broken),
                continued: self.merge(before.continued, since.continued),
            };
            self.frame().loops[index] = both;
        }
    }

    /// Runs a `finally` block on every way out of the `try`, the last of which is an exception that
    /// was raised with the state `raised`. One that always leaves the function or raises ends all of
    /// them.
    pub(super) fn run_finally(&mut self, finally: &Block, raised: Option<State>) {
        if self.alive() {
            self.run_block(finally);
            return;
        }
        // Nothing goes on behind it: run it for what it does on the way.
        let returned = self.frame().returned.take();
        let loops = self.frame().loops.iter();
        let left = loops.flat_map(|it| [it.broken.clone(), it.continued.clone()]);
        let left: Vec<Option<State>> = left.collect();
        let mut state = returned.as_ref().map(|(_, state)| state.clone());
        for left in left {
            state = self.merge(state, left);
        }
        self.run.state = state.or(raised);
        self.run_block(finally);
        match (self.alive(), returned) {
            (true, Some((value, _))) => self.return_value(value),
            (true, None) => {}
            (false, _) => self.frame().loops.fill_with(Loop::default),
        }
        self.run.state = None;
    }
}
