//! The vocabulary between analysis and rules: what a file does when Windows runs it.
//!
//! A fact is recorded only where Windows can get to it. A value that is not known says so, and a
//! rule that needs it stays silent.

use std::collections::BTreeSet;

use crate::doubt::Doubt;
use crate::platform::Truth;
use crate::rewrite::CommandArgument;
use crate::source::{Language, Place};

/// Everything recorded in one file and in the programs inside its strings.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Every evaluated start of a process. The same call appears once for each way in which it was
    /// reached with other values.
    pub spawns: Vec<Spawn>,
    /// Every evaluated call that sends a signal to a process.
    pub signals: Vec<Signal>,
    /// Every evaluated call that a rule asks for by name.
    pub calls: Vec<Call>,
    /// Every use of a name that Windows lacks.
    pub uses: Vec<Use>,
    /// Every Rust function that gives a constant on Windows, and on POSIX asks by signal 0.
    pub stubs: Vec<Stub>,
    /// The names that rules look for beside calls and that code of the project has.
    pub mentioned: BTreeSet<&'static str>,
    /// The modules that rules ask for and that the file imports at its left margin.
    pub imported: BTreeSet<&'static str>,
}

impl Facts {
    /// Where each fact stands.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        let spawns = self.spawns.iter().map(|spawn| &spawn.site);
        let signals = self.signals.iter().map(|signal| &signal.site);
        let calls = self.calls.iter().map(|call| &call.site);
        let uses = self.uses.iter().map(|used| &used.site);
        let stubs = self.stubs.iter().map(|stub| &stub.site);
        spawns.chain(signals).chain(calls).chain(uses).chain(stubs)
    }

    /// What is unknown in each fact and may decide whether something is wrong with it: of a process what
    /// is started and with which flags, which signal is sent, what a call is given.
    pub fn doubts(&self) -> impl Iterator<Item = (&Site, Doubt)> {
        let spawns = self.spawns.iter().flat_map(|spawn| {
            let programs = spawn.programs.iter().filter_map(|program| match program {
                Program::Unknown(doubt) => Some(*doubt),
                _ => None,
            });
            let doubts = programs.chain(spawn.flags.unknown);
            doubts.map(|doubt| (&spawn.site, doubt))
        });
        let signals = self
            .signals
            .iter()
            .filter_map(|signal| match signal.signal {
                SignalValue::Unknown(doubt) => Some((&signal.site, doubt)),
                _ => None,
            });
        let calls = self.calls.iter().flat_map(|call| {
            call.values().filter_map(|value| match value {
                Known::Unknown(doubt) => Some((&call.site, *doubt)),
                _ => None,
            })
        });
        spawns.chain(signals).chain(calls)
    }

    /// Every spawn with its id.
    pub fn spawns(&self) -> impl Iterator<Item = (SpawnId, &Spawn)> {
        let spawns = self.spawns.iter().enumerate();
        spawns.map(|(index, spawn)| (SpawnId(index as u32), spawn))
    }

    /// The spawn with this id.
    pub fn spawn(&self, id: SpawnId) -> &Spawn {
        &self.spawns[id.0 as usize]
    }
}

/// A spawn's index in [`Facts::spawns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpawnId(pub u32);

/// Where a fact stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The call.
    pub call: Place,
    /// The statement around it: of a compound statement the head.
    pub statement: Place,
    /// The function that the call stands in, or the whole text.
    pub function: Place,
    /// The project's own calls through which it was reached, innermost first; empty where the
    /// function around the call was entered directly.
    pub through: Vec<Place>,
    /// The language the call is written in.
    pub language: Language,
    /// Whether the call stands in a program inside a string.
    pub embedded: bool,
    /// The qualified name of what is called: `subprocess.Popen`, `std::process::Command::spawn`.
    pub api: String,
}

impl Site {
    /// Whether it is the same call, come to in the same way.
    pub fn is_same(&self, other: &Site) -> bool {
        (self.call, &self.through) == (other.call, &other.through)
    }
}

/// A piece of a value's history: what stands there, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it tells, as a label in a report.
    pub message: String,
    /// Where.
    pub place: Place,
}

