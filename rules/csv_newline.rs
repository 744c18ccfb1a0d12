//! `csv-newline`: rows of CSV in a file that ends lines in its own way.

use footgun_analysis::facts::{Call, Facts, Known};

use crate::report::{Report, argument_or_call};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "csv-newline",
    group: "encoding",
    title: "A CSV file that is written without `newline=\"\"`",
    severity: Severity::Warning,
    by_default: false,
    page: include_str!("csv_newline.md"),
    asks: |_| vec![Ask::InPlace("csv.writer"), Ask::InPlace("csv.DictWriter")],
    judge: Judge::Call(judge),
};

/// A file that is written as text and puts `\r\n` for every `\n`.
const FILE: &str = "io.file(newline=None)";

/// What ends a row in another way than `\r\n`.
const TERMINATOR: &str = "lineterminator";

/// What a dialect may bring along.
const DIALECT: &str = "dialect";

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let file = call
        .argument(0, "csvfile")
        .or_else(|| call.argument(0, "f"));
    let file = file.ok_or("it is given no file")?;
    if !file.values.iter().any(|value| value.is_named(FILE)) {
        return Err("it is not known to write a file that puts `\\r\\n` for `\\n`");
    }
    let keyword = |name: &str| call.keywords.iter().find(|(known, _)| known == name);
    let ends_otherwise = keyword(TERMINATOR).is_some_and(|(_, end)| {
        let is_usual = |value: &Known| value.text().is_some_and(|text| text.starts_with('\r'));
        !end.values.iter().all(is_usual)
    });
    if call.is_open || ends_otherwise {
        return Err("its rows may end otherwise than in `\\r\\n`");
    }
    // The names of the columns come first.
    let position = if call.site.api == "csv.DictWriter" {
        4
    } else {
        1
    };
    let is_usual = |value: &Known| {
        let name = value.text();
        name.is_some_and(|name| matches!(name.as_str(), "excel" | "excel-tab"))
    };
    let dialect = call.argument(position, DIALECT);
    if dialect.is_some_and(|dialect| !dialect.values.iter().all(is_usual)) {
        return Err("its rows may end otherwise than in `\\r\\n`");
    }
    Ok(Report::new(
        argument_or_call(&call.site, Some(file.place)),
        "a file that is opened without `newline=\"\"` puts `\\r\\n` for every `\\n` on Windows, and \
         `csv` ends its rows in `\\r\\n`: each ends in `\\r\\r\\n`, and an empty line follows each row",
        "open the file with `newline=\"\"`",
    ))
}
