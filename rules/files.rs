//! What the rules about files share: the calls that get a path, and what is known of it.

use footgun_analysis::facts::{Argument, Call, Known};
use footgun_analysis::source::{Language, Place};

/// The functions and methods that open, make or change the file of a path that they are given.
pub(crate) const OPENING: &[&str] = &[
    "builtins.open",
    "io.open",
    "codecs.open",
    "os.open",
    "gzip.open",
    "bz2.open",
    "lzma.open",
    "tarfile.open",
    "zipfile.ZipFile",
    "shelve.open",
    "dbm.open",
    "sqlite3.connect",
    "aiofiles.open",
    "aiosqlite.connect",
    "fileinput.input",
    "logging.FileHandler",
    "logging.handlers.RotatingFileHandler",
    "logging.handlers.TimedRotatingFileHandler",
    "logging.handlers.WatchedFileHandler",
    "os.listdir",
    "os.scandir",
    "os.chdir",
    "os.mkdir",
    "os.rename",
    "os.replace",
    "shutil.copy",
    "shutil.copy2",
    "shutil.copyfile",
    "shutil.copytree",
    "shutil.move",
    "tempfile.mkdtemp",
    "tempfile.mkstemp",
    "tempfile.NamedTemporaryFile",
    "tempfile.TemporaryDirectory",
    "tempfile.TemporaryFile",
    "pathlib.Path.open",
    "pathlib.Path.read_text",
    "pathlib.Path.read_bytes",
    "pathlib.Path.write_text",
    "pathlib.Path.write_bytes",
    "pathlib.Path.touch",
    "pathlib.Path.mkdir",
    "pathlib.Path.iterdir",
    // Rust: the last is `OpenOptions::open`.
    "std::fs::File::open",
    "std::fs::File::create",
    "std::fs::File::create_new",
    "std::fs::copy",
    "std::fs::create_dir",
    "std::fs::read",
    "std::fs::read_dir",
    "std::fs::read_to_string",
    "std::fs::rename",
    "std::fs::write",
    "tokio::fs::File::open",
    "tokio::fs::File::create",
    "tokio::fs::copy",
    "tokio::fs::create_dir",
    "tokio::fs::read",
    "tokio::fs::read_dir",
    "tokio::fs::read_to_string",
    "tokio::fs::rename",
    "tokio::fs::write",
    "open",
];

/// What a call raises on Windows of a path that is not there: the class of the exception by its qualified
/// name, and how it shows.
pub(crate) fn not_there(call: &Call) -> (&'static str, &'static str) {
    match (call.site.language, call.site.api.as_str()) {
        (Language::Rust, _) => ("", "`ErrorKind::NotFound`"),
        (Language::Python, "sqlite3.connect" | "aiosqlite.connect") => (
            "sqlite3.OperationalError",
            "sqlite3.OperationalError, \"unable to open database file\"",
        ),
        (Language::Python, "dbm.open" | "shelve.open") => {
            ("dbm.error", "FileNotFoundError, or another `dbm.error`")
        }
        (Language::Python, _) => ("builtins.FileNotFoundError", "FileNotFoundError"),
    }
}

/// What asks whether there is something at a path.
pub(crate) const ASKING: [&str; 11] = [
    "exists",
    "is_dir",
    "is_file",
    "os.access",
    "os.path.exists",
    "os.path.isdir",
    "os.path.isfile",
    "os.path.lexists",
    "pathlib.Path.exists",
    "pathlib.Path.is_dir",
    "pathlib.Path.is_file",
];

/// A path that a call is given.
pub(crate) struct Given<'c> {
    /// The argument, or the path whose method is called.
    pub argument: &'c Argument,
    /// Its known beginning.
    pub beginning: String,
    /// Whether all of it is known.
    pub whole: bool,
    /// Where it is written.
    pub origin: Option<Place>,
}

/// The first path that a call is given of which `is_meant` holds.
pub(crate) fn given(call: &Call, is_meant: impl Fn(&Given) -> bool) -> Option<Given<'_>> {
    let of_argument = |argument| paths(argument).find(|given| is_meant(given));
    // Of something unknown in Python it may be a file on another machine.
    if call.site.api == "open" && call.site.language == Language::Python {
        return None;
    }
    match &call.receiver {
        // What a path is given besides is what to write.
        Some(receiver) if call.site.api.starts_with("pathlib.") => of_argument(receiver),
        _ => call
            .arguments()
            .find_map(|(_, argument)| of_argument(argument)),
    }
}

fn paths(argument: &Argument) -> impl Iterator<Item = Given<'_>> {
    argument.values.iter().filter_map(move |value| match value {
        Known::Text { pieces, origin } => {
            let known = pieces.iter().map_while(Option::as_deref);
            Some(Given {
                argument,
                beginning: known.collect(),
                whole: pieces.iter().all(Option::is_some),
                origin: *origin,
            })
        }
        _ => None,
    })
}
