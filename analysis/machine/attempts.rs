//! `try` and its kin: which handler an exception meets, and in which state.

use std::sync::Arc;

use super::{Dialect, Exception, Failure, Machine, State};
use crate::code::{ExceptHandler, Expr, ExprKind, StmtKind, Try};
use crate::facts::{Fate, How};
use crate::platform::Truth;
use crate::source::Span;
use crate::value::{Location, SpawnRef, Value};

/// A `try` body, or a `with suppress(…)`, in progress.
#[derive(Debug)]
pub(super) struct Attempt {
    handlers: Vec<Caught>,
    /// For each handler, the states in which an exception is known to reach it.
    reached: Vec<Option<State>>,
    /// Whether something ran that may raise anything.
    may_raise: bool,
    /// The spawns of the body, each with a failure that a handler may meet and the handler's index.
    spawns: Vec<(SpawnRef, Failure, usize)>,
}

impl Attempt {
    /// The spawns whose failure reaches the handlers in question, and why they failed.
    fn failed(
        &self,
        handlers: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = (SpawnRef, Failure)> {
        self.spawns
            .iter()
            .filter(move |(_, _, handler)| handlers(*handler))
            .map(|&(spawn, failure, _)| (spawn, failure))
    }
}

/// What a handler catches.
#[derive(Clone, Debug)]
pub struct Caught {
    /// The exception types; `None` catches everything.
    pub types: Option<Vec<Value>>,
    /// The head of the handler.
    pub location: Location,
    /// The types as written.
    pub spelled: String,
    /// Whether what it has caught leaves it again.
    pub raises_again: bool,
}

impl Caught {
    /// Whether it is there for exceptions of every kind.
    fn catches_anything(&self, dialect: &dyn Dialect) -> bool {
        let any = |class: &Value| {
            class
                .as_native()
                .is_some_and(|class| dialect.catches_anything(class))
        };
        match &self.types {
            None => true,
            Some(types) => types.iter().any(any),
        }
    }

    /// Whether it catches an exception.
    fn catches(&self, dialect: &dyn Dialect, exception: Exception) -> Truth {
        match &self.types {
            None => Truth::Yes,
            Some(types) => types.iter().fold(Truth::No, |caught, class| {
                caught.or(match class {
                    Value::Native(class) => dialect.catches(class, exception),
                    _ => Truth::Unknown,
                })
            }),
        }
    }
}

/// What a process creation that failed raises (windows-facts 1.7, 4.1, 5.5).
fn raised(failure: Failure) -> Exception<'static> {
    match failure {
        Failure::Refused => Exception::Refused,
        Failure::NotFound => Exception::NotFound,
    }
}

