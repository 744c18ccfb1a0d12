//! The imports that a rewritten Python call needs.

use footgun_analysis::rewrite::{Change, CommandArgument, Function};

use crate::common::{probe, python, rewritten_at};

/// The text in which `os.kill(pid, 0)` stands where `$` does, after it was rewritten; the call stays
/// marked.
fn imported(text: &str) -> Result<String, &'static str> {
    python(&text.replacen('$', "«os.kill(pid, 0)»", 1), probe)
}

fn assert_imported(table: &[(&str, &str)]) {
    for (before, after) in table {
        let after = after.replacen('$', "probe_pid(pid)", 1);
        assert_eq!(imported(before), Ok(after), "{before}");
    }
}

#[test]
fn behind_the_imports_of_the_module() {
    assert_imported(&[
        (
            "import os\nimport sys  # s\n\ndef f():\n    $\n",
            "import os\nimport sys  # s\n\nfrom footgun_runtime import probe_pid\n\ndef f():\n    $\n",
        ),
        (
            "#!/usr/bin/python\n# coding: utf-8\n\"\"\"Doc.\"\"\"\r\nfrom __future__ import annotations\r\nimport os\r\n$",
            "#!/usr/bin/python\n# coding: utf-8\n\"\"\"Doc.\"\"\"\r\nfrom __future__ import annotations\r\nimport os\r\nfrom footgun_runtime import probe_pid\r\n$",
        ),
        (
            "import os\rx = 1\r$",
            "import os\r\rfrom footgun_runtime import probe_pid\rx = 1\r$",
        ),
        (
            "import os; import sys;  # both\n$\n",
            "import os; import sys;  # both\nfrom footgun_runtime import probe_pid\n$\n",
        ),
        (
            "from a import (\n    b,\n)\n\x0c\nimport os; x = '''\n'''\n$\n",
            "from a import (\n    b,\n)\n\x0c\nimport os; x = '''\n'''\nfrom footgun_runtime import probe_pid\n$\n",
        ),
        (
            "import a, \\\n    os\ntry:\n    import b\nexcept ImportError:\n    b = None\nfrom c import d\n$\nimport e\n",
            "import a, \\\n    os\ntry:\n    import b\nexcept ImportError:\n    b = None\nfrom c import d\nfrom footgun_runtime import probe_pid\n$\nimport e\n",
        ),
        (
            "import os\n@a\nclass B:\n    def f(self): $\nimport late\n",
            "import os\n\nfrom footgun_runtime import probe_pid\n@a\nclass B:\n    def f(self): $\nimport late\n",
        ),
        (
            "from __future__ import annotations\n\ntry:\n    import os\nexcept ImportError:\n    pass\n$\n",
            "from __future__ import annotations\n\nfrom footgun_runtime import probe_pid\n\ntry:\n    import os\nexcept ImportError:\n    pass\n$\n",
        ),
        (
            "'''Doc.'''\nif x:\n    import os\n    $\n",
            "'''Doc.'''\n\nfrom footgun_runtime import probe_pid\nif x:\n    import os\n    $\n",
        ),
        (
            "#!/bin/python\n# coding: latin-1\ntry:\n    import os\n    $\nfinally: pass\n",
            "#!/bin/python\n# coding: latin-1\nfrom footgun_runtime import probe_pid\n\ntry:\n    import os\n    $\nfinally: pass\n",
        ),
        (
            "# Licence\n\n# What f does.\ndef f(os):\n    $\n",
            "# Licence\n\nfrom footgun_runtime import probe_pid\n\n\n# What f does.\ndef f(os):\n    $\n",
        ),
    ]);
}

/// As isort and ruff sort them.
#[test]
fn among_sorted_imports() {
    assert_imported(&[
        (
            "import os\n\nimport aa\nimport zz\nfrom bb import b\n\nfrom .x import y\n\n$\n",
            "import os\n\nimport aa\nimport zz\nfrom bb import b\nfrom footgun_runtime import probe_pid\n\nfrom .x import y\n\n$\n",
        ),
        (
            "import os\n\nfrom zz import z  # z\n$\n",
            "import os\n\nfrom footgun_runtime import probe_pid\nfrom zz import z  # z\n$\n",
        ),
        (
            "from __future__ import annotations\n\nimport os\n\nfrom . import y\n$\n",
            "from __future__ import annotations\n\nimport os\n\nfrom footgun_runtime import probe_pid\n\nfrom . import y\n$\n",
        ),
        // Neither sorted nor apart: nothing tells where it belongs.
        (
            "import sys\nimport os\n$\n",
            "import sys\nimport os\nfrom footgun_runtime import probe_pid\n$\n",
        ),
        (
            "import os\nimport aa\n$\n",
            "import os\nimport aa\nfrom footgun_runtime import probe_pid\n$\n",
        ),
        // What is behind it might take its name.
        (
            "from zz import *\nimport os\n$\n",
            "from zz import *\nimport os\nfrom footgun_runtime import probe_pid\n$\n",
        ),
        (
            "import os\n\nfrom zz import *\n$\n",
            "import os\n\nfrom zz import *\nfrom footgun_runtime import probe_pid\n$\n",
        ),
    ]);
}

