//! The scanned project: its files, what they lower to, and which file a module name stands for.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::assumptions::Assumptions;
use crate::code::{Block, Function, Name, Stmt};
use crate::dependencies::{self, Changes, Dependencies};
use crate::platform::Platform;
use crate::python::Search;
use crate::python::heads::Heads;
use crate::python::imports::{Imported, Imports};
use crate::rust::Modules;
use crate::source::{FileId, Language, Source, Span};
use crate::words::{self, Words};
use crate::{Comment, Problem};

/// The files of a scan. Names are resolved among them and never outside.
///
/// What a file lowers to is computed when it is first asked for, and once.
#[derive(Debug)]
pub struct Project {
    /// The files, in the order of their paths.
    pub files: Vec<Source>,
    /// What is taken for granted of them.
    pub assumptions: Assumptions,
    by_path: HashMap<String, FileId>,
    imports: OnceLock<Imports>,
    /// Python files that are imported whatever the platform.
    plain: OnceLock<Vec<bool>>,
    /// Python files whose import fails on Windows, and what that rests on.
    failing: OnceLock<(HashSet<FileId>, Dependencies)>,
    /// The variables of Python modules that other files set, by the last segment of the module.
    set_from_outside: OnceLock<HashMap<String, HashSet<String>>>,
    /// Python files by the last segment of their module name.
    pub(crate) by_stem: HashMap<String, Vec<FileId>>,
    pub(crate) python_search: Search,
    lowered: Vec<Arc<Lowered>>,
    /// Rust libraries by the name that code calls them.
    libraries: HashMap<String, FileId>,
    modules: [OnceLock<Modules>; 4],
    gives_sessions: OnceLock<bool>,
}

/// What a text tells by itself, once somebody asks.
#[derive(Debug, Default)]
struct Lowered {
    imported: OnceLock<Imported>,
    words: OnceLock<Words>,
    heads: OnceLock<Heads>,
    outline: OnceLock<crate::python::Outline>,
    prose: OnceLock<Vec<Span>>,
    silent: OnceLock<Vec<Span>>,
    python: OnceLock<crate::python::Module>,
    problems: OnceLock<Vec<Problem>>,
    rebound: OnceLock<HashSet<String>>,
    /// What attributes it sets of what has a name.
    set_attributes: OnceLock<Vec<(String, String)>>,
    tables: OnceLock<Vec<(Span, Name)>>,
    rust: [OnceLock<Result<Block, Problem>>; 4],
}

impl Project {
    /// A project of these files; they are put in the order of their paths.
    pub fn new(mut files: Vec<Source>) -> Project {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut by_path = HashMap::new();
        let mut by_stem: HashMap<String, Vec<FileId>> = HashMap::new();
        for (index, source) in files.iter().enumerate() {
            let id = FileId(index as u32);
            let path = slashed(&source.path);
            if source.language == Language::Python
                && let Some(stem) = module_stem(&path)
            {
                by_stem.entry(stem.to_owned()).or_default().push(id);
            }
            by_path.insert(path, id);
        }
        let lowered = files.iter().map(|_| Arc::default()).collect();
        Project {
            python_search: Search::among(&files),
            files,
            assumptions: Assumptions::default(),
            by_path,
            by_stem,
            lowered,
            libraries: HashMap::new(),
            modules: Default::default(),
            gives_sessions: OnceLock::new(),
            imports: OnceLock::new(),
            plain: OnceLock::new(),
            set_from_outside: OnceLock::new(),
            failing: OnceLock::new(),
        }
    }

    /// The same project, for which nothing is found out again that is known of the same text in
    /// another, and the modules whose import fails where nothing that decides it has changed.
    pub fn after(mut self, before: &Project) -> Project {
        for (source, lowered) in self.files.iter().zip(&mut self.lowered) {
            let known = before.at(&slashed(&source.path));
            let known = known.filter(|known| {
                let known = before.file(*known);
                known.language == source.language && known.text == source.text
            });
            if let Some(known) = known {
                *lowered = Arc::clone(&before.lowered[known.0 as usize]);
            }
        }
        if let Some((failing, rest_on)) = before.failing.get()
            && let Some(changes) = Changes::between(before, &self)
            && !changes.reach(rest_on)
        {
            self.failing = OnceLock::from((failing.clone(), rest_on.clone()));
        }
        self
    }

