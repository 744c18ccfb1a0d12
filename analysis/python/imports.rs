//! Which Python modules the project's own files import, as far as a look at their lines tells.

use std::collections::{HashMap, HashSet};

use crate::dependencies;
use crate::project::{Project, module_name};
use crate::source::{FileId, Language, Span};
use crate::words;

/// The imports of a project, by the last segment of a module's name.
#[derive(Debug)]
pub(crate) struct Imports {
    /// The files that import something of that name, and where in them it is named.
    by_name: HashMap<String, Vec<(FileId, Vec<u32>)>>,
    /// The same of statements that stand at the left margin.
    plainly: HashMap<String, Vec<FileId>>,
}

/// The names that the import statements of a text mention, and those of scripts in its strings.
#[derive(Debug)]
pub(crate) struct Imported(Box<[Mentioned]>);

impl Imported {
    pub(crate) fn of(text: &str) -> Imported {
        Imported(mentioned(text).into())
    }
}

/// A name in an import statement.
#[derive(Debug)]
struct Mentioned {
    /// Its bytes.
    name: Span,
    /// Whether the statement is not indented, so that importing the module runs it.
    plain: bool,
}

impl Imports {
    /// Looks at every Python file.
    pub(crate) fn of(project: &Project) -> Imports {
        let mut by_name: HashMap<String, Vec<(FileId, Vec<u32>)>> = HashMap::new();
        let mut plainly: HashMap<String, Vec<FileId>> = HashMap::new();
        for file in project.files_in(Language::Python) {
            let text = project.text(file);
            for mentioned in &project.imported(file).0 {
                let name = &text[mentioned.name.range()];
                let offset = mentioned.name.start;
                let files = by_name.entry(name.to_owned()).or_default();
                match files.last_mut() {
                    Some((last, offsets)) if *last == file => offsets.push(offset),
                    _ => files.push((file, vec![offset])),
                }
                if mentioned.plain {
                    plainly.entry(name.to_owned()).or_default().push(file);
                }
            }
        }
        Imports { by_name, plainly }
    }

    /// The files that import something of this name, with the places where they name it.
    pub(crate) fn of_name(&self, name: &str) -> &[(FileId, Vec<u32>)] {
        dependencies::note_word(words::hash(name));
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a file imports something of this name at its left margin.
    pub(crate) fn are_plain(&self, file: FileId, name: &str) -> bool {
        dependencies::note_word(words::hash(name));
        let files = self.plainly.get(name);
        files.is_some_and(|files| files.contains(&file))
    }

    /// Which files are imported whatever the platform, as far as is seen: by a chain of statements
    /// that stand at the left margin, from a file that nobody imports. A file that fails itself on
    /// Windows imports nothing there.
    pub(crate) fn plain(&self, project: &Project, failing: &HashSet<FileId>) -> Vec<bool> {
        let mut plain = vec![false; project.files.len()];
        let names: Vec<Option<String>> = project
            .files
            .iter()
            .map(|source| module_name(&source.path))
            .collect();
        let mut changed = true;
        while changed {
            changed = false;
            for file in project.files_in(Language::Python) {
                let index = file.0 as usize;
                let Some(name) = names[index].as_deref().filter(|_| !plain[index]) else {
                    continue;
                };
                let foreign = |other: &FileId| *other != file;
                let imported = self.of_name(name).iter().any(|(other, _)| foreign(other));
                let reached = self.plainly.get(name).is_some_and(|files| {
                    files.iter().any(|other| {
                        foreign(other) && plain[other.0 as usize] && !failing.contains(other)
                    })
                });
                if !imported || reached {
                    plain[index] = true;
                    changed = true;
                }
            }
        }
        plain
    }
}

/// The names in the import statements of a text, and those of scripts that it names in strings.
fn mentioned(text: &str) -> Vec<Mentioned> {
    let mut found = scripts(text);
    let mut open: Option<bool> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let code = line.split('#').next().unwrap_or_default();
        let trimmed = code.trim_start();
        let plain = match open {
            Some(plain) => plain,
            None if trimmed.starts_with("import ") || trimmed.starts_with("from ") => {
                trimmed.len() == code.len()
            }
            // `try: import x`, `if y: from z import x`
            None if code.contains(": import ") || code.contains(": from ") => false,
            None => continue,
        };
        let word = |c: char| c.is_alphanumeric() || c == '_';
        for name in code.split(|c| !word(c)).filter(|name| !name.is_empty()) {
            let at = start + (name.as_ptr() as usize - line.as_ptr() as usize);
            found.push(Mentioned {
                name: Span::new(at, at + name.len()),
                plain,
            });
        }
        let continued = code.trim_end().ends_with('\\');
        open = match (open, code.contains('('), code.contains(')')) {
            (_, _, true) => None,
            (None, true, false) => Some(plain),
            _ if continued => Some(plain),
            (Some(_), false, false) if !continued && open_by_backslash(text, start) => None,
            (open, ..) => open,
        };
    }
    found
}

