//! What is known of a project, shared by all who evaluate parts of it: each module body, constructor
//! and trace is evaluated once on each platform and never changes from then on.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use imbl::OrdMap;

use super::changed::Changed;
use super::distant::DistantMember;
use super::entries::Entered;
use super::foreign::ForeignMethod;
use super::instances::AssignedAttributes;
use super::mentions::FunctionPlaces;
use super::reach::Reach;
use super::run::Run;
use super::summaries::Summaries;
use super::{Heap, Record, Shared};
use crate::Comment;
use crate::code::Name;
use crate::demand::Demand;
use crate::dependencies::{self, Changes, Dependencies};
use crate::embedded::Origin;
use crate::platform::Platform;
use crate::project::Project;
use crate::source::{FileId, Language, Span};
use crate::value::{Closure, DocumentId, Location, Ref, Unit, Value};

/// A text the machine runs.
#[derive(Debug)]
pub struct Text<'p> {
    /// The file it is, or stands in.
    pub file: FileId,
    /// Its characters.
    pub text: Cow<'p, str>,
    /// Its language.
    pub language: Language,
    /// Where its bytes stand in other texts, if it is the value of a string.
    pub origin: Option<Origin>,
}

/// What is known of a project on every platform.
#[derive(Debug)]
pub struct Session<'p> {
    pub(super) project: &'p Project,
    pub(super) demand: &'p Demand<'p>,
    /// The files of the project; the text of each is the document with its number.
    files: Vec<Text<'p>>,
    evaluated: Evaluated,
    /// Whether what a call comes to is kept for others.
    pub(super) recalls: bool,
    /// Modules whose import fails, while that is being found out.
    pub(super) failing: Option<Arc<HashSet<FileId>>>,
}

impl<'p> Session<'p> {
    /// A session in which nothing has been evaluated yet.
    pub fn new(project: &'p Project, demand: &'p Demand<'p>) -> Session<'p> {
        let text = |(index, source): (usize, &'p crate::source::Source)| Text {
            file: FileId(index as u32),
            text: Cow::Borrowed(source.text.as_str()),
            language: source.language,
            origin: None,
        };
        Session {
            project,
            demand,
            files: project.files.iter().enumerate().map(text).collect(),
            evaluated: Evaluated {
                programs: Arc::default(),
                worlds: std::array::from_fn(|_| World::new(project.files.len())),
            },
            recalls: true,
            failing: None,
        }
    }

    /// The same, evaluating every call anew: what is kept of calls must make no difference.
    pub fn without_summaries(self) -> Session<'p> {
        Session {
            recalls: false,
            ..self
        }
    }

    /// The same, knowing what was evaluated before these changes and rests on none of them.
    pub fn knowing(self, before: &Evaluated, changes: &Changes) -> Session<'p> {
        Session {
            evaluated: Evaluated {
                programs: Arc::clone(&before.programs),
                worlds: before.worlds.each_ref().map(|world| world.unless(changes)),
            },
            ..self
        }
    }

    /// What was evaluated, for a later session.
    pub fn evaluated(self) -> Evaluated {
        self.evaluated
    }

    /// The same with these modules taken for those whose import fails.
    pub(crate) fn failing(self, modules: Arc<HashSet<FileId>>) -> Session<'p> {
        Session {
            failing: Some(modules),
            ..self
        }
    }

    /// The project.
    pub fn project(&self) -> &Project {
        self.project
    }

    /// What the rules ask for.
    pub fn demand(&self) -> &Demand<'p> {
        self.demand
    }

    /// A text, by the document it is.
    pub(super) fn text(&self, document: DocumentId) -> &Text<'_> {
        let index = document.0 as usize;
        match self.files.get(index) {
            Some(text) => {
                dependencies::note_file(text.file);
                text
            }
            None => &self.evaluated.programs[index - self.files.len()],
        }
    }

    /// Adds a program that a string spells.
    pub(super) fn add_program(&self, program: Text<'static>) -> DocumentId {
        DocumentId((self.files.len() + self.evaluated.programs.push(program)) as u32)
    }

    /// What is known on one platform.
    pub(super) fn world(&self, platform: Platform) -> &World {
        &self.evaluated.worlds[platform.index()]
    }
}

/// What was evaluated of a project.
#[derive(Debug)]
pub struct Evaluated {
    /// The programs in strings that were run, as the documents behind those of the files.
    programs: Arc<boxcar::Vec<Text<'static>>>,
    worlds: [World; 4],
}

