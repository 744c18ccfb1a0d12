//! Why something is unknown: what `--why` tells, and what statistics count. It decides nothing.

use crate::location::Location;
use crate::source::Place;

/// The causes of unknown values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// Evaluation knows nothing of this kind of expression, or of this name.
    Expression,
    /// It is a parameter, and no caller is known that gives it.
    Argument,
    /// Code outside the project makes it.
    Library,
    /// It is one of several values, some of which are not known, or of too many.
    Joined,
    /// It is a variable that a loop, other functions or other files assign to as well.
    Rebound,
    /// The function that makes it was not run for this caller.
    Skipped,
    /// The function that makes it is already running.
    Recursion,
    /// Evaluation ended before it, at its bound on steps, depth or size.
    Budget,
}

impl Why {
    /// Every cause.
    pub const ALL: [Why; 8] = [
        Why::Expression,
        Why::Argument,
        Why::Library,
        Why::Joined,
        Why::Rebound,
        Why::Skipped,
        Why::Recursion,
        Why::Budget,
    ];

    /// The cause in a clause.
    pub fn clause(self) -> &'static str {
        match self {
            Why::Expression => "evaluation does not follow this",
            Why::Argument => "no caller is known that gives this argument",
            Why::Library => "it is made outside the project",
            Why::Joined => "it is one of several values, and not all are known",
            Why::Rebound => "it is assigned to in more than one place, and which came last is open",
            Why::Skipped => "the function that makes it is not run for this caller",
            Why::Recursion => "the function that makes it calls itself",
            Why::Budget => "evaluation reached its bound before it",
        }
    }
}

/// Why something in a fact is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The cause.
    pub why: Why,
    /// The expression where it begins, or else the argument that is unknown.
    pub place: Place,
}

/// Why a value is unknown, while it is evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// The cause.
    pub why: Why,
    /// The expression where it begins, once that is known.
    pub at: Option<Location>,
}

impl Cause {
    /// A cause that begins somewhere.
    pub const fn of(why: Why) -> Cause {
        Cause { why, at: None }
    }
}

/// What nobody knows is the same for everybody: why is not part of what a value is.
impl PartialEq for Cause {
    fn eq(&self, _: &Cause) -> bool {
        true
    }
}
