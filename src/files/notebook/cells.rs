//! Where the cells of a notebook begin in its text.

use std::ops::Range;

/// The line before the code of a cell. `number` counts all cells of the notebook from 1, as other tools'
/// reports do.
pub(super) fn heading(number: usize) -> String {
    format!("{BEFORE}{number}{AFTER}")
}

const BEFORE: &str = "#%% code of cell ";
const AFTER: &str = " of the notebook\n";

/// A cell in the text of its notebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellStart {
    /// Its number.
    pub number: usize,
    /// The bytes of its heading; its code follows.
    pub heading: Range<usize>,
}

/// The cells in the text of a notebook.
pub fn cells(text: &str) -> Vec<CellStart> {
    let headings = text.match_indices(BEFORE);
    headings
        .filter_map(|(start, before)| {
            let begins_line = start == 0 || text[..start].ends_with('\n');
            let number = text[start + before.len()..].split_once(AFTER)?.0;
            let heading = start..start + before.len() + number.len() + AFTER.len();
            let number = number.parse().ok().filter(|_| begins_line)?;
            Some(CellStart { number, heading })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_begin_with_their_headings() {
        let text = format!("{}x = 1\n{}y = '{}'", heading(2), heading(15), heading(7));
        let found: Vec<_> = cells(&text)
            .into_iter()
            .map(|cell| (cell.number, text[cell.heading].to_owned()))
            .collect();
        assert_eq!(found, [(2, heading(2)), (15, heading(15))]);
        assert_eq!(cells("#%% code of cell x of the notebook\n"), []);
    }
}
