//! Expressions other than literals.

use super::check;

#[test]
fn constants_and_names() {
    check(&[
        ("None", "None"),
        ("True, False", "tuple(true, false)"),
        ("(((x)))", "x"),
        ("...", "?()"),
        ("a.b.c", "a.b.c"),
        ("café", "café"),
    ]);
}

#[test]
fn subscripts() {
    check(&[
        ("a[0]", "a[0]"),
        ("a[b, c]", "a[tuple(b, c)]"),
        ("a[b,]", "a[tuple(b)]"),
        ("a[:]", "a[:]"),
        ("a[b:]", "a[b:]"),
        ("a[:b]", "a[:b]"),
        ("a[b:c]", "a[b:c]"),
        ("a[b:c:]", "a[b:c]"),
        ("a[b::c]", "?(a, b, c)"),
        ("a[b:c, d]", "a[tuple(?(b, c), d)]"),
    ]);
}

#[test]
fn calls() {
    check(&[
        ("f()", "f()"),
        ("f(a, *b, c=d, **e)", "f(a, *b, c=d, **e)"),
        ("f(*a or b, *c + d)", "f(*or(a, b), *Add(c, d))"),
        ("f(x for x in y)", "f(Generator(x for x in y))"),
        ("f((x for x in y), z)", "f(Generator(x for x in y), z)"),
        ("print(a, file=b)", "print(a, file=b)"),
        ("a.b(c)(d)[e]()", "a.b(c)(d)[e]()"),
    ]);
}

#[test]
fn displays() {
    check(&[
        ("[a, *b]", "[a, *b]"),
        ("()", "tuple()"),
        ("a,", "tuple(a)"),
        ("(a,)", "tuple(a)"),
        ("(a, *b)", "tuple(a, *b)"),
        ("{a, *b}", "set(a, *b)"),
        ("{}", "dict()"),
        ("{a: b, **c}", "dict(a: b, **c)"),
        ("{  # why\n a: b,\n # what\n}", "dict(a: b)"),
    ]);
}

#[test]
fn comprehensions() {
    check(&[
        ("[a for a in b]", "List(a for a in b)"),
        (
            "[a for a in b if c if d for e in f if g]",
            "List(a for a in b if c if d for e in f if g)",
        ),
        ("{a for a, *b in c}", "Set(a for (a, b) * 1 in c)"),
        ("{a: b for c.d in e}", "Dict(a: b for target(c.d) in e)"),
        ("(a async for a in b)", "Generator(a for a in b)"),
    ]);
}

#[test]
fn operators() {
    check(&[
        ("a + b - c", "Subtract(Add(a, b), c)"),
        ("a * b / c % d", "Modulo(Divide(Multiply(a, b), c), d)"),
        ("a | b & c", "Or(a, And(b, c))"),
        ("a & ~b", "And(a, Invert(b))"),
        ("a << b >> c", "ShiftRight(ShiftLeft(a, b), c)"),
        ("a ^ b", "Xor(a, b)"),
        (
            "a // b, a ** b, a @ b",
            "tuple(Other(a, b), Other(a, b), Other(a, b))",
        ),
        ("-a, not b, +c", "tuple(Negate(a), Not(b), ?(c))"),
        ("a and b and c", "and(a, b, c)"),
        ("a or b or c and d", "or(a, b, and(c, d))"),
        ("a or (b or c)", "or(a, or(b, c))"),
        ("a if b else c", "if(b, a, c)"),
        ("(a := b)", "(a := b)"),
    ]);
}

#[test]
fn xor_binds_less_than_and() {
    check(&[
        ("a ^ b & c", "Xor(a, And(b, c))"),
        ("a & b ^ c", "Xor(And(a, b), c)"),
        ("a ^ (b & c)", "Xor(a, And(b, c))"),
        ("a & (b ^ c)", "And(a, Xor(b, c))"),
    ]);
}

#[test]
fn comparisons() {
    check(&[
        ("a == b", "(a Equal b)"),
        ("a < b <= c", "(a Less b LessEqual c)"),
        ("a > b >= c != d", "(a Greater b GreaterEqual c NotEqual d)"),
        ("a in b", "(a In b)"),
        ("a not in b is not c is d", "(a NotIn b IsNot c Is d)"),
    ]);
}

#[test]
fn functions_as_values() {
    check(&[
        ("lambda: a", "lambda() {return a}"),
        (
            "lambda a, /, b=c, *d, e, **f: g",
            "lambda(/a, b = c, *d, =e, **f) {return g}",
        ),
        ("lambda: (yield)", "lambda() generator {return yield()}"),
        ("await a", "await(a)"),
    ]);
}

#[test]
fn annotations() {
    check(&[
        (
            "def f(a: b[c, d] = e, *f: g | None) -> 'h': ...",
            "def f(a: b[tuple(c, d)] = e, *f: Or(g, None)) -> <\"h\"> {?()}",
        ),
        (
            "def f(a: b.c[d], b: list[int], *c: *d): ...",
            "def f(a: b.c[d], b: list[int], *c: *d) {?()}",
        ),
    ]);
}
