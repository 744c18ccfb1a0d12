//! The machine: runs the typed tree with the platform as a known constant, and records what it meets.
//!
//! It is an abstract interpreter. Where a condition is known it runs one branch, where it is not it
//! runs both and joins the states; loops run once, or once per known item. What cannot be evaluated
//! within the bounds below is unknown.

mod arguments;
mod assignments;
mod attempts;
mod attributes;
mod callers;
mod calls;
mod conditions;
mod containers;
mod definitions;
mod expressions;
pub(crate) mod failing;
mod foreign;
mod instances;
mod mentions;
mod modules;
mod operators;
mod outcomes;
mod programs;
mod reach;
mod record;
mod state;
mod statements;
mod traces;
mod watch;
mod wildcards;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use imbl::OrdMap;

use crate::code::Name;
use crate::embedded::Origin;
use crate::platform::{Platform, Truth};
use crate::project::Project;
use crate::source::{FileId, Language, Place, Span};
use crate::value::{Closure, DocumentId, Location, Ref, Value};
use crate::{Comment, Triggers};

pub use arguments::{Argument, Arguments};
pub use attempts::Caught;
pub use modules::ModuleState;
pub(crate) use record::fate_of_use;
pub use record::{Record, SignalRecord, SpawnRecord, Start};
pub use state::{
    Command, Dict, Entry, Failure, Heap, Instance, Key, Object, Scope, Sequence, Shared, State,
};

/// How many statements and expressions one entry may evaluate. The largest functions seen in real
/// programs, with everything they call, stay well below.
const STEPS: u32 = 150_000;

/// How deep calls of project functions may nest.
const DEPTH: usize = 10;

/// A text the machine runs.
#[derive(Debug)]
pub struct Text<'p> {
    /// The file it is, or stands in.
    pub file: FileId,
    /// Its characters.
    pub text: std::borrow::Cow<'p, str>,
    /// Its language.
    pub language: Language,
    /// Where its bytes stand in other texts, if it is the value of a string.
    pub origin: Option<Origin>,
}

/// A call in progress, or a module body.
#[derive(Debug)]
struct Frame {
    /// The text its code stands in.
    document: DocumentId,
    /// Its variables.
    scope: Ref,
    /// The whole definition of the function; of a module body the whole text.
    definition: Location,
    /// The function, for telling recursion.
    closure: Option<Arc<Closure>>,
    /// The call in the frame below.
    call: Option<Location>,
    /// The statement at hand.
    statement: Span,
    /// What has been returned so far.
    returned: Option<(Value, State)>,
    /// Loops in progress, innermost last.
    loops: Vec<Loop>,
    /// Functions defined here and not called yet.
    pending: Vec<Arc<Closure>>,
}

/// A loop in progress: the states in which it was left or continued.
#[derive(Debug, Default)]
struct Loop {
    broken: Option<State>,
    continued: Option<State>,
}

/// Runs code of one project on one platform.
pub struct Machine<'p> {
    pub(crate) project: &'p Project,
    pub(crate) platform: Platform,
    triggers: &'p Triggers,
    pub(crate) texts: Vec<Text<'p>>,
    state: Option<State>,
    /// Takes what is written where nothing is reached.
    unreached: State,
    base: Heap,
    modules: HashMap<FileId, ModuleState>,
    frames: Vec<Frame>,
    attempts: Vec<attempts::Attempt>,
    pub(crate) record: Record,
    /// Whether what happens belongs to the code under analysis, not to a module it imports.
    recording: bool,
    steps: u32,
    /// How many steps have been taken in all.
    spent: u64,
    next_reference: u32,
    /// Functions that the code under analysis defines at module or class level.
    definitions: Vec<Arc<Closure>>,
    /// The same of every module that was evaluated.
    functions: HashMap<DocumentId, Vec<Arc<Closure>>>,
    /// What the run at hand comes to, if somebody wants to know.
    trace: Option<traces::Trace>,
    /// The function whose calls are looked out for.
    wanted: Option<Location>,
    /// Modules whose import fails, while that is being found out.
    failing: Option<Arc<HashSet<FileId>>>,
    /// What is known of how symbols are come to.
    reach: reach::Reach,
    /// The same project on other platforms.
    elsewhere: HashMap<Platform, Box<Machine<'p>>>,
    /// Texts of programs met in the run at hand, so that none is run twice.
    programs: HashSet<String>,
    /// The definitions of the functions in progress around a program that is being run, innermost
    /// first.
    hosts: Vec<Location>,
    /// Comments inside programs, at their places in the file under analysis.
    embedded_comments: Vec<Comment>,
    /// The file under analysis.
    home: Option<FileId>,
    /// Whether running a function for its caller can tell something.
    worth: HashMap<(DocumentId, Span), bool>,
    /// Functions that were called in the run at hand.
    called: HashSet<(DocumentId, Span)>,
    /// Functions whose names were read in the run at hand.
    read: HashSet<(DocumentId, Span)>,
    /// Whether a function entered from outside is given its defaults.
    with_defaults: bool,
    /// Wildcard imports being searched, for telling cycles.
    searched: HashSet<(FileId, Name)>,
    /// Imported names being evaluated, for the same.
    forcing: HashSet<(FileId, Arc<[Name]>)>,
    /// How many modules are being evaluated within each other's evaluation.
    nesting: usize,
    /// What constructors set, by class.
    settled: HashMap<Ref, OrdMap<Name, Value>>,
    /// The inline modules around the Rust items at hand.
    inline_modules: Vec<Name>,
    /// What traits of the project give to types outside it.
    foreign_methods: Vec<foreign::ForeignMethod>,
    /// The value that a condition took apart, for when it is known to hold or not.
    matched: HashMap<Location, Value>,
    /// A place that somebody asks about.
    watch: Option<watch::Watch>,
}

