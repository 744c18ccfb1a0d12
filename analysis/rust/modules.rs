//! The module tree: which file's `mod` line names which file, and whether that is compiled.

use std::collections::{HashMap, HashSet};

use super::mod_lines::{DeclaringMacros, ModLine, add_declaring_macros, outline};
use crate::code::Name;
use crate::platform::{Platform, Truth};
use crate::project::{Project, slashed};
use crate::source::{FileId, Language};

/// The Rust files of a project as modules of their crates.
///
/// A file that no `mod` line names is the root of a crate of its own, whether Cargo knows it or
/// not.
#[derive(Debug)]
pub struct Modules {
    files: HashMap<FileId, Module>,
    /// Library crates by the name of their directory.
    libraries: HashMap<String, FileId>,
    /// Files that implement traits for a process builder.
    extending_builders: Vec<FileId>,
}

/// A file's place in the tree.
#[derive(Debug)]
struct Module {
    /// As far as its own `#![cfg]` tells.
    allowed: Truth,
    /// As far as all tell.
    compiled: Truth,
    /// Whether Cargo builds a crate from it, whoever else names it.
    is_crate_root: bool,
    /// The line that names it: one that is compiled, if there is one.
    parent: Option<Parent>,
    /// What its own lines name.
    children: Vec<Declaration>,
}

#[derive(Debug)]
struct Parent {
    file: FileId,
    inside: Vec<Name>,
    compiled: Truth,
}

impl Module {
    fn of(file: &FileFacts) -> Module {
        Module {
            allowed: file.compiled,
            compiled: Truth::No,
            is_crate_root: file.is_crate_root(),
            parent: None,
            children: Vec::new(),
        }
    }

    fn named_by(&mut self, declaration: &Declaration) {
        let better = match &self.parent {
            None => true,
            Some(old) => old.compiled == Truth::No && declaration.compiled != Truth::No,
        };
        if better && !self.is_crate_root {
            self.parent = Some(Parent {
                file: declaration.by,
                inside: declaration.inside.clone(),
                compiled: declaration.compiled,
            });
        }
    }
}

/// Spreads what is compiled from the roots down: a file is if any line that names it is, in a file
/// that is. Files that only name each other are not.
fn spread(modules: &mut HashMap<FileId, Module>) {
    let mut changed: Vec<FileId> = Vec::new();
    for (&id, module) in modules.iter_mut() {
        if module.parent.is_none() {
            module.compiled = module.allowed;
            changed.push(id);
        }
    }
    while let Some(id) = changed.pop() {
        let module = &modules[&id];
        let reached: Vec<(FileId, Truth)> = module
            .children
            .iter()
            .map(|child| (child.file, child.compiled.and(module.compiled)))
            .collect();
        for (child, truth) in reached {
            if let Some(child_module) = modules.get_mut(&child) {
                let compiled = child_module.compiled.or(child_module.allowed.and(truth));
                // It can only rise, from no through unknown to yes.
                if compiled != child_module.compiled {
                    child_module.compiled = compiled;
                    changed.push(child);
                }
            }
        }
    }
}

impl Modules {
    /// Reads the module tree of a project as a platform compiles it.
    pub fn new(project: &Project, platform: Platform) -> Modules {
        let mut declaring = DeclaringMacros::new();
        for id in project.files_in(Language::Rust) {
            add_declaring_macros(&project.file(id).text, platform, &mut declaring);
        }
        let files: Vec<FileFacts> = project
            .files_in(Language::Rust)
            .map(|id| FileFacts::of(project, id, platform, &declaring))
            .collect();
        let declarations = resolve(project, &files);
        let mut modules: HashMap<FileId, Module> = files
            .iter()
            .map(|file| (file.id, Module::of(file)))
            .collect();
        for declaration in declarations {
            if let Some(module) = modules.get_mut(&declaration.file) {
                module.named_by(&declaration);
            }
            if let Some(module) = modules.get_mut(&declaration.by) {
                module.children.push(declaration);
            }
        }
        spread(&mut modules);
        let mut libraries = HashMap::new();
        for file in &files {
            if let Some(directory) = file.path.strip_suffix("/src/lib.rs") {
                let name = directory.rsplit('/').next().unwrap_or(directory);
                let name = without_version(name);
                libraries.entry(name.replace('-', "_")).or_insert(file.id);
            }
        }
        let extending_builders = files
            .iter()
            .filter(|file| extends_builders(&project.file(file.id).text))
            .map(|file| file.id)
            .collect();
        let mut modules = Modules {
            files: modules,
            libraries,
            extending_builders,
        };
        modules.end_builds(&files);
        modules
    }

