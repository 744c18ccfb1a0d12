//! What `--rules` and `--explain` print.

use std::io::{self, Write};

use footgun_rules::Rule;

/// Writes a table of rules.
pub fn table(rules: &[Rule], out: &mut dyn Write) -> io::Result<()> {
    let width = |cell: fn(&Rule) -> &str| rules.iter().map(cell).map(str::len).max().unwrap_or(0);
    let (id, severity, group) = (
        width(|rule| rule.id),
        width(|rule| rule.severity.word()),
        width(|rule| rule.group),
    );
    for rule in rules {
        let level = rule.severity.word();
        writeln!(
            out,
            "{:id$}  {level:severity$}  {:group$}  {}",
            rule.id, rule.group, rule.title
        )?;
    }
    Ok(())
}

/// Writes the page of a rule.
pub fn page(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", rule.page.trim_end())
}
