//! Reach: whether Windows gets to a function, class or module at all.
//!
//! The function that probes a process may be called from a branch that Windows does not take, in a
//! file far away. So the code that mentions it is run too, and the code that mentions that. What a
//! POSIX platform comes to and Windows does not is only for other platforms; what neither is seen
//! to come to (a public function, a script) counts as reached.

use std::collections::HashSet;
use std::sync::Arc;

use super::Machine;
use super::mentions::{Mention, Mentions, Symbol};
use super::session::Kept;
use crate::dependencies::{self, Changes};
use crate::platform::Platform;
use crate::source::FileId;
use crate::value::{Closure, Location};

/// How far mentions of mentions are followed.
const DEPTH: usize = 16;

/// How many symbols one question may lead to.
const MOST_VISITS: usize = 4_000;

/// What is known of how symbols are reached, for everybody.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Whether only other platforms come to a symbol, whoever asks.
    elsewhere_only: Kept<Symbol, bool>,
    /// The same where it is asked by itself.
    asked: Kept<Symbol, bool>,
    /// The code that mentions a symbol, unless there is too much of it.
    mentions: Kept<Symbol, Option<Arc<Mentions>>>,
}

impl Reach {
    /// What of this rests on nothing that has changed.
    pub(super) fn unless(&self, changes: &Changes) -> Reach {
        Reach {
            elsewhere_only: self.elsewhere_only.unless(changes),
            asked: self.asked.unless(changes),
            mentions: self.mentions.unless(changes),
        }
    }
}

/// A question in progress.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Symbols in question. That they come to each other reaches none of them.
    open: HashSet<Location>,
    /// Whether an answer left out a symbol in question, or rests on where the search ended: asked
    /// from elsewhere it may be another.
    provisional: bool,
    /// How many symbols it has led to.
    visits: usize,
}

impl Machine<'_> {
    /// Whether a POSIX platform comes to a symbol, and Windows does not.
    pub(super) fn is_elsewhere_only(&mut self, symbol: &Symbol) -> bool {
        if self.platform != Platform::Windows {
            return false;
        }
        let reach = &self.world.reach;
        if let Some(known) = reach.elsewhere_only.get(symbol) {
            return known;
        }
        let is_outermost = self.asked.open.is_empty();
        if is_outermost {
            if let Some(known) = reach.asked.get(symbol) {
                return known;
            }
            self.asked = Asked::default();
        }
        self.asked.visits += 1;
        let is_open = self.asked.open.contains(&symbol.location());
        if is_open || self.asked.visits > MOST_VISITS || self.asked.open.len() >= DEPTH {
            self.asked.provisional = true;
            return is_open;
        }
        self.asked.open.insert(symbol.location());
        let outer = std::mem::replace(&mut self.asked.provisional, false);
        let (answer, rests_on) = dependencies::noted(|| match self.mentions(symbol) {
            Some(mentions) if !mentions.code.is_empty() => {
                !self.is_reached(symbol, &mentions) && self.is_reached_elsewhere(symbol)
            }
            _ => false,
        });
        self.asked.open.remove(&symbol.location());
        if !self.asked.provisional {
            reach
                .elsewhere_only
                .keep(symbol.clone(), (answer, rests_on));
        } else if is_outermost {
            reach.asked.keep(symbol.clone(), (answer, rests_on));
        }
        self.asked.provisional |= outer;
        answer
    }

    /// Whether code that mentions a symbol comes to it, and is itself not only for others.
    fn is_reached(&mut self, symbol: &Symbol, mentions: &Mentions) -> bool {
        let outer = self.asked.provisional;
        mentions.code.iter().any(|mention| {
            let entered = self.entered(mention, None);
            if !self.comes_to(&entered.trace, symbol, &mentions.tables) {
                return false;
            }
            let before = std::mem::replace(&mut self.asked.provisional, outer);
            let reached = !self.is_out_of_reach(mention);
            // One way that reaches it makes the others irrelevant.
            self.asked.provisional |= before && !reached;
            reached
        })
    }

    /// Whether a POSIX platform comes to a symbol, other than from a symbol in question.
    pub(super) fn is_reached_elsewhere(&mut self, symbol: &Symbol) -> bool {
        let open = &self.asked.open;
        let reaches = |platform: &Platform| {
            let mut machine = Machine::new(self.session, *platform);
            machine.mentions(symbol).is_some_and(|mentions| {
                mentions.code.iter().any(|mention| {
                    let entered = machine.entered(mention, None);
                    machine.comes_to(&entered.trace, symbol, &mentions.tables)
                        && !machine
                            .symbols_around(mention)
                            .iter()
                            .any(|symbol| open.contains(&symbol.location()))
                })
            })
        };
        Platform::POSIX.iter().any(reaches)
    }

    /// What must be come to before a piece of code is: its module, its class and itself.
    fn symbols_around(&self, mention: &Mention) -> Vec<Symbol> {
        match mention {
            Mention::Body(file) => vec![Symbol::Module(*file)],
            Mention::Function(closure) => {
                let module = Symbol::Module(FileId(closure.document.0));
                let class = closure.class.and_then(|class| self.class_symbol(class));
                let function = Symbol::of_function(closure);
                [Some(module), class, function]
                    .into_iter()
                    .flatten()
                    .collect()
            }
        }
    }

    /// Whether the code that mentions a symbol is itself only for other platforms.
    pub(super) fn is_out_of_reach(&mut self, mention: &Mention) -> bool {
        let around = self.symbols_around(mention);
        around.iter().any(|symbol| self.is_elsewhere_only(symbol))
    }

    /// The class of a method, if only other platforms come to it.
    pub(super) fn unreached_class(&mut self, closure: &Closure) -> Option<Symbol> {
        let class = self.class_symbol(closure.class?)?;
        self.is_elsewhere_only(&class).then_some(class)
    }

    /// The code that mentions a symbol; `None` if there is too much of it, or if it cannot be told.
    pub(super) fn mentions(&mut self, symbol: &Symbol) -> Option<Arc<Mentions>> {
        let reach = &self.world.reach;
        let find = || self.find_mentions(symbol).map(Arc::new);
        reach.mentions.answer(symbol.clone(), find)
    }
}
