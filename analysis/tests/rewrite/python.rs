//! Python calls and their arguments.

use footgun_analysis::rewrite::{Change, Function, Positional};
use footgun_analysis::source::Place;

use crate::common::{self, argv, detach, group, off_windows, probe, python, resolve, rest};

/// What becomes of code in a file that imports all it needs already.
fn becomes(code: &str, change: impl Fn(Place) -> Change<Function>) -> Result<String, &'static str> {
    const HEAD: &str = "import footgun_runtime\n";
    let text = python(&format!("{HEAD}{code}"), change)?;
    Ok(text
        .strip_prefix(HEAD)
        .expect("the import stays")
        .replace("footgun_runtime.", "$"))
}

#[test]
fn another_function_is_called() {
    for (before, after) in [
        ("«os.kill(pid, 0)»", "$probe_pid(pid)"),
        (
            "x = «kill(self.pid, 0)» # c",
            "x = $probe_pid(self.pid) # c",
        ),
        ("«os . kill( pid , 0 )»", "$probe_pid( pid )"),
        ("«os.kill(int(f.read()), 0,)»", "$probe_pid(int(f.read()),)"),
        (
            "«os.kill(\n    pid,\n    0,  # asks\n)»",
            "$probe_pid(\n    pid,\n)",
        ),
        (
            "«os.kill(\n    pid,  # of it\n    0\n)»",
            "$probe_pid(\n    pid  # of it\n)",
        ),
        ("«os.kill(pid,\n        0)»", "$probe_pid(pid)"),
        (
            "«os.kill(pid,\n        0\n        )»",
            "$probe_pid(pid\n        )",
        ),
        ("«os.kill(pid, \\\r\n  0)»", "$probe_pid(pid)"),
    ] {
        assert_eq!(becomes(before, probe).as_deref(), Ok(after), "{before}");
    }
    for (before, because) in [
        ("«os.kill(*both)»", "its arguments are spread by `*`"),
        ("«os.kill(pid, *more)»", "its arguments are spread by `*`"),
        ("«kill()»", "its arguments are not written in the call"),
        ("«table[0](pid, 0)»", "what is called is not a plain name"),
        (
            "«module().kill(pid, 0)»",
            "what is called is not a plain name",
        ),
        (
            "«(os.\n# c\nkill)(pid, 0)»",
            "what is called is not a plain name",
        ),
        (
            "«os.kill(pid, zero())»",
            "an argument that would be given up may do something",
        ),
        (
            "«os.kill(pid, (n := 0))»",
            "an argument that would be given up may do something",
        ),
        (
            "«os.kill(pid,  # of it\n  0)»",
            "a comment stands between its arguments",
        ),
        (
            "«os.kill(\n  pid, 0,  # asks\n)»",
            "a comment stands between its arguments",
        ),
        (
            "«os.kill(pid\n  , 0)»",
            "its arguments are laid out in an unusual way",
        ),
        (
            "«loop.run_in_executor(None, os.kill, pid, 0)»",
            "somebody else is asked to make the call",
        ),
        (
            "«footgun_runtime.probe_pid(pid, 0)»",
            "it is called already",
        ),
        ("f'{«os.kill(pid, 0)»}'", "it stands in a string"),
        ("x = '«os.kill(pid, 0)»'", "it stands in a string"),
        (
            "@«os.kill(pid, 0)»\ndef f(): pass",
            "it stands in a decorator",
        ),
        ("«os.kill(pid, 0 0)»", "its syntax is invalid"),
        ("«os.kill»(pid, 0)", "it is not a call in the text"),
        ("«x = os.kill(pid, 0)»", "it is not a call in the text"),
        ("«f(x for x in y)»", "its argument is a generator"),
    ] {
        assert_eq!(becomes(before, probe), Err(because), "{before}");
    }
}

#[test]
fn a_call_with_more_arguments_than_the_function_takes_is_refused() {
    let one_at_most = |call| Change::Call {
        call,
        function: common::function("popen_detached"),
        positional: Positional::AtMost(1),
        without: Vec::new(),
    };
    let kept = becomes("«Popen(a, cwd=b)»", one_at_most);
    assert_eq!(kept.as_deref(), Ok("$popen_detached(a, cwd=b)"));
    let more = "it has more arguments than what is to be called takes";
    assert_eq!(becomes("«Popen(a, -1)»", one_at_most), Err(more));
    let spread = "its arguments are spread by `*`";
    assert_eq!(becomes("«Popen(*a)»", one_at_most), Err(spread));
}