    /// Whether the same is given of both projects besides their files.
    pub(crate) fn is_like(&self, other: &Project) -> bool {
        self.assumptions == other.assumptions && self.libraries == other.libraries
    }

    /// The same project with what is taken for granted of it.
    pub fn with_assumptions(self, assumptions: Assumptions) -> Project {
        Project {
            assumptions,
            ..self
        }
    }

    /// The same project with what its manifests (`Cargo.toml`: path and text) tell of its files.
    pub fn with_manifests(mut self, manifests: &[(PathBuf, String)]) -> Project {
        for (path, text) in manifests {
            let Some(library) = crate::rust::library(text) else {
                continue;
            };
            let path = slashed(path);
            if let Some(root) = self.at(&join(parent(&path), &library.root)) {
                self.libraries.entry(library.name).or_insert(root);
            }
        }
        self
    }

    /// The root of the Rust library that a manifest gives this name.
    pub(crate) fn rust_library(&self, name: &str) -> Option<FileId> {
        self.libraries.get(name).copied()
    }

    /// The file with this id. What is found out from its text asks for [`Project::text`].
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The text of a file, for an answer that rests on it.
    pub(crate) fn text(&self, file: FileId) -> &str {
        dependencies::note_file(file);
        &self.file(file).text
    }

    /// What is known of the text of a file, for an answer that rests on it.
    fn lowered(&self, file: FileId) -> &Lowered {
        dependencies::note_file(file);
        &self.lowered[file.0 as usize]
    }

