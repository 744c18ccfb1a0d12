//! The answer in one line, for those who only want to know whether it runs on Windows.

use std::fmt;

use footgun_rules::{Severity, unused_ignore};

use crate::summary::plural;

/// What speaks against running on Windows.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What goes wrong.
    errors: usize,
    /// What goes wrong in some situations.
    warnings: usize,
    /// Files that nothing can be said of.
    unknown: usize,
    /// Files that are not meant for Windows.
    foreign: usize,
}

impl Verdict {
    /// Counts what was found, by rule and severity, beside files of which nothing is known or nothing is asked.
    pub fn new<'f>(
        findings: impl IntoIterator<Item = (&'f str, Severity)>,
        unknown: usize,
        foreign: usize,
    ) -> Verdict {
        let mut verdict = Verdict {
            errors: 0,
            warnings: 0,
            unknown,
            foreign,
        };
        for (rule, severity) in findings {
            match severity {
                // An ignore comment too many does no harm.
                _ if rule == unused_ignore::RULE.id => {}
                Severity::Error => verdict.errors += 1,
                Severity::Warning => verdict.warnings += 1,
                Severity::Note => {}
            }
        }
        verdict
    }

    /// Whether nothing speaks against it.
    pub fn is_clean(&self) -> bool {
        self.errors == 0 && self.warnings == 0
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Verdict {
            errors,
            warnings,
            unknown,
            foreign,
        } = *self;
        f.write_str("runs on Windows: ")?;
        match (errors, warnings) {
            (0, 0) => f.write_str("nothing found against it")?,
            (0, warnings) => write!(f, "not always, {warnings} reason{}", plural(warnings))?,
            (errors, _) => write!(f, "no, {errors} reason{}", plural(errors))?,
        }
        if foreign > 0 {
            write!(f, "; {foreign} file{} not meant to", plural(foreign))?;
        }
        if unknown > 0 {
            write!(f, "; {unknown} file{} not understood", plural(unknown))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_decides() {
        let error = ("sample-error", Severity::Error);
        let warning = ("sample-error", Severity::Warning);
        let comment = (unused_ignore::RULE.id, Severity::Warning);
        for (findings, unknown, foreign, said) in [
            (vec![], 0, 0, "nothing found against it"),
            (vec![comment], 0, 0, "nothing found against it"),
            (vec![warning, comment], 0, 0, "not always, 1 reason"),
            (vec![error, warning, error], 0, 0, "no, 2 reasons"),
            (vec![error], 0, 1, "no, 1 reason; 1 file not meant to"),
            (
                vec![],
                1,
                2,
                "nothing found against it; 2 files not meant to; 1 file not understood",
            ),
        ] {
            let verdict = Verdict::new(findings, unknown, foreign);
            assert_eq!(verdict.to_string(), format!("runs on Windows: {said}"));
            assert_eq!(verdict.is_clean(), said.starts_with("nothing"), "{said}");
        }
    }
}
