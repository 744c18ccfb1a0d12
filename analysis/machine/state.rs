//! The state of a run: the heap, and which spawns have failed on the way here.

use std::sync::Arc;

use imbl::ordmap::DiffItem;
use imbl::{OrdMap, OrdSet};

use super::session::World;
use crate::code::{Class, Name};
use crate::doubt::{Cause, Why};
use crate::platform::Truth;
use crate::value::{DocumentId, Int, Location, Ref, SpawnRef, Value};

/// An object on the heap.
#[derive(Clone, Debug)]
pub enum Object {
    /// The variables of a module, class body or function call.
    Scope(Scope),
    /// A list, tuple, set or Rust vector.
    Sequence(Sequence),
    /// A dict.
    Dict(Dict),
    /// A class of the project.
    Class(ClassObject),
    /// An instance of a class.
    Instance(Instance),
    /// A Rust process builder.
    Command(Box<Command>),
}

/// Variables by name, and the scope around them.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The variables.
    pub variables: OrdMap<Name, Value>,
    /// Where a name is looked up that is not here.
    pub parent: Option<Ref>,
    /// Names that assignments here bind in an outer scope (`global`, `nonlocal`).
    pub outer: OrdSet<Name>,
    /// Modules whose every name is in scope (`from m import *`, `use m::*`).
    pub wildcards: Vec<Value>,
}

/// Items in order. `None` stands for any number of unknown items.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// The items.
    pub items: Vec<Option<Value>>,
    /// Whether it cannot change, so that two of them can be compared.
    pub fixed: bool,
}

impl Sequence {
    /// All items, if their number is known.
    pub fn closed(&self) -> Option<Vec<Value>> {
        self.items.iter().cloned().collect()
    }

    /// What is known when it is either of two.
    pub(super) fn join(&self, other: &Sequence) -> Sequence {
        let mut items = Vec::new();
        for (a, b) in self.items.iter().zip(&other.items) {
            match (a, b) {
                (Some(a), Some(b)) => items.push(Some(a.join(b))),
                _ => break,
            }
        }
        if items.len() < self.items.len().max(other.items.len()) {
            items.push(None);
        }
        Sequence {
            items,
            fixed: self.fixed && other.fixed,
        }
    }
}

/// Longer sequences are not kept: adding a list to itself doubles it each time.
const MOST_ITEMS: usize = 1 << 12;

/// Keeps the first items of a sequence that is too long, and that there are others.
pub(super) fn shorten(items: &mut Vec<Option<Value>>) {
    if items.len() > MOST_ITEMS {
        items.truncate(MOST_ITEMS);
        items.push(None);
    }
}

/// A dict's entries, and whether it may have others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dict {
    /// What is known of the entries, by key.
    pub entries: OrdMap<Key, Entry>,
    /// Whether there may be further keys.
    pub open: bool,
}

/// A dict key that can be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A string.
    Text(String),
    /// An integer.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// None.
    None,
}

impl Key {
    /// The key that a value makes, if it is known.
    pub fn of(value: &Value) -> Option<Key> {
        match value {
            Value::Text(text) => text.known().map(Key::Text),
            Value::Int(int) => int.value().map(Key::Int),
            Value::Bool(value) => Some(Key::Bool(*value)),
            Value::None => Some(Key::None),
            _ => None,
        }
    }
}

/// An entry of a dict.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its value.
    pub value: Value,
    /// Whether the key is there.
    pub present: Truth,
    /// Where it was put in.
    pub location: Option<Location>,
}

/// A class of the project.
#[derive(Clone, Debug)]
pub struct ClassObject {
    /// Its definition.
    pub class: Arc<Class>,
    /// The text it stands in.
    pub document: DocumentId,
    /// The scope of its members.
    pub scope: Ref,
    /// Its bases.
    pub bases: Vec<Value>,
}

impl ClassObject {
    /// Where it is defined.
    pub fn location(&self) -> Location {
        Location {
            document: self.document,
            span: self.class.span,
        }
    }
}

/// An instance.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its class: one of the project, or something outside it.
    pub class: Value,
    /// Its attributes, as far as they are known.
    pub attributes: OrdMap<Name, Value>,
    /// Whether other attributes may have been set that are not seen here.
    pub open: bool,
    /// The spawn that made it, if it is a child process.
    pub spawn: Option<SpawnRef>,
}

