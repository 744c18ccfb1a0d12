//! `posix-only-module`: importing a module that Windows does not have.

use footgun_analysis::facts::{Facts, How, Use};

use crate::missing::{is_for_posix, posix_servers};
use crate::report::Report;
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "posix-only-module",
    group: "names",
    title: "An import of a module that Windows does not have",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("posix_only_module.md"),
    asks: |_| {
        [Ask::MissingModules]
            .into_iter()
            .chain(posix_servers())
            .collect()
    },
    judge: Judge::Facts(|facts, _, verdicts| {
        for used in &facts.uses {
            RULE.tell(verdicts, &used.site, judge(facts, used));
        }
    }),
};

fn judge(facts: &Facts, used: &Use) -> Result<Report, Because> {
    let when = match used.how {
        How::ImportedByModule => "as soon as this module is imported",
        How::ImportedByFunction => "when this is run",
        How::MemberImported | How::Read | How::Called => return Err("no module is imported"),
    };
    if used.caught.is_some() {
        return Err("a handler catches what the import raises on Windows");
    }
    if is_for_posix(facts) {
        return Err("it belongs to a server that runs on POSIX only");
    }
    if used.supplied_by.is_some() {
        return Err("a package can give Windows the module");
    }
    let (module, raises) = (&used.site.api, &used.raises);
    Ok(Report::new(
        used.site.call,
        format!("`{module}` cannot be imported on Windows: {raises}, {when}"),
        "import it only where it is used and not on Windows, behind `if sys.platform != \
         \"win32\"`, or catch ImportError and do without it",
    ))
}
