//! The machine: runs the typed tree with the platform as a known constant, and records what it meets.
//!
//! It is an abstract interpreter. Where a condition is known it runs one branch, where it is not it
//! runs both and joins the states; a loop runs once for each known item, or until it changes nothing
//! that decides. What cannot be evaluated within the bounds below is unknown.

mod arguments;
mod assignments;
mod attempts;
mod attributes;
mod callers;
mod calls;
mod changed;
mod conditions;
mod constants;
mod containers;
mod definitions;
mod dialect;
mod distant;
mod elsewhere;
mod entries;
mod expressions;
mod facts;
mod fates;
mod finally;
mod foreign;
mod groups;
mod hook;
mod instances;
mod loading;
mod loops;
mod mentions;
mod modules;
mod naming;
mod observations;
mod operators;
mod outcomes;
mod programs;
mod reach;
mod record;
mod references;
mod results;
mod run;
mod session;
mod spelling;
mod state;
mod statements;
mod summaries;
mod traces;
mod uncalled;
mod variants;
mod watch;
mod wildcards;

use crate::code::Name;
use crate::platform::{Platform, Truth};
use crate::project::Project;
use crate::source::{FileId, Place, Span};
use crate::value::{DocumentId, Location, Ref, Value};

pub use arguments::{Argument, Arguments};
pub use attempts::Caught;
pub(crate) use conditions::last_segment;
pub(crate) use dialect::{Dialect, Exception, Features, Lack};
pub(crate) use fates::fate_of_use;
pub(crate) use hook::Hook;

pub use record::{Record, Refused, Start};
use run::{Frame, Loop, Run};
use session::World;
pub use session::{Evaluated, Session, Text};
pub use state::{
    Command, Dict, Entry, Failure, Heap, Instance, Key, Object, Scope, Sequence, Shared, State,
};

/// How deep calls of project functions may nest.
const DEPTH: usize = 10;

/// How many expressions and blocks an entry may have in evaluation inside each other, with all
/// functions and constructors that are run from them, and as many again the modules that are read
/// there: what uses the stack. In an unoptimised build one takes about 5 kB.
const LEVELS: usize = 4_000;

/// Runs code of one project on one platform, an entry at a time.
pub struct Machine<'s> {
    pub(crate) project: &'s Project,
    pub(crate) platform: Platform,
    session: &'s Session<'s>,
    /// What has been evaluated on this platform.
    world: &'s World,
    /// What is being evaluated.
    run: Run,
    /// How many expressions and blocks are in evaluation.
    levels: usize,
    /// How many there were at most, since somebody wants to know.
    deepest: usize,
    /// Modules whose bodies are being run, within each other.
    loading: loading::Loading,
    /// The file under analysis.
    home: Option<FileId>,
    /// Symbols of which is being asked whether they are reached.
    asked: reach::Asked,
    /// A place that somebody asks about.
    watch: Option<watch::Watch>,
}

