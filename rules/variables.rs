//! What the rules about environment variables share: which variable a call is about.

use footgun_analysis::facts::Call;

/// What sets a variable of this process.
pub(crate) const SETS_OWN: &str = "os.environ.__setitem__";

/// What sets a variable of a dictionary, which may be the environment of a child.
pub(crate) const SETS_ANY: &str = "dict.__setitem__";

/// The first name that a call is given.
pub(crate) fn name(call: &Call) -> Option<String> {
    let (name, _) = call.positional.first()?.texts().next()?;
    Some(name)
}
