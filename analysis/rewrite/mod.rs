//! Rewriting: turns what shall become of a call into edits of the text around it.
//!
//! Edits touch the call and the imports it needs, and nothing else: every other byte stays.

mod python;
mod rust;

use crate::project::Project;
use crate::source::{FileId, Language, Place, Span};

/// A function that rewritten code calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Function {
    /// The module it is imported from: `footgun_runtime`, `agent.processes`; in Rust a crate or path.
    pub module: String,
    /// Its name there.
    pub name: String,
}

/// What shall become of a call. `F` names the functions that are called instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<F> {
    /// Another function is called: `f(a, b, c=d)` becomes `g(a)`. In Rust `f` may be a method, whose
    /// receiver becomes the first argument; where arguments are given up, `f` returns 0 or an `Ok` for
    /// success, and what asks for that asks the `Result` of `g`: `f(a, b) == 0` becomes
    /// `g(a).is_ok()`.
    Call {
        /// The call.
        call: Place,
        /// What is called instead.
        function: F,
        /// Which positional arguments are kept.
        positional: Positional,
        /// Keyword arguments that are given up.
        without: Vec<&'static str>,
    },
    /// A command becomes what a function makes of it: `f(["npm"])` becomes `f(g(["npm"]))`.
    Command {
        /// The call.
        call: Place,
        /// How the call takes the command.
        argument: CommandArgument,
        /// What is made of it.
        function: F,
    },
    /// An expression becomes what a function makes of it: `a` becomes `g(a)`.
    Value {
        /// The expression, or the text within it if it is a literal.
        value: Place,
        /// What is made of it.
        function: F,
    },
    /// The program of a command becomes what a function finds for it, or stays: `f(["npm"])` becomes
    /// `f([g("npm") or "npm"])`. The module of the function is imported whole.
    Found {
        /// The call.
        call: Place,
        /// How the call takes the command.
        argument: CommandArgument,
        /// What finds the program.
        function: F,
    },
    /// A statement that raises becomes one that asks: `f(a, b)` becomes `if not g(a):` and a `raise`
    /// below it. Of the positional arguments the first is kept.
    Asked {
        /// The call, a statement by itself.
        call: Place,
        /// What is asked.
        function: F,
        /// What is raised where it says no.
        raised: OsError,
    },
    /// Keyword arguments come from a function: `f(a, b=c)` becomes `f(a, **g())`.
    Keywords {
        /// The call.
        call: Place,
        /// Keyword arguments that are given up.
        without: Vec<&'static str>,
        /// What gives the others.
        function: F,
    },
    /// A keyword argument is kept from Windows: `f(a, b=c)` becomes
    /// `f(a, b=None if sys.platform == "win32" else c)`.
    OffWindows {
        /// The call.
        call: Place,
        /// The keyword.
        keyword: &'static str,
        /// A creation flag of `subprocess` that is passed on Windows instead.
        flag: Option<&'static str>,
    },
}

/// An exception that Python makes of an error of the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OsError {
    /// Its class, a built-in one.
    pub class: &'static str,
    /// The name of its number in `errno`.
    pub number: &'static str,
    /// What it says.
    pub text: &'static str,
}

/// What becomes of the positional arguments of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Positional {
    /// They are kept.
    All,
    /// So many are kept, the others given up.
    First(usize),
    /// They are kept, and a call with more of them than this cannot be rewritten.
    AtMost(usize),
}

/// How a call takes the command it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandArgument {
    /// As one argument: a list, a string or a path.
    One {
        /// Its position.
        position: usize,
        /// Its keyword.
        keyword: &'static str,
        /// Whether it is, or may be, a single text, which a list has to take the place of.
        is_text: bool,
        /// Whether it is known to be a list.
        is_list: bool,
    },
    /// As the positional arguments from this one on.
    Rest(usize),
}

impl<F> Change<F> {
    /// Where the change is made.
    pub fn place(&self) -> Place {
        match self {
            Change::Call { call, .. }
            | Change::Command { call, .. }
            | Change::Found { call, .. }
            | Change::Asked { call, .. }
            | Change::Keywords { call, .. }
            | Change::OffWindows { call, .. } => *call,
            Change::Value { value, .. } => *value,
        }
    }