/// The names of Python files that strings of a text end with: code that starts a script names it so.
fn scripts(text: &str) -> Vec<Mentioned> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    memchr::memmem::find_iter(text.as_bytes(), b".py")
        .filter(|end| text[end + 3..].starts_with(['"', '\'']))
        .filter_map(|end| {
            let name = &text[text[..end].trim_end_matches(word).len()..end];
            (!name.is_empty() && name.is_ascii()).then_some(Mentioned {
                name: Span::new(end - name.len(), end),
                plain: false,
            })
        })
        .collect()
}

/// Whether the line before the one at `start` ends with a backslash.
fn open_by_backslash(text: &str, start: usize) -> bool {
    text[..start].trim_end_matches(['\n', '\r']).ends_with('\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn project(files: &[(&str, &str)]) -> Project {
        let source = |(path, text): &(&str, &str)| Source {
            path: path.into(),
            language: Language::Python,
            text: (*text).to_owned(),
        };
        Project::new(files.iter().map(source).collect())
    }

    fn plain(files: &[(&str, &str)]) -> Vec<String> {
        let project = project(files);
        let paths = project.files.iter().enumerate();
        paths
            .filter(|(index, _)| project.is_plainly_imported(FileId(*index as u32)))
            .map(|(_, source)| source.path.display().to_string())
            .collect()
    }

    #[test]
    fn a_guarded_import_is_not_plain() {
        let files = [
            (
                "main.py",
                "import helper\nif x:\n    from posix_part import run\n",
            ),
            ("helper.py", "from chain import (\n    a,\n    b,\n)\n"),
            ("chain.py", ""),
            ("posix_part.py", "import below\n"),
            ("below.py", ""),
        ];
        assert_eq!(plain(&files), ["chain.py", "helper.py", "main.py"]);
    }

    #[test]
    fn a_script_is_mentioned_by_its_file_name() {
        let files = [
            (
                "main.py",
                "run([sys.executable, here / 'watch.py'])  # not other.py\n",
            ),
            ("other.py", ""),
            ("watch.py", ""),
        ];
        assert_eq!(plain(&files), ["main.py", "other.py"]);
    }

    #[test]
    fn a_script_is_mentioned_behind_any_character() {
        let text = "print('→main.py', \"é.py\", '\u{1f40d}.py')";
        let found = mentioned(text).into_iter();
        let found: Vec<&str> = found.map(|found| &text[found.name.range()]).collect();
        assert_eq!(found, ["main"]);
    }

    #[test]
    fn continued_lines_belong_to_their_statement() {
        let names = |text: &'static str| -> Vec<(&str, bool)> {
            mentioned(text)
                .into_iter()
                .map(|found| (&text[found.name.range()], found.plain))
                .collect()
        };
        assert_eq!(
            names("from a import b, \\\n    c\nd = e\n"),
            [
                ("from", true),
                ("a", true),
                ("import", true),
                ("b", true),
                ("c", true)
            ]
        );
        assert_eq!(
            names("x = 1\n  import y # z\n"),
            [("import", false), ("y", false)]
        );
    }
}
