//! Which line `--why` is asked about: reads an address as reports print it, and finds it in the project.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use footgun_analysis::project::slashed;
use footgun_analysis::source::{FileId, Place, Span};
use thiserror::Error;

use crate::files::notebook::is_notebook;
use crate::shown::shown;
use crate::summary::plural;
use crate::texts::{Spot, Texts};

/// A line of a file, or a position in it, as the command line gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The file, or the end of its path.
    pub path: PathBuf,
    /// The number of the cell that the line is counted in, from 1; only notebooks have cells.
    pub cell: Option<usize>,
    /// The number of the line, from 1.
    pub row: usize,
    /// The number of the column, from 1, in characters.
    pub column: Option<usize>,
}

/// What is no address.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("expected a path, a colon and the number of a line")]
pub struct AddressError;

impl FromStr for Address {
    type Err = AddressError;

    /// Reads `PATH:ROW`, `PATH:ROW:COL`, and the same with `:cell N` after the path.
    fn from_str(text: &str) -> Result<Address, AddressError> {
        let number = |text: &str| text.parse().ok().map(NonZeroUsize::get);
        let numbered = |text: &str| {
            let (before, last) = text.rsplit_once(':')?;
            Some((before.to_owned(), number(last)?))
        };
        // Reports go on with a colon after the position.
        let text = text.strip_suffix(':').unwrap_or(text);
        let (before, last) = numbered(text).ok_or(AddressError)?;
        let (before, row, column) = match numbered(&before) {
            Some((before, row)) => (before, row, Some(last)),
            None => (before, last, None),
        };
        let in_cell = before.rsplit_once(":cell ");
        let in_cell = in_cell.and_then(|(path, cell)| Some((path, number(cell)?)));
        let (path, cell) = match in_cell {
            Some((path, cell)) => (path, Some(cell)),
            None => (before.as_str(), None),
        };
        Ok(Address {
            path: path.into(),
            cell,
            row,
            column,
        })
    }
}

/// What `--why` explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The bytes of the line, without the white space around it.
    pub line: Place,
    /// The byte in the line that the column names.
    pub offset: Option<u32>,
}

/// Why an address leads to no line.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FindError {
    /// No checked file has such a path, and none has a similar one.
    #[error("{}: not among the files checked", shown(.0))]
    Unknown(PathBuf),
    /// No checked file has such a path, but one has a similar one.
    #[error("{}: not among the files checked; did you mean {nearest}?", shown(.path))]
    Similar {
        /// What was asked for.
        path: PathBuf,
        /// The path of the most similar file.
        nearest: String,
    },
    /// The paths of several files end so.
    #[error("{}: several of the files checked end so: {}", shown(.path), listed(.files))]
    Ambiguous {
        /// What was asked for.
        path: PathBuf,
        /// The paths of these files.
        files: Vec<String>,
    },
    /// The file has fewer lines.
    #[error("{file}:{row}: the file has {count} line{}", plural(*.count))]
    PastFile {
        /// The file.
        file: String,
        /// What was asked for.
        row: usize,
        /// How many lines it has.
        count: usize,
    },
    /// The cell has fewer lines.
    #[error("{file}:cell {cell}:{row}: the cell has {count} line{}", plural(*.count))]
    PastCell {
        /// The notebook.
        file: String,
        /// The number of the cell.
        cell: usize,
        /// What was asked for.
        row: usize,
        /// How many lines it has.
        count: usize,
    },
    /// The line has fewer columns.
    #[error("{at}:{column}: the line has {count} column{}", plural(*.count))]
    PastLine {
        /// The file and the line.
        at: String,
        /// What was asked for.
        column: usize,
        /// How many columns it has.
        count: usize,
    },
    /// The notebook has no such cell, or it holds no Python.
    #[error("{file}: there is no cell {cell} of Python code")]
    NoCell {
        /// The notebook.
        file: String,
        /// What was asked for.
        cell: usize,
    },
    /// Lines of a notebook are counted in its cells.
    #[error("{file}: a line of a notebook is named as {file}:cell N:{row}")]
    CellMissing {
        /// The notebook.
        file: String,
        /// What was asked for.
        row: usize,
    },
    /// A cell in what is no notebook.
    #[error("{file}: only notebooks have cells")]
    NoNotebook {
        /// The file.
        file: String,
    },
}

