//! An evaluated call with every value and where it comes from.

use footgun_analysis::doubt::Doubt;
use footgun_analysis::facts::{
    self, CreationFlags, Facts, Fate, Handler, How, Known, Program, SessionKind, SessionOption,
    Signal, SignalValue, Site, Spawn, SpawnId, Stream, Use, flag,
};
use footgun_analysis::platform::Truth;
use footgun_analysis::source::Place;

use super::{Why, shortened, some};

/// A call, with all the ways to it on which its values are the same.
#[derive(Debug)]
pub(super) struct Call {
    /// Where it stands.
    pub place: Place,
    /// What is called, and where.
    head: String,
    /// The project's own calls that lead there, outermost first.
    ways: Vec<String>,
    /// A line for each value.
    values: String,
}

impl Call {
    /// Whether it is the same with the same values.
    pub fn same(&self, other: &Call) -> bool {
        (self.place, &self.head, &self.values) == (other.place, &other.head, &other.values)
    }

    /// Adds the ways of the same call.
    pub fn merge(&mut self, other: Call) {
        for way in other.ways {
            if !self.ways.contains(&way) {
                self.ways.push(way);
            }
        }
    }

    /// The call in words.
    pub fn page(&self, note: &str) -> String {
        let mut page = format!("\n{}{note}\n", self.head);
        for way in some(&self.ways) {
            page += &row("called by", &way);
        }
        page + &self.values
    }
}

