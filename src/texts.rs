//! Positions in the files of a project; the lines of a file are found once, when first asked for.

use std::fmt;
use std::path::Path;
use std::sync::OnceLock;

use footgun_analysis::project::Project;
use footgun_analysis::source::{FileId, Lines, Place, Position};

use crate::files::notebook::{cells, is_notebook};
use crate::report::fingerprint::KnownLines;
use crate::shown::{named, shown};

/// The texts of a project with their lines.
#[derive(Debug)]
pub struct Texts<'a> {
    project: &'a Project,
    rows: Vec<OnceLock<Rows>>,
    known_lines: Vec<KnownLines>,
}

/// The rows of a text.
#[derive(Debug)]
struct Rows {
    lines: Lines,
    /// The cells of a notebook: the row of their heading, and their number.
    cells: Vec<(usize, usize)>,
}

/// A position as reports print it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The number of the cell that it is in, from 1; only notebooks have cells.
    pub cell: Option<usize>,
    /// The row in the file or the cell, from 1.
    pub row: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

impl Spot {
    /// The line, without the column.
    pub fn line(self) -> String {
        match self.cell {
            Some(cell) => format!("cell {cell}:{}", self.row),
            None => self.row.to_string(),
        }
    }

    /// The line as the end of a sentence.
    pub fn line_in_words(self) -> String {
        match self.cell {
            Some(cell) => format!("line {} of cell {cell}", self.row),
            None => format!("line {}", self.row),
        }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line(), self.column)
    }
}

impl Rows {
    /// The rows of the text of the file at a path.
    fn of(path: &Path, text: &str) -> Rows {
        let lines = Lines::of(text);
        let cells = match is_notebook(path) {
            true => cells(text),
            false => Vec::new(),
        };
        let cells = cells.into_iter();
        Rows {
            cells: cells
                .map(|cell| (lines.row(cell.heading.start as u32), cell.number))
                .collect(),
            lines,
        }
    }

    /// The row of the text for a row of a cell, or of the file, whether or not it has so many.
    fn in_text(&self, cell: Option<usize>, row: usize) -> Option<usize> {
        let Some(wanted) = cell else {
            return Some(row);
        };
        let (heading, _) = self.cells.iter().find(|(_, number)| *number == wanted)?;
        Some(heading + row)
    }

    /// A position of the text as reports print it.
    fn spot(&self, Position { row, column }: Position) -> Spot {
        let before = self.cells.partition_point(|(heading, _)| *heading <= row);
        let cell = before.checked_sub(1).map(|index| self.cells[index]);
        Spot {
            cell: cell.map(|(_, number)| number),
            row: row - cell.map_or(0, |(heading, _)| heading),
            column,
        }
    }
}

