//! Reachability through callers: whether Windows gets to a function, class or module at all, and
//! with which values.
//!
//! A file tells only so much: the function that probes a process may be called from a branch that
//! Windows does not take, in a file far away. So where something was met that matters, the code
//! that mentions it is run too. What a POSIX platform reaches and Windows does not is silent; what
//! neither is seen to reach (a public function, a script) counts as reached.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::record::{LeftOut, Met};
use super::{Machine, Object};
use crate::code::Name;
use crate::facts::{Fate, flag};
use crate::platform::{Platform, Truth};
use crate::source::{FileId, Language, Span};
use crate::value::{Closure, DocumentId, Location, Ref, Value};

/// Something that other code mentions by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Symbol {
    /// A module.
    Module(FileId),
    /// A function or class, by its definition.
    Definition(Location, Name),
}

impl Symbol {
    /// What is named: a definition, or the beginning of a module.
    fn location(&self) -> Location {
        match self {
            Symbol::Module(file) => Location {
                document: DocumentId(file.0),
                span: Span::new(0, 0),
            },
            Symbol::Definition(location, _) => *location,
        }
    }
}

/// A symbol being looked out for while code that mentions it is run.
#[derive(Debug)]
pub(super) struct Search {
    symbol: Symbol,
    /// How often the symbol was come to.
    touched: usize,
    /// How often that was for calling it.
    called: usize,
    /// Whether a name like it was read from something that is not known.
    guessed: bool,
}

/// What became of a symbol while the code that mentions it ran.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    reached: bool,
    /// Every time it was come to it was called, with the arguments at hand.
    only_called: bool,
}

/// Code that mentions a symbol.
enum Mention {
    /// The statements of a module outside its functions.
    Body(FileId),
    /// A function.
    Function(Rc<Closure>),
}

/// Symbols that more code mentions than this count as reached.
const MOST_MENTIONS: usize = 24;

/// How far mentions of mentions are followed.
const DEPTH: usize = 4;

/// How many steps the searches for one file may take together.
const STEPS: u64 = 1_000_000;

/// Flags by which a child leaves its parent's console, group or job.
const LEAVING: u64 = (flag::DETACHED_PROCESS
    | flag::CREATE_NEW_PROCESS_GROUP
    | flag::CREATE_BREAKAWAY_FROM_JOB) as u64;

/// What a run of an entry added to the record.
#[derive(Clone, Debug)]
pub(super) struct Added {
    /// The function entered; `None` for the module body.
    pub entry: Option<Rc<Closure>>,
    pub spawns: Range<usize>,
    pub signals: Range<usize>,
    pub visits: Range<usize>,
}

impl Added {
    /// The run has ended.
    pub(super) fn close(&mut self, machine: &Machine) {
        self.spawns.end = machine.record.spawns.len();
        self.signals.end = machine.record.signals.len();
        self.visits.end = machine.record.visits.len();
    }
}

