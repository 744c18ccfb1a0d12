//! A run: one entry being evaluated, a module body, a constructor or a program inside a string. Each
//! begins with a [`Run`] of its own, so nothing of one is seen by the next.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use imbl::OrdMap;

use super::attempts::Attempt;
use super::entries::Entered;
use super::observations::{Observation, Reads};
use super::traces::Trace;
use super::uncalled::Uncalled;
use super::{Heap, Record, Shared, State};
use crate::Comment;
use crate::code::Name;
use crate::source::{FileId, Span};
use crate::value::{Closure, DocumentId, Location, Namespace, Pending, Ref, Unit, Value};

/// How many statements and expressions a run may evaluate besides those that are written where it
/// begins. The largest functions seen in real programs, with everything they call, stay well below.
pub(super) const STEPS: u32 = 150_000;

/// Everything that belongs to one run.
#[derive(Debug)]
pub(super) struct Run {
    /// Where the objects belong that the run makes.
    pub unit: Unit,
    next_reference: u32,
    /// What is known here; `None` where flow does not come.
    pub state: Option<State>,
    /// Takes what is written where nothing is reached.
    pub unreached: State,
    pub frames: Vec<Frame>,
    pub attempts: Vec<Attempt>,
    pub record: Record,
    /// Comments inside programs that were run, at their places in the file under analysis.
    pub comments: Vec<(FileId, Comment)>,
    /// How many steps are left.
    pub steps: u32,
    /// How often loops repeat the code at hand.
    pub repeats: usize,
    /// How many conditions were known to hold, or not to.
    pub decided: usize,
    /// What was given up because it takes too many steps: a function, or a module by its beginning.
    pub given_up: Vec<Location>,
    /// Whether an import of a module body failed and nothing caught it.
    pub import_failed: bool,
    /// Functions defined at module or class level.
    pub definitions: Vec<Arc<Closure>>,
    /// What the run reaches by name, if somebody wants to know.
    pub trace: Option<Trace>,
    /// The function whose calls are looked out for.
    pub wanted: Option<Location>,
    /// Texts of programs that were run, so that none is run twice.
    pub programs: HashSet<String>,
    /// The definitions of the functions in progress around a program that is being run, innermost
    /// first.
    pub hosts: Vec<Location>,
    /// Functions that were called.
    pub called: HashSet<(DocumentId, Span)>,
    /// Functions whose names were read.
    pub read: HashSet<(DocumentId, Span)>,
    /// Whether a function entered from outside is given its defaults.
    pub with_defaults: bool,
    /// Whether no condition is decided and no statement is the last one: what a compiler sees.
    pub undecided: bool,
    /// Whether the body of the module has ended, and what it left for others to call is entered.
    pub has_ended: bool,
    /// Imported names being evaluated, for telling cycles.
    pub forcing: HashSet<(Namespace, Arc<[Name]>)>,
    /// Where the constants at hand read their names, if not in the scope they are bound in.
    pub names: Option<Ref>,
    /// Rust constants that have been met, in their order.
    pub constants: Vec<Arc<Pending>>,
    /// Those being evaluated, within each other.
    pub evaluating: Vec<Arc<Pending>>,
    /// One that is too deep within others to be evaluated now.
    pub postponed: Option<Arc<Pending>>,
    /// The inline modules around the Rust items at hand.
    pub inline_modules: Vec<Name>,
    /// Members that types of other files are given.
    pub distant_members: Vec<super::distant::DistantMember>,
    /// A Rust type by its definition, and the fields of its instances as they are made, if somebody wants to know.
    pub built: Option<(Location, Vec<OrdMap<Name, Value>>)>,
    /// The value that a condition took apart, for when it is known to hold or not.
    pub matched: HashMap<Location, Value>,
    /// Methods that the project's traits give to types outside it.
    pub foreign_methods: Vec<super::foreign::ForeignMethod>,
    /// What it has changed of others' objects, as everybody has it who has changed them to the same.
    pub settled: HashMap<Ref, Shared>,
    /// Calls of which a summary may be kept, within each other.
    pub observations: Vec<Observation>,
    /// What the innermost of them has read.
    pub reads: Reads,
}

