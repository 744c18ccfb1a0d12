//! What platforms come to a place.

use footgun_analysis::Session;
use footgun_analysis::explain::is_for_windows_only;
use footgun_analysis::source::{FileId, Place, Span};

use crate::common::{demand, project};

/// Whether only Windows comes to `mark` in a file.
fn windows_only(path: &str, text: &str) -> bool {
    let project = project(&[(path, text)]);
    let start = text.find("mark").expect("the place");
    let place = Place {
        file: FileId(0),
        span: Span::new(start, start + 4),
    };
    is_for_windows_only(&Session::new(&project, demand()), place)
}

#[test]
fn a_place_is_for_windows_only_where_nobody_else_comes_to_it() {
    for (expected, text) in [
        (
            false,
            "import subprocess\ndef f(c):\n    mark(subprocess.run(c))\n",
        ),
        (
            true,
            "import subprocess, sys\ndef f(c):\n    if sys.platform == 'win32':\n        mark(subprocess.run(c))\n",
        ),
        (
            true,
            "import subprocess, os\ndef f(c):\n    if os.name != 'nt':\n        return\n    mark(subprocess.run(c))\n",
        ),
        (
            false,
            "import subprocess, sys\ndef f(c):\n    if sys.platform != 'linux':\n        mark(subprocess.run(c))\n",
        ),
    ] {
        assert_eq!(windows_only("app.py", text), expected, "{text}");
    }
    for (expected, text) in [
        (
            true,
            "#[cfg(windows)]\nfn f(mark: std::process::Command) { mark.spawn(); }",
        ),
        (
            false,
            "fn f(mut c: std::process::Command) { let mark = c.spawn(); }",
        ),
    ] {
        assert_eq!(windows_only("src/main.rs", text), expected, "{text}");
    }
}