impl Machine<'_> {
    /// `try … except … else … finally`
    pub(super) fn run_try(&mut self, parts: &Try) {
        let Try {
            body,
            handlers,
            otherwise,
            finally,
        } = parts;
        let caught = handlers
            .iter()
            .map(|handler| self.caught(handler))
            .collect();
        let before = self.run.state.clone();
        let exits_before = self.put_exits_aside();
        let attempt = self.attempt(caught, |m| {
            m.run_block(body);
        });
        let after_body = self.run.state.clone();
        let returned_in_body = self
            .frame()
            .returned
            .as_ref()
            .map(|(_, state)| state.clone());
        self.run_block(otherwise);
        let mut ended = self.run.state.take();

        // An exception may come before, between and after the statements of the body.
        let halfway = self.merge(self.merge(before, after_body), returned_in_body);
        for (index, handler) in handlers.iter().enumerate() {
            let mut state = attempt.reached[index].clone();
            if attempt.may_raise {
                state = self.merge(state, halfway.clone());
            }
            let Some(mut state) = state else { continue };
            let failed = attempt.failed(|handler| handler == index);
            state.failed.extend(failed);
            self.run.state = Some(state);
            if let Some(name) = &handler.bind {
                self.bind_name(name, Value::native("exception"));
            }
            self.run_block(&handler.body);
            let after = self.run.state.take();
            ended = self.merge(ended, after);
        }

        self.run.state = ended;
        if !finally.is_empty() {
            self.run_finally(finally, halfway);
        }
        self.take_exits_back(exits_before);
    }

    /// Runs something with handlers around it.
    fn attempt(&mut self, handlers: Vec<Caught>, body: impl FnOnce(&mut Self)) -> Attempt {
        let reached = handlers.iter().map(|_| None).collect();
        self.run.attempts.push(Attempt {
            handlers,
            reached,
            may_raise: false,
            spawns: Vec::new(),
        });
        body(self);
        self.run.attempts.pop().expect("pushed above")
    }

    /// `with suppress(types): body`
    pub(super) fn attempt_suppressed(
        &mut self,
        types: Vec<Value>,
        span: Span,
        body: impl FnOnce(&mut Self),
    ) {
        let spelled = types.iter().map(short_name).collect::<Vec<_>>().join(", ");
        let caught = Caught {
            types: Some(types),
            location: self.here(span),
            spelled,
            raises_again: false,
        };
        let before = self.run.state.clone();
        let attempt = self.attempt(vec![caught], body);
        let after = self.run.state.clone();
        let mut state = attempt.reached[0].clone();
        if attempt.may_raise {
            state = self.merge(state, self.merge(before, after));
        }
        if let Some(state) = &mut state {
            state.failed.extend(attempt.failed(|_| true));
        }
        let ended = self.run.state.take();
        self.run.state = self.merge(ended, state);
    }

    /// The exception types of a value that is `contextlib.suppress(…)`.
    pub(super) fn suppressed(&self, value: &Value) -> Option<Vec<Value>> {
        let instance = self.instance(value)?;
        if instance.class != Value::native("contextlib.suppress") {
            return None;
        }
        self.items(instance.attributes.get("types")?)?.closed()
    }

    fn caught(&mut self, handler: &ExceptHandler) -> Caught {
        let location = self.here(handler.span);
        let last = handler.body.last().map(|stmt| &stmt.kind);
        let raises_again = matches!(last, Some(StmtKind::Raise(None)));
        let Some(exception) = &handler.exception else {
            return Caught {
                types: None,
                location,
                spelled: String::new(),
                raises_again,
            };
        };
        let spelled = self.source_of(exception).to_owned();
        let types = match &exception.kind {
            ExprKind::Tuple(types) => types.iter().map(|class| self.handler_type(class)).collect(),
            _ => {
                let class = self.handler_type(exception);
                match self.closed_items(&class) {
                    Some(types) => types,
                    None => class.alternatives().to_vec(),
                }
            }
        };
        Caught {
            types: Some(types),
            location,
            spelled,
            raises_again,
        }
    }

    /// A type named by a handler: it is looked up only when an exception comes, so that a name
    /// that the platform lacks does no harm here.
    fn handler_type(&mut self, class: &Expr) -> Value {
        let state = self.run.state.clone();
        let attempts = std::mem::take(&mut self.run.attempts);
        let uses = self.run.record.uses.len();
        let value = self.eval(class);
        self.run.record.uses.truncate(uses);
        self.run.attempts = attempts;
        self.run.state = state;
        value
    }

    /// The source of an expression.
    pub(super) fn source_of(&self, expr: &Expr) -> &str {
        &self.text(self.document()).text[expr.span.range()]
    }

    /// Something runs that may raise anything.
    pub(crate) fn may_raise(&mut self) {
        for attempt in &mut self.run.attempts {
            attempt.may_raise = true;
        }
    }

    /// An exception is raised here. It goes to the innermost handlers that catch it, and to those that
    /// may. The answer is the handler that is sure to; `decides` says whether it has a say in how the code
    /// at hand goes on.
    fn catcher(&mut self, exception: Exception, decides: bool) -> Option<Caught> {
        let state = self.run.state.clone()?;
        let caught = self.sure_catcher(exception, &state);
        let caught_at = caught.map(|(attempt, _)| attempt);
        self.note_raised(exception, &state, caught_at, decides);
        let (attempt, handler) = caught?;
        Some(self.run.attempts[attempt].handlers[handler].clone())
    }

    fn sure_catcher(&mut self, exception: Exception, state: &State) -> Option<(usize, usize)> {
        let dialect = self.dialect();
        for index in (0..self.run.attempts.len()).rev() {
            for handler in 0..self.run.attempts[index].handlers.len() {
                let caught = self.run.attempts[index].handlers[handler].catches(dialect, exception);
                if caught == Truth::No {
                    continue;
                }
                let reached = self.run.attempts[index].reached[handler].take();
                let merged = self.merge(reached, Some(state.clone()));
                self.run.attempts[index].reached[handler] = merged;
                if caught == Truth::Yes {
                    return Some((index, handler));
                }
            }
        }
        None
    }

    /// `raise value`; a bare `raise` goes on with the exception at hand.
    pub(super) fn raise(&mut self, value: Option<Value>) {
        let class = value.and_then(|value| match &value {
            Value::Native(path) => Some(path.to_string()),
            _ => self
                .instance(&value)
                .and_then(|instance| instance.class.as_native().map(str::to_owned)),
        });
        self.raise_exception(class.as_deref().map_or(Exception::Unknown, Exception::Of));
    }

    /// An exception is raised, and flow does not go on.
    pub(super) fn raise_exception(&mut self, exception: Exception) {
        if !self.alive() {
            return;
        }
        self.pass_on_exception(exception);
        self.run.state = None;
    }

    /// An exception goes to the handlers around, whatever becomes of the code at hand.
    pub(super) fn pass_on_exception(&mut self, exception: Exception) {
        self.catcher(exception, false);
    }

    /// The platform has no such name: flow goes to a handler that covers it. Where none does, it
    /// goes on as if nothing had been raised, so that a second mistake is found too.
    pub(super) fn missing(&mut self, path: &Arc<str>, call: Location) -> Value {
        if self.alive() {
            let caught = self.catcher(Exception::MissingName, true);
            let is_caught = caught.is_some();
            self.record_use(path, How::Called, caught, call);
            if is_caught {
                self.run.state = None;
            }
        }
        Value::Missing(Arc::clone(path))
    }

    /// Such a name is mentioned and not called, as an argument is. A handler for any exception is not
    /// there for that: flow also goes on to what the name was meant for.
    pub(super) fn mention_missing(&mut self, path: &Arc<str>, place: Location) -> Value {
        if self.alive() {
            let caught = self.catcher(Exception::MissingName, true);
            let ends = caught
                .as_ref()
                .is_some_and(|caught| !caught.catches_anything(self.dialect()));
            self.record_use(path, How::Read, caught, place);
            if ends {
                self.run.state = None;
            }
        }
        Value::Missing(Arc::clone(path))
    }

    /// An import fails, because the platform lacks `missing` or because the module that is imported
    /// cannot be. Flow goes to a handler that covers it. Where none does, it goes on as if nothing had
    /// been raised, so that a second mistake is found too.
    pub(crate) fn import_fails(&mut self, missing: Option<(&str, How)>) {
        if !self.alive() {
            return;
        }
        let exception = match missing {
            Some((_, How::MemberImported)) => Exception::MissingMember,
            _ => Exception::MissingModule,
        };
        let caught = self.catcher(exception, true);
        let is_caught = caught.is_some();
        if let Some((path, how)) = missing {
            self.record_use(path, how, caught, self.here_statement());
        }
        if is_caught {
            self.run.state = None;
        } else if self.call_depth() == 0 {
            self.run.import_failed = true;
        }
    }

    /// How a module is imported by the code at hand.
    pub(crate) fn how_imported(&self) -> How {
        match self.call_depth() {
            0 => How::ImportedByModule,
            _ => How::ImportedByFunction,
        }
    }

    /// A call is sure to raise an exception. Where nothing catches it flow goes on as if nothing had
    /// been raised, so that a second mistake is found too.
    pub(crate) fn fails(&mut self, exception: Exception) {
        if self.catcher(exception, true).is_some() {
            self.run.state = None;
        }
    }

    /// A call that never returns (`sys.exit`).
    pub(crate) fn exit(&mut self) -> Value {
        self.pass_on_exception(Exception::Exit);
        self.run.state = None;
        Value::UNKNOWN
    }

    /// The handlers around the code at hand, innermost first, and whether they catch a refusal.
    pub(super) fn handlers_around(&mut self) -> Vec<(Caught, Truth)> {
        self.note_bound();
        self.handlers_in_progress()
    }

    /// The same for what may be met again from elsewhere.
    pub(super) fn handlers_in_progress(&self) -> Vec<(Caught, Truth)> {
        let dialect = self.dialect();
        let attempts = self.run.attempts.iter().rev();
        let handlers = attempts.flat_map(|attempt| &attempt.handlers).cloned();
        handlers
            .map(|caught| {
                let catches = caught.catches(dialect, raised(Failure::Refused));
                (caught, catches)
            })
            .collect()
    }

    /// The handlers that a refused process creation meets, innermost first.
    pub(super) fn refusal_handlers(&mut self, spawn: SpawnRef) -> Vec<(Caught, Truth)> {
        self.failure_handlers(spawn, Failure::NotFound);
        self.failure_handlers(spawn, Failure::Refused)
    }

    /// The handlers that a failed process creation meets, innermost first; they also learn of the
    /// spawn that may fail.
    fn failure_handlers(&mut self, spawn: SpawnRef, failure: Failure) -> Vec<(Caught, Truth)> {
        let dialect = self.dialect();
        let mut met = Vec::new();
        let state = self.run.state.clone();
        let mut caught_for_sure = false;
        for index in (0..self.run.attempts.len()).rev() {
            for handler in 0..self.run.attempts[index].handlers.len() {
                let caught = self.run.attempts[index].handlers[handler].clone();
                let catches = caught.catches(dialect, raised(failure));
                met.push((caught, catches));
                if catches == Truth::No || caught_for_sure {
                    continue;
                }
                self.run.attempts[index]
                    .spawns
                    .push((spawn, failure, handler));
                let reached = self.run.attempts[index].reached[handler].take();
                self.run.attempts[index].reached[handler] = self.merge(reached, state.clone());
                caught_for_sure |= catches == Truth::Yes;
            }
        }
        met
    }

    /// A value is handed to somebody who may keep it: a child process among it is not abandoned,
    /// and a nameless function may be called.
    pub(super) fn keep_value(&mut self, value: &Value) {
        self.note_keeping(value);
        self.keep_contents(value);
    }

    /// The same where it is seen that they are handed over.
    pub(super) fn keep_contents(&mut self, value: &Value) {
        for alternative in value.alternatives() {
            if let Value::Function(closure) = alternative
                && closure.function.name.is_none()
            {
                self.register(closure);
            }
            if let Some(spawn) = self.child(alternative) {
                self.raise_fate(spawn, Fate::Kept);
            }
            if let Value::Outcome(outcome) = alternative {
                for &spawn in &outcome.spawns {
                    self.raise_fate(spawn, Fate::Kept);
                }
            }
        }
    }

    /// The spawn that made a value, if it is a child process.
    pub(crate) fn child(&self, value: &Value) -> Option<SpawnRef> {
        self.instance(value)?.spawn
    }
}

fn short_name(value: &Value) -> String {
    match value {
        Value::Native(path) => path.rsplit('.').next().unwrap_or(path).to_owned(),
        _ => "…".to_owned(),
    }
}