#[test]
fn where_the_function_imports() {
    assert_imported(&[
        (
            "def f(pid):\n\t\"\"\"Doc.\"\"\"\n\timport os\n\timport sys  # s\n\tx = 1\n\t$\n",
            "def f(pid):\n\t\"\"\"Doc.\"\"\"\n\timport os\n\timport sys  # s\n\tfrom footgun_runtime import probe_pid\n\tx = 1\n\t$\n",
        ),
        (
            "def f(pid):\n    if not pid:\n        return\n    import os\n    $",
            "def f(pid):\n    if not pid:\n        return\n    import os\n    from footgun_runtime import probe_pid\n    $",
        ),
        (
            "def f(pid):\n    '''Doc.'''\n    try:\n        import os\n    except ImportError:\n        return\n    $\n",
            "def f(pid):\n    '''Doc.'''\n    from footgun_runtime import probe_pid\n    try:\n        import os\n    except ImportError:\n        return\n    $\n",
        ),
        (
            "def f(pid):\n  if a:\n    import os\n  $\n",
            "def f(pid):\n  from footgun_runtime import probe_pid\n  if a:\n    import os\n  $\n",
        ),
        (
            "def f(pid):\r\n  if a:\r\n    import os\r\n    def g():\r\n      $\r\n",
            "def f(pid):\r\n  if a:\r\n    import os\r\n    from footgun_runtime import probe_pid\r\n    def g():\r\n      $\r\n",
        ),
        // Imported at both levels: the module's is as good.
        (
            "import os\ndef f(pid):\n    import os\n    $\n",
            "import os\n\nfrom footgun_runtime import probe_pid\ndef f(pid):\n    import os\n    $\n",
        ),
    ]);
    for (before, because) in [
        (
            "def f(pid): import os; $\n",
            "its function is written in one line",
        ),
        (
            "def f(pid):\n    import os; $\n",
            "it stands on the line of an import",
        ),
        ("import os; $\n", "it stands on the line of an import"),
        ("import os; $", "its imports are laid out in an unusual way"),
    ] {
        assert_eq!(imported(before), Err(because), "{before}");
    }
}

#[test]
fn an_import_of_the_module_is_extended() {
    assert_imported(&[
        (
            "from footgun_runtime import win_argv  # w\n$\n",
            "from footgun_runtime import probe_pid, win_argv  # w\n$\n",
        ),
        (
            "from footgun_runtime import (a, b)\n$\n",
            "from footgun_runtime import (a, b, probe_pid)\n$\n",
        ),
        (
            "from footgun_runtime import (a,\n                             b,)\n$\n",
            "from footgun_runtime import (a,\n                             b, probe_pid,)\n$\n",
        ),
        (
            "from footgun_runtime import (\r\n    a,\r\n    b as c,  # c\r\n)\r\n$\r\n",
            "from footgun_runtime import (\r\n    a,\r\n    b as c,  # c\r\n    probe_pid,\r\n)\r\n$\r\n",
        ),
        (
            "from footgun_runtime import (\n    a  # a\n)\n$\n",
            "from footgun_runtime import (\n    a,  # a\n    probe_pid\n)\n$\n",
        ),
        (
            "from footgun_runtime import a, \\\n    b; import os\n$\n",
            "from footgun_runtime import a, \\\n    b, probe_pid; import os\n$\n",
        ),
        (
            "import os\ndef f():\n    from footgun_runtime import a\n    $\n",
            "import os\ndef f():\n    from footgun_runtime import a, probe_pid\n    $\n",
        ),
        // Not in sight.
        (
            "import os\ndef g():\n    from footgun_runtime import a\ndef f():\n    $\n",
            "import os\n\nfrom footgun_runtime import probe_pid\ndef g():\n    from footgun_runtime import a\ndef f():\n    $\n",
        ),
        (
            "from footgun_runtime import *\n$\n",
            "from footgun_runtime import *\nfrom footgun_runtime import probe_pid\n$\n",
        ),
    ]);
}

