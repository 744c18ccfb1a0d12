//! Programs inside strings: what they do stands at its place in the host file.

use footgun_analysis::facts::SignalValue;
use footgun_analysis::source::{Lines, Place, Position};

use footgun_analysis::project::Project;

use crate::common::{facts_of, project};

/// The file and position of each embedded call that asks with signal 0, and what stands there.
fn probes(project: &Project, path: &str) -> Vec<(String, Position, String)> {
    let facts = facts_of(project, path);
    let embedded = facts
        .signals
        .iter()
        .filter(|signal| signal.site.embedded && matches!(signal.signal, SignalValue::Zero(_)));
    embedded
        .map(|signal| shown(project, signal.site.call))
        .collect()
}

fn shown(project: &Project, place: Place) -> (String, Position, String) {
    let source = project.file(place.file);
    let position = Lines::of(&source.text).position(&source.text, place.span.start);
    let text = source.text[place.span.range()].to_owned();
    (source.path.display().to_string(), position, text)
}

/// One file, whose embedded program asks where `code` stands.
fn check(name: &str, text: &str, code: &str) {
    let before = text.split(code).next().unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let row = before.matches('\n').count() + 1;
    let column = line.chars().count() + 1;
    let project = project(&[("app.py", text)]);
    let expected = (
        "app.py".to_owned(),
        Position { row, column },
        code.to_owned(),
    );
    assert_eq!(probes(&project, "app.py"), [expected], "{name}: {text}");
}

const IMPORTS: &str = "import subprocess, sys, textwrap\n";

#[test]
fn findings_stand_in_the_host_file() {
    const CASES: [(&str, &str, &str); 12] = [
        (
            "on one line",
            "subprocess.run([sys.executable, '-c', 'import os; os.kill(1, 0)'])\n",
            "os.kill(1, 0)",
        ),
        (
            "over lines",
            "CODE = '''\nimport os\nos.kill(1, 0)\n'''\nsubprocess.run([sys.executable, '-c', CODE])\n",
            "os.kill(1, 0)",
        ),
        (
            "dedented and stripped",
            "CODE = textwrap.dedent('''\n    import os\n    if True:\n        os.kill(1, 0)\n''').strip()\nsubprocess.run([sys.executable, '-c', CODE])\n",
            "os.kill(1, 0)",
        ),
        (
            "formatted",
            "CODE = '''\nimport os\nnames = {{}}\nos.kill({pid}, 0)\n'''.format(pid=7)\nsubprocess.run([sys.executable, '-c', CODE])\n",
            "os.kill({pid}, 0)",
        ),
        (
            "dedented, stripped, formatted",
            "def f(pid):\n    code = textwrap.dedent('''\n        import os\n        names = {{'é': {{}}}}; os.kill({pid}, 0)\n    ''').strip().format(pid=pid)\n    subprocess.run([sys.executable, '-c', code])\n",
            "os.kill({pid}, 0)",
        ),
        (
            "an f-string",
            "def f(pid):\n    subprocess.run([sys.executable, '-c', f'''import os\nx = {{1}}; os.kill({pid}, 0)'''])\n",
            "os.kill({pid}, 0)",
        ),
        (
            "joined literals with escapes",
            "CODE = (\n    'import os\\n'\n    'x = \"\\x41\\u00e9\\\\\\\\\"; os.kill(1, 0)\\n'\n)\nsubprocess.run([sys.executable, '-c', CODE])\n",
            "os.kill(1, 0)",
        ),
        (
            "concatenated",
            "CODE = 'import os\\n' + 'os.kill(1, 0)'\nsubprocess.run([sys.executable, '-c', CODE])\n",
            "os.kill(1, 0)",
        ),
        (
            "with a semicolon behind wide characters",
            "subprocess.run([sys.executable, '-c', 'import os; x = \"日本\"; os.kill(1, 0)'])\n",
            "os.kill(1, 0)",
        ),
        (
            "joined lines",
            "CODE = '\\n'.join(['import os', 'os.kill(1, 0)'])\nsubprocess.run([sys.executable, '-c', CODE])\n",
            "os.kill(1, 0)",
        ),
        (
            "a raw string",
            "subprocess.run(['python3', '-c', r'import os; os.kill(1, 0)'])\n",
            "os.kill(1, 0)",
        ),
        (
            "replaced",
            "CODE = '''import os\nos.kill(PID, 0)'''\nsubprocess.run([sys.executable, '-c', CODE.replace('PID', '1')])\n",
            "os.kill(PID, 0)",
        ),
    ];
    for (name, code, call) in CASES {
        let text = format!("{IMPORTS}{code}");
        check(name, &text, call);
        check(name, &text.replace('\n', "\r\n"), call);
    }
}

#[test]
fn a_program_in_a_constant_of_another_file_stands_there() {
    let project = project(&[
        ("app/__init__.py", ""),
        (
            "app/payload.py",
            "CODE = '''\nimport os\nos.kill(1, 0)\n'''\n",
        ),
        (
            "app/start.py",
            "import subprocess, sys\nfrom .payload import CODE\nsubprocess.run([sys.executable, '-c', CODE])\n",
        ),
    ]);
    let position = Position { row: 3, column: 1 };
    let expected = (
        "app/payload.py".to_owned(),
        position,
        "os.kill(1, 0)".to_owned(),
    );
    assert_eq!(probes(&project, "app/start.py"), [expected]);
}

#[test]
fn programs_that_are_silent() {
    const CASES: [&str; 4] = [
        "subprocess.run([sys.executable, '-c', 'import os, sys\\nif sys.platform != \"win32\": os.kill(1, 0)'])",
        "if sys.platform != 'win32':\n    subprocess.run([sys.executable, '-c', 'import os; os.kill(1, 0)'])",
        "subprocess.run(['ruby', '-c', 'import os; os.kill(1, 0)'])",
        "CODE = 'import os; os.kill(1, 0)'",
    ];
    for code in CASES {
        let project = project(&[("app.py", format!("{IMPORTS}{code}\n"))]);
        assert_eq!(probes(&project, "app.py"), [], "{code}");
    }
}