impl<'p> Machine<'p> {
    /// A machine that has run nothing yet. The text of each file is the document with its number.
    pub fn new(project: &'p Project, platform: Platform, triggers: &'p Triggers) -> Machine<'p> {
        let texts = project
            .files
            .iter()
            .enumerate()
            .map(|(index, source)| Text {
                file: FileId(index as u32),
                text: std::borrow::Cow::Borrowed(source.text.as_str()),
                language: source.language,
                origin: None,
            })
            .collect();
        Machine {
            project,
            platform,
            triggers,
            texts,
            state: Some(State::default()),
            unreached: State::default(),
            base: Heap::new(),
            modules: HashMap::new(),
            frames: Vec::new(),
            attempts: Vec::new(),
            record: Record::default(),
            recording: false,
            steps: STEPS,
            spent: 0,
            next_reference: 0,
            definitions: Vec::new(),
            functions: HashMap::new(),
            failing: None,
            trace: None,
            wanted: None,
            reach: reach::Reach::default(),
            elsewhere: HashMap::new(),
            programs: HashSet::new(),
            hosts: Vec::new(),
            home: None,
            embedded_comments: Vec::new(),
            worth: HashMap::new(),
            called: HashSet::new(),
            read: HashSet::new(),
            with_defaults: false,
            searched: HashSet::new(),
            forcing: HashSet::new(),
            nesting: 0,
            settled: HashMap::new(),
            inline_modules: Vec::new(),
            foreign_methods: Vec::new(),
            matched: HashMap::new(),
            watch: None,
        }
    }

    /// The files whose module bodies have been run.
    pub(crate) fn evaluated(&self) -> Vec<FileId> {
        self.modules.keys().copied().collect()
    }

    /// The language of the code at hand.
    pub(crate) fn language(&self) -> Language {
        self.texts[self.document().0 as usize].language
    }

    /// The text the code at hand stands in.
    pub(crate) fn document(&self) -> DocumentId {
        self.frames.last().expect("code runs in a frame").document
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
        let text = &self.texts[location.document.0 as usize];
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
        self.state.is_some()
    }

    /// The state at hand. Code that cannot be reached has none: what an expression still does after a
    /// part of it has not returned is lost.
    fn state_mut(&mut self) -> &mut State {
        match &mut self.state {
            Some(state) => state,
            None => {
                self.unreached = State::default();
                &mut self.unreached
            }
        }
    }

    /// Counts a step; false once the bound is reached.
    fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.spent += 1;
        self.steps > 0
    }

    /// Puts an object on the heap.
    pub(crate) fn allocate(&mut self, object: Object) -> Ref {
        let reference = Ref(self.next_reference);
        self.next_reference += 1;
        self.state_mut().heap.insert(reference, Shared::new(object));
        reference
    }

    /// An object of the heap.
    pub(crate) fn object(&self, reference: Ref) -> Option<&Object> {
        self.state
            .as_ref()
            .and_then(|state| state.heap.get(&reference))
            .or_else(|| self.base.get(&reference))
            .map(Shared::get)
    }

    /// An object of the heap, to be changed in the state at hand.
    pub(crate) fn object_mut(&mut self, reference: Ref) -> Option<&mut Object> {
        let base = self.base.get(&reference).cloned();
        let heap = &mut self.state_mut().heap;
        if !heap.contains_key(&reference) {
            heap.insert(reference, base?);
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
            (Some(a), Some(b)) => Some(a.join(b, &self.base)),
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
                let before = self.state.clone();
                let first = then(self);
                let after_first = std::mem::replace(&mut self.state, before);
                let second = otherwise(self);
                let after_second = self.state.take();
                let value = match (&after_first, &after_second) {
                    (Some(_), Some(_)) => first.join(&second),
                    (Some(_), None) => first,
                    _ => second,
                };
                self.state = self.merge(after_first, after_second);
                value
            }
        }
    }

    /// A span of a text.
    pub(crate) fn source(&self, document: DocumentId, span: Span) -> &str {
        &self.texts[document.0 as usize].text[span.range()]
    }

    /// `object.name = value`
    pub(crate) fn assign_attribute(&mut self, object: &Value, name: &Name, value: Value) {
        self.keep_value(&value);
        self.set_attribute(object, name, value);
    }

    /// The statement at hand.
    pub(crate) fn here_statement(&self) -> Location {
        self.here(self.frames.last().expect("code runs in a frame").statement)
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

    /// Whether code can start a process or send a signal itself.
    fn relevant_start(&self, text: &str) -> bool {
        self.triggers.matches(text)
    }

    /// Whether running code can tell something about processes or the platform.
    fn relevant(&self, text: &str) -> bool {
        const PLATFORM_WORDS: [&str; 7] = [
            "platform",
            "os.name",
            "indows",
            "WIN",
            "creationflags",
            "CREATE_",
            "which",
        ];
        self.relevant_start(text)
            || PLATFORM_WORDS
                .iter()
                .any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
    }

    /// The variable `name` as code in `scope` reads it.
    fn variable(&self, scope: Ref, name: &Name) -> Option<Value> {
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
