//! Many changes of a large file.

use footgun_analysis::project::Project;
use footgun_analysis::rewrite::in_file;
use footgun_analysis::source::{FileId, Language, Place, Source, Span};

use crate::common::{probe, spawn};

/// How many changes are made of a file in which this text stands so often, at the marked place.
fn made(path: &str, before: &str, repeated: &str, call: &str, count: usize) -> usize {
    let text = format!("{before}{}", repeated.repeat(count));
    let language = Language::of(path.as_ref()).expect("a known language");
    let places: Vec<Place> = text
        .match_indices(call)
        .map(|(at, _)| Place {
            file: FileId(0),
            span: Span::new(at, at + call.len()),
        })
        .collect();
    let project = Project::new(vec![Source {
        path: path.into(),
        language,
        text,
    }]);
    let edits = |place: &Place| match language {
        Language::Python => probe(*place),
        Language::Rust => spawn(*place),
    };
    let all = in_file(&project, FileId(0), |rewriter| {
        let changes = places.iter();
        changes
            .filter(|place| rewriter.edits(&edits(place)).is_ok())
            .count()
    });
    all.expect("it parses")
}

/// With a parse, or a look at the whole file, for each of them this would not end.
#[test]
fn changes_of_a_file_share_its_parse() {
    const MANY: usize = 10_000;
    let python = "def f(pid):\n    os.kill(pid, 0)\n";
    assert_eq!(
        made("a.py", "import os\n", python, "os.kill(pid, 0)", MANY),
        MANY
    );
    let rust = "const _: fn() = || { Command::new(\"a\").spawn().unwrap(); };\n";
    let call = "Command::new(\"a\").spawn()";
    let import = "use std::process::Command;\n";
    assert_eq!(made("src/main.rs", import, rust, call, MANY), MANY);
}
