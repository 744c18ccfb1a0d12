//! What an expression is on the platform: known, partly known or unknown, with where it comes from.

use std::sync::Arc;

use crate::code::{Constant, Function, Name};
use crate::doubt::{Cause, Why};
pub use crate::int::Int;
use crate::int::MOST_ALTERNATIVES;
pub use crate::location::{DocumentId, Location};
use crate::platform::{Truth, names_windows};
use crate::source::{FileId, Span};

/// An object on the heap. Lists, dicts, instances and process builders are shared by reference, so
/// that building them in steps and handing them on is seen everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref {
    /// Where it was made.
    pub unit: Unit,
    /// Which of the objects made there it is.
    pub index: u32,
}

/// What makes objects: a module body or a constructor that is evaluated for everybody, or the run at
/// hand, whose objects are gone with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit(pub u32);

impl Unit {
    /// The run at hand.
    pub const RUN: Unit = Unit(u32::MAX);
}

/// A start of a process that was met, by the unit it was met in and its index in the record of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpawnRef {
    /// The unit.
    pub unit: Unit,
    /// The index.
    pub index: u32,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Anything.
    Unknown(Cause),
    /// `None`, `()`.
    None,
    /// A truth value.
    Bool(bool),
    /// An integer, by its bits.
    Int(Int),
    /// A string.
    Text(Text),
    /// Something outside the project, by its qualified name: a module, function, class or constant.
    Native(Arc<str>),
    /// Something that does not exist on the platform, by its qualified name.
    Missing(Arc<str>),
    /// The path of a program found by a search that knows PATHEXT.
    ResolvedProgram,
    /// A function of the project.
    Function(Arc<Closure>),
    /// A function or method with its first arguments given: a bound method, `functools.partial`.
    Bound(Arc<Bound>),
    /// An object on the heap.
    Object(Ref),
    /// A module of the project, evaluated when a name of it is used.
    Module(FileId),
    /// A path below a module of the project, evaluated when it is used.
    Lazy(Namespace, Arc<[Name]>),
    /// A Rust constant that is evaluated when it is used.
    Constant(Arc<Pending>),
    /// Rust: `Ok` of the inner value, or the failure of one of these spawns.
    Outcome(Arc<Outcome>),
    /// Rust: an `Err`, whatever the error. A success stands for itself.
    Failed,
    /// What a setting or environment variable is unless somebody sets it: good for saying what
    /// happens by default, not for saying what cannot happen.
    Default(Arc<Value>),
    /// A marker that tells a test runner not to run on this platform.
    Skip,
    /// One of these, none of them unknown.
    OneOf(Arc<[Value]>),
}

/// Where the path to a name begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// A module that is a file.
    File(FileId),
    /// A Rust module whose items are being run, one between braces, or a type.
    Object(Ref),
}

/// A Rust constant and where it stands.
#[derive(Clone, Debug)]
pub struct Pending {
    /// What it is called and made of.
    pub constant: Arc<Constant>,
    /// The item.
    pub location: Location,
    /// The scope it is bound in.
    pub scope: Ref,
    /// The scope that its names are read in.
    pub names: Ref,
}

impl PartialEq for Pending {
    fn eq(&self, other: &Pending) -> bool {
        (self.scope, self.location) == (other.scope, other.location)
    }
}

/// A string, as a sequence of pieces, each with the place it was written at.
#[derive(Clone, Debug)]
pub struct Text {
    /// The pieces.
    pub pieces: Arc<[Piece]>,
}

/// Two texts are equal if they spell the same, wherever they were written.
impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        if Arc::ptr_eq(&self.pieces, &other.pieces) {
            return true;
        }
        match (&*self.pieces, &*other.pieces) {
            ([Piece::Known { text: a, .. }], [Piece::Known { text: b, .. }]) => a == b,
            _ => match (self.known(), other.known()) {
                (Some(a), Some(b)) => a == b,
                (None, None) => self.pieces == other.pieces,
                _ => false,
            },
        }
    }
}

/// Texts of more pieces are unknown: adding a text to itself doubles it each time.
pub const MOST_PIECES: usize = 1 << 14;