    /// Where a file that is compiled holds a `compile_error!`, its crate is not; neither is a program
    /// that stands beside a library which is not.
    fn end_builds(&mut self, files: &[FileFacts]) {
        let ends = |file: &&FileFacts| file.ends_build && self.compiled(file.id) == Truth::Yes;
        let ended: HashSet<FileId> = files
            .iter()
            .filter(ends)
            .map(|it| self.root(it.id))
            .collect();
        if ended.is_empty() {
            return;
        }
        let libraries: Vec<&str> = files
            .iter()
            .filter(|file| ended.contains(&file.id))
            .filter_map(|file| file.path.strip_suffix("lib.rs"))
            .collect();
        let is_beside = |root: FileId| {
            let root = files.iter().find(|file| file.id == root);
            root.is_some_and(|root| libraries.iter().any(|beside| root.path.starts_with(beside)))
        };
        let is_ended = |file: &&FileFacts| {
            let root = self.root(file.id);
            ended.contains(&root) || is_beside(root)
        };
        let not_built: Vec<FileId> = files.iter().filter(is_ended).map(|file| file.id).collect();
        for file in not_built {
            if let Some(module) = self.files.get_mut(&file) {
                module.compiled = Truth::No;
            }
        }
    }

    /// Whether a file is compiled: its own `#![cfg]`, and a `mod` line that names it in a file that
    /// is compiled.
    pub fn compiled(&self, file: FileId) -> Truth {
        self.files.get(&file).map_or(Truth::Yes, |it| it.compiled)
    }

    /// The file whose `mod` line names this one, with the inline modules around that line; `None`
    /// for the root of a crate.
    pub fn parent(&self, file: FileId) -> Option<(FileId, &[Name])> {
        let parent = self.files.get(&file)?.parent.as_ref()?;
        Some((parent.file, &parent.inside))
    }

    /// The root of the crate that a file belongs to.
    pub fn root(&self, file: FileId) -> FileId {
        self.ancestors(file).last().map_or(file, |it| it.file)
    }

    /// The file of the module that `mod name;` in a file declares, within these inline modules;
    /// `None` where that is not compiled.
    pub fn child(&self, file: FileId, inside: &[Name], name: &str) -> Option<FileId> {
        let children = &self.files.get(&file)?.children;
        let find = |compiled: Truth| {
            children.iter().find(|child| {
                child.compiled == compiled && child.inside == inside && &*child.name == name
            })
        };
        let child = find(Truth::Yes).or_else(|| find(Truth::Unknown))?;
        Some(child.file)
    }

    /// The root of a library crate of the project that has this name in paths. Its directory is
    /// taken to be named like the crate, with or without its version.
    pub fn crate_root(&self, name: &str) -> Option<FileId> {
        self.libraries.get(name).copied()
    }

    /// The files that implement traits for a process builder.
    pub fn extending_builders(&self) -> &[FileId] {
        &self.extending_builders
    }

    /// The parents of a file up to the root. Files that name each other in a circle end it.
    fn ancestors(&self, file: FileId) -> impl Iterator<Item = &Parent> {
        let parent = |file| self.files.get(&file)?.parent.as_ref();
        std::iter::successors(parent(file), move |it| parent(it.file)).take(self.files.len())
    }
}

/// A directory's name without the version that unpacked crates carry.
fn without_version(name: &str) -> &str {
    match name.split_once('.') {
        Some((start, _)) => match start.rsplit_once('-') {
            Some((name, major)) if major.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => name,
        },
        None => name,
    }
}

/// Whether a text has an `impl Trait for Command`, under whichever name that was imported.
fn extends_builders(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"Command").any(|at| {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = text[start..at].trim_start();
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let whole = !text[at + "Command".len()..].starts_with(word);
        whole && before.starts_with("impl") && before.contains(" for ")
    })
}

/// Whether a text has an `impl` that names a type.
pub(crate) fn implements(text: &str, name: &str) -> bool {
    crate::project::places_of(text, name).any(|at| {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = text[start..at].trim_start();
        before.starts_with("impl") || before.starts_with("unsafe impl")
    })
}

