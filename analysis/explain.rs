//! Why a place is reached or not: the same evaluation with a watch on it, on each platform.

use crate::facts::Facts;
use crate::machine::{Machine, Session};
use crate::platform::{Platform, Truth};
use crate::source::Place;
use crate::{Problem, is_compiled};

/// What evaluation tells about a place.
#[derive(Debug)]
pub struct Explanation {
    /// What Windows does, then Linux, then macOS.
    pub runs: [Run; 3],
    /// What does not parse in the file.
    pub problems: Vec<Problem>,
}

/// What one platform does with the code at a place.
#[derive(Debug)]
pub struct Run {
    /// The platform.
    pub platform: Platform,
    /// Whether the platform sees the file at all: a Rust file may belong to another.
    pub compiled: bool,
    /// The ways in which statements there are come to.
    pub visits: Vec<Visit>,
    /// The conditions that were evaluated around it, in the order of the file.
    pub turns: Vec<Turn>,
    /// The statements before it from which flow does not go on.
    pub ends: Vec<Place>,
    /// What the file does.
    pub facts: Facts,
    /// What was met in the file and does not count, because of the callers.
    pub left_out: Facts,
}

/// A way to a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The statement: of a compound one the head.
    pub statement: Place,
    /// The definition that evaluation started with; for a module body the whole file.
    pub entry: Place,
    /// The project's own calls that lead from there, innermost first.
    pub through: Vec<Place>,
    /// Whether it counts.
    pub standing: Standing,
}

/// Whether a way to a statement counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Counts,
    /// Every call of the function is known, and what those bring counts in its place.
    CallersKnown,
    /// Only other platforms come to this module, class or function.
    Elsewhere(Place),
}

/// A condition of which one branch holds the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The condition.
    pub condition: Place,
    /// What it must be for the place to be reached.
    pub wanted: bool,
    /// What it is.
    pub holds: Truth,
}

/// Evaluates the file around `place` on each platform that people ask about. Whatever function the
/// place stands in is evaluated, also where nothing that is asked for stands in it.
pub fn explain(session: &Session, place: Place) -> Explanation {
    let project = session.project();
    let platforms = [Platform::Windows, Platform::Linux, Platform::Macos];
    let runs = platforms.map(|platform| {
        let compiled = is_compiled(project, place.file, platform);
        let mut machine = Machine::new(session, platform);
        machine.watch(place);
        if compiled {
            machine.run_file(place.file);
        }
        Run {
            platform,
            compiled,
            visits: machine.visits(),
            turns: machine.turns(),
            ends: machine.ends(),
            facts: machine.facts(),
            left_out: machine.left_out(),
        }
    });
    Explanation {
        runs,
        problems: project.problems(place.file).to_vec(),
    }
}

/// Whether neither Linux nor macOS is seen to come to a place in its file.
pub fn is_for_windows_only(session: &Session, place: Place) -> bool {
    let project = session.project();
    [Platform::Linux, Platform::Macos]
        .into_iter()
        .all(|platform| {
            if !is_compiled(project, place.file, platform) {
                return true;
            }
            let mut machine = Machine::new(session, platform);
            machine.watch(place);
            machine.run_file(place.file);
            machine.visits().is_empty()
        })
}
