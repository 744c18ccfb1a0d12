//! `bare-shim`: starting by bare name what Windows installs as a `.cmd` or `.bat` file.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use footgun_analysis::facts::{Evidence, Facts, Program, Spawn, SpawnId, Starter};
use footgun_analysis::platform::Truth;
use footgun_analysis::rewrite::{Change, CommandArgument};
use footgun_analysis::source::{Language, Place};

use crate::lacking::{not_a_program, not_found};
use crate::report::{Report, label};
use crate::shims::{Shim, When};
use crate::{Applicability, Ask, Fix, Helper, Judge, Options, Rule, Severity, Verdicts};

pub const RULE: Rule = Rule {
    id: "bare-shim",
    group: "processes",
    title: "A `.cmd` or `.bat` program started by its bare name",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("bare_shim.md"),
    asks,
    judge: Judge::Facts(check),
};

/// A shim may be named where a function of the project is called that starts it.
fn asks(options: &Options) -> Vec<Ask> {
    let names = options.shims().map(|shim| shim.name().to_owned());
    [Ask::Processes]
        .into_iter()
        .chain(names.map(Ask::Literal))
        .collect()
}

fn check(facts: &Facts, options: &Options, verdicts: &mut Verdicts) {
    let befores = befores(facts);
    let mut namings = Vec::new();
    let passed_on = passed_on(facts);
    for (index, spawn) in facts.spawns.iter().enumerate() {
        if let Some(because) = searches_more(spawn) {
            RULE.silent(verdicts, &spawn.site, because);
            continue;
        }
        let id = SpawnId(index as u32);
        for program in &spawn.programs {
            if let Some(report) = in_bin_folder(program, spawn) {
                RULE.report(verdicts, &spawn.site, report);
                continue;
            }
            let Program::Named {
                name,
                place,
                given,
                origin,
            } = program
            else {
                continue;
            };
            if spawn.site.through.is_empty() && passed_on.contains(&(spawn.site.call, *origin)) {
                let because = "the same is started by a caller, where it is reported";
                RULE.silent(verdicts, &spawn.site, because);
                continue;
            }
            let Some(shim) = options.shim(name) else {
                let because = "no installer is known to make the program a `.cmd` or `.bat` file";
                RULE.silent(verdicts, &spawn.site, because);
                continue;
            };
            if spawn.starter == Starter::ExactFirst && !shim.has_script() {
                let because =
                    "the library is not known to start another file than the command file";
                RULE.silent(verdicts, &spawn.site, because);
                continue;
            }
            if tried_in_turn(facts, id, &befores, name) {
                let because = "what finds the file is tried as well";
                RULE.silent(verdicts, &spawn.site, because);
                continue;
            }
            namings.push(Naming {
                spawn,
                shim,
                name,
                place: *place,
                given: *given,
                origin: *origin,
            });
        }
    }
    gather(&mut namings);
    for (first, others) in together(&namings) {
        let Naming {
            spawn,
            shim,
            name,
            place,
            origin,
            ..
        } = *first;
        let mut evidence = Vec::new();
        if origin != place {
            evidence.push(label(origin, format!("`{name}` comes from here")));
        }
        for other in others {
            let origin = other.origin;
            evidence.push(label(origin, format!("or `{}` from here", other.name)));
        }
        evidence.extend(swallowed(spawn));
        let report = Report::new(
            place,
            message(shim, name, spawn),
            help(name, spawn, options),
        )
        .because(evidence)
        .cured(fix(spawn, place));
        RULE.report(verdicts, &spawn.site, report);
    }
}

/// A shim by whose bare name something is started.
struct Naming<'f> {
    spawn: &'f Spawn,
    shim: &'f Shim,
    name: &'f str,
    place: Place,
    given: Place,
    origin: Place,
}

impl<'f> Naming<'f> {
    /// The call, with the calls that led there.
    fn start(&self) -> (Place, &'f [Place]) {
        (self.spawn.site.call, &self.spawn.site.through)
    }
}

/// What is named in several places belongs to the call that they are given to.
fn gather(namings: &mut [Naming]) {
    let mut first: HashMap<_, Place> = HashMap::new();
    let mut several = HashSet::new();
    for naming in namings.iter() {
        if *first.entry(naming.start()).or_insert(naming.place) != naming.place {
            several.insert(naming.start());
        }
    }
    for naming in namings {
        if several.contains(&naming.start()) {
            naming.place = naming.given;
        }
    }
}

