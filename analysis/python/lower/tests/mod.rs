//! What each construct of Python lowers to.

mod show;

mod errors;
mod expressions;
mod literals;
mod partial;
mod statements;

use super::program;

/// The lowered form of a program that parses.
fn lowered(text: &str) -> String {
    let (block, _, problems) = program(text);
    assert_eq!(problems, [], "{text}");
    show::block(&block)
}

/// Lowers each text on the left and holds it against the form on the right.
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(lowered(text), *expected, "{text}");
    }
}