/// A module whose body has been run to its end.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// Its names.
    pub scope: Option<Ref>,
    /// The functions that it defines at module or class level.
    pub functions: Vec<Arc<Closure>>,
    /// Where they stand, once somebody asks.
    places: OnceLock<FunctionPlaces>,
    /// What it changed of objects that are not its own: seen by its functions, and by nobody else.
    pub changes: Heap,
    /// What running it met.
    pub record: Record,
    /// What of it was given up because it takes too many steps.
    pub given_up: Vec<Location>,
    /// The comments of the programs that it runs.
    pub comments: Vec<(FileId, Comment)>,
    /// Methods that its traits give to types outside the project.
    pub foreign_methods: Vec<ForeignMethod>,
    /// Members that it gives to types of other files.
    pub distant_members: Vec<DistantMember>,
    /// The modules that were evaluated within it because they import it in a circle: where one of
    /// them is being evaluated itself, this one is evaluated anew.
    pub circle: Vec<FileId>,
    /// What all this rests on.
    pub rests_on: Dependencies,
}

impl Module {
    /// What a finished run of a module body leaves.
    pub fn of(scope: Ref, run: &mut Run) -> Module {
        Module {
            scope: Some(scope),
            functions: std::mem::take(&mut run.definitions),
            places: OnceLock::new(),
            changes: Heap::new(),
            record: std::mem::take(&mut run.record),
            given_up: std::mem::take(&mut run.given_up),
            comments: std::mem::take(&mut run.comments),
            foreign_methods: std::mem::take(&mut run.foreign_methods),
            distant_members: std::mem::take(&mut run.distant_members),
            circle: Vec::new(),
            rests_on: Dependencies::default(),
        }
    }

    /// Where its functions stand.
    pub fn function_places(&self) -> &FunctionPlaces {
        self.places
            .get_or_init(|| FunctionPlaces::of(&self.functions))
    }

    /// The function with this span.
    pub fn function_at(&self, span: Span) -> Option<&Arc<Closure>> {
        let index = self.function_places().at(span)?;
        self.functions.get(index)
    }
}

/// What is known of a project on one platform.
#[derive(Debug)]
pub(super) struct World {
    modules: Vec<OnceLock<Arc<Module>>>,
    /// The objects of modules and constructors, by the unit that made them.
    units: Arc<boxcar::Vec<OnceLock<Vec<Option<Shared>>>>>,
    /// Held by whoever evaluates what is kept here.
    turn: Mutex<()>,
    /// What evaluating pieces of code by themselves comes to, each with the function that it runs
    /// for its callers' values.
    pub entered: Once<(Location, Option<Location>), Entered>,
    /// What constructors set, by class.
    pub constructed: Kept<Ref, OrdMap<Name, Value>>,
    /// Whether running a function for its callers can tell something.
    pub worth: Kept<Location, bool>,
    /// What calls of functions come to.
    pub summaries: Summaries,
    /// What runs have changed of others' objects.
    pub changed: Changed,
    /// Whether functions put something into what has a name.
    pub filled: Kept<Name, bool>,
    /// Whether files deal with process groups only where the platform does not come to.
    pub leaves_groups: Kept<FileId, bool>,
    /// Where the texts of classes assign to attributes.
    pub assigned: Kept<Location, Arc<AssignedAttributes>>,
    /// The files that implement something for a Rust type of another, by its definition.
    pub implementing: Kept<Location, Arc<Vec<FileId>>>,
    /// What is known of how symbols are reached.
    pub reach: Reach,
}

impl World {
    fn new(files: usize) -> World {
        World {
            modules: (0..files).map(|_| OnceLock::new()).collect(),
            units: Arc::default(),
            turn: Mutex::new(()),
            entered: Once::default(),
            constructed: Kept::default(),
            worth: Kept::default(),
            summaries: Summaries::default(),
            changed: Changed::default(),
            filled: Kept::default(),
            leaves_groups: Kept::default(),
            assigned: Kept::default(),
            implementing: Kept::default(),
            reach: Reach::default(),
        }
    }

    /// What of this rests on nothing that has changed.
    fn unless(&self, changes: &Changes) -> World {
        let module = |module: &OnceLock<Arc<Module>>| match module.get() {
            Some(module) if !changes.affect(&module.rests_on) => OnceLock::from(Arc::clone(module)),
            _ => OnceLock::new(),
        };
        World {
            modules: self.modules.iter().map(module).collect(),
            units: Arc::clone(&self.units),
            turn: Mutex::new(()),
            entered: self.entered.unless(changes),
            constructed: self.constructed.unless(changes),
            worth: self.worth.unless(changes),
            summaries: self.summaries.unless(changes),
            changed: self.changed.clone(),
            filled: self.filled.unless(changes),
            leaves_groups: self.leaves_groups.unless(changes),
            assigned: self.assigned.unless(changes),
            implementing: self.implementing.unless(changes),
            reach: self.reach.unless(changes),
        }
    }

