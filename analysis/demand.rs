//! Demand: what the rules ask for, and in which files and functions it can be found.
//!
//! Words choose what is looked at, and whether a long function is run for its caller. All rules ask that
//! run by default, whichever are selected, and comments and docstrings do not count.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::facts::Facts;
use crate::source::{Language, Span};

/// Something that a rule asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Processes that are started, with the calls of [`SEARCHES`] and [`SHELL_WORDS`].
    Processes,
    /// Signals that are sent to processes.
    Signals,
    /// Rust functions that give a constant where POSIX asks by a signal.
    Stubs,
    /// Calls of a function or method outside the project, by its qualified name
    /// (`time.strftime`).
    Call(&'static str),
    /// The same, and what code does with what such a call gives, or a method of this name on something of
    /// which nothing is known: that is called by the name with `()` behind it (`os.open()`), and so is
    /// what it has (`os.stat().st_mode`). Recorded are the calls that are given it, the questions about it
    /// as calls of [`OPERATORS`] (`operator.truth`, `operator.eq`), where somebody keeps it as calls of [`KEEP`],
    /// and what functions return that touch it as calls of [`RETURN`].
    Result(&'static str),
    /// Calls of methods of this name on something of which nothing is known.
    Method(&'static str),
    /// Calls of functions outside the project, or of methods of something of which nothing is known,
    /// that are given a text that begins like this, in files where such a text is written.
    CallsGiven {
        /// The qualified names of the functions, and the names of the methods.
        apis: &'static [&'static str],
        /// How the text begins.
        beginning: &'static str,
    },
    /// Calls of a function or method by such a name that tell all that matters where they stand: whoever
    /// calls the function around them is not looked at for them.
    InPlace(&'static str),
    /// The same of a function whose own name is too common to look for (`os.remove`): where its qualified name
    /// is written out.
    Spelled(&'static str),
    /// Calls of a function or method by such a name, in files that are looked at for something else.
    Beside(&'static str),
    /// The same as [`Ask::CallsGiven`], in files that are looked at for something else.
    BesideGiven {
        /// The qualified names of the functions, and the names of the methods.
        apis: &'static [&'static str],
        /// How the text begins.
        beginning: &'static str,
    },
    /// Whether the code of the project has a name anywhere, beside a call of a function.
    Mention {
        /// The qualified name of the function.
        beside: &'static str,
        /// The name.
        name: &'static str,
    },
    /// Whether a Python file that is looked at for something else imports a module of this name.
    Import(&'static str),
    /// Formats of f-strings that hold a `%`, as calls of `builtins.format`.
    PercentFormats,
    /// Imports of Python modules that Windows lacks.
    MissingModules,
    /// Reads and imports of names that Windows lacks in Python modules that it has.
    MissingMembers,
    /// Whatever stands in a file with this word.
    Word(String),
    /// Whatever stands in a file with a string that begins with this word.
    Literal(String),
}

impl Ask {
    /// Whether nobody's callers are looked at for it.
    pub fn is_in_place(&self) -> bool {
        matches!(self, Ask::InPlace(_) | Ask::Spelled(_) | Ask::Beside(_))
    }

    /// Whether calls of an API are what it asks for.
    pub fn is_for(&self, api: &str) -> bool {
        match self {
            Ask::Call(asked)
            | Ask::Result(asked)
            | Ask::Method(asked)
            | Ask::Beside(asked)
            | Ask::InPlace(asked)
            | Ask::Spelled(asked) => *asked == api,
            Ask::CallsGiven { apis, .. } | Ask::BesideGiven { apis, .. } => apis.contains(&api),
            Ask::PercentFormats => api == FORMAT,
            _ => false,
        }
    }
}

/// What splits and quotes command lines as a POSIX shell does. Calls of these are noted where processes
/// are asked for; alone they are no reason to look at a file.
pub const SHELL_WORDS: [&str; 4] = ["pipes.quote", "shlex.join", "shlex.quote", "shlex.split"];

/// What looks a program up: whoever starts programs asks by these whether they are there. Noted as
/// [`SHELL_WORDS`] are.
pub const SEARCHES: [&str; 3] = [
    "distutils.spawn.find_executable",
    "shutil.which",
    "which::which",
];

/// What questions about values are recorded as: calls of functions of Python's module of this name.
pub const OPERATORS: &str = "operator.";

/// What keeps something for others calls: puts it into an object, returns it, or hands it to code that is
/// not seen.
pub const KEEP: &str = "builtins.setattr";

/// What the end of a function is recorded as, with what it returns.
pub const RETURN: &str = "return";

/// What `f"{value:format}"` calls.
const FORMAT: &str = "builtins.format";

/// Whether a rule may speak of facts: decides which are worth a look at the callers.
pub type Judge<'j> = dyn Fn(&Facts) -> bool + Send + Sync + 'j;

/// What the rules ask for.
pub struct Demand<'j> {
    /// What each word stands for, in the order of the words.
    patterns: Vec<(String, Vec<Meaning>)>,
    words: AhoCorasick,
    calls: HashSet<&'static str>,
    /// Whether processes are asked for.
    processes: bool,
    /// Whether constant answers of Rust functions are asked for.
    stubs: bool,
    methods: HashSet<&'static str>,
    /// The functions and methods whose results are followed.
    results: HashSet<&'static str>,
    /// Whether members are asked for that Windows lacks.
    members: bool,
    /// How the texts begin that calls are asked for with, by what is called.
    given: HashMap<&'static str, Vec<&'static str>>,
    /// Names that are looked for where a function is called.
    mentions: Vec<(&'static str, &'static str)>,
    /// Modules that a file is asked whether it imports.
    imports: BTreeSet<&'static str>,
    /// All of these texts, and each behind both quotes.
    beginnings: Vec<&'static str>,
    quoted: AhoCorasick,
    judge: Box<Judge<'j>>,
}

/// What a word stands for where it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Meaning {
    kind: Kind,
    /// The language whose texts it counts in; in all where there is none.
    language: Option<Language>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Any characters, also in comments.
    Anything,
    /// Any characters.
    Text,
    /// Any characters, in a file that has the name of one of these functions, too.
    Given(&'static [&'static str]),
    /// A whole identifier.
    Name,
    /// The same, of something whose callers tell nothing of it.
    InPlace,
    /// A whole identifier in a line that imports.
    Imported,
    /// The name `os`, where a function is imported from it that starts a process.
    Starting,
    /// The name of a Python module or class, where it is seen to be asked for a member that Windows
    /// lacks, or gets another name.
    Lacking,
}

impl std::fmt::Debug for Demand<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demand")
            .field("patterns", &self.patterns)
            .finish_non_exhaustive()
    }
}