#[test]
fn keywords_are_given_up() {
    for (before, after) in [
        ("«Popen(a, start_new_session=True)»", "$popen_detached(a)"),
        (
            "«Popen(a, start_new_session=True, cwd=b)»",
            "$popen_detached(a, cwd=b)",
        ),
        (
            "«Popen(a, start_new_session=True, creationflags=1, cwd=b)»",
            "$popen_detached(a, cwd=b)",
        ),
        (
            "«Popen(a, start_new_session=True, cwd=b, creationflags=1)»",
            "$popen_detached(a, cwd=b)",
        ),
        (
            "«Popen(start_new_session=True, args=a)»",
            "$popen_detached(args=a)",
        ),
        (
            "«Popen(start_new_session=True,\n      args=a)»",
            "$popen_detached(args=a)",
        ),
        ("«Popen(start_new_session=True)»", "$popen_detached()"),
        (
            "«Popen(*a, start_new_session=True, **more)»",
            "$popen_detached(*a, **more)",
        ),
        (
            "«Popen(\n\ta,\n\tstart_new_session=True,  # why\n\t# kept\n\tcwd=b,\n)»",
            "$popen_detached(\n\ta,\n\t# kept\n\tcwd=b,\n)",
        ),
        (
            "«Popen(\r\n  a,\r\n  creationflags=(\r\n    X  # x\r\n    | Y\r\n  ),\r\n  start_new_session=True\r\n)»",
            "$popen_detached(\r\n  a\r\n)",
        ),
        (
            "«Popen(\n  a, start_new_session=True,\n  cwd=b, creationflags=getattr(s, 'X', 0),\n)»",
            "$popen_detached(\n  a,\n  cwd=b,\n)",
        ),
        (
            "«Popen(\n  a,\n  creationflags=1, cwd=b,\n  start_new_session=True)»",
            "$popen_detached(\n  a,\n  cwd=b)",
        ),
        (
            "«Popen(\n  a,\n  start_new_session=True, creationflags=1,\n  **more,\n)»",
            "$popen_detached(\n  a,\n  **more,\n)",
        ),
        (
            "await «asyncio.f(a, start_new_session=True)»",
            "await $popen_detached(a)",
        ),
        (
            "«await asyncio.f(a, start_new_session=True)»",
            "await $popen_detached(a)",
        ),
    ] {
        assert_eq!(becomes(before, detach).as_deref(), Ok(after), "{before}");
    }
    for (before, because) in [
        (
            "«Popen(a, start_new_session=True,  # why\n  cwd=b)»",
            "a comment stands between its arguments",
        ),
        (
            "«Popen(  # why\n  start_new_session=True)»",
            "a comment stands between its arguments",
        ),
        (
            "«Popen(a\n  , start_new_session=True\n  , cwd=b)»",
            "its arguments are laid out in an unusual way",
        ),
        (
            "«Popen(a, start_new_session=yes())»",
            "an argument that would be given up may do something",
        ),
    ] {
        assert_eq!(becomes(before, detach), Err(because), "{before}");
    }
}

