//! Which program a call starts, with which arguments, and whether a command interpreter runs it.

use footgun_analysis::facts::{Facts, Program};
use footgun_analysis::platform::Truth;

use crate::common::{python, rust};

/// The program of the only spawn: its name, `=` where it is resolved, `?` where it is not known;
/// several possibilities are separated by `|`. Then its arguments.
fn command_line(facts: &Facts) -> Vec<String> {
    assert_eq!(facts.spawns.len(), 1, "{facts:#?}");
    let spawn = &facts.spawns[0];
    let programs = spawn.programs.iter().map(|program| match program {
        Program::Unknown(_) => "?",
        Program::Resolved | Program::Own | Program::Ending { .. } => "=",
        Program::Named { name, .. } => name,
    });
    let arguments = spawn.arguments.iter();
    let arguments = arguments.map(|argument| argument.clone().unwrap_or("?".to_owned()));
    std::iter::once(programs.collect::<Vec<_>>().join("|"))
        .chain(arguments)
        .collect()
}

#[test]
fn python_command_lines() {
    const CASES: [(&str, &[&str]); 37] = [
        ("subprocess.run(['npm', 'install'])", &["npm", "install"]),
        ("subprocess.run(('npm', c))", &["npm", "?"]),
        ("subprocess.run('npm')", &["npm"]),
        ("subprocess.run(args=['npm'])", &["npm"]),
        ("subprocess.run(['npm'] + c)", &["npm", "?"]),
        (
            "subprocess.run(['npm'] + ['run', 'build'] + c)",
            &["npm", "run", "build", "?"],
        ),
        ("subprocess.run(['npm', *c])", &["npm", "?"]),
        (
            "subprocess.run(['npm', *('run', 'build')])",
            &["npm", "run", "build"],
        ),
        ("subprocess.run([*c, 'npm'])", &["?", "?"]),
        (
            "argv = ['npm']\n    argv.append('ci')\n    subprocess.run(argv)",
            &["npm", "ci"],
        ),
        (
            "argv = ['npm']\n    argv.extend(['run', c])\n    subprocess.run(argv)",
            &["npm", "run", "?"],
        ),
        (
            "argv = ['npm']\n    argv += ['ci']\n    subprocess.run(argv)",
            &["npm", "ci"],
        ),
        (
            "argv = ['ci']\n    argv.insert(0, 'npm')\n    subprocess.run(argv)",
            &["npm", "ci"],
        ),
        (
            "argv = 'npm run build'.split()\n    subprocess.run(argv)",
            &["npm", "run", "build"],
        ),
        (
            "subprocess.run('npm run build'.split(' '))",
            &["npm", "run", "build"],
        ),
        (
            "subprocess.run(shlex.split('npm run build'))",
            &["npm", "run", "build"],
        ),
        ("subprocess.run(shlex.split(f'npm run {c}'))", &["npm", "?"]),
        (
            "subprocess.run([str(x) for x in ('npm', 'ci')])",
            &["npm", "ci"],
        ),
        (
            "name = 'npm'\n    subprocess.run([name, '--version'])",
            &["npm", "--version"],
        ),
        ("subprocess.run([c or 'npm', 'ci'])", &["?", "ci"]),
        ("subprocess.run(['npm' if c else 'yarn'])", &["npm|yarn"]),
        (
            "subprocess.run(['npm.cmd' if os.name == 'nt' else 'npm'])",
            &["npm.cmd"],
        ),
        (
            "name = 'npm'\n    if sys.platform == 'win32':\n        name += '.cmd'\n    subprocess.run([name])",
            &["npm.cmd"],
        ),
        ("subprocess.run([shutil.which('npm'), 'ci'])", &["=", "ci"]),
        (
            "npm = shutil.which('npm')\n    if not npm:\n        return\n    subprocess.run([npm])",
            &["="],
        ),
        (
            "npm = shutil.which('npm')\n    if npm is None:\n        raise SystemExit\n    subprocess.run([npm])",
            &["="],
        ),
        (
            "if shutil.which('npm'):\n        subprocess.run(['npm'])",
            &["npm"],
        ),
        ("subprocess.run([shutil.which('npm') or 'npm'])", &["=|npm"]),
        (
            "npm = shutil.which('npm') or 'npm'\n    subprocess.run([npm])",
            &["=|npm"],
        ),
        ("subprocess.run([os.path.join(c, 'npm')])", &["="]),
        ("subprocess.run([f'{c}/npm'])", &["="]),
        (
            "subprocess.run([sys.executable, '-m', 'pip'])",
            &["=", "-m", "pip"],
        ),
        ("os.system('rm -rf build')", &["rm", "-rf", "build"]),
        ("os.popen('stty size').read()", &["stty", "size"]),
        ("subprocess.getoutput('uname -m')", &["uname", "-m"]),
        (
            "subprocess.run('ls', shell=True, executable='/bin/bash')",
            &["/bin/bash"],
        ),
        (
            "cmd = c[:]\n    cmd[0] = 'npm'\n    subprocess.run(cmd)",
            &["?", "?"],
        ),
    ];
    for (code, expected) in CASES {
        let text =
            format!("import os, shlex, shutil, sys\nimport subprocess\n\ndef f(c):\n    {code}\n");
        assert_eq!(command_line(&python(&text)), expected, "{code}");
    }
}