/// Texts of more bytes are unknown.
const MOST_BYTES: usize = 1 << 22;

/// A part of a [`Text`].
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Known characters.
    Known {
        /// The characters.
        text: Arc<str>,
        /// Where they were written, if in the project.
        location: Option<Location>,
        /// Whether they stand there byte for byte.
        verbatim: bool,
    },
    /// Unknown characters, perhaps none.
    Unknown(Cause),
}

impl Text {
    /// A text of these pieces; unknown if it is longer than the bounds.
    pub fn new(mut pieces: Vec<Piece>) -> Text {
        let length = |piece: &Piece| match piece {
            Piece::Known { text, .. } => text.len(),
            Piece::Unknown(_) => 0,
        };
        if pieces.len() > MOST_PIECES || pieces.iter().map(length).sum::<usize>() > MOST_BYTES {
            pieces = vec![Piece::unknown(Why::Budget)];
        }
        Text {
            pieces: pieces.into(),
        }
    }

    /// A known text that was not written in the project.
    pub fn plain(text: &str) -> Text {
        Text::new(vec![Piece::Known {
            text: text.into(),
            location: None,
            verbatim: false,
        }])
    }

    /// The whole text, if all of it is known.
    pub fn known(&self) -> Option<String> {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Known { text, .. } => Some(&**text),
                Piece::Unknown(_) => None,
            })
            .collect()
    }

    /// The first place it was written at.
    pub fn location(&self) -> Option<Location> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Known { location, .. } => *location,
            Piece::Unknown(_) => None,
        })
    }

    /// The known characters it ends with.
    pub fn suffix(&self) -> &str {
        match self.pieces.last() {
            Some(Piece::Known { text, .. }) => text,
            _ => "",
        }
    }

    /// All known characters at its end.
    pub fn end(&self) -> String {
        let known = self.pieces.iter().rev().map_while(|piece| match piece {
            Piece::Known { text, .. } => Some(&**text),
            Piece::Unknown(_) => None,
        });
        let mut known: Vec<&str> = known.collect();
        known.reverse();
        known.concat()
    }

    /// This text followed by another.
    pub fn concat(&self, other: &Text) -> Text {
        Text::new(
            self.pieces
                .iter()
                .chain(other.pieces.iter())
                .cloned()
                .collect(),
        )
    }

    /// The text piece by piece in lines, each with its line ending.
    pub fn lines(&self) -> Vec<Vec<Piece>> {
        let mut lines = vec![Vec::new()];
        for piece in self.pieces.iter() {
            let Piece::Known { text, .. } = piece else {
                lines.last_mut().expect("never empty").push(piece.clone());
                continue;
            };
            let mut start = 0;
            for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
                lines
                    .last_mut()
                    .expect("never empty")
                    .push(piece.slice(start, end + 1));
                lines.push(Vec::new());
                start = end + 1;
            }
            if start < text.len() {
                lines
                    .last_mut()
                    .expect("never empty")
                    .push(piece.slice(start, text.len()));
            }
        }
        lines
    }
}

impl Piece {
    /// Unknown characters, of which no more is to be told than where they stand.
    pub const UNKNOWN: Piece = Piece::unknown(Why::Expression);

    /// Unknown characters, for this cause.
    pub const fn unknown(why: Why) -> Piece {
        Piece::Unknown(Cause::of(why))
    }

    /// The bytes `start..end` of a known piece. A piece that is not verbatim keeps its whole place.
    pub fn slice(&self, start: usize, end: usize) -> Piece {
        let Piece::Known {
            text,
            location,
            verbatim,
        } = self
        else {
            return self.clone();
        };
        let location = location.map(|at| {
            if *verbatim {
                let base = at.span.start as usize;
                Location {
                    span: Span::new(base + start, base + end),
                    ..at
                }
            } else {
                at
            }
        });
        Piece::Known {
            text: text[start..end].into(),
            location,
            verbatim: *verbatim,
        }
    }
}