#[test]
fn what_is_imported_already_is_used() {
    for (import, name) in [
        ("from footgun_runtime import probe_pid", "probe_pid"),
        ("from footgun_runtime import a, probe_pid as alive", "alive"),
        ("import footgun_runtime", "footgun_runtime.probe_pid"),
        ("import os, footgun_runtime as rt", "rt.probe_pid"),
        (
            "import footgun_runtime\nfrom footgun_runtime import probe_pid",
            "probe_pid",
        ),
    ] {
        let before = format!("{import}\n\ndef f():\n    $\n");
        let after = format!("{import}\n\ndef f():\n    {name}(pid)\n");
        assert_eq!(imported(&before), Ok(after), "{import}");
    }
    assert_imported(&[
        (
            "def f():\n    from footgun_runtime import probe_pid\n    $\n",
            "def f():\n    from footgun_runtime import probe_pid\n    $\n",
        ),
        // Others import it for themselves.
        (
            "import os\ndef f():\n    $\ndef g():\n    from footgun_runtime import probe_pid\n    probe_pid(1)\n",
            "import os\n\nfrom footgun_runtime import probe_pid\ndef f():\n    $\ndef g():\n    from footgun_runtime import probe_pid\n    probe_pid(1)\n",
        ),
        // A class does not share its names with its methods.
        (
            "import os\nclass A:\n    import footgun_runtime\n    def f(self):\n        $\n",
            "import os\n\nfrom footgun_runtime import probe_pid\nclass A:\n    import footgun_runtime\n    def f(self):\n        $\n",
        ),
    ]);
}

#[test]
fn a_name_that_is_taken_is_left_alone() {
    for taken in [
        "probe_pid = 1",
        "def probe_pid(): pass",
        "class probe_pid: pass",
        "def g(probe_pid): pass",
        "lambda probe_pid=1: 2",
        "for a, (probe_pid, b) in c: pass",
        "with a as probe_pid: pass",
        "def g():\n    global probe_pid",
        "(probe_pid := 1)",
        "match a:\n    case [probe_pid]: pass",
        "print(probe_pid)",
        "f'{probe_pid}'",
        "def g():\n    from footgun_runtime import probe_pid\n    probe_pid = 1",
        "try: from other import probe_pid\nfinally: pass",
        "try: from other import x as probe_pid\nfinally: pass",
        "try: import probe_pid.x\nfinally: pass",
    ] {
        let before = format!("import os, sys\n{taken}\n$\n");
        let import = "from footgun_runtime import probe_pid as _probe_pid";
        let after = format!("import os, sys\n{import}\n{taken}\n_probe_pid(pid)\n");
        assert_eq!(imported(&before), Ok(after), "{taken}");
        let before = format!("import os\n{taken}\n_probe_pid = 1\n$\n");
        assert_eq!(
            imported(&before),
            Err("its file uses the name of the function for something else"),
            "{taken}"
        );
    }
    for free in [
        "a.probe_pid = 1",
        "a(probe_pid=1)",
        "'probe_pid'  # probe_pid",
        "from other import probe_pid as b",
        "import a.probe_pid",
    ] {
        let text = imported(&format!("import os\nimport a\n{free}\n$\n")).expect("a change");
        assert!(text.ends_with("\nprobe_pid(pid)\n"), "{text}");
    }
    // The module is imported and the name is not its own where the call stands.
    for (shadowed, call) in [
        (
            "from footgun_runtime import probe_pid\nimport os\ndef f(probe_pid):\n    $\n",
            "    _probe_pid(pid)\n",
        ),
        (
            "import footgun_runtime, os\nfor footgun_runtime in os:\n    $\n",
            "    probe_pid(pid)\n",
        ),
        (
            "from footgun_runtime import probe_pid\nprobe_pid = wrapped(probe_pid)\n$\n",
            "\n_probe_pid(pid)\n",
        ),
        (
            "from footgun_runtime import probe_pid\ndef f():\n    $\n    from footgun_runtime import probe_pid\n",
            "    _probe_pid(pid)\n",
        ),
    ] {
        let text = imported(shadowed).expect("a change");
        assert!(text.contains(call), "{text}");
    }
}