#[test]
fn a_command_is_wrapped() {
    for (before, after) in [
        (
            "«run(['npm', *rest], cwd=x)»",
            "run($win_argv(['npm', *rest]), cwd=x)",
        ),
        (
            "«run(\n  ['npm'],  # c\n  cwd=x)»",
            "run(\n  $win_argv(['npm']),  # c\n  cwd=x)",
        ),
        ("«run(cwd=x, args=cmd)»", "run(cwd=x, args=$win_argv(cmd))"),
        ("«run(cmd + ['a'])»", "run($win_argv(cmd + ['a']))"),
        ("«run((yield))»", "run($win_argv((yield)))"),
        ("«Popen('npm')»", "Popen($win_argv(['npm']))"),
        (
            "«Popen(args=(\"npm\"))»",
            "Popen(args=$win_argv([(\"npm\")]))",
        ),
        (
            "«Popen(r'npm', *more)»",
            "Popen($win_argv([r'npm']), *more)",
        ),
        ("«Popen(base / 'npm')»", "Popen($win_argv(base / 'npm'))"),
    ] {
        assert_eq!(becomes(before, argv).as_deref(), Ok(after), "{before}");
    }
    for (before, because) in [
        ("«run(*args)»", "its command is spread by `*`"),
        ("«run(**kwargs)»", "its command is not written in the call"),
        ("«run(win_argv(['npm']))»", "it is wrapped already"),
        (
            "«run(args=(footgun_runtime.win_argv(['npm'])))»",
            "it is wrapped already",
        ),
        (
            "«run('npm install')»",
            "its command is a whole command line",
        ),
        ("«run(f'npm{x}')»", "its program is not a plain text"),
        ("«run(b'npm')»", "its program is not a plain text"),
        ("«run('n' 'pm')»", "its program is not a plain text"),
        (
            "«run('npm' if x else 'yarn')»",
            "its program is not a plain text",
        ),
        ("«run('np%s' % x)»", "its program is not a plain text"),
        ("«run((x for x in y))»", "its command is a generator"),
        (
            "«to_thread(run, ['npm'])»",
            "somebody else is asked to make the call",
        ),
    ] {
        assert_eq!(becomes(before, argv), Err(because), "{before}");
    }
}

#[test]
fn a_command_of_many_arguments_is_wrapped() {
    for (before, after) in [
        (
            "«exec('npm', 'ci', *more, cwd=x)»",
            "exec(*$win_argv(['npm', 'ci', *more]), cwd=x)",
        ),
        ("«exec(*cmd)»", "exec(*$win_argv([*cmd]))"),
        ("await «exec('npm')»", "await exec(*$win_argv(['npm']))"),
        (
            "«exec(\n    'npm',  # c\n    'ci',  # d\n    **more,\n)»",
            "exec(\n    *$win_argv(['npm',  # c\n    'ci']),  # d\n    **more,\n)",
        ),
    ] {
        assert_eq!(becomes(before, rest).as_deref(), Ok(after), "{before}");
    }
    for (before, because) in [
        (
            "«exec(program='npm')»",
            "its command is not written in the call",
        ),
        (
            "«exec('npm', cwd=x, *more)»",
            "its arguments are in an unusual order",
        ),
        ("«exec(*win_argv(cmd))»", "it is wrapped already"),
    ] {
        assert_eq!(becomes(before, rest), Err(because), "{before}");
    }
}

#[test]
fn keywords_come_from_a_function() {
    for (before, after) in [
        (
            "«Popen(a, cwd=b)»",
            "Popen(a, cwd=b, **$new_group_kwargs())",
        ),
        (
            "«Popen(a, cwd=b,)»",
            "Popen(a, cwd=b, **$new_group_kwargs(),)",
        ),
        ("«Popen()»", "Popen(**$new_group_kwargs())"),
        (
            "«Popen(a, start_new_session=True)»",
            "Popen(a, **$new_group_kwargs())",
        ),
        (
            "«Popen(start_new_session=True)»",
            "Popen(**$new_group_kwargs())",
        ),
        (
            "«Popen(a, start_new_session=True, cwd=b)»",
            "Popen(a, cwd=b, **$new_group_kwargs())",
        ),
        (
            "«Popen(\n    a,  # a\n    start_new_session=True,  # why\n)»",
            "Popen(\n    a,  # a\n    **$new_group_kwargs(),  # why\n)",
        ),
        (
            "«Popen(\n    a,\n    start_new_session=True,\n    cwd=b,  # b\n    # end\n)»",
            "Popen(\n    a,\n    cwd=b,  # b\n    **$new_group_kwargs(),\n    # end\n)",
        ),
        (
            "«Popen(\r\n\ta,\r\n\tcwd=b  # b\r\n)»",
            "Popen(\r\n\ta,\r\n\tcwd=b,  # b\r\n\t**$new_group_kwargs()\r\n)",
        ),
        (
            "«Popen(\n    a,\n    cwd=b\n)»",
            "Popen(\n    a,\n    cwd=b,\n    **$new_group_kwargs()\n)",
        ),
        (
            "«Popen(a,\n      cwd=b)»",
            "Popen(a,\n      cwd=b, **$new_group_kwargs())",
        ),
    ] {
        assert_eq!(becomes(before, group).as_deref(), Ok(after), "{before}");
    }
    for (before, because) in [
        (
            "«Popen(a, **more)»",
            "it takes keyword arguments from elsewhere",
        ),
        (
            "«Popen(a, start_new_session=yes())»",
            "an argument that would be given up may do something",
        ),
    ] {
        assert_eq!(becomes(before, group), Err(because), "{before}");
    }
}

