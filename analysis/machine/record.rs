//! The record: what a run met, in the machine's terms.

use std::sync::Arc;

use super::{Arguments, Caught, Failure, Machine, fates};
use crate::code::Name;
use crate::facts::{Fate, How, SessionKind, Starter, Stream};
use crate::platform::Truth;
use crate::rewrite::CommandArgument;
use crate::source::{Span, is_notebook};
use crate::value::{DocumentId, Int, Location, Piece, SpawnRef, Unit, Value};

/// Everything met so far.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Processes started.
    pub spawns: Vec<SpawnRecord>,
    /// Signals sent.
    pub signals: Vec<SignalRecord>,
    /// Calls that are asked for by name.
    pub calls: Vec<CallRecord>,
    /// Uses of names that the platform lacks.
    pub uses: Vec<UseRecord>,
    /// Statements run at the place that is watched, if one is.
    pub visits: Vec<Met>,
    /// What is done with children that were started elsewhere.
    later: Vec<(SpawnRef, Deed)>,
    /// How often something was done with a child.
    deeds: usize,
}

/// What is done with a child after it was started.
#[derive(Clone, Debug)]
enum Deed {
    /// More becomes of it.
    Fate(Fate),
    /// Its return code is set by hand.
    LetGo,
    /// It is put into a job object.
    Job,
    /// It gets a name, which the code at a location can use.
    Name(Name, Location),
    /// An arm meets the failure to start it.
    Arm(Location),
    /// It is given to code that is not seen.
    HandedOver,
}

/// Where something was met.
#[derive(Clone, Debug)]
pub struct Met {
    /// The call.
    pub call: Location,
    /// The statement around it.
    pub statement: Location,
    /// The calls of the project that led there, innermost first.
    pub through: Vec<Location>,
    /// The definitions of the functions in progress, innermost first.
    pub definitions: Vec<Location>,
    /// Whether it belongs to the code under analysis.
    pub recorded: bool,
    /// Why it does not count although it does.
    pub left_out: Option<LeftOut>,
}

/// Why something in the code under analysis does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Every call of the function is known, and what those bring counts in its place.
    CallersKnown,
    /// Only other platforms come to this module, class or function.
    Elsewhere(Location),
}

/// A process is started.
#[derive(Clone, Debug)]
pub struct SpawnRecord {
    /// What is called.
    pub api: String,
    /// Where.
    pub met: Met,
    /// What starts it.
    pub starter: Starter,
    /// The program.
    pub program: Value,
    /// Where the call is given the program.
    pub program_location: Location,
    /// How the call takes the command, if it takes it whole.
    pub command: Option<CommandArgument>,
    /// The arguments after it; `None` for any number of unknown ones.
    pub arguments: Vec<Option<Value>>,
    /// Whether a command interpreter runs it.
    pub shell: Truth,
    /// The creation flags.
    pub flags: Int,
    /// The argument that passes them.
    pub flags_location: Option<Location>,
    /// POSIX-only options.
    pub session: Vec<(SessionKind, Location)>,
    /// Options that the platform refuses.
    pub refused: Vec<Refused>,
    /// Standard input, output and error.
    pub streams: [Stream; 3],
    /// What becomes of the child.
    pub fate: Fate,
    /// Whether it is killed when its handle is dropped.
    pub kill_on_drop: bool,
    /// Whether its return code is set by hand, as if somebody had waited for it.
    pub let_go: bool,
    /// Whether it is put into a job object of its parent's.
    pub in_job: bool,
    /// Whether it is given to code that is not seen, such as a collection.
    pub handed_over: bool,
    /// Names the child is kept under, and the code that can use them.
    pub names: Vec<(Name, Location)>,
    /// The handlers that a refusal meets.
    pub handlers: Vec<(Caught, Truth)>,
    /// The spawns that had failed when this one began, and why.
    pub follows: Vec<(SpawnRef, Failure)>,
    /// Which spawn it is to those who are not in the same run, if any can be.
    pub known_as: Option<SpawnRef>,
}