impl Why<'_> {
    /// The calls of which some of the places are wanted; the first two are the call and its
    /// statement.
    pub(super) fn describe(&self, facts: &Facts, wanted: &dyn Fn(&[Place]) -> bool) -> Vec<Call> {
        let spawns = facts.spawns.iter().filter(|spawn| wanted(&parts(spawn)));
        let signals = facts.signals.iter().filter(|signal| {
            let mut places = places(&signal.site);
            places.push(signal.argument);
            if let SignalValue::Zero(Some(origin)) = signal.signal {
                places.push(origin);
            }
            wanted(&places)
        });
        let calls = facts.calls.iter().filter(|call| {
            let mut places = places(&call.site);
            let texts = call.arguments().flat_map(|(_, argument)| argument.texts());
            places.extend(texts.filter_map(|(_, origin)| origin));
            wanted(&places)
        });
        // What is called has been read before, and has raised there.
        let is_read = |used: &Use| {
            let mut reads = facts.uses.iter().filter(|read| read.how == How::Read);
            reads.any(|read| {
                let (call, name) = (used.site.call, read.site.call);
                read.site.api == used.site.api
                    && call.file == name.file
                    && call.span.contains(name.span)
            })
        };
        let uses = facts.uses.iter().filter(|used| {
            wanted(&places(&used.site)) && !(used.how == How::Called && is_read(used))
        });
        let spawns = spawns.map(|spawn| self.call(&spawn.site, self.spawn(facts, spawn)));
        let signals = signals.map(|signal| self.call(&signal.site, self.signal(signal)));
        let calls = calls.map(|call| self.call(&call.site, self.arguments(call)));
        let uses = uses.map(|used| self.call(&used.site, self.missing(used)));
        spawns.chain(signals).chain(calls).chain(uses).collect()
    }

    /// What a call is given.
    fn arguments(&self, call: &facts::Call) -> String {
        let mut page = String::new();
        for (name, argument) in call.arguments() {
            for value in &argument.values {
                let label = name.unwrap_or("argument");
                page += &row(label, &self.known(value));
            }
        }
        page + &self.handlers(&call.handlers, false)
    }

    fn known(&self, value: &Known) -> String {
        match value {
            Known::Unknown(doubt) => self.unknown(*doubt),
            Known::None => "None".to_owned(),
            Known::Bool(truth) => truth.to_string(),
            Known::Int(number) => number.to_string(),
            Known::Name(name) => name.clone(),
            Known::Local(_) => "a function without a name of its own".to_owned(),
            Known::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.known(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Known::Text { pieces, origin } => {
                let text: String = pieces
                    .iter()
                    .map(|piece| piece.as_deref().unwrap_or("…"))
                    .collect();
                let from = origin.map(|origin| format!(", from {}", self.texts.at(origin)));
                format!("{:?}{}", shortened(&text), from.unwrap_or_default())
            }
        }
    }

    /// What the use of a name does that Windows lacks.
    fn missing(&self, used: &Use) -> String {
        let what = match used.how {
            How::ImportedByModule => "imported with this module",
            How::ImportedByFunction => "imported when this is run",
            How::MemberImported => "imported from its module",
            How::Read => "read",
            How::Called => "called",
        };
        let mut page = row(
            "missing",
            &format!("{what}: Windows raises {}", used.raises),
        );
        if let Some(handler) = &used.caught {
            page += &row(
                "handler",
                &format!("{} catches it", self.quoted(handler.place)),
            );
        }
        if let Some(package) = &used.supplied_by {
            page += &row("unless", &format!("the package {package} is installed"));
        }
        page
    }

    fn call(&self, site: &Site, values: String) -> Call {
        let inside = if site.embedded {
            ", in a program embedded in a string"
        } else {
            ""
        };
        let calls = site.through.iter().rev();
        let calls: Vec<String> = calls.map(|call| self.quoted(*call)).collect();
        Call {
            place: site.call,
            head: format!("{} at {}{inside}", site.api, self.texts.at(site.call)),
            ways: (!calls.is_empty())
                .then(|| calls.join(", "))
                .into_iter()
                .collect(),
            values,
        }
    }

    fn spawn(&self, facts: &Facts, spawn: &Spawn) -> String {
        let mut page = String::new();
        for program in &spawn.programs {
            page += &row("program", &self.program(program));
        }
        let arguments: Vec<String> = spawn.arguments.iter().map(argument).collect();
        if !arguments.is_empty() {
            page += &row("arguments", &arguments.join(", "));
        }
        page += &row("shell", truth(spawn.shell));
        page += &self.flags(&spawn.flags);
        page += &self.session("session", &spawn.session);
        page += &self.session("on POSIX", &spawn.posix_session);
        let streams = format!(
            "stdin {}, stdout {}, stderr {}",
            stream(spawn.stdin),
            stream(spawn.stdout),
            stream(spawn.stderr)
        );
        page += &row("streams", &streams);
        page += &row("child", fate(spawn.fate));
        page += &self.handlers(&spawn.handlers, true);
        page += &self.others("if refused", facts, &spawn.retries);
        page += &self.others("if missing", facts, &spawn.alternatives);
        if let Some(place) = spawn.group_use {
            page += &row("group", &format!("used by {}", self.quoted(place)));
        }
        page
    }

    /// Why something is unknown.
    fn unknown(&self, doubt: Doubt) -> String {
        format!(
            "unknown: {}: {}",
            doubt.why.clause(),
            self.quoted(doubt.place)
        )
    }

    fn signal(&self, signal: &Signal) -> String {
        let value = match signal.signal {
            SignalValue::Zero(Some(origin)) if origin != signal.argument => {
                format!("0, from {}", self.quoted(origin))
            }
            SignalValue::Zero(_) => "0".to_owned(),
            SignalValue::Other => "not 0".to_owned(),
            SignalValue::ConsoleEvent => "an event of the console".to_owned(),
            SignalValue::Unknown(doubt) => self.unknown(doubt),
        };
        row("signal", &value) + &self.handlers(&signal.handlers, false)
    }

    fn program(&self, program: &Program) -> String {
        match program {
            Program::Unknown(doubt) => self.unknown(*doubt),
            Program::Resolved => {
                "resolved: the path of a file, or what a search for one returned".to_owned()
            }
            Program::Own => "the program itself".to_owned(),
            Program::Ending { end, origin, .. } => {
                let end = shortened(end);
                format!(
                    "a path that ends in {end:?}, from {}",
                    self.texts.at(*origin)
                )
            }
            Program::Named { name, origin, .. } => {
                format!("{:?}, from {}", shortened(name), self.texts.at(*origin))
            }
        }
    }

    fn flags(&self, flags: &CreationFlags) -> String {
        let rest = if flags.known() {
            ""
        } else {
            ", and others that are unknown"
        };
        let value = match (flags.ones, flags.place) {
            (0, None) if flags.known() => "none".to_owned(),
            (0, _) if flags.known() => "0".to_owned(),
            (0, _) => "unknown".to_owned(),
            (ones, _) => format!("{}{rest}", flag::names(ones)),
        };
        let mut page = row("flags", &value);
        if let Some(place) = flags.place {
            page += &row("", &format!("given as {}", self.quoted(place)));
        }
        for origin in &flags.origins {
            let from = format!(
                "{} from {}",
                flag::names(origin.bits),
                self.texts.at(origin.place)
            );
            page += &row("", &from);
        }
        if let Some(doubt) = flags.unknown {
            page += &row("", &self.unknown(doubt));
        }
        let clear = flags.zeros & DECIDING;
        if !flags.known() && clear != 0 {
            page += &row("", &format!("not set: {}", flag::names(clear)));
        }
        page
    }

    fn session(&self, label: &str, options: &[SessionOption]) -> String {
        let option = |option: &SessionOption| {
            let kind = match option.kind {
                SessionKind::NewSession => "a new session",
                SessionKind::ProcessGroup => "a process group",
                SessionKind::Setsid => "setsid in the child",
                SessionKind::Setpgid => "setpgid in the child",
                SessionKind::Mixed => "a process group or session of its own, and more",
            };
            row(label, &format!("{kind}, by {}", self.quoted(option.place)))
        };
        options.iter().map(option).collect()
    }

    fn handlers(&self, handlers: &[Handler], of_spawn: bool) -> String {
        let handler = |handler: &Handler| {
            let refusal = match handler.catches_refusal {
                _ if !of_spawn => "",
                Truth::Yes => ", catches a refusal (access denied)",
                Truth::No => ", does not catch a refusal (access denied)",
                Truth::Unknown => ", may catch a refusal (access denied)",
            };
            row(
                "handler",
                &format!("{}{refusal}", self.quoted(handler.place)),
            )
        };
        handlers.iter().map(handler).collect()
    }

    /// The spawns that follow a failed one.
    fn others(&self, label: &str, facts: &Facts, ids: &[SpawnId]) -> String {
        let mut rows: Vec<String> = Vec::new();
        for id in ids {
            let other = facts.spawn(*id);
            let flags = match other.flags.ones {
                0 => "no known flags".to_owned(),
                ones => flag::names(ones),
            };
            let row = row(
                label,
                &format!("{} with {flags}", self.quoted(other.site.call)),
            );
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows.concat()
    }
}

/// The flags that decide on which console and in which job a child is.
const DECIDING: u32 = flag::DETACHED_PROCESS
    | flag::CREATE_NEW_CONSOLE
    | flag::CREATE_NEW_PROCESS_GROUP
    | flag::CREATE_BREAKAWAY_FROM_JOB
    | flag::CREATE_NO_WINDOW;

/// The places of a site, first the call and its statement.
fn places(site: &Site) -> Vec<Place> {
    let mut places = vec![site.call, site.statement];
    places.extend(&site.through);
    places
}

/// The places of a spawn and of its values.
fn parts(spawn: &Spawn) -> Vec<Place> {
    let mut places = places(&spawn.site);
    for program in &spawn.programs {
        if let Program::Named { place, origin, .. } | Program::Ending { place, origin, .. } =
            program
        {
            places.extend([*place, *origin]);
        }
    }
    places.extend(spawn.flags.place);
    places.extend(spawn.flags.origins.iter().map(|origin| origin.place));
    let session = spawn.session.iter().chain(&spawn.posix_session);
    places.extend(session.map(|option| option.place));
    places
}

/// A line about a value.
fn row(label: &str, value: &str) -> String {
    format!("  {label:10}  {value}\n")
}

fn argument(argument: &Option<String>) -> String {
    match argument {
        Some(text) => format!("{:?}", shortened(text)),
        None => "unknown".to_owned(),
    }
}

fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown => "unknown",
    }
}

fn stream(stream: Stream) -> &'static str {
    match stream {
        Stream::Inherited => "inherited",
        Stream::Null => "null device",
        Stream::Pipe => "pipe",
        Stream::File => "file or handle",
        Stream::Unknown => "unknown",
    }
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Waited => "waited for",
        Fate::Managed => "kept, and polled or stopped",
        Fate::Kept => "kept, but not seen to be used",
        Fate::Abandoned => "not waited for, and its handle is not kept",
        Fate::Unknown => "unknown",
    }
}
