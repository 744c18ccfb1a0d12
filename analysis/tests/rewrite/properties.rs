//! What holds of every rewriting: the text still parses, nothing else moves, it can be taken back, and
//! it is not done twice.

use footgun_analysis::demand::{Ask, Demand};
use footgun_analysis::project::Project;
use footgun_analysis::rewrite::{Change, Edit, Function};
use footgun_analysis::source::{FileId, Language, Place, Source, Span};
use footgun_analysis::{Session, analyse};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::{apply, argv, detach, edits_in, group, marked, probe, resolve, rest, spawn};

type Maker = fn(Place) -> Change<Function>;

/// A text with a marked place, and a change to make there.
#[derive(Clone, Debug)]
struct Case {
    path: &'static str,
    text: String,
    change: Maker,
}

/// What a file starts with.
const HEADS: [&str; 6] = [
    "",
    "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# © 2026\n\n",
    "\"\"\"Döc.\"\"\"\n",
    "# Licence\n'''Doc\nof two lines.\n'''\n\nfrom __future__ import annotations\n",
    "from __future__ import annotations; from __future__ import division\n",
    "\x0c\n",
];

/// Imports of a module.
const IMPORTS: [&str; 12] = [
    "import os, subprocess\nimport asyncio\n",
    "import os  # é\nfrom sys import (\n    path,\n    argv,\n)\n\n\n",
    "import asyncio\ntry:\n    import os\nexcept ImportError:\n    os = None\nimport subprocess\n",
    "import os, \\\n    subprocess; import asyncio;\nNAME = 'ü'\n",
    "import os\nfrom footgun_runtime import kill_tree\n",
    "from footgun_runtime import (\n    kill_tree,\n    lifetime,  # l\n)\nimport os\n",
    "from footgun_runtime import (kill_tree,\n                             lifetime)\n",
    "from footgun_runtime import (\n\tkill_tree  # k\n)\n",
    "import footgun_runtime as rt\nimport os\n",
    "from footgun_runtime import probe_pid as a, win_argv as b\n",
    "from other import probe_pid, win_argv, popen_detached, new_group_kwargs\n",
    "from footgun_runtime import *\n",
];

/// Code around a call that stands in place of `$`, indented.
const AROUND: [&str; 9] = [
    "def f(pid):\n    $\n",
    "async def f(pid):\n    '''Doc.'''\n    import os, subprocess, asyncio\n    import sys  # s\n\n    $\n",
    "class É:\n    x = 'ß'\n\n    def f(self, pid):\n        $\n    y = 1\n",
    "if a:\n    $\nelse:\n    pass\n",
    "try:\n    b = 'ö'\n    $\nexcept OSError:\n    pass\n",
    "with a as b, c:\n    $\n    # end\n",
    "@a\ndef g():\n    if b:\n        import os, subprocess, asyncio\n    $\n",
    "for a in b:\n    if a: continue\n    $\n",
    "x = 1; $; y = 2\n",
];

/// Calls, each with a change to it that can be made.
const CALLS: [(&str, Maker); 20] = [
    ("«os.kill(pid, 0)»", probe),
    ("x = (yield), «os.kill(é(pid), 0)»", probe),
    ("«os.kill(\n    pid,\n    0,\n)»", probe),
    ("«os.kill(pid,\n        0)»", probe),
    ("print('→', «os.kill(self.pid,0)», 'ä')", probe),
    ("«subprocess.Popen(['é'], start_new_session=True)»", detach),
    (
        "«subprocess.Popen(\n    a,  # a\n    start_new_session=True,  # s\n    creationflags=1,\n    **b\n)»",
        detach,
    ),
    (
        "p = «subprocess.Popen(\n    a, start_new_session=True,\n    cwd=b, creationflags=X | Y)»",
        detach,
    ),
    (
        "«subprocess.Popen(start_new_session=True, *a)».wait()",
        detach,
    ),
    ("«subprocess.run(['npm', 'ï'])»", argv),
    (
        "«subprocess.run(\n    [\n        'npm',\n    ],  # n\n    check=True,\n)»",
        argv,
    ),
    ("«subprocess.run(check=True, args='npm')»", argv),
    ("«subprocess.run(cmd or ['npm'])»", argv),
    (
        "p = «asyncio.create_subprocess_exec('npm', 'ci', cwd=a)»",
        rest,
    ),
    (
        "p = «asyncio.create_subprocess_exec(\n    'npm',  # é\n    *more,\n)»",
        rest,
    ),
    ("p = «asyncio.create_subprocess_exec(*cmd)»", rest),
    ("«subprocess.run(a)»", group),
    (
        "«subprocess.run(\n    a,\n    start_new_session=True,  # s\n    cwd='ñ',\n)»",
        group,
    ),
    ("«subprocess.run(\n    a  # a\n)»", group),
    (
        "«subprocess.run(a,\n               start_new_session=True)»",
        group,
    ),
];

