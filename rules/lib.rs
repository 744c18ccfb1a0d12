//! The rules: each judges [`footgun_analysis::facts`], knows no syntax, and has a page beside it
//! that is its documentation, its `--explain` text and its test.

mod add_reader;
mod add_signal_handler;
mod af_unix;
mod bare_python;
mod bare_shim;
mod breakaway_no_fallback;
mod canonicalize_verbatim;
mod checkout_name;
mod chmod_secret;
mod csv_newline;
mod ctypes_last_error;
mod cures;
mod dead_except;
mod dead_no_window;
mod delete_open_file;
mod dev_null_path;
mod encodings;
mod environ_home;
mod event_loops;
mod exec_not_replace;
mod files;
mod fix;
mod git_symlink;
mod guard_mismatch;
mod hardcoded_tmp;
mod key_release;
mod lacking;
mod missing;
mod mp_fork;
mod mp_no_main_guard;
mod mp_unpicklable;
mod named_temp_reopen;
pub mod names;
mod no_breakaway;
mod open_encoding;
mod options;
mod path_in_url;
mod path_list_colon;
mod pid_probe;
mod platform_probe;
mod posix_only_api;
mod posix_only_dependency;
mod posix_only_detach;
mod posix_only_module;
mod posix_only_signal;
mod posix_only_spawn_option;
mod posix_program;
mod posix_programs;
mod posix_shell;
mod print_nonascii;
mod quoting;
mod rename_overwrite;
mod report;
pub mod requirements;
mod script_eol;
mod select_nonsocket;
mod selector_policy_subprocess;
mod send_signal;
mod shebang_exec;
mod shell_true_list;
pub mod shims;
mod shlex_quote;
mod shlex_windows;
mod sigterm_hard_kill;
mod still_active;
mod strftime_gnu;
mod stub_liveness;
mod subprocess_encoding;
mod symlink_unguarded;
pub mod unused_ignore;
mod variables;
mod venv_layout;
mod win_liveness;
mod wmic;
mod zoneinfo_tzdata;

pub use footgun_analysis::demand::Ask;
use footgun_analysis::facts::{Call, Evidence, Facts, Site, SpawnId};
use footgun_analysis::source::Place;

pub use fix::{Applicability, Fix, Helper};
pub use options::Options;
pub use report::Report;
pub use zoneinfo_tzdata::may_name_time_zones;

/// A rule: one `.rs`, one `.md`, and an entry in [`RULES`].
#[derive(Debug)]
pub struct Rule {
    /// The hazard in kebab-case: what users select, ignore and look up.
    pub id: &'static str,
    /// The hazards it belongs with, to select or ignore them together.
    pub group: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// How bad it is unless configured otherwise.
    pub severity: Severity,
    /// Whether it runs where nothing is selected. One that does not is selected by its id, its group or
    /// `ALL`, and asks the analysis for nothing otherwise.
    pub by_default: bool,
    /// The page: Markdown.
    pub page: &'static str,
    /// What it asks the analysis for.
    pub asks: fn(&Options) -> Vec<Ask>,
    /// How it judges what it gets.
    pub judge: Judge,
}

/// Why a rule leaves a fact alone, in a clause.
pub type Because = &'static str;

/// How a rule judges facts. The first two judge one of them; the loop over the facts, the places
/// and the silences are the same for all rules.
#[derive(Clone, Copy, Debug)]
pub enum Judge {
    /// A call that it asks for, with what else the file does.
    Call(fn(&Facts, &Call) -> Result<Report, Because>),
    /// The start of a process.
    Spawn(fn(&Facts, SpawnId) -> Result<Report, Because>),
    /// All facts at once.
    Facts(fn(&Facts, &Options, &mut Verdicts)),
    /// The names that git tracks: no file is evaluated for it.
    Names(names::Judge),
    /// What a project says it requires: no file is evaluated for it.
    Requirements(requirements::Judge),
    /// None: it judges comments.
    Comments,
}

