//! `mp-unpicklable`: handing a process what cannot be sent to it.

use footgun_analysis::facts::{Call, Facts, Known};
use footgun_analysis::source::Place;

use crate::report::{Report, argument_or_call, spelled};
use crate::{Ask, Because, Judge, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "mp-unpicklable",
    group: "processes",
    title: "A function for another process that cannot be sent there",
    severity: Severity::Error,
    by_default: true,
    page: include_str!("mp_unpicklable.md"),
    asks: |_| PARAMETERS.iter().map(|(api, ..)| Ask::Call(api)).collect(),
    judge: Judge::Call(judge),
};

/// What makes processes, and the parameter of a function that runs in them.
const PARAMETERS: [(&str, usize, &str); 4] = [
    ("concurrent.futures.ProcessPoolExecutor", 2, "initializer"),
    ("multiprocessing.Pool", 1, "initializer"),
    ("multiprocessing.Process", 1, "target"),
    ("multiprocessing.pool.Pool", 1, "initializer"),
];

fn judge(_: &Facts, call: &Call) -> Result<Report, Because> {
    let (_, position, name) = PARAMETERS
        .iter()
        .find(|(api, ..)| *api == call.site.api)
        .ok_or("nothing is known of what this call takes")?;
    let argument = call
        .argument(*position, name)
        .ok_or("no function is given")?;
    let local = |value: &Known| match value {
        Known::Local(place) => Some(*place),
        _ => None,
    };
    let locals: Option<Vec<Place>> = argument.values.iter().map(local).collect();
    let defined = locals.and_then(|locals| locals.first().copied());
    let defined = defined.ok_or("the function is not known to be one without a name of its own")?;
    let place = argument_or_call(&call.site, Some(argument.place));
    Ok(Report::new(
        place,
        "Windows starts each process anew and sends it what it runs by pickle: a lambda, or a \
         function that is defined in another one, is \"AttributeError: Can't pickle local object\" \
         there",
        "define the function at the top of a module, and give it what it needs by `args`",
    )
    .because(spelled(Some(defined), place, "defined here")))
}
