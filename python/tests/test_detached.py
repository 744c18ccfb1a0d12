"""What becomes of detached children, observed after their parent and its jobs are gone."""

from __future__ import annotations

import concurrent.futures
import contextlib
import inspect
import json
import os
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, List, Tuple
from unittest import mock

import cases
import footgun_runtime
import jobs
from footgun_runtime import (
    Lifetime,
    hidden_kwargs,
    kill_tree,
    lifetime,
    new_group_kwargs,
    pid_exists,
    popen_detached,
)

FLAGS = {
    "DETACHED_PROCESS": 0x00000008,
    "CREATE_NEW_CONSOLE": 0x00000010,
    "CREATE_NEW_PROCESS_GROUP": 0x00000200,
    "CREATE_UNICODE_ENVIRONMENT": 0x00000400,
    "BELOW_NORMAL_PRIORITY_CLASS": 0x00004000,
    "CREATE_BREAKAWAY_FROM_JOB": 0x01000000,
    "CREATE_NO_WINDOW": 0x08000000,
}


def value(names: List[str]) -> int:
    return sum(FLAGS[name] for name in names)


def start(*command: str) -> "subprocess.Popen[bytes]":
    """A parent that waits for its first line."""
    pipe = subprocess.PIPE
    return subprocess.Popen(list(command), stdin=pipe, stdout=pipe, env=cases.environment())


