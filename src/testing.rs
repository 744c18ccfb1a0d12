//! What the unit tests share: rules that find nothing, projects and places in memory.

use std::fs;

use footgun_analysis::project::Project;
use footgun_analysis::source::{Language, Place, Source, Span};
use footgun_rules::{Ask, Finding, Judge, Rule, Severity, unused_ignore};

const SAMPLE_ERROR: Rule = Rule {
    id: "sample-error",
    group: "samples",
    title: "A sample of an error",
    severity: Severity::Error,
    by_default: true,
    page: "",
    asks: |_| vec![Ask::Word("sample".to_owned())],
    judge: Judge::Comments,
};

/// Three rules for findings made by hand, one of them off by default, and the one about comments.
pub const RULES: &[Rule] = &[
    SAMPLE_ERROR,
    Rule {
        id: "sample-note",
        title: "A sample of a note",
        severity: Severity::Note,
        ..SAMPLE_ERROR
    },
    Rule {
        id: "sample-on-request",
        group: "requested",
        title: "A sample that is off by default",
        by_default: false,
        ..SAMPLE_ERROR
    },
    unused_ignore::RULE,
];

/// A folder with these paths and texts.
pub fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    // The default prefix is a dot, which would make the root a hidden folder of its parent.
    let root = tempfile::Builder::new().prefix("tree").tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

/// A project of these paths and texts.
pub fn project(files: &[(&str, &str)]) -> Project {
    let source = |&(path, text): &(&str, &str)| Source {
        path: path.into(),
        language: Language::of(path.as_ref()).expect("a path of a known language"),
        text: text.to_owned(),
    };
    Project::new(files.iter().map(source).collect())
}

/// The first place of `words` in the file at `path`.
pub fn place(project: &Project, path: &str, words: &str) -> Place {
    let file = project.at(path).expect("a file of the project");
    let start = project.file(file).text.find(words).expect("the words");
    Place {
        file,
        span: Span::new(start, start + words.len()),
    }
}

/// A finding of `sample-error` at `place`, which is a statement of its own.
pub fn finding(place: Place) -> Finding {
    Finding {
        rule: SAMPLE_ERROR.id,
        severity: SAMPLE_ERROR.severity,
        place,
        statement: place,
        message: "`kill` is given signal 0, which is CTRL_C_EVENT on Windows".to_owned(),
        help: "ask the operating system for the process instead".to_owned(),
        evidence: Vec::new(),
        fix: None,
    }
}
