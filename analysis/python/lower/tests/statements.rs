//! Statements, and the spans they get.

use super::{check, lowered};
use crate::code::{Block, StmtKind};
use crate::python::program;

#[test]
fn assignments() {
    check(&[
        ("a = b = c", "a = b = c"),
        ("a, *b = c", "tuple(a, *b) = c"),
        ("(a, [b, c]), (d) = e", "tuple(tuple(a, [b, c]), d) = e"),
        ("a.b[c] = d, e", "a.b[c] = tuple(d, e)"),
        ("a: b = c", "a = c"),
        ("a: b", ""),
        ("a = yield b", "a = yield(b)"),
        ("a += b; a |= c; a //= d", "a Add= b\na Or= c\na Other= d"),
        ("del a, b[c]\ndel (d)", "del a, b[c]\ndel d"),
    ]);
}

#[test]
fn simple_statements() {
    check(&[
        ("pass", ""),
        ("break; continue", "break\ncontinue"),
        (
            "return\nreturn a\nreturn a, b",
            "return\nreturn a\nreturn tuple(a, b)",
        ),
        ("raise\nraise A\nraise A from b", "raise\nraise A\nraise A"),
        ("assert a, b", "assert a"),
        ("global a, b\nnonlocal c", "outer a, b\nouter c"),
        ("type A = b\ntype A[T] = b", ""),
        ("type(a).b = c()", "type(a).b = c()"),
    ]);
}

#[test]
fn imports() {
    check(&[
        (
            "import a.b.c as d, e, f.g",
            "import a.b.c as d\nimport e\nimport f.g",
        ),
        ("from . import a", "from . import a as a"),
        (
            "from .. a.b import (c as d,\n e,)",
            "from ..a.b import c as d\nfrom ..a.b import e as e",
        ),
        ("from a import *", "from a import *"),
        (
            "from __future__ import annotations",
            "from __future__ import annotations as annotations",
        ),
    ]);
}

#[test]
fn branches() {
    check(&[
        (
            "if a: b\nelif c: d\nelif e: f\nelse: g",
            "if a {b} elif c {d} elif e {f} else {g}",
        ),
        ("while a:\n  b\nelse:\n  c", "while a {b} else {c}"),
        (
            "for a, (b.c, *d) in e, f:\n  g\nelse: h",
            "for (a, (target(b.c), d) * 1) in tuple(e, f) {g} else {h}",
        ),
        (
            "async def f():\n  async for a in b: c",
            "def f() async {for a in b {c}}",
        ),
    ]);
}

#[test]
fn exceptions() {
    check(&[
        (
            "try: a\nexcept (B, C) as d: e\nexcept F: g\nexcept: h\nelse: i\nfinally: j",
            "try {a} except tuple(B, C) as d {e} except F {g} except {h} else {i} finally {j}",
        ),
        ("try: a\nexcept* B as c: d", "try {a} except B as c {d}"),
        ("try: a\nexcept B, C: d", "try {a} except tuple(B, C) {d}"),
        ("try: a\nfinally: b", "try {a} finally {b}"),
    ]);
}

#[test]
fn contexts() {
    check(&[
        ("with a: b", "with a {b}"),
        (
            "with a as b, c as (d, e): f",
            "with a as b, c as tuple(d, e) {f}",
        ),
        ("with (a as b): c", "with a as b {c}"),
        ("with (a, b): c", "with a, b {c}"),
        ("with (a as b, c(),): d", "with a as b, c() {d}"),
        ("with (a) as b: c", "with a as b {c}"),
        ("with (a, b) as c: d", "with tuple(a, b) as c {d}"),
        (
            "async def f():\n  async with a as b.c: d",
            "def f() async {with a as b.c {d}}",
        ),
    ]);
}

