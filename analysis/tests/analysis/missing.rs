//! Names that Windows lacks: where their use is met, and what catches what it raises.

use footgun_analysis::demand::{Ask, Demand};
use footgun_analysis::facts::{How, Use};
use footgun_analysis::{Session, analyse};

use crate::common::{project, python};

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

/// The uses of names that Windows lacks, each with its text, how it is met and whether that is when
/// the module is imported; calls of what has been read before are left out.
fn members(text: &str) -> Vec<(String, &str, How, bool)> {
    let facts = python(text);
    let uses = facts.uses.into_iter();
    let reads = uses.filter(|used| used.how != How::Called && used.caught.is_none());
    let row = |used: Use| {
        let written = &text[used.site.call.span.range()];
        (used.site.api, written, used.how, used.at_import)
    };
    let mut rows: Vec<_> = reads.map(row).collect();
    rows.dedup();
    rows
}

#[test]
fn members_are_met_however_they_are_spelled() {
    for (text, api, written, how, at_import) in [
        (
            "import os\nos.getuid()\n",
            "os.getuid",
            "os.getuid",
            How::Read,
            true,
        ),
        (
            "import os\ndef f(uid=os.getuid()): pass\n",
            "os.getuid",
            "os.getuid",
            How::Read,
            true,
        ),
        (
            "import os\ndef f():\n  return [os.uname().nodename]\n",
            "os.uname",
            "os.uname",
            How::Read,
            false,
        ),
        (
            "import os as _os\ndef f():\n  return _os.getloadavg()\n",
            "os.getloadavg",
            "_os.getloadavg",
            How::Read,
            false,
        ),
        (
            "import os as system\ndef f():\n  return system.getloadavg()\n",
            "os.getloadavg",
            "system.getloadavg",
            How::Read,
            false,
        ),
        (
            "import signal\nclass A:\n  STOP = signal.SIGKILL\n",
            "signal.SIGKILL",
            "signal.SIGKILL",
            How::Read,
            true,
        ),
        (
            "from signal import (\n  SIGINT,\n  SIGUSR1,\n)\n",
            "signal.SIGUSR1",
            "from signal import (\n  SIGINT,\n  SIGUSR1,\n)",
            How::MemberImported,
            true,
        ),
    ] {
        assert_eq!(
            members(text),
            [(api.to_owned(), written, how, at_import)],
            "{text}"
        );
    }
}

#[test]
fn members_that_are_asked_for_first_are_not_met() {
    for guarded in [
        "if hasattr(os, 'getuid'):\n    os.getuid()",
        "if os.name == 'posix':\n    os.getuid()",
        "if sys.platform != 'win32':\n    os.getuid()",
        "hasattr(os, 'getuid') and os.getuid()",
        "uid = os.getuid() if hasattr(os, 'getuid') else 0",
        "getattr(os, 'getuid', lambda: 0)()",
        "uid = getattr(os, 'getuid', None)\n  if uid: uid()",
        "if 'posix' not in sys.builtin_module_names:\n    return\n  os.getuid()",
        "try:\n    os.getuid()\n  except os.error: pass\n  except AttributeError: pass",
        "try:\n    import pwd\n  except ImportError: return\n  os.getuid()",
        "mode = os.stat('x').st_mode\n  if not stat.S_ISSOCK(mode): return\n  os.getuid()",
        "try:\n    open('x')\n  except os.getuid: pass",
    ] {
        let text = format!("import os, stat, sys\ndef f():\n  {guarded}\n");
        assert_eq!(members(&text), [], "{text}");
    }
}

#[test]
fn what_others_call_by_these_names_is_not_met() {
    for text in [
        "from box import os\ndef f():\n  os.getuid()\n",
        "def f(os):\n  os.getuid()\n",
        "import subprocess\ndef f(p: subprocess.Popen):\n  p.poll()\n",
        "import os\ndef f():\n  os.kill(1, 15)\n  os.set_blocking(0, True)\n",
    ] {
        assert_eq!(members(text), [], "{text}");
    }
}

#[test]
fn modules_that_a_file_imports_are_told_where_they_are_asked_for() {
    let demand = Demand::new([Ask::MissingMembers, Ask::Import("gunicorn")], |_| true);
    for (import, expected) in [
        ("from gunicorn.workers.base import Worker", vec!["gunicorn"]),
        ("import os, gunicorn.app.base as base", vec!["gunicorn"]),
        ("def run():\n  import gunicorn", vec![]),
        ("import uwsgi", vec![]),
    ] {
        let text = format!("import signal\n{import}\ndef f():\n  return signal.SIGCHLD\n");
        let project = project(&[("app.py", &text)]);
        let file = project.at("app.py").expect("the only file");
        let facts = analyse(&Session::new(&project, &demand), file).facts;
        assert_eq!(facts.uses.len(), 1, "{import}");
        assert!(facts.imported.iter().eq(&expected), "{import}");
    }
}

#[test]
fn names_that_are_asked_for_around_are_told() {
    for (code, expected) in [
        ("if hasattr(os, 'kill'): os.killpg(1, 2)", vec!["os.kill"]),
        (
            "x = os.killpg if getattr(os, 'kill', None) else 0",
            vec!["os.kill"],
        ),
        ("hasattr(os, 'kill') and os.killpg(1, 2)", vec!["os.kill"]),
        ("x = hasattr(os, 'kill')\n  os.killpg(1, 2)", vec![]),
        ("if hasattr(os, 'killpg') or True: os.killpg(1, 2)", vec![]),
    ] {
        let text = format!("import os\ndef f():\n  {code}\n");
        let facts = python(&text);
        let used = facts.uses.iter().find(|used| used.how == How::Read);
        let asked = used.map(|used| used.asked.iter().map(|asked| asked.api.as_str()));
        assert_eq!(asked.map(Vec::from_iter), Some(expected), "{code}");
    }
}

#[test]
fn options_that_windows_refuses_are_told() {
    for (options, expected) in [
        ("preexec_fn=f", vec!["preexec_fn"]),
        ("preexec_fn=lambda: None", vec!["preexec_fn"]),
        ("preexec_fn=None, user=None, pass_fds=()", vec![]),
        ("preexec_fn=x", vec![]),
        ("preexec_fn=f if x else None", vec![]),
        ("preexec_fn=None if os.name == 'nt' else f", vec![]),
        (
            "pass_fds=[3], user='nobody', group=5",
            vec!["group", "pass_fds", "user"],
        ),
    ] {
        let text = format!(
            "import os, subprocess\ndef f(): pass\ndef g(x):\n  subprocess.run(['a'], {options})\n"
        );
        let facts = python(&text);
        let refused = facts.spawns[0].refused.iter().map(|option| option.name);
        assert_eq!(Vec::from_iter(refused), expected, "{options}");
    }
}
