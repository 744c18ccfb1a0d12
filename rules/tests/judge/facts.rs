//! Facts by hand: a plain spawn and a plain signal, and places to tell apart.

use footgun_analysis::doubt::{Doubt, Why};
use footgun_analysis::facts::{
    CreationFlags, Facts, Fate, FlagOrigin, Handler, Program, SessionKind, SessionOption, Signal,
    SignalValue, Site, Spawn, Starter, Stream,
};
use footgun_analysis::platform::Truth;
use footgun_analysis::source::{FileId, Language, Place, Span};
use footgun_rules::Options;

/// The statement of every call here.
pub const STATEMENT: Place = at(0, 0, 100);
/// The call.
pub const CALL: Place = at(0, 10, 90);
/// An argument of the call.
pub const ARGUMENT: Place = at(0, 20, 30);
/// Somewhere else in the file.
pub const ELSEWHERE: Place = at(0, 200, 210);
/// In another file.
pub const OTHER_FILE: Place = at(1, 20, 30);

const fn at(file: u32, start: u32, end: u32) -> Place {
    Place {
        file: FileId(file),
        span: Span { start, end },
    }
}

fn site(language: Language, api: &str) -> Site {
    Site {
        call: CALL,
        function: STATEMENT,
        statement: STATEMENT,
        through: Vec::new(),
        language,
        embedded: false,
        api: api.to_owned(),
    }
}

/// `Popen(["tool"])`, dropped.
pub fn python() -> Spawn {
    Spawn {
        site: site(Language::Python, "subprocess.Popen"),
        starter: Starter::Library,
        programs: vec![named("tool")],
        arguments: Vec::new(),
        names: Vec::new(),
        command: None,
        shell: Truth::No,
        flags: CreationFlags {
            zeros: u32::MAX,
            ..CreationFlags::default()
        },
        session: Vec::new(),
        posix_session: Vec::new(),
        posix_shell_list: false,
        refused: Vec::new(),
        stdin: Stream::Inherited,
        stdout: Stream::Inherited,
        stderr: Stream::Inherited,
        fate: Fate::Abandoned,
        handlers: Vec::new(),
        retries: Vec::new(),
        alternatives: Vec::new(),
        group_use: None,
        leaves_groups: false,
        in_job: false,
    }
}

/// `Command::new("tool").spawn()`, dropped.
pub fn rust() -> Spawn {
    Spawn {
        site: site(Language::Rust, "std::process::Command::spawn"),
        ..python()
    }
}

/// A call of `api` that sends signal 0.
pub fn probe(language: Language, api: &str) -> Signal {
    Signal {
        site: site(language, api),
        signal: SignalValue::Zero(None),
        argument: ARGUMENT,
        handlers: Vec::new(),
    }
}

/// An argument that nobody is seen to give.
pub const DOUBT: Doubt = Doubt {
    why: Why::Argument,
    place: ARGUMENT,
};

/// A program by name, as the literal in the call.
pub fn named(name: &str) -> Program {
    Program::Named {
        name: name.to_owned(),
        place: ARGUMENT,
        given: ARGUMENT,
        origin: ARGUMENT,
    }
}

/// Known flags, given in the call.
pub fn flags(ones: u32) -> CreationFlags {
    CreationFlags {
        ones,
        zeros: !ones,
        place: Some(ARGUMENT),
        origins: vec![FlagOrigin {
            bits: ones,
            place: ARGUMENT,
        }],
        choices: Vec::new(),
        unknown: None,
    }
}

/// A session option, given in the call.
pub fn session(kind: SessionKind) -> Vec<SessionOption> {
    vec![SessionOption {
        kind,
        place: ARGUMENT,
    }]
}

/// A handler of `catches`.
pub fn handler(catches: &str, catches_refusal: Truth) -> Handler {
    let names = catches.split(|c: char| !c.is_alphanumeric());
    let names = names.filter(|name| !name.is_empty());
    Handler {
        place: ELSEWHERE,
        catches: catches.to_owned(),
        classes: names.map(|name| Some(format!("builtins.{name}"))).collect(),
        catches_refusal,
        raises_again: false,
    }
}

/// A finding, as the tests compare it: the place, the message, and the evidence.
pub type Said = (Place, String, Vec<(Place, String)>);

/// What a rule says.
pub fn said(rule: &str, facts: &Facts) -> Vec<Said> {
    let rule = footgun_rules::rule(rule).expect("a rule");
    let mut verdicts = footgun_rules::Verdicts::default();
    rule.check(facts, &Options::default(), &mut verdicts);
    verdicts
        .findings
        .into_iter()
        .map(|finding| {
            assert_eq!(finding.rule, rule.id);
            assert_eq!(finding.statement, STATEMENT);
            let labels = finding.evidence.into_iter();
            let labels = labels.map(|label| (label.place, label.message)).collect();
            (finding.place, finding.message, labels)
        })
        .collect()
}

/// Where a rule finds something among these spawns.
pub fn places<const N: usize>(rule: &str, spawns: [Spawn; N]) -> Vec<Place> {
    let facts = Facts {
        spawns: spawns.into(),
        signals: Vec::new(),
        ..Facts::default()
    };
    said(rule, &facts).into_iter().map(|said| said.0).collect()
}

/// What a rule says of one spawn.
pub fn said_of(rule: &str, spawn: Spawn) -> Vec<Said> {
    let facts = Facts {
        spawns: vec![spawn],
        signals: Vec::new(),
        ..Facts::default()
    };
    said(rule, &facts)
}

/// What keeps a rule silent about one spawn.
pub fn silence_of(rule: &str, spawn: Spawn) -> Vec<&'static str> {
    let facts = Facts {
        spawns: vec![spawn],
        signals: Vec::new(),
        ..Facts::default()
    };
    let rule = footgun_rules::rule(rule).expect("a rule");
    let mut verdicts = footgun_rules::Verdicts::default();
    rule.check(&facts, &Options::default(), &mut verdicts);
    let silences = verdicts.silences.into_iter();
    silences
        .map(|silence| {
            assert_eq!((silence.rule, silence.call), (rule.id, CALL));
            silence.because
        })
        .collect()
}