/// The namings of a call in one place, the first of them apart.
fn together<'n, 'f>(namings: &'n [Naming<'f>]) -> Vec<(&'n Naming<'f>, Vec<&'n Naming<'f>>)> {
    let mut found: Vec<(&Naming, Vec<&Naming>)> = Vec::new();
    let mut known: HashMap<_, usize> = HashMap::new();
    for naming in namings {
        let index = *known
            .entry((naming.start(), naming.place))
            .or_insert(found.len());
        match found.get_mut(index) {
            Some((first, others)) => {
                let is_new = |other: &&Naming| other.name != naming.name;
                if is_new(first) && others.iter().all(is_new) {
                    others.push(naming);
                }
            }
            None => found.push((naming, Vec::new())),
        }
    }
    found
}

fn help(name: &str, spawn: &Spawn, options: &Options) -> String {
    let language = spawn.site.language;
    /// The first Rust whose standard library escapes the arguments of a batch file (CVE-2024-24576).
    const ESCAPES: [u32; 3] = [1, 77, 2];
    let finder = match language {
        Language::Python => format!("`shutil.which(\"{name}\")`"),
        Language::Rust => "the `which` crate".to_owned(),
    };
    let not_shell = match spawn.command {
        Some(CommandArgument::One { is_text: false, .. }) => {
            ", not `shell=True` with a list, of which POSIX runs the first item only"
        }
        _ => "",
    };
    let mut help = format!(
        "resolve it first and start the path that is found ({finder}){not_shell}; never pass a `.cmd` \
         or `.bat` file untrusted arguments"
    );
    let oldest = options.rust.filter(|_| language == Language::Rust);
    if let Some([major, minor, patch]) = oldest.filter(|oldest| *oldest < ESCAPES) {
        let _ = write!(
            help,
            ": Rust {major}.{minor}.{patch}, which the package allows, does not escape them \
             (CVE-2024-24576, mended in 1.77.2)"
        );
    }
    help
}

/// The program becomes the file that the runtime finds for its name, or what `shutil.which` finds: on
/// POSIX the child then sees the path of the file in place of the name.
fn fix(spawn: &Spawn, program: Place) -> Option<Fix> {
    let site = &spawn.site;
    if site.embedded || spawn.starter != Starter::Library {
        return None;
    }
    let fix = |applicability, message, change, otherwise| Fix {
        applicability,
        message,
        windows_only: false,
        changes: vec![change],
        otherwise,
    };
    Some(match site.language {
        Language::Python => {
            let (call, argument) = (site.call, spawn.command?);
            // A list in place of a text is the same command, and looks different in `args` and in errors.
            let applicability = match argument {
                CommandArgument::One { is_text: true, .. } => Applicability::Unsafe,
                _ => Applicability::Safe,
            };
            let found = Change::Found {
                call,
                argument,
                function: Helper::Which,
            };
            let message = "Let `shutil.which` find the program";
            let otherwise = fix(Applicability::Unsafe, message, found, None);
            let change = Change::Command {
                call,
                argument,
                function: Helper::WinArgv,
            };
            let message = "Let `win_argv` find the program";
            fix(applicability, message, change, Some(Box::new(otherwise)))
        }
        // What the project itself calls takes another type than the library.
        Language::Rust if site.through.contains(&program) => return None,
        Language::Rust => {
            let change = Change::Value {
                value: program,
                function: Helper::Resolve,
            };
            let message = "Let `resolve` find the program";
            fix(Applicability::Safe, message, change, None)
        }
    })
}

/// Why Windows may look for a bare name with other extensions than `.exe`: a command interpreter is
/// asked, or an alternative is open that may be the resolved path of any of the others. What
/// `os.spawn*` and `os.exec*` find is the C runtime's business and not known.
fn searches_more(spawn: &Spawn) -> Option<&'static str> {
    let is_named =
        |program: &Program| matches!(program, Program::Named { .. }) || bin_of(program).is_some();
    if spawn.shell == Truth::Yes {
        Some("a command interpreter runs it, which finds `.cmd` files")
    } else if spawn.shell == Truth::Unknown {
        Some("whether a command interpreter runs it is not known")
    } else if spawn.site.api.starts_with("os.") {
        Some("what `os.spawn…` and `os.exec…` find is not known")
    } else if !spawn.programs.iter().all(is_named) {
        Some("the program is, or may be, a path that was found by a search, or is not known")
    } else {
        None
    }
}

