//! Positions in the files of a project; the lines of a file are found once, when first asked for.

use std::sync::OnceLock;

use footgun_analysis::project::Project;
use footgun_analysis::source::{FileId, Lines, Place, Position};

use crate::shown::shown;

/// The texts of a project with their lines.
#[derive(Debug)]
pub struct Texts<'a> {
    project: &'a Project,
    lines: Vec<OnceLock<Lines>>,
}

impl<'a> Texts<'a> {
    /// The texts of `project`.
    pub fn new(project: &'a Project) -> Texts<'a> {
        let lines = project.files.iter().map(|_| OnceLock::new()).collect();
        Texts { project, lines }
    }

    /// The project.
    pub fn project(&self) -> &'a Project {
        self.project
    }

    /// The files of the project.
    pub fn files(&self) -> Vec<FileId> {
        (0..self.project.files.len() as u32).map(FileId).collect()
    }

    /// A file's text.
    pub fn text(&self, file: FileId) -> &'a str {
        &self.project.file(file).text
    }

    /// A file's path as reports show it.
    pub fn name(&self, file: FileId) -> String {
        shown(&self.project.file(file).path)
    }

    /// A file's lines.
    pub fn lines(&self, file: FileId) -> &Lines {
        self.lines[file.0 as usize].get_or_init(|| Lines::of(self.text(file)))
    }

    /// Where a place starts.
    pub fn start(&self, place: Place) -> Position {
        self.position(place.file, place.span.start)
    }

    /// Where a place ends: the position after its last character.
    pub fn end(&self, place: Place) -> Position {
        self.position(place.file, place.span.end)
    }

    /// Where a place starts, as path, row and column.
    pub fn at(&self, place: Place) -> String {
        let start = self.start(place);
        format!("{}:{}:{}", self.name(place.file), start.row, start.column)
    }

    /// The first and the last row of a place.
    pub fn rows(&self, place: Place) -> (usize, usize) {
        let lines = self.lines(place.file);
        let last = place.span.end.saturating_sub(1).max(place.span.start);
        (lines.row(place.span.start), lines.row(last))
    }

    fn position(&self, file: FileId, offset: u32) -> Position {
        self.lines(file).position(self.text(file), offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{place, project};

    #[test]
    fn positions_count_characters_and_every_line_ending() {
        let project = project(&[("./pkg/a.py", "é = 1\r\nb\rü\tc\n")]);
        let texts = Texts::new(&project);
        let at = |words| {
            let place = place(&project, "pkg/a.py", words);
            let (start, end) = (texts.start(place), texts.end(place));
            (
                (start.row, start.column),
                (end.row, end.column),
                texts.rows(place),
            )
        };
        assert_eq!(texts.name(FileId(0)), "pkg/a.py");
        assert_eq!(at("= 1"), ((1, 3), (1, 6), (1, 1)));
        assert_eq!(at("c"), ((3, 3), (3, 4), (3, 3)));
        // A place that takes its line ending along does not reach into the next row.
        assert_eq!(at("b\r"), ((2, 1), (3, 1), (2, 2)));
        assert_eq!(at("= 1\r\nb"), ((1, 3), (2, 2), (1, 2)));
    }
}
