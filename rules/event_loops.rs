//! What the rules about event loops share: methods that the loops of Windows lack.

use footgun_analysis::demand::Ask;
use footgun_analysis::facts::{Call, Facts};

use crate::Because;
use crate::missing::{is_for_posix, posix_servers};
use crate::report::is_dealt_with;

/// The class of the loops, with the dot behind it.
const LOOP: &str = "asyncio.AbstractEventLoop.";

/// Asks for methods, by the name of the class, and by their own where the loop is not known to be one.
pub(crate) fn asks(methods: &'static [&'static str]) -> impl Iterator<Item = Ask> {
    let asks = |method: &'static str| {
        let name = method.strip_prefix(LOOP).unwrap_or(method);
        [Ask::Call(method), Ask::Method(name)]
    };
    methods
        .iter()
        .copied()
        .flat_map(asks)
        .chain(posix_servers())
}

/// Errs where a call of one of these methods is not known to end in a NotImplementedError on Windows.
pub(crate) fn is_refused(facts: &Facts, call: &Call) -> Result<(), Because> {
    if !call.is_of_loop() {
        return Err("what the method belongs to is not known to be an event loop");
    }
    if is_for_posix(facts) {
        return Err("it belongs to a server that runs on POSIX only");
    }
    if is_dealt_with(&call.handlers, "builtins.NotImplementedError") {
        return Err("a handler waits for the NotImplementedError that Windows raises");
    }
    Ok(())
}

/// The name of the method that is called.
pub(crate) fn method(call: &Call) -> &str {
    let api = call.site.api.as_str();
    api.strip_prefix(LOOP).unwrap_or(api)
}
