//! Texts that do not parse, and texts that nest too deep.

use super::{lowered, show};
use crate::python::program;

/// What is lowered in spite of errors, and the source of each reported problem's span.
fn broken(text: &str) -> (String, Vec<&str>) {
    let (block, _, problems) = program(text);
    let places = problems.iter().map(|problem| &text[problem.span.range()]);
    (show::block(&block), places.collect())
}

#[test]
fn a_broken_simple_statement_is_skipped() {
    let (block, problems) = broken("a = 1\nb = = 2\nc = 3\n");
    assert_eq!(block, "a = 1\nc = 3");
    assert_eq!(problems.len(), 1);
}

#[test]
fn a_compound_statement_survives_errors_in_its_blocks() {
    let (block, problems) = broken("if a:\n    b = 1 2\n    c\nelse:\n    d\n");
    assert_eq!(block, "if a {c} else {d}");
    assert_eq!(problems.len(), 1);
}

#[test]
fn a_broken_head_makes_the_condition_opaque() {
    let (block, problems) = broken("if a(b=c, d):\n    e\nelif f = g:\n    g\n");
    assert_eq!(block, "if ?() {e} elif ?() {}");
    assert_eq!(problems.len(), 2);
}

/// Where a head ends before its `:`, its block seems to stand outside of it.
#[test]
fn what_stands_below_a_head_that_ends_early_is_left_out() {
    for text in [
        "if a b:\n    c\n    d\ne\n",
        "if a = b:\n    c\n\n    d\ne\n",
        "def f(a b):\n    c\n    d\ne\n",
    ] {
        let (block, problems) = broken(text);
        assert!(!block.contains(['c', 'd']), "{text}: {block}");
        assert!(block.ends_with('e'), "{text}: {block}");
        assert_eq!(problems.len(), 1);
    }
    assert_eq!(broken("if a:\n    b\n  c\n  d\n").0, "if a {b}");
}

#[test]
fn errors_on_neighbouring_lines_are_one_problem_and_distant_ones_two() {
    assert_eq!(broken("a = = 1\nb = = 2\nc\n").1.len(), 1);
    assert_eq!(broken("a = = 1\nb\nc\nd\ne = = 2\n").1.len(), 2);
}

#[test]
fn problems_are_partial() {
    let (_, _, problems) = program("a = = 1\n");
    assert!(
        problems.iter().all(|problem| problem.partial),
        "{problems:?}"
    );
}

/// A parser that is told a wrong end of the text ends the process here.
#[test]
fn a_string_of_many_lines_may_have_no_end() {
    let text = format!("a\n\"\"\"{}:\n s", "\n".repeat(15));
    let (block, problems) = broken(&text);
    assert_eq!(block, "a");
    assert_eq!(problems.len(), 1);
}

/// Each of these would overflow the stack if it were followed to its end, here or in the drop.
#[test]
fn deep_nesting_ends_in_opaque() {
    let deep = 5_000;
    let texts = [
        format!("x = {}1{}", "[".repeat(deep), "]".repeat(deep)),
        format!("x = {}1{}", "{1:".repeat(deep), "}".repeat(deep)),
        format!("x = {}1", "-".repeat(deep)),
        format!("x = {}1", "not ".repeat(deep)),
        format!("x = {}1", "lambda: ".repeat(deep)),
        format!("x = {}1", "1 if a else ".repeat(deep)),
        format!("x = {}1", "1 + ".repeat(deep)),
        format!("x = a{}", ".b".repeat(deep)),
        format!("x = a{}", "(b)".repeat(deep)),
        format!("x = a{}", "[b]".repeat(deep)),
        format!("def f(x: {}b{}): c", "a[".repeat(deep), "]".repeat(deep)),
        format!("def f(x: {}a): b", "a | ".repeat(deep)),
        format!("for {}a{} in b: pass", "(".repeat(deep), ",)".repeat(deep)),
        format!("with {}a: b", "a, ".repeat(deep)),
        format!("x = [a {}]", "for a in b ".repeat(deep)),
        format!(
            "match a:\n case {}{}: b",
            "[".repeat(1_000),
            "]".repeat(1_000)
        ),
        (0..400)
            .map(|depth| format!("{}if a:\n", " ".repeat(depth)))
            .collect::<String>()
            + &" ".repeat(400)
            + "b\n",
    ];
    for text in texts {
        let (_, _, problems) = program(&text);
        let messages: Vec<&str> = problems.iter().map(|it| &*it.message).collect();
        assert_eq!(messages, ["nested too deeply"], "{}", &text[..20]);
    }
    let text = format!("x = {}1{}", "(".repeat(deep), ")".repeat(deep));
    assert_eq!(lowered(&text), "x = 1");
    let (block, _, _) = program(&format!("x = {}1", "-".repeat(250)));
    assert!(show::block(&block).contains("Negate(?())"));
}

/// What is set too deep in a text is not what it was before.
#[test]
fn what_is_set_too_deep_is_unknown() {
    let blocks = (0..300).map(|depth| format!("{}if a:\n", " ".repeat(depth)));
    let deep = format!("{}{}b = c", blocks.collect::<String>(), " ".repeat(300));
    let target = format!("for {}b{} in c: pass", "(".repeat(300), ",)".repeat(300));
    let items = format!("with {}c as b: pass", "c as b, ".repeat(300));
    for (text, unknown) in [
        (deep, "{let ?(a, b, c)}"),
        (target, "?(b)"),
        (items, "{let ?(b, c)}"),
    ] {
        let (block, _, problems) = program(&text);
        let [problem] = &problems[..] else {
            panic!("{problems:?}");
        };
        assert!(problem.partial);
        assert!(show::block(&block).contains(unknown), "{text}");
    }
}

#[test]
fn long_chains_of_one_operator_are_not_deep() {
    let text = format!("x = {}a", "a or ".repeat(1_000));
    assert!(!lowered(&text).contains('?'));
    let text = format!("x = {}1", "a or b and ".repeat(1_000));
    assert!(!lowered(&text).contains('?'));
    let text = format!("if a: b\n{}", "elif a: b\n".repeat(1_000));
    assert!(!lowered(&text).contains('?'));
}
