//! Splits a Python text into its definitions and the statements between them, without a parse.

use super::lexer::{Indent, Lexer, Line, is_word};
use crate::Comment;
use crate::code::Name;
use crate::source::Span;

/// The definitions of a text and what stands between them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The items of the module, in order.
    pub items: Vec<Item>,
    /// Every comment, in order.
    pub comments: Vec<Comment>,
    /// Every line that holds nothing but strings, as docstrings do, in order.
    pub docstrings: Vec<Span>,
}

/// A part of a module or class body.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// From its first token, decorators included, to its last.
    pub span: Span,
}

/// What an [`Item`] is.
#[derive(Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// Consecutive statements, among them the definitions that are nested in a statement, and
    /// classes nested in a class.
    Statements,
    /// A function or method.
    Function(Head),
    /// A class of the module and the items of its body.
    Class(Head, Vec<Item>),
}

/// What stands before the body of a definition.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    /// The name it binds.
    pub name: Name,
    /// The expressions after `@`, outermost first.
    pub decorators: Vec<Span>,
    /// From `def`, `async` or `class` to the `:`.
    pub signature: Span,
}

impl Outline {
    /// Outlines `text`. From the first top-level item on whose extent is unsure (brackets that do not
    /// close, inconsistent indentation), the rest is one item of statements.
    pub fn of(text: &str) -> Outline {
        let mut lexer = Lexer::new(text);
        let mut builder = Builder::new(text);
        let mut sure = true;
        let mut docstrings = Vec::new();
        while let Some(line) = lexer.line() {
            if line.is_text {
                docstrings.push(Span::new(line.start, line.end));
            }
            if sure {
                sure = builder.line(&line);
            }
        }
        Outline {
            items: builder.finish(),
            comments: lexer.comments,
            docstrings,
        }
    }

    /// Whether a place lies in a function or method.
    pub fn is_in_function(&self, at: u32) -> bool {
        within_function(&self.items, at)
    }

    /// What is only there to be read, comments and docstrings, in order.
    pub fn prose(&self) -> Vec<Span> {
        let comments = self.comments.iter().map(|comment| comment.span);
        let mut prose: Vec<Span> = comments.chain(self.docstrings.iter().copied()).collect();
        prose.sort();
        prose
    }
}

fn within_function(items: &[Item], at: u32) -> bool {
    let next = items.partition_point(|item| item.span.start <= at);
    let Some(item) = next.checked_sub(1).and_then(|index| items.get(index)) else {
        return false;
    };
    at < item.span.end
        && match &item.kind {
            ItemKind::Statements => false,
            ItemKind::Function(_) => true,
            ItemKind::Class(_, members) => within_function(members, at),
        }
}

/// Decorators that wait for their definition.
struct Decorators {
    /// Where the first one's `@` stands.
    start: usize,
    level: usize,
    expressions: Vec<Span>,
}

struct Builder<'t> {
    text: &'t str,
    items: Vec<Item>,
    /// The indentations of the blocks around the current line; the module's is the first.
    indents: Vec<Indent>,
    /// Whether the last line opens a block.
    opens: bool,
    decorators: Option<Decorators>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Builder<'t> {
        Builder {
            text,
            items: Vec::new(),
            indents: vec![Indent::default()],
            opens: false,
            decorators: None,
        }
    }

    fn finish(mut self) -> Vec<Item> {
        if let Some(decorators) = self.decorators.take() {
            self.give_up(decorators.start, decorators.level);
        }
        self.items
    }

    /// Takes the next line; false if the rest of the text is now one item, because its structure
    /// is unsure.
    fn line(&mut self, line: &Line) -> bool {
        let level = self.level(line);
        let strayed = self
            .decorators
            .as_ref()
            .filter(|of| Some(of.level) != level);
        match level {
            Some(level) if !line.broken && strayed.is_none() => {
                self.opens = line.opens;
                self.place(line, level);
                true
            }
            _ => {
                let (start, level) = match self.decorators.take() {
                    Some(decorators) => (decorators.start, decorators.level),
                    None => (line.start, level.unwrap_or(1)),
                };
                self.give_up(start, level);
                false
            }
        }
    }

    /// Makes everything from the top-level item at `start` on one item of statements.
    fn give_up(&mut self, start: usize, level: usize) {
        let start = match self.items.pop_if(|_| level > 0) {
            Some(item) => item.span.start as usize,
            None => start,
        };
        self.items.push(Item {
            kind: ItemKind::Statements,
            span: Span::new(start, self.text.len()),
        });
    }

    /// How many blocks are around the line; `None` if its indentation fits none.
    fn level(&mut self, line: &Line) -> Option<usize> {
        let indent = line.indent;
        let current = *self.indents.last()?;
        if indent.wide > current.wide && indent.narrow > current.narrow {
            self.indents.push(indent);
            return self.opens.then_some(self.indents.len() - 1);
        }
        while self.indents.len() > 1 && indent.wide < self.indents.last()?.wide {
            self.indents.pop();
        }
        (indent == *self.indents.last()?).then_some(self.indents.len() - 1)
    }

    fn place(&mut self, line: &Line, level: usize) {
        if level == 0 {
            let decorators = &mut self.decorators;
            add(self.text, &mut self.items, decorators, line, level);
            return;
        }
        let Some(item) = self.items.last_mut() else {
            return;
        };
        item.span.end = line.end as u32;
        if let ItemKind::Class(_, children) = &mut item.kind {
            if level == 1 {
                add(self.text, children, &mut self.decorators, line, level);
            } else if let Some(child) = children.last_mut() {
                child.span.end = line.end as u32;
            }
        }
    }
}