    /// The module of a file, if it has been evaluated.
    pub fn module(&self, file: FileId) -> Option<&Arc<Module>> {
        self.modules[file.0 as usize].get()
    }

    /// Keeps a module for everybody.
    pub fn keep_module(&self, file: FileId, module: Arc<Module>) {
        // Only one at a time evaluates modules, so it is not there yet.
        let _ = self.modules[file.0 as usize].set(module);
    }

    /// Waits until nobody else evaluates what is kept. Whoever has panicked meanwhile has kept
    /// nothing.
    pub fn take_turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A unit whose objects are to be kept.
    pub fn new_unit(&self) -> Unit {
        Unit(self.units.push(OnceLock::new()) as u32)
    }

    /// Keeps the objects that a finished run of a unit has made; gives back what it changed of
    /// others.
    pub fn freeze(&self, unit: Unit, heap: Heap) -> Heap {
        let mut own = Vec::new();
        let mut changes = Heap::new();
        for (reference, object) in heap {
            if reference.unit == unit {
                own.resize(reference.index as usize + 1, None);
                own[reference.index as usize] = Some(object);
            } else {
                changes.insert(reference, object);
            }
        }
        let _ = self.units[unit.0 as usize].set(own);
        changes
    }

    /// An object that is kept.
    pub fn object(&self, reference: Ref) -> Option<&Shared> {
        if reference.unit == Unit::RUN {
            return None;
        }
        let objects = self.units.get(reference.unit.0 as usize)?.get()?;
        objects.get(reference.index as usize)?.as_ref()
    }
}

/// Answers that are found once and kept for everybody, each with what it rests on.
#[derive(Debug)]
pub(super) struct Kept<K, V>(RwLock<HashMap<K, (V, Arc<Dependencies>)>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Kept<K, V> {
        Kept(RwLock::new(HashMap::new()))
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Kept<K, V> {
    /// The answers that rest on nothing that has changed.
    pub fn unless(&self, changes: &Changes) -> Kept<K, V> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.iter();
        let unaffected = kept.filter(|(_, (_, rests_on))| !changes.affect(rests_on));
        Kept(RwLock::new(
            unaffected
                .map(|(key, kept)| (key.clone(), kept.clone()))
                .collect(),
        ))
    }

    /// The answer, if it has been found.
    pub fn get(&self, key: &K) -> Option<V> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (answer, rests_on) = kept.get(key).cloned()?;
        drop(kept);
        dependencies::note(&rests_on);
        Some(answer)
    }

    /// Keeps an answer. Where somebody else has found it meanwhile, that one stays.
    pub fn keep(&self, key: K, (answer, rests_on): (V, Dependencies)) -> V {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.entry(key);
        kept.or_insert_with(|| (answer, Arc::new(rests_on)))
            .0
            .clone()
    }

    /// The answer, found now if it has not been yet.
    pub fn answer(&self, key: K, find: impl FnOnce() -> V) -> V {
        match self.get(&key) {
            Some(known) => known,
            None => self.keep(key, dependencies::noted(find)),
        }
    }
}

/// Large answers: whoever asks first finds one, and others wait for it.
#[derive(Debug)]
pub(super) struct Once<K, V>(RwLock<HashMap<K, Slot<V>>>);

type Slot<V> = Arc<OnceLock<(Arc<V>, Dependencies)>>;

impl<K, V> Default for Once<K, V> {
    fn default() -> Once<K, V> {
        Once(RwLock::new(HashMap::new()))
    }
}

impl<K: Clone + Eq + Hash, V> Once<K, V> {
    /// The answers that rest on nothing that has changed.
    pub fn unless(&self, changes: &Changes) -> Once<K, V> {
        let slots = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let unaffected = slots.iter().filter(|(_, slot)| {
            let found = slot.get();
            found.is_some_and(|(_, rests_on)| !changes.affect(rests_on))
        });
        Once(RwLock::new(
            unaffected
                .map(|(key, slot)| (key.clone(), Arc::clone(slot)))
                .collect(),
        ))
    }

    /// The answer, found now if it has not been yet.
    pub fn answer(&self, key: K, find: impl FnOnce() -> V) -> Arc<V> {
        let known = || {
            let slots = self.0.read().unwrap_or_else(PoisonError::into_inner);
            slots.get(&key).cloned()
        };
        let slot = known().unwrap_or_else(|| {
            let mut slots = self.0.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(key).or_default())
        });
        let (answer, rests_on) = slot.get_or_init(|| {
            let (answer, rests_on) = dependencies::noted(find);
            (Arc::new(answer), rests_on)
        });
        dependencies::note(rests_on);
        Arc::clone(answer)
    }
}
