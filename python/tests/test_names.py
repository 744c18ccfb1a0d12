"""Which file a name stands for on Windows, and what a batch file is not given."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
from typing import Any, Dict, Iterator, List
from unittest import mock

import cases
import footgun_runtime
from footgun_runtime import win_argv


@contextlib.contextmanager
def folder() -> Iterator[str]:
    """An empty folder, which is the current one too."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as name:
        root = os.path.realpath(name)
        os.chdir(root)
        try:
            yield root
        finally:
            os.chdir(before)


class Case:
    """A case of the table, with its files made below `root`."""

    def __init__(self, case: Dict[str, Any], root: str) -> None:
        self.root = root
        self.program = self.native(case["program"])
        self.path = os.pathsep.join(map(self.native, case["path"]))
        self.environment = {"PATH": self.path}
        if "pathext" in case:
            self.environment["PATHEXT"] = case["pathext"]
        self.command_path = None
        if "command_path" in case:
            self.command_path = os.pathsep.join(map(self.native, case["command_path"]))
        self.expected = None
        if case["expected"] == "{self}.exe":
            self.expected = os.path.normcase(cases.PYTHON)
        elif case["expected"].startswith("{system}"):
            self.expected = os.path.normcase(self.native(case["expected"]))
        elif case["expected"] != "unchanged":
            self.expected = os.path.normcase(self.native("{root}/" + case["expected"]))
        self.command_current = None
        if "command_current" in case:
            # Relative to the current folder.
            self.command_current = os.path.join("..", case["command_current"])
        for name in case["files"]:
            file = pathlib.Path(root, self.native(name))
            file.parent.mkdir(parents=True, exist_ok=True)
            if name.endswith("/"):
                file.mkdir()
            else:
                file.touch()
        current = pathlib.Path(root, case.get("current", "nothing in here"))
        current.mkdir(exist_ok=True)
        os.chdir(str(current))

    def native(self, text: str) -> str:
        own = os.path.splitext(os.path.basename(cases.PYTHON))[0]
        text = text.replace("/", os.sep).replace("{root}", self.root).replace("{self}", own)
        return text.replace("{system}", "C:\\windows\\system32")


class Names(unittest.TestCase):
    def test_the_table(self) -> None:
        for case in cases.table("resolution"):
            with self.subTest(case["name"]), folder() as root:
                self.check(Case(case, root))

    def check(self, case: Case) -> None:
        argv = [case.program, "argument"]
        with mock.patch.dict(os.environ, case.environment):
            if "PATHEXT" not in case.environment:
                os.environ.pop("PATHEXT", None)
            cwd = case.command_current
            if case.command_path is None:
                results = [win_argv(argv, cwd=cwd)]
            else:
                results = [
                    win_argv(argv, path=case.command_path, cwd=cwd),
                    win_argv(argv, env={"Path": case.command_path}, cwd=cwd),
                ]
        for result in results:
            if case.expected is None or not cases.WINDOWS:
                self.assertIs(result, argv)
            else:
                self.assertEqual(os.path.normcase(os.path.abspath(result[0])), case.expected)
                self.assertEqual(result[1:], ["argument"])

    def test_the_type_is_kept(self) -> None:
        with folder() as root:
            tool = os.path.join(root, "tool")
            found = tool + ".cmd" if cases.WINDOWS else tool
            pathlib.Path(found).touch()
            with mock.patch.dict(os.environ, {"PATHEXT": ".exe;.cmd"}):
                self.assertEqual(win_argv([tool, "a"]), [found, "a"])
                self.assertEqual(win_argv((tool, "a")), (found, "a"))
                self.assertEqual(win_argv([pathlib.Path(tool)]), [pathlib.Path(found)])
                self.assertEqual(win_argv(pathlib.Path(tool)), pathlib.Path(found))

    def test_what_comes_back_as_it_is(self) -> None:
        with self.tool() as root, mock.patch.dict(os.environ, {"PATH": root}):
            for argv in ("tool ci", b"tool", [], (), [b"tool", b"ci"]):
                with self.subTest(argv):
                    self.assertIs(win_argv(argv), argv)  # type: ignore[type-var]

    def test_a_variable_of_another_name_is_not_path(self) -> None:
        argv = ["tool"]
        with self.tool() as root:
            self.assertIs(win_argv(argv, env={"PATHS": root}), argv)
            found = [os.path.join(root, "tool.cmd")] if cases.WINDOWS else argv
            self.assertEqual(win_argv(argv, env={"Path": root}), found)

    @contextlib.contextmanager
    def tool(self) -> Iterator[str]:
        """A folder with a tool that would be found."""
        with folder() as root, mock.patch.dict(os.environ, {"PATHEXT": ".cmd"}):
            pathlib.Path(root, "tool.cmd").touch()
            yield root


