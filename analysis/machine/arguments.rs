//! The evaluated arguments of a call.

use imbl::OrdMap;

use super::Entry;
use crate::code::Name;
use crate::platform::Truth;
use crate::value::{Bound, Location, Value};

/// An evaluated argument.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its value.
    pub value: Value,
    /// The whole argument, with its keyword; for one from `**` the place the entry was put in.
    pub location: Location,
    /// The argument of the call that passes it: another than `location` for one from `**`.
    pub passed: Location,
    /// Whether it is passed at all: a dict entry of one branch may not be.
    pub present: Truth,
}

/// Evaluated arguments.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// By position, as far as positions are known.
    pub positional: Vec<Argument>,
    /// Whether unknown ones follow by position.
    pub rest: bool,
    /// By keyword.
    pub keywords: OrdMap<Name, Argument>,
    /// Whether unknown ones may be passed by keyword.
    pub open: bool,
    /// Whether the first by position is what a method is called on.
    pub bound: bool,
}

impl Arguments {
    /// Adds one by position.
    pub fn push(&mut self, value: Value, location: Location) {
        if !self.rest {
            self.positional.push(Argument {
                value,
                location,
                passed: location,
                present: Truth::Yes,
            });
        }
    }

    /// Adds one before all others.
    pub fn push_first(&mut self, value: Value, location: Location) {
        let present = Truth::Yes;
        let first = Argument {
            value,
            location,
            passed: location,
            present,
        };
        self.positional.insert(0, first);
    }

    /// The first by position and the others.
    pub fn split_first(mut self) -> Option<(Value, Arguments)> {
        if self.positional.is_empty() {
            return None;
        }
        let first = self.positional.remove(0);
        Some((first.value, self))
    }

    /// Adds any number of unknown ones by position.
    pub fn push_rest(&mut self) {
        self.rest = true;
    }

    /// Adds one by keyword.
    pub fn push_keyword(&mut self, name: Name, value: Value, location: Location) {
        self.keywords.insert(
            name,
            Argument {
                value,
                location,
                passed: location,
                present: Truth::Yes,
            },
        );
    }

    /// Adds one from a `**` dict.
    pub fn push_splatted(&mut self, name: Name, entry: Entry, passed: Location) {
        let argument = Argument {
            value: entry.value,
            location: entry.location.unwrap_or(passed),
            passed,
            present: entry.present,
        };
        self.keywords.insert(name, argument);
    }

    /// The argument for a parameter, by keyword or position.
    pub fn get(&self, position: usize, name: &str) -> Option<&Argument> {
        self.keywords
            .get(name)
            .or_else(|| self.positional.get(position))
    }

    /// The argument passed by this keyword.
    pub fn keyword(&self, name: &str) -> Option<&Argument> {
        self.keywords.get(name)
    }

    /// All values, in order.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.positional
            .iter()
            .chain(self.keywords.values())
            .map(|argument| &argument.value)
    }

    pub(super) fn with_first(mut self, bound: &Bound, location: Location) -> Arguments {
        let first = bound.first.iter().map(|value| Argument {
            value: value.clone(),
            location,
            passed: location,
            present: Truth::Yes,
        });
        self.bound |= !bound.first.is_empty();
        self.positional.splice(0..0, first);
        for (name, value) in &bound.keywords {
            if !self.keywords.contains_key(name) {
                self.push_keyword(name.clone(), value.clone(), location);
            }
        }
        self
    }
}