#[test]
fn an_import_under_a_condition_is_nothing_to_rely_on() {
    for text in [
        "import os\ntry:\n    from footgun_runtime import probe_pid\nexcept ImportError:\n    probe_pid = None\n$\n",
        "import os\nif TYPE_CHECKING:\n    import footgun_runtime\n$\n",
    ] {
        assert_eq!(
            imported(text),
            Err("its file imports the module only under a condition"),
            "{text}"
        );
    }
    assert_imported(&[(
        "import os\nif a:\n    from footgun_runtime import probe_pid\n    $\n",
        "import os\nif a:\n    from footgun_runtime import probe_pid\n    $\n",
    )]);
}

#[test]
fn a_module_of_the_project_is_known_by_its_relative_name() {
    let within = |path: &str, text: &str| {
        let change = |call| Change::Command {
            call,
            argument: CommandArgument::One {
                position: 0,
                keyword: "args",
                is_text: false,
                is_list: true,
            },
            function: Function {
                module: "agent._winproc".to_owned(),
                name: "win_argv".to_owned(),
            },
        };
        rewritten_at(path, &text.replace('$', "«run(['npm'])»"), change)
    };
    for (path, import, name) in [
        ("agent/app.py", "from ._winproc import win_argv", "win_argv"),
        (
            "src/agent/sub/app.py",
            "from .._winproc import win_argv",
            "win_argv",
        ),
        (
            "agent/app.py",
            "from . import _winproc",
            "_winproc.win_argv",
        ),
        ("app.py", "from agent import _winproc as w", "w.win_argv"),
        ("app.py", "import agent._winproc", "agent._winproc.win_argv"),
        (
            "app.py",
            "import agent.other, agent._winproc",
            "agent._winproc.win_argv",
        ),
    ] {
        assert_eq!(
            within(path, &format!("{import}\n$\n")),
            Ok(format!("{import}\nrun({name}(['npm']))\n")),
            "{import}"
        );
    }
    assert_eq!(
        within("agent/app.py", "from ._winproc import x\n$\n").as_deref(),
        Ok("from ._winproc import win_argv, x\nrun(win_argv(['npm']))\n")
    );
    assert_eq!(
        within("other/app.py", "from ._winproc import win_argv\n$\n").as_deref(),
        Ok(
            "from agent._winproc import win_argv as _win_argv\n\nfrom ._winproc import win_argv\nrun(_win_argv(['npm']))\n"
        )
    );
    assert_eq!(
        within("src/agent/_winproc.py", "$\n"),
        Err("it is part of the module that would be called")
    );
}

#[test]
fn a_module_of_the_own_package_is_named_as_the_file_names_others() {
    let copy = |path: &str, head: &str| {
        let change = |call| Change::Call {
            call,
            function: Function {
                module: "agent.core._copy".to_owned(),
                name: "probe_pid".to_owned(),
            },
            positional: footgun_analysis::rewrite::Positional::First(1),
            without: Vec::new(),
        };
        let text = format!("{head}import os\n«os.kill(pid, 0)»\n");
        let after = rewritten_at(path, &text, change).expect("it can be rewritten");
        let added = after
            .lines()
            .find(|line| line.ends_with("import probe_pid"));
        let module = added.and_then(|added| added.split_whitespace().nth(1));
        module.expect("an import").to_owned()
    };
    for (path, head, module) in [
        ("src/agent/core/a.py", "from . import b\n", "._copy"),
        ("src/agent/core/sub/a.py", "from .b import c\n", ".._copy"),
        ("src/agent/a.py", "from .b import c\n", ".core._copy"),
        ("src/agent/web/a.py", "from .b import c\n", "..core._copy"),
        ("agent/__init__.py", "from .b import c\n", ".core._copy"),
        // Nothing tells, the other way is used as well, or it is another package.
        ("src/agent/core/a.py", "", "agent.core._copy"),
        (
            "src/agent/core/a.py",
            "from . import b\nfrom agent.core import c\n",
            "agent.core._copy",
        ),
        (
            "src/agent/core/a.py",
            "import agent\nfrom . import b\n",
            "agent.core._copy",
        ),
        ("tests/unit/a.py", "from . import b\n", "agent.core._copy"),
    ] {
        assert_eq!(copy(path, head), module, "{path}: {head}");
    }
}