/// The code with `inner` in place of `$`, whose further lines are indented as that is.
fn put(around: &str, inner: &str) -> String {
    let at = around.find('$').expect("a place");
    let line = &around[..at];
    let line = &line[line.rfind('\n').map_or(0, |end| end + 1)..];
    let white = &line[..line.len() - line.trim_start().len()];
    around.replacen('$', &inner.replace('\n', &format!("\n{white}")), 1)
}

fn python() -> impl Strategy<Value = Case> {
    (
        select(&HEADS[..]),
        select(&IMPORTS[..]),
        prop::collection::vec(select(&AROUND[..AROUND.len() - 1]), 0..6),
        select(&AROUND[..]),
        select(&CALLS[..]),
        select(&["\n", "\r\n", "\r"][..]),
        select(&["    ", "\t", " "][..]),
        any::<bool>(),
    )
        .prop_map(
            |(head, imports, outer, inner, (call, change), line_break, indentation, ended)| {
                let mut code = put(inner, call);
                for around in outer {
                    code = put(around, code.trim_end_matches('\n'));
                }
                let mut text = format!("{head}{imports}{code}").replace("    ", indentation);
                if !ended {
                    text.truncate(text.trim_end_matches('\n').len());
                }
                Case {
                    path: "app.py",
                    text: text.replace('\n', line_break),
                    change,
                }
            },
        )
}

const RUST_AROUND: [&str; 7] = [
    "fn f() -> std::io::Result<()> {\n    $\n    Ok(())\n}\n",
    "mod é {\n    use super::*;\n    $\n}\n",
    "impl É {\n    fn f(&self, cmd: &mut Command) {\n        $\n    }\n}\n",
    "fn f() {\n    let mut cmd = Command::new(\"ä\");\n    $\n}\n",
    "fn f(mut cmd: Command) {\n    if a {\n        $\n    }\n}\n",
    "fn f() {\n    let mut cmd = Command::new(x);\n    let g = move || {\n        $\n    };\n}\n",
    "async fn f(cmd: &mut Command) {\n    match a {\n        // é\n        _ => {\n            $\n        }\n    }\n}\n",
];

const RUST_CALLS: [(&str, Maker); 6] = [
    ("let é = Command::new(«\"npm\"»).status();", resolve),
    (
        "Command::new(«name()»)\n    .arg(\"é\")\n    .spawn()?;",
        resolve,
    ),
    ("let child = «Command::new(\"é\").spawn()»?;", spawn),
    (
        "«Command::new(\"é\")\n    .arg(\"→\")\n    .spawn()».unwrap();",
        spawn,
    ),
    (
        "let _ = «Command::new(é).args(x).spawn()».map_err(y);",
        spawn,
    ),
    (
        "Box::new(«Command::new(\"a\").arg(\n    \"b\",\n).spawn()»);",
        spawn,
    ),
];

/// Calls through the `cmd` of the code around them.
const RUST_VARIABLES: [(&str, Maker); 2] = [
    ("let child = «cmd.spawn()»?;", spawn),
    ("cmd.arg(x); «cmd\n    .stdin(y)\n    .spawn()»?;", spawn),
];

