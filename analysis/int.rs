//! Integers bit by bit: what arithmetic on flags tells where only some of them are known.

use std::sync::Arc;

use crate::doubt::{Cause, Why};
use crate::location::Location;
use crate::platform::Truth;

/// An integer: which bits are known to be set, and which to be clear, in two's complement.
#[derive(Clone, Debug)]
pub struct Int {
    /// Bits known to be 1.
    pub ones: u64,
    /// Bits known to be 0.
    pub zeros: u64,
    /// Where it comes from; nothing of a known one that nobody wrote.
    history: Option<Arc<History>>,
}

/// Where an integer comes from.
#[derive(Clone, Debug, Default)]
struct History {
    /// Which expression brought in which set bits.
    origins: Vec<(u64, Location)>,
    /// Of one that is chosen between known values all of these; empty where they are not known.
    choices: Vec<u64>,
    /// Why bits are unknown.
    cause: Option<Cause>,
}

/// The history of a value is not part of what it is.
impl PartialEq for Int {
    fn eq(&self, other: &Int) -> bool {
        (self.ones, self.zeros) == (other.ones, other.zeros)
    }
}

/// More possibilities than this are taken as unknown.
pub(crate) const MOST_ALTERNATIVES: usize = 6;

/// How many origins of one integer are kept.
const MOST_ORIGINS: usize = 12;

impl Int {
    /// A known integer without a history.
    pub fn known(value: i64) -> Int {
        Int {
            ones: value as u64,
            zeros: !value as u64,
            history: None,
        }
    }

    /// A known integer written at a place.
    pub fn at(value: i64, location: Location) -> Int {
        Int::known(value).brought_by(location)
    }

    /// An integer of which nothing is known.
    pub fn unknown(cause: Cause) -> Int {
        Int {
            ones: 0,
            zeros: 0,
            history: Some(Arc::new(History {
                cause: Some(cause),
                ..History::default()
            })),
        }
    }

    /// Which expression brought in which set bits.
    pub fn origins(&self) -> &[(u64, Location)] {
        self.history.as_ref().map_or(&[], |it| &it.origins)
    }

    /// Of one that is chosen between known values all of these; empty where they are not known.
    pub fn choices(&self) -> &[u64] {
        self.history.as_ref().map_or(&[], |it| &it.choices)
    }

    /// Why bits of it are unknown.
    pub fn cause(&self) -> Option<Cause> {
        self.history.as_ref()?.cause
    }

    /// Its value, if every bit is known.
    pub fn value(&self) -> Option<i64> {
        (self.ones | self.zeros == u64::MAX).then_some(self.ones as i64)
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> Truth {
        if self.ones != 0 {
            Truth::No
        } else if self.zeros == u64::MAX {
            Truth::Yes
        } else {
            Truth::Unknown
        }
    }

    /// The same integer, its set bits brought in by the expression at `location`.
    pub fn brought_by(self, location: Location) -> Int {
        let history = History {
            origins: vec![(self.ones, location)],
            ..self.history.as_deref().cloned().unwrap_or_default()
        };
        Int {
            history: Some(Arc::new(history)),
            ..self
        }
    }

    /// An integer of these bits that is made of two.
    fn made_of(one: &Int, other: &Int, ones: u64, zeros: u64) -> Int {
        let mut origins: Vec<(u64, Location)> = Vec::new();
        for &(bits, location) in one.origins().iter().chain(other.origins()) {
            let kept = (bits & ones, location);
            if kept.0 != 0 && !origins.contains(&kept) && origins.len() < MOST_ORIGINS {
                origins.push(kept);
            }
        }
        let cause = one.cause().or(other.cause());
        let is_plain = origins.is_empty() && cause.is_none();
        let history = History {
            origins,
            choices: Vec::new(),
            cause,
        };
        Int {
            ones,
            zeros,
            history: (!is_plain).then(|| Arc::new(history)),
        }
    }

    /// The values that it may be, if they are known.
    fn possible(&self) -> Vec<u64> {
        match self.value() {
            Some(value) => vec![value as u64],
            None => self.choices().to_vec(),
        }
    }

    /// Takes as the values that it may be what is made of each pair of those that two may be.
    fn chosen(self, of: (&Int, &Int), make: impl Fn(u64, u64) -> u64) -> Int {
        if let (Some(_), Some(_)) = (of.0.value(), of.1.value()) {
            return self;
        }
        let (one, other) = (of.0.possible(), of.1.possible());
        let mut choices: Vec<u64> = Vec::new();
        for made in one
            .iter()
            .flat_map(|a| other.iter().map(|b| make(*a, *b)).collect::<Vec<_>>())
        {
            if !choices.contains(&made) {
                choices.push(made);
            }
        }
        self.choosing(choices)
    }

    /// Takes these as the values that it may be, unless there are none or too many.
    fn choosing(self, choices: Vec<u64>) -> Int {
        if !(2..=MOST_ALTERNATIVES).contains(&choices.len()) {
            return self;
        }
        let history = History {
            choices,
            ..self.history.as_deref().cloned().unwrap_or_default()
        };
        Int {
            history: Some(Arc::new(history)),
            ..self
        }
    }

    /// `self | other`
    pub fn or(&self, other: &Int) -> Int {
        let (ones, zeros) = (self.ones | other.ones, self.zeros & other.zeros);
        Int::made_of(self, other, ones, zeros).chosen((self, other), |a, b| a | b)
    }

    /// `self & other`
    pub fn and(&self, other: &Int) -> Int {
        let (ones, zeros) = (self.ones & other.ones, self.zeros | other.zeros);
        Int::made_of(self, other, ones, zeros).chosen((self, other), |a, b| a & b)
    }

    /// `self ^ other`
    pub fn xor(&self, other: &Int) -> Int {
        let ones = self.ones & other.zeros | self.zeros & other.ones;
        let zeros = self.ones & other.ones | self.zeros & other.zeros;
        Int::made_of(self, other, ones, zeros)
    }

    /// `~self`
    pub fn invert(&self) -> Int {
        let cause = self.cause();
        Int {
            ones: self.zeros,
            zeros: self.ones,
            history: cause.and_then(|cause| Int::unknown(cause).history),
        }
    }

    /// The result of arithmetic, known only where both sides are.
    pub fn arithmetic(&self, other: &Int, compute: impl Fn(i64, i64) -> Option<i64>) -> Int {
        let unknown = || {
            let cause = self.cause().or(other.cause());
            Int::unknown(cause.unwrap_or(Cause::of(Why::Expression)))
        };
        match (self.value(), other.value()) {
            (Some(a), Some(b)) => match compute(a, b) {
                Some(result) => Int::made_of(self, other, result as u64, !result as u64),
                None => unknown(),
            },
            _ => unknown(),
        }
    }

    /// What is known when it is either of the two.
    pub fn join(&self, other: &Int) -> Int {
        let (ones, zeros) = (self.ones & other.ones, self.zeros & other.zeros);
        // An origin of a bit that is set on one side only still explains that possibility.
        let mut joined = Int::made_of(self, other, self.ones | other.ones, 0);
        (joined.ones, joined.zeros) = (ones, zeros);
        let (one, other) = (self.possible(), other.possible());
        if one.is_empty() || other.is_empty() {
            return joined;
        }
        let others = other.into_iter().filter(|value| !one.contains(value));
        let choices = one.iter().copied().chain(others.collect::<Vec<_>>());
        joined.choosing(choices.collect())
    }
}