impl Default for Run {
    fn default() -> Run {
        Run {
            unit: Unit::RUN,
            next_reference: 0,
            state: Some(State::default()),
            unreached: State::default(),
            frames: Vec::new(),
            attempts: Vec::new(),
            record: Record::default(),
            comments: Vec::new(),
            steps: STEPS,
            repeats: 1,
            decided: 0,
            given_up: Vec::new(),
            import_failed: false,
            definitions: Vec::new(),
            trace: None,
            wanted: None,
            programs: HashSet::new(),
            hosts: Vec::new(),
            called: HashSet::new(),
            read: HashSet::new(),
            with_defaults: false,
            undecided: false,
            has_ended: false,
            forcing: HashSet::new(),
            names: None,
            constants: Vec::new(),
            evaluating: Vec::new(),
            postponed: None,
            inline_modules: Vec::new(),
            distant_members: Vec::new(),
            built: None,
            matched: HashMap::new(),
            foreign_methods: Vec::new(),
            settled: HashMap::new(),
            observations: Vec::new(),
            reads: Reads::default(),
        }
    }
}

impl Run {
    /// A run whose objects others keep referring to.
    pub fn kept(unit: Unit) -> Run {
        Run {
            unit,
            ..Run::default()
        }
    }

    /// A run that begins with what a module changed of others.
    pub fn upon(changes: &Heap) -> Run {
        let heap = changes.clone();
        Run {
            state: Some(State {
                heap,
                ..State::default()
            }),
            ..Run::default()
        }
    }

    /// A reference that no object has yet.
    pub fn next_reference(&mut self) -> Ref {
        let index = self.next_reference;
        self.next_reference += 1;
        Ref {
            unit: self.unit,
            index,
        }
    }

    /// The index of the next object that the run makes.
    pub fn first_unused(&self) -> u32 {
        self.next_reference
    }

    /// Allows a step for each byte of what the run begins with, so that long code without loops is
    /// evaluated to its end.
    pub fn allow_for(&mut self, code: Span) {
        self.steps += code.end - code.start;
    }

    /// Forgets what was met, where there was too much to evaluate it all: what followed may have
    /// waited for a process, or started it once more.
    pub fn give_up(&mut self, what: Location) {
        let visits = std::mem::take(&mut self.record.visits);
        self.record = Record::default();
        self.record.visits = visits;
        self.given_up.push(what);
    }

    /// Takes in what a piece of code does that was evaluated by itself.
    pub fn absorb(&mut self, entered: &Entered) {
        self.record.append(entered.record.clone());
        self.given_up.extend_from_slice(&entered.given_up);
        for comment in &entered.comments {
            if !self.comments.contains(comment) {
                self.comments.push(*comment);
            }
        }
    }
}

/// A call in progress, or a module body.
#[derive(Debug)]
pub(super) struct Frame {
    /// The text its code stands in.
    pub document: DocumentId,
    /// Its variables.
    pub scope: Ref,
    /// The whole definition of the function; of a module body the whole text.
    pub definition: Location,
    /// The function, for telling recursion.
    pub closure: Option<Arc<Closure>>,
    /// The call in the frame below.
    pub call: Option<Location>,
    /// The texts that the call passes, each with the argument.
    pub texts: Vec<(Value, Location)>,
    /// The statement at hand.
    pub statement: Span,
    /// The attribute in it that was last read.
    pub attribute: Span,
    /// What statements in progress ask for, and where: names outside the project, and what the module is
    /// called.
    pub asked: Vec<(Arc<str>, Location)>,
    /// Whether it has touched a result that rules follow.
    pub follows: bool,
    /// The conditions of the `if` statements around the statement at hand, where they hold.
    pub holding: Vec<Span>,
    /// What the `with` statements around it enter.
    pub entered: Vec<Span>,
    /// The statements that last gave its variables, and attributes of them, a value.
    pub bound: HashMap<Name, Span>,
    /// What has been returned so far.
    pub returned: Option<(Value, State)>,
    /// Loops in progress, innermost last.
    pub loops: Vec<Loop>,
    /// Functions defined here that nobody has been seen to call.
    pub uncalled: Vec<Uncalled>,
}

/// A loop in progress: the states in which it was left or continued.
#[derive(Debug, Default)]
pub(super) struct Loop {
    pub broken: Option<State>,
    pub continued: Option<State>,
}
