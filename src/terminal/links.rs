//! Paths that a click on the terminal opens: OSC 8 hyperlinks, where the terminal is known to follow them.

use std::env;
use std::io;
use std::path::Path;

use codespan_reporting::term::termcolor::{HyperlinkSpec, WriteColor};
use footgun_analysis::project::slashed;
use supports_hyperlinks::Stream;

use crate::files::absolute;
use crate::printable::in_line;
use crate::uri::file_uri;

/// The terminals that find `path:row:column` in what they show, and go to the row: a link, which can
/// only name the file, would take the place of that.
const EDITORS: [&str; 2] = ["vscode", "zed"];

/// Whether links on standard output are followed.
pub(super) fn are_followed() -> bool {
    let is_forced = env::var_os("FORCE_HYPERLINK").is_some();
    let is_editor = env::var("TERM_PROGRAM").is_ok_and(|name| EDITORS.contains(&name.as_str()));
    supports_hyperlinks::on(Stream::Stdout) && (is_forced || !is_editor)
}

/// Writes the path of a file as reports name it, linked with the file if it is there.
///
/// # Errors
///
/// The output cannot be written.
pub fn write(name: &str, out: &mut dyn WriteColor) -> io::Result<()> {
    let shown = in_line(name);
    if !out.supports_hyperlinks() || !Path::new(name).is_file() {
        return out.write_all(shown.as_bytes());
    }
    let uri = file_uri(&host(), &slashed(&absolute(Path::new(name))));
    out.set_hyperlink(&HyperlinkSpec::open(uri.as_bytes()))?;
    out.write_all(shown.as_bytes())?;
    out.set_hyperlink(&HyperlinkSpec::close())
}

/// The name that tells a terminal whether the file is on its own machine.
#[cfg(unix)]
fn host() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}

/// On Windows a name would make it a path on the network.
#[cfg(not(unix))]
fn host() -> String {
    String::new()
}
