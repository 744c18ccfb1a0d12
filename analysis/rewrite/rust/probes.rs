//! Calls that ask for a process and what is made of what they return, with the imports that go with
//! them.

use std::collections::HashMap;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, ExprCall, Item, Lit, Path, Stmt, UseTree};

use super::Code;
use crate::rewrite::{Function, Refusal, Replacement};
use crate::rust::lexer::{Lexer, TokenKind};
use crate::rust::parse::Parsed;
use crate::source::Span;

/// A probe and what is around it.
pub(super) struct Probe<'s> {
    pub(super) question: Question<'s>,
    /// Whether the type of its process number is plain to see.
    pub(super) has_type: bool,
    /// The body of the function around it.
    pub(super) body: Option<&'s Block>,
    /// Whether an `unsafe` block is around the question too.
    pub(super) in_unsafe: bool,
}

/// An expression that says whether a call found a process: `unsafe { kill(pid, 0) } == 0`,
/// `kill(Pid::from_raw(pid), None).is_ok()`.
pub(super) struct Question<'s> {
    /// What is the question.
    whole: &'s Expr,
    pub(super) call: &'s ExprCall,
    /// The process number.
    pub(super) pid: &'s Expr,
    /// What the answer is called on a `Result`.
    method: &'static str,
    /// The paths of functions that are not called any more.
    paths: Vec<&'s Path>,
}

impl<'s> Question<'s> {
    /// What an expression asks, if it is such a one.
    pub(super) fn of(whole: &'s Expr) -> Option<Question<'s>> {
        match inner(whole) {
            Expr::Binary(comparison) => {
                let method = match comparison.op {
                    BinOp::Eq(_) => "is_ok",
                    BinOp::Ne(_) => "is_err",
                    _ => return None,
                };
                let Expr::Call(call) = inner(&comparison.left) else {
                    return None;
                };
                let is_asked = is_zero(&comparison.right) && is_zero(call.args.get(1)?);
                is_asked.then_some(Question {
                    whole,
                    call,
                    pid: call.args.first()?,
                    method,
                    paths: vec![path(&call.func)?],
                })
            }
            Expr::MethodCall(answer) if answer.args.is_empty() => {
                let method = match &*answer.method.to_string() {
                    "is_ok" => "is_ok",
                    "is_err" => "is_err",
                    _ => return None,
                };
                let Expr::Call(call) = &*answer.receiver else {
                    return None;
                };
                let Expr::Call(number) = call.args.first()? else {
                    return None;
                };
                let from_raw = path(&number.func)?;
                let is_asked = from_raw.segments.last()?.ident == "from_raw"
                    && path(call.args.get(1)?)?.is_ident("None");
                is_asked.then_some(Question {
                    whole,
                    call,
                    pid: number.args.first()?,
                    method,
                    paths: vec![path(&call.func)?, from_raw],
                })
            }
            _ => None,
        }
    }
}

impl Code<'_> {
    /// `unsafe { kill(pid, 0) } == 0` as `probe_pid(pid).is_ok()`
    pub(super) fn asked(
        &self,
        call: Span,
        function: &Function,
    ) -> Result<Vec<Replacement>, Refusal> {
        let parsed = self.parsed;
        let Some((scopes, probe)) = self.places().probe(call) else {
            return Err("what is made of its result is not plain to see");
        };
        let question = &probe.question;
        let place = parsed.span(question.whole.span());
        let text = &parsed.text[place.range()];
        if has_comment(text) {
            return Err("a comment stands within it");
        }
        if !probe.has_type {
            return Err("the type of the process number is not plain to see");
        }
        if probe.in_unsafe {
            return Err("an `unsafe` block around it does more");
        }
        if probe.body.is_some_and(|body| self.reads_error(body)) {
            return Err("its function asks for the number of the error");
        }
        // Behind a block a new statement or arm may begin without a sign.
        let next = parsed.text[place.range().end..].trim_start().chars().next();
        if text.ends_with('}') && next.is_some_and(|c| !")]},;.?&|=!{".contains(c)) {
            return Err("what follows it does not set it apart");
        }
        let mut replacements = self.unused_imports(place, &question.paths)?;
        let pid = &parsed.text[parsed.span(question.pid.span()).range()];
        let name = scopes.name(function);
        replacements.push((place, format!("{name}({pid}).{}()", question.method)));
        Ok(replacements)
    }

    /// Whether the body of a function asks for the number of an error.
    fn reads_error(&self, body: &Block) -> bool {
        let span = self.parsed.span(body.span());
        *self.reads.borrow_mut().entry(span).or_insert_with(|| {
            let body = &self.parsed.text[span.range()];
            ["errno", "last_os_error", "Errno"]
                .iter()
                .any(|word| body.contains(word))
        })
    }

