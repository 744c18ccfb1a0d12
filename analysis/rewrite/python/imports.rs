//! Imports: by which name a call reaches a function, and what is added to the file for that.

use tree_sitter::Node;

use super::layout::Rest;
use super::list::List;
use super::names::{Import, is_import};
use super::{Code, Replacement, sections};
use crate::rewrite::{Function, Refusal};
use crate::source::Span;

/// How a call writes a function.
pub(super) struct Name {
    pub(super) written: String,
    /// What imports it, if nothing does yet.
    pub(super) imports: Vec<Replacement>,
}

/// The name by which `node` can call the function. An import that is added goes where that of the
/// `model` is: what the call used so far.
pub(super) fn name<'t>(
    code: &Code<'t>,
    node: Node<'t>,
    model: Option<Node<'t>>,
    function: &Function,
) -> Result<Name, Refusal> {
    if is_module(&code.path, &function.module) {
        return Err("it is part of the module that would be called");
    }
    if let Some(written) = known(code, node, function) {
        return Ok(Name {
            written,
            imports: Vec::new(),
        });
    }
    let imports = code.imports();
    let of_module = |import: &&Import| names(code, import.module, &function.module);
    let conditional =
        |import: &Import| import.scope.is_none() && import.statement.parent() != Some(code.root);
    if imports.iter().filter(of_module).any(conditional) {
        return Err("its file imports the module only under a condition");
    }
    let (local, item) = local_name(code, node, imports, function)?;
    let extended = imports.iter().filter(of_module).find(|import| {
        import.item.is_some() && import.serves(node) && !import.statement.has_error()
    });
    let added = match extended {
        Some(import) => {
            let items = List::of(import.statement, Some("import"));
            items.insert(code, &item)
        }
        None => {
            let module = written_module(code, imports, &function.module);
            let statement = format!("from {module} import {item}");
            vec![inserted(code, node, model, imports, &statement)?]
        }
    };
    Ok(Name {
        written: local,
        imports: added,
    })
}

/// The name by which `node` can reach something in a module that is imported whole: `shutil.which`.
/// An import that is added goes where [`name`] puts one.
pub(super) fn qualified<'t>(
    code: &Code<'t>,
    node: Node<'t>,
    model: Option<Node<'t>>,
    function: &Function,
) -> Result<Name, Refusal> {
    if let Some(written) = known(code, node, function) {
        return Ok(Name {
            written,
            imports: Vec::new(),
        });
    }
    let imports = code.imports();
    let is_free = |name: &str| {
        let is_imported = imports.iter().any(|import| import.binds == name);
        !is_imported && code.mentions(name).is_empty()
    };
    let module = &*function.module;
    let other = format!("_{module}");
    let (local, statement) = if is_free(module) {
        (module, format!("import {module}"))
    } else if is_free(&other) {
        (&*other, format!("import {module} as {other}"))
    } else {
        return Err("its file uses the name of the module for something else");
    };
    Ok(Name {
        written: format!("{local}.{}", function.name),
        imports: vec![inserted(code, node, model, imports, &statement)?],
    })
}

/// The name by which `node` can call the function already.
pub(super) fn known(code: &Code, node: Node, function: &Function) -> Option<String> {
    let imports = code.imports();
    let clear = |name: &str, import: &Import| {
        let same = |other: &&Import| other.binds == name;
        imports.iter().filter(same).all(|other| {
            let means_it = other.module == import.module && other.item == import.item
                || other.item.is_none()
                    && import.item.is_none()
                    && !other.renames
                    && !import.renames;
            means_it && (other.serves(node) || !other.is_local_to(node))
        }) && !code.binds(import.binds)
    };
    let (package, module) = function
        .module
        .rsplit_once('.')
        .map_or((None, &*function.module), |(package, module)| {
            (Some(package), module)
        });
    let written = |import: &Import| {
        let inside = |path: &str| format!("{path}.{}", function.name);
        match import.item {
            Some(item) if names(code, import.module, &function.module) => {
                (item == function.name).then(|| import.binds.to_owned())
            }
            Some(item) => {
                let parent = package.is_some_and(|package| names(code, import.module, package));
                (parent && item == module).then(|| inside(import.binds))
            }
            None if import.module != function.module => None,
            None if import.renames => Some(inside(import.binds)),
            None => Some(inside(&function.module)),
        }
    };
    // The function itself before its module.
    let mut found: Vec<(bool, String)> = imports
        .iter()
        .filter(|import| import.serves(node))
        .filter(|import| clear(import.binds, import))
        .filter_map(|import| {
            let written = written(import)?;
            Some((written.contains('.'), written))
        })
        .collect();
    found.sort();
    found.into_iter().next().map(|(_, written)| written)
}

