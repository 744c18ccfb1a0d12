//! Spelling: a call letter by letter, so that two calls that are spelled alike come to the same. Where a
//! text was written and why something is unknown belong to that, though they are no part of a value.

use super::references::is_of_others;
use super::{Arguments, Entry, Key};
use crate::code::Name;
use crate::doubt::Cause;
use crate::platform::Truth;
use crate::value::{Closure, Location, Namespace, Piece, Ref, Unit, Value};

/// What takes more letters is not kept: a text may have millions.
const MOST_LETTERS: usize = 1 << 12;

/// A call as far as it is spelled. What cannot be spelled gives `None`.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    letters: Vec<u8>,
    /// Whether a text was left out because it would have been too long.
    is_cut: bool,
}

impl Spelling {
    /// All of it, unless it is too long.
    pub fn letters(self) -> Option<Box<[u8]>> {
        let fits = !self.is_cut && self.letters.len() <= MOST_LETTERS;
        fits.then(|| self.letters.into())
    }

    fn number(&mut self, number: u32) {
        self.letters.extend(number.to_le_bytes());
    }

    /// A text with its length.
    fn text(&mut self, text: &str) {
        if self.letters.len() + text.len() > MOST_LETTERS {
            self.is_cut = true;
            return;
        }
        self.number(text.len() as u32);
        self.letters.extend(text.as_bytes());
    }

    /// The name of a variable or an attribute.
    pub fn name(&mut self, name: &Name) {
        self.text(name);
    }

    fn location(&mut self, location: Option<Location>) {
        self.letters.push(location.is_some().into());
        if let Some(Location { document, span }) = location {
            self.number(document.0);
            self.number(span.start);
            self.number(span.end);
        }
    }

    fn cause(&mut self, cause: Cause) {
        self.letters.push(cause.why as u8);
        self.location(cause.at);
    }

    /// Whether something is so.
    pub fn truth(&mut self, truth: Truth) {
        self.letters.push(truth as u8);
    }

    /// An object that is kept for everybody.
    pub fn reference(&mut self, reference: Ref) -> Option<()> {
        (reference.unit != Unit::RUN).then(|| {
            self.number(reference.unit.0);
            self.number(reference.index);
        })
    }

    /// A function with what it is bound to.
    pub fn closure(&mut self, closure: &Closure) -> Option<()> {
        is_of_others(closure).then_some(())?;
        self.location(Some(closure.location()));
        self.reference(closure.scope)?;
        self.letters.push(closure.binding as u8);
        self.letters.push(closure.class.is_some().into());
        closure
            .class
            .map_or(Some(()), |class| self.reference(class))
    }

    /// The arguments of a call, and where those by keyword are given if the function `keeps_places`.
    pub fn arguments(&mut self, arguments: &Arguments, keeps_places: bool) -> Option<()> {
        self.letters
            .extend([arguments.rest, arguments.open, arguments.bound].map(u8::from));
        self.number(arguments.positional.len() as u32);
        for argument in &arguments.positional {
            self.truth(argument.present);
            self.value(&argument.value)?;
        }
        for (name, argument) in &arguments.keywords {
            self.text(name);
            self.truth(argument.present);
            self.location(keeps_places.then_some(argument.location));
            self.value(&argument.value)?;
        }
        Some(())
    }

    /// A value.
    pub fn value(&mut self, value: &Value) -> Option<()> {
        let kind = match value {
            Value::Unknown(_) => 0,
            Value::None => 1,
            Value::Bool(false) => 2,
            Value::Bool(true) => 3,
            Value::Int(_) => 4,
            Value::Text(_) => 5,
            Value::Native(_) => 6,
            Value::Missing(_) => 7,
            Value::ResolvedProgram => 8,
            Value::Function(_) => 9,
            Value::Bound(_) => 10,
            Value::Object(_) => 11,
            Value::Module(_) => 12,
            Value::Lazy(..) => 13,
            Value::Failed => 14,
            Value::Default(_) => 15,
            Value::Skip => 16,
            Value::OneOf(_) => 17,
            Value::Constant(_) | Value::Outcome(_) => return None,
        };
        self.letters.push(kind);
        match value {
            Value::Unknown(cause) => self.cause(*cause),
            Value::Int(int) => self.text(&format!("{int:?}")),
            Value::Text(text) => {
                self.number(text.pieces.len() as u32);
                text.pieces.iter().for_each(|piece| self.piece(piece));
            }
            Value::Native(path) | Value::Missing(path) => self.text(path),
            Value::Function(closure) => self.closure(closure)?,
            Value::Bound(bound) => {
                self.value(&bound.callee)?;
                self.values(&bound.first)?;
                self.number(bound.keywords.len() as u32);
                for (name, value) in &bound.keywords {
                    self.text(name);
                    self.value(value)?;
                }
            }
            Value::Object(reference) => self.reference(*reference)?,
            Value::Module(file) => self.number(file.0),
            Value::Lazy(namespace, path) => {
                self.namespace(*namespace)?;
                self.names(path);
            }
            Value::Default(inner) => self.value(inner)?,
            Value::OneOf(values) => self.values(values)?,
            _ => {}
        }
        Some(())
    }

    /// The key of a dict.
    pub fn key(&mut self, key: &Key) {
        match key {
            Key::Text(text) => {
                self.letters.push(0);
                self.text(text);
            }
            Key::Int(int) => {
                self.letters.push(1);
                self.letters.extend(int.to_le_bytes());
            }
            Key::Bool(value) => self.letters.push(2 + u8::from(*value)),
            Key::None => self.letters.push(4),
        }
    }

    /// The entry of a dict.
    pub fn entry(&mut self, entry: &Entry) -> Option<()> {
        self.truth(entry.present);
        self.location(entry.location);
        self.value(&entry.value)
    }

    fn values(&mut self, values: &[Value]) -> Option<()> {
        self.number(values.len() as u32);
        values.iter().try_for_each(|value| self.value(value))
    }

    fn names(&mut self, names: &[Name]) {
        self.number(names.len() as u32);
        names.iter().for_each(|name| self.text(name));
    }

    fn namespace(&mut self, namespace: Namespace) -> Option<()> {
        self.letters
            .push(matches!(namespace, Namespace::Object(_)).into());
        match namespace {
            Namespace::File(file) => self.number(file.0),
            Namespace::Object(reference) => self.reference(reference)?,
        }
        Some(())
    }

    fn piece(&mut self, piece: &Piece) {
        match piece {
            Piece::Known {
                text,
                location,
                verbatim,
            } => {
                self.letters.push(1 + u8::from(*verbatim));
                self.text(text);
                self.location(*location);
            }
            Piece::Unknown(cause) => {
                self.letters.push(0);
                self.cause(*cause);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_not_spelled() {
        let spelled = |length: usize| {
            let mut spelling = Spelling::default();
            spelling.value(&Value::text(&"x".repeat(length)))?;
            spelling.letters()
        };
        assert!(spelled(MOST_LETTERS / 2).is_some());
        assert_eq!(spelled(MOST_LETTERS + 1), None);
        assert_ne!(spelled(1), spelled(2));
    }
}