/// A process is started.
#[derive(Clone, Debug)]
pub struct Spawn {
    /// Where.
    pub site: Site,
    /// What starts it.
    pub starter: Starter,
    /// What is started: each possibility that evaluation left open.
    pub programs: Vec<Program>,
    /// The arguments after the program, as far as they are known; `None` for one that is not.
    pub arguments: Vec<Option<String>>,
    /// Things outside the project among them, by qualified name.
    pub names: Vec<String>,
    /// How the call takes the command, if it takes it whole, so that it can be rewritten.
    pub command: Option<CommandArgument>,
    /// Whether a command interpreter runs it (`shell=True`), which also finds `.cmd` files.
    pub shell: Truth,
    /// The Windows creation flags.
    pub flags: CreationFlags,
    /// The POSIX-only options that this call is given when Windows runs it.
    pub session: Vec<SessionOption>,
    /// Rust: the POSIX-only options that the same spawn has where it is compiled for POSIX, behind
    /// the `cfg` that the language demands. Not looked for where the child is waited for or stopped.
    pub posix_session: Vec<SessionOption>,
    /// Python: whether POSIX runs the same call with a list through the command interpreter, too.
    pub posix_shell_list: bool,
    /// The options that this call is given for sure and that Windows refuses.
    pub refused: Vec<RefusedOption>,
    /// Standard input.
    pub stdin: Stream,
    /// Standard output.
    pub stdout: Stream,
    /// Standard error.
    pub stderr: Stream,
    /// What becomes of the child.
    pub fate: Fate,
    /// The handlers that an error of this call meets, innermost first.
    pub handlers: Vec<Handler>,
    /// The spawns that run after this one was refused with access denied: its retries.
    pub retries: Vec<SpawnId>,
    /// The spawns that run after the program of this one was not found: what is tried in its place.
    pub alternatives: Vec<SpawnId>,
    /// Where the code around it signals or queries a whole process group (`os.killpg`,
    /// `os.getpgid`): the sign that a session option is there for killing, not for outliving.
    pub group_use: Option<Place>,
    /// Whether Windows comes to none of that code: what it does there it does another way.
    pub leaves_groups: bool,
    /// Whether the child is put into a job object.
    pub in_job: bool,
}

impl Spawn {
    /// Whether the program talks to its parent through a pipe.
    pub fn piped(&self) -> bool {
        [self.stdin, self.stdout, self.stderr].contains(&Stream::Pipe)
    }

    /// Whether all three standard streams are redirected to something that outlives the parent.
    pub fn streams_redirected(&self) -> bool {
        [self.stdin, self.stdout, self.stderr]
            .iter()
            .all(|stream| matches!(stream, Stream::Null | Stream::File))
    }
}

/// What starts a process: it decides which file a bare name stands for and how a failure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starter {
    /// The library of the language, or one that calls it: a bare name is completed with `.exe`, and
    /// a failure is an `OSError` or `io::Error`.
    Library,
    /// `CreateProcess` itself: the same search, and a failure is an error code.
    Win32,
    /// A library (plumbum, portable-pty) that looks for a file of just that name before it tries the
    /// extensions of `PATHEXT`, and starts the path it finds.
    ExactFirst,
}

/// What is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// Not known.
    Unknown(Doubt),
    /// A path found by a search that knows PATHEXT (`shutil.which`, the `which` crate), or one that
    /// names a file by extension or directory as far as is known.
    Resolved,
    /// The program that starts it: `current_exe()` of Rust.
    Own,
    /// A path of which only the end is known.
    Ending {
        /// The known characters at its end.
        end: String,
        /// Where a report about it belongs, as of one that is known.
        place: Place,
        /// The literal that the end comes from.
        origin: Place,
    },
    /// A known name or path.
    Named {
        /// The text handed to the operating system.
        name: String,
        /// Where a report about it belongs: the literal, where it stands in the function that
        /// spawns or in a call that led there; else the argument of the spawn.
        place: Place,
        /// Where it belongs beside others that the same call may start: there, if that is in a call;
        /// else what passes it on, the argument of the spawn or a call that led there.
        given: Place,
        /// The literal it comes from.
        origin: Place,
    },
}

/// Windows process creation flags, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CreationFlags {
    /// Bits known to be set.
    pub ones: u32,
    /// Bits known to be clear.
    pub zeros: u32,
    /// The argument or call that passes them; `None` where none are passed.
    pub place: Option<Place>,
    /// Where set bits come from.
    pub origins: Vec<FlagOrigin>,
    /// Of flags that are chosen between known ones all of these; empty where they are not known.
    pub choices: Vec<u32>,
    /// Why bits are unknown, where some are.
    pub unknown: Option<Doubt>,
}

/// Where some bits of a flags value come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlagOrigin {
    /// The bits.
    pub bits: u32,
    /// The expression that brings them in.
    pub place: Place,
}

