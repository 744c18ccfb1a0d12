//! Where an import goes among sorted ones, as isort and ruff sort them: by section, with a blank line
//! between the sections, then `import a` before `from a import b`, then by the module.

use tree_sitter::Node;

use super::layout::Rest;
use super::names::is_import;
use super::{Code, Replacement, descends};
use crate::python::is_standard;
use crate::source::Span;

/// The sections of imports, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Future,
    Standard,
    Third,
    Own,
    Relative,
}

/// What imports are sorted by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    section: Section,
    is_from: bool,
    /// Modules further away come first.
    closeness: isize,
    module: String,
}

impl Key {
    /// That of a statement; `None` where it imports several modules.
    fn of(code: &Code, statement: &str) -> Option<Key> {
        let (is_from, rest) = match statement.strip_prefix("from ") {
            Some(rest) => (true, rest),
            None => (false, statement.strip_prefix("import ")?),
        };
        let end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '\\');
        let rest = rest.trim_start();
        if !is_from && rest.contains(',') {
            return None;
        }
        let written = rest.split(end).next()?;
        let module = written.trim_start_matches('.');
        let dots = written.len() - module.len();
        let first = module.split('.').next().unwrap_or(module);
        let section = match dots {
            0 if module == "__future__" => Section::Future,
            0 if is_standard(first) => Section::Standard,
            0 if code.is_own(first) => Section::Own,
            0 => Section::Third,
            _ => Section::Relative,
        };
        Some(Key {
            section,
            is_from,
            closeness: -(dots as isize),
            module: module.to_lowercase(),
        })
    }
}

/// The statement in its place among the imports that a module starts with, up to the first statement that
/// is none; `None` where they are not sorted, or laid out in another way.
pub(super) fn placed(code: &Code, imports: &[Node], statement: &str) -> Option<Replacement> {
    let first = *imports.first()?;
    let follow = |pair: &[Node]| pair[0].next_named_sibling() == Some(pair[1]);
    let together = 1 + imports.windows(2).take_while(|pair| follow(pair)).count();
    let run = &imports[..together];
    if !run
        .iter()
        .all(|node| is_import(*node) && is_alone(code, *node))
    {
        return None;
    }
    let keys: Vec<Key> = run
        .iter()
        .map(|node| Key::of(code, code.text(*node)))
        .collect::<Option<_>>()?;
    if !keys.is_sorted() || !are_apart(code, run, &keys) {
        return None;
    }
    let key = Key::of(code, statement)?;
    let layout = &code.layout;
    let line_break = layout.line_break(first.start_byte());
    let at = keys.partition_point(|other| *other < key);
    // What is imported by `*` behind it might take its name.
    let is_open = |node: &Node| descends(*node, |node| node.kind() == "wildcard_import");
    if run[at..].iter().any(is_open) {
        return None;
    }
    let (before, after) = (at.checked_sub(1), keys.get(at));
    let shares = |other: &Key| other.section == key.section;
    let Some(before) = before else {
        let start = layout.line_start(first.start_byte());
        let is_commented = layout
            .line_before(start)
            .is_some_and(|line| layout.is_comment_line(line));
        let apart = if shares(&keys[0]) { "" } else { line_break };
        return (!is_commented).then(|| {
            let content = format!("{statement}{line_break}{apart}");
            (Span::new(start, start), content)
        });
    };
    let joins = shares(&keys[before]);
    let begins = !joins && after.is_some_and(shares);
    let (at, above) = match begins {
        // The blank line before its section stands already.
        true => (layout.line_start(run[at].start_byte()), ""),
        false if joins => (layout.next_line(run[before].end_byte()), ""),
        false => (layout.next_line(run[before].end_byte()), line_break),
    };
    Some((Span::new(at, at), format!("{above}{statement}{line_break}")))
}

/// Whether an import has its lines for itself, but for a comment.
fn is_alone(code: &Code, node: Node) -> bool {
    let layout = &code.layout;
    let ends = layout.rest(node.end_byte()) != Rest::Code;
    let next = layout.next_line(node.end_byte());
    layout.indentation(node.start_byte()).is_some()
        && ends
        && next != layout.line_end(node.end_byte())
}

/// Whether a blank line stands between the sections, and none within one.
fn are_apart(code: &Code, run: &[Node], keys: &[Key]) -> bool {
    run.windows(2).zip(keys.windows(2)).all(|(nodes, keys)| {
        let between = &code.layout.text[nodes[0].end_byte()..nodes[1].start_byte()];
        // The first line is the end of that of the import before.
        let blank = between
            .lines()
            .skip(1)
            .filter(|line| line.trim().is_empty());
        blank.count() == usize::from(keys[0].section != keys[1].section)
    })
}
