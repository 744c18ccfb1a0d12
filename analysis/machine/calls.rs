//! Calls: functions of the project are run for the arguments at hand, natives are looked up.

use std::collections::HashMap;
use std::sync::Arc;

use imbl::OrdMap;

use super::{Arguments, DEPTH, Entry, Frame, Instance, Machine, Object, Scope};
use crate::code::{Expr, ExprKind, FunctionCode, Name, Param, ParamKind, Pattern, Stmt, StmtKind};
use crate::doubt::Why;
use crate::facts::Fate;
use crate::platform::Truth;
use crate::source::Span;
use crate::value::{Binding, Bound, Closure, DocumentId, Location, Ref, Value};

/// How deep calls may nest in code that is only looked at for the instances it makes.
const MAKER_DEPTH: usize = 3;

impl Machine<'_> {
    /// Calls a value.
    pub(crate) fn call(
        &mut self,
        callee: &Value,
        arguments: Arguments,
        location: Location,
    ) -> Value {
        match callee {
            Value::Function(closure) => self.call_closure(closure, arguments, location),
            Value::Bound(bound) => {
                let arguments = arguments.with_first(bound, location);
                self.call(&bound.callee, arguments, location)
            }
            Value::Native(path) => {
                let path = Arc::clone(path);
                self.may_raise();
                self.note_native_call(&path, &arguments, location);
                let value = self.dialect().call(self, &path, arguments, location);
                self.result_of(&path, value.because(Why::Library))
            }
            Value::Object(reference) => match self.object(*reference) {
                Some(Object::Class(_)) => self.instantiate(*reference, arguments, location),
                Some(Object::Instance(instance)) if instance.class.as_native().is_some() => {
                    let callee = self.attribute(callee, &"__call__".into());
                    self.call(&callee, arguments, location)
                }
                _ => self.call_unknown(arguments, location),
            },
            Value::OneOf(values) => self.call_any(values, arguments, location),
            Value::Missing(path) => self.missing(path, location),
            Value::Lazy(..) | Value::Constant(_) => {
                let callee = self.force(callee.clone());
                self.call(&callee, arguments, location)
            }
            _ => self.call_unknown(arguments, location).following(callee),
        }
    }

    fn call_any(&mut self, callees: &[Value], arguments: Arguments, location: Location) -> Value {
        if callees.iter().all(is_builder_method) {
            // Whichever builder it is, the others are not used: each is changed as if it were.
            return callees
                .iter()
                .map(|callee| self.call(callee, arguments.clone(), location))
                .reduce(|value, other| value.join(&other))
                .unwrap_or(Value::UNKNOWN);
        }
        let Some((first, rest)) = callees.split_first() else {
            return Value::UNKNOWN;
        };
        if rest.is_empty() {
            return self.call(first, arguments, location);
        }
        let same = arguments.clone();
        self.either(
            Truth::Unknown,
            |m| m.call(first, arguments, location),
            |m| m.call_any(rest, same, location),
        )
    }

    /// Calls something that is not known.
    fn call_unknown(&mut self, arguments: Arguments, location: Location) -> Value {
        self.may_raise();
        arguments
            .values()
            .for_each(|value| self.note_keeping(value));
        self.hand_over(&arguments, location);
        Value::UNKNOWN
    }

    /// Calls a method of something that is not known.
    pub(super) fn call_unknown_method(
        &mut self,
        receiver: &Value,
        name: &Name,
        arguments: Arguments,
        location: Location,
    ) -> Value {
        self.may_raise();
        if **name == *"which" {
            // Whoever spells it `self.which(…)` or `utils.which(…)` looks a program up.
            return Value::one_of([Value::ResolvedProgram, Value::None]);
        }
        self.note_unknown_method(name, &arguments, location);
        let known = self
            .dialect()
            .unknown_method(self, receiver, name, &arguments, location);
        match known {
            Some(value) => value,
            None => {
                self.hand_over(&arguments, location);
                self.fill_containers_of(receiver);
                self.result_of(name, Value::UNKNOWN)
            }
        }
    }

    /// A method that is not seen may call those of the project, which fill what an instance holds:
    /// `parser.feed(text)` calls `handle_starttag`.
    fn fill_containers_of(&mut self, receiver: &Value) {
        let Some(instance) = self.instance(receiver) else {
            return;
        };
        let held: Vec<Value> = instance.attributes.values().cloned().collect();
        for value in held {
            self.fill(&value);
        }
    }

    /// Code that is not seen may have put something into a container.
    fn fill(&mut self, value: &Value) {
        let Value::Object(reference) = value else {
            return;
        };
        match self.object_mut(*reference) {
            Some(Object::Dict(dict)) => dict.open = true,
            // An empty list is there to be filled.
            Some(Object::Sequence(list)) if !list.fixed && list.items.is_empty() => {
                list.items.push(None);
            }
            _ => {}
        }
    }

    /// Arguments reach code that is not seen: a function among them may be called, a child process
    /// is kept, and what is shared may be changed.
    pub(crate) fn hand_over(&mut self, arguments: &Arguments, location: Location) {
        let dialect = self.dialect();
        let values: Vec<Value> = arguments.values().cloned().collect();
        for value in &values {
            if let Value::Object(reference) = value {
                dialect.handed_over(self, *reference, location);
            }
        }
        self.pass_on(arguments, location);
    }

    /// Arguments reach code of the project that is not run for them.
    fn pass_on(&mut self, arguments: &Arguments, location: Location) {
        self.hand_over_children(arguments);
        let values: Vec<Value> = arguments.values().cloned().collect();
        for value in values {
            self.keep_contents(&value);
            self.hand_over_value(&value, location);
        }
    }

    /// Children among the arguments reach a collection, from which anybody may take them.
    pub(crate) fn hand_over_children(&mut self, arguments: &Arguments) {
        let children = arguments.values().flat_map(Value::alternatives);
        let children: Vec<_> = children.filter_map(|value| self.child(value)).collect();
        for spawn in children {
            self.raise_fate(spawn, Fate::Kept);
            self.run.record.hand_over(spawn);
        }
    }

    /// Functions among the arguments may be called; nothing else happens to the arguments.
    pub(crate) fn call_backs(&mut self, arguments: &Arguments, location: Location) {
        let values: Vec<Value> = arguments.values().cloned().collect();
        for value in values {
            self.keep_contents(&value);
            if let Value::Function(_) | Value::Bound(_) = value {
                self.call_back(&value, location);
            }
        }
    }

    fn hand_over_value(&mut self, value: &Value, location: Location) {
        match value {
            Value::Function(_) | Value::Bound(_) => self.call_back(value, location),
            Value::Object(reference) => match self.object_mut(*reference) {
                Some(Object::Command(command)) => command.give_away(),
                _ => self.fill(value),
            },
            _ => {}
        }
    }

    /// A function given to code that is not seen is called with unknown arguments, perhaps. One that
    /// is defined at module level is an entry of its own anyway.
    fn call_back(&mut self, callee: &Value, location: Location) {
        let mut inner = callee;
        while let Value::Bound(bound) = inner {
            inner = &bound.callee;
        }
        let Value::Function(closure) = inner else {
            return;
        };
        let local = self.run.frames.iter().any(|frame| {
            frame.closure.is_some()
                && frame.definition.document == closure.document
                && frame.definition.span.contains(closure.function.span)
        });
        if !local {
            return;
        }
        self.either(
            Truth::Unknown,
            |m| {
                let arguments = Arguments {
                    rest: true,
                    open: true,
                    ..Arguments::default()
                };
                let (before, decided) = (m.run.state.clone(), m.run.decided);
                let value = m.call(callee, arguments.clone(), location);
                // Whoever calls it may do so again.
                m.run_further(&before, decided, |m| {
                    m.call(callee, arguments.clone(), location);
                });
                value
            },
            |_| Value::None,
        );
    }

    // ---- functions of the project ----

    /// Parameters and body of a function, lowered now if they are not yet.
    pub(crate) fn code<'c>(&self, closure: &'c Closure) -> &'c FunctionCode {
        closure.function.code.get_or_init(|| {
            let text = &self.text(closure.document).text;
            let dialect = self.dialect_of(closure.document);
            dialect.function(text, &closure.function)
        })
    }

    fn call_closure(
        &mut self,
        closure: &Arc<Closure>,
        arguments: Arguments,
        location: Location,
    ) -> Value {
        self.note_called(closure);
        self.notice_call(closure);
        self.may_raise();
        let is_running = |frame: &&Frame| {
            frame
                .closure
                .as_ref()
                .is_some_and(|running| std::sync::Arc::ptr_eq(&running.function, &closure.function))
        };
        let mut running = self.run.frames.iter().filter(is_running);
        let running = (running.next(), running.next());
        let is_in_progress = running.0.is_some();
        let recursive = match running {
            (None, _) => false,
            // A function that calls itself after a spawn failed tries again.
            (Some(caller), None) => {
                let state = self.run.state.as_ref();
                let retries = state.is_some_and(|state| !state.failed.is_empty());
                !retries && !self.gives_itself_others(closure, caller, &arguments)
            }
            _ => true,
        };
        if is_in_progress {
            // Which way it went depends on what is in progress.
            self.note_bound();
        }
        // Of who makes something only what it is made of is of interest.
        let depth = match self.run.built {
            Some(_) => MAKER_DEPTH,
            None => DEPTH,
        };
        // A compiler looks at each function by itself.
        let is_seen_by_itself = self.run.undecided && closure.function.name.is_some();
        let why = if recursive {
            Some(Why::Recursion)
        } else if self.run.frames.len() >= depth {
            Some(Why::Budget)
        } else if is_seen_by_itself
            || !self.worth_running(closure)
            || self.is_left_to_others(closure)
        {
            Some(Why::Skipped)
        } else {
            None
        };
        if let Some(why) = why {
            if why == Why::Budget {
                self.note_cut();
            }
            arguments
                .values()
                .for_each(|value| self.note_keeping(value));
            self.pass_on(&arguments, location);
            return Value::unknown(why);
        }
        for value in arguments.values() {
            if let Some(spawn) = self.child(value) {
                self.raise_fate(spawn, Fate::Kept);
            }
        }
        self.run_call(closure, arguments, location)
    }

    /// The class whose method is running, and what it runs on.
    pub(crate) fn method_at_hand(&self) -> Option<(Value, Value)> {
        let frame = self.run.frames.last()?;
        let closure = frame.closure.as_ref()?;
        let class = closure.class?;
        let receiver = param_name(self.code(closure).params.first()?)?;
        let receiver = self.variable(frame.scope, receiver)?;
        Some((Value::Object(class), receiver))
    }

    /// Whether a function that calls itself gives itself other arguments than it was given.
    fn gives_itself_others(
        &self,
        closure: &Closure,
        caller: &Frame,
        arguments: &Arguments,
    ) -> bool {
        let params = self.code(closure).params.iter();
        let given = params.enumerate().filter_map(|(index, param)| {
            let name = param_name(param)?;
            let by_position = arguments.positional.get(index);
            let argument = by_position.or_else(|| arguments.keywords.get(name))?;
            Some((name, argument))
        });
        let mut given = given.filter_map(|(name, argument)| {
            let before = self.variable(caller.scope, name)?;
            Some((before, &argument.value))
        });
        given.any(|(before, now)| before != *now)
    }

    /// Whether a method is only there for other classes to have their own: a decorator says so, or it
    /// does nothing but raise an exception that does.
    fn is_left_to_others(&self, closure: &Closure) -> bool {
        if closure.class.is_none() {
            return false;
        }
        let dialect = self.dialect_of(closure.document);
        let says_so = |word: &Expr| {
            let word = match &word.kind {
                ExprKind::Call(callee, _) => callee,
                _ => word,
            };
            let word = super::conditions::last_segment(word);
            word.is_some_and(|word| dialect.leaves_to_others(word))
        };
        if closure.function.decorators.iter().any(says_so) {
            return true;
        }
        let text = |stmt: &&Stmt| !matches!(&stmt.kind, StmtKind::Expr(value) if matches!(value.kind, ExprKind::Text(_)));
        let mut stmts = self.code(closure).body.iter().filter(text);
        let (Some(only), None) = (stmts.next(), stmts.next()) else {
            return false;
        };
        matches!(&only.kind, StmtKind::Raise(Some(raised)) if says_so(raised))
    }

    /// Whether running a function for its caller can tell something. A short one may do anything; a
    /// longer one must at least speak of processes or platforms; what a very long one does for one
    /// of its callers is its own matter. What is not run is not even parsed.
    pub(super) fn worth_running(&mut self, closure: &Closure) -> bool {
        const SHORT: usize = 550;
        const LONG: usize = 4_000;
        if self.is_wanted(closure) {
            self.note_bound();
            return true;
        }
        let location = closure.location();
        let is_worth = self.world.worth.answer(location, || {
            let length = self.code_length(closure);
            length <= SHORT || length <= LONG && self.speaks_of_platforms(closure)
        });
        if !is_worth {
            self.note_skipped(location);
        }
        is_worth
    }

    /// How many characters of a function are neither white space nor only there to be read.
    fn code_length(&self, closure: &Closure) -> usize {
        let span = closure.function.span;
        let solid = |span: Span| {
            let bytes = self.source(closure.document, span).bytes();
            bytes.filter(|byte| !byte.is_ascii_whitespace()).count()
        };
        let prose = self.prose(closure.document).iter();
        let within = prose.filter(|part| span.contains(**part));
        solid(span) - within.map(|part| solid(*part)).sum::<usize>()
    }

    /// Whether the code of a function says something of processes or platforms.
    pub(super) fn speaks_of_platforms(&self, closure: &Closure) -> bool {
        const PLATFORM_WORDS: [&str; 7] = [
            "platform",
            "os.name",
            "indows",
            "WIN",
            "creationflags",
            "CREATE_",
            "which",
        ];
        let span = closure.function.span;
        let text = self.text(closure.document);
        let prose = self.prose(closure.document);
        let is_code = |at: usize| {
            let at = span.start + at as u32;
            let next = prose.partition_point(|part| part.end <= at);
            prose.get(next).is_none_or(|part| at < part.start)
        };
        let code = &text.text[span.range()];
        let demand = self.session.demand;
        demand.matches_code_for_callers(&text.text, span, prose, text.language)
            || PLATFORM_WORDS.iter().any(|word| {
                memchr::memmem::find_iter(code.as_bytes(), word.as_bytes()).any(is_code)
            })
    }

    /// What in a text is only there to be read.
    pub(super) fn prose(&self, document: DocumentId) -> &'_ [Span] {
        let text = self.text(document);
        match text.origin {
            None => self.project.prose(text.file),
            Some(_) => &[],
        }
    }

    /// Runs a function; without arguments it is entered from outside, with unknown ones.
    pub(super) fn run_closure(
        &mut self,
        closure: &Arc<Closure>,
        arguments: Option<Arguments>,
        location: Option<Location>,
    ) -> Value {
        self.notice_run(closure.location());
        let parent = Some(closure.scope);
        let scope = self.allocate(Object::Scope(Scope {
            parent,
            ..Scope::default()
        }));
        let span = closure.function.span;
        self.run.frames.push(Frame {
            document: closure.document,
            scope,
            definition: Location {
                document: closure.document,
                span,
            },
            closure: Some(Arc::clone(closure)),
            call: location,
            texts: arguments.as_ref().map_or_else(Vec::new, texts_among),
            statement: Span {
                start: span.start,
                end: span.start,
            },
            attribute: Span::new(0, 0),
            asked: Vec::new(),
            follows: false,
            holding: Vec::new(),
            entered: Vec::new(),
            bound: HashMap::new(),
            returned: None,
            loops: Vec::new(),
            uncalled: Vec::new(),
        });
        self.note_depth();
        let code = self.code(closure);
        let features = self.dialect().features();
        if let (Some(own_type), Some(class)) = (features.own_type, closure.class) {
            let receiver = arguments.as_ref().and_then(|it| it.positional.first());
            let receiver = receiver.and_then(|receiver| self.implementor(&receiver.value));
            let own = receiver.unwrap_or(Value::Object(class));
            self.set_variable(scope, own_type.into(), own);
        }
        match arguments {
            Some(arguments) => self.bind_arguments(code, arguments),
            None => self.bind_unknown(closure, code),
        }
        // Its code runs while somebody walks it, if anybody does.
        let unwalked = self.run.state.clone().filter(|_| code.is_generator);
        let value = self.run_block(&code.body);
        // A body that ends without `return` gives its tail expression, or nothing.
        if self.alive() {
            if let Some(StmtKind::Tail(tail)) = code.body.last().map(|last| &last.kind) {
                self.note_answer(&value, tail.span);
            }
            self.keep_value(&value);
            self.return_value(value);
        }
        self.end_frame();
        let mut returned = self.frame().returned.take();
        if let Some(unwalked) = unwalked {
            let state = self.merge(Some(unwalked), returned.map(|(_, state)| state));
            returned = state.map(|state| (Value::UNKNOWN, state));
        }
        self.run.state = None;
        let value = returned.map(|(value, state)| {
            self.run.state = Some(state);
            match features.declares_returns {
                true => self.declared(value, code.returns.as_ref()),
                false => value,
            }
        });
        self.run.frames.pop();
        value.unwrap_or(Value::UNKNOWN)
    }

    /// The Rust type that a value is an instance of, an enum for its variants.
    fn implementor(&self, value: &Value) -> Option<Value> {
        let class = match (self.instance(value), self.class(value)) {
            (Some(instance), _) => instance.class.clone(),
            (_, Some((_, class))) if class.class.is_unit => value.clone(),
            _ => return None,
        };
        let (_, object) = self.class(&class)?;
        match object.class.is_variant {
            true => object.bases.first().cloned(),
            false => Some(class),
        }
    }

    /// Where a text is named that an argument at a location passes on: in the outermost of the calls in
    /// progress that hand it down to there.
    pub(crate) fn outermost_naming(&self, text: &Value, argument: Location) -> Location {
        let mut naming = argument;
        for frame in self.run.frames.iter().rev() {
            let mut passed = frame.texts.iter().filter(|(passed, _)| passed == text);
            match passed.next() {
                Some((_, location)) => naming = *location,
                None => break,
            }
        }
        naming
    }

    /// How many calls of functions are in progress.
    pub(super) fn call_depth(&self) -> usize {
        self.run
            .frames
            .iter()
            .filter(|frame| frame.closure.is_some())
            .count()
    }

    fn bind_arguments(&mut self, code: &FunctionCode, arguments: Arguments) {
        let mut positional = arguments.positional.into_iter();
        let mut keywords = arguments.keywords;
        for param in &code.params {
            let name = param_name(param);
            match param.kind {
                ParamKind::Rest => {
                    let mut items: Vec<Option<Value>> = positional
                        .by_ref()
                        .map(|argument| Some(argument.value))
                        .collect();
                    if arguments.rest {
                        items.push(None);
                    }
                    let rest = self.sequence(items, true);
                    self.bind(&param.pattern, rest);
                }
                ParamKind::KeywordRest => {
                    let mut dict = super::Dict {
                        open: arguments.open,
                        ..super::Dict::default()
                    };
                    for (name, argument) in std::mem::take(&mut keywords) {
                        let entry = Entry {
                            value: argument.value,
                            present: argument.present,
                            location: Some(argument.location),
                        };
                        dict.entries
                            .insert(super::Key::Text(name.to_string()), entry);
                    }
                    let dict = Value::Object(self.allocate(Object::Dict(dict)));
                    self.bind(&param.pattern, dict);
                }
                ParamKind::Normal | ParamKind::PositionalOnly | ParamKind::KeywordOnly => {
                    let by_position = match param.kind {
                        ParamKind::KeywordOnly => None,
                        _ => positional.next(),
                    };
                    let given = by_position.or_else(|| name.and_then(|name| keywords.remove(name)));
                    let missing =
                        || arguments.rest && param.kind != ParamKind::KeywordOnly || arguments.open;
                    let value = match given {
                        Some(argument) if argument.present == Truth::Yes => argument.value,
                        Some(argument) => {
                            let default = self.default(param);
                            argument.value.join(&default)
                        }
                        None if missing() => self.unseen_argument(param),
                        None => self.default(param),
                    };
                    let value = self.typed(value, param.annotation.as_ref());
                    self.bind(&param.pattern, value);
                }
            }
        }
    }

    /// The default of a parameter, evaluated in the scope around the function.
    fn default(&mut self, param: &Param) -> Value {
        match &param.default {
            Some(default) => {
                self.frame().statement = default.span;
                self.eval(default)
            }
            None => Value::UNKNOWN,
        }
    }

    /// Binds the parameters of a function that is entered from outside: those with a default to
    /// it, as in the shortest call, the others to what their type tells.
    fn bind_unknown(&mut self, closure: &Closure, code: &FunctionCode) {
        self.note_bound();
        for (index, param) in code.params.iter().enumerate() {
            let is_self = index == 0 && closure.class.is_some();
            let value = match param.kind {
                _ if is_self && closure.binding == Binding::Class => {
                    closure.class.map_or(Value::UNKNOWN, Value::Object)
                }
                _ if is_self && closure.binding != Binding::Static && self.takes_self(param) => {
                    self.unseen_instance(closure.class.expect("a method"))
                }
                ParamKind::Rest => self.sequence(vec![None], true),
                ParamKind::KeywordRest => {
                    let dict = super::Dict {
                        open: true,
                        ..super::Dict::default()
                    };
                    Value::Object(self.allocate(Object::Dict(dict)))
                }
                _ if self.run.with_defaults && param.default.is_some() => self.default(param),
                _ => {
                    let value = self.unseen_argument(param);
                    self.typed(value, param.annotation.as_ref())
                }
            };
            self.bind(&param.pattern, value);
        }
    }

    /// An argument that code out of sight passes. A parameter that asks for the platform, by its name
    /// or by its default, is there for tests: who runs the program passes the platform at hand.
    fn unseen_argument(&mut self, param: &Param) -> Value {
        let name = param_name(param);
        let answer = name.and_then(|name| crate::platform::answer(name, self.platform));
        answer
            .map(Value::Bool)
            .unwrap_or_else(|| match self.default(param) {
                default if default.names_windows() => default,
                _ => Value::unknown(Why::Argument),
            })
    }

    /// Whether the first parameter of a method takes the instance.
    pub(crate) fn takes_self(&self, param: &Param) -> bool {
        match self.dialect().features().receiver {
            None => true,
            Some(receiver) => param_name(param).is_some_and(|name| &**name == receiver),
        }
    }

    /// An instance of which only the class is known.
    pub(crate) fn unseen_instance(&mut self, class: Ref) -> Value {
        let instance = Instance {
            class: Value::Object(class),
            attributes: OrdMap::new(),
            open: true,
            spawn: None,
        };
        Value::Object(self.allocate(Object::Instance(instance)))
    }

    /// A value where its type is declared: one of another type of the project has been converted.
    pub(super) fn declared(&mut self, value: Value, annotation: Option<&Expr>) -> Value {
        if let Some(annotation) = annotation
            && self.dialect().features().declares_returns
            && self
                .instance(&value)
                .is_some_and(|it| it.class.as_native().is_none())
            && super::conditions::last_segment(annotation).is_some()
            && let Value::Native(path) = self.eval(annotation)
            && let Some(converted) = self.dialect().converted(self, &value, &path)
        {
            return converted;
        }
        self.typed(value, annotation)
    }

    /// A value of which only the declared type is known.
    pub(crate) fn typed(&mut self, value: Value, annotation: Option<&Expr>) -> Value {
        if !value.is_unknown() {
            return value;
        }
        let Some(annotation) = annotation else {
            return value;
        };
        if let ExprKind::Index(holder, inner) = &annotation.kind {
            return self.dialect().held(self, holder, inner).unwrap_or(value);
        }
        // Annotations may be strings and unions; only a plain name tells enough.
        if super::conditions::last_segment(annotation).is_none() {
            return value;
        }
        let class = self.eval(annotation);
        match &class {
            Value::Object(reference) if self.class(&class).is_some() => {
                self.unseen_instance(*reference)
            }
            Value::Native(path) => self.dialect().instance_of(self, path).following(&value),
            _ => value,
        }
    }

    // ---- classes ----

    fn instantiate(&mut self, class: Ref, arguments: Arguments, location: Location) -> Value {
        let instance = self.unseen_instance(class);
        let Some(constructor) = self.dialect().features().constructor else {
            // A type without one is called only as a tuple struct.
            self.fill_tuple(&instance, &arguments);
            if let Some(made) = self.instance(&instance) {
                let (class, attributes) = (made.class.clone(), made.attributes.clone());
                self.note_built(&class, &attributes);
            }
            return instance;
        };
        match self.member(&Value::Object(class), &constructor.into()) {
            Some(Value::Function(closure)) => {
                if let Some(Object::Instance(object)) =
                    instance_reference(&instance).and_then(|reference| self.object_mut(reference))
                {
                    object.open = false;
                }
                let bound = Bound {
                    callee: Value::Function(closure),
                    first: vec![instance.clone()],
                    keywords: Vec::new(),
                };
                self.call(&Value::Bound(Arc::new(bound)), arguments, location);
                // What a method sets later is not known to have been set.
                if let Some(Object::Instance(object)) =
                    instance_reference(&instance).and_then(|reference| self.object_mut(reference))
                {
                    object.open = true;
                }
            }
            // A dataclass, a named tuple, or a constructor that is not seen.
            _ => {
                for (name, argument) in &arguments.keywords {
                    self.set_attribute(&instance, name, argument.value.clone());
                }
                self.hand_over(&arguments, location);
            }
        }
        instance
    }

    fn fill_tuple(&mut self, instance: &Value, arguments: &Arguments) {
        for (index, argument) in arguments.positional.iter().enumerate() {
            let field: Name = index.to_string().into();
            self.record_name(&argument.value, &field);
            self.assign_attribute(instance, &field, argument.value.clone());
        }
    }
}

/// The texts among some arguments, each with where it is passed.
fn texts_among(arguments: &Arguments) -> Vec<(Value, Location)> {
    let is_text = |value: &Value| {
        let mut each = value.alternatives().iter();
        each.all(|value| matches!(value, Value::Text(_)))
    };
    let passed = arguments.positional.iter();
    let texts = passed.filter(|argument| is_text(&argument.value));
    texts
        .map(|argument| (argument.value.clone(), argument.location))
        .collect()
}

/// Whether a value is a method of a Rust process builder, with the builder.
fn is_builder_method(value: &Value) -> bool {
    match value {
        Value::Bound(bound) => bound
            .callee
            .as_native()
            .is_some_and(|path| path.starts_with("Command.")),
        _ => false,
    }
}

fn instance_reference(value: &Value) -> Option<Ref> {
    match value {
        Value::Object(reference) => Some(*reference),
        _ => None,
    }
}

/// The name of a parameter that is bound to a plain one.
pub(crate) fn param_name(param: &Param) -> Option<&Name> {
    match &param.pattern {
        Pattern::Bind(name, _) => Some(name),
        _ => None,
    }
}