    /// The ids of the files in `language`.
    pub fn files_in(&self, language: Language) -> impl Iterator<Item = FileId> + '_ {
        self.files
            .iter()
            .enumerate()
            .filter(move |(_, source)| source.language == language)
            .map(|(index, _)| FileId(index as u32))
    }

    /// The file at a path, written with `/`.
    pub fn at(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    // ---- what files lower to ----

    fn python_lowered(&self, file: FileId) -> &crate::python::Module {
        self.lowered(file).python.get_or_init(|| {
            let text = self.text(file);
            crate::python::module(text, self.outline(file))
        })
    }

    fn outline(&self, file: FileId) -> &crate::python::Outline {
        let outline = || crate::python::Outline::of(self.text(file));
        self.lowered(file).outline.get_or_init(outline)
    }

    /// Whether a place in a Python file lies in a function or method.
    pub(crate) fn is_in_function(&self, file: FileId, at: u32) -> bool {
        let is_python = self.file(file).language == Language::Python;
        is_python && self.outline(file).is_in_function(at)
    }

    /// What in a file is only there to be read: comments, and what Python takes for documentation.
    pub(crate) fn prose(&self, file: FileId) -> &[Span] {
        let prose = || match self.file(file).language {
            Language::Python => self.outline(file).prose(),
            Language::Rust => {
                let comments = crate::rust::comments(self.text(file)).into_iter();
                comments.map(|comment| comment.span).collect()
            }
        };
        self.lowered(file).prose.get_or_init(prose)
    }

    /// What in a file is no code: comments, and the characters of literals.
    pub(crate) fn silent(&self, file: FileId) -> &[Span] {
        let source = self.file(file);
        let lowered = &self.lowered[file.0 as usize];
        lowered
            .silent
            .get_or_init(|| crate::words::silent(&source.text, source.language))
    }

    /// The comments of a file.
    pub(crate) fn comments(&self, file: FileId) -> Vec<Comment> {
        match self.file(file).language {
            Language::Python => self.outline(file).comments.clone(),
            Language::Rust => crate::rust::comments(self.text(file)),
        }
    }

    /// The module body of a Python file.
    pub(crate) fn python(&self, file: FileId) -> &Block {
        &self.python_lowered(file).body
    }

    /// The statements of a Python module that run when it is imported and set a table, with its name.
    pub(crate) fn tables(&self, file: FileId) -> &[(Span, Name)] {
        self.lowered(file).tables.get_or_init(|| {
            if self.file(file).language != Language::Python {
                return Vec::new();
            }
            let mut stmts = Vec::new();
            simple(self.python(file), &mut stmts);
            let tables = stmts.into_iter();
            tables
                .filter_map(|stmt| Some((stmt.span, stmt.table()?.clone())))
                .collect()
        })
    }

    /// The names of a Python module that its functions assign to (`global name`), so that their
    /// values depend on when they are read.
    pub(crate) fn rebound(&self, file: FileId) -> &HashSet<String> {
        self.lowered(file).rebound.get_or_init(|| {
            let source = self.file(file);
            if source.language != Language::Python {
                return HashSet::new();
            }
            let statements = source
                .text
                .lines()
                .filter_map(|line| line.trim_start().strip_prefix("global "));
            statements
                .flat_map(|names| names.split('#').next().unwrap_or_default().split(','))
                .map(|name| name.trim().to_owned())
                .collect()
        })
    }

    /// Whether other files set a variable of a Python module that they import (`module.name = …`).
    pub(crate) fn is_set_from_outside(&self, home: FileId, name: &str) -> bool {
        dependencies::note_filled(words::hash(name));
        let set = || dependencies::unnoted(|| self.find_set_from_outside());
        let set = self.set_from_outside.get_or_init(set);
        !set.is_empty()
            && module_name(&self.file(home).path)
                .and_then(|module| set.get(&module))
                .is_some_and(|names| names.contains(name))
    }

    /// Whether code in some function puts something into what has this name.
    pub(crate) fn is_filled(&self, name: &str) -> bool {
        dependencies::note_filled(words::hash(name));
        let fills = |file: FileId| {
            let dialect = crate::dialect::of(self.file(file).language);
            let text = self.text(file);
            let mut places = places_of(text, name);
            places.any(|at| {
                dialect.puts_into(&text[at + name.len()..]) && self.is_in_function(file, at as u32)
            })
        };
        dependencies::unnoted(|| self.mentioning(name).into_iter().any(fills))
    }

    /// The names of what functions of a file put something into, and with their module those that it
    /// sets of modules.
    pub(crate) fn filled_by(&self, file: FileId) -> HashSet<(Option<&str>, &str)> {
        let text = &self.file(file).text;
        let dialect = crate::dialect::of(self.file(file).language);
        let mut filled = HashSet::new();
        words::each(text, |name| {
            let at = name.as_ptr() as usize - text.as_ptr() as usize;
            let fills = dialect.puts_into(&text[at + name.len()..])
                && dependencies::unnoted(|| self.is_in_function(file, at as u32));
            if fills {
                filled.insert((None, name));
            }
        });
        let is_imported = |module: &&(&str, &str)| {
            let imports = dependencies::unnoted(|| self.imports().of_name(module.0));
            imports.iter().any(|(by, _)| *by == file)
        };
        let set = crate::python::set_attributes(text).collect::<Vec<_>>();
        let set = set.iter().filter(is_imported).copied();
        filled.extend(set.map(|(module, name)| (Some(module), name)));
        filled
    }

    fn find_set_from_outside(&self) -> HashMap<String, HashSet<String>> {
        let mut set: HashMap<String, HashSet<String>> = HashMap::new();
        for file in self.files_in(Language::Python) {
            let attributes = || {
                let attributes = crate::python::set_attributes(self.text(file));
                let owned = attributes.map(|(module, name)| (module.to_owned(), name.to_owned()));
                owned.collect()
            };
            for (module, name) in self.lowered(file).set_attributes.get_or_init(attributes) {
                let mut imports = self.imports().of_name(module).iter();
                if self.by_stem.contains_key(module) && imports.any(|(by, _)| *by == file) {
                    set.entry(module.clone()).or_default().insert(name.clone());
                }
            }
        }
        set
    }

    fn rust_lowered(&self, file: FileId, platform: Platform) -> &Result<Block, Problem> {
        self.lowered(file).rust[platform.index()]
            .get_or_init(|| crate::rust::file(self.text(file), platform))
    }

    /// The items of a Rust file that are compiled on a platform, if it parses.
    pub(crate) fn rust(&self, file: FileId, platform: Platform) -> Option<&Block> {
        self.rust_lowered(file, platform).as_ref().ok()
    }

    /// What does not compile in a file, whatever words stand in it and whoever asked for what of it.
    pub fn problems(&self, file: FileId) -> &[Problem] {
        self.lowered(file).problems.get_or_init(|| {
            let source = self.file(file);
            match source.language {
                Language::Python => crate::python::syntax::errors(&source.text),
                Language::Rust => {
                    let lowered = self.rust_lowered(file, Platform::Windows);
                    lowered.as_ref().err().cloned().into_iter().collect()
                }
            }
        })
    }

    /// What was not understood of a file that compiles: outside its functions, and in these.
    pub(crate) fn not_understood<'f>(
        &self,
        file: FileId,
        functions: impl IntoIterator<Item = &'f Function>,
    ) -> Vec<Problem> {
        if self.file(file).language != Language::Python || !self.problems(file).is_empty() {
            return Vec::new();
        }
        let codes = functions.into_iter().filter_map(|it| it.code.get());
        let outside = self.python_lowered(file).problems.iter();
        let problems = outside.chain(codes.flat_map(|code| &code.problems));
        crate::python::syntax::distinct(self.text(file), problems.cloned().collect())
    }

    /// The Rust module tree as compiled on a platform.
    pub(crate) fn rust_modules(&self, platform: Platform) -> &Modules {
        dependencies::note_language(Language::Rust);
        self.modules[platform.index()].get_or_init(|| Modules::new(self, platform))
    }

    /// Whether any Rust file can hold a call that gives a child a session of its own on POSIX.
    pub(crate) fn gives_sessions(&self) -> bool {
        dependencies::note_language(Language::Rust);
        *self.gives_sessions.get_or_init(|| {
            let files = self.files_in(Language::Rust);
            crate::rust::any_gives_session(files.map(|file| self.file(file).text.as_str()))
        })
    }

    /// The names that the import statements of a Python file mention.
    pub(crate) fn imported(&self, file: FileId) -> &Imported {
        let imported = || Imported::of(self.text(file));
        self.lowered(file).imported.get_or_init(imported)
    }

    // ---- words ----

    /// The files that mention an identifier, in the order of their paths.
    pub(crate) fn mentioning(&self, word: &str) -> Vec<FileId> {
        let hash = words::hash(word);
        dependencies::note_word(hash);
        let files = (0..self.files.len()).map(|index| FileId(index as u32));
        files.filter(|file| self.may_mention(*file, hash)).collect()
    }

    /// Whether an identifier with this hash stands in a file, as far as hashes tell.
    pub(crate) fn may_mention(&self, file: FileId, hash: u32) -> bool {
        let index = file.0 as usize;
        let words = || Words::of(&self.files[index].text);
        let words = self.lowered[index].words.get_or_init(words);
        words.may_contain(hash)
    }

    /// A class and those derived from it, by name, as far as the heads of classes tell. Once there are
    /// sixteen no more are looked for.
    pub(crate) fn family(&self, class: &str, language: Language) -> Vec<String> {
        const MOST: usize = 16;
        let mut family = vec![class.to_owned()];
        let mut known = HashSet::from([class.to_owned()]);
        let mut next = 0;
        while next < family.len() && family.len() < MOST && language == Language::Python {
            let base = family[next].clone();
            next += 1;
            for file in self.mentioning(&base) {
                let heads = || Heads::of(self.text(file));
                let heads = self.lowered(file).heads.get_or_init(heads);
                for name in heads.derived_from(&base) {
                    if known.insert(name.clone()) {
                        family.push(name.clone());
                    }
                }
            }
        }
        family
    }

    // ---- Python module names ----

    /// Whether code in a file may name something of the module of another. In Python it imports the
    /// name, or a module that has it: the one it is defined in or one that imports it. A module may
    /// also be named below a package (`package.module.name`).
    pub(crate) fn may_name(&self, file: FileId, home: FileId, name: &str) -> bool {
        if self.file(home).language != Language::Python {
            return true;
        }
        let imports = self.imports();
        let importing = |word: &str| imports.of_name(word).iter().map(|(file, _)| *file);
        let text = self.text(file);
        let leads = |holder: FileId| {
            module_name(&self.file(holder).path).is_some_and(|module| {
                importing(&module).any(|other| other == file)
                    || self.may_mention(file, words::hash(&module))
                        && text.contains(&format!("{module}.{name}"))
            })
        };
        importing(name).any(|other| other == file) || leads(home) || importing(name).any(leads)
    }

    /// Where other files import a module by its name; `None` if that is not what decides whether it
    /// runs: Rust says itself what it compiles.
    pub(crate) fn importing(&self, file: FileId) -> Option<Vec<(FileId, Vec<u32>)>> {
        let source = self.file(file);
        if source.language != Language::Python || self.is_plainly_imported(file) {
            return None;
        }
        let name = module_name(&source.path)?;
        let imports = self.imports().of_name(&name).iter();
        Some(
            imports
                .filter(|(other, _)| *other != file)
                .cloned()
                .collect(),
        )
    }

    /// Which Python files import which.
    pub(crate) fn imports(&self) -> &Imports {
        self.imports
            .get_or_init(|| dependencies::unnoted(|| Imports::of(self)))
    }

    /// Whether a Python module is imported whatever the platform, as far as a look at lines tells.
    pub(crate) fn is_plainly_imported(&self, file: FileId) -> bool {
        dependencies::note_plain_imports();
        self.plainly_imported()[file.0 as usize]
    }

    /// Which Python modules are imported whatever the platform.
    pub(crate) fn plainly_imported(&self) -> &[bool] {
        let plain = || self.imports().plain(self, self.failing());
        self.plain.get_or_init(|| dependencies::unnoted(plain))
    }

    /// The packages around a Python file, by their `__init__.py`, innermost first. A folder without
    /// one may be a package within a package, too.
    pub(crate) fn packages_around(&self, file: FileId) -> Vec<FileId> {
        let path = slashed(&self.file(file).path);
        let mut folder = parent(&path);
        let mut packages = Vec::new();
        loop {
            packages.extend(self.at(&join(folder, "__init__.py")));
            if folder.is_empty() {
                return packages;
            }
            folder = parent(folder);
        }
    }

    /// The Python modules whose import fails on Windows.
    pub(crate) fn failing(&self) -> &HashSet<FileId> {
        dependencies::note_failing_imports();
        self.failing_modules()
    }

    pub(crate) fn failing_modules(&self) -> &HashSet<FileId> {
        let find = || dependencies::noted(|| crate::python::failing_modules(self));
        let find = || dependencies::unnoted(find);
        &self.failing.get_or_init(find).0
    }
}

