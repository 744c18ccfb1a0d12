//! Python calls repaired without a runtime: statements that ask, programs found in place.

use crate::common::{ask, find, find_rest, python};

/// What becomes of a statement in a file that imports all it needs already.
fn asked(code: &str) -> Result<String, &'static str> {
    const HEAD: &str = "import errno, footgun_runtime\n";
    let text = python(&format!("{HEAD}{code}"), ask)?;
    let rest = text.strip_prefix(HEAD).expect("the imports stay");
    Ok(rest.replace("footgun_runtime.", "").replace(
        "raise ProcessLookupError(errno.ESRCH, \"No such process\")",
        "RAISE",
    ))
}

#[test]
fn a_statement_asks() {
    for (before, after) in [
        ("«os.kill(pid, 0)»", "if not pid_exists(pid):\n    RAISE"),
        (
            "«os.kill(pid, 0)»  # c\nrest()",
            "if not pid_exists(pid):  # c\n    RAISE\nrest()",
        ),
        // As the file indents, whether around the statement or elsewhere.
        (
            "try:\r\n\t«kill(next(pids), 0)»\r\nexcept E:\r\n\tx\r\n",
            "try:\r\n\tif not pid_exists(next(pids)):\r\n\t\tRAISE\r\nexcept E:\r\n\tx\r\n",
        ),
        (
            "«os.kill(pid, 0)»\rif a:\r  b\r",
            "if not pid_exists(pid):\r  RAISE\rif a:\r  b\r",
        ),
        (
            "if a:\n  «os.kill(\n    pid,  # it\n    0,\n  )»\n",
            "if a:\n  if not pid_exists(\n    pid,  # it\n  ):\n    RAISE\n",
        ),
        (
            "def f():\n   x\nclass A:\n  def f(self):\n      «kill(pid, 0)»",
            "def f():\n   x\nclass A:\n  def f(self):\n      if not pid_exists(pid):\n          RAISE",
        ),
    ] {
        assert_eq!(asked(before).as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn what_is_no_statement_on_its_own_lines_stays() {
    for before in [
        "x = «os.kill(pid, 0)»",
        "return_(«os.kill(pid, 0)»)",
        "(«os.kill(pid, 0)»)",
        "«os.kill(pid, 0)», x",
        "try: «os.kill(pid, 0)»\nexcept E: x",
        "x; «os.kill(pid, 0)»",
        "«os.kill(pid, 0)»; x",
        "«os.kill(pid, 0)» or x",
        "if a: \\\n  «os.kill(pid, 0)»",
    ] {
        let because = "it is not a statement on lines of its own";
        assert_eq!(asked(before), Err(because), "{before}");
    }
    assert_eq!(
        asked("ProcessLookupError = OSError\n«os.kill(pid, 0)»"),
        Err("its file uses the name of the exception for something else")
    );
}

#[test]
fn a_question_has_two_imports_in_one_place() {
    assert_eq!(
        python("import os\n\n«os.kill(1, 0)»\n", ask).as_deref(),
        Ok(
            "import errno\nimport os\n\nfrom footgun_runtime import pid_exists\n\n\
             if not pid_exists(1):\n    raise ProcessLookupError(errno.ESRCH, \"No such process\")\n"
        )
    );
    assert_eq!(
        python(
            "from errno import ESRCH as GONE\nimport footgun_runtime as f\n«os.kill(1, 0)»\n",
            ask
        )
        .as_deref(),
        Ok(
            "from errno import ESRCH as GONE\nimport footgun_runtime as f\n\
             if not f.pid_exists(1):\n    raise ProcessLookupError(GONE, \"No such process\")\n"
        )
    );
}

#[test]
fn a_program_is_found_in_its_place() {
    const HEAD: &str = "import shutil\n";
    let becomes = |code: &str| {
        let text = python(&format!("{HEAD}{code}"), find)?;
        Ok::<_, &str>(text[HEAD.len()..].replace("shutil.which", "which"))
    };
    for (before, after) in [
        (
            "«run(['npm', *rest])»",
            "run([which('npm') or 'npm', *rest])",
        ),
        ("«run(('npm',))»", "run((which('npm') or 'npm',))"),
        (
            "«run(args=[  # c\n    r\"npm\",\n    'ci'])»",
            "run(args=[  # c\n    which(r\"npm\") or r\"npm\",\n    'ci'])",
        ),
        (
            "«run(['npm'] + rest + more)»",
            "run([which('npm') or 'npm'] + rest + more)",
        ),
    ] {
        assert_eq!(becomes(before).as_deref(), Ok(after), "{before}");
    }
    for before in [
        "«run(command)»",
        "«run('npm')»",
        "«run(rest + ['npm'])»",
        "«run([*first, 'npm'])»",
        "«run([npm])»",
        "«run([])»",
        "«run([which('npm') or 'npm'])»",
    ] {
        let because = "its program is not written first in a list";
        assert_eq!(becomes(before), Err(because), "{before}");
    }
    assert_eq!(
        python("import shutil\n«start('npm', 'ci')»\n", find_rest).as_deref(),
        Ok("import shutil\nstart(shutil.which('npm') or 'npm', 'ci')\n")
    );
}

#[test]
fn a_module_is_imported_whole() {
    for (before, after) in [
        (
            "import os\n«run(['npm'])»\n",
            "import os\nimport shutil\nrun([shutil.which('npm') or 'npm'])\n",
        ),
        (
            "from shutil import which as w\n«run(['npm'])»\n",
            "from shutil import which as w\nrun([w('npm') or 'npm'])\n",
        ),
        (
            "import a\nshutil = 1\n«run(['npm'])»\n",
            "import shutil as _shutil\n\nimport a\nshutil = 1\nrun([_shutil.which('npm') or 'npm'])\n",
        ),
        (
            "def f():\n    import subprocess\n    «subprocess.run(['npm'])»\n",
            "def f():\n    import subprocess\n    import shutil\n    \
             subprocess.run([shutil.which('npm') or 'npm'])\n",
        ),
    ] {
        assert_eq!(python(before, find).as_deref(), Ok(after), "{before}");
    }
    assert_eq!(
        python("shutil = _shutil = 1\n«run(['npm'])»\n", find),
        Err("its file uses the name of the module for something else")
    );
}
