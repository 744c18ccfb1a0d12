//! Lists, tuples, maps and strings of Rust, and what is made of them in steps.

use crate::rust_values::assert_runs;

#[test]
fn tuples() {
    const ITEMS: &str =
        "fn either() -> (&'static str, u32) { if x() { return (\"npm\", 1) } (\"yarn\", 2) }
        enum Editor { Code, Vim }";
    assert_runs(
        ITEMS,
        &[
            (
                "let (it, _) = match kind() { Editor::Code => (\"code\", 1), Editor::Vim => (\"vim\", 2) };
                 Command::new(it).status();",
                &["code|vim"],
            ),
            (
                "let it = if x() { (\"npm\", 1) } else { (\"yarn\", 2) }; Command::new(it.0).status();",
                &["npm|yarn"],
            ),
            (
                "let (it, _) = either(); Command::new(it).status();",
                &["npm|yarn"],
            ),
            (
                "let it = if x() { (1, \"a\") } else { (\"b\", 2, 3) }; let (it, _) = it;
                 Command::new(it).status();",
                &["?"],
            ),
        ],
    );
}

#[test]
fn parts_of_lists() {
    const LIST: &str = "const A: [&str; 2] = [\"npm\", \"yarn\"];";
    assert_runs(
        LIST,
        &[
            (
                "let (it, _) = A.split_first().unwrap(); Command::new(it).status();",
                &["npm"],
            ),
            (
                "let (it, _) = A.split_last().unwrap(); Command::new(it).status();",
                &["yarn"],
            ),
            ("Command::new(A.last().unwrap()).status();", &["yarn"]),
            ("Command::new(A.get(1).unwrap()).status();", &["yarn"]),
            (
                "if let Some(it) = A.get(7) { Command::new(it).status(); }",
                &[],
            ),
            (
                "let mut it = A.iter(); it.next(); Command::new(it.next().unwrap()).status();
                 Command::new(A[0]).status();",
                &["yarn", "npm"],
            ),
            (
                "Command::new(A.iter().skip(1).next().unwrap()).status();",
                &["yarn"],
            ),
        ],
    );
}

#[test]
fn iterators_over_lists() {
    const LIST: &str =
        "const A: [&str; 2] = [\"npm\", \"yarn\"]; fn ok(_: &str) -> bool { unknown() }";
    assert_runs(
        LIST,
        &[
            (
                "for (_, it) in A.iter().enumerate() { Command::new(it).status(); }",
                &["npm", "yarn"],
            ),
            (
                "for (it, _) in A.iter().zip([1, 2]) { Command::new(it).status(); }",
                &["npm", "yarn"],
            ),
            (
                "for it in A.iter().rev().chain([\"c\"].iter()) { Command::new(it).status(); }",
                &["yarn", "npm", "c"],
            ),
            // Perhaps a test leaves only what Windows starts.
            (
                "for it in A.iter().filter(|it| ok(it)) { Command::new(it).status(); }",
                &["?"],
            ),
            (
                "let it = A.iter().find(|it| Command::new(it).output().is_ok()).unwrap();
                 Command::new(it).status();",
                &["npm", "yarn", "?"],
            ),
            (
                "let n = A.iter().filter(|it| Command::new(it).output().is_ok()).count();",
                &["npm", "yarn"],
            ),
        ],
    );
}

#[test]
fn maps() {
    const ITEMS: &str = "use std::collections::HashMap;";
    assert_runs(
        ITEMS,
        &[
            (
                "let m = HashMap::from([(\"npm\", 1), (\"yarn\", 2)]); for (it, _) in &m { Command::new(it).status(); }",
                &["npm", "yarn"],
            ),
            (
                "let m = HashMap::from([(\"npm\", 1)]); for it in m.keys() { Command::new(it).status(); }",
                &["npm"],
            ),
            (
                "let mut m = HashMap::new(); m.insert(1, \"npm\"); for it in m.values() { Command::new(it).status(); }",
                &["npm"],
            ),
            (
                "let m = HashMap::from([(\"a\", \"npm\"), (\"b\", \"yarn\")]); Command::new(m[\"a\"]).status();
                 Command::new(m.get(\"b\").unwrap()).status();",
                &["npm", "yarn"],
            ),
            (
                "let m = HashMap::from([(\"a\", \"npm\")]); if let Some(it) = m.get(\"b\") { Command::new(it).status(); }",
                &[],
            ),
            (
                "let mut m = HashMap::from([(\"a\", \"npm\")]); fill(&mut m);
                 if let Some(it) = m.get(\"b\") { Command::new(it).status(); }",
                &["?"],
            ),
        ],
    );
}

#[test]
fn parts_of_strings() {
    assert_runs(
        "",
        &[
            (
                "let mut it = \"npm run build\".split(' '); Command::new(it.next().unwrap()).args(it).status();",
                &["npm"],
            ),
            (
                "let it: Vec<&str> = \"npm  run\".split_whitespace().collect(); Command::new(it[0]).status();",
                &["npm"],
            ),
            (
                "let (it, _) = \"npm run\".split_once(' ').unwrap(); Command::new(it).status();",
                &["npm"],
            ),
            (
                "Command::new(\" NPM \".trim().to_lowercase()).status();",
                &["npm"],
            ),
            (
                "if \"npm\".ends_with(\"x\") { Command::new(\"a\").status(); }",
                &[],
            ),
            (
                "Command::new([\"np\", \"m\"].join(\"\")).status();",
                &["npm"],
            ),
        ],
    );
}