#[test]
fn rust_command_lines() {
    const CASES: [(&str, &[&str]); 10] = [
        (
            "Command::new(\"npm\").arg(\"ci\").status();",
            &["npm", "ci"],
        ),
        (
            "Command::new(\"npm\").args([\"run\", x]).status();",
            &["npm", "run", "?"],
        ),
        (
            "Command::new(\"npm\").args(&[\"run\"]).arg(x).status();",
            &["npm", "run", "?"],
        ),
        (
            "let mut c = Command::new(NPM); c.arg(\"ci\"); c.status();",
            &["npm", "ci"],
        ),
        (
            "Command::new(which::which(\"npm\").unwrap()).status();",
            &["="],
        ),
        (
            "Command::new(if cfg!(windows) { \"npm.cmd\" } else { \"npm\" }).status();",
            &["npm.cmd"],
        ),
        (
            "let name = if x.is_empty() { \"npm\" } else { \"yarn\" }; Command::new(name).status();",
            &["npm|yarn"],
        ),
        ("Command::new(String::from(\"npm\")).status();", &["npm"]),
        ("Command::new(format!(\"{}pm\", \"n\")).status();", &["npm"]),
        ("Command::new(x).status();", &["?"]),
    ];
    for (code, expected) in CASES {
        let text = format!(
            "use std::process::Command;\nconst NPM: &str = \"npm\";\npub fn f(x: &str) {{ {code} }}\n"
        );
        assert_eq!(command_line(&rust(&text)), expected, "{code}");
    }
}

#[test]
fn command_interpreters() {
    const CASES: [(&str, Truth); 8] = [
        ("subprocess.run(['npm'])", Truth::No),
        ("subprocess.run('npm ci', shell=True)", Truth::Yes),
        ("subprocess.run(['npm'], shell=os.name == 'nt')", Truth::Yes),
        (
            "subprocess.run(['npm'], shell=sys.platform != 'win32')",
            Truth::No,
        ),
        ("subprocess.run(['npm'], shell=c)", Truth::Unknown),
        (
            "kw = {}\n    if c:\n        kw['shell'] = True\n    subprocess.run(['npm'], **kw)",
            Truth::Unknown,
        ),
        ("subprocess.run(['npm'], **c)", Truth::Unknown),
        ("subprocess.run(['npm'], shell=1)", Truth::Yes),
    ];
    for (code, expected) in CASES {
        let text = format!("import os, sys\nimport subprocess\n\ndef f(c):\n    {code}\n");
        let shells: Vec<Truth> = python(&text)
            .spawns
            .iter()
            .map(|spawn| spawn.shell)
            .collect();
        assert_eq!(shells, [expected], "{code}");
    }
}

#[test]
fn spawns_by_another_name_are_met() {
    const CASES: [&str; 5] = [
        "import subprocess as sp\ndef f(c):\n    sp.run(c)",
        "from subprocess import run\ndef f(c):\n    run(c)",
        "from subprocess import call as start\ndef f(c):\n    start(c)",
        "try:\n    from subprocess import run\nexcept ImportError:\n    run = None\ndef f(c):\n    run(c)",
        "import subprocess\nstart = subprocess.run\nclass A:\n    def f(self, c):\n        start(c)",
    ];
    for code in CASES {
        assert_eq!(python(code).spawns.len(), 1, "{code}");
    }
}