/// Creation flags by name. Values from the Windows SDK, `winbase.h`.
pub mod flag {
    /// The new process has no console.
    pub const DETACHED_PROCESS: u32 = 0x0000_0008;
    /// The new process has a console of its own.
    pub const CREATE_NEW_CONSOLE: u32 = 0x0000_0010;
    /// The new process is the root of a process group, and CTRL+C is disabled in it.
    pub const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    /// The new process is not part of its parent's job.
    pub const CREATE_BREAKAWAY_FROM_JOB: u32 = 0x0100_0000;
    /// A console program gets a console without a window.
    pub const CREATE_NO_WINDOW: u32 = 0x0800_0000;

    /// Every creation flag by name, in the order of their values (winbase.h).
    const FLAGS: [(u32, &str); 20] = [
        (0x0000_0001, "DEBUG_PROCESS"),
        (0x0000_0002, "DEBUG_ONLY_THIS_PROCESS"),
        (0x0000_0004, "CREATE_SUSPENDED"),
        (DETACHED_PROCESS, "DETACHED_PROCESS"),
        (CREATE_NEW_CONSOLE, "CREATE_NEW_CONSOLE"),
        (0x0000_0020, "NORMAL_PRIORITY_CLASS"),
        (0x0000_0040, "IDLE_PRIORITY_CLASS"),
        (0x0000_0080, "HIGH_PRIORITY_CLASS"),
        (0x0000_0100, "REALTIME_PRIORITY_CLASS"),
        (CREATE_NEW_PROCESS_GROUP, "CREATE_NEW_PROCESS_GROUP"),
        (0x0000_0400, "CREATE_UNICODE_ENVIRONMENT"),
        (0x0000_4000, "BELOW_NORMAL_PRIORITY_CLASS"),
        (0x0000_8000, "ABOVE_NORMAL_PRIORITY_CLASS"),
        (0x0001_0000, "INHERIT_PARENT_AFFINITY"),
        (0x0004_0000, "CREATE_PROTECTED_PROCESS"),
        (0x0008_0000, "EXTENDED_STARTUPINFO_PRESENT"),
        (CREATE_BREAKAWAY_FROM_JOB, "CREATE_BREAKAWAY_FROM_JOB"),
        (0x0200_0000, "CREATE_PRESERVE_CODE_AUTHZ_LEVEL"),
        (0x0400_0000, "CREATE_DEFAULT_ERROR_MODE"),
        (CREATE_NO_WINDOW, "CREATE_NO_WINDOW"),
    ];

    /// The value of the flag with this name.
    pub fn value(name: &str) -> Option<u32> {
        FLAGS
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(value, _)| *value)
    }

    /// The names of the flags in a value, in the order of theirs, with `0x…` for unnamed bits.
    pub fn names(flags: u32) -> String {
        let mut rest = flags;
        let mut parts = Vec::new();
        for (bit, name) in FLAGS {
            if flags & bit != 0 {
                parts.push(name.to_owned());
                rest &= !bit;
            }
        }
        if rest != 0 || parts.is_empty() {
            parts.push(format!("{rest:#x}"));
        }
        parts.join(" | ")
    }
}

impl CreationFlags {
    /// Whether all of `bits` are set.
    pub fn has(&self, bits: u32) -> Truth {
        if self.ones & bits == bits {
            Truth::Yes
        } else if self.zeros & bits != 0 {
            Truth::No
        } else {
            Truth::Unknown
        }
    }

    /// Whether something holds for the flags, for each of several that are chosen between: `ones` and
    /// `zeros` say less of those.
    pub fn each(&self, holds: impl Fn(&CreationFlags) -> bool) -> bool {
        let known = |&ones: &u32| CreationFlags {
            ones,
            zeros: !ones,
            ..CreationFlags::default()
        };
        match self.choices.is_empty() {
            true => holds(self),
            false => self.choices.iter().map(known).all(|flags| holds(&flags)),
        }
    }

    /// Whether every bit is known.
    pub fn known(&self) -> bool {
        self.ones | self.zeros == u32::MAX
    }
}

/// An option that gives a child a session or process group of its own on POSIX, and does nothing or
/// fails on Windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionOption {
    /// Which.
    pub kind: SessionKind,
    /// Where it is given.
    pub place: Place,
}

/// The kinds of [`SessionOption`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// `start_new_session=True`.
    NewSession,
    /// `process_group=`, Rust `process_group(…)`.
    ProcessGroup,
    /// `preexec_fn=os.setsid`, or a function that does nothing else; Rust `pre_exec` that calls
    /// `setsid`, which no repair takes away.
    Setsid,
    /// `preexec_fn=os.setpgrp`, or a function that does nothing else; Rust `pre_exec` that calls
    /// `setpgid`.
    Setpgid,
    /// `preexec_fn=f` of a function that calls one of these and does something else too.
    Mixed,
}

