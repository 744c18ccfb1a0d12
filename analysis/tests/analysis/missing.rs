//! Names that Windows lacks: where their use is met, and what catches what it raises.

use footgun_analysis::facts::How;

use crate::common::python;

#[test]
fn imports_are_met_however_they_are_spelled() {
    for text in [
        "import fcntl\n",
        "import os, fcntl\n",
        "import os, \\\n    fcntl\n",
        "from \\\n  fcntl import flock\n",
        "from fcntl import (\n    flock,\n)\n",
        "import fcntl as f\n",
    ] {
        let facts = python(text);
        let used: Vec<_> = facts
            .uses
            .iter()
            .map(|used| (used.site.api.as_str(), used.how, used.caught.is_some()))
            .collect();
        assert_eq!(used, [("fcntl", How::ImportedByModule, false)], "{text}");
    }
}

#[test]
fn a_handler_that_catches_is_told() {
    for (handler, is_caught) in [
        ("except ImportError: pass", true),
        ("except Exception: pass", true),
        ("except: pass", true),
        ("except (OSError, ModuleNotFoundError): pass", true),
        ("except OSError: pass", false),
        ("finally: pass", false),
    ] {
        let text = format!("def f():\n  try:\n    import pwd\n  {handler}\n");
        let facts = python(&text);
        let used: Vec<_> = facts
            .uses
            .iter()
            .map(|used| (used.how, used.caught.is_some()))
            .collect();
        assert_eq!(used, [(How::ImportedByFunction, is_caught)], "{handler}");
    }
}
