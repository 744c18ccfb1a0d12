//! Where a key stands in a TOML text.

use footgun_analysis::source::Lines;
use toml_edit::{Document, Item};

/// Row and column, from 1, of the value that a path of keys leads to; of a table, of its head.
pub(super) fn of_value(text: &str, keys: &[&str]) -> Option<(usize, usize)> {
    let document: Document<&str> = Document::parse(text).ok()?;
    let mut item: &Item = document.as_item();
    for key in keys {
        item = item.as_table_like()?.get(key)?;
    }
    let start = item.span()?.start as u32;
    let position = Lines::of(text).position(text, start);
    Some((position.row, position.column))
}

#[cfg(test)]
mod tests {
    use super::of_value;

    #[test]
    fn values_and_tables_have_places() {
        let text = "a = 1\n[fix]\nruntime = 'x.y'\n[tool]\nfootgun.select = []\n[tool.other]\n";
        assert_eq!(of_value(text, &["a"]), Some((1, 5)));
        assert_eq!(of_value(text, &["fix", "runtime"]), Some((3, 11)));
        assert_eq!(of_value(text, &["tool", "other"]), Some((6, 1)));
        assert_eq!(
            of_value(text, &["tool", "footgun", "select"]),
            Some((5, 18))
        );
        assert_eq!(of_value(text, &["fix", "vendor"]), None);
        assert_eq!(of_value("a = ", &["a"]), None);
    }
}
