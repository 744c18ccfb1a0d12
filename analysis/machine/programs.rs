//! Programs inside strings, of any language: run like a file, with findings at the places the string
//! was written.

use std::borrow::Cow;

use super::{Machine, Text};
use crate::Comment;
use crate::dialect;
use crate::embedded;
use crate::source::{FileId, Language};
use crate::value::{Piece, Value};

impl Machine<'_> {
    /// Runs the program that a command is given as a text, if it is one.
    pub(crate) fn run_embedded(&mut self, program: &Value, arguments: &[Option<Value>]) {
        for language in dialect::ALL {
            let Some(code) = dialect::of(language).embedded(program, arguments) else {
                continue;
            };
            for alternative in code.alternatives() {
                if let Value::Text(text) = alternative {
                    self.run_text(text, language);
                }
            }
        }
    }

    fn run_text(&mut self, text: &crate::value::Text, language: Language) {
        let written = text.pieces.iter().any(|piece| {
            matches!(
                piece,
                Piece::Known {
                    location: Some(_),
                    ..
                }
            )
        });
        let (code, origin) = embedded::program(text);
        if !written || !self.session.demand.matches(&code, language) {
            return;
        }
        self.note_bound();
        if self.run.programs.contains(&code) {
            return;
        }
        self.run.programs.insert(code.clone());
        let Some((block, comments)) = dialect::of(language).program(&code) else {
            return;
        };
        let file = self.file();
        let document = self.session.add_program(Text {
            file,
            text: Cow::Owned(code),
            language,
            origin: Some(origin),
        });
        for comment in comments {
            let location = crate::value::Location {
                document,
                span: comment.span,
            };
            let place = self.place(location);
            let comment = Comment {
                span: place.span,
                ..comment
            };
            // A program may be met more than once.
            if !self.run.comments.contains(&(place.file, comment)) {
                self.run.comments.push((place.file, comment));
            }
        }
        let outer = self.run.hosts.len();
        let frames = self.run.frames.iter().rev();
        let hosts: Vec<_> = frames.map(|frame| frame.definition).collect();
        self.run.hosts.splice(0..0, hosts);
        let (hosts, programs) = (self.run.hosts.clone(), self.run.programs.clone());
        let mut trace = self.run.trace.take();
        let beginning = crate::value::Location {
            document,
            span: crate::source::Span::new(0, 0),
        };
        let module = self.evaluated_aside(beginning, |m| {
            m.run.hosts = hosts;
            m.run.programs = programs;
            m.run.trace = trace.take();
            let scope = m.run_program(document, &block);
            trace = m.run.trace.take();
            scope
        });
        self.run.trace = trace;
        self.run.record.append(module.record);
        self.run.comments.extend(module.comments);
        self.run.given_up.extend(module.given_up);
        self.enter_definitions(&module.functions, &mut Vec::new());
        let inner = self.run.hosts.len() - outer;
        self.run.hosts.drain(..inner);
    }

    /// The comments of the programs that were run, at their places in a file.
    pub fn embedded_comments(&self, file: FileId) -> Vec<Comment> {
        let comments = self.run.comments.iter();
        let own = comments.filter(|(of, _)| *of == file);
        own.map(|(_, comment)| *comment).collect()
    }
}
