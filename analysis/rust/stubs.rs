//! Functions that give a constant on Windows where POSIX asks by signal 0 whether a process lives:
//! found in what is compiled for each of the two.

use crate::code::{Block, ExprKind, Function, ModuleBody, Name, StmtKind};
use crate::facts::{Facts, SignalValue, Site, Stub};
use crate::machine::{Machine, Session};
use crate::platform::{Platform, Truth};
use crate::project::Project;
use crate::source::{FileId, Language, Place, Span};

/// Fills in [`Facts::stubs`].
pub(crate) fn add_stubs(facts: &mut Facts, session: &Session, file: FileId) {
    let project = session.project();
    let constants = functions(project, file, Platform::Windows);
    let constants: Vec<&Found> = constants.iter().filter(|it| it.answer.is_some()).collect();
    if constants.is_empty() || project.rust_modules(Platform::Linux).compiled(file) == Truth::No {
        return;
    }
    let on_posix = functions(project, file, Platform::Linux);
    let twin = |constant: &Found| {
        let same = |other: &&Found| other.path == constant.path && other.span != constant.span;
        on_posix.iter().find(same).map(|twin| twin.span)
    };
    let pairs: Vec<(&Found, Span)> = constants
        .into_iter()
        .filter_map(|constant| Some((constant, twin(constant)?)))
        .collect();
    if pairs.is_empty() {
        return;
    }
    let mut machine = Machine::new(session, Platform::Linux);
    machine.run_file(file);
    let signals = machine.facts().signals;
    for (constant, twin) in pairs {
        let probes = |signal: &&crate::facts::Signal| {
            let call = signal.site.call;
            matches!(signal.signal, SignalValue::Zero(_))
                && call.file == file
                && twin.contains(call.span)
        };
        if let (Some((answer, span)), Some(probe)) = (constant.answer, signals.iter().find(probes))
        {
            let place = |span| Place { file, span };
            facts.stubs.push(Stub {
                site: Site {
                    call: place(span),
                    statement: place(span),
                    function: place(constant.span),
                    through: Vec::new(),
                    language: Language::Rust,
                    embedded: false,
                    api: constant
                        .path
                        .last()
                        .map(|name| name.to_string())
                        .unwrap_or_default(),
                },
                answer,
                asks: probe.site.call,
            });
        }
    }
}

/// A function as a platform compiles it.
struct Found {
    /// The modules and types around it, and its name.
    path: Vec<Name>,
    /// The whole definition.
    span: Span,
    /// The constant that it gives, with where that is written, if it does nothing else.
    answer: Option<(bool, Span)>,
}

fn functions(project: &Project, file: FileId, platform: Platform) -> Vec<Found> {
    let mut found = Vec::new();
    if let Some(items) = project.rust(file, platform) {
        collect(items, project.text(file), &[], &mut found);
    }
    found
}

fn collect(block: &Block, text: &str, around: &[Name], found: &mut Vec<Found>) {
    let below = |name: &str| [around, &[Name::from(name)]].concat();
    for stmt in block {
        match &stmt.kind {
            StmtKind::Function(function) => {
                if let Some(name) = &function.name {
                    found.push(Found {
                        path: below(name),
                        span: function.span,
                        answer: answer(function),
                    });
                }
            }
            StmtKind::Module {
                name,
                body: ModuleBody::Inline(block),
            } => collect(block, text, &below(name), found),
            StmtKind::Impl { target, body, .. } => {
                collect(body, text, &below(&text[target.span.range()]), found);
            }
            _ => {}
        }
    }
}

/// The constant that a function gives whatever it is given.
fn answer(function: &Function) -> Option<(bool, Span)> {
    let [stmt] = function.code.get()?.body.as_slice() else {
        return None;
    };
    let (StmtKind::Tail(value) | StmtKind::Return(Some(value))) = &stmt.kind else {
        return None;
    };
    match value.kind {
        ExprKind::Bool(answer) => Some((answer, value.span)),
        _ => None,
    }
}