#[test]
fn matches() {
    let arm = |pattern: &str| {
        let lowered = lowered(&format!("match a:\n  case {pattern}: b"));
        let arm = lowered.strip_prefix("match a {");
        let arm = arm.and_then(|arm| arm.strip_suffix(" => {b}}"));
        arm.expect("one arm").to_owned()
    };
    assert_eq!(arm("_"), "_");
    assert_eq!(arm("c"), "c");
    assert_eq!(arm("c.d"), "value(c.d)");
    assert_eq!(
        arm("-1 | 'c' | None"),
        "value(Negate(1)) | value(<\"c\">) | value(None)"
    );
    assert_eq!(arm("1 + 2j"), "value(Add(1, ?()))");
    assert_eq!(arm("[c, *d] as e if f"), "e @ (c, d) * 1 if f");
    assert_eq!(arm("(c)"), "c");
    assert_eq!(arm("(c,)"), "(c)");
    assert_eq!(arm("c, *_, d"), "(c, _, d) * 1");
    assert_eq!(arm("c.D(e, f=_)"), "c.D(e; f=_)");
    assert_eq!(arm("{'c': [d], **e}"), "?(d, e)");
    check(&[(
        "match a, b:\n  case 1:\n    c\n    d\n  case _: pass",
        "match tuple(a, b) {value(1) => {c; d}; _ => {}}",
    )]);
}

#[test]
fn definitions() {
    check(&[
        (
            "@a\n@b.c(d)\ndef f(a, /, b, c=d, *, e: g = h, **i) -> j:\n  return k",
            "@a @b.c(d) def f(/a, b, c = d, =e: g = h, **i) -> j {return k}",
        ),
        (
            "def f(*a, b): yield c",
            "def f(*a, =b) generator {yield(c)}",
        ),
        (
            "def f():\n  def g(): yield\n  return g",
            "def f() {def g() generator {yield()}; return g}",
        ),
        (
            "@a\nclass B[T](c.D, *e, metaclass=F):\n  x = 1\n  def f(self): pass",
            "@a class B(c.D, *e) {x = 1; def f(self) {}}",
        ),
        ("class A: x = 1; y = 2", "class A() {x = 1; y = 2}"),
    ]);
}

#[test]
fn decorators_are_not_part_of_the_generator() {
    check(&[(
        "def f():\n  @(yield)\n  def g(): pass",
        "def f() generator {@yield() def g() {}}",
    )]);
}

/// The source of every statement's span, outer statements first.
fn spans<'t>(text: &'t str, block: &Block, out: &mut Vec<&'t str>) {
    for stmt in block {
        out.push(&text[stmt.span.range()]);
        match &stmt.kind {
            StmtKind::If {
                branches,
                otherwise,
            } => {
                for (index, branch) in branches.iter().enumerate() {
                    if index > 0 {
                        out.push(&text[branch.span.range()]);
                    }
                    spans(text, &branch.body, out);
                }
                spans(text, otherwise, out);
            }
            StmtKind::With { body, .. } => spans(text, body, out),
            StmtKind::Try(parts) => {
                spans(text, &parts.body, out);
                for handler in &parts.handlers {
                    out.push(&text[handler.span.range()]);
                    spans(text, &handler.body, out);
                }
            }
            StmtKind::Class(class) => {
                out.push(&text[class.span.range()]);
                spans(text, &class.body, out);
            }
            StmtKind::Function(function) => out.push(&text[function.span.range()]),
            _ => {}
        }
    }
}

#[test]
fn the_span_of_a_compound_statement_is_its_head() {
    let text = "\
@a  # one
class B(C):  # two
    @d
    def e(self): pass  # three

    # four
if a:
    x = 1;  # five
elif b: import c, d
else:
    with (e as f,
          g): pass
try:
    h(
    )
except I as j: k
";
    let (block, _, _) = program(text);
    let mut found = Vec::new();
    spans(text, &block, &mut found);
    assert_eq!(
        found,
        [
            "@a  # one\nclass B(C):",
            "@a  # one\nclass B(C):  # two\n    @d\n    def e(self): pass",
            "@d\n    def e(self):",
            "@d\n    def e(self): pass",
            "if a:",
            "x = 1",
            "elif b:",
            "import c, d",
            "import c, d",
            "with (e as f,\n          g):",
            "try:",
            "h(\n    )",
            "except I as j:",
            "k",
        ]
    );
}