def send(process: "subprocess.Popen[bytes]", text: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.flush()


def end(pid: int) -> None:
    """Ends a process, if it still exists, and waits until it has."""
    with contextlib.suppress(ProcessLookupError):
        kill_tree(pid)
    cases.wait_until(lambda: not pid_exists(pid), "%d ends" % pid)


@unittest.skipUnless(cases.WINDOWS, "jobs exist on Windows only")
class InJobs(unittest.TestCase):
    def setUp(self) -> None:
        if sys.platform == "win32" and jobs.is_in_job():
            self.skipTest("these tests are in a job themselves, which would decide the outcome")

    def test_the_table(self) -> None:
        table = cases.table("detached")
        # Most of the time is spent waiting for beats.
        with concurrent.futures.ThreadPoolExecutor(4) as threads:
            seen = list(threads.map(self.observe, table))
        for case, observed in zip(table, seen):
            with self.subTest(case["name"]):
                if cases.WINE and case["kill_on_close"] == "kills":
                    # Wine 8 says of no job that it kills.
                    case["kill_on_close"] = "does-not"
                self.assertEqual(observed, {name: case[name] for name in observed})

    def observe(self, case: Dict[str, Any]) -> Dict[str, Any]:
        """What happens to the children of a parent in these jobs, in the words of the table."""
        assert sys.platform == "win32"
        with tempfile.TemporaryDirectory() as folder:
            plain = cases.Heartbeat(os.path.join(folder, "plain"))
            detached = cases.Heartbeat(os.path.join(folder, "detached"))
            parent = start(
                *cases.program("parent.py", cases.HERE / "heartbeat.py", plain.path, detached.path)
            )
            around = [jobs.Job(limits) for limits in case["jobs"]]
            for job in around:
                job.add(parent)
            send(parent, b"\n")
            assert parent.stdout is not None
            told = json.loads(parent.stdout.readline())
            try:
                plain.wait_for_more()
                detached.wait_for_more()
                self.assertEqual(parent.communicate(), (b"", None))
                self.assertEqual(parent.returncode, 0)
                for job in around:
                    job.close()
                survivors = {
                    "plain_survives": self.survives(plain, told["plain"]),
                    "detached_survives": self.survives(detached, told["detached"]),
                }
            finally:
                end(told["plain"])
                end(told["detached"])
        return {
            **survivors,
            **{name: told[name] for name in ("in_job", "kill_on_close", "attempts")},
        }

    def survives(self, heartbeat: cases.Heartbeat, pid: int) -> bool:
        # More beats than can still come of one that is about to end.
        enough = heartbeat.beats() + 10
        cases.wait_until(
            lambda: heartbeat.beats() >= enough or not pid_exists(pid),
            "%d beats or ends" % pid,
        )
        if pid_exists(pid):
            return True
        heartbeat.wait_for_end()
        return False

    def test_many_under_a_job_that_refuses_leave_no_handle(self) -> None:
        assert sys.platform == "win32"
        count = 300
        parent = start(*cases.program("many.py", count))
        job = jobs.Job(["kill-on-close"])
        job.add(parent)
        output, _ = parent.communicate(b"\n")
        job.close()
        self.assertEqual(json.loads(output), {"codes": count * [7], "kept": 0})


class Attempts(unittest.TestCase):
    def test_the_flags(self) -> None:
        for case in cases.table("flags"):
            with self.subTest(case["name"]):
                attempts = footgun_runtime._attempts(value(case["caller"]))
                self.assertEqual(attempts, (value(case["first"]), value(case["second"])))

    @unittest.skipUnless(cases.WINDOWS, "there is no second attempt off Windows")
    def test_only_access_denied_is_retried(self) -> None:
        assert sys.platform == "win32"
        for case in cases.table("retry"):
            refusals = 2 * [OSError(0, "refused", None, case["error"])]
            with self.subTest(case["name"]):
                with mock.patch("subprocess.Popen", side_effect=refusals) as popen:
                    with self.assertRaises(OSError) as raised:
                        popen_detached(["x"], creationflags=0x4000)
                self.assertEqual(raised.exception.winerror, case["error"])
                flags = [call[1]["creationflags"] for call in popen.call_args_list]
                both = list(footgun_runtime._attempts(0x4000))
                self.assertEqual(flags, both if case["retried"] else both[:1])

    @unittest.skipIf(cases.WINDOWS, "the original call is made off Windows")
    def test_the_original_call(self) -> None:
        signature = inspect.signature(subprocess.Popen)
        calls: List[Tuple[Tuple[Any, ...], Dict[str, Any]]] = [
            ((["x"],), {"cwd": "y", "stdout": 3}),
            ((["x"], -1, None, None, 3), {"cwd": "y"}),
            ((), {"args": ["x"], "stdout": 3}),
        ]
        for args, kwargs in calls:
            with self.subTest(args), mock.patch("subprocess.Popen") as popen:
                popen_detached(*args, **kwargs)
                given = signature.bind(*args, **kwargs).arguments
                made = signature.bind(*popen.call_args[0], **popen.call_args[1]).arguments
                self.assertEqual(dict(made), {**given, "start_new_session": True})

    def test_parameters_in_their_order(self) -> None:
        parameters = list(inspect.signature(subprocess.Popen).parameters.values())
        by_position = [it.name for it in parameters if it.kind is it.POSITIONAL_OR_KEYWORD]
        self.assertEqual(by_position, footgun_runtime._BY_POSITION)

    def test_arguments_that_the_original_call_refuses(self) -> None:
        calls: List[Tuple[Tuple[Any, ...], Dict[str, Any]]] = [
            ((), {}),
            ((["x"], -1), {"bufsize": 0}),
            ((["x"],), {"nonsense": 1}),
            (tuple(range(18)), {}),
        ]
        original: Any = subprocess.Popen
        for args, kwargs in calls:
            messages = []
            for start in (original, popen_detached):
                with self.assertRaises(TypeError) as raised:
                    start(*args, **kwargs)
                messages.append(str(raised.exception))
            self.assertEqual(messages[0], messages[1])


class Children(unittest.TestCase):
    def test_a_child_that_is_there(self) -> None:
        code = "import sys; print(input()); sys.exit(3)"
        pipe = subprocess.PIPE
        with popen_detached([cases.PYTHON, "-c", code], stdin=pipe, stdout=pipe) as child:
            self.assertEqual(lifetime(child), Lifetime(False, False))
            if sys.platform != "win32":
                self.assertEqual(os.getsid(child.pid), child.pid)
            self.assertEqual(child.communicate(b"hello\n")[0].rstrip(), b"hello")
        self.assertEqual(child.returncode, 3)

    @unittest.skipUnless(cases.WINDOWS, "the original call inherits streams")
    def test_streams_that_are_not_given(self) -> None:
        code = "import os, sys; sys.exit(40 + sum(map(os.isatty, (0, 1, 2))) + len(os.read(0, 1)))"
        for streams in ({}, {"stdin": None, "stdout": None, "stderr": None}):
            with self.subTest(streams):
                with popen_detached([cases.PYTHON, "-c", code], **streams) as child:
                    # The null device is a terminal to isatty on Windows.
                    self.assertEqual(child.wait(), 43)

    @unittest.skipUnless(cases.WINDOWS, "there is no startupinfo off Windows")
    def test_handles_in_startupinfo(self) -> None:
        if sys.platform == "win32":
            import msvcrt

            with tempfile.TemporaryFile() as file, open(os.devnull, "r+b") as null:
                handles = [msvcrt.get_osfhandle(stream.fileno()) for stream in (null, file, null)]
                for handle in handles:
                    os.set_handle_inheritable(handle, True)
                startupinfo = subprocess.STARTUPINFO()
                startupinfo.dwFlags = subprocess.STARTF_USESTDHANDLES
                startupinfo.hStdInput, startupinfo.hStdOutput, startupinfo.hStdError = handles
                code = "print('said')"
                with popen_detached(
                    [cases.PYTHON, "-c", code], startupinfo=startupinfo, close_fds=False
                ) as child:
                    self.assertEqual(child.wait(), 0)
                file.seek(0)
                self.assertEqual(file.read().rstrip(), b"said")

    def test_a_program_that_is_not_there(self) -> None:
        with self.assertRaises(FileNotFoundError):
            popen_detached([os.path.join(tempfile.gettempdir(), "no such program")])


class KeywordArguments(unittest.TestCase):
    def test_their_values(self) -> None:
        if cases.WINDOWS:
            self.assertEqual(new_group_kwargs(), {"creationflags": 0x00000200})
            self.assertEqual(new_group_kwargs(0x4000), {"creationflags": 0x00004200})
        else:
            self.assertEqual(hidden_kwargs(), {})
            self.assertEqual(hidden_kwargs(0x4000), {})
            self.assertEqual(new_group_kwargs(), {"start_new_session": True})
            self.assertEqual(new_group_kwargs(**hidden_kwargs()), {"start_new_session": True})

    def test_the_table_of_hidden_programs(self) -> None:
        for case in cases.table("hidden"):
            with self.subTest(case["name"]):
                flags = value(case["flags"])
                self.assertEqual(footgun_runtime._hiding(case["console"]), flags)
                if cases.WINDOWS:
                    with mock.patch.object(footgun_runtime, "_kernel32") as kernel32:
                        kernel32.GetConsoleCP.return_value = 850 if case["console"] else 0
                        seen = hidden_kwargs(0x4000)
                    self.assertEqual(seen, {"creationflags": 0x4000 | flags})

    @unittest.skipUnless(cases.WINDOWS, "consoles exist on Windows only")
    def test_who_is_on_the_console_of_a_hidden_program(self) -> None:
        count = (
            "import ctypes; print(ctypes.windll.kernel32.GetConsoleProcessList("
            "(ctypes.c_uint32 * 9)(), 9))"
        )
        code = (
            "import subprocess, sys, footgun_runtime; print(subprocess.check_output("
            "[sys.executable, '-c', %r], **footgun_runtime.hidden_kwargs()).decode())" % count
        )
        for flags, expected in ((FLAGS["DETACHED_PROCESS"], 1), (FLAGS["CREATE_NO_WINDOW"], 2)):
            output = subprocess.check_output(
                [cases.PYTHON, "-c", code], creationflags=flags, env=cases.environment()
            )
            self.assertEqual(int(output), expected)

    def test_subprocess_takes_them(self) -> None:
        for kwargs in (hidden_kwargs(), new_group_kwargs(), new_group_kwargs(**hidden_kwargs())):
            with self.subTest(kwargs):
                result = subprocess.run([cases.PYTHON, "-c", "raise SystemExit(5)"], **kwargs)
                self.assertEqual(result.returncode, 5)

    def test_type_checkers_take_them(self) -> None:
        command = [cases.PYTHON, "-c", ""]
        subprocess.run(command, check=True, **hidden_kwargs())
        subprocess.check_output(command, text=True, **new_group_kwargs()).strip()
