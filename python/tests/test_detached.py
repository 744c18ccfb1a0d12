"""What becomes of detached children, observed after their parent and its jobs are gone."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, List
from unittest import mock

import cases
import footgun_runtime
import jobs
from footgun_runtime import (
    INDEPENDENT,
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
        return {**survivors, "lifetime": told["lifetime"], "attempts": told["attempts"]}

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
        with mock.patch("subprocess.Popen") as popen:
            popen_detached(["x"], cwd="y", stdout=3)
            popen.assert_called_once_with(["x"], cwd="y", stdout=3, start_new_session=True)


class Children(unittest.TestCase):
    def test_a_child_that_is_there(self) -> None:
        code = "import sys; print(input()); sys.exit(3)"
        pipe = subprocess.PIPE
        with popen_detached([cases.PYTHON, "-c", code], stdin=pipe, stdout=pipe) as child:
            self.assertEqual(lifetime(child), INDEPENDENT)
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

    def test_a_program_that_is_not_there(self) -> None:
        with self.assertRaises(FileNotFoundError):
            popen_detached([os.path.join(tempfile.gettempdir(), "no such program")])


class KeywordArguments(unittest.TestCase):
    def test_their_values(self) -> None:
        if cases.WINDOWS:
            self.assertEqual(hidden_kwargs(), {"creationflags": 0x08000000})
            self.assertEqual(hidden_kwargs(0x4000), {"creationflags": 0x08004000})
            self.assertEqual(new_group_kwargs(), {"creationflags": 0x00000200})
            self.assertEqual(new_group_kwargs(**hidden_kwargs()), {"creationflags": 0x08000200})
        else:
            self.assertEqual(hidden_kwargs(), {})
            self.assertEqual(hidden_kwargs(0x4000), {})
            self.assertEqual(new_group_kwargs(), {"start_new_session": True})
            self.assertEqual(new_group_kwargs(**hidden_kwargs()), {"start_new_session": True})

    def test_subprocess_takes_them(self) -> None:
        for kwargs in (hidden_kwargs(), new_group_kwargs(), new_group_kwargs(**hidden_kwargs())):
            with self.subTest(kwargs):
                result = subprocess.run([cases.PYTHON, "-c", "raise SystemExit(5)"], **kwargs)
                self.assertEqual(result.returncode, 5)
