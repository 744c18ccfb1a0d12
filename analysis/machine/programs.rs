//! Programs inside strings: run like a file, with findings at the places the string was written.

use std::borrow::Cow;

use super::{Machine, Text};
use crate::Comment;
use crate::embedded;
use crate::source::{FileId, Language};
use crate::value::{Piece, Value};

impl Machine<'_> {
    /// Runs the program that a Python interpreter is given with `-c`.
    pub(crate) fn run_embedded(&mut self, program: &Value, arguments: &[Option<Value>]) {
        if !self.may_be_python(program) {
            return;
        }
        let mut arguments = arguments.iter();
        let code = loop {
            match arguments.next() {
                Some(Some(Value::Text(flag))) if flag.known().as_deref() == Some("-c") => {
                    break arguments.next();
                }
                // Other flags may stand before it; behind an unknown number of arguments nothing
                // is known.
                Some(Some(_)) => {}
                _ => return,
            }
        };
        let Some(Some(code)) = code else { return };
        for alternative in code.alternatives() {
            if let Value::Text(text) = alternative {
                self.run_text(text);
            }
        }
    }

    /// Whether a program can be a Python interpreter.
    fn may_be_python(&self, program: &Value) -> bool {
        program.alternatives().iter().any(|program| match program {
            Value::Text(text) => text.known().is_none_or(|name| {
                let name = name
                    .rsplit(['/', '\\'])
                    .next()
                    .unwrap_or(&name)
                    .to_lowercase();
                name.starts_with("python") || name == "py" || name == "py.exe"
            }),
            Value::None => false,
            _ => true,
        })
    }

    /// Whether something that is asked for may stand in a program.
    fn asks_within(&self, code: &str) -> bool {
        self.session.demand.matches(code, Language::Python)
    }

    fn run_text(&mut self, text: &crate::value::Text) {
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
        let known = self.run.programs.contains(&code);
        // A program without an import does nothing that matters here, and may be no Python.
        if !written || known || !code.contains("import") || !self.asks_within(&code) {
            return;
        }
        self.run.programs.insert(code.clone());
        let (block, comments, problems) = crate::python::program(&code);
        if !problems.is_empty() {
            return;
        }
        let file = self.file();
        let document = self.session.add_program(Text {
            file,
            text: Cow::Owned(code),
            language: Language::Python,
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