impl<'j> Demand<'j> {
    /// The demand of rules that ask for this, and speak of what `judge` says.
    pub fn new(
        asks: impl IntoIterator<Item = Ask>,
        judge: impl Fn(&Facts) -> bool + Send + Sync + 'j,
    ) -> Demand<'j> {
        let mut patterns: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
        let (mut calls, mut methods) = (HashSet::new(), HashSet::new());
        let mut results = HashSet::new();
        let (mut processes, mut stubs, mut members) = (false, false, false);
        let mut given: HashMap<_, Vec<_>> = HashMap::new();
        let mut mentions = Vec::new();
        let mut imports = BTreeSet::new();
        for ask in asks {
            match ask {
                Ask::Processes => processes = true,
                Ask::Stubs => stubs = true,
                Ask::MissingMembers => members = true,
                Ask::Call(api) | Ask::Spelled(api) => calls.extend([api]),
                Ask::Method(name) => methods.extend([name]),
                Ask::Beside(name) | Ask::InPlace(name) => {
                    calls.insert(name);
                    methods.insert(name);
                }
                Ask::Result(name) => {
                    calls.insert(name);
                    methods.insert(name);
                    results.insert(name);
                }
                Ask::CallsGiven { apis, beginning } | Ask::BesideGiven { apis, beginning } => {
                    for &api in apis {
                        given.entry(api).or_default().push(beginning);
                    }
                }
                Ask::Mention { beside, name } => mentions.push((beside, name)),
                Ask::Import(module) => imports.extend([module]),
                Ask::PercentFormats => calls.extend([FORMAT]),
                Ask::Signals | Ask::MissingModules | Ask::Word(_) | Ask::Literal(_) => {}
            }
            for (word, kind, language) in words_of(ask) {
                let meanings = patterns.entry(word).or_default();
                meanings.push(Meaning { kind, language });
            }
        }
        let patterns: Vec<_> = patterns.into_iter().collect();
        let beginnings: BTreeSet<&str> = given.values().flatten().copied().collect();
        let beginnings: Vec<&str> = beginnings.into_iter().collect();
        let quoted = AhoCorasick::new(beginnings.iter().flat_map(|it| quoted(it)));
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns.iter().map(|(word, _)| word))
            .expect("some hundred short words fit");
        Demand {
            patterns,
            words,
            calls,
            processes,
            stubs,
            methods,
            results,
            members,
            quoted: quoted.expect("some dozens of short words fit"),
            beginnings,
            given,
            mentions,
            imports,
            judge: Box::new(judge),
        }
    }

    /// Where something that is asked for may stand in a text, and as what; without what is asked for in its
    /// place, if so wished.
    fn places<'t>(
        &'t self,
        text: &'t str,
        language: Language,
        with_in_place: bool,
    ) -> impl Iterator<Item = (usize, Kind)> + 't {
        self.words.find_iter(text).filter_map(move |found| {
            let (_, meanings) = &self.patterns[found.pattern().as_usize()];
            let counts = |meaning: &&Meaning| {
                (with_in_place || meaning.kind != Kind::InPlace)
                    && meaning.language.is_none_or(|only| only == language)
                    && meaning.kind.fits(text, found.start(), found.end())
            };
            let meaning = meanings.iter().find(counts)?;
            Some((found.start(), meaning.kind))
        })
    }

    /// Whether something that is asked for may stand in a text.
    pub fn matches(&self, text: &str, language: Language) -> bool {
        self.places(text, language, true)
            .any(|(_, kind)| match kind {
                Kind::Given(apis) => apis.iter().any(|api| is_named_in(text, api)),
                _ => true,
            })
    }

    /// Whether something that is asked for may stand in a part of a text, outside what is only there
    /// to be read. `prose` is in the order of the text.
    pub(crate) fn matches_code(
        &self,
        text: &str,
        part: Span,
        prose: &[Span],
        language: Language,
    ) -> bool {
        self.has_in_code(text, part, prose, language, true)
    }

    /// The same for something of which callers may tell more.
    pub(crate) fn matches_code_for_callers(
        &self,
        text: &str,
        part: Span,
        prose: &[Span],
        language: Language,
    ) -> bool {
        self.has_in_code(text, part, prose, language, false)
    }

    fn has_in_code(
        &self,
        text: &str,
        part: Span,
        prose: &[Span],
        language: Language,
        with_in_place: bool,
    ) -> bool {
        let code = &text[part.range()];
        self.places(code, language, with_in_place)
            .any(|(at, kind)| {
                let at = part.start + at as u32;
                let next = prose.partition_point(|span| span.end <= at);
                kind == Kind::Anything || prose.get(next).is_none_or(|span| at < span.start)
            })
    }

    /// The texts that are asked for where a function is given them, and that are written in a text.
    pub(crate) fn given_in(&self, text: &str) -> Vec<Given> {
        let mut written: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for found in self.quoted.find_overlapping_iter(text) {
            let beginning = self.beginnings[found.pattern().as_usize() / QUOTES.len()];
            let places = written.entry(beginning).or_default();
            places.push(found.start() as u32);
        }
        let given = written.into_iter().map(|(beginning, places)| {
            let apis = self.given.iter();
            let given = apis.filter(|(_, all)| all.contains(&beginning));
            Given {
                apis: given.map(|(api, _)| *api).collect(),
                places,
            }
        });
        given.collect()
    }

    /// Whether calls of this function are asked for.
    pub(crate) fn asks_for(&self, api: &str) -> bool {
        let is_beside = || SEARCHES.contains(&api) || SHELL_WORDS.contains(&api);
        self.calls.contains(api) || self.processes && is_beside()
    }

    /// Whether calls of this function are asked for, with whatever or with a text that is.
    pub(crate) fn may_ask_for(&self, api: &str) -> bool {
        self.asks_for(api) || self.given.contains_key(api)
    }

    /// Whether constant answers of Rust functions are asked for.
    pub(crate) fn asks_for_stubs(&self) -> bool {
        self.stubs
    }

    /// Whether calls of methods of this name are asked for.
    pub(crate) fn asks_for_method(&self, name: &str) -> bool {
        self.methods.contains(name)
    }

    /// Whether what a function gives is followed, by its qualified name; of a method of something that is not
    /// known by its name.
    pub(crate) fn follows(&self, api: &str) -> bool {
        self.results.contains(api)
    }

    /// The modules that a file is asked whether it imports.
    pub(crate) fn imports(&self) -> &BTreeSet<&'static str> {
        &self.imports
    }

    /// The names that are looked for where a function is called.
    pub(crate) fn mentions_beside<'d>(
        &'d self,
        api: &'d str,
    ) -> impl Iterator<Item = &'static str> + 'd {
        let beside = self
            .mentions
            .iter()
            .filter(move |(beside, _)| *beside == api);
        beside.map(|(_, name)| *name)
    }

    /// Whether a call is asked for where it is given a text that begins with one of these.
    pub(crate) fn beginnings_for(&self, api: &str) -> &[&'static str] {
        self.given.get(api).map_or(&[], Vec::as_slice)
    }

    /// Whether strings that begin with the first word of this one are asked for.
    pub(crate) fn asks_for_literal(&self, text: &str) -> bool {
        let mut beginnings = self.beginnings.iter();
        if beginnings.any(|beginning| text.starts_with(beginning)) {
            return true;
        }
        let word = text.split(' ').next().unwrap_or(text);
        let quoted = format!("\"{word}\"");
        let found = self
            .patterns
            .binary_search_by(|(word, _)| word.cmp(&quoted));
        found.is_ok()
    }

    /// Whether something that is asked for lies at or below a qualified name, or around it.
    pub(crate) fn asks_about(&self, path: &str) -> bool {
        let is_name = |meaning: &Meaning| meaning.kind == Kind::Name;
        let is_named = |segment: &str| {
            let of_word = |(word, _): &(String, _)| word.as_str().cmp(segment);
            let found = self.patterns.binary_search_by(of_word);
            found.is_ok_and(|index| self.patterns[index].1.iter().any(is_name))
        };
        is_named(path)
            || path.split(['.', ':']).any(is_named)
            || self.members && crate::python::lacking_members().any(|around| around == path)
            // What lies below it is written with its own name, but for what an operator calls.
            || self.calls.iter().any(|call| {
                let below = call.strip_prefix(path);
                below.is_some_and(|rest| rest.starts_with(".__"))
            })
    }

    /// Whether a rule may speak of these facts.
    pub(crate) fn judges(&self, facts: &Facts) -> bool {
        (self.judge)(facts)
    }
}