/// What one file says of the tree.
struct FileFacts {
    id: FileId,
    path: String,
    compiled: Truth,
    ends_build: bool,
    lines: Vec<ModLine>,
}

impl FileFacts {
    fn of(
        project: &Project,
        id: FileId,
        platform: Platform,
        declaring: &DeclaringMacros,
    ) -> FileFacts {
        let source = project.file(id);
        let outline = outline(&source.text, platform, declaring);
        FileFacts {
            id,
            path: slashed(&source.path),
            compiled: outline.compiled,
            ends_build: outline.ends_build,
            lines: outline.lines,
        }
    }

    /// The directory with its slash, and the name without its extension.
    fn directory_and_stem(&self) -> (&str, &str) {
        let name = self.path.rfind('/').map_or(0, |slash| slash + 1);
        let (directory, name) = self.path.split_at(name);
        (directory, name.strip_suffix(".rs").unwrap_or(name))
    }

    /// Whether Cargo builds a crate from it, whoever else names it.
    fn is_crate_root(&self) -> bool {
        let (directory, stem) = self.directory_and_stem();
        let in_src = directory == "src/" || directory.ends_with("/src/");
        in_src && matches!(stem, "lib" | "main")
    }
}

/// A `mod` line and a file of the project that it means.
#[derive(Debug)]
struct Declaration {
    by: FileId,
    inside: Vec<Name>,
    name: Name,
    file: FileId,
    /// Whether the line is compiled and means this file.
    compiled: Truth,
    has_path: bool,
}

/// Which file each `mod` line means.
///
/// That depends on whether the file of the line is itself the root of a crate, which depends on
/// whether another line names it: so the lines are read again until nothing changes.
fn resolve(project: &Project, files: &[FileFacts]) -> Vec<Declaration> {
    /// Enough for any crate; a bound for files made to change for ever.
    const ROUNDS: usize = 8;

    let mut owners: Vec<bool> = files.iter().map(|_| false).collect();
    let mut declarations = Vec::new();
    for _ in 0..ROUNDS {
        declarations.clear();
        for (file, &is_owner) in files.iter().zip(&owners) {
            for line in &file.lines {
                declare(project, file, is_owner, line, &mut declarations);
            }
        }
        let mut named: HashMap<FileId, bool> = HashMap::new();
        for declaration in &declarations {
            *named.entry(declaration.file).or_default() |= declaration.has_path;
        }
        let next: Vec<bool> = files
            .iter()
            .map(|file| named.get(&file.id).copied().unwrap_or(true))
            .collect();
        if next == owners {
            break;
        }
        owners = next;
    }
    declarations
}

/// Adds the files that a line can mean. The modules of an owner of its directory, such as the root
/// of a crate, stand beside it; those of any other file in a directory of its name.
fn declare(
    project: &Project,
    file: &FileFacts,
    is_owner: bool,
    line: &ModLine,
    declarations: &mut Vec<Declaration>,
) {
    let (directory, stem) = file.directory_and_stem();
    let mut directory = directory.to_owned();
    let is_owner = is_owner || stem == "mod" || file.is_crate_root();
    let mut own = (!is_owner).then_some(stem);
    for module in &line.inside {
        match &module.path {
            Some(path) => {
                own = None;
                directory = join(&directory, path) + "/";
            }
            None => {
                let own = own.take().map(|own| format!("{own}/")).unwrap_or_default();
                directory = format!("{directory}{own}{}/", module.name);
            }
        }
    }
    for (compiled, path) in &line.files {
        let found = match path {
            Some(path) => project.at(&join(&directory, path)),
            None => {
                let own = own.map(|own| format!("{own}/")).unwrap_or_default();
                let base = format!("{directory}{own}{}", line.name);
                let beside = project.at(&format!("{base}.rs"));
                beside.or_else(|| project.at(&format!("{base}/mod.rs")))
            }
        };
        if let Some(found) = found {
            declarations.push(Declaration {
                by: file.id,
                inside: line.inside.iter().map(|it| it.name.clone()).collect(),
                name: line.name.clone(),
                file: found,
                compiled: *compiled,
                has_path: path.is_some(),
            });
        }
    }
}

/// A relative path from a directory (with its slash), without `.` and `..` where that can be.
fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let path = path.replace('\\', "/");
    for part in directory
        .split('/')
        .filter(|part| !part.is_empty())
        .chain(path.split('/'))
    {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if directory.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests;
