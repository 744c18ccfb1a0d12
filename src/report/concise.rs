//! `path:row:column: severity: message [rule]`, one line each, as compilers write and editors read.
//! As in ruff's, `[*]` stands before the message of what `--fix` repairs.

use std::io;

use codespan_reporting::term::termcolor::WriteColor;
use footgun_rules::{Applicability, Finding};

use super::Entry;
use crate::texts::Texts;

pub(super) fn write(
    texts: &Texts,
    entries: &[Entry],
    least: Applicability,
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    for Entry { finding, repair } in entries {
        let name = texts.name(finding.place.file);
        let at = texts.start(finding.place);
        let severity = finding.severity.word();
        let is_fixable = repair
            .as_ref()
            .is_some_and(|repair| repair.is_at_least(least));
        let mark = if is_fixable { "[*] " } else { "" };
        let Finding { message, rule, .. } = finding;
        writeln!(
            out,
            "{name}:{}:{}: {severity}: {mark}{message} [{rule}]",
            at.row, at.column
        )?;
    }
    Ok(())
}
