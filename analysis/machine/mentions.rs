//! Mentions: the code that names a function, a class or a module, and so may lead to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Machine, Object};
use crate::code::Name;
use crate::source::{FileId, Span};
use crate::value::{Closure, DocumentId, Location, Ref};

/// Something that other code mentions by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Symbol {
    /// A module.
    Module(FileId),
    /// A function or class, by its definition.
    Definition(Location, Name),
}

impl Symbol {
    /// A function that has a name.
    pub(super) fn of_function(closure: &Closure) -> Option<Symbol> {
        let name = closure.function.name.clone()?;
        Some(Symbol::Definition(closure.location(), name))
    }

    /// What is named: a definition, or the beginning of a module.
    pub(super) fn location(&self) -> Location {
        match self {
            Symbol::Module(file) => beginning(*file),
            Symbol::Definition(location, _) => *location,
        }
    }
}

/// Code that mentions a symbol.
#[derive(Clone, Debug)]
pub(super) enum Mention {
    /// The statements of a module outside its functions.
    Body(FileId),
    /// A function.
    Function(Arc<Closure>),
}

impl Mention {
    /// The function, or the beginning of the module.
    pub(super) fn location(&self) -> Location {
        match self {
            Mention::Body(file) => beginning(*file),
            Mention::Function(closure) => closure.location(),
        }
    }
}

/// The code that mentions a symbol.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentions {
    pub code: Vec<Mention>,
    /// Module variables whose values hold the symbol.
    pub tables: Vec<Name>,
}

/// Symbols that more code mentions than this count as reached.
const MOST_MENTIONS: usize = 24;

impl Machine<'_> {
    pub(super) fn class_symbol(&self, class: Ref) -> Option<Symbol> {
        let Some(Object::Class(class)) = self.object(class) else {
            return None;
        };
        let location = Location {
            document: class.document,
            span: class.class.span,
        };
        Some(Symbol::Definition(location, class.class.name.clone()))
    }

    /// Looks for the code that mentions a symbol; `None` if there is too much of it, or if it cannot
    /// be told.
    pub(super) fn find_mentions(&mut self, symbol: &Symbol) -> Option<Mentions> {
        let project = self.project;
        let mut mentions = Mentions::default();
        let (home, places) = match symbol {
            Symbol::Module(home) => (*home, project.importing(*home)?),
            Symbol::Definition(location, name) => {
                // Programs inside strings have no callers outside.
                let home = FileId(location.document.0);
                ((home.0 as usize) < project.files.len()).then_some(())?;
                let mut places = self.places_of_definition(home, location.span, name);
                mentions.tables = self.read_tables(&mut places)?;
                (home, places)
            }
        };
        let in_tests = is_test(&project.file(home).path);
        for (file, places) in places {
            if !is_test(&project.file(file).path) || in_tests {
                self.mentions_in(file, places, &mut mentions.code);
            }
            if mentions.code.len() > MOST_MENTIONS {
                return None;
            }
        }
        Some(mentions)
    }

    /// What a table holds is come to where the table is read, not where it is set. A table that
    /// nobody reads is there for others: what it holds cannot be told.
    fn read_tables(&self, places: &mut Vec<(FileId, Vec<u32>)>) -> Option<Vec<Name>> {
        let project = self.project;
        let mut tables = Vec::new();
        let mut readers = Vec::new();
        for (file, places) in places.iter_mut() {
            if !places.iter().any(|at| self.may_be_in_table(*file, *at)) {
                continue;
            }
            for (span, table) in project.tables(*file) {
                let inside = |at: &u32| span.start <= *at && *at < span.end;
                if !places.iter().any(inside) {
                    continue;
                }
                let set = Location {
                    document: DocumentId(file.0),
                    span: *span,
                };
                let found = self.places_of_variable(set, table);
                if found.iter().all(|(_, places)| places.is_empty()) {
                    return None;
                }
                places.retain(|at| !inside(at));
                readers.extend(found);
                tables.push(table.clone());
            }
        }
        for (file, found) in readers {
            match places.iter_mut().find(|(other, _)| *other == file) {
                Some((_, places)) => places.extend(found),
                None => places.push((file, found)),
            }
        }
        Some(tables)
    }

    /// Whether a place may lie in a statement that sets a table, told without a parse.
    fn may_be_in_table(&self, file: FileId, at: u32) -> bool {
        let text = self.project.text(file);
        !is_imported(&text[..at as usize]) && !self.project.is_in_function(file, at)
    }

    /// Where a module variable is named outside the statement that sets it.
    fn places_of_variable(&self, set: Location, name: &Name) -> Vec<(FileId, Vec<u32>)> {
        let project = self.project;
        let home = FileId(set.document.0);
        let files = project.mentioning(name).into_iter();
        let language = project.file(home).language;
        files
            .filter(|file| project.file(*file).language == language)
            .filter(|file| *file == home || project.may_name(*file, home, name))
            .map(|file| {
                let own = |at: u32| file == home && set.span.start <= at && at < set.span.end;
                (file, places_with_aliases(project.text(file), name, own))
            })
            .collect()
    }

    /// Where a function, or a class or one derived from it, is named outside its definition.
    fn places_of_definition(
        &mut self,
        home: FileId,
        span: Span,
        name: &Name,
    ) -> Vec<(FileId, Vec<u32>)> {
        let project = self.project;
        let language = project.file(home).language;
        let own = |file: FileId, at: u32| file == home && span.start <= at && at < span.end;
        let module = self.module(home);
        let function = module.as_ref().and_then(|it| it.function_at(span));
        // What stands at module level is known elsewhere only through an import.
        let global = function.is_some_and(|it| it.class.is_none());
        let names = match function {
            Some(_) => vec![name.to_string()],
            None => project.family(name, language),
        };
        let mut places: Vec<(FileId, Vec<u32>)> = Vec::new();
        for name in names {
            let files = project.mentioning(&name).into_iter();
            let files = files
                .filter(|file| project.file(*file).language == language)
                .filter(|file| !global || *file == home || project.may_name(*file, home, &name));
            for file in files {
                let text = project.text(file);
                let found = places_with_aliases(text, &name, |at| own(file, at));
                places.push((file, found));
            }
        }
        places
    }

    /// The functions of a file in which places lie, and the rest of it.
    fn mentions_in(&mut self, file: FileId, places: Vec<u32>, found: &mut Vec<Mention>) {
        if places.is_empty() {
            return;
        }
        let Some(module) = self.module(file) else {
            return;
        };
        let functions = module.function_places();
        let holders: BTreeSet<Option<usize>> =
            places.iter().map(|at| functions.around(*at)).collect();
        for &index in holders.iter().flatten() {
            found.push(Mention::Function(Arc::clone(&module.functions[index])));
        }
        if holders.contains(&None) {
            found.push(Mention::Body(file));
        }
    }
}

