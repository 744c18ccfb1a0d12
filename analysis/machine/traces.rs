//! Traces: what running a piece of code comes to by name.
//!
//! A piece of code is run once for its trace; whether it comes to a function, a class or a module
//! is then looked up.

use std::collections::{HashMap, HashSet};

use super::Machine;
use super::mentions::Symbol;
use crate::code::Name;
use crate::source::FileId;
use crate::value::{Closure, Location, Value};

/// How often a definition was come to, and how often that was for calling it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uses {
    pub named: usize,
    pub called: usize,
}

/// What a run came to.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Functions and classes, with those that a class derives from.
    definitions: HashMap<Location, Uses>,
    /// Functions and programs in strings that were run.
    ran: HashSet<Location>,
    /// Modules that were imported.
    modules: HashSet<FileId>,
    /// Names of scripts without their endings that strings end with: such a string starts the file, or
    /// at least leads to it.
    scripts: HashSet<Box<str>>,
    /// Attributes read from something that is not known.
    attributes: HashSet<Name>,
    /// Variables whose values are not known.
    variables: HashSet<Name>,
    /// Whether the run was given up.
    pub exhausted: bool,
}

impl Trace {
    /// How often a definition was come to.
    pub(super) fn uses(&self, definition: Location) -> Uses {
        self.definitions
            .get(&definition)
            .copied()
            .unwrap_or_default()
    }

    /// Takes in what a part of the run came to.
    pub(super) fn add(&mut self, part: &Trace) {
        for (definition, uses) in &part.definitions {
            let all = self.definitions.entry(*definition).or_default();
            all.named += uses.named;
            all.called += uses.called;
        }
        self.ran.extend(&part.ran);
        self.modules.extend(&part.modules);
        self.scripts.extend(part.scripts.iter().cloned());
        self.attributes.extend(part.attributes.iter().cloned());
        self.variables.extend(part.variables.iter().cloned());
        self.exhausted |= part.exhausted;
    }

    /// The functions and programs that were run, by their definitions.
    pub(super) fn ran(&self) -> &HashSet<Location> {
        &self.ran
    }

    /// Whether the run may have come to a symbol in a way that does not show.
    pub(super) fn is_vague(&self, symbol: &Symbol, tables: &[Name]) -> bool {
        let Symbol::Definition(_, name) = symbol else {
            return self.exhausted;
        };
        let unknown =
            |table: &Name| self.variables.contains(table) || self.attributes.contains(table);
        self.exhausted || self.attributes.contains(name) || tables.iter().any(unknown)
    }
}

impl Machine<'_> {
    /// Whether a piece of code comes to a symbol, or may do so.
    pub(super) fn comes_to(&self, trace: &Trace, symbol: &Symbol, tables: &[Name]) -> bool {
        let named = match symbol {
            Symbol::Definition(location, _) => trace.uses(*location).named > 0,
            Symbol::Module(file) => {
                let name = crate::project::module_name(&self.project.file(*file).path);
                trace.modules.contains(file)
                    || name.is_some_and(|name| trace.scripts.contains(name.as_str()))
            }
        };
        named || trace.is_vague(symbol, tables)
    }

    // ---- what evaluation tells ----

    /// A value was come to by its name.
    pub(super) fn notice(&mut self, value: &Value) {
        if self.run.trace.is_some() {
            self.notice_within(value, 0);
        }
    }

    fn notice_within(&mut self, value: &Value, depth: usize) {
        /// Tables in tables are as deep as this.
        const DEPTH: usize = 3;
        for value in value.alternatives() {
            match value {
                Value::Function(closure) => self.notice_definition(closure.location()),
                Value::Bound(bound) => {
                    if let Value::Function(closure) = &bound.callee {
                        self.notice_definition(closure.location());
                    }
                }
                Value::Lazy(..) | Value::Constant(_) if depth > 0 => {
                    let value = self.force(value.clone());
                    self.notice_within(&value, DEPTH);
                }
                Value::Object(_) => {
                    self.notice_class(value);
                    if depth < DEPTH {
                        for item in self.contents(value) {
                            self.notice_within(&item, depth + 1);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn notice_definition(&mut self, location: Location) {
        if let Some(trace) = &mut self.run.trace {
            trace.definitions.entry(location).or_default().named += 1;
        }
    }

    /// Whoever comes to a class comes to those it derives from.
    fn notice_class(&mut self, value: &Value) {
        let mut line = vec![value.clone()];
        let mut seen = Vec::new();
        while let Some(next) = line.pop() {
            let Some((reference, class)) = self.class(&next) else {
                continue;
            };
            if seen.contains(&reference) {
                continue;
            }
            let location = Location {
                document: class.document,
                span: class.class.span,
            };
            line.extend(class.bases.iter().cloned());
            seen.push(reference);
            self.notice_definition(location);
        }
    }

    /// A function is called.
    pub(super) fn notice_call(&mut self, closure: &Closure) {
        if let Some(trace) = &mut self.run.trace {
            let uses = trace.definitions.entry(closure.location()).or_default();
            uses.called += 1;
        }
    }

    /// A function, or a program in a string, is run.
    pub(super) fn notice_run(&mut self, definition: Location) {
        if let Some(trace) = &mut self.run.trace {
            trace.ran.insert(definition);
        }
    }

    /// Whether a function is the one whose calls are looked out for.
    pub(super) fn is_wanted(&self, closure: &Closure) -> bool {
        self.run.wanted == Some(closure.location())
    }

    /// An attribute is read from something that is not known.
    pub(super) fn notice_unknown_attribute(&mut self, name: &Name) {
        if let Some(trace) = &mut self.run.trace {
            trace.attributes.insert(name.clone());
        }
    }

    /// A variable is read whose value is not known.
    pub(super) fn notice_unknown_variable(&mut self, name: &Name) {
        if let Some(trace) = &mut self.run.trace {
            trace.variables.insert(name.clone());
        }
    }

    /// A string is come to.
    pub(super) fn notice_text(&mut self, text: &str) {
        if let Some(trace) = &mut self.run.trace
            && let Some(name) = crate::project::script_name(text)
        {
            trace.scripts.insert(name.into());
        }
    }

    /// A module is imported, or a name from it.
    pub(crate) fn notice_import(&mut self, file: FileId) {
        if let Some(trace) = &mut self.run.trace {
            trace.modules.insert(file);
        }
    }

    /// Runs something whose names do not count as come to.
    pub(super) fn unnoticed<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let trace = self.run.trace.take();
        let result = run(self);
        self.run.trace = trace;
        result
    }
}