/// Adds a line of a module (level 0) or class body (level 1) to the items of that body.
fn add(
    text: &str,
    items: &mut Vec<Item>,
    decorators: &mut Option<Decorators>,
    line: &Line,
    level: usize,
) {
    let tokens = &text[line.start..line.end];
    if let Some(expression) = tokens.strip_prefix('@') {
        let start = line.end - expression.trim_start().len();
        decorators
            .get_or_insert_with(|| Decorators {
                start: line.start,
                level,
                expressions: Vec::new(),
            })
            .expressions
            .push(Span::new(start, line.end));
        return;
    }
    let decorators = decorators.take();
    let start = decorators.as_ref().map_or(line.start, |of| of.start);
    let span = Span::new(start, line.end);
    let definition = line.colon.and_then(|colon| {
        let (is_class, name) = defined(&text[line.start..colon])?;
        let head = Head {
            name: name.into(),
            decorators: Vec::new(),
            signature: Span::new(line.start, colon + 1),
        };
        (!is_class || level == 0).then_some((is_class, head))
    });
    let Some((is_class, mut head)) = definition else {
        match items.last_mut() {
            Some(last) if last.kind == ItemKind::Statements && decorators.is_none() => {
                last.span.end = span.end;
            }
            _ => items.push(Item {
                kind: ItemKind::Statements,
                span,
            }),
        }
        return;
    };
    let after = head.signature.end as usize;
    head.decorators = decorators.map_or_else(Vec::new, |of| of.expressions);
    let kind = if is_class {
        let inline = text[after..line.end].trim_start();
        let body = (!inline.is_empty()).then(|| Item {
            kind: ItemKind::Statements,
            span: Span::new(line.end - inline.len(), line.end),
        });
        ItemKind::Class(head, body.into_iter().collect())
    } else {
        ItemKind::Function(head)
    };
    items.push(Item { kind, span });
}

/// Whether a definition's head is one of a class, and the name it defines.
fn defined(head: &str) -> Option<(bool, &str)> {
    let (keyword, rest) = word(head);
    let (keyword, rest) = match keyword {
        "async" => word(rest),
        _ => (keyword, rest),
    };
    let is_class = match keyword {
        "def" => false,
        "class" => true,
        _ => return None,
    };
    let (name, _) = word(rest);
    (!name.is_empty()).then_some((is_class, name))
}

/// The name that the head of a class defines, and what stands between its parentheses and behind.
pub(super) fn class_head(head: &str) -> Option<(&str, &str)> {
    match defined(head)? {
        (true, name) => Some((name, head.split_once('(')?.1)),
        (false, _) => None,
    }
}

