//! `dev-null-path`: opening the null device by the name that POSIX has for it.

use footgun_analysis::facts::{Call, Facts};
use footgun_analysis::source::Language;

use crate::files::{self, OPENING};
use crate::report::{Report, argument_or_call, is_dealt_with, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "dev-null-path",
    group: "files",
    title: "A file is opened by the name `/dev/null`",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("dev_null_path.md"),
    asks: |_| {
        vec![Ask::CallsGiven {
            apis: OPENING,
            beginning: NULL,
        }]
    },
    judge: Judge::Call(judge),
};

const NULL: &str = "/dev/null";

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let given = files::given(call, |path| path.whole && path.beginning == NULL);
    let given = given.ok_or("it is not known to open `/dev/null`")?;
    let (class, shown) = files::not_there(call);
    if is_dealt_with(&call.handlers, class) {
        return Err("a handler waits for the error that Windows raises");
    }
    let place = argument_or_call(&call.site, Some(given.argument.place));
    let instead = match call.site.language {
        Language::Python => "`os.devnull`",
        Language::Rust => "`NUL`, or `std::io::sink()`",
    };
    Ok(Report::new(
        place,
        format!("Windows has no `/dev/null`: {shown}"),
        format!("use {instead}: the null device of Windows is called `nul`"),
    )
    .because(spelled(given.origin, place, "the path is written here")))
}
