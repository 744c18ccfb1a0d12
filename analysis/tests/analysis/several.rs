//! One of several: a command that is one of several lists, and a program that is one of a table.

use std::collections::BTreeSet;

use footgun_analysis::facts::Program;

use crate::common::{facts_of, project, row};

/// The names of programs that are started, with the rows in which they are passed on.
fn started(code: &str) -> Vec<(String, usize)> {
    let project = project(&[("app.py", code)]);
    let facts = facts_of(&project, "app.py");
    let programs = facts.spawns.iter().flat_map(|spawn| &spawn.programs);
    let named = programs.filter_map(|program| match program {
        Program::Named { name, given, .. } => Some((name.clone(), row(&project, *given))),
        _ => None,
    });
    named.collect::<BTreeSet<_>>().into_iter().collect()
}

/// A case: its name, its code, and what that starts, with the rows.
type Case = (&'static str, &'static str, &'static [(&'static str, usize)]);

#[test]
fn one_of_several_is_known() {
    const CASES: [Case; 10] = [
        (
            "lists of branches, starred",
            "import asyncio\nasync def run(kind):\n    if kind:\n        cmd = ['npm', 'ci']\n    else:\n        cmd = ['npx', 'vite', '-x']\n    await asyncio.create_subprocess_exec(*cmd)\n",
            &[("npm", 7), ("npx", 7)],
        ),
        (
            "lists of branches, the other of which raises",
            "import asyncio\nasync def run(kind):\n    if kind:\n        cmd = ['npm', 'ci']\n    else:\n        raise ValueError\n    await asyncio.create_subprocess_exec(*cmd)\n",
            &[("npm", 7)],
        ),
        (
            "not where one of them is not known",
            "import asyncio\nasync def run(kind, other):\n    cmd = ['npm', 'ci'] if kind else other\n    await asyncio.create_subprocess_exec(*cmd)\n",
            &[],
        ),
        (
            "a table of the module that a loop walks",
            "import subprocess\nTOOLS = ['npm', 'npx']\ndef probe(name):\n    subprocess.run([name])\ndef detect():\n    for name in TOOLS:\n        probe(name)\n",
            &[("npm", 4), ("npx", 4)],
        ),
        (
            "a table of commands",
            "import subprocess\nSTEPS = {'a': ['npm', 'ci']}\ndef run(step):\n    subprocess.run(step)\ndef build():\n    for step in STEPS.values():\n        run(step)\n",
            &[("npm", 4)],
        ),
        (
            "a loop in the function that calls",
            "import subprocess\ndef probe(name):\n    subprocess.run([name])\ndef detect():\n    for name in ('npm', 'npx'):\n        probe(name)\n",
            &[("npm", 6), ("npx", 6)],
        ),
        (
            "a loop around the call itself",
            "import subprocess\ndef detect():\n    for name in (\n        'npm',\n        'npx',\n    ):\n        subprocess.run([name])\n",
            &[("npm", 7), ("npx", 7)],
        ),
        (
            "each where it is written",
            "import subprocess\ndef probe(name):\n    subprocess.run([name])\ndef detect():\n    probe('npm')\n    probe('npx')\n",
            &[("npm", 5), ("npx", 6)],
        ),
        (
            "what a setting is by default",
            "import subprocess\ndef run(settings):\n    subprocess.run([settings.get('npm', 'npm')])\n",
            &[("npm", 3)],
        ),
        (
            "a function that may be another",
            "import subprocess, shell\ndef run(page):\n    try:\n        show = shell.get('x').open\n    except shell.Error:\n        def show(page):\n            subprocess.run(['npm', page])\n    show(page)\n",
            &[("npm", 7)],
        ),
    ];
    for (name, code, expected) in CASES {
        let expected: Vec<(String, usize)> = expected
            .iter()
            .map(|(name, row)| ((*name).to_owned(), *row))
            .collect();
        assert_eq!(started(code), expected, "{name}");
    }
}
