//! Evaluates each file as Windows would run it, and records what happens as [`facts`].
//!
//! The flow: a [`source::Source`] of a [`project::Project`] is lowered to [`code`], the machine runs
//! that with the platform set to Windows, and what it meets becomes [`facts::Facts`]. Nothing here
//! knows a rule.

pub mod assumptions;
mod code;
pub mod demand;
pub mod dependencies;
mod dialect;
pub mod doubt;
mod embedded;
pub mod explain;
pub mod facts;
mod int;
mod location;
mod machine;
mod parts;
pub mod platform;
pub mod project;
mod python;
pub mod rewrite;
mod rust;
pub mod source;
mod value;
mod win32;
mod words;

use std::collections::BTreeSet;

use dependencies::Dependencies;
use facts::Facts;
pub use machine::{Evaluated, Session};

use machine::Machine;
use platform::{Platform, Truth};
use project::Project;
use source::{FileId, Language, Span};

/// A file after evaluation.
#[derive(Debug, Default)]
pub struct Document {
    /// What it does on Windows.
    pub facts: Facts,
    /// Its comments, also those inside embedded programs, in the order of the file.
    pub comments: Vec<Comment>,
    /// What could not be parsed.
    pub problems: Vec<Problem>,
    /// The functions that take too many steps to evaluate, whose facts are missing; the beginning of
    /// the file for its statements.
    pub given_up: Vec<Span>,
    /// What all this rests on.
    pub rests_on: Dependencies,
}

/// A comment, with its marker (`#`, `//`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its bytes in the file.
    pub span: Span,
    /// Whether nothing but white space stands before it on its line.
    pub alone: bool,
}

/// A part of a file that does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What the parser says.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Whether the rest of the file was still analysed.
    pub partial: bool,
}

/// The comments of a text, in order.
pub fn comments(text: &str, language: Language) -> Vec<Comment> {
    match language {
        Language::Python => python::comments(text),
        Language::Rust => rust::comments(text),
    }
}

/// Evaluates one file of a session's project as Windows would run it.
///
/// Evaluation recurses as deep as the code it runs: give the calling thread a generous stack (the
/// command gives its threads 64 MiB).
pub fn analyse(session: &Session, file: FileId) -> Document {
    let (document, rests_on) = dependencies::noted(|| evaluated(session, file));
    Document {
        rests_on,
        ..document
    }
}

fn evaluated(session: &Session, file: FileId) -> Document {
    let project = session.project();
    let source = project.file(file);
    let demand = session.demand();
    let text = project.text(file);
    let whole = Span::new(0, text.len());
    if !demand.matches(text, source.language)
        || !demand.matches_code(text, whole, project.prose(file), source.language)
    {
        return Document::default();
    }
    let mut comments = project.comments(file);
    let mut machine = Machine::new(session, Platform::Windows);
    let compiled = is_compiled(project, file, Platform::Windows);
    let problems = match compiled {
        true => {
            let entered = machine.run_file(file);
            let functions = entered.iter().map(|closure| &*closure.function);
            let mut problems = project.not_understood(file, functions);
            problems.extend_from_slice(project.problems(file));
            problems
        }
        false => Vec::new(),
    };
    comments.extend(machine.embedded_comments(file));
    comments.sort_by_key(|comment| comment.span);
    let given_up = machine.given_up(file);
    let mut facts = machine.facts();
    let called = facts.calls.iter().map(|call| call.site.api.as_str());
    let called: BTreeSet<&str> = called.collect();
    let mut sought: BTreeSet<&'static str> = called
        .into_iter()
        .flat_map(|api| demand.mentions_beside(api))
        .collect();
    sought.retain(|name| !project.mentioning(name).is_empty());
    facts.mentioned = sought;
    match source.language {
        Language::Python => {
            python::add_posix_shells(&mut facts, session, file);
            if facts.sites().next().is_some() {
                let imports = project.imports();
                let modules = demand.imports().iter().copied();
                let imported = modules.filter(|module| imports.are_plain(file, module));
                facts.imported = imported.collect();
            }
        }
        Language::Rust => {
            rust::add_posix_sessions(&mut facts, session, file);
            if demand.asks_for_stubs() && compiled {
                rust::add_stubs(&mut facts, session, file);
            }
        }
    }
    Document {
        facts,
        comments,
        problems,
        given_up,
        rests_on: Dependencies::default(),
    }
}

/// Whether a platform sees a file at all: a Rust file may belong to another.
fn is_compiled(project: &Project, file: FileId, platform: Platform) -> bool {
    match project.file(file).language {
        Language::Python => true,
        Language::Rust => project.rust_modules(platform).compiled(file) != Truth::No,
    }
}