/// A Rust process builder.
#[derive(Clone, Debug)]
pub struct Command {
    /// The qualified name of its type.
    pub api: Arc<str>,
    /// The program.
    pub program: Value,
    /// Where the program was given.
    pub program_location: Location,
    /// The arguments; `None` for any number of unknown ones.
    pub arguments: Vec<Option<Value>>,
    /// The creation flags.
    pub flags: Int,
    /// Where flags were last given.
    pub flags_location: Option<Location>,
    /// Session options.
    pub session: Vec<(crate::facts::SessionKind, Location)>,
    /// Standard input, output and error; `None` where not set.
    pub streams: [Option<crate::facts::Stream>; 3],
    /// Whether the child is killed when its handle is dropped.
    pub kill_on_drop: bool,
    /// Whether code that is not seen had a hand in it.
    pub open: bool,
}

impl Command {
    /// Code that is not seen gets its hands on it.
    pub fn give_away(&mut self) {
        self.open = true;
        self.flags = Int::unknown(Cause::of(Why::Library));
        self.arguments.push(None);
    }
}

/// An object shared between states until one of them changes it.
#[derive(Clone, Debug)]
pub struct Shared(Arc<Object>);

/// Two states share an object, or they do not: comparing the objects themselves is what a join is
/// for.
impl PartialEq for Shared {
    fn eq(&self, other: &Shared) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Shared {
    /// A new object.
    pub fn new(object: Object) -> Shared {
        Shared(Arc::new(object))
    }

    /// The object.
    pub fn get(&self) -> &Object {
        &self.0
    }

    /// The object, to be changed in one state.
    pub fn get_mut(&mut self) -> &mut Object {
        Arc::make_mut(&mut self.0)
    }
}

/// Objects by reference.
pub type Heap = OrdMap<Ref, Shared>;

/// What the world looks like at one point of a run.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Objects made or changed in this run.
    pub heap: Heap,
    /// Spawns that failed on a way that leads here, and why.
    pub failed: OrdSet<(SpawnRef, Failure)>,
}

/// Why a process was not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// Windows refused it with access denied.
    Refused,
    /// There is no such program.
    NotFound,
}

impl Failure {
    /// Each of them.
    pub const ALL: [Failure; 2] = [Failure::Refused, Failure::NotFound];
}

impl State {
    /// What is known when a run comes from either of two states. The world holds the objects that
    /// both started from.
    pub(super) fn join(self, other: State, base: &World) -> State {
        let mut heap = self.heap;
        let mut joined: Vec<(Ref, Shared)> = Vec::new();
        for difference in heap.diff(&other.heap) {
            // An object that one way did not touch is as it was before both.
            match difference {
                DiffItem::Update {
                    old: (reference, ours),
                    new: (_, theirs),
                } => joined.extend(join_shared(ours, theirs).map(|it| (*reference, it))),
                DiffItem::Remove(reference, ours) => {
                    let theirs = base.object(*reference);
                    let object = theirs.and_then(|theirs| join_shared(ours, theirs));
                    joined.extend(object.map(|it| (*reference, it)));
                }
                DiffItem::Add(reference, theirs) => {
                    let object = match base.object(*reference) {
                        Some(ours) => join_shared(ours, theirs).unwrap_or_else(|| ours.clone()),
                        None => theirs.clone(),
                    };
                    joined.push((*reference, object));
                }
            }
        }
        // Nobody else holds what is changed here, so that little of it is copied.
        drop(other.heap);
        for (reference, object) in joined {
            heap.insert(reference, object);
        }
        // Mostly nothing has failed, or the same on both ways.
        let failed = match self.failed == other.failed {
            true => self.failed,
            false => self.failed.union(other.failed),
        };
        State { heap, failed }
    }
}

fn join_shared(ours: &Shared, theirs: &Shared) -> Option<Shared> {
    join_objects(ours.get(), theirs.get()).map(Shared::new)
}

