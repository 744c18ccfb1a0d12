//! What the tests share: small projects, and the words that make a file worth evaluating.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

use footgun_analysis::demand::{Ask, Demand};
use footgun_analysis::facts::{Facts, SignalValue};
use footgun_analysis::project::Project;
use footgun_analysis::source::{FileId, Language, Lines, Place, Source};
use footgun_analysis::{Session, analyse};

/// A project of these paths and texts.
pub fn project<P: AsRef<str>, T: AsRef<str>>(files: &[(P, T)]) -> Project {
    let source = |(path, text): &(P, T)| {
        let path = PathBuf::from(path.as_ref());
        Source {
            language: Language::of(&path).expect("a path of a known language"),
            path,
            text: text.as_ref().to_owned(),
        }
    };
    Project::new(files.iter().map(source).collect())
}

/// What the tests ask for. Whatever is met is looked at from its callers, too.
pub fn demand() -> &'static Demand<'static> {
    static DEMAND: LazyLock<Demand> = LazyLock::new(|| {
        let asks = [
            Ask::Processes,
            Ask::Signals,
            Ask::MissingModules,
            Ask::MissingMembers,
            Ask::Literal("npm".to_owned()),
        ];
        Demand::new(asks, |_| true)
    });
    &DEMAND
}

/// What one file of a project does on Windows.
pub fn facts_of(project: &Project, path: &str) -> Facts {
    let file = project.at(path).expect("a file of the project");
    analyse(&Session::new(project, demand()), file).facts
}

/// What a project of one Python file does on Windows.
pub fn python(text: &str) -> Facts {
    facts_of(&project(&[("app.py", text)]), "app.py")
}

/// What a project of one Rust file does on Windows.
pub fn rust(text: &str) -> Facts {
    facts_of(&project(&[("src/main.rs", text)]), "src/main.rs")
}

/// Whether signal 0 is sent.
pub fn probes(facts: &Facts) -> bool {
    let zero = |signal| matches!(signal, SignalValue::Zero(_));
    facts.signals.iter().any(|signal| zero(signal.signal))
}

/// The ids of all files of a project.
pub fn ids(project: &Project) -> impl Iterator<Item = FileId> {
    (0..project.files.len() as u32).map(FileId)
}

/// The text with every line but the first indented by so many spaces.
pub fn indented(text: &str, by: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(by)))
}

/// The row of a place.
pub fn row(project: &Project, place: Place) -> usize {
    Lines::of(&project.file(place.file).text).row(place.span.start)
}

/// The rows, counted from 1, in which a project of one Python file asks with signal 0.
pub fn probed_rows(text: &str) -> Vec<usize> {
    probed_rows_of(&[("app.py", text)])
}

/// The same of the first file of a project.
pub fn probed_rows_of(files: &[(&str, &str)]) -> Vec<usize> {
    let project = project(files);
    let facts = facts_of(&project, files[0].0);
    let zero = |signal| matches!(signal, SignalValue::Zero(_));
    let sent = facts.signals.iter().filter(|sent| zero(sent.signal));
    let rows: BTreeSet<usize> = sent.map(|sent| row(&project, sent.site.call)).collect();
    rows.into_iter().collect()
}
