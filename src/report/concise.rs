//! `path:row:column: severity: message [rule]`, one line each, as compilers write and editors read.

use std::io;

use codespan_reporting::term::termcolor::WriteColor;
use footgun_rules::Finding;

use crate::texts::Texts;

pub(super) fn write(
    texts: &Texts,
    findings: &[Finding],
    out: &mut dyn WriteColor,
) -> io::Result<()> {
    for finding in findings {
        let name = texts.name(finding.place.file);
        let at = texts.start(finding.place);
        let severity = finding.severity.word();
        let Finding { message, rule, .. } = finding;
        writeln!(
            out,
            "{name}:{}:{}: {severity}: {message} [{rule}]",
            at.row, at.column
        )?;
    }
    Ok(())
}
