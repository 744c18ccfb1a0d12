//! Programs inside strings: the text a string evaluates to, and where each byte of it was written.

use crate::source::Span;
use crate::value::{Location, Piece, Text};

/// What stands for an unknown part of a program: a name that no program binds.
pub const PLACEHOLDER: &str = "__unknown_text__";

/// Where the bytes of a program were written.
#[derive(Debug)]
pub struct Origin {
    segments: Vec<Segment>,
}

#[derive(Debug)]
struct Segment {
    /// The bytes of the program.
    span: Span,
    /// Where they were written, if in the project.
    location: Option<Location>,
    /// Whether they stand there byte for byte.
    verbatim: bool,
}

/// The program that a string spells, with a placeholder for each unknown part.
pub fn program(text: &Text) -> (String, Origin) {
    let mut program = String::new();
    let mut segments = Vec::new();
    for piece in text.pieces.iter() {
        let start = program.len();
        let (location, verbatim) = match piece {
            Piece::Known {
                text,
                location,
                verbatim,
            } => {
                program.push_str(text);
                (*location, *verbatim)
            }
            Piece::Unknown(_) => {
                program.push_str(PLACEHOLDER);
                (None, false)
            }
        };
        segments.push(Segment {
            span: Span::new(start, program.len()),
            location,
            verbatim,
        });
    }
    (program, Origin { segments })
}

impl Origin {
    /// Where a span of the program was written: from the place of its first byte to that of its
    /// last, as far as both stand in one text.
    pub fn host(&self, span: Span) -> Option<Location> {
        let first = self.byte(span.start)?;
        let last = self.byte(span.end.max(span.start + 1) - 1).unwrap_or(first);
        if first.document != last.document || last.span.end < first.span.start {
            return Some(first);
        }
        let span = Span {
            start: first.span.start,
            end: last.span.end,
        };
        Some(Location { span, ..first })
    }

    /// Where the byte at `offset` was written; for one that was not written in the project, the
    /// nearest before it that was, or else the nearest after.
    fn byte(&self, offset: u32) -> Option<Location> {
        let index = self
            .segments
            .partition_point(|segment| segment.span.end <= offset);
        if let Some(segment) = self.segments.get(index)
            && let Some(location) = segment.location
        {
            if !segment.verbatim {
                return Some(location);
            }
            let start = location.span.start + offset - segment.span.start;
            return Some(Location {
                span: Span {
                    start,
                    end: start + 1,
                },
                ..location
            });
        }
        let written = |segment: &Segment| segment.location;
        let before = self.segments[..index.min(self.segments.len())].iter().rev();
        before.clone().find_map(written).or_else(|| {
            self.segments[index.min(self.segments.len())..]
                .iter()
                .find_map(written)
        })
    }
}