impl<'s> Machine<'s> {
    /// A machine that has run nothing yet.
    pub fn new(session: &'s Session<'s>, platform: Platform) -> Machine<'s> {
        Machine {
            project: session.project,
            platform,
            session,
            world: session.world(platform),
            run: Run::default(),
            levels: 0,
            deepest: 0,
            loading: loading::Loading::default(),
            home: None,
            asked: reach::Asked::default(),
            watch: None,
        }
    }

    /// A text, by the document it is.
    pub(crate) fn text(&self, document: DocumentId) -> &'s Text<'s> {
        self.session.text(document)
    }

    /// The file that the code at hand is, or stands in.
    pub(crate) fn file(&self) -> FileId {
        self.text(self.document()).file
    }

    /// The dialect of the code at hand; where none is being run, of the file under analysis.
    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        let document = match (self.run.frames.last(), self.home) {
            (None, Some(home)) => DocumentId(home.0),
            _ => self.document(),
        };
        self.dialect_of(document)
    }

    /// The dialect of a text.
    fn dialect_of(&self, document: DocumentId) -> &'static dyn Dialect {
        crate::dialect::of(self.text(document).language)
    }

    /// The innermost scope of the code at hand.
    pub(crate) fn scope(&self) -> Ref {
        self.run.frames.last().expect("code runs in a frame").scope
    }

    /// The text the code at hand stands in.
    pub(crate) fn document(&self) -> DocumentId {
        self.run
            .frames
            .last()
            .expect("code runs in a frame")
            .document
    }

    /// A place in the code at hand.
    pub(crate) fn here(&self, span: Span) -> Location {
        Location {
            document: self.document(),
            span,
        }
    }

    /// Where a location stands in a file of the project.
    pub fn place(&self, location: Location) -> Place {
        let text = self.text(location.document);
        match &text.origin {
            None => Place {
                file: text.file,
                span: location.span,
            },
            Some(origin) => match origin.host(location.span) {
                Some(host) => self.place(host),
                None => Place {
                    file: text.file,
                    span: Span::new(0, 0),
                },
            },
        }
    }

    /// Whether the code at hand can still be reached.
    pub(crate) fn alive(&self) -> bool {
        self.run.state.is_some()
    }

    /// The state at hand. Code that cannot be reached has none: what an expression still does after a
    /// part of it has not returned is lost.
    fn state_mut(&mut self) -> &mut State {
        match &mut self.run.state {
            Some(state) => state,
            None => {
                self.run.unreached = State::default();
                &mut self.run.unreached
            }
        }
    }

    /// Counts a step; false once the bound is reached.
    fn step(&mut self) -> bool {
        self.run.steps = self.run.steps.saturating_sub(1);
        self.run.steps > 0
    }

    /// Runs something one level deeper. Where that is too deep the run is given up, as after too many
    /// steps.
    fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.levels >= LEVELS {
            self.run.steps = 0;
            return None;
        }
        self.levels += 1;
        self.deepest = self.deepest.max(self.levels);
        let result = run(self);
        self.levels -= 1;
        Some(result)
    }

    /// Puts an object on the heap.
    pub(crate) fn allocate(&mut self, object: Object) -> Ref {
        let reference = self.run.next_reference();
        self.state_mut().heap.insert(reference, Shared::new(object));
        reference
    }

    /// An object of the heap.
    pub(crate) fn object(&self, reference: Ref) -> Option<&Object> {
        self.note_object(reference);
        self.run
            .state
            .as_ref()
            .and_then(|state| state.heap.get(&reference))
            .or_else(|| self.world.object(reference))
            .map(Shared::get)
    }

    /// An object of the heap, to be changed in the state at hand.
    pub(crate) fn object_mut(&mut self, reference: Ref) -> Option<&mut Object> {
        self.note_object(reference);
        let world = self.world;
        let heap = &mut self.state_mut().heap;
        if !heap.contains_key(&reference) {
            heap.insert(reference, world.object(reference)?.clone());
        }
        heap.get_mut(&reference).map(Shared::get_mut)
    }

    /// A new list or tuple.
    pub(crate) fn sequence(&mut self, mut items: Vec<Option<Value>>, fixed: bool) -> Value {
        state::shorten(&mut items);
        Value::Object(self.allocate(Object::Sequence(Sequence { items, fixed })))
    }

    /// The items of a list or tuple.
    pub(crate) fn items(&self, value: &Value) -> Option<&Sequence> {
        match value {
            Value::Object(reference) => match self.object(*reference)? {
                Object::Sequence(sequence) => Some(sequence),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a list, tuple or dict is known to hold.
    pub(crate) fn contents(&self, value: &Value) -> Vec<Value> {
        if let Some(sequence) = self.items(value) {
            return sequence.items.iter().flatten().cloned().collect();
        }
        match self.dict(value) {
            Some(dict) => dict
                .entries
                .values()
                .map(|entry| entry.value.clone())
                .collect(),
            None => Vec::new(),
        }
    }

    /// The instance behind a value.
    pub(crate) fn instance(&self, value: &Value) -> Option<&Instance> {
        match value {
            Value::Object(reference) => match self.object(*reference)? {
                Object::Instance(instance) => Some(instance),
                _ => None,
            },
            _ => None,
        }
    }

    /// The dict behind a value.
    pub(crate) fn dict(&self, value: &Value) -> Option<&Dict> {
        match value {
            Value::Object(reference) => match self.object(*reference)? {
                Object::Dict(dict) => Some(dict),
                _ => None,
            },
            _ => None,
        }
    }

    /// Joins a state into another that may not have been reached.
    fn merge(&self, into: Option<State>, other: Option<State>) -> Option<State> {
        match (into, other) {
            (Some(a), Some(b)) => Some(a.join(b, self.world)),
            (a, b) => a.or(b),
        }
    }

    /// Runs one of two ways, or both with their states joined, and joins the values.
    pub(crate) fn either(
        &mut self,
        holds: Truth,
        then: impl FnOnce(&mut Self) -> Value,
        otherwise: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        match holds {
            Truth::Yes => then(self),
            Truth::No => otherwise(self),
            Truth::Unknown => {
                let before = self.run.state.clone();
                let first = then(self);
                let after_first = std::mem::replace(&mut self.run.state, before);
                let second = otherwise(self);
                self.join_ways((first, after_first), second)
            }
        }
    }

    /// Joins what one way gave and the state after it with what the other gave, whose state is the
    /// one at hand.
    fn join_ways(&mut self, (first, after_first): (Value, Option<State>), second: Value) -> Value {
        let after_second = self.run.state.take();
        let value = match (&after_first, &after_second) {
            (Some(_), Some(_)) => first.join(&second),
            (Some(_), None) => first,
            _ => second,
        };
        self.run.state = self.merge(after_first, after_second);
        value
    }

    /// A span of a text.
    pub(crate) fn source(&self, document: DocumentId, span: Span) -> &'s str {
        &self.text(document).text[span.range()]
    }

    /// `object.name = value`
    pub(crate) fn assign_attribute(&mut self, object: &Value, name: &Name, value: Value) {
        self.keep_value(&value);
        self.set_attribute(object, name, value);
    }

    /// The statement at hand.
    pub(crate) fn here_statement(&self) -> Location {
        self.here(
            self.run
                .frames
                .last()
                .expect("code runs in a frame")
                .statement,
        )
    }

    /// The attribute that is read, where that stands in the statement at hand; else the statement.
    fn here_attribute(&self) -> Location {
        let frame = self.run.frames.last().expect("code runs in a frame");
        match frame.statement.contains(frame.attribute) {
            true => self.here(frame.attribute),
            false => self.here(frame.statement),
        }
    }

    /// The part of a chained call that begins with the name of its last method.
    pub(crate) fn method_location(&self, call: Location, method: &str) -> Location {
        let text = self.source(call.document, call.span);
        let start = text.rfind(method).unwrap_or(0) as u32;
        Location {
            span: Span {
                start: call.span.start + start,
                ..call.span
            },
            ..call
        }
    }

    /// The variable `name` as code in `scope` reads it.
    pub(crate) fn variable(&self, scope: Ref, name: &Name) -> Option<Value> {
        let mut next = Some(scope);
        while let Some(reference) = next {
            let Some(Object::Scope(scope)) = self.object(reference) else {
                return None;
            };
            if let Some(value) = scope.variables.get(name) {
                return Some(value.clone());
            }
            next = scope.parent;
        }
        None
    }
}
