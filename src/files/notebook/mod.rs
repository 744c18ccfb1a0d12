//! Jupyter notebooks: the Python of their code cells as one text, and back.

mod cells;
mod format;
mod ipython;
#[cfg(test)]
mod tests;

use std::ops::Range;

use serde_json::Value;
use thiserror::Error;

pub use cells::{CellStart, cells};
pub use footgun_analysis::source::is_notebook;

/// What is wrong with a notebook, or with what is to become of it; the end of a sentence about the file.
#[derive(Debug, Error)]
pub enum NotebookError {
    /// It is not JSON, or not of the form of notebooks.
    #[error("no notebook of format 4 ({0})")]
    Format(#[from] serde_json::Error),
    /// The text does not have the cells of the notebook.
    #[error("its cells cannot be told apart")]
    Cells,
}

/// Reads a notebook: the Python of its code cells, one after the other, each below a heading.
/// `None` where the notebook is in another language.
///
/// # Errors
///
/// It is no notebook of format 4.
pub fn decode(json: &str) -> Result<Option<String>, NotebookError> {
    let Some(cells) = code(json)? else {
        return Ok(None);
    };
    let mut text = String::new();
    for cell in cells {
        text.push_str(&cells::heading(cell.number));
        text.push_str(&ipython::hide(&cell.source));
        text.push('\n');
    }
    Ok(Some(text))
}

/// Writes a text that [`decode`] gave, or what became of it, into its notebook. Cells that do not change
/// keep every byte.
///
/// # Errors
///
/// The text does not have the cells of the notebook.
pub fn encode(text: &str, json: &str) -> Result<String, NotebookError> {
    let old = code(json)?.unwrap_or_default();
    let new = cells(text);
    let numbers = old.iter().map(|cell| cell.number);
    if !numbers.eq(new.iter().map(|cell| cell.number)) {
        return Err(NotebookError::Cells);
    }
    let mut written = String::with_capacity(json.len());
    let mut copied = 0;
    for (index, cell) in old.iter().enumerate() {
        let end = new
            .get(index + 1)
            .map_or(text.len(), |next| next.heading.start);
        let below = &text[new[index].heading.end..end];
        let mut source = ipython::show(below.strip_suffix('\n').unwrap_or(below));
        if index == 0 {
            // An import may have been put at the very top.
            source.insert_str(0, &text[..new[0].heading.start]);
        }
        if source != cell.source {
            written.push_str(&json[copied..cell.range.start]);
            written.push_str(&replacement(&json[cell.range.clone()], &source));
            copied = cell.range.end;
        }
    }
    written.push_str(&json[copied..]);
    Ok(written)
}

/// The JSON of a source in the form of the one it replaces: a string, or one for each line with the
/// white space between them.
fn replacement(old: &str, source: &str) -> String {
    let string = |text: &str| Value::from(text).to_string();
    let Some(inside) = old.strip_prefix('[') else {
        return string(source);
    };
    let first = inside.trim_start();
    let before = &inside[..inside.len() - first.len()];
    let last = old.strip_suffix(']').unwrap_or(old).trim_end();
    let after = &old[last.len()..];
    let lines: Vec<String> = source.split_inclusive('\n').map(string).collect();
    format!("[{before}{}{after}", lines.join(&format!(",{before}")))
}

/// A cell with Python in it.
struct Cell {
    /// Its number among all cells, from 1.
    number: usize,
    source: String,
    /// The bytes of the source in the JSON.
    range: Range<usize>,
}

/// The cells with Python in them; `None` where the notebook is in another language.
fn code(json: &str) -> Result<Option<Vec<Cell>>, NotebookError> {
    let notebook: format::Notebook = serde_json::from_str(json)?;
    let is_other = |language: &str| language != "python";
    if notebook.metadata.language().is_some_and(is_other) {
        return Ok(None);
    }
    let mut code = Vec::new();
    for (index, cell) in notebook.cells.into_iter().enumerate() {
        let language = cell.metadata.vscode.language.as_deref();
        if cell.kind != "code" || language.is_some_and(is_other) {
            continue;
        }
        let raw = cell.source.get();
        let source: format::Text = serde_json::from_str(raw)?;
        let source = source.whole();
        if ipython::is_foreign(&source) {
            continue;
        }
        // `raw` is a part of `json`.
        let start = raw.as_ptr() as usize - json.as_ptr() as usize;
        code.push(Cell {
            number: index + 1,
            source,
            range: start..start + raw.len(),
        });
    }
    Ok(Some(code))
}