impl<'a> Texts<'a> {
    /// The texts of `project`.
    pub fn new(project: &'a Project) -> Texts<'a> {
        let files = project.files.iter();
        Texts {
            project,
            rows: files.clone().map(|_| OnceLock::new()).collect(),
            known_lines: files.map(|_| KnownLines::default()).collect(),
        }
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
        named(&self.project.file(file).path)
    }

    /// A file's lines.
    pub fn lines(&self, file: FileId) -> &Lines {
        &self.rows_of(file).lines
    }

    /// What fingerprints know of a file's lines.
    pub(crate) fn known_lines(&self, file: FileId) -> &KnownLines {
        &self.known_lines[file.0 as usize]
    }

    fn rows_of(&self, file: FileId) -> &Rows {
        let source = self.project.file(file);
        self.rows[file.0 as usize].get_or_init(|| Rows::of(&source.path, &source.text))
    }

    /// How many rows a file has, or a cell of it; `None` where there is no such cell, and for a notebook
    /// as a whole, whose rows are counted in its cells.
    pub fn row_count(&self, file: FileId, cell: Option<usize>) -> Option<usize> {
        let rows = self.rows_of(file);
        let has_end = self.text(file).ends_with(['\n', '\r']);
        let count = rows.lines.count() - usize::from(has_end);
        let Some(wanted) = cell else {
            return rows.cells.is_empty().then_some(count);
        };
        let mut cells = rows.cells.iter();
        let (heading, _) = cells.find(|(_, number)| *number == wanted)?;
        let end = cells.next().map_or(count + 1, |(next, _)| *next);
        Some(end - heading - 1)
    }

    /// The row of the text that is a row of a cell, or in other files than notebooks, of the file.
    pub fn row(&self, file: FileId, cell: Option<usize>, row: usize) -> Option<usize> {
        let count = self.row_count(file, cell)?;
        let found = self.rows_of(file).in_text(cell, row)?;
        (1..=count).contains(&row).then_some(found)
    }

    /// The byte at a position in a file, if the file has it.
    pub fn offset(&self, file: FileId, spot: Spot) -> Option<usize> {
        let rows = self.rows_of(file);
        let row = rows.in_text(spot.cell, spot.row)?;
        if !(1..=rows.lines.count()).contains(&row) {
            return None;
        }
        let range = rows.lines.range(self.text(file), row);
        let line = &self.text(file)[range.clone()];
        let mut starts = line.char_indices().map(|(at, _)| range.start + at);
        match spot.column.checked_sub(1)? {
            before if before == line.chars().count() => Some(range.end),
            before => starts.nth(before),
        }
    }

    /// Where a place starts.
    pub fn start(&self, place: Place) -> Spot {
        self.position(place.file, place.span.start)
    }

    /// Where a place ends: the position after its last character.
    pub fn end(&self, place: Place) -> Spot {
        self.position(place.file, place.span.end)
    }

    /// Where a place starts, as path, cell if there is one, row and column, in one line.
    pub fn at(&self, place: Place) -> String {
        let path = shown(&self.project.file(place.file).path);
        format!("{path}:{}", self.start(place))
    }

    /// The first and the last row of a place in the text.
    pub fn rows(&self, place: Place) -> (usize, usize) {
        let lines = self.lines(place.file);
        let last = place.span.end.saturating_sub(1).max(place.span.start);
        (lines.row(place.span.start), lines.row(last))
    }

    fn position(&self, file: FileId, offset: u32) -> Spot {
        let rows = self.rows_of(file);
        rows.spot(rows.lines.position(self.text(file), offset))
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
        let text = texts.text(FileId(0));
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let position = texts.position(FileId(0), offset as u32);
            assert_eq!(texts.offset(FileId(0), position), Some(offset));
        }
        let offset = |row, column| {
            let cell = None;
            texts.offset(FileId(0), Spot { cell, row, column })
        };
        assert_eq!(
            [offset(0, 1), offset(1, 0), offset(1, 9), offset(9, 1)],
            [None; 4]
        );
    }
    #[test]
    fn rows_of_notebooks_are_those_of_their_cells() {
        let text =
            "#%% code of cell 2 of the notebook\na\n\n#%% code of cell 5 of the notebook\nb\nc\n";
        let project = project(&[("a.ipynb", text), ("b.py", text)]);
        let texts = Texts::new(&project);
        let at = |path, words| texts.at(place(&project, path, words));
        assert_eq!(at("a.ipynb", "a\n"), "a.ipynb:cell 2:1:1");
        assert_eq!(at("a.ipynb", "c\n"), "a.ipynb:cell 5:2:1");
        assert_eq!(at("b.py", "c\n"), "b.py:6:1");
        let row = |cell, row| texts.row(FileId(0), cell, row);
        assert_eq!(row(Some(2), 1), Some(2));
        assert_eq!(row(Some(5), 2), Some(6));
        assert_eq!(row(Some(2), 3), None);
        assert_eq!(row(Some(3), 1), None);
        assert_eq!(row(Some(5), 3), None);
        assert_eq!(row(None, 3), None);
        for place in [
            place(&project, "a.ipynb", "c"),
            place(&project, "b.py", "c"),
        ] {
            let offset = texts.offset(place.file, texts.start(place));
            assert_eq!(offset, Some(place.span.range().start));
        }
        let row = |row| texts.row(FileId(1), None, row);
        assert_eq!([row(6), row(7)], [Some(6), None]);
    }
}
