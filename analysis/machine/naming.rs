//! Naming: which programs a process may be started with, and where the code names them.

use super::Machine;
use super::record::SpawnRecord;
use crate::facts::Program;
use crate::source::{Place, Span};
use crate::value::{Location, Piece, Value};

impl Machine<'_> {
    /// The program that a value is.
    pub(super) fn program_fact(&self, value: &Value, record: &SpawnRecord) -> Option<Program> {
        let argument = record.program_location;
        Some(match value {
            // Nothing is started with it: the call raises before.
            Value::None => return None,
            Value::ResolvedProgram => Program::Resolved,
            Value::Default(value) => return self.program_fact(value, record),
            Value::Native(path) => {
                let dialect = self.dialect_of(record.met.call.document);
                let program = dialect.program_of(path);
                program.unwrap_or_else(|| Program::Unknown(self.doubt_of(value, argument)))
            }
            Value::Text(text) => {
                let argument = self.place(argument);
                let literal = text.location();
                let origin = literal.map_or(argument, |literal| self.place(literal));
                let near = literal.is_some_and(|literal| {
                    let mut around = record.met.definitions.iter();
                    around.any(|around| contains(around, literal))
                });
                let place = if near { origin } else { argument };
                match text.known() {
                    Some(name) => {
                        let given = literal.filter(|_| near);
                        let given = given.map_or(place, |literal| self.given(literal, record));
                        Program::Named {
                            name,
                            place,
                            given,
                            origin,
                        }
                    }
                    None if names_a_file(text) => Program::Ending {
                        end: text.end(),
                        place,
                        origin,
                    },
                    None => Program::Unknown(self.doubt_of(value, record.program_location)),
                }
            }
            _ => Program::Unknown(self.doubt_of(value, argument)),
        })
    }

    /// Where a literal that stands in one of the functions in progress is passed on from there: the
    /// literal itself, if that is written in a call, or else the argument of the spawn or the call of
    /// a function that leads to it.
    fn given(&self, literal: Location, record: &SpawnRecord) -> Place {
        let met = &record.met;
        let mut calls = met.through.iter().chain([&met.call]);
        if calls.any(|call| contains(call, literal)) {
            return self.place(literal);
        }
        let text = &self.text(literal.document).text;
        let around = |around: &Location| {
            contains(around, literal) && around.span != Span::new(0, text.len())
        };
        let depth = met.definitions.iter().position(around);
        let call = depth.and_then(|depth| met.through.get(depth.checked_sub(1)?));
        self.place(*call.unwrap_or(&record.program_location))
    }
}

fn contains(around: &Location, literal: Location) -> bool {
    around.document == literal.document && around.span.contains(literal.span)
}

/// Whether a partly known program names a file by extension or directory.
fn names_a_file(text: &crate::value::Text) -> bool {
    let suffix = text.suffix();
    let dotted = suffix
        .rfind('.')
        .is_some_and(|dot| (1..=4).contains(&(suffix.len() - dot - 1)));
    dotted
        || text.pieces.iter().any(|piece| match piece {
            Piece::Known { text, .. } => text.contains(['/', '\\']),
            Piece::Unknown(_) => false,
        })
}
