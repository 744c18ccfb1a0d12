//! What runs have recorded, told as facts: with places in files, and with what is known of values.

use super::callers::Added;
use super::record::{CallRecord, Met, SignalRecord, SpawnRecord};
use super::{Caught, Failure, Machine};
use crate::doubt::{Cause, Doubt, Why};
use crate::facts::{
    Argument, Asked, Call, CreationFlags, Facts, FlagOrigin, Handler, Known, RefusedOption,
    SessionKind, SessionOption, Signal, SignalValue, Site, Spawn, SpawnId, Use,
};
use crate::platform::Truth;
use crate::source::Span;
use crate::value::{Closure, Location, Piece, Value};

impl Machine<'_> {
    /// The record as facts. The same call met twice with the same values is one fact.
    pub fn facts(&self) -> Facts {
        self.facts_of(&self.added(None).with_all_before(), |met| met.recorded)
    }

    /// What a run added to the record, as facts.
    pub(super) fn facts_within(&self, run: &Added) -> Facts {
        self.facts_of(run, |met| met.recorded)
    }

    /// What was met in the code under analysis and does not count, as facts.
    pub(crate) fn left_out(&self) -> Facts {
        let whole = self.added(None).with_all_before();
        self.facts_of(&whole, |met| !met.recorded && met.left_out.is_some())
    }

    fn facts_of(&self, run: &Added, wanted: impl Fn(&Met) -> bool) -> Facts {
        let mut facts = Facts::default();
        let mut ids: Vec<Option<SpawnId>> = vec![None; run.spawns.start];
        for record in &self.run.record.spawns[run.spawns.clone()] {
            if !wanted(&record.met) {
                ids.push(None);
                continue;
            }
            let id = SpawnId(facts.spawns.len() as u32);
            facts.spawns.push(self.spawn_fact(record));
            ids.push(Some(id));
        }
        for index in run.spawns.clone() {
            let record = &self.run.record.spawns[index];
            let Some(retry) = ids[index] else { continue };
            for &(failed, why) in &record.follows {
                let failed = self.run.record.index_of(failed);
                let Some(failed) = failed.and_then(|failed| *ids.get(failed)?) else {
                    continue;
                };
                let failed = &mut facts.spawns[failed.0 as usize];
                match why {
                    Failure::Refused => failed.retries.push(retry),
                    Failure::NotFound => failed.alternatives.push(retry),
                }
            }
        }
        for record in &self.run.record.signals[run.signals.clone()] {
            if wanted(&record.met) {
                facts.signals.push(self.signal_fact(record));
            }
        }
        for record in &self.run.record.calls[run.calls.clone()] {
            if wanted(&record.met) {
                facts.calls.push(self.call_fact(record));
            }
        }
        for record in &self.run.record.uses[run.uses.clone()] {
            if wanted(&record.met) {
                let dialect = self.dialect_of(record.met.call.document);
                let lack = dialect.lack(&record.api, record.how);
                facts.uses.push(Use {
                    site: self.site(&record.api, &record.met),
                    how: record.how,
                    at_import: record.at_import,
                    in_hook: record.in_hook,
                    handlers: self.handler_facts(&record.handlers),
                    asked: record
                        .asked
                        .iter()
                        .map(|(api, location)| Asked {
                            api: api.to_string(),
                            place: self.place(*location),
                        })
                        .collect(),
                    raises: lack.raises.to_owned(),
                    supplied_by: lack.supplied_by.map(str::to_owned),
                    caught: record
                        .caught
                        .as_ref()
                        .map(|caught| self.handler_fact(caught, Truth::Unknown)),
                });
            }
        }
        facts
    }

    fn call_fact(&self, record: &CallRecord) -> Call {
        let argument = |argument: &super::Argument, bound: Option<Span>| Argument {
            values: argument
                .value
                .alternatives()
                .iter()
                .map(|value| match value {
                    Value::Function(closure) if self.is_local(closure, &record.met) => {
                        Known::Local(self.place(closure.location()))
                    }
                    value => self.known_argument(value, &record.lists, argument.location),
                })
                .collect(),
            variable: variable(self.source(argument.location.document, argument.location.span)),
            bound: bound.map(|span| {
                let document = record.met.call.document;
                self.place(Location { document, span })
            }),
            place: self.place(argument.location),
        };
        let near = |spans: &[Span]| {
            let document = record.met.call.document;
            let places = spans.iter().map(|&span| Location { document, span });
            places.map(|location| self.place(location)).collect()
        };
        // The receiver of a method is its first argument.
        let is_method = record.arguments.bound;
        let positional = record.arguments.positional.iter();
        let keywords = record.arguments.keywords.iter();
        Call {
            site: self.site(&record.api, &record.met),
            receiver: record
                .arguments
                .positional
                .first()
                .filter(|_| is_method)
                .map(|receiver| Argument {
                    variable: self.written_receiver(record).and_then(variable),
                    ..argument(receiver, record.bound.first().copied().flatten())
                }),
            positional: positional
                .zip(&record.bound)
                .skip(usize::from(is_method))
                .map(|(given, bound)| argument(given, *bound))
                .collect(),
            keywords: keywords
                .map(|(name, given)| (name.to_string(), argument(given, None)))
                .collect(),
            is_open: record.arguments.open || record.arguments.rest,
            spelled_receiver: self.spelled_receiver(record),
            handlers: self.handler_facts(&record.handlers),
            holding: near(&record.holding),
            entered: near(&record.entered),
            by_import: record.by_import,
        }
    }

    /// Why a value that a call is given at a place is unknown: where that begins, or else that place.
    pub(super) fn doubt_of(&self, value: &Value, given: Location) -> Doubt {
        self.doubt(value.cause(), given)
    }

    fn doubt(&self, cause: Option<Cause>, given: Location) -> Doubt {
        Doubt {
            why: cause.map_or(Why::Expression, |cause| cause.why),
            place: self.place(cause.and_then(|cause| cause.at).unwrap_or(given)),
        }
    }

    /// Whether a function is a lambda, or defined in a function in progress.
    fn is_local(&self, closure: &Closure, met: &Met) -> bool {
        let location = closure.location();
        let mut around = met.definitions.iter();
        closure.function.name.is_none()
            || around.any(|around| {
                around.document == location.document
                    && around.span.contains(location.span)
                    && around.span != location.span
                    && around.span.end < self.text(around.document).text.len() as u32
            })
    }

    /// What a method is called on, as it is written, where that is not known.
    fn spelled_receiver(&self, record: &CallRecord) -> Option<String> {
        let is_known = record.api.contains('.');
        let written = self.written_receiver(record).filter(|_| !is_known);
        written.map(str::to_owned)
    }

    /// What a method is called on, as it is written.
    fn written_receiver(&self, record: &CallRecord) -> Option<&str> {
        let call = record.met.call;
        let text = self.source(call.document, call.span);
        let method = record.api.rsplit('.').next().unwrap_or_default();
        text.find(&format!(".{method}")).map(|end| &text[..end])
    }

    fn known(&self, value: &Value, place: Location) -> Known {
        match value {
            Value::None => Known::None,
            Value::Bool(truth) => Known::Bool(*truth),
            Value::Int(int) => match int.value() {
                Some(number) => Known::Int(number),
                None => Known::Unknown(self.doubt_of(value, place)),
            },
            Value::Text(text) => Known::Text {
                pieces: text
                    .pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Known { text, .. } => Some(text.to_string()),
                        Piece::Unknown(_) => None,
                    })
                    .collect(),
                origin: text.location().map(|location| self.place(location)),
            },
            Value::Native(path) => Known::Name(path.to_string()),
            Value::Bound(bound) if bound.callee.as_native().is_some() => {
                self.known(&bound.callee, place)
            }
            Value::Default(value) => self.known(value, place),
            _ => Known::Unknown(self.doubt_of(value, place)),
        }
    }

    /// What a rule learns of an argument.
    fn known_argument(
        &self,
        value: &Value,
        lists: &[(Value, Vec<Option<Value>>)],
        place: Location,
    ) -> Known {
        let known = |item: &Option<Value>| match item {
            Some(value) => self.known(value, place),
            None => Known::Unknown(self.doubt(None, place)),
        };
        match lists.iter().find(|(list, _)| list == value) {
            Some((_, items)) => Known::List(items.iter().map(known).collect()),
            None => self.known(value, place),
        }
    }

    fn site(&self, api: &str, met: &Met) -> Site {
        let text = self.text(met.call.document);
        let function = met.definitions.first().copied().unwrap_or(met.call);
        Site {
            function: self.place(function),
            call: self.place(met.call),
            statement: self.place(met.statement),
            through: met.through.iter().map(|call| self.place(*call)).collect(),
            language: text.language,
            embedded: text.origin.is_some(),
            api: api.to_owned(),
        }
    }

    fn spawn_fact(&self, record: &SpawnRecord) -> Spawn {
        let programs = match &record.program {
            Value::OneOf(values) => values
                .iter()
                .filter_map(|value| self.program_fact(value, record))
                .collect(),
            value => self.program_fact(value, record).into_iter().collect(),
        };
        let arguments = record
            .arguments
            .iter()
            .map(|argument| argument.as_ref().and_then(Value::as_text))
            .collect();
        let [stdin, stdout, stderr] = record.streams;
        Spawn {
            site: self.site(&record.api, &record.met),
            starter: record.starter,
            programs,
            arguments,
            names: self.names_among(&record.arguments),
            command: record.command,
            shell: record.shell,
            flags: self.flags_fact(record),
            session: self.session_fact(&record.session),
            posix_session: Vec::new(),
            posix_shell_list: false,
            refused: record
                .refused
                .iter()
                .map(|refused| RefusedOption {
                    name: refused.name,
                    place: self.place(refused.location),
                    hook: refused.hook.map(|hook| self.place(hook)),
                })
                .collect(),
            stdin,
            stdout,
            stderr,
            fate: self.settled_fate(record),
            handlers: self.handler_facts(&record.handlers),
            retries: Vec::new(),
            alternatives: Vec::new(),
            group_use: self.group_use(record),
            leaves_groups: self.leaves_groups_to_others(record),
            in_job: record.in_job,
        }
    }

    /// Things outside the project among the arguments of a program.
    fn names_among(&self, arguments: &[Option<Value>]) -> Vec<String> {
        let values = arguments.iter().flatten().flat_map(Value::alternatives);
        let names = values.filter_map(Value::as_native);
        names.map(str::to_owned).collect()
    }

    fn flags_fact(&self, record: &SpawnRecord) -> CreationFlags {
        let mut origins: Vec<FlagOrigin> = record
            .flags
            .origins()
            .iter()
            .map(|&(bits, location)| FlagOrigin {
                bits: bits as u32,
                place: self.place(location),
            })
            .collect();
        origins.sort_by_key(|origin| (origin.place, origin.bits));
        CreationFlags {
            ones: record.flags.ones as u32,
            zeros: record.flags.zeros as u32,
            choices: record
                .flags
                .choices()
                .iter()
                .map(|&bits| bits as u32)
                .collect(),
            place: record.flags_location.map(|location| self.place(location)),
            origins,
            unknown: self.flags_doubt(record),
        }
    }

    fn flags_doubt(&self, record: &SpawnRecord) -> Option<Doubt> {
        if record.flags.value().is_some() {
            return None;
        }
        let given = record.flags_location.unwrap_or(record.met.call);
        Some(self.doubt(record.flags.cause(), given))
    }

    fn session_fact(&self, session: &[(SessionKind, Location)]) -> Vec<SessionOption> {
        session
            .iter()
            .map(|&(kind, location)| SessionOption {
                kind,
                place: self.place(location),
            })
            .collect()
    }

    fn handler_facts(&self, handlers: &[(Caught, Truth)]) -> Vec<Handler> {
        handlers
            .iter()
            .map(|(caught, catches_refusal)| self.handler_fact(caught, *catches_refusal))
            .collect()
    }

    fn handler_fact(&self, caught: &Caught, catches_refusal: Truth) -> Handler {
        let class = |class: &Value| class.as_native().map(str::to_owned);
        Handler {
            place: self.place(caught.location),
            catches: caught.spelled.clone(),
            classes: caught.types.iter().flatten().map(class).collect(),
            catches_refusal,
            raises_again: caught.raises_again,
        }
    }

    fn signal_fact(&self, record: &SignalRecord) -> Signal {
        let signal = match &record.signal {
            Value::Int(int) => match int.is_zero() {
                Truth::Yes => SignalValue::Zero(
                    int.origins()
                        .first()
                        .map(|(_, location)| self.place(*location)),
                ),
                Truth::No => SignalValue::Other,
                Truth::Unknown => {
                    SignalValue::Unknown(self.doubt_of(&record.signal, record.argument))
                }
            },
            Value::Native(path) if path.starts_with("signal.CTRL_") => SignalValue::ConsoleEvent,
            Value::Native(_) | Value::Missing(_) | Value::None => SignalValue::Other,
            value => SignalValue::Unknown(self.doubt_of(value, record.argument)),
        };
        Signal {
            site: self.site(&record.api, &record.met),
            signal,
            argument: self.place(record.argument),
            handlers: self.handler_facts(&record.handlers),
        }
    }
}

/// The variable or attribute that code is, if it is no more than that.
fn variable(written: &str) -> Option<String> {
    let is_name = |part: &str| {
        let is_letter = |c: char| c.is_alphanumeric() || c == '_';
        part.chars().all(is_letter)
            && !part.starts_with(|c: char| c.is_numeric())
            && !part.is_empty()
    };
    written.split('.').all(is_name).then(|| written.to_owned())
}