/// Finds what an address names.
///
/// # Errors
///
/// It names no file, no line or no column, or not only one file.
pub fn find(texts: &Texts, address: &Address) -> Result<Target, FindError> {
    let file = find_file(texts, &address.path)?;
    let Address { row, column, .. } = *address;
    let Some(text_row) = texts.row(file, address.cell, row) else {
        return Err(missing_row(texts, file, address));
    };
    let range = texts.lines(file).range(texts.text(file), text_row);
    let whole = &texts.text(file)[range.clone()];
    let words = whole.trim_end();
    let start = range.start + (words.len() - words.trim_start().len());
    let span = Span::new(start, range.start + words.len());
    let offset = column.map(|column| {
        let spot = Spot {
            cell: address.cell,
            row,
            column,
        };
        let count = whole.trim_end_matches(['\n', '\r']).chars().count();
        // Reports also name the column after the last.
        let offset = texts.offset(file, spot).filter(|_| column <= count + 1);
        offset.ok_or_else(|| FindError::PastLine {
            at: format!("{}:{}", shown_name(texts, file), spot.line()),
            column,
            count,
        })
    });
    Ok(Target {
        line: Place { file, span },
        offset: offset.transpose()?.map(|offset| offset as u32),
    })
}

/// The file with a path, or the only one whose path ends so.
fn find_file(texts: &Texts, path: &Path) -> Result<FileId, FindError> {
    let name = slashed(path);
    let files = texts.files();
    if let Some(file) = files.iter().find(|file| texts.name(**file) == name) {
        return Ok(*file);
    }
    if let Ok(real) = path.canonicalize() {
        let is_it = |file: &&FileId| {
            let other = texts.project().file(**file).path.canonicalize();
            other.is_ok_and(|other| other == real)
        };
        // What is there and not checked is not meant to be another file.
        let found = files.iter().find(is_it).copied();
        return found.ok_or_else(|| FindError::Unknown(path.to_owned()));
    }
    let ends_so = |file: &FileId| Path::new(&texts.name(*file)).ends_with(path);
    let found: Vec<FileId> = files.iter().copied().filter(ends_so).collect();
    match found[..] {
        [file] => Ok(file),
        [] => Err(unknown(texts, path)),
        _ => Err(FindError::Ambiguous {
            path: path.to_owned(),
            files: found.iter().map(|file| shown_name(texts, *file)).collect(),
        }),
    }
}

/// No file has such a path: tells which one was probably meant.
fn unknown(texts: &Texts, path: &Path) -> FindError {
    let wanted = slashed(path);
    let length = path.components().count();
    let likeness = |file: &FileId| {
        let name = texts.name(*file);
        let parts: Vec<&str> = name.split('/').collect();
        // As much of the end of the path as was given.
        let end = parts[parts.len().saturating_sub(length)..].join("/");
        let is_same_name = Path::new(&name).file_name() == path.file_name();
        (is_same_name, strsim::jaro(&wanted, &end))
    };
    let files = texts.files().into_iter();
    let nearest = files
        .map(|file| (likeness(&file), file))
        // The bar that clap sets for misspelt options.
        .filter(|((is_same_name, likeness), _)| *is_same_name || *likeness > 0.7)
        // Of several that are alike the first.
        .rev()
        .max_by(|((a_name, a), _), ((b_name, b), _)| a_name.cmp(b_name).then(a.total_cmp(b)));
    let path = path.to_owned();
    match nearest {
        Some((_, file)) => FindError::Similar {
            path,
            nearest: shown_name(texts, file),
        },
        None => FindError::Unknown(path),
    }
}

/// The file does not have the line.
fn missing_row(texts: &Texts, file: FileId, address: &Address) -> FindError {
    let has_cells = is_notebook(&texts.project().file(file).path);
    let count = texts.row_count(file, address.cell);
    let file = shown_name(texts, file);
    let row = address.row;
    match (address.cell, count) {
        (Some(_), _) if !has_cells => FindError::NoNotebook { file },
        (Some(cell), Some(count)) => FindError::PastCell {
            file,
            cell,
            row,
            count,
        },
        (Some(cell), None) => FindError::NoCell { file, cell },
        (None, Some(count)) => FindError::PastFile { file, row, count },
        (None, None) => FindError::CellMissing { file, row },
    }
}