/// A name for the function that means nothing else in the file, and how it is imported so.
fn local_name(
    code: &Code,
    node: Node,
    imports: &[Import],
    function: &Function,
) -> Result<(String, String), Refusal> {
    let is_free = |name: &str| {
        let clashes = |import: &Import| {
            let means_it =
                names(code, import.module, &function.module) && import.item == Some(&function.name);
            import.binds == name && (!means_it || import.is_local_to(node))
        };
        code.means(name, function) && !imports.iter().any(clashes)
    };
    let plain = &*function.name;
    // A name that starts with two underscores would be another one in a class.
    let other = match plain.strip_prefix('_') {
        Some(_) => format!("{plain}_"),
        None => format!("_{plain}"),
    };
    if is_free(plain) {
        Ok((plain.to_owned(), plain.to_owned()))
    } else if is_free(&other) {
        let item = format!("{plain} as {other}");
        Ok((other, item))
    } else {
        Err("its file uses the name of the function for something else")
    }
}

impl Code<'_> {
    /// Whether every identifier with this name reads what an import of the function bound.
    fn means(&self, name: &str, function: &Function) -> bool {
        let key = (name.to_owned(), function.clone());
        if let Some(&known) = self.meant.borrow().get(&key) {
            return known;
        }
        let imports: Vec<&Import> = self
            .imports()
            .iter()
            .filter(|import| import.binds == name && import.item == Some(&function.name))
            .filter(|import| names(self, import.module, &function.module))
            .collect();
        let mentions = self.mentions(name);
        let is_read = |identifier: &Node| imports.iter().any(|import| import.serves(*identifier));
        let means = !self.binds(name) && mentions.iter().all(is_read);
        self.meant.borrow_mut().insert(key, means);
        means
    }
}

/// The statement, where the file imports what the call uses.
fn inserted<'t>(
    code: &Code<'t>,
    node: Node<'t>,
    model: Option<Node<'t>>,
    imports: &[Import<'t>],
    statement: &str,
) -> Result<Replacement, Refusal> {
    let block = model.and_then(|model| local_imports(code, model, imports));
    let replacement = match block {
        Some((body, after)) => in_function(code, body, after, statement),
        None => in_module(code, node, statement),
    }?;
    if replacement.0.end as usize > node.start_byte() {
        return Err("it stands on the line of an import");
    }
    Ok(replacement)
}

/// The body of a function that imports what the name starts with, which the module does not import,
/// and that import if the call always comes behind it.
fn local_imports<'t>(
    code: &Code<'t>,
    model: Node<'t>,
    imports: &[Import<'t>],
) -> Option<(Node<'t>, Option<Node<'t>>)> {
    let root = code.text(model).split('.').next()?.trim_end();
    let mut of_root = imports.iter().filter(|import| import.binds == root);
    let mut found = None;
    for import in of_root.by_ref() {
        match import.scope {
            None if import.statement.parent() == Some(code.root) => return None,
            None => {}
            Some(_) if import.is_local_to(model) => found = found.or(Some(import)),
            Some(_) => {}
        }
    }
    let import = found?;
    let block = import.statement.parent()?;
    if import.serves(model) {
        return Some((block, Some(import.statement)));
    }
    let body = import.scope?.child_by_field_name("body")?;
    Some((body, None))
}

/// The statement in a block: behind the imports that follow `after`, or else those it starts with.
fn in_function(
    code: &Code,
    block: Node,
    after: Option<Node>,
    statement: &str,
) -> Result<Replacement, Refusal> {
    let layout = &code.layout;
    let mut cursor = block.walk();
    let statements: Vec<Node> = block.named_children(&mut cursor).collect();
    let first = *statements.first().ok_or("its function is empty")?;
    let indentation = layout
        .indentation(first.start_byte())
        .filter(|_| block.kind() == "block")
        .ok_or("its function is written in one line")?;
    let from = match after {
        Some(after) => statements.iter().position(|&node| node == after),
        None => None,
    };
    let from = from.unwrap_or_else(|| usize::from(is_text(first)));
    let behind = statements[from..]
        .iter()
        .take_while(|node| is_import(**node));
    let line_break = layout.line_break(first.start_byte());
    let anchor = behind
        .last()
        .or(from.checked_sub(1).and_then(|at| statements.get(at)));
    let at = match anchor {
        Some(&anchor) => end_of_line(code, anchor)?,
        None => layout.line_start(first.start_byte()),
    };
    Ok((
        Span::new(at, at),
        format!("{indentation}{statement}{line_break}"),
    ))
}

/// The statement among the imports of the module.
fn in_module(code: &Code, node: Node, statement: &str) -> Result<Replacement, Refusal> {
    let layout = &code.layout;
    let top = code.top.get_or_init(|| Top::of(code.root));
    let is_before = |statement: &Node| statement.end_byte() < node.end_byte();
    let before = &top.statements[..top.statements.partition_point(is_before)];
    let text = before.first().filter(|first| is_text(**first));
    let imports = &top.imports[..top.imports.partition_point(is_before)];
    if let Some(placed) = sections::placed(code, imports, statement) {
        return Ok(placed);
    }
    let anchor = imports.last();
    if let Some(&anchor) = anchor.or(text) {
        let at = end_of_line(code, anchor)?;
        let line_break = layout.line_break(anchor.end_byte());
        let apart = match anchor.kind() {
            "import_statement" | "import_from_statement" => "",
            _ => line_break,
        };
        return Ok((Span::new(at, at), format!("{apart}{statement}{line_break}")));
    }
    let first = top.first.ok_or("its file is empty")?;
    let line_break = layout.line_break(first.start_byte());
    let at = above_comments(code, layout.line_start(first.start_byte()));
    let apart = if defines(first) { 2 } else { 1 };
    let apart = line_break.repeat(1 + apart);
    Ok((Span::new(at, at), format!("{statement}{apart}")))
}

