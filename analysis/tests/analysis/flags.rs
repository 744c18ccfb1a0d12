//! Creation flags and session options, through the ways in which keyword arguments are put together.

use footgun_analysis::facts::{Facts, SessionKind};
use footgun_analysis::platform::Truth;
use footgun_analysis::project::Project;
use footgun_analysis::source::Place;

use crate::common::{facts_of, project, python, row};

/// The flags of each spawn where they are known, `None` where they are not, and its session options.
fn options(facts: &Facts) -> Vec<(Option<u32>, Vec<SessionKind>)> {
    let spawns = facts.spawns.iter();
    spawns
        .map(|spawn| {
            let flags = spawn.flags.known().then_some(spawn.flags.ones);
            let session = spawn.session.iter().map(|option| option.kind).collect();
            (flags, session)
        })
        .collect()
}

#[test]
fn keyword_arguments_built_in_steps() {
    use SessionKind::{NewSession, Setsid};
    type Expected = (Option<u32>, &'static [SessionKind]);
    const CASES: [(&str, Expected); 24] = [
        ("subprocess.Popen(c)", (Some(0), &[])),
        (
            "subprocess.Popen(c, creationflags=0x208)",
            (Some(0x208), &[]),
        ),
        (
            "kw = {}\nkw['creationflags'] = 8\nsubprocess.Popen(c, **kw)",
            (Some(8), &[]),
        ),
        (
            "kw = dict(close_fds=True)\nkw.update(creationflags=8)\nsubprocess.Popen(c, **kw)",
            (Some(8), &[]),
        ),
        (
            "kw = {'shell': False}\nkw.update({'creationflags': 8})\nsubprocess.Popen(c, **kw)",
            (Some(8), &[]),
        ),
        (
            "kw = {}\nkw |= {'creationflags': 8}\nsubprocess.Popen(c, **kw)",
            (Some(8), &[]),
        ),
        (
            "kw = {} | {'creationflags': 8}\nsubprocess.Popen(c, **kw)",
            (Some(8), &[]),
        ),
        (
            "kw = {'creationflags': 8}\nkw.pop('creationflags', None)\nsubprocess.Popen(c, **kw)",
            (Some(0), &[]),
        ),
        (
            "kw = {'creationflags': 8}\ndel kw['creationflags']\nsubprocess.Popen(c, **kw)",
            (Some(0), &[]),
        ),
        (
            "base = {'creationflags': 8}\nkw = dict(base, creationflags=0x10)\nsubprocess.Popen(c, **kw)",
            (Some(0x10), &[]),
        ),
        (
            "base = {'creationflags': 8}\nkw = {**base, 'start_new_session': True}\nsubprocess.Popen(c, **kw)",
            (Some(8), &[NewSession]),
        ),
        (
            "base = {'creationflags': 8}\nkw = base.copy()\nkw['creationflags'] |= 0x200\nsubprocess.Popen(c, **base)",
            (Some(8), &[]),
        ),
        (
            "base = {'creationflags': 8}\nkw = base\nkw['creationflags'] |= 0x200\nsubprocess.Popen(c, **base)",
            (Some(0x208), &[]),
        ),
        (
            "kw = {}\nkw.setdefault('creationflags', 8)\nsubprocess.Popen(c, **kw)",
            (Some(8), &[]),
        ),
        (
            "kw = {}\nif sys.platform == 'win32':\n    kw['creationflags'] = 8\nelse:\n    kw['start_new_session'] = True\nsubprocess.Popen(c, **kw)",
            (Some(8), &[]),
        ),
        (
            "kw = {'creationflags': 8} if os.name == 'nt' else {'start_new_session': True}\nsubprocess.Popen(c, **kw)",
            (Some(8), &[]),
        ),
        (
            "kw = {}\nif c:\n    kw['creationflags'] = 8\nsubprocess.Popen(c, **kw)",
            (None, &[]),
        ),
        (
            "subprocess.Popen(c, start_new_session=os.name != 'nt')",
            (Some(0), &[]),
        ),
        (
            "subprocess.Popen(c, start_new_session=True, creationflags=8 if os.name == 'nt' else 0)",
            (Some(8), &[NewSession]),
        ),
        (
            "subprocess.Popen(c, preexec_fn=None if os.name == 'nt' else os.setsid)",
            (Some(0), &[]),
        ),
        (
            "subprocess.Popen(c, preexec_fn=getattr(os, 'setsid', None))",
            (Some(0), &[]),
        ),
        (
            "subprocess.Popen(c, preexec_fn=os.setsid)",
            (Some(0), &[Setsid]),
        ),
        (
            "subprocess.Popen(c, creationflags=getattr(subprocess, 'CREATE_NO_WINDOW', 0))",
            (Some(0x0800_0000), &[]),
        ),
        (
            "subprocess.Popen(c, creationflags=getattr(subprocess, 'NO_SUCH_FLAG', 0))",
            (None, &[]),
        ),
    ];
    for (code, (flags, session)) in CASES {
        let text = format!("import os, subprocess, sys\nc = input()\n{code}\n");
        assert_eq!(
            options(&python(&text)),
            [(flags, session.to_vec())],
            "{code}"
        );
    }
}

#[test]
fn a_cleared_bit_of_unknown_flags_is_known() {
    let facts = python(
        "import subprocess\ndef start(c, flags: int):\n    \
         subprocess.Popen(c, creationflags=flags & ~0x01000000 | 8)\n",
    );
    let flags = &facts.spawns[0].flags;
    assert_eq!((flags.ones, flags.zeros), (8, 0x0100_0000));
    assert_eq!(flags.has(0x0100_0008), Truth::No);
    assert_eq!(flags.has(0x208), Truth::Unknown);
}

const COMPAT: &str = "import subprocess
import sys

_DETACHED = 0x00000008


def flags():
    if sys.platform != 'win32':
        return 0
    return (
        _DETACHED
        | subprocess.CREATE_NEW_PROCESS_GROUP
        | 0x01000000
    )
";

/// Where each bit of the flags of the only spawn comes from: its file, row and bits.
fn origins(project: &Project, path: &str) -> Vec<(String, usize, u32)> {
    let facts = facts_of(project, path);
    assert_eq!(facts.spawns.len(), 1, "{facts:#?}");
    let place = |place: Place| {
        (
            project.file(place.file).path.display().to_string(),
            row(project, place),
        )
    };
    let origins = facts.spawns[0].flags.origins.iter();
    origins
        .map(|origin| {
            let (path, row) = place(origin.place);
            (path, row, origin.bits)
        })
        .collect()
}

#[test]
fn flags_of_a_helper_in_another_file_come_from_there() {
    let spellings = [
        "from app._compat import flags\ndef start(c):\n    subprocess.Popen(c, creationflags=flags())\n",
        "from ._compat import flags as f\ndef start(c):\n    subprocess.Popen(c, creationflags=f())\n",
        "from . import _compat\ndef start(c):\n    subprocess.Popen(c, creationflags=_compat.flags())\n",
        "import app._compat\ndef start(c):\n    subprocess.Popen(c, creationflags=app._compat.flags())\n",
        "import app._compat as k\ndef start(c):\n    subprocess.Popen(c, creationflags=k.flags())\n",
        "def start(c):\n    from app._compat import flags\n    subprocess.Popen(c, creationflags=flags())\n",
        "def start(c):\n    from ._compat import flags\n    kw = {'creationflags': flags()}\n    subprocess.Popen(c, **kw)\n",
        "from app._compat import *\ndef start(c):\n    subprocess.Popen(c, creationflags=flags())\n",
        "from app import flags\ndef start(c):\n    subprocess.Popen(c, creationflags=flags())\n",
    ];
    for spelling in spellings {
        let text = format!("import subprocess\n{spelling}");
        let project = project(&[
            ("app/__init__.py", "from app._compat import flags\n"),
            ("app/_compat.py", COMPAT),
            ("app/start.py", &text),
        ]);
        let compat = |row, bits| ("app/_compat.py".to_owned(), row, bits);
        assert_eq!(
            origins(&project, "app/start.py"),
            [compat(11, 0x8), compat(12, 0x200), compat(13, 0x0100_0000)],
            "{spelling}"
        );
    }
}

#[test]
fn flags_that_are_chosen_between_are_all_known() {
    let choices = |flags: &str| {
        let text = format!(
            "use std::{{os::windows::process::CommandExt, process::Command}};
            fn f(fast: bool, other: u32) {{
                let flags: u32 = {flags};
                Command::new(\"a\").creation_flags(flags).spawn();
            }}"
        );
        crate::common::rust(&text).spawns[0].flags.choices.clone()
    };
    assert_eq!(
        choices("match fast { true => 0x208, false => 0x8000200 }"),
        [0x208, 0x8000200]
    );
    assert_eq!(
        choices("0x200 | if fast { 8 } else { 0x8000000 }"),
        [0x208, 0x8000200]
    );
    assert_eq!(choices("if fast { 8 } else { other }"), []);
    assert_eq!(choices("if fast { 8 } else { 8 }"), []);
    assert_eq!(choices("8"), []);
}