    /// The same change with other names for its functions; `None` where there is none.
    pub fn try_map<G>(&self, name: impl FnOnce(&F) -> Option<G>) -> Option<Change<G>> {
        Some(match self {
            Change::Call {
                call,
                function,
                positional,
                without,
            } => Change::Call {
                call: *call,
                function: name(function)?,
                positional: *positional,
                without: without.clone(),
            },
            Change::Command {
                call,
                argument,
                function,
            } => Change::Command {
                call: *call,
                argument: *argument,
                function: name(function)?,
            },
            Change::Found {
                call,
                argument,
                function,
            } => Change::Found {
                call: *call,
                argument: *argument,
                function: name(function)?,
            },
            Change::Asked {
                call,
                function,
                raised,
            } => Change::Asked {
                call: *call,
                function: name(function)?,
                raised: *raised,
            },
            Change::Value { value, function } => Change::Value {
                value: *value,
                function: name(function)?,
            },
            Change::Keywords {
                call,
                without,
                function,
            } => Change::Keywords {
                call: *call,
                without: without.clone(),
                function: name(function)?,
            },
            Change::OffWindows {
                call,
                keyword,
                flag,
            } => Change::OffWindows {
                call: *call,
                keyword,
                flag: *flag,
            },
        })
    }
}

/// A stretch of a file and what takes its place. An empty stretch is an insertion.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// What it is replaced with.
    pub content: String,
}

/// A stretch of the text of a file and what takes its place.
type Replacement = (Span, String);

/// Why a call cannot be rewritten, in a clause.
pub type Refusal = &'static str;

/// A file that was parsed once, for any number of changes.
pub struct Rewriter<'r> {
    file: FileId,
    code: Code<'r>,
}

enum Code<'r> {
    Python(python::Code<'r>),
    Rust(rust::Code<'r>),
}

/// Makes something of the rewriter of a file, perhaps on another thread.
///
/// # Errors
///
/// The file cannot be parsed.
pub fn in_file<T: Send>(
    project: &Project,
    file: FileId,
    work: impl FnOnce(&Rewriter) -> T + Send,
) -> Result<T, Refusal> {
    const BROKEN: Refusal = "its file cannot be parsed";
    let source = project.file(file);
    match source.language {
        Language::Python => {
            let tree = python::parsed(source).ok_or(BROKEN)?;
            let code = Code::Python(python::Code::of(project, source, &tree));
            Ok(work(&Rewriter { file, code }))
        }
        Language::Rust => crate::rust::parse::parse(&source.text, |parsed| {
            let code = Code::Rust(rust::Code::of(parsed));
            work(&Rewriter { file, code })
        })
        .map_err(|_| BROKEN),
    }
}

impl Rewriter<'_> {
    /// The edits that make a change in the file, in the order of their places, without overlaps.
    ///
    /// Each change is looked at alone. Two changes in one file may ask for the same import, which is
    /// then the same edit, to be made once; or for different ones at the same place. Then one has to
    /// wait until the other is made and the text is read again: it finds an import that it can extend.
    ///
    /// It is up to the caller that the place is a call of what the change is meant for: the text of a
    /// call does not tell what a name stands for.
    ///
    /// # Errors
    ///
    /// The call is written in a way that cannot be rewritten: its command is spread over
    /// `*arguments`, it stands in a macro, its place is not a call at all, or in another file.
    pub fn edits(&self, change: &Change<Function>) -> Result<Vec<Edit>, Refusal> {
        if change.place().file != self.file {
            return Err("it is a change of another file");
        }
        let replacements = match &self.code {
            Code::Python(code) => code.replacements(change),
            Code::Rust(code) => code.replacements(change),
        }?;
        let mut edits: Vec<Edit> = replacements
            .into_iter()
            .map(|(span, content)| Edit {
                place: Place {
                    file: self.file,
                    span,
                },
                content,
            })
            .collect();
        edits.sort();
        Ok(edits)
    }
}
