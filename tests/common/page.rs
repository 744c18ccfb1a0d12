//! The examples of a rule's page.
//!
//! An example is a fenced block whose info string is a language and a verdict:
//!
//! - ```` ```py wrong ````: what a rule finds, each finding in the row that expects it;
//! - ```` ```py fixed ````, right after the wrong example it belongs to: what `--fix` makes of that,
//!   and ```` ```py fixed unsafe ````: what `--fix --unsafe-fixes` makes of it. `# expect:` comments
//!   are taken away before the fix, so that no fixed example repeats them;
//! - ```` ```rust right ````: what no rule finds.
//!
//! With `file=path` at its end it is one file of a project; blocks of one verdict that follow each
//! other with nothing but blank lines between them, all with `file=`, are one project. A fixed project
//! has the files that differ from those of the wrong one. Other blocks are not read.

use std::ops::Range;
use std::path::{Path, PathBuf};

use footgun_analysis::source::Language;
use footgun_rules::Applicability;

/// An example: one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The rows of the page, counted from 0, from its first fence to its last.
    pub rows: Range<usize>,
    /// What the page says of it.
    pub verdict: Verdict,
    /// The files.
    pub files: Vec<File>,
}

/// What a page says of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The rule finds something in it.
    Wrong,
    /// It is what fixes make of the wrong example before it, those that are at least so applicable.
    Fixed(Applicability),
    /// Nothing is found in it.
    Right,
}

/// A file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path.
    pub path: PathBuf,
    /// Whether the page names the path.
    pub named: bool,
    /// Its text.
    pub text: String,
}

/// The info string of an example's fence.
struct Info {
    verdict: Verdict,
    path: PathBuf,
    named: bool,
}

fn info(line: &str) -> Option<Info> {
    let mut words = line.strip_prefix("```")?.split_whitespace().peekable();
    let default = match words.next()? {
        "py" => "example.py",
        "rust" => "src/main.rs",
        _ => return None,
    };
    let verdict = match words.next()? {
        "wrong" => Verdict::Wrong,
        "fixed" if words.next_if_eq(&"unsafe").is_some() => Verdict::Fixed(Applicability::Unsafe),
        "fixed" => Verdict::Fixed(Applicability::Safe),
        "right" => Verdict::Right,
        _ => return None,
    };
    let path = words.next().and_then(|word| word.strip_prefix("file="));
    Some(Info {
        verdict,
        path: path.unwrap_or(default).into(),
        named: path.is_some(),
    })
}

/// The examples of a page.
pub fn examples(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    // Whether the last example takes another file.
    let mut open = false;
    let mut lines = page.lines().enumerate();
    while let Some((row, line)) = lines.next() {
        let Some(info) = info(line) else {
            open &= line.trim().is_empty();
            continue;
        };
        let body = lines.by_ref().map(|(_, line)| line);
        let text: String = body
            .take_while(|line| *line != "```")
            .flat_map(|line| [line, "\n"])
            .collect();
        let end = row + text.lines().count() + 2;
        let (verdict, named) = (info.verdict, info.named);
        let file = File {
            path: info.path,
            named,
            text,
        };
        match examples.last_mut() {
            Some(last) if open && named && last.verdict == verdict => {
                last.rows.end = end;
                last.files.push(file);
            }
            _ => examples.push(Example {
                rows: row..end,
                verdict,
                files: vec![file],
            }),
        }
        open = named;
    }
    examples
}

impl Example {
    /// Paths and texts.
    pub fn texts(&self) -> impl Iterator<Item = (PathBuf, String)> {
        let files = self.files.iter();
        files.map(|file| (file.path.clone(), file.text.clone()))
    }

    /// The languages of its files.
    pub fn languages(&self) -> impl Iterator<Item = Language> {
        self.files
            .iter()
            .filter_map(|file| Language::of(&file.path))
    }

    /// The example without the comments that say what is expected.
    pub fn without_expectations(&self) -> Example {
        let file = |file: &File| File {
            text: without_expectations(&file.path, &file.text),
            ..file.clone()
        };
        Example {
            files: self.files.iter().map(file).collect(),
            ..self.clone()
        }
    }

    /// The files that this wrong example has after a fix, which is given where it differs.
    pub fn with(&self, fixed: &Example) -> Example {
        let file = |file: &File| {
            let changed = fixed.files.iter().find(|other| other.path == file.path);
            changed.unwrap_or(file).clone()
        };
        Example {
            files: self.files.iter().map(file).collect(),
            ..self.clone()
        }
    }

    /// The blocks of the page.
    pub fn blocks(&self) -> String {
        let verdict = match self.verdict {
            Verdict::Wrong => "wrong",
            Verdict::Fixed(Applicability::Safe) => "fixed",
            Verdict::Fixed(_) => "fixed unsafe",
            Verdict::Right => "right",
        };
        let block = |file: &File| {
            let language = match Language::of(&file.path) {
                Some(Language::Rust) => "rust",
                _ => "py",
            };
            let name = match file.named {
                true => format!(" file={}", file.path.display()),
                false => String::new(),
            };
            format!("```{language} {verdict}{name}\n{}```\n", file.text)
        };
        self.files.iter().map(block).collect::<Vec<_>>().join("\n")
    }
}

fn without_expectations(path: &Path, text: &str) -> String {
    let marker = match Language::of(path) {
        Some(Language::Rust) => "// expect: ",
        _ => "# expect: ",
    };
    let line = |line: &str| match line.split_once(marker) {
        Some((code, _)) => format!("{}\n", code.trim_end()),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}