#[test]
fn an_expression_is_wrapped() {
    for (before, after) in [
        ("run([«'npm'», 'ci'])", "run([$resolve('npm'), 'ci'])"),
        ("x = «y»", "x = $resolve(y)"),
        ("f(program=«a.b»)", "f(program=$resolve(a.b))"),
    ] {
        assert_eq!(becomes(before, resolve).as_deref(), Ok(after), "{before}");
    }
    for before in [
        "«x» = y",
        "f(«a=b»)",
        "f(«*a»)",
        "f(«a, b»)",
        "x.«y»",
        "x = «y»z",
    ] {
        assert_eq!(
            becomes(before, resolve),
            Err("it is not an expression in the text"),
            "{before}"
        );
    }
}

#[test]
fn an_argument_is_kept_from_windows() {
    const ON: &str = "if sys.platform == \"win32\" else";
    let is = |text: &str, expected: &str| {
        let expected = expected.replace('$', ON);
        assert_eq!(python(text, off_windows), Ok(expected), "{text}");
    };
    is(
        "import subprocess, sys\n«subprocess.run(c, preexec_fn=f, cwd=d)»\n",
        "import subprocess, sys\nsubprocess.run(c, preexec_fn=None $ f, cwd=d, \
         creationflags=subprocess.CREATE_NEW_PROCESS_GROUP $ 0)\n",
    );
    is(
        "import subprocess\nimport sys\nx = «subprocess.Popen(\n    c,\n    \
         preexec_fn=lambda: (a(), b()),  # why\n)»\n",
        "import subprocess\nimport sys\nx = subprocess.Popen(\n    c,\n    \
         preexec_fn=None $ lambda: (a(), b()),  # why\n    \
         creationflags=subprocess.CREATE_NEW_PROCESS_GROUP $ 0,\n)\n",
    );
    // Both modules are imported, at one place.
    is(
        "from subprocess import Popen\n\n\ndef f():\n    «Popen(c, preexec_fn=g)»\n",
        "import subprocess\nimport sys\nfrom subprocess import Popen\n\n\ndef f():\n    \
         Popen(c, preexec_fn=None $ g, creationflags=subprocess.CREATE_NEW_PROCESS_GROUP $ 0)\n",
    );
    for (text, because) in [
        ("«run(c)»", "the argument is not written in the call"),
        (
            "«run(c, preexec_fn=f, **more)»",
            "it takes keyword arguments from elsewhere",
        ),
    ] {
        assert_eq!(python(text, off_windows), Err(because), "{text}");
    }
}

#[test]
fn what_callers_say_is_not_given_up() {
    const BECAUSE: &str = "an argument that would be given up is for the callers to say";
    for text in [
        "def f(c, own=True):\n    «Popen(c, start_new_session=own)»\n",
        "def f(c, *, own: bool = True):\n    «Popen(c, start_new_session=own)»\n",
        "def f(own):\n    def g(c):\n        «Popen(c, start_new_session=not own)»\n",
        "f = lambda c, own=True: «Popen(c, start_new_session=own)»\n",
        "def f(self, c):\n    «Popen(c, start_new_session=self.own)»\n",
    ] {
        assert_eq!(python(text, detach), Err(BECAUSE), "{text}");
        assert_eq!(python(text, group), Err(BECAUSE), "{text}");
    }
    let head = "from footgun_runtime import popen_detached\n";
    for text in [
        "def f(c):\n    «Popen(c, start_new_session=True)»\n",
        "OWN = True\ndef f(c):\n    «Popen(c, start_new_session=OWN)»\n",
        "def f(OWN):\n    pass\ndef g(c):\n    «Popen(c, start_new_session=OWN)»\n",
        "def f(own):\n    def g(c):\n        «Popen(c, start_new_session=a.own)»\n",
    ] {
        let text = format!("{head}{text}");
        assert!(python(&text, detach).is_ok(), "{text}");
    }
}