impl Machine<'_> {
    /// Takes back what only other platforms get to, and adds what callers' values bring.
    pub(super) fn settle(&mut self, file: FileId, runs: Vec<Added>) {
        self.search_steps = STEPS;
        let salient: Vec<Added> = runs
            .iter()
            .filter(|run| self.is_salient(run))
            .cloned()
            .collect();
        if salient.is_empty() {
            return;
        }
        let module = Symbol::Module(file);
        if self.is_elsewhere_only(&module, DEPTH) {
            let why = LeftOut::Elsewhere(module.location());
            runs.iter().for_each(|run| self.forget(run, why));
            return;
        }
        for run in salient {
            let Some(closure) = run.entry.clone() else {
                continue;
            };
            if let Some(class) = closure.class.and_then(|class| self.class_symbol(class))
                && self.is_elsewhere_only(&class, DEPTH)
            {
                self.forget(&run, LeftOut::Elsewhere(class.location()));
                continue;
            }
            self.settle_function(&closure, &run);
        }
    }

    fn settle_function(&mut self, closure: &Rc<Closure>, run: &Added) {
        let Some(symbol) = function_symbol(closure) else {
            return;
        };
        let Some(mentions) = self.mentions(&symbol) else {
            return;
        };
        if mentions.is_empty() {
            return;
        }
        let mut contexts = self.added(None);
        let found = self.come_to(&symbol, &mentions, DEPTH);
        contexts.close(self);
        self.keep_only(&contexts, closure);
        if found.only_called && self.search_steps > 0 {
            // Every way here is known, with its values.
            self.forget(run, LeftOut::CallersKnown);
        } else if !found.reached && self.reached_elsewhere(&symbol, DEPTH) {
            let why = LeftOut::Elsewhere(symbol.location());
            self.forget(run, why);
            self.forget(&contexts, why);
        }
    }

    /// What will be added to the record from here on, as a range that ends where it begins.
    pub(super) fn added(&self, entry: Option<Rc<Closure>>) -> Added {
        let (spawns, signals) = (self.record.spawns.len(), self.record.signals.len());
        let visits = self.record.visits.len();
        Added {
            entry,
            spawns: spawns..spawns,
            signals: signals..signals,
            visits: visits..visits,
        }
    }

    /// Where the things were met that a run added.
    fn met_in(&mut self, run: &Added) -> impl Iterator<Item = &mut Met> {
        let record = &mut self.record;
        let spawns = record.spawns[run.spawns.clone()].iter_mut();
        let signals = record.signals[run.signals.clone()].iter_mut();
        spawns
            .map(|spawn| &mut spawn.met)
            .chain(signals.map(|signal| &mut signal.met))
            .chain(&mut record.visits[run.visits.clone()])
    }

    fn forget(&mut self, run: &Added, why: LeftOut) {
        for met in self.met_in(run).filter(|met| met.recorded) {
            met.recorded = false;
            met.left_out = Some(why);
        }
    }

    /// Takes back what was only met on the way of a search.
    fn drop_record(&mut self, run: &Added) {
        self.met_in(run).for_each(|met| met.recorded = false);
    }

    /// Of what running callers added, keeps what happens below the function they call.
    fn keep_only(&mut self, run: &Added, closure: &Closure) {
        let below = Location {
            document: closure.document,
            span: closure.function.span,
        };
        for met in self.met_in(run) {
            met.recorded &= met.definitions.contains(&below);
        }
    }

    /// Whether anything was met that a rule may speak of, or whose values a caller may tell.
    fn is_salient(&self, run: &Added) -> bool {
        let spawns = &self.record.spawns[run.spawns.clone()];
        let signals = &self.record.signals[run.signals.clone()];
        // Of what is watched, somebody wants to know how it is reached.
        if !run.visits.is_empty() {
            return true;
        }
        spawns.iter().any(|spawn| {
            spawn.met.recorded
                && (!spawn.session.is_empty()
                    || spawn.flags.ones & LEAVING != 0
                    || spawn.flags.value().is_none() && spawn.fate != Fate::Waited
                    || self.names_trigger(&spawn.program))
        }) || signals.iter().any(|signal| {
            signal.met.recorded
                && match &signal.signal {
                    Value::Int(int) => int.is_zero() != Truth::No,
                    Value::Unknown | Value::None => true,
                    _ => false,
                }
        })
    }

    fn names_trigger(&self, program: &Value) -> bool {
        program.alternatives().iter().any(|program| match program {
            Value::Text(text) => text
                .known()
                .is_some_and(|name| self.triggers.matches(&format!("\"{name}\""))),
            Value::Default(value) => self.names_trigger(value),
            _ => false,
        })
    }

    // ---- who mentions what ----

    fn class_symbol(&self, class: Ref) -> Option<Symbol> {
        let Some(Object::Class(class)) = self.object(class) else {
            return None;
        };
        let location = Location {
            document: class.document,
            span: class.class.span,
        };
        Some(Symbol::Definition(location, class.class.name.clone()))
    }

    /// The code that mentions a symbol; `None` if there is too much of it, or if it cannot be told.
    fn mentions(&mut self, symbol: &Symbol) -> Option<Vec<Mention>> {
        let project = self.project;
        let (home, places) = match symbol {
            Symbol::Module(home) => {
                let source = project.file(*home);
                // Rust says itself what it compiles.
                if source.language == Language::Rust || project.imports().is_plain(*home) {
                    return None;
                }
                let name = crate::project::module_name(&source.path)?;
                let foreign = |(file, _): &&(FileId, Vec<u32>)| file != home;
                (
                    *home,
                    project
                        .imports()
                        .of_name(&name)
                        .iter()
                        .filter(foreign)
                        .cloned()
                        .collect(),
                )
            }
            Symbol::Definition(location, name) => {
                // Programs inside strings have no callers outside.
                let home = FileId(location.document.0);
                ((home.0 as usize) < project.files.len()).then_some(())?;
                (home, self.places_of_definition(home, location.span, name))
            }
        };
        let in_tests = is_test(&project.file(home).path);
        let mut mentions = Vec::new();
        for (file, places) in places {
            if !is_test(&project.file(file).path) || in_tests {
                self.mentions_in(file, places, &mut mentions);
            }
            if mentions.len() > MOST_MENTIONS {
                return None;
            }
        }
        Some(mentions)
    }

    /// Where a function, or a class or one derived from it, is named outside its definition.
    fn places_of_definition(
        &self,
        home: FileId,
        span: Span,
        name: &Name,
    ) -> Vec<(FileId, Vec<u32>)> {
        let project = self.project;
        let language = project.file(home).language;
        let own = |file: FileId, at: u32| file == home && span.start <= at && at < span.end;
        let function = self
            .functions
            .get(&DocumentId(home.0))
            .and_then(|functions| {
                functions
                    .iter()
                    .find(|closure| closure.function.span == span)
            });
        // What stands at module level is known elsewhere only through an import.
        let global = language == Language::Python && function.is_some_and(|it| it.class.is_none());
        let names = match function {
            Some(_) => vec![name.to_string()],
            None => project.family(name, language),
        };
        let mut places: Vec<(FileId, Vec<u32>)> = Vec::new();
        for name in names {
            let files = project.mentioning(&name).iter().copied();
            let files = files
                .filter(|file| project.file(*file).language == language)
                .filter(|file| !global || *file == home || project.may_name(*file, home, &name));
            for file in files {
                let text = &project.file(file).text;
                let mut found: Vec<u32> = crate::project::places_of(text, &name)
                    .map(|at| at as u32)
                    .filter(|at| !own(file, *at))
                    .collect();
                let aliases: Vec<&str> = found
                    .iter()
                    .filter_map(|at| alias(&text[*at as usize + name.len()..]))
                    .collect();
                for alias in aliases {
                    found.extend(crate::project::places_of(text, alias).map(|at| at as u32));
                }
                places.push((file, found));
            }
        }
        places
    }

    /// The functions of a file in which places lie, and the rest of it.
    fn mentions_in(&mut self, file: FileId, mut places: Vec<u32>, found: &mut Vec<Mention>) {
        if places.is_empty() || self.module_scope(file).is_none() {
            return;
        }
        let functions = self
            .functions
            .get(&DocumentId(file.0))
            .cloned()
            .unwrap_or_default();
        for closure in functions {
            let span = closure.function.span;
            let before = places.len();
            places.retain(|at| !(span.start <= *at && *at < span.end));
            if places.len() < before {
                found.push(Mention::Function(closure));
            }
        }
        if !places.is_empty() {
            found.push(Mention::Body(file));
        }
    }

    // ---- searches ----

    /// Whether a POSIX platform comes to a symbol, and Windows does not.
    fn is_elsewhere_only(&mut self, symbol: &Symbol, depth: usize) -> bool {
        if depth == 0 || self.platform != Platform::Windows {
            return false;
        }
        if let Some(&known) = self.elsewhere_only.get(symbol) {
            return known;
        }
        // Symbols that mention each other do not decide about each other.
        self.elsewhere_only.insert(symbol.clone(), false);
        let answer = match self.mentions(symbol) {
            Some(mentions) if !mentions.is_empty() => {
                let mut run = self.added(None);
                let found = self.come_to(symbol, &mentions, depth);
                run.close(self);
                self.drop_record(&run);
                !found.reached && self.search_steps > 0 && self.reached_elsewhere(symbol, depth)
            }
            _ => false,
        };
        self.elsewhere_only.insert(symbol.clone(), answer);
        answer
    }

    fn reached_elsewhere(&mut self, symbol: &Symbol, depth: usize) -> bool {
        let (project, triggers) = (self.project, self.triggers);
        for platform in Platform::POSIX {
            let machine = self
                .elsewhere
                .entry(platform)
                .or_insert_with(|| Box::new(Machine::new(project, platform, triggers)));
            machine.search_steps = STEPS;
            let Some(mentions) = machine.mentions(symbol) else {
                continue;
            };
            if machine.come_to(symbol, &mentions, depth).reached {
                return true;
            }
        }
        false
    }

    /// Runs the code that mentions a symbol and looks out for it.
    fn come_to(&mut self, symbol: &Symbol, mentions: &[Mention], depth: usize) -> Found {
        let mut total = Found {
            reached: false,
            only_called: true,
        };
        for mention in mentions {
            if self.search_steps == 0 {
                return Found {
                    reached: true,
                    only_called: false,
                };
            }
            let search = Search {
                symbol: symbol.clone(),
                touched: 0,
                called: 0,
                guessed: false,
            };
            let outer = self.search.replace(search);
            let (steps, spent) = (self.steps, self.spent);
            match mention {
                Mention::Body(file) => self.run_body_again(*file),
                Mention::Function(closure) => {
                    self.enter(closure);
                }
            }
            self.search_steps = self.search_steps.saturating_sub(self.spent - spent);
            let exhausted = self.steps == 0;
            self.steps = steps;
            let search = std::mem::replace(&mut self.search, outer).expect("put there above");
            let reached = search.touched > 0 || search.guessed || exhausted;
            if !reached || !total.reached && self.is_out_of_reach(mention, depth) {
                continue;
            }
            total.reached = true;
            total.only_called &= !search.guessed && !exhausted && search.touched <= search.called;
        }
        total.only_called &= total.reached;
        total
    }

    /// Whether the code that mentions a symbol is itself only for other platforms.
    fn is_out_of_reach(&mut self, mention: &Mention, depth: usize) -> bool {
        let outer = self.search.take();
        let answer = match mention {
            Mention::Body(file) => self.is_elsewhere_only(&Symbol::Module(*file), depth - 1),
            Mention::Function(closure) => {
                let file = FileId(closure.document.0);
                self.is_elsewhere_only(&Symbol::Module(file), depth - 1)
                    || closure
                        .class
                        .and_then(|class| self.class_symbol(class))
                        .is_some_and(|class| self.is_elsewhere_only(&class, depth - 1))
                    || function_symbol(closure)
                        .is_some_and(|symbol| self.is_elsewhere_only(&symbol, depth - 1))
            }
        };
        self.search = outer;
        answer
    }

    // ---- what evaluation tells a search ----

    /// A value was come to by its name.
    pub(super) fn notice(&mut self, value: &Value) {
        let Some(search) = &self.search else { return };
        let Symbol::Definition(wanted, _) = &search.symbol else {
            return;
        };
        let wanted = *wanted;
        let is_wanted = |closure: &Closure| {
            wanted
                == Location {
                    document: closure.document,
                    span: closure.function.span,
                }
        };
        let hit = value.alternatives().iter().any(|value| match value {
            Value::Function(closure) => is_wanted(closure),
            Value::Bound(bound) => match &bound.callee {
                Value::Function(closure) => is_wanted(closure),
                _ => false,
            },
            Value::Object(_) => self.derives_from(value, wanted),
            _ => false,
        });
        if let (true, Some(search)) = (hit, &mut self.search) {
            search.touched += 1;
        }
    }

    /// Whether a value is the class defined at a place, or one derived from it.
    fn derives_from(&self, value: &Value, wanted: Location) -> bool {
        let mut line = vec![value.clone()];
        let mut seen = Vec::new();
        while let Some(next) = line.pop() {
            let Some((reference, class)) = self.class(&next) else {
                continue;
            };
            if wanted
                == (Location {
                    document: class.document,
                    span: class.class.span,
                })
            {
                return true;
            }
            if !seen.contains(&reference) {
                seen.push(reference);
                line.extend(class.bases.iter().cloned());
            }
        }
        false
    }

    /// A function is called.
    pub(super) fn notice_call(&mut self, closure: &Closure) {
        if self.is_wanted(closure)
            && let Some(search) = &mut self.search
        {
            search.called += 1;
        }
    }

    /// Whether a function is the one looked out for.
    pub(super) fn is_wanted(&self, closure: &Closure) -> bool {
        let location = Location {
            document: closure.document,
            span: closure.function.span,
        };
        matches!(&self.search, Some(Search { symbol: Symbol::Definition(wanted, _), .. }) if *wanted == location)
    }

    /// A name is read from something that is not known.
    pub(super) fn notice_unknown(&mut self, name: &Name) {
        if let Some(search) = &mut self.search
            && let Symbol::Definition(_, wanted) = &search.symbol
        {
            search.guessed |= wanted == name;
        }
    }

    /// A string is come to: one that ends with the name of a Python file starts it, or at least
    /// leads to it.
    pub(super) fn notice_text(&mut self, text: &str) {
        if let Some(search) = &mut self.search
            && let Symbol::Module(file) = search.symbol
            && let Some(path) = text.strip_suffix(".py")
        {
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            let wanted = crate::project::module_name(&self.project.file(file).path);
            search.touched += usize::from(wanted.as_deref() == Some(name));
        }
    }

    /// A module is imported, or a name from it.
    pub(super) fn notice_import(&mut self, file: FileId) {
        if let Some(search) = &mut self.search
            && search.symbol == Symbol::Module(file)
        {
            search.touched += 1;
        }
    }
}

/// The other name that an import gives to the one before `rest` (`as other`).
fn alias(rest: &str) -> Option<&str> {
    let rest = rest
        .trim_start_matches(' ')
        .strip_prefix("as ")?
        .trim_start_matches(' ');
    let end = rest
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    Some(&rest[..end]).filter(|alias| !alias.is_empty())
}

fn function_symbol(closure: &Closure) -> Option<Symbol> {
    let location = Location {
        document: closure.document,
        span: closure.function.span,
    };
    Some(Symbol::Definition(location, closure.function.name.clone()?))
}

/// Whether a file holds tests: that they call something does not make a program do so.
fn is_test(path: &std::path::Path) -> bool {
    let name = path
        .file_stem()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    name.starts_with("test_")
        || name.ends_with("_test")
        || matches!(name, "conftest" | "tests" | "test")
        || path
            .components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "test")))
}

/// Answers about symbols.
pub(super) type ElsewhereOnly = HashMap<Symbol, bool>;