/// A function of the project with the scope it was defined in.
#[derive(Clone, Debug)]
pub struct Closure {
    /// Its code.
    pub function: Arc<Function>,
    /// The text it stands in.
    pub document: DocumentId,
    /// The scope around it.
    pub scope: Ref,
    /// The class it is a member of.
    pub class: Option<Ref>,
    /// How it is reached through an instance.
    pub binding: Binding,
}

impl Closure {
    /// Where it is defined.
    pub fn location(&self) -> Location {
        Location {
            document: self.document,
            span: self.function.span,
        }
    }
}

impl PartialEq for Closure {
    fn eq(&self, other: &Closure) -> bool {
        Arc::ptr_eq(&self.function, &other.function) && self.scope == other.scope
    }
}

/// What becomes of a member function when it is read from an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The instance becomes the first argument.
    Instance,
    /// Nothing (`staticmethod`).
    Static,
    /// The class becomes the first argument (`classmethod`).
    Class,
    /// It is called at once (`property`).
    Property,
}

/// A callable with its first arguments given.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// What is called: a function of the project, or a native's qualified method name.
    pub callee: Value,
    /// The first positional arguments.
    pub first: Vec<Value>,
    /// Keyword arguments.
    pub keywords: Vec<(Name, Value)>,
}

/// The value of a Rust call that can fail to start a process.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The spawns whose failure it may carry.
    pub spawns: Vec<SpawnRef>,
    /// The value where none failed.
    pub ok: Value,
}

impl Value {
    /// Anything, of which no more is to be told than where it stands.
    pub const UNKNOWN: Value = Value::unknown(Why::Expression);

    /// Anything, for this cause.
    pub const fn unknown(why: Why) -> Value {
        Value::Unknown(Cause::of(why))
    }

    /// The same value; of one that is unknown for a cause that begins here, with the place.
    pub(crate) fn beginning_at(self, location: Location) -> Value {
        match self {
            Value::Unknown(Cause { why, at: None }) => Value::Unknown(Cause {
                why,
                at: Some(location),
            }),
            value => value,
        }
    }

    /// The same value; of one that is unknown for no cause that anybody told, this is the cause.
    pub(crate) fn because(self, why: Why) -> Value {
        match self {
            Value::Unknown(Cause {
                why: Why::Expression,
                at: None,
            }) => Value::unknown(why),
            value => value,
        }
    }

    /// The same value; of one that is unknown for no cause that anybody told, this is unknown too and
    /// is the cause.
    pub(crate) fn following(self, other: &Value) -> Value {
        match (&self, other) {
            (
                Value::Unknown(Cause {
                    why: Why::Expression,
                    at: None,
                }),
                Value::Unknown(_),
            ) => other.clone(),
            _ => self,
        }
    }

    /// Why it, or a part of it, is unknown, as far as that is told.
    pub(crate) fn cause(&self) -> Option<Cause> {
        match self {
            Value::Unknown(cause) => Some(*cause),
            Value::Int(int) => int.cause(),
            Value::Text(text) => text.pieces.iter().find_map(|piece| match piece {
                Piece::Unknown(cause) => Some(*cause),
                Piece::Known { .. } => None,
            }),
            _ => None,
        }
    }

    /// The bits of an integer; unknown ones of anything else.
    pub(crate) fn bits(&self) -> Int {
        match self {
            Value::Int(int) => int.clone(),
            value => Int::unknown(value.cause().unwrap_or(Cause::of(Why::Expression))),
        }
    }