/// An option with which no process is started on Windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedOption {
    /// What it is called.
    pub name: &'static str,
    /// Where it is given.
    pub place: Place,
    /// The definition of the function that is given, where it is one of the project: POSIX runs it in
    /// the child.
    pub hook: Option<Place>,
}

/// A standard stream of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// The parent's.
    Inherited,
    /// The null device.
    Null,
    /// A pipe to the parent.
    Pipe,
    /// A file or other handle.
    File,
    /// Not known.
    Unknown,
}

/// What becomes of a child, as far as the code that starts it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its parent waits for it or reads its output to the end.
    Waited,
    /// Its parent keeps it and stops it, or it is bound to its parent's life in another way.
    Managed,
    /// Its parent keeps or hands on the handle, and nothing is seen to be done with it.
    Kept,
    /// Nobody holds it.
    Abandoned,
    /// Not known: the code passes on a handle of the system, or the child may inherit a pipe.
    Unknown,
}

/// Code that an error of a call reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The head of the `except` clause; in Rust the arm or closure.
    pub place: Place,
    /// What it names: `OSError`, `(OSError, ValueError)`, `Err`; empty for a bare `except`.
    pub catches: String,
    /// The qualified names of the classes it names, `None` for one that is not known. A handler for
    /// whatever comes names none.
    pub classes: Vec<Option<String>>,
    /// Whether it catches the access-denied error of a refused process creation.
    pub catches_refusal: Truth,
    /// Whether what it has caught leaves it again, whatever it does before.
    pub raises_again: bool,
}

impl Handler {
    /// Whether it may catch an exception, by the qualified name of its class.
    pub fn may_catch(&self, exception: &str) -> bool {
        let catches = |class: &Option<String>| match class {
            Some(class) => crate::python::catches(class, exception) != Truth::No,
            None => true,
        };
        self.classes.is_empty() || self.classes.iter().any(catches)
    }

    /// Whether it names classes, and only such as a handler for `class` would catch too.
    pub fn is_within(&self, class: &str) -> bool {
        let is_within = |named: &Option<String>| {
            let named = named.as_deref();
            named.is_some_and(|named| crate::python::catches(class, named) == Truth::Yes)
        };
        !self.classes.is_empty() && self.classes.iter().all(is_within)
    }

    /// Whether it names a class, by its qualified name.
    pub fn names(&self, class: &str) -> bool {
        let mut named = self.classes.iter().flatten();
        named.any(|named| named == class)
    }
}

/// A call of something outside the project, with what it is given.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where. Of a method of something that is not known the name stands for the API (`strftime`).
    pub site: Site,
    /// What a method is called on.
    pub receiver: Option<Argument>,
    /// The arguments by position, without the receiver of a method.
    pub positional: Vec<Argument>,
    /// The arguments by keyword.
    pub keywords: Vec<(String, Argument)>,
    /// Whether it may be given more than that, by what it unpacks (`**options`).
    pub is_open: bool,
    /// Of a method of something that is not known: that, as it is written.
    pub spelled_receiver: Option<String>,
    /// The handlers that an error of this call meets, innermost first.
    pub handlers: Vec<Handler>,
    /// The conditions of the `if` statements around it in its function, where they hold, innermost last.
    pub holding: Vec<Place>,
    /// What the `with` statements around it in its function enter, innermost last.
    pub entered: Vec<Place>,
    /// Whether importing the module leads to it, and not only running the module by itself.
    pub by_import: bool,
}

impl Call {
    /// Whether it calls a method of an event loop of `asyncio`, or of what is called one.
    pub fn is_of_loop(&self) -> bool {
        let receiver = self.spelled_receiver.as_deref().unwrap_or_default();
        let name = receiver.rsplit('.').next().unwrap_or_default();
        let name = name.trim_end_matches("()");
        self.site.api.starts_with("asyncio.AbstractEventLoop.")
            || name == "loop"
            || name.ends_with("_loop")
    }

    /// Every argument, with its keyword if it has one.
    pub fn arguments(&self) -> impl Iterator<Item = (Option<&str>, &Argument)> {
        let positional = self.positional.iter().map(|argument| (None, argument));
        let keywords = self.keywords.iter();
        positional.chain(keywords.map(|(name, argument)| (Some(name.as_str()), argument)))
    }

    /// What it may be given, whatever for.
    pub fn values(&self) -> impl Iterator<Item = &Known> {
        self.arguments().flat_map(|(_, argument)| &argument.values)
    }