/// What a call says about the process it starts; the rest of a [`SpawnRecord`] is where it stands.
#[derive(Clone, Debug)]
pub struct Start {
    /// What is called.
    pub api: String,
    /// What starts it.
    pub starter: Starter,
    /// The program.
    pub program: Value,
    /// Where the call is given the program.
    pub program_location: Location,
    /// How the call takes the command, if it takes it whole.
    pub command: Option<CommandArgument>,
    /// The arguments after it.
    pub arguments: Vec<Option<Value>>,
    /// Whether a command interpreter runs it.
    pub shell: Truth,
    /// The creation flags.
    pub flags: Int,
    /// The argument that passes them.
    pub flags_location: Option<Location>,
    /// POSIX-only options.
    pub session: Vec<(SessionKind, Location)>,
    /// Options that the platform refuses.
    pub refused: Vec<Refused>,
    /// Standard input, output and error.
    pub streams: [Stream; 3],
    /// What the call itself makes of the child.
    pub fate: Fate,
    /// Whether the child is killed when its handle is dropped.
    pub kill_on_drop: bool,
}

/// An option with which the platform starts no process.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    /// What it is called.
    pub name: &'static str,
    /// Where it is given.
    pub location: Location,
    /// The definition of the function of the project that is given.
    pub hook: Option<Location>,
}

/// A signal is sent.
#[derive(Clone, Debug)]
pub struct SignalRecord {
    /// What is called.
    pub api: String,
    /// Where.
    pub met: Met,
    /// The signal.
    pub signal: Value,
    /// Where the call is given the signal.
    pub argument: Location,
    /// The handlers that an error meets.
    pub handlers: Vec<(Caught, Truth)>,
}

/// Something is called that is asked for by name.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// What is called.
    pub api: String,
    /// Where.
    pub met: Met,
    /// What it is given.
    pub arguments: Arguments,
    /// What was in the lists among that at the time.
    pub lists: Vec<(Value, Vec<Option<Value>>)>,
    /// The handlers that an error meets.
    pub handlers: Vec<(Caught, Truth)>,
    /// The conditions of the `if` statements around it in its function, where they hold.
    pub holding: Vec<Span>,
    /// What the `with` statements around it in its function enter.
    pub entered: Vec<Span>,
    /// For each argument by position that is a variable, or an attribute of one, the statement in its function
    /// that last gave it a value.
    pub bound: Vec<Option<Span>>,
    /// Whether the import of the module leads here. Nothing is repeated from a summary while a module is
    /// imported.
    pub by_import: bool,
}

/// A name is used that the platform lacks.
#[derive(Clone, Debug)]
pub struct UseRecord {
    /// The name.
    pub api: String,
    /// Where.
    pub met: Met,
    /// How it is used.
    pub how: How,
    /// Whether no function is in progress.
    pub at_import: bool,
    /// The handler that is sure to catch what is raised.
    pub caught: Option<Caught>,
    /// The handlers that an error meets.
    pub handlers: Vec<(Caught, Truth)>,
    /// The names that the statements around ask for.
    pub asked: Vec<(Arc<str>, Location)>,
    /// Whether the function around does nothing but make a session or a process group.
    pub in_hook: bool,
}

/// How the code at hand is come to.
#[derive(Clone, Debug)]
pub(super) struct Around {
    /// The calls in progress, innermost first.
    pub through: Vec<Location>,
    /// The functions in progress.
    pub definitions: Vec<Location>,
    /// The handlers in progress.
    pub handlers: Vec<(Caught, Truth)>,
}

/// Something that was met in a call, with what is around that.
pub(super) trait Reached: Clone {
    /// Where it was met, and the handlers that an error meets.
    fn way(&mut self) -> (&mut Met, &mut Vec<(Caught, Truth)>);
}

impl Reached for CallRecord {
    fn way(&mut self) -> (&mut Met, &mut Vec<(Caught, Truth)>) {
        (&mut self.met, &mut self.handlers)
    }
}

impl Reached for UseRecord {
    fn way(&mut self) -> (&mut Met, &mut Vec<(Caught, Truth)>) {
        (&mut self.met, &mut self.handlers)
    }
}

impl Around {
    /// The same without this, which is around the call that led to it.
    pub(super) fn take_from<R: Reached>(&self, record: &R) -> R {
        let mut record = record.clone();
        let (met, handlers) = record.way();
        met.through.truncate(met.through.len() - self.through.len());
        let definitions = met.definitions.len() - self.definitions.len();
        met.definitions.truncate(definitions);
        handlers.truncate(handlers.len() - self.handlers.len());
        record
    }

    /// The same with this around it.
    pub(super) fn add_to<R: Reached>(&self, record: &R) -> R {
        let mut record = record.clone();
        let (met, handlers) = record.way();
        met.through.extend(&self.through);
        met.definitions.extend(&self.definitions);
        handlers.extend_from_slice(&self.handlers);
        record
    }
}

