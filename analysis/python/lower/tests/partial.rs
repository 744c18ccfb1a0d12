//! Lowering by definition agrees with lowering the whole.

use proptest::prelude::*;

use crate::code::{Block, StmtKind};
use crate::python::{Outline, comments, function, module, program};

/// A module in which every function of the outline is lowered from its own parse.
fn module_by_function(text: &str) -> Block {
    let module = module(text, &Outline::of(text));
    fill(text, &module.body);
    module.body
}

fn fill(text: &str, block: &Block) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::Function(of) => {
                of.code.get_or_init(|| function(text, of));
            }
            StmtKind::Class(class) => fill(text, &class.body),
            _ => {}
        }
    }
}

const TEXT: &str = r#"#!/usr/bin/env python3
"""Docs: def f(): class C:"""
import os, sys  # comment

if sys.platform == "win32":
    def nested(): return 1
else:
    class Nested: pass

@first(
    "def",
)
# between
@second
async def decorated(a, /, b: "c" = 1, *args, **kwargs) -> None:
    """Docs.
def not_a_definition():
    """
    async with a as b, c:
        await d(f"{x!r:>{w}} {y['#']} {{ }}", r'\'')
    # last comment

	# a comment after a tab

class Outer(Base, metaclass=Meta):
    x = 1; y = 2
    if x:
        def conditional(self): pass

    @property
    def p(self): return [
self.x,  # less indented than the block
    ]

    class Inner:
        def m(self): pass

    @staticmethod
    def last():
        if a: \
            return (yield)
        # trailing
    z = 3  # done
class Empty: pass
class Inline(Base): a = 1; b = 2
def inline(): return 1; return 2
x = lambda: (yield)
def after(): pass
"#;

#[test]
fn functions_lowered_alone_are_those_of_the_whole() {
    for text in [
        TEXT.to_owned(),
        TEXT.replace('\n', "\r\n"),
        TEXT.replace('\n', "\r"),
    ] {
        let (whole, _, problems) = program(&text);
        assert_eq!(problems, []);
        assert_eq!(
            format!("{:#?}", module_by_function(&text)),
            format!("{whole:#?}")
        );
    }
}

#[test]
fn only_functions_of_the_module_and_methods_of_its_classes_wait() {
    let block = module(TEXT, &Outline::of(TEXT)).body;
    let mut waiting = Vec::new();
    for stmt in &block {
        match &stmt.kind {
            StmtKind::Function(of) if of.code.get().is_none() => waiting.extend(of.name.clone()),
            StmtKind::Class(class) => {
                for stmt in &class.body {
                    if let StmtKind::Function(of) = &stmt.kind
                        && of.code.get().is_none()
                    {
                        waiting.extend(of.name.clone());
                    }
                }
            }
            _ => {}
        }
    }
    let waiting: Vec<&str> = waiting.iter().map(|name| &**name).collect();
    assert_eq!(waiting, ["decorated", "p", "last", "inline", "after"]);
}

/// Text of the tokens that the outline and the grammar must agree on.
fn tokens() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "def f(a):",
        "class A(b):",
        "async ",
        "@a",
        "if a:",
        "else:",
        "try:",
        "except A:",
        "match a:",
        "case b:",
        "with a as b:",
        "for a in b:",
        "return a",
        "yield",
        "lambda a: b",
        "import a",
        "from . import a",
        "a",
        "b = 1",
        "0x1",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        "=",
        ";",
        "'",
        "\"",
        "'''",
        "\"\"\"",
        "f'",
        "rf\"",
        "b'",
        "f'''",
        "\\N{",
        "\\",
        "#",
        "{{",
        "!r",
        "\n",
        "\n    ",
        "\n        ",
        "\n\t",
        "\r\n",
        "\r",
        "\r\n    ",
        " ",
        "\x0c",
        "é",
        "\0",
        "*",
        "&",
        "not in",
    ]);
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

fn survives(text: &str) {
    let outline = Outline::of(text);
    let mut end = 0;
    for item in &outline.items {
        assert!(end <= item.span.start && item.span.start < item.span.end);
        end = item.span.end;
    }
    assert!(end as usize <= text.len());
    assert_eq!(outline.comments, comments(text));
    module_by_function(text);
    program(text);
}

proptest! {
    #[test]
    fn any_text_survives(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn any_tokens_survive(text in tokens()) {
        survives(&text);
    }
}