/// A path into the folder where npm puts the commands of a project's packages, with what it names there.
fn bin_of(program: &Program) -> Option<(&str, Place, Place)> {
    let (path, place, origin) = match program {
        Program::Named {
            name,
            place,
            origin,
            ..
        } => (name, place, origin),
        Program::Ending { end, place, origin } => (end, place, origin),
        Program::Unknown(_) | Program::Resolved | Program::Own => return None,
    };
    let mut parts = path.rsplit(['/', '\\']);
    let (name, bin, modules) = (parts.next()?, parts.next()?, parts.next()?);
    let is_script = bin == ".bin" && modules == "node_modules" && !name.contains('.');
    (is_script && !name.is_empty()).then_some((name, *place, *origin))
}

/// npm writes each command of a package three times: under its plain name it is a shell script.
fn in_bin_folder(program: &Program, spawn: &Spawn) -> Option<Report> {
    let (name, place, origin) = bin_of(program)?;
    let evidence = (origin != place).then(|| label(origin, format!("`{name}` comes from here")));
    let outcome = not_a_program(spawn.site.language);
    Some(
        Report::new(
            place,
            format!(
                "`node_modules/.bin/{name}` is a shell script, and npm writes {name}.cmd \
                 beside it for Windows: {outcome}"
            ),
            format!(
                "start `{name}.cmd` on Windows; never pass a `.cmd` or `.bat` file untrusted \
                 arguments"
            ),
        )
        .because(evidence.into_iter().collect()),
    )
}

/// The calls of Rust that callers bring a program to, with where it is written: what a function is seen
/// to start by itself is the same.
fn passed_on(facts: &Facts) -> HashSet<(Place, Place)> {
    let by_callers = facts
        .spawns
        .iter()
        .filter(|spawn| spawn.site.language == Language::Rust && !spawn.site.through.is_empty());
    let origins = by_callers.flat_map(|spawn| {
        let origins = spawn.programs.iter().filter_map(|program| match program {
            Program::Named { origin, .. } => Some(*origin),
            _ => None,
        });
        origins.map(|origin| (spawn.site.call, origin))
    });
    origins.collect()
}

/// For each spawn those it is an alternative of.
fn befores(facts: &Facts) -> Vec<Vec<SpawnId>> {
    let mut befores = vec![Vec::new(); facts.spawns.len()];
    for (index, spawn) in facts.spawns.iter().enumerate() {
        for after in &spawn.alternatives {
            befores[after.0 as usize].push(SpawnId(index as u32));
        }
    }
    befores
}

/// Whether one of the spellings that are tried one after the other, or chosen between, finds the
/// program.
fn tried_in_turn(facts: &Facts, id: SpawnId, befores: &[Vec<SpawnId>], bare: &str) -> bool {
    let spawn = facts.spawn(id);
    let after = spawn.alternatives.iter().map(|&id| facts.spawn(id));
    let before = befores[id.0 as usize].iter().map(|&id| facts.spawn(id));
    spelled_out(spawn, bare)
        || after.clone().any(|other| searches_more(other).is_some())
        || after.chain(before).any(|other| spelled_out(other, bare))
}

/// Whether a possibility names the file of the same program with its extension.
fn spelled_out(spawn: &Spawn, bare: &str) -> bool {
    spawn.programs.iter().any(|program| match program {
        Program::Named { name, .. } => name
            .rsplit_once('.')
            .is_some_and(|(stem, _)| stem.eq_ignore_ascii_case(bare)),
        Program::Unknown(_) | Program::Resolved | Program::Own | Program::Ending { .. } => false,
    })
}

fn message(shim: &Shim, name: &str, spawn: &Spawn) -> String {
    let Shim {
        file,
        installer,
        when,
    } = shim;
    let condition = match when {
        When::Always => format!("{installer} installs `{name}` as {file} on Windows, and"),
        When::Sometimes => {
            format!("`{name}` is {file} on Windows when it comes from {installer}, and then")
        }
        When::Configured => format!("`{name}` is {file} on Windows, and"),
    };
    match spawn.starter {
        Starter::ExactFirst => {
            let library = spawn.site.api.split(['.', ':']).next().unwrap_or_default();
            let outcome = not_a_program(spawn.site.language);
            format!("{condition} {library} starts the shell script `{name}` beside it: {outcome}")
        }
        Starter::Library | Starter::Win32 => {
            let outcome = not_found(spawn, name);
            format!("{condition} a bare name finds only {name}.exe: {outcome}")
        }
    }
}

/// The handler that takes the failure for a program that is not installed.
fn swallowed(spawn: &Spawn) -> Option<Evidence> {
    let handler = spawn.handlers.first()?;
    handler
        .names("builtins.FileNotFoundError")
        .then(|| label(handler.place, "an installed program ends up here too"))
}