impl Rule {
    /// Judges a file's facts.
    pub fn check(&self, facts: &Facts, options: &Options, verdicts: &mut Verdicts) {
        let mut tell = |site: &Site, judged| self.tell(verdicts, site, judged);
        match self.judge {
            // Most files have none, and the lists of what rules ask for are long.
            Judge::Call(_) if facts.calls.is_empty() => {}
            Judge::Call(judge) => {
                let asked = (self.asks)(options);
                let is_asked = |call: &&Call| asked.iter().any(|ask| ask.is_for(&call.site.api));
                for call in facts.calls.iter().filter(is_asked) {
                    tell(&call.site, judge(facts, call));
                }
            }
            Judge::Spawn(judge) => {
                for (id, spawn) in facts.spawns() {
                    tell(&spawn.site, judge(facts, id));
                }
            }
            Judge::Facts(judge) => judge(facts, options, verdicts),
            Judge::Names(_) | Judge::Requirements(_) | Judge::Comments => {}
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Goes wrong in some situations.
    Warning,
    /// Goes wrong.
    Error,
}

impl Severity {
    /// The severity in a word, as reports write it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What a rule found at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it points at.
    pub place: Place,
    /// The statement around it, where an ignore comment may stand.
    pub statement: Place,
    /// What happens on Windows, in one sentence.
    pub message: String,
    /// What to do, in one sentence.
    pub help: String,
    /// Why: where the values come from, which handler fails to help.
    pub evidence: Vec<Evidence>,
    /// What repairs it, if anything does.
    pub fix: Option<Fix>,
}

/// What rules make of facts.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What is not, call by call.
    pub silences: Vec<Silence>,
}

/// Why a rule finds nothing in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The id of the rule.
    pub rule: &'static str,
    /// The call.
    pub call: Place,
    /// What keeps the rule silent, in a clause.
    pub because: &'static str,
}

/// Every rule, in the order users see them.
pub const RULES: &[Rule] = &[
    pid_probe::RULE,
    bare_shim::RULE,
    posix_only_detach::RULE,
    no_breakaway::RULE,
    breakaway_no_fallback::RULE,
    posix_only_module::RULE,
    posix_only_api::RULE,
    posix_only_signal::RULE,
    posix_only_dependency::RULE,
    posix_only_spawn_option::RULE,
    guard_mismatch::RULE,
    dead_except::RULE,
    af_unix::RULE,
    add_signal_handler::RULE,
    add_reader::RULE,
    select_nonsocket::RULE,
    selector_policy_subprocess::RULE,
    mp_fork::RULE,
    strftime_gnu::RULE,
    zoneinfo_tzdata::RULE,
    posix_program::RULE,
    posix_shell::RULE,
    shebang_exec::RULE,
    bare_python::RULE,
    wmic::RULE,
    dead_no_window::RULE,
    send_signal::RULE,
    exec_not_replace::RULE,
    shlex_quote::RULE,
    shlex_windows::RULE,
    shell_true_list::RULE,
    ctypes_last_error::RULE,
    stub_liveness::RULE,
    win_liveness::RULE,
    still_active::RULE,
    mp_unpicklable::RULE,
    mp_no_main_guard::RULE,
    rename_overwrite::RULE,
    named_temp_reopen::RULE,
    delete_open_file::RULE,
    symlink_unguarded::RULE,
    environ_home::RULE,
    dev_null_path::RULE,
    hardcoded_tmp::RULE,
    path_list_colon::RULE,
    path_in_url::RULE,
    venv_layout::RULE,
    canonicalize_verbatim::RULE,
    key_release::RULE,
    open_encoding::RULE,
    subprocess_encoding::RULE,
    csv_newline::RULE,
    print_nonascii::RULE,
    chmod_secret::RULE,
    platform_probe::RULE,
    sigterm_hard_kill::RULE,
    checkout_name::RULE,
    script_eol::RULE,
    git_symlink::RULE,
    unused_ignore::RULE,
];

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