/// The simple statements of a block, also under conditions.
fn simple<'b>(block: &'b [Stmt], found: &mut Vec<&'b Stmt>) {
    for stmt in block {
        match stmt.blocks().as_slice() {
            [] => found.push(stmt),
            blocks => blocks.iter().for_each(|block| simple(block, found)),
        }
    }
}

/// A path with `/` between its parts, without a leading `./`.
pub fn slashed(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.strip_prefix("./").map_or(path.clone(), str::to_owned)
}

pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

pub(crate) fn join(base: &str, name: &str) -> String {
    if base.is_empty() {
        name.to_owned()
    } else {
        format!("{base}/{name}")
    }
}

/// The name that code which imports a Python file mentions.
pub(crate) fn module_name(path: &Path) -> Option<String> {
    module_stem(&slashed(path)).map(str::to_owned)
}

/// The name of the module that a string starts as a script, if it names a Python file.
pub(crate) fn script_name(text: &str) -> Option<&str> {
    let path = text.strip_suffix(".py")?;
    path.rsplit(['/', '\\']).next()
}

/// The offsets at which an identifier stands in a text.
pub(crate) fn places_of<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    memchr::memmem::find_iter(text.as_bytes(), name.as_bytes())
        .filter(move |&at| {
            !text[..at].chars().next_back().is_some_and(part)
                && !text[at + name.len()..].chars().next().is_some_and(part)
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// The last segment of the module name of a Python file.
fn module_stem(path: &str) -> Option<&str> {
    let module = path
        .strip_suffix("/__init__.py")
        .or_else(|| path.strip_suffix(".py"))?;
    Some(module.rsplit('/').next().unwrap_or(module))
}