/// The join of two states of one object; `None` where the first already says it.
fn join_objects(ours: &Object, theirs: &Object) -> Option<Object> {
    match (ours, theirs) {
        (Object::Scope(a), Object::Scope(b)) => {
            if a.variables.ptr_eq(&b.variables) {
                return None;
            }
            // A name that one way did not bind cannot be read after that way without an error.
            let variables = join_maps(&a.variables, &b.variables, |value| value.clone());
            Some(Object::Scope(Scope {
                variables,
                ..a.clone()
            }))
        }
        (Object::Sequence(a), Object::Sequence(b)) => {
            if a == b {
                return None;
            }
            Some(Object::Sequence(a.join(b)))
        }
        (Object::Dict(a), Object::Dict(b)) => {
            if a.entries.ptr_eq(&b.entries) && a.open == b.open {
                return None;
            }
            let absent = |open: bool, entry: &Entry| Entry {
                value: if open {
                    Value::unknown(Why::Joined)
                } else {
                    entry.value.clone()
                },
                present: Truth::Unknown,
                location: entry.location,
            };
            let mut entries = OrdMap::new();
            for (key, ours) in &a.entries {
                let joined = match b.entries.get(key) {
                    Some(theirs) => Entry {
                        value: ours.value.join(&theirs.value),
                        present: ours.present.join(theirs.present),
                        location: ours.location.or(theirs.location),
                    },
                    None => absent(b.open, ours),
                };
                entries.insert(key.clone(), joined);
            }
            for (key, theirs) in &b.entries {
                if !a.entries.contains_key(key) {
                    entries.insert(key.clone(), absent(a.open, theirs));
                }
            }
            Some(Object::Dict(Dict {
                entries,
                open: a.open || b.open,
            }))
        }
        (Object::Instance(a), Object::Instance(b)) => {
            if a.attributes.ptr_eq(&b.attributes) {
                return None;
            }
            let attributes = join_maps(&a.attributes, &b.attributes, |_| {
                Value::unknown(Why::Joined)
            });
            Some(Object::Instance(Instance {
                attributes,
                open: a.open || b.open,
                ..a.clone()
            }))
        }
        (Object::Command(a), Object::Command(b)) => {
            let mut joined = a.clone();
            joined.program = a.program.join(&b.program);
            if a.arguments != b.arguments {
                let shared = a
                    .arguments
                    .iter()
                    .zip(&b.arguments)
                    .take_while(|(a, b)| a == b)
                    .count();
                joined.arguments.truncate(shared);
                joined.arguments.push(None);
            }
            joined.flags = a.flags.join(&b.flags);
            joined.flags_location = a.flags_location.or(b.flags_location);
            for option in &b.session {
                if !joined.session.contains(option) {
                    joined.session.push(*option);
                }
            }
            for (stream, other) in joined.streams.iter_mut().zip(b.streams) {
                if *stream != other {
                    *stream = Some(crate::facts::Stream::Unknown);
                }
            }
            joined.kill_on_drop |= b.kill_on_drop;
            joined.open |= b.open;
            Some(Object::Command(joined))
        }
        // A class does not change in a run.
        _ => None,
    }
}

fn join_maps(
    a: &OrdMap<Name, Value>,
    b: &OrdMap<Name, Value>,
    alone: impl Fn(&Value) -> Value,
) -> OrdMap<Name, Value> {
    let mut joined = a.clone();
    for difference in a.diff(b) {
        let (name, value) = match difference {
            DiffItem::Update {
                old: (name, ours),
                new: (_, theirs),
            } => (name, ours.join(theirs)),
            DiffItem::Add(name, only) | DiffItem::Remove(name, only) => (name, alone(only)),
        };
        joined.insert(name.clone(), value);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(variables: &[(&str, Value)]) -> Object {
        let variables = variables
            .iter()
            .map(|(name, value)| (Name::from(*name), value.clone()))
            .collect();
        Object::Scope(Scope {
            variables,
            ..Scope::default()
        })
    }

    fn joined(a: Object, b: Object) -> Object {
        join_objects(&a, &b).unwrap_or(a)
    }

    #[test]
    fn a_name_bound_on_one_way_keeps_its_value() {
        let Object::Scope(result) = joined(
            scope(&[("a", Value::None), ("b", Value::Bool(true))]),
            scope(&[("a", Value::None)]),
        ) else {
            panic!("a scope stays a scope")
        };
        assert_eq!(result.variables.get("b"), Some(&Value::Bool(true)));
    }

    #[test]
    fn a_key_set_on_one_way_may_be_absent() {
        let mut with = Dict::default();
        let entry = Entry {
            value: Value::Int(Int::known(8)),
            present: Truth::Yes,
            location: None,
        };
        with.entries
            .insert(Key::Text("creationflags".into()), entry);
        let Object::Dict(result) = joined(Object::Dict(with), Object::Dict(Dict::default())) else {
            panic!("a dict stays a dict")
        };
        let entry = &result.entries[&Key::Text("creationflags".into())];
        assert_eq!(
            (entry.present, &entry.value),
            (Truth::Unknown, &Value::Int(Int::known(8)))
        );
    }

    #[test]
    fn sequences_of_different_length_share_their_beginning() {
        let sequence = |words: &[&str]| {
            let items = words.iter().map(|word| Some(Value::text(word))).collect();
            Object::Sequence(Sequence {
                items,
                fixed: false,
            })
        };
        let Object::Sequence(result) = joined(
            sequence(&["npm", "ci"]),
            sequence(&["npm", "install", "-g"]),
        ) else {
            panic!("a sequence stays a sequence")
        };
        assert_eq!(result.items[0], Some(Value::text("npm")));
        assert_eq!(result.items.len(), 3);
        assert_eq!(result.items[2], None);
    }
}