/// Where the functions of a module stand, in the order of the text. None of them is in another, but
/// one that is defined in a loop is there more than once.
#[derive(Debug, Default)]
pub(super) struct FunctionPlaces {
    /// Their spans, each with the index of the first function there.
    by_start: Vec<(Span, usize)>,
}

impl FunctionPlaces {
    pub(super) fn of(functions: &[Arc<Closure>]) -> FunctionPlaces {
        let spans = functions.iter().map(|closure| closure.function.span);
        let mut by_start: Vec<(Span, usize)> = spans.zip(0..).collect();
        by_start.sort_unstable();
        by_start.dedup_by_key(|(span, _)| *span);
        FunctionPlaces { by_start }
    }

    /// The function around a byte.
    pub(super) fn around(&self, at: u32) -> Option<usize> {
        let next = self.by_start.partition_point(|(span, _)| span.start <= at);
        let (span, index) = self.by_start[next.checked_sub(1)?];
        (at < span.end).then_some(index)
    }

    /// The function with this span.
    pub(super) fn at(&self, span: Span) -> Option<usize> {
        let found = self.by_start.binary_search_by_key(&span, |(span, _)| *span);
        found.ok().map(|at| self.by_start[at].1)
    }
}

pub(super) fn beginning(file: FileId) -> Location {
    Location {
        document: DocumentId(file.0),
        span: Span::new(0, 0),
    }
}

/// Where a name stands in a text, and the other names that imports give it there.
fn places_with_aliases(text: &str, name: &str, own: impl Fn(u32) -> bool) -> Vec<u32> {
    let places = crate::project::places_of(text, name).map(|at| at as u32);
    let mut found: Vec<u32> = places.filter(|at| !own(*at)).collect();
    let aliases: Vec<&str> = found
        .iter()
        .filter_map(|at| alias(&text[*at as usize + name.len()..]))
        .collect();
    for alias in aliases {
        found.extend(crate::project::places_of(text, alias).map(|at| at as u32));
    }
    found
}

/// The other name that an import gives to the one before `rest` (`as other`).
fn alias(rest: &str) -> Option<&str> {
    let rest = rest
        .trim_start_matches(' ')
        .strip_prefix("as ")?
        .trim_start_matches(' ');
    let end = rest
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    Some(&rest[..end]).filter(|alias| !alias.is_empty())
}

/// Whether what follows is a name in an import statement: `import `, `from module import `, and in
/// brackets behind that. One behind a comment in the brackets is not seen.
fn is_imported(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before).trim_start();
    let begins = ["import ", "from "];
    if begins.iter().any(|word| line.starts_with(word)) && !line.contains([';', '#']) {
        return true;
    }
    let listed = |c: char| c.is_alphanumeric() || c == '_' || c == ',' || c.is_whitespace();
    let bracket = before.trim_end_matches(listed).strip_suffix('(');
    bracket.is_some_and(|head| head.trim_end().ends_with(" import"))
}

/// Whether a file holds tests: that they call something does not make a program do so.
pub(super) fn is_test(path: &std::path::Path) -> bool {
    let name = path
        .file_stem()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    name.starts_with("test_")
        || name.ends_with("_test")
        || matches!(name, "conftest" | "tests" | "test")
        || path
            .components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "test")))
}

#[cfg(test)]
mod tests {
    use super::is_imported;

    #[test]
    fn names_in_imports_are_told_from_those_in_tables() {
        for (before, expected) in [
            ("", false),
            ("import ", true),
            ("x = 1\n    from a import b, ", true),
            ("from a import (\n    b,\n    ", true),
            ("from a import (  # all\n    b,\n    ", false),
            ("from a import b; TABLE = [", false),
            ("from a import b\nTABLE = [\n    b,\n    ", false),
            ("TABLE = (\n    b,\n    ", false),
            ("reimport (", false),
        ] {
            assert_eq!(is_imported(before), expected, "{before:?}");
        }
    }
}