/// The word at the start of a line, and what follows the white space after it.
fn word(line: &str) -> (&str, &str) {
    let length = line.bytes().position(|byte| !is_word(byte));
    let (word, rest) = line.split_at(length.unwrap_or(line.len()));
    (word, rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line per item: what it is, its name, and its source up to the first line end.
    fn shown(text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        show(text, &Outline::of(text).items, "", &mut lines);
        lines
    }

    fn show(text: &str, items: &[Item], indent: &str, lines: &mut Vec<String>) {
        for item in items {
            let source = &text[item.span.range()];
            let source = source.replace('\n', "|");
            let (kind, name) = match &item.kind {
                ItemKind::Statements => ("statements", ""),
                ItemKind::Function(head) => ("function ", &*head.name),
                ItemKind::Class(head, _) => ("class ", &*head.name),
            };
            lines.push(format!("{indent}{kind}{name}: {source}"));
            if let ItemKind::Class(_, members) = &item.kind {
                show(text, members, "  ", lines);
            }
        }
    }

    #[test]
    fn items_of_modules_and_classes() {
        let text = "\
import a
if a:
    def b(): pass
@c
@d(e)
async def f(g):  # h
    def i(): pass
    # j

class K(L):
    m = 1
    class N:
        o = 2
    @p
    def q(self): pass
class R: s = 3
def t(): return 4  # u
v = 5
";
        assert_eq!(
            shown(text),
            [
                "statements: import a|if a:|    def b(): pass",
                "function f: @c|@d(e)|async def f(g):  # h|    def i(): pass",
                "class K: class K(L):|    m = 1|    class N:|        o = 2|    @p|    def q(self): pass",
                "  statements: m = 1|    class N:|        o = 2",
                "  function q: @p|    def q(self): pass",
                "class R: class R: s = 3",
                "  statements: s = 3",
                "function t: def t(): return 4",
                "statements: v = 5",
            ]
        );
    }

    #[test]
    fn heads_know_decorators_and_signature() {
        let text = "@a  # b\n@ c(d,\n  e)\ndef f(g: {1: 2}[1], h=lambda: 3) -> 'i:': pass\n";
        let items = Outline::of(text).items;
        let [
            Item {
                kind: ItemKind::Function(head),
                ..
            },
        ] = &items[..]
        else {
            panic!("{items:?}");
        };
        let decorators = head.decorators.iter().map(|span| &text[span.range()]);
        assert_eq!(decorators.collect::<Vec<_>>(), ["a", "c(d,\n  e)"]);
        assert_eq!(
            &text[head.signature.range()],
            "def f(g: {1: 2}[1], h=lambda: 3) -> 'i:':"
        );
    }

    #[test]
    fn what_looks_like_a_definition_inside_a_string_or_bracket_is_none() {
        for quiet in [
            "'''\ndef a(): pass\n'''",
            "rb\"\"\"\\\"\"\"\ndef a(): pass\n\"\"\"",
            "f'''{b['''\ndef a(): pass\n''']}\ndef c(): pass\n'''",
            "f'{b:{c}}}}' f\"{'\\N{DASH}'}\\N{DASH}\"",
            "(\ndef_ = [\n'(', # (\n])",
            "x = 'a\\\ndef b(): pass'",
            "x = \\\ndef_",
            "x = f'{a!r:>{b}}' # '",
        ] {
            let text = format!("{quiet}\ndef d(): pass\n");
            assert_eq!(
                shown(&text),
                [
                    format!(
                        "statements: {}",
                        quiet.trim_end_matches(" # '").replace('\n', "|")
                    ),
                    "function d: def d(): pass".to_owned()
                ],
                "{text}"
            );
        }
    }

    #[test]
    fn tabs_and_form_feeds_indent_as_in_python() {
        let text = "class A:\n\tdef b(self):\n\t\tpass\n        c = 1\n\x0cdef d(): pass\n";
        // A tab and eight spaces are not the same indentation, so the rest is not told apart.
        assert_eq!(
            shown(text),
            [format!("statements: {}", text.replace('\n', "|"))]
        );
        let text = "class A:\n\tdef b(self):\n\t\tpass\n\tc = 1\n  \x0cdef d(): pass\n";
        assert_eq!(
            shown(text),
            [
                "class A: class A:|\tdef b(self):|\t\tpass|\tc = 1",
                "  function b: def b(self):|\t\tpass",
                "  statements: c = 1",
                "function d: def d(): pass",
            ]
        );
    }

    #[test]
    fn from_the_first_unsure_item_on_the_rest_is_statements() {
        let whole = "def a(): pass\n";
        for unsure in [
            "def b():\n    x = (\n",
            "class B:\n    x = 'c\n    def d(): pass\n",
            "def b():\n        x\n    y\n",
            "x\n    y\n",
            "class B:\n    @c\nx\n",
            "x = ]\n",
            "f'{x'\n",
            "@c\n",
        ] {
            let text = format!("{whole}{unsure}def e(): pass\n");
            let text = if unsure == "@c\n" {
                format!("{whole}{unsure}")
            } else {
                text
            };
            let rest = text[whole.len()..].replace('\n', "|");
            assert_eq!(
                shown(&text),
                [
                    "function a: def a(): pass".to_owned(),
                    format!("statements: {rest}")
                ],
                "{text}"
            );
        }
    }

    #[test]
    fn comments() {
        let text = "# a\r\nb = '# c'  # d\r\n\t# e\rf(  # g\n  # h\n)\ni = f'''{j # k\n} # l'''#m";
        let comments = Outline::of(text).comments;
        let shown: Vec<(&str, bool)> = comments
            .iter()
            .map(|comment| (&text[comment.span.range()], comment.alone))
            .collect();
        assert_eq!(
            shown,
            [
                ("# a", true),
                ("# d", false),
                ("# e", true),
                ("# g", false),
                ("# h", true),
                ("# k", false),
                ("#m", false),
            ]
        );
    }
}