fn shown_name(texts: &Texts, file: FileId) -> String {
    shown(&texts.project().file(file).path)
}

/// The first of some files, and how many more there are.
fn listed(files: &[String]) -> String {
    const MOST: usize = 10;
    let first = files.iter().take(MOST).cloned().collect::<Vec<_>>();
    match files.len().saturating_sub(MOST) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::project;

    fn address(text: &str) -> Option<(String, Option<usize>, usize, Option<usize>)> {
        let address: Address = text.parse().ok()?;
        let path = address.path.to_str()?.to_owned();
        Some((path, address.cell, address.row, address.column))
    }

    #[test]
    fn an_address_is_a_position_as_reports_print_it() {
        let named = |path: &str, cell, row, column| Some((path.to_owned(), cell, row, column));
        assert_eq!(address("a.py:7"), named("a.py", None, 7, None));
        assert_eq!(address("a.py:7:3"), named("a.py", None, 7, Some(3)));
        assert_eq!(address("a.py:7:3:"), named("a.py", None, 7, Some(3)));
        assert_eq!(address("C:\\a.py:10"), named("C:\\a.py", None, 10, None));
        assert_eq!(
            address("C:\\a.py:10:2"),
            named("C:\\a.py", None, 10, Some(2))
        );
        assert_eq!(
            address("a.ipynb:cell 3:2"),
            named("a.ipynb", Some(3), 2, None)
        );
        assert_eq!(
            address("a.ipynb:cell 3:2:1"),
            named("a.ipynb", Some(3), 2, Some(1))
        );
        for wrong in [
            "a.py",
            "a.py:0",
            "a.py:1:0",
            "a.py:",
            "a.py:x",
            "a.py:cell 3",
            "",
        ] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_file_is_found_by_the_end_of_its_path() {
        let project = project(&[
            ("./gateway/__init__.py", ""),
            ("./gateway/run.py", "a\n  b = 1\n"),
            ("./tools/__init__.py", ""),
            (
                "./tools/cell.ipynb",
                "#%% code of cell 2 of the notebook\nx\n",
            ),
        ]);
        let texts = Texts::new(&project);
        let found = |text: &str| match find(&texts, &text.parse().unwrap()) {
            Ok(Target { line, offset }) => format!("{} {offset:?}", texts.at(line)),
            Err(error) => error.to_string(),
        };
        assert_eq!(found("gateway/run.py:2"), "gateway/run.py:2:3 None");
        assert_eq!(found("run.py:2:3"), "gateway/run.py:2:3 Some(4)");
        assert_eq!(
            found("cell.ipynb:cell 2:1"),
            "tools/cell.ipynb:cell 2:1:1 None"
        );
        assert_eq!(
            found("__init__.py:1"),
            "__init__.py: several of the files checked end so: \
             gateway/__init__.py, tools/__init__.py"
        );
        assert_eq!(
            found("tools/run.py:1"),
            "tools/run.py: not among the files checked; did you mean gateway/run.py?"
        );
        assert_eq!(
            found("gatewya/rnu.py:1"),
            "gatewya/rnu.py: not among the files checked; did you mean gateway/run.py?"
        );
        // A part of a name is not the end of a path.
        assert_eq!(
            found("un.py:1"),
            "un.py: not among the files checked; did you mean gateway/run.py?"
        );
        assert_eq!(found("qqqq:1"), "qqqq: not among the files checked");
        assert_eq!(found("run.py:3"), "gateway/run.py:3: the file has 2 lines");
        assert_eq!(
            found("run.py:2:9"),
            "gateway/run.py:2:9: the line has 7 columns"
        );
        assert_eq!(
            found("run.py:cell 1:1"),
            "gateway/run.py: only notebooks have cells"
        );
        assert_eq!(
            found("cell.ipynb:cell 2:2"),
            "tools/cell.ipynb:cell 2:2: the cell has 1 line"
        );
        assert_eq!(
            found("cell.ipynb:cell 1:2"),
            "tools/cell.ipynb: there is no cell 1 of Python code"
        );
        assert_eq!(
            found("cell.ipynb:1"),
            "tools/cell.ipynb: a line of a notebook is named as tools/cell.ipynb:cell N:1"
        );
    }

    #[test]
    fn long_lists_say_how_many_more_there_are() {
        let files: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        assert_eq!(listed(&files), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more");
    }
}
