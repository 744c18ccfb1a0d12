"""Who ends with `kill_tree`, and who does not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, List, Optional, Tuple
from unittest import mock

import cases
import footgun_runtime
import jobs
from footgun_runtime import kill_tree, new_group_kwargs, popen_detached

KILLED = 1 if cases.WINDOWS else -9


class World:
    """The system that a case of the table makes up. A handle is a process."""

    def __init__(self, case: Dict[str, Any]) -> None:
        self.own = case.get("caller", 0)
        self.processes = [dict(process) for process in case["processes"]]
        self.events = case.get("then", [])
        self.job_ends = case.get("job_ends", True)
        self.looks = 0

    def running(self) -> List[Dict[str, Any]]:
        return [process for process in self.processes if not process.get("ended")]

    def list(self) -> List[Tuple[int, int]]:
        listed = [(process["pid"], process["parent"]) for process in self.running()]
        self.looks += 1
        for event in self.events:
            if event["look"] == self.looks:
                for process in self.running():
                    process["ended"] = process["pid"] in event.get("ends", [])
                for process in event.get("starts", []):
                    self.start(dict(process))
                if event.get("fails"):
                    raise OSError("as the table has it")
        return listed

    def start(self, process: Dict[str, Any]) -> None:
        for parent in self.running():
            if parent["pid"] == process["parent"]:
                process["in_job"] = parent.get("in_job")
                break
        else:
            # The dead start nothing; who is not in this world does as he likes.
            if any(other["pid"] == process["parent"] for other in self.processes):
                return
        self.processes.append(process)

    def open(self, pid: int) -> Tuple[Dict[str, Any], Optional[OSError]]:
        for process in reversed(self.processes):
            if process["pid"] == pid:
                opens = process.get("opens", "fully")
                if opens == "never":
                    raise PermissionError
                return process, {"fully": None, "to-look": PermissionError()}[opens]
        raise ProcessLookupError

    def birth(self, process: Dict[str, Any]) -> Tuple[int, int]:
        if not process.get("tells_birth", True):
            raise OSError("as the table has it")
        return process["parent"], process["created"]

    def runs(self, process: Dict[str, Any]) -> bool:
        return not process.get("ended")

    def put_into_job(self, process: Dict[str, Any]) -> bool:
        process["in_job"] = process.get("job") != "refused" and self.runs(process)
        return bool(process["in_job"])

    def end_job(self) -> None:
        if not self.job_ends:
            raise OSError("as the table has it")
        for process in self.processes:
            process["ended"] = process.get("ended") or process.get("in_job")

    def end(self, process: Dict[str, Any]) -> None:
        process["ended"] = True

    def wait(self, process: Dict[str, Any]) -> None:
        assert process.get("ended") or not self.job_ends, "nobody waits for ever"


class Table(unittest.TestCase):
    def test_trees(self) -> None:
        for case in cases.table("tree"):
            with self.subTest(case["name"]):
                world, outcome = World(case), "ok"
                try:
                    footgun_runtime._end_tree(world, case["root"])
                except ProcessLookupError:
                    outcome = "no-such-process"
                except PermissionError:
                    outcome = "permission-denied"
                except OSError:
                    outcome = "error"
                survivors = sorted(process["pid"] for process in world.running())
                self.assertEqual((survivors, outcome), (case["survivors"], case["outcome"]))


class Tree(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def heartbeat(self, name: str) -> cases.Heartbeat:
        return cases.Heartbeat(os.path.join(self.folder, name))

    def test_descendants_end_and_others_do_not(self) -> None:
        root, child, grandchild, other = map(self.heartbeat, "root child grandchild other".split())
        family = cases.program("heartbeat.py", root.path, child.path, grandchild.path)
        with popen_detached(family) as process:
            with popen_detached(cases.program("heartbeat.py", other.path)) as stranger:
                for heartbeat in (root, child, grandchild, other):
                    heartbeat.wait_for_more()
                kill_tree(process.pid)
                self.assertEqual(process.wait(cases.PATIENCE), KILLED)
                for heartbeat in (root, child, grandchild):
                    heartbeat.wait_for_end()
                other.wait_for_more()
                kill_tree(stranger.pid)
                self.assertEqual(stranger.wait(cases.PATIENCE), KILLED)

    def test_the_children_of_one_that_has_ended(self) -> None:
        child = self.heartbeat("child")
        code = "import subprocess, sys; subprocess.Popen(sys.argv[1:])"
        command = cases.program("heartbeat.py", child.path)
        process = subprocess.Popen([cases.PYTHON, "-c", code, *command], **new_group_kwargs())
        child.wait_for_more()
        if sys.platform == "win32":
            self.assertEqual(process.wait(), 0)
        else:
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        child.wait_for_more()
        kill_tree(process.pid)
        child.wait_for_end()
        self.assertEqual(process.wait(), 0)

    def test_one_that_has_ended_alone(self) -> None:
        process = subprocess.Popen([cases.PYTHON, "-c", ""], **new_group_kwargs())
        self.assertEqual(process.wait(), 0)
        with self.assertRaises(ProcessLookupError):
            kill_tree(process.pid)

    @unittest.skipUnless(cases.WINDOWS, "a group is signalled as a whole")
    def test_one_that_may_not_be_terminated(self) -> None:
        assert sys.platform == "win32"
        root, child = self.heartbeat("root"), self.heartbeat("child")
        with popen_detached(cases.program("heartbeat.py", root.path, child.path)) as process:
            child.wait_for_more()
            forbidden = jobs.ForbiddenProcess(child.pid())
            with self.assertRaises(PermissionError):
                kill_tree(process.pid)
            self.assertEqual(process.wait(cases.PATIENCE), KILLED)
            child.wait_for_more()
            forbidden.terminate()
            child.wait_for_end()

    @unittest.skipUnless(cases.WINDOWS, "a group is signalled as a whole")
    def test_what_is_below_one_that_may_not_be_terminated(self) -> None:
        assert sys.platform == "win32"
        root, child, grandchild = map(self.heartbeat, ("root", "child", "grandchild"))
        family = cases.program("heartbeat.py", root.path, child.path, grandchild.path)
        with popen_detached(family) as process:
            grandchild.wait_for_more()
            child.wait_for_more()
            forbidden = jobs.ForbiddenProcess(child.pid())
            with self.assertRaises(PermissionError):
                kill_tree(process.pid)
            grandchild.wait_for_end()
            child.wait_for_more()
            forbidden.terminate()
            child.wait_for_end()

    @unittest.skipIf(cases.WINDOWS, "there are no groups on Windows")
    def test_groups(self) -> None:
        for case in cases.table("group"):
            kwargs = new_group_kwargs() if case["process"] == "leader" else {}
            name = case["process"]
            root, child = self.heartbeat(name), self.heartbeat(name + "-child")
            family = cases.program("heartbeat.py", root.path, child.path)
            with self.subTest(case["name"]), subprocess.Popen(family, **kwargs) as process:
                root.wait_for_more()
                child.wait_for_more()
                self.assertEqual(kill_tree(process.pid), case["killed"])
                self.assertEqual(process.wait(cases.PATIENCE), KILLED)
                if case["child"]:
                    child.wait_for_more()
                    kill_tree(child.pid())
                child.wait_for_end()

    def test_the_caller_ends_with_its_children(self) -> None:
        child = self.heartbeat("child")
        code = (
            "import os, subprocess, sys, footgun_runtime; subprocess.Popen(sys.argv[1:]);"
            "input(); footgun_runtime.kill_tree(os.getpid())"
        )
        command = [cases.PYTHON, "-c", code, *cases.program("heartbeat.py", child.path)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, env=cases.environment(), **new_group_kwargs()
        ) as process:
            child.wait_for_more()
            process.communicate(b"\n")
        self.assertEqual(process.returncode, KILLED)
        child.wait_for_end()

    def test_nobody(self) -> None:
        with self.assertRaises(ProcessLookupError):
            kill_tree(0x7FFFFFFC)

    def test_numbers_that_mean_more_than_one_tree(self) -> None:
        with mock.patch("os.killpg", create=True) as killpg:
            for pid in (1, 0, -1, -77):
                with self.subTest(pid), self.assertRaises(ValueError):
                    kill_tree(pid)
            killpg.assert_not_called()

    @unittest.skipIf(cases.WINDOWS, "the original call is made off Windows")
    def test_the_original_call(self) -> None:
        number: Any = getattr(signal, "SIGKILL", None)
        with mock.patch("os.killpg", create=True) as killpg:
            kill_tree(77)
            killpg.assert_called_once_with(77, number)