    /// The argument for a parameter, by keyword or position.
    pub fn argument(&self, position: usize, keyword: &str) -> Option<&Argument> {
        let by_keyword = self.keywords.iter().find(|(name, _)| name == keyword);
        match by_keyword {
            Some((_, argument)) => Some(argument),
            None => self.positional.get(position),
        }
    }
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Each possibility that evaluation left open.
    pub values: Vec<Known>,
    /// The variable or attribute that it is, as it is written: `path`, `self.path`.
    pub variable: Option<String>,
    /// Of a variable that is given by position, the statement in its function that last gave it a value: none
    /// does so for a parameter.
    pub bound: Option<Place>,
    /// Where it is given.
    pub place: Place,
}

impl Argument {
    /// The possibilities that are whole texts, with where they are written.
    pub fn texts(&self) -> impl Iterator<Item = (String, Option<Place>)> {
        self.values.iter().filter_map(|value| match value {
            Known::Text { origin, .. } => Some((value.text()?, *origin)),
            _ => None,
        })
    }
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing that a rule can use.
    Unknown(Doubt),
    /// `None`.
    None,
    /// A truth value.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text: its known characters, piece by piece, with where the first of them are written.
    Text {
        /// The pieces; `None` stands for any number of unknown characters.
        pieces: Vec<Option<String>>,
        /// Where it is written, if that is known.
        origin: Option<Place>,
    },
    /// Something outside the project, by its qualified name; of what an object has, behind its class.
    Name(String),
    /// A lambda, or a function that is defined in one that runs, and where: nothing finds it by name.
    Local(Place),
    /// A list or tuple; of lists within it nothing is told.
    List(Vec<Known>),
}

impl Known {
    /// Whether it is the thing outside the project of this qualified name.
    pub fn is_named(&self, name: &str) -> bool {
        matches!(self, Known::Name(known) if known == name)
    }

    /// The whole text, if all of it is known.
    pub fn text(&self) -> Option<String> {
        match self {
            Known::Text { pieces, .. } => pieces.iter().cloned().collect(),
            _ => None,
        }
    }
}

/// A name is used that Windows lacks.
#[derive(Clone, Debug)]
pub struct Use {
    /// Where, with the qualified name.
    pub site: Site,
    /// How.
    pub how: How,
    /// Whether that is when the module around is imported, and not when a function is called.
    pub at_import: bool,
    /// The exception that Windows raises.
    pub raises: String,
    /// The handler that is sure to catch it.
    pub caught: Option<Handler>,
    /// The handlers around it, innermost first.
    pub handlers: Vec<Handler>,
    /// The names that the statements around ask for by `hasattr` or `getattr`, and `__name__` where they ask
    /// for that, innermost last.
    pub asked: Vec<Asked>,
    /// Whether the function around does nothing but make a session or a process group, as one does
    /// that a spawn is given for POSIX.
    pub in_hook: bool,
    /// Of a module: a package that gives it to Windows.
    pub supplied_by: Option<String>,
}

/// A name that code asks for before it uses it, and that Windows has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The name.
    pub api: String,
    /// The call that asks.
    pub place: Place,
}

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A module is imported, when the module around is: nothing of that can be used then.
    ImportedByModule,
    /// A module is imported by a function.
    ImportedByFunction,
    /// A member of a module is imported from it.
    MemberImported,
    /// A member is read, and not called.
    Read,
    /// A member is called.
    Called,
}

/// A Rust function that gives a constant on Windows, and on POSIX asks by signal 0 whether a process
/// lives.
#[derive(Clone, Debug)]
pub struct Stub {
    /// Where: the constant, with the name of the function.
    pub site: Site,
    /// The constant.
    pub answer: bool,
    /// The question on POSIX.
    pub asks: Place,
}

impl How {
    /// Whether it is a member of a module that is used, and not the module.
    pub fn is_of_member(self) -> bool {
        match self {
            How::MemberImported | How::Read | How::Called => true,
            How::ImportedByModule | How::ImportedByFunction => false,
        }
    }
}

/// A signal is sent to a process.
#[derive(Clone, Debug)]
pub struct Signal {
    /// Where.
    pub site: Site,
    /// Which signal.
    pub signal: SignalValue,
    /// The argument that gives the signal.
    pub argument: Place,
    /// The handlers that an error of this call meets, innermost first.
    pub handlers: Vec<Handler>,
}

/// Which signal is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalValue {
    /// 0: the POSIX probe. Carries the place the zero comes from, where that is not the call.
    Zero(Option<Place>),
    /// Another one.
    Other,
    /// An event of the console by name: `CTRL_C_EVENT`, `CTRL_BREAK_EVENT`.
    ConsoleEvent,
    /// Not known.
    Unknown(Doubt),
}