impl SpawnRecord {
    fn take(&mut self, deed: Deed) {
        match deed {
            Deed::Fate(fate) => self.raise_fate(fate),
            Deed::LetGo => self.let_go = true,
            Deed::Job => self.in_job = true,
            Deed::HandedOver => self.handed_over = true,
            Deed::Name(name, location) => self.names.push((name, location)),
            Deed::Arm(location) => {
                let caught = Caught {
                    types: None,
                    location,
                    spelled: "Err".to_owned(),
                    raises_again: false,
                };
                let is_known = |(other, _): &(Caught, Truth)| other.location == location;
                if !self.handlers.iter().any(is_known) {
                    self.handlers.push((caught, Truth::Yes));
                }
            }
        }
    }

    fn raise_fate(&mut self, fate: Fate) {
        // Whoever gets a handle of the system can do anything with it, by no method of its own.
        let fate = match (fate, self.starter) {
            (Fate::Kept, Starter::Win32) => Fate::Unknown,
            (fate, _) => fate,
        };
        self.fate = fates::further(self.fate, fate);
    }
}

impl Record {
    /// Adds what another run met. What it did with children of that are here is done to them.
    pub(super) fn append(&mut self, other: Record) {
        let offset = self.spawns.len() as u32;
        let moved = |spawn: SpawnRef| match spawn.unit {
            Unit::RUN => SpawnRef {
                index: spawn.index + offset,
                ..spawn
            },
            _ => spawn,
        };
        self.spawns
            .extend(other.spawns.into_iter().map(|mut spawn| {
                for (failed, _) in &mut spawn.follows {
                    *failed = moved(*failed);
                }
                spawn
            }));
        self.signals.extend(other.signals);
        self.calls.extend(other.calls);
        self.uses.extend(other.uses);
        self.visits.extend(other.visits);
        for (spawn, deed) in other.later {
            self.note(spawn, deed);
        }
    }

    /// Adds the probes of a run that are not known yet.
    pub(super) fn add_probes(&mut self, other: Record) {
        for signal in other.signals {
            let is_probe = matches!(&signal.signal, Value::Int(int) if int.is_zero() == Truth::Yes);
            let is_known =
                |known: &SignalRecord| known.met.recorded && known.met.call == signal.met.call;
            if is_probe && !self.signals.iter().any(is_known) {
                self.signals.push(signal);
            }
        }
    }

    /// The index of a spawn, if it was met here.
    pub(super) fn index_of(&self, spawn: SpawnRef) -> Option<usize> {
        match spawn.unit {
            Unit::RUN => Some(spawn.index as usize),
            _ => {
                let known_as = |record: &SpawnRecord| record.known_as == Some(spawn);
                self.spawns.iter().position(known_as)
            }
        }
    }

    /// How often something was done with a child.
    pub(super) fn deeds(&self) -> usize {
        self.deeds
    }

    fn note(&mut self, spawn: SpawnRef, deed: Deed) {
        self.deeds += 1;
        match self.index_of(spawn) {
            Some(index) => self.spawns[index].take(deed),
            None => self.later.push((spawn, deed)),
        }
    }

    /// More becomes of a child than was known.
    pub fn raise_fate(&mut self, spawn: SpawnRef, fate: Fate) {
        self.note(spawn, Deed::Fate(fate));
    }

    /// The return code of a child is set by hand, so that Python does not miss the wait for it.
    pub(super) fn let_go(&mut self, spawn: SpawnRef) {
        self.note(spawn, Deed::LetGo);
    }

    /// A child is given to code that is not seen.
    pub(super) fn hand_over(&mut self, spawn: SpawnRef) {
        self.note(spawn, Deed::HandedOver);
    }

    /// An `Err` arm meets the failure of spawns.
    pub(super) fn add_arm(&mut self, spawns: &[SpawnRef], location: Location) {
        for &spawn in spawns {
            self.note(spawn, Deed::Arm(location));
        }
    }
}

