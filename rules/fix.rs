//! What repairs a finding, in terms of the runtime's functions.

use footgun_analysis::facts::Site;
use footgun_analysis::rewrite::Change;

/// What repairs a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Who may apply it.
    pub applicability: Applicability,
    /// What it does, in a few words.
    pub message: &'static str,
    /// Whether it is safe only where no other platform gets to the call, and unsafe elsewhere.
    pub windows_only: bool,
    /// The changes, applied together or not at all.
    pub changes: Vec<Change<Helper>>,
    /// What is done instead where the project has no function for these changes.
    pub otherwise: Option<Box<Fix>>,
}

impl Fix {
    /// What repairs another call too that has a part in the same mistake, if anything does; of a call
    /// that is reached in another way, the first way decides.
    pub(crate) fn with(mut self, site: &Site, other: Option<Fix>) -> Option<Fix> {
        let place = |change: &Change<Helper>| change.place();
        if self.changes.iter().map(place).any(|at| at == site.call) {
            return Some(self);
        }
        let other = other?;
        self.applicability = self.applicability.min(other.applicability);
        self.windows_only |= other.windows_only;
        for change in other.changes {
            if !self.changes.contains(&change) {
                self.changes.push(change);
            }
        }
        self.otherwise = match (self.otherwise, other.otherwise) {
            (Some(one), Some(another)) => one.with(site, Some(*another)).map(Box::new),
            _ => None,
        };
        Some(self)
    }
}

/// Whether a fix may be applied without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// It is shown and never applied.
    Display,
    /// It may change what the program does on POSIX, or relies on something not known.
    Unsafe,
    /// Off Windows the program makes the same calls and raises the same exceptions.
    Safe,
}

impl Applicability {
    /// The word for it, as in ruff's JSON.
    pub fn word(self) -> &'static str {
        match self {
            Applicability::Display => "display",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        }
    }
}

/// A function that repaired code calls: one of the runtime, unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Helper {
    /// `os.kill(pid, 0)`, also on Windows.
    ProbePid,
    /// The project's own: whether there is a process of a number, as a bool.
    PidExists,
    /// The standard library's `shutil.which`: the file that a program's name stands for, or `None`.
    Which,
    /// The standard library's `os.replace`.
    Replace,
    /// An argument vector whose program is a file that Windows can start.
    WinArgv,
    /// `subprocess.Popen` for a child that outlives its parent.
    PopenDetached,
    /// Keyword arguments for a child that leads a process group.
    NewGroupKwargs,
    /// Rust: the file that a program's name stands for.
    Resolve,
    /// Rust: `Command::spawn` for a child that outlives its parent.
    SpawnDetached,
    /// Rust: the same for tokio's `Command`, where the runtime has that.
    TokioSpawnDetached,
}

impl Helper {
    /// The name of the function where it comes from.
    pub fn name(self) -> &'static str {
        match self {
            Helper::ProbePid => "probe_pid",
            Helper::PidExists => "pid_exists",
            Helper::Which => "which",
            Helper::Replace => "replace",
            Helper::WinArgv => "win_argv",
            Helper::PopenDetached => "popen_detached",
            Helper::NewGroupKwargs => "new_group_kwargs",
            Helper::Resolve => "resolve",
            Helper::SpawnDetached | Helper::TokioSpawnDetached => "spawn_detached",
        }
    }
}