    /// Whether nothing is known of it.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown(_))
    }

    /// A known text.
    pub fn text(text: &str) -> Value {
        Value::Text(Text::plain(text))
    }

    /// Something outside the project.
    pub fn native(path: impl AsRef<str>) -> Value {
        Value::Native(path.as_ref().into())
    }

    /// The possibilities of a value.
    pub fn alternatives(&self) -> &[Value] {
        match self {
            Value::OneOf(values) => values,
            value => std::slice::from_ref(value),
        }
    }

    /// One of several values; unknown if one of them is, or if there are none or too many.
    pub fn one_of(values: impl IntoIterator<Item = Value>) -> Value {
        let mut kept: Vec<Value> = Vec::new();
        for value in values {
            for alternative in value.alternatives() {
                if alternative.is_unknown() {
                    return alternative.clone();
                }
                if !kept.contains(alternative) {
                    kept.push(alternative.clone());
                }
                if kept.len() > MOST_ALTERNATIVES {
                    return Value::unknown(Why::Joined);
                }
            }
        }
        match kept.len() {
            0 => Value::UNKNOWN,
            1 => kept.remove(0),
            _ => Value::OneOf(kept.into()),
        }
    }

    /// What is known when it is either of the two.
    pub fn join(&self, other: &Value) -> Value {
        match (self, other) {
            (a, b) if a == b => match (a, b) {
                (Value::Int(a), Value::Int(b)) => Value::Int(a.join(b)),
                _ => a.clone(),
            },
            (Value::Int(a), Value::Int(b)) => Value::Int(a.join(b)),
            (Value::Outcome(a), Value::Outcome(b)) => {
                let mut spawns = a.spawns.clone();
                spawns.extend(b.spawns.iter().filter(|spawn| !a.spawns.contains(spawn)));
                Value::Outcome(Arc::new(Outcome {
                    spawns,
                    ok: a.ok.join(&b.ok),
                }))
            }
            // Which of the two an `Err` comes from is not told.
            (Value::Outcome(_), Value::Failed) | (Value::Failed, Value::Outcome(_)) => {
                Value::unknown(Why::Joined)
            }
            _ => Value::one_of([self.clone(), other.clone()]),
        }
    }

    /// Rust: what is left of an `Option` or `Result` where it is neither `None` nor `Err`; unknown if
    /// nothing is.
    pub(crate) fn successful(&self) -> Value {
        let fails = |value: &Value| matches!(value, Value::None | Value::Failed);
        let kept = self.alternatives().iter().filter(|value| !fails(value));
        Value::one_of(kept.cloned())
    }

    /// The `None` and `Err` among the possibilities.
    pub(crate) fn failing(&self) -> Vec<Value> {
        let fails = |value: &&Value| matches!(value, Value::None | Value::Failed);
        self.alternatives().iter().filter(fails).cloned().collect()
    }

    /// What a value is that code out of sight may give, and where nobody does is a name of Windows:
    /// somebody may say which platform it is, for tests; who runs the program does not.
    pub(crate) fn unless_told(self, default: &Value) -> Value {
        match self {
            Value::Unknown(_) if default.names_windows() => default.clone(),
            value => value,
        }
    }

    /// Whether it is a name of Windows.
    pub(crate) fn names_windows(&self) -> bool {
        self.as_text().is_some_and(|text| names_windows(&text))
    }

    /// The whole text, if this is one and all of it is known.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Value::Text(text) => text.known(),
            _ => None,
        }
    }

    /// The qualified name, if this is something outside the project.
    pub fn as_native(&self) -> Option<&str> {
        match self {
            Value::Native(path) => Some(path),
            _ => None,
        }
    }

    /// The keyword argument or option value read as a condition that does not need the heap.
    pub fn truth(&self) -> Truth {
        match self {
            Value::None | Value::Missing(_) => Truth::No,
            Value::Bool(value) => (*value).into(),
            Value::Int(int) => !int.is_zero(),
            Value::Text(text) => match text.known() {
                Some(text) => (!text.is_empty()).into(),
                None if text.pieces.iter().any(
                    |piece| matches!(piece, Piece::Known { text, .. } if !text.is_empty()),
                ) =>
                {
                    Truth::Yes
                }
                None => Truth::Unknown,
            },
            Value::Function(_) | Value::Module(_) | Value::ResolvedProgram => Truth::Yes,
            Value::OneOf(values) => {
                let mut truths = values.iter().map(Value::truth);
                let first = truths.next().unwrap_or(Truth::Unknown);
                truths.fold(first, Truth::join)
            }
            Value::Unknown(_)
            | Value::Default(_)
            | Value::Bound(_)
            | Value::Native(_)
            | Value::Object(_)
            | Value::Lazy(..)
            | Value::Constant(_)
            | Value::Failed
            | Value::Outcome(_)
            | Value::Skip => Truth::Unknown,
        }
    }
}