impl Machine<'_> {
    /// More becomes of a child than was known.
    pub(crate) fn raise_fate(&mut self, spawn: SpawnRef, fate: Fate) {
        self.run.record.raise_fate(spawn, fate);
    }

    pub(super) fn met(&self, call: Location) -> Met {
        let frame = self.run.frames.last().expect("code runs in a frame");
        Met {
            call,
            statement: Location {
                document: frame.document,
                span: frame.statement,
            },
            through: self
                .run
                .frames
                .iter()
                .rev()
                .filter_map(|frame| frame.call)
                .collect(),
            definitions: self
                .run
                .frames
                .iter()
                .rev()
                .map(|frame| frame.definition)
                .chain(self.run.hosts.iter().copied())
                .collect(),
            recorded: true,
            left_out: None,
        }
    }

    /// Records that a process is started.
    pub(crate) fn start(&mut self, start: Start, call: Location) -> SpawnRef {
        let index = self.run.record.spawns.len();
        let spawn = SpawnRef {
            unit: self.run.unit,
            index: index as u32,
        };
        let met = self.met(call);
        let follows = self.state_mut().failed.iter().copied().collect();
        self.run.record.spawns.push(SpawnRecord {
            api: start.api,
            met,
            starter: start.starter,
            program: start.program,
            program_location: start.program_location,
            arguments: start.arguments,
            shell: start.shell,
            flags: start.flags,
            flags_location: start.flags_location,
            session: start.session,
            refused: start.refused,
            streams: start.streams,
            fate: start.fate,
            kill_on_drop: start.kill_on_drop,
            let_go: false,
            in_job: false,
            handed_over: false,
            command: start.command,
            names: Vec::new(),
            handlers: Vec::new(),
            follows,
            known_as: (spawn.unit != Unit::RUN).then_some(spawn),
        });
        let handlers = self.refusal_handlers(spawn);
        self.run.record.spawns[index].handlers = handlers;
        spawn
    }

    /// A child is put into a job object.
    pub(crate) fn put_into_job(&mut self, spawn: SpawnRef) {
        self.run.record.note(spawn, Deed::Job);
    }

    /// Records that a signal is sent.
    pub(crate) fn signal(&mut self, api: &str, signal: Value, argument: Location, call: Location) {
        let met = self.met(call);
        let record = SignalRecord {
            api: api.to_owned(),
            met,
            signal,
            argument,
            handlers: self.handlers_around(),
        };
        self.run.record.signals.push(record);
    }

    /// Records that an item of something outside the project is read or set, if that is asked for as a
    /// call of the method that does it.
    pub(super) fn note_subscript<const N: usize>(
        &mut self,
        path: &str,
        method: &str,
        given: [(&Value, Location); N],
        location: Location,
    ) {
        let api = format!("{path}.{method}");
        if !self.session.demand.may_ask_for(&api) {
            return;
        }
        let mut arguments = Arguments::default();
        for (value, at) in given {
            arguments.push(value.clone(), at);
        }
        self.note_native_call(&api, &arguments, location);
    }

    /// Records a call if it is asked for by name.
    pub(crate) fn note_native_call(&mut self, api: &str, arguments: &Arguments, call: Location) {
        if self.session.demand.asks_for(api)
            || self.is_given_what_is_asked_for(api, arguments)
            || self.touches_a_result(api, arguments)
        {
            self.record_call(api, arguments, call);
        }
    }

    /// Records a call of a method of something that is not known if it is asked for by name.
    pub(super) fn note_unknown_method(
        &mut self,
        name: &str,
        arguments: &Arguments,
        call: Location,
    ) {
        let demand = self.session.demand;
        if demand.asks_for_method(name)
            || self.is_given_what_is_asked_for(name, arguments)
            || self.touches_a_result(name, arguments)
        {
            self.record_call(name, arguments, call);
        }
    }

    /// Whether a call is asked for with a text that is among its arguments.
    fn is_given_what_is_asked_for(&self, api: &str, arguments: &Arguments) -> bool {
        let beginnings = self.session.demand.beginnings_for(api);
        let begins = |value: &Value| {
            let value = match value {
                Value::Default(value) => value,
                value => value,
            };
            match value {
                Value::Text(text) => match text.pieces.first() {
                    Some(Piece::Known { text, .. }) => {
                        beginnings.iter().any(|it| text.starts_with(it))
                    }
                    _ => false,
                },
                _ => false,
            }
        };
        !beginnings.is_empty() && arguments.values().flat_map(Value::alternatives).any(begins)
    }

    pub(super) fn record_call(&mut self, api: &str, arguments: &Arguments, call: Location) {
        let values = arguments.values().flat_map(Value::alternatives);
        let lists = values.filter_map(|value| {
            let items = self.items(value)?.items.to_vec();
            Some((value.clone(), items))
        });
        let lists = lists.collect();
        // What stands for something of a library is gone when the run is.
        let mut arguments = arguments.clone();
        let positional = arguments.positional.iter_mut();
        for argument in positional {
            let class = self
                .instance(&argument.value)
                .map(|instance| &instance.class);
            if let Some(class @ Value::Native(_)) = class {
                argument.value = class.clone();
            }
        }
        let frame = self.run.frames.last().expect("code runs in a frame");
        let positional = arguments.positional.iter();
        let bound = positional.map(|argument| {
            let at = argument.location;
            let written = self.source(at.document, at.span);
            let root = written.split('.').next().unwrap_or_default();
            let bound = [root, written].map(|name| frame.bound.get(name).copied());
            bound.into_iter().flatten().max_by_key(|span| span.start)
        });
        let bound = bound.collect();
        let record = CallRecord {
            api: api.to_owned(),
            lists,
            met: self.met(call),
            arguments,
            handlers: self.handlers_in_progress(),
            holding: self.frame().holding.clone(),
            entered: self.frame().entered.clone(),
            bound,
            by_import: self.is_come_to_by_import(),
        };
        self.run.record.calls.push(record);
    }

    /// Whether importing the module leads to the code at hand, with no statement around that asks whether
    /// the module is run by itself. A notebook is never imported.
    fn is_come_to_by_import(&self) -> bool {
        let first = self.run.frames.first().expect("code runs in a frame");
        let own_name = self.dialect().features().own_name;
        let asks = |(api, _): &(Arc<str>, Location)| own_name == Some(api);
        let mut frames = self.run.frames.iter();
        first.closure.is_none()
            && !self.run.has_ended
            && !frames.any(|frame| frame.asked.iter().any(asks))
            && !self.is_of_notebook(first.document)
    }

    fn is_of_notebook(&self, document: DocumentId) -> bool {
        // Those behind the files are programs in strings.
        let file = self.project.files.get(document.0 as usize);
        file.is_some_and(|file| is_notebook(&file.path))
    }

    /// Records that a name is used that the platform lacks.
    pub(super) fn record_use(
        &mut self,
        api: &str,
        how: How,
        caught: Option<Caught>,
        place: Location,
    ) {
        let is_in_head = self.is_in_head(place);
        if is_in_head {
            // It depends on who calls.
            self.note_bound();
        }
        let record = UseRecord {
            api: api.to_owned(),
            in_hook: self.is_in_hook(),
            met: self.met(place),
            how,
            handlers: self.handlers_in_progress(),
            asked: self.frame().asked.clone(),
            at_import: self.call_depth() == usize::from(is_in_head),
            caught,
        };
        self.run.record.uses.push(record);
    }

    /// Whether a place stands before the body of the function in progress: what stands there, as the
    /// default of a parameter does, is evaluated where the function is defined.
    fn is_in_head(&self, place: Location) -> bool {
        let frame = self.run.frames.last().expect("code runs in a frame");
        let closure = frame.closure.as_ref();
        closure.is_some_and(|closure| {
            let first = self.code(closure).body.first();
            place.document == frame.document
                && first.is_none_or(|first| place.span.end <= first.span.start)
        })
    }

    /// Whether the function at hand does nothing but make a session or a process group.
    fn is_in_hook(&mut self) -> bool {
        let closure = self.frame().closure.clone();
        closure.is_some_and(|closure| {
            let hook = self.hook(&Value::Function(closure));
            (hook.session || hook.group) && !hook.more
        })
    }

    /// Code asks whether a name outside the project exists.
    pub(crate) fn note_asked(&mut self, api: &str, call: Location) {
        self.frame().asked.push((api.into(), call));
    }

    /// A child process gets a name, under which later code can wait for it or stop it.
    pub(super) fn record_name(&mut self, value: &Value, name: &Name) {
        let spawns: Vec<SpawnRef> = match value {
            Value::Outcome(outcome) => outcome.spawns.clone(),
            value => self.child(value).into_iter().collect(),
        };
        let frame = self.run.frames.last().expect("code runs in a frame");
        let mut definition = frame.definition;
        if self.is_outer(frame.scope, name) {
            let text = &self.text(definition.document).text;
            definition.span = Span::new(0, text.len());
        }
        for spawn in spawns {
            self.run
                .record
                .note(spawn, Deed::Name(name.clone(), definition));
        }
    }
}