impl Kind {
    fn fits(self, text: &str, start: usize, end: usize) -> bool {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        let is_whole = || {
            !text[..start].chars().next_back().is_some_and(part)
                && !text[end..].chars().next().is_some_and(part)
        };
        match self {
            Kind::Anything | Kind::Text | Kind::Given(_) => true,
            Kind::Name | Kind::InPlace => is_whole(),
            Kind::Imported => {
                let line = memchr::memrchr(b'\n', &text.as_bytes()[..start]).map_or(0, |at| at + 1);
                let before = text[line..start].trim_start();
                let is_continued = text[..line].trim_end().ends_with('\\');
                let imports = before.contains("import") || before.starts_with("from ");
                (imports || is_continued) && is_whole()
            }
            Kind::Starting => {
                let starts = |name: &str| name == "*" || crate::python::is_spawner_of_os(name);
                is_whole() && imported_names(&text[end..]).is_some_and(|mut it| it.any(starts))
            }
            Kind::Lacking => {
                let before = text[..start].trim_end_matches('_');
                let is_end = before
                    .chars()
                    .next_back()
                    .is_none_or(|c| !part(c) && c != '.');
                is_end && is_asked_for_lacking(&text[start..end], &text[end..])
            }
        }
    }
}

/// Whether a module or class is asked for a member that Windows lacks, or gets another name, by what
/// follows its own: `.getuid`, ` import getuid`, ` as system`.
fn is_asked_for_lacking(around: &str, rest: &str) -> bool {
    let lacks = |name: &str| crate::python::lacks_member(around, name);
    let other = |c: char| !c.is_alphanumeric() && c != '_';
    if let Some(member) = rest.strip_prefix('.') {
        return lacks(member.split(other).next().unwrap_or(member));
    }
    if let Some(mut names) = imported_names(rest) {
        return names.any(lacks);
    }
    rest.starts_with(" as ")
}