    /// What takes away the imports that only these paths, at this place, need.
    fn unused_imports(&self, place: Span, paths: &[&Path]) -> Result<Vec<Replacement>, Refusal> {
        let parsed = self.parsed;
        let imports = self.imports.get_or_init(|| Imports::of(parsed));
        let mut cuts: Vec<Replacement> = Vec::new();
        for path in paths {
            let Some(first) = path
                .segments
                .first()
                .filter(|_| path.leading_colon.is_none())
            else {
                continue;
            };
            let name = first.ident.to_string();
            let is_named = |tree: &UseTree| binds(tree, &name);
            let Some(import) = imports.items.iter().find(|import| is_named(&import.tree)) else {
                continue;
            };
            let import_place = parsed.span(import.span());
            let is_elsewhere = |span: Span| !place.contains(span) && !import_place.contains(span);
            let mut mentions = imports.words.get(&*name).into_iter().flatten().copied();
            if mentions.any(is_elsewhere) {
                return Err("its file imports what it calls for other calls too");
            }
            let is_alone = simple(&import.tree).as_ref() == Some(&name)
                && import.attrs.is_empty()
                && matches!(import.vis, syn::Visibility::Inherited);
            let line = line_of(parsed.text, import_place).filter(|_| is_alone);
            let line = line.ok_or("its import is one of several in a statement")?;
            if !cuts.iter().any(|(cut, _)| *cut == line) {
                cuts.push((line, String::new()));
            }
        }
        cuts.sort();
        // A file does not begin with the blank line that set its imports apart.
        let head = cuts.iter().fold(0, |end, (cut, _)| match cut.start == end {
            true => cut.end,
            false => end,
        });
        let rest = &parsed.text[head as usize..];
        let blank = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        if let Some((cut, _)) = cuts.iter_mut().find(|(cut, _)| cut.end == head) {
            cut.end += blank as u32;
        }
        Ok(cuts)
    }
}

/// The `use` items of a file, and where each word stands.
pub(super) struct Imports<'s> {
    items: Vec<&'s syn::ItemUse>,
    words: HashMap<&'s str, Vec<Span>>,
}

impl<'s> Imports<'s> {
    pub(super) fn of(parsed: &'s Parsed) -> Imports<'s> {
        let mut imports = Imports {
            items: Vec::new(),
            words: HashMap::new(),
        };
        imports.visit_file(&parsed.file);
        for token in Lexer::new(parsed.text).filter(|token| token.kind == TokenKind::Word) {
            let word = &parsed.text[token.start..token.end];
            let places = imports.words.entry(word).or_default();
            places.push(Span::new(token.start, token.end));
        }
        imports
    }
}

impl<'s> Visit<'s> for Imports<'s> {
    fn visit_item(&mut self, item: &'s Item) {
        if let Item::Use(import) = item {
            self.items.push(import);
        }
        visit::visit_item(self, item);
    }
}

/// Whether an import binds a name.
fn binds(tree: &UseTree, name: &str) -> bool {
    match tree {
        UseTree::Path(path) => binds(&path.tree, name) || is_self(&path.tree) && path.ident == name,
        UseTree::Name(item) => item.ident == name,
        UseTree::Rename(item) => item.rename == name,
        UseTree::Group(group) => group.items.iter().any(|tree| binds(tree, name)),
        UseTree::Glob(_) => false,
    }
}

/// Whether an import is, or a group of it has, `self`.
fn is_self(tree: &UseTree) -> bool {
    match tree {
        UseTree::Name(item) => item.ident == "self",
        UseTree::Group(group) => group.items.iter().any(is_self),
        _ => false,
    }
}

/// The only name that an import binds, if it is written without braces.
fn simple(tree: &UseTree) -> Option<String> {
    match tree {
        UseTree::Path(path) => simple(&path.tree),
        UseTree::Name(item) => Some(item.ident.to_string()),
        UseTree::Rename(item) => Some(item.rename.to_string()),
        UseTree::Group(_) | UseTree::Glob(_) => None,
    }
}

/// The lines of a place with their terminator, if nothing else stands on them.
fn line_of(text: &str, place: Span) -> Option<Span> {
    let range = place.range();
    let start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[range.end..].find('\n').map(|at| range.end + at + 1)?;
    let is_blank = |part: &str| part.trim().is_empty();
    let is_alone = is_blank(&text[start..range.start]) && is_blank(&text[range.end..end]);
    is_alone.then(|| Span::new(start, end))
}

fn has_comment(text: &str) -> bool {
    Lexer::new(text).any(|token| token.kind == TokenKind::Comment)
}

/// An expression without the parentheses and the `unsafe` block around it.
fn inner(expression: &Expr) -> &Expr {
    match expression {
        Expr::Paren(paren) => inner(&paren.expr),
        Expr::Unsafe(block) => match &block.block.stmts[..] {
            [Stmt::Expr(only, None)] => inner(only),
            _ => expression,
        },
        _ => expression,
    }
}

fn is_zero(expression: &Expr) -> bool {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_digits() == "0",
            _ => false,
        },
        _ => false,
    }
}

fn path(expression: &Expr) -> Option<&Path> {
    match expression {
        Expr::Path(path) => Some(&path.path),
        _ => None,
    }
}
