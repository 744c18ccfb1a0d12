//! Programs inside strings: run like a file, with findings at the places the string was written.

use std::borrow::Cow;

use super::{Machine, Text};
use crate::Comment;
use crate::embedded;
use crate::source::Language;
use crate::value::{DocumentId, Piece, Value};

impl Machine<'_> {
    /// Runs the program that a Python interpreter is given with `-c`.
    pub(crate) fn run_embedded(&mut self, program: &Value, arguments: &[Option<Value>]) {
        if !self.recording || !self.may_be_python(program) {
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
        let known = self.programs.contains(&code);
        // A program without an import does nothing that matters here, and may be no Python.
        if !written || known || !code.contains("import") || !self.relevant_start(&code) {
            return;
        }
        self.programs.insert(code.clone());
        let (block, comments, problems) = crate::python::program(&code);
        if !problems.is_empty() {
            return;
        }
        let document = DocumentId(self.texts.len() as u32);
        let file = self.texts[self.document().0 as usize].file;
        self.texts.push(Text {
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
            // A program may be met while a caller in another file is run, and more than once.
            if Some(place.file) == self.home && !self.embedded_comments.contains(&comment) {
                self.embedded_comments.push(comment);
            }
        }
        let steps = self.steps;
        let outer = self.hosts.len();
        let hosts: Vec<_> = self
            .frames
            .iter()
            .rev()
            .map(|frame| frame.definition)
            .collect();
        self.hosts.splice(0..0, hosts);
        self.run_program(document, &block);
        self.enter_definitions(document, &mut Vec::new());
        let inner = self.hosts.len() - outer;
        self.hosts.drain(..inner);
        self.steps = steps;
    }

    /// The comments of the programs that were run, at their places in the file.
    pub fn embedded_comments(&mut self) -> Vec<Comment> {
        std::mem::take(&mut self.embedded_comments)
    }
}