fn rust() -> impl Strategy<Value = Case> {
    let anywhere = (select(&RUST_AROUND[..]), select(&RUST_CALLS[..]));
    let with_variable = (select(&RUST_AROUND[2..]), select(&RUST_VARIABLES[..]));
    let head = select(
        &[
            "use std::process::Command;\n",
            "#![allow(x)]\nuse std::{io, process::{self, Command}};\nuse footgun_runtime::resolve;\n",
            "//! Döc.\n\nuse std::process::Command;\nuse footgun_runtime::{spawn_detached};\n",
        ][..],
    );
    (
        head,
        prop_oneof![anywhere, with_variable],
        any::<bool>(),
        select(&["\n", "\r\n"][..]),
        select(&["    ", "\t"][..]),
    )
        .prop_map(
            |(head, (around, (call, change)), nested, line_break, indentation)| {
                let call = match around {
                    module if module.starts_with("mod") => put(RUST_AROUND[0], call),
                    _ => call.to_owned(),
                };
                let mut code = put(around, &call);
                if nested {
                    code = put(RUST_AROUND[1], &code);
                }
                let text = format!("{head}{code}").replace("    ", indentation);
                Case {
                    path: "src/main.rs",
                    text: text.replace('\n', line_break),
                    change,
                }
            },
        )
}

/// What does not parse.
fn problems(path: &str, text: &str) -> Vec<String> {
    let source = Source {
        path: path.into(),
        language: Language::of(path.as_ref()).expect("a known language"),
        text: text.to_owned(),
    };
    let demand = Demand::new([Ask::Processes, Ask::Signals], |_| true);
    let document = analyse(
        &Session::new(&Project::new(vec![source]), &demand),
        FileId(0),
    );
    document
        .problems
        .into_iter()
        .map(|problem| problem.message)
        .collect()
}

/// The edits that take back others.
fn inverse(text: &str, edits: &[Edit]) -> Vec<Edit> {
    let mut shift = 0;
    let inverse = edits.iter().map(|edit| {
        let range = edit.place.span.range();
        let start = (range.start as isize + shift) as usize;
        shift += edit.content.len() as isize - range.len() as isize;
        let span = Span::new(start, start + edit.content.len());
        Edit {
            place: Place { span, ..edit.place },
            content: text[range].to_owned(),
        }
    });
    inverse.collect()
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let (text, span) = marked(&case.text);
    prop_assert_eq!(
        problems(case.path, &text),
        Vec::<String>::new(),
        "before: {}",
        text
    );
    let edits = match edits_in(case.path, &text, span, case.change) {
        Ok(edits) => edits,
        // `import os; os.kill(pid, 0)`
        Err("it stands on the line of an import") => return Err(TestCaseError::reject("one line")),
        Err(because) => return Err(TestCaseError::fail(format!("{because}: {text}"))),
    };
    let changed = apply(&text, &edits);
    prop_assert_eq!(
        problems(case.path, &changed),
        Vec::<String>::new(),
        "after: {}",
        changed
    );
    prop_assert_eq!(apply(&changed, &inverse(&text, &edits)), text.clone());

    // Outside the call names are imported, and nothing goes.
    let (inside, outside): (Vec<&Edit>, Vec<&Edit>) = edits
        .iter()
        .partition(|edit| span.contains(edit.place.span));
    prop_assert!(!inside.is_empty());
    for edit in &outside {
        prop_assert!(edit.place.span.start == edit.place.span.end, "{:?}", edit);
        prop_assert!(edit.place.span.end <= span.start, "{:?}", edit);
    }
    let terminators = |text: &str| {
        let lone = text.replace("\r\n", "");
        (
            text.contains("\r\n"),
            lone.contains('\r'),
            lone.contains('\n'),
        )
    };
    prop_assert_eq!(terminators(&text), terminators(&changed), "{:?}", changed);

    // Where the call stands now, the change is not made again.
    let length = |edits: &[&Edit]| -> isize {
        let grown =
            |edit: &&Edit| edit.content.len() as isize - edit.place.span.range().len() as isize;
        edits.iter().map(grown).sum()
    };
    let start = span.start as isize + length(&outside);
    let end = span.end as isize + length(&outside) + length(&inside);
    let now = Span::new(start as usize, end as usize);
    let again = edits_in(case.path, &changed, now, case.change);
    prop_assert!(again.is_err(), "{:?} in {}", again, changed);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn python_is_rewritten(case in python()) {
        check(&case)?;
    }

    #[test]
    fn rust_is_rewritten(case in rust()) {
        check(&case)?;
    }
}
