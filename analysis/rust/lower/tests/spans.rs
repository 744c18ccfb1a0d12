//! Every part of the tree knows its bytes.

use super::super::file;
use crate::code::{Stmt, StmtKind};
use crate::platform::Platform;

const TEXT: &str = "#!/usr/bin/env löwe\r\n\
    //! é\r\n\
    #[derive(Debug)]\r\n\
    pub struct Ä { a: u8 }\r\n\
    /// Documentation is not part of it.\r\n\
    #[test]\r\n\
    pub async fn f(x: u8) -> u8 {\r\n\
        let é: &'static str = concat!(\"ä\\tb\", r#\"ü\r\n\"#);\r\n\
        Command::new(format!(\"é{é}{{{:?}}}\", x))\r\n\
            .arg(&\"ö\")\r\n\
            .spawn()?;\r\n\
        if let Some(ß) = (é) { match ß { _ => {} } } else { return; }\r\n\
        for ß in [1] { while true { loop { break; } } }\r\n\
        unsafe { a += 1; }\r\n\
        println!(\"ß\");\r\n\
        !x as u16\r\n\
    }\r\n";

/// The text of each statement's span, those of a function after it.
fn statements(block: &[Stmt], found: &mut Vec<String>) {
    for stmt in block {
        found.push(TEXT[stmt.span.range()].to_owned());
        if let StmtKind::Function(function) = &stmt.kind {
            let code = function.code.get().expect("functions are lowered at once");
            statements(&code.body, found);
        }
    }
}

#[test]
fn a_statement_spans_its_head() {
    let items = file(TEXT, Platform::Windows).expect("it parses");
    let mut found = Vec::new();
    statements(&items, &mut found);
    assert_eq!(
        found,
        [
            "#[derive(Debug)]\r\npub struct Ä",
            "#[test]\r\npub async fn f(x: u8) -> u8",
            "let é: &'static str = concat!(\"ä\\tb\", r#\"ü\r\n\"#)",
            "Command::new(format!(\"é{é}{{{:?}}}\", x))\r\n.arg(&\"ö\")\r\n.spawn()?",
            "if let Some(ß) = (é)",
            "for ß in [1]",
            "unsafe {",
            "println!(\"ß\")",
            "!x as u16",
        ]
    );
}

/// The source text of every node of a kind, found by its name in the tree's debug format.
fn sources_of(kind: &str) -> Vec<&'static str> {
    let items = file(TEXT, Platform::Windows).expect("it parses");
    let tree = format!("{:?}", items);
    let mut found = Vec::new();
    for (at, _) in tree.match_indices(kind) {
        let open = at + kind.len() - 1;
        let mut depth = 0;
        let close = tree[open..].find(|char| {
            depth += match char {
                '(' | '{' | '[' => 1,
                ')' | '}' | ']' => -1,
                _ => 0,
            };
            depth == 0
        });
        let rest = &tree[open + close.expect("brackets match")..];
        let number = |name: &str| {
            let digits = rest.split_once(name).expect("a span follows").1;
            let end = digits.find(|char: char| !char.is_ascii_digit());
            digits[..end.expect("a span ends")].parse::<usize>()
        };
        let (start, end) = (number("start: "), number("end: "));
        found.push(&TEXT[start.expect("a number")..end.expect("a number")]);
    }
    found
}

#[test]
fn an_expression_spans_its_source() {
    assert_eq!(
        sources_of("kind: Call("),
        [
            "Command::new(format!(\"é{é}{{{:?}}}\", x))\r\n.arg(&\"ö\")\r\n.spawn()",
            "Command::new(format!(\"é{é}{{{:?}}}\", x))\r\n.arg(&\"ö\")",
            "Command::new(format!(\"é{é}{{{:?}}}\", x))",
        ]
    );
    assert_eq!(
        sources_of("kind: Attribute("),
        [
            "Command::new(format!(\"é{é}{{{:?}}}\", x))\r\n.arg(&\"ö\")\r\n.spawn",
            "Command::new(format!(\"é{é}{{{:?}}}\", x))\r\n.arg",
            "Command::new",
        ]
    );
    assert_eq!(
        sources_of("kind: Text("),
        [
            "concat!(\"ä\\tb\", r#\"ü\r\n\"#)",
            "format!(\"é{é}{{{:?}}}\", x)",
            "&\"ö\"",
            "\"ß\"",
        ]
    );
}