/// A text that is asked for where it is given to a function.
pub(crate) struct Given {
    /// The functions.
    apis: Vec<&'static str>,
    /// Where it is written.
    places: Vec<u32>,
}

impl Given {
    /// Whether code may give it to a function, if it has what is written around it: in itself, or in its
    /// class.
    pub(crate) fn may_be_given(&self, code: &str, around: Span) -> bool {
        let is_inside = |at: &u32| around.start <= *at && *at < around.end;
        let mut apis = self.apis.iter();
        self.places.iter().any(is_inside) && apis.any(|api| is_named_in(code, api))
    }
}

/// The names that are imported from a module, by what follows its own.
fn imported_names(rest: &str) -> Option<impl Iterator<Item = &str>> {
    let names = rest.strip_prefix(" import ")?;
    let end = match names.trim_start().starts_with('(') {
        true => names.find(')'),
        false => names.find('\n'),
    };
    let other = |c: char| !c.is_alphanumeric() && c != '_' && c != '*';
    Some(names[..end.unwrap_or(names.len())].split(other))
}

/// The language that a qualified name is of, if it shows: only Rust has this separator; types of both have
/// methods after a dot.
fn language_of(api: &str) -> Option<Language> {
    api.contains("::").then_some(Language::Rust)
}

/// The last segment of a qualified name.
fn last(api: &'static str) -> &'static str {
    api.rsplit(['.', ':']).next().unwrap_or(api)
}

/// Whether code has the name of a function. An operator is not called by its name.
fn is_named_in(code: &str, api: &'static str) -> bool {
    let name = last(api);
    name.starts_with("__") || memchr::memmem::find(code.as_bytes(), name.as_bytes()).is_some()
}

/// What literals begin with.
const QUOTES: [char; 2] = ['"', '\''];

/// How a literal begins that begins with a text.
fn quoted(beginning: &str) -> [String; 2] {
    QUOTES.map(|quote| format!("{quote}{beginning}"))
}

/// The words by which texts are found in which something may be that is asked for.
fn words_of(ask: Ask) -> Vec<(String, Kind, Option<Language>)> {
    let (python, rust) = (Some(Language::Python), Some(Language::Rust));
    let one = |word: &str, kind, language| vec![(word.to_owned(), kind, language)];
    match ask {
        Ask::Processes => {
            let in_python = crate::python::spawn_words();
            let in_python = in_python.map(|word| (word.to_owned(), Kind::Name, python));
            let in_rust = crate::rust::spawn_words().map(|word| {
                let kind = match word.starts_with('.') {
                    true => Kind::Text,
                    false => Kind::Name,
                };
                (word.to_owned(), kind, rust)
            });
            let from_os = [("os".to_owned(), Kind::Starting, python)];
            in_python.chain(in_rust).chain(from_os).collect()
        }
        Ask::Signals | Ask::Stubs => ["kill", "send_signal", "test_kill_process"]
            .map(|word| (word.to_owned(), Kind::Name, None))
            .to_vec(),
        Ask::Call(api) => one(last(api), Kind::Name, language_of(api)),
        // What is done with it is seen where it is made.
        Ask::Result(api) => one(last(api), Kind::InPlace, language_of(api)),
        Ask::Method(name) => one(name, Kind::Name, None),
        Ask::InPlace(api) => one(last(api), Kind::InPlace, python),
        Ask::Spelled(api) => one(api, Kind::InPlace, python),
        Ask::CallsGiven { apis, beginning } => quoted(beginning)
            .map(|text| (text, Kind::Given(apis), None))
            .to_vec(),
        Ask::Beside(_) | Ask::BesideGiven { .. } | Ask::Import(_) | Ask::Mention { .. } => {
            Vec::new()
        }
        Ask::PercentFormats => one(":%", Kind::Text, python),
        Ask::MissingModules => crate::python::missing_modules()
            .map(|module| (last(module).to_owned(), Kind::Imported, python))
            .collect(),
        Ask::MissingMembers => crate::python::lacking_members()
            .map(|around| (around.to_owned(), Kind::Lacking, python))
            .collect(),
        Ask::Word(word) => one(&word, Kind::Anything, None),
        Ask::Literal(word) => ['"', '\'']
            .iter()
            .flat_map(|quote| [format!("{quote}{word}{quote}"), format!("{quote}{word} ")])
            .map(|text| (text, Kind::Text, None))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_out_or_given_is_looked_for_where_it_can_be() {
        let given = Ask::CallsGiven {
            apis: &["os.path.join"],
            beginning: "http://",
        };
        let demand = Demand::new([Ask::Spelled("os.remove"), given], |_| true);
        for (code, expected) in [
            ("os.remove(path)", true),
            ("items.remove(path)", false),
            ("aos.removed(path)", false),
            ("join('http://a', b)", true),
            ("fetch('http://a', b)", false),
            ("join('/http://a', b)", false),
        ] {
            assert_eq!(demand.matches(code, Language::Python), expected, "{code}");
        }
    }

    #[test]
    fn nobody_is_run_again_for_what_is_asked_for_in_its_place() {
        let (open, run) = (Ask::InPlace("builtins.open"), Ask::Call("shutil.move"));
        let demand = Demand::new([open, run, Ask::Call("io.open")], |_| true);
        for (code, in_any, for_callers) in [
            ("open(path)", true, true),
            ("move(path)", true, true),
            ("close(path)", false, false),
        ] {
            let whole = Span::new(0, code.len());
            let answers = [
                demand.matches_code(code, whole, &[], Language::Python),
                demand.matches_code_for_callers(code, whole, &[], Language::Python),
            ];
            assert_eq!(answers, [in_any, for_callers], "{code}");
        }
        let demand = Demand::new([Ask::InPlace("builtins.open")], |_| true);
        let code = "open(path)";
        let whole = Span::new(0, code.len());
        assert!(demand.matches(code, Language::Python));
        assert!(!demand.matches(code, Language::Rust));
        assert!(demand.matches_code(code, whole, &[], Language::Python));
        assert!(!demand.matches_code_for_callers(code, whole, &[], Language::Python));
    }
}