/// The statements of a module before its first definition.
pub(super) struct Top<'t> {
    statements: Vec<Node<'t>>,
    /// The imports among them.
    imports: Vec<Node<'t>>,
    /// The first statement of the module.
    first: Option<Node<'t>>,
}

impl<'t> Top<'t> {
    fn of(module: Node<'t>) -> Top<'t> {
        let mut cursor = module.walk();
        let mut statements = module
            .named_children(&mut cursor)
            .filter(|statement| !statement.is_extra())
            .peekable();
        let first = statements.peek().copied();
        let statements: Vec<Node> = statements.take_while(|node| !defines(*node)).collect();
        let is_import = |node: &Node| is_import(*node);
        Top {
            imports: statements.iter().copied().filter(is_import).collect(),
            statements,
            first,
        }
    }
}

/// Whether a statement is the definition of a function or class.
fn defines(statement: Node) -> bool {
    matches!(
        statement.kind(),
        "function_definition" | "class_definition" | "decorated_definition"
    )
}

/// Where the comments start that stand directly above a line; the line itself where they are the
/// head of the file.
fn above_comments(code: &Code, line: usize) -> usize {
    let layout = &code.layout;
    let mut start = line;
    while let Some(before) = layout.line_before(start) {
        if !layout.is_comment_line(before) {
            return start;
        }
        start = before;
    }
    line
}

/// Where the line starts that follows a statement and those behind it on the same line.
fn end_of_line(code: &Code, statement: Node) -> Result<usize, Refusal> {
    let layout = &code.layout;
    let mut last = statement;
    while let Some(next) = last.next_named_sibling()
        && layout.on_one_line(last.end_byte(), next.start_byte())
    {
        last = next;
    }
    let end = last.end_byte();
    let rest = &layout.text[end..layout.line_end(end)];
    let semicolon = rest.trim_start().starts_with(';');
    let end = if semicolon {
        end + rest.find(';').unwrap_or_default() + 1
    } else {
        end
    };
    let next = layout.next_line(end);
    if layout.rest(end) == Rest::Code || next == layout.line_end(end) {
        return Err("its imports are laid out in an unusual way");
    }
    Ok(next)
}

/// Whether a statement is nothing but a string: the documentation of what it stands first in.
fn is_text(statement: Node) -> bool {
    let text = statement.named_child(0).map(|child| child.kind());
    statement.kind() == "expression_statement"
        && matches!(text, Some("string" | "concatenated_string"))
        && statement.named_child_count() == 1
}

/// Whether an import in this file names a module: fully, or from the package of the file.
fn names(code: &Code, written: &str, module: &str) -> bool {
    let name = written.trim_start_matches('.');
    let level = written.len() - name.len();
    if level == 0 {
        return written == module;
    }
    let mut package = &*code.path;
    for _ in 0..level {
        match package.rsplit_once('/') {
            Some((parent, _)) => package = parent,
            None => return name == module,
        }
    }
    let path = format!("{package}.{name}").replace('/', ".");
    let path = path.trim_end_matches('.');
    path == module || path.ends_with(&format!(".{module}"))
}

/// How the file names a module: from its own package where it names all else of it so.
fn written_module(code: &Code, imports: &[Import], module: &str) -> String {
    let package = module.split('.').next().unwrap_or(module);
    let from_package = imports.iter().any(|import| import.module.starts_with('.'));
    let in_whole = imports
        .iter()
        .any(|import| import.module.split('.').next() == Some(package));
    let relative = (from_package && !in_whole).then(|| relative(&code.path, module));
    relative.flatten().unwrap_or_else(|| module.to_owned())
}

/// The name of a module from the package of the file at a path, if one of the packages around that is
/// one around the module.
fn relative(path: &str, module: &str) -> Option<String> {
    let parts: Vec<&str> = module.split('.').collect();
    let (_, packages) = parts.split_last()?;
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    let mut dots = String::new();
    while !folders.is_empty() {
        dots.push('.');
        let shared = (1..=packages.len())
            .rev()
            .find(|&count| folders.ends_with(&parts[..count]));
        if let Some(shared) = shared {
            return Some(format!("{dots}{}", parts[shared..].join(".")));
        }
        folders.pop();
    }
    None
}

/// Whether a module is the file at a path.
fn is_module(path: &str, module: &str) -> bool {
    let path = path.strip_suffix(".py").unwrap_or(path);
    let path = path.strip_suffix("/__init__").unwrap_or(path);
    let module = module.replace('.', "/");
    path == module || path.ends_with(&format!("/{module}"))
}