@unittest.skipUnless(cases.WINDOWS, "batch files run on Windows only")
class BatchFiles(unittest.TestCase):
    def setUp(self) -> None:
        self.root = self.enter(folder())
        shim = pathlib.Path(self.root, "bin", "shim.cmd")
        shim.parent.mkdir()
        dump = "import json, sys; print(json.dumps(sys.argv[1:]))"
        pathlib.Path(self.root, "dump.py").write_text(dump, encoding="utf-8")
        shim.write_text(
            '@"%s" "%s" %%*\n' % (cases.PYTHON, pathlib.Path(self.root, "dump.py")),
            encoding="utf-8",
        )
        self.enter(mock.patch.dict(os.environ, {"PATH": str(shim.parent), "PATHEXT": ".EXE;.CMD"}))
        self.shim = str(shim)

    def enter(self, context: Any) -> Any:
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def received(self, argv: Any) -> Any:
        """The arguments that reach the program behind the batch file, None if nothing answers."""
        result = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            return json.loads(result.stdout.decode("utf-8", "replace"))
        except ValueError:
            return None

    def test_a_bare_name_is_found_that_subprocess_does_not_find(self) -> None:
        with self.assertRaises(OSError):
            subprocess.run(["shim"])
        self.assertEqual(self.received(win_argv(["shim", "works"])), ["works"])

    def test_the_table(self) -> None:
        for case in cases.table("batch"):
            if cases.WINE and not case.get("wine", True):
                continue
            argv = ["shim", *case["arguments"]]
            with self.subTest(case["name"]):
                if case["outcome"] == "arrives":
                    self.assertEqual(self.received(win_argv(argv)), case["arguments"])
                    self.assertEqual(self.received(win_argv(tuple(argv))), case["arguments"])
                    self.assertEqual(self.received_by_asyncio(argv), case["arguments"])
                    continue
                for name in ("shim", "shim.cmd", self.shim, self.shim + " . "):
                    with self.assertRaises(ValueError):
                        win_argv([name, *case["arguments"]])

    def received_by_asyncio(self, argv: List[str]) -> Any:
        async def run() -> bytes:
            pipe, null = subprocess.PIPE, subprocess.DEVNULL
            started = asyncio.create_subprocess_exec(*win_argv(argv), stdin=null, stdout=pipe)
            output, _ = await (await started).communicate()
            return output

        return json.loads(asyncio.run(run()).decode("utf-8", "replace"))

    def test_a_folder_with_an_odd_name(self) -> None:
        folder = pathlib.Path(self.root, "a & b^c")
        folder.mkdir()
        shutil.copy(self.shim, str(folder / "odd.cmd"))
        for argument in ("x", "x^y"):
            argv = win_argv(["odd", argument], path=str(folder))
            self.assertEqual(self.received(argv), [argument])

    def test_a_path_alone(self) -> None:
        shim = pathlib.Path(self.root, "a&b.cmd")
        shutil.copy(self.shim, str(shim))
        self.assertEqual(self.received(win_argv(shim)), [])

    def test_other_programs_get_everything(self) -> None:
        argv = [cases.PYTHON, "caret^1.2.3", '" & echo "', "%OS%", "two\nlines"]
        self.assertIs(win_argv(argv), argv)


class CommandLines(unittest.TestCase):
    """What is made for `cmd.exe`, as it is on every platform."""

    def test_what_is_a_batch_file(self) -> None:
        for name in ("x.cmd", "x.BAT", "x.cmd. .", "..cmd", ".cmd", "C:\\x\\.bat"):
            with self.subTest(name):
                line = footgun_runtime._for_batch([name, "^"])
                self.assertEqual(line[1:5], ["/e:ON", "/v:OFF", "/d", "/c"])
        for name in ("x.exe", "cmd", "x.cmd.exe", "bat"):
            with self.subTest(name):
                argv = [name, "^"]
                self.assertIs(footgun_runtime._for_batch(argv), argv)

    def test_arguments_are_escaped(self) -> None:
        for argument, escaped in {
            "plain-1.2": "plain-1.2",
            "": '""',
            "react@^18": '"react@^18"',
            "100%": '"100%%cd:~,%"',
            'a"b': '"a""b"',
            'a\\"b': '"a\\\\""b"',
            "a b\\": '"a b\\\\"',
            "a\\": '"a\\\\"',
        }.items():
            with self.subTest(argument):
                line = subprocess.list2cmdline(footgun_runtime._for_batch(["x.cmd", argument, "^"]))
                rest = line.split(" /e:ON /v:OFF /d /c ")[1]
                self.assertEqual(rest, '""x.cmd" %s "^""' % escaped)
